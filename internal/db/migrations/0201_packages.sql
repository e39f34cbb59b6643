-- Packages of learning content, SCORM, cmi5 and xAPI (CO-1): an assessment of the kind 'package' plays one. Its archive is the file
-- that the assessment holds as a 'package'; `items` is what a learner goes through in it, as JSON.
CREATE TABLE packages (
	assessment_id BIGINT PRIMARY KEY REFERENCES assessments (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	standard TEXT NOT NULL,
	title TEXT NOT NULL,
	items TEXT NOT NULL,
	hash TEXT NOT NULL,
	added_at BIGINT NOT NULL
);
CREATE INDEX packages_portal ON packages (portal_id);

-- How far a learner has come in an item, and what the item keeps for them: `data` is JSON, as the standard has it. `score` is in
-- percent.
CREATE TABLE package_states (
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	assessment_id BIGINT NOT NULL REFERENCES assessments (id),
	item TEXT NOT NULL,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	data TEXT NOT NULL,
	done BOOLEAN NOT NULL,
	score DOUBLE PRECISION,
	saved_at BIGINT NOT NULL,
	PRIMARY KEY (enrolment_id, assessment_id, item)
);
CREATE INDEX package_states_assessment ON package_states (assessment_id);
CREATE INDEX package_states_portal ON package_states (portal_id);
