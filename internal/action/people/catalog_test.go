package people_test

import (
	"slices"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/action/people"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

func first(name string) string { return strings.Fields(name)[0] }

// browse opens the catalog and returns the first names that stand in it.
func browse(t *testing.T, w *worldtest.Test, who string, in people.CatalogQuery) (string, people.CatalogPage) {
	t.Helper()
	out, err := try(t, w, who, people.Catalog, in)
	if err != nil {
		t.Fatalf("%s opens the catalog: %v", who, err)
	}
	var names []string
	for _, p := range out.Items {
		names = append(names, first(p.Name))
	}
	slices.Sort(names)
	return strings.Join(names, " "), out
}

func adminNames(out people.CatalogPage) string {
	var names []string
	for _, p := range out.Administrators {
		names = append(names, first(p.Name))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func setCell(t *testing.T, w *worldtest.Test, org string, role access.RoleID, key string, allow bool) {
	t.Helper()
	_, err := try(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs[org].ID, Role: role, Permission: key}, Allow: allow})
	wantKind(t, string(role)+" "+key, err, -1)
}

const all = "Al Ana Bea Cleo Cora Gus Ivy Leo Lin Lou Max Meg Mina Mo Otto Pam Pia Sam Sue Tess Tom"

// PA-1, XA-2: administrators, full and partial, open the full Users catalog; only the full ones find out by it who is which (XA-3).
func TestPA1FullCatalog(t *testing.T) {
	w := worldtest.WithKin(t)
	for _, who := range []string{"Sam", "Ana", "Pia"} {
		if got, out := browse(t, w, who, people.CatalogQuery{}); got != all || out.View != people.FullView || len(out.Views) != 2 {
			t.Errorf("%s sees %s in the view %s", who, got, out.View)
		}
	}
	tile := func(who, id string) int {
		_, out := browse(t, w, who, people.CatalogQuery{})
		for _, x := range out.Tiles {
			if x.Type == id {
				return x.Count
			}
		}
		return 0
	}
	for _, c := range []struct {
		who, id string
		want    int
	}{{"Ana", "administrator", 1}, {"Ana", "partial", 1}, {"Ana", "super", 1}, {"Ana", "learner", 8}, {"Pia", "administrators", 3}, {"Pia", "partial", 0}, {"Ana", "parent", 1}, {"Pia", "org_admin", 1}} {
		if got := tile(c.who, c.id); got != c.want {
			t.Errorf("%s counts %d of %s, want %d", c.who, got, c.id, c.want)
		}
	}
	for id, want := range map[string]string{"administrator": "Ana", "manager": "Gus Mina", "learner": "Bea Gus Leo Lin Lou Max Sue Tess"} {
		if got, _ := browse(t, w, "Ana", people.CatalogQuery{Type: id}); got != want {
			t.Errorf("of the type %s: %s, want %s", id, got, want)
		}
	}
	if got, _ := browse(t, w, "Ana", people.CatalogQuery{Type: "learner", Query: "l", Org: w.Orgs["North"].ID}); got != "Lin Max" {
		t.Errorf("learners of North with l: %s", got)
	}
	_, err := try(t, w, "Pia", people.Catalog, people.CatalogQuery{Type: "administrator"})
	wantKind(t, "Pia asks who is full", err, fail.Invalid)
	_, out := browse(t, w, "Pia", people.CatalogQuery{Query: "ana"})
	if len(out.Items) != 1 || !out.Items[0].LoginHidden || out.Items[0].Email != "" || out.Items[0].Username != "" {
		t.Errorf("Pia sees of Ana %+v", out.Items)
	}
}

// OA-1: organization administrators find the people of their organization, whose name stands under their own; they never
// open the Admin area.
func TestOA1Catalog(t *testing.T) {
	w := worldtest.WithKin(t)
	got, out := browse(t, w, "Otto", people.CatalogQuery{})
	if got != "Cleo Gus Ivy Lin Max Meg Otto Tom" || out.View != people.RestrictedView {
		t.Errorf("Otto sees %s in the view %s", got, out.View)
	}
	_, out = browse(t, w, "Ana", people.CatalogQuery{Query: "otto"})
	if len(out.Items) != 1 || !slices.Equal(out.Items[0].Administers, []string{"North"}) {
		t.Errorf("under Otto's name stands %+v", out.Items)
	}
	_, err := try(t, w, "Otto", people.OpenAdmin, struct{}{})
	wantKind(t, "Otto opens Admin", err, fail.NotAllowed)
	_, err = try(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Acme.ID, Role: access.OrgAdmin, Permission: "portal.open_admin"}, Allow: true})
	wantKind(t, "it is never theirs", err, fail.NotAllowed)
}

