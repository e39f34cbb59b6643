package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// NewGrant is a grant that begins.
type NewGrant struct {
	// ID is made where it is zero.
	ID db.ID
	// Account, or an access group, is who; exactly one of the two is set.
	Account, Group db.ID
	Role           access.RoleID
	// At is the place, with where it lies.
	At access.Thing
	// Policy is the policy that makes it; zero for none.
	Policy db.ID
	// Since is when it begins; Until is zero for never.
	Since, Until time.Time
	By           db.ID
	// ByCreation: the creator of a thing gets its owner role (LM-11), which is not passed on by anybody.
	ByCreation bool
	// ByConsent: the person whom it is about asked for it, or agreed.
	ByConsent bool
	// Carried: it goes on elsewhere, as when a person moves; its type may be switched off meanwhile.
	Carried bool
}

// Begun notes, in its transaction, a grant that began, for the check of what may be passed on and for previews.
type Begun struct {
	NewGrant
}

// Ended notes, in its transaction, grants of an account or an access group that ended.
type Ended struct {
	Account, Group db.ID
	Role           access.RoleID
	Place          access.Place
}

// RoleChanged notes, in its transaction, what a role of the portal's holds now and did not before.
type RoleChanged struct {
	Role  access.RoleID
	Added access.Set
}

// CellChanged notes, in its transaction, an override that was set or cleared.
type CellChanged struct {
	Override access.Override
	Cleared  bool
}

// Moved notes, in its transaction, where a person lay before and after a move, for the check that the mover gains nothing.
type Moved struct {
	Before, After access.Thing
}

// Begin begins a grant and bumps the portal's version. What somebody already is there, as
// themselves, and an account type that is switched off, are Conflicts.
func Begin(ctx context.Context, tx *db.Tx, g NewGrant) error {
	if g.ID == 0 {
		g.ID = db.NewID()
	}
	if !g.Carried {
		if err := refuseOff(ctx, tx, g.At.Portal, g.Role); err != nil {
			return err
		}
	}
	until := db.Never
	if !g.Until.IsZero() {
		until = db.Micros(g.Until)
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO grants (id, portal_id, account_id, group_id, role, place_kind, place_id, policy_id, since, until, begun_by, ended_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`, g.ID, g.At.Portal, null(g.Account), null(g.Group), string(g.Role), g.At.Kind.String(), g.At.ID,
		null(g.Policy), db.Micros(g.Since), until, g.By))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "They are that already.")
	}
	if err != nil {
		return err
	}
	tx.Note(Begun{g})
	return Changed(ctx, tx, g.At.Portal)
}

func null(id db.ID) any {
	if id == 0 {
		return nil
	}
	return id
}

// GrantFilter chooses open grants to end; what is zero does not narrow.
type GrantFilter struct {
	Portal         db.ID
	ID             db.ID
	Account, Group db.ID
	Roles          access.Roles
	Place          access.Place
	Policy         db.ID
	// Direct leaves out what a policy made.
	Direct bool
}

func (f GrantFilter) where(now int64) db.Frag {
	parts := []db.Frag{db.SQL("portal_id = ? AND until > ?", f.Portal, now)}
	add := func(on bool, text string, args ...any) {
		if on {
			parts = append(parts, db.SQL(text, args...))
		}
	}
	roles := make([]string, len(f.Roles))
	for i, r := range f.Roles {
		roles[i] = string(r)
	}
	add(!f.Roles.Has(access.Super), "role <> 'super'") // which is handed over by TransferSuper alone (PT-3)
	add(f.ID != 0, "id = ?", f.ID)
	add(f.Account != 0, "account_id = ?", f.Account)
	add(f.Group != 0, "group_id = ?", f.Group)
	add(f.Policy != 0, "policy_id = ?", f.Policy)
	add(f.Place.ID != 0, "place_kind = ? AND place_id = ?", f.Place.Kind.String(), f.Place.ID)
	add(len(roles) > 0, "role IN ?", roles)
	add(f.Direct, "policy_id IS NULL")
	return db.And(parts...)
}

// End ends the open grants that a filter chooses, and tells how many there were. What has not begun yet never does.
func End(ctx context.Context, tx *db.Tx, f GrantFilter, by db.ID, now time.Time) (int, error) {
	at := db.Micros(now)
	ended, err := db.All(ctx, tx, db.SQL(`UPDATE grants SET until = ?, ended_by = ? WHERE ? RETURNING coalesce(account_id, 0), coalesce(group_id, 0), role, place_kind, place_id`,
		at, by, f.where(at)), func(s db.Scanner) (e Ended, err error) {
		var kind string
		err = s.Scan(&e.Account, &e.Group, &e.Role, &kind, &e.Place.ID)
		e.Place.Kind, _ = access.KindOf(kind)
		return e, err
	})
	if err != nil || len(ended) == 0 {
		return 0, err
	}
	for _, e := range ended {
		tx.Note(e)
	}
	return len(ended), Changed(ctx, tx, f.Portal)
}

// GroupGrants are the open grants that an access group's members receive.
func GroupGrants(ctx context.Context, tx *db.Tx, portal, group db.ID, now time.Time) ([]access.Grant, error) {
	return grantsWhere(ctx, tx, db.SQL("g.portal_id = ? AND g.group_id = ? AND g.until > ?", portal, group, db.Micros(now)))
}

// RoleGrants are the open grants of a role, one for each place.
func RoleGrants(ctx context.Context, tx *db.Tx, portal db.ID, role access.RoleID, now time.Time) ([]access.Grant, error) {
	return grantsWhere(ctx, tx, db.SQL("g.portal_id = ? AND g.role = ? AND g.until > ?", portal, string(role), db.Micros(now)))
}

func grantsWhere(ctx context.Context, tx *db.Tx, cond db.Frag) ([]access.Grant, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT coalesce(g.account_id, 0), g.since, g.until, `+grantColumns+` FROM grants g `+grantPlaces+` WHERE ?`, cond), scanHeld)
	out := make([]access.Grant, len(rows))
	for i := range rows {
		out[i] = rows[i].grant
	}
	return out, err
}

