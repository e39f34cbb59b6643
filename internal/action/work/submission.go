package work

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

var submissionOps = []op.Any{ShowOwnWork, SaveDraft, HandIn}

// Handed is one attempt of a learner.
type Handed struct {
	Attempt  int64     `json:"attempt"`
	Text     string    `json:"text" doc:"As Markdown."`
	At       time.Time `json:"at" doc:"When it was handed in."`
	DaysLate int       `json:"days_late" doc:"Days, begun, after the due date."`
}

// Draft is what a learner writes, and has not handed in.
type Draft struct {
	Text  string    `json:"text"`
	Saved time.Time `json:"saved"`
}

// GradeItem is what a learner has of an assessment.
type GradeItem struct {
	Points   *float64   `json:"points,omitempty" doc:"What was reached, less what being late takes off; absent where there is none, or it is not shown to you yet."`
	Of       float64    `json:"of" doc:"The most that can be reached."`
	Excused  bool       `json:"excused" doc:"It is not asked of the learner."`
	Feedback string     `json:"feedback,omitempty" doc:"As Markdown."`
	LateOff  float64    `json:"late_off,omitempty" doc:"Points taken off for being late."`
	Handed   *time.Time `json:"handed,omitempty" doc:"When something was handed in last."`
	Graded   *time.Time `json:"graded,omitempty"`
	Waits    bool       `json:"waits" doc:"Something was handed in that is not graded yet."`
	Held     bool       `json:"held" doc:"Grades are held back from learners until grades_at."`
}

// gradeOf is a grade as a grader sees it, or a learner, from whom it may be held back; nil where there is nothing of it.
func gradeOf(a *work.Assessment, g *work.Grade, grader bool, now time.Time) *GradeItem {
	if g.ID == 0 {
		return nil
	}
	out := &GradeItem{Of: a.Points, Excused: g.Excused, Handed: known(g.Submitted), Waits: !g.Waits.IsZero(), Held: a.Holds(now)}
	if out.Held && !grader {
		return out
	}
	out.Feedback, out.Graded = g.Feedback, known(g.Graded)
	if reached := g.Reached(a); reached != nil {
		points := a.InPoints(*reached)
		out.Points = &points
		if g.Given != nil {
			out.LateOff = a.InPoints(*g.Given) - points
		}
	}
	return out
}

func handed(a *work.Assessment, list []work.Submission) (out []Handed, draft *Draft) {
	out = []Handed{}
	for _, w := range list {
		if w.Submitted.IsZero() {
			draft = &Draft{w.Text, w.Saved}
			continue
		}
		out = append(out, Handed{w.Attempt, w.Text, w.Submitted, a.DaysLate(w.Submitted)})
	}
	return out, draft
}

// OwnWork is what one has written for an assessment, and what came of it.
type OwnWork struct {
	Draft    *Draft     `json:"draft,omitempty"`
	Attempts []Handed   `json:"attempts" doc:"The last first."`
	Grade    *GradeItem `json:"grade,omitempty"`
	// Over and UsedUp say why nothing more is taken.
	Takes  bool `json:"takes" doc:"You may hand something in now."`
	Over   bool `json:"over" doc:"Nothing is taken any more."`
	UsedUp bool `json:"used_up" doc:"You have handed in as often as you may."`
}

// submits are the kinds of assessment that texts are handed in for.
func submits(a *work.Assessment) bool { return a.Section != 0 && a.Kind == "assignment" }

func over(a *work.Assessment, now time.Time) bool { return !a.Closes.IsZero() && !now.Before(a.Closes) }