// IN-1, IN-2, TA-2: instructors open the catalog only where administrators switch it on; assistants never open the full one.
func TestIN1Catalog(t *testing.T) {
	w := worldtest.WithKin(t)
	_, err := try(t, w, "Ivy", people.Catalog, people.CatalogQuery{})
	wantKind(t, "Ivy before", err, fail.NotAllowed)
	setCell(t, w, "North", access.Instructor, "account.browse_all", true)
	got, out := browse(t, w, "Ivy", people.CatalogQuery{})
	if got != "Cleo Gus Ivy Lin Max Meg Otto Tom" || out.View != people.FullView || !out.Items[0].LoginHidden || out.Items[0].CodeHidden {
		t.Errorf("Ivy sees %s, %+v", got, out.Items[0])
	}
	setCell(t, w, "North", access.Instructor, "account.view_ids", false)
	if _, out = browse(t, w, "Ivy", people.CatalogQuery{}); !out.Items[0].CodeHidden {
		t.Error("IN-2: IDs were switched off for instructors")
	}
	for _, who := range []string{"Ivy", "Tom", "Lin", "Pam", "Gus", "Meg", "Al"} {
		_, err := try(t, w, who, people.OpenAdmin, struct{}{})
		wantKind(t, who+" opens Admin", err, fail.NotAllowed)
	}
	_, err = try(t, w, "Tom", people.Catalog, people.CatalogQuery{View: "full"})
	wantKind(t, "TA-2: Tom opens the full catalog", err, fail.NotAllowed)
	_, err = try(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Acme.ID, Role: access.Assistant, Permission: "account.browse_all"}, Allow: true})
	wantKind(t, "TA-2: never", err, fail.NotAllowed)
}

// LE-2: administrators close the Users catalog and the search to learners, for the portal or one organization.
func TestLE2ClosedAreas(t *testing.T) {
	w := worldtest.WithKin(t)
	if got, _ := browse(t, w, "Lin", people.CatalogQuery{}); got != "Lin Lou" {
		t.Errorf("Lin sees %s", got)
	}
	setCell(t, w, "North", access.Learner, "account.browse_restricted", false)
	setCell(t, w, "North", access.Learner, "portal.search", false)
	_, err := try(t, w, "Lin", people.Catalog, people.CatalogQuery{})
	wantKind(t, "closed in North", err, fail.NotAllowed)
	_, err = try(t, w, "Lin", people.Search, people.SearchQuery{Query: "lou"})
	wantKind(t, "search closed in North", err, fail.NotAllowed)
	if got, _ := browse(t, w, "Sue", people.CatalogQuery{}); got != "Lou Sue" {
		t.Errorf("Sue of South sees %s", got)
	}
}

