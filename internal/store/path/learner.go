package path

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Learner is somebody who is, or was, in a path. There is one row for a learner and a path, for ever, as with enrolments.
type Learner struct {
	ID, Account db.ID
	Name        string
	Open        bool
	Enrolled    time.Time
	// Completed is when all goals were reached; zero for not yet. It stays when a goal is added later.
	Completed time.Time
	// Reached is how many goals they have reached.
	Reached int
}

// Reached tells, as SQL, whether learner l has reached goal g; the parameter is the time.
const Reached = `EXISTS (SELECT 1 FROM enrolments e WHERE e.course_id = g.course_id AND e.account_id = l.account_id AND (g.kind = 'course' AND e.status = 'completed' OR
	g.kind = 'certificate' AND EXISTS (SELECT 1 FROM certificates t WHERE t.enrolment_id = e.id AND t.revoked_at = 0 AND t.until > ?)))`

const learnerColumns = `l.id, l.account_id, a.name, l.is_open, l.enrolled_at, l.completed_at, (SELECT count(*) FROM ` + GoalsThere + ` g WHERE g.path_id = l.path_id AND ` + Reached + `)
	FROM path_learners l JOIN accounts a ON a.id = l.account_id `

func scanLearner(s db.Scanner) (l Learner, err error) {
	var enrolled, completed int64
	err = s.Scan(&l.ID, &l.Account, &l.Name, &l.Open, &enrolled, &completed, &l.Reached)
	l.Enrolled, l.Completed = db.Time(enrolled), db.TimeOrZero(completed)
	return l, err
}

// ListLearners are those who are in a path that was found before, by name.
func ListLearners(ctx context.Context, tx *db.Tx, p Path, query string, page store.Page, now time.Time) (store.List[Learner], error) {
	where, tail, err := page.Keyset("a.name_key", "l.id")
	if err != nil {
		return store.List[Learner]{}, err
	}
	cond := db.SQL(`l.path_id = ? AND l.is_open`, p.ID)
	if query != "" {
		cond = db.SQL(`? AND a.name_key LIKE ? ESCAPE '\'`, cond, store.LikeText(db.Key(query))+"%")
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+learnerColumns+`WHERE ? AND ? ?`, db.Micros(now), cond, where, tail), scanLearner)
	if err != nil {
		return store.List[Learner]{}, err
	}
	out := store.PageOf(page, rows, func(l Learner) (string, db.ID) { return db.Key(l.Name), l.ID })
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM path_learners l JOIN accounts a ON a.id = l.account_id WHERE ? LIMIT ?) few`, cond, store.CountLimit))
	out.Total = int(total)
	return out, err
}

// FindLearner is somebody who is in a path that was found before.
func FindLearner(ctx context.Context, tx *db.Tx, p Path, id db.ID, now time.Time) (Learner, error) {
	l, err := db.One(ctx, tx, db.SQL(`SELECT `+learnerColumns+`WHERE l.path_id = ? AND l.id = ?`, db.Micros(now), p.ID, id), scanLearner)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("learner")
	}
	return l, err
}

// Enrol makes people learners of a path, those who are not yet, and tells how many they were: by two batches. Its courses open by Advance.
func Enrol(ctx context.Context, tx *db.Tx, p Path, people []store.Account, itself bool, by db.ID, now time.Time) (int, error) {
	if !p.Archived.IsZero() {
		return 0, fail.New(fail.Conflict, "This path is archived.")
	}
	ids := make([]db.ID, len(people))
	for i, a := range people {
		ids[i] = a.ID
	}
	in, err := db.All(ctx, tx, db.SQL(`SELECT account_id FROM path_learners WHERE path_id = ? AND is_open AND account_id IN ?`, p.ID, ids), db.ScanID)
	if err != nil {
		return 0, err
	}
	has := map[db.ID]bool{}
	for _, id := range in {
		has[id] = true
	}
	grants, err := tx.Batch(ctx, `INSERT INTO grants (id, portal_id, account_id, group_id, role, place_kind, place_id, policy_id, since, until, begun_by, ended_by)
		VALUES (?, ?, ?, NULL, 'path_learner', 'path', ?, NULL, ?, ?, ?, 0)`)
	if err != nil {
		return 0, err
	}
	places, err := tx.Batch(ctx, `INSERT INTO path_learners (id, portal_id, path_id, account_id, is_open, enrolled_at, completed_at) VALUES (?, ?, ?, ?, TRUE, ?, 0)
		ON CONFLICT (path_id, account_id) DO UPDATE SET is_open = TRUE, enrolled_at = excluded.enrolled_at`)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, a := range people {
		if has[a.ID] {
			continue
		}
		n++
		has[a.ID] = true
		g := store.NewGrant{ID: db.NewID(), Account: a.ID, Role: access.PathLearn, At: p.Thing(), Since: now, By: by, ByConsent: itself}
		if err := grants.Exec(int64(g.ID), int64(p.Portal), int64(a.ID), int64(p.ID), db.Micros(now), db.Never, int64(by)); err != nil {
			return 0, err
		}
		tx.Note(store.Begun{NewGrant: g})
		if err := places.Exec(int64(db.NewID()), int64(p.Portal), int64(p.ID), int64(a.ID), db.Micros(now)); err != nil {
			return 0, err
		}
		tx.Note(Advanced{Account: a.ID})
	}
	if err := grants.Close(); err != nil {
		return 0, err
	}
	if err := places.Close(); err != nil {
		return 0, err
	}
	return n, store.Changed(ctx, tx, p.Portal)
}

// Leave takes a learner out of a path. Courses that were opened stay open.
func Leave(ctx context.Context, tx *db.Tx, p Path, l Learner, by db.ID, now time.Time) error {
	if !l.Open {
		return fail.New(fail.Conflict, "{name} is not in the path any more.", "name", l.Name)
	}
	place := access.Place{Kind: access.Path, ID: p.ID}
	if _, err := store.End(ctx, tx, store.GrantFilter{Portal: p.Portal, Account: l.Account, Roles: access.Roles{access.PathLearn}, Place: place, Direct: true}, by, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE path_learners SET is_open = FALSE WHERE id = ?`, l.ID))
	return err
}

