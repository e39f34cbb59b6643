package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

const (
	quizLearners  = 200
	quizQuestions = 20
)

// quizzes compares 200 learners who hand in a quiz at once, each with all its answers, until every result is written, with bare
// commits of the same rows, one for each learner, at once too. Whatever is not in the database afterwards, with its score, fails the measurement.
func quizzes(ctx context.Context) ([]line, error) {
	p, err := newPortal(ctx, quizLearners, 20)
	if err != nil {
		return nil, err
	}
	defer p.close()
	q, err := p.quiz(ctx)
	if err != nil {
		return nil, err
	}
	floors, took := time.Duration(1<<63-1), time.Duration(1<<63-1)
	for round := range 11 {
		inputs, err := q.begin(ctx, p)
		if err != nil {
			return nil, err
		}
		floor, err := atOnce(func(i int) error { return q.bare(ctx, p, i, inputs[i]) })
		if err == nil { // what the floor wrote was no answer
			err = p.env.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET answers = '{}', submitted_at = 0 WHERE assessment_id = ?`, q.at.Assessment))
				return err
			})
		}
		if err != nil {
			return nil, err
		}
		start := time.Now()
		_, err = atOnce(func(i int) error {
			_, err := work.SubmitAttempt.Run(ctx, p.env, p.learner(i), inputs[i])
			return err
		})
		for more := true; more && err == nil; {
			more, err = work.ScoreWaiting(ctx, p.env)
		}
		if err != nil {
			return nil, err
		}
		t := time.Since(start)
		if err := q.check(ctx, p, inputs); err != nil {
			return nil, err
		}
		if round > 0 { // the first one makes the results
			floors, took = min(floors, floor), min(took, t)
		}
		err = p.env.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, db.SQL(`DELETE FROM quiz_attempts WHERE assessment_id = ?`, q.at.Assessment))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	share := floors.Seconds() / took.Seconds()
	return []line{{fmt.Sprintf("%d learners hand in a quiz of %d questions at once, scored, with results, progress, figures and audit; no answer lost", quizLearners, quizQuestions),
		fmt.Sprintf("one bare commit of the same rows for each, at once: %.0f/s", quizLearners/floors.Seconds()), "50% of its commits a second",
		fmt.Sprintf("%.0f%%: %.0f/s", 100*share, quizLearners/took.Seconds()), share >= 0.5}}, nil
}

// bare writes what handing in writes of a learner, with every value at hand: the answers, the result, what follows for the enrolment,
// and the audit row.
func (q aQuiz) bare(ctx context.Context, p *portal, i int, in work.GivenAnswers) error {
	answers, err := json.Marshal(in.Answers)
	if err != nil {
		return err
	}
	who, at := p.learner(i).Account, db.Micros(now)
	return p.env.DB.Write(ctx, func(tx *db.Tx) error {
		for _, f := range []db.Frag{
			db.SQL(`UPDATE quiz_attempts SET answers = ?, saved_at = ?, submitted_at = ?, score = 40 WHERE id = ?`, string(answers), at, at, in.Attempt),
			db.SQL(`UPDATE results SET submitted_at = ?, score = 40, given = 40, graded_at = ? WHERE assessment_id = ? AND account_id = ?`, at, at, q.at.Assessment, who),
			db.SQL(`UPDATE enrolments SET progress = 100, score = 40, works_done = 1, last_active_at = ? WHERE course_id = ? AND account_id = ?`, at, q.at.Course, who),
			db.SQL(`INSERT INTO audit (portal_id, seq, id, at, actor_id, actor_name, behind_id, operation, outcome, target_kind, target_id, target_name, detail, prior, hash)
				VALUES (?, ?, ?, ?, ?, 'Somebody', 0, 'attempt.submit', 'done', 'course', ?, 'Quiz', '{}', ?, ?)`, p.id, -q.audited.Add(1), db.NewID(), at, who, q.at.Course, aHash, aHash),
		} {
			if _, err := tx.Exec(ctx, f); err != nil {
				return err
			}
		}
		return nil
	})
}

var aHash = strings.Repeat("0", 64)

// atOnce runs something for each learner at once, and returns how long all took together.
func atOnce(do func(i int) error) (time.Duration, error) {
	var all sync.WaitGroup
	wrong := make(chan error, quizLearners)
	start := time.Now()
	for i := range quizLearners {
		all.Go(func() { wrong <- do(i) })
	}
	all.Wait()
	took := time.Since(start)
	close(wrong)
	for err := range wrong {
		if err != nil {
			return took, err
		}
	}
	return took, nil
}

func (p *portal) learner(i int) op.Who { return op.Who{Portal: p.id, Account: p.first + db.ID(i)} }

// aQuiz is a quiz that all people of a portal take, with its questions.
type aQuiz struct {
	at        work.OneAssessment
	questions []work.Question
	// audited counts the audit rows that the floor wrote.
	audited *atomic.Int64
}

// quiz makes a course with a quiz that everybody takes.
func (p *portal) quiz(ctx context.Context) (q aQuiz, err error) {
	q.audited = new(atomic.Int64)
	who := op.Who{Portal: p.id, Account: p.super.ID}
	made, err := action.CreateCourse.Run(ctx, p.env, who, action.NewCourse{Organization: p.id, CourseFields: action.CourseFields{Code: "quiz", Name: "Quiz"}})
	if err != nil {
		return q, err
	}
	section, err := learning.AddSection.Run(ctx, p.env, who, learning.NewSection{OneCourse: learning.OneCourse{Course: made.ID}, SectionTitle: learning.SectionTitle{Title: "One"}})
	if err != nil {
		return q, err
	}
	q.at.Course = made.ID
	a, err := work.AddAssessment.Run(ctx, p.env, who, work.NewAssessment{OneCourse: q.at.OneCourse, Section: section.ID, Kind: work.KindQuiz, AssessmentFields: work.AssessmentFields{Title: "Quiz", Points: 20, Weight: 1}})
	if err != nil {
		return q, err
	}
	q.at.Assessment = a.ID
	for i := range quizQuestions {
		in := work.NewQuestion{OneAssessment: q.at, Kind: "multiple", QuestionFields: work.QuestionFields{Prompt: fmt.Sprintf("Which of these is %d?", i), Points: 1}}
		for j := range 5 {
			in.Choices = append(in.Choices, work.Choice{Text: fmt.Sprintf("the answer number %d", j), Right: j < 2})
		}
		if _, err := work.AddQuestion.Run(ctx, p.env, who, in); err != nil {
			return q, err
		}
	}
	list, err := work.ShowQuestions.Run(ctx, p.env, who, q.at)
	if err != nil {
		return q, err
	}
	q.questions = list.Items
	return q, p.enrolAll(ctx, made.ID)
}

func (p *portal) enrolAll(ctx context.Context, course db.ID) error {
	return p.env.DB.Write(ctx, func(tx *db.Tx) error {
		system := access.System(p.id, "benchmark", now)
		c, err := store.FindCourse(ctx, tx, system.May(access.CourseView), course)
		if err != nil {
			return err
		}
		deltas := store.NewDeltas()
		for i := range quizLearners {
			a, err := store.FindAccount(ctx, tx, system.May(access.AccountList), p.first+db.ID(i))
			if err != nil {
				return err
			}
			if _, err := store.Enrol(ctx, tx, deltas, c, a, p.super.ID, now); err != nil {
				return err
			}
		}
		return deltas.Flush(ctx, tx)
	})
}

// begin lets everybody begin, with answers of their own at hand.
func (q aQuiz) begin(ctx context.Context, p *portal) ([]work.GivenAnswers, error) {
	out := make([]work.GivenAnswers, quizLearners)
	for i := range out {
		x, err := work.BeginAttempt.Run(ctx, p.env, p.learner(i), q.at)
		if err != nil {
			return nil, err
		}
		out[i].OneAssessment, out[i].Attempt = q.at, x.ID
		for j, question := range q.questions {
			answer := []string{question.Choices[(i+j)%5].ID, question.Choices[(i+j+1)%5].ID}
			out[i].Answers = append(out[i].Answers, work.GivenAnswer{Question: question.ID, Answer: answer})
		}
	}
	return out, nil
}

// check reads every attempt, and wants every answer that was handed in.
func (q aQuiz) check(ctx context.Context, p *portal, given []work.GivenAnswers) error {
	for _, in := range given {
		x, err := work.ShowAttempt.Run(ctx, p.env, op.Who{Portal: p.id, Account: p.super.ID}, in.OneAttempt)
		if err != nil {
			return err
		}
		if x.Submitted == nil || x.Score == nil || len(x.Questions) != quizQuestions {
			return fmt.Errorf("an attempt was not handed in whole: %+v", x.AttemptItem)
		}
		for i, a := range in.Answers {
			if x.Questions[i].ID != a.Question || !slices.Equal(x.Questions[i].Answer, a.Answer) {
				return fmt.Errorf("an answer was lost: %v, not %v", x.Questions[i].Answer, a.Answer)
			}
		}
	}
	return nil
}
