-- The figures of each course and each organization over some days are read from the index alone: there are many rows.
DROP INDEX figures_bucket;
CREATE INDEX figures_bucket ON figures (portal_id, grain, bucket, course_id, org_id, enrolled, enrolled_completed, enrolled_progress);
