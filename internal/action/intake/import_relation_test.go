package intake_test

import (
	"strings"
	"testing"

	"provost/internal/world/worldtest"
)

const relationMapping = `{"steps": [{"file": "r.csv", "into": "relations", "fields": {"person": "{who}", "relation": "{is}", "account": "{whom}"}}]}`

// PR-1, MG-1, ME-1: relations come in from a file, by who may say so over each person, and again they change nothing.
func TestPR1ImportRelations(t *testing.T) {
	w := worldtest.WithKin(t)
	file := "who,is,whom\npam,parent,lou\nmina,Manager,max\nmeg,mentor_of,sue\nmeg,boss,sue\nnobody,parent,sue\nsue,parent,sue\n"
	out := runImport(t, w, "Ana", importOf(t, relationMapping, map[string]string{"r.csv": file}))
	for _, line := range []string{"5 is: There is no relation “boss”", "6 who: There is nobody “nobody”", "7 who: Nobody is that to themselves."} {
		if !strings.Contains(told(out), line) {
			t.Errorf("does not tell %q in:\n%s", line, told(out))
		}
	}
	good := importOf(t, relationMapping, map[string]string{"r.csv": "who,is,whom\npam,parent,lou\nmina,Manager,max\nmeg,mentor_of,sue\n"})
	if out = runImport(t, w, "Ana", good); out.Files[0].Created != 2 || out.Files[0].Unchanged != 1 {
		t.Fatalf("first: %+v\n%s", out, told(out))
	}
	if out = runImport(t, w, "Ana", good); out.Files[0].Created != 0 || out.Files[0].Unchanged != 3 {
		t.Fatalf("again: %+v", out)
	}
	out = runImport(t, w, "Otto", importOf(t, relationMapping, map[string]string{"r.csv": "who,is,whom\ngus,manager,lin\npam,parent,sue\n"}))
	if !strings.Contains(told(out), "3 who: There is nobody") || !strings.Contains(told(out), "3 whom: There is nobody") {
		t.Errorf("Otto relates people of South: %s", told(out))
	}
}

// RT-5: an import gives several account types at once, each of which the actor must be able to give (PT-2).
func TestRT5ImportSeveralTypes(t *testing.T) {
	w := worldtest.New(t)
	run := func(who, types string) string {
		return told(runImport(t, w, who, importOf(t, peopleMapping, map[string]string{"people.csv": "user,name,mail,org,type,floor\nnew.one,New,,,\"" + types + "\",\n"})))
	}
	if got := run("Pia", "learner, administrator"); !strings.Contains(got, "You may not give what you do not hold there yourself") {
		t.Errorf("Pia makes an administrator beside a learner: %s", got)
	}
	if got := run("Ana", "learner; Manager, monitor"); got != "" {
		t.Errorf("Ana: %s", got)
	}
	if n := count(t, w, `SELECT count(*) FROM grants g JOIN accounts a ON a.id = g.account_id WHERE a.username = 'new.one'`); n != 3 {
		t.Errorf("%d grants of three types", n)
	}
}
