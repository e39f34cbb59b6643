package action_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// BE-3: why somebody could do something on a past day, by the grants, roles and cells of then, and which change made it so; and
// what they held then.
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
	} else if text := b.Answer + b.Steps[len(b.Steps)-1].Text; !strings.Contains(text, "could do this") || !strings.Contains(text, "Names are those of today") {
		t.Errorf("of what time the names are is not said: %s", text)
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

// asOf asks as Ana whether somebody may do something, or could at the end of a day.
func asOf(t *testing.T, w *worldtest.Test, in action.WhyQuery) action.WhyAnswer {
	t.Helper()
	out, err := action.Explain.Run(t.Context(), w.Env, w.As("Ana"), in)
	wantKind(t, in.Account+" "+in.Permission+" "+in.At, err, -1)
	return out
}

// BE-3: a past day is decided by where people and organizations lay on that day, and by which organizations were hidden.
func TestBE3WhereTheyLay(t *testing.T) {
	w := worldtest.New(t)
	first := w.Clock.Now().Format(time.DateOnly)
	w.Clock.Move(72 * time.Hour)
	for name, to := range map[string]string{"Lin": "South", "Sue": "North"} {
		_, err := action.MoveAccount.Run(t.Context(), w.Env, w.As("Ana"), action.AccountMove{Account: w.People[name].ID, Organization: w.Orgs[to].ID})
		wantKind(t, name+" moves", err, -1)
	}
	_, err := tenant.MarkOrganization.Run(t.Context(), w.Env, w.As("Ana"), tenant.Marking{OrganizationPath: tenant.OrganizationPath{Organization: w.Orgs["Lab"].ID}, MarkFields: tenant.MarkFields{Hidden: true}})
	wantKind(t, "the Lab is hidden", err, -1)
	hidden := w.Clock.Now().Format(time.DateOnly)
	w.Clock.Move(72 * time.Hour)
	_, err = action.MoveOrganization.Run(t.Context(), w.Env, w.As("Ana"), action.OrganizationMove{Organization: w.Orgs["Lab"].ID, Parent: w.Orgs["South"].ID})
	wantKind(t, "the Lab moves", err, -1)
	w.Clock.Move(72 * time.Hour)
	for _, s := range []struct {
		who, permission, whom, at string
		want                      bool
	}{
		{"otto", "account.list", "lin", first, true},
		{"otto", "account.list", "lin", "", false},
		{"otto", "account.list", "sue", first, false},
		{"otto", "account.list", "sue", hidden, true},
		{"otto", "account.list", "sue", "", true},
		{"otto", "account.list", "max", hidden, true},
		{"otto", "account.list", "max", "", false},
		{"gus", "account.list", "max", first, true},
		{"gus", "account.list", "max", hidden, false},
		{"gus", "account.list", "max", "", false},
	} {
		got := asOf(t, w, action.WhyQuery{Account: s.who, Permission: s.permission, Kind: "account", Thing: s.whom, At: s.at})
		if got.Allowed != s.want || got.KeptSince != nil {
			t.Errorf("%s, %s of %s, at %q: %v, kept since %v\n%s", s.who, s.permission, s.whom, s.at, got.Allowed, got.KeptSince, got.Text())
		}
	}
	held, err := action.ShowAccess.Run(t.Context(), w.Env, w.As("Ana"), action.AccessQuery{Account: w.People["Lin"].ID, At: first})
	if err != nil || held.Organization != "North" {
		t.Errorf("Lin was in %s (%v)", held.Organization, err)
	}
}

// BE-3: who was archived on a past day could do nothing on it, and who was archived or restored since is not taken for it.
func TestBE3ArchivedThen(t *testing.T) {
	w := worldtest.New(t)
	day := func() string { return w.Clock.Now().Format(time.DateOnly) }
	could := func(at string) (bool, bool) {
		t.Helper()
		out, err := grid.Who.Run(t.Context(), w.Env, w.As("Ana"), grid.WhoQuery{Permission: "account.list", Kind: "organization", Thing: w.Orgs["North"].ID, At: at})
		wantKind(t, "who could", err, -1)
		listed := slices.ContainsFunc(out.Items, func(a grid.Able) bool { return a.ID == w.People["Otto"].ID })
		return asOf(t, w, action.WhyQuery{Account: "otto", Permission: "account.list", Kind: "account", Thing: "lin", At: at}).Allowed, listed
	}
	first := day()
	w.Clock.Move(72 * time.Hour)
	_, err := action.ArchiveAccount.Run(t.Context(), w.Env, w.As("Ana"), action.AccountID{Account: w.People["Otto"].ID})
	wantKind(t, "Otto is archived", err, -1)
	second := day()
	w.Clock.Move(72 * time.Hour)
	_, err = action.RestoreAccount.Run(t.Context(), w.Env, w.As("Ana"), action.AccountID{Account: w.People["Otto"].ID})
	wantKind(t, "Otto is restored", err, -1)
	third := day()
	w.Clock.Move(72 * time.Hour)
	for at, want := range map[string]bool{first: true, second: false, third: true} {
		if why, listed := could(at); why != want || listed != want {
			t.Errorf("at %s Otto could: %v, and is listed: %v", at, why, listed)
		}
	}
}

// BE-3: of a day before a portal kept where people lay, the answer says so.
func TestBE3KeptSince(t *testing.T) {
	w := worldtest.New(t)
	first := w.Clock.Now()
	w.Clock.Move(72 * time.Hour)
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.SQL(`INSERT INTO whereabouts (kind, thing_id, portal_id, in_id, marked, until) VALUES ('portal', ?, ?, 0, FALSE, ?)`,
			w.Acme.ID, w.Acme.ID, db.Micros(w.Clock.Now())))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := w.Clock.Now()
	w.Clock.Move(72 * time.Hour)
	for at, want := range map[time.Time]bool{first: true, kept: false} {
		got := asOf(t, w, action.WhyQuery{Account: "otto", Permission: "account.list", At: at.Format(time.DateOnly)})
		if (got.KeptSince != nil) != want || strings.Contains(got.Text(), "is known since") != want {
			t.Errorf("at %s: %v\n%s", at, got.KeptSince, got.Text())
		}
	}
}
