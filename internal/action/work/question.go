package work

import (
	"crypto/rand"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

var questionOps = []op.Any{ShowQuestions, AddQuestion, SaveQuestion, DropQuestion, ArrangeQuestions}

// KindQuiz is the kind of assessment that asks questions.
const KindQuiz = "quiz"

// Choice is one of several answers, with whether it is right.
type Choice struct {
	ID    string `json:"id,omitempty" doc:"Left out for a new one."`
	Text  string `json:"text"`
	Right bool   `json:"right,omitempty"`
}

// QuestionFields are what a question asks, and what is right.
type QuestionFields struct {
	Prompt    string   `json:"prompt" doc:"What is asked, as Markdown: 20,000 characters at most."`
	Points    float64  `json:"points,omitempty" doc:"What it counts, 0 to 1000."`
	Feedback  string   `json:"feedback,omitempty" doc:"What a learner reads of it afterwards, as Markdown."`
	Pool      string   `json:"pool,omitempty" doc:"The pool that it is drawn from; empty where it is always asked."`
	Choices   []Choice `json:"choices,omitempty" doc:"Of single, multiple, and of order in their right order: 2 to 50."`
	Number    float64  `json:"number,omitempty" doc:"The right answer of a number."`
	Tolerance float64  `json:"tolerance,omitempty" doc:"How far off it still is right."`
	Accepted  []string `json:"accepted,omitempty" doc:"The right answers of a text; capitals and spaces do not count."`
}

// Check tells which fields have to be corrected.
func (in QuestionFields) Check() error {
	var wrong fail.Fields
	long := func(field, text string, most int) {
		if utf8.RuneCountInString(text) > most || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			wrong.Add(field, "This text is too long, or no text.")
		}
	}
	if strings.TrimSpace(in.Prompt) == "" {
		wrong.Add("prompt", "Write what is asked.")
	}
	long("prompt", in.Prompt, 20_000)
	long("feedback", in.Feedback, 20_000)
	form.Line(&wrong, "pool", in.Pool, 100)
	number(&wrong, "points", in.Points, 0, 1000)
	number(&wrong, "number", in.Number, -1e15, 1e15)
	number(&wrong, "tolerance", in.Tolerance, 0, 1e15)
	if len(in.Choices) > work.MaxChoices || len(in.Accepted) > work.MaxChoices {
		wrong.Add("choices", "At most {n} answers.", "n", work.MaxChoices)
	}
	for _, c := range in.Choices {
		long("choices", c.Text, 1000)
	}
	for _, a := range in.Accepted {
		long("accepted", a, 500)
	}
	return wrong.Err()
}

// write puts the fields into a question of its kind; in a survey nothing is right, and nothing counts.
func (in QuestionFields) write(q *work.Question, survey bool) error {
	old := q.Key
	q.Prompt, q.Feedback, q.Points, q.Pool = plain(in.Prompt), plain(in.Feedback), math.Round(100*in.Points)/100, form.Tidy(in.Pool)
	if q.Key = (work.Key{}); survey {
		q.Feedback, q.Points, q.Pool = "", 0, ""
	}
	var wrong fail.Fields
	right := 0
	if q.Kind == work.Scale {
		for n := range 5 {
			mark := strconv.Itoa(n + 1)
			q.Key.Choices = append(q.Key.Choices, work.Choice{ID: mark, Text: mark})
		}
		return nil
	}
	if q.HasChoices() {
		for _, c := range in.Choices {
			if c.Text = form.Tidy(c.Text); c.Text == "" {
				continue
			}
			if !slices.ContainsFunc(old.Choices, func(o work.Choice) bool { return o.ID == c.ID }) || slices.ContainsFunc(q.Key.Choices, func(o work.Choice) bool { return o.ID == c.ID }) {
				c.ID = strings.ToLower(rand.Text()[:10])
			}
			if c.Right = c.Right && q.Kind != work.Ordering && !survey; c.Right {
				right++
			}
			q.Key.Choices = append(q.Key.Choices, work.Choice(c))
		}
		switch {
		case len(q.Key.Choices) < 2:
			wrong.Add("choices", "Write two answers at least.")
		case survey:
		case q.Kind == work.Single && right != 1:
			wrong.Add("choices", "Tick the one answer that is right.")
		case q.Kind == work.Multiple && right == 0:
			wrong.Add("choices", "Tick the answers that are right.")
		}
	}
	if q.Kind == work.Number {
		q.Key.Number, q.Key.Tolerance = in.Number, in.Tolerance
	}
	if q.Kind == work.ShortText && !survey {
		for _, a := range in.Accepted {
			if a = form.Tidy(a); a != "" {
				q.Key.Accepted = append(q.Key.Accepted, a)
			}
		}
		if len(q.Key.Accepted) == 0 {
			wrong.Add("accepted", "Write one answer at least that is right.")
		}
	}
	return wrong.Err()
}

