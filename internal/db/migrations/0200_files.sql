-- Files that something holds (CO-1): a lesson, an assessment, a submission, a course. Their bytes lie in a folder, under their hash.

CREATE TABLE files (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	holder_kind TEXT NOT NULL,
	holder_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	alt TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	hash TEXT NOT NULL,
	by_id BIGINT NOT NULL,
	added_at BIGINT NOT NULL,
	UNIQUE (holder_kind, holder_id, name)
);
CREATE INDEX files_hash ON files (hash);
CREATE INDEX files_portal ON files (portal_id);
