// Package learning holds the verbs by which courses are written, offered and taken (CO-1): their outline, lessons and files, who
// teaches them, copies and templates (CA-1), the catalog, and archiving.
package learning

import (
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

// Ops are the operations of this area.
var Ops = slices.Concat(outlineOps, lessonOps, fileOps, staffOps, lifeOps, copyOps, catalogOps, areaOps, uploadOps, seatOps)

var outlineOps = []op.Any{ShowOutline, AddSection, RenameSection, DropSection, Arrange}

// OneCourse names a course.
type OneCourse struct {
	Course db.ID `path:"course" doc:"The course."`
}

// Ref is a course or a lesson, by name.
type Ref struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// LessonItem is a lesson in a course's outline, without its text.
type LessonItem struct {
	ID    db.ID      `json:"id"`
	Title string     `json:"title"`
	Video bool       `json:"video" doc:"A film belongs to it."`
	Opens *time.Time `json:"opens,omitempty" doc:"When learners may open it."`
	After *Ref       `json:"after,omitempty" doc:"The lesson that a learner does first."`
	Done  *time.Time `json:"done,omitempty" doc:"When you did it."`
	// Closed: one cannot open it yet, for Opens or After.
	Closed bool `json:"closed" doc:"You cannot open it yet."`
}

// WorkItem is an assessment in a course's outline.
type WorkItem struct {
	ID    db.ID      `json:"id"`
	Title string     `json:"title"`
	Kind  string     `json:"kind" doc:"assignment, quiz, package, survey, or what the source of an imported one calls it."`
	Opens *time.Time `json:"opens,omitempty" doc:"When learners may open it."`
	Due   *time.Time `json:"due,omitempty"`
	After *Ref       `json:"after,omitempty" doc:"The lesson that a learner does first."`
	// Done: one has a result of it: handed in, graded or excused from.
	Done   bool `json:"done" doc:"You have a result of it."`
	Closed bool `json:"closed" doc:"You cannot open it yet."`
}

// SectionItem is a section of a course's outline.
type SectionItem struct {
	ID      db.ID        `json:"id"`
	Title   string       `json:"title"`
	Lessons []LessonItem `json:"lessons"`
	Works   []WorkItem   `json:"works"`
	Order   []db.ID      `json:"order" doc:"The lessons and works, in the order in which they stand."`
}

// Step is a lesson or a work that one goes to.
type Step struct {
	Ref
	Work bool `json:"work,omitempty" doc:"It is an assessment, no lesson."`
}

func stepTo(p *learning.Part) *Step {
	switch {
	case p == nil:
		return nil
	case p.Work != nil:
		return &Step{Ref{p.Work.ID, p.Work.Title}, true}
	}
	return &Step{Ref{p.Lesson.ID, p.Lesson.Title}, false}
}

// Outline is what a course is made of, as one may see it.
type Outline struct {
	Course   Ref           `json:"course"`
	About    string        `json:"about,omitempty"`
	Sections []SectionItem `json:"sections"`
	Lessons  int           `json:"lessons" doc:"How many there are."`
	// Works are those that stand in no section.
	Works []WorkItem `json:"works,omitempty" doc:"Assessments that were imported: they stand in no section."`
	// Own is one's own way through the course; absent where one is no learner of it.
	Own     *OwnWay `json:"own,omitempty"`
	MayEdit bool    `json:"may_edit"`
	// Archived: it is read-only, for everybody.
	Archived bool `json:"archived,omitempty"`
}

// OwnWay is how far a learner has come.
type OwnWay struct {
	Done     int          `json:"done" doc:"How many lessons you have done."`
	Progress float64      `json:"progress" doc:"In percent, of lessons and works."`
	Status   store.Status `json:"status"`
	// Next is the first lesson or work that is not done and open; absent where there is none.
	Next *Step `json:"next,omitempty" doc:"Where to go on."`
}

var viewNeeds = []*access.Permission{access.CourseView, access.CourseAddContent, access.EnrolmentOwn}

// looked is a course that is being looked at: what it is made of, and by whom.
type looked struct {
	course  store.Course
	outline learning.Outline
	// own is nil for who is no learner of it.
	own     *learning.Taking
	mayEdit bool
	// blind: they are a learner of it, by a token that sees none of what they have done.
	blind bool
}

// look finds a course within course.view, with its outline and the looker's own way through it.
func look(c *op.Call, id db.ID) (l looked, err error) {
	if l.course, err = store.FindCourse(c, c.Tx, c.May(access.CourseView), id); err != nil {
		return l, sayClosed(c, id, err)
	}
	thing := l.course.Thing()
	l.mayEdit = c.May(access.CourseAddContent).Has(&thing) != nil
	if l.outline, err = learning.OutlineOf(c, c.Tx, l.course); err != nil {
		return l, err
	}
	if l.own, err = learning.TakingOf(c, c.Tx, c.May(access.EnrolmentOwn), l.course, c.Who.Account); err == nil && l.own == nil && c.Who.Limit != nil {
		l.blind, err = store.Learns(c, c.Tx, l.course.ID, c.Who.Account)
	}
	return l, err
}

// closed tells whether the looker cannot open a part yet: who writes the course opens all of it.
func (l *looked) closed(opens time.Time, after db.ID, now time.Time) bool {
	switch {
	case l.mayEdit:
		return false
	case l.blind:
		return opens.After(now) || after != 0
	}
	return l.own != nil && l.own.Closed(l.outline, opens, after, now)
}

// item is a lesson as the looker finds it.
func (l *looked) item(x *learning.Lesson, now time.Time) LessonItem {
	out := LessonItem{ID: x.ID, Title: x.Title, Video: x.Video != "", Opens: known(x.Opens)}
	out.After, out.Closed = refOf(l.outline.Lesson(x.After)), l.closed(x.Opens, x.After, now)
	if l.own != nil {
		out.Done = known(l.own.Done[x.ID])
	}
	return out
}

// work is an assessment as the looker finds it.
func (l *looked) work(x *learning.Work, now time.Time) WorkItem {
	out := WorkItem{ID: x.ID, Title: x.Title, Kind: x.Kind, Opens: known(x.Opens), Due: known(x.Due), After: refOf(l.outline.Lesson(x.After)), Closed: l.closed(x.Opens, x.After, now)}
	if l.own != nil {
		out.Done = l.own.Handed[x.ID]
	}
	return out
}

// section is a section as the looker finds it; what is to be done in it is counted into their way.
func (l *looked) section(s learning.Section, own *OwnWay, now time.Time) SectionItem {
	out := SectionItem{ID: s.ID, Title: s.Title, Lessons: []LessonItem{}, Works: []WorkItem{}, Order: []db.ID{}}
	for _, p := range l.outline.In(s.ID) {
		out.Order = append(out.Order, p.ID())
		done, closed := false, false
		if p.Work != nil {
			x := l.work(p.Work, now)
			out.Works = append(out.Works, x)
			done, closed = x.Done, x.Closed
		} else {
			x := l.item(p.Lesson, now)
			out.Lessons = append(out.Lessons, x)
			done, closed = x.Done != nil, x.Closed
		}
		own.count(p, done, closed)
	}
	return out
}

// count takes a lesson or a work into a learner's way.
func (o *OwnWay) count(p learning.Part, done, closed bool) {
	switch {
	case o == nil:
	case done && p.Lesson != nil:
		o.Done++
	case !done && !closed && o.Next == nil:
		o.Next = stepTo(&p)
	}
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// ShowOutline is what a course is made of, and how far one has come.
var ShowOutline = &op.Op[OneCourse, Outline]{
	Name:  "course.outline",
	Route: "GET /courses/{course}/outline",
	Doc:   "Shows what a course is made of: its sections and lessons, which of them you have done, and where to go on.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneCourse) (Outline, error) {
		l, err := look(c, in.Course)
		if err != nil {
			return Outline{}, err
		}
		out := Outline{Course: Ref{l.course.ID, l.course.Name}, About: l.course.About, Lessons: len(l.outline.Lessons), MayEdit: l.mayEdit, Archived: !l.course.Archived.IsZero(),
			Sections: make([]SectionItem, len(l.outline.Sections))}
		if l.own != nil {
			out.Own = &OwnWay{Progress: l.own.Enrolment.Progress, Status: l.own.Enrolment.Status}
		}
		for i, s := range l.outline.Sections {
			out.Sections[i] = l.section(s, out.Own, c.Now)
		}
		for i := range l.outline.Works {
			if w := &l.outline.Works[i]; w.Section == 0 {
				out.Works = append(out.Works, l.work(w, c.Now))
			}
		}
		return out, nil
	},
}

// SectionTitle is what a section shall be called.
type SectionTitle struct {
	Title string `json:"title" doc:"What it is called." maxLength:"200"`
}

// Check tells what is wrong with the title.
func (in SectionTitle) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "title", in.Title)
	return wrong.Err()
}

