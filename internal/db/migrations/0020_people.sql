-- The words that people are found by: of name, user name and code in words, of the e-mail address in login_words.
ALTER TABLE accounts ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN login_words TEXT NOT NULL DEFAULT '';