func plain(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// Question is a question with what is right, for who writes it.
type Question struct {
	ID   db.ID  `json:"id"`
	Kind string `json:"kind" doc:"single, multiple, number, text or order; in a survey single, multiple, scale or text."`
	QuestionFields
}

func questionOf(q *work.Question) Question {
	out := Question{q.ID, q.Kind, QuestionFields{Prompt: q.Prompt, Points: q.Points, Feedback: q.Feedback, Pool: q.Pool, Number: q.Key.Number, Tolerance: q.Key.Tolerance,
		Accepted: q.Key.Accepted}}
	for _, c := range q.Key.Choices {
		out.Choices = append(out.Choices, Choice(c))
	}
	return out
}

// Questions are what an assessment asks, for who writes it.
type Questions struct {
	Course     Ref            `json:"course"`
	Assessment Ref            `json:"assessment"`
	Items      []Question     `json:"items"`
	Pools      map[string]int `json:"pools" doc:"How many questions there are in each pool."`
	Settings   QuizSettings   `json:"settings"`
	Attempts   int64          `json:"attempts" doc:"How many attempts were begun; how often a survey was answered."`
	Survey     bool           `json:"survey"`
	Anonymous  bool           `json:"anonymous,omitempty" doc:"Of a survey: nobody learns who answered what."`
}

// asking finds an assessment that asks questions, within a permission.
func asking(c *op.Call, in OneAssessment, p *access.Permission) (course store.Course, a work.Assessment, err error) {
	course, a, err = find(c, in, p)
	if err == nil && a.Kind != KindQuiz {
		err = fail.New(fail.Conflict, "This assessment asks no questions.")
	}
	return course, a, err
}

// questioned finds an assessment whose questions one writes: a quiz, or a survey.
func questioned(c *op.Call, in OneAssessment) (course store.Course, a work.Assessment, s work.Survey, err error) {
	course, a, err = find(c, in, access.CourseAddContent)
	switch {
	case err != nil:
	case a.Survey:
		s, err = work.SurveyOf(c, c.Tx, a)
	case a.Kind != KindQuiz:
		err = fail.New(fail.Conflict, "This assessment asks no questions.")
	}
	return course, a, s, err
}

// changeable is questioned for who changes what is asked: of a survey, only until somebody has answered.
func changeable(c *op.Call, in OneAssessment) (course store.Course, a work.Assessment, err error) {
	course, a, s, err := questioned(c, in)
	if err == nil {
		err = s.Unanswered()
	}
	return course, a, err
}

// ShowQuestions are the questions of a quiz with what is right.
var ShowQuestions = &op.Op[OneAssessment, Questions]{
	Name:  "question.list",
	Route: "GET /courses/{course}/assessments/{assessment}/questions",
	Doc:   "Lists the questions of a quiz with what is right, for who writes it.",
	Needs: editNeeds,
	Do: func(c *op.Call, in OneAssessment) (out Questions, err error) {
		course, a, survey, err := questioned(c, in)
		if err != nil {
			return out, err
		}
		list, err := work.ListQuestions(c, c.Tx, a)
		if err != nil {
			return out, err
		}
		quiz, err := work.QuizOf(c, c.Tx, a)
		if err != nil {
			return out, err
		}
		out = Questions{Course: Ref{course.ID, course.Name}, Assessment: Ref{a.ID, a.Title}, Items: make([]Question, len(list)), Pools: map[string]int{}, Settings: settingsOf(quiz),
			Survey: a.Survey, Anonymous: survey.Anonymous}
		for i := range list {
			out.Items[i] = questionOf(&list[i])
			if list[i].Pool != "" {
				out.Pools[list[i].Pool]++
			}
		}
		if out.Attempts = survey.Answered; !a.Survey {
			out.Attempts, err = work.CountAttempts(c, c.Tx, a)
		}
		return out, err
	},
}

// NewQuestion is a question to be added.
type NewQuestion struct {
	OneAssessment
	Kind string `json:"kind" doc:"single, multiple, number, text or order; in a survey single, multiple, scale or text."`
	QuestionFields
}

// Check tells which fields have to be corrected.
func (in NewQuestion) Check() error {
	if !slices.Contains(work.QuestionKinds, in.Kind) && !slices.Contains(work.SurveyKinds, in.Kind) {
		return fail.Wrong("kind", "There is no such kind of question.")
	}
	return in.QuestionFields.Check()
}

// AddQuestion puts a question at the end of a quiz.
var AddQuestion = &op.Op[NewQuestion, Ref]{
	Name:  "question.add",
	Route: "POST /courses/{course}/assessments/{assessment}/questions",
	Doc:   "Adds a question at the end of a quiz. Attempts that were begun go on without it.",
	Needs: editNeeds,
	Do: func(c *op.Call, in NewQuestion) (Ref, error) {
		course, a, err := changeable(c, in.OneAssessment)
		if err != nil {
			return Ref{}, err
		}
		kinds := work.QuestionKinds
		if a.Survey {
			kinds = work.SurveyKinds
		}
		if !slices.Contains(kinds, in.Kind) {
			return Ref{}, fail.Wrong("kind", "There is no such kind of question here.")
		}
		q := work.Question{Kind: in.Kind}
		if err := in.write(&q, a.Survey); err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "question": cutTo(q.Prompt, 80)})
		q, err = work.AddQuestion(c, c.Tx, a, q)
		return Ref{q.ID, cutTo(q.Prompt, 80)}, err
	},
}

