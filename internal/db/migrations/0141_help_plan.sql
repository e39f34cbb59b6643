-- What a portal's administrators wrote into the Help center.

CREATE TABLE help_pages (
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	item TEXT NOT NULL,
	body TEXT NOT NULL,
	changed_at BIGINT NOT NULL,
	changed_by BIGINT NOT NULL,
	PRIMARY KEY (portal_id, item)
);

-- What a portal may use; limits are a JSON object. Without a row there is no limit.
CREATE TABLE plans (
	portal_id BIGINT PRIMARY KEY REFERENCES portals (id),
	name TEXT NOT NULL,
	limits TEXT NOT NULL,
	paid_until BIGINT NOT NULL,
	set_at BIGINT NOT NULL
);

-- What lies in each organization and below it, counted now and then.
CREATE TABLE plan_usage (
	org_id BIGINT PRIMARY KEY REFERENCES organizations (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	accounts BIGINT NOT NULL,
	organizations BIGINT NOT NULL,
	teams BIGINT NOT NULL,
	courses BIGINT NOT NULL,
	enrolments BIGINT NOT NULL,
	counted_at BIGINT NOT NULL
);
CREATE INDEX plan_usage_portal ON plan_usage (portal_id);

CREATE TABLE plan_alerts (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	reference TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	raised_at BIGINT NOT NULL,
	raised_by BIGINT NOT NULL,
	settled_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_alerts_reference ON plan_alerts (portal_id, reference) WHERE reference <> '';
CREATE INDEX plan_alerts_org ON plan_alerts (org_id, id);
