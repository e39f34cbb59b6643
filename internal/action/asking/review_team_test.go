package asking_test

import (
	"slices"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/action/people"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// BE-4: a review has the shares of teams, one item each, the roles in them, and who is whose parent, manager and mentor; ending one
// ends it whole. A team's owner is not ended by a review: a team keeps one.
func TestBE4ReviewOfTeamsAndRelations(t *testing.T) {
	w := worldtest.New(t)
	reds := w.Teams["Reds"].ID
	run(t, w, "Ana", action.ShareTeam, action.NewShare{Team: reds, Accounts: []db.ID{w.People["Sue"].ID}, ShareTicks: action.ShareTicks{Read: true, Analytics: true}})
	run(t, w, "Ana", action.SetTeamRoles, action.RolesOfMember{Team: reds, Account: w.People["Lin"].ID, Roles: []access.RoleID{access.TeamLeader}})
	run(t, w, "Ana", people.AddRelation, people.NewRelation{Account: w.People["Lin"].ID, Role: access.MentorOf, Person: w.People["Max"].ID})
	r := run(t, w, "Ana", asking.BeginReview, asking.NewReview{})
	parts := func() []asking.ReviewItem {
		return run(t, w, "Ana", asking.ShowReview, asking.ReviewQuery{Review: r.ID}).Parts
	}
	of := func(holder string) (out []asking.ReviewItem) {
		for _, x := range parts() {
			if x.Holder.Name == holder && x.Policy == "" {
				out = append(out, x)
			}
		}
		return out
	}
	sue, lin, max := of("Sue Learner"), of("Lin Learner"), of("Max Lab")
	if len(sue) != 1 || len(lin) != 1 || lin[0].Role != "Team leader" || len(max) != 1 || max[0].Role != "Mentor of" || !sue[0].MayChange || !lin[0].MayChange || !max[0].MayChange {
		t.Fatalf("%+v\n%+v\n%+v", sue, lin, max)
	}
	if slices.ContainsFunc(parts(), func(x asking.ReviewItem) bool { return x.Role == "Team owner" }) {
		t.Error("an owner is reviewed")
	}
	run(t, w, "Ana", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.End, Grants: []db.ID{sue[0].ID, lin[0].ID, max[0].ID}})
	if got := run(t, w, "Ana", action.ListShares, action.OneTeam{Team: reds}); len(got.Items) != 0 {
		t.Errorf("the share is there: %+v", got)
	}
	if got := run(t, w, "Ana", people.ListRelations, people.OfPerson{Account: w.People["Lin"].ID}); len(got.Items) != 0 {
		t.Errorf("the relation is there: %+v", got)
	}
}

// BE-4: a relation, an account type given with an account, a membership and a role in a team end by themselves where they were given
// so; an owner has no end; a day that is past is refused.
func TestBE4GivenWithAnEnd(t *testing.T) {
	w := worldtest.New(t)
	lin, max, reds := w.People["Lin"].ID, w.People["Max"].ID, w.Teams["Reds"].ID
	refused(t, w, "Ana", people.AddRelation, people.NewRelation{Account: lin, Role: access.MentorOf, Person: max, Until: "2020-01-01"}, fail.Invalid)
	out := run(t, w, "Ana", people.AddRelation, people.NewRelation{Account: lin, Role: access.MentorOf, Person: max, For: "1d"})
	run(t, w, "Ana", action.AddTeamMember, action.TeamMember{Team: reds, Account: w.People["Sue"].ID, For: "1d"})
	refused(t, w, "Ana", action.SetTeamRoles, action.RolesOfMember{Team: reds, Account: lin, Roles: []access.RoleID{access.TeamOwner}, Confirm: true, For: "1d"}, fail.Invalid)
	run(t, w, "Ana", action.SetTeamRoles, action.RolesOfMember{Team: reds, Account: lin, Roles: []access.RoleID{access.TeamMember, access.TeamLeader}, For: "1d"})
	made := run(t, w, "Ana", action.AddAccount, action.NewPerson{Name: "Nia New", Username: "nia", Organization: w.Orgs["North"].ID, Types: []access.RoleID{access.Instructor}, For: "1d"})
	types := func() int {
		return len(run(t, w, "Ana", action.ShowAccount, action.AccountID{Account: made.ID}).Types)
	}
	team := func() (roles int) {
		for _, p := range run(t, w, "Ana", action.ShowTeam, action.TeamPeople{Team: reds}).People {
			roles += len(p.Roles)
		}
		return roles
	}
	if out.Until == nil || types() != 1 || team() != 4 { // Leo owns it
		t.Errorf("%+v, %d types, %d roles", out, types(), team())
	}
	w.Clock.Move(25 * time.Hour)
	if got := run(t, w, "Ana", people.ListRelations, people.OfPerson{Account: lin}); len(got.Items) != 0 || types() != 0 || team() != 2 {
		t.Errorf("after a day: %+v, %d types, %d roles", got, types(), team())
	}
}
