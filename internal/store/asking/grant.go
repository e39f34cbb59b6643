package asking

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Given is an open grant as those see it who look after it: who has it, by whom, until when, and when it was last used.
type Given struct {
	ID db.ID
	// Holder is an account or an access group.
	Holder     access.Place
	HolderName string
	Role       access.RoleID
	Place      access.Place
	// Policy is zero where none made it; PolicyName its name, Internal that every portal has it.
	Policy     db.ID
	PolicyName string
	Internal   bool
	// Until is zero for never, Used for never noted.
	Since, Until, Used time.Time
	// By is zero for the portal itself.
	By     db.ID
	ByName string
}

const givenColumns = `g.id, coalesce(g.account_id, 0), coalesce(g.group_id, 0), coalesce(a.name, h.name, ''), g.role, g.place_kind, g.place_id, coalesce(g.policy_id, 0),
	coalesce(p.name, ''), coalesce(p.internal, FALSE), g.since, g.until, ` + usedAt + `, g.begun_by, coalesce(b.name, '')`

// usedAt is when a grant was last used, or, of a policy's, any that its holder has by it; 0 for never noted.
const usedAt = `coalesce(CASE WHEN g.policy_id IS NULL THEN (SELECT u.used_at FROM grant_uses u WHERE u.grant_id = g.id)
	ELSE (SELECT max(u.used_at) FROM grants f JOIN grant_uses u ON u.grant_id = f.id WHERE f.policy_id = g.policy_id
		AND coalesce(f.account_id, f.group_id) = coalesce(g.account_id, g.group_id)) END, 0)`

const givenTables = ` FROM grants g LEFT JOIN accounts a ON a.id = g.account_id LEFT JOIN access_groups h ON h.id = g.group_id LEFT JOIN policies p ON p.id = g.policy_id
	LEFT JOIN accounts b ON b.id = g.begun_by `

func scanGiven(s db.Scanner) (x Given, err error) {
	var account, group db.ID
	var kind string
	var since, until, used int64
	err = s.Scan(&x.ID, &account, &group, &x.HolderName, &x.Role, &kind, &x.Place.ID, &x.Policy, &x.PolicyName, &x.Internal, &since, &until, &used, &x.By, &x.ByName)
	x.Place.Kind, _ = access.KindOf(kind)
	x.Holder = access.Place{Kind: access.Account, ID: account}
	if group != 0 {
		x.Holder = access.Place{Kind: access.AccessGroup, ID: group}
	}
	x.Since = db.Time(since)
	if until != db.Never {
		x.Until = db.Time(until)
	}
	if used != 0 {
		x.Used = db.Time(used)
	}
	return x, err
}

// FindGiven is an open grant of a portal. It asks no permission: that depends on what kind of grant it is.
func FindGiven(ctx context.Context, tx *db.Tx, portal, id db.ID, now time.Time) (Given, error) {
	x, err := db.One(ctx, tx, db.SQL(`SELECT `+givenColumns+givenTables+`WHERE g.id = ? AND g.portal_id = ? AND g.until > ?`, id, portal, db.Micros(now)), scanGiven)
	if fail.Is(err, fail.NotFound) {
		return x, fail.Missing("grant")
	}
	return x, err
}

// Together are the open grants that belong to one: of a policy's, all that the holder has by it; of a team's, those of some roles where it is one of them.
func Together(ctx context.Context, tx *db.Tx, portal db.ID, x Given, with access.Roles, now time.Time) ([]Given, error) {
	cond := db.SQL("g.id = ?", x.ID)
	holder := db.SQL("g.account_id = ?", x.Holder.ID)
	if x.Holder.Kind == access.AccessGroup {
		holder = db.SQL("g.group_id = ?", x.Holder.ID)
	}
	switch {
	case x.Policy != 0:
		cond = db.And(holder, db.SQL("g.policy_id = ?", x.Policy))
	case x.Place.Kind == access.Team && with.Has(x.Role):
		roles := make([]string, len(with))
		for i, r := range with {
			roles[i] = string(r)
		}
		cond = db.And(holder, db.SQL("g.place_kind = 'team' AND g.place_id = ? AND g.role IN ? AND g.policy_id IS NULL", x.Place.ID, roles))
	}
	return db.All(ctx, tx, db.SQL(`SELECT `+givenColumns+givenTables+`WHERE ? AND g.portal_id = ? AND g.until > ? ORDER BY g.id`, cond, portal, db.Micros(now)), scanGiven)
}

