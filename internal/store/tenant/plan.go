package tenant

import (
	"context"
	"encoding/json"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Plan is what a portal may use.
type Plan struct {
	Name string
	// Limits are how many of a kind there may be; what is not among them has no limit.
	Limits map[string]int64
	// PaidUntil is zero where nobody said.
	PaidUntil time.Time
}

// PlanOf is a portal's plan; the zero Plan, without limits, where nobody set one.
func PlanOf(ctx context.Context, tx *db.Tx, portal db.ID) (Plan, error) {
	p, err := db.One(ctx, tx, db.SQL(`SELECT name, limits, paid_until FROM plans WHERE portal_id = ?`, portal), func(s db.Scanner) (p Plan, err error) {
		var limits string
		var until int64
		if err = s.Scan(&p.Name, &limits, &until); err != nil {
			return p, err
		}
		if until != 0 {
			p.PaidUntil = db.Time(until)
		}
		return p, json.Unmarshal([]byte(limits), &p.Limits)
	})
	if fail.Is(err, fail.NotFound) {
		return Plan{}, nil
	}
	return p, err
}

// SetPlan writes a portal's plan.
func SetPlan(ctx context.Context, tx *db.Tx, portal db.ID, p Plan, now time.Time) error {
	limits, err := json.Marshal(p.Limits)
	if err != nil {
		return err
	}
	var until int64
	if !p.PaidUntil.IsZero() {
		until = db.Micros(p.PaidUntil)
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO plans (portal_id, name, limits, paid_until, set_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (portal_id) DO UPDATE SET name = excluded.name, limits = excluded.limits, paid_until = excluded.paid_until, set_at = excluded.set_at`,
		portal, p.Name, string(limits), until, db.Micros(now)))
	return err
}

// Kinds are what a plan counts, in the order that people read them.
var Kinds = []string{"accounts", "organizations", "teams", "courses", "enrolments"}

// Usage is what lies in an organization and below it.
type Usage struct {
	Org db.ID
	// Counts are by Kinds.
	Counts  map[string]int64
	Counted time.Time
}

func scanUsage(s db.Scanner) (u Usage, err error) {
	var n [5]int64
	var at int64
	err = s.Scan(&u.Org, &n[0], &n[1], &n[2], &n[3], &n[4], &at)
	u.Counts, u.Counted = make(map[string]int64, len(Kinds)), db.Time(at)
	for i, k := range Kinds {
		u.Counts[k] = n[i]
	}
	return u, err
}

// UsageOf is what lay in an organization and below it when it was counted: one row, however large the portal is. Where it was
// never counted, in the first minutes of an organization, it is counted now.
func UsageOf(ctx context.Context, tx *db.Tx, o store.Organization, now time.Time) (Usage, error) {
	u, err := db.One(ctx, tx, db.SQL(`SELECT org_id, accounts, organizations, teams, courses, enrolments, counted_at FROM plan_usage WHERE org_id = ?`, o.ID), scanUsage)
	if !fail.Is(err, fail.NotFound) {
		return u, err
	}
	list, err := countUsage(ctx, tx, o.Portal, db.SQL("u.ancestor_id = ?", o.ID), now)
	if err != nil || len(list) == 0 {
		return Usage{Org: o.ID, Counts: map[string]int64{}, Counted: now}, err
	}
	return list[0], nil
}

// CountUsage counts what lies in each organization of a portal and below it. It reads every row, so a job does it now and then.
func CountUsage(ctx context.Context, tx *db.Tx, portal db.ID, now time.Time) ([]Usage, error) {
	return countUsage(ctx, tx, portal, db.SQL("1=1"), now)
}

func countUsage(ctx context.Context, tx *db.Tx, portal db.ID, which db.Frag, now time.Time) ([]Usage, error) {
	return db.All(ctx, tx, db.SQL(`SELECT u.ancestor_id, CAST(coalesce(sum(a.n), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN o.parent_id IS NULL THEN 0 ELSE 1 END), 0) AS BIGINT),
		CAST(coalesce(sum(t.n), 0) AS BIGINT), CAST(coalesce(sum(c.n), 0) AS BIGINT), CAST(coalesce(sum(e.n), 0) AS BIGINT), CAST(? AS BIGINT)
		FROM org_under u JOIN organizations o ON o.id = u.org_id AND o.portal_id = ? AND o.deleted_at = 0
		LEFT JOIN (SELECT org_id, count(*) AS n FROM accounts WHERE portal_id = ? AND archived_at = 0 GROUP BY org_id) a ON a.org_id = u.org_id
		LEFT JOIN (SELECT org_id, count(*) AS n FROM teams WHERE portal_id = ? AND deleted_at = 0 GROUP BY org_id) t ON t.org_id = u.org_id
		LEFT JOIN (SELECT org_id, count(*) AS n FROM courses WHERE portal_id = ? AND deleted_at = 0 GROUP BY org_id) c ON c.org_id = u.org_id
		LEFT JOIN (SELECT org_id, count(*) AS n FROM enrolments WHERE portal_id = ? GROUP BY org_id) e ON e.org_id = u.org_id
		WHERE ? GROUP BY u.ancestor_id`, db.Micros(now), portal, portal, portal, portal, portal, which), scanUsage)
}

// SaveUsage writes what was counted in a portal, and forgets organizations that are gone.
func SaveUsage(ctx context.Context, tx *db.Tx, portal db.ID, list []Usage) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM plan_usage WHERE portal_id = ?`, portal)); err != nil {
		return err
	}
	for _, u := range list {
		if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO plan_usage (org_id, portal_id, accounts, organizations, teams, courses, enrolments, counted_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, u.Org, portal, u.Counts["accounts"], u.Counts["organizations"], u.Counts["teams"], u.Counts["courses"],
			u.Counts["enrolments"], db.Micros(u.Counted))); err != nil {
			return err
		}
	}
	return nil
}

