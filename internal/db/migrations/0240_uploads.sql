-- Lessons that come as a table and an archive (CA-1): what somebody sent, until a day later. The bytes of both are kept for that day
-- as those of any file that nothing refers to. made says which course came of each code, as JSON.
CREATE TABLE uploads (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	course_id BIGINT NOT NULL,
	org_id BIGINT NOT NULL,
	table_name TEXT NOT NULL,
	table_hash TEXT NOT NULL,
	archive_name TEXT NOT NULL,
	archive_hash TEXT NOT NULL,
	made TEXT NOT NULL,
	added_at BIGINT NOT NULL
);
CREATE INDEX uploads_account ON uploads (account_id, added_at);
CREATE INDEX uploads_portal ON uploads (portal_id);
