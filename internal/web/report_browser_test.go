package web_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/browser"
	"provost/internal/web/webtest"

	"github.com/chromedp/chromedp"
)

// busyYear gives Acme 160 people with a year of courses and works.
func busyYear(t *testing.T, site *webtest.Site) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	now := site.Clock.Now()
	err := site.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		d := store.NewDeltas()
		works := map[string][]string{"Go": {"go-1", "go-2", "go-3"}, "First aid": {"aid-1", "aid-2"}}
		for i := range 160 {
			org := site.Orgs[[]string{"North", "South", "Lab", "Acme"}[r.IntN(4)]]
			who, err := store.CreateAccount(t.Context(), tx, org, store.NewAccount{Name: fmt.Sprint("Pupil ", i), Username: fmt.Sprint("pupil", i), Code: fmt.Sprint("P-", i)}, now)
			if err != nil {
				return err
			}
			if i%5 == 0 {
				if err := store.AddTeamMember(t.Context(), tx, site.Teams["Company A Team"], who, 0, now); err != nil {
					return err
				}
			}
			for course, codes := range works {
				at := now.AddDate(0, 0, -r.IntN(330)-1)
				e, err := store.Enrol(t.Context(), tx, d, site.Courses[course], who, 0, at)
				if err != nil {
					return err
				}
				for _, code := range codes[:r.IntN(len(codes)+1)] {
					score := float64(20 + r.IntN(80))
					at = at.AddDate(0, 0, r.IntN(25)+1)
					if at.After(now) {
						break
					}
					if _, err := store.RecordResult(t.Context(), tx, d, site.Works[code], e, store.Result{Submitted: at, Score: &score}); err != nil {
						return err
					}
				}
			}
		}
		return d.Flush(t.Context(), tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// RE-1, UX Dashboards: dashboards, reports and the audit as people see them: on a desk, on a phone, in the dark.
func TestReportsInBrowser(t *testing.T) {
	tab, site := browser.Open(t), webtest.New(t)
	busyYear(t, site)
	signIn := func(login string) {
		tab.Go(site.URL + "/sign-in")
		tab.Do(chromedp.SendKeys(chromedp.CSS("input[name=login]"), login), chromedp.SendKeys(chromedp.CSS("input[name=password]"), "correct horse battery"),
			chromedp.Click(chromedp.CSS("main form button[type=submit]")))
		tab.Until(`location.pathname === "/"`)
	}
	signIn("sam")
	for name, path := range map[string]string{"dashboard": "/analytics", "dashboard-year": "/analytics?period=range&from=2025-03-01&to=2026-03-02", "reports": "/reports",
		"report-enrolment": "/reports/course-enrolment?period=90&status=active", "report-participation": "/reports/participation?by=period", "report-access": "/reports/access", "audit": "/audit"} {
		tab.Go(site.URL + path)
		tab.Shot(name)
		tab.Check(name)
	}
	tab.Size(390, 844)
	tab.Dark(true)
	for name, path := range map[string]string{"dashboard-phone": "/analytics", "report-phone": "/reports/learner-progress", "audit-phone": "/audit"} {
		tab.Go(site.URL + path)
		tab.Shot(name)
		tab.Check(name)
	}
}
