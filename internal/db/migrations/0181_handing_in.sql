-- What learners hand in, and how it is graded (CO-1). A submission of submitted_at 0 is a draft; there is one row for each attempt.
CREATE TABLE submissions (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	attempt BIGINT NOT NULL,
	body TEXT NOT NULL,
	saved_at BIGINT NOT NULL,
	submitted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX submissions_once ON submissions (enrolment_id, assessment_id, attempt);
CREATE INDEX submissions_assessment ON submissions (assessment_id);
CREATE INDEX submissions_portal ON submissions (portal_id);

-- `given` is what a person gave, in percent of the points, before what being late takes off; NULL where nobody did, as for what is
-- imported. `given_for` is when what was graded had been handed in. `score` is what counts and is shown, so that it is NULL while
-- grades are held back. `waits_at` is since when something waits to be graded; 0 for nothing.
ALTER TABLE results ADD COLUMN given DOUBLE PRECISION;
ALTER TABLE results ADD COLUMN given_for BIGINT NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN excused BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE results ADD COLUMN feedback TEXT NOT NULL DEFAULT '';
ALTER TABLE results ADD COLUMN graded_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN graded_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE results ADD COLUMN waits_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX results_waiting ON results (portal_id, waits_at, id) WHERE waits_at > 0;

-- Some of its grades are held back until grades_at.
ALTER TABLE assessments ADD COLUMN held BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX assessments_held ON assessments (grades_at) WHERE held;
