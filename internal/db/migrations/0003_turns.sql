-- What ends by itself, for the moment at which something changes without anybody changing it.
CREATE INDEX grants_turn ON grants (portal_id, until) WHERE until < 9223372036854775807;
