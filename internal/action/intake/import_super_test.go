package intake_test

import (
	"strings"
	"testing"

	"provost/internal/world/worldtest"
)

// SA-1, SA-3, PT-3: no import changes the super administrator's account, whoever else runs it, or makes a second one: the file is
// refused whole, with the line.
func TestImportNeverTouchesTheSuper_SA1_SA3(t *testing.T) {
	for name, c := range map[string]struct{ who, row string }{
		"another name":    {"Ana", "sam,Sammy,sam@acme.test,,,1"},
		"another address": {"Ana", "sam,Sam Super,taken@acme.test,,,1"},
		"by Pia":          {"Pia", "sam,Sammy,sam@acme.test,,,1"},
		"a second one":    {"Ana", "two,Second Super,two@acme.test,Acme,super,1"},
		"by himself":      {"Sam", "two,Second Super,two@acme.test,Acme,Super administrator,1"},
		"himself away":    {"Sam", "sam,Sam Super,sam@acme.test,North,learner,1"},
	} {
		w := worldtest.New(t)
		out := runImport(t, w, c.who, importOf(t, peopleMapping, map[string]string{"people.csv": "user,name,mail,org,type,floor\nnew,New One,new@acme.test,Acme,learner,1\n" + c.row + "\n"}))
		if out.Problems.Total == 0 || !strings.HasPrefix(told(out), "3 ") {
			t.Errorf("%s: told %q", name, told(out))
		}
		if n := count(t, w, `SELECT count(*) FROM accounts WHERE username IN ('new', 'two')`); n != 0 {
			t.Errorf("%s: %d people were made", name, n)
		}
		if n := count(t, w, `SELECT count(*) FROM accounts a JOIN grants g ON g.account_id = a.id AND g.role = 'super' AND g.until = 9223372036854775807
			WHERE a.username = 'sam' AND a.name = 'Sam Super' AND a.email = 'sam@acme.test' AND a.org_id = a.portal_id`); n != 1 {
			t.Errorf("%s: the super administrator is changed", name)
		}
	}
}