// Own is a path that somebody is in, or may enrol in.
type Own struct {
	Path
	// Learner is zero where they are not in it.
	Learner Learner
	Goals   int
}

// OwnPaths are those that an account is in, and those that it may enrol in: open ones of its organization and those above it.
func OwnPaths(ctx context.Context, tx *db.Tx, who store.Account, now time.Time) ([]Own, error) {
	return db.All(ctx, tx, db.SQL(`SELECT (SELECT count(*) FROM `+GoalsThere+` g WHERE g.path_id = p.id), coalesce(l.id, 0), coalesce(l.is_open, FALSE), coalesce(l.enrolled_at, 0), coalesce(l.completed_at, 0),
		(SELECT count(*) FROM `+GoalsThere+` g WHERE g.path_id = l.path_id AND `+Reached+`), `+pathColumns+`LEFT JOIN path_learners l ON l.path_id = p.id AND l.account_id = ?
		WHERE p.portal_id = ? AND (l.is_open OR ?) ORDER BY p.name_key, p.id LIMIT 500`, db.Micros(now), who.ID, who.Portal, openTo(who)), func(s db.Scanner) (o Own, err error) {
		var enrolled, completed int64
		o.Path, err = scanPath(before{s, []any{&o.Goals, &o.Learner.ID, &o.Learner.Open, &enrolled, &completed, &o.Learner.Reached}})
		o.Learner.Enrolled, o.Learner.Completed = db.TimeOrZero(enrolled), db.TimeOrZero(completed)
		return o, err
	})
}

// openTo tells which paths somebody may enrol themselves in.
func openTo(who store.Account) db.Frag {
	return db.SQL(`p.is_open AND p.archived_at = 0 AND p.deleted_at = 0 AND p.portal_id = ? AND p.org_id IN (SELECT u.ancestor_id FROM org_under u WHERE u.org_id = ?)`, who.Portal, who.Org)
}

// FindOpen is a path that somebody may enrol themselves in.
func FindOpen(ctx context.Context, tx *db.Tx, who store.Account, id db.ID) (Path, error) {
	p, err := db.One(ctx, tx, db.SQL(`SELECT `+pathColumns+`WHERE p.id = ? AND ?`, id, openTo(who)), scanPath)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("path")
	}
	return p, err
}

// FindOwn is a path that somebody is in, with how far they are.
func FindOwn(ctx context.Context, tx *db.Tx, who db.ID, p Path, now time.Time) (Learner, error) {
	l, err := db.One(ctx, tx, db.SQL(`SELECT `+learnerColumns+`WHERE l.path_id = ? AND l.account_id = ? AND l.is_open`, db.Micros(now), p.ID, who), scanLearner)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("learner")
	}
	return l, err
}

// Step is a goal as it stands for a learner: Due is zero where it waits for goals before it.
type Step struct {
	Goal
	Reached bool
	// Opened: the learner is in its course.
	Opened bool
	// Opens is the earliest time at which it is due; Waits: goals before it are not reached.
	Opens time.Time
	Waits bool
}

// StepsOf are the goals of a path as they stand for a learner of it.
func StepsOf(ctx context.Context, tx *db.Tx, p Path, l Learner, now time.Time) ([]Step, error) {
	goals, err := GoalsOf(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	type state struct {
		id              db.ID
		reached, opened bool
	}
	states := map[db.ID]state{}
	for s, err := range db.Each(ctx, tx, db.SQL(`SELECT g.id, `+Reached+`, EXISTS (SELECT 1 FROM enrolments x WHERE x.course_id = g.course_id AND x.account_id = l.account_id AND x.is_open)
		FROM `+GoalsThere+` g JOIN path_learners l ON l.path_id = g.path_id WHERE l.id = ?`, db.Micros(now), l.ID), func(s db.Scanner) (x state, err error) {
		return x, s.Scan(&x.id, &x.reached, &x.opened)
	}) {
		if err != nil {
			return nil, err
		}
		states[s.id] = s
	}
	out, waits := make([]Step, len(goals)), false
	for i, g := range goals {
		s := states[g.ID]
		out[i] = Step{Goal: g, Reached: s.reached, Opened: s.opened, Opens: l.Enrolled.AddDate(0, 0, g.AfterDays), Waits: waits}
		waits = p.InOrder && (waits || !s.reached)
	}
	return out, nil
}
