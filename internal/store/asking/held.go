package asking

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Held is a grant as the person who has it would be told of it: through which group and policy, since when, by whom.
type Held struct {
	ID    db.ID
	Role  access.RoleID
	Place access.Place
	// Group and Policy are zero where it came through none.
	Group, Policy         db.ID
	GroupName, PolicyName string
	// Since and Until bound it; Until is zero where it has no end.
	Since, Until time.Time
	// By is who gave it, or put the person into the group; zero for the portal itself.
	By     db.ID
	ByName string
	// EndedBy is who ended it, where somebody did.
	EndedByName string
}

// MaxHeld is how many grants of one person HeldBy returns.
const MaxHeld = 500

func scanHeldBy(s db.Scanner) (h Held, err error) {
	var kind string
	var since, until int64
	err = s.Scan(&h.ID, &h.Role, &kind, &h.Place.ID, &h.Group, &h.GroupName, &h.Policy, &h.PolicyName, &since, &until, &h.By, &h.ByName, &h.EndedByName)
	h.Place.Kind, _ = access.KindOf(kind)
	h.Since, h.Until = db.Time(since), db.EndOrZero(until)
	return h, err
}

// HeldBy are a person's grants, their own and those of their access groups: those that are open or will be, by when they
// began, or with ended those that are over, the last to end first. MaxHeld of them at most; where some are named, only these.
func HeldBy(ctx context.Context, tx *db.Tx, portal, account db.ID, ended bool, now time.Time, only ...db.ID) ([]Held, error) {
	at, these := db.Micros(now), db.SQL("1=1")
	if len(only) > 0 {
		these = db.SQL("g.id IN ?", only)
	}
	own, group, order := "g.until > ?", "m.until > ? AND g.until > ?", "since, id"
	args := []any{portal, account, at, these, portal, account, at, at, these, MaxHeld}
	if ended {
		own, order = "g.until <= ? AND g.since < g.until", "until DESC, id"
		group = "(m.until <= ? OR g.until <= ?) AND m.since < g.until AND g.since < m.until AND m.since < m.until"
	}
	return db.All(ctx, tx, db.SQL(`SELECT id, role, place_kind, place_id, group_id, group_name, policy_id, policy_name, since, until, by_id, by_name, ended_name FROM (
		SELECT g.id AS id, g.role AS role, g.place_kind AS place_kind, g.place_id AS place_id, 0 AS group_id, '' AS group_name, coalesce(g.policy_id, 0) AS policy_id,
		coalesce(p.name, '') AS policy_name, g.since AS since, g.until AS until, g.begun_by AS by_id, coalesce(b.name, '') AS by_name, coalesce(e.name, '') AS ended_name
		FROM grants g LEFT JOIN policies p ON p.id = g.policy_id LEFT JOIN accounts b ON b.id = g.begun_by LEFT JOIN accounts e ON e.id = g.ended_by
		WHERE g.portal_id = ? AND g.account_id = ? AND `+own+` AND ?
		UNION ALL SELECT g.id, g.role, g.place_kind, g.place_id, g.group_id, ag.name, coalesce(g.policy_id, 0), coalesce(p.name, ''),
		CASE WHEN m.since > g.since THEN m.since ELSE g.since END, CASE WHEN m.until < g.until THEN m.until ELSE g.until END,
		m.begun_by, coalesce(b.name, ''), coalesce(e.name, '')
		FROM grants m JOIN grants g ON g.group_id = m.place_id JOIN access_groups ag ON ag.id = g.group_id LEFT JOIN policies p ON p.id = g.policy_id
		LEFT JOIN accounts b ON b.id = m.begun_by LEFT JOIN accounts e ON e.id = CASE WHEN m.until < g.until THEN m.ended_by ELSE g.ended_by END
		WHERE m.portal_id = ? AND m.account_id = ? AND m.role = 'access_group_member' AND m.place_kind = 'access_group' AND `+group+` AND ?
		) held ORDER BY `+order+` LIMIT ?`, args...), scanHeldBy)
}
