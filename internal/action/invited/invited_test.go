package invited_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/action/learning"
	"provost/internal/action/path"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

// lastMail is the text of the last mail, and the token in it.
func lastMail(t *testing.T, w *worldtest.Test) (text, token string) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		text, err = db.Val[string](t.Context(), tx, db.SQL(`SELECT body FROM outbox ORDER BY id DESC LIMIT 1`))
		return err
	})
	m := regexp.MustCompile(`/invitations/(\S+)`).FindStringSubmatch(text)
	if err != nil || m == nil {
		t.Fatal(text, err)
	}
	return text, m[1]
}

// joins accepts the last invitation, and tells which courses and paths that person is in.
func joins(t *testing.T, w *worldtest.Test, name string) (out action.Joined, in string) {
	t.Helper()
	_, token := lastMail(t, w)
	out, err := action.AcceptInvitation.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID}, action.InvitationAnswer{Token: token, Name: name, Username: name, Password: "violet umbrella stairs"})
	if err != nil {
		t.Fatal(name, err)
	}
	as := op.Who{Portal: w.Acme.ID, Account: out.ID}
	courses, err := action.ListMyEnrolments.Run(t.Context(), w.Env, as, action.MyEnrolmentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	paths, err := path.ListOwnPaths.Run(t.Context(), w.Env, as, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range courses.Items {
		names = append(names, e.Course.Name)
	}
	for _, p := range paths.Items {
		if p.In {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return out, strings.Join(names, " ")
}

// LM-1, LM-13, PT-2, IN-2: an invitation carries courses and paths in which its sender may enrol people; whoever accepts is enrolled in those in which the sender may
// then, and in no others, as far as there are seats.
func TestLM1InvitationsCarryCoursesAndPaths(t *testing.T) {
	w := worldtest.New(t)
	course := func(name string) db.ID {
		return worldtest.Must(t, w, "Ivy", action.CreateCourse, action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: strings.ToLower(name), Name: name}}).ID
	}
	ann, _, full, goal, gone := course("Ann"), course("Bee"), course("Full"), course("Goal"), course("Gone")
	road := path.OnePath{Path: worldtest.Must(t, w, "Ivy", path.CreatePath, path.NewPath{Organization: w.Orgs["North"].ID, PathFields: path.PathFields{Name: "Road"}}).ID}
	worldtest.Must(t, w, "Ivy", path.AddGoal, path.NewGoal{OnePath: road, Course: goal})
	worldtest.Must(t, w, "Ivy", learning.SaveListing, learning.ChangedListing{OneCourse: learning.OneCourse{Course: full}, ListingFields: learning.ListingFields{Seats: 1, Waits: true}})
	invite := func(who, email, courses, paths string) error {
		_, err := worldtest.Try(t, w, who, action.SendInvitations, action.NewInvitations{Rows: []action.InvitationRow{{Email: email, Organization: "North", Courses: courses, Paths: paths}}})
		return err
	}
	for _, s := range []struct{ what, who, courses, paths string }{
		{"a course of another organization", "Otto", w.Courses["First aid"].ID.String(), ""},
		{"a course of another portal", "Urs", ann.String(), ""},
		{"nothing of that name", "Otto", "ann; <b>x</b>", ""},
		{"no path", "Otto", "", "Rode"},
		{"too many", "Otto", strings.Repeat("ann;", 21), ""},
	} {
		if err := invite(s.who, "x@acme.test", s.courses, s.paths); !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v", s.what, err)
		}
	}
	if err := invite("Leo", "x@acme.test", "ann", ""); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("who may enrol, and not invite: %v", err)
	}

	if err := invite("Otto", "nora@acme.test", "ann; Full", "road"); err != nil {
		t.Fatal(err)
	}
	text, token := lastMail(t, w)
	read, err := action.ReadInvitation.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID}, action.InvitationToken{Token: token})
	if err != nil || len(read.Courses) != 2 || len(read.Paths) != 1 || read.Paths[0].Name != "Road" || !strings.Contains(text, "- Ann\n- Full\n- Road\n") {
		t.Errorf("%+v %v %s", read, err, text)
	}
	if out, in := joins(t, w, "nora"); in != "Ann Full Goal Road" || len(out.LeftOut)+len(out.Waiting) != 0 {
		t.Errorf("Nora is in %s: %+v", in, out)
	}
	if got := worldtest.Must(t, w, "Otto", action.ListInvitations, action.InvitationQuery{}).Items; len(got) != 1 || len(got[0].Courses) != 2 || len(got[0].Paths) != 1 {
		t.Errorf("%+v", got)
	}

	if err := invite("Otto", "omar@acme.test", "ann;bee;full;gone", "road"); err != nil {
		t.Fatal(err)
	}
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, learning.OneCourse{Course: gone})
	for _, key := range []string{"course.enroll_others", "path.enroll_others"} {
		worldtest.Must(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs["North"].ID, Role: access.OrgAdmin, Permission: key}, Allow: false})
	}
	if out, in := joins(t, w, "omar"); in != "" || !slices.Equal(out.LeftOut, []string{"Ann", "Bee", "Full", "Gone", "Road"}) {
		t.Errorf("Omar is in %q: %+v", in, out)
	}
	_, err = worldtest.Try(t, w, "Otto", action.SendInvitations, action.NewInvitations{Rows: []action.InvitationRow{{Email: "y@acme.test", Organization: "North", Courses: "ann"}}})
	worldtest.Check(t, "Otto promises what he may not give any more", err, fail.Invalid)

	if err := invite("Ana", "pat@acme.test", "full;bee", ""); err != nil {
		t.Fatal(err)
	}
	id := worldtest.Must(t, w, "Ana", action.ListInvitations, action.InvitationQuery{Query: "pat"}).Items[0].ID
	_, err = worldtest.Try(t, w, "Otto", action.ResendInvitation, action.InvitationID{Invitation: id})
	worldtest.Check(t, "Otto sends again what he may not give", err, fail.NotAllowed)
	w.Clock.Move(time.Hour)
	if out, in := joins(t, w, "pat"); in != "Bee" || !slices.Equal(out.Waiting, []string{"Full"}) || len(out.LeftOut) != 0 {
		t.Errorf("Pat is in %q: %+v", in, out)
	}
}
