-- Invitations to the portal (LM-13): pending until they are accepted, withdrawn, or their time has ended.
CREATE TABLE invitations (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	email TEXT NOT NULL,
	email_key TEXT NOT NULL,
	name TEXT NOT NULL,
	types TEXT NOT NULL,
	team_id BIGINT REFERENCES teams (id),
	course_id BIGINT REFERENCES courses (id),
	hash TEXT NOT NULL UNIQUE,
	invited_by BIGINT NOT NULL REFERENCES accounts (id),
	created_at BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	until BIGINT NOT NULL,
	accepted_at BIGINT NOT NULL,
	withdrawn_at BIGINT NOT NULL,
	account_id BIGINT REFERENCES accounts (id)
);
CREATE UNIQUE INDEX invitations_pending ON invitations (portal_id, email_key) WHERE accepted_at = 0 AND withdrawn_at = 0;
CREATE INDEX invitations_email ON invitations (portal_id, email_key, id);
CREATE INDEX invitations_org ON invitations (org_id);
