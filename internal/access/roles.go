package access

import (
	"strings"

	"provost/internal/db"
)

// RoleID names a role: a built-in role's key, or `c` and the ID of one that a portal made.
type RoleID string

// Role is a named set of permissions; it holds no place (LM-3).
type Role struct {
	ID    RoleID
	Title string
	Doc   string
	Set   Set
	// At are the kinds of place that it may be given at.
	At []Kind
	// GivenBy is the permission that lets one give this role without holding what it holds: enrolling, adding a member.
	// Every other role is given only by those who hold each of its permissions there (PT-2).
	GivenBy *Permission
	// TakenBy is the permission by which one takes the role in a team from somebody, and sets when it ends; nil where that is not
	// done by itself.
	TakenBy *Permission
	// Policy: shown among Roles in Management, for policies to bind (LM-2).
	Policy bool
	// Beside: it counts only for who also holds one of these account types over its place (BC-1); for everybody where it is empty.
	Beside Roles
	// Parent is the account type that a portal's own account type is made of; empty for every other role. What the parent
	// can never hold, the type never holds (GR-5).
	Parent RoleID
	// Along is the account type that a relation goes along with: while that is off, it holds nothing either.
	Along RoleID
}

// Never tells whether a permission is not available to the role (PT-5), itself or by its parent.
func (r *Role) Never(p *Permission) bool {
	return p.Never.Has(r.ID) || (r.Parent != "" && p.Never.Has(r.Parent))
}

// Overridable tells whether an override of the role's cell counts: what is always on, or never, is not overridden.
func (r *Role) Overridable(p *Permission) bool {
	return !r.Always() && r.ID != Self && !r.Never(p)
}

// Always: each of its cells is on, and nobody switches one off: the super administrator's (GR-2).
func (r *Role) Always() bool { return r.ID == Super }

// Given: somebody may give it. It is not handed over only (PT-3), nor what everybody has.
func (r *Role) Given() bool { return !OnlyTransferred.Has(r.ID) && r.ID != Self }

// Full: as FullTypes, and those account types of the portal's own whose parent is one of them.
func (r *Role) Full() bool { return FullTypes.Has(r.ID) || FullTypes.Has(r.Parent) }

// Type: it is an account type, a column of the grid, built in or the portal's own.
func (r *Role) Type() bool { return r.Parent != "" || AccountTypes.Has(r.ID) }

// NewType is an account type of the portal's own: given where its parent is, by those alone who hold what it holds, and
// without what its parent can never hold, whatever its set says (GR-5). Nil where there is no such parent.
func NewType(id RoleID, title, doc string, parent RoleID, set Set) *Role {
	from := builtin[parent]
	if from == nil || !AccountTypes.Has(parent) || OnlyTransferred.Has(parent) {
		return nil
	}
	r := &Role{ID: id, Title: title, Doc: doc, At: from.At, Parent: parent}
	for p := range set.All() {
		if !r.Never(p) {
			r.Set.Add(p)
		}
	}
	return r
}

// The account types (SPEC 3), columns of the grid.
const (
	Super        RoleID = "super"
	Admin        RoleID = "administrator"
	Partial      RoleID = "partial"
	OrgAdmin     RoleID = "org_admin"
	ContentAdmin RoleID = "content_admin"
	Instructor   RoleID = "instructor"
	Assistant    RoleID = "assistant"
	Learner      RoleID = "learner"
	Parent       RoleID = "parent"
	Manager      RoleID = "manager"
	Mentor       RoleID = "mentor"
	Monitor      RoleID = "monitor"
	Affiliate    RoleID = "affiliate"
)

// The roles around the portal's plan (BC-1): who is told of payments, and the program that raises alerts of them.
const (
	BillingContact  RoleID = "billing_contact"
	PaymentProvider RoleID = "payment_provider"
)

