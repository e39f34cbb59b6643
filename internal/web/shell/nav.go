package shell

import (
	"strings"

	"provost/internal/access"
	"provost/internal/web/page"
)

// area is one entry of the navigation, and everything below its address: open to those who hold one of its permissions by
// more than taking part (LM-1). The same row shows the entry and refuses the pages.
type area struct {
	section, label, href, icon string
	// about is a line that says what is there.
	about string
	perms []*access.Permission
	// own: everybody may open it for themselves, though it shows itself only to others.
	own bool
}

// alone are areas of one address only: what lies below it is not theirs.
var alone = map[string]bool{"/people": true, "/templates": true}

var areas = []area{
	{"", page.Say("People"), "/people", "users", page.Say("Users by account type, as far as you may see them."), perms(access.AccountBrowseAll, access.AccountBrowseRestricted), false},
	{"", page.Say("Catalog"), "/catalog", "course", page.Say("The courses that are offered to you."), perms(access.CourseCatalog), false},
	{page.Say("Management"), page.Say("Users"), "/manage/users", "users", page.Say("People, what they may do, and which teams they are in."), perms(access.AccountList), false},
	{"Management", page.Say("Groups"), "/manage/groups", "group", page.Say("Who receives policies together, such as learner managers."), perms(access.GroupList), false},
	{"Management", page.Say("Roles"), "/manage/roles", "role", page.Say("Named sets of permissions."), perms(access.RoleList), false},
	{"Management", page.Say("Policies"), "/manage/policies", "policy", page.Say("Which roles people and groups hold, and where."), perms(access.PolicyList), false},
	{"Management", page.Say("Teams"), "/manage/teams", "team", page.Say("People who are gathered to be led and measured."), perms(access.TeamList, access.TeamCreate), false},
	{"Management", page.Say("Invitations"), "/manage/invitations", "mail", page.Say("Who was asked to join, and who has."), perms(access.InvitationList), false},
	{"Management", page.Say("Organizations"), "/manage/organizations", "org", page.Say("The parts of the portal, as a tree."), perms(access.OrganizationList), false},
	{"Management", page.Say("Courses"), "/manage/courses", "course", page.Say("Courses, and who is enrolled in them."), perms(access.CourseList), false},
	{"Management", page.Say("Templates"), "/templates", "course", page.Say("What courses are made of."), perms(access.TemplateCreate, access.CourseCreate), false},
	{"Management", page.Say("Grading"), "/grading", "check", page.Say("What learners handed in, and you have not graded yet."), perms(access.CourseGrade), false},
	{"Management", page.Say("Learning paths"), "/manage/paths", "course", page.Say("Courses and certificates in an order that people are led along."), perms(access.PathList, access.PathCreate), false},
	{page.Say("Analytics"), page.Say("Dashboard"), "/analytics", "chart", page.Say("Enrolments, progress and activity over time."), perms(access.AnalyticsView), false},
	{"Analytics", page.Say("Reports"), "/reports", "report", page.Say("Lists to read, filter and download."), perms(access.ReportCertain, access.CourseReport, access.ReportAll), false},
	{"Analytics", page.Say("Compliance"), "/compliance", "check", page.Say("Courses that people have to complete, and how they stand."), perms(access.ReportCompliance, access.ComplianceSet), false},
	{page.Say("Administration"), page.Say("Admin"), "/admin", "settings", page.Say("What of the portal you may look after."), perms(access.PortalOpenAdmin), false},
	{"Administration", page.Say("Imports"), "/imports", "import", page.Say("Take in people, courses and results from files."), perms(access.AccountAdd), false},
	{"Administration", page.Say("Permissions"), "/permissions", "lock", page.Say("What each role may do, in the portal and in its organizations."), perms(access.PermissionViewGrid), false},
	{"Administration", page.Say("Audit"), "/audit", "audit", page.Say("Who did what, to whom, and when."), perms(access.AuditView), false},
	{"Administration", page.Say("Access reviews"), "/access/reviews", "check", page.Say("Who holds what, when it was last used, and whether it stays."), perms(access.AccessReview), false},
	{"Administration", page.Say("About to end"), "/access/ending", "calendar", page.Say("What was given for a time, and ends by itself soon."), perms(access.PermissionExplain), false},
	{"Administration", page.Say("Access check"), "/why", "why", page.Say("Why somebody may do something, or may not."), perms(access.PermissionExplain), true},
	{"Administration", page.Say("Plans"), "/plans", "report", page.Say("What the portal may use and does, and payments."), perms(access.PortalViewPlan), false},
	{"Administration", page.Say("Networks"), "/networks", "share", page.Say("Portals that others may enter to administer, and who came."), perms(access.NetworkList), false},
	{"Administration", page.Say("Your own brand"), "/settings/brand", "star", page.Say("The name, logo, colours and sender that the portal resells under."), perms(access.PortalConfigure), false},
	{"Administration", page.Say("Super administrator"), "/portal", "lock", page.Say("Who may hand the portal over, and delete it."), perms(access.PortalConfigure), false},
	{"Administration", page.Say("Settings"), "/settings", "settings", page.Say("How the portal works for everybody."), perms(access.PortalConfigure, access.PortalSetPolicies), false},
	{page.Say("Help"), page.Say("Help center"), "/help", "help", page.Say("What everybody should know."), perms(access.HelpView), false},
}

