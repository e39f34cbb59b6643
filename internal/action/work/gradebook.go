package work

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

var gradebookOps = []op.Any{ShowGradebook, SaveGradebook, DownloadGradebook, UploadGradebook, ShowLearnerGrades, ShowOwnGrades, ShowScale, SaveScale}

// The parts of a gradebook that are shown at once.
const (
	bookColumns = 20
	maxChanges  = 5000
	// maxTold is how many changes an audit row names; it counts them all.
	maxTold = 50
)

// GradebookQuery asks for a part of a gradebook.
type GradebookQuery struct {
	OneCourse
	Works  db.ID  `query:"works" doc:"The works_next or works_prev of another part."`
	Query  string `query:"q" doc:"Only learners one of whose names begins so."`
	Left   bool   `query:"left" doc:"Those who left the course, too."`
	After  string `query:"after" doc:"The next of another part."`
	Before string `query:"before" doc:"The prev of another part."`
	Size   int    `query:"size" doc:"How many learners to return, 200 at most; 50 if left out."`
}

// GradebookCell is what one learner has of one assessment.
type GradebookCell struct {
	Mark    string   `json:"mark" doc:"What was given, as it is written to it: points, x where it is not asked of the learner, empty for nothing."`
	Points  *float64 `json:"points,omitempty" doc:"What it comes to, less what being late takes off."`
	Excused bool     `json:"excused,omitempty"`
	Late    bool     `json:"late,omitempty" doc:"Being late took something off."`
	Waits   bool     `json:"waits,omitempty" doc:"Something was handed in that is not graded yet."`
	Handed  bool     `json:"handed,omitempty" doc:"Something was handed in."`
	Held    bool     `json:"held,omitempty" doc:"It is held back from learners for now; only graders see it."`
}

// GradebookRow is a learner in a gradebook.
type GradebookRow struct {
	Enrolment db.ID            `json:"enrolment"`
	Learner   Ref              `json:"learner"`
	Left      bool             `json:"left" doc:"They left the course."`
	Own       bool             `json:"own" doc:"It is you: nobody grades their own work."`
	Score     *float64         `json:"score,omitempty" doc:"The weighted mean of what counts, in percent."`
	Letter    string           `json:"letter,omitempty" doc:"By the course's scale."`
	Cells     []*GradebookCell `json:"cells" doc:"One for each of works; null where there is nothing."`
}

// Gradebook is a part of a course's gradebook: some learners by some assessments.
type Gradebook struct {
	Course       Ref              `json:"course"`
	Works        []AssessmentItem `json:"works"`
	WorksPrev    db.ID            `json:"works_prev,omitempty" doc:"Where the assessments before these begin."`
	WorksNext    db.ID            `json:"works_next,omitempty" doc:"Where those after these begin."`
	WorksTotal   int              `json:"works_total" doc:"How many assessments the course has."`
	Items        []GradebookRow   `json:"items"`
	Next         string           `json:"next,omitempty"`
	Prev         string           `json:"prev,omitempty"`
	Total        int              `json:"total" doc:"How many learners there are, counted to 1000."`
	MayGrade     bool             `json:"may_grade"`
	MayConfigure bool             `json:"may_configure" doc:"You may set the letters that scores are shown as."`
}

var bookNeeds = []*access.Permission{access.CourseAllGrades, access.CourseGrade, access.CourseView, access.CourseConfigure}

// book is a gradebook that is opened.
type book struct {
	course   store.Course
	within   access.Within
	mayGrade bool
	scale    scale
}

// openBook finds a course whose grades one may see: as a grader, or by some of its learners, as a parent does (PR-1).
func openBook(c *op.Call, id db.ID) (b book, err error) {
	b.within = c.May(access.CourseAllGrades)
	course, refused := store.FindCourse(c, c.Tx, c.May(access.CourseGrade), id)
	switch {
	case refused == nil:
		b.course, b.mayGrade = course, true
	case !fail.Is(refused, fail.NotFound) && !fail.Is(refused, fail.NotAllowed):
		return b, refused
	default:
		if b.course, err = work.CourseOf(c, c.Tx, b.within, id); fail.Is(err, fail.NotFound) && b.within.Opens() {
			b.course, err = store.FindCourse(c, c.Tx, c.May(access.CourseView), id)
		}
		if fail.Is(err, fail.NotFound) {
			err = refused
		}
		if err != nil {
			return b, err
		}
	}
	text, err := work.ScaleOf(c, c.Tx, b.course)
	b.scale = readScale(text)
	return b, err
}