// cutTo is the beginning of a text, on one line.
func cutTo(s string, most int) string {
	s = form.Tidy(s)
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// OneQuestion names a question of an assessment.
type OneQuestion struct {
	OneAssessment
	Question db.ID `path:"question" doc:"The question."`
}

// SavedQuestion is a question with what it shall ask.
type SavedQuestion struct {
	OneQuestion
	QuestionFields
}

// findQuestion finds a question that one may write.
func findQuestion(c *op.Call, in OneQuestion) (course store.Course, a work.Assessment, q work.Question, err error) {
	if course, a, err = changeable(c, in.OneAssessment); err != nil {
		return course, a, q, err
	}
	q, err = work.FindQuestion(c, c.Tx, a, in.Question)
	return course, a, q, err
}

// SaveQuestion writes a question. What was handed in is scored anew.
var SaveQuestion = &op.Op[SavedQuestion, Ref]{
	Name:  "question.edit",
	Route: "PUT /courses/{course}/assessments/{assessment}/questions/{question}",
	Doc:   "Writes a question; its kind stays. Attempts that were handed in are scored anew by it.",
	Needs: editNeeds,
	Do: func(c *op.Call, in SavedQuestion) (Ref, error) {
		course, a, q, err := findQuestion(c, in.OneQuestion)
		if err != nil {
			return Ref{}, err
		}
		if err := in.write(&q, a.Survey); err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "question": cutTo(q.Prompt, 80)})
		if err := work.SaveQuestion(c, c.Tx, q); err != nil {
			return Ref{}, err
		}
		return Ref{q.ID, cutTo(q.Prompt, 80)}, work.ScoreAnew(c, c.Tx, a)
	},
}

// DropQuestion takes a question away. What was handed in is scored without it.
var DropQuestion = &op.Op[OneQuestion, Ref]{
	Name:  "question.delete",
	Route: "DELETE /courses/{course}/assessments/{assessment}/questions/{question}",
	Doc:   "Deletes a question. Attempts that were handed in are scored anew without it.",
	Needs: editNeeds,
	Do: func(c *op.Call, in OneQuestion) (Ref, error) {
		course, a, q, err := findQuestion(c, in)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "question": cutTo(q.Prompt, 80)})
		if err := work.DropQuestion(c, c.Tx, q); err != nil {
			return Ref{}, err
		}
		return Ref{q.ID, cutTo(q.Prompt, 80)}, work.ScoreAnew(c, c.Tx, a)
	},
}

// QuestionOrder is the order that questions shall have.
type QuestionOrder struct {
	OneAssessment
	Questions []db.ID `json:"questions" doc:"Every question once, in order."`
}

// ArrangeQuestions puts the questions of a quiz into an order.
var ArrangeQuestions = &op.Op[QuestionOrder, Ref]{
	Name:  "question.arrange",
	Route: "PUT /courses/{course}/assessments/{assessment}/questions",
	Doc:   "Puts the questions into an order. It names all of them, so that nothing which somebody added meanwhile is lost: 409 then. Attempts that were begun keep theirs.",
	Needs: editNeeds,
	Do: func(c *op.Call, in QuestionOrder) (Ref, error) {
		course, a, err := changeable(c, in.OneAssessment)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "questions": len(in.Questions)})
		return Ref{a.ID, a.Title}, work.ArrangeQuestions(c, c.Tx, a, in.Questions)
	},
}