// NewSection is a section to be added.
type NewSection struct {
	OneCourse
	SectionTitle
}

var editNeeds = []*access.Permission{access.CourseAddContent}

// AddSection puts a section at the end of a course.
var AddSection = &op.Op[NewSection, SectionItem]{
	Name:  "section.add",
	Route: "POST /courses/{course}/sections",
	Doc:   "Adds a section at the end of a course.",
	Needs: editNeeds,
	Do: func(c *op.Call, in NewSection) (SectionItem, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), in.Course)
		if err != nil {
			return SectionItem{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"section": in.Title})
		s, err := learning.AddSection(c, c.Tx, course, form.Tidy(in.Title))
		return SectionItem{s.ID, s.Title, []LessonItem{}, []WorkItem{}, []db.ID{}}, err
	},
}

// OneSection names a section of a course.
type OneSection struct {
	OneCourse
	Section db.ID `path:"section" doc:"The section."`
}

// RenamedSection is a section with its new title.
type RenamedSection struct {
	OneSection
	SectionTitle
}

// findSection finds a section of a course that one may write.
func findSection(c *op.Call, in OneSection) (course store.Course, s learning.Section, err error) {
	course, err = store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), in.Course)
	if err != nil {
		return course, s, err
	}
	s, err = learning.FindSection(c, c.Tx, course, in.Section)
	return course, s, err
}

