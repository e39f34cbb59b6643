-- Reports that somebody saved, with their filters, and those who get them by mail (RE-2, BE-12). next_at is when it is sent next;
-- 9223372036854775807 for never.
CREATE TABLE saved_reports (
	id BIGINT PRIMARY KEY,
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	name TEXT NOT NULL,
	report TEXT NOT NULL,
	filters TEXT NOT NULL,
	format TEXT NOT NULL,
	every TEXT NOT NULL,
	next_at BIGINT NOT NULL,
	sent_at BIGINT NOT NULL
);
CREATE INDEX saved_reports_account ON saved_reports (account_id, id);
CREATE INDEX saved_reports_portal ON saved_reports (portal_id);
CREATE INDEX saved_reports_next ON saved_reports (next_at);

CREATE TABLE saved_report_people (
	saved_id BIGINT NOT NULL REFERENCES saved_reports (id),
	account_id BIGINT NOT NULL REFERENCES accounts (id),
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	PRIMARY KEY (saved_id, account_id)
);
CREATE INDEX saved_report_people_account ON saved_report_people (account_id);
CREATE INDEX saved_report_people_portal ON saved_report_people (portal_id);

-- A mail that holds a saved report is computed when it is sent, as what its recipient may see then; 0 for any other mail.
ALTER TABLE outbox ADD COLUMN saved_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0;
