package work

import (
	"iter"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store/work"
)

// SurveyFile asks for the answers to a survey as a file.
type SurveyFile struct {
	OneAssessment
	Format string `query:"format" doc:"csv, xlsx or json; csv if left out."`
}

// DownloadSurvey is what was answered to a survey as a file, as much of it as one may see.
var DownloadSurvey = &op.Op[SurveyFile, op.File]{
	Name:   "survey.download",
	Route:  "GET /courses/{course}/assessments/{assessment}/survey/file",
	Doc:    "Downloads what was answered to a survey: a line for each learner whose grades you may see, or, of an anonymous one, a line for each answer on its own.",
	Needs:  gradeNeeds,
	Export: true,
	Do: func(c *op.Call, in SurveyFile) (op.File, error) {
		format, err := sheet.ParseFormat(in.Format)
		if err != nil {
			return op.File{}, err
		}
		course, a, s, err := answered(c, in.OneAssessment)
		if err != nil {
			return op.File{}, err
		}
		questions, err := work.ListQuestions(c, c.Tx, a)
		if err != nil {
			return op.File{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "format": format})
		t := sheet.Table{Name: "survey " + a.Title, Title: a.Title, Scope: course.Name, Rule: access.CourseAllGrades.Title, At: c.Now}
		said := work.EachSaid(c, c.Tx, c.May(access.CourseAllGrades), a, s)
		if s.Anonymous {
			t.Columns = []sheet.Column{{Key: "question", Title: "Question"}, {Key: "answer", Title: "Answer"}}
			t.Rows = eachAnswer(questions, said)
			return op.TableFile(format, t), nil
		}
		t.Columns = []sheet.Column{{Key: "learner", Title: "Learner"}}
		for i := range questions {
			t.Columns = append(t.Columns, sheet.Column{Key: questions[i].ID.String(), Title: cutTo(questions[i].Prompt, 200)})
		}
		t.Rows = eachAnswering(questions, said)
		return op.TableFile(format, t), nil
	},
}

// wording is an answer in words: of a choice, what it says.
func wording(q *work.Question, answer string) string {
	if c := q.Choice(answer); c != nil {
		return c.Text
	}
	return answer
}

// eachAnswer is a line for each answer.
func eachAnswer(questions []work.Question, said iter.Seq2[work.Said, error]) iter.Seq2[[]any, error] {
	byID := map[db.ID]*work.Question{}
	for i := range questions {
		byID[questions[i].ID] = &questions[i]
	}
	return func(yield func([]any, error) bool) {
		for x, err := range said {
			line := []any{nil, nil}
			if q := byID[x.Question]; q != nil {
				line[0], line[1] = cutTo(q.Prompt, 200), wording(q, x.Text)
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// eachAnswering is a line for each learner, of answers that come learner by learner; several choices stand in one cell.
func eachAnswering(questions []work.Question, said iter.Seq2[work.Said, error]) iter.Seq2[[]any, error] {
	at := map[db.ID]int{}
	for i := range questions {
		at[questions[i].ID] = i
	}
	return func(yield func([]any, error) bool) {
		var of db.ID
		var line []any
		for x, err := range said {
			if err != nil {
				yield(nil, err)
				return
			}
			if x.Enrolment != of {
				if line != nil && !yield(line, nil) {
					return
				}
				of, line = x.Enrolment, make([]any, len(questions)+1)
				line[0] = x.Learner
			}
			i, known := at[x.Question]
			if !known {
				continue
			}
			text := wording(&questions[i], x.Text)
			if before, ok := line[i+1].(string); ok {
				text = strings.Join([]string{before, text}, "; ")
			}
			line[i+1] = text
		}
		if line != nil {
			yield(line, nil)
		}
	}
}
