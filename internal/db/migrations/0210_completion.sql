-- When a course is completed (CO-5): by which rule, and from which score.

ALTER TABLE courses ADD COLUMN completion TEXT NOT NULL DEFAULT 'work';
ALTER TABLE courses ADD COLUMN pass_score DOUBLE PRECISION NOT NULL DEFAULT 50;
