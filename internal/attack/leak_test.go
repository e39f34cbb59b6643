package attack_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/action/report"
	"provost/internal/op"
	"provost/internal/world"
)

// written is a report by its name, as its first rows and as its whole file in JSON, for one person.
func written(t *testing.T, s *site, who, name string) string {
	t.Helper()
	for _, r := range report.Reports {
		if r.Name != name {
			continue
		}
		shown := must[report.ReportView](t)(r.Show.Run(t.Context(), s.Env, s.As(who), report.ReportPage{}))
		text, err := json.Marshal(shown)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		err = r.File.Stream(t.Context(), s.Env, s.As(who), report.ReportFile{Format: "json"}, func(f op.File) error { return f.Write(&file) })
		if err != nil {
			t.Fatal(err)
		}
		return string(text) + file.String()
	}
	t.Fatal("there is no report", name)
	return ""
}

// MO-1, PT-5: seeing learners' IDs is never a monitor's. Mo, who reads them in no list, downloads the reports, each of which has a
// column of them: it is empty for him, as for a team's leader who runs reports, and filled for who may see them.
func TestReportsKeepLearnersIDs_MO1(t *testing.T) {
	s := newSite(t)
	mail := "lin@acme.test"
	must[action.Named](t)(action.EditAccount.Run(t.Context(), s.Env, s.As("Ana"), action.PersonChange{Account: s.People["Lin"].ID, Name: "Lin Learner", Username: new("lin"), Email: &mail, Code: "L-4711"}))
	s.give(t, "Sue", access.TeamReporter, s.Teams["Company A Team"].Thing())
	for _, name := range []string{"course-enrolment", "learner-progress", "users"} {
		if !strings.Contains(written(t, s, "Ana", name), "L-4711") {
			t.Errorf("%s: Ana does not see the ID", name)
		}
		if text := written(t, s, "Mo", name); strings.Contains(text, "L-4711") || !strings.Contains(text, "Lin Learner") {
			t.Errorf("%s: Mo reads Lin's ID, or nothing: %s", name, text)
		}
		if strings.Contains(written(t, s, "Sue", name), "L-4711") {
			t.Errorf("%s: a reporter of her team reads Lin's ID", name)
		}
	}
}

// MO-1, SA-3, PT-1: the audit keeps what somebody's login details were before and after a change. Mo, who sees no login details,
// and Ana, who sees none of Sam's, read and download the audit.
func TestAuditKeepsLoginDetails_MO1_SA3(t *testing.T) {
	s := newSite(t)
	for who, by := range map[string]string{"Lin": "Ana", "Sam": "Sam"} {
		mail := strings.ToLower(who) + "-private@acme.test"
		must[action.Named](t)(action.EditAccount.Run(t.Context(), s.Env, s.As(by), action.PersonChange{Account: s.People[who].ID, Name: s.People[who].Name, Username: new(strings.ToLower(who) + "-secret"),
			Email: &mail, Code: "ID-" + who}))
	}
	must[action.InvitationsSent](t)(action.SendInvitations.Run(t.Context(), s.Env, s.As("Ana"), action.NewInvitations{Rows: []action.InvitationRow{{Email: "guest-private@acme.test"}}}))
	read := func(who string) string {
		list := must[report.AuditPage](t)(report.ListAudit.Run(t.Context(), s.Env, s.As(who), report.AuditQuery{}))
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		return string(text) + written(t, s, who, "audit")
	}
	for who, sees := range map[string][]string{"Sam": {"lin-private", "sam-private", "guest-private", "ID-Lin", "sam-secret"}, "Ana": {"lin-private", "guest-private", "ID-Lin", "lin-secret"}, "Mo": nil} {
		text := read(who)
		for _, word := range []string{"lin-private", "sam-private", "guest-private", "ID-Lin", "ID-Sam", "lin-secret", "sam-secret"} {
			may := who == "Sam" || (who == "Ana" && !strings.HasPrefix(word, "sam-"))
			if strings.Contains(text, word) && !may {
				t.Errorf("%s reads %s in the audit", who, word)
			}
		}
		for _, word := range sees {
			if strings.Count(text, word) < 2 {
				t.Errorf("%s does not see %s in the audit and its file", who, word)
			}
		}
	}
}

// XA-3: who is a full and who a partial administrator is seen by those alone who may change it. Mo reads neither in the report of
// access, nor in the audit of an account type that was given, nor of the status that was handed over.
func TestNobodyElseTellsFullFromPartial_XA3(t *testing.T) {
	s := newSite(t)
	must[action.Named](t)(action.SetAccountTypes.Run(t.Context(), s.Env, s.As("Sam"), action.AccountTypesChange{Account: s.People["Gus"].ID, Types: []access.RoleID{access.Manager, access.Monitor}}))
	must[action.PersonAdded](t)(action.AddAccount.Run(t.Context(), s.Env, s.As("Sam"), action.NewPerson{Name: "Nora New", Username: "nora", Organization: s.Acme.ID, Types: []access.RoleID{access.Partial}}))
	must[identity.HandedOver](t)(identity.TransferSuper.Run(t.Context(), s.Env, s.As("Sam"), identity.Handover{Account: s.People["Ana"].ID, Surely: identity.Surely{Name: "Acme", Password: world.Password}}))
	list := must[report.AuditPage](t)(report.ListAudit.Run(t.Context(), s.Env, s.As("Mo"), report.AuditQuery{}))
	page, err := json.Marshal(list.Items)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"access": written(t, s, "Mo", "access"), "audit": written(t, s, "Mo", "audit"), "page": string(page)} {
		for _, word := range []string{`"Administrator"`, `"administrator"`, `"Partial administrator"`, `"partial"`, `"Super administrator"`, `"super"`} {
			if strings.Contains(text, word) {
				t.Errorf("Mo reads %s in the %s: %s", word, name, text[max(0, strings.Index(text, word)-200):strings.Index(text, word)+40])
			}
		}
		if !strings.Contains(text, `"Manager"`) && !strings.Contains(text, `"manager"`) && !strings.Contains(text, `manager`) {
			t.Errorf("the %s tells Mo nothing", name)
		}
	}
	if text := written(t, s, "Ana", "access"); !strings.Contains(text, "Partial administrator") {
		t.Error("Ana, who may know, does not")
	}
}
