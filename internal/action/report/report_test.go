package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/action/report"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func ask(t *testing.T, name string) *report.Report {
	t.Helper()
	for _, r := range report.Reports {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no report %s", name)
	return nil
}

// download is a whole report as a file.
func download(w *worldtest.Test, r *report.Report, who, format string, in report.ReportQuery) (name, text string, err error) {
	var out bytes.Buffer
	err = r.File.Stream(context.Background(), w.Env, w.As(who), report.ReportFile{ReportQuery: in, Format: format}, func(f op.File) error {
		name = f.Name
		return f.Write(&out)
	})
	return name, out.String(), err
}

// firsts are, in order, the first names in a column of a CSV.
func firsts(t *testing.T, text, column string) (out []string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%v in %q", err, text)
	}
	at := slices.Index(rows[0], column)
	if at < 0 {
		t.Fatalf("no column %s in %v", column, rows[0])
	}
	for _, row := range rows[1:] {
		first, _, _ := strings.Cut(row[at], " ")
		out = append(out, first)
	}
	slices.Sort(out)
	return out
}

// LM-7, LM-9, RE-3: every report holds exactly the people that its asker may have figures of, in each format, and its
// totals are those of its rows.
func TestReportRowsByPerson(t *testing.T) {
	w := worldtest.New(t)
	all := []string{"Gus", "Lin", "Lin", "Lou", "Max", "Sue"}
	for _, name := range []string{"course-enrolment", "learner-progress"} {
		for who, want := range map[string][]string{"Leo": all, "Sam": all, "Ana": all, "Mo": all, "Tess": all, "Bea": {"Lin", "Lin", "Lou"},
			"Otto": {"Gus", "Lin", "Lin", "Max"}, "Gus": {"Gus", "Lin", "Lin", "Max"}} {
			_, text, err := download(w, ask(t, name), who, "csv", report.ReportQuery{})
			if err != nil {
				t.Errorf("%s, %s: %v", name, who, err)
				continue
			}
			if got := firsts(t, text, "Learner"); !slices.Equal(got, want) {
				t.Errorf("%s, %s: %v, want %v", name, who, got, want)
			}
			if strings.Contains(text, "Una") || strings.Contains(text, "Night") {
				t.Errorf("%s, %s: Umbra shows", name, who)
			}
			view, err := ask(t, name).Show.Run(t.Context(), w.Env, w.As(who), report.ReportPage{})
			if err != nil || len(view.Rows) != len(want) || view.Totals[0].Value != float64(len(want)) {
				t.Errorf("%s, %s on screen: %d rows, totals %v, %v", name, who, len(view.Rows), view.Totals, err)
			}
		}
	}
	for _, who := range []string{"Lin", "Sue", "Ivy"} {
		for _, r := range report.Reports {
			if _, _, err := download(w, r, who, "csv", report.ReportQuery{}); !fail.Is(err, fail.NotAllowed) {
				t.Errorf("%s runs %s: %v", who, r.Name, err)
			}
		}
	}
}

