-- Of the enrolments that began in the bucket: how many have handed something in, and how many nobody has begun to work on.
ALTER TABLE figures ADD COLUMN enrolled_started BIGINT NOT NULL DEFAULT 0;
ALTER TABLE figures ADD COLUMN enrolled_waiting BIGINT NOT NULL DEFAULT 0;
