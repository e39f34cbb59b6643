-- What is discussed in a course, and announced to it (CO-1). The first post of a thread is its opening; last_at is when its last one came.
CREATE TABLE course_threads (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	course_id BIGINT NOT NULL REFERENCES courses (id),
	author_id BIGINT NOT NULL REFERENCES accounts (id),
	title TEXT NOT NULL,
	announcement BOOLEAN NOT NULL,
	closed BOOLEAN NOT NULL,
	posts BIGINT NOT NULL,
	last_at BIGINT NOT NULL
);
CREATE INDEX course_threads_course ON course_threads (course_id, last_at, id);
CREATE INDEX course_threads_author ON course_threads (author_id);
CREATE INDEX course_threads_portal ON course_threads (portal_id);

CREATE TABLE course_posts (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	thread_id BIGINT NOT NULL REFERENCES course_threads (id),
	author_id BIGINT NOT NULL REFERENCES accounts (id),
	body TEXT NOT NULL,
	made_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	hidden BOOLEAN NOT NULL
);
CREATE INDEX course_posts_thread ON course_posts (thread_id, id);
CREATE INDEX course_posts_author ON course_posts (author_id);
CREATE INDEX course_posts_portal ON course_posts (portal_id);