// AccountTypes are the columns of the grid, in its order.
var AccountTypes = Roles{Super, Admin, Partial, OrgAdmin, ContentAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Monitor, Affiliate}

// FullTypes are the account types whose holders one sees and changes with account.set_full alone (XA-3).
var FullTypes = Roles{Super, Admin, Partial}

// Administrators are the account types of those who administer the portal, or an organization.
var Administrators = Roles{Super, Admin, Partial, OrgAdmin}

// AlwaysOn are the account types that are never switched off.
var AlwaysOn = Roles{Super, Admin, Instructor, Learner}

// Across are the account types that reach into hidden organizations from outside; every other stops at them (hides.go).
var Across = Roles{Super, Admin, Partial, OrgAdmin, Monitor}

// WhileReselling are the account types that there are only while the portal resells under its own brand (XA-1): whoever holds
// one becomes a full administrator when it is switched off.
var WhileReselling = Roles{Partial}

// OnlyTransferred is what is handed over and never given: there is exactly one super administrator (PT-3).
var OnlyTransferred = Roles{Super}

// The roles on a thing (SPEC 4).
const (
	Self         RoleID = "self"
	TeamOwner    RoleID = "team_owner"
	TeamAdmin    RoleID = "team_admin"
	TeamLeader   RoleID = "team_leader"
	TeamReporter RoleID = "team_reporter"
	TeamMember   RoleID = "team_member"
	TeamNotified RoleID = "team_notified"
	CourseOwner  RoleID = "course_owner"
	CoInstructor RoleID = "co_instructor"
	CourseAssist RoleID = "course_assistant"
	CourseLearn  RoleID = "course_learner"
	GroupMember  RoleID = "access_group_member"
	ParentOf     RoleID = "parent_of"
	ManagerOf    RoleID = "manager_of"
	MentorOf     RoleID = "mentor_of"
	FriendOf     RoleID = "friend_of"
	NetworkAdmin RoleID = "network_administrator"
	PathAdmin    RoleID = "path_administrator"
	PathLearn    RoleID = "path_learner"
)

// Relations are the roles that one person has over another, at that person (SPEC 3).
var Relations = Roles{ParentOf, ManagerOf, MentorOf, FriendOf}

// GivenRelations are those that others give; Agreed are those that the two agree on by themselves.
var (
	GivenRelations = Roles{ParentOf, ManagerOf, MentorOf}
	Agreed         = Roles{FriendOf}
)

// The roles that a new portal has for its policies (LM-2).
const (
	AnalyticsViewer RoleID = "analytics_viewer"
	AnalyticsReader RoleID = "analytics_reader"
	ListTeams       RoleID = "list_teams"
	ListUsers       RoleID = "list_users"
	CreateTeams     RoleID = "create_teams"
	ReadTeams       RoleID = "read_teams"
	DownloadReports RoleID = "download_reports"
	EnrollManager   RoleID = "enrollment_manager"
	Inviter         RoleID = "inviter"
	EditTeam        RoleID = "edit_team"
	TenantAdmin     RoleID = "tenant_admin"
)

// InTeam are the roles that people have in a team, the highest first (RT-4).
var InTeam = Roles{TeamOwner, TeamAdmin, TeamLeader, TeamMember}

// CourseStaff are those who teach a course, the highest first (RT-1); CourseHelpers those of them who are added to it, while its
// owner changes by handing over.
var (
	CourseStaff   = Roles{CourseOwner, CoInstructor, CourseAssist}
	CourseHelpers = CourseStaff[1:]
)

// What sharing a team gives, all that its receiver needs to use it (LM-10).
var (
	ShareRead      = Roles{ReadTeams}
	ShareEdit      = Roles{EditTeam}
	ShareAnalytics = Roles{AnalyticsViewer, AnalyticsReader, DownloadReports}
	ShareNotify    = Roles{TeamNotified}
)

// takingPart are the roles that open no area of the portal by themselves.
var takingPart = Roles{Self, TeamMember, TeamNotified, CourseLearn, PathLearn, ParentOf, MentorOf, FriendOf}

