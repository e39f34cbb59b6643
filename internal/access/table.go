package access

// The account types that may ever administer; most cells of the grid are closed to all others (SPEC 3).
var (
	onlySuper   = AllBut(Super)
	onlyPortal  = AllBut(Super, Admin, Partial)
	onlyAdmins  = AllBut(Super, Admin, Partial, OrgAdmin)
	adminsTeach = AllBut(Super, Admin, Partial, OrgAdmin, Instructor)
	takesPart   = Roles{Learner, Parent}
	// notTeachers are those who never write or configure a course, whatever a portal decides (TA-2, LE-2, MO-1, CA-1, AF-1).
	notTeachers = append(Roles{CourseAssist, CourseLearn, Assistant, Monitor, ContentAdmin, Affiliate}, takesPart...)
)

// The portal.
var (
	PortalDelete        = declare(Permission{Key: "portal.delete", On: Portal, Section: "Portal", Title: "Delete the portal", Never: onlySuper, Closed: true, AtHome: true})
	PortalTransferSuper = declare(Permission{Key: "portal.transfer_super", On: Portal, Section: "Portal", Title: "Transfer the super administrator status",
		Never: onlySuper, Closed: true, AtHome: true})
	PortalConfigure = declare(Permission{Key: "portal.configure", On: Portal, Section: "Portal", Title: "Configure the portal and its features",
		Yes: Roles{Admin, Partial}, Never: onlyPortal})
	PortalSetPolicies = declare(Permission{Key: "portal.set_policies", On: Portal, Section: "Portal", Title: "Set the portal's policies (passwords, profiles, privacy)",
		Yes: Roles{Admin, Partial}, Never: onlyPortal})
)

// The plan: what the portal may use and does, and the alerts of its payments (BC-1). Who sets the plan is the provider's program
// or the super administrator, so that no administrator raises their own limits.
var (
	PortalViewPlan = declare(Permission{Key: "portal.view_plan", On: Organization, Section: "Portal", Title: "Open Plans",
		Yes: Roles{Admin, BillingContact}, Never: AllBut(Super, Admin)})
	PlanSet = declare(Permission{Key: "plan.set", On: Organization, Section: "Portal", Title: "Set what the plan holds",
		Yes: Roles{PaymentProvider}, Never: onlySuper})
	PlanRaiseAlert = declare(Permission{Key: "plan.raise_alert", On: Organization, Section: "Portal", Title: "Raise and settle payment alerts",
		Yes: Roles{PaymentProvider}, Never: onlySuper})
)

// The Help center. Opening it is over oneself: an account that may open more of it is not thereby out of an administrator's
// reach (PT-1), as XA-3 would else have it for partial administrators.
var (
	everyType   = Roles{Admin, Partial, OrgAdmin, ContentAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Monitor, Affiliate}
	HelpView    = declare(help("help.view", "Open the Help center", everyType, nil))
	HelpForum   = declare(help("help.support_forum", "Open the support forum", Roles{Admin}, Roles{Partial}))
	HelpVideos  = declare(help("help.how_to_videos", "Open the how-to videos", Roles{Admin}, Roles{Partial}))
	HelpGuides  = declare(help("help.guides", "Open the guides", Roles{Admin}, Roles{Partial}))
	HelpDiscuss = declare(help("help.discussion_forum", "Open the discussion forum", Roles{Admin}, Roles{Partial}))
	HelpSuggest = declare(help("help.suggestions", "Open the suggestions", Roles{Admin}, Roles{Partial}))
	HelpRoadmap = declare(help("help.roadmap", "Open the roadmap", Roles{Admin}, Roles{Partial}))
)

func help(key, title string, yes, never Roles) Permission {
	return Permission{Key: key, On: Account, Section: "Help center", Title: title, Yes: yes, Never: never, Own: true}
}

