package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"provost/internal/action/intake"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// importedPeople is how many people are imported.
const importedPeople = 100_000

// imports compares an import of people from CSV with bare prepared inserts of the same rows, into the same tables with
// their indexes, in one transaction: an account is a row of accounts, one of grants, and one for each word that it is found by.
func imports(ctx context.Context) ([]line, error) {
	took, err := importOnce(ctx)
	if err != nil {
		return nil, err
	}
	floor, err := insertOnce(ctx)
	if err != nil {
		return nil, err
	}
	share := floor.Seconds() / took.Seconds()
	return []line{{fmt.Sprintf("import of %d accounts from CSV, with checks, rights, grants and search words", importedPeople),
		fmt.Sprintf("bare prepared inserts of the same rows in one transaction: %.0f accounts/s", importedPeople/floor.Seconds()), "50% of its rows a second",
		fmt.Sprintf("%.0f%%: %.0f accounts/s", 100*share, importedPeople/took.Seconds()), share >= 0.5}}, nil
}

// newcomer is one of the imported people.
func newcomer(i int) store.NewAccount {
	user := fmt.Sprintf("n%d", i)
	return store.NewAccount{Name: fmt.Sprintf("%s %s", given[i%len(given)], family[i/len(given)%len(family)]), Username: user, Email: user + "@new.test", Code: fmt.Sprintf("C%d", i)}
}

func importOnce(ctx context.Context) (time.Duration, error) {
	p, err := newPortal(ctx, 100, 20)
	if err != nil {
		return 0, err
	}
	defer p.close()
	path := filepath.Join(p.dir, "people.csv")
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	fmt.Fprintln(out, "user,name,mail,code,org")
	for i := range importedPeople {
		a := newcomer(i)
		fmt.Fprintf(out, "%s,%s,%s,%s,%s\n", a.Username, a.Name, a.Email, a.Code, p.orgs[1+i%19].Name)
	}
	if err := out.Flush(); err != nil {
		return 0, err
	}
	m, err := intake.ParseMapping([]byte(`{"steps": [{"file": "people.csv", "into": "accounts", "fields":
		{"username": "{user}", "name": "{name}", "email": "{mail}", "code": "{code}", "organization": "{org}"}}]}`))
	if err != nil {
		return 0, err
	}
	start := time.Now()
	got, err := intake.RunImport(ctx, p.env, op.Who{Portal: p.id, Account: p.super.ID}, intake.Import{Mapping: m, Files: map[string]string{"people.csv": path}})
	if err == nil && (got.Problems.Total > 0 || got.Files[0].Created != importedPeople) {
		err = fmt.Errorf("the import went wrong: %+v", got.Files)
	}
	return time.Since(start), err
}

// insertOnce is the floor: every value is at hand before the clock runs.
func insertOnce(ctx context.Context) (time.Duration, error) {
	p, err := newPortal(ctx, 100, 20)
	if err != nil {
		return 0, err
	}
	defer p.close()
	var accounts, grants, words [][]any
	at := db.Micros(now)
	for i := range importedPeople {
		a, id, org := newcomer(i), int64(db.NewID()), int64(p.orgs[1+i%19].ID)
		open, login := a.Words()
		accounts = append(accounts, []any{id, int64(p.id), org, a.Name, db.Key(a.Name), a.Username, db.Key(a.Username), a.Email, db.Key(a.Email), a.Code, at, at, open, login})
		grants = append(grants, []any{int64(db.NewID()), int64(p.id), id, org, at, db.Never})
		for w := range strings.FieldsSeq(open) {
			words = append(words, []any{int64(p.id), w, db.Key(a.Name), id, false})
		}
		for w := range strings.FieldsSeq(login) {
			words = append(words, []any{int64(p.id), w, db.Key(a.Name), id, true})
		}
	}
	start := time.Now()
	err = p.env.DB.Write(ctx, func(tx *db.Tx) error {
		for _, table := range []struct {
			text string
			rows [][]any
		}{
			{`INSERT INTO accounts (id, portal_id, org_id, name, name_key, username, username_key, email, email_key, code, password, password_issued,
				password_at, signed_in_at, created_at, archived_at, words, login_words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', FALSE, ?, 0, ?, 0, ?, ?)`, accounts},
			{`INSERT INTO grants (id, portal_id, account_id, role, place_kind, place_id, since, until, begun_by, ended_by)
				VALUES (?, ?, ?, 'learner', 'organization', ?, ?, ?, 0, 0)`, grants},
			{`INSERT INTO account_words (portal_id, word, name_key, account_id, login) VALUES (?, ?, ?, ?, ?)`, words},
		} {
			b, err := tx.Batch(ctx, table.text)
			if err != nil {
				return err
			}
			for _, row := range table.rows {
				if err := b.Exec(row...); err != nil {
					return err
				}
			}
			if err := b.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(start), err
}
