-- One row for each word of an account, found by its beginning. login: only for those who may see login details.
CREATE TABLE account_words (
	portal_id BIGINT NOT NULL,
	word TEXT NOT NULL,
	account_id BIGINT NOT NULL,
	login BOOLEAN NOT NULL,
	PRIMARY KEY (portal_id, word, account_id)
);
