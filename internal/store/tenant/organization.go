package tenant

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/past"
)

// Marks are what an organization is marked as.
type Marks struct {
	// External: it is a customer's or partner's, not a part of the business.
	External bool
	// Hidden: what lies in it is not seen from outside by those who do not administer.
	Hidden bool
	// Default: it is where people go who are put into no other.
	Default bool
}

// MarksOf are an organization's marks.
func MarksOf(ctx context.Context, tx *db.Tx, o store.Organization) (m Marks, err error) {
	return db.One(ctx, tx, db.SQL(`SELECT external, hidden, is_default FROM organizations WHERE id = ?`, o.ID),
		func(s db.Scanner) (m Marks, err error) { return m, s.Scan(&m.External, &m.Hidden, &m.Default) })
}

// SaveMarks writes an organization's marks. There is one default: it is so no other any more.
func SaveMarks(ctx context.Context, tx *db.Tx, o store.Organization, m Marks, now time.Time) error {
	if err := past.Leave(ctx, tx, access.Organization, db.SQL(`id = ?`, o.ID), now); err != nil {
		return err
	}
	if m.Default {
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE organizations SET is_default = false WHERE portal_id = ? AND is_default AND id <> ?`, o.Portal, o.ID)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE organizations SET external = ?, hidden = ?, is_default = ? WHERE id = ?`, m.External, m.Hidden, m.Default, o.ID)); err != nil {
		return err
	}
	return store.Changed(ctx, tx, o.Portal)
}

// Administrator is somebody who administers an organization, and where they were made that.
type Administrator struct {
	Account db.ID
	Name    string
	Org     db.ID
	OrgName string
}

// ShownAdministrators is how many administrators of an organization are listed.
const ShownAdministrators = 100

// Administrators are the organization administrators of an organization itself and of those above it, of the people whom a
// permission reaches.
func Administrators(ctx context.Context, tx *db.Tx, within access.Within, o store.Organization, now time.Time) ([]Administrator, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT DISTINCT a.id, a.name, o.id, o.name, a.name_key, (SELECT count(*) FROM org_under d WHERE d.org_id = o.id) AS deep FROM grants g
		JOIN org_under u ON u.org_id = ? AND u.ancestor_id = g.place_id JOIN organizations o ON o.id = u.ancestor_id
		LEFT JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id AND m.since <= ? AND m.until > ?
		JOIN accounts a ON a.id = coalesce(g.account_id, m.account_id)
		WHERE g.portal_id = ? AND g.role = 'org_admin' AND g.place_kind IN ('organization', 'portal') AND g.since <= ? AND g.until > ? AND a.archived_at = 0 AND ?
		ORDER BY deep DESC, a.name_key, a.id LIMIT ?`, o.ID, at, at, o.Portal, at, at, within.Where("a"), ShownAdministrators),
		func(s db.Scanner) (x Administrator, err error) {
			var key string
			var deep int64
			return x, s.Scan(&x.Account, &x.Name, &x.Org, &x.OrgName, &key, &deep)
		})
}

// AccountsIn are the ids of all accounts of an organization itself, archived ones too.
func AccountsIn(ctx context.Context, tx *db.Tx, o store.Organization) ([]db.ID, error) {
	return db.All(ctx, tx, db.SQL(`SELECT id FROM accounts WHERE org_id = ? ORDER BY id`, o.ID), db.ScanID)
}

// ChildrenOf are the ids of the organizations directly below one.
func ChildrenOf(ctx context.Context, tx *db.Tx, o store.Organization) ([]db.ID, error) {
	return db.All(ctx, tx, db.SQL(`SELECT id FROM organizations WHERE parent_id = ? AND deleted_at = 0 ORDER BY id`, o.ID), db.ScanID)
}

// EndRoles ends the roles that somebody was given at an organization, but for those that who adds people there gives.
func EndRoles(ctx context.Context, tx *db.Tx, o store.Organization, rules *access.Rules, by db.ID, now time.Time) error {
	place := o.PlaceThing()
	held, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT role FROM grants WHERE place_kind = 'organization' AND place_id = ? AND until > ? AND policy_id IS NULL`, o.ID, db.Micros(now)),
		func(s db.Scanner) (r access.RoleID, err error) { return r, s.Scan(&r) })
	if err != nil {
		return err
	}
	var end access.Roles
	for _, id := range held {
		if role := rules.Role(id); role == nil || role.GivenBy == nil {
			end = append(end, id)
		}
	}
	if len(end) == 0 {
		return nil
	}
	_, err = store.End(ctx, tx, store.GrantFilter{Portal: o.Portal, Roles: end, Place: place.Place(), Direct: true}, by, now)
	return err
}

