package learning_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

func uploaded(t *testing.T, w *worldtest.Test, who string, in learning.NewUpload) (learning.OneUpload, learning.UploadShown) {
	t.Helper()
	u := learning.OneUpload{Upload: worldtest.Must(t, w, who, learning.BeginUpload, in).ID}
	return u, worldtest.Must(t, w, who, learning.ShowUpload, u)
}

func part(u learning.OneUpload, code string) learning.UploadPart {
	return learning.UploadPart{OneUpload: u, Code: code}
}

const twoTemplates = "\xef\xbb\xbfcourse,section,title,name,about,text,video,file,alt,opens,after\r\n" +
	"gopher,Week 1,Welcome,Go,All of it,\"# Hi\n\nRead.\",,./plan.txt,,,\r\n" +
	"gopher,Week 1,A map,,,![A map](map.png),,a\\map.png,A map,2026-03-09,welcome\r\n" +
	"gopher,Week 2,Welcome,,,,https://video.test/x,,,,A map\r\n" +
	"rust,Start,Here,Rust,,,,,,,\r\n"

// CA-1: content administrators make templates of a table and an archive, each whole or not at all, of what they may write and where
// they may; what an upload would do is told before, and it is its sender's alone.
func TestCA1UploadOfTemplates(t *testing.T) {
	w := worldtest.WithKin(t)
	north := w.Orgs["North"].ID
	zip := worldtest.Zip(map[string]string{"plan.txt": "the plan", "a/map.png": worldtest.PNG, "__MACOSX/._plan.txt": "x", "spare.txt": "nobody names it"})
	in := func(table string) learning.NewUpload {
		return learning.NewUpload{Organization: north, Table: worldtest.Upload("go.csv", table), Archive: worldtest.Upload("go.zip", zip)}
	}
	before := kept(t, w)
	for who, want := range map[string]fail.Kind{"Ivy": fail.NotFound, "Lin": fail.NotFound, "Leo": fail.NotAllowed, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, learning.BeginUpload, in(twoTemplates))
		worldtest.Check(t, who+" uploads templates", err, want)
	}
	south := in(twoTemplates)
	south.Organization = w.Orgs["South"].ID
	if _, err := worldtest.Try(t, w, "Cleo", learning.BeginUpload, south); err == nil {
		t.Error("Cleo of North uploads templates of South")
	}
	if after := kept(t, w); after != before {
		t.Errorf("%d bytes are kept of those who may not send any", after-before)
	}
	u, shown := uploaded(t, w, "Cleo", in(twoTemplates))
	if shown.FaultCount != 0 || len(shown.Courses) != 2 || shown.Courses[0].Name != "Go" || shown.Courses[0].Sections != 2 || shown.Courses[0].Lessons != 3 || shown.Courses[0].Files != 2 ||
		shown.Courses[0].Into != nil || len(shown.Lessons) != 4 || fmt.Sprint(shown.Unused) != "[spare.txt]" {
		t.Fatalf("%+v", shown)
	}
	if list := worldtest.Must(t, w, "Cleo", learning.ListTemplates, struct{}{}); len(list.Items) != 0 {
		t.Errorf("a preview made %+v", list.Items)
	}
	for _, who := range []string{"Cora", "Ana", "Una"} {
		_, err := worldtest.Try(t, w, who, learning.ShowUpload, u)
		worldtest.Check(t, who+" looks at Cleo's upload", err, fail.NotFound)
		_, err = worldtest.Try(t, w, who, learning.TakeUpload, part(u, "gopher"))
		worldtest.Check(t, who+" takes Cleo's upload", err, fail.NotFound)
	}
	made := learning.OneCourse{Course: worldtest.Must(t, w, "Cleo", learning.TakeUpload, part(u, "gopher")).ID}
	out := worldtest.Must(t, w, "Cleo", learning.ShowOutline, made)
	if len(out.Sections) != 2 || len(out.Sections[0].Lessons) != 2 || out.Sections[0].Lessons[1].After.ID != out.Sections[0].Lessons[0].ID || out.Sections[1].Lessons[0].After.Name != "A map" {
		t.Fatalf("%+v", out)
	}
	first := worldtest.Must(t, w, "Cleo", learning.ShowLesson, learning.OneLesson{OneCourse: made, Lesson: out.Sections[0].Lessons[0].ID})
	second := worldtest.Must(t, w, "Cleo", learning.ShowLesson, learning.OneLesson{OneCourse: made, Lesson: out.Sections[0].Lessons[1].ID})
	if first.Text != "# Hi\n\nRead." || first.Files[0].Name != "plan.txt" || first.Files[0].Size != 8 || !second.Files[0].Picture || second.Files[0].Alt != "A map" || second.Opens == nil {
		t.Errorf("%+v %+v", first, second)
	}
	_, err := worldtest.Try(t, w, "Cleo", learning.TakeUpload, part(u, "gopher"))
	worldtest.Check(t, "what was made is made again", err, fail.Conflict)
	// meanwhile the other code was taken by a course that Cleo may not write: it is refused whole, and said so
	worldtest.Must(t, w, "Ana", action.CreateCourse, action.NewCourse{Organization: w.Orgs["South"].ID, CourseFields: action.CourseFields{Code: "rust", Name: "Secret"}})
	_, err = worldtest.Try(t, w, "Cleo", learning.TakeUpload, part(u, "rust"))
	worldtest.Check(t, "a code that was taken meanwhile", err, fail.Invalid)
	shown = worldtest.Must(t, w, "Cleo", learning.ShowUpload, u)
	if shown.Courses[0].Made == nil || shown.FaultCount != 1 || shown.Faults[0].Line != 7 || shown.Faults[0].Name != "course" || strings.Contains(fmt.Sprint(shown), "Secret") {
		t.Errorf("%+v", shown)
	}
	w.Clock.Move(21 * time.Hour)
	_, err = worldtest.Try(t, w, "Cleo", learning.ShowUpload, u)
	worldtest.Check(t, "an upload of yesterday", err, fail.NotFound)
}

