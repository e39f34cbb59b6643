package tenant_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/job"
	"provost/internal/op"
	"provost/internal/store"
	of "provost/internal/store/tenant"
	"provost/internal/world/worldtest"
)

// XA-3: partial administrators never open support forum, how-to videos, guides, discussion forum, suggestions or roadmap, nor
// Plans; full administrators do. CO-7: everybody opens the Help center.
func TestXA3HelpAndPlansAreClosedToPartialAdministrators(t *testing.T) {
	w := worldtest.New(t)
	items := []string{"support_forum", "how_to_videos", "guides", "discussion_forum", "suggestions", "roadmap"}
	for _, item := range items {
		try(t, w, "Pia", tenant.ShowHelpItem, tenant.HelpPath{Item: item}, fail.NotAllowed)
		try(t, w, "Pia", tenant.EditHelpItem, tenant.HelpText{HelpPath: tenant.HelpPath{Item: item}, Text: "x"}, fail.NotAllowed)
		try(t, w, "Lin", tenant.ShowHelpItem, tenant.HelpPath{Item: item}, fail.NotAllowed)
		try(t, w, "Ana", tenant.ShowHelpItem, tenant.HelpPath{Item: item}, done)
	}
	for who, n := range map[string]int{"Sam": 6, "Ana": 6, "Pia": 0, "Otto": 0, "Lin": 0, "Mo": 0} {
		if out := try(t, w, who, tenant.ShowHelp, struct{}{}, done); len(out.Items) != n || out.Start.Key != "start" {
			t.Errorf("%s sees %+v", who, out)
		}
	}
	try(t, w, "Ana", tenant.ShowHelpItem, tenant.HelpPath{Item: "secrets"}, fail.NotFound)
	try(t, w, "Pia", tenant.ShowPlan, tenant.PlanQuery{}, fail.NotAllowed)
	for _, p := range []*access.Permission{access.HelpForum, access.HelpVideos, access.HelpGuides, access.HelpDiscuss, access.HelpSuggest, access.HelpRoadmap, access.PortalViewPlan} {
		if access.Builtin(access.Partial).Overridable(p) {
			t.Errorf("an override could open %s to partial administrators (PT-5)", p.Key)
		}
	}
}

// CO-7: what administrators write into the Help center is read by those who may open the page; only they write.
func TestCO7HelpCenterIsEdited(t *testing.T) {
	w := worldtest.New(t)
	try(t, w, "Pia", tenant.EditHelpItem, tenant.HelpText{HelpPath: tenant.HelpPath{Item: "start"}, Text: "# Welcome"}, done)
	try(t, w, "Ana", tenant.EditHelpItem, tenant.HelpText{HelpPath: tenant.HelpPath{Item: "guides"}, Text: "Only for us"}, done)
	if out := try(t, w, "Lin", tenant.ShowHelp, struct{}{}, done); out.Start.Text != "# Welcome" || out.Start.MayEdit {
		t.Errorf("%+v", out)
	}
	if out := try(t, w, "Una", tenant.ShowHelp, struct{}{}, done); out.Start.Text != "" {
		t.Errorf("another portal reads %q", out.Start.Text)
	}
	for _, who := range []string{"Otto", "Tess", "Lin", "Mo"} {
		try(t, w, who, tenant.EditHelpItem, tenant.HelpText{HelpPath: tenant.HelpPath{Item: "start"}, Text: "x"}, fail.NotAllowed)
	}
	try(t, w, "Ana", tenant.EditHelpItem, tenant.HelpText{HelpPath: tenant.HelpPath{Item: "start"}, Text: strings.Repeat("x", 100_001)}, fail.Invalid)
	north := w.Orgs["North"]
	write(t, w, func(ctx context.Context, tx *db.Tx) error { // LE-2: an organization closes it to its learners
		return store.SetOverride(ctx, tx, north, access.Learner, access.HelpView, false, w.Clock.Now())
	})
	try(t, w, "Lin", tenant.ShowHelp, struct{}{}, fail.NotAllowed)
	try(t, w, "Sue", tenant.ShowHelp, struct{}{}, done)
}

