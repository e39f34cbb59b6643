package work_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/webtest"
	"provost/internal/world/worldtest"
)

// said sends what an item says to where it is kept, as its player does.
func said(t *testing.T, c *webtest.Client, launch, item, data string) *webtest.Page {
	t.Helper()
	return c.Do(c.Request(http.MethodPost, launch+"/state?item="+item, strings.NewReader(`{"data":`+data+`}`)))
}

// launched is where the content of a package is reached that a page of the portal frames.
func launched(t *testing.T, p *webtest.Page) string {
	t.Helper()
	src, ok := strings.CutPrefix(p.Find("iframe").AttrOr("src", ""), webtest.Packages)
	u, err := url.Parse(src)
	if !ok || err != nil || p.Find("iframe").AttrOr("sandbox", "") == "" || !strings.Contains(p.Header.Get("Content-Security-Policy"), "frame-src "+webtest.Packages+";") {
		t.Fatalf("no package at %s: %d %s", p.Path, p.Status, p.Text("main"))
	}
	return strings.TrimSuffix(u.Path, "/play")
}

// saves is how many rows of the audit tell of what packages kept.
func saves(t *testing.T, site *webtest.Site) (n int64) {
	t.Helper()
	if err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM audit WHERE operation = 'package.save' AND outcome = 'done'`))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// startedAgain finds that a learner and who grades them begin a package anew: the result stays, what was kept to go on from is gone, and
// a player of the attempt before brings nothing of it back.
func startedAgain(t *testing.T, site *webtest.Site, at, old string) {
	t.Helper()
	ivy, lin, apart := site.As(t, "Ivy"), site.As(t, "Lin"), site.Visit(t)
	apart.Host = "packages.test"
	again := func() *webtest.Page {
		return lin.Submit(lin.Get(at+"/restart"), `form[action$="/restart"]`)
	}
	if p := again(); p.Status != 200 || strings.Contains(p.Text("main"), "Go on") || !strings.Contains(p.Text("main"), "90 of 100 points") {
		t.Errorf("Lin starts again: %d %s", p.Status, p.Text("main"))
	}
	for _, data := range []string{`{"cmi.suspend_data":"of the attempt before"}`, `{"cmi.core.lesson_status":"completed"}`} {
		if p := said(t, apart, old, "read", data); p.Status != 409 {
			t.Errorf("the player of the attempt before keeps %s: %d", data, p.Status)
		}
	}
	second := launched(t, lin.Get(at+"/play?item=read"))
	if p := apart.Get(second + "/play?item=read"); strings.Contains(p.Body, "page 3") || strings.Contains(p.Body, "attempt before") {
		t.Errorf("the second attempt finds %s", p.Body)
	}
	said(t, apart, second, "read", `{"cmi.core.lesson_status":"completed","cmi.core.score.raw":"10"}`)
	for who, want := range map[string]int{"Leo": 403, "Sue": 404, "Ivy": 409} {
		if p := site.As(t, who).Post(at + "/restart"); p.Status != want {
			t.Errorf("%s starts it again: %d", who, p.Status)
		}
	}
	grading := lin.Get(at).Path + "/learners/"
	var enrolment string
	if err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		id, err := db.Val[int64](t.Context(), tx, db.SQL(`SELECT enrolment_id FROM package_states WHERE score = 10`))
		enrolment = db.ID(id).String()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string]int{"Lin": 403, "Max": 403, "Leo": 403, "Sue": 404} {
		if p := site.As(t, who).Post(grading + enrolment + "/restart"); p.Status != want {
			t.Errorf("%s lets Lin start again: %d", who, p.Status)
		}
	}
	ivy.Submit(ivy.Get(at+"/edit"), "main form.form", "attempts", "3")
	said(t, apart, launched(t, lin.Get(at+"/play?item=read")), "read", `{"cmi.suspend_data":"x"}`)
	if p := ivy.Submit(ivy.Get(grading+enrolment), `form[action$="/restart"]`); p.Status != 200 || !strings.Contains(lin.Get(at).Text("main"), "90 of 100 points") {
		t.Errorf("Ivy lets Lin start again: %d %s", p.Status, p.Text("main"))
	}
	said(t, apart, launched(t, lin.Get(at+"/play?item=read")), "read", `{"cmi.suspend_data":"x"}`)
	if p := lin.Post(at + "/restart"); p.Status != 409 || lin.Get(at).Has(`a[href$="/restart"]`) {
		t.Errorf("a fourth attempt of three: %d", p.Status)
	}
}

// originForEach finds that a package has an origin for each learner where there is a name for each, and is served at no other.
func originForEach(t *testing.T, site *webtest.Site, at string) {
	t.Helper()
	site = webtest.ServeWith(t, site.Test, "http://*.packages.test")
	frame := func(who string) *url.URL {
		p := site.As(t, who).Get(at + "/play?item=read")
		u, err := url.Parse(p.Find("iframe").AttrOr("src", ""))
		if err != nil || !strings.HasSuffix(u.Host, ".packages.test") || !strings.Contains(p.Header.Get("Content-Security-Policy"), "frame-src http://"+u.Host+";") {
			t.Fatalf("%d %v", p.Status, u)
		}
		return u
	}
	mine, his, apart := frame("Lin"), frame("Max"), site.Visit(t)
	for host, want := range map[string]int{mine.Host: 200, his.Host: 404, "packages.test": 404, "x.packages.test": 404} {
		apart.Host = host
		if p := apart.Get(mine.Path); p.Status != want || p.Header.Get("Clear-Site-Data") != "" {
			t.Errorf("at %s: %d", host, p.Status)
		}
	}
	if mine.Host == his.Host || frame("Lin").Host != mine.Host {
		t.Errorf("%s and %s", mine.Host, his.Host)
	}
}

// CO-1: a package of SCORM is uploaded, played at an address of its own, and its score becomes a result. What the package's own
// scripts reach is the state of that person in that package, for as long as they may see it.
func TestCO1PackageIsPlayed(t *testing.T) {
	site := webtest.New(t)
	ivy, lin, max := site.As(t, "Ivy"), site.As(t, "Lin"), site.As(t, "Max")
	apart := site.Visit(t)
	apart.Host = "packages.test"
	p := ivy.Submit(ivy.Get("/manage/courses/new"), "main form.form", "name", "Safety", "code", "safety", "organization", site.Orgs["North"].ID.String())
	course := strings.TrimSuffix(p.Path, "/")
	ivy.Submit(ivy.Get(course+"/outline"), `form[action$="/sections"]`, "title", "Week 1")
	at := ivy.Submit(ivy.Get(ivy.Get(course+"/outline").Find(`.section-head a[href*="/assessments/new"]`).AttrOr("href", "")), "main form.form", "title", "Safety first", "kind", "package").Path
	site.As(t, "Ana").Submit(site.As(t, "Ana").Get(course+"/enrol"), "main form.form", "accounts_text", "Lin Learner\nMax Lab")

	good := map[string]string{"imsmanifest.xml": worldtest.Scorm12, "a/read.html": "<script>top.location='/'</script>read", "a/test.html": "test"}
	evil := map[string]string{"imsmanifest.xml": worldtest.Scorm12, "../a/read.html": "", "a/test.html": ""}
	if p := ivy.Upload(at+"/package", "file", map[string]string{"p.zip": worldtest.Zip(evil)}); p.Status != 422 || !strings.Contains(p.Text("main"), "../a/read.html, which would lie outside of it") {
		t.Errorf("one that climbs out: %d %s", p.Status, p.Text("main"))
	}
	if p := lin.Upload(at+"/package", "file", map[string]string{"p.zip": worldtest.Zip(good)}); p.Status != 403 {
		t.Errorf("a learner uploads: %d", p.Status)
	}
	if p := ivy.Upload(at+"/package", "file", map[string]string{"p.zip": worldtest.Zip(good)}); p.Status != 200 || strings.Join(p.Texts("tbody tr td:first-child, tbody tr th"), " ") != "Read Test" {
		t.Fatalf("uploaded: %d %s", p.Status, p.Text("main"))
	}

	mine := launched(t, lin.Get(lin.Get(at).Find(`a[href*="/play?item=read"]`).AttrOr("href", "")))
	his := launched(t, max.Get(at+"/play?item=read"))
	originForEach(t, site, at)
	if got := apart.Get(mine + "/play").Header.Get("Clear-Site-Data"); got != `"storage", "cookies"` {
		t.Errorf("where all share an origin, it keeps what others left: %q", got)
	}
	for path, want := range map[string]struct {
		status     int
		kind, text string
	}{"/play?item=test": {200, "text/html; charset=utf-8", `"file":"` + mine + `/files/a/test.html?x=1\u0026mode=test#top"`}, "/files/a/read.html": {200, "text/html; charset=utf-8", "read"},
		"/files/imsmanifest.xml": {200, "text/xml; charset=utf-8", "Safety"}, "/files/a/none.html": {404, "", ""}, "/files/..%2f..%2fetc%2fpasswd": {404, "", ""}, "/play?item=none": {404, "", ""}} {
		p := apart.Get(mine + path)
		csp := p.Header.Get("Content-Security-Policy")
		if p.Status != want.status || want.kind != "" && p.Header.Get("Content-Type") != want.kind || !strings.Contains(p.Body, want.text) || p.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(csp, "sandbox ") || strings.Contains(csp, "top-navigation") || !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "*") || len(p.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: %d %v %s", path, p.Status, p.Header, p.Body)
		}
	}
	if p := lin.Get(mine + "/files/a/read.html"); p.Status != 404 {
		t.Errorf("content at the portal's own address: %d", p.Status)
	}
	for _, path := range []string{"/", "/sign-in", at, "/api/v1/me", strings.Replace(mine, ".", "A.", 1) + "/play", "/p/x/play"} {
		if p := apart.Get(path); p.Status != 404 && p.Status != 401 {
			t.Errorf("%s at the packages' address: %d", path, p.Status)
		}
	}

	if p := said(t, apart, mine, "read", `{"cmi.core.lesson_status":"completed","cmi.suspend_data":"page 3"}`); p.Status != 200 || p.Body != `{"kept":true,"done":true}` {
		t.Errorf("the first item: %d %s", p.Status, p.Body)
	}
	for data, want := range map[string]int{`{"x":"` + strings.Repeat("a", 300_000) + `"}`: 422, `"no"`: 422,
		`{"x":"` + strings.Repeat("a", 600_000) + `"}`: 422} {
		if p := said(t, apart, mine, "test", data); p.Status != want {
			t.Errorf("%.60s: %d %s", data, p.Status, p.Body)
		}
	}
	if got := lin.Get(at); strings.Contains(got.Text("main"), "Your grade") || !strings.Contains(apart.Get(mine+"/play?item=read").Body, "page 3") || strings.Contains(apart.Get(his+"/play?item=read").Body, "page 3") {
		t.Errorf("half done: %s", got.Text("main"))
	}
	said(t, apart, mine, "test", `{"cmi.core.lesson_status":"failed","cmi.core.score.raw":"40"}`)
	said(t, apart, mine, "test", `{"cmi.core.lesson_status":"passed","cmi.core.score.raw":"18","cmi.core.score.max":"20"}`)
	before := saves(t, site)
	for range 5 {
		said(t, apart, mine, "test", `{"cmi.core.lesson_status":"incomplete","cmi.core.score.raw":"10","cmi.suspend_data":"page 9"}`)
	}
	if after := saves(t, site); after != before || before != 3 || !strings.Contains(apart.Get(mine+"/play?item=test").Body, "page 9") {
		t.Errorf("what is kept every few seconds left %d rows in the audit, what happened before %d", after-before, before)
	}
	if got := lin.Get(at).Text("main"); !strings.Contains(got, "90 of 100 points") {
		t.Errorf("the best result: %s", got)
	}
	if got := lin.Get(course + "/outline").Text("main"); !strings.Contains(got, "100") {
		t.Errorf("the progress: %s", got)
	}
	acting, named := site.Test.As("Ivy"), strings.Split(at, "/")
	acting.Behind = site.People["Ana"].ID
	var whose work.Play
	whose.Course, _ = db.ParseID(named[2])
	whose.Assessment, _ = db.ParseID(named[4])
	if _, err := work.PlayPackage.Run(t.Context(), site.Env, acting, whose); !fail.Is(err, fail.Conflict) {
		t.Errorf("Ana plays as Ivy: %v", err)
	}
	archived := func(o *op.Op[learning.OneCourse, learning.Ref], kept string) {
		worldtest.Must(t, site.Test, "Ivy", o, learning.OneCourse{Course: whose.Course})
		if p := said(t, apart, mine, "read", `{"cmi.core.lesson_status":"completed","cmi.suspend_data":"page 4"}`); !strings.HasPrefix(p.Body, `{"kept":`+kept) {
			t.Errorf("after %s: %d %s", o.Name, p.Status, p.Body)
		}
	}
	archived(learning.ArchiveCourse, "false")
	archived(learning.RestoreCourse, "true")
	preview := launched(t, ivy.Get(at+"/play"))
	if p := said(t, apart, preview, "read", `{"cmi.core.lesson_status":"completed"}`); p.Body != `{"kept":false,"done":false}` {
		t.Errorf("who writes the course looks: %d %s", p.Status, p.Body)
	}
	for who, want := range map[string]int{"Leo": 403, "Sue": 404, "Lou": 404} {
		if p := site.As(t, who).Get(at + "/play"); p.Status != want {
			t.Errorf("%s plays: %d", who, p.Status)
		}
	}

	startedAgain(t, site, at, mine)
	mine = launched(t, lin.Get(at+"/play?item=read"))
	lin.Post("/sign-out")
	for _, path := range []string{"/play", "/files/a/read.html"} {
		if p := apart.Get(mine + path); p.Status != 401 {
			t.Errorf("after signing out, %s: %d", path, p.Status)
		}
	}
	if p := said(t, apart, mine, "read", `{}`); p.Status != 401 {
		t.Errorf("after signing out: %d", p.Status)
	}
	site.Clock.Move(9 * time.Hour)
	if p := apart.Get(his + "/files/a/read.html"); p.Status != 401 {
		t.Errorf("after a day: %d", p.Status)
	}
	err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		found, err := store.Verify(t.Context(), tx)
		if len(found) > 0 {
			t.Errorf("verify: %v", found)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
