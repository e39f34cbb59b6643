-- What things were until they changed, for questions about a past day: where people, teams, courses and organizations lay, which
-- organizations were hidden and who was archived (marked). What has no row here was always what it is. A portal that is older than
-- this table has a row of its own, until which such changes were not kept.
CREATE TABLE whereabouts (
	kind TEXT NOT NULL,
	thing_id INTEGER NOT NULL,
	portal_id INTEGER NOT NULL REFERENCES portals (id),
	in_id INTEGER NOT NULL,
	marked INTEGER NOT NULL,
	until INTEGER NOT NULL,
	PRIMARY KEY (thing_id, kind, until)
) STRICT;
CREATE INDEX whereabouts_portal ON whereabouts (portal_id, kind, until);
INSERT INTO whereabouts (kind, thing_id, portal_id, in_id, marked, until)
	SELECT 'portal', id, id, 0, 0, CAST(strftime('%s', 'now') AS INTEGER) * 1000000 FROM portals WHERE 1=1;
