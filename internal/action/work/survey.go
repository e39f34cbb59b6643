package work

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

// KindSurvey is the kind of assessment that asks what learners think, and is not graded.
const KindSurvey = "survey"

var surveyOps = []op.Any{ShowSurvey, SaveSurvey, AnswerSurvey, ShowSurveyResults, ListSaid, DownloadSurvey}

// Survey is a survey as one may see it: what it asks, and what one has answered oneself.
type Survey struct {
	Course     Ref             `json:"course"`
	Assessment Ref             `json:"assessment"`
	Anonymous  bool            `json:"anonymous" doc:"Nobody learns who answered what."`
	Questions  []AskedQuestion `json:"questions" doc:"Beside your own answers, unless it is anonymous; none while it is closed to you."`
	Answered   *time.Time      `json:"answered,omitempty" doc:"When you have answered."`
	MayAnswer  bool            `json:"may_answer"`
	Why        string          `json:"why,omitempty" doc:"Why you cannot answer, or not any more."`
	MayEdit    bool            `json:"may_edit"`
	MayGrade   bool            `json:"may_grade" doc:"You may see what was answered."`
}

// surveyed is a survey that somebody looks at, and when they have answered it.
type surveyed struct {
	looked
	survey    work.Survey
	questions []work.Question
	answered  time.Time
}

func lookAtSurvey(c *op.Call, in OneAssessment) (x surveyed, err error) {
	if x.looked, err = look(c, in); err != nil {
		return x, err
	}
	if x.survey, err = work.SurveyOf(c, c.Tx, x.is); err != nil {
		return x, err
	}
	if x.questions, err = work.ListQuestions(c, c.Tx, x.is); err != nil || x.own == nil {
		return x, err
	}
	x.answered, err = work.AnsweredAt(c, c.Tx, x.is, x.own.Enrolment.ID)
	return x, err
}

// mayAnswer says why the learner cannot answer now; nil where they can.
func (x *surveyed) mayAnswer(c *op.Call) error {
	switch {
	case !x.course.Archived.IsZero():
		return errArchived
	case x.own == nil:
		return fail.New(fail.Conflict, "You do not take this course.")
	case x.closed:
		return fail.New(fail.Conflict, "This is not open to you yet.")
	case over(&x.is, c.Now):
		return fail.New(fail.Conflict, "This is closed. Nothing is taken any more.")
	case x.survey.Anonymous && !x.answered.IsZero():
		return fail.New(fail.Conflict, "You have answered. Since nothing tells which answers are yours, they cannot be changed.")
	case len(x.questions) == 0:
		return fail.New(fail.Conflict, "There are no questions yet.")
	}
	return x.maySubmit(c)
}

// ShowSurvey is what a survey asks, and what one has answered.
var ShowSurvey = &op.Op[OneAssessment, Survey]{
	Name:  "survey.show",
	Route: "GET /courses/{course}/assessments/{assessment}/survey",
	Doc:   "Shows what a survey asks, and what you have answered, unless it is anonymous.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OneAssessment) (out Survey, err error) {
		x, err := lookAtSurvey(c, in)
		if err != nil {
			return out, err
		}
		out = Survey{Course: Ref{x.course.ID, x.course.Name}, Assessment: Ref{x.is.ID, x.is.Title}, Anonymous: x.survey.Anonymous, Questions: []AskedQuestion{},
			Answered: known(x.answered), MayEdit: x.mayEdit, MayGrade: x.mayGrade}
		refused := x.mayAnswer(c)
		if out.MayAnswer = refused == nil; refused != nil {
			out.Why = refused.Error()
		}
		answers := work.Answers{}
		if x.own != nil && !x.survey.Anonymous {
			if answers, err = work.OwnAnswers(c, c.Tx, x.is, x.own.Enrolment.ID); err != nil {
				return out, err
			}
		}
		for i := range x.questions {
			if q := &x.questions[i]; !x.closed {
				out.Questions = append(out.Questions, surveyQuestion(q, answers[q.ID]))
			}
		}
		return out, nil
	},
}

func surveyQuestion(q *work.Question, answer []string) AskedQuestion {
	out := AskedQuestion{ID: q.ID, Kind: q.Kind, Prompt: q.Prompt, Answer: append([]string{}, answer...)}
	for _, c := range q.Key.Choices {
		out.Choices = append(out.Choices, AskedChoice{ID: c.ID, Text: c.Text})
	}
	return out
}

// SurveySettings are how a survey asks.
type SurveySettings struct {
	OneAssessment
	Anonymous bool `json:"anonymous" doc:"Nobody learns who answered what."`
}

