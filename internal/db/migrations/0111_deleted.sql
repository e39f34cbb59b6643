-- A portal that was deleted answers nothing but how it is restored, until it is final: then housekeeping takes it away.
ALTER TABLE portals ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE portals ADD COLUMN final_at BIGINT NOT NULL DEFAULT 0;
