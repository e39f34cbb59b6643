// Package named finds people by what others call them: the lines of a pasted list.
package named

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// MaxLines is how many lines of a pasted list are resolved at once.
const MaxLines = 5000

// People finds the people that the lines of a pasted list name, within what a permission reaches: each line is a
// user name, an e-mail address, a code or a whole name, the first of these that somebody has. Blank lines count but say
// nothing. A line that names nobody, or more than one person, or a person named before, is a problem called "line N",
// from 1. Archived people are not found. A user name or an address names only those whose login details the actor may
// see, a code those whose ID: else a list of guesses would tell who has which (MO-1, XA-3).
func People(ctx context.Context, tx *db.Tx, within access.Within, lines []string) (found []store.Account, problems fail.Fields, err error) {
	if len(lines) > MaxLines {
		return nil, fail.Wrong(fmt.Sprintf("line %d", MaxLines+1), "A list may have {most} lines at most.", "most", MaxLines).Fields, nil
	}
	r := resolver{named: map[string][]db.ID{}, people: map[db.ID]store.Account{}}
	for chunk := range slices.Chunk(lines, 400) {
		if err := r.look(ctx, tx, within, chunk); err != nil {
			return nil, nil, err
		}
	}
	seen := map[db.ID]int{}
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		a, problem := r.one(line)
		if problem.English == "" && seen[a.ID] > 0 {
			problem = fail.Say("“{line}” is the same person as line {first}.", "line", cut(line, 80), "first", seen[a.ID])
		}
		if problem.English != "" {
			problems.Add(fmt.Sprintf("line %d", i+1), problem.English, problem.Args...)
			continue
		}
		seen[a.ID] = i + 1
		found = append(found, a)
	}
	return found, problems, nil
}

// resolver gathers who is named how: the keys are a column and a value.
type resolver struct {
	named  map[string][]db.ID
	people map[db.ID]store.Account
}

// resolveBy are the columns that name a person, the strongest first.
var resolveBy = []string{"username_key", "email_key", "code", "name_key"}

func resolveKey(column, line string) string {
	if column == "code" {
		return strings.TrimSpace(line)
	}
	return db.Key(line)
}

func (r *resolver) look(ctx context.Context, tx *db.Tx, within access.Within, lines []string) error {
	for _, column := range resolveBy {
		var keys []string
		for _, line := range lines {
			if key := resolveKey(column, strings.ToValidUTF8(strings.ReplaceAll(line, "\x00", ""), "")); key != "" {
				keys = append(keys, key)
			}
		}
		rows, err := called(ctx, tx, within, column, keys)
		if err != nil {
			return err
		}
		open, err := nameable(ctx, tx, within.Actor(), column, rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if open != nil && !open[row.account.ID] {
				continue
			}
			key := column + " " + row.key
			if few := r.named[key]; len(few) < 2 && !slices.Contains(few, row.account.ID) {
				r.named[key] = append(r.named[key], row.account.ID)
			}
			r.people[row.account.ID] = row.account
		}
	}
	return nil
}

type caller struct {
	key     string
	account store.Account
}

// called are the people within a reach who have one of some keys in a column, each with the key.
func called(ctx context.Context, tx *db.Tx, within access.Within, column string, keys []string) ([]caller, error) {
	type found struct {
		key string
		id  db.ID
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT a.`+column+`, a.id FROM accounts a WHERE a.portal_id = ? AND a.archived_at = 0 AND a.`+column+` <> '' AND a.`+column+` IN ? AND ?`,
		within.Portal(), keys, within.Where("a")), func(s db.Scanner) (f found, err error) { return f, s.Scan(&f.key, &f.id) })
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]db.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	people, err := store.EveryAccount(ctx, tx, within.Portal(), ids, db.Time(within.Actor().Now()))
	by := make(map[db.ID]store.Account, len(people))
	for _, a := range people {
		by[a.ID] = a
	}
	out := make([]caller, len(rows))
	for i, r := range rows {
		out[i] = caller{r.key, by[r.id]}
	}
	return out, err
}

// nameable are those of some people whom the actor may name by a column; nil where by it everybody may be named.
func nameable(ctx context.Context, tx *db.Tx, actor *access.Actor, column string, rows []caller) (map[db.ID]bool, error) {
	p := access.AccountViewLogin
	switch column {
	case "name_key":
		return nil, nil
	case "code":
		p = access.AccountViewIDs
	}
	people := make([]store.Account, len(rows))
	for i, r := range rows {
		people[i] = r.account
	}
	return store.Unprotected(ctx, tx, actor.May(p), people)
}

func (r *resolver) one(line string) (a store.Account, problem fail.Text) {
	shown := cut(line, 80)
	for _, column := range resolveBy {
		ids := r.named[column+" "+resolveKey(column, line)]
		switch {
		case len(ids) == 1:
			return r.people[ids[0]], problem
		case len(ids) > 1:
			return a, fail.Say("Several people are called “{line}”: choose who is meant, or write their ID or user name where you see it.", "line", shown)
		}
	}
	return a, fail.Say("“{line}” is nobody you can see. Write the whole name, or an ID, user name or address that you may see.", "line", shown)
}

// cut is the beginning of a text, so many characters of it.
func cut(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i]
		}
		runes--
	}
	return s
}
