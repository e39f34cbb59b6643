package asking_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

const day = 24 * time.Hour

// run runs an operation as somebody, and fails the test where it is refused.
func run[In, Out any](t *testing.T, w *worldtest.Test, who string, o *op.Op[In, Out], in In) Out {
	t.Helper()
	out, err := o.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatalf("%s: %s %+v: %v", who, o.Name, in, err)
	}
	return out
}

// refused runs an operation that is to be refused.
func refused[In, Out any](t *testing.T, w *worldtest.Test, who string, o *op.Op[In, Out], in In, want fail.Kind) {
	t.Helper()
	if _, err := o.Run(t.Context(), w.Env, w.As(who), in); !fail.Is(err, want) {
		t.Errorf("%s: %s %+v: %v, want kind %d", who, o.Name, in, err, want)
	}
}

func held(t *testing.T, w *worldtest.Test, who, person string, role access.RoleID) (found []action.HeldGrant) {
	t.Helper()
	for _, h := range run(t, w, who, action.ShowAccess, action.AccessQuery{Account: w.People[person].ID}).Items {
		if h.Role.ID == role {
			found = append(found, h)
		}
	}
	return found
}

// allowed asks why (BE-1) as Ana.
func allowed(t *testing.T, w *worldtest.Test, person, permission, kind, thing string) bool {
	t.Helper()
	return run(t, w, "Ana", action.Explain, action.WhyQuery{Account: strings.ToLower(person), Permission: permission, Kind: kind, Thing: thing}).Allowed
}

// BE-4: whatever is given may end by itself: being in a group, a policy, a share, being in a team, an account type; for a
// span or until a day. At the moment it counts no more, and before that it stands in the list of what is about to end.
func TestBE4GrantsThatEnd(t *testing.T) {
	w := worldtest.New(t)
	sue, lou := w.People["Sue"].ID, w.People["Lou"].ID
	reds := w.Teams["Reds"].ID
	run(t, w, "Tess", action.AddGroupMembers, action.GroupMembers{Group: w.Management.ID, Accounts: []db.ID{sue}, For: "1d"})
	run(t, w, "Leo", action.ShareTeam, action.NewShare{Team: reds, Accounts: []db.ID{sue}, ShareTicks: action.ShareTicks{Read: true}, For: "2w"})
	run(t, w, "Leo", action.AddTeamMembers, action.TeamMembers{Team: reds, Accounts: []db.ID{lou}, For: "2w"})
	run(t, w, "Ana", action.SetAccountTypes, action.AccountTypesChange{Account: lou, Types: []access.RoleID{access.Learner, access.Monitor}, For: "3m"})
	run(t, w, "Ana", action.CreatePolicy, action.PolicyBinding{Name: "Lou lists teams", Role: access.ListTeams, Places: []action.PlaceRef{{Place: access.Place{Kind: access.Portal, ID: w.Acme.ID}}},
		Lines: []string{"lou"}, For: "2w"})
	refused(t, w, "Ana", action.AddGroupMembers, action.GroupMembers{Group: w.Management.ID, Accounts: []db.ID{lou}, For: "1y"}, fail.Invalid)
	refused(t, w, "Ana", action.AddGroupMembers, action.GroupMembers{Group: w.Management.ID, Accounts: []db.ID{lou}, Until: "2001-01-01"}, fail.Invalid)

	ending := func(who string, days int) (out []string) {
		for _, x := range run(t, w, who, asking.ListEnding, asking.EndingQuery{Days: days}).Items {
			out = append(out, x.Holder.Name+" "+x.Role)
		}
		return out
	}
	if got := strings.Join(ending("Ana", 30), ", "); got != "Sue Learner Member of an access group, Sue Learner Read Teams, Lou Learner Team member, Lou Learner List Teams" &&
		len(ending("Ana", 30)) != 4 {
		t.Errorf("Ana sees %s about to end", got)
	}
	if got := ending("Ana", 100); len(got) != 5 {
		t.Errorf("within 100 days: %v", got)
	}
	if got := ending("Lin", 100); len(got) != 0 {
		t.Errorf("Lin sees %v", got)
	}
	steps := []struct {
		after                           time.Duration
		group, share, team, policy, typ bool
	}{{day - time.Second, true, true, true, true, true}, {day, false, true, true, true, true}, {14*day - time.Second, false, true, true, true, true},
		{14 * day, false, false, false, false, true}, {80 * day, false, false, false, false, true}, {93 * day, false, false, false, false, false}}
	start := w.Clock.Now()
	for _, s := range steps {
		w.Clock.Move(start.Add(s.after).Sub(w.Clock.Now()))
		for what, c := range map[string][2]bool{
			"in the group": {allowed(t, w, "Sue", "account.list", "account", "ivy"), s.group},
			"by the share": {allowed(t, w, "Sue", "team.view", "team", "Reds"), s.share || s.group},
			"in the team":  {allowed(t, w, "Lou", "team.view", "team", "Reds"), s.team},
			"by policy":    {allowed(t, w, "Lou", "team.list", "team", "Reds"), s.policy},
			"as a monitor": {allowed(t, w, "Lou", "enrolment.list", "organization", "South"), s.typ},
		} {
			if c[0] != c[1] {
				t.Errorf("after %s, %s: %v", s.after, what, c[0])
			}
		}
	}
	if got := ending("Ana", 366); len(got) != 0 {
		t.Errorf("about to end after all has ended: %v", got)
	}
}

