-- What of courses stands in the catalog (CO-1), and who waits for a seat. Seats is 0 for any number.
ALTER TABLE courses ADD COLUMN listed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE courses ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE courses ADD COLUMN category_key TEXT NOT NULL DEFAULT '';
ALTER TABLE courses ADD COLUMN seats BIGINT NOT NULL DEFAULT 0;
ALTER TABLE courses ADD COLUMN waits BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE courses ADD COLUMN access_code TEXT NOT NULL DEFAULT '';
CREATE INDEX courses_listed ON courses (portal_id, name_key, id) WHERE listed;

CREATE TABLE course_waiting (
	course_id BIGINT NOT NULL REFERENCES courses (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	since BIGINT NOT NULL,
	PRIMARY KEY (course_id, account_id)
);
CREATE INDEX course_waiting_account ON course_waiting (account_id);
CREATE INDEX course_waiting_portal ON course_waiting (portal_id);
