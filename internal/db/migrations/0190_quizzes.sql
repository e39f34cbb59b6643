-- Quizzes (CO-1): assessments that ask questions. Minutes is 0 for no limit; pools is JSON: how many are drawn of each.
CREATE TABLE quizzes (
	assessment_id BIGINT PRIMARY KEY REFERENCES assessments (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	minutes BIGINT NOT NULL,
	counts TEXT NOT NULL,
	shuffled BOOLEAN NOT NULL,
	choices_shuffled BOOLEAN NOT NULL,
	reveals TEXT NOT NULL,
	pools TEXT NOT NULL
);

-- key is what can be answered, and what is right, as JSON.
CREATE TABLE questions (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	position BIGINT NOT NULL,
	kind TEXT NOT NULL,
	prompt TEXT NOT NULL,
	points DOUBLE PRECISION NOT NULL,
	feedback TEXT NOT NULL,
	pool TEXT NOT NULL,
	key TEXT NOT NULL
);
CREATE INDEX questions_assessment ON questions (assessment_id, position);

-- asked are the questions of the attempt, in order, answers what was saved for each; given is a score that somebody set by hand.
CREATE TABLE quiz_attempts (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	number BIGINT NOT NULL,
	seed BIGINT NOT NULL,
	asked TEXT NOT NULL,
	answers TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	until BIGINT NOT NULL,
	saved_at BIGINT NOT NULL,
	submitted_at BIGINT NOT NULL,
	score DOUBLE PRECISION,
	given DOUBLE PRECISION
);
CREATE UNIQUE INDEX quiz_attempts_once ON quiz_attempts (assessment_id, enrolment_id, number);
CREATE UNIQUE INDEX quiz_attempts_open ON quiz_attempts (assessment_id, enrolment_id) WHERE submitted_at = 0;
CREATE INDEX quiz_attempts_enrolment ON quiz_attempts (enrolment_id);
CREATE INDEX quiz_attempts_due ON quiz_attempts (until) WHERE submitted_at = 0;
