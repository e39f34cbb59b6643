package learning

import (
	"context"
	"maps"
	"slices"

	"provost/internal/db"
	"provost/internal/store"
)

// Material is a part of a course's content, as a record: what it is and when it is for, never what is in it.
type Material struct {
	ID     db.ID
	Portal db.ID
	Course db.ID
	// Code is what other systems call it; unique in the course.
	Code, Kind string
	// From and To are weeks of the course; nil where it is for all of them.
	From, To *int64
}

func scanMaterial(s db.Scanner) (m Material, err error) {
	return m, s.Scan(&m.ID, &m.Portal, &m.Course, &m.Code, &m.Kind, &m.From, &m.To)
}

const materialColumns = `m.id, m.portal_id, m.course_id, m.code, m.kind, m.week_from, m.week_to`

func sameWeek(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// bulk is how many materials are looked up and written together.
const bulk = 2000

// MaterialWriter writes many materials, by course and code: rows that say nothing new are counted and left alone.
type MaterialWriter struct {
	// Counts are right after Close.
	Counts store.Counts

	ctx            context.Context
	tx             *db.Tx
	waiting        []Material
	insert, change *db.Batch
}

// NewMaterialWriter begins to write; close it before the transaction ends.
func NewMaterialWriter(ctx context.Context, tx *db.Tx) (w *MaterialWriter, err error) {
	w = &MaterialWriter{ctx: ctx, tx: tx}
	w.insert, err = tx.Batch(ctx, `INSERT INTO materials (id, portal_id, course_id, code, kind, week_from, week_to) VALUES (?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return nil, err
	}
	w.change, err = tx.Batch(ctx, `UPDATE materials SET kind = ?, week_from = ?, week_to = ? WHERE id = ?`)
	return w, err
}

// Write takes one material of a course that was found before; it may be written later.
func (w *MaterialWriter) Write(course store.Course, in Material) error {
	in.Portal, in.Course = course.Portal, course.ID
	w.waiting = append(w.waiting, in)
	if len(w.waiting) < bulk {
		return nil
	}
	return w.flush()
}

// Close writes what waits.
func (w *MaterialWriter) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.insert.Close(); err != nil {
		return err
	}
	return w.change.Close()
}

type courseCode struct {
	course db.ID
	code   string
}

func (w *MaterialWriter) flush() error {
	codes := map[db.ID][]string{}
	for i := range w.waiting {
		codes[w.waiting[i].Course] = append(codes[w.waiting[i].Course], w.waiting[i].Code)
	}
	kept := map[courseCode]Material{}
	for _, course := range slices.Sorted(maps.Keys(codes)) {
		for part := range slices.Chunk(codes[course], 500) {
			for m, err := range db.Each(w.ctx, w.tx, db.SQL(`SELECT `+materialColumns+` FROM materials m WHERE m.course_id = ? AND m.code IN ?`, course, part), scanMaterial) {
				if err != nil {
					return err
				}
				kept[courseCode{course, m.Code}] = m
			}
		}
	}
	for i := range w.waiting {
		if err := w.write(&w.waiting[i], kept); err != nil {
			return err
		}
	}
	w.waiting = w.waiting[:0]
	return nil
}

func (w *MaterialWriter) write(in *Material, kept map[courseCode]Material) error {
	key := courseCode{in.Course, in.Code}
	was, has := kept[key]
	if !has {
		in.ID = db.NewID()
		kept[key] = *in
		w.Counts.Add(store.Created)
		return w.insert.Exec(in.ID, in.Portal, in.Course, in.Code, in.Kind, in.From, in.To)
	}
	if was.Kind == in.Kind && sameWeek(was.From, in.From) && sameWeek(was.To, in.To) {
		w.Counts.Add(store.Same)
		return nil
	}
	w.Counts.Add(store.Updated)
	return w.change.Exec(in.Kind, in.From, in.To, was.ID)
}