func perms(list ...*access.Permission) []*access.Permission { return list }

// areaOf is the area that an address is in; nil for none.
func areaOf(path string) *area {
	for i := range areas {
		if rest, ok := strings.CutPrefix(path, areas[i].href); ok && (rest == "" || !alone[areas[i].href] && (rest[0] == '/' || rest[0] == '.')) {
			return &areas[i]
		}
	}
	return nil
}

// home are the areas in which the pages of single things are: they are open to more than the area is.
var home = map[string]string{"/teams/": "/manage/teams", "/people/": "/manage/users", "/courses/": "/manage/courses", "/paths/": "/manage/paths"}

// hereIn is the area that the navigation marks for an address; nil for none.
func hereIn(path string) *area {
	for things, href := range home {
		if strings.HasPrefix(path, things) && areaOf(path) == nil {
			return areaOf(href)
		}
	}
	return areaOf(path)
}

// AboutArea is a line that says what is in the area of an address; empty for none.
func AboutArea(path string) string {
	if a := areaOf(path); a != nil {
		return a.about
	}
	return ""
}

// opens tells whether the actor holds a permission of the area by more than taking part.
func (a *area) opens(actor *access.Actor) bool {
	for _, p := range a.perms {
		if actor.May(p).Opens() {
			return true
		}
	}
	return false
}

// Opens tells whether the area of an address is open to the actor; where there is no area, it is.
func (q *Req) Opens(path string) bool {
	a := areaOf(path)
	return a == nil || q.Actor != nil && a.opens(q.Actor)
}

// nav is what the actor may open of what this server serves.
func (q *Req) nav() []page.NavSection {
	v := q.View
	out := []page.NavSection{{Items: []page.NavItem{{Label: v.T("Home"), Href: "/", Icon: "home", Current: q.R.URL.Path == "/"}}}}
	here := hereIn(q.R.URL.Path)
	for i := range areas {
		a := &areas[i]
		if !q.s.serves(a.href) || !a.opens(q.Actor) {
			continue
		}
		title := a.section
		if title != "" {
			title = v.T(title)
		}
		if out[len(out)-1].Title != title {
			out = append(out, page.NavSection{Title: title})
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, page.NavItem{Label: v.T(a.label), Href: a.href, Icon: a.icon, Current: a == here})
	}
	return out
}

// serves tells whether there is a page at an address.
func (s *Server) serves(path string) bool { return s.pages[path] }
