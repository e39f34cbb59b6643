package work

import (
	"cmp"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

// seesGrades tells whether a learner may see their own grades: not while these are closed to learners (LE-2).
func (l *looked) seesGrades(c *op.Call) bool {
	if l.own == nil {
		return false
	}
	thing := l.own.Enrolment.Thing()
	return c.May(access.CourseOwnGrades).Has(&thing) != nil
}

// OneLearner names a learner of a course.
type OneLearner struct {
	OneCourse
	Enrolment db.ID `path:"enrolment" doc:"The learner's enrolment."`
}

// LearnerGrade is an assessment with what a learner has of it.
type LearnerGrade struct {
	AssessmentItem
	Grade *GradeItem `json:"grade,omitempty"`
}

// LearnerGrades are all assessments of a course with what one learner has of each.
type LearnerGrades struct {
	Course    Ref            `json:"course"`
	Enrolment db.ID          `json:"enrolment"`
	Learner   Ref            `json:"learner"`
	Own       bool           `json:"own" doc:"They are your own."`
	Progress  float64        `json:"progress"`
	Score     *float64       `json:"score,omitempty" doc:"The weighted mean of what counts, in percent."`
	Letter    string         `json:"letter,omitempty" doc:"By the course's scale."`
	Items     []LearnerGrade `json:"items"`
	MayGrade  bool           `json:"may_grade"`
}

// ShowLearnerGrades are the grades of one learner of a course, for those who may see them: their parents too (PR-1).
var ShowLearnerGrades = &op.Op[OneLearner, LearnerGrades]{
	Name:  "grade.list_learner",
	Route: "GET /courses/{course}/gradebook/{enrolment}",
	Doc:   "Shows the grades and feedback of one learner of a course.",
	Needs: bookNeeds,
	Do: func(c *op.Call, in OneLearner) (LearnerGrades, error) {
		b, err := openBook(c, in.Course)
		if err != nil {
			return LearnerGrades{}, err
		}
		e, err := store.FindEnrolment(c, c.Tx, b.within, in.Enrolment)
		if err == nil && e.Course != b.course.ID {
			err = fail.Missing("enrolment")
		}
		if err != nil {
			return LearnerGrades{}, err
		}
		return learnerGrades(c, b, e)
	},
}

// ShowOwnGrades are one's own grades in a course, also after one left it.
var ShowOwnGrades = &op.Op[OneCourse, LearnerGrades]{
	Name:  "grade.list_own",
	Route: "GET /courses/{course}/grades",
	Doc:   "Shows your own grades and feedback in a course that you take, or took.",
	Needs: []*access.Permission{access.CourseOwnGrades, access.EnrolmentOwn},
	Do: func(c *op.Call, in OneCourse) (LearnerGrades, error) {
		list, err := store.ListEnrolments(c, c.Tx, c.May(access.CourseOwnGrades), store.EnrolmentFilter{Course: in.Course, Account: c.Who.Account}, store.Page{Size: 1})
		if err != nil {
			return LearnerGrades{}, err
		}
		if len(list.Items) == 0 {
			return LearnerGrades{}, closedGrades(c, in.Course)
		}
		e := list.Items[0]
		b := book{course: work.CourseIn(e)}
		text, err := work.ScaleOf(c, c.Tx, b.course)
		if err != nil {
			return LearnerGrades{}, err
		}
		b.scale = readScale(text)
		return learnerGrades(c, b, e)
	},
}

// closedGrades is why somebody has no grades of their own in a course: they take it, and these are closed to its learners (LE-2), or they do not.
func closedGrades(c *op.Call, course db.ID) error {
	list, err := store.ListEnrolments(c, c.Tx, c.May(access.EnrolmentOwn), store.EnrolmentFilter{Course: course, Account: c.Who.Account}, store.Page{Size: 1})
	if err != nil || len(list.Items) == 0 {
		return cmp.Or(err, error(fail.Missing("course")))
	}
	return fail.New(fail.NotAllowed, "Whoever teaches this course has closed grades to its learners for now.")
}

func learnerGrades(c *op.Call, b book, e store.Enrolment) (out LearnerGrades, err error) {
	works, err := work.ListGraded(c, c.Tx, b.course)
	if err != nil {
		return out, err
	}
	grades, err := work.GradesOf(c, c.Tx, e)
	if err != nil {
		return out, err
	}
	out = LearnerGrades{Course: Ref{e.Course, e.CourseName}, Enrolment: e.ID, Learner: Ref{e.Account, e.Learner}, Own: own(c, e.Account), Progress: e.Progress,
		Score: e.Score, Letter: b.scale.letter(e.Score), Items: make([]LearnerGrade, len(works)), MayGrade: b.mayGrade}
	for i := range works {
		a := &works[i]
		g := grades[a.ID]
		out.Items[i] = LearnerGrade{itemOf(a), gradeOf(a, &g, b.mayGrade && !out.Own, c.Now)}
	}
	return out, nil
}
