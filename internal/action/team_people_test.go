package action_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

// try runs an operation and fails the test where its outcome is not of a kind; -1 is success.
func try[In, Out any](t *testing.T, w *worldtest.Test, who string, o *op.Op[In, Out], in In, want fail.Kind) Out {
	t.Helper()
	out, err := o.Run(t.Context(), w.Env, w.As(who), in)
	if want == -1 && err != nil || want != -1 && fail.Of(err) != want {
		t.Errorf("%s, %s: %v, want kind %d", who, o.Name, err, want)
	}
	return out
}

const done fail.Kind = -1

func fields(name string) action.TeamFields { return action.TeamFields{Name: name} }

// LM-6, LM-11: Leo creates teams and owns them; he edits and deletes those, and no other; who may not create is refused.
func TestLM6LM11CreateTeam(t *testing.T) {
	w := worldtest.New(t)
	south := w.Orgs["South"].ID
	made := try(t, w, "Leo", action.CreateTeam, action.NewTeam{TeamFields: fields("Greens"), Org: south}, done)
	try(t, w, "Leo", action.CreateTeam, action.NewTeam{TeamFields: fields("greens "), Org: south}, fail.Conflict)
	try(t, w, "Leo", action.CreateTeam, action.NewTeam{TeamFields: fields("X"), Org: w.Orgs["Dusk"].ID}, fail.NotFound)
	try(t, w, "Otto", action.CreateTeam, action.NewTeam{TeamFields: fields("X"), Org: south}, fail.NotFound)
	try(t, w, "Lin", action.CreateTeam, action.NewTeam{TeamFields: fields("X"), Org: south}, fail.NotFound)
	try(t, w, "Leo", action.CreateTeam, action.NewTeam{TeamFields: fields(""), Org: south}, fail.Invalid)
	shown := try(t, w, "Leo", action.ShowTeam, action.TeamPeople{Team: made.ID}, done)
	if len(shown.May) != 6 || len(shown.People) != 1 || shown.People[0].Roles[0].ID != access.TeamOwner {
		t.Errorf("%+v", shown)
	}
	try(t, w, "Leo", action.EditTeam, action.TeamChange{Team: made.ID, TeamFields: fields("Olives")}, done)
	blues := w.Teams["Blues"].ID
	if got := try(t, w, "Leo", action.ShowTeam, action.TeamPeople{Team: blues}, done); len(got.May) != 0 || got.Total != 3 {
		t.Errorf("Blues is not read-only: %+v", got)
	}
	try(t, w, "Leo", action.EditTeam, action.TeamChange{Team: blues, TeamFields: fields("Mine")}, fail.NotAllowed)
	try(t, w, "Leo", action.DeleteTeam, action.TeamEnd{Team: blues, Confirm: true}, fail.NotAllowed)
	try(t, w, "Leo", action.ShowTeam, action.TeamPeople{Team: w.Teams["Shades"].ID}, fail.NotFound)
	try(t, w, "Sue", action.ShowTeam, action.TeamPeople{Team: w.Teams["Reds"].ID}, fail.NotFound)
	try(t, w, "Leo", action.DeleteTeam, action.TeamEnd{Team: made.ID, Confirm: true}, done)
	try(t, w, "Leo", action.ShowTeam, action.TeamPeople{Team: made.ID}, fail.NotFound)
}

