package learning

import (
	"context"
	"strconv"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Copy writes what a course is made of into a new one: its rules, sections, lessons, assessments with their questions, and files,
// whose bytes are kept once. Nobody's work goes along. Its days move along with its first day; where either course has none, they are
// left out.
func Copy(ctx context.Context, tx *db.Tx, from, to store.Course, now time.Time) error {
	if err := numberCopies(ctx, tx, from, to); err != nil {
		return err
	}
	for _, query := range copies(from, to, now) {
		if _, err := tx.Exec(ctx, query); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM course_copying WHERE course_id = ?`, to.ID))
	return err
}

// numberCopies gives every row that will be copied the ID of its copy.
func numberCopies(ctx context.Context, tx *db.Tx, from, to store.Course) error {
	ids, err := db.All(ctx, tx, db.SQL(`SELECT id FROM course_sections WHERE course_id = ? UNION ALL SELECT id FROM lessons WHERE course_id = ?
		UNION ALL SELECT id FROM assessments WHERE course_id = ?
		UNION ALL SELECT q.id FROM questions q JOIN assessments a ON a.id = q.assessment_id WHERE a.course_id = ?
		UNION ALL SELECT id FROM files WHERE holder_kind = 'course' AND holder_id = ?
		UNION ALL SELECT f.id FROM files f JOIN lessons l ON l.id = f.holder_id WHERE f.holder_kind = 'lesson' AND l.course_id = ?
		UNION ALL SELECT f.id FROM files f JOIN assessments a ON a.id = f.holder_id WHERE f.holder_kind IN ('assessment', 'package') AND a.course_id = ?
		ORDER BY 1`, from.ID, from.ID, from.ID, from.ID, from.ID, from.ID, from.ID), db.ScanID)
	if err != nil {
		return err
	}
	batch, err := tx.Batch(ctx, `INSERT INTO course_copying (course_id, old_id, new_id) VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := batch.Exec(to.ID, id, db.NewID()); err != nil {
			return err
		}
	}
	if err := batch.Exec(to.ID, from.ID, to.ID); err != nil {
		return err
	}
	return batch.Close()
}

// copies are the statements that copy, one for each table. m is the copy of the row itself.
func copies(from, to store.Course, now time.Time) []db.Frag {
	moved := func(column string) string { return "0" }
	if !from.Starts.IsZero() && !to.Starts.IsZero() {
		by := to.Starts.Sub(from.Starts).Microseconds()
		moved = func(column string) string { return movedBy(column, by) }
	}
	copied := func(table, alias string) string {
		return ` FROM ` + table + ` ` + alias + ` JOIN course_copying m ON m.old_id = ` + alias + `.id AND m.course_id = ? `
	}
	first := `, coalesce((SELECT x.new_id FROM course_copying x WHERE x.course_id = m.course_id AND x.old_id = t.after_id), 0)`
	section := `, coalesce((SELECT x.new_id FROM course_copying x WHERE x.course_id = m.course_id AND x.old_id = t.section_id), 0)`
	of := `JOIN course_copying h ON h.course_id = m.course_id AND h.old_id = `
	at := db.Micros(now)
	return []db.Frag{
		db.SQL(`UPDATE courses SET module = f.module, about = f.about, self_paced = f.self_paced, completion = f.completion, pass_score = f.pass_score, certificate = f.certificate, certificate_days = f.certificate_days, grade_scale = f.grade_scale
			FROM (SELECT * FROM courses WHERE id = ?) f WHERE courses.id = ?`, from.ID, to.ID),
		db.SQL(`INSERT INTO course_sections (id, portal_id, course_id, title, position)
			SELECT m.new_id, t.portal_id, m.course_id, t.title, t.position`+copied("course_sections", "t"), to.ID),
		db.SQL(`INSERT INTO lessons (id, portal_id, course_id, section_id, title, body, video, opens_at, after_id, position, changed_at)
			SELECT m.new_id, t.portal_id, m.course_id`+section+`, t.title, t.body, t.video, `+moved("t.opens_at")+first+`, t.position, CAST(? AS BIGINT)`+copied("lessons", "t"), at, to.ID),
		db.SQL(`INSERT INTO assessments (id, portal_id, course_id, code, title, kind, due_at, weight, section_id, position, opens_at, closes_at, after_id, body, points, late_percent, attempts, grades_at, rubric, survey, changed_at)
			SELECT m.new_id, t.portal_id, m.course_id, t.code, t.title, t.kind, `+moved("t.due_at")+`, t.weight`+section+`, t.position, `+moved("t.opens_at")+`, `+moved("t.closes_at")+first+`,
			t.body, t.points, t.late_percent, t.attempts, `+moved("t.grades_at")+`, t.rubric, t.survey, CAST(? AS BIGINT)`+copied("assessments", "t"), at, to.ID),
		db.SQL(`INSERT INTO quizzes (assessment_id, portal_id, minutes, counts, shuffled, choices_shuffled, reveals, pools)
			SELECT m.new_id, t.portal_id, t.minutes, t.counts, t.shuffled, t.choices_shuffled, t.reveals, t.pools FROM quizzes t
			JOIN course_copying m ON m.old_id = t.assessment_id AND m.course_id = ?`, to.ID),
		db.SQL(`INSERT INTO surveys (assessment_id, portal_id, anonymous, answered, shown)
			SELECT m.new_id, t.portal_id, t.anonymous, 0, 0 FROM surveys t JOIN course_copying m ON m.old_id = t.assessment_id AND m.course_id = ?`, to.ID),
		db.SQL(`INSERT INTO packages (assessment_id, portal_id, standard, title, items, hash, added_at)
			SELECT m.new_id, t.portal_id, t.standard, t.title, t.items, t.hash, t.added_at FROM packages t JOIN course_copying m ON m.old_id = t.assessment_id AND m.course_id = ?`, to.ID),
		db.SQL(`INSERT INTO questions (id, portal_id, assessment_id, position, kind, prompt, points, feedback, pool, key)
			SELECT m.new_id, t.portal_id, h.new_id, t.position, t.kind, t.prompt, t.points, t.feedback, t.pool, t.key`+copied("questions", "t")+of+`t.assessment_id`, to.ID),
		db.SQL(`INSERT INTO files (id, portal_id, holder_kind, holder_id, name, alt, type, size, hash, by_id, added_at)
			SELECT m.new_id, t.portal_id, t.holder_kind, h.new_id, t.name, t.alt, t.type, t.size, t.hash, t.by_id, CAST(? AS BIGINT)`+copied("files", "t")+of+`t.holder_id`, at, to.ID),
	}
}

// movedBy is a moment of a column, or none, so many microseconds later.
func movedBy(column string, by int64) string {
	return `CASE WHEN ` + column + ` = 0 THEN 0 ELSE ` + column + ` + (` + strconv.FormatInt(by, 10) + `) END`
}

// usable are the templates that courses are made of in an organization within a permission: those of the organization and those of
// the ones above it.
func usable(within access.Within) db.Frag {
	return db.SQL(`c.org_id IN (SELECT u.ancestor_id FROM org_under u JOIN organizations o ON o.id = u.org_id WHERE o.deleted_at = 0 AND ?)`, within.Where("o"))
}

const templateColumns = `c.id, c.portal_id, c.org_id, o.name, c.code, c.name, c.about, c.starts_at, c.archived_at`

func scanTemplate(s db.Scanner) (c store.Course, err error) {
	var starts, archived int64
	err = s.Scan(&c.ID, &c.Portal, &c.Org, &c.OrgName, &c.Code, &c.Name, &c.About, &starts, &archived)
	c.Starts, c.Archived, c.Template = db.TimeOrZero(starts), db.TimeOrZero(archived), true
	return c, err
}

// FindTemplate is a template that one may make courses of: creating is the permission to make them, on organizations.
func FindTemplate(ctx context.Context, tx *db.Tx, creating access.Within, id db.ID) (store.Course, error) {
	c, err := db.One(ctx, tx, db.SQL(`SELECT `+templateColumns+` FROM courses c JOIN organizations o ON o.id = c.org_id
		WHERE c.id = ? AND c.template AND c.archived_at = 0 AND c.deleted_at = 0 AND ?`, id, usable(creating)), scanTemplate)
	if fail.Is(err, fail.NotFound) {
		return c, fail.Missing("course")
	}
	return c, err
}

// MaxTemplates is how many templates are listed.
const MaxTemplates = 200

// ListTemplates are the templates that one may make courses of, or edit, by name.
func ListTemplates(ctx context.Context, tx *db.Tx, creating, editing access.Within) ([]store.Course, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+templateColumns+` FROM courses c JOIN organizations o ON o.id = c.org_id
		WHERE c.portal_id = ? AND c.template AND c.deleted_at = 0 AND (c.archived_at = 0 AND ? OR ?) ORDER BY c.archived_at <> 0, c.name_key, c.id LIMIT ?`,
		creating.Portal(), usable(creating), editing.WhereOf(access.Course, "c"), MaxTemplates), scanTemplate)
}
