package work

import (
	"math"
	"strconv"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

var gradingOps = []op.Any{ListWaiting, ShowLearnerWork, MarkWork, LearnerFile, ReleaseGrades}

var gradeNeeds = []*access.Permission{access.CourseGrade, access.CourseAllGrades}

// maxWaiting is how many works are listed at once; those behind follow as these are graded.
const maxWaiting = 100

// WaitingQuery asks for what waits to be graded.
type WaitingQuery struct {
	Course     db.ID `query:"course" doc:"Only of this course."`
	Assessment db.ID `query:"assessment" doc:"Only of this assessment."`
}

// WaitingItem is something that waits to be graded.
type WaitingItem struct {
	Course     Ref        `json:"course"`
	Assessment Ref        `json:"assessment"`
	Enrolment  db.ID      `json:"enrolment"`
	Learner    string     `json:"learner"`
	Since      time.Time  `json:"since" doc:"When it was handed in."`
	Due        *time.Time `json:"due,omitempty"`
}

// WaitingList is what waits, the longest first.
type WaitingList struct {
	Items []WaitingItem `json:"items"`
	Total int64         `json:"total" doc:"How many wait, counted to 1000."`
}

// ListWaiting is what waits to be graded in all courses in which one may grade.
var ListWaiting = &op.Op[WaitingQuery, WaitingList]{
	Name:  "grading.list",
	Route: "GET /grading",
	Doc:   "Lists what was handed in and waits for you to grade it, the longest first: 100 at most.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in WaitingQuery) (WaitingList, error) {
		return waiting(c, work.WaitingFilter{Course: in.Course, Assessment: in.Assessment}, maxWaiting)
	},
}

func waiting(c *op.Call, f work.WaitingFilter, most int) (WaitingList, error) {
	list, total, err := work.ListWaiting(c, c.Tx, c.May(access.CourseGrade), c.May(access.CourseAllGrades), f, most)
	out := WaitingList{Items: make([]WaitingItem, len(list)), Total: total}
	for i, w := range list {
		out.Items[i] = WaitingItem{Ref(w.Course), Ref(w.Assessment), w.Enrolment, w.Learner, w.Since, known(w.Due)}
	}
	return out, err
}

// OneLearnerWork names a learner's work.
type OneLearnerWork struct {
	OneAssessment
	Enrolment db.ID `path:"enrolment" doc:"The learner's enrolment."`
}

// LearnerWork is what a learner handed in, with how it is graded.
type LearnerWork struct {
	AssessmentItem
	Course   Ref         `json:"course"`
	Learner  string      `json:"learner"`
	Text     string      `json:"text" doc:"What is asked, as Markdown."`
	Attempts []Handed    `json:"attempts" doc:"The last first."`
	Grade    *GradeItem  `json:"grade,omitempty"`
	Given    string      `json:"given" doc:"The points that were given, before what being late takes off, as they are written to it."`
	Grader   string      `json:"grader,omitempty" doc:"Who graded it last."`
	Rubric   []Criterion `json:"rubric,omitempty" doc:"What it is judged by."`
	Changed  time.Time   `json:"changed,omitzero" doc:"When it was handed in or graded last."`
	MayGrade bool        `json:"may_grade" doc:"You may grade it: nobody grades their own work."`
	// Prev and Next are the learners before and after, by name, who handed something in.
	Prev  db.ID `json:"prev,omitempty" doc:"The enrolment of the learner before, by name, who has something of it."`
	Next  db.ID `json:"next,omitempty" doc:"The enrolment of the one after."`
	Total int64 `json:"total" doc:"How many works of this assessment wait, counted to 1000."`
}

// graded is a learner's work that is found to be graded.
type graded struct {
	course store.Course
	is     work.Assessment
	of     store.Enrolment
	grade  work.Grade
}

func findGraded(c *op.Call, in OneLearnerWork) (x graded, err error) {
	if x.course, x.is, err = find(c, in.OneAssessment, access.CourseGrade); err != nil {
		return x, err
	}
	if x.is.Survey {
		return x, fail.New(fail.Conflict, "A survey is not graded.")
	}
	if x.of, err = store.FindEnrolment(c, c.Tx, c.May(access.CourseAllGrades), in.Enrolment); err != nil {
		return x, err
	}
	if x.of.Course != x.course.ID {
		return x, fail.Missing("enrolment")
	}
	x.grade, err = work.FindGrade(c, c.Tx, x.is, x.of)
	return x, err
}

