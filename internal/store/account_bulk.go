package store

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// ImportedAccount is an account as an import writes it: many at once.
type ImportedAccount struct {
	Account
	// Attributes is what else the source says of the person, a JSON object.
	Attributes string
	// Password is a hash; empty where the person cannot sign in yet.
	Password string
	// Types are the account types held where the account lies, which At is.
	Types []access.RoleID
	At    access.Thing
}

// AccountKeys are what accounts are looked up by, folded but for the codes.
type AccountKeys struct {
	Codes, Usernames, Emails []string
}

// AccountsByKeys are a portal's accounts that have any of the keys, with their attributes and teams. Because a key is
// taken whoever has it, it finds those that the actor may not see too: nothing of them may be shown.
func AccountsByKeys(ctx context.Context, tx *db.Tx, within access.Within, keys AccountKeys) ([]ImportedAccount, error) {
	return accountsByKeys(ctx, tx, within, keys, db.SQL("1=1"))
}

// AccountsNamed are the accounts within what a permission reaches that have any of the keys. Archived ones are not found.
func AccountsNamed(ctx context.Context, tx *db.Tx, within access.Within, keys AccountKeys) ([]ImportedAccount, error) {
	return accountsByKeys(ctx, tx, within, keys, db.And(db.SQL("a.archived_at = 0"), within.Where("a")))
}

func accountsByKeys(ctx context.Context, tx *db.Tx, within access.Within, keys AccountKeys, cond db.Frag) ([]ImportedAccount, error) {
	var out []ImportedAccount
	have := map[db.ID]bool{}
	for _, by := range []struct {
		column string
		keys   []string
	}{{"code", keys.Codes}, {"username_key", keys.Usernames}, {"email_key", keys.Emails}} {
		for part := range slices.Chunk(by.keys, 500) {
			// The indexes of codes and addresses are of those that are not empty, and CROSS JOIN keeps SQLite to this order.
			found, err := db.All(ctx, tx, db.SQL(`SELECT a.attributes, `+accountColumns+`
				FROM (SELECT k.id FROM accounts k WHERE k.portal_id = ? AND k.`+by.column+` IN ? AND k.`+by.column+` <> '') k
				CROSS JOIN accounts a CROSS JOIN organizations o WHERE a.id = k.id AND o.id = a.org_id AND ?`, within.Portal(), part, cond), scanImported)
			if err != nil {
				return nil, err
			}
			for _, a := range found {
				if !have[a.ID] {
					have[a.ID] = true
					out = append(out, a)
				}
			}
		}
	}
	ids := make([]db.ID, len(out))
	for i := range out {
		ids[i] = out[i].ID
	}
	if len(ids) == 0 {
		return out, nil
	}
	teams, err := teamsOf(ctx, tx, ids, db.Time(within.Actor().Now()))
	for i := range out {
		out[i].Teams = teams[out[i].ID]
	}
	return out, err
}

// also scans one column before those of another scan.
type also struct {
	db.Scanner
	first any
}

// Scan scans the first column into first, and the rest as asked.
func (a also) Scan(dest ...any) error { return a.Scanner.Scan(append([]any{a.first}, dest...)...) }

func scanImported(s db.Scanner) (a ImportedAccount, err error) {
	a.Account, err = scanAccount(also{s, &a.Attributes})
	return a, err
}

// AccountWriter adds many accounts in one transaction. Keys that are taken must have been found before: here
// they end the transaction.
type AccountWriter struct {
	accounts, grants *db.Batch
	index            *AccountIndexer
	by               db.ID
	now              time.Time
	noted            map[givenTo]bool
	wrote            bool
}

type givenTo struct {
	role  access.RoleID
	place access.Place
}

