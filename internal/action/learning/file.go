package learning

import (
	"provost/internal/access"
	"provost/internal/action/files"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	filed "provost/internal/store/files"
	"provost/internal/store/learning"
)

var fileOps = []op.Any{AddLessonFiles, DescribeLessonFile, DropLessonFile, LessonFile}

// maxAlt is how many characters may say what a picture shows.
const maxAlt = 300

func ofLesson(l learning.Lesson) filed.Holder { return filed.Holder{Kind: filed.OfLesson, ID: l.ID} }

// NewLessonFiles are files that a lesson shall hold.
type NewLessonFiles struct {
	OneLesson
	Alt   string      `json:"alt,omitempty" doc:"What the picture shows, for those who do not see it: needed for a picture, and pictures come one by one." maxLength:"300"`
	Files []op.Upload `file:"files" json:"-"`
}

// Check tells which fields have to be corrected.
func (in NewLessonFiles) Check() error {
	var wrong fail.Fields
	form.Line(&wrong, "alt", in.Alt, maxAlt)
	if len(in.Files) == 0 {
		wrong.Add("files", "Choose a file.")
	}
	return wrong.Err()
}

// Added are files that something holds now.
type Added struct {
	// Name is that of the first.
	Name  string       `json:"name"`
	Files []files.Item `json:"files"`
}

// AddLessonFiles puts files and pictures into a lesson (CO-1).
var AddLessonFiles = &op.Op[NewLessonFiles, Added]{
	Name:  "lesson.add_files",
	Route: "POST /courses/{course}/lessons/{lesson}/files",
	Doc:   "Adds files to a lesson, sent as multipart/form-data, 25 MB each at most. A picture (PNG, JPEG or GIF) stands in the text as ![what it shows](its name); anything else is saved by who reads the lesson.",
	Needs: editNeeds,
	Files: 4 * op.MaxFile,
	Allow: func(c *op.Call, in NewLessonFiles) error {
		_, _, err := findLesson(c, in.OneLesson, access.CourseAddContent)
		return err
	},
	Do: func(c *op.Call, in NewLessonFiles) (out Added, err error) {
		course, l, err := findLesson(c, in.OneLesson, access.CourseAddContent)
		if err != nil {
			return out, err
		}
		for _, f := range in.Files {
			switch {
			case f.Type == "":
			case len(in.Files) > 1:
				return out, fail.Wrong("files", "Add a picture by itself, with what it shows.")
			case form.Tidy(in.Alt) == "":
				return out, fail.Wrong("alt", "Say what the picture shows, for those who do not see it.")
			}
		}
		list, err := files.Add(c, ofLesson(l), form.Tidy(in.Alt), in.Files...)
		if err != nil {
			return out, err
		}
		out = Added{list[0].Name, files.Items(list)}
		c.Audit(course.Thing(), course.Name, map[string]any{"lesson": l.Title, "files": names(out.Files)})
		return out, nil
	},
}

func names(list []files.Item) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.Name
	}
	return out
}

// OneLessonFile names a file of a lesson.
type OneLessonFile struct {
	OneLesson
	File db.ID `path:"file" doc:"The file."`
}

// DescribedFile is a picture, with what it shows.
type DescribedFile struct {
	OneLessonFile
	Alt string `json:"alt" doc:"What the picture shows, for those who do not see it." maxLength:"300"`
}

// Check tells which fields have to be corrected.
func (in DescribedFile) Check() error {
	var wrong fail.Fields
	form.Line(&wrong, "alt", in.Alt, maxAlt)
	if form.Tidy(in.Alt) == "" {
		wrong.Add("alt", "Say what the picture shows, for those who do not see it.")
	}
	return wrong.Err()
}

func findLessonFile(c *op.Call, in OneLessonFile) (course store.Course, l learning.Lesson, f filed.File, err error) {
	if course, l, err = findLesson(c, in.OneLesson, access.CourseAddContent); err == nil {
		f, err = filed.Find(c, c.Tx, ofLesson(l), in.File)
	}
	return course, l, f, err
}

// DescribeLessonFile says what a picture of a lesson shows.
var DescribeLessonFile = &op.Op[DescribedFile, Ref]{
	Name:  "lesson.describe_file",
	Route: "PUT /courses/{course}/lessons/{lesson}/files/{file}",
	Doc:   "Says what a picture of a lesson shows, for those who do not see it.",
	Needs: editNeeds,
	Do: func(c *op.Call, in DescribedFile) (Ref, error) {
		course, l, f, err := findLessonFile(c, in.OneLessonFile)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"lesson": l.Title, "file": f.Name})
		return Ref{f.ID, f.Name}, filed.Describe(c, c.Tx, f, form.Tidy(in.Alt))
	},
}

// DropLessonFile takes a file out of a lesson.
var DropLessonFile = &op.Op[OneLessonFile, Ref]{
	Name:  "lesson.remove_file",
	Route: "DELETE /courses/{course}/lessons/{lesson}/files/{file}",
	Doc:   "Takes a file out of a lesson. Where the text shows it, the words that stood for it stay.",
	Needs: editNeeds,
	Do: func(c *op.Call, in OneLessonFile) (Ref, error) {
		course, l, f, err := findLessonFile(c, in)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"lesson": l.Title, "file": f.Name})
		return Ref{f.ID, f.Name}, filed.Drop(c, c.Tx, f)
	},
}

// LessonFile is a file of a lesson that is open to one.
var LessonFile = &op.Op[OneLessonFile, op.File]{
	Name:  "lesson.file",
	Route: "GET /courses/{course}/lessons/{lesson}/files/{file}",
	Doc:   "Sends a file of a lesson that is open to you.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneLessonFile) (op.File, error) {
		l, err := look(c, in.Course)
		if err != nil {
			return op.File{}, err
		}
		whole, err := learning.FindLesson(c, c.Tx, l.course, in.Lesson)
		if err != nil {
			return op.File{}, err
		}
		if l.item(&whole, c.Now).Closed {
			return op.File{}, fail.New(fail.Conflict, "This lesson is not open to you yet.")
		}
		return files.Send(c, ofLesson(whole), in.File)
	},
}
