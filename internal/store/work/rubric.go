package work

import (
	"context"

	"provost/internal/db"
)

// RubricOf is how an assessment's works are judged, as text; empty for no rubric.
func RubricOf(ctx context.Context, tx *db.Tx, a Assessment) (string, error) {
	return db.Val[string](ctx, tx, db.SQL(`SELECT rubric FROM assessments WHERE id = ?`, a.ID))
}

// SaveRubric writes it. What was chosen by the one before stays.
func SaveRubric(ctx context.Context, tx *db.Tx, a Assessment, text string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE assessments SET rubric = ? WHERE id = ?`, text, a.ID))
	return err
}

// MarksOf is what was chosen in the rubric for a learner, as JSON; empty for nothing.
func MarksOf(ctx context.Context, tx *db.Tx, g Grade) (string, error) {
	return db.Val[string](ctx, tx, db.SQL(`SELECT marks FROM results WHERE id = ?`, g.ID))
}

// SaveMarks writes it.
func SaveMarks(ctx context.Context, tx *db.Tx, g Grade, marks string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE results SET marks = ? WHERE id = ?`, marks, g.ID))
	return err
}