// NewAccountWriter begins to write accounts; close it before the transaction ends.
func NewAccountWriter(ctx context.Context, tx *db.Tx, by db.ID, now time.Time) (w *AccountWriter, err error) {
	w = &AccountWriter{by: by, now: now, noted: map[givenTo]bool{}}
	for _, b := range []struct {
		into **db.Batch
		text string
	}{
		{&w.accounts, `INSERT INTO accounts (id, portal_id, org_id, name, name_key, username, username_key, email, email_key, code, password,
			password_issued, password_at, signed_in_at, created_at, archived_at, words, login_words, words_key, attributes)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?, ?)`},
		{&w.grants, `INSERT INTO grants (id, portal_id, account_id, group_id, role, place_kind, place_id, policy_id, since, until, begun_by, ended_by)
			VALUES (?, ?, ?, NULL, ?, ?, ?, NULL, ?, ?, ?, 0)`},
	} {
		if *b.into, err = tx.Batch(ctx, b.text); err != nil {
			return nil, err
		}
	}
	w.index, err = NewAccountIndexer(ctx, tx)
	return w, err
}

// Add adds accounts, whose IDs it makes, with the grants of their account types. Each role given at a place is noted once,
// for the check of what may be passed on (PT-2).
func (w *AccountWriter) Add(ctx context.Context, tx *db.Tx, rows []*ImportedAccount) error {
	words := make([][2]string, len(rows))
	w.wrote = w.wrote || len(rows) > 0
	at := db.Micros(w.now)
	for i, a := range rows {
		a.ID = db.NewID()
		words[i][0], words[i][1] = NewAccount{Name: a.Name, Username: a.Username, Email: a.Email, Code: a.Code}.Words()
		if err := w.accounts.Exec(int64(a.ID), int64(a.Portal), int64(a.Org), a.Name, db.Key(a.Name), a.Username, db.Key(a.Username), a.Email, db.Key(a.Email),
			a.Code, a.Password, a.PasswordIssued, at, at, words[i][0], words[i][1], db.Key(a.Name), a.Attributes); err != nil {
			return err
		}
	}
	for _, a := range rows {
		for _, role := range a.Types {
			if err := w.note(ctx, tx, role, a.At); err != nil {
				return err
			}
			if err := w.grants.Exec(int64(db.NewID()), int64(a.Portal), int64(a.ID), string(role), a.At.Kind.String(), int64(a.At.ID), at, db.Never, int64(w.by)); err != nil {
				return err
			}
		}
	}
	for i, a := range rows {
		if err := w.index.Add(a.Portal, a.ID, a.Name, words[i][0], words[i][1]); err != nil {
			return err
		}
	}
	return nil
}

func (w *AccountWriter) note(ctx context.Context, tx *db.Tx, role access.RoleID, at access.Thing) error {
	key := givenTo{role, at.Place()}
	if w.noted[key] {
		return nil
	}
	if err := refuseOff(ctx, tx, at.Portal, role); err != nil {
		return err
	}
	w.noted[key] = true
	tx.Note(Begun{NewGrant{Role: role, At: at, Since: w.now, By: w.by}})
	return nil
}

// ChangeImported writes what an account has become. A changed address ends the ways to set a new password by the old one.
func ChangeImported(ctx context.Context, tx *db.Tx, was, now ImportedAccount) error {
	if was.Attributes != now.Attributes {
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET attributes = ? WHERE id = ?`, now.Attributes, now.ID)); err != nil {
			return err
		}
	}
	if was.Email != now.Email {
		if err := DropResets(ctx, tx, now.Account); err != nil {
			return err
		}
	}
	if was.Name == now.Name && was.Username == now.Username && was.Email == now.Email && was.Code == now.Code {
		return nil
	}
	return SaveAccount(ctx, tx, now.Account)
}

// Close sends what waits, and makes the new grants known to every node.
func (w *AccountWriter) Close(ctx context.Context, tx *db.Tx, portal db.ID) error {
	for _, b := range []*db.Batch{w.accounts, w.grants} {
		if err := b.Close(); err != nil {
			return err
		}
	}
	if err := w.index.Close(); err != nil {
		return err
	}
	if !w.wrote {
		return nil
	}
	tx.Note(Grew("accounts"))
	return Changed(ctx, tx, portal)
}
