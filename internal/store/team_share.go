package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// ShareRoles are all roles that sharing a team gives (LM-10).
var ShareRoles = append(append(append(append(access.Roles{}, access.ShareRead...), access.ShareEdit...), access.ShareAnalytics...), access.ShareNotify...)

// Share is what a team is shared with one holder for.
type Share struct {
	// ID is that of one of its grants: the share's name outside.
	ID     db.ID
	Holder Holder
	Name   string
	Roles  access.Roles
	// Until is zero for never.
	Since, Until time.Time
}

// TeamShares are a team's open shares, those that begin later too, the oldest first. It asks no permission: what is shown
// of who they are with is for the operation to say.
func TeamShares(ctx context.Context, tx *db.Tx, team Team, now time.Time) ([]Share, error) {
	type given struct {
		share Share
		role  string
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT s.id, coalesce(s.account_id, 0), coalesce(s.group_id, 0), coalesce(a.name, h.name, ''), s.role, s.since, s.until
		FROM grants s LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN access_groups h ON h.id = s.group_id
		WHERE s.place_kind = 'team' AND s.place_id = ? AND s.policy_id IS NULL AND s.role IN ? AND s.until > ? ORDER BY s.id`,
		team.ID, roleTexts(ShareRoles), db.Micros(now)), func(s db.Scanner) (g given, err error) {
		var group db.ID
		var since, until int64
		err = s.Scan(&g.share.ID, &g.share.Holder.ID, &group, &g.share.Name, &g.role, &since, &until)
		g.share.Holder.Kind = access.Account
		if group != 0 {
			g.share.Holder = Holder{access.AccessGroup, group}
		}
		g.share.Since, g.share.Until = db.Time(since), db.EndOrZero(until)
		return g, err
	})
	var out []Share
	at := map[Holder]int{}
	for _, g := range rows {
		i, ok := at[g.share.Holder]
		if !ok {
			i = len(out)
			at[g.share.Holder] = i
			out = append(out, g.share)
		}
		out[i].Roles = append(out[i].Roles, access.RoleID(g.role))
	}
	return out, err
}

// ShareTeam makes what a team is shared with a holder for exactly these roles until then; the zero time is never.
func ShareTeam(ctx context.Context, tx *db.Tx, team Team, holder Holder, roles access.Roles, by db.ID, now, until time.Time) error {
	if err := EndShare(ctx, tx, team, holder, by, now); err != nil {
		return err
	}
	for _, role := range roles {
		g := NewGrant{Account: holder.ID, Role: role, At: team.Thing(), By: by, Since: now, Until: until}
		if holder.Kind == access.AccessGroup {
			g.Account, g.Group = 0, holder.ID
		}
		if err := Begin(ctx, tx, g); err != nil {
			return err
		}
	}
	return nil
}

// EndShare ends all that a team is shared with a holder for.
func EndShare(ctx context.Context, tx *db.Tx, team Team, holder Holder, by db.ID, now time.Time) error {
	f := GrantFilter{Portal: team.Portal, Account: holder.ID, Roles: ShareRoles, Place: access.Place{Kind: access.Team, ID: team.ID}, Direct: true}
	if holder.Kind == access.AccessGroup {
		f.Account, f.Group = 0, holder.ID
	}
	_, err := End(ctx, tx, f, by, now)
	return err
}

// Receiver is somebody who is told of changes, and where.
type Receiver struct {
	Account db.ID
	Email   string
}

// NotifiedOf are the people who are told of what changes in a team, themselves or through an access group, and have an address.
func NotifiedOf(ctx context.Context, tx *db.Tx, team Team, now time.Time) ([]Receiver, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT a.id, a.email FROM accounts a WHERE a.archived_at = 0 AND a.email <> '' AND (
		a.id IN (SELECT g.account_id FROM grants g WHERE g.place_kind = 'team' AND g.place_id = ? AND g.role = ? AND g.since <= ? AND g.until > ? AND g.account_id IS NOT NULL)
		OR a.id IN (SELECT m.account_id FROM grants g JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id AND m.role = ? AND m.since <= ? AND m.until > ?
			WHERE g.place_kind = 'team' AND g.place_id = ? AND g.role = ? AND g.since <= ? AND g.until > ?)) ORDER BY a.id`,
		team.ID, string(access.TeamNotified), at, at, string(access.GroupMember), at, at, team.ID, string(access.TeamNotified), at, at),
		func(s db.Scanner) (r Receiver, err error) { return r, s.Scan(&r.Account, &r.Email) })
}
