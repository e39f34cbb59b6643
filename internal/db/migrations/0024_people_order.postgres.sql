-- Words in the order of names, so that a search of many is read in order; people of an organization in theirs.
CREATE TABLE account_words_named (
	portal_id BIGINT NOT NULL,
	word TEXT NOT NULL,
	name_key TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	login BOOLEAN NOT NULL,
	PRIMARY KEY (portal_id, word, name_key, account_id)
);
INSERT INTO account_words_named (portal_id, word, name_key, account_id, login)
	SELECT w.portal_id, w.word, a.name_key, w.account_id, w.login FROM account_words w JOIN accounts a ON a.id = w.account_id;
DROP TABLE account_words;
ALTER TABLE account_words_named RENAME TO account_words;
DROP INDEX accounts_org;
CREATE INDEX accounts_org_name ON accounts (org_id, archived_at, name_key, id);
-- The name under which the words of an account stand in their index.
ALTER TABLE accounts ADD COLUMN words_key TEXT NOT NULL DEFAULT '';
UPDATE accounts SET words_key = name_key;