// What the whole site is opened by.
var (
	PortalOpenAdmin = declare(Permission{Key: "portal.open_admin", On: Portal, Section: "Portal", Title: "Open the Admin area",
		Yes: Roles{Admin, Partial, ContentAdmin, Monitor}, Never: Roles{OrgAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Affiliate}})
	PortalSearch = declare(Permission{Key: "portal.search", On: Account, Section: "Portal", Title: "Search the site", Own: true,
		Yes: Roles{Admin, Partial, OrgAdmin, ContentAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Monitor, Affiliate}})
)

// Accounts.
var (
	AccountList = declare(Permission{Key: "account.list", On: Account, Section: "Accounts", Title: "See people, and which teams they are in",
		Yes: Roles{Admin, Partial, OrgAdmin, Manager, Monitor, ListUsers, TenantAdmin, AnalyticsReader, EnrollManager, ReadTeams, EditTeam,
			TeamOwner, TeamAdmin, TeamLeader, TeamReporter, TeamMember, Self, ParentOf, ManagerOf, MentorOf, FriendOf}})
	AccountBrowseAll = declare(Permission{Key: "account.browse_all", On: Account, Section: "Accounts", Title: "Open the full Users catalog",
		Yes: Roles{Admin, Partial}, Never: Roles{Assistant, Parent, Manager, Mentor, Monitor}})
	AccountBrowseRestricted = declare(Permission{Key: "account.browse_restricted", On: Account, Section: "Accounts", Title: "Open the restricted Users catalog", Own: true,
		Yes: Roles{Admin, Partial, OrgAdmin, ContentAdmin, Assistant, Learner, Parent, Manager, Mentor, Monitor}})
	AccountSeeAdmins = declare(Permission{Key: "account.see_administrators", On: Organization, Section: "Accounts", Title: "See who administers one's organization and the portal",
		Yes: Roles{Admin, Partial, OrgAdmin, Parent, Monitor}})
	AccountViewIDs = declare(Permission{Key: "account.view_ids", On: Account, Section: "Accounts", Title: "See learners' IDs",
		Yes: Roles{Admin, Partial, OrgAdmin, Instructor, Manager, Self, ListUsers, TenantAdmin, EnrollManager, TeamOwner,
			TeamAdmin, ManagerOf, AnalyticsReader, DownloadReports}, Never: Roles{Learner, Parent, Monitor}})
	AccountRelate = declare(Permission{Key: "account.relate", On: Account, Section: "Accounts", Title: "Set who is a person's parent, manager and mentor",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins})
	FriendManage = declare(Permission{Key: "friend.manage", On: Account, Section: "Oneself", Title: "Ask people to be friends, and answer them",
		Yes: Roles{Self}, Own: true, AtHome: true})
	AccountAdd = declare(Permission{Key: "account.add", On: Organization, Section: "Accounts", Title: "Add accounts",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: adminsTeach})
	AccountEdit = declare(Permission{Key: "account.edit", On: Account, Section: "Accounts", Title: "Edit accounts",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins, Protected: true})
	AccountArchive = declare(Permission{Key: "account.archive", On: Account, Section: "Accounts", Title: "Archive and restore accounts",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins, Protected: true})
	AccountViewLogin = declare(Permission{Key: "account.view_login", On: Account, Section: "Accounts", Title: "See login details",
		Yes: Roles{Admin, Partial, OrgAdmin, Self}, Never: onlyAdmins, Protected: true})
	AccountResetPassword = declare(Permission{Key: "account.reset_password", On: Account, Section: "Accounts", Title: "Reset passwords",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins, Protected: true})
	AccountLogInAs = declare(Permission{Key: "account.login_as", On: Account, Section: "Accounts", Title: "Log in as this user",
		Yes: Roles{Admin}, Never: AllBut(Super, Admin, OrgAdmin), Protected: true, Closed: true, AtHome: true})
	AccountDelete = declare(Permission{Key: "account.delete", On: Account, Section: "Accounts", Title: "Delete and erase accounts",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins, Protected: true, Closed: true})
	AccountMerge = declare(Permission{Key: "account.merge", On: Account, Section: "Accounts", Title: "Merge accounts",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins, Protected: true, Closed: true})
	AccountSetFull = declare(Permission{Key: "account.set_full", On: Account, Section: "Accounts", Title: "See and change who is a full or a partial administrator",
		Yes: Roles{Admin}, Never: AllBut(Super, Admin), Protected: true})
	AccountInvite = declare(Permission{Key: "account.invite", On: Organization, Section: "Accounts", Title: "Send invitations",
		Yes: Roles{Admin, Partial, OrgAdmin, Inviter, TenantAdmin}, Never: onlyAdmins})
	InvitationList = declare(Permission{Key: "invitation.list", On: Invitation, Section: "Accounts", Title: "See and withdraw invitations",
		Yes: Roles{Admin, Partial, OrgAdmin, Inviter, TenantAdmin}, Never: onlyAdmins})
	AccountEditOwn = declare(Permission{Key: "account.edit_own", On: Account, Section: "Oneself", Title: "Change one's own name and password",
		Yes: Roles{Self}, Own: true, Closed: true, AtHome: true})
	SessionManage = declare(Permission{Key: "session.manage", On: Account, Section: "Oneself", Title: "See and end one's own sessions",
		Yes: Roles{Self}, Own: true, Closed: true, AtHome: true})
	TokenManage = declare(Permission{Key: "token.manage", On: Account, Section: "Oneself", Title: "Make tokens for other programs, with part of one's own rights",
		Yes: Roles{Self}, Own: true, Closed: true, AtHome: true})
)

