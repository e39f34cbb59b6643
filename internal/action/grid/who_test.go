package grid_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// BE-3: who may do something, and who could on a past day; each sees only people whose access they may see.
func TestBE3WhoCould(t *testing.T) {
	w := worldtest.New(t)
	day := w.Clock.Now().Format(time.DateOnly)
	who := func(as string, in grid.WhoQuery) string {
		t.Helper()
		out, err := grid.Who.Run(t.Context(), w.Env, w.As(as), in)
		wantKind(t, as, err, -1)
		var names []string
		for _, a := range out.Items {
			first, _, _ := strings.Cut(a.Name, " ")
			names = append(names, first)
		}
		return strings.Join(names, " ")
	}
	north := grid.WhoQuery{Permission: "account.archive", Kind: "organization", Thing: w.Orgs["North"].ID}
	if got := who("Sam", north); got != "Ana Otto Pia Sam" {
		t.Errorf("people of North are archived by %s", got)
	}
	if got := who("Otto", north); got != "Otto" {
		t.Errorf("Otto is told of %s", got)
	}
	w.Clock.Move(72 * time.Hour)
	_, err := grid.ChangeCells.Run(t.Context(), w.Env, w.As("Sam"), change(w, "North", "a test", grid.Edit{Role: access.OrgAdmin, Permission: "account.archive", To: grid.Deny}))
	wantKind(t, "a cell", err, -1)
	_, err = action.SetAccountTypes.Run(t.Context(), w.Env, w.As("Sam"), action.AccountTypesChange{Account: w.People["Pia"].ID, Types: []access.RoleID{access.Learner}})
	wantKind(t, "Pia is a learner", err, -1)
	w.Clock.Move(72 * time.Hour)
	then := north
	then.At = day
	if a, b := who("Sam", then), who("Sam", north); a != "Ana Otto Pia Sam" || b != "Ana Sam" {
		t.Errorf("then it was %s, now it is %s", a, b)
	}
	_, err = grid.Who.Run(t.Context(), w.Env, w.As("Otto"), grid.WhoQuery{Permission: "account.archive", Kind: "organization", Thing: w.Orgs["South"].ID})
	wantKind(t, "Otto, of South", err, fail.NotFound)
}