// BE-4, PT-1, PT-2: what is about to end goes on as a new grant, by those who may give it, and nobody else; the old one has
// ended, and when it was last used goes with it.
func TestBE4GoesOn_PT2(t *testing.T) {
	w := worldtest.New(t)
	run(t, w, "Tess", action.AddGroupMembers, action.GroupMembers{Group: w.Management.ID, Accounts: []db.ID{w.People["Sue"].ID}, For: "1d"})
	was := held(t, w, "Tess", "Sue", access.GroupMember)[0]
	in := asking.GrantEnd{Grant: was.ID, For: "2w"}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotFound, "Sue": fail.NotFound, "Otto": fail.NotFound, "Una": fail.NotFound, "Urs": fail.NotFound} {
		refused(t, w, who, asking.SetGrantEnd, in, want)
		refused(t, w, who, asking.EndGrant, asking.GrantID{Grant: was.ID}, want)
		refused(t, w, who, asking.ShowGiven, asking.GrantID{Grant: was.ID}, want)
	}
	refused(t, w, "Mo", asking.SetGrantEnd, in, fail.NotAllowed)
	refused(t, w, "Tess", asking.SetGrantEnd, asking.GrantEnd{Grant: was.ID, Until: "tomorrow"}, fail.Invalid)
	if err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.SQL(`INSERT INTO grant_uses (grant_id, used_at) VALUES (?, ?)`, was.ID, db.Micros(w.Clock.Now())))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	now := run(t, w, "Tess", asking.SetGrantEnd, in)
	if now.ID == was.ID || !now.Until.Equal(w.Clock.Now().AddDate(0, 0, 14)) {
		t.Errorf("%+v", now)
	}
	if again := run(t, w, "Tess", asking.ShowGiven, asking.GrantID{Grant: now.ID}); again.Used.IsZero() || !again.Mine {
		t.Errorf("%+v", again)
	}
	refused(t, w, "Tess", asking.SetGrantEnd, in, fail.NotFound) // it has ended
	w.Clock.Move(2 * day)
	if !allowed(t, w, "Sue", "account.list", "account", "lin") {
		t.Error("it does not go on")
	}
	// a whole policy, for ever; Pia may not touch an administrator's, nor who they are
	run(t, w, "Ana", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Mo"].ID, Types: []access.RoleID{access.Monitor, access.Admin}, For: "2w"})
	admin := held(t, w, "Ana", "Mo", access.Admin)[0]
	refused(t, w, "Pia", asking.SetGrantEnd, asking.GrantEnd{Grant: admin.ID}, fail.NotAllowed)
	refused(t, w, "Pia", asking.EndGrant, asking.GrantID{Grant: admin.ID}, fail.NotAllowed)
	for _, x := range run(t, w, "Pia", asking.ListEnding, asking.EndingQuery{}).Items {
		if x.ID == admin.ID && (x.MayChange || strings.Contains(x.Role, "Administrator")) {
			t.Errorf("Pia is told of %+v", x)
		}
	}
	if got := run(t, w, "Ana", asking.SetGrantEnd, asking.GrantEnd{Grant: admin.ID}); !got.Until.IsZero() {
		t.Errorf("%+v", got)
	}
	super := held(t, w, "Sam", "Sam", access.Super)[0]
	for _, who := range []string{"Sam", "Ana"} {
		if _, err := asking.EndGrant.Run(t.Context(), w.Env, w.As(who), asking.GrantID{Grant: super.ID}); err == nil {
			t.Errorf("%s ended the super administrator's", who)
		}
	}
}

