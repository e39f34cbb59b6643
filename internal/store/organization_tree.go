package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store/past"
)

// OrganizationFilter narrows a list of organizations.
type OrganizationFilter struct {
	// Query is a part of the name, or the whole code.
	Query string
	// Top keeps those that lie below none that the actor may see.
	Top bool
	// Parent keeps the children of one.
	Parent db.ID
}

// ListOrganizations are the organizations within what a permission reaches, by name.
func ListOrganizations(ctx context.Context, tx *db.Tx, within access.Within, f OrganizationFilter, page Page) (List[Organization], error) {
	after, tail, err := page.Keyset("o.name_key", "o.id")
	if err != nil {
		return List[Organization]{}, err
	}
	cond := []db.Frag{within.Where("o"), db.SQL("o.deleted_at = 0")}
	if f.Query != "" {
		cond = append(cond, db.SQL(`(o.name_key LIKE ? ESCAPE '\' OR o.code = ?)`, "%"+likeText.Replace(db.Key(cut(f.Query, 200)))+"%", f.Query))
	}
	if f.Parent != 0 {
		cond = append(cond, db.SQL(`o.parent_id = ?`, f.Parent))
	}
	if f.Top {
		cond = append(cond, db.SQL(`NOT EXISTS (SELECT 1 FROM organizations p WHERE p.id = o.parent_id AND ?)`, within.Where("p")))
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+organizationColumns+` FROM organizations o WHERE ? AND ? ?`, db.And(cond...), after, tail), scanOrganization)
	if err != nil {
		return List[Organization]{}, err
	}
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM organizations o WHERE ? LIMIT ?) few`, db.And(cond...), CountLimit))
	out := pageOf(page, rows, func(o Organization) cursor { return cursor{db.Key(o.Name), o.ID} })
	out.Total = int(total)
	return out, err
}

// OrganizationPaths are, for each of some organizations, those above it that lie within what a permission reaches, the
// highest first, without itself.
func OrganizationPaths(ctx context.Context, tx *db.Tx, within access.Within, ids []db.ID) (map[db.ID][]Organization, error) {
	type above struct {
		of db.ID
		o  Organization
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT u.org_id, `+organizationColumns+` FROM org_under u JOIN organizations o ON o.id = u.ancestor_id
		WHERE u.org_id IN ? AND u.ancestor_id <> u.org_id AND o.deleted_at = 0 AND ?
		ORDER BY (SELECT count(*) FROM org_under d WHERE d.org_id = u.ancestor_id)`, ids, within.Where("o")),
		func(s db.Scanner) (a above, err error) {
			a.o, err = scanOrganization(also{s, &a.of})
			return a, err
		})
	out := make(map[db.ID][]Organization, len(ids))
	for _, a := range rows {
		out[a.of] = append(out[a.of], a.o)
	}
	return out, err
}

// ChildCounts are how many organizations within what a permission reaches lie directly below each of some.
func ChildCounts(ctx context.Context, tx *db.Tx, within access.Within, ids []db.ID) (map[db.ID]int, error) {
	type count struct {
		id db.ID
		n  int
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT o.parent_id, count(*) FROM organizations o WHERE o.parent_id IN ? AND o.deleted_at = 0 AND ? GROUP BY o.parent_id`,
		ids, within.Where("o")), func(s db.Scanner) (c count, err error) { return c, s.Scan(&c.id, &c.n) })
	out := make(map[db.ID]int, len(ids))
	for _, c := range rows {
		out[c.id] = c.n
	}
	return out, err
}

// SaveOrganization writes an organization's name and code. A name that its parent has, or a code that is taken, is a Conflict.
func SaveOrganization(ctx context.Context, tx *db.Tx, o Organization) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE organizations SET name = ?, name_key = ?, code = ? WHERE id = ?`, o.Name, db.Key(o.Name), o.Code, o.ID))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is an organization of this name or code already.")
	}
	if err != nil {
		return err
	}
	return Changed(ctx, tx, o.Portal)
}

