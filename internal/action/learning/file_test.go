package learning_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"provost/internal/action/learning"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/file"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

// kept are the bytes that are kept, of all files.
func kept(t *testing.T, w *worldtest.Test) (n int) {
	t.Helper()
	if err := w.Env.Files.Each(t.Context(), time.Now().Add(time.Hour), func(file.Blob) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func (x taught) files(lesson db.ID, alt string, files ...op.Upload) learning.NewLessonFiles {
	return learning.NewLessonFiles{OneLesson: x.lesson(lesson), Alt: alt, Files: files}
}

func (x taught) file(lesson, id db.ID) learning.OneLessonFile {
	return learning.OneLessonFile{OneLesson: x.lesson(lesson), File: id}
}

// CO-1, LM-8, PT-4: files of a lesson are put there by those who write it, read by those who read it, once it is open to them,
// and by nobody else; of who may not send any, no byte is kept.
func TestCO1LM8FilesOfALesson(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	notes := worldtest.Upload(`C:\course\..\Notes <1>.txt`, "rows and columns")
	added := worldtest.Must(t, w, "Ivy", learning.AddLessonFiles, x.files(x.one, "", notes, worldtest.Upload("evil.svg", "<svg onload=alert(1)>")))
	worldtest.Must(t, w, "Ivy", learning.AddLessonFiles, x.files(x.three, "", worldtest.Upload("later.txt", "both")))
	picture := worldtest.Must(t, w, "Ivy", learning.AddLessonFiles, x.files(x.one, "A table", worldtest.Upload("a.png", worldtest.PNG)))
	if added.Files[0].Name != "Notes 1.txt" || added.Files[0].Picture || added.Files[1].Picture || !picture.Files[0].Picture || picture.Files[0].Alt != "A table" {
		t.Fatalf("%+v %+v", added, picture)
	}
	before := kept(t, w)
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Leo": fail.NotAllowed, "Mo": fail.NotAllowed, "Sue": fail.NotFound, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, learning.AddLessonFiles, x.files(x.one, "", worldtest.Upload("x.txt", "by "+who)))
		worldtest.Check(t, who+" adds a file", err, want)
	}
	for what, in := range map[string]learning.NewLessonFiles{
		"nothing":                    x.files(x.one, ""),
		"a picture without its text": x.files(x.one, " ", worldtest.Upload("b.png", worldtest.PNG)),
		"two pictures at once":       x.files(x.one, "Two", worldtest.Upload("b.png", worldtest.PNG), worldtest.Upload("c.png", worldtest.PNG)),
		"too much":                   x.files(x.one, "", worldtest.Upload("big", strings.Repeat("0", op.MaxFile+1))),
	} {
		_, err := worldtest.Try(t, w, "Ivy", learning.AddLessonFiles, in)
		worldtest.Check(t, what, err, fail.Invalid)
	}
	if after := kept(t, w); after != before {
		t.Errorf("%d bytes are kept of those who may not, or of too much", after-before)
	}
	read := worldtest.Must(t, w, "Lin", learning.LessonFile, x.file(x.one, added.Files[0].ID))
	var out bytes.Buffer
	if err := read.Write(&out); err != nil || out.String() != "rows and columns" || read.Inline || read.Type != "application/octet-stream" {
		t.Errorf("%v %q %+v", err, out.String(), read)
	}
	if shown := worldtest.Must(t, w, "Lin", learning.LessonFile, x.file(x.one, picture.Files[0].ID)); !shown.Inline || shown.Type != "image/png" {
		t.Errorf("%+v", shown)
	}
	later := worldtest.Must(t, w, "Ivy", learning.ShowLesson, x.lesson(x.three)).Files[0].ID
	if closed := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.three)); len(closed.Files) > 0 {
		t.Errorf("a closed lesson tells of %+v", closed.Files)
	}
	for what, ask := range map[string]struct {
		who  string
		in   learning.OneLessonFile
		want fail.Kind
	}{"before it is open": {"Lin", x.file(x.three, later), fail.Conflict}, "by an open lesson": {"Lin", x.file(x.one, later), fail.NotFound},
		"no learner of it": {"Lou", x.file(x.one, added.Files[0].ID), fail.NotFound}, "who manages learners": {"Leo", x.file(x.one, added.Files[0].ID), fail.NotAllowed},
		"another portal": {"Una", x.file(x.one, added.Files[0].ID), fail.NotFound}} {
		_, err := worldtest.Try(t, w, ask.who, learning.LessonFile, ask.in)
		worldtest.Check(t, what, err, ask.want)
	}
	_, err := worldtest.Try(t, w, "Ivy", learning.DropLessonFile, x.file(x.one, later))
	worldtest.Check(t, "another lesson's file is removed", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Lin", learning.DropLessonFile, x.file(x.one, added.Files[0].ID))
	worldtest.Check(t, "a learner removes a file", err, fail.NotAllowed)
	worldtest.Must(t, w, "Ivy", learning.DescribeLessonFile, learning.DescribedFile{OneLessonFile: x.file(x.one, picture.Files[0].ID), Alt: "Two tables"})
	worldtest.Must(t, w, "Ivy", learning.DropLessonFile, x.file(x.one, added.Files[0].ID))
	if left := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.one)).Files; len(left) != 2 || left[1].Alt != "Two tables" {
		t.Errorf("%+v", left)
	}
}
