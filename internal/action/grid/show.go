package grid

import (
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/past"
)

// The tables of the grid: account types, roles in a course, roles in a team, and the roles that policies bind.
const (
	Business   = "business"
	Courses    = "courses"
	Teams      = "teams"
	Management = "management"
)

// Tables are the tables of the grid, in order.
var Tables = []string{Business, Courses, Teams, Management}

// Query asks for a table of the grid.
type Query struct {
	Organization db.ID  `query:"organization" doc:"The organization; the whole portal if left out, or else the first that you may see the grid of."`
	Table        string `query:"table" doc:"business, courses, teams or management; business if left out."`
	At           string `query:"at" doc:"A past day, as 2026-03-02: what the cells were then."`
}

// Check names what is wrong with the input.
func (in Query) Check() error {
	if in.Table != "" && !slices.Contains(Tables, in.Table) {
		return fail.Wrong("table", "There is no such table.")
	}
	return nil
}

// Column is a role.
type Column struct {
	Role  access.RoleID `json:"role"`
	Title string        `json:"title"`
	About string        `json:"about"`
	// Parent is set for an account type that the portal made.
	Parent      access.RoleID `json:"parent,omitempty"`
	ParentTitle string        `json:"parent_title,omitempty"`
	// People is how many people that you may see have it right now; left out where it is not told. Many: there are more.
	People *int `json:"people,omitempty"`
	Many   bool `json:"many,omitempty"`
	// Off: the account type is switched off in the portal: while it is, whoever has it holds nothing by it.
	Off bool `json:"off,omitempty"`
}

// Row is a permission, with its cells in the order of the columns.
type Row struct {
	Key       string      `json:"key"`
	Title     string      `json:"title"`
	Section   string      `json:"section"`
	On        string      `json:"on"`
	Sensitive bool        `json:"sensitive,omitempty"`
	Cells     []CellState `json:"cells"`
}

// CellState is what a cell is, and why.
type CellState struct {
	// State is allowed, denied, never (not available to anybody) or always.
	State string `json:"state"`
	// Default: the role holds it before anybody edits the grid.
	Default bool `json:"default"`
	// Own is what this organization, or the portal, itself says: allow, deny, allow_locked or deny_locked; left out for nothing.
	Own string `json:"own,omitempty"`
	// Asleep: what it says does not count, since the portal locked the cell.
	Asleep bool `json:"asleep,omitempty"`
	// Locked: the portal locked the cell for all organizations.
	Locked bool `json:"locked,omitempty"`
	// From is the organization above, or the portal, whose change decides the cell here; left out where none does.
	From db.ID `json:"from,omitzero"`
	// MayChange: you may change it here.
	MayChange bool `json:"may_change,omitempty"`
}

// GridPlace is something with a name.
type GridPlace struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// Grid is one table of the permission grid, in the portal or in one organization (GR-1 to GR-3).
type Grid struct {
	Organization GridPlace `json:"organization"`
	// Portal: it is the whole portal's.
	Portal bool   `json:"portal"`
	Table  string `json:"table"`
	// At is the past moment that it is about; left out for now.
	At *time.Time `json:"at,omitempty"`
	// KeptSince is set where At is before it: which organizations lay where is known from then on.
	KeptSince *time.Time `json:"kept_since,omitempty"`
	Columns   []Column   `json:"columns"`
	Rows      []Row      `json:"rows"`
	// Above are the organizations whose changes decide cells here, with the portal, by name as far as you may see them.
	Above []GridPlace `json:"above"`
	// MayChange: you may change cells here; Whole: by the permission to change the portal's grid.
	MayChange bool `json:"may_change"`
	Whole     bool `json:"whole"`
	// MayMakeTypes: you may add account types.
	MayMakeTypes bool `json:"may_make_types"`
	// Open: administrators of this organization, or in the portal of every organization, may change its table (GR-4).
	Open bool `json:"open"`
	// Super is who may change the portal's grid, where you may see them.
	Super string `json:"super,omitempty"`
}

var showNeeds = []*access.Permission{access.PermissionViewGrid, access.PermissionEditGrid, access.PermissionEditOrganization, access.RoleCreateType,
	access.OrganizationList, access.AccountList, access.AccountSetFull}

// Show is a table of the grid: what the server enforces, from the same declaration (GR-2).
var Show = &op.Op[Query, Grid]{
	Name:  "permission.grid",
	Route: "GET /grid",
	Doc:   "Shows the permission grid of the portal or of one organization: what each role holds, what was changed and where, now or on a past day.",
	Needs: showNeeds,
	Do:    show,
}