// PR-1: parents see their friends, their children and administrators only, and of a child the courses, progress and grades;
// they administer nothing.
func TestPR1Parents(t *testing.T) {
	w := worldtest.WithKin(t)
	got, out := browse(t, w, "Pam", people.CatalogQuery{})
	if got != "Lou Pam Sue" || out.View != people.RestrictedView || adminNames(out) != "Ana Pia Sam" {
		t.Errorf("Pam sees %s, and as administrators %s", got, adminNames(out))
	}
	for _, p := range append(out.Items, out.Administrators...) {
		if first(p.Name) != "Pam" && (!p.LoginHidden || !p.CodeHidden || p.Email+p.Username+p.Code != "") {
			t.Errorf("Pam sees private fields of %+v", p)
		}
	}
	courses, err := try(t, w, "Pam", action.ListEnrolments, action.AnyEnrolmentQuery{Account: w.People["Sue"].ID})
	if err != nil || len(courses.Items) != 1 || courses.Items[0].Course.Name != "First aid" {
		t.Errorf("the courses of Pam's child: %+v, %v", courses.Items, err)
	}
	others, err := try(t, w, "Pam", action.ListEnrolments, action.AnyEnrolmentQuery{})
	if err != nil || len(others.Items) != 1 {
		t.Errorf("all that Pam sees: %+v, %v", others.Items, err)
	}
	_, err = try(t, w, "Pam", action.ShowAccount, action.AccountID{Account: w.People["Lin"].ID})
	wantKind(t, "Pam opens a stranger", err, fail.NotFound)
	_, err = try(t, w, "Pam", action.AddAccount, action.NewPerson{Name: "New", Username: "new.one", Organization: w.Orgs["South"].ID})
	wantKind(t, "Pam adds a person", err, fail.NotFound)
	wantKind(t, "the type is switched off", switchType(t, w, "Sam", access.Parent, false), -1)
	_, err = try(t, w, "Pam", action.ShowAccount, action.AccountID{Account: w.People["Sue"].ID})
	wantKind(t, "and with it what it is along with", err, fail.NotFound)
}

// MG-1: managers see the people of their organization and their direct reports, and run reports over those alone.
func TestMG1Managers(t *testing.T) {
	w := worldtest.WithKin(t)
	if got, _ := browse(t, w, "Mina", people.CatalogQuery{}); got != "Lou Max Mina Pam Sue" {
		t.Errorf("Mina sees %s", got)
	}
	list, err := try(t, w, "Mina", action.ListEnrolments, action.AnyEnrolmentQuery{})
	var names []string
	for _, e := range list.Items {
		names = append(names, first(e.Learner.Name))
	}
	if slices.Sort(names); err != nil || strings.Join(names, " ") != "Lou Max Sue" {
		t.Errorf("Mina sees the progress of %v, %v", names, err)
	}
	_, err = try(t, w, "Mina", action.CreateTeam, action.NewTeam{TeamFields: action.TeamFields{Name: "Mine"}, Org: w.Orgs["South"].ID})
	wantKind(t, "Mina creates a team", err, fail.NotAllowed)
	_, err = try(t, w, "Mina", people.Catalog, people.CatalogQuery{View: "full"})
	wantKind(t, "Mina opens the full catalog", err, fail.NotAllowed)
}

// ME-1: mentors see those assigned to them, with their progress.
func TestME1Mentors(t *testing.T) {
	w := worldtest.WithKin(t)
	if got, _ := browse(t, w, "Meg", people.CatalogQuery{}); got != "Lin Meg" {
		t.Errorf("Meg sees %s", got)
	}
	list, err := try(t, w, "Meg", action.ListEnrolments, action.AnyEnrolmentQuery{})
	if err != nil || len(list.Items) != 2 || list.Items[0].Learner.Name != "Lin Learner" {
		t.Errorf("Meg sees the progress of %+v, %v", list.Items, err)
	}
}

