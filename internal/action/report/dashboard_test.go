package report_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func dashboardOf(t *testing.T, w *worldtest.Test, who string, in report.DashboardQuery) report.Dashboard {
	t.Helper()
	out, err := report.ShowDashboard.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatalf("%s, %+v: %v", who, in, err)
	}
	return out
}

// behind runs the report that a figure leads to, and returns its totals by key.
func behind(t *testing.T, w *worldtest.Test, who, link string) map[string]float64 {
	t.Helper()
	path, query, _ := strings.Cut(link, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	in := report.ReportQuery{Status: values.Get("status"), Q: values.Get("q"), Period: values.Get("period"), From: values.Get("from"), To: values.Get("to"),
		Dated: values.Get("dated"), By: values.Get("by"), Only: values.Get("only") == "true"}
	for name, id := range map[string]*db.ID{"course": &in.Course, "organization": &in.Organization, "team": &in.Team} {
		if err := id.UnmarshalText([]byte(values.Get(name))); err != nil {
			t.Fatal(err)
		}
	}
	view, err := ask(t, strings.TrimPrefix(path, "/reports/")).Show.Run(t.Context(), w.Env, w.As(who), report.ReportPage{ReportQuery: in})
	if err != nil {
		t.Fatalf("%s, %s: %v", who, link, err)
	}
	out := map[string]float64{}
	for _, total := range view.Totals {
		out[total.Key] = total.Value
	}
	return out
}

func tile(d report.Dashboard, key string) report.Tile {
	for _, t := range slices.Concat(d.Tiles, d.Funnel) {
		if t.Key == key {
			return t
		}
	}
	return report.Tile{Value: -1}
}

// RE-1, RE-3: every figure of a dashboard is the count of the rows that it leads to.
func agree(t *testing.T, w *worldtest.Test, who string, in report.DashboardQuery) {
	t.Helper()
	d := dashboardOf(t, w, who, in)
	what := fmt.Sprintf("%s, %+v", who, in)
	if d.Empty {
		return
	}
	same := func(name string, figure float64, rows string, key string) {
		t.Helper()
		if got := behind(t, w, who, rows)[key]; got != figure {
			t.Errorf("%s: %s is %v, its rows give %v (%s)", what, name, figure, got, rows)
		}
	}
	same("enrolments", tile(d, "enrolments").Value, tile(d, "enrolments").Rows, "rows")
	if active := tile(d, "active"); active.Rows != "" { // there is none of a period that is over
		same("active", active.Value, active.Rows, "learners")
	}
	same("completed", tile(d, "completed").Value, tile(d, "completed").Rows, "rows")
	same("completion", tile(d, "completion").Value, tile(d, "enrolments").Rows, "completion")
	same("progress", tile(d, "progress").Value, tile(d, "progress").Rows, "progress")
	for _, list := range []report.GroupFigures{d.Courses, d.Organizations, d.Teams} {
		for _, g := range list.Items {
			same(g.Name, float64(g.Enrolled), g.Rows, "rows")
			same(g.Name, float64(g.Completed), g.Rows, "completed")
			same(g.Name, g.Progress, g.Rows, "progress")
		}
	}
	enrolled := int64(0)
	for _, g := range d.Courses.Items {
		enrolled += g.Enrolled
	}
	if float64(enrolled) != tile(d, "enrolments").Value {
		t.Errorf("%s: the courses have %d enrolments, all have %v", what, enrolled, tile(d, "enrolments").Value)
	}
	enrolled = 0
	for _, p := range d.Times {
		enrolled += p.Enrolled
	}
	if float64(enrolled) != tile(d, "enrolments").Value {
		t.Errorf("%s: over time there are %d enrolments, in all %v", what, enrolled, tile(d, "enrolments").Value)
	}
}

// LM-7, LM-9: each person's dashboard counts the people whom they may have figures of, and nobody else.
func TestDashboardByPerson_LM9(t *testing.T) {
	w := worldtest.New(t)
	for who, want := range map[string][3]float64{"Leo": {6, 3, 1}, "Bea": {3, 2, 1}, "Otto": {4, 2, 1}, "Gus": {4, 2, 1}} {
		d := dashboardOf(t, w, who, report.DashboardQuery{Period: "all"})
		if got := [3]float64{tile(d, "enrolments").Value, tile(d, "active").Value, tile(d, "completed").Value}; got != want {
			t.Errorf("%s: %v, want %v", who, got, want)
		}
		agree(t, w, who, report.DashboardQuery{Period: "all"})
		text := fmt.Sprintf("%+v", d)
		if strings.Contains(text, "Una") || strings.Contains(text, "Night") || strings.Contains(text, "Umbra") {
			t.Errorf("%s sees Umbra: %s", who, text)
		}
		if who == "Bea" && (strings.Contains(text, "Sue") || strings.Contains(text, "Gus") || strings.Contains(text, "Max") || strings.Contains(text, "Reds") || strings.Contains(text, "Name:Lab")) {
			t.Errorf("Bea sees others: %s", text)
		}
	}
	for who, in := range map[string]report.DashboardQuery{"Bea": {Team: w.Teams["Reds"].ID}, "Otto": {Organization: w.Orgs["South"].ID}, "Leo": {Course: w.Courses["Night shift"].ID}} {
		if _, err := report.ShowDashboard.Run(t.Context(), w.Env, w.As(who), in); !fail.Is(err, fail.NotFound) {
			t.Errorf("%s, %+v: %v", who, in, err)
		}
	}
	for _, who := range []string{"Lin", "Ivy"} {
		if _, err := report.ShowDashboard.Run(t.Context(), w.Env, w.As(who), report.DashboardQuery{}); !fail.Is(err, fail.NotAllowed) {
			t.Errorf("%s: %v", who, err)
		}
	}
}

// LM-7: without anybody to read figures of, and without data, the dashboard is empty and says so.
func TestDashboardEmpty(t *testing.T) {
	w := worldtest.New(t)
	do(t, w, func(tx *db.Tx) error {
		if err := store.Begin(t.Context(), tx, store.NewGrant{Account: w.People["Sue"].ID, Role: access.AnalyticsViewer, At: w.Acme.Thing(), Since: w.Clock.Now()}); err != nil {
			return err
		}
		return store.Begin(t.Context(), tx, store.NewGrant{Account: w.People["Ivy"].ID, Role: access.TenantAdmin, At: w.Orgs["South"].Thing(), Since: w.Clock.Now()})
	})
	if d := dashboardOf(t, w, "Sue", report.DashboardQuery{}); d.Readable || d.Missing != access.AnalyticsRead.Title || len(d.Tiles) != 0 {
		t.Errorf("%+v", d)
	}
	if d := dashboardOf(t, w, "Leo", report.DashboardQuery{Organization: w.Orgs["Lab"].ID, Course: w.Courses["First aid"].ID}); !d.Readable || !d.Empty {
		t.Errorf("%+v", d)
	}
}

// RE-1: who needs attention, and why.
func TestDashboardAttention(t *testing.T) {
	w := worldtest.New(t)
	w.Clock.Move(40 * 24 * time.Hour)
	text := fmt.Sprintf("%+v", dashboardOf(t, w, "Leo", report.DashboardQuery{}).Attention)
	for _, want := range []string{"Learner:Lin Learner Organization:North Course:Go Reason:idle Score:0 Days:71", "Learner:Max Lab Organization:Lab Course:Go Reason:never Score:0 Days:60",
		"Learner:Lou Learner Organization:South Course:First aid Reason:idle Score:0 Days:42"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if text := fmt.Sprintf("%+v", dashboardOf(t, w, "Bea", report.DashboardQuery{}).Attention); strings.Contains(text, "Max") || !strings.Contains(text, "Lou") {
		t.Error(text)
	}
}

// RE-1, RE-3, LM-9: after random enrolments, results and moves, every figure is the count of its rows: whoever asks, by
// whatever filter, over whatever period, and whether it is read from kept totals or summed live.
func TestDashboardAgreesWithRows(t *testing.T) {
	w := worldtest.New(t)
	r := rand.New(rand.NewPCG(7, 7))
	populate(t, w, r, 40, 4)
	for range 3 {
		shuffle(t, w, r)
		for _, who := range []string{"Leo", "Bea", "Otto"} {
			for _, in := range []report.DashboardQuery{{}, {Period: "all"}, {Period: "30"}, {Period: "7"}, {From: "2025-06-10", To: "2026-12-31"}, {From: "2025-12-24", To: "2026-01-15"},
				{Period: "all", Course: w.Courses["Go"].ID}, {Period: "90", Organization: w.Orgs["North"].ID}, {Period: "all", Team: w.Teams["Company A Team"].ID},
				{From: "2025-09-01", To: "2026-12-31", Course: w.Courses["First aid"].ID, Organization: w.Orgs["North"].ID}} {
				if who == "Otto" && in.Team != 0 {
					continue // a team that he does not see
				}
				agree(t, w, who, in)
			}
		}
	}
}

// populate adds people to Acme, some of them in Company A Team, each in some courses since some day.
func populate(t testing.TB, w *worldtest.Test, r *rand.Rand, people, teamEvery int) {
	t.Helper()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		d := store.NewDeltas()
		for i := range people {
			org := w.Orgs[[]string{"North", "South", "Lab", "Acme"}[i%4]]
			who, err := store.CreateAccount(t.Context(), tx, org, store.NewAccount{Name: fmt.Sprint("Pupil ", i), Username: fmt.Sprint("pupil", i)}, w.Clock.Now())
			if err != nil {
				return err
			}
			if i%teamEvery == 0 {
				if err := store.AddTeamMember(t.Context(), tx, w.Teams["Company A Team"], who, 0, w.Clock.Now()); err != nil {
					return err
				}
			}
			for _, course := range []string{"Go", "First aid"} {
				if r.IntN(3) == 0 {
					continue
				}
				at := w.Clock.Now().AddDate(0, 0, -r.IntN(400))
				if _, err := store.Enrol(t.Context(), tx, d, w.Courses[course], who, 0, at); err != nil {
					return err
				}
			}
		}
		return d.Flush(t.Context(), tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// shuffle hands in works, unenrols, and moves people.
func shuffle(t testing.TB, w *worldtest.Test, r *rand.Rand) {
	t.Helper()
	leo, err := w.Env.Cache, error(nil)
	err = w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		actor, err := leo.LoadActor(t.Context(), tx, w.Acme.ID, w.People["Sam"].ID, w.Clock.Now())
		if err != nil {
			return err
		}
		list, err := store.ListEnrolments(t.Context(), tx, actor.May(access.EnrolmentList), store.EnrolmentFilter{}, store.Page{Size: 200})
		if err != nil {
			return err
		}
		d := store.NewDeltas()
		works := []string{"go-1", "go-2", "go-3", "aid-1", "aid-2"}
		for _, e := range list.Items {
			work := w.Works[works[r.IntN(len(works))]]
			switch {
			case r.IntN(12) == 0 && e.Open:
				_, err = store.Unenrol(t.Context(), tx, d, e, 0, w.Clock.Now())
			case work.Course == e.Course:
				score := float64(r.IntN(101))
				_, err = store.RecordResult(t.Context(), tx, d, work, e, store.Result{Submitted: w.Clock.Now().AddDate(0, 0, -r.IntN(200)), Score: &score})
			}
			if err != nil {
				return err
			}
		}
		return d.Flush(t.Context(), tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}
