-- An organization that is deleted stays as a row for what once was in it; its name is free again.
ALTER TABLE organizations ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
