-- A learning path that was deleted: nobody finds it any more; who was on it stays in reports.

ALTER TABLE paths ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
