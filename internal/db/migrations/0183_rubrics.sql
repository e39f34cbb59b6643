-- How a work is judged, as text: a criterion a line, and below it its levels, each with its points. What was chosen for a learner is
-- kept as it was then, as JSON.
ALTER TABLE assessments ADD COLUMN rubric TEXT NOT NULL DEFAULT '';
ALTER TABLE results ADD COLUMN marks TEXT NOT NULL DEFAULT '';