// LM-6: a pasted list is added whole or not at all; whom one may not see is nobody.
func TestLM6AddMembersWholeOrNotAtAll(t *testing.T) {
	w := worldtest.New(t)
	reds := w.Teams["Reds"].ID
	_, err := action.AddTeamMembers.Run(t.Context(), w.Env, w.As("Leo"), action.TeamMembers{Team: reds, Lines: []string{"Lou Learner", "una", "Max Lab", "nobody"}})
	if fail.Of(err) != fail.Invalid || !strings.Contains(strings.Join(fieldNames(err), " "), "line 2 line 4") {
		t.Errorf("%v %v", err, fieldNames(err))
	}
	if n := try(t, w, "Leo", action.ShowTeam, action.TeamPeople{Team: reds}, done).Members; n != 1 {
		t.Errorf("half of it was done: %d", n)
	}
	try(t, w, "Leo", action.AddTeamMembers, action.TeamMembers{Team: reds, Accounts: []db.ID{w.People["Una"].ID}}, fail.NotFound)
	out := try(t, w, "Leo", action.AddTeamMembers, action.TeamMembers{Team: reds, Lines: []string{"Lou Learner", "Max Lab", "Lin Learner"}}, done)
	if len(out.Added) != 2 || len(out.Already) != 1 {
		t.Errorf("%+v", out)
	}
	try(t, w, "Leo", action.AddTeamMembers, action.TeamMembers{Team: w.Teams["Shades"].ID, Lines: []string{"Lou Learner"}}, fail.NotFound)
	try(t, w, "Leo", action.AddTeamMembers, action.TeamMembers{Team: w.Teams["Blues"].ID, Lines: []string{"Lin Learner"}}, fail.NotAllowed)
}

func fieldNames(err error) (out []string) {
	if e, ok := err.(*fail.Error); ok {
		for _, f := range e.Fields {
			out = append(out, f.Name)
		}
	}
	return out
}

// RT-4: leaders hold what the switch gives while it is on and while they lead.
func TestRT4LeadersRunReports(t *testing.T) {
	w := worldtest.New(t)
	reds, lin := w.Teams["Reds"], w.People["Lin"].ID
	can := func() bool {
		actor := actor(t, w, "Lin")
		thing := access.Thing{Kind: access.Enrolment, Portal: w.Acme.ID, Org: w.Orgs["North"].ID, Account: lin, Teams: []db.ID{reds.ID}}
		return actor.Can(access.ReportCertain, &thing)
	}
	lead := func(roles ...access.RoleID) {
		try(t, w, "Leo", action.SetTeamRoles, action.RolesOfMember{Team: reds.ID, Account: lin, Roles: roles}, done)
	}
	set := func(on bool) {
		try(t, w, "Leo", action.EditTeam, action.TeamChange{Team: reds.ID, TeamFields: fields("Reds"), LeadersReport: on}, done)
	}
	for i, step := range []struct {
		do   func()
		want bool
	}{{func() { lead(access.TeamLeader) }, false}, {func() { set(true) }, true}, {func() { lead(access.TeamMember) }, false},
		{func() { lead(access.TeamLeader, access.TeamMember) }, true}, {func() { set(false) }, false}} {
		step.do()
		if can() != step.want {
			t.Errorf("step %d: reports %v", i, can())
		}
	}
}

// RT-4: a team keeps an owner; handing it over asks twice; who may only edit takes no leader out; a person of another team is nobody here.
func TestRT4OwnersAndRoles(t *testing.T) {
	w := worldtest.New(t)
	reds, leo, lin := w.Teams["Reds"].ID, w.People["Leo"].ID, w.People["Lin"].ID
	set := func(who string, account db.ID, confirm bool, want fail.Kind, roles ...access.RoleID) {
		t.Helper()
		try(t, w, who, action.SetTeamRoles, action.RolesOfMember{Team: reds, Account: account, Roles: roles, Confirm: confirm}, want)
	}
	set("Leo", leo, false, fail.Conflict, access.TeamMember)
	try(t, w, "Leo", action.RemoveTeamMember, action.MemberRef{Team: reds, Account: leo}, fail.Conflict)
	set("Leo", w.People["Sue"].ID, false, fail.NotFound, access.TeamMember)
	try(t, w, "Leo", action.RemoveTeamMember, action.MemberRef{Team: reds, Account: w.People["Sue"].ID}, fail.NotFound)
	set("Leo", lin, false, fail.Invalid, access.TeamOwner)
	set("Leo", lin, false, fail.Invalid, access.Super)
	set("Lin", lin, true, fail.NotAllowed, access.TeamOwner)
	try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: reds, Lines: []string{"Sue Learner"}, ShareTicks: action.ShareTicks{Edit: true}}, done)
	set("Leo", lin, false, done, access.TeamLeader)
	try(t, w, "Sue", action.RemoveTeamMember, action.MemberRef{Team: reds, Account: lin}, fail.NotAllowed)
	set("Leo", lin, true, done, access.TeamOwner)
	set("Leo", leo, false, done, access.TeamMember)
	set("Leo", lin, false, fail.NotAllowed, access.TeamMember)
	try(t, w, "Lin", action.RemoveTeamMember, action.MemberRef{Team: reds, Account: leo}, done)
}

