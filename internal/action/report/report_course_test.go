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
