package work_test

import (
	"bytes"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

func bookOf(course db.ID) work.GradebookQuery {
	return work.GradebookQuery{OneCourse: work.OneCourse{Course: course}}
}

// marks are the marks of a gradebook, a line for each learner.
func marks(b work.Gradebook) string {
	var out []string
	for _, r := range b.Items {
		line := strings.Fields(r.Learner.Name)[0]
		for _, cell := range r.Cells {
			line += " "
			if cell == nil {
				line += "."
			} else if cell.Mark == "" {
				line += "?"
			} else {
				line += cell.Mark
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

func (x taught) change(t *testing.T, w *worldtest.Test, who, was, mark string) work.GradebookChange {
	t.Helper()
	return work.GradebookChange{Assessment: x.essay.Assessment, Enrolment: x.enrolment(t, w, who), Was: was, Mark: mark}
}

// CO-1, PR-1, ME-1, PT-4: the gradebook shows the grades of those whom one may see, imported ones as they are.
func TestPR1WhoSeesTheGradebook(t *testing.T) {
	w := worldtest.WithKin(t)
	x := teach(t, w)
	of := bookOf(w.Courses["Go"].ID)
	of.Left = true
	full := worldtest.Must(t, w, "Ana", work.ShowGradebook, of)
	if len(full.Works) != 3 || !full.Works[0].Imported || len(full.Items) < 2 || full.Items[0].Cells[0] == nil || full.Items[0].Cells[0].Points == nil || !full.MayGrade {
		t.Fatalf("an imported course: %+v", full)
	}
	for _, r := range full.Items {
		e := worldtest.Must(t, w, "Ana", action.ShowEnrolment, action.OneEnrolment{Course: of.Course, Enrolment: r.Enrolment})
		if (r.Score == nil) != (e.Score == nil) || r.Score != nil && *r.Score != *e.Score {
			t.Errorf("%s: %v, %v", r.Learner.Name, r.Score, e.Score)
		}
	}
	if got := worldtest.Must(t, w, "Otto", work.ShowGradebook, bookOf(w.Courses["First aid"].ID)); got.MayGrade || len(got.Items) != 2 {
		t.Errorf("Otto, of the North: %s", marks(got))
	}
	if got := worldtest.Must(t, w, "Mo", work.ShowGradebook, bookOf(x.course.Course)); got.MayGrade || len(got.Items) != 2 {
		t.Errorf("a monitor: %s", marks(got))
	}
	child := bookOf(w.Courses["First aid"].ID)
	child.Left = true
	if got := worldtest.Must(t, w, "Pam", work.ShowGradebook, child); got.MayGrade || len(got.Items) != 1 || !strings.HasPrefix(got.Items[0].Learner.Name, "Sue") {
		t.Errorf("a parent: %s", marks(got))
	}
	one := work.OneLearner{OneCourse: child.OneCourse, Enrolment: worldtest.Must(t, w, "Ana", work.ShowGradebook, child).Items[0].Enrolment}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Leo": fail.NotAllowed, "Gus": fail.NotAllowed, "Bea": fail.NotAllowed, "Meg": fail.NotAllowed, "Mina": fail.NotAllowed, "Pam": fail.NotAllowed} {
		_, err := worldtest.Try(t, w, who, work.ShowGradebook, of)
		if err == nil || !fail.Is(err, want) && !fail.Is(err, fail.NotFound) {
			t.Errorf("%s opens the gradebook: %v", who, err)
		}
		err = work.DownloadGradebook.Stream(t.Context(), w.Env, w.As(who), work.GradebookFile{OneCourse: of.OneCourse}, func(op.File) error { return nil })
		if err == nil {
			t.Errorf("%s downloads it", who)
		}
	}
	if got := worldtest.Must(t, w, "Ana", work.ShowGradebook, child); !strings.HasPrefix(got.Items[0].Learner.Name, "Sue") {
		_, err := worldtest.Try(t, w, "Pam", work.ShowLearnerGrades, one)
		worldtest.Check(t, "a parent asks for another's child", err, fail.NotFound)
	}
	_, err := work.ShowGradebook.Run(t.Context(), w.Env, w.As("Una"), of)
	worldtest.Check(t, "Una of another portal", err, fail.NotFound)
	if own := worldtest.Must(t, w, "Lin", work.ShowOwnGrades, of.OneCourse); len(own.Items) != 3 || own.Score == nil || !own.Own || own.MayGrade {
		t.Errorf("one's own: %+v", own)
	}
	_, err = worldtest.Try(t, w, "Sue", work.ShowOwnGrades, of.OneCourse)
	worldtest.Check(t, "one who does not take it", err, fail.NotFound)
}

// CO-1: grades are given in the table: all or none, not over what somebody else gave, to nobody's own works; letters show scores.
func TestCO1GradesInATable(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	of := bookOf(x.course.Course)
	save := func(who string, list ...work.GradebookChange) error {
		_, err := worldtest.Try(t, w, who, work.SaveGradebook, work.GradebookChanges{OneCourse: x.course, Changes: list})
		return err
	}
	worldtest.Check(t, "two grades", save("Ivy", x.change(t, w, "Lin", "", "18"), x.change(t, w, "Max", "", "x")), -1)
	if got := marks(worldtest.Must(t, w, "Ivy", work.ShowGradebook, of)); got != "Lin 18; Max x" {
		t.Fatal(got)
	}
	worldtest.Check(t, "a stale cell", save("Ivy", x.change(t, w, "Lin", "", "1")), fail.Conflict)
	worldtest.Check(t, "one wrong of two", save("Ivy", x.change(t, w, "Lin", "18", "19"), x.change(t, w, "Max", "x", "99")), fail.Invalid)
	worldtest.Check(t, "a learner of no such course", save("Ivy", work.GradebookChange{Assessment: x.essay.Assessment, Enrolment: x.essay.Assessment, Mark: "1"}), fail.NotFound)
	worldtest.Check(t, "an assessment of another course", save("Ivy", work.GradebookChange{Assessment: w.Works["go-1"].ID, Enrolment: x.enrolment(t, w, "Lin"), Mark: "1"}), fail.NotFound)
	for who, want := range map[string]fail.Kind{"Mo": fail.NotAllowed, "Lin": fail.NotAllowed, "Leo": fail.NotAllowed, "Lou": fail.NotFound} {
		worldtest.Check(t, who+" saves", save(who, x.change(t, w, "Max", "x", "20")), want)
	}
	x.assist(t, w, "Max")
	worldtest.Check(t, "an assistant saves another's", save("Max", x.change(t, w, "Lin", "18", "17")), -1)
	worldtest.Check(t, "an assistant saves their own", save("Max", x.change(t, w, "Max", "x", "20")), fail.NotAllowed)
	scale := func(text string) error {
		_, err := worldtest.Try(t, w, "Ivy", work.SaveScale, work.NewScale{OneCourse: x.course, Scale: text})
		return err
	}
	for what, text := range map[string]string{"no number": "A ninety", "the lowest first": "B 80\nA 90", "twice": "A 90\nB 90", "beyond": "A 101", "no letter": " 90", "NaN": "A NaN"} {
		worldtest.Check(t, "a scale: "+what, scale(text), fail.Invalid)
	}
	worldtest.Check(t, "a scale", scale("Very good 90\r\nGood 80\nPoor 0\n"), -1)
	if row := worldtest.Must(t, w, "Ivy", work.ShowGradebook, of).Items[0]; row.Letter != "Good" || *row.Score != 85 {
		t.Errorf("%s %v", row.Letter, *row.Score)
	}
	if own := worldtest.Must(t, w, "Lin", work.ShowOwnGrades, x.course); own.Letter != "Good" || *own.Items[0].Grade.Points != 17 {
		t.Errorf("%+v", own)
	}
	_, err := worldtest.Try(t, w, "Max", work.SaveScale, work.NewScale{OneCourse: x.course})
	worldtest.Check(t, "an assistant sets the scale", err, fail.NotAllowed)
	worldtest.Check(t, "taken away", save("Ivy", x.change(t, w, "Lin", "17", "")), -1)
	worldtest.Check(t, "taken away", save("Ivy", x.change(t, w, "Max", "x", " ")), -1)
	book := worldtest.Must(t, w, "Ivy", work.ShowGradebook, of)
	if marks(book) != "Lin .; Max ." || book.Items[0].Score != nil {
		t.Errorf("nothing is left: %s", marks(book))
	}
	verify(t, w)
}

// CO-1: parts of a gradebook follow one another both ways, learners and assessments, without a query for each row.
func TestCO1GradebookPartByPart(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	for range 44 {
		x.add(t, w, assignment("More"))
	}
	of := bookOf(x.course.Course)
	of.Size = 1
	seen := map[db.ID]bool{}
	var at []db.ID
	for of.Works = 0; ; {
		b := worldtest.Must(t, w, "Ivy", work.ShowGradebook, of)
		at = append(at, of.Works)
		for _, a := range b.Works {
			seen[a.ID] = true
		}
		if b.WorksTotal != 45 || len(b.Items) != 1 || len(b.Items[0].Cells) != len(b.Works) {
			t.Fatalf("%d works, %d learners", b.WorksTotal, len(b.Items))
		}
		if of.Works = b.WorksNext; of.Works == 0 {
			if len(seen) != 45 || len(at) != 3 || b.WorksPrev != at[1] {
				t.Errorf("%d seen in %d parts", len(seen), len(at))
			}
			break
		}
	}
	first := worldtest.Must(t, w, "Ivy", work.ShowGradebook, of)
	of.After = first.Next
	second := worldtest.Must(t, w, "Ivy", work.ShowGradebook, of)
	of.After, of.Before = "", second.Prev
	if back := worldtest.Must(t, w, "Ivy", work.ShowGradebook, of); len(second.Items) != 1 || second.Next != "" || back.Items[0].Enrolment != first.Items[0].Enrolment {
		t.Errorf("%s, %s, %s", marks(first), marks(second), marks(back))
	}
	queries := func(size int) int64 {
		ctx, n := db.Counting(t.Context())
		of := bookOf(x.course.Course)
		of.Size = size
		if _, err := work.ShowGradebook.Run(ctx, w.Env, w.As("Ivy"), of); err != nil {
			t.Fatal(err)
		}
		return n.Load()
	}
	if one, all := queries(1), queries(200); one != all {
		t.Errorf("%d queries for one learner, %d for two", one, all)
	}
}

// CO-1, RE-2: a gradebook is downloaded, changed and taken in whole or not at all, and is safe to open in a spreadsheet.
func TestCO1GradesAsAFile(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	x.add(t, w, assignment("=1+1, \"two\""))
	_, err := x.mark(t, w, "Ivy", "Lin", "12.5")
	worldtest.Check(t, "graded", err, -1)
	download := func() string {
		var out bytes.Buffer
		if err := work.DownloadGradebook.Stream(t.Context(), w.Env, w.As("Ivy"), work.GradebookFile{OneCourse: x.course}, func(f op.File) error { return f.Write(&out) }); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	upload := func(text string) (work.GradebookSaved, error) {
		return worldtest.Try(t, w, "Ivy", work.UploadGradebook, work.GradebookUpload{OneCourse: x.course, CSV: text})
	}
	file := download()
	if strings.Contains(file, "\"=1") || strings.Contains(file, ",=1") || !strings.Contains(file, "12.5") {
		t.Fatalf("the file: %s", file)
	}
	if out, err := upload(file); err != nil || out.Changed != 0 {
		t.Errorf("as it is: %+v %v", out, err)
	}
	lin, max := x.enrolment(t, w, "Lin").String(), x.enrolment(t, w, "Max").String()
	code := x.essay.Assessment.String()
	head := "Enrolment,Essay [" + code + "]\n"
	for what, text := range map[string]string{"no enrolment": head + "nobody,3\n", "one of another course": head + code + ",3\n" + lin + ",4\n", "too many points": head + lin + ",3\n" + max + ",21\n",
		"a formula": head + lin + ",=1+1\n", "an unknown column": "Enrolment,Essay [nothing]\n" + lin + ",3\n", "a column twice": "Enrolment,Essay [" + code + "]," + code + "\n" + lin + ",3,4\n", "no columns": "a,b\n1,2\n", "nothing": "", "too few cells": head + lin + "\n"} {
		out, err := upload(text)
		if worldtest.Check(t, what, err, fail.Invalid); err == nil {
			t.Errorf("%+v", out)
		}
	}
	if _, err := upload(head + lin + ",3\n" + max + ",21\n"); err == nil || !strings.Contains(err.Error(), "Line 3") {
		t.Errorf("the line is not told: %v", err)
	}
	if got := marks(worldtest.Must(t, w, "Ivy", work.ShowGradebook, bookOf(x.course.Course))); got != "Lin 12.5 .; Max . ." {
		t.Fatalf("what was wrong left traces: %s", got)
	}
	if out, err := upload("Learner,Enrolment," + code + "\nwhoever," + lin + ",-\nwhoever," + max + ",\"7,5\"\n"); err != nil || out.Changed != 2 {
		t.Errorf("%+v %v", out, err)
	}
	if got := marks(worldtest.Must(t, w, "Ivy", work.ShowGradebook, bookOf(x.course.Course))); got != "Lin ? .; Max 7.5 ." {
		t.Errorf("after the file: %s", got)
	}
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, learning.OneCourse{Course: x.course.Course})
	_, err = upload(head + lin + ",20\n")
	worldtest.Check(t, "an archived course takes grades", err, fail.NotAllowed)
	_, err = x.mark(t, w, "Ivy", "Lin", "20")
	worldtest.Check(t, "an archived course is graded", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Lin", work.HandIn, x.text("After all"))
	worldtest.Check(t, "an archived course is handed in to", err, fail.Conflict)
	if b := worldtest.Must(t, w, "Ivy", work.ShowGradebook, bookOf(x.course.Course)); b.MayGrade || !strings.Contains(download(), ",7.5,") {
		t.Errorf("an archived gradebook: %s", marks(b))
	}
	worldtest.Must(t, w, "Ivy", learning.RestoreCourse, learning.OneCourse{Course: x.course.Course})
	for who, want := range map[string]fail.Kind{"Mo": fail.NotAllowed, "Lin": fail.NotAllowed, "Lou": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, work.UploadGradebook, work.GradebookUpload{OneCourse: x.course, CSV: head + lin + ",20\n"})
		worldtest.Check(t, who+" takes a file in", err, want)
	}
	verify(t, w)
}

// CO-1: the weights of a course's assessments are written together: all, or none where one is no weight or of another course.
func TestCO1WeightsTogether(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	other := x.add(t, w, assignment("Other"))
	e := worldtest.Must(t, w, "Ivy", work.ShowGradebook, work.GradebookQuery{OneCourse: x.course, Query: "Lin"}).Items[0].Enrolment
	worldtest.Must(t, w, "Ivy", work.SaveGradebook, work.GradebookChanges{OneCourse: x.course, Changes: []work.GradebookChange{{Assessment: x.essay.Assessment, Enrolment: e, Mark: "20"}, {Assessment: other.Assessment, Enrolment: e, Mark: "0"}}})
	weigh := func(who string, first, second float64, at db.ID) error {
		_, err := worldtest.Try(t, w, who, work.SaveWeights, work.Weights{OneCourse: x.course, Weights: []work.Weight{{Assessment: x.essay.Assessment, Weight: first}, {Assessment: at, Weight: second}}})
		return err
	}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Mo": fail.NotAllowed, "Una": fail.NotFound} {
		worldtest.Check(t, who+" weighs", weigh(who, 9, 1, other.Assessment), want)
	}
	worldtest.Check(t, "below zero", weigh("Ivy", 9, -1, other.Assessment), fail.Invalid)
	worldtest.Check(t, "of another course", weigh("Ivy", 9, 1, w.Works["go-1"].ID), fail.NotFound)
	score := func(want float64) {
		t.Helper()
		if got := worldtest.Must(t, w, "Lin", work.ShowOwnGrades, x.course).Score; got == nil || *got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
	score(50)
	worldtest.Check(t, "Ivy", weigh("Ivy", 9, 1, other.Assessment), -1)
	score(90)
	verify(t, w)
}