// ShowGradebook is a part of a gradebook. Its cost does not grow with the course.
var ShowGradebook = &op.Op[GradebookQuery, Gradebook]{
	Name:  "gradebook.show",
	Route: "GET /courses/{course}/gradebook",
	Doc:   "Shows the grades of a course's learners, 50 of them by 20 assessments: those that you may see.",
	Needs: bookNeeds,
	Do: func(c *op.Call, in GradebookQuery) (out Gradebook, err error) {
		b, err := openBook(c, in.Course)
		if err != nil {
			return out, err
		}
		works, err := work.ListColumns(c, c.Tx, b.course, in.Works, bookColumns)
		if err != nil {
			return out, err
		}
		learners, err := store.ListEnrolments(c, c.Tx, b.within, store.EnrolmentFilter{Course: b.course.ID, Query: in.Query, Open: !in.Left},
			store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		grades, err := work.GradesAt(c, c.Tx, works.Items, learners.Items)
		if err != nil {
			return out, err
		}
		thing := b.course.Thing()
		out = Gradebook{Course: Ref{b.course.ID, b.course.Name}, Works: make([]AssessmentItem, len(works.Items)), WorksPrev: works.Prev, WorksNext: works.Next, WorksTotal: works.Total,
			Items: make([]GradebookRow, len(learners.Items)), Next: learners.Next, Prev: learners.Prev, Total: learners.Total,
			MayGrade: b.mayGrade, MayConfigure: c.May(access.CourseConfigure).Has(&thing) != nil}
		for i := range works.Items {
			out.Works[i] = itemOf(&works.Items[i])
		}
		for i := range learners.Items {
			out.Items[i] = b.row(c, &learners.Items[i], works.Items, grades)
		}
		return out, nil
	},
}

func (b *book) row(c *op.Call, e *store.Enrolment, works []work.Assessment, grades map[work.Cell]work.Grade) GradebookRow {
	row := GradebookRow{Enrolment: e.ID, Learner: Ref{e.Account, e.Learner}, Left: !e.Open, Own: own(c, e.Account), Score: e.Score, Letter: b.scale.letter(e.Score), Cells: make([]*GradebookCell, len(works))}
	for i := range works {
		a := &works[i]
		g, ok := grades[work.Cell{Assessment: a.ID, Enrolment: e.ID}]
		if !ok {
			continue
		}
		cell := &GradebookCell{Waits: !g.Waits.IsZero(), Handed: !g.Submitted.IsZero(), Excused: g.Excused, Held: a.Holds(c.Now)}
		if row.Cells[i] = cell; cell.Held && (!b.mayGrade || row.Own) {
			continue
		}
		cell.Mark = markOf(a, &g)
		if reached := g.Reached(a); reached != nil {
			points := a.InPoints(*reached)
			cell.Points, cell.Late = &points, g.Given != nil && *reached < *g.Given
		}
	}
	return row
}

// GradebookChange is a grade to be given.
type GradebookChange struct {
	Assessment db.ID  `json:"assessment"`
	Enrolment  db.ID  `json:"enrolment"`
	Was        string `json:"was" doc:"The mark that you saw there: where it is another by now, nothing is saved and the answer is 409."`
	Mark       string `json:"mark" doc:"Points; x where it is not asked of the learner; empty for no grade."`
}

// GradebookChanges are grades to be given at once.
type GradebookChanges struct {
	OneCourse
	Changes []GradebookChange `json:"changes" doc:"5000 at most. All are saved, or none."`
}

// Check tells which fields have to be corrected.
func (in GradebookChanges) Check() error {
	if len(in.Changes) > maxChanges {
		return fail.New(fail.Invalid, "These are too many changes at once.")
	}
	return nil
}

// GradebookSaved tells how many grades were changed.
type GradebookSaved struct {
	Changed int `json:"changed"`
}

// SaveGradebook gives many grades at once: all, or none.
var SaveGradebook = &op.Op[GradebookChanges, GradebookSaved]{
	Name:  "gradebook.save",
	Route: "PUT /courses/{course}/gradebook",
	Doc:   "Gives grades in a course's gradebook: all of them, or none. Nobody grades their own work.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in GradebookChanges) (GradebookSaved, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseGrade), in.Course)
		if err != nil {
			return GradebookSaved{}, err
		}
		changes := make([]change, len(in.Changes))
		for i, x := range in.Changes {
			changes[i] = change{GradebookChange: x}
		}
		return saveChanges(c, course, changes)
	},
}

