package store

import (
	"context"
	"strconv"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Counts are what writing many rows came to.
type Counts struct{ Created, Changed, Same int64 }

// Add counts what was done with one row.
func (c *Counts) Add(did Did) {
	switch did {
	case Created:
		c.Created++
	case Updated:
		c.Changed++
	default:
		c.Same++
	}
}

// EnrolmentRow is what a source says of a learner in a course; what it does not say stays as it is. Status is one of Statuses,
// or empty; where the source does not tell Enrolled from Active, Enrolled. Completed and failed ones without a date get the end of the course; withdrawn ones
// without a date count in no day and month.
type EnrolmentRow struct {
	Course  Course
	Account Account
	Status  Status
	Outcome string
	// Enrolled, Completed (or failed) and Withdrawn are zero where the source does not say.
	Enrolled, Completed, Withdrawn time.Time
	// New is when a new one began of which the source does not say; zero for never known.
	New               time.Time
	Attempts, Credits int64
	// Attributes is what else the source says, as a JSON object; empty for none.
	Attributes string
}

// EnrolmentWriter writes many enrolments with their grants, by course and account: rows that say nothing new are counted
// and left alone. Close it before the transaction ends; the portal's version is bumped once, and each course's begun and
// ended grants are noted once, by the first learner of each.
type EnrolmentWriter struct {
	// Counts are right after Close.
	Counts Counts

	ctx            context.Context
	tx             *db.Tx
	deltas         *Deltas
	by             db.ID
	now            time.Time
	waiting        []EnrolmentRow
	grant, end     *db.Batch
	insert, change *db.Batch
	noted          map[any]bool
	portal         db.ID
}

// bulk is how many rows are compared with the kept ones at once.
const bulk = 2000

// NewEnrolmentWriter begins to write; by is who acts. The figures are in the caller's hands: flush d at the end.
func NewEnrolmentWriter(ctx context.Context, tx *db.Tx, d *Deltas, by db.ID, now time.Time) (*EnrolmentWriter, error) {
	w := &EnrolmentWriter{ctx: ctx, tx: tx, deltas: d, by: by, now: now, noted: map[any]bool{}}
	for _, b := range []struct {
		batch **db.Batch
		text  string
	}{
		{&w.grant, `INSERT INTO grants (id, portal_id, account_id, group_id, role, place_kind, place_id, policy_id, since, until, begun_by, ended_by)
			VALUES (?, ?, ?, NULL, 'course_learner', 'course', ?, NULL, ?, ?, ?, 0)`},
		{&w.end, `UPDATE grants SET until = ?, ended_by = ? WHERE id = ? AND until > ?`},
		{&w.insert, insertEnrolment},
		{&w.change, changeEnrolment},
	} {
		var err error
		if *b.batch, err = tx.Batch(ctx, b.text); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Write takes one row; it may be written later. Two rows for one learner and course: the last counts.
func (w *EnrolmentWriter) Write(row EnrolmentRow) error {
	if (row.Status == Completed || row.Status == Failed) && row.Completed.IsZero() {
		row.Completed = row.Course.Ends
	}
	w.waiting = append(w.waiting, row)
	if len(w.waiting) < bulk {
		return nil
	}
	return w.flush()
}

// Close writes what waits.
func (w *EnrolmentWriter) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	for _, b := range []*db.Batch{w.grant, w.end, w.insert, w.change} {
		if err := b.Close(); err != nil {
			return err
		}
	}
	if w.portal == 0 {
		return nil
	}
	return Changed(w.ctx, w.tx, w.portal)
}

// pair is an account in a course, or with an assessment.
type pair struct{ of, account db.ID }

func (w *EnrolmentWriter) flush() error {
	kept, err := w.kept()
	if err != nil {
		return err
	}
	for i := range w.waiting {
		row := &w.waiting[i]
		key := pair{row.Course.ID, row.Account.ID}
		e, did, err := w.write(row, kept[key])
		if err != nil {
			return err
		}
		kept[key] = e
		w.Counts.Add(did)
	}
	w.waiting = w.waiting[:0]
	return nil
}

func (w *EnrolmentWriter) kept() (map[pair]*Enrolment, error) {
	pairs := make([]pair, len(w.waiting))
	for i := range w.waiting {
		pairs[i] = pair{w.waiting[i].Course.ID, w.waiting[i].Account.ID}
	}
	return keptEnrolments(w.ctx, w.tx, pairs)
}

// keptEnrolments are those of pairs of a course and an account, for the store's own use.
func keptEnrolments(ctx context.Context, tx *db.Tx, pairs []pair) (map[pair]*Enrolment, error) {
	out := map[pair]*Enrolment{}
	for e, err := range db.Each(ctx, tx, db.SQL(`SELECT `+enrolmentOwn+` FROM enrolments e WHERE (e.course_id, e.account_id) IN `+among(pairs)), scanEnrolmentOwn) {
		if err != nil {
			return nil, err
		}
		out[pair{e.Course, e.Account}] = &e
	}
	return out, nil
}

// among is a list of pairs as SQL: whole numbers only, written into the text because they are more than a statement's
// parameters may be.
func among(pairs []pair) string {
	if len(pairs) == 0 {
		return "(SELECT 0, 0 WHERE 1=0)"
	}
	out := []byte("(VALUES ")
	for i, p := range pairs {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(strconv.AppendInt(append(out, '('), int64(p.of), 10), ',')
		out = append(strconv.AppendInt(out, int64(p.account), 10), ')')
	}
	return string(append(out, ')'))
}

func (w *EnrolmentWriter) write(row *EnrolmentRow, kept *Enrolment) (*Enrolment, Did, error) {
	row.leave(kept)
	if kept == nil {
		e := row.begin()
		w.grew()
		if err := w.begin(e, row); err != nil {
			return nil, Same, err
		}
		w.deltas.Add(e)
		return e, Created, w.insert.Exec(e.values()...)
	}
	if row.same(kept) {
		return kept, Same, nil
	}
	e := *kept
	row.fill(&e)
	switch {
	case kept.Open && !e.Open:
		w.note(row, Ended{Account: e.Account, Role: access.CourseLearn, Place: access.Place{Kind: access.Course, ID: e.Course}})
		if err := w.end.Exec(w.left(&e), w.by, e.Grant, db.Micros(w.now)); err != nil {
			return nil, Same, err
		}
	case !kept.Open && e.Open:
		e.Grant = db.NewID()
		if err := w.begin(&e, row); err != nil {
			return nil, Same, err
		}
	}
	w.deltas.Remove(kept)
	w.deltas.Add(&e)
	return &e, Updated, w.change.Exec(append(e.changing(), e.Grant, e.ID)...)
}

// begin begins the enrolment's grant, which is over already where the learner left.
func (w *EnrolmentWriter) begin(e *Enrolment, row *EnrolmentRow) error {
	since, until := db.MicrosOrZero(e.Enrolled), db.Never
	if since == 0 || since > db.Micros(w.now) {
		since = db.Micros(w.now)
	}
	if !e.Open {
		until = w.left(e)
	}
	w.note(row, Begun{NewGrant{ID: e.Grant, Account: e.Account, Role: access.CourseLearn, At: row.Course.Thing(), Since: w.now, By: w.by}})
	return w.grant.Exec(e.Grant, e.Portal, e.Account, e.Course, since, until, w.by)
}

// left is when the grant of a learner who left ended: never later than now, so that it is over.
func (w *EnrolmentWriter) left(e *Enrolment) int64 {
	now := db.Micros(w.now)
	if at := db.MicrosOrZero(e.Withdrawn); at != 0 && at < now {
		return at
	}
	return now
}

// note notes the first grant of a course that begins, and the first that ends: the check of what may be passed on, and
// the audit, need no more, since one permission on the course gives them all.
func (w *EnrolmentWriter) note(row *EnrolmentRow, note any) {
	w.portal = row.Course.Portal
	_, begun := note.(Begun)
	key := [2]any{row.Course.ID, begun}
	if !w.noted[key] {
		w.noted[key] = true
		w.tx.Note(note)
	}
}

// grew notes the first enrolment that is new.
func (w *EnrolmentWriter) grew() {
	if !w.noted["grew"] {
		w.noted["grew"] = true
		w.tx.Note(Grew("enrolments"))
	}
}

// leave keeps what is known and the source does not say.
func (r *EnrolmentRow) leave(kept *Enrolment) {
	if kept == nil {
		kept = &Enrolment{Status: Enrolled, Attributes: "{}", Enrolled: r.New}
	}
	if r.Status == "" {
		r.Status = kept.Status
	}
	if r.Status == kept.Status {
		for _, at := range []struct{ said, known *time.Time }{{&r.Completed, &kept.Completed}, {&r.Withdrawn, &kept.Withdrawn}} {
			if at.said.IsZero() {
				*at.said = *at.known
			}
		}
	}
	if r.Enrolled.IsZero() {
		r.Enrolled = kept.Enrolled
	}
	if r.Outcome == "" {
		r.Outcome = kept.Outcome
	}
	if r.Attempts == 0 {
		r.Attempts = kept.Attempts
	}
	if r.Credits == 0 {
		r.Credits = kept.Credits
	}
	if r.Attributes == "" {
		r.Attributes = kept.Attributes
	}
}

func (r *EnrolmentRow) begin() *Enrolment {
	id := db.NewID()
	e := &Enrolment{ID: id, Grant: id, Portal: r.Course.Portal, Org: r.Account.Org, Account: r.Account.ID, Learner: r.Account.Name, Course: r.Course.ID}
	r.fill(e)
	return e
}

// fill takes over what the source says; what the results say stays.
func (r *EnrolmentRow) fill(e *Enrolment) {
	e.Status, e.Outcome, e.Enrolled, e.Completed, e.Withdrawn = r.Status, r.Outcome, r.Enrolled, r.Completed, r.Withdrawn
	e.Attempts, e.Credits, e.Attributes = r.Attempts, r.Credits, r.Attributes
	e.Open = r.Status != Withdrawn
	if e.Status == Enrolled && e.Works > 0 {
		e.Status = Active
	}
	if e.Status == Completed {
		e.Progress = 100
	}
}

func (r *EnrolmentRow) same(e *Enrolment) bool {
	status := r.Status == e.Status || r.Status == Enrolled && e.Status == Active
	return status && r.Outcome == e.Outcome && r.Enrolled.Equal(e.Enrolled) && r.Completed.Equal(e.Completed) && r.Withdrawn.Equal(e.Withdrawn) &&
		r.Attempts == e.Attempts && r.Credits == e.Credits && r.Attributes == e.Attributes
}
