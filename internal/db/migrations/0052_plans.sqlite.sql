-- SQLite plans by rules of thumb where a table was never analysed, and takes any index that begins with the portal for a
-- good one. These are the shapes of a large portal, so that plans are made for it from the first row on: how many rows
-- there are, and how many share each further column of the index.
ANALYZE enrolments;
DELETE FROM sqlite_stat1 WHERE tbl IN ('enrolments', 'results', 'courses');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('enrolments', 'enrolments_once', '3000000 3000 1'),
	('enrolments', 'enrolments_account', '3000000 3'),
	('enrolments', 'enrolments_course', '3000000 3000 1 1'),
	('enrolments', 'enrolments_learner', '3000000 3000000 3 1'),
	('enrolments', 'enrolments_org', '3000000 7000 10'),
	('enrolments', 'enrolments_active', '3000000 3000000 3'),
	('results', 'results_once', '20000000 2000 1'),
	('results', 'results_enrolment', '20000000 7'),
	('results', 'results_account', '20000000 20 1'),
	('results', 'results_submitted', '20000000 20000000 2'),
	('courses', 'courses_code', '1000 1000 1'),
	('courses', 'courses_name', '1000 1000 1 1'),
	('courses', 'courses_org', '1000 3');
ANALYZE sqlite_schema;
