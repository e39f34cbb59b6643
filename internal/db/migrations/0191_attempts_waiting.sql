-- An attempt that was handed in, or scored anew, waits until its score and its learner's result are brought up to it (CO-1).
ALTER TABLE quiz_attempts ADD COLUMN waits BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX quiz_attempts_waiting ON quiz_attempts (assessment_id, id) WHERE waits;