// MoveOrganization puts an organization, with all below it, below another. Below itself is Invalid, as is too deep.
func MoveOrganization(ctx context.Context, tx *db.Tx, o, parent Organization, now time.Time) error {
	cycle, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM org_under WHERE org_id = ? AND ancestor_id = ?`, parent.ID, o.ID))
	if err != nil {
		return err
	}
	if cycle > 0 {
		return fail.Wrong("parent", "An organization cannot lie below itself.")
	}
	depth, err := db.Val[int64](ctx, tx, db.SQL(`SELECT (SELECT count(*) FROM org_under WHERE org_id = ?) + coalesce(max(n), 0) FROM
		(SELECT count(*) AS n FROM org_under u JOIN org_under i ON i.org_id = u.org_id JOIN org_under t ON t.org_id = i.ancestor_id AND t.ancestor_id = ?
		WHERE u.ancestor_id = ? GROUP BY u.org_id) below`, parent.ID, o.ID, o.ID))
	if err != nil {
		return err
	}
	if depth > MaxDepth {
		return fail.Wrong("parent", "The tree of organizations would be deeper than it may be.")
	}
	if err := past.Leave(ctx, tx, access.Organization, db.SQL(`id = ?`, o.ID), now); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE organizations SET parent_id = ? WHERE id = ?`, parent.ID, o.ID))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is an organization of this name there already.")
	}
	if err != nil {
		return err
	}
	// What lies below it loses the ancestors that are not below it too, then gains those of the new parent.
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM org_under WHERE org_id IN (SELECT b.org_id FROM org_under b WHERE b.ancestor_id = ?)
		AND ancestor_id NOT IN (SELECT b.org_id FROM org_under b WHERE b.ancestor_id = ?)`, o.ID, o.ID)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO org_under (org_id, ancestor_id) SELECT b.org_id, p.ancestor_id FROM org_under b CROSS JOIN org_under p
		WHERE b.ancestor_id = ? AND p.org_id = ?`, o.ID, parent.ID)); err != nil {
		return err
	}
	tx.Note(access.Resettled{Before: o.Thing(), After: o.Thing()})
	return Changed(ctx, tx, o.Portal)
}

// OrganizationGrants are the open grants at some organizations, whoever holds them.
func OrganizationGrants(ctx context.Context, tx *db.Tx, portal db.ID, ids []db.ID, now time.Time) ([]access.Grant, error) {
	return grantsWhere(ctx, tx, db.SQL("g.portal_id = ? AND g.place_kind = 'organization' AND g.place_id IN ? AND g.until > ?", portal, ids, db.Micros(now)))
}

// HoldersIn are the accounts that hold something at some organizations, themselves or through an access group.
func HoldersIn(ctx context.Context, tx *db.Tx, portal db.ID, orgs []db.ID, now time.Time) ([]db.ID, error) {
	return db.All(ctx, tx, db.SQL(`SELECT DISTINCT coalesce(g.account_id, m.account_id) FROM grants g LEFT JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id
		AND m.until > ? WHERE g.portal_id = ? AND g.place_kind = 'organization' AND g.place_id IN ? AND g.until > ? AND coalesce(g.account_id, m.account_id) IS NOT NULL`,
		db.Micros(now), portal, orgs, db.Micros(now)), db.ScanID)
}

// DefaultOrganization is where people go who are put into no other, within what a permission reaches: the one that is marked,
// or else the root.
func DefaultOrganization(ctx context.Context, tx *db.Tx, within access.Within) (Organization, error) {
	id, err := DefaultOrganizationID(ctx, tx, within.Portal())
	if err != nil {
		return Organization{}, err
	}
	return FindOrganization(ctx, tx, within, id)
}

// DefaultOrganizationID is the same for whoever asks.
func DefaultOrganizationID(ctx context.Context, tx *db.Tx, portal db.ID) (db.ID, error) {
	id, err := db.Val[db.ID](ctx, tx, db.SQL(`SELECT id FROM organizations WHERE portal_id = ? AND is_default AND deleted_at = 0`, portal))
	if fail.Is(err, fail.NotFound) {
		return portal, nil
	}
	return id, err
}