// BE-4: who gave what ends soon is told once, some days before, by mail, and of others' names no more than they may see.
func TestBE4Told(t *testing.T) {
	w := worldtest.New(t)
	run(t, w, "Tess", action.AddGroupMembers, action.GroupMembers{Group: w.Management.ID, Accounts: []db.ID{w.People["Sue"].ID, w.People["Lou"].ID}, For: "2w"})
	remind := func(want int) (text string) {
		t.Helper()
		if _, err := asking.Remind(t.Context(), w.Env); err != nil {
			t.Fatal(err)
		}
		n := 0
		if err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
			for m, err := range db.Each(t.Context(), tx, db.SQL(`SELECT recipient, subject, body FROM outbox WHERE subject = 'What you gave ends soon'`), func(s db.Scanner) (m [3]string, err error) {
				return m, s.Scan(&m[0], &m[1], &m[2])
			}) {
				if err != nil {
					return err
				}
				n++
				text += m[0] + "\n" + m[2]
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n != want {
			t.Fatalf("%d mails, want %d: %s", n, want, text)
		}
		return text
	}
	remind(0)
	w.Clock.Move(10 * day)
	text := remind(1)
	for _, want := range []string{"tess@acme.test", "- Sue Learner: Member of an access group at Learner management, until ", "- Lou Learner: ", "http://acme.test/access/ending"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	remind(1)
	w.Clock.Move(day)
	remind(1)
}

// used is when each grant of a person's was last used, by role.
func used(t *testing.T, w *worldtest.Test) map[db.ID]int64 {
	t.Helper()
	if err := w.Env.Cache.Uses.Flush(t.Context(), w.Env.DB); err != nil {
		t.Fatal(err)
	}
	out := map[db.ID]int64{}
	if err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		for x, err := range db.Each(t.Context(), tx, db.SQL(`SELECT grant_id, used_at FROM grant_uses`), func(s db.Scanner) (x [2]int64, err error) { return x, s.Scan(&x[0], &x[1]) }) {
			if err != nil {
				return err
			}
			out[db.ID(x[0])] = x[1]
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// BE-4: the grant that a request is decided by is noted, with the membership that it came through; once a day, without a write by
// the request; not what merely would have allowed it too, nor what is only explained or previewed.
func TestBE4Uses(t *testing.T) {
	w := worldtest.New(t)
	run(t, w, "Leo", action.ListAccounts, action.AccountQuery{})
	first := used(t, w)
	member := held(t, w, "Ana", "Leo", access.GroupMember)[0]
	lists := held(t, w, "Ana", "Leo", access.ListUsers)[0]
	owns := held(t, w, "Ana", "Leo", access.TeamOwner)[0]
	if first[member.ID] == 0 || first[lists.ID] == 0 || first[owns.ID] != 0 {
		t.Errorf("after Leo listed people: member %d, lists %d, owner %d", first[member.ID], first[lists.ID], first[owns.ID])
	}
	w.Clock.Move(time.Hour)
	run(t, w, "Leo", action.ListAccounts, action.AccountQuery{})
	if again := used(t, w); again[lists.ID] != first[lists.ID] {
		t.Error("noted twice a day")
	}
	w.Clock.Move(day)
	run(t, w, "Ana", action.Explain, action.WhyQuery{Account: "leo", Permission: "account.list", Kind: "account", Thing: "sue"})
	if again := used(t, w); again[lists.ID] != first[lists.ID] {
		t.Error("explaining is noted as use")
	}
	run(t, w, "Leo", action.ShowTeam, action.TeamPeople{Team: w.Teams["Reds"].ID})
	run(t, w, "Leo", action.ListAccounts, action.AccountQuery{})
	if again := used(t, w); again[lists.ID] <= first[lists.ID] {
		t.Error("not noted on another day")
	}
}

// BE-4, CO-8: a review goes through what policies, groups and account types give, with last use and giver; each is kept or
// ended, by those who may, with its effects shown before; progress is kept, the audit has the decision, and a file everything.
func TestBE4Review(t *testing.T) {
	w := worldtest.New(t)
	run(t, w, "Leo", action.ListAccounts, action.AccountQuery{})
	used(t, w)
	refused(t, w, "Leo", asking.BeginReview, asking.NewReview{}, fail.NotAllowed)
	refused(t, w, "Lin", asking.BeginReview, asking.NewReview{}, fail.NotFound)
	refused(t, w, "Mo", asking.BeginReview, asking.NewReview{}, fail.NotAllowed)
	r := run(t, w, "Ana", asking.BeginReview, asking.NewReview{})
	refused(t, w, "Ana", asking.BeginReview, asking.NewReview{}, fail.Conflict)
	show := func(who string, q asking.ReviewQuery) asking.ReviewShown {
		t.Helper()
		q.Review = r.ID
		return run(t, w, who, asking.ShowReview, q)
	}
	item := func(holder, role string) asking.ReviewItem {
		t.Helper()
		all := show("Ana", asking.ReviewQuery{}).Parts
		at := slices.IndexFunc(all, func(x asking.ReviewItem) bool { return x.Holder.Name == holder && x.Role == role })
		if at < 0 {
			t.Fatalf("no %s of %s in %+v", role, holder, all)
		}
		return all[at]
	}
	leo, bea, mo := item("Leo Manager", "Member of an access group"), item("Bea Account", "Analytics Reader"), item("Mo Monitor", "Monitor")
	if leo.Used.IsZero() || !mo.Used.IsZero() || bea.Policy != "Company A: read figures" || !bea.MayChange || len(show("Ana", asking.ReviewQuery{Unused: true}).Parts) != 0 {
		t.Errorf("%+v\n%+v\n%+v", leo, bea, mo)
	}
	for _, x := range show("Ana", asking.ReviewQuery{}).Parts {
		if x.Role == "Super administrator" || x.Role == "Learner" || x.Role == "Team member" {
			t.Errorf("%s of %s is reviewed", x.Role, x.Holder.Name)
		}
	}
	w.Clock.Move(91 * day)
	if got := show("Ana", asking.ReviewQuery{Unused: true}); got.Total != got.Items {
		t.Errorf("after 91 days: %d of %d are unused", got.Total, got.Items)
	}
	run(t, w, "Leo", action.ListAccounts, action.AccountQuery{})
	used(t, w)
	if x := item("Leo Manager", "Member of an access group"); x.Unused {
		t.Errorf("used today: %+v", x)
	}
	_, effects, err := asking.DecideReview.Preview(t.Context(), w.Env, w.As("Ana"), asking.Decided{Review: r.ID, Decision: asking.End, Grants: []db.ID{bea.ID}})
	if err != nil || effects.Losing != 1 {
		t.Errorf("previewed: %+v %v", effects, err)
	}
	if !allowed(t, w, "Bea", "analytics.read", "team", "Company A Team") {
		t.Fatal("a preview ended it")
	}
	refused(t, w, "Pia", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.End, Grants: []db.ID{item("Ana Full", "Administrator").ID}}, fail.NotAllowed)
	refused(t, w, "Otto", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.Keep, Grants: []db.ID{bea.ID}}, fail.NotFound)
	refused(t, w, "Ana", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.Keep, Grants: []db.ID{12345}}, fail.NotFound)
	run(t, w, "Ana", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.End, Grants: []db.ID{bea.ID, mo.ID}})
	got := run(t, w, "Ana", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.Keep, Grants: []db.ID{leo.ID}})
	if got.Decided != 3 || !got.Done.IsZero() {
		t.Errorf("%+v", got)
	}
	if allowed(t, w, "Bea", "analytics.read", "team", "Company A Team") || allowed(t, w, "Mo", "role.list", "", "") || !allowed(t, w, "Leo", "account.list", "account", "sue") {
		t.Error("what was decided is not what counts")
	}
	refused(t, w, "Ana", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.Keep, Grants: []db.ID{bea.ID}}, fail.Conflict)
	var text bytes.Buffer
	if err := asking.ExportReview.Stream(t.Context(), w.Env, w.As("Ana"), asking.ReviewFile{ReviewID: asking.ReviewID{Review: r.ID}}, func(f op.File) error { return f.Write(&text) }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Bea Account,account,Analytics Reader,team,Company A Team,Company A: read figures", ",end,Ana Full,", "Leo Manager,account,Member of an access group,access_group,Learner management", ",keep,Ana Full,"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	var left []db.ID
	var own []db.ID // nobody signs for what they hold
	for _, x := range show("Ana", asking.ReviewQuery{Open: true}).Parts {
		if x.Own != (x.Holder.Name == "Ana Full") {
			t.Errorf("%s, %s: %v", x.Holder.Name, x.Role, x.Own)
		}
		if x.Own {
			own = append(own, x.ID)
			continue
		}
		left = append(left, x.ID)
	}
	refused(t, w, "Ana", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.Keep, Grants: append(own, left...)}, fail.Conflict)
	if got := run(t, w, "Ana", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.Keep, Grants: left}); !got.Done.IsZero() || len(own) == 0 {
		t.Errorf("done without what is Ana's own: %+v", got)
	}
	if got := run(t, w, "Sam", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.Keep, Grants: own}); got.Done.IsZero() || got.Decided != got.Items {
		t.Errorf("all decided: %+v", got)
	}
	run(t, w, "Ana", asking.BeginReview, asking.NewReview{})
}

