-- While a course is copied (CO-1): which new row each old one becomes. It is empty whenever nothing is being copied.
CREATE TABLE course_copying (
	course_id BIGINT NOT NULL REFERENCES courses (id),
	old_id BIGINT NOT NULL,
	new_id BIGINT NOT NULL,
	PRIMARY KEY (course_id, old_id)
);
