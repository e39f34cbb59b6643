package path_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action/learning"
	"provost/internal/action/path"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// verified is what a code proves to whoever has it, at a portal.
func verified(t *testing.T, w *worldtest.Test, portal db.ID, code string) (path.Verified, error) {
	t.Helper()
	return path.VerifyCertificate.Run(t.Context(), w.Env, op.Who{Portal: portal}, path.CertificateCode{Code: code})
}

// CO-1: who completes a course that says so gets its certificate in the same transaction, keeps it among their own, and shows it to
// whoever has its code; staff give and withdraw others.
func TestCO1Certificates(t *testing.T) {
	w := worldtest.New(t)
	in, lesson := course(t, w, "sql")
	enrol(t, w, in, "Lin", "Gus", "Lou")
	rule := func(give path.Giving, days int) path.NewCertificateRule {
		return path.NewCertificateRule{OneCourse: in, CertificateRule: path.CertificateRule{Give: give, Days: days}}
	}
	for _, s := range []struct {
		who  string
		in   path.NewCertificateRule
		want fail.Kind
	}{{"Lin", rule(path.GiveAll, 0), fail.NotAllowed}, {"Sue", rule(path.GiveAll, 0), fail.NotFound}, {"Una", rule(path.GiveAll, 0), fail.NotFound},
		{"Ivy", rule("some", 0), fail.Invalid}, {"Ivy", rule(path.GiveAll, -1), fail.Invalid}} {
		_, err := worldtest.Try(t, w, s.who, path.SetCertificates, s.in)
		worldtest.Check(t, s.who+" sets certificates", err, s.want)
	}
	own := func(who string) []path.Certificate {
		return worldtest.Must(t, w, who, path.ListOwnCertificates, struct{}{}).Items
	}
	done := func(who string) {
		worldtest.Must(t, w, who, learning.MarkLesson, learning.LessonMark{OneLesson: lesson, Done: true})
	}
	done("Lin")
	if got := own("Lin"); len(got) != 0 {
		t.Fatalf("a course that gives none: %+v", got)
	}
	if out := worldtest.Must(t, w, "Ivy", path.SetCertificates, rule(path.GiveAll, 30)); out.Given != 1 {
		t.Errorf("who completed it before: %+v", out)
	}
	done("Gus")
	worldtest.Must(t, w, "Gus", learning.MarkLesson, learning.LessonMark{OneLesson: lesson, Done: false})
	done("Gus")
	lin, gus := own("Lin"), own("Gus")
	if len(lin) != 1 || len(gus) != 1 || len(gus[0].Code) != 26 || gus[0].Code == lin[0].Code || !gus[0].Counts || gus[0].Until == nil || len(own("Lou")) != 0 {
		t.Fatalf("%+v, %+v", lin, gus)
	}
	typed := strings.ToLower(gus[0].Code[:8] + "-" + gus[0].Code[8:] + " ")
	if got, err := verified(t, w, w.Acme.ID, typed); err != nil || got.Name != "Gus Boss" || got.Course != "sql" || !got.Completed.Equal(w.Clock.Now()) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, s := range []struct {
		portal db.ID
		code   string
	}{{w.Umbra.ID, gus[0].Code}, {w.Acme.ID, gus[0].Code[:25]}, {w.Acme.ID, gus[0].ID.String()}, {w.Acme.ID, "%"}, {w.Acme.ID, strings.Repeat("A", 1e5)}} {
		_, err := verified(t, w, s.portal, s.code)
		worldtest.Check(t, "a code that proves nothing", err, fail.NotFound)
	}
	for _, who := range []string{"Lin", "Ivy", "Ana", "Una"} {
		_, err := worldtest.Try(t, w, who, path.ShowCertificate, path.OneCertificate{Certificate: gus[0].ID})
		worldtest.Check(t, who+" opens Gus's certificate", err, fail.NotFound)
	}
	for _, x := range worldtest.Must(t, w, "Ivy", path.ShowCertificates, path.CertificateQuery{OneCourse: in}).Items {
		if x.Certificate == nil || x.Certificate.Code != "" {
			t.Errorf("staff see whose, and no code: %+v", x)
		}
	}
	if got := worldtest.Must(t, w, "Lin", path.ShowCertificates, path.CertificateQuery{OneCourse: in}); len(got.Items) != 0 {
		t.Errorf("a learner sees others' certificates: %+v", got)
	}
	revokeAndGive(t, w, in, gus[0])
	imported(t, w)
	w.Clock.Move(31 * 24 * time.Hour)
	if _, err := verified(t, w, w.Acme.ID, lin[0].Code); !fail.Is(err, fail.NotFound) {
		t.Errorf("after its days: %v", err)
	}
	verify(t, w)
}