// Organizations.
var (
	OrganizationList = declare(Permission{Key: "organization.list", On: Organization, Section: "Organizations", Title: "See which organizations there are",
		Yes: Roles{Admin, Partial, OrgAdmin, Manager, Monitor, ListUsers, ListTeams, CreateTeams, TenantAdmin, AnalyticsReader, Inviter}})
	OrganizationCreate = declare(Permission{Key: "organization.create", On: Organization, Section: "Organizations", Title: "Create organizations",
		Yes: Roles{Admin, Partial}, Never: onlyPortal})
	OrganizationAdminister = declare(Permission{Key: "organization.administer", On: Organization, Section: "Organizations", Title: "Administer an organization",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins})
)

// Templates: what courses are made of (CA-1). In a course that is a template this decides instead of what is asked of courses.
var TemplateCreate = declare(Permission{Key: "template.create", On: Organization, Section: "Templates", Title: "Create and edit course templates",
	Yes: Roles{Admin, Partial, OrgAdmin, ContentAdmin}, Never: append(Roles{Assistant, Manager, Mentor, Monitor, Affiliate}, takesPart...)})

// Courses: as records that enrolments and reports need, and what is in them.
var (
	CourseList = declare(Permission{Key: "course.list", On: Course, Section: "Courses", Title: "See which courses there are",
		Yes: Roles{Admin, Partial, OrgAdmin, Instructor, Manager, Monitor, TenantAdmin, AnalyticsReader, EnrollManager, CourseOwner,
			CoInstructor, CourseAssist}, Never: Roles{Affiliate}, InArchive: true, Template: TemplateCreate})
	CourseCreate = declare(Permission{Key: "course.create", On: Organization, Section: "Courses", Title: "Create courses",
		Yes: Roles{Admin, Partial, OrgAdmin, Instructor}, Never: adminsTeach})
	// CourseCatalog and CourseEnrollSelf are over oneself: the catalog has the courses of one's organization and the ones above it.
	CourseCatalog = declare(Permission{Key: "course.view_catalog", On: Account, Section: "Courses", Title: "View the course catalog", Own: true,
		Yes: Roles{Admin, Partial, OrgAdmin, ContentAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Monitor}, Never: Roles{Affiliate}})
	CourseEnrollSelf = declare(Permission{Key: "course.enroll_self", On: Account, Section: "Courses", Title: "Enrol in courses", Own: true,
		Yes: Roles{Admin, Partial, OrgAdmin, ContentAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Monitor}, Never: Roles{Affiliate}})
	CourseConfigure = declare(Permission{Key: "course.configure", On: Course, Section: "Courses", Title: "Configure the course",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner, CoInstructor}, Never: notTeachers, Template: TemplateCreate})
	CourseView = declare(Permission{Key: "course.view", On: Course, Section: "Courses", Title: "View the course's content",
		Yes: Roles{Admin, Partial, OrgAdmin, Monitor, CourseOwner, CoInstructor, CourseAssist, CourseLearn}, Never: Roles{Affiliate}, InArchive: true, Template: TemplateCreate})
	CourseAddContent = declare(Permission{Key: "course.add_content", On: Course, Section: "Courses", Title: "Add and edit content",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner, CoInstructor}, Never: notTeachers, Template: TemplateCreate})
	CourseArchive = declare(Permission{Key: "course.archive", On: Course, Section: "Courses", Title: "Archive the course",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner}, Never: append(Roles{CoInstructor}, notTeachers...), InArchive: true, Template: TemplateCreate})
	CourseDelete = declare(Permission{Key: "course.delete", On: Course, Section: "Courses", Title: "Delete the course",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner}, Never: append(Roles{CoInstructor}, notTeachers...), InArchive: true, Template: TemplateCreate})
	CourseAddInstructor = declare(Permission{Key: "course.add_instructor", On: Course, Section: "Courses", Title: "Add co-instructors and assistants",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner}, Never: notTeachers})
	CourseHandOver = declare(Permission{Key: "course.hand_over", On: Course, Section: "Courses", Title: "Change the course's owner",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner}, Never: append(Roles{CoInstructor}, notTeachers...)})
	CourseEnrollOthers = declare(Permission{Key: "course.enroll_others", On: Course, Section: "Courses", Title: "Enrol learners in courses",
		Yes: Roles{Admin, Partial, OrgAdmin, Instructor, EnrollManager, TenantAdmin, CourseOwner, CoInstructor}, Never: append(Roles{CourseLearn, CourseAssist}, adminsTeach...)})
	CourseGrade = declare(Permission{Key: "course.grade", On: Course, Section: "Courses", Title: "Grade assessments",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner, CoInstructor, CourseAssist}, Never: append(Roles{CourseLearn, Monitor, ContentAdmin}, takesPart...)})
	// CourseCertify is apart from grading, so that the two can be kept apart (BE-9).
	CourseCertify = declare(Permission{Key: "course.certify", On: Course, Section: "Courses", Title: "Give and withdraw certificates",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner, CoInstructor}, Never: notTeachers})
	// EnrolmentOwn is apart from one's grades, so that these can be closed to learners and the course is taken on (LE-2).
	EnrolmentOwn = declare(Permission{Key: "enrolment.view_own", On: Enrolment, Section: "Courses", Title: "See which courses one takes, and how far one is",
		Yes: Roles{Self, CourseLearn}, Own: true})
	CourseOwnGrades = declare(Permission{Key: "course.view_own_grades", On: Enrolment, Section: "Courses", Title: "See one's own grades",
		Yes: Roles{Self, CourseLearn}, Own: true})
	CourseSubmit = declare(Permission{Key: "course.submit", On: Enrolment, Section: "Courses", Title: "Submit assignments",
		Yes: Roles{CourseLearn}, Own: true})
	CourseAllGrades = declare(Permission{Key: "course.view_all_grades", On: Enrolment, Section: "Courses", Title: "See everyone's grades",
		Yes: Roles{Admin, Partial, OrgAdmin, Monitor, CourseOwner, CoInstructor, CourseAssist, ParentOf}, Never: Roles{CourseLearn, ContentAdmin, Affiliate}})
	CourseReport = declare(Permission{Key: "course.report", On: Enrolment, Section: "Courses", Title: "Run reports on the course",
		Yes:   Roles{Admin, Partial, OrgAdmin, Manager, Monitor, CourseOwner, CoInstructor, ManagerOf},
		Never: Roles{CourseAssist, CourseLearn, ContentAdmin, Assistant, Learner, Parent, Affiliate}})
	CourseCollaborate = declare(Permission{Key: "course.collaborate", On: Course, Section: "Courses", Title: "Use collaboration tools",
		Yes: Roles{Admin, Partial, OrgAdmin, CourseOwner, CoInstructor, CourseAssist, CourseLearn}, Never: Roles{Affiliate}, InArchive: true})
	EnrolmentList = declare(Permission{Key: "enrolment.list", On: Enrolment, Section: "Courses", Title: "See who is enrolled in a course",
		Yes: Roles{Admin, Partial, OrgAdmin, Manager, Monitor, TenantAdmin, AnalyticsReader, EnrollManager, CourseOwner, CoInstructor, CourseAssist, TeamOwner, TeamAdmin,
			ParentOf, ManagerOf, MentorOf},
		Never: Roles{CourseLearn}})
)

