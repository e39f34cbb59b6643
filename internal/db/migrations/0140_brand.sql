-- A portal's own brand: its logo. Where there are partial administrators the brand is on: they exist only while it is.

CREATE TABLE logos (
	portal_id BIGINT NOT NULL REFERENCES portals (id),
	hash TEXT NOT NULL,
	body BYTEA NOT NULL,
	added_at BIGINT NOT NULL,
	PRIMARY KEY (portal_id, hash)
);

UPDATE portals SET settings = '{"brand":{"on":true}' || CASE WHEN settings = '{}' THEN '}' ELSE ',' || substr(settings, 2) END
WHERE id IN (SELECT g.portal_id FROM grants g WHERE g.role = 'partial' AND g.until = 9223372036854775807);