// SaveSurvey writes whether a survey is anonymous, until somebody has answered.
var SaveSurvey = &op.Op[SurveySettings, Ref]{
	Name:  "survey.edit",
	Route: "PUT /courses/{course}/assessments/{assessment}/survey",
	Doc:   "Writes whether a survey is anonymous: 409 once somebody has answered, since it was said to them.",
	Needs: editNeeds,
	Do: func(c *op.Call, in SurveySettings) (Ref, error) {
		course, a, err := find(c, in.OneAssessment, access.CourseAddContent)
		if err == nil {
			_, err = work.SurveyOf(c, c.Tx, a)
		}
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "anonymous": in.Anonymous})
		return Ref{a.ID, a.Title}, work.SaveSurvey(c, c.Tx, a, in.Anonymous)
	},
}

// SurveyAnswers are what somebody answers to a survey, all at once.
type SurveyAnswers struct {
	OneAssessment
	Answers []GivenAnswer `json:"answers" doc:"A question that is left out is not answered."`
}

// Check tells which fields have to be corrected.
func (in SurveyAnswers) Check() error { return checkAnswers(in.Answers) }

// read are the answers that fit the questions of a survey.
func (in SurveyAnswers) read(questions []work.Question) (work.Answers, error) {
	byID := map[db.ID]*work.Question{}
	for i := range questions {
		byID[questions[i].ID] = &questions[i]
	}
	out := work.Answers{}
	for _, given := range in.Answers {
		q := byID[given.Question]
		if q == nil {
			return nil, fail.Wrong("answers", "This survey does not ask that question.")
		}
		if answer := q.Read(given.Answer, 0); len(answer) > 0 {
			if out[q.ID] = answer; !q.HasChoices() {
				out[q.ID] = []string{plain(answer[0])}
			}
		}
	}
	if len(out) == 0 {
		return nil, fail.Wrong("answers", "Answer one question at least.")
	}
	return out, nil
}

// AnswerSurvey answers a survey. The audit says that one answered, and never what.
var AnswerSurvey = &op.Op[SurveyAnswers, Saved]{
	Name:  "survey.answer",
	Route: "PUT /courses/{course}/assessments/{assessment}/survey/answers",
	Doc:   "Answers a survey of a course that you take. Answers to one that is not anonymous can be given anew until it closes; to an anonymous one, once.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in SurveyAnswers) (Saved, error) {
		x, err := lookAtSurvey(c, in.OneAssessment)
		if err == nil {
			err = x.maySubmit(c)
		}
		if err != nil {
			return Saved{}, err
		}
		c.Audit(x.course.Thing(), x.course.Name, map[string]any{"assessment": x.is.Title})
		if err := x.mayAnswer(c); err != nil {
			return Saved{}, err
		}
		answers, err := in.read(x.questions)
		if err != nil {
			return Saved{}, err
		}
		deltas := store.NewDeltas()
		if err := work.AnswerSurvey(c, c.Tx, deltas, x.is, x.survey, x.own.Enrolment, answers, !x.answered.IsZero(), c.Now); err != nil {
			return Saved{}, err
		}
		return Saved{Name: x.is.Title, Attempt: 1, At: c.Now}, deltas.Flush(c, c.Tx)
	},
}

// SurveyChoice is a choice of a question with how often it was answered.
type SurveyChoice struct {
	Text string `json:"text"`
	N    int64  `json:"n"`
}

// SurveyResult is a question with what was answered to it.
type SurveyResult struct {
	ID      db.ID          `json:"id"`
	Kind    string         `json:"kind"`
	Prompt  string         `json:"prompt" doc:"As Markdown."`
	Choices []SurveyChoice `json:"choices,omitempty"`
	Mean    *float64       `json:"mean,omitempty" doc:"Of a scale."`
	Texts   int64          `json:"texts,omitempty" doc:"How many texts were written."`
}

// SurveyResults are what was answered to a survey.
type SurveyResults struct {
	Course     Ref            `json:"course"`
	Assessment Ref            `json:"assessment"`
	Anonymous  bool           `json:"anonymous"`
	Shown      int64          `json:"shown" doc:"Of how many learners the answers are counted here: those whom you may see; of an anonymous survey, of three and more together."`
	Wait       int64          `json:"wait,omitempty" doc:"How many have answered an anonymous survey whose answers are shown once there are three of them."`
	Items      []SurveyResult `json:"items"`
}

