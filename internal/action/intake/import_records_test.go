package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"provost/internal/action/intake"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// Who may enrol may import enrolments, and says nothing of results by them: that takes the right to grade. What one may not
// see, and what is another portal's, is unknown.
func TestImportRecordsWithin(t *testing.T) {
	w := worldtest.New(t)
	enrolments := `{"steps": [{"file": "f.csv", "into": "enrolments", "fields": {"course": "{course}", "account": "{who}", "status": "{status}", "outcome": "{outcome}"}}]}`
	results := `{"steps": [{"file": "f.csv", "into": "results", "fields": {"assessment": "{work}", "account": "{who}", "score": "{score}"}}]}`
	materials := `{"steps": [{"file": "f.csv", "into": "materials", "fields": {"course": "{course}", "code": "{code}"}}]}`
	courses := `{"steps": [{"file": "f.csv", "into": "courses", "fields": {"code": "{code}", "name": "{name}", "organization": "{org}"}}]}`
	members := `{"steps": [{"file": "f.csv", "into": "members", "fields": {"team": "{team}", "account": "{who}"}}]}`
	add := func(course, code string) {
		err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, _, err := store.SaveAssessment(t.Context(), tx, w.Courses[course], store.Assessment{Code: code, Title: code, Weight: 1})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add("Go", "imported-go")
	add("Night shift", "imported-night")
	for _, c := range []struct{ who, mapping, file, want string }{
		{"Leo", enrolments, "course,who,status,outcome\ngo,max,,", ""},
		{"Leo", enrolments, "course,who,status,outcome\ngo,max,completed,", "2 status: You may not do this"},
		{"Leo", enrolments, "course,who,status,outcome\ngo,max,,Pass", "2 status: You may not do this"},
		{"Leo", enrolments, "course,who,status,outcome\nnight,max,,", "2 course: There is no course “night”."},
		{"Leo", enrolments, "course,who,status,outcome\ngo,una,,", "2 who: There is nobody “una”"},
		{"Leo", enrolments, "course,who,status,outcome\ngo,max,gone,", "2 status: “gone” is none of"},
		{"Lin", enrolments, "course,who,status,outcome\ngo,lin,,", "2 course: There is no course “go”."},
		{"Otto", enrolments, "course,who,status,outcome\ngo,sue,,", "2 who: There is nobody “sue”"},
		{"Leo", results, "work,who,score\nimported-go,max,50", "2 work: There is no assessment"},
		{"Ana", results, "work,who,score\nimported-night,max,50", "2 work: There is no assessment"},
		{"Otto", results, "work,who,score\nimported-go,max,50", ""},
		{"Otto", results, "work,who,score\nimported-go,max,101", "2 score: A score is from 0 to 100."},
		{"Otto", results, "work,who,score\nimported-go,otto,50", "2 who: This learner is not enrolled"},
		{"Leo", materials, "course,code\ngo,m1", "2 course: You may not do this"},
		{"Otto", materials, "course,code\ngo,m1", ""},
		{"Otto", courses, "code,name,org\nnight,Night,North", ""},
		{"Otto", courses, "code,name,org\nc9,C9,South", "2 org: "},
		{"Leo", members, "team,who\nReds,max\nreds,max@acme.test\nReds,lin", ""},
		{"Leo", members, "team,who\nBlues,max", "2 team: There is no team “Blues” that you may add people to."},
		{"Leo", members, "team,who\nShades,una", "2 team: There is no team"},
		{"Leo", members, "team,who\nReds,una", "2 who: There is nobody “una”"},
		{"Gus", courses, "code,name,org\nc9,C9,North", "2 org: You may not do this"},
	} {
		out, err := intake.RunImport(t.Context(), w.Env, w.As(c.who), importOf(t, c.mapping, map[string]string{"f.csv": c.file + "\n"}))
		if err != nil {
			t.Errorf("%s, %s: %v", c.who, c.file, err)
		} else if got := told(out); (c.want == "") != (got == "") || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s, %s: %q, want %q", c.who, c.file, got, c.want)
		}
	}
	if n := count(t, w, `SELECT count(*) FROM courses WHERE code = 'night'`); n != 2 {
		t.Errorf("%d courses called night in two portals", n)
	}
	if n := count(t, w, `SELECT count(*) FROM grants WHERE role = 'team_member' AND place_id = ? AND account_id = ?`, w.Teams["Reds"].ID, w.People["Max"].ID); n != 1 {
		t.Errorf("Max is in Reds %d times", n)
	}
	verify(t, w)
}

// What a row does not say stays as it is.
func TestImportLeavesWhatItDoesNotSay(t *testing.T) {
	w := worldtest.New(t)
	whole := `{"steps": [{"file": "f.csv", "into": "enrolments", "fields": {"course": "go", "account": "max", "status": "completed", "outcome": "Pass",
		"completed": "2026-02-01", "enrolled": "2026-01-01", "credits": "60"}, "attributes": {"band": "A"}}]}`
	part := `{"steps": [{"file": "f.csv", "into": "enrolments", "fields": {"course": "go", "account": "max"}}]}`
	for i, mapping := range []string{whole, part} {
		out := runImport(t, w, "Ana", importOf(t, mapping, map[string]string{"f.csv": "x\ny\n"}))
		if f := out.Files[0]; out.Problems.Total != 0 || f.Created+f.Changed != 1-i || f.Unchanged != i {
			t.Errorf("%+v\n%s", f, told(out))
		}
	}
	if n := count(t, w, `SELECT count(*) FROM enrolments WHERE status = 'completed' AND outcome = 'Pass' AND credits = 60 AND attributes = '{"band":"A"}'`); n != 1 {
		t.Error("what the second file did not say is gone")
	}
}

// peopleFile writes a CSV of so many people, and returns its path.
func peopleFile(t testing.TB, rows int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fmt.Fprintln(f, "user,name,org")
	for i := range rows {
		fmt.Fprintf(f, "u%07d,Person Number%d,North\n", i, i)
	}
	return path
}

const bulkMapping = `{"steps": [{"file": "people.csv", "into": "accounts", "fields": {"username": "{user}", "name": "{name}", "organization": "{org}"}}]}`

// A million rows need no more memory than the keys of the rows. Only with PROVOST_LONG_TESTS, for it takes minutes.
func TestImportMillion(t *testing.T) {
	if os.Getenv("PROVOST_LONG_TESTS") == "" {
		t.Skip("takes minutes: set PROVOST_LONG_TESTS")
	}
	w := worldtest.New(t)
	in := importOf(t, bulkMapping, nil)
	in.Files["people.csv"] = peopleFile(t, 1_000_000)
	var most uint64
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	}()
	start := time.Now()
	out := runImport(t, w, "Ana", in)
	close(stop)
	t.Logf("%s, %d MiB of heap at most", time.Since(start).Round(time.Second), most>>20)
	if out.Files[0].Created != 1_000_000 || most > 400<<20 {
		t.Errorf("%+v with %d MiB", out.Files[0], most>>20)
	}
}
