-- What a package of cmi5 or xAPI said of a learner, each statement as it came, as JSON (CO-1).
CREATE TABLE package_statements (
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	id TEXT NOT NULL,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	item TEXT NOT NULL,
	body TEXT NOT NULL,
	stored_at BIGINT NOT NULL,
	PRIMARY KEY (enrolment_id, assessment_id, id)
);
CREATE INDEX package_statements_assessment ON package_statements (assessment_id);
CREATE INDEX package_statements_portal ON package_statements (portal_id);
