package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// MaxLines is how many lines ResolveAccounts takes at once.
const MaxLines = 1000

// Unresolved is a line that names nobody, or several people, among those whom somebody may see.
type Unresolved struct {
	// Line counts from 1.
	Line int
	Text string
	// People is how many the line could mean.
	People int
}

// Field says what is wrong with the line.
func (u Unresolved) Field() fail.Field {
	text := "Nobody found for “" + u.Text + "”."
	if u.People > 1 {
		text = "“" + u.Text + "” could be any of " + strconv.Itoa(u.People) + " people. Give the user name or the e-mail address."
	}
	return fail.Field{Name: "line " + strconv.Itoa(u.Line), Message: text}
}

// ResolveAccounts finds people within what a permission reaches by what was typed or pasted of them, one a line: an id, a
// user name, an e-mail address (with or without a name before it), or a whole name. Nobody is returned twice; archived
// accounts are not found. More than MaxLines lines are Invalid.
func ResolveAccounts(ctx context.Context, tx *db.Tx, within access.Within, lines []string) (found []Account, wrong []Unresolved, err error) {
	if len(lines) > MaxLines {
		return nil, nil, fail.Wrong("lines", "At most "+strconv.Itoa(MaxLines)+" lines at once.")
	}
	keys := make([]string, len(lines))
	ids := []db.ID{}
	for i, line := range lines {
		keys[i] = db.Key(address(line))
		if id, err := db.ParseID(keys[i]); err == nil {
			ids = append(ids, id)
		}
	}
	known, err := accountsNamed(ctx, tx, within, keys, ids)
	if err != nil {
		return nil, nil, err
	}
	taken := map[db.ID]bool{}
	for i, line := range lines {
		hits := known[keys[i]]
		switch {
		case keys[i] == "":
		case len(hits) != 1:
			wrong = append(wrong, Unresolved{i + 1, strings.TrimSpace(line), len(hits)})
		case !taken[hits[0].ID]:
			taken[hits[0].ID] = true
			found = append(found, hits[0])
		}
	}
	return found, wrong, nil
}

// address is what stands between < and > of a line, as mail programs copy it, or the line.
func address(line string) string {
	if from := strings.LastIndexByte(line, '<'); from >= 0 {
		if to := strings.IndexByte(line[from:], '>'); to > 1 {
			return line[from+1 : from+to]
		}
	}
	return line
}

type accountKeys struct {
	Account
	name, username, email string
}

// accountsNamed are people by each key. A key that is one person's user name and another's name means both.
func accountsNamed(ctx context.Context, tx *db.Tx, within access.Within, keys []string, ids []db.ID) (map[string][]Account, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+`, a.name_key, a.username_key, a.email_key`+accountTables+`WHERE ? AND a.archived_at = 0 AND a.id IN (
		SELECT x.id FROM accounts x WHERE x.portal_id = ? AND x.username_key IN ?
		UNION SELECT x.id FROM accounts x WHERE x.portal_id = ? AND x.email_key IN ? AND x.email_key <> ''
		UNION SELECT x.id FROM accounts x WHERE x.portal_id = ? AND x.archived_at = 0 AND x.name_key IN ?
		UNION SELECT x.id FROM accounts x WHERE x.portal_id = ? AND x.id IN ?) ORDER BY a.name_key, a.id`,
		within.Where("a"), within.Portal(), keys, within.Portal(), keys, within.Portal(), keys, within.Portal(), ids), scanKeys)
	if err != nil {
		return nil, err
	}
	out := map[string][]Account{}
	for _, r := range rows {
		names := []string{r.ID.String(), r.name, r.username, r.email}
		slices.Sort(names)
		for _, key := range slices.Compact(names) {
			out[key] = append(out[key], r.Account)
		}
	}
	return out, nil
}

func scanKeys(s db.Scanner) (r accountKeys, err error) {
	a, err := scanAccount(also{s, []any{&r.name, &r.username, &r.email}})
	r.Account = a
	return r, err
}

// also scans further columns behind those that are asked for.
type also struct {
	row  db.Scanner
	more []any
}

// Scan scans the row's first columns into dest and the rest into more.
func (a also) Scan(dest ...any) error { return a.row.Scan(append(dest, a.more...)...) }

// FindAccounts are several people within what a permission reaches, all of them or NotFound; those who are archived are not found.
func FindAccounts(ctx context.Context, tx *db.Tx, within access.Within, ids []db.ID) ([]Account, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE a.id IN ? AND a.archived_at = 0 AND ? ORDER BY a.name_key, a.id`,
		ids, within.Where("a")), scanAccount)
	if err != nil {
		return nil, err
	}
	here := make(map[db.ID]bool, len(rows))
	for _, a := range rows {
		here[a.ID] = true
	}
	for _, id := range ids {
		if !here[id] {
			return nil, fail.Missing("person")
		}
	}
	return rows, withTeams(ctx, tx, rows, db.Time(within.Actor().Now()))
}
