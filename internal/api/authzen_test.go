package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/api"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web"
	"provost/internal/world/worldtest"
)

// pdp is the portal as other programs ask it, each with a token of a person's.
type pdp struct {
	t      *testing.T
	w      *worldtest.Test
	mux    *http.ServeMux
	tokens map[string]string
}

func newPDP(t *testing.T) *pdp {
	t.Helper()
	w := worldtest.New(t)
	site, err := web.New(w.Env, web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(site.Close)
	p := &pdp{t, w, http.NewServeMux(), map[string]string{}}
	if _, err := api.Mount(p.mux, w.Env, site.Who, action.All); err != nil {
		t.Fatal(err)
	}
	return p
}

// token makes a token of a person's that may do these.
func (p *pdp) token(who string, may ...string) string {
	p.t.Helper()
	made, err := action.CreateToken.Run(p.t.Context(), p.w.Env, p.w.As(who), action.NewToken{Name: "asks", Permissions: may, Days: 2})
	if err != nil {
		p.t.Fatal(err)
	}
	return made.Token
}

// all is a person's token that may do all that they may.
func (p *pdp) all(who string) string {
	p.t.Helper()
	if p.tokens[who] == "" {
		var keys []string
		for _, x := range access.Table() {
			keys = append(keys, x.Key)
		}
		p.tokens[who] = p.token(who, keys...)
	}
	return p.tokens[who]
}

func (p *pdp) send(token, path, body string, header ...string) *http.Response {
	p.t.Helper()
	r := httptest.NewRequest("POST", "http://acme.test/access/v1/"+path, strings.NewReader(p.names(body)))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	p.mux.ServeHTTP(rec, r)
	return rec.Result()
}

// names puts ids where a question says <Lin> or <team Reds>.
func (p *pdp) names(body string) string {
	var pairs []string
	for name, x := range p.w.People {
		pairs = append(pairs, "<"+name+">", x.ID.String())
	}
	for name, x := range p.w.Teams {
		pairs = append(pairs, "<team "+name+">", x.ID.String())
	}
	for name, x := range p.w.Orgs {
		pairs = append(pairs, "<org "+name+">", x.ID.String())
	}
	return strings.NewReplacer(append(pairs, "<portal>", p.w.Acme.ID.String())...).Replace(body)
}

func (p *pdp) ask(token, path, body string) (int, string) {
	p.t.Helper()
	resp := p.send(token, path, body)
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, strings.TrimSpace(string(text))
}

func question(subject, action, kind, resource string) string {
	return `{"subject":{"type":"account","id":"` + subject + `"},"action":{"name":"` + action + `"},"resource":{"type":"` + kind + `","id":"` + resource + `"}}`
}

// BE-7: an evaluation says what the fold says, by which grant, and of what one may not see no more than of what is not there.
func TestBE7Evaluation(t *testing.T) {
	p := newPDP(t)
	const no = `{"decision":false}`
	for _, c := range []struct{ who, in, want string }{
		{"Ana", question("<Leo>", "team.add_member", "team", "<team Reds>"), `{"decision":true,"context":{"reason":"granted","grant":"`},
		{"Ana", question("<Leo>", "team.add_member", "team", "<team Reds>"), `"role":"team_owner","role_title":"Team owner","place":{"type":"team","id":"` + p.w.Teams["Reds"].ID.String() + `"}`},
		{"Ana", question("<Leo>", "team.add_member", "team", "<team Blues>"), `{"decision":false,"context":{"reason":"not_granted"}}`},
		{"Ana", question("LEO@acme.test", "account.list", "user", "sue@acme.test"), `"access_group":"` + p.w.Management.ID.String() + `","policy":"`},
		{"Ana", question("leo", "account.list", "user", "<Sue>"), `{"decision":true`},
		{"Sam", question("<Pia>", "account.reset_password", "account", "<Ana>"), `{"decision":false,"context":{"reason":"protected"}}`},
		{"Lin", question("<Lin>", "account.edit_own", "account", "<Lin>"), `{"decision":true,"context":{"reason":"granted","role":"self","role_title":"Oneself"}}`},
		{"Ana", question("<Ana>", "portal.configure", "portal", "<portal>"), `{"decision":true`},
		{"Ana", question("<Otto>", "organization.administer", "organization", "<org Lab>"), `{"decision":true`},
		{"Ana", question("<Otto>", "organization.administer", "organization", "<portal>"), `{"decision":false,"context":{"reason":"not_granted"}}`},
		{"Ana", question("<Bea>", "analytics.read", "team", "<team Company A Team>"), `{"decision":true`},
		// whom one may not ask about, what one may not see, what is not there, and what is no such thing
		{"Lin", question("<Leo>", "account.list", "account", "<Lin>"), no},
		{"Lin", question("<Lou>", "account.list", "account", "<Lin>"), no},
		{"Lin", question("<Lin>", "team.view", "team", "<team Blues>"), no},
		{"Otto", question("<Sue>", "account.list", "account", "<Max>"), no},
		{"Tess", question("<Ana>", "account.list", "account", "<Lin>"), no},
		{"Ana", question("<Una>", "account.list", "account", "<Lin>"), no},
		{"Ana", question("una@umbra.test", "account.edit_own", "account", "una@umbra.test"), no},
		{"Ana", question("<Leo>", "team.view", "team", "<team Shades>"), no},
		{"Ana", question("0000000000001", "team.view", "team", "<team Reds>"), no},
		{"Ana", question("nobody@acme.test", "team.view", "team", "<team Reds>"), no},
		{"Ana", question("<Leo>", "team.fly", "team", "<team Reds>"), no},
		{"Ana", question("<Leo>", "team.view", "spaceship", "<team Reds>"), no},
		{"Ana", question("<Leo>", "team.view", "account", "<Lin>"), no},
		// fields that are not named, properties and context change nothing
		{"Ana", `{"subject":{"type":"user","id":"leo","properties":{"role":"administrator"}},"action":{"name":"team.add_member","properties":{}},` +
			`"resource":{"type":"team","id":"<team Blues>","properties":{"owner":"leo"}},"context":{"time":"1985-10-26T01:22-07:00"},"foo":"bar"}`, `{"decision":false`},
	} {
		status, got := p.ask(p.all(c.who), "evaluation", c.in)
		if status != 200 || !strings.Contains(got, c.want) || c.want == no && got != no {
			t.Errorf("%s asks %s: %d %s; want %s", c.who, p.names(c.in), status, got, c.want)
		}
	}
}

// BE-7, BE-8: what is answered from memory is as current as any request: what is taken away, what ends by itself at its moment, who is
// archived, and what the token's person may no longer ask.
func TestBE7Current_BE8(t *testing.T) {
	p := newPDP(t)
	w, ask := p.w, question("<Leo>", "account.list", "account", "<Sue>")
	is := func(when, want string) {
		t.Helper()
		for range 3 {
			if _, got := p.ask(p.all("Tess"), "evaluation", ask); !strings.Contains(got, want) {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
	}
	run := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	member := action.GroupMember{Group: w.Management.ID, Account: w.People["Leo"].ID}
	is("at first", `"reason":"granted"`)
	run(action.RemoveGroupMember.Run(t.Context(), w.Env, w.As("Tess"), member))
	is("taken out of the group", `not_granted`)
	until := w.Clock.Now().Add(24 * time.Hour)
	run(nil, w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		err := store.Begin(t.Context(), tx, store.NewGrant{Account: member.Account, Role: access.ListUsers, At: w.Acme.Thing(), By: w.People["Ana"].ID, Since: w.Clock.Now(), Until: until})
		if err != nil {
			return err
		}
		return store.AddAudit(t.Context(), tx, store.AuditRow{Portal: w.Acme.ID, At: w.Clock.Now(), Operation: "test", Outcome: "done", Detail: "{}"})
	}))
	is("given for a day", `"until":"`)
	w.Clock.Move(24*time.Hour - time.Second)
	is("a second before its end", `"reason":"granted"`)
	w.Clock.Move(time.Second)
	is("at its end", `not_granted`)
	run(action.ArchiveAccount.Run(t.Context(), w.Env, w.As("Ana"), action.AccountID{Account: member.Account}))
	is("archived", `archived`)
	run(action.ArchiveAccount.Run(t.Context(), w.Env, w.As("Ana"), action.AccountID{Account: w.People["Tess"].ID}))
	if status, _ := p.ask(p.all("Tess"), "evaluation", ask); status != 401 {
		t.Errorf("the token of somebody archived: %d", status)
	}
}

// BE-7, XA-3: who may not know who is a full administrator is not told it by the grant that decides.
func TestBE7AdministratorsHidden_XA3(t *testing.T) {
	p := newPDP(t)
	ask := question("<Pia>", "portal.configure", "portal", "<portal>")
	if _, got := p.ask(p.all("Ana"), "evaluation", ask); !strings.Contains(got, `"role":"partial"`) {
		t.Errorf("Ana: %s", got)
	}
	if _, got := p.ask(p.all("Pia"), "evaluation", ask); !strings.Contains(got, `"role":"partial"`) {
		t.Errorf("Pia of herself: %s", got)
	}
}

// BE-7: what is not asked as the specification has it answers with 400, nobody with 401, a token that may not ask with 403;
// each with a text, and with the id that the request came with.
func TestBE7Errors(t *testing.T) {
	p := newPDP(t)
	good := question("<Leo>", "team.view", "team", "<team Reds>")
	ana := p.all("Ana")
	for _, c := range []struct {
		token, path, body string
		header            []string
		want              int
	}{
		{ana, "evaluation", good, nil, 200},
		{ana, "evaluation", `{"action":{"name":"team.view"},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user","id":"leo"},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user","id":"leo"},"action":{"name":"team.view"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"id":"leo"},"action":{"name":"team.view"},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user"},"action":{"name":"team.view"},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user","id":"leo"},"action":{},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user","id":"leo"},"action":{"name":"team.view"},"resource":{"id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user","id":"leo"},"action":{"name":"team.view"},"resource":{"type":"team"}}`, nil, 400},
		{ana, "evaluation", `{"subject":"leo","action":{"name":"team.view"},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user","id":"leo"},"action":{"name":123},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "evaluation", `{"subject":{"type":"user","id":"leo"},"action":{"name":"team.view"},"resource":{"type":"team","id":"1"},"context":"now"}`, nil, 400},
		{ana, "evaluation", ``, nil, 400},
		{ana, "evaluation", `{`, nil, 400},
		{ana, "evaluation", `[]`, nil, 400},
		{ana, "evaluation", good + good, nil, 400},
		{ana, "evaluation", strings.Repeat(" ", 2<<20) + good, nil, 400},
		{ana, "evaluation", good, []string{"Content-Type", "text/plain"}, 400},
		{ana, "evaluation", good, []string{"Content-Type", "application/json; charset=utf-8"}, 200},
		{ana, "evaluations", `{"evaluations":[` + good + `],"options":{"evaluations_semantic":"perhaps"}}`, nil, 400},
		{ana, "evaluations", `{"evaluations":{}}`, nil, 400},
		{ana, "evaluations", `{"evaluations":[` + strings.Repeat(`{},`, 1000) + `{}]}`, nil, 400},
		{ana, "search/subject", `{"subject":{"type":"user"},"resource":{"type":"team","id":"1"}}`, nil, 400},
		{ana, "search/subject", `{"subject":{"type":"user"},"action":{"name":"team.view"},"resource":{"type":"team"}}`, nil, 400},
		{ana, "search/resource", `{"action":{"name":"team.view"},"resource":{"type":"team"}}`, nil, 400},
		{ana, "search/resource", `{"subject":{"type":"user"},"action":{"name":"team.view"},"resource":{"type":"team"}}`, nil, 400},
		{ana, "search/action", `{"subject":{"type":"user","id":"leo"}}`, nil, 400},
		{ana, "search/action", `{"subject":{"type":"user","id":"leo"},"resource":{"type":"team","id":"<team Reds>"},"page":{"limit":-1}}`, nil, 400},
		{ana, "search/action", `{"subject":{"type":"user","id":"leo"},"resource":{"type":"team","id":"<team Reds>"},"page":{"token":"x"}}`, nil, 400},
		{"", "evaluation", good, nil, 401},
		{"", "evaluation", `{`, nil, 401},
		{ana + "x", "evaluation", good, nil, 401},
		{"", "search/action", good, nil, 401},
		{p.token("Ana", "team.list"), "evaluation", good, nil, 403},
		{p.token("Ana", "team.list"), "evaluations", `{"evaluations":[` + good + `]}`, nil, 403},
		{p.token("Ana", "team.list"), "search/subject", good, nil, 403},
		{p.token("Ana", "team.list"), "search/resource", good, nil, 403},
		{p.token("Ana", "team.list"), "search/action", good, nil, 403},
		{ana, "search/everything", good, nil, 404},
	} {
		resp := p.send(c.token, c.path, c.body, append(c.header, "X-Request-ID", "bfe9eb29 ab87")...)
		text, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != c.want || resp.Header.Get("X-Request-ID") != "bfe9eb29 ab87" || len(text) == 0 {
			t.Errorf("%s %.150s: %d %.200s, id %q; want %d", c.path, c.body, resp.StatusCode, text, resp.Header.Get("X-Request-ID"), c.want)
		}
		if kind := resp.Header.Get("Content-Type"); resp.StatusCode == 200 && kind != "application/json" || resp.StatusCode != 200 && !strings.HasPrefix(kind, "text/plain") {
			t.Errorf("%s: %d as %s", c.path, resp.StatusCode, kind)
		}
	}
}

// BE-7: several questions are answered in their order at one moment, with what they share said once, by each semantic; what is
// wrong with one is said there.
func TestBE7Evaluations(t *testing.T) {
	p := newPDP(t)
	for _, c := range []struct{ in, want string }{
		{`{"subject":{"type":"user","id":"leo"},"action":{"name":"team.edit"},"evaluations":[{"resource":{"type":"team","id":"<team Reds>"}},{"resource":{"type":"team","id":"<team Blues>"}},` +
			`{"action":{"name":"team.view"},"resource":{"type":"team","id":"<team Blues>"}}]}`, "yes no yes"},
		{`{"subject":{"type":"user","id":"leo"},"action":{"name":"team.edit"},"options":{"evaluations_semantic":"deny_on_first_deny"},"evaluations":[{"resource":{"type":"team","id":"<team Reds>"}},` +
			`{"resource":{"type":"team","id":"<team Blues>"}},{"resource":{"type":"team","id":"<team Reds>"}}]}`, "yes no"},
		{`{"subject":{"type":"user","id":"leo"},"action":{"name":"team.edit"},"options":{"evaluations_semantic":"permit_on_first_permit","other":1},"evaluations":[{"resource":{"type":"team","id":"<team Blues>"}},` +
			`{"resource":{"type":"team","id":"<team Reds>"}},{"resource":{"type":"team","id":"<team Reds>"}}]}`, "no yes"},
		{`{"subject":{"type":"user","id":"leo"},"action":{"name":"team.edit"},"resource":{"type":"team"},"evaluations":[{"resource":{"id":"<team Reds>"}},{},` +
			`{"subject":{"type":"user","id":"lin"},"resource":{"id":"<team Reds>"}}]}`, "yes no(400) no"},
		{question("<Leo>", "team.edit", "team", "<team Reds>"), "single yes"},
		{`{"evaluations":[],` + question("<Leo>", "team.edit", "team", "<team Reds>")[1:], "single yes"},
		{`{"options":{"evaluations_semantic":"execute_all"},"evaluations":[` + question("<Leo>", "team.edit", "team", "<team Reds>") + `,` + question("<Una>", "team.edit", "team", "<team Shades>") + `]}`, "yes no"},
	} {
		status, got := p.ask(p.all("Ana"), "evaluations", c.in)
		var out struct {
			asking.Decisions
			Decision *bool
		}
		if err := json.Unmarshal([]byte(got), &out); err != nil || status != 200 {
			t.Errorf("%s: %d %s %v", c.in, status, got, err)
		}
		var said []string
		if out.Decision != nil {
			said = []string{"single", map[bool]string{true: "yes", false: "no"}[*out.Decision]}
		}
		for _, d := range out.Evaluations {
			word := map[bool]string{true: "yes", false: "no"}[d.Decision]
			if d.Context != nil && d.Context.Error != nil {
				word += "(400)"
			}
			said = append(said, word)
		}
		if strings.Join(said, " ") != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

// found follows a search to its end, page by page, and returns what it found.
func (p *pdp) found(token, path, body string, limit string) (all []string) {
	p.t.Helper()
	next := ""
	for range 500 {
		in := strings.TrimSuffix(body, "}") + `,"page":{"limit":` + limit + `,"token":"` + next + `"}}`
		status, text := p.ask(token, path, in)
		var out struct {
			Results []struct{ Type, ID, Name string }
			Page    struct {
				Next  string `json:"next_token"`
				Count int
			}
		}
		if err := json.Unmarshal([]byte(text), &out); err != nil || status != 200 || out.Results == nil || out.Page.Count != len(out.Results) {
			p.t.Fatalf("%s %s: %d %s %v", path, in, status, text, err)
		}
		for _, r := range out.Results {
			all = append(all, r.ID+r.Name)
		}
		if next = out.Page.Next; next == "" {
			return all
		}
	}
	p.t.Fatal("no end")
	return nil
}

// BE-7: a search finds all that an evaluation says yes to, and nothing else: for every person as subject, every action, and
// every thing of the world, page by page.
func TestBE7SearchesAgree(t *testing.T) {
	p := newPDP(t)
	things := map[string][]string{"portal": {p.w.Acme.ID.String()}}
	for name, x := range p.w.Teams {
		if name != "Shades" {
			things["team"] = append(things["team"], x.ID.String())
		}
	}
	for _, x := range p.w.Orgs {
		if x.Portal == p.w.Acme.ID {
			things["organization"] = append(things["organization"], x.ID.String())
		}
	}
	var people []string
	for _, x := range p.w.People {
		if x.Portal == p.w.Acme.ID {
			people = append(people, x.ID.String())
		}
	}
	slices.Sort(people)
	things["account"] = people
	actions := []string{"team.view", "team.edit", "account.list", "account.reset_password", "account.edit_own", "organization.list", "analytics.read", "course.list"}
	for _, asker := range []string{"Ana", "Otto"} {
		yes := map[string]bool{}
		for kind, ids := range things {
			for _, action := range actions {
				for _, id := range ids {
					var list []string
					for _, who := range people {
						list = append(list, question(who, action, kind, id))
					}
					_, text := p.ask(p.all(asker), "evaluations", `{"evaluations":[`+strings.Join(list, ",")+`]}`)
					var out asking.Decisions
					if err := json.Unmarshal([]byte(text), &out); err != nil || len(out.Evaluations) != len(people) {
						t.Fatal(text, err)
					}
					for i, d := range out.Evaluations {
						yes[people[i]+" "+action+" "+kind+" "+id] = d.Decision
					}
				}
			}
		}
		same := func(what string, got, want []string) {
			t.Helper()
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s found %v, evaluations say %v", asker, what, got, want)
			}
		}
		for kind, ids := range things {
			for _, action := range actions {
				for _, id := range ids {
					var want []string
					for _, who := range people {
						if yes[who+" "+action+" "+kind+" "+id] {
							want = append(want, who)
						}
					}
					same("subjects of "+action+" "+kind, p.found(p.all(asker), "search/subject", question("", action, kind, id), "3"), want)
				}
				for _, who := range people {
					var want []string
					for _, id := range ids {
						if yes[who+" "+action+" "+kind+" "+id] {
							want = append(want, id)
						}
					}
					same("resources of "+action+" "+kind, p.found(p.all(asker), "search/resource", question(who, action, kind, ""), "2"), want)
				}
			}
			for _, who := range people[:4] {
				got := p.found(p.all(asker), "search/action", question(who, "", kind, ids[0]), "7")
				for _, action := range actions {
					if slices.Contains(got, action) != yes[who+" "+action+" "+kind+" "+ids[0]] {
						t.Errorf("%s: actions of %s on %s: %v, without or with %s", asker, who, kind, got, action)
					}
				}
			}
		}
	}
}

// BE-7: a search for what nobody may see finds nothing, and a page's token is of no use to another search.
func TestBE7SearchesFindNothing(t *testing.T) {
	p := newPDP(t)
	for _, c := range [][2]string{
		{"search/subject", question("", "team.view", "team", "<team Shades>")},
		{"search/subject", question("", "team.view", "team", "0000000000001")},
		{"search/subject", `{"subject":{"type":"spaceship"},"action":{"name":"team.view"},"resource":{"type":"team","id":"<team Reds>"}}`},
		{"search/subject", question("", "team.fly", "team", "<team Reds>")},
		{"search/resource", question("<Una>", "team.view", "team", "")},
		{"search/resource", question("<Leo>", "team.view", "spaceship", "")},
		{"search/resource", question("nobody@acme.test", "team.view", "team", "")},
		{"search/action", question("<Una>", "", "team", "<team Reds>")},
		{"search/action", question("<Leo>", "", "team", "<team Shades>")},
	} {
		if status, got := p.ask(p.all("Ana"), c[0], c[1]); status != 200 || got != `{"results":[],"page":{"next_token":"","count":0}}` {
			t.Errorf("%s %s: %d %s", c[0], c[1], status, got)
		}
	}
	_, first := p.ask(p.all("Ana"), "search/subject", strings.TrimSuffix(question("", "team.view", "team", "<team Reds>"), "}")+`,"page":{"limit":1}}`)
	var out struct {
		Page struct {
			Next string `json:"next_token"`
		}
	}
	if err := json.Unmarshal([]byte(first), &out); err != nil || out.Page.Next == "" {
		t.Fatal(first, err)
	}
	if status, _ := p.ask(p.all("Ana"), "search/subject", strings.TrimSuffix(question("", "team.edit", "team", "<team Reds>"), "}")+`,"page":{"token":"`+out.Page.Next+`"}}`); status != 400 {
		t.Errorf("another search's token: %d", status)
	}
}

// BE-7: the discovery document names the portal as it is reached, and is open to everybody.
func TestBE7Configuration(t *testing.T) {
	p := newPDP(t)
	for _, host := range []string{"acme.test", "umbra.test"} {
		r := httptest.NewRequest("GET", "http://"+host+"/.well-known/authzen-configuration", nil)
		r.Header.Set("X-Request-ID", "7")
		rec := httptest.NewRecorder()
		p.mux.ServeHTTP(rec, r)
		var out map[string]string
		if rec.Code != 200 || rec.Header().Get("X-Request-ID") != "7" {
			t.Fatalf("%s: %d", host, rec.Code)
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || out["policy_decision_point"] != "http://"+host || len(out) != 6 ||
			out["search_action_endpoint"] != "http://"+host+"/access/v1/search/action" {
			t.Errorf("%s: %s %v", host, rec.Body, err)
		}
	}
}