// revokeAndGive withdraws Gus's certificate, and gives another one by hand.
func revokeAndGive(t *testing.T, w *worldtest.Test, in path.OneCourse, gus path.Certificate) {
	t.Helper()
	why := path.Revocation{OneCertificate: path.OneCertificate{Certificate: gus.ID}, Reason: "copied"}
	for _, s := range []struct {
		who  string
		want fail.Kind
	}{{"Gus", fail.NotAllowed}, {"Lin", fail.NotFound}, {"Una", fail.NotFound}, {"Mo", fail.NotAllowed}, {"Ivy", -1}, {"Ivy", fail.Conflict}} {
		_, err := worldtest.Try(t, w, s.who, path.RevokeCertificate, why)
		worldtest.Check(t, s.who+" withdraws", err, s.want)
	}
	if _, err := verified(t, w, w.Acme.ID, gus.Code); !fail.Is(err, fail.NotFound) {
		t.Errorf("a withdrawn one proves something: %v", err)
	}
	worldtest.Must(t, w, "Ivy", path.SetCertificates, path.NewCertificateRule{OneCourse: in, CertificateRule: path.CertificateRule{Give: path.GiveAll}})
	one := path.OneLearner{OneCourse: in, Enrolment: learner(t, w, in, "Gus").ID}
	lou := path.OneLearner{OneCourse: in, Enrolment: learner(t, w, in, "Lou").ID}
	other := one
	other.Course = w.Courses["First aid"].ID
	worldtest.Must(t, w, "Ana", learning.AddStaff, learning.NewStaff{OneCourse: learning.OneCourse{Course: in.Course}, Account: w.People["Gus"].ID, Role: access.CoInstructor})
	for _, s := range []struct {
		who  string
		in   path.OneLearner
		want fail.Kind
	}{{"Gus", one, fail.NotAllowed}, {"Mo", one, fail.NotAllowed}, {"Una", one, fail.NotFound}, {"Ana", other, fail.NotFound}, {"Ana", lou, fail.Conflict},
		{"Ivy", one, -1}, {"Ivy", one, fail.Conflict}} {
		_, err := worldtest.Try(t, w, s.who, path.GiveCertificate, s.in)
		worldtest.Check(t, s.who+" gives", err, s.want)
	}
	got := worldtest.Must(t, w, "Gus", path.ListOwnCertificates, struct{}{}).Items
	if len(got) != 2 || !got[0].Counts || got[0].Until != nil || got[1].Counts || got[1].Reason != "copied" {
		t.Errorf("%+v", got)
	}
	worldtest.Must(t, w, "Ivy", path.SetCertificates, path.NewCertificateRule{OneCourse: in, CertificateRule: path.CertificateRule{Give: path.GiveNone}})
	_, err := worldtest.Try(t, w, "Ana", path.GiveCertificate, one)
	worldtest.Check(t, "where the course gives none", err, fail.Conflict)
}

// imported lets Lou complete the course as an import would, which knows nothing of certificates: the job gives what is due.
func imported(t *testing.T, w *worldtest.Test) {
	t.Helper()
	in, _ := course(t, w, "imported")
	enrol(t, w, in, "Lou")
	worldtest.Must(t, w, "Ivy", path.SetCertificates, path.NewCertificateRule{OneCourse: in, CertificateRule: path.CertificateRule{Give: path.GiveAll}})
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		actor, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People["Ana"].ID, w.Clock.Now())
		if err != nil {
			return err
		}
		c, err := store.FindCourse(t.Context(), tx, actor.May(access.CourseConfigure), in.Course)
		if err != nil {
			return err
		}
		d := store.NewDeltas()
		to, err := store.NewEnrolmentWriter(t.Context(), tx, d, 0, w.Clock.Now())
		if err != nil {
			return err
		}
		row := store.EnrolmentRow{Course: c, Account: w.People["Lou"], Status: store.Completed, Enrolled: w.Clock.Now(), Completed: w.Clock.Now()}
		for _, do := range []func() error{func() error { return to.Write(row) }, to.Close, func() error { return d.Flush(t.Context(), tx) }} {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := path.Due(t.Context(), w.Env); err != nil {
			t.Fatal(err)
		}
	}
	if got := worldtest.Must(t, w, "Lou", path.ListOwnCertificates, struct{}{}).Items; len(got) != 1 {
		t.Errorf("%+v", got)
	}
}
