// Package work holds the verbs around what a course asks of its learners (CO-1): assignments, quizzes, surveys and packages,
// handing in, grading, and what is discussed.
package work

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

// Ops are the operations of this area.
var Ops = slices.Concat(assessmentOps, submissionOps, gradingOps, gradebookOps, rubricOps, questionOps, quizOps, packageOps, discussionOps, surveyOps)

var assessmentOps = []op.Any{ListAssessments, ShowAssessment, AddAssessment, SaveAssessment, DropAssessment, SaveWeights}

// OneCourse names a course.
type OneCourse struct {
	Course db.ID `path:"course" doc:"The course."`
}

// OneAssessment names an assessment of a course.
type OneAssessment struct {
	OneCourse
	Assessment db.ID `path:"assessment" doc:"The assessment."`
}

// Ref is a thing by name.
type Ref struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// AssessmentItem is an assessment, without what it asks.
type AssessmentItem struct {
	ID          db.ID      `json:"id"`
	Code        string     `json:"code" doc:"What other systems call it."`
	Title       string     `json:"title"`
	Kind        string     `json:"kind" doc:"assignment, quiz, package, survey, or what the source of an imported one calls it."`
	Due         *time.Time `json:"due,omitempty"`
	Opens       *time.Time `json:"opens,omitempty" doc:"When learners may open it."`
	Closes      *time.Time `json:"closes,omitempty" doc:"When nothing is taken any more."`
	GradesAt    *time.Time `json:"grades_at,omitempty" doc:"When learners see their grades; absent for at once."`
	Weight      float64    `json:"weight" doc:"Its part of the course's score; only its relation to the others counts."`
	Points      float64    `json:"points" doc:"The most that can be reached."`
	LatePercent float64    `json:"late_percent" doc:"Taken off for each day, begun, after the due date."`
	Attempts    int64      `json:"attempts" doc:"How often a learner may hand something in; 0 for any number."`
	Survey      bool       `json:"survey" doc:"It asks what learners think: it has no points, and stands in no gradebook."`
	Imported    bool       `json:"imported" doc:"It was taken over from another system, and stands in no section."`
}

func itemOf(a *work.Assessment) AssessmentItem {
	return AssessmentItem{ID: a.ID, Code: a.Code, Title: a.Title, Kind: a.Kind, Due: known(a.Due), Opens: known(a.Opens), Closes: known(a.Closes), GradesAt: known(a.GradesAt),
		Weight: a.Weight, Points: a.Points, LatePercent: a.LatePercent, Attempts: a.Attempts, Survey: a.Survey, Imported: a.Section == 0}
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Assessments are those of a course, with what new ones can be put into for who may add some.
type Assessments struct {
	Course   Ref              `json:"course"`
	Items    []AssessmentItem `json:"items"`
	Sections []Ref            `json:"sections,omitempty" doc:"Where a new one can stand."`
	Lessons  []Ref            `json:"lessons,omitempty" doc:"What can come before one."`
	MayEdit  bool             `json:"may_edit"`
}

var (
	viewNeeds = []*access.Permission{access.CourseView, access.CourseAddContent, access.EnrolmentOwn, access.CourseOwnGrades, access.CourseGrade}
	editNeeds = []*access.Permission{access.CourseAddContent}
)

// ListAssessments are a course's assessments, in order.
var ListAssessments = &op.Op[OneCourse, Assessments]{
	Name:  "assessment.list",
	Route: "GET /courses/{course}/assessments",
	Doc:   "Lists the assessments of a course in order, those that were imported last.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneCourse) (out Assessments, err error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseView), in.Course)
		if err != nil {
			return out, err
		}
		thing := course.Thing()
		out = Assessments{Course: Ref{course.ID, course.Name}, Items: []AssessmentItem{}, MayEdit: c.May(access.CourseAddContent).Has(&thing) != nil}
		list, err := work.ListAssessments(c, c.Tx, course)
		for i := range list {
			out.Items = append(out.Items, itemOf(&list[i]))
		}
		if err != nil || !out.MayEdit {
			return out, err
		}
		sections, lessons, err := work.PlacesIn(c, c.Tx, course)
		out.Sections, out.Lessons = refs(sections), refs(lessons)
		return out, err
	},
}