// LM-9: Company A's manager gets nothing by crafted filters: what they may not see answers as what is not there.
func TestReportFilters_LM9(t *testing.T) {
	w := worldtest.New(t)
	gone := db.NewID()
	say := func(who string, in report.ReportQuery) string {
		_, text, err := download(w, ask(t, "course-enrolment"), who, "csv", in)
		if err != nil {
			return err.Error()
		}
		return strings.Join(firsts(t, text, "Learner"), " ")
	}
	for _, step := range []struct {
		who  string
		in   report.ReportQuery
		want string
	}{
		{"Bea", report.ReportQuery{Team: w.Teams["Company A Team"].ID}, "Lin Lin Lou"},
		{"Bea", report.ReportQuery{Team: w.Teams["Reds"].ID}, "There is no such team."},
		{"Bea", report.ReportQuery{Team: w.Teams["Shades"].ID}, "There is no such team."},
		{"Bea", report.ReportQuery{Team: gone}, "There is no such team."},
		{"Bea", report.ReportQuery{Organization: w.Orgs["North"].ID}, "Lin Lin"},
		{"Bea", report.ReportQuery{Organization: w.Orgs["Lab"].ID}, "There is no such organization."},
		{"Bea", report.ReportQuery{Organization: w.Orgs["Dusk"].ID}, "There is no such organization."},
		{"Bea", report.ReportQuery{Organization: gone}, "There is no such organization."},
		{"Bea", report.ReportQuery{Course: w.Courses["Go"].ID}, "Lin"},
		{"Bea", report.ReportQuery{Course: w.Courses["Night shift"].ID}, "There is no such course."},
		{"Bea", report.ReportQuery{Course: gone}, "There is no such course."},
		{"Bea", report.ReportQuery{Q: "s"}, ""},
		{"Bea", report.ReportQuery{Q: "lo"}, "Lou"},
		{"Bea", report.ReportQuery{Q: "%"}, ""},
		{"Leo", report.ReportQuery{Team: w.Teams["Reds"].ID}, "Lin Lin"},
		{"Leo", report.ReportQuery{Organization: w.Orgs["North"].ID}, "Gus Lin Lin Max"},
		{"Leo", report.ReportQuery{Organization: w.Orgs["North"].ID, Only: true}, "Gus Lin Lin"},
		{"Leo", report.ReportQuery{Status: "completed"}, "Lin"},
		{"Leo", report.ReportQuery{Period: "30"}, "Max"},
		{"Leo", report.ReportQuery{Period: "7", Dated: "active"}, "Lou"},
		{"Leo", report.ReportQuery{From: "2025-01-01", To: "2025-11-30"}, "Gus"},
		{"Otto", report.ReportQuery{Organization: w.Orgs["South"].ID}, "There is no such organization."},
		{"Otto", report.ReportQuery{Q: "LEARNER"}, "Lin Lin"},
	} {
		if got := say(step.who, step.in); got != step.want {
			t.Errorf("%s, %+v: %q, want %q", step.who, step.in, got, step.want)
		}
	}
}

// RE-3: an override that takes report.certain from organization administrators in the Lab takes the Lab's people from
// Otto's rows and totals, and the scope says so.
func TestReportOverride_RE3(t *testing.T) {
	w := worldtest.New(t)
	do(t, w, func(tx *db.Tx) error {
		return store.SetOverride(t.Context(), tx, w.Orgs["Lab"], access.OrgAdmin, access.ReportCertain, false, w.Clock.Now())
	})
	_, text, err := download(w, ask(t, "course-enrolment"), "Otto", "csv", report.ReportQuery{})
	if got := firsts(t, text, "Learner"); err != nil || !slices.Equal(got, []string{"Gus", "Lin", "Lin"}) {
		t.Errorf("%v %v", got, err)
	}
	view, err := ask(t, "participation").Show.Run(t.Context(), w.Env, w.As("Otto"), report.ReportPage{ReportQuery: report.ReportQuery{By: "organization"}})
	if err != nil || view.Totals[0].Value != 3 || len(view.Rows) != 1 || view.Scope != "North and everything below, without Lab" {
		t.Errorf("%+v %v", view, err)
	}
}

// BE-12: a report says its scope, its rule and its time, in the file too.
func TestReportSaysScopeAndRule_BE12(t *testing.T) {
	w := worldtest.New(t)
	r := ask(t, "learner-progress")
	for who, want := range map[string][2]string{
		"Leo":  {"Acme and everything below", "as Analytics Reader at Acme, by the policy “Learner management: read figures” through the group “Learner management”"},
		"Bea":  {"The people of Company A Team", "as Download Analytics Reports at Company A Team, by the policy “Company A: download reports”"},
		"Otto": {"North and everything below", "as Organization administrator at North"},
	} {
		view, err := r.Show.Run(t.Context(), w.Env, w.As(who), report.ReportPage{})
		if err != nil || view.Scope != want[0] || !strings.Contains(view.Rule, want[1]) || !view.At.Equal(w.Clock.Now()) {
			t.Errorf("%s: %q %q %v", who, view.Scope, view.Rule, err)
		}
	}
	name, text, err := download(w, r, "Bea", "json", report.ReportQuery{Status: "completed"})
	var file struct {
		Scope, Rule string
		At          time.Time
		Rows        []map[string]any
		Footer      map[string]any
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &file)
	}
	if err != nil || file.Scope != "The people of Company A Team; completed" || !strings.Contains(file.Rule, "Analytics Reader") || !file.At.Equal(w.Clock.Now()) ||
		len(file.Rows) != 1 || file.Footer["works"] != 2.0 || !strings.Contains(name, "Company A Team") {
		t.Errorf("%s %+v %v", name, file, err)
	}
}

