package tenant_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/action/intake"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// CO-6: what Plans shows is what counts. Adding, importing, inviting, restoring and enrolling are refused where the plan has no
// room, with a message that says what to do; archiving makes room; what grows nothing goes on; another portal is not concerned.
func TestCO6PlanLimits(t *testing.T) {
	w := worldtest.New(t)
	limit := func(most map[string]int64) {
		in := tenant.PlanChange{Name: "Small"}
		for kind, n := range most {
			in.Limits = append(in.Limits, tenant.Limit{Kind: kind, Most: n})
		}
		try(t, w, "Sam", tenant.SetPlan, in, done)
	}
	person := func(name string) action.NewPerson {
		return action.NewPerson{Name: name, Username: strings.ToLower(name), Organization: w.Orgs["South"].ID}
	}
	limit(map[string]int64{"accounts": 15, "teams": 3, "courses": 2, "organizations": 3, "enrolments": 1})
	first := try(t, w, "Ana", action.AddAccount, person("Nia"), done) // there were 14
	_, err := action.AddAccount.Run(t.Context(), w.Env, w.As("Ana"), person("Nick"))
	if !fail.Is(err, fail.Conflict) || !strings.Contains(err.Error(), "room for 15 people") || !strings.Contains(err.Error(), "see Plans") {
		t.Errorf("%v", err)
	}
	if _, _, err := action.AddAccount.Preview(t.Context(), w.Env, w.As("Ana"), person("Nick")); !fail.Is(err, fail.Conflict) {
		t.Errorf("its preview: %v", err)
	}
	invite := func(mail string) action.NewInvitations {
		return action.NewInvitations{Rows: []action.InvitationRow{{Email: mail, Organization: w.Orgs["South"].ID.String()}}}
	}
	try(t, w, "Ana", action.SendInvitations, invite("a@new.test"), fail.Conflict)
	importing := func(rows string) error {
		path := filepath.Join(t.TempDir(), "rows.csv")
		if err := os.WriteFile(path, []byte("a,b\n"+rows+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := intake.ParseMapping([]byte(`{"name":"m","steps":[{"file":"rows.csv","into":"accounts","fields":{"username":"{a}","name":"{b}"}}]}`))
		if err != nil {
			t.Fatal(err)
		}
		_, err = intake.RunImport(t.Context(), w.Env, w.As("Ana"), intake.Import{Mapping: m, Files: map[string]string{"rows.csv": path}})
		return err
	}
	if err := importing("ned,Ned New"); !fail.Is(err, fail.Conflict) {
		t.Errorf("an import beyond the plan: %v", err)
	}
	if err := importing("nia,Nia Renamed"); err != nil {
		t.Errorf("an import that adds nobody: %v", err)
	}
	try(t, w, "Ana", action.ArchiveAccount, action.AccountID{Account: first.ID}, done)
	try(t, w, "Ana", action.SendInvitations, invite("b@new.test"), done)
	try(t, w, "Ana", action.SendInvitations, invite("c@new.test"), fail.Conflict) // the one before will need the room
	try(t, w, "Ana", action.RestoreAccount, action.AccountID{Account: first.ID}, done)
	try(t, w, "Ana", action.ArchiveAccount, action.AccountID{Account: first.ID}, done)
	try(t, w, "Ana", action.AddAccount, person("Nils"), done)
	try(t, w, "Ana", action.RestoreAccount, action.AccountID{Account: first.ID}, fail.Conflict)

	try(t, w, "Leo", action.CreateTeam, action.NewTeam{TeamFields: action.TeamFields{Name: "More"}, Org: w.Orgs["North"].ID}, fail.Conflict)
	try(t, w, "Ana", action.CreateCourse, action.NewCourse{CourseFields: action.CourseFields{Name: "More", Code: "more"}, Organization: w.Acme.ID}, fail.Conflict)
	try(t, w, "Ana", action.CreateOrganization, action.NewOrganization{Name: "More", Parent: w.Acme.ID}, fail.Conflict)
	try(t, w, "Leo", action.EnrolPeople, action.EnrolInput{Course: w.Courses["Go"].ID, Accounts: []db.ID{w.People["Lou"].ID}}, fail.Conflict)
	try(t, w, "Ana", action.RenameOwn, action.OwnName{Name: "Ana Fuller"}, done)
	try(t, w, "Urs", action.AddAccount, action.NewPerson{Name: "Udo", Username: "udo", Organization: w.Umbra.ID}, done)

	limit(nil)
	try(t, w, "Ana", action.RestoreAccount, action.AccountID{Account: first.ID}, done)
	w.Clock.Move(store.InvitationLasts + time.Minute)
	limit(map[string]int64{"accounts": 17})
	try(t, w, "Ana", action.SendInvitations, invite("d@new.test"), done) // the open one has expired
}