func write(t *testing.T, w *worldtest.Test, do func(context.Context, *db.Tx) error) {
	t.Helper()
	if err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func outbox(t *testing.T, w *worldtest.Test) (to []string) {
	t.Helper()
	write(t, w, func(ctx context.Context, tx *db.Tx) error {
		list, err := of.ListOutbox(ctx, tx, w.Acme.ID, 100)
		for _, m := range list {
			to = append(to, m.To)
		}
		return err
	})
	slices.Sort(to)
	return to
}

// BC-1: portal and organization administrators can be billing contacts, no one else; an organization's opens Plans and nothing
// else of the Admin area; they receive the alerts of what they have in their care, as long as they are administrators.
func TestBC1BillingContacts(t *testing.T) {
	w := worldtest.New(t)
	north, root := w.Orgs["North"].ID, w.Acme.ID
	add := func(who, person string, org db.ID, want fail.Kind) {
		t.Helper()
		try(t, w, who, tenant.AddContact, tenant.NewContact{Account: w.People[person].ID, Organization: org}, want)
	}
	try(t, w, "Otto", tenant.ShowPlan, tenant.PlanQuery{}, fail.NotAllowed)
	for _, person := range []string{"Lin", "Mo", "Gus", "Ivy", "Leo", "Pia", "Tess"} {
		add("Ana", person, 0, fail.Invalid)
		add("Ana", person, north, fail.Invalid)
	}
	add("Ana", "Otto", root, fail.Invalid)
	add("Ana", "Otto", w.Orgs["South"].ID, fail.Invalid)
	add("Pia", "Otto", north, fail.NotAllowed)
	add("Otto", "Otto", north, fail.NotAllowed)
	add("Ana", "Una", 0, fail.NotFound)
	_, effects, err := tenant.AddContact.Preview(t.Context(), w.Env, w.As("Ana"), tenant.NewContact{Account: w.People["Otto"].ID, Organization: north})
	if err != nil || len(effects.People) != 1 || len(effects.People[0].Gains) != 1 || effects.People[0].Gains[0].Permission != "portal.view_plan" {
		t.Errorf("%+v, %v", effects, err)
	}
	add("Ana", "Otto", north, done)
	add("Ana", "Otto", north, fail.Conflict)
	add("Ana", "Sam", 0, done)
	if out := try(t, w, "Otto", tenant.ShowPlan, tenant.PlanQuery{}, done); out.Whole || out.Place.Name != "North" || len(out.Places) != 1 || out.MayContacts || out.MayRaise {
		t.Errorf("%+v", out)
	}
	try(t, w, "Otto", tenant.ShowPlan, tenant.PlanQuery{Organization: root}, fail.NotFound)
	try(t, w, "Otto", action.ShowSettings, struct{}{}, fail.NotAllowed)
	try(t, w, "Otto", tenant.AddContact, tenant.NewContact{Account: w.People["Otto"].ID, Organization: north}, fail.NotAllowed)

	raised := try(t, w, "Sam", tenant.RaiseAlert, tenant.NewAlert{Title: "The card was refused", Organization: w.Orgs["Lab"].ID, Reference: "inv-7"}, done)
	if to := outbox(t, w); !slices.Equal(to, []string{"otto@acme.test", "sam@acme.test"}) {
		t.Errorf("told: %v", to)
	}
	if again := try(t, w, "Sam", tenant.RaiseAlert, tenant.NewAlert{Title: "The card was refused", Reference: "inv-7"}, done); again.ID != raised.ID || len(outbox(t, w)) != 2 {
		t.Errorf("the same was raised twice: %+v", again)
	}
	try(t, w, "Sam", tenant.RaiseAlert, tenant.NewAlert{Title: "The portal's own"}, done)
	if out := try(t, w, "Otto", tenant.ShowPlan, tenant.PlanQuery{}, done); len(out.Alerts) != 1 || out.Alerts[0].Title != "The card was refused" {
		t.Errorf("Otto sees %+v", out.Alerts)
	}
	for _, who := range []string{"Ana", "Pia", "Otto", "Lin", "Tess", "Mo"} {
		try(t, w, who, tenant.RaiseAlert, tenant.NewAlert{Title: "x"}, fail.NotAllowed)
		try(t, w, who, tenant.SetPlan, tenant.PlanChange{Name: "x"}, fail.NotAllowed)
	}
	try(t, w, "Ana", tenant.SettleAlert, tenant.AlertPath{Alert: raised.ID}, fail.NotFound)
	try(t, w, "Sam", tenant.SettleAlert, tenant.AlertPath{Alert: raised.ID}, done)
	try(t, w, "Sam", tenant.SettleAlert, tenant.AlertPath{Alert: raised.ID}, fail.Conflict)

	// No administrator any more, no billing contact any more, though nobody ended that grant.
	try(t, w, "Ana", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Otto"].ID, Types: []access.RoleID{access.Learner}}, done)
	try(t, w, "Otto", tenant.ShowPlan, tenant.PlanQuery{}, fail.NotAllowed)
	w.Clock.Move(time.Minute)
	try(t, w, "Sam", tenant.RaiseAlert, tenant.NewAlert{Title: "Again", Organization: north}, done)
	if to := outbox(t, w); slices.Index(to, "otto@acme.test") != slices.Index(slices.Compact(to), "otto@acme.test") {
		t.Errorf("told: %v", to)
	}
	if out := try(t, w, "Ana", tenant.ShowPlan, tenant.PlanQuery{Organization: north}, done); len(out.Contacts) != 2 || out.Contacts[0].Counts {
		t.Errorf("%+v", out.Contacts)
	}
	try(t, w, "Ana", tenant.RemoveContact, tenant.ContactPath{Account: w.People["Otto"].ID, Organization: north}, done)
	try(t, w, "Ana", tenant.RemoveContact, tenant.ContactPath{Account: w.People["Otto"].ID, Organization: north}, fail.Conflict)
}

// CO-6: the provider's program holds a role that raises alerts and sets the plan, and nothing else; the super administrator
// alone gives it; the page shows what is used against the limits.
func TestCO6PlanAndProvider(t *testing.T) {
	w := worldtest.New(t)
	provider := try(t, w, "Ana", action.AddAccount, action.NewPerson{Name: "Pay Program", Username: "pay", Organization: w.Acme.ID}, done)
	bind := action.PolicyBinding{Name: "Payments", Role: access.PaymentProvider, Holders: []action.PlaceRef{{Place: access.Place{Kind: access.Account, ID: provider.ID}}},
		Places: []action.PlaceRef{{Place: access.Place{Kind: access.Portal, ID: w.Acme.ID}}}}
	try(t, w, "Ana", action.CreatePolicy, bind, fail.NotAllowed)
	try(t, w, "Sam", action.CreatePolicy, bind, done)
	program := op.Who{Portal: w.Acme.ID, Account: provider.ID}
	if _, err := tenant.SetPlan.Run(t.Context(), w.Env, program, tenant.PlanChange{Name: "Business 10", Limits: []tenant.Limit{{Kind: "accounts", Most: 16}, {Kind: "courses", Most: 100}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := tenant.RaiseAlert.Run(t.Context(), w.Env, program, tenant.NewAlert{Title: "Due"}); err != nil {
		t.Fatal(err)
	}
	if _, err := tenant.ShowPlan.Run(t.Context(), w.Env, program, tenant.PlanQuery{}); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("the program reads the plan: %v", err)
	}
	out := try(t, w, "Ana", tenant.ShowPlan, tenant.PlanQuery{}, done)
	if out.Name != "Business 10" || out.Items[0].Kind != "accounts" || out.Items[0].Used != 15 || out.Items[0].Limit == nil || *out.Items[0].Limit != 16 || len(out.Alerts) != 1 {
		t.Errorf("%+v", out)
	}
	if out := try(t, w, "Urs", tenant.ShowPlan, tenant.PlanQuery{}, done); out.Name != "" || out.Items[0].Used != 3 || len(out.Alerts) != 0 {
		t.Errorf("another portal sees %+v", out)
	}
	try(t, w, "Sam", tenant.SetPlan, tenant.PlanChange{Name: "x", Limits: []tenant.Limit{{Kind: "moons", Most: 1}}}, fail.Invalid)

	// The figures are those of the last count, which the job does anew in time.
	r := job.New(w.Env, nil)
	for more := true; more; {
		var err error
		if more, err = r.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	north := try(t, w, "Ana", tenant.ShowPlan, tenant.PlanQuery{Organization: w.Orgs["North"].ID}, done)
	if north.Whole || north.Items[0].Used != 5 || north.Items[1].Used != 2 {
		t.Errorf("North uses %+v", north.Items)
	}
	try(t, w, "Ana", action.AddAccount, action.NewPerson{Name: "New One", Username: "new.one", Organization: w.Acme.ID}, done)
	if out := try(t, w, "Ana", tenant.ShowPlan, tenant.PlanQuery{}, done); out.Items[0].Used != 15 {
		t.Errorf("%+v", out.Items)
	}
	w.Clock.Move(time.Hour)
	for range 2 {
		if _, err := r.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if out := try(t, w, "Ana", tenant.ShowPlan, tenant.PlanQuery{}, done); out.Items[0].Used != 16 {
		t.Errorf("%+v", out.Items)
	}
}
