package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// AccountFilter narrows a list of people.
type AccountFilter struct {
	// Query is matched, word by word, with the beginnings of the words of names.
	Query string
	// Login is where login details may be seen, IDs where learners' IDs may: there a query of one word is matched with user
	// names and e-mail addresses, and with codes, too. Zero for nowhere.
	Login, IDs access.Within
	// Org and Team keep the people of one organization with those below it, and of one team.
	Org, Team db.ID
	// Types keep those who hold one of these account types where they live; empty keeps all.
	Types access.Roles
	// Archived lists those who are archived instead of those who are not.
	Archived bool
}

// ListAccounts are people within what a permission reaches, each with their teams: by name, or, where a search finds very
// many, by the word that it finds and then by name. The query is written for what narrows the list most, so that a page
// costs the same however many people the portal has. The Total is negative where to count would cost more than to read.
func ListAccounts(ctx context.Context, tx *db.Tx, within access.Within, filter AccountFilter, page Page) (List[Account], error) {
	if err := followIndexes(ctx, tx); err != nil {
		return List[Account]{}, err
	}
	l, err := planAccounts(ctx, tx, within, filter)
	if err != nil {
		return List[Account]{}, err
	}
	if marker := page.After + page.Before; l.dense && (marker == "" || byWord(marker)) {
		return l.byWord(ctx, within, page)
	}
	after, tail, err := page.Keyset("a.name_key", "a.id")
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
	out.Total, err = l.total(ctx, out)
	return out, err
}

// followIndexes keeps PostgreSQL, for the rest of a transaction that reads a page, from reading whole tables: it guesses
// that a prefix or a team has many rows, where the plan at hand has counted few.
func followIndexes(ctx context.Context, tx *db.Tx) error {
	if tx.Dialect() != db.Postgres {
		return nil
	}
	_, err := db.Val[string](ctx, tx, db.SQL(`SELECT set_config('enable_seqscan', 'off', TRUE) || set_config('random_page_cost', '1.1', TRUE)`))
	return err
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
	tx     *db.Tx
	portal db.ID
	// cond is the whole condition, over the rows of `a`; words is the part of it that the query asks for, state that of
	// being archived or not.
	cond, words, state db.Frag
	// from is a short list of people to begin with; empty where there is none.
	from db.Frag
	// dense: very many have the rarest word of the query, which is prefix.
	dense  bool
	prefix string
	// branches divide the list among a few organizations, each a whole condition, and a small set of people with the
	// condition for these; none where it is better to walk along the names.
	branches         []db.Frag
	people, inPeople db.Frag
	// orgs are the organizations of the branches.
	orgs []db.ID
	// many are the members of teams with very many, where nothing else is in reach: counting begins with them.
	many db.Frag
}

// fewPeople is the length of a list of people up to which it is better to sort them all than to walk along the names of
// the portal until a page is full; manyBranches is the same for organizations, maxLooked how far counting goes, and widePeople how
// many people of a few organizations are gone through for a search.
const (
	fewPeople    = 4000
	manyBranches = 100
	maxLooked    = 5000
	widePeople   = 10_000
)

func planAccounts(ctx context.Context, tx *db.Tx, within access.Within, f AccountFilter) (*accountList, error) {
	l := &accountList{tx: tx, portal: within.Portal(), cond: db.And(within.Where("a"), f.where(within)), words: db.SQL("1=1"), state: f.state()}
	words := strings.Fields(db.Key(cut(f.Query, 200)))
	if len(f.Types) > 0 {
		l.words = f.typed(within.Actor().Now())
		if len(words) == 0 {
			l.cond = db.And(l.cond, l.words)
		}
	}
	if len(words) > 0 {
		if err := l.planWords(ctx, within, f, words[:min(len(words), 8)]); err != nil || !l.from.Empty() {
			return l, err
		}
	}
	if few, err := l.planTypes(ctx, within, f); few || err != nil {
		return l, err
	}
	if err := l.planScope(ctx, within, f); err != nil || !l.dense || !l.divided() {
		return l, err
	}
	wide, err := l.wide(ctx)
	l.dense = wide
	return l, err
}

// wide tells whether the branches hold more people than the index has words that begin with the prefix, or more than it is worth to
// go through: then a page is found sooner by its words. Both are counted on indexes alone, no further than that.
func (l *accountList) wide(ctx context.Context) (bool, error) {
	type sizes struct{ people, words int64 }
	n, err := db.One(ctx, l.tx, l.sizes(), func(s db.Scanner) (n sizes, err error) { return n, s.Scan(&n.people, &n.words) })
	return n.people > widePeople || n.people > n.words, err
}

// sizes is the query of how many people the branches hold, and how many words begin with the prefix.
func (l *accountList) sizes() db.Frag {
	return db.SQL(`SELECT (SELECT count(*) FROM (SELECT 1 FROM accounts a WHERE a.org_id IN ? LIMIT ?) p), (SELECT count(*) FROM (SELECT 1 FROM account_words w WHERE ? LIMIT ?) q)`,
		l.orgs, widePeople+1, beginning(l.portal, l.prefix, false), widePeople+1)
}

