package web_test

import (
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/webtest"
)

// LM-7, LM-9, RE-1: each sees the dashboard of their own people; each tile leads to its rows, and the downloads hold the same.
func TestDashboardPage(t *testing.T) {
	site := webtest.New(t)
	for who, want := range map[string]string{"Leo": "6", "Bea": "3", "Otto": "4"} {
		c := site.As(t, who)
		p := c.Get("/analytics?period=all")
		if p.Status != 200 || p.Text(".tile:first-child .tile-value") != want || !p.Has("figure.chart svg") || p.Find("details.more table").Length() < 5 {
			t.Errorf("%s: %d, %q", who, p.Status, p.Text(".tiles"))
		}
		href, _ := p.Find(".tile:first-child a").Attr("href")
		rows := c.Get(href)
		if rows.Status != 200 || rows.Text(".tile:first-child .tile-value") != want || len(rows.Texts("tbody tr")) == 0 {
			t.Errorf("%s, %s: %d, %q", who, href, rows.Status, rows.Text(".tiles"))
		}
		for _, format := range []string{"csv", "xlsx", "json"} {
			file := c.Get("/reports/course-enrolment/file?format=" + format + "&period=all")
			if file.Status != 200 || !strings.Contains(file.Header.Get("Content-Disposition"), "course-enrolment") || len(file.Body) < 100 {
				t.Errorf("%s, %s: %d %v", who, format, file.Status, file.Header)
			}
		}
		for _, canary := range []string{"Una", "Night shift", "Dusk", "Umbra"} {
			if strings.Contains(p.Body+rows.Body, canary) {
				t.Errorf("%s sees %s", who, canary)
			}
		}
	}
	bea := site.As(t, "Bea")
	for _, path := range []string{"/analytics?period=all", "/reports/course-enrolment", "/reports/learner-progress", "/reports/participation?by=organization", "/reports/participation?by=team",
		"/reports/users", "/reports"} {
		p := bea.Get(path)
		for _, other := range []string{"Sue Learner", "Gus Boss", "Max Lab", "Reds", "Blues", ">Lab<"} {
			if p.Status != 200 || strings.Contains(p.Body, other) {
				t.Errorf("Bea, %s: %d, sees %s", path, p.Status, other)
			}
		}
	}
	for _, query := range []string{"team=" + site.Teams["Reds"].ID.String(), "organization=" + site.Orgs["Lab"].ID.String(), "course=" + site.Courses["Night shift"].ID.String()} {
		for _, path := range []string{"/analytics?", "/reports/course-enrolment?", "/reports/course-enrolment/file?"} {
			if p := bea.Get(path + query); p.Status != 404 {
				t.Errorf("Bea, %s%s: %d", path, query, p.Status)
			}
		}
	}
}

// LM-1, LM-7: the area is closed to whoever oversees nobody, and says what it needs.
func TestReportsAreClosed(t *testing.T) {
	site := webtest.New(t)
	lin := site.As(t, "Lin")
	for _, path := range []string{"/analytics", "/reports", "/reports/course-enrolment", "/reports/users/file", "/reports/access", "/audit", "/audit/file"} {
		if p := lin.Get(path); p.Status != 403 || p.Has(".tiles") {
			t.Errorf("Lin, %s: %d", path, p.Status)
		}
	}
	if p := site.As(t, "Leo").Get("/reports/access"); p.Status != 403 || !strings.Contains(p.Body, access.ReportAll.Title) {
		t.Errorf("Leo: %d %s", p.Status, p.Text("main"))
	}
	if p := site.As(t, "Leo").Get("/audit"); p.Status != 403 {
		t.Errorf("Leo: %d", p.Status)
	}
}

// QUALITY, reports: revoked between the page and the download, the download is refused and says why.
func TestDownloadAfterRevocation(t *testing.T) {
	site := webtest.New(t)
	bea := site.As(t, "Bea")
	if p := bea.Get("/reports/learner-progress"); p.Status != 200 {
		t.Fatal(p.Status)
	}
	err := site.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := store.End(t.Context(), tx, store.GrantFilter{Portal: site.Acme.ID, Account: site.People["Bea"].ID, Roles: access.Roles{access.DownloadReports}}, 0, site.Clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := bea.Get("/reports/learner-progress/file?format=csv")
	if p.Status != 403 || !strings.Contains(p.Body, access.ReportCertain.Title) || p.Header.Get("Content-Disposition") != "" || strings.Contains(p.Body, "Lin") {
		t.Errorf("%d %v %s", p.Status, p.Header, p.Text("main"))
	}
}

// CO-8: the audit shows the download that was just made, and finds it again.
func TestAuditPage(t *testing.T) {
	site := webtest.New(t)
	if p := site.As(t, "Leo").Get("/reports/users/file?format=xlsx"); p.Status != 200 {
		t.Fatal(p.Status)
	}
	site.As(t, "Lin").Get("/audit")
	sam := site.As(t, "Sam")
	p := sam.Get("/audit?operation=report.")
	if p.Status != 200 || len(p.Texts("tbody tr")) != 2 || !strings.Contains(p.Text("tbody"), "Leo Manager") || !strings.Contains(p.Text("tbody"), "xlsx") {
		t.Errorf("%d %q", p.Status, p.Text("tbody"))
	}
	p = sam.Get("/audit?outcome=refused&q=lin")
	if len(p.Texts("tbody tr")) != 1 || !strings.Contains(p.Text("tbody"), access.AuditView.Title) {
		t.Errorf("%q", p.Text("tbody"))
	}
	if file := sam.Get("/audit/file?format=csv&operation=report."); file.Status != 200 || strings.Count(file.Body, "\n") != 3 {
		t.Errorf("%d %q", file.Status, file.Body)
	}
	if p := sam.Get("/audit?q=<script>"); p.Status != 200 || strings.Contains(p.Body, "<script>\"") {
		t.Errorf("%d", p.Status)
	}
}