// change is one grade to be given: by a form, or by a line of a file.
type change struct {
	GradebookChange
	// line is 0 for a form, which also tells what it was seen as.
	line int
}

// wrong tells that its mark is none: of a form by the name of its field.
func (x *change) wrong(wrong *fail.Fields, a *work.Assessment) {
	if x.line == 0 {
		wrong.Add("mark."+x.Assessment.String()+"."+x.Enrolment.String(), "Enter a number from {from} to {to}, or x.", "from", 0, "to", a.Points)
		return
	}
	wrong.Add("csv", "Line {line}: {title} takes a number from {from} to {to}, x or -.", "line", x.line, "title", a.Title, "from", 0, "to", a.Points)
}

// saveChanges gives grades, and leaves alone those that are so already.
func saveChanges(c *op.Call, course store.Course, changes []change) (out GradebookSaved, err error) {
	f, err := findCells(c, course, changes)
	if err != nil {
		return out, err
	}
	var wrong fail.Fields
	var list []work.Marking
	var told []string
	for _, x := range changes {
		if len(wrong) >= maxWrong {
			break
		}
		a, e := f.works[x.Assessment], f.learners[x.Enrolment]
		if a == nil || e.ID == 0 {
			if x.line == 0 {
				return out, fail.Missing("grade")
			}
			wrong.Add("csv", "Line {line}: this is no enrolment of the course.", "line", x.line)
			continue
		}
		g := f.grades[work.Cell{Assessment: a.ID, Enrolment: e.ID}]
		now := markOf(a, &g)
		switch want := g; {
		case x.line == 0 && now != x.Was:
			return out, fail.New(fail.Conflict, "Somebody changed a grade of {name} meanwhile. Open the gradebook anew.", "name", e.Learner)
		case readMark(a, &want, x.Mark) != nil:
			x.wrong(&wrong, a)
		case markOf(a, &want) == now:
		case own(c, e.Account):
			return out, errOwnWork
		default:
			list = append(list, work.Marking{Assessment: a, Enrolment: e, Grade: want})
			told = append(told, e.Learner+", "+a.Title+": "+now+" → "+strings.TrimSpace(x.Mark))
		}
	}
	if err := wrong.Err(); err != nil {
		return out, err
	}
	c.Audit(course.Thing(), course.Name, map[string]any{"changed": len(list), "grades": told[:min(len(told), maxTold)]})
	deltas := store.NewDeltas()
	if err := work.MarkAll(c, c.Tx, deltas, list, c.By(), c.Now); err != nil {
		return out, err
	}
	return GradebookSaved{len(list)}, deltas.Flush(c, c.Tx)
}

// found are the assessments, learners and grades that changes name.
type found struct {
	works    map[db.ID]*work.Assessment
	learners map[db.ID]store.Enrolment
	grades   map[work.Cell]work.Grade
}

func findCells(c *op.Call, course store.Course, changes []change) (f found, err error) {
	all, err := work.ListGraded(c, c.Tx, course)
	if err != nil {
		return f, err
	}
	works, ids := map[db.ID]bool{}, make([]db.ID, 0, len(changes))
	for _, x := range changes {
		works[x.Assessment] = true
		ids = append(ids, x.Enrolment)
	}
	slices.Sort(ids)
	if f.learners, err = work.LearnersOf(c, c.Tx, c.May(access.CourseAllGrades), course, slices.Compact(ids)); err != nil {
		return f, err
	}
	all = slices.DeleteFunc(all, func(a work.Assessment) bool { return !works[a.ID] })
	f.works = map[db.ID]*work.Assessment{}
	for i := range all {
		f.works[all[i].ID] = &all[i]
	}
	learners := make([]store.Enrolment, 0, len(f.learners))
	for _, e := range f.learners {
		learners = append(learners, e)
	}
	f.grades, err = work.GradesToChange(c, c.Tx, all, learners)
	return f, err
}
