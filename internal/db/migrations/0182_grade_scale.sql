-- The letters that a course's scores are shown as: "A 90" a line, the highest first; empty for none.
ALTER TABLE courses ADD COLUMN grade_scale TEXT NOT NULL DEFAULT '';
