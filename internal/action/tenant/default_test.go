package tenant_test

import (
	"os"
	"path/filepath"
	"testing"

	"provost/internal/action"
	"provost/internal/action/intake"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/world/worldtest"
)

// CO-4: whoever is added, invited or imported into no organization goes into the portal's default one; whose right does not reach
// it invites into what it reaches, as before.
func TestCO4DefaultOrganization(t *testing.T) {
	w := worldtest.New(t)
	invited := func(who, mail string) string {
		out := try(t, w, who, action.SendInvitations, action.NewInvitations{Rows: []action.InvitationRow{{Email: mail}}}, done)
		return out.Items[0].Organization.Name
	}
	if got := invited("Ana", "a@new.test"); got != "Acme" {
		t.Errorf("without a default: %s", got)
	}
	try(t, w, "Ana", tenant.MarkOrganization, tenant.Marking{OrganizationPath: tenant.OrganizationPath{Organization: w.Orgs["South"].ID}, MarkFields: tenant.MarkFields{Default: true}}, done)
	if got := invited("Ana", "b@new.test"); got != "South" {
		t.Errorf("Ana invites into %s", got)
	}
	if got := invited("Otto", "c@new.test"); got != "North" {
		t.Errorf("Otto invites into %s", got)
	}
	if out := try(t, w, "Ana", action.ListInvitationPlaces, action.TypesQuery{}, done); out.Organization.Name != "South" {
		t.Errorf("the form begins with %s", out.Organization.Name)
	}
	path := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte("a,b,c\nned,Ned New,\nnoa,Noa New,Lab\nmax,Max Lab,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := intake.ParseMapping([]byte(`{"name":"m","steps":[{"file":"rows.csv","into":"accounts","fields":{"username":"{a}","name":"{b}","organization":"{c}"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.RunImport(t.Context(), w.Env, w.As("Ana"), intake.Import{Mapping: m, Files: map[string]string{"rows.csv": path}}); err != nil {
		t.Fatal(err)
	}
	in := map[string]string{}
	for _, a := range try(t, w, "Ana", action.ListAccounts, action.AccountQuery{Size: 200}, done).Items {
		in[a.Username] = a.Organization.Name
	}
	if in["ned"] != "South" || in["noa"] != "Lab" || in["max"] != "Lab" {
		t.Errorf("imported into %v", in)
	}
	added := try(t, w, "Ana", action.AddAccount, action.NewPerson{Name: "Nia", Username: "nia"}, done)
	if got := try(t, w, "Ana", action.ShowAccount, action.AccountID{Account: added.ID}, done); got.Organization.ID != w.Orgs["South"].ID || got.ID == db.ID(0) {
		t.Errorf("added to %+v", got.Organization)
	}
}
