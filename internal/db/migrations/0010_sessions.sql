-- What signing in needs beside sessions: how often it failed, and the links that set a new password.

CREATE TABLE attempts (
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	subject TEXT NOT NULL,
	failed BIGINT NOT NULL,
	since BIGINT NOT NULL,
	PRIMARY KEY (portal_id, subject)
);
CREATE INDEX attempts_since ON attempts (since);

CREATE TABLE password_resets (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	hash TEXT NOT NULL UNIQUE,
	created_at BIGINT NOT NULL,
	until BIGINT NOT NULL
);
CREATE INDEX password_resets_account ON password_resets (account_id);

-- Keys that every node signs short-lived tokens with.
CREATE TABLE signing_keys (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
);
