package path_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/notice"
	"provost/internal/action/path"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// mails are the subjects and texts that wait to be sent to somebody, as their number.
func mails(t *testing.T, w *worldtest.Test, who, text string) (n int) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		got, err := db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM outbox WHERE recipient = ? AND body LIKE ?`, w.People[who].Email, "%"+text+"%"))
		n = int(got)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// standing is how somebody stands with a requirement, as a reader sees it; empty where they do not see it.
func standing(t *testing.T, w *worldtest.Test, reader string, r db.ID, who string) path.State {
	t.Helper()
	out, err := worldtest.Try(t, w, reader, path.ShowRequirement, path.StandingQuery{Requirement: r})
	if err != nil && !fail.Is(err, fail.NotFound) {
		t.Fatal(err)
	}
	for _, x := range out.Items {
		if x.Person.ID == w.People[who].ID {
			return x.State
		}
	}
	return ""
}

func dueJob(t *testing.T, w *worldtest.Test) {
	t.Helper()
	for range 2 { // the second time tells nothing twice
		if _, err := path.Due(t.Context(), w.Env); err != nil {
			t.Fatal(err)
		}
		if _, err := notice.Tell(t.Context(), w.Env); err != nil {
			t.Fatal(err)
		}
	}
}

// CO-5, MG-1: a course that is required of the learners of an organization enrols them, reminds them once, knows who is overdue, and is to be done again when its
// time is over; managers see how their people stand and nobody else's.
func TestCO5MG1Compliance(t *testing.T) {
	w := worldtest.New(t)
	in, lesson := course(t, w, "safety")
	north, acme := w.Orgs["North"].ID, w.Acme.ID
	ask := path.NewRequirement{Course: in.Course, Organization: north, Role: access.Learner, DueDays: 10, ValidDays: 100, RemindDays: 5}
	outside, foreign, wrong := ask, ask, ask
	outside.Organization, foreign.Course, wrong.RemindDays = acme, w.Courses["First aid"].ID, 100
	for _, s := range []struct {
		who  string
		in   path.NewRequirement
		want fail.Kind
	}{{"Gus", ask, fail.NotAllowed}, {"Ivy", ask, fail.NotAllowed}, {"Lin", ask, fail.NotFound}, {"Urs", ask, fail.NotFound}, {"Otto", outside, fail.NotFound}, {"Otto", foreign, fail.NotFound}, {"Otto", wrong, fail.Invalid}} {
		_, err := worldtest.Try(t, w, s.who, path.Require, s.in)
		if err == nil || s.want == fail.Invalid && !fail.Is(err, fail.Invalid) || !fail.Is(err, fail.NotAllowed) && !fail.Is(err, fail.NotFound) && s.want != fail.Invalid {
			t.Errorf("%s requires: %v", s.who, err)
		}
	}
	full := ask
	full.Organization, full.Role = acme, access.Admin
	_, err := worldtest.Try(t, w, "Pia", path.Require, full)
	worldtest.Check(t, "Pia, partial, requires it of full administrators", err, fail.NotAllowed)
	r := worldtest.Must(t, w, "Otto", path.Require, ask).ID
	for who, want := range map[string]bool{"Lin": true, "Max": true, "Gus": true, "Otto": false, "Lou": false} {
		if got := inCourse(t, w, who, in); got != want {
			t.Errorf("%s is enrolled: %v", who, got)
		}
	}
	for reader, want := range map[string]path.State{"Otto": path.StateDue, "Gus": path.StateDue, "Mo": path.StateDue, "Ana": path.StateDue, "Lou": "", "Ivy": "", "Urs": "", "Lin": ""} {
		if got := standing(t, w, reader, r, "Lin"); got != want {
			t.Errorf("%s sees Lin %q", reader, got)
		}
	}
	dueJob(t, w)
	if n := mails(t, w, "Lin", "safety"); n != 0 {
		t.Errorf("told too early: %d", n)
	}
	w.Clock.Move(6 * 24 * time.Hour)
	worldtest.Must(t, w, "Gus", learning.MarkLesson, learning.LessonMark{OneLesson: lesson, Done: true})
	dueJob(t, w)
	if mails(t, w, "Lin", "safety: due on") != 1 || mails(t, w, "Gus", "safety") != 0 || mails(t, w, "Lou", "safety") != 0 {
		t.Error("not told once, or somebody else was")
	}
	w.Clock.Move(5 * 24 * time.Hour)
	dueJob(t, w)
	if mails(t, w, "Lin", "safety: overdue since") != 1 || standing(t, w, "Gus", r, "Lin") != path.StateOverdue || standing(t, w, "Gus", r, "Gus") != path.StateDone {
		t.Errorf("Lin is %s, Gus %s", standing(t, w, "Gus", r, "Lin"), standing(t, w, "Gus", r, "Gus"))
	}
	if got := worldtest.Must(t, w, "Gus", path.ListCompliance, struct{}{}).Items; len(got) != 1 || got[0].People != 3 || got[0].Overdue != 2 {
		t.Errorf("%+v", got)
	}
	if got := worldtest.Must(t, w, "Lou", path.ListCompliance, struct{}{}).Items; len(got) != 0 {
		t.Errorf("Lou sees %+v", got)
	}
	renewed(t, w, r, in, lesson)
	moved(t, w, r, in)
	verify(t, w)
}

// renewed lets Gus do the course again when its time is over: not before, and what he did counts on meanwhile.
func renewed(t *testing.T, w *worldtest.Test, r db.ID, in path.OneCourse, lesson learning.OneLesson) {
	t.Helper()
	again := path.OneRequirement{Requirement: r}
	_, err := worldtest.Try(t, w, "Gus", path.TakeAgain, again)
	worldtest.Check(t, "Gus takes it again too early", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Lou", path.TakeAgain, again)
	worldtest.Check(t, "Lou, of whom it is not required", err, fail.NotFound)
	w.Clock.Move(91 * 24 * time.Hour)
	dueJob(t, w)
	if got := standing(t, w, "Gus", r, "Gus"); got != path.StateRenew || mails(t, w, "Gus", "safety: due on") != 1 {
		t.Errorf("Gus is %s", got)
	}
	worldtest.Must(t, w, "Gus", path.TakeAgain, again)
	if got := learner(t, w, in, "Gus"); got.Status == "completed" || got.Progress != 0 || standing(t, w, "Gus", r, "Gus") != path.StateRenew {
		t.Errorf("%+v", got)
	}
	_, err = worldtest.Try(t, w, "Gus", path.TakeAgain, again)
	worldtest.Check(t, "twice", err, fail.Conflict)
	verify(t, w)
	worldtest.Must(t, w, "Gus", learning.MarkLesson, learning.LessonMark{OneLesson: lesson, Done: true})
	if got := learner(t, w, in, "Gus"); got.Status != "completed" || standing(t, w, "Gus", r, "Gus") != path.StateDone {
		t.Errorf("%+v", got)
	}
}

// moved: whoever leaves the organization is not asked any more, whoever comes is, and nobody once it has ended.
func moved(t *testing.T, w *worldtest.Test, r db.ID, in path.OneCourse) {
	t.Helper()
	worldtest.Must(t, w, "Ana", action.MoveAccount, action.AccountMove{Account: w.People["Lin"].ID, Organization: w.Orgs["South"].ID})
	worldtest.Must(t, w, "Ana", action.MoveAccount, action.AccountMove{Account: w.People["Lou"].ID, Organization: w.Orgs["North"].ID})
	dueJob(t, w)
	if standing(t, w, "Ana", r, "Lin") != "" || standing(t, w, "Ana", r, "Lou") != path.StateDue || !inCourse(t, w, "Lou", in) {
		t.Errorf("Lin %q, Lou %q", standing(t, w, "Ana", r, "Lin"), standing(t, w, "Ana", r, "Lou"))
	}
	_, err := worldtest.Try(t, w, "Gus", path.EndRequirement, path.OneRequirement{Requirement: r})
	if err == nil || strings.Contains(err.Error(), "safety") {
		t.Errorf("Gus ends it: %v", err)
	}
	worldtest.Must(t, w, "Otto", path.EndRequirement, path.OneRequirement{Requirement: r})
	if got := worldtest.Must(t, w, "Lou", path.ListOwnRequired, struct{}{}).Items; len(got) != 0 {
		t.Errorf("%+v", got)
	}
	dueJob(t, w)
}
