package learning

import (
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

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

var lessonOps = []op.Any{ShowLesson, AddLesson, SaveLesson, DropLesson, MarkLesson}

// OneLesson names a lesson of a course.
type OneLesson struct {
	OneCourse
	Lesson db.ID `path:"lesson" doc:"The lesson."`
}

// Lesson is a lesson, as one may see it.
type Lesson struct {
	LessonItem
	Course  Ref   `json:"course"`
	Section db.ID `json:"section"`
	// Text is empty while the lesson is closed to one.
	Text     string       `json:"text" doc:"As Markdown; empty while it is closed to you."`
	VideoURL string       `json:"video_url,omitempty" doc:"The film that belongs to it."`
	Files    []files.Item `json:"files" doc:"The files that belong to it; none while it is closed to you. The text shows a picture as ![what it shows](its name)."`
	Changed  time.Time    `json:"changed"`
	Prev     *Step        `json:"prev,omitempty" doc:"The lesson or work before it."`
	Next     *Step        `json:"next,omitempty" doc:"The lesson or work after it."`
	// Number is its place among the Lessons of the course, from 1.
	Number  int     `json:"number"`
	Lessons int     `json:"lessons"`
	Own     *OwnWay `json:"own,omitempty"`
	MayEdit bool    `json:"may_edit"`
	// Archived: the course is read-only, for everybody.
	Archived bool `json:"archived,omitempty"`
}

// ShowLesson is one lesson; what is closed to a learner is shown by its title, and why.
var ShowLesson = &op.Op[OneLesson, Lesson]{
	Name:  "lesson.show",
	Route: "GET /courses/{course}/lessons/{lesson}",
	Doc:   "Shows a lesson. One that is closed to you shows its title, and what opens it.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneLesson) (out Lesson, err error) {
		l, err := look(c, in.Course)
		if err != nil {
			return out, err
		}
		whole, err := learning.FindLesson(c, c.Tx, l.course, in.Lesson)
		if err != nil {
			return out, err
		}
		prev, next := l.outline.Around(whole.ID)
		out = Lesson{LessonItem: l.item(&whole, c.Now), Course: Ref{l.course.ID, l.course.Name}, Section: whole.Section, Changed: whole.Changed, Files: []files.Item{},
			Prev: stepTo(prev), Next: stepTo(next), Lessons: len(l.outline.Lessons), MayEdit: l.mayEdit, Archived: !l.course.Archived.IsZero()}
		if !out.Closed {
			out.Text, out.VideoURL = whole.Body, whole.Video
			held, err := filed.List(c, c.Tx, ofLesson(whole))
			if err != nil {
				return out, err
			}
			out.Files = files.Items(held)
		}
		if l.own != nil {
			out.Own = &OwnWay{Done: len(l.own.Done), Progress: l.own.Enrolment.Progress, Status: l.own.Enrolment.Status}
		}
		for i := range l.outline.Lessons {
			if l.outline.Lessons[i].ID == whole.ID {
				out.Number = i + 1
			}
		}
		return out, nil
	},
}

func refOf(l *learning.Lesson) *Ref {
	if l == nil {
		return nil
	}
	return &Ref{l.ID, l.Title}
}

// maxText is how many characters a lesson may have.
const maxText = 200_000

// LessonFields are what a lesson shall say, and when it opens.
type LessonFields struct {
	Title string `json:"title" doc:"What it is called." maxLength:"200"`
	Text  string `json:"text" doc:"As Markdown: 200,000 characters at most. HTML in it is left out."`
	Video string `json:"video,omitempty" doc:"The address of a film that belongs to it, with https://."`
	Opens string `json:"opens,omitempty" doc:"The day from which learners may open it, as 2026-03-02; empty for at once."`
	After db.ID  `json:"after,omitempty" doc:"The lesson that a learner does first."`
}