// LM-10: what a share gives is all that its receiver needs, from the next request on, and ends at the next one.
func TestLM10Sharing(t *testing.T) {
	w := worldtest.New(t)
	reds := w.Teams["Reds"].ID
	share := func(ticks action.ShareTicks) {
		try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: reds, Lines: []string{"Sue Learner"}, ShareTicks: ticks}, done)
	}
	share(action.ShareTicks{Read: true})
	if got := try(t, w, "Sue", action.ShowTeam, action.TeamPeople{Team: reds}, done); len(got.People) != 1 || got.People[0].Name != "Lin Learner" || len(got.May) != 0 {
		t.Errorf("%+v", got)
	}
	if !actor(t, w, "Sue").May(access.TeamList).Opens() {
		t.Error("the tab does not show itself")
	}
	try(t, w, "Sue", action.EditTeam, action.TeamChange{Team: reds, TeamFields: fields("X")}, fail.NotAllowed)
	share(action.ShareTicks{Edit: true, Notify: true})
	try(t, w, "Sue", action.EditTeam, action.TeamChange{Team: reds, TeamFields: fields("Crimsons")}, done)
	try(t, w, "Sue", action.EditTeam, action.TeamChange{Team: reds, TeamFields: fields("Crimsons"), LeadersReport: true}, done) // nobody leads it
	try(t, w, "Sue", action.DeleteTeam, action.TeamEnd{Team: reds, Confirm: true}, fail.NotAllowed)
	share(action.ShareTicks{Analytics: true})
	try(t, w, "Sue", action.ShowTeam, action.TeamPeople{Team: reds}, fail.NotAllowed)
	if sue := actor(t, w, "Sue"); !sue.May(access.AnalyticsView).Opens() || !sue.May(access.ReportCertain).Any() {
		t.Error("no dashboards")
	}
	list := try(t, w, "Leo", action.ListShares, action.OneTeam{Team: reds}, done)
	if len(list.Items) != 1 || !list.Items[0].Analytics || list.Items[0].Read || list.Items[0].Name != "Sue Learner" {
		t.Fatalf("%+v", list)
	}
	try(t, w, "Ana", action.EndShare, action.ShareRef{Team: w.Teams["Blues"].ID, Share: list.Items[0].ID}, fail.NotFound)
	try(t, w, "Sue", action.EndShare, action.ShareRef{Team: reds, Share: list.Items[0].ID}, fail.NotAllowed)
	try(t, w, "Leo", action.EndShare, action.ShareRef{Team: reds, Share: list.Items[0].ID}, done)
	try(t, w, "Sue", action.ShowTeam, action.TeamPeople{Team: reds}, fail.NotFound)
}