// Learning paths (CO-2, RT-2). Who puts a course on a path may enrol people in it: from then on it is the path that opens the course.
var (
	PathList = declare(Permission{Key: "path.list", On: Path, Section: "Paths", Title: "See which learning paths there are",
		Yes: Roles{Admin, Partial, OrgAdmin, Instructor, Monitor, TenantAdmin, PathAdmin}, Never: Roles{Affiliate}})
	PathCreate = declare(Permission{Key: "path.create", On: Organization, Section: "Paths", Title: "Create learning paths",
		Yes: Roles{Admin, Partial, OrgAdmin, Instructor}, Never: adminsTeach})
	PathView = declare(Permission{Key: "path.view", On: Path, Section: "Paths", Title: "Open a learning path",
		Yes: Roles{Admin, Partial, OrgAdmin, Monitor, PathAdmin, PathLearn}, Never: Roles{Affiliate}})
	PathConfigure = declare(Permission{Key: "path.configure", On: Path, Section: "Paths", Title: "Change a learning path: its goals and administrators",
		Yes: Roles{Admin, Partial, OrgAdmin, PathAdmin}, Never: append(Roles{PathLearn, Monitor, ContentAdmin, Affiliate}, takesPart...)})
	PathEnrollOthers = declare(Permission{Key: "path.enroll_others", On: Path, Section: "Paths", Title: "Enrol people in a learning path, and see how far they are",
		Yes: Roles{Admin, Partial, OrgAdmin, PathAdmin}, Never: append(Roles{PathLearn, Monitor, ContentAdmin, Affiliate}, takesPart...)})
	PathEnrollSelf = declare(Permission{Key: "path.enroll_self", On: Account, Section: "Paths", Title: "Enrol in learning paths",
		Yes: Roles{Admin, Partial, OrgAdmin, ContentAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Monitor}, Never: Roles{Affiliate}, Own: true})
)

