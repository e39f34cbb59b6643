-- Who has the roles that most people have, for the counts and previews of the permission grid.
CREATE INDEX grants_many ON grants (portal_id, role, account_id, place_kind, place_id, since, until) WHERE role IN ('team_member', 'learner');