// LM-10: a share with an access group reaches its people, and ends by itself.
func TestLM10ShareWithGroupUntil(t *testing.T) {
	w := worldtest.New(t)
	made := try(t, w, "Tess", action.CreateGroup, action.NewGroup{Name: "Watchers"}, done)
	try(t, w, "Tess", action.AddGroupMembers, action.GroupMembers{Group: made.ID, Lines: []string{"Sue Learner"}}, done)
	reds := w.Teams["Reds"].ID
	try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: reds, Groups: []db.ID{made.ID}, ShareTicks: action.ShareTicks{Read: true}}, fail.NotFound)
	day := w.Clock.Now().AddDate(0, 0, 2).Format("2006-01-02")
	try(t, w, "Tess", action.ShareTeam, action.NewShare{Team: reds, Groups: []db.ID{made.ID}, ShareTicks: action.ShareTicks{Read: true}, Until: day}, done)
	try(t, w, "Sue", action.ShowTeam, action.TeamPeople{Team: reds}, done)
	if list := try(t, w, "Leo", action.ListShares, action.OneTeam{Team: reds}, done); len(list.Items) != 1 || !list.Items[0].Hidden || list.Items[0].Name != "" {
		t.Errorf("Leo may not see groups: %+v", list)
	}
	w.Clock.Move(4 * 24 * time.Hour)
	try(t, w, "Sue", action.ShowTeam, action.TeamPeople{Team: reds}, fail.NotFound)
}

// PT-2: nobody shares more than they hold, with somebody or with themselves.
func TestPT2ShareMoreThanOneHolds(t *testing.T) {
	w := worldtest.New(t)
	reds := w.Teams["Reds"].ID
	analytics := action.NewShare{Team: reds, Lines: []string{"otto"}, ShareTicks: action.ShareTicks{Analytics: true}}
	try(t, w, "Otto", action.ShareTeam, analytics, fail.NotAllowed) // Reds lies in North, but its people may be of anywhere
	try(t, w, "Bea", action.ShareTeam, action.NewShare{Team: w.Teams["Company A Team"].ID, Lines: []string{"bea"}, ShareTicks: action.ShareTicks{Edit: true}}, fail.NotAllowed)
	try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: w.Teams["Blues"].ID, Lines: []string{"Leo Manager"}, ShareTicks: action.ShareTicks{Edit: true}}, fail.NotAllowed)
	try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: w.Teams["Shades"].ID, Lines: []string{"Leo Manager"}, ShareTicks: action.ShareTicks{Edit: true}}, fail.NotFound)
	try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: reds, Accounts: []db.ID{w.People["Una"].ID}, ShareTicks: action.ShareTicks{Read: true}}, fail.NotFound)
	try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: reds, Lines: []string{"Sue Learner"}}, fail.Invalid)
	// A team's owner who is nobody else gives all that a share has, and no more than there.
	try(t, w, "Leo", action.SetTeamRoles, action.RolesOfMember{Team: reds, Account: w.People["Lin"].ID, Roles: []access.RoleID{access.TeamOwner}, Confirm: true}, done)
	all := action.ShareTicks{Read: true, Edit: true, Analytics: true, Notify: true}
	try(t, w, "Lin", action.ShareTeam, action.NewShare{Team: reds, Lines: []string{"Lin Learner"}, ShareTicks: all}, done)
}

// PT-2, LM-9: Bea adds people to Company A Team to see them: she may not. Leo gathers administrators to gain rights over
// them: he gains none that the protections leave.
func TestPT2LM9AddToSee(t *testing.T) {
	w := worldtest.New(t)
	team := w.Teams["Company A Team"].ID
	try(t, w, "Bea", action.AddTeamMembers, action.TeamMembers{Team: team, Accounts: []db.ID{w.People["Sue"].ID}}, fail.NotAllowed)
	try(t, w, "Bea", action.CreateTeam, action.NewTeam{TeamFields: fields("All"), Org: w.Acme.ID}, fail.NotFound)
	made := try(t, w, "Leo", action.CreateTeam, action.NewTeam{TeamFields: fields("Admins"), Org: w.Acme.ID}, done)
	try(t, w, "Leo", action.AddTeamMembers, action.TeamMembers{Team: made.ID, Lines: []string{"Ana Full", "Pia Partial", "Sam Super"}}, done)
	for _, p := range []string{"Ana", "Sam"} {
		try(t, w, "Leo", action.IssuePassword, action.PasswordReset{Account: w.People[p].ID}, fail.NotAllowed)
		try(t, w, "Leo", action.ArchiveAccount, action.AccountID{Account: w.People[p].ID}, fail.NotAllowed)
	}
	try(t, w, "Leo", action.SetTeamRoles, action.RolesOfMember{Team: made.ID, Account: w.People["Leo"].ID, Roles: []access.RoleID{access.Admin}}, fail.Invalid)
}