// Content is what lies in an organization: how many of a kind, for people to read.
type Content struct {
	Kind  string
	Count int
}

// OrganizationContents are what lies in an organization itself, and keeps it from being deleted; counting stops at CountLimit.
func OrganizationContents(ctx context.Context, tx *db.Tx, o Organization, now time.Time) ([]Content, error) {
	at := db.Micros(now)
	var out []Content
	for _, q := range []struct {
		kind fail.Term
		from db.Frag
	}{
		{fail.Term("organizations"), db.SQL(`organizations WHERE parent_id = ? AND deleted_at = 0`, o.ID)},
		{fail.Term("people"), db.SQL(`accounts WHERE org_id = ?`, o.ID)},
		{fail.Term("teams"), db.SQL(`teams WHERE org_id = ? AND deleted_at = 0`, o.ID)},
		{fail.Term("courses"), db.SQL(`courses WHERE org_id = ? AND deleted_at = 0`, o.ID)},
		{fail.Term("learning paths"), db.SQL(`paths WHERE org_id = ? AND deleted_at = 0`, o.ID)},
		{fail.Term("requirements"), db.SQL(`requirements WHERE org_id = ? AND until > ?`, o.ID, at)},
		{fail.Term("invitations"), db.SQL(`invitations WHERE org_id = ? AND accepted_at = 0 AND withdrawn_at = 0 AND until > ?`, o.ID, at)},
		{fail.Term("roles given"), db.SQL(`grants WHERE place_kind = 'organization' AND place_id = ? AND until > ?`, o.ID, at)},
		{fail.Term("policies"), db.SQL(`policy_places p JOIN policies y ON y.id = p.policy_id WHERE p.place_kind = 'organization' AND p.place_id = ? AND y.deleted_at = 0`, o.ID)},
		{fail.Term("changed permissions"), db.SQL(`overrides WHERE org_id = ? AND until = ?`, o.ID, db.Never)},
	} {
		n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM ? LIMIT ?) few`, q.from, CountLimit))
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, Content{string(q.kind), int(n)})
		}
	}
	return out, nil
}

// DeleteOrganization takes an empty organization out of the tree; one that holds something is a Conflict that says what.
func DeleteOrganization(ctx context.Context, tx *db.Tx, o Organization, now time.Time) error {
	contents, err := OrganizationContents(ctx, tx, o, now)
	if err != nil {
		return err
	}
	if len(contents) > 0 {
		return fail.New(fail.Conflict, "The organization is not empty: {contents}. Move or delete these first.", "contents", Contents(contents))
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE organizations SET deleted_at = ?, name_key = ?, code = '' WHERE id = ?`, db.Micros(now), "deleted "+o.ID.String(), o.ID)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM org_under WHERE org_id = ?`, o.ID)); err != nil {
		return err
	}
	return Changed(ctx, tx, o.Portal)
}

// Contents says what lies in an organization: "12 people, 3 teams".
func Contents(list []Content) fail.Several {
	all := fail.Several{Between: ", "}
	for _, c := range list {
		text := fail.Say("{n} {kind}", "n", c.Count, "kind", fail.Term(c.Kind))
		if c.Count == CountLimit {
			text = fail.Say("{n} {kind} or more", "n", c.Count, "kind", fail.Term(c.Kind))
		}
		all.Texts = append(all.Texts, text)
	}
	return all
}

// OrganizationsCalled are the organizations within what a permission reaches that have an id, a code or a name: two at most,
// for who needs just one.
func OrganizationsCalled(ctx context.Context, tx *db.Tx, within access.Within, text string) ([]Organization, error) {
	id, _ := db.ParseID(text) // zero where it is none
	return db.All(ctx, tx, db.SQL(`SELECT `+organizationColumns+` FROM organizations o WHERE o.portal_id = ? AND o.deleted_at = 0
		AND (o.id = ? OR (o.code = ? AND o.code <> '') OR o.name_key = ?) AND ? ORDER BY o.id LIMIT 2`, within.Portal(), id, text, db.Key(text), within.Where("o")), scanOrganization)
}
