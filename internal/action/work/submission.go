package work

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action/files"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	filed "provost/internal/store/files"
	"provost/internal/store/work"
)

var submissionOps = []op.Any{ShowOwnWork, SaveDraft, HandIn, OwnFile}

// Handed is one attempt of a learner.
type Handed struct {
	Attempt  int64        `json:"attempt"`
	Text     string       `json:"text" doc:"As Markdown."`
	At       time.Time    `json:"at" doc:"When it was handed in."`
	DaysLate int          `json:"days_late" doc:"Days, begun, after the due date."`
	Files    []files.Item `json:"files"`
}

// Draft is what a learner writes, and has not handed in.
type Draft struct {
	Text  string       `json:"text"`
	Saved time.Time    `json:"saved"`
	Files []files.Item `json:"files"`
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
	// Files and Judged are there where one work is shown.
	Files  []files.Item `json:"files,omitempty" doc:"Of the feedback."`
	Judged []Judged     `json:"judged,omitempty" doc:"The levels that were chosen in the rubric."`
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

// handed are the attempts of a learner and their draft, with the files of each.
func handed(c *op.Call, a *work.Assessment, e store.Enrolment) (out []Handed, draft *Draft, err error) {
	list, err := work.ListSubmissions(c, c.Tx, *a, e)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]db.ID, len(list))
	for i, w := range list {
		ids[i] = w.ID
	}
	held, err := filed.ListOf(c, c.Tx, filed.OfSubmission, ids)
	out = []Handed{}
	for _, w := range list {
		items := files.Items(held[w.ID])
		if w.Submitted.IsZero() {
			draft = &Draft{w.Text, w.Saved, items}
			continue
		}
		out = append(out, Handed{w.Attempt, w.Text, w.Submitted, a.DaysLate(w.Submitted), items})
	}
	return out, draft, err
}

// withMore adds the files of the feedback, and what was chosen in the rubric, to a grade that is shown.
func (x *GradeItem) withMore(c *op.Call, g *work.Grade) error {
	if x == nil || x.Graded == nil {
		return nil
	}
	list, err := filed.List(c, c.Tx, ofFeedback(g))
	if err != nil {
		return err
	}
	x.Files = files.Items(list)
	x.Judged, err = judgedOf(c, g)
	return err
}

func ofFeedback(g *work.Grade) filed.Holder { return filed.Holder{Kind: filed.OfFeedback, ID: g.ID} }

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
		if out.Attempts, out.Draft, err = handed(c, &l.is, l.own.Enrolment); err != nil {
			return out, err
		}
		if l.seesGrades(c) {
			g, err := work.FindGrade(c, c.Tx, l.is, l.own.Enrolment)
			if err != nil {
				return out, err
			}
			out.Grade = gradeOf(&l.is, &g, false, c.Now)
			if err := out.Grade.withMore(c, &g); err != nil {
				return out, err
			}
		}
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
	Text   string      `json:"text" doc:"As Markdown: 200,000 characters at most. HTML in it is left out."`
	Files  []op.Upload `file:"files" json:"-"`
	Remove []db.ID     `json:"remove,omitempty" doc:"Files of the draft to take away."`
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

// maxSent is how many bytes of files come at once.
const maxSent = 4 * op.MaxFile

// SaveDraft keeps what one writes, for oneself alone.
var SaveDraft = &op.Op[OwnText, Saved]{
	Name:  "submission.save",
	Route: "PUT /courses/{course}/assessments/{assessment}/submission",
	Doc:   "Keeps a draft of what you write for an assessment, with its files. Nobody else reads it.",
	Needs: submitNeeds,
	Files: maxSent,
	Allow: mayWrite,
	Do:    func(c *op.Call, in OwnText) (Saved, error) { return write(c, in, false) },
}

// HandIn hands in what one wrote. It stays as it is; where more attempts are left, another can follow.
var HandIn = &op.Op[OwnText, Saved]{
	Name:  "submission.hand_in",
	Route: "POST /courses/{course}/assessments/{assessment}/submission",
	Doc:   "Hands in a text and files for an assessment: 409 where it is closed, or you have handed in as often as you may.",
	Needs: submitNeeds,
	Files: maxSent,
	Allow: mayWrite,
	Do:    func(c *op.Call, in OwnText) (Saved, error) { return write(c, in, true) },
}

func mayWrite(c *op.Call, in OwnText) error {
	_, _, err := takes(c, in.OneAssessment)
	return err
}

