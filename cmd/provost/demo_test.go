package main

import (
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/store"
	"provost/internal/web"
	"provost/internal/web/browser"
)

// The demo is made within seconds, sound, and looks like something: its pages in a browser, where there is one. With
// PROVOST_SCREENSHOT_README it takes the README's picture anew.
func TestDemoInBrowser(t *testing.T) {
	c := config{}
	d := dbtest.New(t)
	env, err := c.env(t.Context(), d, "http://127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	env.Log = nil
	began := time.Now()
	w, err := makeDemo(t.Context(), env, d)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("making the demo took %v", took)
	}
	sound(t, d)
	mails := func() []web.DemoMail {
		return []web.DemoMail{{To: "nadia.berg@company-a.test", Subject: "An invitation", Text: "Hello,\n\nhttp://127.0.0.1/join/abc\n", At: env.Now()}}
	}
	server, pages, err := new(serveCommand).handler(env, web.Config{Demo: &web.Demo{People: demoPeople(w), Mails: mails}})
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	site := httptest.NewUnstartedServer(nil)
	site.Config = server
	site.Start()
	defer site.Close()

	tab := browser.Open(t)
	for _, path := range []string{"/demo", "/demo/mail"} {
		tab.Go(site.URL + path)
		tab.Check(path)
	}
	tab.Go(site.URL + "/demo")
	browser.Eval[bool](tab, `document.querySelector("button[aria-label='Sign in as Leo Manager']").click(), true`)
	tab.Until(`document.querySelector("h1")?.textContent.includes("Welcome, Leo")`)
	tab.Size(1280, 1180)
	tab.Go(site.URL + "/analytics")
	tab.Until(`document.querySelector("svg[role=img], figure svg")`)
	if file := os.Getenv("PROVOST_SCREENSHOT_README"); file != "" {
		if err := os.WriteFile(file, tab.Picture(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func sound(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		faults, err := store.Verify(t.Context(), tx)
		for _, f := range faults {
			t.Errorf("the demo's portal %s", f.What)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
