package path_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// course lets Ivy make a course with one lesson on the pages; Lin is enrolled in it.
func course(t *testing.T, site *webtest.Site, name string) (at string) {
	t.Helper()
	ivy, ana := site.As(t, "Ivy"), site.As(t, "Ana")
	p := ivy.Submit(ivy.Get("/manage/courses/new"), "main form.form", "name", name, "code", name, "organization", site.Orgs["North"].ID.String())
	at = strings.TrimSuffix(p.Path, "/")
	ivy.Submit(ivy.Get(at+"/outline"), `form[action$="/sections"]`, "title", "Week 1")
	ivy.Submit(ivy.Get(ivy.Get(at+"/outline").Find(".section-head .button").AttrOr("href", "")), "main form.form", "title", "Tables", "text", "One.")
	ana.Submit(ana.Get(at+"/enrol"), "main form.form", "accounts_text", "Lin Learner")
	return at
}

// finish lets a learner do the first lesson of a course.
func finish(t *testing.T, lin *webtest.Client, at string) {
	t.Helper()
	lin.Submit(lin.Get(lin.Get(at+"/outline").Find(".head .primary").AttrOr("href", "")), `form[action$="/done"]`)
}

// CO-1 on the pages: staff let a course give certificates, a learner downloads theirs, and anybody who has its code verifies it, seeing name,
// course and date alone; then it is withdrawn.
func TestCO1CertificatePages(t *testing.T) {
	site := webtest.New(t)
	at := course(t, site, "SQL ‹b›")
	ivy, lin, visitor := site.As(t, "Ivy"), site.As(t, "Lin"), site.Visit(t)
	p := ivy.Get(ivy.Get(at+"/outline").Find(`.tabs a:contains("Completion")`).AttrOr("href", ""))
	to := p.Find(`.head a:contains("Certificates")`).AttrOr("href", "")
	if p := ivy.Submit(ivy.Get(to), `form[action$="/certificates"]`, "give", "sometimes"); p.Status != 422 {
		t.Errorf("no way of giving: %d", p.Status)
	}
	ivy.Submit(ivy.Get(to), `form[action$="/certificates"]`, "give", "completion", "days", "90")
	finish(t, lin, at)
	own := lin.Get(lin.Get("/").Find(`a:contains("My certificates")`).AttrOr("href", ""))
	code := own.Text(`td a[href^="/verify/"]`)
	r := lin.Request(http.MethodGet, own.Find(`a[href$="/file"]`).AttrOr("href", ""), nil)
	answer, err := lin.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, _ := io.ReadAll(answer.Body); answer.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(string(body), "%PDF-") || len(body) < 5000 {
		t.Errorf("%v %d bytes", answer.Header, len(body))
	}
	p = visitor.Submit(visitor.Get("/verify"), "main form.form", "code", strings.ToLower(code))
	text := p.Text("body")
	if p.Status != 200 || !strings.Contains(text, "Lin Learner") || !strings.Contains(text, "SQL ‹b›") || strings.Contains(text, "lin@") || strings.Contains(text, "North") {
		t.Errorf("%d %s", p.Status, text)
	}
	for _, wrong := range []string{"/verify/" + code[:20], "/verify/-", "/verify/'"} {
		if p := visitor.Get(wrong); p.Status != 404 || strings.Contains(p.Text("body"), "Lin") {
			t.Errorf("%s: %d", wrong, p.Status)
		}
	}
	p = ivy.Get(to)
	p = ivy.Submit(ivy.Get(p.Find(`td a[href*="/revoke"]`).AttrOr("href", "")), `form[action*="/revoke"]`, "reason", "")
	if p.Status != 422 {
		t.Errorf("withdrawn without a reason: %d %s", p.Status, p.Text("main"))
	}
	if p = ivy.Submit(p, `form[action*="/revoke"]`, "reason", "copied"); !strings.Contains(p.Text("tbody"), "copied") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := visitor.Get("/verify/" + code); p.Status != 404 {
		t.Errorf("a withdrawn one: %d", p.Status)
	}
	if p := lin.Get(own.Find(`a[href$="/file"]`).AttrOr("href", "")); p.Status != 409 {
		t.Errorf("the file of a withdrawn one: %d", p.Status)
	}
}