// CarryRoles begins, at another organization, each role that is held at one, and binds the policies bound to the one to the other.
func CarryRoles(ctx context.Context, tx *db.Tx, o, into store.Organization, by db.ID, now time.Time) error {
	from, to := o.PlaceThing(), into.PlaceThing()
	type held struct {
		account, group db.ID
		role           access.RoleID
		until          int64
	}
	list, err := db.All(ctx, tx, db.SQL(`SELECT coalesce(g.account_id, 0), coalesce(g.group_id, 0), g.role, g.until FROM grants g WHERE g.place_kind = 'organization' AND g.place_id = ?
		AND g.until > ? AND g.policy_id IS NULL AND NOT EXISTS (SELECT 1 FROM grants h WHERE h.role = g.role AND h.place_kind = ? AND h.place_id = ? AND h.until > ? AND h.policy_id IS NULL
		AND coalesce(h.account_id, 0) = coalesce(g.account_id, 0) AND coalesce(h.group_id, 0) = coalesce(g.group_id, 0)) ORDER BY g.id`,
		o.ID, db.Micros(now), to.Kind.String(), to.ID, db.Micros(now)), func(s db.Scanner) (h held, err error) { return h, s.Scan(&h.account, &h.group, &h.role, &h.until) })
	if err != nil {
		return err
	}
	for _, h := range list {
		g := store.NewGrant{Account: h.account, Group: h.group, Role: h.role, At: to, Since: now, By: by, Carried: true}
		if h.until != db.Never {
			g.Until = db.Time(h.until)
		}
		if err := store.Begin(ctx, tx, g); err != nil {
			return err
		}
	}
	policies, err := store.PoliciesAt(ctx, tx, from.Place())
	for _, p := range policies {
		replace := func(b *store.Bound) {
			b.Places = append(slices.DeleteFunc(b.Places, func(at access.Place) bool { return at == from.Place() || at == to.Place() }), to.Place())
		}
		if err := store.Rebind(ctx, tx, p, replace, by, now); err != nil {
			return err
		}
	}
	return err
}

// Empty puts what else lies in an organization, its teams, courses, paths, invitations and alerts, into another, and ends what its place
// itself means: roles and policies there, what is required of its people, and its changes of the grid. People and organizations below it go before.
func Empty(ctx context.Context, tx *db.Tx, o, into store.Organization, by db.ID, now time.Time) error {
	from := o.PlaceThing()
	if err := store.Unbind(ctx, tx, from, by, now); err != nil {
		return err
	}
	for _, kind := range []access.Kind{access.Team, access.Course} {
		if err := past.Leave(ctx, tx, kind, db.SQL(`org_id = ?`, o.ID), now); err != nil {
			return err
		}
	}
	for _, q := range []db.Frag{
		db.SQL(`UPDATE teams SET org_id = ? WHERE org_id = ?`, into.ID, o.ID),
		db.SQL(`UPDATE courses SET org_id = ? WHERE org_id = ?`, into.ID, o.ID),
		db.SQL(`UPDATE paths SET org_id = ? WHERE org_id = ?`, into.ID, o.ID),
		db.SQL(`UPDATE requirements SET until = ? WHERE org_id = ? AND until > ?`, db.Micros(now), o.ID, db.Micros(now)),
		db.SQL(`UPDATE paths SET org_id = ? WHERE org_id = ?`, into.ID, o.ID),
		db.SQL(`UPDATE requirements SET until = ? WHERE org_id = ? AND until > ?`, db.Micros(now), o.ID, db.Micros(now)),
		db.SQL(`UPDATE invitations SET org_id = ? WHERE org_id = ?`, into.ID, o.ID),
		db.SQL(`UPDATE plan_alerts SET org_id = ? WHERE org_id = ?`, into.ID, o.ID),
		db.SQL(`DELETE FROM plan_usage WHERE org_id = ?`, o.ID),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	cells, err := db.All(ctx, tx, db.SQL(`SELECT role, permission FROM overrides WHERE org_id = ? AND until = ?`, o.ID, db.Never),
		func(s db.Scanner) (c [2]string, err error) { return c, s.Scan(&c[0], &c[1]) })
	if err != nil {
		return err
	}
	for _, c := range cells {
		p, ok := access.PermissionOf(c[1])
		if !ok {
			continue
		}
		if err := store.ClearOverride(ctx, tx, o, access.RoleID(c[0]), p, 0, now); err != nil {
			return err
		}
	}
	marks, err := MarksOf(ctx, tx, o)
	if err != nil || !marks.Default {
		return err
	}
	if err := SaveMarks(ctx, tx, o, Marks{}, now); err != nil {
		return err
	}
	other, err := MarksOf(ctx, tx, into)
	if err != nil {
		return err
	}
	other.Default = true
	return SaveMarks(ctx, tx, into, other, now)
}
