-- Overrides and what a portal's roles hold are begun and ended, as grants are, so that it is known what they were on a past
-- day (BE-3). A portal may lock a cell, and makes account types of its own from those that there are.

CREATE TABLE overrides_kept (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	role TEXT NOT NULL,
	permission TEXT NOT NULL,
	allow BOOLEAN NOT NULL,
	locked BOOLEAN NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	change_id BIGINT NOT NULL,
	ended_change_id BIGINT NOT NULL
);
INSERT INTO overrides_kept (id, portal_id, org_id, role, permission, allow, locked, since, until, change_id, ended_change_id)
	SELECT row_number() OVER (ORDER BY org_id, role, permission), portal_id, org_id, role, permission, allow, FALSE, set_at, 9223372036854775807, 0, 0 FROM overrides;
DROP TABLE overrides;
ALTER TABLE overrides_kept RENAME TO overrides;
CREATE INDEX overrides_portal ON overrides (portal_id, until);
CREATE UNIQUE INDEX overrides_once ON overrides (org_id, role, permission) WHERE until = 9223372036854775807;
CREATE INDEX overrides_change ON overrides (change_id) WHERE change_id <> 0;
CREATE INDEX overrides_ended ON overrides (ended_change_id) WHERE ended_change_id <> 0;
CREATE INDEX overrides_cell ON overrides (portal_id, role, permission, since);

CREATE TABLE role_permissions_kept (
	id BIGINT PRIMARY KEY,
	role_id BIGINT NOT NULL REFERENCES roles (id),
	permission TEXT NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL
);
INSERT INTO role_permissions_kept (id, role_id, permission, since, until)
	SELECT row_number() OVER (ORDER BY p.role_id, p.permission), p.role_id, p.permission, r.created_at, 9223372036854775807
	FROM role_permissions p JOIN roles r ON r.id = p.role_id;
DROP TABLE role_permissions;
ALTER TABLE role_permissions_kept RENAME TO role_permissions;
CREATE INDEX role_permissions_role ON role_permissions (role_id, until);
CREATE UNIQUE INDEX role_permissions_once ON role_permissions (role_id, permission) WHERE until = 9223372036854775807;

-- The account type that one of the portal's own is made of; empty for a role that policies bind.
ALTER TABLE roles ADD COLUMN parent TEXT NOT NULL DEFAULT '';

-- Changes of the grid, each of one or many cells, with the reason that was given.
CREATE TABLE grid_changes (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	org_id BIGINT NOT NULL REFERENCES organizations (id),
	reason TEXT NOT NULL,
	at BIGINT NOT NULL,
	by_id BIGINT NOT NULL,
	by_name TEXT NOT NULL,
	undoes BIGINT NOT NULL,
	undone_by BIGINT NOT NULL
);
CREATE INDEX grid_changes_portal ON grid_changes (portal_id, id);
