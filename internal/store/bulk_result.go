package store

import (
	"context"
	"maps"
	"slices"

	"provost/internal/db"
)

// ResultRow is what a source says of a learner's result.
type ResultRow struct {
	// Line is the caller's own, given back where the row cannot be written.
	Line       int64
	Assessment Assessment
	Account    db.ID
	Result     Result
}

// ResultWriter writes many results, by assessment and account: rows that say nothing new are counted and left alone. On
// Close, the enrolments that got new results are brought up to them.
type ResultWriter struct {
	// Counts are right after Close.
	Counts Counts
	// NotEnrolled is told the line of each row whose account is not enrolled in the assessment's course; it is not written.
	NotEnrolled func(line int64)

	ctx     context.Context
	tx      *db.Tx
	deltas  *Deltas
	waiting []ResultRow
	writing resultWriting
	touched map[db.ID]map[db.ID]bool // enrolments by course
}

// NewResultWriter begins to write. The figures are in the caller's hands: flush d at the end.
func NewResultWriter(ctx context.Context, tx *db.Tx, d *Deltas) (*ResultWriter, error) {
	writing, err := newResultWriting(ctx, tx, d)
	return &ResultWriter{NotEnrolled: func(int64) {}, ctx: ctx, tx: tx, deltas: d, writing: writing, touched: map[db.ID]map[db.ID]bool{}}, err
}

// Write takes one row; it may be written later. Two rows for one assessment and account: the last counts.
func (w *ResultWriter) Write(row ResultRow) error {
	w.waiting = append(w.waiting, row)
	if len(w.waiting) < bulk {
		return nil
	}
	return w.flush()
}

// Touch brings all enrolments of a course up to its assessments on Close, because these changed.
func (w *ResultWriter) Touch(course db.ID) error {
	ids, err := db.All(w.ctx, w.tx, db.SQL(`SELECT id FROM enrolments WHERE course_id = ?`, course), db.ScanID)
	for _, id := range ids {
		w.touch(course, id)
	}
	return err
}

func (w *ResultWriter) touch(course, enrolment db.ID) {
	if w.touched[course] == nil {
		w.touched[course] = map[db.ID]bool{}
	}
	w.touched[course][enrolment] = true
}

// Close writes what waits, and what follows from it for the enrolments.
func (w *ResultWriter) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.writing.close(); err != nil {
		return err
	}
	for _, course := range slices.Sorted(maps.Keys(w.touched)) {
		for part := range slices.Chunk(slices.Sorted(maps.Keys(w.touched[course])), bulk) {
			if err := Regrade(w.ctx, w.tx, w.deltas, course, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *ResultWriter) flush() error {
	courses, works := make([]pair, len(w.waiting)), make([]pair, len(w.waiting))
	for i := range w.waiting {
		row := &w.waiting[i]
		courses[i], works[i] = pair{row.Assessment.Course, row.Account}, pair{row.Assessment.ID, row.Account}
	}
	enrolments, err := keptEnrolments(w.ctx, w.tx, courses)
	if err != nil {
		return err
	}
	kept, err := w.kept(works)
	if err != nil {
		return err
	}
	for i := range w.waiting {
		row := &w.waiting[i]
		e := enrolments[pair{row.Assessment.Course, row.Account}]
		if e == nil {
			w.NotEnrolled(row.Line)
			continue
		}
		if err := w.write(row, e, kept); err != nil {
			return err
		}
	}
	w.waiting = w.waiting[:0]
	return nil
}

func (w *ResultWriter) write(row *ResultRow, e *Enrolment, kept map[pair]*Result) error {
	in := row.Result
	in.Portal, in.Assessment, in.Enrolment, in.Account = e.Portal, row.Assessment.ID, e.ID, e.Account
	key := pair{row.Assessment.ID, row.Account}
	was := kept[key]
	if was == nil {
		was = &Result{}
	}
	did, err := w.writing.write(&in, was, e)
	if err != nil {
		return err
	}
	w.Counts.Add(did)
	if did != Same {
		w.touch(e.Course, e.ID)
		kept[key] = &in
	}
	return nil
}

func (w *ResultWriter) kept(works []pair) (map[pair]*Result, error) {
	out := map[pair]*Result{}
	for r, err := range db.Each(w.ctx, w.tx, db.SQL(`SELECT `+resultColumns+` FROM results r WHERE (r.assessment_id, r.account_id) IN `+among(works)), scanResult) {
		if err != nil {
			return nil, err
		}
		out[pair{r.Assessment, r.Account}] = &r
	}
	return out, nil
}
