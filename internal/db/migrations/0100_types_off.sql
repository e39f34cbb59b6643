-- The account types that are switched off in a portal, since when and until when, by whom: while one is, its grants hold nothing.

CREATE TABLE types_off (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	role TEXT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	begun_by BIGINT NOT NULL,
	ended_by BIGINT NOT NULL
);
CREATE UNIQUE INDEX types_off_open ON types_off (portal_id, role) WHERE until = 9223372036854775807;
CREATE INDEX types_off_portal ON types_off (portal_id, until);