func refs(list []work.Named) []Ref {
	out := make([]Ref, len(list))
	for i, n := range list {
		out[i] = Ref(n)
	}
	return out
}

// Assessment is one assessment, as one may see it.
type Assessment struct {
	AssessmentItem
	Course Ref `json:"course"`
	// Text is empty while the assessment is closed to one.
	Text    string    `json:"text" doc:"What is asked, as Markdown; empty while it is closed to you."`
	After   *Ref      `json:"after,omitempty" doc:"The lesson that a learner does first."`
	Changed time.Time `json:"changed,omitzero"`
	// Takes: one is a learner of the course. Closed: one cannot open it yet.
	Takes   bool `json:"takes" doc:"You take this course."`
	Closed  bool `json:"closed" doc:"You cannot open it yet."`
	MayEdit bool `json:"may_edit"`
	// MayGrade: one grades what is handed in for it.
	MayGrade bool `json:"may_grade"`
	// HasRubric: it says by what works are judged.
	HasRubric bool `json:"has_rubric"`
}

// looked is an assessment that is being looked at, and by whom.
type looked struct {
	course  store.Course
	is      work.Assessment
	own     *work.Own
	mayEdit bool
	// mayGrade: one may grade in the course.
	mayGrade bool
	closed   bool
}

// look finds an assessment within course.view, with the looker's own way to it.
func look(c *op.Call, in OneAssessment) (l looked, err error) {
	if l.course, err = store.FindCourse(c, c.Tx, c.May(access.CourseView), in.Course); err != nil {
		return l, err
	}
	if l.is, err = work.FindAssessment(c, c.Tx, l.course, in.Assessment); err != nil {
		return l, err
	}
	thing := l.course.Thing()
	l.mayEdit, l.mayGrade = c.May(access.CourseAddContent).Has(&thing) != nil, c.May(access.CourseGrade).Has(&thing) != nil
	if l.own, err = work.OwnOf(c, c.Tx, c.May(access.EnrolmentOwn), l.course, l.is, c.Who.Account); err != nil {
		return l, err
	}
	l.closed = l.own != nil && (l.is.Opens.After(c.Now) || l.own.First.ID != 0)
	if l.own == nil && c.Who.Limit != nil && (l.is.Opens.After(c.Now) || l.is.After != 0) { // a learner's token that sees no enrolment opens no more than they do
		l.closed, err = store.Learns(c, c.Tx, l.course.ID, c.Who.Account)
	}
	l.closed = l.closed && !l.mayEdit
	return l, err
}

// ShowAssessment is one assessment; what is closed to a learner is shown by its title, and why.
var ShowAssessment = &op.Op[OneAssessment, Assessment]{
	Name:  "assessment.show",
	Route: "GET /courses/{course}/assessments/{assessment}",
	Doc:   "Shows an assessment. One that is closed to you shows its title, and what opens it.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneAssessment) (out Assessment, err error) {
		l, err := look(c, in)
		if err != nil {
			return out, err
		}
		out = Assessment{AssessmentItem: itemOf(&l.is), Course: Ref{l.course.ID, l.course.Name}, Changed: l.is.Changed, Takes: l.own != nil, Closed: l.closed, MayEdit: l.mayEdit, MayGrade: l.mayGrade}
		rubric, err := work.RubricOf(c, c.Tx, l.is)
		if err != nil {
			return out, err
		}
		if out.HasRubric = rubric != ""; !l.closed {
			out.Text = l.is.Body
		}
		if l.is.After != 0 {
			first, err := work.LessonName(c, c.Tx, l.course, l.is.After)
			if err != nil {
				return out, err
			}
			out.After = &Ref{l.is.After, first}
		}
		return out, nil
	},
}

// The bounds of what an assessment says.
const (
	maxText   = 200_000
	maxPoints = 100_000
)

