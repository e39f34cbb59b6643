package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// AccessGroup is accounts that receive policies together: the Groups of Tenant Settings, Management.
type AccessGroup struct {
	ID     db.ID
	Portal db.ID
	Name   string
	About  string
	// Internal: every portal has it; it is not renamed or deleted.
	Internal bool
	Created  time.Time
	// Members is how many people are in it.
	Members int
}

// Thing is the group as a thing that permissions are asked about, and as a place.
func (g AccessGroup) Thing() access.Thing {
	return access.Thing{Kind: access.AccessGroup, ID: g.ID, Portal: g.Portal, Org: g.Portal}
}

func groupColumns(within access.Within) db.Frag {
	at := within.Actor().Now()
	return db.SQL(`g.id, g.portal_id, g.name, g.about, g.internal, g.created_at, (SELECT count(*) FROM grants m
		WHERE m.place_kind = 'access_group' AND m.place_id = g.id AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ?)`, at, at)
}

func scanGroup(s db.Scanner) (g AccessGroup, err error) {
	var created int64
	err = s.Scan(&g.ID, &g.Portal, &g.Name, &g.About, &g.Internal, &created, &g.Members)
	g.Created = db.Time(created)
	return g, err
}

// FindGroup is one access group within what a permission reaches.
func FindGroup(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (AccessGroup, error) {
	g, err := db.One(ctx, tx, db.SQL(`SELECT ? FROM access_groups g WHERE g.id = ? AND g.deleted_at = 0 AND ?`,
		groupColumns(within), id, within.Where("g")), scanGroup)
	if !fail.Is(err, fail.NotFound) {
		return g, err
	}
	seen := within.Actor().May(access.GroupList)
	return g, missing(ctx, tx, within, "group", db.SQL(`SELECT 1 FROM access_groups g WHERE g.id = ? AND g.deleted_at = 0 AND ?`, id, seen.Where("g")))
}

// ListGroups are the access groups within what a permission reaches, by name; a query narrows to names that have it.
func ListGroups(ctx context.Context, tx *db.Tx, within access.Within, query string, page Page) (List[AccessGroup], error) {
	where, tail, err := page.Keyset("g.name_key", "g.id")
	if err != nil {
		return List[AccessGroup]{}, err
	}
	cond := db.And(within.Where("g"), db.SQL("g.deleted_at = 0"))
	if query != "" {
		cond = db.And(cond, db.SQL(`g.name_key LIKE ? ESCAPE '\'`, "%"+LikeText(db.Key(query))+"%"))
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT ? FROM access_groups g WHERE ? ?`, groupColumns(within), db.And(cond, where), tail), scanGroup)
	if err != nil {
		return List[AccessGroup]{}, err
	}
	out := pageOf(page, rows, func(g AccessGroup) cursor { return cursor{db.Key(g.Name), g.ID} })
	out.Total, err = countRows(ctx, tx, db.SQL(`SELECT 1 FROM access_groups g WHERE ?`, cond))
	return out, err
}

// countRows counts what a query finds, to CountLimit.
func countRows(ctx context.Context, tx *db.Tx, query db.Frag) (int, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (? LIMIT ?) few`, query, CountLimit))
	return int(n), err
}

// CreateGroup makes an access group. A name that the portal has already is a Conflict.
func CreateGroup(ctx context.Context, tx *db.Tx, portal db.ID, name, about string, internal bool, now time.Time) (AccessGroup, error) {
	g := AccessGroup{ID: db.NewID(), Portal: portal, Name: name, About: about, Internal: internal, Created: now}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO access_groups (id, portal_id, name, name_key, about, internal, created_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
		g.ID, portal, name, db.Key(name), about, internal, db.Micros(now)))
	if db.IsUnique(err) {
		return g, fail.New(fail.Conflict, "There is a group of this name already.")
	}
	return g, err
}

// AddGroupMember puts a person into an access group, whose policies they receive from the next request on.
func AddGroupMember(ctx context.Context, tx *db.Tx, group AccessGroup, who Account, by db.ID, now time.Time) error {
	return AddGroupMemberUntil(ctx, tx, group, who, by, now, time.Time{})
}

// AddGroupMemberUntil is AddGroupMember with an end that comes by itself; zero for never (BE-4).
func AddGroupMemberUntil(ctx context.Context, tx *db.Tx, group AccessGroup, who Account, by db.ID, now, until time.Time) error {
	return Begin(ctx, tx, NewGrant{Account: who.ID, Role: access.GroupMember, At: group.Thing(), By: by, Since: now, Until: until})
}