// Check tells which fields have to be corrected.
func (in LessonFields) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "title", in.Title)
	if utf8.RuneCountInString(in.Text) > maxText || !utf8.ValidString(in.Text) || strings.ContainsRune(in.Text, 0) {
		wrong.Add("text", "This text is too long, or no text.")
	}
	if silentPicture.MatchString(in.Text) {
		wrong.Add("text", "Say between ![ and ] what each picture shows, for those who do not see it.")
	}
	if u, err := url.Parse(in.Video); in.Video != "" && (err != nil || u.Scheme != "https" || u.Host == "" || len(in.Video) > 1000) {
		wrong.Add("video", "Enter a whole address that begins with https://.")
	}
	if _, err := parseDay(in.Opens); err != nil {
		wrong.Add("opens", "Write a day as 2026-03-02.")
	}
	return wrong.Err()
}

// silentPicture finds a picture in Markdown that nothing is said of.
var silentPicture = regexp.MustCompile(`!\[\s*\]\(`)

func parseDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, text)
}

// write puts the fields into a lesson. The lesson that comes first must be another of the course, and not wait for this one.
func (in LessonFields) write(o learning.Outline, l *learning.Lesson) error {
	l.Title, l.Body, l.Video, l.After = form.Tidy(in.Title), strings.ReplaceAll(in.Text, "\r\n", "\n"), in.Video, in.After
	l.Opens, _ = parseDay(in.Opens)
	if in.After == 0 {
		return nil
	}
	first := o.Lesson(in.After)
	if first == nil {
		return fail.Wrong("after", "Choose a lesson of this course.")
	}
	for steps := 0; first != nil && steps <= len(o.Lessons); steps++ {
		if first.ID == l.ID {
			return fail.Wrong("after", "That lesson waits for this one itself.")
		}
		first = o.Lesson(first.After)
	}
	return nil
}

// NewLesson is a lesson to be added.
type NewLesson struct {
	OneCourse
	Section db.ID `json:"section" doc:"The section at whose end it stands."`
	LessonFields
}

// AddLesson puts a lesson at the end of a section.
var AddLesson = &op.Op[NewLesson, Ref]{
	Name:  "lesson.add",
	Route: "POST /courses/{course}/lessons",
	Doc:   "Adds a lesson at the end of a section. The learners' progress follows.",
	Needs: editNeeds,
	Do: func(c *op.Call, in NewLesson) (Ref, error) {
		course, s, err := findSection(c, OneSection{in.OneCourse, in.Section})
		if fail.Is(err, fail.NotFound) && course.ID != 0 {
			err = fail.Wrong("section", "Choose a section of this course.")
		}
		if err != nil {
			return Ref{}, err
		}
		outline, err := learning.OutlineOf(c, c.Tx, course)
		if err != nil {
			return Ref{}, err
		}
		l := learning.Lesson{Section: s.ID}
		if err := in.write(outline, &l); err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"lesson": l.Title, "section": s.Title})
		if l, err = learning.AddLesson(c, c.Tx, course, l, c.Now); err != nil {
			return Ref{}, err
		}
		return Ref{l.ID, l.Title}, regrade(c, course)
	},
}

// SavedLesson is a lesson with what it shall say.
type SavedLesson struct {
	OneLesson
	LessonFields
	// Was is when the lesson had last been changed when its form was opened.
	Was time.Time `json:"was,omitzero" doc:"The lesson's 'changed' when you read it: if somebody else has changed it since, nothing is saved and the answer is 409. Left out, nothing is compared."`
}