// MO-1: monitors see everybody without login details or private fields, open Admin, and change nothing.
func TestMO1Monitors(t *testing.T) {
	w := worldtest.WithKin(t)
	got, out := browse(t, w, "Mo", people.CatalogQuery{})
	if got != all || out.View != people.RestrictedView {
		t.Errorf("Mo sees %s in the view %s", got, out.View)
	}
	for _, p := range out.Items {
		if first(p.Name) != "Mo" && (!p.LoginHidden || !p.CodeHidden || p.Email+p.Username+p.Code != "") {
			t.Errorf("Mo sees private fields of %+v", p)
		}
	}
	admin, err := try(t, w, "Mo", people.OpenAdmin, struct{}{})
	if err != nil || len(admin.Items) == 0 || slices.ContainsFunc(admin.Items, func(i people.AdminItem) bool { return i.Key == "settings" || i.Key == "import" }) {
		t.Errorf("Mo's Admin area: %+v, %v", admin, err)
	}
	_, err = try(t, w, "Mo", action.ConfigurePortal, action.PortalChange{Name: "Mo's"})
	wantKind(t, "Mo configures", err, fail.NotAllowed)
	_, err = try(t, w, "Mo", people.AddRelation, people.NewRelation{Account: w.People["Lin"].ID, Role: access.MentorOf, Person: w.People["Mo"].ID})
	wantKind(t, "Mo relates", err, fail.NotAllowed)
}

// CA-1: content administrators of the root organization open Admin, those of another organization never do; none creates
// courses or runs reports.
func TestCA1ContentAdministrators(t *testing.T) {
	w := worldtest.WithKin(t)
	_, err := try(t, w, "Cora", people.OpenAdmin, struct{}{})
	wantKind(t, "Cora opens Admin", err, -1)
	_, err = try(t, w, "Cleo", people.OpenAdmin, struct{}{})
	wantKind(t, "Cleo of North opens Admin", err, fail.NotAllowed)
	_, err = try(t, w, "Cora", action.CreateCourse, action.NewCourse{CourseFields: action.CourseFields{Code: "x", Name: "X"}, Organization: w.Acme.ID})
	if err == nil {
		t.Error("Cora creates a course")
	}
}

// AF-1: affiliates never open or create courses; RT-5: types held in an organization count there only.
func TestAF1AffiliatesRT5Organizations(t *testing.T) {
	w := worldtest.WithKin(t)
	_, err := try(t, w, "Al", action.ShowCourse, action.OneCourse{Course: w.Courses["First aid"].ID})
	wantKind(t, "Al opens a course", err, fail.NotFound)
	_, err = try(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Acme.ID, Role: access.Affiliate, Permission: "course.list"}, Allow: true})
	wantKind(t, "it is never theirs", err, fail.NotAllowed)
	_, err = try(t, w, "Ana", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Lin"].ID, Types: []access.RoleID{access.Learner, access.Monitor, access.Manager}})
	wantKind(t, "several types on one account", err, -1)
	if got, _ := browse(t, w, "Lin", people.CatalogQuery{}); got != "Cleo Gus Ivy Lin Lou Max Meg Otto Tom" {
		t.Errorf("a monitor of North sees %s", got)
	}
}

// IN-2, MO-1: learners' IDs show in lists to those alone who may see them, and who does not see one does not empty it.
func TestIN2LearnersIDs(t *testing.T) {
	w := worldtest.WithKin(t)
	edit := func(who, code string) {
		_, err := try(t, w, who, action.EditAccount, action.PersonChange{Account: w.People["Max"].ID, Name: "Max Lab", Username: new("max"), Code: code})
		wantKind(t, who+" edits Max", err, -1)
	}
	code := func(who string) string {
		out, err := try(t, w, who, action.ListAccounts, action.AccountQuery{Query: "max"})
		if err != nil || len(out.Items) != 1 {
			t.Fatalf("%s lists %+v, %v", who, out.Items, err)
		}
		return out.Items[0].Code
	}
	edit("Ana", "L-1")
	for who, want := range map[string]string{"Ana": "L-1", "Otto": "L-1", "Max": "L-1", "Leo": "L-1", "Mina": "L-1", "Mo": "", "Gus": "L-1"} {
		if got := code(who); got != want {
			t.Errorf("%s sees the ID %q, want %q", who, got, want)
		}
	}
	setCell(t, w, "North", access.OrgAdmin, "account.view_ids", false)
	edit("Otto", "")
	if got := code("Otto") + code("Ana"); got != "L-1" {
		t.Errorf("Otto and Ana see %q", got)
	}
}
