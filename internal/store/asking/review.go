package asking

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Review is a review of access: what is given in an organization and below it, or in the whole portal, to keep or to end.
type Review struct {
	ID     db.ID
	Portal db.ID
	// Org is the organization; the root's for the whole portal.
	Org     db.ID
	OrgName string
	// By is who began it.
	By     db.ID
	ByName string
	// Done and Reminded are zero while it is not.
	Begun, Due, Done, Reminded time.Time
	// Items is how many grants it looks at, Decided how many of them are decided.
	Items, Decided int
}

// Thing is the review's organization, in which it is done.
func (r Review) Thing() access.Thing {
	return access.Thing{Kind: access.Organization, ID: r.Org, Portal: r.Portal, Org: r.Org}
}

const reviewColumns = `r.id, r.portal_id, r.org_id, o.name, r.begun_by, coalesce(b.name, ''), r.begun_at, r.due_at, r.done_at, r.reminded_at,
	(SELECT count(*) FROM access_review_items i WHERE i.review_id = r.id), (SELECT count(*) FROM access_review_items i WHERE i.review_id = r.id AND i.decision <> '')
	FROM access_reviews r JOIN organizations o ON o.id = r.org_id LEFT JOIN accounts b ON b.id = r.begun_by `

func scanReview(s db.Scanner) (r Review, err error) {
	var begun, due, done, reminded, items, decided int64
	err = s.Scan(&r.ID, &r.Portal, &r.Org, &r.OrgName, &r.By, &r.ByName, &begun, &due, &done, &reminded, &items, &decided)
	r.Begun, r.Due, r.Items, r.Decided = db.Time(begun), db.Time(due), int(items), int(decided)
	if done != 0 {
		r.Done = db.Time(done)
	}
	if reminded != 0 {
		r.Reminded = db.Time(reminded)
	}
	return r, err
}

// FindReview is a review in an organization within what a permission reaches.
func FindReview(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Review, error) {
	r, err := db.One(ctx, tx, db.SQL(`SELECT `+reviewColumns+`WHERE r.id = ? AND ?`, id, within.Where("o")), scanReview)
	if fail.Is(err, fail.NotFound) {
		return r, fail.Missing("review")
	}
	return r, err
}

// ListReviews are the last reviews within what a permission reaches, those that are not done first.
func ListReviews(ctx context.Context, tx *db.Tx, within access.Within, limit int) ([]Review, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+reviewColumns+`WHERE ? ORDER BY r.done_at <> 0, r.id DESC LIMIT ?`, within.Where("o"), limit), scanReview)
}

// ReviewsDue are reviews of any portal that are not done, are due before a time, and of which nobody was reminded.
func ReviewsDue(ctx context.Context, tx *db.Tx, before time.Time, limit int) ([]Review, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+reviewColumns+`WHERE r.done_at = 0 AND r.reminded_at = 0 AND r.due_at <= ? ORDER BY r.due_at LIMIT ?`, db.Micros(before), limit), scanReview)
}

// Reminded notes that somebody was reminded of a review.
func Reminded(ctx context.Context, tx *db.Tx, r Review, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE access_reviews SET reminded_at = ? WHERE id = ?`, db.Micros(now), r.ID))
	return err
}

// reviewed are the grants that a review looks at: policies', being in access groups, account types but the learner's, the roles in
// teams and what teams are shared by, and who is whose parent, manager and mentor. What every portal has, and the super administrator's, which are not for anybody to end, are left out.
const reviewed = `g.portal_id = ? AND g.since <= ? AND g.until > ? AND g.role NOT IN ('course_learner', 'team_member', 'learner', 'super', 'team_owner', 'team_reporter', 'team_notified')
	AND (g.policy_id IS NOT NULL OR g.role = 'access_group_member' OR g.place_kind IN ('portal', 'organization', 'team')
	OR g.role IN ('parent_of', 'manager_of', 'mentor_of'))
	AND NOT EXISTS (SELECT 1 FROM policies q WHERE q.id = g.policy_id AND q.internal)`

// BeginReview begins a review of the portal, where the organization is its root, or of what is given in an organization and below it.
func BeginReview(ctx context.Context, tx *db.Tx, r Review) (Review, error) {
	r.ID = db.NewID()
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO access_reviews (id, portal_id, org_id, begun_by, begun_at, due_at, done_at, reminded_at) VALUES (?, ?, ?, ?, ?, ?, 0, 0)`,
		r.ID, r.Portal, r.Org, r.By, db.Micros(r.Begun), db.Micros(r.Due)))
	if err != nil {
		return r, err
	}
	at := db.Micros(r.Begun)
	where := db.SQL(reviewed, r.Portal, at, at)
	if r.Org != r.Portal {
		where = db.And(where, db.SQL(`coalesce(t.org_id, c.org_id, pa.org_id, g.place_id) IN (SELECT w.org_id FROM org_under w WHERE w.ancestor_id = ?)`, r.Org))
	}
	n, err := tx.Exec(ctx, db.SQL(`INSERT INTO access_review_items (review_id, grant_id, decision, decided_by, decided_at) SELECT CAST(? AS BIGINT), min(g.id), '', 0, 0 FROM grants g
		LEFT JOIN teams t ON g.place_kind = 'team' AND t.id = g.place_id LEFT JOIN courses c ON g.place_kind = 'course' AND c.id = g.place_id
		LEFT JOIN accounts pa ON g.place_kind = 'account' AND pa.id = g.place_id WHERE ?
		GROUP BY CASE WHEN g.policy_id IS NULL AND g.place_kind = 'team' AND g.role IN ? THEN g.place_id ELSE coalesce(g.policy_id, g.id) END,
		coalesce(g.account_id, g.group_id)`, r.ID, where, store.ShareRoles))
	r.Items = int(n)
	return r, err
}

