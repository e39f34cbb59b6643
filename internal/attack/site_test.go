package attack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/action/intake"
	"provost/internal/action/network"
	"provost/internal/api"
	"provost/internal/db"
	"provost/internal/web"
	"provost/internal/web/shell"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

// site is the pages and the API of a world behind all their safeguards, asked without a network.
type site struct {
	*worldtest.Test
	web     *shell.Server
	handler http.Handler
	cookies map[string]string
	// made are things that the world has none of: by portal and kind.
	made map[string]map[string]string
}

func newSite(t testing.TB) *site {
	t.Helper()
	w := worldtest.New(t)
	s, err := web.New(w.Env, web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	mux := http.NewServeMux()
	if _, err := api.Mount(mux, w.Env, s.Who, action.All); err != nil {
		t.Fatal(err)
	}
	for _, at := range api.Paths {
		s.Handle(at, mux)
	}
	at := &site{Test: w, web: s, handler: s.Handler(), cookies: map[string]string{}, made: map[string]map[string]string{"acme": {}, "umbra": {}}}
	at.furnish(t, "acme", "Ana", "North", "Lin")
	at.furnish(t, "umbra", "Urs", "Dusk", "Una")
	return at
}

// must runs an operation as somebody, and fails the test where it is refused.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// furnish makes a policy, a group, a role, an invitation, a share, a token and a mapping in a portal, with names that nobody
// else has.
func (s *site) furnish(t testing.TB, portal, admin, org, person string) {
	t.Helper()
	ctx, as, m := t.Context(), s.As(admin), s.made[portal]
	name := func(what string) string { return "Secret " + what + " of " + portal }
	ref := func(text string) (r action.PlaceRef) {
		if err := r.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return r
	}
	group := must[action.GroupItem](t)(action.CreateGroup.Run(ctx, s.Env, as, action.NewGroup{Name: name("group")}))
	role := must[action.RoleItem](t)(action.CreateRole.Run(ctx, s.Env, as, action.NewRole{RoleDraft: action.RoleDraft{Name: name("role"), Permissions: []string{"team.list"}}}))
	policy := must[action.PolicyItem](t)(action.CreatePolicy.Run(ctx, s.Env, as, action.PolicyBinding{Name: name("policy"), Role: role.ID,
		Places: []action.PlaceRef{ref("organization:" + s.Orgs[org].ID.String())}, Holders: []action.PlaceRef{ref("access_group:" + group.ID.String())}}))
	sent := must[action.InvitationsSent](t)(action.SendInvitations.Run(ctx, s.Env, as, action.NewInvitations{Rows: []action.InvitationRow{
		{Email: "secret-guest@" + portal + ".test", Name: name("guest"), Organization: s.Orgs[org].ID.String()}}}))
	team := must[action.Named](t)(action.CreateTeam.Run(ctx, s.Env, as, action.NewTeam{TeamFields: action.TeamFields{Name: name("team")}, Org: s.Orgs[org].ID}))
	course := must[action.CourseItem](t)(action.CreateCourse.Run(ctx, s.Env, as, action.NewCourse{CourseFields: action.CourseFields{Name: name("course"), Code: portal}, Organization: s.Orgs[org].ID}))
	enrolled := must[action.EnrolOutput](t)(action.EnrolPeople.Run(ctx, s.Env, as, action.EnrolInput{Course: course.ID, Accounts: []db.ID{s.People[person].ID}}))
	if len(enrolled.Enrolled) != 1 {
		t.Fatal("nobody was enrolled")
	}
	list := must[action.EnrolmentPage](t)(action.ListCourseEnrolments.Run(ctx, s.Env, as, action.CourseEnrolmentQuery{Course: course.ID}))
	must[action.SharedWith](t)(action.ShareTeam.Run(ctx, s.Env, as, action.NewShare{Team: team.ID, Accounts: []db.ID{s.People[person].ID}, ShareTicks: action.ShareTicks{Read: true}}))
	shares := must[action.Shares](t)(action.ListShares.Run(ctx, s.Env, as, action.OneTeam{Team: team.ID}))
	token := must[action.TokenMade](t)(action.CreateToken.Run(ctx, s.Env, as, action.NewToken{Name: name("token"), Permissions: []string{"team.list"}, Days: 7}))
	mapping := must[intake.MappingName](t)(intake.SaveImportMapping.Run(ctx, s.Env, as, intake.NewImportMapping{Mapping: `{"name":"` + name("mapping") +
		`","steps":[{"file":"people.csv","into":"accounts","fields":{"username":"{user}","name":"{name}"}}]}`}))
	review := must[asking.Review](t)(asking.BeginReview.Run(ctx, s.Env, as, asking.NewReview{Organization: s.Orgs[org].ID}))
	reviewed := must[asking.ReviewShown](t)(asking.ShowReview.Run(ctx, s.Env, as, asking.ReviewQuery{Review: review.ID}))
	gate := network.Password{Password: "many portals, one gate", Again: "many portals, one gate"}
	m["network"] = must[network.NamedNetwork](t)(network.Create.Run(ctx, s.Env, as, network.NewNetwork{Name: name("network"), Password: gate})).ID.String()
	m["review"], m["grant"] = review.ID.String(), reviewed.Parts[0].ID.String()
	for kind, id := range map[string]db.ID{"group": group.ID, "policy": policy.ID, "invitation": sent.Items[0].ID, "team": team.ID, "course": course.ID,
		"enrolment": list.Items[0].ID, "share": shares.Items[0].ID, "token": token.ID, "session": token.ID, "mapping": mapping.ID} {
		m[kind] = id.String()
	}
	m["role"] = string(role.ID)
	s.teach(t, portal, admin, person, course.ID, s.Orgs[org].ID)
	m["account"], m["organization"], m["portal"] = s.People[person].ID.String(), s.Orgs[org].ID.String(), s.People[person].Portal.String()
}

// secrets are names and addresses of a portal that nobody else has.
func secrets(portal string) []string {
	out := []string{}
	for _, what := range []string{"group", "role", "policy", "guest", "team", "course", "token", "mapping", "network", "section", "lesson", "text", "file", "quiz", "question", "thread", "post", "path", "report"} {
		out = append(out, "Secret "+what+" of "+portal)
	}
	return append(out, "secret-guest@"+portal+".test")
}

// foreign are words of Umbra.
var foreign = append([]string{"Umbra", "Una Other", "Urs Full", "Ulf Super", "Shades", "Dusk", "Night shift", "umbra.test"}, secrets("umbra")...)

// answer is an answer as the attacker sees it.
type answer struct {
	status int
	header http.Header
	body   string
}

// text is all that an answer says, without what differs between any two.
func (a answer) text() string {
	var out strings.Builder
	fmt.Fprintln(&out, a.status)
	for _, name := range []string{"Location", "Content-Type", "Content-Disposition", "Retry-After", "Set-Cookie"} {
		fmt.Fprintln(&out, name, a.header.Values(name))
	}
	out.WriteString(a.body)
	return out.String()
}

// ask sends a request as somebody of the world, who is signed in on the first one; nobody for an empty name.
func (s *site) ask(t testing.TB, who string, r *http.Request) answer {
	t.Helper()
	if who != "" {
		r.AddCookie(&http.Cookie{Name: "provost", Value: s.cookie(t, who)})
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Result().Header, rec.Body.String()}
}

func (s *site) cookie(t testing.TB, who string) string {
	t.Helper()
	if s.cookies[who] != "" {
		return s.cookies[who]
	}
	form := url.Values{"login": {strings.ToLower(who)}, "password": {world.Password}}
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.People[who].Portal == s.Umbra.ID {
		r.Host = s.Umbra.Host
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if c.Name == "provost" {
			s.cookies[who] = c.Value
			return c.Value
		}
	}
	t.Fatalf("%s does not get in: %d", who, rec.Code)
	return ""
}

func page(method, path string, form url.Values) *http.Request {
	var body *strings.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
		r := httptest.NewRequest(method, path, body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	return httptest.NewRequest(method, path, nil)
}

func call(method, path string, body any) *http.Request {
	if method == http.MethodGet || method == http.MethodDelete && body == nil {
		return httptest.NewRequest(method, path, nil)
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // made of maps and texts
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// restless are the tables that change by being asked.
var restless = regexp.MustCompile(`^(audit|sessions|sign_in_attempts|attempts|sqlite_.*)$`)

// dump is a sum over the rows of every table: of one portal's, where the table says whose they are; of all for a portal of zero.
func (s *site) dump(t testing.TB, portal db.ID) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := s.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'`
		if tx.Dialect() == db.Postgres {
			list = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
		}
		tables, err := db.All(t.Context(), tx, db.SQL(list), func(sc db.Scanner) (x string, err error) { return x, sc.Scan(&x) })
		if err != nil {
			return err
		}
		for _, table := range tables {
			if restless.MatchString(table) || table == "portals" {
				continue
			}
			sum, err := s.sum(t, tx, table, portal)
			if err != nil {
				return err
			}
			out[table] = sum
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s *site) sum(t testing.TB, tx *db.Tx, table string, portal db.ID) (string, error) {
	list := db.SQL(`SELECT name FROM pragma_table_info('` + table + `')`)
	if tx.Dialect() == db.Postgres {
		list = db.SQL(`SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ? ORDER BY ordinal_position`, table)
	}
	columns, err := db.All(t.Context(), tx, list, func(sc db.Scanner) (x string, err error) { return x, sc.Scan(&x) })
	if err != nil {
		return "", err
	}
	where := ""
	if portal != 0 {
		where = " WHERE 1=0" // whose rows they are is said nowhere
		for _, of := range [][2]string{{"portal_id", "%d"}, {"policy_id", "SELECT id FROM policies WHERE portal_id = %d"}, {"role_id", "SELECT id FROM roles WHERE portal_id = %d"},
			{"org_id", "SELECT id FROM organizations WHERE portal_id = %d"}, {"account_id", "SELECT id FROM accounts WHERE portal_id = %d"}} {
			if slices.Contains(columns, of[0]) {
				where = " WHERE " + of[0] + " IN (" + fmt.Sprintf(of[1], int64(portal)) + ")"
				break
			}
		}
	}
	cast := make([]string, len(columns))
	for i, c := range columns {
		cast[i] = `coalesce(CAST("` + c + `" AS TEXT), '~')`
	}
	rows, err := db.All(t.Context(), tx, db.SQL(`SELECT `+strings.Join(cast, ` || '|' || `)+` AS x FROM `+table+where+` ORDER BY x`), func(sc db.Scanner) (x string, err error) {
		return x, sc.Scan(&x)
	})
	h := fnv.New64a()
	for _, r := range rows {
		_, _ = h.Write([]byte(r + "\n"))
	}
	return fmt.Sprintf("%d rows, %x", len(rows), h.Sum64()), err
}

func differ(before, after map[string]string) (out []string) {
	for table, was := range before {
		if after[table] != was {
			out = append(out, table+": "+was+", now "+after[table])
		}
	}
	return out
}
