-- What housekeeping looks for is found along an index, however much there is that stays.
CREATE INDEX sessions_until ON sessions (until);
CREATE INDEX sessions_seen ON sessions (seen_at) WHERE kind = 'browser';
CREATE INDEX password_resets_until ON password_resets (until);
CREATE INDEX outbox_created ON outbox (created_at);
