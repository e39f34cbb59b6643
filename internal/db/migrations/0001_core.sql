-- Portals, their tree of organizations, accounts, and the grants that decide everything.

CREATE TABLE portals (
	id BIGINT PRIMARY KEY,
	name TEXT NOT NULL,
	host TEXT NOT NULL UNIQUE,
	created_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	settings TEXT NOT NULL
);

CREATE TABLE organizations (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	parent_id BIGINT REFERENCES organizations (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	code TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organizations_name ON organizations (portal_id, parent_id, name_key);
CREATE UNIQUE INDEX organizations_code ON organizations (portal_id, code) WHERE code <> '';
CREATE UNIQUE INDEX organizations_root ON organizations (portal_id) WHERE parent_id IS NULL;
CREATE INDEX organizations_parent ON organizations (parent_id);

CREATE TABLE org_under (
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	ancestor_id BIGINT NOT NULL REFERENCES organizations (id),
	PRIMARY KEY (ancestor_id, org_id)
);
CREATE INDEX org_under_org ON org_under (org_id);

CREATE TABLE accounts (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	username TEXT NOT NULL,
	username_key TEXT NOT NULL,
	email TEXT NOT NULL,
	email_key TEXT NOT NULL,
	code TEXT NOT NULL,
	password TEXT NOT NULL,
	password_issued BOOLEAN NOT NULL,
	password_at BIGINT NOT NULL,
	signed_in_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	archived_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_username ON accounts (portal_id, username_key);
CREATE UNIQUE INDEX accounts_email ON accounts (portal_id, email_key) WHERE email_key <> '';
CREATE UNIQUE INDEX accounts_code ON accounts (portal_id, code) WHERE code <> '';
CREATE INDEX accounts_name ON accounts (portal_id, archived_at, name_key, id);
CREATE INDEX accounts_org ON accounts (org_id, name_key, id);

CREATE TABLE teams (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	about TEXT NOT NULL,
	leaders_report BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	deleted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX teams_name ON teams (portal_id, name_key) WHERE deleted_at = 0;
CREATE INDEX teams_org ON teams (org_id);

CREATE TABLE courses (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	starts_at BIGINT NOT NULL,
	ends_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX courses_code ON courses (portal_id, code);
CREATE INDEX courses_name ON courses (portal_id, name_key, id);
CREATE INDEX courses_org ON courses (org_id);

CREATE TABLE access_groups (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	about TEXT NOT NULL,
	internal BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	deleted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX access_groups_name ON access_groups (portal_id, name_key) WHERE deleted_at = 0;

CREATE TABLE roles (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	about TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	deleted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_name ON roles (portal_id, name_key) WHERE deleted_at = 0;

CREATE TABLE role_permissions (
	role_id BIGINT NOT NULL REFERENCES roles (id),
	permission TEXT NOT NULL,
	PRIMARY KEY (role_id, permission)
);

CREATE TABLE overrides (
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	role TEXT NOT NULL,
	permission TEXT NOT NULL,
	allow BOOLEAN NOT NULL,
	set_at BIGINT NOT NULL,
	PRIMARY KEY (org_id, role, permission)
);
CREATE INDEX overrides_portal ON overrides (portal_id);

CREATE TABLE policies (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	role TEXT NOT NULL,
	internal BOOLEAN NOT NULL,
	until BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	deleted_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX policies_name ON policies (portal_id, name_key) WHERE deleted_at = 0;

CREATE TABLE policy_places (
	policy_id BIGINT NOT NULL REFERENCES policies (id),
	place_kind TEXT NOT NULL,
	place_id BIGINT NOT NULL,
	PRIMARY KEY (policy_id, place_kind, place_id)
);
CREATE INDEX policy_places_place ON policy_places (place_kind, place_id);

CREATE TABLE policy_holders (
	policy_id BIGINT NOT NULL REFERENCES policies (id),
	holder_kind TEXT NOT NULL,
	holder_id BIGINT NOT NULL,
	PRIMARY KEY (policy_id, holder_kind, holder_id)
);
CREATE INDEX policy_holders_holder ON policy_holders (holder_kind, holder_id);

-- Who (an account, or an access group), as which role, where, from when until when. Begun and ended, never edited.
CREATE TABLE grants (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT REFERENCES accounts (id),
	group_id BIGINT REFERENCES access_groups (id),
	role TEXT NOT NULL,
	place_kind TEXT NOT NULL,
	place_id BIGINT NOT NULL,
	policy_id BIGINT REFERENCES policies (id),
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	begun_by BIGINT NOT NULL,
	ended_by BIGINT NOT NULL,
	CHECK ((account_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX grants_account ON grants (account_id, until);
CREATE INDEX grants_group ON grants (group_id, until) WHERE group_id IS NOT NULL;
CREATE INDEX grants_place ON grants (place_kind, place_id, until);
CREATE INDEX grants_policy ON grants (policy_id, until) WHERE policy_id IS NOT NULL;
CREATE INDEX grants_role ON grants (portal_id, role, until) WHERE role NOT IN ('course_learner', 'team_member', 'learner');
-- PT-3: one super administrator per portal at every moment.
CREATE UNIQUE INDEX grants_super ON grants (portal_id) WHERE role = 'super' AND until = 9223372036854775807;
-- Nobody is twice the same in one place; a policy, or another group, may give again what one has.
CREATE UNIQUE INDEX grants_once ON grants (account_id, role, place_kind, place_id)
	WHERE until = 9223372036854775807 AND policy_id IS NULL AND account_id IS NOT NULL;

-- The audit: append-only, one chain a portal (Q-7).
CREATE TABLE audit (
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	seq BIGINT NOT NULL,
	id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	actor_id BIGINT NOT NULL,
	actor_name TEXT NOT NULL,
	behind_id BIGINT NOT NULL,
	operation TEXT NOT NULL,
	outcome TEXT NOT NULL,
	target_kind TEXT NOT NULL,
	target_id BIGINT NOT NULL,
	target_name TEXT NOT NULL,
	detail TEXT NOT NULL,
	prior TEXT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (portal_id, seq)
);
CREATE INDEX audit_actor ON audit (portal_id, actor_id, seq);
CREATE INDEX audit_target ON audit (portal_id, target_id, seq);
CREATE INDEX audit_operation ON audit (portal_id, operation, seq);

-- Mail and other messages, written with the change that causes them and sent later.
CREATE TABLE outbox (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	recipient TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	tries BIGINT NOT NULL,
	sent_at BIGINT NOT NULL,
	failed TEXT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at = 0;

CREATE TABLE sessions (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	behind_id BIGINT NOT NULL,
	kind TEXT NOT NULL,
	hash TEXT NOT NULL UNIQUE,
	permissions TEXT NOT NULL,
	name TEXT NOT NULL,
	agent TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	until BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id, until);
