package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action/path"
	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	paths "provost/internal/store/path"
	"provost/internal/world/worldtest"
)

// led requires the course Go of the learners of Acme, and First aid of its administrators, and leads Lin, Lou and Una along paths.
func led(t *testing.T, w *worldtest.Test) path.OnePath {
	t.Helper()
	worldtest.Must(t, w, "Ana", path.Require, path.NewRequirement{Course: w.Courses["Go"].ID, Organization: w.Acme.ID, Role: access.Learner, DueDays: 3})
	worldtest.Must(t, w, "Ana", path.Require, path.NewRequirement{Course: w.Courses["First aid"].ID, Organization: w.Acme.ID, Role: access.Admin, DueDays: 3})
	made := worldtest.Must(t, w, "Ana", path.CreatePath, path.NewPath{Organization: w.Acme.ID, PathFields: path.PathFields{Name: "Ways", InOrder: true}})
	in := path.OnePath{Path: made.ID}
	for _, name := range []string{"First aid", "Go"} {
		worldtest.Must(t, w, "Ana", path.AddGoal, path.NewGoal{OnePath: in, Course: w.Courses[name].ID})
	}
	worldtest.Must(t, w, "Ana", path.EnrolInPath, path.NewLearners{OnePath: in, Accounts: []db.ID{w.People["Lin"].ID, w.People["Lou"].ID, w.People["Gus"].ID}})
	do(t, w, func(tx *db.Tx) error {
		dusk, err := paths.Create(t.Context(), tx, w.Orgs["Dusk"], paths.Fields{Name: "Dusk ways"}, w.Clock.Now())
		if err != nil {
			return err
		}
		_, err = paths.Enrol(t.Context(), tx, dusk, []store.Account{w.People["Una"]}, false, 0, w.Clock.Now())
		return err
	})
	return in
}

// RE-2, RE-3, MG-1, CO-5, CO-2: the reports on compliance and on learning paths hold exactly the people of whom their asker may have them, their totals
// and summaries too; whoever runs no such reports gets none, and a filter by what one may not see answers as by what is not there.
func TestRE2ComplianceAndPathsReports(t *testing.T) {
	w := worldtest.New(t)
	in := led(t, w)
	w.Clock.Move(4 * 24 * time.Hour)
	north, south := []string{"Gus", "Lin", "Max"}, []string{"Bea", "Leo", "Lou", "Sue", "Tess"}
	all := slices.Sorted(slices.Values(append(slices.Clone(north), south...)))
	for who, want := range map[string][]string{"Gus": north, "Otto": north, "Mo": all, "Pia": all, "Ana": append(slices.Clone(all), "Ana")} {
		_, text, err := download(w, ask(t, "compliance-status"), who, "csv", report.ReportQuery{})
		if err != nil {
			t.Fatalf("%s: %v", who, err)
		}
		slices.Sort(want)
		if got := trim(firsts(t, text, "Learner")); !slices.Equal(got, want) {
			t.Errorf("compliance of %s: %v, want %v", who, got, want)
		}
		view := worldtest.Must(t, w, who, ask(t, "compliance-status").Show, report.ReportPage{ReportQuery: report.ReportQuery{State: "overdue"}})
		if int(view.Totals[0].Value) != len(view.Rows) || view.Totals[2].Value != view.Totals[0].Value || len(view.Rows) == 0 {
			t.Errorf("%s: %+v of %d", who, view.Totals, len(view.Rows))
		}
		for _, by := range []string{"course", "organization", "team", "type"} {
			sum := worldtest.Must(t, w, who, ask(t, "compliance-summary").Show, report.ReportPage{ReportQuery: report.ReportQuery{By: by}})
			n := int64(0)
			for _, row := range sum.Rows {
				n += row[1].(int64)
			}
			if by != "team" && n != int64(len(want)) {
				t.Errorf("%s by %s: %v", who, by, sum.Rows)
			}
		}
	}
	for who, want := range map[string][]string{"Gus": {"Gus", "Lin"}, "Otto": {"Gus", "Lin"}, "Leo": {"Gus", "Lin", "Lou"}, "Bea": {"Lin", "Lou"}, "Ana": {"Gus", "Lin", "Lou"}} {
		_, text, err := download(w, ask(t, "learning-paths"), who, "csv", report.ReportQuery{})
		if got := trim(firsts(t, text, "Learner")); err != nil || !slices.Equal(got, want) || strings.Contains(text, "Dusk") {
			t.Errorf("paths of %s: %v, %v", who, got, err)
		}
	}
	for _, c := range []struct {
		report, who string
		in          report.ReportQuery
		want        fail.Kind
	}{{"compliance-status", "Leo", report.ReportQuery{}, fail.NotAllowed}, {"compliance-summary", "Bea", report.ReportQuery{}, fail.NotAllowed}, {"compliance-status", "Lin", report.ReportQuery{}, fail.NotAllowed},
		{"learning-paths", "Lin", report.ReportQuery{}, fail.NotAllowed}, {"learning-paths", "Ivy", report.ReportQuery{}, fail.NotAllowed}, {"learning-paths", "Una", report.ReportQuery{}, fail.NotAllowed},
		{"learning-paths", "Ulf", report.ReportQuery{Path: in.Path}, fail.NotFound}, {"compliance-status", "Ulf", report.ReportQuery{Course: w.Courses["Go"].ID}, fail.NotFound},
		{"compliance-status", "Gus", report.ReportQuery{State: "late"}, fail.Invalid}, {"compliance-summary", "Gus", report.ReportQuery{By: "period"}, fail.Invalid}, {"learning-paths", "Gus", report.ReportQuery{Status: "failed"}, fail.Invalid}} {
		_, text, err := download(w, ask(t, c.report), c.who, "csv", c.in)
		if worldtest.Check(t, c.who+": "+c.report, err, c.want); text != "" {
			t.Errorf("%s gets %s", c.who, text)
		}
	}
	saved := worldtest.Must(t, w, "Ana", report.SaveReport, report.ReportToSave{Report: "learning-paths", ReportQuery: report.ReportQuery{Path: in.Path, Status: "active"},
		ReportSaving: report.ReportSaving{Name: "Ways", Format: "csv", Every: "day", Accounts: []db.ID{w.People["Bea"].ID}}})
	mail, err := report.Compute(t.Context(), w.Env, w.Acme.ID, w.People["Bea"].ID, saved.ID)
	if text := string(mail.File); err != nil || !strings.Contains(text, "Lou") || strings.Contains(text, "Gus") || !strings.Contains(mail.Text, "path="+in.Path.String()) {
		t.Errorf("%v: %s %s", err, mail.Text, text)
	}
}

// trim leaves out the row of totals.
func trim(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return name == "" || name[0] >= '0' && name[0] <= '9' })
}