// AssessmentFields are what an assessment asks, and by which rules. Times are moments in UTC; empty for none.
type AssessmentFields struct {
	Title       string    `json:"title" doc:"What it is called." maxLength:"200"`
	Text        string    `json:"text" doc:"What is asked, as Markdown: 200,000 characters at most. HTML in it is left out."`
	Due         time.Time `json:"due,omitzero" doc:"What comes later is late."`
	Opens       time.Time `json:"opens,omitzero" doc:"When learners may open it; left out for at once."`
	Closes      time.Time `json:"closes,omitzero" doc:"When nothing is taken any more; left out for never."`
	GradesAt    time.Time `json:"grades_at,omitzero" doc:"When learners see their grades; left out for at once."`
	After       db.ID     `json:"after,omitempty" doc:"The lesson that a learner does first."`
	Weight      float64   `json:"weight" doc:"Its part of the course's score, 0 to 1000; only its relation to the others counts."`
	Points      float64   `json:"points" doc:"The most that can be reached, above 0; a survey has none."`
	LatePercent float64   `json:"late_percent,omitempty" doc:"Taken off for each day, begun, after the due date: 0 to 100."`
	Attempts    int64     `json:"attempts,omitempty" doc:"How often a learner may hand something in; 0 for any number."`
}

// Check tells which fields have to be corrected.
func (in AssessmentFields) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "title", in.Title)
	if !text(in.Text) {
		wrong.Add("text", "This text is too long, or no text.")
	}
	number(&wrong, "weight", in.Weight, 0, 1000)
	number(&wrong, "late_percent", in.LatePercent, 0, 100)
	number(&wrong, "points", in.Points, 0, maxPoints)
	if in.Attempts < 0 || in.Attempts > 100 {
		wrong.Add("attempts", "Enter a number from {from} to {to}.", "from", 0, "to", 100)
	}
	if in.LatePercent > 0 && in.Due.IsZero() {
		wrong.Add("due", "Nothing is late without a due date.")
	}
	if !in.Closes.IsZero() && (in.Closes.Before(in.Opens) || in.Closes.Before(in.Due)) {
		wrong.Add("closes", "It cannot close before it opens, or is due.")
	}
	for name, at := range map[string]time.Time{"due": in.Due, "opens": in.Opens, "closes": in.Closes, "grades_at": in.GradesAt} {
		if !at.IsZero() && (at.Year() < 1970 || at.Year() > 9999) {
			wrong.Add(name, "Enter a day, such as 2026-11-05.")
		}
	}
	return wrong.Err()
}

func text(s string) bool {
	return utf8.RuneCountInString(s) <= maxText && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

func number(wrong *fail.Fields, field string, n, from, to float64) {
	if math.IsNaN(n) || n < from || n > to {
		wrong.Add(field, "Enter a number from {from} to {to}.", "from", from, "to", to)
	}
}

func (in AssessmentFields) write(a *work.Assessment) error {
	a.Title, a.Body = form.Tidy(in.Title), strings.ReplaceAll(in.Text, "\r\n", "\n")
	a.Due, a.Opens, a.Closes, a.GradesAt, a.After = in.Due, in.Opens, in.Closes, in.GradesAt, in.After
	switch {
	case a.Survey:
		a.GradesAt = time.Time{}
		return nil
	case in.Points == 0:
		return fail.Wrong("points", "Enter a number above 0.")
	}
	a.Weight, a.Points, a.LatePercent, a.Attempts = in.Weight, in.Points, in.LatePercent, in.Attempts
	return nil
}

// Kinds are those of the assessments that are made here.
var Kinds = []string{"assignment", KindQuiz, KindPackage, KindSurvey}

// NewAssessment is an assessment to be added.
type NewAssessment struct {
	OneCourse
	Section   db.ID  `json:"section" doc:"The section at whose end it stands."`
	Kind      string `json:"kind" doc:"assignment, quiz, package or survey."`
	Anonymous bool   `json:"anonymous,omitempty" doc:"Of a survey: nobody learns who answered what. Once somebody has answered, this stays."`
	AssessmentFields
}

// Check tells which fields have to be corrected.
func (in NewAssessment) Check() error {
	if !slices.Contains(Kinds, in.Kind) {
		return fail.Wrong("kind", "There is no such kind of assessment.")
	}
	return in.AssessmentFields.Check()
}

// AddAssessment puts an assessment at the end of a section.
var AddAssessment = &op.Op[NewAssessment, Ref]{
	Name:  "assessment.add",
	Route: "POST /courses/{course}/assessments",
	Doc:   "Adds an assessment at the end of a section of a course. The learners' progress follows.",
	Needs: editNeeds,
	Do: func(c *op.Call, in NewAssessment) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), in.Course)
		if err != nil {
			return Ref{}, err
		}
		a := work.Assessment{Section: in.Section}
		a.Kind, a.Survey = in.Kind, in.Kind == KindSurvey
		if err := in.write(&a); err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "kind": a.Kind})
		if a, err = work.AddAssessment(c, c.Tx, course, a, c.Now); err != nil {
			return Ref{}, err
		}
		if a.Survey {
			if err := work.SaveSurvey(c, c.Tx, a, in.Anonymous); err != nil {
				return Ref{}, err
			}
		}
		return Ref{a.ID, a.Title}, regrade(c, course)
	},
}

