package notice_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/notice"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/world/worldtest"
)

// told runs the job to its end, and wants mails to people since it was last asked: their texts, by name.
func (x taught) told(what string, want map[string][]string) {
	x.t.Helper()
	for range 3 {
		if _, err := notice.Tell(x.t.Context(), x.Env); err != nil {
			x.t.Fatal(err)
		}
	}
	got := map[string][]string{}
	err := x.Env.DB.Write(x.t.Context(), func(tx *db.Tx) error {
		type mail struct{ to, text string }
		list, err := db.All(x.t.Context(), tx, db.SQL(`SELECT recipient, subject || ': ' || body FROM outbox WHERE subject IN ('What is due for you', 'You have new grades') AND sent_at = 0 ORDER BY id`),
			func(s db.Scanner) (m mail, err error) { return m, s.Scan(&m.to, &m.text) })
		for _, m := range list {
			name := ""
			for _, who := range []string{"Lin", "Max"} {
				if x.People[who].Email == m.to {
					name = who
				}
			}
			got[name] = append(got[name], m.text)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(x.t.Context(), db.SQL(`UPDATE outbox SET sent_at = 1`))
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	for who, texts := range got {
		if len(texts) != 1 || want[who] == nil {
			x.t.Errorf("%s: %q is told %q", what, who, texts)
		}
	}
	for who, parts := range want {
		text := strings.Join(got[who], "")
		for _, part := range parts {
			if not, ok := strings.CutPrefix(part, "not "); ok == strings.Contains(text, not) && (ok || !strings.Contains(text, part)) {
				x.t.Errorf("%s: %s is told %q, want %q", what, who, text, part)
			}
		}
	}
}

// CO-1: people are told by mail of what is due for them: once before, once when it is overdue, one mail a day at most that has all of it; not who handed it in,
// turned mail off, or has no address.
func TestCO1PeopleAreToldWhatIsDue(t *testing.T) {
	w := worldtest.New(t)
	x, y := teach(t, w, "sql"), teach(t, w, "nets")
	essay := x.add("assignment", "Essay", x.in(5*day))
	x.told("too early", nil)
	w.Clock.Move(2*day + time.Hour)
	x.told("in time", map[string][]string{"Lin": {"What is due for you: - Essay, SQL: due on", "/due", "/account"}, "Max": {"Essay"}})
	y.add("assignment", "Cables", y.in(day))
	x.told("twice a day", nil)
	w.Clock.Move(time.Hour + day - time.Minute)
	worldtest.Must(t, w, "Max", work.HandIn, work.OwnText{OneAssessment: essay, Text: "Done."})
	x.told("the next day", map[string][]string{"Lin": {"Cables, NETS: overdue since", "Essay, SQL: due on"}, "Max": {"Cables", "not Essay"}})
	worldtest.Must(t, w, "Max", notice.SetMail, notice.Mail{})
	if worldtest.Must(t, w, "Max", notice.ShowMail, struct{}{}).On || !worldtest.Must(t, w, "Lin", notice.ShowMail, struct{}{}).On {
		t.Error("the wrong one has mail switched off")
	}
	for _, title := range []string{"Switches", "Hubs"} {
		y.add("assignment", title, y.in(3*day))
	}
	w.Clock.Move(2 * day)
	x.told("several", map[string][]string{"Lin": {"Essay, SQL: overdue since", "Cables", "Switches", "Hubs"}})
	w.Clock.Move(3 * day)
	x.told("overdue", map[string][]string{"Lin": {"Switches, NETS: overdue", "Hubs, NETS: overdue"}})
	w.Clock.Move(3 * day)
	x.told("told of all", nil)
	last := y.add("assignment", "Routers", y.in(2*day))
	worldtest.Must(t, w, "Ivy", learning.SaveAreas, learning.ClosedAreas{OneCourse: y.of(), Closed: []string{"course.submit"}})
	x.told("while it is closed", nil)
	worldtest.Must(t, w, "Ivy", learning.SaveAreas, learning.ClosedAreas{OneCourse: y.of()})
	lost(t, x)
	x.told("open again, after a crash", map[string][]string{"Lin": {"Routers"}})
	moved := work.AssessmentFields{Title: "Routers", Text: "Do it.", Points: 20, Weight: 1, Due: y.in(10 * day)}
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: last, AssessmentFields: moved})
	w.Clock.Move(8 * day)
	x.told("another day", map[string][]string{"Lin": {"Routers, NETS: due on"}})
}

// lost lets the job fail after its mails were written: neither they nor that anybody was told is kept.
func lost(t *testing.T, x taught) {
	t.Helper()
	exec := func(sql string) {
		if err := x.Env.DB.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), db.SQL(sql)); return err }); err != nil {
			t.Fatal(err)
		}
	}
	exec(`ALTER TABLE due_told RENAME TO due_gone`)
	exec(`CREATE VIEW due_told AS SELECT DISTINCT * FROM due_gone`) // which can be read, and not written
	if _, err := notice.Tell(t.Context(), x.Env); err == nil {
		t.Error("the job did not fail")
	}
	exec(`DROP VIEW due_told`)
	exec(`ALTER TABLE due_gone RENAME TO due_told`)
}

