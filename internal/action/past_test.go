package action_test

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

// BE-3: why somebody could do something on a past day, by the grants, roles and cells of then, and which change made it so; and
// what they held then. What is not kept for the past is said.
func TestBE3WhyAsOf(t *testing.T) {
	w := worldtest.New(t)
	first := w.Clock.Now()
	why := func(who, permission, at string) action.WhyAnswer {
		t.Helper()
		out, err := action.Explain.Run(t.Context(), w.Env, w.As("Ana"), action.WhyQuery{Account: strings.ToLower(who), Permission: permission, At: at})
		wantKind(t, who+" "+permission+" "+at, err, -1)
		return out
	}
	day := func(at time.Time) string { return at.Format(time.DateOnly) }
	w.Clock.Move(72 * time.Hour)
	_, err := action.RemoveGroupMember.Run(t.Context(), w.Env, w.As("Ana"), action.GroupMember{Group: w.Management.ID, Account: w.People["Leo"].ID})
	wantKind(t, "Leo leaves", err, -1)
	_, err = grid.ChangeCells.Run(t.Context(), w.Env, w.As("Sam"), grid.Change{Organization: w.Acme.ID, Reason: "Monitors help with accounts",
		Cells: []grid.Edit{{Role: access.OrgAdmin, Permission: "account.list", To: grid.Deny}, {Role: access.Manager, Permission: "team.list", To: grid.Allow}}})
	wantKind(t, "cells", err, -1)
	second := w.Clock.Now()
	w.Clock.Move(72 * time.Hour)
	_, err = grid.ChangeCells.Run(t.Context(), w.Env, w.As("Sam"), grid.Change{Organization: w.Acme.ID, Reason: "No more", Cells: []grid.Edit{{Role: access.Manager, Permission: "team.list", To: grid.Default}}})
	wantKind(t, "cells", err, -1)
	w.Clock.Move(72 * time.Hour)

	if then, now := why("Leo", "account.list", day(first)), why("Leo", "account.list", ""); !then.Allowed || now.Allowed || then.By == nil || then.By.Group == nil || then.By.Until.IsZero() {
		t.Errorf("Leo could %v and can %v: %+v", then.Allowed, now.Allowed, then)
	}
	gus := func(at string) action.WhyAnswer {
		out, err := action.Explain.Run(t.Context(), w.Env, w.As("Ana"), action.WhyQuery{Account: "gus", Permission: "team.list", Kind: "organization", Thing: "North", At: at})
		wantKind(t, "Gus "+at, err, -1)
		return out
	}
	if a, b, c := gus(day(first)), gus(day(second)), gus(""); a.Allowed || !b.Allowed || c.Allowed || !strings.Contains(b.Switched, "Sam Super: “Monitors help with accounts”") {
		t.Errorf("Gus: %v, %v (%s), %v", a.Allowed, b.Allowed, b.Switched, c.Allowed)
	} else if text := b.Answer + b.Steps[len(b.Steps)-1].Text; !strings.Contains(text, "could do this") || !strings.Contains(text, "Organizations") {
		t.Errorf("what is not kept is not said: %s", text)
	}
	held := func(at string) string {
		out, err := action.ShowAccess.Run(t.Context(), w.Env, w.As("Ana"), action.AccessQuery{Account: w.People["Leo"].ID, At: at})
		wantKind(t, "Leo's access", err, -1)
		var roles []string
		for _, h := range out.Items {
			roles = append(roles, h.Role.Title)
		}
		return strings.Join(roles, ", ")
	}
	if a, b := held(day(first)), held(""); !strings.Contains(a, "Enrollment Manager") || strings.Contains(b, "Enrollment Manager") {
		t.Errorf("Leo held %s, and holds %s", a, b)
	}
	_, err = action.ShowAccess.Run(t.Context(), w.Env, w.As("Ana"), action.AccessQuery{Account: w.People["Leo"].ID, At: "tomorrow"})
	wantKind(t, "no day", err, fail.Invalid)
	_, err = action.Explain.Run(t.Context(), w.Env, w.As("Ana"), action.WhyQuery{Account: "leo", Permission: "account.list", At: "1999-01-01"})
	wantKind(t, "before there was Leo", err, fail.Invalid)
}
