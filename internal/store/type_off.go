package store

import (
	"context"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// TypeSwitched notes, in its transaction, an account type that was switched off or on in a portal.
type TypeSwitched struct {
	Role access.RoleID
	On   bool
}

func typesOff(ctx context.Context, tx *db.Tx, portal db.ID, counts db.Frag) (map[access.RoleID]bool, error) {
	list, err := db.All(ctx, tx, db.SQL(`SELECT role FROM types_off WHERE portal_id = ? AND ?`, portal, counts),
		func(s db.Scanner) (r access.RoleID, err error) { return r, s.Scan(&r) })
	out := make(map[access.RoleID]bool, len(list))
	for _, r := range list {
		out[r] = true
	}
	return out, err
}

// SwitchType switches an account type off or on in a portal, and bumps its version. One that is so already is a Conflict.
func SwitchType(ctx context.Context, tx *db.Tx, portal Portal, role access.RoleID, on bool, by db.ID, now time.Time) error {
	var n int64 = 1
	var err error
	if on {
		n, err = tx.Exec(ctx, db.SQL(`UPDATE types_off SET until = ?, ended_by = ? WHERE portal_id = ? AND role = ? AND until = ?`,
			db.Micros(now), by, portal.ID, string(role), db.Never))
	} else {
		_, err = tx.Exec(ctx, db.SQL(`INSERT INTO types_off (id, portal_id, role, since, until, begun_by, ended_by) VALUES (?, ?, ?, ?, ?, ?, 0)`,
			db.NewID(), portal.ID, string(role), db.Micros(now), db.Never, by))
	}
	if db.IsUnique(err) || (err == nil && n == 0) {
		return fail.New(fail.Conflict, map[bool]string{true: "This account type is on already.", false: "This account type is off already."}[on])
	}
	if err != nil {
		return err
	}
	tx.Note(TypeSwitched{Role: role, On: on})
	return Changed(ctx, tx, portal.ID)
}

// EndPartial makes each partial administrator of a portal a full one, until when they were a partial one, and tells how many there
// were (XA-1). The actor must hold what full administrators do (PT-2).
func EndPartial(ctx context.Context, tx *db.Tx, portal Portal, by db.ID, now time.Time) (int, error) {
	at := db.Micros(now)
	held, err := db.All(ctx, tx, db.SQL(`SELECT g.account_id, g.until, (SELECT count(*) FROM grants f WHERE f.account_id = g.account_id AND f.portal_id = g.portal_id
		AND f.role = ? AND f.place_kind = 'portal' AND f.until > ?) FROM grants g WHERE g.portal_id = ? AND g.role = ? AND g.account_id IS NOT NULL AND g.until > ?`,
		string(access.Admin), at, portal.ID, string(access.Partial), at), func(s db.Scanner) (p [3]db.ID, err error) { return p, s.Scan(&p[0], &p[1], &p[2]) })
	if err != nil || len(held) == 0 {
		return 0, err
	}
	if _, err := End(ctx, tx, GrantFilter{Portal: portal.ID, Roles: access.Roles{access.Partial}}, by, now); err != nil {
		return 0, err
	}
	for _, p := range held {
		if p[2] > 0 {
			continue // a full administrator already
		}
		g := NewGrant{Account: p[0], Role: access.Admin, At: portal.Thing(), Since: now, By: by}
		if int64(p[1]) != db.Never {
			g.Until = db.Time(int64(p[1]))
		}
		if err := Begin(ctx, tx, g); err != nil {
			return 0, err
		}
	}
	return len(held), nil
}

// errTypeOff says that a type cannot be given.
var errTypeOff = fail.New(fail.Conflict, "This account type is switched off in this portal: nobody can be given it.")

// refuseOff refuses a grant of an account type that is switched off. Roles that a portal made may be account types too.
func refuseOff(ctx context.Context, tx *db.Tx, portal db.ID, role access.RoleID) error {
	if r := access.Builtin(role); r != nil && r.Along != "" {
		role = r.Along
	}
	if !access.AccountTypes.Has(role) && !strings.HasPrefix(string(role), "c") {
		return nil
	}
	parent := role // a role of the portal's is off where its parent is
	if !access.AccountTypes.Has(role) {
		own, err := db.ParseID(string(role)[1:])
		if err != nil {
			return nil
		}
		text, err := db.Val[string](ctx, tx, db.SQL(`SELECT coalesce(max(parent), '') FROM roles WHERE id = ? AND portal_id = ?`, own, portal))
		if err != nil {
			return err
		}
		parent = access.RoleID(text)
	}
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM types_off WHERE portal_id = ? AND role IN (?, ?) AND until = ?`, portal, string(role), string(parent), db.Never))
	if err == nil && n > 0 {
		return errTypeOff
	}
	if err != nil || !access.WhileReselling.Has(parent) {
		return err
	}
	p, err := PortalOf(ctx, tx, portal)
	if err == nil && !p.Settings.Brand.On {
		err = ErrNotReselling
	}
	return err
}

// ErrNotReselling says that there are no partial administrators now (XA-1).
var ErrNotReselling = fail.New(fail.Conflict, "There are partial administrators only while “Resell under your own brand” is on.")
