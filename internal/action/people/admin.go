package people

import (
	"provost/internal/access"
	"provost/internal/op"
	"provost/internal/store"
)

var adminOps = []op.Any{OpenAdmin}

// adminItem is something in the Admin area, open to those who hold one of its permissions by more than taking part.
type adminItem struct {
	key, title, about, path string
	perms                   []*access.Permission
}

var adminItems = []adminItem{
	{"settings", "Settings", "The portal's name, passwords, and the sites that embed its pages.", "/settings", perms(access.PortalConfigure, access.PortalSetPolicies)},
	{"types", "Account types", "What people can be in this portal, and which of it is switched on.", "/settings/types", perms(access.PortalConfigure)},
	{"permissions", "Permissions", "Which account type may do what, in the portal and in its organizations.", "/permissions", perms(access.PermissionViewGrid)},
	{"people", "Users catalog", "Everybody, by account type.", "/people", perms(access.AccountBrowseAll)},
	{"users", "Users", "People, what they may do, and which teams they are in.", "/manage/users", perms(access.AccountList)},
	{"organizations", "Organizations", "The parts of the portal, as a tree.", "/manage/organizations", perms(access.OrganizationCreate, access.OrganizationList)},
	{"roles", "Roles", "Named sets of permissions.", "/manage/roles", perms(access.RoleList)},
	{"policies", "Policies", "Which roles people and groups hold, and where.", "/manage/policies", perms(access.PolicyList)},
	{"groups", "Groups", "Who receives policies together, such as learner managers.", "/manage/groups", perms(access.GroupList)},
	{"import", "Import", "Take in people, courses and results from files.", "/imports", perms(access.AccountAdd)},
	{"plans", "Plans", "What the portal may use and does, and payments.", "/plans", perms(access.PortalViewPlan)},
	{"brand", "Your own brand", "The name, logo, colours and sender that the portal resells under.", "/settings/brand", perms(access.PortalConfigure)},
	{"super", "Super administrator", "Who may hand the portal over, and delete it.", "/portal", perms(access.PortalConfigure)},
	{"reports", "Reports", "Lists to read, filter and download.", "/reports", perms(access.ReportAll, access.ReportCertain)},
	{"audit", "Audit", "Who did what, to whom, and when.", "/audit", perms(access.AuditView)},
}

func perms(list ...*access.Permission) []*access.Permission { return list }

// AdminItem is something in the Admin area that is open to the reader.
type AdminItem struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	About string `json:"about"`
	Path  string `json:"path" doc:"The address of its page."`
}

// Admin is the Admin area, as the reader may use it.
type Admin struct {
	Items []AdminItem `json:"items"`
}

// OpenAdmin opens the Admin area, with the items that are open to the one who opens it. Who may see all of it and change
// nothing, as a monitor, finds the pages read-only.
var OpenAdmin = &op.Op[struct{}, Admin]{
	Name:  "portal.open_admin",
	Route: "GET /admin",
	Doc:   "Opens the Admin area: the items of it that are open to you.",
	Needs: adminNeeds(),
	Do: func(c *op.Call, _ struct{}) (Admin, error) {
		out := Admin{Items: []AdminItem{}}
		if _, err := store.FindPortal(c, c.Tx, c.May(access.PortalOpenAdmin)); err != nil {
			return out, err
		}
		for _, item := range adminItems {
			for _, p := range item.perms {
				if c.May(p).Opens() {
					out.Items = append(out.Items, AdminItem{item.key, item.title, item.about, item.path})
					break
				}
			}
		}
		return out, nil
	},
}

func adminNeeds() []*access.Permission {
	out := []*access.Permission{access.PortalOpenAdmin}
	for _, item := range adminItems {
		out = append(out, item.perms...)
	}
	return out
}