// HoldersOf are the accounts that hold grants of a role, themselves or through an access group.
func HoldersOf(ctx context.Context, tx *db.Tx, portal db.ID, role access.RoleID, now time.Time) ([]db.ID, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT account_id FROM grants WHERE portal_id = ? AND role = ? AND until > ? AND account_id IS NOT NULL
		UNION SELECT m.account_id FROM grants g JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id AND m.role = 'access_group_member'
		WHERE g.portal_id = ? AND g.role = ? AND g.until > ? AND m.until > ?`, portal, string(role), at, portal, string(role), at, at), db.ScanID)
}

// GroupMembers are the accounts in an access group.
func GroupMembers(ctx context.Context, tx *db.Tx, portal, group db.ID, now time.Time) ([]db.ID, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT account_id FROM grants WHERE portal_id = ? AND place_kind = 'access_group' AND place_id = ?
		AND role = 'access_group_member' AND since <= ? AND until > ?`, portal, group, at, at), db.ScanID)
}

// OpenGrants are the open grants that a filter chooses, at whatever place they are.
func OpenGrants(ctx context.Context, tx *db.Tx, f GrantFilter, now time.Time) ([]access.Grant, error) {
	return grantsWhere(ctx, tx, db.SQL(`g.id IN (SELECT id FROM grants WHERE ?)`, f.where(db.Micros(now))))
}

// NextTurn is when the next grant of a portal ends by itself; a year from now where none does.
func NextTurn(ctx context.Context, tx *db.Tx, portal db.ID, now time.Time) (time.Time, error) {
	at, err := db.Val[int64](ctx, tx, db.SQL(`SELECT coalesce(min(until), ?) FROM grants WHERE portal_id = ? AND until > ? AND until < 9223372036854775807`,
		db.Micros(now.AddDate(1, 0, 0)), portal, db.Micros(now)))
	return db.Time(at), err
}

// AsGrants are grants of some ids as the fold takes them, open at every moment: what a person would have if these had not ended.
// Those at places that are gone are left out.
func AsGrants(ctx context.Context, tx *db.Tx, portal db.ID, ids []db.ID) ([]access.Grant, error) {
	grants, err := grantsWhere(ctx, tx, db.SQL("g.portal_id = ? AND g.id IN ?", portal, ids))
	if err != nil {
		return nil, err
	}
	for i := range grants {
		grants[i].Since, grants[i].Until = 0, db.Never
	}
	return grants, nil
}
