package work_test

import (
	"testing"
	"time"

	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

// CO-1, LE-1: files are handed in and come with feedback; a draft's are its writer's alone, and others' are nobody's else.
func TestCO1FilesOfWork(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	x.assist(t, w, "Max")
	lin := x.of(t, w, "Lin")
	send := func(who string, o *op.Op[work.OwnText, work.Saved], text string, remove []db.ID, list ...op.Upload) error {
		in := x.text(text)
		in.Files, in.Remove = list, remove
		_, err := worldtest.Try(t, w, who, o, in)
		return err
	}
	own := func(who string, id db.ID) error {
		_, err := worldtest.Try(t, w, who, work.OwnFile, work.OneOwnFile{OneAssessment: x.essay, File: id})
		return err
	}
	seen := func(who string, id db.ID) error {
		_, err := worldtest.Try(t, w, who, work.LearnerFile, work.OneLearnerFile{OneLearnerWork: lin, File: id})
		return err
	}
	worldtest.Check(t, "a draft of two files", send("Lin", work.SaveDraft, "", nil, worldtest.Upload("a.txt", "one"), worldtest.Upload("b.txt", "two")), -1)
	draft := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay).Draft
	if len(draft.Files) != 2 {
		t.Fatalf("%+v", draft)
	}
	a, b := draft.Files[0].ID, draft.Files[1].ID
	worldtest.Check(t, "Lin reads her draft's", own("Lin", a), -1)
	worldtest.Check(t, "a grader reads a draft's", seen("Ivy", a), fail.NotFound)
	worldtest.Check(t, "one taken away", send("Lin", work.SaveDraft, "", []db.ID{b}), -1)
	worldtest.Check(t, "it is gone", own("Lin", b), fail.NotFound)
	worldtest.Check(t, "handed in without a word", send("Lin", work.HandIn, "", nil), -1)
	worldtest.Check(t, "nothing at all", send("Max", work.HandIn, " ", nil), fail.Invalid)
	worldtest.Check(t, "another's file taken away", send("Max", work.SaveDraft, "", []db.ID{a}), fail.NotFound)
	for who, want := range map[string]fail.Kind{"Ivy": -1, "Max": -1, "Ana": -1, "Mo": fail.NotAllowed, "Lin": fail.NotAllowed, "Leo": fail.NotAllowed, "Lou": fail.NotFound} {
		worldtest.Check(t, who+" reads what was handed in", seen(who, a), want)
	}
	worldtest.Check(t, "Max reads it as his own", own("Max", a), fail.NotFound)
	worldtest.Check(t, "a file handed in is taken away", send("Lin", work.SaveDraft, "Next", []db.ID{a}), fail.NotFound)

	f := assignment("Essay")
	f.GradesAt = w.Env.Now().Add(time.Hour)
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f})
	worldtest.Must(t, w, "Ivy", work.MarkWork, work.GivenMark{OneLearnerWork: lin, Points: "10", Files: []op.Upload{worldtest.Upload("notes.txt", "see line 3")}})
	notes := worldtest.Must(t, w, "Ivy", work.ShowLearnerWork, lin).Grade.Files
	if len(notes) != 1 {
		t.Fatalf("%+v", notes)
	}
	worldtest.Check(t, "feedback that is held back", own("Lin", notes[0].ID), fail.NotFound)
	w.Clock.Move(2 * time.Hour)
	if _, err := work.Release(t.Context(), w.Env); err != nil {
		t.Fatal(err)
	}
	if got := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay).Grade; len(got.Files) != 1 {
		t.Errorf("%+v", got)
	}
	worldtest.Check(t, "feedback in its time", own("Lin", notes[0].ID), -1)
	worldtest.Check(t, "another's feedback", own("Max", notes[0].ID), fail.NotFound)
	_, err := worldtest.Try(t, w, "Max", work.MarkWork, work.GivenMark{OneLearnerWork: x.of(t, w, "Max"), Points: "20", Files: []op.Upload{worldtest.Upload("x", "x")}})
	worldtest.Check(t, "Max gives himself feedback", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Ivy", work.MarkWork, work.GivenMark{OneLearnerWork: x.of(t, w, "Max"), Files: []op.Upload{worldtest.Upload("x", "x")}})
	worldtest.Check(t, "a file without a word", err, fail.Invalid)

	drafted := x.add(t, w, assignment("Later"))
	in := work.OwnText{OneAssessment: drafted, Files: []op.Upload{worldtest.Upload("c.txt", "three")}}
	worldtest.Must(t, w, "Lin", work.SaveDraft, in)
	worldtest.Must(t, w, "Ivy", work.DropAssessment, drafted)
	verify(t, w)
}