// LM-12: deleting a team that a policy is bound to says what would be lost, and does it whole or not at all.
func TestLM12DeleteTeam(t *testing.T) {
	w := worldtest.New(t)
	team := w.Teams["Company A Team"].ID
	try(t, w, "Ana", action.ShareTeam, action.NewShare{Team: team, Lines: []string{"Sue Learner"}, ShareTicks: action.ShareTicks{Read: true}}, done)
	lost := try(t, w, "Ana", action.DeleteTeam, action.TeamEnd{Team: team}, fail.Conflict)
	lost = try(t, w, "Ana", action.ForeseeTeamEnd, action.OneTeam{Team: team}, done)
	if lost.Members != 2 || lost.Shares != 1 || len(lost.Policies) != 3 {
		t.Errorf("%+v", lost)
	}
	if !actor(t, w, "Bea").May(access.AnalyticsRead).Any() {
		t.Error("half of it was done")
	}
	try(t, w, "Ana", action.DeleteTeam, action.TeamEnd{Team: team, Confirm: true}, done)
	if actor(t, w, "Bea").May(access.AnalyticsRead).Any() {
		t.Error("the policy still gives")
	}
	try(t, w, "Sue", action.ShowTeam, action.TeamPeople{Team: team}, fail.NotFound)
	try(t, w, "Ana", action.CreateTeam, action.NewTeam{TeamFields: fields("Company A Team"), Org: w.Acme.ID}, done)
}

// LM-10, LM-9: who is notified gets one mail for each change, that names nobody whom they may not see.
func TestLM10Notify(t *testing.T) {
	w := worldtest.New(t)
	reds := w.Teams["Reds"].ID
	try(t, w, "Leo", action.ShareTeam, action.NewShare{Team: reds, Lines: []string{"Sue Learner", "Lin Learner"}, ShareTicks: action.ShareTicks{Notify: true}}, done)
	try(t, w, "Leo", action.AddTeamMembers, action.TeamMembers{Team: reds, Lines: []string{"Lou Learner", "Max Lab"}}, done)
	mails := outbox(t, w)
	if len(mails) != 2 || !strings.Contains(mails["sue@acme.test"], "Added: Lou Learner, and 1 more.") ||
		!strings.Contains(mails["lin@acme.test"], "Lou Learner, Max Lab") {
		t.Errorf("%v", mails)
	}
	try(t, w, "Leo", action.RemoveTeamMember, action.MemberRef{Team: reds, Account: w.People["Max"].ID}, done)
	if mails = outbox(t, w); !strings.Contains(mails["lin@acme.test"], "Taken out: 1.") {
		t.Errorf("names who is not in a team of hers any more: %v", mails)
	}
}

// outbox is the last mail to each address.
func outbox(t *testing.T, w *worldtest.Test) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := db.All(t.Context(), tx, db.SQL(`SELECT recipient, body FROM outbox ORDER BY id`), func(s db.Scanner) (r [2]string, err error) { return r, s.Scan(&r[0], &r[1]) })
		for _, r := range rows {
			out[r[0]] = r[1]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// actor is somebody of Acme, folded now.
func actor(t *testing.T, w *worldtest.Test, who string) (out *access.Actor) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		out, err = w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People[who].ID, w.Clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
