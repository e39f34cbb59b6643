package attack_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/intake"
	"provost/internal/api"
	"provost/internal/fail"
)

// mapping is the text of a mapping of people, who get an account type.
func mapping(name, accountType string) string {
	return `{"name":"` + name + `","steps":[{"file":"people.csv","into":"accounts","fields":{"username":"{user}","name":"{name}","email":"{mail}","organization":"{org}","type":"` +
		accountType + `"}}]}`
}

// PT-2, CO-4: Otto, who adds people to North, saves a mapping under the name of Ana's, in which everybody is an administrator,
// or forgets hers: hers, which she runs with her rights, stays as it was, and he sees nothing of it.
func TestMappingsOfOthers_PT2(t *testing.T) {
	s := newSite(t)
	ctx := t.Context()
	ana := must[intake.MappingName](t)(intake.SaveImportMapping.Run(ctx, s.Env, s.As("Ana"), intake.NewImportMapping{Mapping: mapping("Staff", "learner")}))
	otto := must[intake.MappingName](t)(intake.SaveImportMapping.Run(ctx, s.Env, s.As("Otto"), intake.NewImportMapping{Mapping: mapping("Staff", "administrator")}))
	list := must[intake.ImportMappings](t)(intake.ListImportMappings.Run(ctx, s.Env, s.As("Ana"), struct{}{}))
	mine := ""
	for _, m := range list.Items {
		if m.ID == ana.ID {
			mine = m.Mapping
			if !m.Mine || m.By != "" {
				t.Errorf("hers: %+v", m)
			}
		}
		if m.ID == otto.ID && (m.Mine || m.By != "Otto North") {
			t.Errorf("his: %+v", m)
		}
	}
	if mine != mapping("Staff", "learner") || ana.ID == otto.ID {
		t.Errorf("Ana's mapping is now %s", mine)
	}
	if _, err := intake.DropImportMapping.Run(ctx, s.Env, s.As("Otto"), intake.ImportMappingID{Mapping: ana.ID}); !fail.Is(err, fail.NotFound) {
		t.Errorf("Otto forgets it: %v", err)
	}
	a := s.ask(t, "Otto", call("GET", api.Prefix+"/import-mappings", nil))
	if a.status != http.StatusOK || strings.Contains(a.body, "Secret mapping of acme") || strings.Contains(a.body, ana.ID.String()) {
		t.Errorf("Otto reads %d %s", a.status, a.body)
	}
	if p := s.ask(t, "Ana", page("GET", "/imports/new", nil)); !strings.Contains(p.body, "Staff – Otto North") {
		t.Error("Ana does not see whose mapping she would run")
	}
	must[intake.MappingName](t)(intake.SaveImportMapping.Run(ctx, s.Env, s.As("Ana"), intake.NewImportMapping{Mapping: mapping("staff", "monitor")}))
	must[intake.MappingName](t)(intake.DropImportMapping.Run(ctx, s.Env, s.As("Ana"), intake.ImportMappingID{Mapping: otto.ID}))
}

// runImport takes a file of people in as somebody.
func (s *site) runImport(t *testing.T, who, rows, accountType string) intake.ImportResult {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte("user,name,mail,org\n"+rows), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := intake.ParseMapping([]byte(mapping("m", accountType)))
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.imports(t).Run(t.Context(), s.As(who), intake.Import{Mapping: m, Files: map[string]string{"people.csv": path}})
	if err != nil && !fail.Is(err, fail.NotAllowed) {
		t.Fatal(err)
	}
	return out
}

func (s *site) imports(t *testing.T) *intake.Imports {
	m := intake.NewImports(s.Env)
	t.Cleanup(m.Close)
	return m
}

// what an import says of people whom its owner may not see: that a name is taken, and nothing of who has it; of another
// portal's people not even that. And once somebody adds people no more, what their imports said is closed to them.
func TestImportsCloseWithTheirPermission_Q6(t *testing.T) {
	s := newSite(t)
	otto := s.runImport(t, "Otto", "sue,Taken,,North\nother,Taken,sue@acme.test,North\nsue@acme.test,Taken,,North\nghost,Taken,,South\n", "learner")
	text, err := json.Marshal(otto)
	if err != nil || otto.Problems.Total != 4 {
		t.Fatalf("%s %v", text, err)
	}
	for _, word := range []string{"Sue Learner", s.People["Sue"].ID.String(), "Blues"} {
		if strings.Contains(string(text), word) {
			t.Errorf("the problems say %q: %s", word, text)
		}
	}
	if m := otto.Problems.List[3].Message; m != "There is no organization “South”." && !strings.Contains(string(text), "There is no organization “South”.") {
		t.Errorf("South shows: %s", text)
	}
	none := s.runImport(t, "Otto", "una,Una,una@umbra.test,North\n", "learner")
	if none.Problems.Total != 0 || none.Files[0].Created != 1 {
		t.Errorf("a name that another portal has: %+v", none)
	}
	list := must[intake.ImportPage](t)(intake.ListImports.Run(t.Context(), s.Env, s.As("Otto"), struct{}{}))
	if len(list.Items) != 2 {
		t.Fatalf("%+v", list)
	}
	path := "/imports/" + list.Items[0].ID.String()
	for _, who := range []string{"Leo", "Tess", "Lin"} {
		if a := s.ask(t, who, call("GET", api.Prefix+path, nil)); a.status != http.StatusNotFound {
			t.Errorf("%s reads it: %d", who, a.status)
		}
	}
	token := s.tokenOf(t, "Otto", 1, "team.list")
	must[action.Named](t)(action.SetAccountTypes.Run(t.Context(), s.Env, s.As("Ana"), action.AccountTypesChange{Account: s.People["Lou"].ID, Types: access.Roles{access.OrgAdmin}}))
	if a := s.ask(t, "Lou", call("GET", api.Prefix+path, nil)); a.status != http.StatusNotFound {
		t.Errorf("another who adds people reads it: %d", a.status)
	}
	for _, at := range []string{path, "/imports", "/import-mappings"} {
		if a := s.with(t, token, call("GET", api.Prefix+at, nil)); strings.Contains(a.body, list.Items[0].ID.String()) || strings.Contains(a.body, "Somebody") {
			t.Errorf("a token that only lists teams reads %s: %d %.200s", at, a.status, a.body)
		}
	}
	must[action.Named](t)(action.SetAccountTypes.Run(t.Context(), s.Env, s.As("Ana"), action.AccountTypesChange{Account: s.People["Otto"].ID, Types: access.Roles{access.Learner}}))
	if a := s.ask(t, "Otto", call("GET", api.Prefix+path, nil)); a.status != http.StatusNotFound {
		t.Errorf("he adds people no more, and reads it: %d", a.status)
	}
	if a := s.ask(t, "Otto", page("GET", path, nil)); a.status < 400 {
		t.Errorf("its page: %d", a.status)
	}
	// Whoever adds somebody by the form learns as little.
	a := s.ask(t, "Lou", page("POST", "/people/new", url.Values{"name": {"New"}, "username": {"lin"}, "email": {"max@acme.test"}, "organization": {s.Orgs["South"].ID.String()}}))
	if strings.Contains(a.body, "Lin Learner") || strings.Contains(a.body, "Max Lab") {
		t.Errorf("the form: %d %.500s", a.status, a.body)
	}
}