// takes finds an assessment that one may hand something in for now, with one's own enrolment.
func takes(c *op.Call, in OneAssessment) (l looked, e store.Enrolment, err error) {
	if l, err = look(c, in); err != nil {
		return l, e, err
	}
	own, err := work.OwnOf(c, c.Tx, c.May(access.CourseSubmit), l.course, l.is, c.Who.Account)
	switch {
	case err != nil:
		return l, e, err
	case own == nil:
		return l, e, store.NotAllowed(c.May(access.CourseSubmit))
	case !l.course.Archived.IsZero():
		return l, e, fail.New(fail.Conflict, "This course is archived: it can be read, and not taken.")
	case !submits(&l.is):
		return l, e, fail.New(fail.Conflict, "Nothing is handed in for this.")
	case l.closed:
		return l, e, fail.New(fail.Conflict, "This is not open yet.")
	case over(&l.is, c.Now):
		return l, e, fail.New(fail.Conflict, "This is closed: nothing is taken any more.")
	}
	return l, own.Enrolment, nil
}

func write(c *op.Call, in OwnText, handIn bool) (out Saved, err error) {
	l, e, err := takes(c, in.OneAssessment)
	if err != nil {
		return out, err
	}
	deltas := store.NewDeltas()
	w, err := work.Write(c, c.Tx, deltas, l.is, e, in.Text, handIn, c.Now)
	if err != nil {
		return out, err
	}
	holder := filed.Holder{Kind: filed.OfSubmission, ID: w.ID}
	if err := changeFiles(c, holder, in.Remove, in.Files); err != nil {
		return out, err
	}
	held, err := filed.List(c, c.Tx, holder)
	if err != nil {
		return out, err
	}
	if handIn && strings.TrimSpace(in.Text) == "" && len(held) == 0 {
		return out, fail.Wrong("text", "Write something, or add a file, before you hand it in.")
	}
	c.Audit(l.course.Thing(), l.course.Name, map[string]any{"assessment": l.is.Title, "attempt": w.Attempt, "files": len(held)})
	return Saved{l.is.Title, w.Attempt, c.Now}, deltas.Flush(c, c.Tx)
}

// changeFiles takes files of a holder away, and adds others.
func changeFiles(c *op.Call, holder filed.Holder, remove []db.ID, list []op.Upload) error {
	for _, id := range remove {
		f, err := filed.Find(c, c.Tx, holder, id)
		if err == nil {
			err = filed.Drop(c, c.Tx, f)
		}
		if err != nil {
			return err
		}
	}
	_, err := files.Add(c, holder, "", list...)
	return err
}

// OneOwnFile names a file of one's own work, or of the feedback on it.
type OneOwnFile struct {
	OneAssessment
	File db.ID `path:"file" doc:"The file."`
}

// OwnFile is a file that one handed in, or of the feedback that one may read.
var OwnFile = &op.Op[OneOwnFile, op.File]{
	Name:  "submission.file",
	Route: "GET /courses/{course}/assessments/{assessment}/submission/files/{file}",
	Doc:   "Sends a file of your own work for an assessment, or of the feedback on it.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneOwnFile) (op.File, error) {
		l, err := look(c, in.OneAssessment)
		if err != nil {
			return op.File{}, err
		}
		if l.own == nil {
			return op.File{}, fail.Missing("file")
		}
		return fileOf(c, &l.is, l.own.Enrolment, in.File, true, l.seesGrades(c) && !l.is.Holds(c.Now))
	},
}

// fileOf sends a file of a learner's work, of drafts and of its feedback where these are to be seen.
func fileOf(c *op.Call, a *work.Assessment, e store.Enrolment, id db.ID, drafts, feedback bool) (op.File, error) {
	list, err := work.ListSubmissions(c, c.Tx, *a, e)
	if err != nil {
		return op.File{}, err
	}
	g, err := work.FindGrade(c, c.Tx, *a, e)
	if err != nil {
		return op.File{}, err
	}
	var holders []filed.Holder
	if g.ID != 0 && feedback {
		holders = append(holders, ofFeedback(&g))
	}
	for _, w := range list {
		if drafts || !w.Submitted.IsZero() {
			holders = append(holders, filed.Holder{Kind: filed.OfSubmission, ID: w.ID})
		}
	}
	for _, holder := range holders {
		if _, err := filed.Find(c, c.Tx, holder, id); err == nil {
			return files.Send(c, holder, id)
		} else if !fail.Is(err, fail.NotFound) {
			return op.File{}, err
		}
	}
	return op.File{}, fail.Missing("file")
}