// SaveLesson writes what a lesson says. What somebody else wrote meanwhile is not lost.
var SaveLesson = &op.Op[SavedLesson, Ref]{
	Name:  "lesson.edit",
	Route: "PUT /courses/{course}/lessons/{lesson}",
	Doc:   "Writes a lesson.",
	Needs: editNeeds,
	Do: func(c *op.Call, in SavedLesson) (Ref, error) {
		course, l, err := findLesson(c, in.OneLesson, access.CourseAddContent)
		if err != nil {
			return Ref{}, err
		}
		if !in.Was.IsZero() && !in.Was.Equal(l.Changed) {
			return Ref{}, fail.New(fail.Conflict, "Somebody changed this lesson meanwhile. Copy what you wrote, and open it again.")
		}
		outline, err := learning.OutlineOf(c, c.Tx, course)
		if err != nil {
			return Ref{}, err
		}
		if err := in.write(outline, &l); err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"lesson": l.Title, "characters": utf8.RuneCountInString(l.Body)})
		l, err = learning.SaveLesson(c, c.Tx, l, c.Now)
		return Ref{l.ID, l.Title}, err
	},
}

// findLesson finds a lesson of a course within a permission.
func findLesson(c *op.Call, in OneLesson, p *access.Permission) (course store.Course, l learning.Lesson, err error) {
	if course, err = store.FindCourse(c, c.Tx, c.May(p), in.Course); err != nil {
		return course, l, err
	}
	l, err = learning.FindLesson(c, c.Tx, course, in.Lesson)
	return course, l, err
}

// DropLesson takes a lesson away, and what learners did of it.
var DropLesson = &op.Op[OneLesson, Ref]{
	Name:  "lesson.delete",
	Route: "DELETE /courses/{course}/lessons/{lesson}",
	Doc:   "Deletes a lesson, and what learners did of it. Their progress follows.",
	Needs: editNeeds,
	Do: func(c *op.Call, in OneLesson) (Ref, error) {
		course, l, err := findLesson(c, in, access.CourseAddContent)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"lesson": l.Title})
		if err := learning.DropLesson(c, c.Tx, l); err != nil {
			return Ref{}, err
		}
		return Ref{l.ID, l.Title}, regrade(c, course)
	},
}

// LessonMark says whether one has done a lesson.
type LessonMark struct {
	OneLesson
	Done bool `json:"done" doc:"Whether you have done it."`
}

// MarkedLesson is how far a learner has come after it.
type MarkedLesson struct {
	OwnWay
	Lesson Ref `json:"lesson"`
}

// MarkLesson notes that one has done a lesson of a course that one takes, or has not (LE-1). A course that was completed stays so.
var MarkLesson = &op.Op[LessonMark, MarkedLesson]{
	Name:  "lesson.mark",
	Route: "PUT /courses/{course}/lessons/{lesson}/done",
	Doc:   "Notes that you have done a lesson of a course that you take, or that you have not. When all lessons and works are done, the course is completed.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in LessonMark) (out MarkedLesson, err error) {
		l, err := look(c, in.Course)
		if err != nil {
			return out, err
		}
		lesson := l.outline.Lesson(in.Lesson)
		switch {
		case lesson == nil:
			return out, fail.Missing("lesson")
		case l.own == nil:
			return out, fail.New(fail.Conflict, "You do not take this course.")
		case !l.course.Archived.IsZero():
			return out, fail.New(fail.Conflict, "This course is archived: it can be read, and not taken.")
		case in.Done && l.item(lesson, c.Now).Closed:
			return out, fail.New(fail.Conflict, "This lesson is not open to you yet.")
		}
		c.Audit(l.course.Thing(), l.course.Name, map[string]any{"lesson": lesson.Title, "done": in.Done})
		if err := learning.Mark(c, c.Tx, l.own.Enrolment, *lesson, in.Done, c.Now); err != nil {
			return out, err
		}
		l.own, err = learning.TakingOf(c, c.Tx, c.May(access.EnrolmentOwn), l.course, c.Who.Account)
		if err != nil || l.own == nil {
			return out, err
		}
		out.Lesson, out.Progress, out.Status = Ref{lesson.ID, lesson.Title}, l.own.Enrolment.Progress, l.own.Enrolment.Status
		for _, s := range l.outline.Sections {
			l.section(s, &out.OwnWay, c.Now)
		}
		return out, nil
	},
}
