package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"provost/internal/db/dbtest"
	"provost/internal/web/static"

	g "maragu.dev/gomponents"
)

// The Content-Security-Policy that the portal sends.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

// gallery serves pages that show every component, the way the portal serves its own.
func gallery(t *testing.T) *httptest.Server {
	if dbtest.Postgres() {
		t.Skip("the gallery has no database")
	}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for name, make := range map[string]func(View) g.Node{
		"dashboard": galleryDashboard, "people": galleryPeople, "forms": galleryForms, "access": galleryAccess,
		"parts": galleryParts, "signin": gallerySignIn, "error": galleryError, "embedded": galleryEmbedded, "empty": galleryEmpty} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			v := galleryView(r)
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := make(v).Render(w); err != nil {
				t.Error(err)
			}
		})
	}
	mux.HandleFunc("GET /find", findPeople)
	mux.HandleFunc("POST /preview", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = r.ParseForm()
		fmt.Fprintf(w, "<p>preview of %d people</p>", len(r.Form["people"]))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func findPeople(w http.ResponseWriter, r *http.Request) {
	found := []Choice{}
	for i, n := range []string{"Lin Okafor", "Lou Brandt", "Linnea Sjöberg", "Leo Marchetti", "Una Roth"} {
		c := Choice{ID: fmt.Sprint("p", i), Label: n, Detail: strings.ToLower(strings.Fields(n)[0]) + "@acme.example"}
		if i == 4 {
			c.Badge = "Outside"
		}
		q := strings.ToLower(r.FormValue("q"))
		if strings.Contains(strings.ToLower(c.Label), q) || c.Detail == q {
			found = append(found, c)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(found)
}

func galleryView(r *http.Request) View {
	at := func(href string) bool { return r.URL.Path == href }
	v := View{Lang: r.FormValue("lang"), Dir: r.FormValue("dir"), Theme: ThemeOf(r.FormValue("theme")), Path: r.URL.Path, Portal: "Acme Learning",
		Account: Account{Name: "Leo Marchetti", Organization: "Acme", SignOut: "/sign-out",
			Menu: []MenuItem{{Label: "Your account", Href: "/me", Icon: "user"}, {Label: "Sessions", Href: "/me/sessions", Icon: "key"}}},
		Search: Search{Action: "/search"},
		Nav: []NavSection{
			{Items: []NavItem{{Label: "Dashboard", Href: "/dashboard", Icon: "chart", Current: at("/dashboard")},
				{Label: "People", Href: "/people", Icon: "users", Current: at("/people")},
				{Label: "Teams", Href: "/teams", Icon: "team"}, {Label: "Courses", Href: "/courses", Icon: "course"},
				{Label: "Reports", Href: "/reports", Icon: "report"}}},
			{Title: "Tenant settings", Items: []NavItem{{Label: "Management", Href: "/access", Icon: "role", Current: at("/access")},
				{Label: "Invitations", Href: "/forms", Icon: "mail", Count: "3", Current: at("/forms")},
				{Label: "Organizations", Href: "/orgs", Icon: "org"}, {Label: "Import", Href: "/import", Icon: "import"},
				{Label: "Audit", Href: "/audit", Icon: "audit", Current: at("/parts")}, {Label: "Why", Href: "/why", Icon: "why"}}},
		}}
	if r.FormValue("acting") != "" {
		v.ActingAs, v.StopActing = "You are viewing as Pia Larsen", "/acting/stop"
	}
	return v
}

var day = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

func galleryDashboard(v View) g.Node {
	months := []string{"Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"}
	enrolled := []float64{210, 340, 365, 410, 395, 450, 380, 240, 260, 520, 610, 655}
	completed := []float64{90, 150, 240, 260, 310, 330, 345, 210, 160, 220, 400, 480}
	withdrawn := []float64{20, 24, 40, 31, 28, 35, 30, 22, 18, 44, 51, 47}
	series := []Series{{"Enrolled", enrolled}, {"Completed", completed}, {"Withdrawn", withdrawn}}
	rows := []Row{}
	for i, m := range months {
		rows = append(rows, Row{Cells: Cells(m, v.Num(int(enrolled[i])), v.Num(int(completed[i])))})
	}
	return Layout(v, "Dashboard",
		Header("Dashboard", "", Period("Period", Tab{Label: "Today", Href: "#1"}, Tab{Label: "7 days", Href: "#7"}, Tab{Label: "30 days", Href: "#30", Current: true}, Tab{Label: "90 days", Href: "#90"})),
		Scope("All of Acme", "figures of 12,480 people", "as of "+v.DateTime(day)),
		Tiles(
			Tile{Label: "Enrolments", Value: v.Num(32593), Trend: "12% more than before", TrendKind: Good, Up: 1, Href: "#e", Chart: Sparkline("Enrolments by month", enrolled)},
			Tile{Label: "Active learners", Value: v.Num(8214), Trend: "3% fewer than before", TrendKind: Bad, Up: -1, Href: "#a", Chart: Sparkline("Active learners by month", completed)},
			Tile{Label: "Completion rate", Value: v.Percent(.472), Trend: "unchanged", Href: "#c", Chart: Sparkline("Completion by month", withdrawn)},
			Tile{Label: "Mean progress", Value: v.Percent(.61), Trend: "4 points more", TrendKind: Good, Up: 1, Chart: Sparkline("Progress by month", enrolled[4:])}),
		ChartWithTable(v, LineChart{Title: "Enrolment and completion", Desc: "Both rise through the year, with a low in summer.", Labels: months, Series: series, Area: true}.Node(v),
			Table{Caption: "Enrolment and completion by month", Columns: []Column{{Title: "Month"}, {Title: "Enrolled", Align: End}, {Title: "Completed", Align: End}}, Rows: rows}),
		SideBySide(
			Card("", Funnel{Title: "From enrolled to completed", Stages: []BarItem{{Label: "Enrolled", Value: 32593, Href: "#"}, {Label: "Started", Value: 27110, Href: "#"}, {Label: "Completed", Value: 15385, Href: "#"}}}.Node(v)),
			Card("", BarList{Title: "Completion by course", Full: 1, Format: v.Percent, Items: []BarItem{{Label: "Go for engineers", Value: .82, Href: "#"}, {Label: "Safety at work", Value: .74, Href: "#"}, {Label: "Data protection, basics and refresher", Value: .55, Href: "#"}, {Label: "First aid", Value: .31, Href: "#"}}}.Node(v))),
		SideBySide(
			ChartWithTable(v, BarChart{Title: "New people by month", Desc: "Most came in September.", Labels: months, Series: series[:2]}.Node(v), Table{Caption: "New people", Columns: []Column{{Title: "Month"}}, Rows: []Row{{Cells: Cells("Dec")}}}),
			Card("", StackBar{Title: "Enrolments by state", Parts: []BarItem{{Label: "Completed", Value: 15385}, {Label: "Active", Value: 9020}, {Label: "Not started", Value: 4410}, {Label: "Withdrawn", Value: 3778}}}.Node(v),
				BarChart{Title: "By quarter", Desc: "Parts of each quarter.", Stacked: true, Labels: []string{"Q1", "Q2", "Q3", "Q4"}, Series: []Series{{"Completed", []float64{3, 4, 5, 6}}, {"Active", []float64{2, 2, 3, 4}}, {"Withdrawn", []float64{1, 1, 1, 2}}}}.Node(v))),
		Section("People needing attention", peopleTable(v)))
}

func peopleTable(v View) g.Node {
	people := []struct{ name, mail, org, reason string }{
		{"Lin Okafor", "lin@acme.example", "North › Lab", "Two courses overdue"},
		{"Lou Brandt", "lou@acme.example", "North", "Not seen for 41 days"},
		{"Sue Achterberg-Villanueva de la Torre", "sue.achterberg-villanueva@acme.example", "South", "Certificate ends in 6 days"},
		{"Pia Larsen", "pia@acme.example", "Acme", "One course overdue"}}
	rows := []Row{}
	for i, p := range people {
		status := Badge(Good, "Active")
		if i == 2 {
			status = Badge(Warn, "Pending")
		}
		rows = append(rows, Row{Cells: []g.Node{Person(p.name, p.mail), g.Text(p.org), status, g.Text(p.reason), ProgressBar(v, .2+float64(i)*.24), g.Text(v.Ago(day, day.Add(-time.Duration(i*37+1)*time.Hour))),
			Menu("Actions for "+p.name, MenuItem{Label: "Enrol in a course", Href: "#", Icon: "plus"}, MenuItem{Label: "View progress", Href: "#", Icon: "chart"},
				MenuItem{Label: "Log in as", Icon: "user", Reason: "Only full administrators may"}, MenuItem{Label: "Archive", Href: "#", Icon: "trash", Danger: true})},
			Href: "#p", Value: fmt.Sprint(i), Name: p.name, Chosen: i == 1, Muted: i == 3})
	}
	return Table{Caption: "People", Select: "who", Columns: []Column{{Title: "Name", Sort: "#n", Sorted: "ascending"}, {Title: "Organization", Sort: "#o"}, {Title: "Status"}, {Title: "Reason"}, {Title: "Progress", Align: End}, {Title: "Last seen", NoWrap: true}, {Title: "Actions", Quiet: true, Align: End}}, Rows: rows}.Node(v)
}

func galleryPeople(v View) g.Node {
	return Layout(v, "People",
		Crumbs(v, Link{"Acme Learning", "/"}, Link{"Management", "/access"}, Link{Label: "People"}),
		Header("People", "Everybody whom you may see, across the whole tenant.", LinkButton("Import", "#", Icon("import")), PrimaryLink("Add a person", "#", Icon("plus"))),
		Tabs("Management", Tab{Label: "Users", Href: "#u", Current: true, Count: "12,480"}, Tab{Label: "Groups", Href: "#g"}, Tab{Label: "Roles", Href: "#r"}, Tab{Label: "Policies", Href: "#p"}, Tab{Label: "Teams", Href: "#t"}),
		Filters{Action: "/people", SearchName: "q", SearchLabel: "Name or e-mail", Summary: "230 people", Clear: "/people",
			Fields: []g.Node{SmallSelect(Field{Name: "org", Label: "Organization"}, []Option{{Label: "All"}, {Value: "n", Label: "North"}, {Value: "s", Label: "South"}}),
				SmallSelect(Field{Name: "role", Label: "Role"}, []Option{{Label: "All"}, {Value: "l", Label: "Learner"}})},
			Chips: []Chip{{Label: "Organization: North", Remove: "#x"}, {Label: "Role: Learner", Remove: "#y"}}}.Node(v),
		peopleTable(v),
		Pager{Prev: "#prev", Next: "#next", Shown: 50, Total: 12480}.Node(v))
}