// Compliance (CO-5): what is required of people. It lies in the organization that it is required in; how people stand, where they do.
var (
	ComplianceSet = declare(Permission{Key: "compliance.set", On: Organization, Section: "Compliance", Title: "Require courses of people",
		Yes: Roles{Admin, Partial, OrgAdmin}, Never: onlyAdmins})
	ReportCompliance = declare(Permission{Key: "report.compliance", On: Account, Section: "Reports", Title: "Run compliance reports",
		Yes: Roles{Admin, Partial, OrgAdmin, Manager, Monitor, ManagerOf}, Never: Roles{ContentAdmin, Assistant, Learner, Parent}})
)

// Teams.
var (
	TeamList = declare(Permission{Key: "team.list", On: Team, Section: "Teams", Title: "See which teams there are",
		Yes: Roles{Admin, Partial, OrgAdmin, Monitor, ListTeams, TenantAdmin, AnalyticsReader, ReadTeams, EditTeam, TeamOwner, TeamAdmin,
			TeamLeader, TeamReporter, TeamMember, TeamNotified}})
	TeamView = declare(Permission{Key: "team.view", On: Team, Section: "Teams", Title: "Open a team and see who is in it",
		Yes: Roles{Admin, Partial, OrgAdmin, Monitor, TenantAdmin, ReadTeams, EditTeam, TeamOwner, TeamAdmin, TeamLeader, TeamReporter, TeamMember}})
	TeamCreate = declare(Permission{Key: "team.create", On: Organization, Section: "Teams", Title: "Create teams",
		Yes: Roles{Admin, Partial, OrgAdmin, CreateTeams, TenantAdmin}, Never: onlyAdmins})
	TeamChange = declare(Permission{Key: "team.edit", On: Team, Section: "Teams", Title: "Change a team's name and settings",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin, EditTeam, TeamOwner, TeamAdmin}, Never: append(Roles{Monitor}, takesPart...)})
	TeamDelete = declare(Permission{Key: "team.delete", On: Team, Section: "Teams", Title: "Delete a team",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin, TeamOwner, TeamAdmin}, Never: append(Roles{Monitor}, takesPart...)})
	TeamAddMember = declare(Permission{Key: "team.add_member", On: Team, Section: "Teams", Title: "Add people to a team",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin, EditTeam, TeamOwner, TeamAdmin}, Never: append(Roles{Monitor}, takesPart...)})
	TeamRemoveMember = declare(Permission{Key: "team.remove_member", On: Team, Section: "Teams", Title: "Take people out of a team",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin, EditTeam, TeamOwner, TeamAdmin}, Never: append(Roles{Monitor}, takesPart...)})
	TeamSetRole = declare(Permission{Key: "team.set_role", On: Team, Section: "Teams", Title: "Set who leads and administers a team",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin, TeamOwner, TeamAdmin}, Never: append(Roles{Monitor}, takesPart...)})
	TeamShare = declare(Permission{Key: "team.share", On: Team, Section: "Teams", Title: "Share a team with people and access groups",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin, TeamOwner, TeamAdmin}, Never: append(Roles{Monitor}, takesPart...)})
)

