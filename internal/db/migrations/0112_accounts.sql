-- An account that was deleted can be restored for 30 days; then it is erased: its records stay, under a pseudonym.
ALTER TABLE accounts ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;
CREATE INDEX accounts_deleted ON accounts (deleted_at) WHERE deleted_at <> 0 AND erased_at = 0;