// CO-1, LE-1: whoever's works were graded is told so by one mail, without the score, once it can be seen; who graded something else later tells of that.
func TestLE1PeopleAreToldWhatWasGraded(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w, "sql")
	essay, sketch, held := x.add("assignment", "Essay", time.Time{}), x.add("assignment", "Sketch", time.Time{}), x.add("assignment", "Secret", time.Time{})
	rules := work.AssessmentFields{Title: "Secret", Text: "Do it.", Points: 20, Weight: 1, GradesAt: x.in(2 * day)}
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: held, AssessmentFields: rules})
	mark := func(of work.OneAssessment, who, points string) {
		worldtest.Must(t, w, "Ivy", work.MarkWork, work.GivenMark{OneLearnerWork: work.OneLearnerWork{OneAssessment: of, Enrolment: enrolment(t, w, x.course, who)}, Points: points, Feedback: "Well done."})
	}
	fresh := func(who string) (out []string) {
		for _, g := range worldtest.Must(t, w, who, notice.ListGraded, struct{}{}).Items {
			out = append(out, g.Assessment.Name)
		}
		return out
	}
	mark(essay, "Lin", "17")
	mark(held, "Lin", "3")
	x.told("at once", nil)
	w.Clock.Move(10 * time.Minute)
	mark(sketch, "Lin", "x")
	mark(essay, "Max", "12")
	w.Clock.Move(6 * time.Minute)
	x.told("together", map[string][]string{"Lin": {"You have new grades: ", "Essay, SQL: ", "Sketch, SQL: ", "/grades", "not 17", "not Secret"}})
	w.Clock.Move(15 * time.Minute)
	x.told("Max later", map[string][]string{"Max": {"Essay", "not Sketch"}})
	if got := strings.Join(fresh("Lin"), " "); got != "Sketch Essay" || len(fresh("Max")) != 1 || len(fresh("Ivy")) != 0 {
		t.Errorf("new for Lin: %q", got)
	}
	w.Clock.Move(2 * day)
	x.told("before they are released", nil)
	if _, err := work.Release(t.Context(), w.Env); err != nil {
		t.Fatal(err)
	}
	x.told("released", map[string][]string{"Lin": {"Secret, SQL", "not Essay"}})
	worldtest.Must(t, w, "Ivy", learning.SaveAreas, learning.ClosedAreas{OneCourse: x.of(), Closed: []string{"course.view_own_grades"}})
	mark(essay, "Lin", "19")
	w.Clock.Move(time.Hour)
	x.told("while grades are closed to learners", nil)
	if got := fresh("Lin"); len(got) != 0 {
		t.Errorf("grades that are closed are new for Lin: %q", got)
	}
	worldtest.Must(t, w, "Ivy", learning.SaveAreas, learning.ClosedAreas{OneCourse: x.of()})
	x.told("nor when they are open again", nil)
	worldtest.Must(t, w, "Lin", notice.SetMail, notice.Mail{})
	mark(essay, "Lin", "18")
	w.Clock.Move(day)
	x.told("no mail", nil)
	worldtest.Must(t, w, "Lin", notice.SetMail, notice.Mail{On: true})
	x.told("nor later, of what is long known", nil)
	worldtest.Must(t, w, "Ana", action.Unenrol, action.OneEnrolment{Course: x.course, Enrolment: enrolment(t, w, x.course, "Max")})
	if got := fresh("Max"); len(got) != 0 {
		t.Errorf("who left has new grades: %q", got)
	}
}
