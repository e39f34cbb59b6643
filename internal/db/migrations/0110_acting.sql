-- Log in as (CO-4): the session in which one acts as another hangs on one's own, and the person is told of each.
ALTER TABLE sessions ADD COLUMN parent_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sessions_parent ON sessions (parent_id) WHERE parent_id <> 0;
CREATE INDEX sessions_acting ON sessions (seen_at) WHERE kind = 'acting';

CREATE TABLE actings (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	behind_id BIGINT NOT NULL REFERENCES accounts (id),
	behind_name TEXT NOT NULL,
	reason TEXT NOT NULL,
	began_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL
);
CREATE INDEX actings_account ON actings (account_id, began_at);
CREATE INDEX actings_began ON actings (began_at);