// QUALITY, reports: what counts is what one may see at the time of the download, not of the page; it is refused, says why,
// and leaves its audit row.
func TestReportRevokedBeforeDownload(t *testing.T) {
	w := worldtest.New(t)
	r := ask(t, "course-enrolment")
	if _, err := r.Show.Run(t.Context(), w.Env, w.As("Bea"), report.ReportPage{}); err != nil {
		t.Fatal(err)
	}
	do(t, w, func(tx *db.Tx) error {
		_, err := store.End(t.Context(), tx, store.GrantFilter{Portal: w.Acme.ID, Account: w.People["Bea"].ID, Roles: access.Roles{access.DownloadReports}}, 0, w.Clock.Now())
		return err
	})
	_, text, err := download(w, r, "Bea", "csv", report.ReportQuery{})
	if !fail.Is(err, fail.NotAllowed) || !strings.Contains(err.Error(), access.ReportCertain.Title) || text != "" {
		t.Errorf("%q %v", text, err)
	}
	rows := audit(t, w, "Sam", report.ReportQuery{Operation: "report.", Outcome: "refused"})
	if len(rows) != 1 || rows[0][2] != "Bea Account" {
		t.Errorf("%v", rows)
	}
}

// The audit keeps who downloaded which report, by which filters and in which format, and how many rows it had.
func TestReportDownloadIsAudited(t *testing.T) {
	w := worldtest.New(t)
	if _, _, err := download(w, ask(t, "course-enrolment"), "Bea", "xlsx", report.ReportQuery{Course: w.Courses["Go"].ID}); err != nil {
		t.Fatal(err)
	}
	rows := audit(t, w, "Sam", report.ReportQuery{Operation: "report."})
	if len(rows) != 2 || rows[0][4] != "report.finished" || !strings.Contains(fmt.Sprint(rows[0]), `"rows":1`) ||
		rows[1][4] != "report.course_enrolment.download" || !strings.Contains(fmt.Sprint(rows[1]), `"xlsx"`) || !strings.Contains(fmt.Sprint(rows[1]), "course Go") {
		t.Errorf("%v", rows)
	}
}

// QUALITY, reports: names that are formulas are neutral in a spreadsheet, and the same again when the file is read.
func TestReportFormulas(t *testing.T) {
	w := worldtest.New(t)
	evil := "=HYPERLINK(\"http://evil.test\")"
	do(t, w, func(tx *db.Tx) error {
		d := store.NewDeltas()
		who, err := store.CreateAccount(t.Context(), tx, w.Orgs["North"], store.NewAccount{Name: evil, Username: "evil", Code: "@SUM(1)"}, w.Clock.Now())
		if err != nil {
			return err
		}
		if _, err := store.Enrol(t.Context(), tx, d, w.Courses["Go"], who, 0, w.Clock.Now()); err != nil {
			return err
		}
		return d.Flush(t.Context(), tx)
	})
	_, text, err := download(w, ask(t, "course-enrolment"), "Leo", "csv", report.ReportQuery{Q: "="})
	if err != nil || !strings.Contains(text, `"'=HYPERLINK`) || !strings.Contains(text, "'@SUM(1)") {
		t.Fatalf("%v %q", err, text)
	}
	in, err := sheet.Open(strings.NewReader(text), "report.csv", sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	row, err := in.Next()
	if err != nil || row.Get("Learner") != evil || row.Get("Learner ID") != "@SUM(1)" {
		t.Errorf("%v %v", row, err)
	}
}

func audit(t *testing.T, w *worldtest.Test, who string, in report.ReportQuery) [][]any {
	t.Helper()
	view, err := ask(t, "audit").Show.Run(t.Context(), w.Env, w.As(who), report.ReportPage{ReportQuery: in})
	if err != nil {
		t.Fatal(err)
	}
	return view.Rows
}

func do(t *testing.T, w *worldtest.Test, change func(*db.Tx) error) {
	t.Helper()
	if err := w.Env.DB.Write(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}