// Access: groups, roles, policies, and the grid.
var (
	GroupList = declare(Permission{Key: "access_group.list", On: AccessGroup, Section: "Access", Title: "See access groups and who is in them",
		Yes: Roles{Admin, Partial, Monitor, TenantAdmin}, Never: takesPart})
	GroupCreate = declare(Permission{Key: "access_group.create", On: Portal, Section: "Access", Title: "Create access groups",
		Yes: Roles{Admin, Partial, TenantAdmin}, Never: onlyPortal})
	GroupEdit = declare(Permission{Key: "access_group.edit", On: AccessGroup, Section: "Access", Title: "Rename and delete access groups",
		Yes: Roles{Admin, Partial, TenantAdmin}, Never: onlyPortal})
	GroupAddMember = declare(Permission{Key: "access_group.add_member", On: AccessGroup, Section: "Access", Title: "Add people to access groups, and take them out",
		Yes: Roles{Admin, Partial, TenantAdmin}, Never: onlyPortal})
	RoleList = declare(Permission{Key: "role.list", On: Portal, Section: "Access", Title: "See roles and what they hold",
		Yes: Roles{Admin, Partial, Monitor, TenantAdmin}, Never: takesPart})
	RoleEdit = declare(Permission{Key: "role.edit", On: Portal, Section: "Access", Title: "Create, change and delete roles",
		Yes: Roles{Admin, Partial, TenantAdmin}, Never: onlyPortal})
	PolicyList = declare(Permission{Key: "policy.list", On: Policy, Section: "Access", Title: "See policies",
		Yes: Roles{Admin, Partial, Monitor, TenantAdmin}, Never: takesPart})
	PolicyEdit = declare(Permission{Key: "policy.edit", On: Policy, Section: "Access", Title: "Create, change and delete policies",
		Yes: Roles{Admin, Partial, TenantAdmin}, Never: onlyPortal})
	PermissionExplain = declare(Permission{Key: "permission.explain", On: Account, Section: "Access", Title: "See a person's access, and ask why they may or may not",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin, Self}, Never: takesPart, Protected: true, Looks: true})
	AccessReview = declare(Permission{Key: "access.review", On: Organization, Section: "Access", Title: "Review access: what is held, when it was used, to keep or to end",
		Yes: Roles{Admin, Partial, OrgAdmin, TenantAdmin}, Never: onlyAdmins})
	PermissionViewGrid = declare(Permission{Key: "permission.view_grid", On: Organization, Section: "Access", Title: "View the permission grid",
		Yes: Roles{Admin, Partial, OrgAdmin, Monitor}, Never: Roles{Learner}})
	PermissionEditGrid = declare(Permission{Key: "permission.edit_grid", On: Organization, Section: "Access", Title: "Change the portal's permission grid",
		Never: onlySuper})
	// PermissionEditOrganization is the switch of GR-4: off, until the super administrator switches the cell on, for the whole
	// portal or one organization. Its own cells are changed with PermissionEditGrid alone.
	PermissionEditOrganization = declare(Permission{Key: "permission.edit_organization", On: Organization, Section: "Access",
		Title: "Change the permissions of one's own organization", Never: AllBut(Super, OrgAdmin)})
	RoleCreateType = declare(Permission{Key: "role.create_type", On: Portal, Section: "Access", Title: "Add custom account types and switch types on",
		Never: onlySuper})
)

