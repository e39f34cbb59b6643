-- Who asked whom to be friends, and what came of it. Friends are grants at each other; a request is over once it is answered.

CREATE TABLE friend_requests (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	from_id BIGINT NOT NULL REFERENCES accounts (id),
	to_id BIGINT NOT NULL REFERENCES accounts (id),
	asked_at BIGINT NOT NULL,
	answered_at BIGINT NOT NULL,
	accepted BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX friend_requests_open ON friend_requests (from_id, to_id) WHERE answered_at = 0;
CREATE INDEX friend_requests_to ON friend_requests (to_id, answered_at);