var (
	atPerson  = []Kind{Account}
	atPortal  = []Kind{Portal}
	atOrg     = []Kind{Portal, Organization}
	atTeam    = []Kind{Team}
	atCourse  = []Kind{Course}
	atNetwork = []Kind{Network}
	atPath    = []Kind{Path}
	forPeople = []Kind{Portal, Organization, Course, Team, Account}
	forTeams  = []Kind{Portal, Organization, Team}
)

var builtinRoles = []Role{
	{ID: Super, Title: "Super administrator", At: atPortal, Doc: "The one account that may delete the portal and hand it over."},
	{ID: Admin, Title: "Administrator", At: atPortal, Doc: "Configures the portal and reaches every area."},
	{ID: Partial, Title: "Partial administrator", At: atPortal, Doc: "Administers, but never touches full administrators."},
	{ID: OrgAdmin, Title: "Organization administrator", At: atOrg, Doc: "Administers one organization and those below it."},
	{ID: ContentAdmin, Title: "Content administrator", At: atOrg, Doc: "Keeps course templates and catalog resources."},
	{ID: Instructor, Title: "Instructor", At: atOrg, Doc: "Creates and teaches courses."},
	{ID: Assistant, Title: "Teaching assistant", At: atOrg, Doc: "Grades and helps in courses."},
	{ID: Learner, Title: "Learner", At: atOrg, GivenBy: AccountAdd, Doc: "Takes courses, paths and groups."},
	{ID: Parent, Title: "Parent", At: atOrg, Doc: "Sees the progress of their children."},
	{ID: Manager, Title: "Manager", At: atOrg, Doc: "Sees the people of their organization, and reports on them."},
	{ID: Mentor, Title: "Mentor", At: atOrg, Doc: "Helps the people assigned to them."},
	{ID: Monitor, Title: "Monitor", At: atOrg, Doc: "Opens most pages and changes nothing."},
	{ID: Affiliate, Title: "Affiliate", At: atOrg, Doc: "Sells through a referral link."},

	{ID: Self, Title: "Oneself", At: []Kind{Account}, Doc: "What everybody may do with their own account."},
	{ID: TeamOwner, Title: "Team owner", At: atTeam, Doc: "Everything in the team. Who creates a team owns it."},
	{ID: TeamAdmin, Title: "Team administrator", At: atTeam, TakenBy: TeamSetRole, Doc: "As the team's owner."},
	{ID: TeamLeader, Title: "Team leader", At: atTeam, GivenBy: TeamSetRole, TakenBy: TeamSetRole, Doc: "Leads the team and takes part."},
	{ID: TeamReporter, Title: "Team reporter", At: atTeam, Doc: "Runs reports on the team's members."},
	{ID: TeamMember, Title: "Team member", At: atTeam, GivenBy: TeamAddMember, TakenBy: TeamRemoveMember, Doc: "Takes part in the team."},
	{ID: TeamNotified, Title: "Notified of a team", At: atTeam, GivenBy: TeamShare, Doc: "Is told of what changes in the team."},
	{ID: CourseOwner, Title: "Course owner", At: atCourse, Doc: "Everything in the course. Who creates a course owns it."},
	{ID: CoInstructor, Title: "Co-instructor", At: atCourse, Doc: "Writes and configures the course, and never deletes or archives it."},
	{ID: CourseAssist, Title: "Assistant in a course", At: atCourse, Doc: "Grades and helps in the course."},
	{ID: CourseLearn, Title: "Learner of a course", At: atCourse, GivenBy: CourseEnrollOthers, Doc: "Takes the course."},
	{ID: PathAdmin, Title: "Path administrator", At: atPath, Doc: "Everything in the path: its goals, administrators and learners. Who creates a path administers it."},
	{ID: PathLearn, Title: "Learner of a path", At: atPath, GivenBy: PathEnrollOthers, Doc: "Is led along the path; its courses open as they come due."},
	{ID: ParentOf, Title: "Parent of", At: atPerson, Along: Parent, Doc: "Sees a child's courses, progress and grades."},
	{ID: ManagerOf, Title: "Manager of", At: atPerson, Along: Manager, Doc: "Sees a direct report's courses and progress, and reports on them."},
	{ID: MentorOf, Title: "Mentor of", At: atPerson, Along: Mentor, Doc: "Sees the progress of somebody assigned to them."},
	{ID: FriendOf, Title: "Friend of", At: atPerson, Doc: "Sees a friend, who agreed to it."},
	{ID: GroupMember, Title: "Member of an access group", At: []Kind{AccessGroup}, Doc: "Receives the group's policies."},

	{ID: NetworkAdmin, Title: "Network administrator", At: atNetwork, Beside: Roles{Super, Admin}, Doc: "Runs a network, and enters its portals. Counts for full administrators only."},
	{ID: BillingContact, Title: "Billing contact", At: atOrg, Beside: Roles{Super, Admin, OrgAdmin}, Doc: "Opens Plans and is told of payment alerts. Counts for administrators only."},

	{ID: AnalyticsViewer, Title: "Analytics Viewer", Policy: true, At: forPeople, Doc: "Opens the analytics pages."},
	{ID: AnalyticsReader, Title: "Analytics Reader", Policy: true, At: forPeople, Doc: "Sees the figures of the people in its scope, and who they are."},
	{ID: ListTeams, Title: "List Teams", Policy: true, At: forTeams, Doc: "Sees which teams there are."},
	{ID: ListUsers, Title: "List Users", Policy: true, At: forPeople, Doc: "Sees people, and which teams they are in."},
	{ID: CreateTeams, Title: "Create Teams", Policy: true, At: atOrg, Doc: "Creates teams, and owns those it creates."},
	{ID: ReadTeams, Title: "Read Teams", Policy: true, At: forTeams, Doc: "Opens teams and sees who is in them."},
	{ID: DownloadReports, Title: "Download Analytics Reports", Policy: true, At: forPeople, Doc: "Downloads the reports on courses and learners."},
	{ID: EnrollManager, Title: "Enrollment Manager", Policy: true, At: []Kind{Portal, Organization, Course}, Doc: "Enrols and unenrols existing accounts."},
	{ID: Inviter, Title: "Inviter", Policy: true, At: atOrg, Doc: "Sends invitations."},
	{ID: EditTeam, Title: "Edit Team", Policy: true, At: forTeams, Doc: "Changes teams and who is in them."},
	{ID: TenantAdmin, Title: "Tenant Admin", Policy: true, At: atPortal, Doc: "Runs Tenant Settings, Management."},
	{ID: PaymentProvider, Title: "Payment provider", Policy: true, At: atPortal, Doc: "For the provider's program: sets what the plan holds, and raises payment alerts."},
}

// Builtin is the role of a key; nil where a portal made it, or nobody.
func Builtin(id RoleID) *Role { return builtin[id] }

// BuiltinRoles are all roles that every portal has, in order.
func BuiltinRoles() []Role { return builtinRoles }

// CustomRoleID is the key of a role that a portal made.
func CustomRoleID(id db.ID) RoleID { return RoleID("c" + id.String()) }

// CustomID is the ID of a role that a portal made, from its key; ok is false for any other key.
func CustomID(id RoleID) (made db.ID, ok bool) {
	text, ok := strings.CutPrefix(string(id), "c")
	if !ok || builtin[id] != nil {
		return 0, false
	}
	made, err := db.ParseID(text)
	return made, err == nil
}

// MayBeAt tells whether the role may be given at a kind of place.
func (r *Role) MayBeAt(k Kind) bool {
	for _, at := range r.At {
		if at == k {
			return true
		}
	}
	return false
}
