-- When a grant was last used: noted in memory, written at intervals, once a day at most.
CREATE TABLE grant_uses (
	grant_id BIGINT PRIMARY KEY REFERENCES grants (id),
	used_at BIGINT NOT NULL
);

-- Whom it was told that a grant, or a policy, is about to end: each once.
CREATE TABLE end_notices (
	about_id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	told_at BIGINT NOT NULL
);

-- A review of access, of the portal (its root organization) or of one organization and what is below it.
CREATE TABLE access_reviews (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	begun_by BIGINT NOT NULL,
	begun_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	done_at BIGINT NOT NULL,
	reminded_at BIGINT NOT NULL
);
CREATE INDEX access_reviews_portal ON access_reviews (portal_id, id);
CREATE INDEX access_reviews_open ON access_reviews (due_at) WHERE done_at = 0;

-- What it looks at: a grant, or, of a policy's, the first that somebody has by it.
CREATE TABLE access_review_items (
	review_id BIGINT NOT NULL REFERENCES access_reviews (id),
	grant_id BIGINT NOT NULL REFERENCES grants (id),
	decision TEXT NOT NULL,
	decided_by BIGINT NOT NULL,
	decided_at BIGINT NOT NULL,
	PRIMARY KEY (review_id, grant_id)
);
