-- Networks (NA-1): the portal that runs one, the portals that joined it, and who visits them. What refers to another portal's row
-- is no foreign key, since each portal is taken away by itself.
CREATE TABLE networks (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	password TEXT NOT NULL,
	password_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX networks_name ON networks (portal_id, name_key) WHERE ended_at = 0;

CREATE TABLE network_portals (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	network_id BIGINT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL
);
CREATE UNIQUE INDEX network_portals_once ON network_portals (network_id, portal_id) WHERE until = 9223372036854775807;
CREATE INDEX network_portals_portal ON network_portals (portal_id, until);

-- An account that is somebody's of another portal, who visits by a network; it is archived from the first.
CREATE TABLE network_visitors (
	account_id BIGINT PRIMARY KEY REFERENCES accounts (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	network_id BIGINT NOT NULL,
	home_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL
);
CREATE UNIQUE INDEX network_visitors_once ON network_visitors (portal_id, network_id, person_id);
CREATE INDEX network_visitors_person ON network_visitors (network_id, person_id);

CREATE TABLE visits (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	network_name TEXT NOT NULL,
	home_name TEXT NOT NULL,
	person_name TEXT NOT NULL,
	reason TEXT NOT NULL,
	began_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL
);
CREATE INDEX visits_portal ON visits (portal_id, began_at);
CREATE INDEX visits_began ON visits (began_at);

-- Failures to join are counted for a network too, whichever portals they come from.
CREATE INDEX attempts_subject ON attempts (subject);
