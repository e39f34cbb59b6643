package intake_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"provost/internal/action/intake"
	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// oulad is the folder of the data set: PROVOST_OULAD, or beside the repository.
func oulad(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("takes the whole data set in")
	}
	dir := os.Getenv("PROVOST_OULAD")
	if dir == "" {
		dir = "../../../../shared/data/oulad"
	}
	if _, err := os.Stat(filepath.Join(dir, "courses.csv")); err != nil {
		t.Skipf("the OULAD tables are not at %s: set PROVOST_OULAD to their folder", dir)
	}
	return dir
}

func ouladImport(t testing.TB, dir string) intake.Import {
	t.Helper()
	text, err := os.ReadFile("../../../examples/oulad/mapping.json")
	if err != nil {
		t.Fatal(err)
	}
	m, err := intake.ParseMapping(text)
	if err != nil {
		t.Fatal(err)
	}
	in := intake.Import{Mapping: m, Files: map[string]string{}}
	for _, name := range m.Files() {
		in.Files[name] = filepath.Join(dir, name)
	}
	return in
}

// table reads a file's rows, each by column, with nothing of the importer.
func table(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, title := range rows[0] {
			row[title] = cells[i]
		}
		out = append(out, row)
	}
	return out
}

// totals are counts by two words.
type totals map[string]int64

func (a totals) differs(b totals) string {
	keys := slices.Compact(slices.Sorted(maps.Keys(a)))
	for k := range b {
		if _, has := a[k]; !has {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		if a[k] != b[k] {
			return fmt.Sprintf("%s: %d, the files say %d", k, b[k], a[k])
		}
	}
	return ""
}

// The expectation, by course, region and result, straight from the files.
func ouladTotals(t testing.TB, dir string) totals {
	want := totals{}
	for _, r := range table(t, filepath.Join(dir, "studentInfo.csv")) {
		course := r["code_module"] + "-" + r["code_presentation"]
		want["course "+course+" "+r["final_result"]]++
		want["region "+r["region"]+" "+r["final_result"]]++
		want[r["final_result"]]++
	}
	course := map[string]string{}
	for _, r := range table(t, filepath.Join(dir, "assessments.csv")) {
		course[r["id_assessment"]] = r["code_module"] + "-" + r["code_presentation"]
	}
	for _, r := range table(t, filepath.Join(dir, "studentAssessment.csv")) {
		want["results "+course[r["id_assessment"]]]++
	}
	for _, r := range table(t, filepath.Join(dir, "vle.csv")) {
		want["materials "+r["code_module"]+"-"+r["code_presentation"]]++
	}
	return want
}

func ouladFound(t testing.TB, w *worldtest.Test) totals {
	got := totals{}
	type row struct {
		key string
		n   int64
	}
	scan := func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.key, &r.n) }
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT 'course ' || c.code || ' ' || e.outcome, count(*) FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE c.code LIKE '___-201__' GROUP BY 1`,
			`SELECT 'region ' || o.name || ' ' || e.outcome, count(*) FROM enrolments e JOIN organizations o ON o.id = e.org_id JOIN courses c ON c.id = e.course_id WHERE c.code LIKE '___-201__' GROUP BY 1`,
			`SELECT e.outcome, count(*) FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE c.code LIKE '___-201__' GROUP BY 1`,
			`SELECT 'results ' || c.code, count(*) FROM results r JOIN assessments s ON s.id = r.assessment_id JOIN courses c ON c.id = s.course_id WHERE c.code LIKE '___-201__' GROUP BY 1`,
			`SELECT 'materials ' || c.code, count(*) FROM materials m JOIN courses c ON c.id = m.course_id WHERE c.code LIKE '___-201__' GROUP BY 1`,
		} {
			rows, err := db.All(t.Context(), tx, db.SQL(query), scan)
			if err != nil {
				return err
			}
			for _, r := range rows {
				got[r.key] = r.n
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// RE-4: the tables import whole, dry first, and give the totals of their README, by course and by region; again changes nothing.
func TestOULAD(t *testing.T) {
	dir := oulad(t)
	w := worldtest.New(t)
	in := ouladImport(t, dir)
	before := count(t, w, `SELECT count(*) FROM accounts`)
	in.Dry = true
	made := []int{13, 22, 28_785, 32_593, 206, 173_912, 6_364}
	run := func() intake.ImportResult {
		start := time.Now()
		out := runImport(t, w, "Sam", in)
		if out.Problems.Total != 0 {
			t.Fatalf("%d problems:\n%s", out.Problems.Total, told(out))
		}
		t.Logf("dry %v: %s", in.Dry, time.Since(start).Round(time.Millisecond))
		return out
	}
	if !dbtest.Postgres() { // the rehearsal is the same there, but for its time
		for i, f := range run().Files {
			if f.Created != made[i] || f.Changed+f.Unchanged != 0 {
				t.Errorf("dry: %+v, want %d created", f, made[i])
			}
		}
		if n := count(t, w, `SELECT count(*) FROM accounts`); n != before {
			t.Fatalf("a dry run made %d people", n-before)
		}
	}
	in.Dry = false
	for i, f := range run().Files {
		if f.Created != made[i] || f.Changed+f.Unchanged != 0 || !f.Done {
			t.Errorf("%+v, want %d created", f, made[i])
		}
	}
	if d := ouladTotals(t, dir).differs(ouladFound(t, w)); d != "" {
		t.Error(d)
	}
	in201x := ` JOIN courses c ON c.id = e.course_id WHERE c.code LIKE '___-201__' AND `
	for query, want := range map[string]int64{
		`SELECT count(*) FROM results e WHERE score IS NULL`:                                                                173,
		`SELECT count(*) FROM enrolments e` + in201x + `e.outcome = 'Pass'`:                                                 12_361,
		`SELECT count(*) FROM enrolments e` + in201x + `e.outcome = 'Distinction'`:                                          3_024,
		`SELECT count(*) FROM enrolments e` + in201x + `e.outcome = 'Fail'`:                                                 7_052,
		`SELECT count(*) FROM enrolments e` + in201x + `e.outcome = 'Withdrawn'`:                                            10_156,
		`SELECT count(*) FROM enrolments e` + in201x + `e.status = 'completed'`:                                             12_361 + 3_024,
		`SELECT count(*) FROM assessments e` + in201x + `e.due_at = 0`:                                                      11,
		`SELECT count(*) FROM courses WHERE code = 'AAA-2013J' AND ends_at - starts_at = CAST(268 AS BIGINT) * 86400000000`: 1,
	} {
		if n := count(t, w, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	whole := dump(t, w)
	for i, f := range run().Files {
		if f.Unchanged != made[i] || f.Created+f.Changed != 0 || !f.Done {
			t.Errorf("again: %+v, want %d unchanged", f, made[i])
		}
	}
	same(t, whole, dump(t, w))
	verify(t, w)
}

// verify checks the invariants of the database, and that the totals are what they sum.
func verify(t testing.TB, w *worldtest.Test) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute) // it reads all there is: the patience with a page's query is too short
	defer cancel()
	err := w.Env.DB.Read(ctx, func(tx *db.Tx) error {
		faults, err := store.Verify(ctx, tx)
		for _, f := range faults {
			t.Errorf("verify: %v", f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
