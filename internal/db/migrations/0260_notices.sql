-- What people were told of by mail of what is due for them (CO-1, CO-5): of which day of which work or requirement, and whether as overdue. When the
-- day moves they are told anew. mailed_at is when; 0 where there was nothing for them to read.
CREATE TABLE due_told (
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	thing_id BIGINT NOT NULL,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	due_at BIGINT NOT NULL,
	late BOOLEAN NOT NULL,
	mailed_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, thing_id)
);
CREATE INDEX due_told_due ON due_told (due_at);
CREATE INDEX assessments_due ON assessments (due_at) WHERE section_id <> 0 AND due_at > 0;
INSERT INTO due_told (account_id, thing_id, portal_id, due_at, late, mailed_at)
	SELECT account_id, requirement_id, portal_id, CASE WHEN late_told_at > 0 THEN late_told_at ELSE told_at END, late_told_at > 0, 0 FROM requirement_people WHERE told_at > 0 OR late_told_at > 0;
-- Who wants no such mail, nor that something of theirs was graded.
ALTER TABLE accounts ADD COLUMN mail_off BOOLEAN NOT NULL DEFAULT FALSE;
-- told_at is which grading its learner was told of: its graded_at.
ALTER TABLE results ADD COLUMN told_at BIGINT NOT NULL DEFAULT 0;
UPDATE results SET told_at = graded_at WHERE graded_at > 0;
CREATE INDEX results_untold ON results (graded_at) WHERE graded_at > told_at;
