-- A mapping is its keeper's: one name, one mapping of each person, so that nobody changes what another's import does.
DROP INDEX import_mappings_name;
CREATE UNIQUE INDEX import_mappings_name ON import_mappings (portal_id, saved_by, name_key);