// Figures, reports and the audit.
var (
	AnalyticsView = declare(Permission{Key: "analytics.view", On: Enrolment, Section: "Reports", Title: "Open the analytics pages",
		Yes: Roles{Admin, Partial, OrgAdmin, Manager, Monitor, TenantAdmin, AnalyticsViewer, TeamOwner, TeamAdmin, TeamReporter, ManagerOf}, Never: takesPart})
	AnalyticsRead = declare(Permission{Key: "analytics.read", On: Enrolment, Section: "Reports", Title: "See the figures of the people in one's scope",
		Yes: Roles{Admin, Partial, OrgAdmin, Manager, Monitor, TenantAdmin, AnalyticsReader, TeamOwner, TeamAdmin, TeamReporter, ManagerOf}, Never: takesPart})
	ReportCertain = declare(Permission{Key: "report.certain", On: Enrolment, Section: "Reports", Title: "Run the reports on courses and learners",
		Yes:   Roles{Admin, Partial, OrgAdmin, Manager, Monitor, TenantAdmin, DownloadReports, TeamOwner, TeamAdmin, TeamReporter, ManagerOf},
		Never: Roles{ContentAdmin, Assistant, Learner, Parent, Affiliate}})
	ReportAll = declare(Permission{Key: "report.all", On: Portal, Section: "Reports", Title: "Run all reports",
		Yes: Roles{Admin, Monitor}, Never: Roles{OrgAdmin, ContentAdmin, Instructor, Assistant, Learner, Parent, Manager, Mentor, Affiliate}})
	AuditView = declare(Permission{Key: "audit.view", On: Audit, Section: "Reports", Title: "Read the audit",
		Yes: Roles{Admin, Monitor}, Never: takesPart})
)

// Networks: portals that others enter to administer (NA-1). Who may enter is said of the network itself, which no role that a
// portal makes can hold; in the portal that is entered, nothing of all this is to be had by a visitor.
var (
	NetworkCreate = declare(Permission{Key: "network.create", On: Portal, Section: "Networks", Title: "Create networks",
		Yes: Roles{Admin}, Never: AllBut(Super, Admin), AtHome: true})
	NetworkList = declare(Permission{Key: "network.list", On: Portal, Section: "Networks", Title: "See the portal's networks, who may come by them, and who came",
		Yes: Roles{Admin, Monitor}, Never: AllBut(Super, Admin, Partial, Monitor)})
	NetworkJoin = declare(Permission{Key: "network.join", On: Portal, Section: "Networks", Title: "Join networks with the portal, and leave them",
		Yes: Roles{Admin}, Never: AllBut(Super, Admin), AtHome: true})
	NetworkEdit = declare(Permission{Key: "network.edit", On: Network, Section: "Networks", Title: "Run a network: its name, password, administrators and portals",
		Yes: Roles{NetworkAdmin}, Never: onlySuper, AtHome: true})
	NetworkEnter = declare(Permission{Key: "network.enter", On: Network, Section: "Networks", Title: "Enter the portals of a network as their administrator",
		Yes: Roles{NetworkAdmin}, Never: onlySuper, Closed: true, AtHome: true})
)
