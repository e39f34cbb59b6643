package path

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// State is how somebody stands with what is required of them.
type State string

// The states of a requirement, for one person.
const (
	// Done: it counts, and need not be done again soon.
	Done State = "done"
	// Renew: it counts, and is to be done again soon.
	Renew State = "renew"
	// Due: it is to be done.
	Due State = "due"
	// Overdue: its day has passed.
	Overdue State = "overdue"
)

// States are all of them, in order.
var States = []State{Overdue, Due, Renew, Done}

// Standing is how somebody stands with a requirement.
type Standing struct {
	Requirement, Account, Course db.ID
	Name, CourseName, OrgName    string
	// Progress in the course is in percent; Enrolled: they are in it now.
	Progress float64
	Enrolled bool
	// Done is when they last did it, Due when they have to have done it, or have to again; zero for not yet, and for never.
	Done, Due time.Time
	State     State
}

// StateOf is Standing.State of q and r, as SQL; its parameters are twice the time.
const StateOf = `(CASE WHEN ` + DueOf + ` <= ? THEN 'overdue' WHEN q.done_at = 0 THEN 'due' WHEN r.valid_days > 0 AND ` + ends + ` - r.remind_days * 86400000000 <= ? THEN 'renew' ELSE 'done' END)`

const standingColumns = `q.requirement_id, q.account_id, r.course_id, a.name, c.name, o.name, coalesce(e.progress, 0), coalesce(e.is_open, FALSE), q.done_at, ` + DueOf + `, ` + StateOf + `
	FROM requirement_people q JOIN requirements r ON r.id = q.requirement_id JOIN accounts a ON a.id = q.account_id JOIN organizations o ON o.id = a.org_id
	JOIN courses c ON c.id = r.course_id LEFT JOIN enrolments e ON e.course_id = r.course_id AND e.account_id = q.account_id `

func scanStanding(s db.Scanner) (x Standing, err error) {
	var done, due int64
	err = s.Scan(&x.Requirement, &x.Account, &x.Course, &x.Name, &x.CourseName, &x.OrgName, &x.Progress, &x.Enrolled, &done, &due, &x.State)
	x.Done, x.Due = db.TimeOrZero(done), db.EndOrZero(due)
	return x, err
}

// ListStandings is how people whom a permission reaches stand with a requirement that was found before, by name: those of a state, or all.
func ListStandings(ctx context.Context, tx *db.Tx, people access.Within, r Requirement, state State, query string, page store.Page, now time.Time) (store.List[Standing], error) {
	where, tail, err := page.Keyset("a.name_key", "a.id")
	if err != nil {
		return store.List[Standing]{}, err
	}
	at := db.Micros(now)
	cond := db.SQL(`q.requirement_id = ? AND a.archived_at = 0 AND ?`, r.ID, people.Where("a"))
	if state != "" {
		cond = db.SQL(`? AND `+StateOf+` = ?`, cond, at, at, string(state))
	}
	if query != "" {
		cond = db.SQL(`? AND a.name_key LIKE ? ESCAPE '\'`, cond, store.LikeText(db.Key(query))+"%")
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+standingColumns+`WHERE ? AND ? ?`, at, at, cond, where, tail), scanStanding)
	if err != nil {
		return store.List[Standing]{}, err
	}
	out := store.PageOf(page, rows, func(x Standing) (string, db.ID) { return db.Key(x.Name), x.Account })
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM requirement_people q JOIN requirements r ON r.id = q.requirement_id JOIN accounts a ON a.id = q.account_id WHERE ? LIMIT ?) few`,
		cond, store.CountLimit))
	out.Total = int(total)
	return out, err
}

// OwnStandings is how an account stands with all that is required of it, what is due first.
func OwnStandings(ctx context.Context, tx *db.Tx, account db.ID, now time.Time) ([]Standing, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT `+standingColumns+`WHERE q.account_id = ? AND r.until > ? AND c.deleted_at = 0 ORDER BY `+DueOf+`, c.name_key, r.id LIMIT 200`, at, at, account, at), scanStanding)
}

// Again lets somebody do a course once more that they completed before: its lessons are not done any more, results from before count for their score and not
// for its completion, and certificates stay. That they did it before counts on for what is required of them.
func Again(ctx context.Context, tx *db.Tx, e store.Enrolment, course store.Course, who store.Account, now time.Time) error {
	for _, q := range []db.Frag{
		db.SQL(`UPDATE enrolments SET renewed_at = ? WHERE id = ?`, db.Micros(now), e.ID),
		db.SQL(`DELETE FROM lessons_done WHERE enrolment_id = ?`, e.ID),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	d := store.NewDeltas()
	w, err := store.NewEnrolmentWriter(ctx, tx, d, 0, now)
	if err != nil {
		return err
	}
	if err := w.Write(store.EnrolmentRow{Course: course, Account: who, Status: store.Enrolled}); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := store.Regrade(ctx, tx, d, course.ID, []db.ID{e.ID}); err != nil {
		return err
	}
	return d.Flush(ctx, tx)
}

// Told is somebody who is to be told by mail of a day of what is required of them.
type Told struct {
	Portal, Account, Requirement db.ID
	Due                          time.Time
}

// Untold are those who are to be told of what is required of them, so many at most: once when it is due soon, and once when it is overdue, by who
// reads mail and has had none of what is due since a time. Of all portals and people, or of some.
func Untold(ctx context.Context, tx *db.Tx, people []db.ID, since time.Time, most int, now time.Time) ([]Told, error) {
	at, who := db.Micros(now), db.SQL(`1=1`)
	if people != nil {
		who = db.SQL(`q.account_id IN ?`, people)
	}
	return db.All(ctx, tx, db.SQL(`SELECT q.portal_id, q.account_id, q.requirement_id, `+DueOf+` FROM requirement_people q JOIN requirements r ON r.id = q.requirement_id JOIN accounts a ON a.id = q.account_id
		JOIN courses c ON c.id = r.course_id JOIN portals p ON p.id = q.portal_id WHERE ? AND r.until > ? AND c.deleted_at = 0 AND c.archived_at = 0 AND p.deleted_at = 0
		AND a.archived_at = 0 AND a.email <> '' AND NOT a.mail_off AND `+DueOf+` < 9223372036854775807 AND `+DueOf+` - r.remind_days * 86400000000 <= ?
		AND NOT EXISTS (SELECT 1 FROM due_told t WHERE t.account_id = q.account_id AND t.thing_id = q.requirement_id AND t.due_at = `+DueOf+` AND (t.late OR `+DueOf+` > ?))
		AND NOT EXISTS (SELECT 1 FROM due_told m WHERE m.account_id = q.account_id AND m.mailed_at > ?) ORDER BY q.portal_id, q.account_id LIMIT ?`,
		who, at, at, at, db.Micros(since), most), func(s db.Scanner) (x Told, err error) {
		var due int64
		err = s.Scan(&x.Portal, &x.Account, &x.Requirement, &due)
		x.Due = db.Time(due)
		return x, err
	})
}
