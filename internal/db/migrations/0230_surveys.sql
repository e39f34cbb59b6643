-- Surveys (CO-1): assessments that ask learners what they think, and are not graded.
ALTER TABLE assessments ADD COLUMN survey BOOLEAN NOT NULL DEFAULT false;

-- answered is how often it was answered, shown of how many of these the answers are shown, where it is anonymous.
CREATE TABLE surveys (
	assessment_id BIGINT PRIMARY KEY REFERENCES assessments (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	anonymous BOOLEAN NOT NULL,
	answered BIGINT NOT NULL,
	shown BIGINT NOT NULL
);

-- What was answered: a text, or one of the choices that were ticked. The id is drawn by lot and there is no time, so that neither tells
-- when it was written; enrolment_id is 0 in an anonymous survey. Who answered is in results.
CREATE TABLE survey_answers (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	question_id BIGINT NOT NULL REFERENCES questions (id),
	enrolment_id BIGINT NOT NULL,
	answer TEXT NOT NULL,
	shown BOOLEAN NOT NULL
);
CREATE INDEX survey_answers_question ON survey_answers (assessment_id, question_id, id);
CREATE INDEX survey_answers_waiting ON survey_answers (assessment_id) WHERE NOT shown;
CREATE INDEX survey_answers_enrolment ON survey_answers (enrolment_id, assessment_id);
CREATE INDEX survey_answers_portal ON survey_answers (portal_id);