// ShowOwnWork is what one has handed in oneself, and the grade of it once it is shown.
var ShowOwnWork = &op.Op[OneAssessment, OwnWork]{
	Name:  "submission.show_own",
	Route: "GET /courses/{course}/assessments/{assessment}/submission",
	Doc:   "Shows what you wrote and handed in for an assessment of a course that you take, with your grade and feedback.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OneAssessment) (out OwnWork, err error) {
		l, err := look(c, in)
		if err != nil {
			return out, err
		}
		if l.own == nil {
			return out, fail.New(fail.NotFound, "You do not take this course.")
		}
		list, err := work.ListSubmissions(c, c.Tx, l.is, l.own.Enrolment)
		if err != nil {
			return out, err
		}
		g, err := work.FindGrade(c, c.Tx, l.is, l.own.Enrolment)
		if err != nil {
			return out, err
		}
		out.Attempts, out.Draft = handed(&l.is, list)
		out.Grade = gradeOf(&l.is, &g, false, c.Now)
		out.Over = over(&l.is, c.Now)
		out.UsedUp = l.is.Attempts > 0 && len(out.Attempts) >= int(l.is.Attempts)
		thing := l.own.Enrolment.Thing()
		out.Takes = submits(&l.is) && l.course.Archived.IsZero() && !l.closed && !out.Over && !out.UsedUp && c.May(access.CourseSubmit).Has(&thing) != nil
		return out, nil
	},
}

// OwnText is what one writes for an assessment.
type OwnText struct {
	OneAssessment
	Text string `json:"text" doc:"As Markdown: 200,000 characters at most. HTML in it is left out."`
}

// Check tells which fields have to be corrected.
func (in OwnText) Check() error {
	if !text(in.Text) {
		return fail.Wrong("text", "This text is too long, or no text.")
	}
	return nil
}

// Saved tells when something was kept, and as which attempt.
type Saved struct {
	Name    string    `json:"name" doc:"What the assessment is called."`
	Attempt int64     `json:"attempt"`
	At      time.Time `json:"at"`
}

var submitNeeds = append(viewNeeds[:len(viewNeeds):len(viewNeeds)], access.CourseSubmit)

// SaveDraft keeps what one writes, for oneself alone.
var SaveDraft = &op.Op[OwnText, Saved]{
	Name:  "submission.save",
	Route: "PUT /courses/{course}/assessments/{assessment}/submission",
	Doc:   "Keeps a draft of what you write for an assessment. Nobody else reads it.",
	Needs: submitNeeds,
	Do:    func(c *op.Call, in OwnText) (Saved, error) { return write(c, in, false) },
}

// HandIn hands in what one wrote. It stays as it is; where more attempts are left, another can follow.
var HandIn = &op.Op[OwnText, Saved]{
	Name:  "submission.hand_in",
	Route: "POST /courses/{course}/assessments/{assessment}/submission",
	Doc:   "Hands in a text for an assessment: 409 where it is closed, or you have handed in as often as you may.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OwnText) (Saved, error) {
		if strings.TrimSpace(in.Text) == "" {
			return Saved{}, fail.Wrong("text", "Write something before you hand it in.")
		}
		return write(c, in, true)
	},
}

func write(c *op.Call, in OwnText, handIn bool) (out Saved, err error) {
	l, err := look(c, in.OneAssessment)
	if err != nil {
		return out, err
	}
	own, err := work.OwnOf(c, c.Tx, c.May(access.CourseSubmit), l.course, l.is, c.Who.Account)
	switch {
	case err != nil:
		return out, err
	case own == nil:
		return out, store.NotAllowed(c.May(access.CourseSubmit))
	case !l.course.Archived.IsZero():
		return out, fail.New(fail.Conflict, "This course is archived: it can be read, and not taken.")
	case !submits(&l.is):
		return out, fail.New(fail.Conflict, "Nothing is handed in for this.")
	case l.closed:
		return out, fail.New(fail.Conflict, "This is not open yet.")
	case over(&l.is, c.Now):
		return out, fail.New(fail.Conflict, "This is closed: nothing is taken any more.")
	}
	deltas := store.NewDeltas()
	w, err := work.Write(c, c.Tx, deltas, l.is, own.Enrolment, in.Text, handIn, c.Now)
	if err != nil {
		return out, err
	}
	c.Audit(l.course.Thing(), l.course.Name, map[string]any{"assessment": l.is.Title, "attempt": w.Attempt})
	return Saved{l.is.Title, w.Attempt, c.Now}, deltas.Flush(c, c.Tx)
}