// MaxEnding is how many grants Ending returns.
const MaxEnding = 200

// Ending are open grants that end by themselves before a time, the first to end first: of people within a permission, and where groups is true
// of access groups. Of a policy's, one for each holder. Being enrolled is left out.
func Ending(ctx context.Context, tx *db.Tx, within access.Within, groups bool, before, now time.Time) ([]Given, error) {
	holders := db.SQL("g.account_id IN (SELECT x.id FROM accounts x WHERE x.archived_at = 0 AND ?)", within.Where("x"))
	if groups {
		holders = db.Or(holders, db.SQL("g.group_id IS NOT NULL"))
	}
	return db.All(ctx, tx, db.SQL(`SELECT `+givenColumns+givenTables+`WHERE g.portal_id = ? AND g.until > ? AND g.until <= ? AND g.role <> 'course_learner' AND ?
		AND NOT EXISTS (SELECT 1 FROM grants f WHERE f.policy_id = g.policy_id AND coalesce(f.account_id, f.group_id) = coalesce(g.account_id, g.group_id) AND f.until > ? AND f.id < g.id)
		ORDER BY g.until, g.id LIMIT ?`, within.Portal(), db.Micros(now), db.Micros(before), holders, db.Micros(now), MaxEnding), scanGiven)
}

// EndsUntold are open grants that end by themselves before a time and of which nobody was told yet, in any portal.
func EndsUntold(ctx context.Context, tx *db.Tx, before, now time.Time, limit int) (map[db.ID][]Given, error) {
	type of struct {
		portal db.ID
		given  Given
	}
	list, err := db.All(ctx, tx, db.SQL(`SELECT g.portal_id, `+givenColumns+givenTables+`WHERE g.until > ? AND g.until <= ? AND g.role <> 'course_learner'
		AND NOT EXISTS (SELECT 1 FROM end_notices n WHERE n.about_id = g.id) ORDER BY g.portal_id, g.until, g.id LIMIT ?`, db.Micros(now), db.Micros(before), limit),
		func(s db.Scanner) (x of, err error) {
			x.given, err = scanGiven(also{s, &x.portal})
			return x, err
		})
	out := map[db.ID][]Given{}
	for _, x := range list {
		out[x.portal] = append(out[x.portal], x.given)
	}
	return out, err
}

// also scans one column before those of another scan.
type also struct {
	db.Scanner
	first any
}

// Scan scans the first column into first, and the rest as asked.
func (a also) Scan(dest ...any) error { return a.Scanner.Scan(append([]any{a.first}, dest...)...) }

// Told notes that it was told of the ends of grants.
func Told(ctx context.Context, tx *db.Tx, portal db.ID, list []Given, now time.Time) error {
	for _, x := range list {
		if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO end_notices (about_id, portal_id, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, x.ID, portal, db.Micros(now))); err != nil {
			return err
		}
	}
	return nil
}

// AddressOf is somebody's e-mail address, and whether they may still act; empty for none.
func AddressOf(ctx context.Context, tx *db.Tx, portal, account db.ID) (string, error) {
	email, err := db.Val[string](ctx, tx, db.SQL(`SELECT email FROM accounts WHERE id = ? AND portal_id = ? AND archived_at = 0`, account, portal))
	if fail.Is(err, fail.NotFound) {
		return "", nil
	}
	return email, err
}

// CarryUse notes for a grant that goes on as a new one when it was last used.
func CarryUse(ctx context.Context, tx *db.Tx, from, to db.ID) error {
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO grant_uses (grant_id, used_at) SELECT CAST(? AS BIGINT), used_at FROM grant_uses WHERE grant_id = ?`, to, from))
	return err
}