func show(c *op.Call, in Query) (Grid, error) {
	org, err := viewed(c, in.Organization)
	if err != nil {
		return Grid{}, err
	}
	at, err := form.At("at", in.At, c.Now)
	if err != nil {
		return Grid{}, err
	}
	rules, kept := c.Actor.Rules(), (*time.Time)(nil)
	if !at.IsZero() {
		if rules, err = store.LoadRulesAt(c, c.Tx, c.Who.Portal, at); err != nil {
			return Grid{}, err
		}
		if kept, err = past.KeptSince(c, c.Tx, c.Who.Portal, at); err != nil {
			return Grid{}, err
		}
	}
	out := Grid{KeptSince: kept, Organization: GridPlace{org.ID, org.Name}, Portal: org.Parent == 0, Table: in.Table, Columns: []Column{}, Rows: []Row{}, Above: []GridPlace{}}
	if out.Table == "" {
		out.Table = Business
	}
	thing := org.Thing()
	out.Open = rules.Holds(access.OrgAdmin, access.PermissionEditOrganization, org.ID)
	if at.IsZero() {
		out.Whole = c.May(access.PermissionEditGrid).Has(&thing) != nil
		out.MayChange = out.Whole || c.May(access.PermissionEditOrganization).Has(&thing) != nil
		out.MayMakeTypes = out.Portal && c.May(access.RoleCreateType).Any()
	} else {
		out.At = &at
	}
	t := table{org, out.Whole, rules}
	roles := columnsOf(rules, out.Table)
	out.Rows = t.rows(c, roles, out.Table, out.MayChange)
	return out, t.tell(c, &out, roles)
}

// viewed is the organization whose grid one looks at.
func viewed(c *op.Call, id db.ID) (store.Organization, error) {
	within := c.May(access.PermissionViewGrid)
	if id != 0 {
		return store.FindOrganization(c, c.Tx, within, id)
	}
	top, err := store.ListOrganizations(c, c.Tx, within, store.OrganizationFilter{Top: true}, store.Page{Size: 1})
	if err != nil {
		return store.Organization{}, err
	}
	if len(top.Items) == 0 {
		return store.Organization{}, store.NotAllowed(within)
	}
	return top.Items[0], nil
}

// besides are the account types that stand beside the roles of a course or a team.
var besides = access.Roles{access.Admin, access.OrgAdmin, access.Monitor, access.ContentAdmin}

// columnsOf are the roles of a table.
func columnsOf(rules *access.Rules, table string) []*access.Role {
	if table == Business {
		return rules.Types()
	}
	var out, own []*access.Role
	for i := range access.BuiltinRoles() {
		r := &access.BuiltinRoles()[i]
		only := len(r.At) == 1 && !r.Policy
		if (table == Management && r.Policy) || (only && table == Courses && r.At[0] == access.Course) || (only && table == Teams && r.At[0] == access.Team) {
			out = append(out, r)
		}
	}
	if table != Management {
		for _, id := range besides {
			out = append(out, access.Builtin(id))
		}
		return out
	}
	for _, r := range rules.Roles {
		if r.Policy {
			own = append(own, r)
		}
	}
	slices.SortFunc(own, access.ByTitle)
	return append(out, own...)
}

// rowsOf are the permissions of a table, those of one section together: what one may do in the portal, or to what lies in a
// course or a team. What everybody may do with their own account stands in none but where a role holds it.
func rowsOf(table string) []*access.Permission {
	place := map[string]access.Kind{Business: access.Portal, Courses: access.Course, Teams: access.Team, Management: access.Portal}[table]
	var sections []string
	bySection := map[string][]*access.Permission{}
	for _, p := range access.Table() {
		if !access.LiesIn(p.On, place) || (p.Own && access.Builtin(access.Self).Set.Has(p) && place != access.Course) {
			continue
		}
		if bySection[p.Section] == nil {
			sections = append(sections, p.Section)
		}
		bySection[p.Section] = append(bySection[p.Section], p)
	}
	var out []*access.Permission
	for _, s := range sections {
		out = append(out, bySection[s]...)
	}
	return out
}

// Moved tells whether the cell says something else than the role does before anybody edits the grid.
func (s CellState) Moved() bool {
	return s.Own != "" || (s.State == "allowed") != s.Default && s.State != "always" && s.State != "never"
}
