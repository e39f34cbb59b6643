-- An organization is internal, or external as a customer's is; hidden from those beside it; or where people go who are put nowhere else.
ALTER TABLE organizations ADD COLUMN external BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE organizations ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE organizations ADD COLUMN is_default BOOLEAN NOT NULL DEFAULT false;
CREATE UNIQUE INDEX organizations_default ON organizations (portal_id) WHERE is_default;
