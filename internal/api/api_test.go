package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/intake"
	"provost/internal/api"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// server mounts every operation for a test in which a header says who asks.
func server(t *testing.T, w *worldtest.Test) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	who := func(r *http.Request) (action.Visitor, error) {
		if r.Header.Get("As") == "" {
			return action.Visitor{}, fail.New(fail.SignIn, "Please send a token.")
		}
		return action.Visitor{Who: w.As(r.Header.Get("As"))}, nil
	}
	if _, err := api.Mount(mux, w.Env, who, action.All); err != nil {
		t.Fatal(err)
	}
	return mux
}

func ask(t *testing.T, h http.Handler, as, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("As", as)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	text, _ := io.ReadAll(rec.Result().Body)
	return rec.Code, string(text)
}

// A click and an API call run the same operation, and its refusals come as problem details.
func TestAddTeamMember(t *testing.T) {
	w := worldtest.New(t)
	h := server(t, w)
	reds, blues := "/api/v1/teams/"+w.Teams["Reds"].ID.String()+"/members", "/api/v1/teams/"+w.Teams["Blues"].ID.String()+"/members"
	lou := `{"account":"` + w.People["Lou"].ID.String() + `"}`
	for _, step := range []struct {
		as, path, body string
		status         int
		holds          string
	}{
		{"Leo", reds + "?preview=true", lou, 200, `"gaining":1`},
		{"Leo", reds, lou, 200, `"Lou Learner"`},
		{"Leo", reds, lou, 409, `"detail"`},
		{"Leo", blues, lou, 403, "Add people to a team"},
		{"Sue", reds, lou, 404, `"There is no such thing."`},
		{"Leo", "/api/v1/teams/nonsense/members", lou, 404, `"There is no such thing."`},
		{"Leo", reds, `{"account":7}`, 422, `"location":"account"`},
		{"Leo", reds, `{"person":"x"}`, 422, `unexpected property`},
		{"Leo", reds, `{`, 422, "not JSON"},
		{"Leo", reds, `{"account":"` + strings.Repeat("x", 2<<20) + `"}`, 422, "1 MiB"},
		{"", reds, lou, 401, "token"},
	} {
		status, text := ask(t, h, step.as, "POST", step.path, step.body)
		if status != step.status || !strings.Contains(text, step.holds) {
			t.Errorf("%s posts %.60s to %s: %d %s; want %d with %s", step.as, step.body, step.path, status, text, step.status, step.holds)
		}
	}
}

// BE-5: every operation names its permission or says why it needs none, and every permission is some operation's.
func TestEveryPermissionIsUsed(t *testing.T) {
	used := map[*access.Permission]bool{}
	names := map[string]bool{}
	for _, o := range action.All {
		m := o.Meta()
		if names[m.Name] {
			t.Errorf("two operations are called %s", m.Name)
		}
		names[m.Name] = true
		if len(m.Needs) == 0 && m.Open == "" {
			t.Errorf("%s names no permission", m.Name)
		}
		for _, p := range m.Needs {
			used[p] = true
		}
	}
	for _, p := range intake.BeginImport.Needs { // an import begins on the page and on the command line alone
		used[p] = true
	}
	for _, p := range access.Table() {
		if !used[p] {
			t.Errorf("no operation needs %s", p.Key)
		}
	}
}

func TestOpenAPI(t *testing.T) {
	w := worldtest.New(t)
	status, text := ask(t, server(t, w), "Leo", "GET", "/api/v1/openapi.json", "")
	var doc struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil || status != 200 || !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) == 0 {
		t.Fatalf("%d %.300s %v", status, text, err)
	}
}

// CO-1: files come to the API as multipart/form-data, with what would else be the body as input; their bytes only, never a hash.
func TestCO1FilesComeToTheAPI(t *testing.T) {
	w := worldtest.New(t)
	h := server(t, w)
	made := func(path, body string) string {
		status, text := ask(t, h, "Ivy", "POST", "/api/v1"+path, body)
		var out struct{ ID string }
		if err := json.Unmarshal([]byte(text), &out); err != nil || status != 200 {
			t.Fatalf("%s: %d %s", path, status, text)
		}
		return out.ID
	}
	course := "/courses/" + made("/courses", `{"organization":"`+w.Orgs["North"].ID.String()+`","code":"sql","name":"SQL"}`)
	section := made(course+"/sections", `{"title":"Week 1"}`)
	files := "/api/v1" + course + "/lessons/" + made(course+"/lessons", `{"section":"`+section+`","title":"Tables","text":""}`) + "/files"
	send := func(as, input string) (int, string) {
		body := "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.png\"\r\n\r\n" + worldtest.PNG +
			"\r\n--b\r\nContent-Disposition: form-data; name=\"input\"\r\n\r\n" + input + "\r\n--b--\r\n"
		r := httptest.NewRequest("POST", files, strings.NewReader(body))
		r.Header.Set("As", as)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code, rec.Body.String()
	}
	for _, step := range []struct {
		as, input string
		status    int
	}{{"Ivy", `{"alt":"A table"}`, 200}, {"Ivy", `{}`, 422}, {"Ivy", `{"alt":"x","hash":"y"}`, 422}, {"Ivy", `no JSON`, 422}, {"Lou", `{"alt":"x"}`, 404}, {"Leo", `{"alt":"x"}`, 403}} {
		if status, text := send(step.as, step.input); status != step.status {
			t.Errorf("%s %s: %d %s", step.as, step.input, status, text)
		}
	}
	if status, text := ask(t, h, "Ivy", "POST", files, `{"files":[{"Hash":"x"}]}`); status != 422 {
		t.Errorf("a file that is named, not sent: %d %s", status, text)
	}
}