// BE-4, OA-1, PT-4: who administers an organization reviews what is given there and below, and nothing else; another portal's reviews
// and grants are not there.
func TestBE4ReviewOfAnOrganization_OA1(t *testing.T) {
	w := worldtest.New(t)
	north := w.Orgs["North"].ID
	refused(t, w, "Lin", asking.BeginReview, asking.NewReview{Organization: north}, fail.NotFound)
	refused(t, w, "Mo", asking.BeginReview, asking.NewReview{Organization: north}, fail.NotAllowed)
	refused(t, w, "Otto", asking.BeginReview, asking.NewReview{Organization: w.Orgs["South"].ID}, fail.NotFound)
	refused(t, w, "Ana", asking.BeginReview, asking.NewReview{Organization: w.Orgs["Dusk"].ID}, fail.NotFound)
	r := run(t, w, "Otto", asking.BeginReview, asking.NewReview{Organization: north})
	shown := run(t, w, "Otto", asking.ShowReview, asking.ReviewQuery{Review: r.ID})
	var gus asking.ReviewItem
	for _, x := range shown.Parts {
		if x.Place.Kind == "portal" || x.Place.Kind == "access_group" {
			t.Errorf("%+v is not North's", x)
		}
		if x.Holder.Name == "Gus Boss" {
			gus = x
		}
	}
	if gus.ID == 0 || !gus.MayChange {
		t.Fatalf("%+v", shown)
	}
	for _, who := range []string{"Urs", "Una", "Lin", "Gus"} {
		refused(t, w, who, asking.ShowReview, asking.ReviewQuery{Review: r.ID}, fail.NotFound)
		refused(t, w, who, asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.End, Grants: []db.ID{gus.ID}}, fail.NotFound)
	}
	run(t, w, "Otto", asking.DecideReview, asking.Decided{Review: r.ID, Decision: asking.End, Grants: []db.ID{gus.ID}})
	if len(held(t, w, "Ana", "Gus", access.Manager)) != 0 {
		t.Error("Gus is a manager still")
	}
	if got := run(t, w, "Otto", asking.CloseReview, asking.ReviewID{Review: r.ID}); got.Done.IsZero() {
		t.Errorf("%+v", got)
	}
}

// BE-4: who began a review is reminded once, before it is due.
func TestBE4ReviewReminded(t *testing.T) {
	w := worldtest.New(t)
	run(t, w, "Ana", asking.BeginReview, asking.NewReview{})
	count := func() (n int64) {
		t.Helper()
		if _, err := asking.Remind(t.Context(), w.Env); err != nil {
			t.Fatal(err)
		}
		if err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			n, err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM outbox WHERE recipient = 'ana@acme.test' AND subject = 'A review of access is due'`))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 0 {
		t.Errorf("at once: %d", n)
	}
	w.Clock.Move(12 * day)
	if n := count(); n != 1 {
		t.Errorf("before it is due: %d", n)
	}
	w.Clock.Move(5 * day)
	if n := count(); n != 1 {
		t.Errorf("again: %d", n)
	}
}
