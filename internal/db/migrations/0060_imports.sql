-- What an import keeps of a person besides what every account has: an object of texts, as JSON.
ALTER TABLE accounts ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';

-- How the columns of files become records, remembered by name (CO-4).
CREATE TABLE import_mappings (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	mapping TEXT NOT NULL,
	saved_by BIGINT NOT NULL,
	saved_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX import_mappings_name ON import_mappings (portal_id, name_key);

-- Imports that run, and what came of them. While a file is taken, its progress is in the memory of the node that takes it.
CREATE TABLE imports (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT NOT NULL,
	by_name TEXT NOT NULL,
	name TEXT NOT NULL,
	dry BOOLEAN NOT NULL,
	state TEXT NOT NULL,
	step BIGINT NOT NULL,
	steps BIGINT NOT NULL,
	rows_done BIGINT NOT NULL,
	rows_total BIGINT NOT NULL,
	result TEXT NOT NULL,
	problem TEXT NOT NULL,
	node TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	ended_at BIGINT NOT NULL
);
CREATE INDEX imports_portal ON imports (portal_id, id);
CREATE INDEX imports_running ON imports (state) WHERE state = 'running';
