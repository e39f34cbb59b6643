package path_test

import (
	"testing"

	"provost/internal/access"
	"provost/internal/action/path"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// PR-1, MG-1, ME-1: parents, mentors and managers see the paths of their people, goal by goal; whoever does not see somebody's courses sees no path of theirs,
// and one that they may not see answers as one that is not there. Who teaches a course sees no path that leads to it.
func TestPR1ME1PathsOfPeople(t *testing.T) {
	w := worldtest.New(t)
	in, courses, _ := way(t, w)
	worldtest.Must(t, w, "Ana", path.EnrolInPath, people(w, in, "Lin", "Lou"))
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		for who, role := range map[string]access.RoleID{"Sue": access.ParentOf, "Max": access.MentorOf, "Bea": access.ManagerOf} {
			grant := store.NewGrant{Account: w.People[who].ID, Role: role, At: w.People["Lin"].Thing(), Since: w.Clock.Now()}
			if err := store.Begin(t.Context(), tx, grant); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	lin, lou := path.OnePerson{Account: w.People["Lin"].ID}, path.OnePerson{Account: w.People["Lou"].ID}
	for _, who := range []string{"Sue", "Max", "Bea", "Gus", "Otto", "Ana", "Mo"} {
		list := worldtest.Must(t, w, who, path.ListPathsOf, lin).Items
		if len(list) != 1 || list[0].Goals != 3 || list[0].Reached != 0 || !list[0].In {
			t.Errorf("%s sees %+v", who, list)
		}
		out := worldtest.Must(t, w, who, path.ShowPathOf, path.OnePersonPath{OnePerson: lin, Path: in.Path})
		if len(out.Steps) != 3 || !out.Steps[0].Opened || !out.Steps[1].Waits || out.Steps[1].Course.ID != courses[1].Course {
			t.Errorf("%s sees %+v", who, out.Steps)
		}
	}
	// Ivy teaches the courses of the path; Lou and Lin are on it themselves; the others look after somebody else.
	for _, s := range []struct {
		who string
		of  path.OnePerson
	}{{"Ivy", lin}, {"Lou", lin}, {"Sue", lou}, {"Max", lou}, {"Gus", lou}, {"Urs", lin}, {"Una", lin}, {"Ana", path.OnePerson{Account: w.People["Una"].ID}}} {
		list, err := worldtest.Try(t, w, s.who, path.ListPathsOf, s.of)
		if len(list.Items) != 0 || err != nil && !fail.Is(err, fail.NotFound) {
			t.Errorf("%s lists %+v: %v", s.who, list.Items, err)
		}
		_, seen := worldtest.Try(t, w, s.who, path.ShowPathOf, path.OnePersonPath{OnePerson: s.of, Path: in.Path})
		_, none := worldtest.Try(t, w, s.who, path.ShowPathOf, path.OnePersonPath{OnePerson: s.of, Path: db.ID(1)})
		if !fail.Is(seen, fail.NotFound) || seen.Error() != none.Error() {
			t.Errorf("%s: %v, and of one that is not there %v", s.who, seen, none)
		}
	}
}