// RenameSection gives a section another title.
var RenameSection = &op.Op[RenamedSection, Ref]{
	Name:  "section.rename",
	Route: "PUT /courses/{course}/sections/{section}",
	Doc:   "Gives a section of a course another title.",
	Needs: editNeeds,
	Do: func(c *op.Call, in RenamedSection) (Ref, error) {
		course, s, err := findSection(c, in.OneSection)
		if err != nil {
			return Ref{}, err
		}
		title := form.Tidy(in.Title)
		c.Audit(course.Thing(), course.Name, map[string]any{"section": s.Title, "title": title})
		return Ref{s.ID, title}, learning.RenameSection(c, c.Tx, s, title)
	},
}

// DropSection takes a section away with its lessons, and what learners did of them.
var DropSection = &op.Op[OneSection, Ref]{
	Name:  "section.delete",
	Route: "DELETE /courses/{course}/sections/{section}",
	Doc:   "Deletes a section of a course with its lessons, and what learners did of them. Their progress follows. A section that holds assessments is kept: 409.",
	Needs: editNeeds,
	Do: func(c *op.Call, in OneSection) (Ref, error) {
		course, s, err := findSection(c, in)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"section": s.Title})
		if err := learning.DropSection(c, c.Tx, s); err != nil {
			return Ref{}, err
		}
		return Ref{s.ID, s.Title}, regrade(c, course)
	},
}

// regrade brings all learners' progress up to what the course is made of now.
func regrade(c *op.Call, course store.Course) error {
	deltas := store.NewDeltas()
	if err := store.RegradeCourse(c, c.Tx, deltas, course.ID); err != nil {
		return err
	}
	return deltas.Flush(c, c.Tx)
}

// ArrangedSection is a section with its lessons and works, in order.
type ArrangedSection struct {
	Section db.ID   `json:"section"`
	Order   []db.ID `json:"order"`
}

// Order is the order that a course shall have.
type Order struct {
	OneCourse
	Sections []ArrangedSection `json:"sections" doc:"Every section once, and every lesson and work of the sections once below one of them, in order."`
}

// Arrange puts the sections, lessons and works of a course into an order.
var Arrange = &op.Op[Order, Ref]{
	Name:  "course.arrange",
	Route: "PUT /courses/{course}/outline",
	Doc:   "Puts the sections, lessons and works of a course into an order. It names all of them, so that nothing which somebody added meanwhile is lost: 409 then.",
	Needs: editNeeds,
	Do: func(c *op.Call, in Order) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), in.Course)
		if err != nil {
			return Ref{}, err
		}
		was, err := learning.OutlineOf(c, c.Tx, course)
		if err != nil {
			return Ref{}, err
		}
		order := make([]learning.Arranged, len(in.Sections))
		for i, s := range in.Sections {
			order[i] = learning.Arranged{Section: s.Section, Parts: s.Order}
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"sections": len(order)})
		return Ref{course.ID, course.Name}, learning.Arrange(c, c.Tx, was, order)
	},
}
