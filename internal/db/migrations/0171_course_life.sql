-- How a course stands (CO-1): archived, deleted, or a template to make courses of (CA-1); and what its learners may not do in it (LE-2).

ALTER TABLE courses ADD COLUMN archived_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE courses ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE courses ADD COLUMN template BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX courses_special ON courses (portal_id) WHERE archived_at <> 0 OR template;

CREATE INDEX courses_deleted ON courses (deleted_at) WHERE deleted_at <> 0;

-- The code of a course that is deleted can be given again.
DROP INDEX courses_code;
CREATE UNIQUE INDEX courses_code ON courses (portal_id, code) WHERE deleted_at = 0;

CREATE TABLE course_closed (
	course_id BIGINT NOT NULL REFERENCES courses (id),
	permission TEXT NOT NULL,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	PRIMARY KEY (course_id, permission, until)
);
CREATE INDEX course_closed_portal ON course_closed (portal_id);