// CA-1, PT-2: who writes a course uploads lessons into it, and nobody else; each fault is told by line and column, and with any
// of them nothing is made.
func TestCA1UploadIntoACourse(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	in := func(table, zip string) (out learning.NewUpload) {
		out.Course = x.course.Course
		if table != "" {
			out.Table = worldtest.Upload("t.csv", table)
		}
		if zip != "" {
			out.Archive = worldtest.Upload("All of it.zip", zip)
		}
		return out
	}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Gus": fail.NotAllowed, "Leo": fail.NotAllowed, "Sue": fail.NotFound, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, learning.BeginUpload, in("section,title\na,b\n", ""))
		worldtest.Check(t, who+" uploads into the course", err, want)
	}
	u, shown := uploaded(t, w, "Ivy", in("Section;Title;Text;Video;File;Alt;Opens;After\n"+
		"Week 1;tables;;;;;;\n"+
		";;;http://x;none.txt;;soon;Nowhere\n"+
		"Week 9;Pic;![](p.png);;p.png;;;Keys\n"+
		"Week 9;pic;;;;;;\n"+
		"Week 9;short\n"+
		"Week 9;\xff;;;;;;\n", worldtest.Zip(map[string]string{"p.png": worldtest.PNG})))
	var got []string
	for _, f := range shown.Faults {
		got = append(got, fmt.Sprintf("%d %s", f.Line, f.Name))
	}
	if want := "6 |7 |3 section|3 title|3 video|3 opens|3 file|4 text|4 alt|5 title|2 title|3 after"; !sameLines(got, want) {
		t.Errorf("%s", strings.Join(got, "|"))
	}
	_, err := worldtest.Try(t, w, "Ivy", learning.TakeUpload, part(u, ""))
	worldtest.Check(t, "an upload with faults", err, fail.Invalid)
	for what, table := range map[string]string{"no columns": "", "no title": "section\na\n", "a column of nobody": "section,title,colour\na,b,red\n", "no lessons": "section,title\n"} {
		if _, shown := uploaded(t, w, "Ivy", in(table+" ", "")); shown.FaultCount == 0 {
			t.Errorf("%s: %+v", what, shown)
		}
	}
	for what, zip := range map[string]string{"no archive": "PK\x03\x04 and no more", "a way out": worldtest.Zip(map[string]string{"../x": "x"}), "an absolute way": worldtest.Zip(map[string]string{"/etc/x": "x"}),
		"names in Latin-1": worldtest.Zip(map[string]string{"gr\xf6\xdfe.txt": "x"}), "a bomb": worldtest.Zip(map[string]string{"zeros": strings.Repeat("\x00", 8<<20)})} {
		_, err := worldtest.Try(t, w, "Ivy", learning.BeginUpload, in("", zip))
		worldtest.Check(t, what, err, fail.Invalid)
	}
	u, shown = uploaded(t, w, "Ivy", in("", worldtest.Zip(map[string]string{"Week 2/Slides.pdf": "1", "Week 2/Slides.odp": "2", "note.txt": "3", ".hidden": "4"})))
	if shown.FaultCount != 0 || shown.Courses[0].Sections != 2 || shown.Courses[0].Lessons != 3 || shown.Course == nil {
		t.Fatalf("%+v", shown)
	}
	worldtest.Must(t, w, "Ivy", learning.TakeUpload, part(u, ""))
	out := worldtest.Must(t, w, "Lin", learning.ShowOutline, x.course)
	if len(out.Sections) != 3 || len(out.Sections[1].Lessons) != 3 || out.Sections[1].Lessons[1].Title != "Slides" || out.Sections[1].Lessons[2].Title != "Slides.pdf" || out.Sections[2].Title != "All of it" || out.Lessons != 6 {
		t.Errorf("%+v", out)
	}
	u, _ = uploaded(t, w, "Ivy", in("section,title\nNew,One\nNew,Two\n", ""))
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, learning.OneCourse{Course: x.course.Course})
	if _, err := worldtest.Try(t, w, "Ivy", learning.TakeUpload, part(u, "")); err == nil {
		t.Error("an archived course was written")
	}
}

func sameLines(got []string, want string) bool {
	left := map[string]int{}
	for _, x := range strings.Split(want, "|") {
		left[x]++
	}
	for _, x := range got {
		left[x]--
	}
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	return true
}
