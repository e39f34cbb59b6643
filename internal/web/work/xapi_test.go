package work_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"provost/internal/web/webtest"
	"provost/internal/world/worldtest"
)

// CO-1: a package of cmi5 fetches its key once, finds how it was launched, keeps documents, and what it states of itself becomes the
// result of the learner whose token it has, by the rule that its manifest names.
func TestCO1PackageOfCmi5States(t *testing.T) {
	site := webtest.New(t)
	ivy, lin := site.As(t, "Ivy"), site.As(t, "Lin")
	apart := site.Visit(t)
	apart.Host = "packages.test"
	p := ivy.Submit(ivy.Get("/manage/courses/new"), "main form.form", "name", "Fire", "code", "fire", "organization", site.Orgs["North"].ID.String())
	course := strings.TrimSuffix(p.Path, "/")
	ivy.Submit(ivy.Get(course+"/outline"), `form[action$="/sections"]`, "title", "Week 1")
	at := ivy.Submit(ivy.Get(ivy.Get(course+"/outline").Find(`.section-head a[href*="/assessments/new"]`).AttrOr("href", "")), "main form.form", "title", "Fire", "kind", "package").Path
	site.As(t, "Ana").Submit(site.As(t, "Ana").Get(course+"/enrol"), "main form.form", "accounts_text", "Lin Learner\nMax Lab")
	const unit = "https://fire.test/au/1"
	ivy.Upload(at+"/package", "file", map[string]string{"p.zip": worldtest.Zip(map[string]string{"index.html": "content",
		"cmi5.xml": `<courseStructure><course id="https://fire.test/c"><title><langstring>Fire</langstring></title></course><au id="` + unit + `" moveOn="CompletedAndPassed" masteryScore="0.6">
			<title><langstring>Fire</langstring></title><url>index.html?lang=en</url></au></courseStructure>`})})
	mine, his := launched(t, lin.Get(at+"/play")), launched(t, site.As(t, "Max").Get(at+"/play"))

	p = apart.Get(mine + "/play")
	with, err := url.Parse(p.Path)
	if err != nil || p.Body != "content" || with.Query().Get("activityId") != unit || with.Query().Get("lang") != "en" || !strings.Contains(with.Query().Get("actor"), "Lin Learner") {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Body)
	}
	endpoint := strings.TrimPrefix(with.Query().Get("endpoint"), webtest.Packages)
	if !strings.HasPrefix(endpoint, mine+"/xapi/") {
		t.Fatalf("the endpoint is %s", endpoint)
	}
	send := func(method, path, body string) *webtest.Page {
		t.Helper()
		return apart.Do(apart.Request(method, path, strings.NewReader(body)))
	}
	if a, b := send("POST", endpoint+"fetch", "").Body, send("POST", endpoint+"fetch", "").Body; !strings.Contains(a, "auth-token") || strings.Contains(b, "auth-token") {
		t.Errorf("the key: %s, then %s", a, b)
	}
	if p := apart.Get(endpoint + "activities/state?stateId=LMS.LaunchData"); !strings.Contains(p.Body, `"masteryScore":0.6`) || !strings.Contains(p.Body, `"launchMode":"Normal"`) {
		t.Errorf("how it was launched: %d %s", p.Status, p.Body)
	}
	state := endpoint + "activities/state?stateId=bookmark"
	send("PUT", state, `{"page":3}`)
	if send("POST", state, `{"more":true}`); apart.Get(state).Body != `{"more":true,"page":3}` || apart.Get(endpoint+"activities/state").Body != "[\"bookmark\"]\n" {
		t.Errorf("a document: %s of %s", apart.Get(state).Body, apart.Get(endpoint+"activities/state").Body)
	}
	if p := apart.Get(strings.Replace(state, mine, his, 1)); p.Status != 404 {
		t.Errorf("another learner's document: %d %s", p.Status, p.Body)
	}

	say := func(id, verb, object, result string, want int) {
		t.Helper()
		body := `{"id":"00000000-0000-4000-8000-0000000000` + id + `","actor":{"mbox":"mailto:max@acme.test"},"verb":{"id":"http://adlnet.gov/expapi/verbs/` + verb + `"},"object":{"id":"` + object + `"},"result":` + result + `}`
		if p := send(http.MethodPost, endpoint+"statements", body); p.Status != want {
			t.Errorf("%s %s: %d %s", verb, result, p.Status, p.Body)
		}
	}
	grade := func() string { return lin.Get(at).Text("main") }
	say("01", "initialized", unit, "{}", 200)
	say("02", "passed", unit+"/question", `{"score":{"scaled":1}}`, 200)
	say("03", "completed", unit, `{"completion":true}`, 200)
	say("03", "completed", unit, `{"completion":true}`, 200)
	say("03", "failed", unit, `{}`, 409)
	say("04", "passed", unit, `{"score":{"scaled":0.5}}`, 422)
	say("05", "passed", unit, `{"score":{"scaled":50}}`, 422)
	say("xx", "passed", unit, `{"score":{"scaled":1}}`, 422)
	if got := grade(); strings.Contains(got, "Your grade") {
		t.Errorf("completed, not passed: %s", got)
	}
	say("06", "passed", unit, `{"score":{"scaled":0.85}}`, 200)
	if got := grade(); !strings.Contains(got, "85 of 100 points") {
		t.Errorf("completed and passed: %s", got)
	}
	if got := site.As(t, "Max").Get(at).Text("main"); strings.Contains(got, "Your grade") {
		t.Errorf("whoever a statement names as its actor, it is of who holds the token: %s", got)
	}
	if p := apart.Get(endpoint + "statements"); strings.Count(p.Body, `"verb"`) != 4 {
		t.Errorf("what was said: %s", p.Body)
	}
	if p := apart.Get(endpoint + "statements?statementId=00000000-0000-4000-8000-000000000006"); !strings.Contains(p.Body, "0.85") {
		t.Errorf("one of it: %d %s", p.Status, p.Body)
	}
	lin.Post("/sign-out")
	say("07", "passed", unit, `{"score":{"scaled":1}}`, 401)
}
