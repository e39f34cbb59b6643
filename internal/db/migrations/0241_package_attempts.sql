-- What learners reached in a package before they started it again (CO-1): `items` is how far each of its items was, as JSON. What the
-- items kept to go on from is forgotten.
CREATE TABLE package_attempts (
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	number BIGINT NOT NULL,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	items TEXT NOT NULL,
	ended_at BIGINT NOT NULL,
	by_id BIGINT NOT NULL,
	PRIMARY KEY (enrolment_id, assessment_id, number)
);
CREATE INDEX package_attempts_assessment ON package_attempts (assessment_id);
CREATE INDEX package_attempts_portal ON package_attempts (portal_id);
