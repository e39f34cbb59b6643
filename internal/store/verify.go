package store

import (
	"context"
	"fmt"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
)

// Fault is an invariant that a database does not keep.
type Fault struct {
	// Portal is zero where it concerns no single portal.
	Portal db.ID
	What   string
}

// maxFaults bounds how many faults of one kind are told.
const maxFaults = 20

// Verify checks what must be true of a database at every moment: one super administrator a portal, no grant to nothing,
// the tree's closure, totals that equal what they sum, and the chain of the audit. It changes nothing.
func Verify(ctx context.Context, tx *db.Tx) ([]Fault, error) {
	if broken, err := db.Damage(ctx, tx, maxFaults); err != nil || len(broken) > 0 {
		var out []Fault
		for _, what := range broken {
			out = append(out, Fault{What: "is damaged: " + what})
		}
		return out, err // what else there is to find cannot be trusted
	}
	portals, err := db.All(ctx, tx, db.SQL(`SELECT id FROM portals WHERE final_at = 0 ORDER BY id`), db.ScanID)
	if err != nil {
		return nil, err
	}
	out, err := verifyRows(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, portal := range portals {
		broken, err := verifyAudit(ctx, tx, portal)
		if err != nil {
			return nil, err
		}
		out = append(out, broken...)
		off, err := RecomputeFigures(ctx, tx, portal)
		if err != nil {
			return nil, err
		}
		for _, difference := range off[:min(len(off), maxFaults)] {
			out = append(out, Fault{portal, "keeps a total that is not what it sums: " + difference.String()})
		}
	}
	return out, nil
}

// invariants are queries that find nothing in a sound database: each selects a portal and what is wrong with it.
var invariants = []struct{ what, query string }{
	{"has not exactly one super administrator", `SELECT p.id FROM portals p WHERE p.final_at = 0 AND (SELECT count(*) FROM grants g
		WHERE g.portal_id = p.id AND g.role = 'super' AND g.until = 9223372036854775807) <> 1`},
	{"has a super administrator who is so through a group or a policy, elsewhere than in the whole portal, or for a time", `SELECT g.portal_id FROM grants g
		WHERE g.role = 'super' AND (g.account_id IS NULL OR g.policy_id IS NOT NULL OR g.place_kind <> 'portal' OR g.since > g.until)`},
	{"is deleted, and lets somebody in who is not its super administrator", `SELECT p.id FROM portals p JOIN sessions s ON s.portal_id = p.id
		WHERE p.deleted_at <> 0 AND s.kind <> 'token' AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.account_id = s.account_id AND g.role = 'super' AND g.until = 9223372036854775807)`},
	{"is being taken away for ever, but was not deleted", `SELECT p.id FROM portals p WHERE p.final_at <> 0 AND p.deleted_at = 0`},
	{"has a session in which somebody acts as another, on no session of their own", `SELECT s.portal_id FROM sessions s LEFT JOIN sessions o ON o.id = s.parent_id
		WHERE s.kind = 'acting' AND o.id IS NOT NULL AND o.account_id <> s.behind_id`},
	{"has a visitor with an open grant, or a session, whose portal is in no such network", `SELECT v.portal_id FROM network_visitors v WHERE
		(EXISTS (SELECT 1 FROM grants g WHERE g.account_id = v.account_id AND g.until = 9223372036854775807) OR EXISTS (SELECT 1 FROM sessions s WHERE s.account_id = v.account_id AND s.kind = 'visit'))
		AND NOT EXISTS (SELECT 1 FROM network_portals m JOIN networks n ON n.id = m.network_id AND n.ended_at = 0 AND n.portal_id = v.home_id WHERE m.network_id = v.network_id AND m.portal_id = v.portal_id AND m.until = 9223372036854775807)`},
	{"has a visitor who is not archived, may sign in, or is its super administrator", `SELECT v.portal_id FROM network_visitors v JOIN accounts a ON a.id = v.account_id WHERE a.archived_at = 0 OR a.password <> ''
		OR EXISTS (SELECT 1 FROM grants g WHERE g.account_id = v.account_id AND g.role = 'super' AND g.until = 9223372036854775807)`},
	{"has a super administrator who is archived", `SELECT g.portal_id FROM grants g JOIN accounts a ON a.id = g.account_id
		WHERE g.role = 'super' AND g.until = 9223372036854775807 AND a.archived_at <> 0`},
	{"has a grant of an account or a group of another portal", `SELECT g.portal_id FROM grants g LEFT JOIN accounts a ON a.id = g.account_id
		LEFT JOIN access_groups x ON x.id = g.group_id WHERE coalesce(a.portal_id, x.portal_id) <> g.portal_id`},
	{"has an organization that does not lie under itself, its parent or the root", `SELECT o.portal_id FROM organizations o WHERE o.deleted_at = 0 AND (NOT EXISTS (SELECT 1 FROM org_under u WHERE u.org_id = o.id AND u.ancestor_id = o.id) OR
		NOT EXISTS (SELECT 1 FROM org_under u WHERE u.org_id = o.id AND u.ancestor_id = o.portal_id) OR
		(o.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM org_under u WHERE u.org_id = o.id AND u.ancestor_id = o.parent_id)))`},
	{"has an account in an organization of another portal", `SELECT a.portal_id FROM accounts a JOIN organizations o ON o.id = a.org_id WHERE o.portal_id <> a.portal_id`},
	{"has a grant at a course of another portal, or at none", atNothing("course", "courses")},
	{"has a grant at a team of another portal, or at none", atNothing("team", "teams")},
	{"has a grant at an account of another portal, or at none", atNothing("account", "accounts")},
	{"has a grant at an organization of another portal, or at none", atNothing("organization", "organizations")},
	{"has a grant at a network of another portal, or at none", atNothing("network", "networks")},
	{"has a grant at an access group of another portal, or at none", atNothing("access_group", "access_groups")},
	{"has a grant at another portal", `SELECT g.portal_id FROM grants g WHERE g.place_kind = 'portal' AND g.place_id <> g.portal_id`},
	{"has an open grant at a deleted team", `SELECT g.portal_id FROM grants g JOIN teams t ON t.id = g.place_id
		WHERE g.place_kind = 'team' AND t.deleted_at <> 0 AND g.until > t.deleted_at`},
	{"has an open grant at a deleted course", `SELECT g.portal_id FROM grants g JOIN courses c ON c.id = g.place_id
		WHERE g.place_kind = 'course' AND c.deleted_at <> 0 AND g.until > c.deleted_at`},
	{"has an open grant of or at a deleted access group", `SELECT g.portal_id FROM grants g JOIN access_groups x ON x.id = g.group_id OR (g.place_kind = 'access_group' AND x.id = g.place_id)
		WHERE x.deleted_at <> 0 AND g.until > x.deleted_at`},
	{"has an enrolment that is not of its learner's organization, or not sorted by their name", `SELECT e.portal_id FROM enrolments e
		JOIN accounts a ON a.id = e.account_id WHERE a.org_id <> e.org_id OR a.portal_id <> e.portal_id OR a.name_key <> e.learner_key`},
	{"has an enrolment in a course of another portal", `SELECT e.portal_id FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE c.portal_id <> e.portal_id`},
	{"has an enrolment whose grant is another's, or open where it is not", `SELECT e.portal_id FROM enrolments e JOIN grants g ON g.id = e.grant_id
		WHERE g.account_id <> e.account_id OR g.place_kind <> 'course' OR g.place_id <> e.course_id OR e.is_open <> (g.until = 9223372036854775807)`},
	{"has a result of another course than its enrolment's", `SELECT r.portal_id FROM results r JOIN enrolments e ON e.id = r.enrolment_id
		JOIN assessments s ON s.id = r.assessment_id WHERE s.course_id <> e.course_id OR r.account_id <> e.account_id`},
	{"has an enrolment with another number of works than results", `SELECT e.portal_id FROM enrolments e
		WHERE e.works_done <> (SELECT count(*) FROM results r WHERE r.enrolment_id = e.id)`},
	{"has an open grant of a deleted policy", `SELECT g.portal_id FROM grants g JOIN policies p ON p.id = g.policy_id WHERE p.deleted_at <> 0 AND g.until > p.deleted_at`},
}

func atNothing(kind, table string) string {
	return `SELECT g.portal_id FROM grants g LEFT JOIN ` + table + ` x ON x.id = g.place_id WHERE g.place_kind = '` + kind +
		`' AND (x.id IS NULL OR x.portal_id <> g.portal_id)`
}

func verifyRows(ctx context.Context, tx *db.Tx) ([]Fault, error) {
	var out []Fault
	final, err := db.All(ctx, tx, db.SQL(`SELECT id FROM portals WHERE final_at <> 0`), db.ScanID)
	if err != nil {
		return nil, err
	}
	for _, inv := range invariants {
		found, err := db.All(ctx, tx, db.SQL(inv.query+fmt.Sprintf(` LIMIT %d`, maxFaults)), db.ScanID)
		if err != nil {
			return nil, fmt.Errorf("verify: %s: %w", inv.what, err)
		}
		for _, portal := range found {
			if !slices.Contains(final, portal) { // of what is being taken away, parts are gone
				out = append(out, Fault{portal, inv.what})
			}
		}
	}
	odd, err := verifyRoles(ctx, tx)
	return append(out, odd...), err
}

// verifyRoles finds open grants of roles that do not exist.
func verifyRoles(ctx context.Context, tx *db.Tx) (out []Fault, err error) {
	var known []string
	for _, r := range access.BuiltinRoles() {
		known = append(known, string(r.ID))
	}
	type odd struct {
		portal db.ID
		role   string
	}
	custom := map[odd]bool{}
	roles, err := db.All(ctx, tx, db.SQL(`SELECT portal_id, id FROM roles`), func(s db.Scanner) (o odd, err error) {
		var id db.ID
		err = s.Scan(&o.portal, &id)
		o.role = string(access.CustomRoleID(id))
		return o, err
	})
	if err != nil {
		return nil, err
	}
	for _, r := range roles {
		custom[r] = true
	}
	used, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT portal_id, role FROM grants WHERE role NOT IN ?`, known), func(s db.Scanner) (o odd, err error) {
		return o, s.Scan(&o.portal, &o.role)
	})
	for _, u := range used {
		if !custom[u] {
			out = append(out, Fault{u.portal, "has grants of a role that does not exist: " + u.role})
		}
	}
	return out, err
}

const auditColumns = `portal_id, seq, id, at, actor_id, actor_name, behind_id, operation, outcome, target_kind, target_id, target_name, detail, prior, hash`

func scanAudit(s db.Scanner) (r AuditRow, err error) {
	var at int64
	var kind string
	err = s.Scan(&r.Portal, &r.Seq, &r.ID, &at, &r.Actor, &r.ActorName, &r.Behind, &r.Operation, &r.Outcome, &kind, &r.Target.ID, &r.TargetName,
		&r.Detail, &r.Prior, &r.Hash)
	r.At = db.Time(at)
	r.Target.Kind, _ = access.KindOf(kind)
	return r, err
}

// verifyAudit walks a portal's chain and tells where a row is missing or was changed. What is cut off at the end shows only
// against a later backup, or an export of the audit.
func verifyAudit(ctx context.Context, tx *db.Tx, portal db.ID) ([]Fault, error) {
	var out []Fault
	last := AuditRow{}
	for r, err := range db.Each(ctx, tx, db.SQL(`SELECT `+auditColumns+` FROM audit WHERE portal_id = ? ORDER BY seq`, portal), scanAudit) {
		if err != nil {
			return nil, err
		}
		switch {
		case r.Seq != last.Seq+1:
			out = append(out, Fault{portal, fmt.Sprintf("lacks the audit rows %d to %d", last.Seq+1, r.Seq-1)})
		case r.Prior != last.Hash || r.Hash != r.digest():
			out = append(out, Fault{portal, fmt.Sprintf("has a changed audit row: %d", r.Seq)})
		}
		if last = r; len(out) >= maxFaults {
			break
		}
	}
	return out, nil
}