// planWords narrows the list by what was searched for, and begins from the rarest word where it is rare enough.
func (l *accountList) planWords(ctx context.Context, within access.Within, f AccountFilter, words []string) error {
	portal := within.Portal()
	mail := db.SQL("1=0")
	if len(words) == 1 && (f.Login.Any() || f.IDs.Any()) {
		ids, err := detailMatches(ctx, l.tx, within, f, words[0])
		if err != nil {
			return err
		}
		mail = db.SQL("a.id IN ?", ids)
	}
	best := int64(fewPeople + 2)
	for _, word := range words {
		l.words = db.And(l.words, db.Or(hasWord(word), mail))
		begin := beginning(portal, word, false)
		n, err := db.Val[int64](ctx, l.tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM account_words w WHERE ? LIMIT ?) few`, begin, fewPeople+1))
		if err != nil {
			return err
		}
		if n < best {
			best, l.prefix = n, word
		}
	}
	l.cond = db.And(l.cond, l.words)
	if best > fewPeople {
		l.dense = true
		return nil
	}
	l.from = db.SQL(`SELECT w.account_id AS id FROM account_words w WHERE ? UNION SELECT a.id FROM accounts a WHERE ?`, beginning(portal, l.prefix, false), mail)
	return nil
}

// maxMatches is how many people a search by login details and codes looks at.
const maxMatches = 100

// detailMatches are people whose user name or e-mail address has a word that begins so, where the actor may see login
// details, or whose code has, where they may see learners' IDs. A protected person is left out: to find them by what is
// hidden would be to see it (PT-1, XA-3, MO-1).
func detailMatches(ctx context.Context, tx *db.Tx, within access.Within, f AccountFilter, prefix string) ([]db.ID, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+` FROM account_words w CROSS JOIN accounts a CROSS JOIN organizations o
		WHERE ? AND a.id = w.account_id AND o.id = a.org_id AND ? AND ? ORDER BY w.word, w.name_key, w.account_id LIMIT ?`,
		beginning(within.Portal(), prefix, true), within.Where("a"), db.Or(f.Login.Where("a"), f.IDs.Where("a")), maxMatches), scanAccount)
	if err != nil {
		return nil, err
	}
	if err := withTeams(ctx, tx, rows, db.Time(within.Actor().Now())); err != nil {
		return nil, err
	}
	open, err := Unprotected(ctx, tx, f.Login, rows)
	begins := func(w string) bool { return strings.HasPrefix(w, prefix) }
	var out []db.ID
	for _, a := range rows {
		thing := a.Thing()
		if (open[a.ID] && slices.ContainsFunc(append(wordsOf(a.Username), mailWords(a.Email)...), begins)) ||
			(f.IDs.Has(&thing) != nil && slices.ContainsFunc(wordsOf(a.Code), begins)) {
			out = append(out, a.ID)
		}
	}
	return out, err
}

// planScope divides the list where what narrows it is small against the portal.
func (l *accountList) planScope(ctx context.Context, within access.Within, f AccountFilter) error {
	s, whole := scopeOf(within, f)
	if whole {
		return nil
	}
	under, err := db.All(ctx, l.tx, db.SQL(`SELECT DISTINCT org_id FROM org_under WHERE ancestor_id IN ? LIMIT ?`, s.orgs, manyBranches+1), db.ScanID)
	if err != nil || len(under) > manyBranches {
		return err
	}
	at := within.Actor().Now()
	members := db.SQL(`SELECT m.account_id AS id FROM grants m WHERE m.place_kind = 'team' AND m.place_id IN ? AND m.role IN ? AND m.since <= ? AND m.until > ?`,
		s.teams, teamRoles, at, at)
	n, err := db.Val[int64](ctx, l.tx, db.SQL(`SELECT count(*) FROM (? LIMIT ?) few`, members, fewPeople+1))
	if err != nil {
		return err
	}
	rest := db.SQL(`? UNION SELECT p.id FROM accounts p WHERE p.id IN ?`, members, s.people)
	if n > fewPeople {
		if len(under) == 0 {
			l.many = db.SQL(`? UNION ALL SELECT p.id FROM accounts p WHERE p.id IN ?`, members, s.people)
		}
		return nil
	}
	l.orgs = under
	for _, org := range under {
		l.branches = append(l.branches, l.branchOf(within, f, org))
	}
	if len(s.teams)+len(s.people) > 0 {
		branch := l.cond
		if len(under) > 0 {
			branch = db.And(branch, db.SQL("a.org_id + 0 NOT IN ?", under))
		}
		l.people, l.inPeople = rest, branch
	}
	return nil
}

// branchOf is the condition for the people of one organization. Where a grant reaches whoever is in it, none is asked row by row.
func (l *accountList) branchOf(within access.Within, f AccountFilter, org db.ID) db.Frag {
	anybody := access.Thing{Kind: access.Account, Portal: within.Portal(), Org: org}
	if f.Team != 0 || within.Permission().Own || within.Has(&anybody) == nil {
		return db.And(db.SQL("a.org_id = ?", org), l.cond)
	}
	return db.And(db.SQL("a.org_id = ? AND ?", org, l.state), l.words)
}

// scope are the places that a list reaches.
type scope struct{ orgs, teams, people []db.ID }

// scopeOf are the places that a filter and a permission leave; whole where that is the whole portal.
func scopeOf(within access.Within, f AccountFilter) (s scope, whole bool) {
	switch {
	case f.Team != 0:
		return scope{teams: []db.ID{f.Team}}, false
	case f.Org != 0 && f.Org != within.Portal():
		return scope{orgs: []db.ID{f.Org}}, false
	}
	for _, p := range within.Places() {
		switch p.Kind {
		case access.Portal:
			return s, true
		case access.Organization:
			s.orgs = append(s.orgs, p.ID)
		case access.Team:
			s.teams = append(s.teams, p.ID)
		case access.Account:
			s.people = append(s.people, p.ID)
		}
	}
	return s, false
}

// page is the query of the ids of one page, in no order.
func (l *accountList) page(after, tail db.Frag) db.Frag {
	switch {
	case !l.from.Empty():
		return db.SQL(`WITH found AS MATERIALIZED (SELECT a.id, a.name_key FROM (?) w CROSS JOIN accounts a WHERE a.id = w.id AND ? AND ?) SELECT a.id FROM found a ?`,
			l.from, l.cond, after, tail)
	case l.divided():
		return db.SQL(`WITH found AS MATERIALIZED (?) SELECT a.id FROM found a ?`, l.inBranches(after, tail), tail)
	}
	return db.SQL(`SELECT a.id FROM accounts a`+l.alongNames()+` WHERE ? AND ? ?`, l.cond, after, tail)
}

// divided tells whether there are branches.
func (l *accountList) divided() bool { return len(l.branches) > 0 || !l.people.Empty() }

// inBranches reads every branch.
func (l *accountList) inBranches(after, tail db.Frag) db.Frag {
	parts := make([]db.Frag, len(l.branches), len(l.branches)+1)
	for i, b := range l.branches {
		parts[i] = db.SQL(`SELECT * FROM (SELECT a.id, a.name_key FROM accounts a WHERE ? AND ? ?) b`, b, after, tail)
	}
	if !l.people.Empty() {
		parts = append(parts, db.SQL(`SELECT a.id, a.name_key FROM (?) w CROSS JOIN accounts a WHERE a.id = w.id AND ? AND ?`, l.people, l.inPeople, after))
	}
	return db.Join(" UNION ALL ", parts...)
}

// alongNames makes SQLite, which does not know how many rows there are, walk along the index of names.
func (l *accountList) alongNames() string {
	if l.tx.Dialect() == db.SQLite {
		return " INDEXED BY accounts_name"
	}
	return ""
}

// total counts to CountLimit; -1 where that would take more than maxLooked looks. A list of one page is counted already.
func (l *accountList) total(ctx context.Context, page List[Account]) (int, error) {
	if page.Next == "" && page.Prev == "" {
		return len(page.Items), nil
	}
	if l.divided() && l.from.Empty() && !l.dense {
		n, err := db.Val[int64](ctx, l.tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM (?) all_of_them LIMIT ?) few`, l.inBranches(db.SQL("1=1"), db.SQL("")), CountLimit))
		return int(n), err
	}
	looked := l.from
	switch {
	case !l.from.Empty():
	case l.dense:
		looked = db.SQL(`SELECT w.account_id AS id FROM account_words w WHERE ?`, beginning(l.portal, l.prefix, false))
	case !l.many.Empty():
		looked = l.many
	default:
		looked = db.SQL(`SELECT a.id FROM accounts a`+l.alongNames()+` WHERE a.portal_id = ? AND ?`, l.portal, l.state)
	}
	looked = db.SQL(`SELECT id FROM (?) candidates LIMIT ?`, looked, maxLooked)
	type counted struct{ looked, found int64 }
	n, err := db.One(ctx, l.tx, db.SQL(`WITH looked AS MATERIALIZED (?) SELECT (SELECT count(*) FROM looked), (SELECT count(*) FROM
		(SELECT DISTINCT a.id FROM looked CROSS JOIN accounts a WHERE a.id = looked.id AND ? LIMIT ?) few)`, looked, l.cond, CountLimit),
		func(s db.Scanner) (c counted, err error) { return c, s.Scan(&c.looked, &c.found) })
	if n.looked == maxLooked && n.found < CountLimit {
		return -1, err
	}
	return int(n.found), err
}

func (f AccountFilter) state() db.Frag {
	if f.Archived {
		return db.SQL("a.archived_at > 0 AND a.erased_at = 0 AND a.id NOT IN (SELECT v.account_id FROM network_visitors v)") // who visits stands in no list (NA-1)
	}
	return db.SQL("a.archived_at = 0")
}

func (f AccountFilter) where(within access.Within) db.Frag {
	parts := []db.Frag{db.SQL("a.portal_id = ? AND ?", within.Portal(), f.state())}
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
