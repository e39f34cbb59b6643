-- Who holds an account type in an organization, for the tiles of the Users catalog: a rare type is counted without a look at all
-- who are there.
CREATE INDEX grants_types ON grants (place_id, role, until) WHERE place_kind = 'organization' AND account_id IS NOT NULL;
