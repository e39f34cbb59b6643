package web_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/webtest"
)

// Q-4, BE-8: a page that is kept is never older than the last change in the portal, whoever made it and wherever, nor than
// the end of a grant; and it is nobody else's.
func TestKeptPagesAreNeverOld(t *testing.T) {
	site := webtest.New(t)
	gus, lin := site.As(t, "Gus"), site.As(t, "Lin")
	users := func(c *webtest.Client) string { return c.Get("/manage/users").Text("main") }
	for range 3 {
		if text := users(gus); strings.Contains(text, "Sue Learner") || !strings.Contains(text, "Max Lab") {
			t.Fatalf("Gus sees %s", text)
		}
	}
	in := action.PolicyBinding{Name: "Gus reads Blues", Role: access.ListUsers, Lines: []string{"gus"}, Until: "2026-03-04",
		Places: []action.PlaceRef{{Place: access.Place{Kind: access.Team, ID: site.Teams["Blues"].ID}}}}
	if _, err := action.CreatePolicy.Run(t.Context(), site.Env, site.Test.As("Ana"), in); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(users(gus), "Sue Learner") {
		t.Fatal("a grant does not count at the next request")
	}
	if text := users(lin); strings.Contains(text, "Max Lab") {
		t.Fatalf("Lin sees the page of Gus: %s", text)
	}
	comes := action.TeamMember{Team: site.Teams["Blues"].ID, Account: site.People["Leo"].ID}
	if _, err := action.AddTeamMember.Run(t.Context(), site.Env, site.Test.As("Ana"), comes); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(users(gus), "Leo Manager") {
		t.Fatal("who came into the team is not on the page")
	}
	end := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	site.Clock.Move(end.Sub(site.Clock.Now()) - time.Second)
	gus = site.As(t, "Gus")
	if !strings.Contains(users(gus), "Lou Learner") {
		t.Fatal("the grant ended too early")
	}
	site.Clock.Move(2 * time.Second)
	if text := users(gus); strings.Contains(text, "Lou Learner") || !strings.Contains(text, "Max Lab") {
		t.Fatal("a kept page outlives the grant that it rests on")
	}
}

// The moment of a portal moves with every change in it, and with nothing else.
func TestMoment(t *testing.T) {
	site := webtest.New(t)
	moment := func() (n int64) {
		err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			n, err = store.Moment(t.Context(), tx, site.Acme.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := moment()
	site.As(t, "Leo").Get("/manage/users")
	signedIn := moment()
	if signedIn <= before {
		t.Error("signing in did not move it")
	}
	site.As(t, "Ulf").Get("/manage/users")
	if moment() != signedIn {
		t.Error("another portal moved it")
	}
}
