package store_test

import (
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func verify(t *testing.T, w *worldtest.Test) (out []store.Fault) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		out, err = store.Verify(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// the world is sound, and each thing that is done to it behind the portal's back is found.
func TestVerify(t *testing.T) {
	for _, c := range []struct{ damage, found string }{
		{"", ""},
		{`UPDATE audit SET detail = '{"changed":true}' WHERE seq = 2`, "changed audit row: 2"},
		{`DELETE FROM audit WHERE seq = 2`, "lacks the audit rows 2 to 2"},
		{`UPDATE grants SET until = 1 WHERE role = 'super'`, "exactly one super administrator"},
		{`UPDATE grants SET place_id = -place_id WHERE place_kind = 'team'`, "at a team of another portal, or at none"},
		{`UPDATE grants SET role = 'nobody' WHERE role = 'learner'`, "does not exist: nobody"},
		{`DELETE FROM org_under WHERE org_id <> ancestor_id`, "does not lie under"},
		{`UPDATE accounts SET archived_at = 5 WHERE username = 'sam'`, "archived"},
	} {
		w := worldtest.New(t)
		for _, person := range []string{"Lou", "Sue"} {
			if _, err := action.AddTeamMember.Run(t.Context(), w.Env, w.As("Leo"), action.TeamMember{Team: w.Teams["Reds"].ID, Account: w.People[person].ID}); err != nil {
				t.Fatal(err)
			}
		}
		if c.damage != "" {
			err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), db.SQL(c.damage))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		var told []string
		for _, f := range verify(t, w) {
			told = append(told, f.What)
		}
		all := strings.Join(told, "; ")
		if (c.found == "") != (all == "") || !strings.Contains(all, c.found) {
			t.Errorf("after %q it tells %q, want %q", c.damage, all, c.found)
		}
	}
}
