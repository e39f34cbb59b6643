// Package asking holds the queries of those who ask about access from outside: who and what a question names, and the
// candidates of a search, read in sets.
package asking

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// Named are the accounts that have one of some e-mail addresses or user names, by the name as db.Key folds it. It asks no
// permission: whoever uses it asks for one on the account.
func Named(ctx context.Context, tx *db.Tx, portal db.ID, names []string) (map[string]db.ID, error) {
	out := map[string]db.ID{}
	if len(names) == 0 {
		return out, nil
	}
	type named struct {
		id          db.ID
		email, user string
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT id, email_key, username_key FROM accounts WHERE portal_id = ? AND email_key <> '' AND email_key IN ?
		UNION SELECT id, email_key, username_key FROM accounts WHERE portal_id = ? AND username_key IN ? ORDER BY 1`, portal, names, portal, names),
		func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.id, &n.email, &n.user) })
	for _, r := range rows { // a user name is stronger than an address
		if r.email != "" && out[r.email] == 0 {
			out[r.email] = r.id
		}
	}
	for _, r := range rows {
		out[r.user] = r.id
	}
	return out, err
}

// kinds are the things that a question may name, beside accounts: their tables, where they lie, and who sees them.
var kinds = map[access.Kind]struct {
	table, columns, alive string
	seen                  *access.Permission
}{
	access.Organization: {"organizations", "x.id, 0, 0", "x.deleted_at = 0 AND x.parent_id IS NOT NULL", access.OrganizationList},
	access.Course:       {"courses", "x.org_id, 0, 0", "1=1", access.CourseList},
	access.Team:         {"teams", "x.org_id, 0, 0", "x.deleted_at = 0", access.TeamList},
	access.Account:      {"accounts", "x.org_id, 0, 0", "x.archived_at = 0", access.AccountList},
	access.AccessGroup:  {"access_groups", "x.portal_id, 0, 0", "x.deleted_at = 0", access.GroupList},
	access.Policy:       {"policies", "x.portal_id, 0, 0", "x.deleted_at = 0", access.PolicyList},
	access.Enrolment:    {"enrolments", "x.org_id, x.course_id, x.account_id", "1=1", access.EnrolmentList},
	access.Invitation:   {"invitations", "x.org_id, 0, 0", "1=1", access.InvitationList},
}

// Find are the things of a kind, of some ids, that somebody may see, each with where it lies: one query, and one for the
// teams of people. Archived people are found.
func Find(ctx context.Context, tx *db.Tx, actor *access.Actor, kind access.Kind, ids []db.ID) ([]access.Thing, error) {
	k, ok := kinds[kind]
	if !ok || len(ids) == 0 {
		return nil, nil
	}
	alive := k.alive
	if kind == access.Account {
		alive = "1=1"
	}
	return find(ctx, tx, actor, kind, db.SQL("x.id IN ? AND "+alive+" AND ?", ids, actor.May(k.seen).Where("x")))
}

// Page are the things of a kind behind an id, by id, that somebody may see; where within is of a permission on that kind,
// those of them within it. Limit of them at most.
func Page(ctx context.Context, tx *db.Tx, actor *access.Actor, within access.Within, kind access.Kind, after db.ID, limit int) ([]access.Thing, error) {
	k, ok := kinds[kind]
	if !ok {
		return nil, nil
	}
	cond := db.SQL("x.id > ? AND "+k.alive+" AND ?", after, actor.May(k.seen).Where("x"))
	if within.Permission().On == kind {
		cond = db.And(cond, within.Where("x"))
	}
	return find(ctx, tx, actor, kind, db.SQL("? ORDER BY x.id LIMIT ?", cond, limit))
}

func find(ctx context.Context, tx *db.Tx, actor *access.Actor, kind access.Kind, where db.Frag) ([]access.Thing, error) {
	k := kinds[kind]
	list, err := db.All(ctx, tx, db.SQL(`SELECT x.id, `+k.columns+` FROM `+k.table+` x WHERE ?`, where), func(s db.Scanner) (access.Thing, error) {
		t := access.Thing{Kind: kind, Portal: actor.Portal}
		return t, s.Scan(&t.ID, &t.Org, &t.Course, &t.Account)
	})
	if err != nil || (kind != access.Account && kind != access.Enrolment) {
		return list, err
	}
	people := make([]db.ID, len(list))
	for i, t := range list {
		people[i] = t.Account
		if kind == access.Account {
			people[i] = t.ID
		}
	}
	teams, err := store.TeamsOf(ctx, tx, people, db.Time(actor.Now()))
	for i := range list {
		list[i].Teams = teams[people[i]]
	}
	return list, err
}

// Holders are accounts behind an id, by id, within a permission, that hold one of some roles at one of some places, themselves
// or through an access group, or that are the person given besides. Limit of them at most; archived ones are left out.
func Holders(ctx context.Context, tx *db.Tx, within access.Within, roles []access.RoleID, places []db.ID, besides, after db.ID, limit int) ([]db.ID, error) {
	portal, at := within.Portal(), within.Actor().Now()
	return db.All(ctx, tx, db.SQL(`SELECT a.id FROM accounts a WHERE a.id > ? AND a.archived_at = 0 AND ? AND (a.id = ? OR a.id IN (
		SELECT g.account_id FROM grants g WHERE g.portal_id = ? AND g.role IN ? AND g.place_id IN ? AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ?
		UNION ALL SELECT m.account_id FROM grants g JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id
		AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ?
		WHERE g.portal_id = ? AND g.role IN ? AND g.place_id IN ? AND g.group_id IS NOT NULL AND g.since <= ? AND g.until > ?)) ORDER BY a.id LIMIT ?`,
		after, within.Where("a"), besides, portal, roles, places, at, at, at, at, portal, roles, places, at, at, limit),
		func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
}