// answered finds a survey whose answers one may read.
func answered(c *op.Call, in OneAssessment) (course store.Course, a work.Assessment, s work.Survey, err error) {
	if course, a, err = find(c, in, access.CourseGrade); err != nil {
		return course, a, s, err
	}
	s, err = work.SurveyOf(c, c.Tx, a)
	return course, a, s, err
}

// ShowSurveyResults counts what was answered.
var ShowSurveyResults = &op.Op[OneAssessment, SurveyResults]{
	Name:  "survey.results",
	Route: "GET /courses/{course}/assessments/{assessment}/survey/results",
	Doc:   "Counts what was answered to a survey by the learners whose grades you may see, if you grade in the course. Answers to an anonymous survey appear by threes at least.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in OneAssessment) (out SurveyResults, err error) {
		course, a, s, err := answered(c, in)
		if err != nil {
			return out, err
		}
		out = SurveyResults{Course: Ref{course.ID, course.Name}, Assessment: Ref{a.ID, a.Title}, Anonymous: s.Anonymous, Items: []SurveyResult{}}
		if s.Anonymous {
			out.Wait = s.Answered - s.Shown
		}
		within := c.May(access.CourseAllGrades)
		if out.Shown, err = work.CountAnswered(c, c.Tx, within, a, s); err != nil {
			return out, err
		}
		picked, err := work.ListPicked(c, c.Tx, within, a, s)
		if err != nil {
			return out, err
		}
		questions, err := work.ListQuestions(c, c.Tx, a)
		for i := range questions {
			out.Items = append(out.Items, surveyResult(&questions[i], picked))
		}
		return out, err
	},
}

func surveyResult(q *work.Question, picked []work.Picked) SurveyResult {
	out := SurveyResult{ID: q.ID, Kind: q.Kind, Prompt: q.Prompt}
	counts := map[string]int64{}
	for _, p := range picked {
		if p.Question == q.ID {
			counts[p.Answer] = p.N
		}
	}
	if !q.HasChoices() {
		out.Texts = counts[""]
		return out
	}
	sum, all := 0.0, 0.0
	for i, c := range q.Key.Choices {
		n := counts[c.ID]
		out.Choices = append(out.Choices, SurveyChoice{c.Text, n})
		sum, all = sum+float64(n)*float64(i+1), all+float64(n)
	}
	if q.Kind == work.Scale && all > 0 {
		mean := sum / all
		out.Mean = &mean
	}
	return out
}

// SaidQuery asks for the texts that were written to a question.
type SaidQuery struct {
	OneQuestion
	After db.ID `query:"after" doc:"Go on behind this text."`
}

// SaidItem is a text that was written.
type SaidItem struct {
	Text    string `json:"text"`
	Learner string `json:"learner,omitempty" doc:"Absent in an anonymous survey."`
}

// SurveyTexts are texts that were written to a question of a survey.
type SurveyTexts struct {
	Course     Ref        `json:"course"`
	Assessment Ref        `json:"assessment"`
	Prompt     string     `json:"prompt" doc:"As Markdown."`
	Items      []SaidItem `json:"items" doc:"In no order that says anything."`
	Next       *db.ID     `json:"next,omitempty" doc:"Ask again with after= this for more."`
}

// saidShown is how many texts are shown at once.
const saidShown = 50

// ListSaid are the texts that were written to a question, page by page.
var ListSaid = &op.Op[SaidQuery, SurveyTexts]{
	Name:  "survey.texts",
	Route: "GET /courses/{course}/assessments/{assessment}/survey/results/{question}",
	Doc:   "Lists the texts that were written to a question of a survey, 50 at once, if you grade in the course.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in SaidQuery) (out SurveyTexts, err error) {
		course, a, s, err := answered(c, in.OneAssessment)
		if err != nil {
			return out, err
		}
		q, err := work.FindQuestion(c, c.Tx, a, in.Question)
		if err == nil && q.Kind != work.ShortText {
			err = fail.New(fail.Conflict, "No text is written to this question.")
		}
		if err != nil {
			return out, err
		}
		list, err := work.ListSaid(c, c.Tx, c.May(access.CourseAllGrades), a, s, q.ID, in.After, saidShown+1)
		out = SurveyTexts{Course: Ref{course.ID, course.Name}, Assessment: Ref{a.ID, a.Title}, Prompt: q.Prompt, Items: []SaidItem{}}
		if len(list) > saidShown {
			list = list[:saidShown]
			out.Next = &list[saidShown-1].ID
		}
		for _, x := range list {
			out.Items = append(out.Items, SaidItem{x.Text, strings.TrimSpace(x.Learner)})
		}
		return out, err
	},
}