// UncountedPortal is a portal whose usage was not counted since a moment; zero where there is none.
func UncountedPortal(ctx context.Context, tx *db.Tx, since time.Time) (db.ID, error) {
	id, err := db.Val[db.ID](ctx, tx, db.SQL(`SELECT p.id FROM portals p LEFT JOIN plan_usage u ON u.org_id = p.id WHERE coalesce(u.counted_at, 0) < ? ORDER BY p.id LIMIT 1`,
		db.Micros(since)))
	if fail.Is(err, fail.NotFound) {
		return 0, nil
	}
	return id, err
}

// Alert is an alert of a payment, of the whole portal or of one organization.
type Alert struct {
	ID      db.ID
	Org     db.ID
	OrgName string
	Title   string
	Body    string
	// Reference is the provider's own name of it; the same is raised once.
	Reference string
	// Due is zero where nothing is due. Settled is zero while it stands.
	Due, Raised, Settled time.Time
}

const alertColumns = `x.id, x.org_id, o.name, x.title, x.body, x.reference, x.due_at, x.raised_at, x.settled_at`

func scanAlert(s db.Scanner) (a Alert, err error) {
	var due, raised, settled int64
	err = s.Scan(&a.ID, &a.Org, &a.OrgName, &a.Title, &a.Body, &a.Reference, &due, &raised, &settled)
	for _, x := range []struct {
		at int64
		to *time.Time
	}{{due, &a.Due}, {raised, &a.Raised}, {settled, &a.Settled}} {
		if x.at != 0 {
			*x.to = db.Time(x.at)
		}
	}
	return a, err
}

// ShownAlerts is how many alerts of an organization are listed.
const ShownAlerts = 50

// ListAlerts are the last alerts of an organization and those below it, within what a permission on organizations reaches:
// those that stand first, then the newest.
func ListAlerts(ctx context.Context, tx *db.Tx, within access.Within, o store.Organization) ([]Alert, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+alertColumns+` FROM plan_alerts x JOIN organizations o ON o.id = x.org_id JOIN org_under u ON u.org_id = x.org_id AND u.ancestor_id = ?
		WHERE ? ORDER BY CASE WHEN x.settled_at = 0 THEN 0 ELSE 1 END, x.id DESC LIMIT ?`, o.ID, within.Where("o"), ShownAlerts), scanAlert)
}

// FindAlert is one alert, within what a permission on organizations reaches.
func FindAlert(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Alert, error) {
	a, err := db.One(ctx, tx, db.SQL(`SELECT `+alertColumns+` FROM plan_alerts x JOIN organizations o ON o.id = x.org_id WHERE x.id = ? AND ?`, id, within.Where("o")), scanAlert)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("alert")
	}
	return a, err
}

// AlertOf is the alert of a portal with a reference; NotFound where there is none.
func AlertOf(ctx context.Context, tx *db.Tx, portal db.ID, reference string) (Alert, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+alertColumns+` FROM plan_alerts x JOIN organizations o ON o.id = x.org_id WHERE x.portal_id = ? AND x.reference = ? AND x.reference <> ''`,
		portal, reference), scanAlert)
}

// AddAlert writes an alert.
func AddAlert(ctx context.Context, tx *db.Tx, o store.Organization, a Alert, by db.ID, now time.Time) (Alert, error) {
	a.ID, a.Org, a.OrgName, a.Raised = db.NewID(), o.ID, o.Name, now
	var due int64
	if !a.Due.IsZero() {
		due = db.Micros(a.Due)
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO plan_alerts (id, portal_id, org_id, title, body, reference, due_at, raised_at, raised_by, settled_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`, a.ID, o.Portal, o.ID, a.Title, a.Body, a.Reference, due, db.Micros(now), by))
	return a, err
}

// SettleAlert ends an alert.
func SettleAlert(ctx context.Context, tx *db.Tx, a Alert, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE plan_alerts SET settled_at = ? WHERE id = ? AND settled_at = 0`, db.Micros(now), a.ID))
	return err
}

// Contact is a billing contact, and where.
type Contact struct {
	Account     db.ID
	Name, Email string
	Place       access.Place
}

// Contacts are the billing contacts of an organization and of those above it, with those whose grant counts no more, since they
// administer nothing there: whoever asks folds them. Archived people are left out.
func Contacts(ctx context.Context, tx *db.Tx, o store.Organization, now time.Time) ([]Contact, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT a.id, a.name, a.email, g.place_kind, g.place_id FROM grants g JOIN accounts a ON a.id = g.account_id
		WHERE g.portal_id = ? AND g.role = ? AND g.since <= ? AND g.until > ? AND a.archived_at = 0
		AND (g.place_kind = 'portal' OR g.place_id IN (SELECT u.ancestor_id FROM org_under u WHERE u.org_id = ?)) ORDER BY a.name_key, a.id`,
		o.Portal, string(access.BillingContact), at, at, o.ID), func(s db.Scanner) (c Contact, err error) {
		var kind string
		err = s.Scan(&c.Account, &c.Name, &c.Email, &kind, &c.Place.ID)
		c.Place.Kind, _ = access.KindOf(kind)
		return c, err
	})
}