// changed is when a work was handed in or graded last.
func (x *graded) changed() time.Time {
	if x.grade.Graded.After(x.grade.Submitted) {
		return x.grade.Graded
	}
	return x.grade.Submitted
}

// own: nobody grades their own work, nor as somebody whom they act for.
func own(c *op.Call, account db.ID) bool { return account == c.Who.Account || account == c.By() }

// ShowLearnerWork is one learner's work, to be graded.
var ShowLearnerWork = &op.Op[OneLearnerWork, LearnerWork]{
	Name:  "grading.show",
	Route: "GET /courses/{course}/assessments/{assessment}/learners/{enrolment}",
	Doc:   "Shows what a learner handed in for an assessment, with their grade.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in OneLearnerWork) (out LearnerWork, err error) {
		x, err := findGraded(c, in)
		if err != nil {
			return out, err
		}
		mine := own(c, x.of.Account)
		out = LearnerWork{AssessmentItem: itemOf(&x.is), Course: Ref{x.course.ID, x.course.Name}, Learner: x.of.Learner, Text: x.is.Body,
			Grade: gradeOf(&x.is, &x.grade, !mine, c.Now), Changed: x.changed(), MayGrade: !mine}
		if !mine || !x.is.Holds(c.Now) {
			out.Given, out.Grader = markOf(&x.is, &x.grade), x.grade.Grader
		}
		if out.Attempts, _, err = handed(c, &x.is, x.of); err != nil {
			return out, err
		}
		if err := out.Grade.withMore(c, &x.grade); err != nil {
			return out, err
		}
		if _, out.Rubric, err = rubricOf(c, x.is); err != nil {
			return out, err
		}
		if out.Prev, out.Next, err = work.Beside(c, c.Tx, c.May(access.CourseAllGrades), x.is, x.of); err != nil {
			return out, err
		}
		others, err := waiting(c, work.WaitingFilter{Assessment: x.is.ID}, 1)
		out.Total = others.Total
		return out, err
	},
}

// Excused is how it is written that a work is not asked of a learner.
const excused = "x"

// markOf is how a grade is written: points, x for excused, nothing for none.
func markOf(a *work.Assessment, g *work.Grade) string {
	given := g.Given
	if given == nil {
		given = g.Score
	}
	switch {
	case g.Excused:
		return excused
	case given == nil:
		return ""
	}
	return strconv.FormatFloat(a.InPoints(*given), 'f', -1, 64)
}

