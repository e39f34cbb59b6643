package report_test

import (
	"slices"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// RE-2, RE-3, RT-1, LM-8: whoever teaches a course runs its reports over its learners and nobody else's; a learner manager, an
// assistant and a learner run none of them; logins are for those who run all reports.
func TestRE2ReportsOfACourse(t *testing.T) {
	w := worldtest.New(t)
	do(t, w, func(tx *db.Tx) error {
		for who, role := range map[string]access.RoleID{"Ivy": access.CourseOwner, "Max": access.CourseAssist} {
			err := store.Begin(t.Context(), tx, store.NewGrant{Account: w.People[who].ID, Role: role, At: w.Courses["Go"].Thing(), Since: w.Clock.Now()})
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, name := range []string{"course-completion", "gradebook"} {
		r := ask(t, name)
		_, text, err := download(w, r, "Ivy", "csv", report.ReportQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if got := firsts(t, text, "Learner"); !slices.Contains(got, "Lin") || slices.Contains(got, "Sue") || strings.Contains(text, "First aid") {
			t.Errorf("%s: Ivy sees %v", name, got)
		}
		for _, who := range []string{"Leo", "Bea", "Lin", "Una"} {
			if _, text, err := download(w, r, who, "csv", report.ReportQuery{}); !fail.Is(err, fail.NotAllowed) || text != "" {
				t.Errorf("%s, %s: %v: %s", name, who, err, text)
			}
		}
		if _, _, err := download(w, r, "Ivy", "csv", report.ReportQuery{Course: w.Courses["Night shift"].ID}); !fail.Is(err, fail.NotFound) {
			t.Errorf("%s of another portal's course: %v", name, err)
		}
		if _, _, err := download(w, r, "Ivy", "csv", report.ReportQuery{Course: w.Courses["First aid"].ID}); !fail.Is(err, fail.NotFound) {
			t.Errorf("%s of another's course: %v", name, err)
		}
	}
	for who, may := range map[string]bool{"Sam": true, "Mo": true, "Otto": false, "Leo": false, "Ivy": false} {
		if _, _, err := download(w, ask(t, "logins"), who, "csv", report.ReportQuery{}); may != (err == nil) {
			t.Errorf("logins, %s: %v", who, err)
		}
	}
}

// RE-1, RE-3, RT-1: whoever teaches a course sees which of its learners may need help, and why; nobody else does.
func TestRE1WhoNeedsHelp(t *testing.T) {
	w := worldtest.New(t)
	do(t, w, func(tx *db.Tx) error {
		return store.Begin(t.Context(), tx, store.NewGrant{Account: w.People["Ivy"].ID, Role: access.CourseOwner, At: w.Courses["Go"].Thing(), Since: w.Clock.Now()})
	})
	ask := report.HelpQuery{Course: w.Courses["Go"].ID}
	out, err := report.ShowHelp.Run(t.Context(), w.Env, w.As("Ivy"), ask)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Items) == 0 || int64(len(out.Items)) != out.Total || out.Quiet == 0 {
		t.Errorf("%+v", out)
	}
	for _, n := range out.Items {
		if n.Late == 0 && !n.Quiet && !n.Unbegun && !n.Low {
			t.Errorf("no reason: %+v", n)
		}
	}
	for who, want := range map[string]fail.Kind{"Leo": fail.NotAllowed, "Lin": fail.NotAllowed, "Una": fail.NotAllowed} {
		if _, err := report.ShowHelp.Run(t.Context(), w.Env, w.As(who), ask); !fail.Is(err, want) {
			t.Errorf("%s: %v", who, err)
		}
	}
}

// RE-1, RT-1, TA-2: the dashboard of whoever teaches has their courses and nobody else's, with their learners, what waits to be graded, and who may need help,
// as the course's own page counts them; assistants, who run no reports, see no help, and who teaches nothing sees none.
func TestRE1Teaching(t *testing.T) {
	w := worldtest.New(t)
	do(t, w, func(tx *db.Tx) error {
		for who, role := range map[string]access.RoleID{"Ivy": access.CourseOwner, "Max": access.CourseAssist} {
			if err := store.Begin(t.Context(), tx, store.NewGrant{Account: w.People[who].ID, Role: role, At: w.Courses["Go"].Thing(), Since: w.Clock.Now()}); err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), db.SQL(`UPDATE results SET waits_at = 1 WHERE account_id = ? AND assessment_id IN (SELECT x.id FROM assessments x WHERE x.course_id = ?)`, w.People["Lin"].ID, w.Courses["Go"].ID))
		return err
	})
	help := worldtest.Must(t, w, "Ivy", report.ShowHelp, report.HelpQuery{Course: w.Courses["Go"].ID})
	ivy := worldtest.Must(t, w, "Ivy", report.ListTeaching, struct{}{}).Items
	if len(ivy) != 1 || ivy[0].Course.Name != "Go" || ivy[0].Waits == 0 || ivy[0].Learners == 0 || ivy[0].Help == nil || *ivy[0].Help != help.Total || ivy[0].Quiet != help.Quiet {
		t.Errorf("Ivy: %+v, and help %+v", ivy, help)
	}
	max := worldtest.Must(t, w, "Max", report.ListTeaching, struct{}{}).Items
	if len(max) != 1 || max[0].Waits != ivy[0].Waits || max[0].Help != nil {
		t.Errorf("Max: %+v", max)
	}
	for _, who := range []string{"Ana", "Lin", "Gus", "Leo", "Una", "Ulf"} {
		if got := worldtest.Must(t, w, who, report.ListTeaching, struct{}{}).Items; len(got) != 0 {
			t.Errorf("%s: %+v", who, got)
		}
	}
}
