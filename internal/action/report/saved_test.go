package report_test

import (
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

// save keeps the report of course enrolment for somebody, sent each day to them and to others.
func save(t *testing.T, w *worldtest.Test, who string, to ...string) report.SavedReport {
	t.Helper()
	in := report.ReportToSave{Report: "course-enrolment", ReportSaving: report.ReportSaving{Name: "Mornings", Format: "csv", Every: "day", Self: true}}
	for _, name := range to {
		in.Accounts = append(in.Accounts, w.People[name].ID)
	}
	out, err := report.SaveReport.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func outbox(t *testing.T, w *worldtest.Test) int {
	t.Helper()
	n := int64(0)
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM outbox WHERE saved_id <> 0`))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

// BE-12, RE-3: a saved report is sent when it is due, once, and what each gets is computed from what they may see then: who sees
// less gets less, and who lost it gets nothing.
func TestBE12EachRecipientGetsTheirOwn(t *testing.T) {
	w := worldtest.New(t)
	saved := save(t, w, "Leo", "Bea", "Lin")
	if err := send(t, w); err != nil || outbox(t, w) != 0 {
		t.Fatalf("sent before it was due: %v", err)
	}
	w.Clock.Move(25 * time.Hour)
	for range 2 {
		if err := send(t, w); err != nil {
			t.Fatal(err)
		}
	}
	if n := outbox(t, w); n != 3 {
		t.Errorf("%d mails, want one for each of three", n)
	}
	compute := func(who string) (string, error) {
		m, err := report.Compute(t.Context(), w.Env, w.Acme.ID, w.People[who].ID, saved.ID)
		return m.Text + "\n" + string(m.File), err
	}
	leo, err := compute("Leo")
	if err != nil || !strings.Contains(leo, "Max") || !strings.Contains(leo, "Lou") || !strings.Contains(leo, "Enrolments: 6") {
		t.Errorf("Leo: %v: %s", err, leo)
	}
	bea, err := compute("Bea")
	if err != nil || !strings.Contains(bea, "Lou") || strings.Contains(bea, "Max") || !strings.Contains(bea, "Enrolments: 3") {
		t.Errorf("Bea: %v: %s", err, bea)
	}
	for _, who := range []string{"Lin", "Ana"} { // Lin is a learner, Ana gets it not
		if text, err := compute(who); !report.Refused(err) {
			t.Errorf("%s: %v: %s", who, err, text)
		}
	}
	if _, err := report.LeaveSaved.Run(t.Context(), w.Env, w.As("Bea"), report.SavedRef{Saved: saved.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := compute("Bea"); !fail.Is(err, fail.NotFound) {
		t.Errorf("Bea, who left: %v", err)
	}
}

func send(t *testing.T, w *worldtest.Test) error {
	t.Helper()
	_, err := report.SendDue(t.Context(), w.Env)
	return err
}

// BE-12: a report whose owner may no longer run it is sent to nobody; and nobody sees, changes, sends or deletes another's.
func TestBE12OwnerLostIt(t *testing.T) {
	w := worldtest.New(t)
	saved := save(t, w, "Bea")
	for _, who := range []string{"Sam", "Ana", "Ulf"} {
		ref := report.SavedRef{Saved: saved.ID}
		_, show := report.ShowSaved.Run(t.Context(), w.Env, w.As(who), ref)
		_, send := report.SendSaved.Run(t.Context(), w.Env, w.As(who), ref)
		_, drop := report.DeleteSaved.Run(t.Context(), w.Env, w.As(who), ref)
		_, edit := report.EditSaved.Run(t.Context(), w.Env, w.As(who), report.ReportKept{Saved: saved.ID, ReportSaving: report.ReportSaving{Name: "Mine", Format: "csv"}})
		for what, err := range map[string]error{"show": show, "send": send, "delete": drop, "edit": edit} {
			if !fail.Is(err, fail.NotFound) {
				t.Errorf("%s, %s: %v", who, what, err)
			}
		}
	}
	_, err := report.SaveReport.Run(t.Context(), w.Env, w.As("Lin"), report.ReportToSave{Report: "course-enrolment", ReportSaving: report.ReportSaving{Name: "X", Format: "csv"}})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Lin saves: %v", err)
	}
	do(t, w, func(tx *db.Tx) error {
		_, err := store.End(t.Context(), tx, store.GrantFilter{Portal: w.Acme.ID, Account: w.People["Bea"].ID, Roles: access.Roles{access.DownloadReports}}, 0, w.Clock.Now())
		return err
	})
	w.Clock.Move(49 * time.Hour)
	for range 2 {
		if err := send(t, w); err != nil {
			t.Fatal(err)
		}
	}
	if n := outbox(t, w); n != 0 {
		t.Errorf("%d mails of one who may not run it", n)
	}
	list, err := report.ListSaved.Run(t.Context(), w.Env, w.As("Bea"), struct{}{})
	if err != nil || len(list.Items) != 1 || list.Items[0].Next != nil {
		t.Errorf("%v: %+v", err, list)
	}
}

// BE-12: what was sent a moment ago is not sent again, since each mail costs a computation.
func TestBE12SentAMomentAgo(t *testing.T) {
	w := worldtest.New(t)
	saved := save(t, w, "Bea")
	again := func() error {
		_, err := report.SendSaved.Run(t.Context(), w.Env, w.As("Bea"), report.SavedRef{Saved: saved.ID})
		return err
	}
	first, second := again(), again()
	w.Clock.Move(10 * time.Minute)
	if third := again(); first != nil || !fail.Is(second, fail.Busy) || third != nil {
		t.Errorf("%v, %v, %v", first, second, third)
	}
}
