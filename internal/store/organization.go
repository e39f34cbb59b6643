package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// MaxDepth is how deep the tree of organizations may be.
const MaxDepth = 32

// Organization is a part of a portal; the root is the portal itself.
type Organization struct {
	ID     db.ID
	Portal db.ID
	// Parent is zero for the root.
	Parent db.ID
	Name   string
	// Code is what another system calls it; unique in the portal where it is not empty.
	Code    string
	Created time.Time
}

// Thing is the organization as a thing that permissions are asked about, and as a place.
func (o Organization) Thing() access.Thing {
	return access.Thing{Kind: access.Organization, ID: o.ID, Portal: o.Portal, Org: o.ID}
}

// PlaceThing is the organization as the place of a grant: the root's is the portal.
func (o Organization) PlaceThing() access.Thing {
	t := o.Thing()
	if o.Parent == 0 {
		t.Kind = access.Portal
	}
	return t
}

const organizationColumns = `o.id, o.portal_id, coalesce(o.parent_id, 0), o.name, o.code, o.created_at`

func scanOrganization(s db.Scanner) (o Organization, err error) {
	var created int64
	err = s.Scan(&o.ID, &o.Portal, &o.Parent, &o.Name, &o.Code, &created)
	o.Created = db.Time(created)
	return o, err
}

// FindOrganization is one organization within what a permission reaches.
func FindOrganization(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Organization, error) {
	o, err := db.One(ctx, tx, db.SQL(`SELECT `+organizationColumns+` FROM organizations o WHERE o.id = ? AND o.deleted_at = 0 AND ?`, id, within.Where("o")), scanOrganization)
	if !fail.Is(err, fail.NotFound) {
		return o, err
	}
	seen := within.Actor().May(access.OrganizationList)
	return o, missing(ctx, tx, within, "organization", db.SQL(`SELECT 1 FROM organizations o WHERE o.id = ? AND o.deleted_at = 0 AND ?`, id, seen.Where("o")))
}

// missing is NotAllowed where a query over what the actor may see finds the thing, and NotFound where it does not.
func missing(ctx context.Context, tx *db.Tx, within access.Within, noun string, visible db.Frag) error {
	_, err := db.Val[int64](ctx, tx, visible)
	if fail.Is(err, fail.NotFound) {
		return fail.Missing(noun)
	}
	if err != nil {
		return err
	}
	return NotAllowed(within)
}

// CreateOrganization makes an organization below another. A name that the parent has already is a Conflict.
func CreateOrganization(ctx context.Context, tx *db.Tx, parent Organization, name, code string, now time.Time) (Organization, error) {
	o := Organization{ID: db.NewID(), Portal: parent.Portal, Parent: parent.ID, Name: name, Code: code, Created: now}
	depth, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM org_under WHERE org_id = ?`, parent.ID))
	if err != nil {
		return o, err
	}
	if depth >= MaxDepth {
		return o, fail.Wrong("parent", "The tree of organizations is as deep as it may be.")
	}
	if err := insertOrganization(ctx, tx, o); err != nil {
		return o, err
	}
	tx.Note(Grew("organizations"))
	return o, Changed(ctx, tx, o.Portal)
}

func insertOrganization(ctx context.Context, tx *db.Tx, o Organization) error {
	var parent any
	if o.Parent != 0 {
		parent = o.Parent
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO organizations (id, portal_id, parent_id, name, name_key, code, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		o.ID, o.Portal, parent, o.Name, db.Key(o.Name), o.Code, db.Micros(o.Created)))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is an organization of this name or code already.")
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO org_under (org_id, ancestor_id) SELECT ?, u.ancestor_id FROM org_under u WHERE u.org_id = ?`, o.ID, o.Parent))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO org_under (org_id, ancestor_id) VALUES (?, ?)`, o.ID, o.ID))
	return err
}

// AllOrganizations are all of a portal's, parents before their children, whoever may see them: for importers, which have
// to know the names that are taken.
func AllOrganizations(ctx context.Context, tx *db.Tx, within access.Within) ([]Organization, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+organizationColumns+` FROM organizations o WHERE o.portal_id = ?
		ORDER BY (SELECT count(*) FROM org_under u WHERE u.org_id = o.id), o.name_key, o.id`, within.Portal()), scanOrganization)
}