// readMark reads what markOf writes into a grade; a comma is a point too.
func readMark(a *work.Assessment, g *work.Grade, text string) error {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	g.Given, g.Score, g.Excused = nil, nil, strings.EqualFold(text, excused)
	if text == "" || g.Excused {
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > a.Points {
		return fail.Wrong("points", "Enter a number from {from} to {to}, or x.", "from", 0, "to", strconv.FormatFloat(a.Points, 'f', -1, 64))
	}
	percent := 100 * n / a.Points
	g.Given = &percent
	return nil
}

// GivenMark is how a learner's work is graded.
type GivenMark struct {
	OneLearnerWork
	Points   string            `json:"points" doc:"Points; x where it is not asked of the learner; empty for no grade, or for what the levels come to."`
	Levels   map[string]string `json:"levels,omitempty" doc:"The level of each criterion of the rubric, by their numbers from 0: all, or none. Points that are left empty, or as they were, follow from them."`
	Feedback string            `json:"feedback" doc:"What the learner reads of it, as Markdown."`
	Files    []op.Upload       `file:"files" json:"-"`
	Remove   []db.ID           `json:"remove,omitempty" doc:"Files of the feedback to take away."`
	Was      time.Time         `json:"was,omitzero" doc:"Its 'changed' when you read it: where it was handed in or graded since, nothing is saved and the answer is 409. Left out, nothing is compared."`
}

// Check tells which fields have to be corrected.
func (in GivenMark) Check() error {
	if !text(in.Feedback) {
		return fail.Wrong("feedback", "This text is too long, or no text.")
	}
	return nil
}

// Marked tells whose work was graded, and what waits next.
type Marked struct {
	Learner string       `json:"learner"`
	Next    *WaitingItem `json:"next,omitempty" doc:"What waits next of the same assessment, or else of the course."`
}

// MarkWork grades a learner's work. The learner's score and progress follow, and so do all figures.
var MarkWork = &op.Op[GivenMark, Marked]{
	Name:  "grading.mark",
	Route: "PUT /courses/{course}/assessments/{assessment}/learners/{enrolment}",
	Doc:   "Grades a learner's work, with feedback and files. Nobody grades their own.",
	Needs: gradeNeeds,
	Files: maxSent,
	Allow: func(c *op.Call, in GivenMark) error {
		x, err := findGraded(c, in.OneLearnerWork)
		if err == nil && own(c, x.of.Account) {
			err = errOwnWork
		}
		return err
	},
	Do: func(c *op.Call, in GivenMark) (out Marked, err error) {
		x, err := findGraded(c, in.OneLearnerWork)
		if err != nil {
			return out, err
		}
		if !in.Was.IsZero() && !in.Was.Equal(x.changed()) {
			return out, fail.New(fail.Conflict, "This was handed in again, or graded, meanwhile. Open it anew.")
		}
		before := markOf(&x.is, &x.grade)
		judged, err := judgeAnew(c, &x, &in)
		if err != nil {
			return out, err
		}
		if err := readMark(&x.is, &x.grade, in.Points); err != nil {
			return out, err
		}
		x.grade.Feedback = in.Feedback
		c.Audit(x.course.Thing(), x.course.Name, map[string]any{"assessment": x.is.Title, "learner": x.of.Learner, "was": before, "points": markOf(&x.is, &x.grade)})
		deltas := store.NewDeltas()
		if err := mark(c, deltas, x); err != nil {
			return out, err
		}
		if err := feedbackFiles(c, x, in); err != nil {
			return out, err
		}
		if err := keepJudged(c, x, judged); err != nil {
			return out, err
		}
		if err := deltas.Flush(c, c.Tx); err != nil {
			return out, err
		}
		out.Learner = x.of.Learner
		for _, f := range []work.WaitingFilter{{Assessment: x.is.ID}, {Course: x.course.ID}} {
			if list, err := waiting(c, f, 1); err != nil || len(list.Items) > 0 {
				if err == nil {
					out.Next = &list.Items[0]
				}
				return out, err
			}
		}
		return out, nil
	},
}

// errOwnWork is the answer to who would grade themselves.
var errOwnWork = fail.New(fail.NotAllowed, "Nobody grades their own work.")

// feedbackFiles keeps the files of the feedback. They need a grade or a text to belong to.
func feedbackFiles(c *op.Call, x graded, in GivenMark) error {
	if len(in.Files)+len(in.Remove) == 0 {
		return nil
	}
	g, err := work.FindGrade(c, c.Tx, x.is, x.of)
	if err == nil && g.ID == 0 {
		err = fail.Wrong("feedback", "Write what the file is, or give points.")
	}
	if err != nil {
		return err
	}
	return changeFiles(c, ofFeedback(&g), in.Remove, in.Files)
}

// OneLearnerFile names a file of a learner's work, or of the feedback on it.
type OneLearnerFile struct {
	OneLearnerWork
	File db.ID `path:"file" doc:"The file."`
}

// LearnerFile is a file that a learner handed in, or of the feedback on it.
var LearnerFile = &op.Op[OneLearnerFile, op.File]{
	Name:  "grading.file",
	Route: "GET /courses/{course}/assessments/{assessment}/learners/{enrolment}/files/{file}",
	Doc:   "Sends a file that a learner handed in, or of the feedback on it.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in OneLearnerFile) (op.File, error) {
		x, err := findGraded(c, in.OneLearnerWork)
		if err != nil {
			return op.File{}, err
		}
		return fileOf(c, &x.is, x.of, in.File, false, !own(c, x.of.Account) || !x.is.Holds(c.Now))
	},
}

func mark(c *op.Call, d *store.Deltas, x graded) error {
	if own(c, x.of.Account) {
		return errOwnWork
	}
	return work.Mark(c, c.Tx, d, x.is, x.of, x.grade, c.By(), c.Now)
}
