package store

import (
	"context"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// AccountFilter narrows a list of people.
type AccountFilter struct {
	// Query is matched, word by word, with the beginnings of the words of names, user names and codes.
	Query string
	// Login is where login details may be seen: there the query is matched with e-mail addresses too. Zero for nowhere.
	Login access.Within
	// Org and Team keep the people of one organization with those below it, and of one team.
	Org, Team db.ID
	// Archived lists those who are archived instead of those who are not.
	Archived bool
}

// ListAccounts are people within what a permission reaches, by name, each with their teams. The query is written for
// what narrows the list most, so that a page costs the same however many people the portal has.
func ListAccounts(ctx context.Context, tx *db.Tx, within access.Within, filter AccountFilter, page Page) (List[Account], error) {
	l, err := planAccounts(ctx, tx, within, filter)
	if err != nil {
		return List[Account]{}, err
	}
	after, tail, err := page.keyset("a.name_key", "a.id")
	if err != nil {
		return List[Account]{}, err
	}
	order := db.SQL("ORDER BY a.name_key, a.id")
	if page.Before != "" {
		order = db.SQL("ORDER BY a.name_key DESC, a.id DESC")
	}
	rows, err := db.All(ctx, tx, db.SQL(`WITH few AS MATERIALIZED (?) SELECT `+accountColumns+`
		FROM few CROSS JOIN accounts a CROSS JOIN organizations o WHERE a.id = few.id AND o.id = a.org_id ?`,
		l.page(after, tail), order), scanAccount)
	if err != nil {
		return List[Account]{}, err
	}
	if err := withTeams(ctx, tx, rows, db.Time(within.Actor().Now())); err != nil {
		return List[Account]{}, err
	}
	out := pageOf(page, rows, func(a Account) cursor { return cursor{db.Key(a.Name), a.ID} })
	total, err := db.Val[int64](ctx, tx, l.count())
	out.Total = int(total)
	return out, err
}

func withTeams(ctx context.Context, tx *db.Tx, rows []Account, now time.Time) error {
	ids := make([]db.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	teams, err := teamsOf(ctx, tx, ids, now)
	for i := range rows {
		rows[i].Teams = teams[rows[i].ID]
	}
	return err
}

// accountList is a list of people with the ways to read it.
type accountList struct {
	tx *db.Tx
	// cond is the whole condition, over the rows of `a`.
	cond db.Frag
	// words is a short list of people to begin from, sparse; or, for counting alone, a long one.
	words db.Frag
	// sparse: begin from words.
	sparse bool
	// branches are conditions that divide the list among a few organizations and small sets of people; none where it
	// is better to walk along the names.
	branches []db.Frag
}

// fewPeople is the length of a list of people up to which it is better to sort them all than to walk along the names of
// the portal until a page is full; manyBranches is the same for organizations.
const (
	fewPeople    = 4000
	manyBranches = 100
)

func planAccounts(ctx context.Context, tx *db.Tx, within access.Within, f AccountFilter) (*accountList, error) {
	l := &accountList{tx: tx, cond: db.And(within.Where("a"), f.where(within))}
	if words := strings.Fields(db.Key(cut(f.Query, 200))); len(words) > 0 {
		if err := l.planWords(ctx, within, f, words); err != nil || l.sparse {
			return l, err
		}
	}
	return l, l.planScope(ctx, within, f)
}

// planWords narrows the list by what was searched for, and begins from the rarest word where it is rare enough.
func (l *accountList) planWords(ctx context.Context, within access.Within, f AccountFilter, words []string) error {
	portal := within.Portal()
	mail := db.SQL("1=0")
	if len(words) == 1 && f.Login.Any() {
		ids, err := mailMatches(ctx, l.tx, within, f.Login, words[0])
		if err != nil {
			return err
		}
		mail = db.SQL("a.id IN ?", ids)
	}
	best := int64(fewPeople + 1)
	for i, word := range words[:min(len(words), 8)] {
		l.cond = db.And(l.cond, db.Or(hasWord(word), mail))
		begin := beginning(portal, word, false)
		n, err := db.Val[int64](ctx, l.tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM account_words w WHERE ? LIMIT ?) few`, begin, fewPeople+1))
		if err != nil {
			return err
		}
		if i == 0 || n < best {
			best = n
			l.words = db.SQL(`SELECT w.account_id AS id FROM account_words w WHERE ? UNION SELECT a.id FROM accounts a WHERE ?`, begin, mail)
			if n > fewPeople {
				l.words = db.SQL(`SELECT w.account_id AS id FROM account_words w WHERE ?`, begin)
			}
		}
	}
	l.sparse = best <= fewPeople
	return nil
}

// maxMailMatches is how many people a search by e-mail address looks at.
const maxMailMatches = 100

// mailMatches are people whose e-mail address has a word that begins so, and whose login details the actor may see. A
// protected person is left out: to find them by their address would be to see it (PT-1).
func mailMatches(ctx context.Context, tx *db.Tx, within, login access.Within, prefix string) ([]db.ID, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+` FROM account_words w CROSS JOIN accounts a CROSS JOIN organizations o
		WHERE ? AND a.id = w.account_id AND o.id = a.org_id AND ? AND ? LIMIT ?`,
		beginning(within.Portal(), prefix, true), within.Where("a"), login.Where("a"), maxMailMatches), scanAccount)
	if err != nil {
		return nil, err
	}
	open, err := Unprotected(ctx, tx, login, rows)
	var out []db.ID
	for _, a := range rows {
		if open[a.ID] {
			out = append(out, a.ID)
		}
	}
	return out, err
}

// planScope divides the list where what narrows it is small against the portal.
func (l *accountList) planScope(ctx context.Context, within access.Within, f AccountFilter) error {
	at := within.Actor().Now()
	var orgs, teams, people []db.ID
	switch {
	case f.Team != 0:
		teams = []db.ID{f.Team}
	case f.Org == within.Portal():
		return nil
	case f.Org != 0:
		orgs = []db.ID{f.Org}
	default:
		for _, p := range within.Places() {
			switch p.Kind {
			case access.Portal:
				return nil
			case access.Organization:
				orgs = append(orgs, p.ID)
			case access.Team:
				teams = append(teams, p.ID)
			case access.Account:
				people = append(people, p.ID)
			}
		}
	}
	under, err := db.All(ctx, l.tx, db.SQL(`SELECT DISTINCT org_id FROM org_under WHERE ancestor_id IN ? LIMIT ?`, orgs, manyBranches+1), scanID)
	if err != nil || len(under) > manyBranches {
		return err
	}
	members := db.SQL(`SELECT m.account_id FROM grants m WHERE m.place_kind = 'team' AND m.place_id IN ? AND m.role IN ? AND m.since <= ? AND m.until > ?`,
		teams, teamRoles, at, at)
	n, err := db.Val[int64](ctx, l.tx, db.SQL(`SELECT count(*) FROM (? LIMIT ?) few`, members, fewPeople+1))
	if err != nil || n > fewPeople {
		return err
	}
	for _, org := range under {
		l.branches = append(l.branches, db.SQL("a.org_id = ?", org))
	}
	if len(teams)+len(people) > 0 {
		rest := db.SQL(`a.id IN (? UNION SELECT p.id FROM accounts p WHERE p.id IN ?)`, members, people)
		if len(under) > 0 {
			rest = db.And(rest, db.SQL("a.org_id + 0 NOT IN ?", under))
		}
		l.branches = append(l.branches, rest)
	}
	return nil
}

// page is the query of the ids of one page, in no order.
func (l *accountList) page(after, tail db.Frag) db.Frag {
	if l.sparse {
		return db.SQL(`SELECT a.id FROM (?) w CROSS JOIN accounts a WHERE a.id = w.id AND ? AND ? ?`, l.words, l.cond, after, tail)
	}
	if len(l.branches) == 0 {
		return db.SQL(`SELECT a.id FROM accounts a`+l.alongNames()+` WHERE ? AND ? ?`, l.cond, after, tail)
	}
	parts := make([]db.Frag, len(l.branches))
	for i, b := range l.branches {
		parts[i] = db.SQL(`SELECT * FROM (SELECT a.id, a.name_key FROM accounts a WHERE ? AND ? AND ? ?) b`, b, l.cond, after, tail)
	}
	return db.SQL(`SELECT a.id FROM (?) a ?`, db.Join(" UNION ALL ", parts...), tail)
}

// alongNames makes SQLite, which does not count its rows, walk along the index of names.
func (l *accountList) alongNames() string {
	if l.tx.Dialect() == db.SQLite {
		return " INDEXED BY accounts_name"
	}
	return ""
}

// count is the query of how many there are, to CountLimit.
func (l *accountList) count() db.Frag {
	if !l.words.Empty() && (l.sparse || len(l.branches) == 0) {
		return db.SQL(`SELECT count(*) FROM (SELECT DISTINCT a.id FROM (?) w CROSS JOIN accounts a WHERE a.id = w.id AND ? LIMIT ?) few`, l.words, l.cond, CountLimit)
	}
	if len(l.branches) == 0 {
		return db.SQL(`SELECT count(*) FROM (SELECT 1 FROM accounts a`+l.alongNames()+` WHERE ? LIMIT ?) few`, l.cond, CountLimit)
	}
	parts := make([]db.Frag, len(l.branches))
	for i, b := range l.branches {
		parts[i] = db.SQL(`SELECT a.id FROM accounts a WHERE ? AND ?`, b, l.cond)
	}
	return db.SQL(`SELECT count(*) FROM (SELECT 1 FROM (?) all_of_them LIMIT ?) few`, db.Join(" UNION ALL ", parts...), CountLimit)
}

func (f AccountFilter) where(within access.Within) db.Frag {
	parts := []db.Frag{db.SQL("a.portal_id = ? AND a.archived_at = 0", within.Portal())}
	if f.Archived {
		parts[0] = db.SQL("a.portal_id = ? AND a.archived_at > 0", within.Portal())
	}
	if f.Org != 0 && f.Org != within.Portal() {
		parts = append(parts, db.SQL(`a.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?)`, f.Org))
	}
	if f.Team != 0 {
		at := within.Actor().Now()
		parts = append(parts, db.SQL(`EXISTS (SELECT 1 FROM grants m WHERE m.account_id = a.id AND m.place_kind = 'team' AND m.place_id = ?
			AND m.role IN ? AND m.since <= ? AND m.until > ?)`, f.Team, teamRoles, at, at))
	}
	return db.And(parts...)
}

// Unprotected tells which of some people a permission reaches without its protection forbidding it (PT-1): for a list
// that shows part of each row only, and says where.
func Unprotected(ctx context.Context, tx *db.Tx, within access.Within, people []Account) (map[db.ID]bool, error) {
	out := make(map[db.ID]bool, len(people))
	var ask []db.ID
	for _, a := range people {
		if thing := a.Thing(); within.Has(&thing) != nil {
			out[a.ID] = true
			ask = append(ask, a.ID)
		}
	}
	actor := within.Actor()
	if len(ask) == 0 || !within.Permission().Protected || actor.Cause != "" {
		return out, nil
	}
	others, err := LoadActors(ctx, tx, actor.Rules(), ask, db.Time(actor.Now()))
	for _, o := range others {
		out[o.Account] = actor.Protects(within.Permission(), o) == nil
	}
	return out, err
}
