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

// ListGroups are the access groups within what a permission reaches, by name.
func ListGroups(ctx context.Context, tx *db.Tx, within access.Within, page Page) (List[AccessGroup], error) {
	where, tail, err := page.keyset("g.name_key", "g.id")
	if err != nil {
		return List[AccessGroup]{}, err
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT ? FROM access_groups g WHERE ? ?`, groupColumns(within),
		db.And(within.Where("g"), db.SQL("g.deleted_at = 0"), where), tail), scanGroup)
	return pageOf(page, rows, func(g AccessGroup) cursor { return cursor{db.Key(g.Name), g.ID} }), err
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
	return Begin(ctx, tx, NewGrant{Account: who.ID, Role: access.GroupMember, At: group.Thing(), By: by, Since: now})
}
