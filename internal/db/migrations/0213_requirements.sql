-- Compliance (CO-5): courses that are required of people: of an organization and those below it, narrowed to a team of it or to an account type.
-- requirement_people keeps of whom each is required, since when, when they last did it, and of which day they were reminded.

ALTER TABLE enrolments ADD COLUMN renewed_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE requirements (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	team_id BIGINT NOT NULL,
	role TEXT NOT NULL,
	due_days BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	valid_days BIGINT NOT NULL,
	remind_days BIGINT NOT NULL,
	until BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX requirements_portal ON requirements (portal_id, until);
CREATE INDEX requirements_course ON requirements (course_id);
CREATE INDEX requirements_org ON requirements (org_id);

CREATE TABLE requirement_people (
	requirement_id BIGINT NOT NULL REFERENCES requirements (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	since BIGINT NOT NULL,
	done_at BIGINT NOT NULL,
	told_at BIGINT NOT NULL,
	late_told_at BIGINT NOT NULL,
	PRIMARY KEY (requirement_id, account_id)
);
CREATE INDEX requirement_people_account ON requirement_people (account_id);