// regrade brings all learners' progress and scores up to what the course asks now.
func regrade(c *op.Call, course store.Course) error {
	deltas := store.NewDeltas()
	if err := store.RegradeCourse(c, c.Tx, deltas, course.ID); err != nil {
		return err
	}
	return deltas.Flush(c, c.Tx)
}

// SavedAssessment is an assessment with what it shall ask.
type SavedAssessment struct {
	OneAssessment
	AssessmentFields
	// Was is when it had last been changed when its form was opened.
	Was time.Time `json:"was,omitzero" doc:"Its 'changed' when you read it: if somebody else has changed it since, nothing is saved and the answer is 409. Left out, nothing is compared."`
}

// SaveAssessment writes what an assessment asks. What somebody else wrote meanwhile is not lost.
var SaveAssessment = &op.Op[SavedAssessment, Ref]{
	Name:  "assessment.edit",
	Route: "PUT /courses/{course}/assessments/{assessment}",
	Doc:   "Writes an assessment. The learners' scores follow.",
	Needs: editNeeds,
	Do: func(c *op.Call, in SavedAssessment) (Ref, error) {
		course, a, err := find(c, in.OneAssessment, access.CourseAddContent)
		if err != nil {
			return Ref{}, err
		}
		if !in.Was.IsZero() && !in.Was.Equal(a.Changed) {
			return Ref{}, fail.New(fail.Conflict, "Somebody changed this assessment meanwhile. Copy what you wrote, and open it again.")
		}
		if err := in.write(&a); err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "weight": a.Weight, "points": a.Points})
		if a, err = work.SaveAssessment(c, c.Tx, course, a, c.Now); err != nil {
			return Ref{}, err
		}
		if err := work.Settle(c, c.Tx, a, c.Now); err != nil {
			return Ref{}, err
		}
		return Ref{a.ID, a.Title}, regrade(c, course)
	},
}

// find finds an assessment of a course within a permission.
func find(c *op.Call, in OneAssessment, p *access.Permission) (course store.Course, a work.Assessment, err error) {
	if course, err = store.FindCourse(c, c.Tx, c.May(p), in.Course); err != nil {
		return course, a, err
	}
	a, err = work.FindAssessment(c, c.Tx, course, in.Assessment)
	return course, a, err
}

// DropAssessment takes an assessment away that nobody has a result of.
var DropAssessment = &op.Op[OneAssessment, Ref]{
	Name:  "assessment.delete",
	Route: "DELETE /courses/{course}/assessments/{assessment}",
	Doc:   "Deletes an assessment of which nobody has a result: 409 for any other. The learners' progress follows.",
	Needs: editNeeds,
	Do: func(c *op.Call, in OneAssessment) (Ref, error) {
		course, a, err := find(c, in, access.CourseAddContent)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title})
		if err := work.DropAssessment(c, c.Tx, a); err != nil {
			return Ref{}, err
		}
		return Ref{a.ID, a.Title}, regrade(c, course)
	},
}