// Item is a grant that a review looks at, and what was decided.
type Item struct {
	Given
	// Open: the grant has not ended.
	Open bool
	// Decision is keep or end; empty while nobody has decided.
	Decision  string
	DecidedBy string
	Decided   time.Time
}

const itemTables = givenTables + `JOIN access_review_items i ON i.grant_id = g.id LEFT JOIN accounts d ON d.id = i.decided_by `

func scanItem(s db.Scanner) (x Item, err error) {
	var decided int64
	x.Given, err = scanGiven(before{s, []any{&x.Open, &x.Decision, &x.DecidedBy, &decided}})
	if decided != 0 {
		x.Decided = db.Time(decided)
	}
	return x, err
}

// before scans some columns before those of another scan.
type before struct {
	db.Scanner
	first []any
}

// Scan scans the first columns, and the rest as asked.
func (b before) Scan(dest ...any) error {
	return b.Scanner.Scan(append(append([]any{}, b.first...), dest...)...)
}

// ItemFilter chooses items of a review.
type ItemFilter struct {
	// Unused keeps those that were begun before a time and not used since; zero keeps all.
	Unused time.Time
	// Open keeps those that nobody has decided on.
	Open bool
	// Grants keeps these; nil keeps all.
	Grants []db.ID
}

func (f ItemFilter) where(r Review, now time.Time) db.Frag {
	parts := []db.Frag{db.SQL("i.review_id = ?", r.ID)}
	if !f.Unused.IsZero() {
		at := db.Micros(f.Unused)
		parts = append(parts, db.SQL("g.since <= ? AND "+usedAt+" <= ?", at, at))
	}
	if f.Open {
		parts = append(parts, db.SQL("i.decision = '' AND g.until > ?", db.Micros(now)))
	}
	if f.Grants != nil {
		parts = append(parts, db.SQL("g.id IN ?", f.Grants))
	}
	return db.And(parts...)
}

func itemsQuery(r Review, f ItemFilter, now time.Time) db.Frag {
	return db.SQL(`SELECT g.until > ?, i.decision, coalesce(d.name, ''), i.decided_at, `+givenColumns+itemTables+`WHERE ? ORDER BY `+usedAt+`, g.since, g.id`,
		db.Micros(now), f.where(r, now))
}

// Items are the items of a review that a filter chooses, the longest unused first, and how many there are in all.
func Items(ctx context.Context, tx *db.Tx, r Review, f ItemFilter, skip, limit int, now time.Time) (list []Item, total int, err error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*)`+itemTables+`WHERE ?`, f.where(r, now)))
	if err != nil {
		return nil, 0, err
	}
	list, err = db.All(ctx, tx, db.SQL(`? LIMIT ? OFFSET ?`, itemsQuery(r, f, now), limit, skip), scanItem)
	return list, int(n), err
}

// Decide notes what was decided on grants of a review, and that it is done once nothing of it is left open.
func Decide(ctx context.Context, tx *db.Tx, r Review, grants []db.ID, decision string, by db.ID, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE access_review_items SET decision = ?, decided_by = ?, decided_at = ? WHERE review_id = ? AND grant_id IN ?`,
		decision, by, db.Micros(now), r.ID, grants))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE access_reviews SET done_at = ? WHERE id = ? AND done_at = 0 AND NOT EXISTS (
		SELECT 1 FROM access_review_items i JOIN grants g ON g.id = i.grant_id WHERE i.review_id = ? AND i.decision = '' AND g.until > ?)`, db.Micros(now), r.ID, r.ID, db.Micros(now)))
	return err
}

// EndReview ends a review as it is; what nobody decided on stays as it was.
func EndReview(ctx context.Context, tx *db.Tx, r Review, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE access_reviews SET done_at = ? WHERE id = ? AND done_at = 0`, db.Micros(now), r.ID))
	return err
}

// NotedSince is when the first use was noted that is known in a portal; zero where none is.
func NotedSince(ctx context.Context, tx *db.Tx, portal db.ID) (time.Time, error) {
	at, err := db.Val[int64](ctx, tx, db.SQL(`SELECT coalesce(min(u.used_at), 0) FROM grant_uses u JOIN grants g ON g.id = u.grant_id WHERE g.portal_id = ?`, portal))
	if err != nil || at == 0 {
		return time.Time{}, err
	}
	return db.Time(at), nil
}
