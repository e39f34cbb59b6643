package store

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"provost/internal/db"
)

// maxWords and maxWord bound what one account adds to the index of words, in words and in characters.
const (
	maxWords = 24
	maxWord  = 60
)

// wordsOf are the folded words that a text is found by: each word, and what follows a hyphen, a dot or the like in it.
func wordsOf(texts ...string) []string {
	var out []string
	for _, text := range texts {
		for _, w := range strings.Fields(db.Key(strings.ToValidUTF8(text, " "))) {
			out = append(out, w)
			for i, r := range w {
				if rest := w[i+utf8.RuneLen(r):]; i > 0 && rest != "" && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
					out = append(out, rest)
				}
			}
		}
	}
	for i, w := range out {
		out[i] = strings.Trim(cut(w, maxWord), `.,;:()"'`)
	}
	slices.Sort(out)
	out = slices.Compact(slices.DeleteFunc(out, func(w string) bool { return w == "" }))
	return out[:min(len(out), maxWords)]
}

func cut(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i]
		}
		runes--
	}
	return s
}

// mailWords are the words of an e-mail address: the whole of it, and what follows a dot before its "@". Everybody of a
// firm shares the domain, so it finds nobody.
func mailWords(email string) []string {
	key := db.Key(email)
	local, _, ok := strings.Cut(key, "@")
	if !ok {
		return wordsOf(email)
	}
	out := []string{cut(key, maxWord)}
	for i := range local {
		if strings.ContainsRune("._-+", rune(local[i])) && i+1 < len(local) {
			out = append(out, cut(key[i+1:], maxWord))
		}
	}
	return out[:min(len(out), maxWords)]
}

// joined is how the words stand in the account's own row, each after a blank.
func joined(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " ")
}

// Words are what an account is found by, as its row keeps them: those of the name, which everybody who sees the person may
// search for, and those of the login details and the code. An import writes them with the row, and the index by an
// AccountIndexer.
func (in NewAccount) Words() (words, login string) {
	open := wordsOf(in.Name)
	rest := append(wordsOf(in.Username, in.Code), mailWords(in.Email)...)
	slices.Sort(rest)
	return joined(open), joined(slices.DeleteFunc(slices.Compact(rest), func(w string) bool { return w == "" || slices.Contains(open, w) }))
}

// AccountIndexer adds the words of many new accounts, as an import makes them.
type AccountIndexer struct{ batch *db.Batch }

// NewAccountIndexer begins to index new accounts in bulk; it must be closed before the transaction ends.
func NewAccountIndexer(ctx context.Context, tx *db.Tx) (*AccountIndexer, error) {
	b, err := tx.Batch(ctx, `INSERT INTO account_words (portal_id, word, name_key, account_id, login) VALUES (?, ?, ?, ?, ?)`)
	return &AccountIndexer{b}, err
}

// Add indexes one new account, whose row has the same words, and the name's key as words_key.
func (x *AccountIndexer) Add(portal, account db.ID, name, words, login string) error {
	key := db.Key(name)
	for _, part := range []struct {
		text  string
		login bool
	}{{words, false}, {login, true}} {
		for w := range strings.FieldsSeq(part.text) {
			if err := x.batch.Exec(int64(portal), w, key, int64(account), part.login); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close sends what waits.
func (x *AccountIndexer) Close() error { return x.batch.Close() }

// IndexAccount keeps the words of an account in step with its row; call it after every change of name, user name,
// e-mail address or code.
func IndexAccount(ctx context.Context, tx *db.Tx, a Account) error {
	type kept struct{ words, login, key string }
	was, err := db.One(ctx, tx, db.SQL(`SELECT words, login_words, words_key FROM accounts WHERE id = ?`, a.ID),
		func(s db.Scanner) (k kept, err error) { return k, s.Scan(&k.words, &k.login, &k.key) })
	if err != nil {
		return err
	}
	words, login := NewAccount{Name: a.Name, Username: a.Username, Email: a.Email, Code: a.Code}.Words()
	if was == (kept{words, login, db.Key(a.Name)}) {
		return nil
	}
	if was.key != db.Key(a.Name) {
		if err := RenameEnrolments(ctx, tx, a.ID, a.Name); err != nil {
			return err
		}
	}
	old := strings.Fields(was.words + was.login)
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM account_words WHERE portal_id = ? AND word IN ? AND name_key = ? AND account_id = ?`, a.Portal, old, was.key, a.ID)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET words = ?, login_words = ?, words_key = ? WHERE id = ?`, words, login, db.Key(a.Name), a.ID)); err != nil {
		return err
	}
	index, err := NewAccountIndexer(ctx, tx)
	if err != nil {
		return err
	}
	if err := index.Add(a.Portal, a.ID, a.Name, words, login); err != nil {
		return err
	}
	return index.Close()
}

// endOfRange ends a scan of the words that begin with a prefix: no word holds a character beyond it.
const endOfRange = "\U0010FFFF"

// beginning is the words of the index that begin with a prefix.
func beginning(portal db.ID, prefix string, login bool) db.Frag {
	return db.SQL(`w.portal_id = ? AND w.word >= ? AND w.word < ? AND w.login = ?`, portal, prefix, prefix+endOfRange, login)
}

// hasWord is the same for a row in hand: its words hold one that begins with the prefix.
func hasWord(prefix string) db.Frag {
	return db.SQL(`a.words LIKE ? ESCAPE '\'`, "% "+likeText.Replace(prefix)+"%")
}

var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
