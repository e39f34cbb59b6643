-- Assessments made here stand in a section of their course, in one order with its lessons (CO-1); those that were imported stand
-- in none (section_id 0). Times are 0 for none, attempts 0 for any number.
ALTER TABLE assessments ADD COLUMN section_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN opens_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN closes_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN after_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN body TEXT NOT NULL DEFAULT '';
ALTER TABLE assessments ADD COLUMN points DOUBLE PRECISION NOT NULL DEFAULT 100;
ALTER TABLE assessments ADD COLUMN late_percent DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN grades_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assessments ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
