package path_test

import (
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/path"
	"provost/internal/action/report"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// RT-2, CO-2: who administers a path deletes it, once its name is typed: then it is there for nobody, in no list and by no address, opens nothing more and
// frees its organization; the courses that it opened and certificates stay, and so does the record in the report. Nobody else deletes it.
func TestRT2DeletePath(t *testing.T) {
	w := worldtest.New(t)
	in, courses, lessons := way(t, w)
	worldtest.Must(t, w, "Ana", path.EnrolInPath, people(w, in, "Lin", "Gus"))
	worldtest.Must(t, w, "Ivy", path.SetCertificates, path.NewCertificateRule{OneCourse: courses[0], CertificateRule: path.CertificateRule{Give: path.GiveAll}})
	worldtest.Must(t, w, "Lin", learning.MarkLesson, learning.LessonMark{OneLesson: lessons[0], Done: true})
	end := path.PathEnd{OnePath: in, Name: " Data ways"}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Mo": fail.NotAllowed, "Lou": fail.NotFound, "Una": fail.NotFound, "Urs": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, path.DeletePath, end)
		worldtest.Check(t, who+" deletes it", err, want)
		_, err = worldtest.Try(t, w, who, path.ForeseePathEnd, in)
		worldtest.Check(t, who+" foresees its end", err, want)
	}
	_, err := worldtest.Try(t, w, "Ivy", path.DeletePath, path.PathEnd{OnePath: in, Name: "data"})
	worldtest.Check(t, "without its name", err, fail.Invalid)
	_, err = worldtest.Try(t, w, "Ana", action.DeleteOrganization, action.OrganizationID{Organization: w.Orgs["North"].ID})
	if err == nil || !strings.Contains(err.Error(), "learning paths") {
		t.Errorf("an organization with a path: %v", err)
	}
	if lost := worldtest.Must(t, w, "Ivy", path.ForeseePathEnd, in); lost.Learners != 2 || lost.Goals != 3 || lost.Admins != 1 {
		t.Errorf("%+v", lost)
	}
	worldtest.Must(t, w, "Ivy", path.DeletePath, end)
	for _, who := range []string{"Ana", "Ivy", "Lin", "Otto"} {
		_, err := worldtest.Try(t, w, who, path.ShowPath, in)
		worldtest.Check(t, who+" opens it", err, fail.NotFound)
	}
	_, err = worldtest.Try(t, w, "Ana", path.EnrolInPath, people(w, in, "Max"))
	worldtest.Check(t, "enrolling in it", err, fail.NotFound)
	lin := path.OnePerson{Account: w.People["Lin"].ID}
	if len(worldtest.Must(t, w, "Ana", path.ListPaths, path.ListQuery{Query: "Data"}).Items)+len(worldtest.Must(t, w, "Lin", path.ListOwnPaths, struct{}{}).Items)+len(worldtest.Must(t, w, "Gus", path.ListPathsOf, lin).Items) != 0 {
		t.Error("it is in a list")
	}
	worldtest.Must(t, w, "Gus", learning.MarkLesson, learning.LessonMark{OneLesson: lessons[0], Done: true})
	dueJob(t, w)
	if !inCourse(t, w, "Lin", courses[1]) || inCourse(t, w, "Gus", courses[1]) || len(worldtest.Must(t, w, "Lin", path.ListOwnCertificates, struct{}{}).Items) != 1 {
		t.Error("what it opened or a certificate is gone, or it opens more")
	}
	for _, r := range report.Reports {
		if r.Name == "learning-paths" {
			if got := worldtest.Must(t, w, "Ana", r.Show, report.ReportPage{}); len(got.Rows) != 2 || got.Rows[0][4] != "withdrawn" {
				t.Errorf("%+v", got.Rows)
			}
		}
	}
	verify(t, w)
}
