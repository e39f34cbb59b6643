package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store/past"
)

// TakenBy says, by field, which of a person's user name, e-mail address and code somebody else in the portal has. A user
// name that is another's e-mail address is taken too: both are what people sign in with.
func TakenBy(ctx context.Context, tx *db.Tx, portal, except db.ID, username, email, code string) (fail.Fields, error) {
	var wrong fail.Fields
	for _, f := range []struct {
		field, value, cond string
		message            fail.Text
	}{
		{"username", db.Key(username), "username_key = ?", fail.Say("Somebody has this user name already.")},
		{"username", db.Key(username), "email_key = ? AND email_key <> ''", fail.Say("This is the e-mail address of somebody else.")},
		{"email", db.Key(email), "email_key = ? AND email_key <> ''", fail.Say("Somebody has this e-mail address already.")},
		{"code", code, "code = ? AND code <> ''", fail.Say("Somebody has this code already.")},
	} {
		if f.value == "" {
			continue
		}
		n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM accounts WHERE portal_id = ? AND id <> ? AND `+f.cond, portal, except, f.value))
		if err != nil {
			return nil, err
		}
		if n > 0 {
			wrong.Add(f.field, f.message.English)
		}
	}
	return wrong, nil
}

// SaveAccount writes a person's name, user name, e-mail address and code. One that is taken is a Conflict.
func SaveAccount(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET name = ?, name_key = ?, username = ?, username_key = ?, email = ?, email_key = ?, code = ? WHERE id = ?`,
		a.Name, db.Key(a.Name), a.Username, db.Key(a.Username), a.Email, db.Key(a.Email), a.Code, a.ID))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "Somebody has this user name, e-mail address or code already.")
	}
	if err != nil {
		return err
	}
	if err := RenameEnrolments(ctx, tx, a.ID, a.Name); err != nil {
		return err
	}
	return IndexAccount(ctx, tx, a)
}

// AccountTypes are the account types that a person holds in their own organization, not by a policy or a group.
func AccountTypes(ctx context.Context, tx *db.Tx, a Account, now time.Time) (access.Roles, error) {
	types, err := CustomTypes(ctx, tx, a.Portal)
	if err != nil {
		return nil, err
	}
	types = append(types, access.AccountTypes...)
	return db.All(ctx, tx, db.SQL(`SELECT role FROM grants WHERE account_id = ? AND portal_id = ? AND place_kind = ? AND place_id = ? AND policy_id IS NULL
		AND role IN ? AND since <= ? AND until > ? ORDER BY id`, a.ID, a.Portal, a.Home().Kind.String(), a.Org, types, db.Micros(now), db.Micros(now)),
		func(s db.Scanner) (r access.RoleID, err error) { return r, s.Scan(&r) })
}

// Home is the place at which the person's account types are held.
func (a Account) Home() access.Place {
	if a.Org == a.Portal {
		return access.Place{Kind: access.Portal, ID: a.Portal}
	}
	return access.Place{Kind: access.Organization, ID: a.Org}
}

// MoveAccount puts a person into another organization. The account types held in the old one end there and begin in the
// new one; one that is not held in such a place is a Conflict. Enrolments, and the figures over them, move along.
func MoveAccount(ctx context.Context, tx *db.Tx, a Account, to Organization, by db.ID, now time.Time) (Account, error) {
	types, err := AccountTypes(ctx, tx, a, now)
	if err != nil {
		return a, err
	}
	place := to.PlaceThing()
	rules, err := LoadRules(ctx, tx, a.Portal)
	if err != nil {
		return a, err
	}
	for _, t := range types {
		if role := rules.Role(t); !role.MayBeAt(place.Kind) {
			return a, fail.New(fail.Conflict, "{role} is held in the whole portal only. End that first.", "role", fail.Term(role.Title))
		}
	}
	until := map[access.RoleID]time.Time{}
	if len(types) > 0 {
		held := GrantFilter{Portal: a.Portal, Account: a.ID, Roles: types, Place: a.Home(), Direct: true}
		grants, err := OpenGrants(ctx, tx, held, now)
		if err != nil {
			return a, err
		}
		for _, g := range grants {
			if g.Until != db.Never { // what ends by itself ends where it goes on too
				until[g.Role] = db.Time(g.Until)
			}
		}
		if _, err := End(ctx, tx, held, by, now); err != nil {
			return a, err
		}
	}
	if err := past.Leave(ctx, tx, access.Account, db.SQL(`id = ?`, a.ID), now); err != nil {
		return a, err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET org_id = ? WHERE id = ?`, to.ID, a.ID)); err != nil {
		return a, err
	}
	if err := MoveEnrolments(ctx, tx, a.ID, a.Org, to.ID); err != nil {
		return a, err
	}
	if err := noteMoved(ctx, tx, a, to, now); err != nil {
		return a, err
	}
	a.Org, a.OrgName = to.ID, to.Name
	for _, t := range types {
		if err := Begin(ctx, tx, NewGrant{Account: a.ID, Role: t, At: place, Since: now, Until: until[t], By: by, Carried: true}); err != nil {
			return a, err
		}
	}
	return a, Changed(ctx, tx, a.Portal)
}

// noteMoved says where a person lay and lies, with the teams that they are in throughout.
func noteMoved(ctx context.Context, tx *db.Tx, a Account, to Organization, now time.Time) error {
	teams, err := teamsOf(ctx, tx, []db.ID{a.ID}, now)
	a.Teams = teams[a.ID]
	before, after := a.Thing(), a.Thing()
	after.Org = to.ID
	tx.Note(Moved{before, after})
	return err
}

// ArchiveAccount hides a person and closes the portal to them at once; RestoreAccount takes it back. What they hold stays.
func ArchiveAccount(ctx context.Context, tx *db.Tx, a Account, now time.Time) error {
	if err := past.Leave(ctx, tx, access.Account, db.SQL(`id = ? AND archived_at = 0`, a.ID), now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET archived_at = ? WHERE id = ? AND archived_at = 0`, db.Micros(now), a.ID)); err != nil {
		return err
	}
	if err := DropResets(ctx, tx, a); err != nil {
		return err
	}
	_, err := EndSessions(ctx, tx, a, 0)
	return err
}

// AccountKept is how long a deleted account can be restored.
const AccountKept = 30 * 24 * time.Hour

// RestoreAccount opens the portal again to somebody who was archived, or deleted no longer than AccountKept ago.
func RestoreAccount(ctx context.Context, tx *db.Tx, a Account, now time.Time) error {
	if !a.Erased.IsZero() || !a.Deleted.IsZero() && !now.Before(a.Deleted.Add(AccountKept)) {
		return fail.New(fail.Conflict, "They were deleted more than 30 days ago, or erased: that is for ever.")
	}
	tx.Note(Grew("accounts"))
	if err := past.Leave(ctx, tx, access.Account, db.SQL(`id = ?`, a.ID), now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET archived_at = 0, deleted_at = 0, merged_into = 0 WHERE id = ?`, a.ID))
	return err
}

// DropResets makes every link that was sent to set a person's password worthless.
func DropResets(ctx context.Context, tx *db.Tx, a Account) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM password_resets WHERE account_id = ?`, a.ID))
	return err
}