// GroupPerson is a person in an access group.
type GroupPerson struct {
	Account Account
	// Since is when they came in, Until when they leave by themselves; zero for never.
	Since, Until time.Time
	// ByName is who put them in; empty for the portal itself.
	ByName string
}

func scanGroupPerson(s db.Scanner) (p GroupPerson, err error) {
	var since, until int64
	p.Account, err = scanAccount(also{also{also{s, &since}, &until}, &p.ByName})
	p.Since, p.Until = db.Time(since), db.EndOrZero(until)
	return p, err
}

// ListGroupPeople are the people of an access group whom a permission reaches, by name; a query narrows to beginnings of names.
func ListGroupPeople(ctx context.Context, tx *db.Tx, within access.Within, group AccessGroup, query string, page Page) (List[GroupPerson], error) {
	where, tail, err := page.Keyset("a.name_key", "a.id")
	if err != nil {
		return List[GroupPerson]{}, err
	}
	at := within.Actor().Now()
	from := ` FROM grants m JOIN accounts a ON a.id = m.account_id JOIN organizations o ON o.id = a.org_id LEFT JOIN accounts b ON b.id = m.begun_by `
	cond := db.And(within.Where("a"), db.SQL(`m.place_kind = 'access_group' AND m.place_id = ? AND m.role = 'access_group_member'
		AND m.since <= ? AND m.until > ?`, group.ID, at, at))
	if query != "" {
		key := LikeText(db.Key(query)) + "%"
		cond = db.And(cond, db.SQL(`(a.name_key LIKE ? ESCAPE '\' OR a.name_key LIKE ? ESCAPE '\')`, key, "% "+key))
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT m.since, m.until, coalesce(b.name, ''), `+accountColumns+from+`WHERE ? AND ? ?`, cond, where, tail), scanGroupPerson)
	if err != nil {
		return List[GroupPerson]{}, err
	}
	out := pageOf(page, rows, func(p GroupPerson) cursor { return cursor{db.Key(p.Account.Name), p.Account.ID} })
	out.Total, err = countRows(ctx, tx, db.SQL(`SELECT 1`+from+`WHERE ?`, cond))
	return out, err
}

// FindGroupPerson is a person of an access group whom a permission reaches.
func FindGroupPerson(ctx context.Context, tx *db.Tx, within access.Within, group AccessGroup, account db.ID) (Account, error) {
	at := within.Actor().Now()
	a, err := db.One(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`JOIN grants m ON m.account_id = a.id AND m.place_kind = 'access_group' AND m.place_id = ?
		AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ? WHERE a.id = ? AND ?`, group.ID, at, at, account, within.Where("a")), scanAccount)
	if fail.Is(err, fail.NotFound) {
		return a, fail.Missing("person in this group")
	}
	return a, err
}

// SaveGroup writes an access group's name and what it is for. A name that the portal has already is a Conflict.
func SaveGroup(ctx context.Context, tx *db.Tx, g AccessGroup) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE access_groups SET name = ?, name_key = ?, about = ? WHERE id = ?`, g.Name, db.Key(g.Name), g.About, g.ID))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is a group of this name already.")
	}
	return err
}

// RemoveGroupMember takes a person out of an access group; what they had through it ends with the next request.
func RemoveGroupMember(ctx context.Context, tx *db.Tx, group AccessGroup, who Account, by db.ID, now time.Time) error {
	_, err := End(ctx, tx, GrantFilter{Portal: group.Portal, Account: who.ID, Roles: access.Roles{access.GroupMember}, Place: access.Place{Kind: access.AccessGroup, ID: group.ID}}, by, now)
	return err
}

// DeleteGroup deletes an access group: its people leave it, and the policies bound to it are bound to it no longer (LM-12).
func DeleteGroup(ctx context.Context, tx *db.Tx, group AccessGroup, by db.ID, now time.Time) error {
	if _, err := End(ctx, tx, GrantFilter{Portal: group.Portal, Place: access.Place{Kind: access.AccessGroup, ID: group.ID}}, by, now); err != nil {
		return err
	}
	if _, err := End(ctx, tx, GrantFilter{Portal: group.Portal, Group: group.ID}, by, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM policy_holders WHERE holder_kind = 'access_group' AND holder_id = ?`, group.ID)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE access_groups SET deleted_at = ? WHERE id = ?`, db.Micros(now), group.ID))
	return err
}
