-- Where the roles that most people have are held, for previews of the permission grid: read in the order of places.
CREATE INDEX grants_many_at ON grants (portal_id, role, place_kind, place_id, since, until, account_id) WHERE role IN ('team_member', 'learner');
