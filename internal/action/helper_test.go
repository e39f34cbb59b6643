package action_test

import (
	"strings"
	"testing"

	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

// op0 is nobody, at Acme.
func op0(w *worldtest.Test) op.Who { return op.Who{Portal: w.Acme.ID} }

// auditText is everything that the audit keeps.
func auditText(t *testing.T, w *worldtest.Test) string {
	t.Helper()
	var all []string
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.All(t.Context(), tx, db.SQL(`SELECT actor_name || ' ' || operation || ' ' || outcome || ' ' || target_name || ' ' || detail FROM audit ORDER BY portal_id, seq`),
			func(s db.Scanner) (text string, err error) { return text, s.Scan(&text) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}
