// Package path holds the verbs of what leads to the end of a course and beyond it: when it is completed, the certificate that is
// given for it, learning paths over several courses (CO-2), and what people have to complete (CO-5).
package path

import (
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// Ops are the operations of this area.
var Ops = slices.Concat(completionOps, certificateOps, pathOps, learnerOps, personOps, complianceOps, dueOps, deleteOps)

var completionOps = []op.Any{ShowCompletion, SetCompletion, CompleteLearner}

// OneCourse names a course.
type OneCourse struct {
	Course db.ID `path:"course" doc:"The course."`
}

// Ref is a thing by name.
type Ref struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// Completion is when a course is completed, and what one may do about it.
type Completion struct {
	Course    Ref        `json:"course"`
	Rule      store.Rule `json:"rule" doc:"work: all lessons done and a result for each work; lessons: all lessons done; grade: a result for each work and a passing score; both: lessons and grade; hand: staff complete it."`
	Pass      float64    `json:"pass" doc:"The lowest passing score, 0 to 100."`
	MayChange bool       `json:"may_change"`
	// MayComplete: one may complete the course for its learners.
	MayComplete bool `json:"may_complete"`
}

// ShowCompletion is when a course is completed.
var ShowCompletion = &op.Op[OneCourse, Completion]{
	Name:  "completion.show",
	Route: "GET /courses/{course}/completion",
	Doc:   "Shows when a course is completed.",
	Needs: []*access.Permission{access.CourseView, access.CourseConfigure, access.CourseGrade},
	Do: func(c *op.Call, in OneCourse) (out Completion, err error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseView), in.Course)
		if err != nil {
			return out, err
		}
		rule, err := store.CompletionOf(c, c.Tx, course)
		thing := course.Thing()
		return Completion{Course: Ref{course.ID, course.Name}, Rule: rule.Rule, Pass: rule.Pass, MayChange: c.May(access.CourseConfigure).Has(&thing) != nil,
			MayComplete: c.May(access.CourseGrade).Has(&thing) != nil}, err
	},
}

// CompletionRule is when a course shall be completed.
type CompletionRule struct {
	OneCourse
	Rule store.Rule `json:"rule" doc:"work, lessons, grade, both or hand: see the rule of the course."`
	Pass float64    `json:"pass,omitempty" doc:"The lowest passing score, 0 to 100; counts for grade and both." minimum:"0" maximum:"100"`
}

// Check tells which fields have to be corrected.
func (in CompletionRule) Check() error {
	var wrong fail.Fields
	if !slices.Contains(store.Rules, in.Rule) {
		wrong.Add("rule", "Choose one of these.")
	}
	if !(in.Pass >= 0 && in.Pass <= 100) {
		wrong.Add("pass", "Write a number from 0 to 100.")
	}
	return wrong.Err()
}

// Completing is who completes a course by a change of its rule.
type Completing struct {
	Rule store.Rule `json:"rule"`
	// Completes counts those whom one may see; Learners are the first of them.
	Completes int   `json:"completes" doc:"How many learners complete the course by it, of those whom you may see."`
	Learners  []Ref `json:"learners" doc:"The first of them, by name."`
}

// SetCompletion changes when a course is completed. Who meets the new rule completes it at once; a completion stays.
var SetCompletion = &op.Op[CompletionRule, Completing]{
	Name:  "completion.set",
	Route: "PUT /courses/{course}/completion",
	Doc:   "Changes when a course is completed. Learners who meet the new rule complete it at once; who has completed it before stays so.",
	Needs: []*access.Permission{access.CourseConfigure, access.EnrolmentList},
	Do: func(c *op.Call, in CompletionRule) (out Completing, err error) {
		out = Completing{Rule: in.Rule, Learners: []Ref{}}
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return out, err
		}
		within := []access.Within{c.May(access.EnrolmentList)}
		filter := store.EnrolmentFilter{Course: course.ID}
		before, err := store.CountEnrolments(c, c.Tx, within, filter)
		if err != nil {
			return out, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"rule": in.Rule, "pass": in.Pass})
		deltas := store.NewDeltas()
		if err := store.SetCompletion(c, c.Tx, deltas, course, store.Completion{Rule: in.Rule, Pass: in.Pass}); err != nil {
			return out, err
		}
		if err := deltas.Flush(c, c.Tx); err != nil {
			return out, err
		}
		after, err := store.CountEnrolments(c, c.Tx, within, filter)
		if err != nil {
			return out, err
		}
		out.Completes = int(after[store.Completed] - before[store.Completed])
		out.Learners, err = nowCompleted(c)
		return out, err
	},
}

// namedCompletions is how many of those who complete a course are named.
const namedCompletions = 50

// nowCompleted are the first of those who completed a course in this very transaction, as far as one may see them.
func nowCompleted(c *op.Call) ([]Ref, error) {
	var ids []db.ID
	for _, note := range c.Tx.Notes() {
		if n, ok := note.(store.NowCompleted); ok && len(ids) < 1000 {
			ids = append(ids, n.ID)
		}
	}
	out := []Ref{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := store.EnrolmentsOf(c, c.Tx, c.May(access.EnrolmentList), ids, namedCompletions)
	for _, e := range list {
		out = append(out, Ref{e.Account, e.Learner})
	}
	return out, err
}

// OneLearner names an enrolment of a course.
type OneLearner struct {
	OneCourse
	Enrolment db.ID `path:"enrolment" doc:"The enrolment."`
}

// CompleteLearner completes a course for a learner, where it is completed by hand (CO-5).
var CompleteLearner = &op.Op[OneLearner, Ref]{
	Name:  "completion.give",
	Route: "POST /courses/{course}/enrolments/{enrolment}/completion",
	Doc:   "Completes a course for a learner, where the course is completed by hand. It stays so.",
	Needs: []*access.Permission{access.CourseGrade, access.EnrolmentList},
	Do: func(c *op.Call, in OneLearner) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseGrade), in.Course)
		if err != nil {
			return Ref{}, err
		}
		e, err := store.FindEnrolment(c, c.Tx, c.May(access.EnrolmentList), in.Enrolment)
		if err == nil && e.Course != course.ID {
			err = fail.Missing("enrolment")
		}
		if err != nil {
			return Ref{}, err
		}
		if e.Account == c.Who.Account || e.Account == c.By() {
			return Ref{}, fail.New(fail.NotAllowed, "Nobody completes a course for themselves by hand.")
		}
		rule, err := store.CompletionOf(c, c.Tx, course)
		if err != nil {
			return Ref{}, err
		}
		if rule.Rule != store.ByHand {
			return Ref{}, fail.New(fail.Conflict, "This course is completed by its rule, not by hand.")
		}
		c.Audit(e.Thing(), e.Learner, map[string]any{"course": course.Name})
		deltas := store.NewDeltas()
		if e, err = store.CompleteByHand(c, c.Tx, deltas, e, c.Now); err != nil {
			return Ref{}, err
		}
		return Ref{e.Account, e.Learner}, deltas.Flush(c, c.Tx)
	},
}
