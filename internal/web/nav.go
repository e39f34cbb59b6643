package web

import (
	"strings"

	"provost/internal/access"
	"provost/internal/web/page"
)

// area is one entry of the navigation, and everything below its address: open to those who hold one of its permissions by
// more than taking part (LM-1). The same row shows the entry and refuses the pages.
type area struct {
	section, label, href, icon string
	perms                      []*access.Permission
	// own: everybody may open it for themselves, though it shows itself only to others.
	own bool
}

var areas = []area{
	{page.Say("Management"), page.Say("Users"), "/manage/users", "users", perms(access.AccountList), false},
	{"Management", page.Say("Groups"), "/manage/groups", "group", perms(access.GroupList), false},
	{"Management", page.Say("Roles"), "/manage/roles", "role", perms(access.RoleList), false},
	{"Management", page.Say("Policies"), "/manage/policies", "policy", perms(access.PolicyList), false},
	{"Management", page.Say("Teams"), "/manage/teams", "team", perms(access.TeamList, access.TeamCreate), false},
	{"Management", page.Say("Invitations"), "/manage/invitations", "mail", perms(access.InvitationList), false},
	{"Management", page.Say("Organizations"), "/manage/organizations", "org", perms(access.OrganizationList), false},
	{"Management", page.Say("Courses"), "/manage/courses", "course", perms(access.CourseList), false},
	{page.Say("Analytics"), page.Say("Dashboard"), "/analytics", "chart", perms(access.AnalyticsView), false},
	{"Analytics", page.Say("Reports"), "/reports", "report", perms(access.ReportCertain, access.ReportAll), false},
	{page.Say("Administration"), page.Say("Imports"), "/imports", "import", perms(access.AccountAdd), false},
	{"Administration", page.Say("Audit"), "/audit", "audit", perms(access.AuditView), false},
	{"Administration", page.Say("Access check"), "/why", "why", perms(access.PermissionExplain), true},
	{"Administration", page.Say("Settings"), "/settings", "settings", perms(access.PortalConfigure, access.PortalSetPolicies), false},
}

func perms(list ...*access.Permission) []*access.Permission { return list }

// areaOf is the area that an address is in; nil for none.
func areaOf(path string) *area {
	for i := range areas {
		if rest, ok := strings.CutPrefix(path, areas[i].href); ok && (rest == "" || rest[0] == '/' || rest[0] == '.') {
			return &areas[i]
		}
	}
	return nil
}

func (a *area) opens(actor *access.Actor) bool {
	for _, p := range a.perms {
		if actor.May(p).Opens() {
			return true
		}
	}
	return false
}

// nav is what the actor may open of what this server serves.
func (q *Req) nav() []page.NavSection {
	v := q.View
	out := []page.NavSection{{Items: []page.NavItem{{Label: v.T("Home"), Href: "/", Icon: "home", Current: q.R.URL.Path == "/"}}}}
	here := areaOf(q.R.URL.Path)
	for i := range areas {
		a := &areas[i]
		if !q.s.serves(a.href) || !a.opens(q.Actor) {
			continue
		}
		if title := v.T(a.section); out[len(out)-1].Title != title {
			out = append(out, page.NavSection{Title: title})
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, page.NavItem{Label: v.T(a.label), Href: a.href, Icon: a.icon, Current: a == here})
	}
	return out
}

// serves tells whether there is a page at an address.
func (s *Server) serves(pattern string) bool {
	for i := range s.routes {
		if s.routes[i].Pattern == pattern && s.routes[i].Method == "GET" {
			return true
		}
	}
	return false
}