// CO-2, RT-2 on the pages, without scripts: Ivy creates a path, puts two courses on it and orders them; Max of the Lab below enrols himself and goes along it.
func TestCO2PathPages(t *testing.T) {
	site := webtest.New(t)
	first, second := course(t, site, "First"), course(t, site, "Second")
	ivy, max, lou := site.As(t, "Ivy"), site.As(t, "Max"), site.As(t, "Lou")
	p := ivy.Get(ivy.Get("/").Find(`nav a:contains("Learning paths")`).AttrOr("href", ""))
	p = ivy.Get(p.Find(`.head .primary`).AttrOr("href", ""))
	if p := ivy.Submit(p, "main form.form", "name", "", "organization", site.Orgs["North"].ID.String()); p.Status != 422 {
		t.Errorf("without a name: %d", p.Status)
	}
	p = ivy.Submit(p, "main form.form", "name", "Data ‹i›", "organization", site.Orgs["North"].ID.String(), "in_order", "on", "open", "on")
	way := p.Path
	goals := `form[action$="/goals"]`
	if p := ivy.Submit(ivy.Get(way), goals, "course_text", "no such course"); p.Status != 422 {
		t.Errorf("no course: %d", p.Status)
	}
	for _, name := range []string{"second", "First"} {
		ivy.Submit(ivy.Get(way), goals, "course_text", name)
	}
	p = ivy.Submit(ivy.Get(way), `tbody tr:nth-child(2) form[action$="/order"]`)
	if got := strings.Join(p.Texts("tbody tr"), "|"); !strings.HasPrefix(got, "First") {
		t.Fatalf("%d %s", p.Status, got)
	}
	if p := lou.Get(way); p.Status != 404 {
		t.Errorf("Lou of South: %d", p.Status)
	}
	own := max.Get(max.Get("/").Find(`a:contains("All paths")`).AttrOr("href", ""))
	p = max.Submit(own, `form[action$="/join"]`)
	if p.Path != way || p.Find(`tbody a[href="`+first+`/outline"]`).Length() != 1 || p.Has(`tbody a[href="`+second+`/outline"]`) || p.Has(`a[href$="/edit"]`) {
		t.Fatalf("%s %s", p.Path, p.Text("main"))
	}
	for _, closed := range []string{"/learners", "/administrators", "/edit"} {
		if p := max.Get(way + closed); p.Status != 403 {
			t.Errorf("Max opens %s: %d", closed, p.Status)
		}
	}
	finish(t, max, first)
	if p := max.Get(way); !strings.Contains(p.Text("main"), "1 of 2 goals reached") || !p.Has(`tbody a[href="`+second+`/outline"]`) {
		t.Errorf("%s", p.Text("main"))
	}
	if p := ivy.Get(ivy.Get(way).Find(`.head a[href$="/learners"]`).AttrOr("href", "")); !strings.Contains(p.Text("tbody"), "Max Lab") || !strings.Contains(p.Text("tbody"), "1 of 2") {
		t.Errorf("%s", p.Text("main"))
	}
	p = max.Submit(max.Get(way+"/leave"), `form[action$="/leave"]`)
	if p.Path != "/paths" || !p.Has(`form[action$="/join"]`) {
		t.Errorf("%s %s", p.Path, p.Text("main"))
	}
}

// CO-5, MG-1 on the pages, without scripts: Otto requires a course of North; Lin finds it on her home page, Gus how his people stand.
func TestCO5CompliancePages(t *testing.T) {
	site := webtest.New(t)
	at := course(t, site, "Safety ‹b›")
	otto, lin, gus, lou := site.As(t, "Otto"), site.As(t, "Lin"), site.As(t, "Gus"), site.As(t, "Lou")
	p := otto.Get(otto.Get("/").Find(`nav a:contains("Compliance")`).AttrOr("href", ""))
	p = otto.Get(p.Find(".head .primary").AttrOr("href", ""))
	if p := otto.Submit(p, `form[action="/compliance"]`, "course_text", "nothing", "organization_text", "North"); p.Status != 422 {
		t.Errorf("no course: %d", p.Status)
	}
	p = otto.Submit(p, `form[action="/compliance"]`, "course_text", "Safety ‹b›", "organization_text", "North", "role", "learner", "due_days", "3")
	to := p.Path
	if !strings.Contains(p.Text("tbody"), "Lin Learner") || !strings.Contains(p.Text("tbody"), "Max Lab") || strings.Contains(p.Text("tbody"), "Lou") {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	if p := lin.Get("/"); !strings.Contains(p.Text("main"), "Required of me") || !p.Has(`a[href="`+at+`/outline"]`) {
		t.Errorf("%s", p.Text("main"))
	}
	if p := lou.Get("/"); strings.Contains(p.Text("main"), "Required of me") {
		t.Errorf("%s", p.Text("main"))
	}
	if p := gus.Get(to + "?state=due"); !strings.Contains(p.Text("tbody"), "Lin Learner") || p.Has(`a[href$="/end"]`) {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := gus.Get(to + "?state=nonsense"); p.Status != 422 {
		t.Errorf("%d", p.Status)
	}
	for who, c := range map[string]*webtest.Client{"Lin": lin, "Lou": lou} {
		if p := c.Get(to); p.Status != 404 && p.Status != 403 {
			t.Errorf("%s: %d", who, p.Status)
		}
	}
	for report, want := range map[string]string{"compliance-status": "Lin Learner", "compliance-summary": "Safety ‹b›", "learning-paths": ""} { // RE-2
		if p := gus.Get("/reports/" + report); p.Status != 200 || !strings.Contains(p.Text("main"), want) || strings.Contains(p.Text("main"), "Lou") {
			t.Errorf("%s: %d %s", report, p.Status, p.Text("main"))
		}
		if p := lin.Get("/reports/" + report); p.Status != 403 {
			t.Errorf("Lin, %s: %d", report, p.Status)
		}
	}
	if p := site.As(t, "Ivy").Get("/"); !strings.Contains(p.Text("main"), "Courses that I teach") {
		t.Errorf("Ivy's home: %s", p.Text("main"))
	}
	finish(t, lin, at)
	if p := gus.Get(to + "?state=done"); !strings.Contains(p.Text("tbody"), "Lin Learner") {
		t.Errorf("%s", p.Text("main"))
	}
	p = otto.Submit(otto.Get(otto.Get(to).Find(`.head a[href$="/end"]`).AttrOr("href", "")), `form[action$="/end"]`)
	if p.Path != "/compliance" || strings.Contains(p.Text("tbody"), "Safety") {
		t.Errorf("%s %s", p.Path, p.Text("main"))
	}
}
