package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// MaxLines is how many lines of a pasted list are resolved at once.
const MaxLines = 5000

// ResolvePeople finds the people that the lines of a pasted list name, within what a permission reaches: each line is a
// user name, an e-mail address, a code or a whole name, the first of these that somebody has. Blank lines count but say
// nothing. A line that names nobody, or more than one person, or a person named before, is a problem called "line N",
// from 1. Archived people are not found. A user name or an address names only those whose login details the actor may
// see, a code those whose ID: else a list of guesses would tell who has which (MO-1, XA-3).
func ResolvePeople(ctx context.Context, tx *db.Tx, within access.Within, lines []string) (found []Account, problems fail.Fields, err error) {
	if len(lines) > MaxLines {
		return nil, fail.Wrong(fmt.Sprintf("line %d", MaxLines+1), "A list may have {most} lines at most.", "most", MaxLines).Fields, nil
	}
	r := resolver{named: map[string][]db.ID{}, people: map[db.ID]Account{}}
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
	return found, problems, withTeams(ctx, tx, found, db.Time(within.Actor().Now()))
}

// resolver gathers who is named how: the keys are a column and a value.
type resolver struct {
	named  map[string][]db.ID
	people map[db.ID]Account
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
		rows, err := db.All(ctx, tx, db.SQL(`SELECT a.`+column+`, `+accountColumns+accountTables+`WHERE a.portal_id = ? AND a.archived_at = 0 AND a.`+column+` <> '' AND a.`+column+` IN ? AND ?`,
			within.Portal(), keys, within.Where("a")), func(s db.Scanner) (n named, err error) {
			n.account, err = scanAccount(also{s, &n.key})
			return n, err
		})
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

type named struct {
	key     string
	account Account
}

// nameable are those of some people whom the actor may name by a column; nil where by it everybody may be named.
func nameable(ctx context.Context, tx *db.Tx, actor *access.Actor, column string, rows []named) (map[db.ID]bool, error) {
	p := access.AccountViewLogin
	switch column {
	case "name_key":
		return nil, nil
	case "code":
		p = access.AccountViewIDs
	}
	people := make([]Account, len(rows))
	for i, r := range rows {
		people[i] = r.account
	}
	if err := withTeams(ctx, tx, people, db.Time(actor.Now())); err != nil {
		return nil, err
	}
	return Unprotected(ctx, tx, actor.May(p), people)
}

// also scans one column before those of another scan.
type also struct {
	db.Scanner
	first any
}

// Scan scans the first column into first, and the rest as asked.
func (a also) Scan(dest ...any) error { return a.Scanner.Scan(append([]any{a.first}, dest...)...) }

func (r *resolver) one(line string) (a Account, problem fail.Text) {
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
