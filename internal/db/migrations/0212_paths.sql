-- Learning paths (CO-2): goals in order, each a course to complete or a certificate to hold. Who administers and who learns in a path are
-- grants at it; path_learners keeps who is, or was, in it. Open paths are for whoever is in their organization, or below it, to enrol in.

CREATE TABLE paths (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	about TEXT NOT NULL,
	in_order BOOLEAN NOT NULL,
	is_open BOOLEAN NOT NULL,
	archived_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX paths_name ON paths (portal_id, name_key, id);
CREATE INDEX paths_org ON paths (org_id);

CREATE TABLE path_goals (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	path_id BIGINT NOT NULL REFERENCES paths (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	kind TEXT NOT NULL,
	position BIGINT NOT NULL,
	after_days BIGINT NOT NULL
);
CREATE INDEX path_goals_path ON path_goals (path_id, position);
CREATE INDEX path_goals_course ON path_goals (course_id);

CREATE TABLE path_learners (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	path_id BIGINT NOT NULL REFERENCES paths (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	is_open BOOLEAN NOT NULL,
	enrolled_at BIGINT NOT NULL,
	completed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX path_learners_one ON path_learners (path_id, account_id);
CREATE INDEX path_learners_account ON path_learners (account_id);
