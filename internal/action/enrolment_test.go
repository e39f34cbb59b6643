package action_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func enrol(t *testing.T, w *worldtest.Test, who, course string, people ...string) (action.EnrolOutput, error) {
	in := action.EnrolInput{Course: w.Courses[course].ID}
	for _, p := range people {
		in.Accounts = append(in.Accounts, w.People[p].ID)
	}
	return action.EnrolPeople.Run(t.Context(), w.Env, w.As(who), in)
}

// enrolmentOf is somebody's enrolment, as the portal itself sees it.
func enrolmentOf(t *testing.T, w *worldtest.Test, person, course string) (out store.Enrolment) {
	t.Helper()
	portal := w.People[person].Portal
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		within := access.System(portal, "test", w.Clock.Now()).May(access.EnrolmentList)
		list, err := store.ListEnrolments(t.Context(), tx, within, store.EnrolmentFilter{Course: w.Courses[course].ID, Account: w.People[person].ID}, store.Page{})
		if len(list.Items) > 0 {
			out = list.Items[0]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func unenrol(t *testing.T, w *worldtest.Test, who, course string, enrolment db.ID) error {
	_, err := action.Unenrol.Run(t.Context(), w.Env, w.As(who), action.OneEnrolment{Course: w.Courses[course].ID, Enrolment: enrolment})
	return err
}

// sound checks that totals are what they sum, and every other invariant of the database.
func sound(t *testing.T, w *worldtest.Test) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		faults, err := store.Verify(t.Context(), tx)
		for _, f := range faults {
			t.Errorf("%s %s", f.Portal, f.What)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, what string, err error, want fail.Kind) {
	t.Helper()
	if want == none && err != nil || want != none && (err == nil || fail.Of(err) != want) {
		t.Errorf("%s: %v, want kind %d", what, err, want)
	}
}

const none = fail.Kind(-1)

// LM-5, OA-1, PT-2, PT-4: who may enrol whom in which course.
func TestLM5Enrol(t *testing.T) {
	w := worldtest.New(t)
	for _, step := range []struct {
		who, course, person string
		want                fail.Kind
	}{
		{"Leo", "Go", "Lou", none},
		{"Leo", "Go", "Lou", fail.Conflict},
		{"Leo", "First aid", "Max", none},
		{"Leo", "Go", "Una", fail.NotFound},
		{"Leo", "Night shift", "Lou", fail.NotFound},
		{"Otto", "Go", "Gus", none},
		{"Otto", "Go", "Sue", fail.NotFound},
		{"Otto", "First aid", "Lin", fail.NotFound},
		{"Tess", "Go", "Sue", none},
		{"Mo", "Go", "Ivy", fail.NotAllowed},
		{"Gus", "Go", "Ivy", fail.NotAllowed},
		{"Bea", "Go", "Lin", fail.NotFound},
		{"Lin", "First aid", "Lin", fail.NotAllowed},
		{"Urs", "Go", "Una", fail.NotFound},
		{"Urs", "Night shift", "Lou", fail.NotFound},
		{"Urs", "Night shift", "Urs", none},
	} {
		_, err := enrol(t, w, step.who, step.course, step.person)
		wants(t, step.who+" enrols "+step.person+" in "+step.course, err, step.want)
	}
	sound(t, w)
}

// A list is taken whole or not at all, and each line that is nobody's is named.
func TestEnrolList(t *testing.T) {
	w := worldtest.New(t)
	run := func(lines ...string) (action.EnrolOutput, error) {
		return action.EnrolPeople.Run(t.Context(), w.Env, w.As("Leo"), action.EnrolInput{Course: w.Courses["Go"].ID, Lines: lines})
	}
	_, err := run("Lou Learner", "nobody at all", "una@umbra.test", "Sue Learner")
	var wrong *fail.Error
	if wrong, _ = err.(*fail.Error); wrong == nil || len(wrong.Fields) != 2 || wrong.Fields[0].Name != "line 2" || wrong.Fields[1].Name != "line 3" {
		t.Fatalf("%v", err)
	}
	if got := enrolmentOf(t, w, "Lou", "Go"); got.ID != 0 {
		t.Error("Lou is enrolled, though the list was refused")
	}
	out, err := run("Lou Learner", "", "Sue Learner", "max lab")
	if err != nil || len(out.Enrolled) != 2 || len(out.Already) != 1 || out.Already[0].Name != "Max Lab" {
		t.Errorf("%+v, %v", out, err)
	}
	sound(t, w)
}

// What enrolling would do is told before it is done (BE-2), and undone.
func TestPreviewEnrol(t *testing.T) {
	w := worldtest.New(t)
	in := action.EnrolInput{Course: w.Courses["Go"].ID, Accounts: []db.ID{w.People["Lou"].ID, w.People["Sue"].ID}}
	out, _, err := action.EnrolPeople.Preview(t.Context(), w.Env, w.As("Leo"), in)
	if err != nil || len(out.Enrolled) != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	if got := enrolmentOf(t, w, "Lou", "Go"); got.ID != 0 {
		t.Error("the preview enrolled Lou")
	}
	sound(t, w)
}

// LM-5: who is unenrolled loses the course at once and keeps their record; coming back they find it again.
func TestLM5Unenrol(t *testing.T) {
	w := worldtest.New(t)
	lin := enrolmentOf(t, w, "Lin", "Go")
	una := enrolmentOf(t, w, "Una", "Night shift")
	aid := enrolmentOf(t, w, "Lin", "First aid")
	for _, step := range []struct {
		who, course string
		enrolment   db.ID
		want        fail.Kind
	}{
		{"Leo", "Go", una.ID, fail.NotFound},
		{"Leo", "Night shift", una.ID, fail.NotFound},
		{"Leo", "Go", aid.ID, fail.NotFound}, // of another course
		{"Otto", "First aid", aid.ID, fail.NotFound},
		{"Mo", "Go", lin.ID, fail.NotAllowed},
		{"Lin", "Go", lin.ID, fail.NotAllowed},
		{"Leo", "Go", lin.ID, none},
		{"Leo", "Go", lin.ID, fail.Conflict},
	} {
		wants(t, step.who+" unenrols in "+step.course, unenrol(t, w, step.who, step.course, step.enrolment), step.want)
	}
	left := enrolmentOf(t, w, "Lin", "Go")
	if left.Open || left.Status != store.Withdrawn || left.Works != 2 || !left.Withdrawn.Equal(w.Clock.Now()) {
		t.Errorf("left: %+v", left)
	}
	w.Clock.Move(time.Hour)
	if _, err := enrol(t, w, "Leo", "Go", "Lin"); err != nil {
		t.Fatal(err)
	}
	back := enrolmentOf(t, w, "Lin", "Go")
	if !back.Open || back.ID != lin.ID || back.Grant == lin.Grant || back.Status != store.Active || back.Works != 2 || !back.Withdrawn.IsZero() {
		t.Errorf("back: %+v", back)
	}
	sound(t, w)
}

// What was completed stays completed when its learner leaves.
func TestUnenrolCompleted(t *testing.T) {
	w := worldtest.New(t)
	if err := unenrol(t, w, "Otto", "First aid", enrolmentOf(t, w, "Lin", "First aid").ID); fail.Of(err) != fail.NotFound {
		t.Fatal(err)
	}
	if err := unenrol(t, w, "Leo", "First aid", enrolmentOf(t, w, "Lin", "First aid").ID); err != nil {
		t.Fatal(err)
	}
	if got := enrolmentOf(t, w, "Lin", "First aid"); got.Open || got.Status != store.Completed || got.Progress != 100 {
		t.Errorf("%+v", got)
	}
	sound(t, w)
}

func learners(page action.EnrolmentPage) string {
	var out []string
	for _, e := range page.Items {
		first, _, _ := strings.Cut(e.Learner.Name, " ")
		out = append(out, first+" in "+e.Course.Name)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// RE-3, LM-9, OA-1, PT-4: everybody lists exactly the enrolments that they may see, and counts no others.
func TestListEnrolments(t *testing.T) {
	w := worldtest.New(t)
	everything := "Gus in First aid, Lin in First aid, Lin in Go, Lou in First aid, Max in Go, Sue in First aid"
	for who, want := range map[string]string{
		"Sam": everything, "Ana": everything, "Leo": everything, "Tess": everything, "Mo": everything,
		"Otto": "Gus in First aid, Lin in First aid, Lin in Go, Max in Go",
		"Gus":  "Gus in First aid, Lin in First aid, Lin in Go, Max in Go",
		"Bea":  "Lin in First aid, Lin in Go, Lou in First aid",
		"Lin":  "", "Sue": "",
		"Urs": "Una in Night shift",
	} {
		out, err := action.ListEnrolments.Run(t.Context(), w.Env, w.As(who), action.AnyEnrolmentQuery{})
		if err != nil || learners(out) != want || out.Total != len(out.Items) {
			t.Errorf("%s lists %s (%d), %v; want %s", who, learners(out), out.Total, err, want)
		}
	}
	bea, err := action.ListCourseEnrolments.Run(t.Context(), w.Env, w.As("Bea"), action.CourseEnrolmentQuery{Course: w.Courses["Go"].ID})
	if err != nil || learners(bea) != "Lin in Go" {
		t.Errorf("Bea: %s, %v", learners(bea), err)
	}
	for _, c := range []struct{ who, course string }{{"Leo", "Night shift"}, {"Lou", "Go"}, {"Urs", "Go"}} {
		_, err = action.ListCourseEnrolments.Run(t.Context(), w.Env, w.As(c.who), action.CourseEnrolmentQuery{Course: w.Courses[c.course].ID})
		wants(t, c.who+" lists learners of "+c.course, err, fail.NotFound)
	}
	// A team that one may not see narrows nothing: it is not there.
	_, err = action.ListEnrolments.Run(t.Context(), w.Env, w.As("Bea"), action.AnyEnrolmentQuery{EnrolmentQuery: action.EnrolmentQuery{Team: w.Teams["Blues"].ID}})
	wants(t, "Bea asks about Blues", err, fail.NotFound)
}

// Everybody lists their own, whoever they are, and nobody else's.
func TestListMyEnrolments(t *testing.T) {
	w := worldtest.New(t)
	for who, want := range map[string]string{"Lin": "Lin in First aid, Lin in Go", "Sue": "Sue in First aid", "Ana": "", "Leo": "", "Una": "Una in Night shift"} {
		out, err := action.ListMyEnrolments.Run(t.Context(), w.Env, w.As(who), action.MyEnrolmentQuery{})
		if err != nil || learners(out) != want {
			t.Errorf("%s: %s, %v; want %s", who, learners(out), err, want)
		}
	}
	if _, err := action.ListMyEnrolments.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID}, action.MyEnrolmentQuery{}); !fail.Is(err, fail.SignIn) {
		t.Error(err)
	}
}
