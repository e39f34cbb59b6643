-- Courses, enrolments, assessments and results, as the records that reports need, and the totals kept over them.

ALTER TABLE courses ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE courses ADD COLUMN module TEXT NOT NULL DEFAULT '';

-- One row for a learner in a course, for ever: who comes back has it opened again, under a new grant.
CREATE TABLE enrolments (
	id BIGINT PRIMARY KEY,
	grant_id BIGINT NOT NULL REFERENCES grants (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	learner_key TEXT NOT NULL,
	is_open BOOLEAN NOT NULL,
	status TEXT NOT NULL,
	outcome TEXT NOT NULL,
	progress DOUBLE PRECISION NOT NULL,
	score DOUBLE PRECISION,
	works_done BIGINT NOT NULL,
	enrolled_at BIGINT NOT NULL,
	completed_at BIGINT NOT NULL,
	withdrawn_at BIGINT NOT NULL,
	last_active_at BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	credits BIGINT NOT NULL,
	attributes TEXT NOT NULL
);
CREATE UNIQUE INDEX enrolments_once ON enrolments (course_id, account_id);
CREATE INDEX enrolments_account ON enrolments (account_id);
CREATE INDEX enrolments_course ON enrolments (course_id, learner_key, id);
CREATE INDEX enrolments_learner ON enrolments (portal_id, learner_key, id);
CREATE INDEX enrolments_org ON enrolments (org_id, course_id);
CREATE INDEX enrolments_active ON enrolments (portal_id, last_active_at);

CREATE TABLE assessments (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	code TEXT NOT NULL,
	title TEXT NOT NULL,
	kind TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	weight DOUBLE PRECISION NOT NULL
);
CREATE UNIQUE INDEX assessments_code ON assessments (course_id, code);
CREATE INDEX assessments_portal ON assessments (portal_id, code);

CREATE TABLE results (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	submitted_at BIGINT NOT NULL,
	score DOUBLE PRECISION,
	banked BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX results_once ON results (assessment_id, account_id);
CREATE INDEX results_enrolment ON results (enrolment_id);
CREATE INDEX results_account ON results (account_id, submitted_at);
CREATE INDEX results_submitted ON results (portal_id, submitted_at);

CREATE TABLE materials (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	code TEXT NOT NULL,
	kind TEXT NOT NULL,
	week_from BIGINT,
	week_to BIGINT
);
CREATE UNIQUE INDEX materials_code ON materials (course_id, code);
CREATE INDEX materials_portal ON materials (portal_id, code);

-- What is kept of a person over all their enrolments, so that people are counted once in totals over all courses.
CREATE TABLE learners (
	account_id BIGINT PRIMARY KEY REFERENCES accounts (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	enrolments BIGINT NOT NULL,
	last_active_at BIGINT NOT NULL
);
CREATE INDEX learners_org ON learners (org_id, last_active_at);

-- Totals by organization and course (0: all courses) for each day, each month, and all time; see store/figure.go.
CREATE TABLE figures (
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	grain TEXT NOT NULL,
	course_id BIGINT NOT NULL,
	bucket BIGINT NOT NULL,
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	enrolled BIGINT NOT NULL,
	completed BIGINT NOT NULL,
	failed BIGINT NOT NULL,
	withdrawn BIGINT NOT NULL,
	submissions BIGINT NOT NULL,
	banked BIGINT NOT NULL,
	active BIGINT NOT NULL,
	learners BIGINT NOT NULL,
	enrolled_completed BIGINT NOT NULL,
	enrolled_failed BIGINT NOT NULL,
	enrolled_withdrawn BIGINT NOT NULL,
	enrolled_progress BIGINT NOT NULL,
	enrolled_scored BIGINT NOT NULL,
	enrolled_score BIGINT NOT NULL,
	PRIMARY KEY (portal_id, grain, course_id, bucket, org_id)
);
CREATE INDEX figures_bucket ON figures (portal_id, grain, bucket, course_id, org_id);
