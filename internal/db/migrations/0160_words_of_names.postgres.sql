-- Everybody who sees a person finds them by their name; user names and codes are words of the details, as addresses are.
UPDATE account_words SET login = TRUE WHERE NOT login AND strpos(name_key, word) = 0;
CREATE TABLE account_words_by (account_id BIGINT PRIMARY KEY, words TEXT NOT NULL, login_words TEXT NOT NULL);
INSERT INTO account_words_by (account_id, words, login_words)
	SELECT account_id, coalesce(' ' || string_agg(word, ' ' ORDER BY word) FILTER (WHERE NOT login), ''), coalesce(' ' || string_agg(word, ' ' ORDER BY word) FILTER (WHERE login), '')
	FROM account_words GROUP BY account_id;
UPDATE accounts SET words = b.words, login_words = b.login_words FROM account_words_by b WHERE b.account_id = accounts.id AND accounts.words <> b.words;
DROP TABLE account_words_by;
