-- Certificates of completed courses (CO-1). A course gives none, one to each who completes it, or those that staff give; they count
-- for so many days, 0 for ever. An enrolment may have several, one for each completion. Whoever has the code may see that it counts.

ALTER TABLE courses ADD COLUMN certificate TEXT NOT NULL DEFAULT 'none';
ALTER TABLE courses ADD COLUMN certificate_days BIGINT NOT NULL DEFAULT 0;

CREATE TABLE certificates (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	code TEXT NOT NULL,
	completed_at BIGINT NOT NULL,
	given_at BIGINT NOT NULL,
	given_by BIGINT NOT NULL,
	until BIGINT NOT NULL,
	revoked_at BIGINT NOT NULL,
	revoked_by BIGINT NOT NULL,
	reason TEXT NOT NULL
);
CREATE UNIQUE INDEX certificates_code ON certificates (portal_id, code);
CREATE INDEX certificates_enrolment ON certificates (enrolment_id, given_at);
