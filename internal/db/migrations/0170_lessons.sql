-- What courses are made of (CO-1): sections of lessons, in order, and which lessons each learner has done.

CREATE TABLE course_sections (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	title TEXT NOT NULL,
	position BIGINT NOT NULL
);
CREATE INDEX course_sections_course ON course_sections (course_id, position);

CREATE TABLE lessons (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	section_id BIGINT NOT NULL REFERENCES course_sections (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	video TEXT NOT NULL,
	opens_at BIGINT NOT NULL,
	after_id BIGINT NOT NULL,
	position BIGINT NOT NULL,
	changed_at BIGINT NOT NULL
);
CREATE INDEX lessons_course ON lessons (course_id, section_id, position);

CREATE TABLE lessons_done (
	enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
	lesson_id BIGINT NOT NULL REFERENCES lessons (id),
	done_at BIGINT NOT NULL,
	PRIMARY KEY (enrolment_id, lesson_id)
);
CREATE INDEX lessons_done_lesson ON lessons_done (lesson_id);
