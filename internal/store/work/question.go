package work

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"provost/internal/db"
	"provost/internal/fail"
)

// The kinds of question.
const (
	// Single has one right choice, Multiple any number of them; each wrong one that is ticked takes a right one back.
	Single   = "single"
	Multiple = "multiple"
	// Number is right within its tolerance.
	Number = "number"
	// ShortText is right where it is one of those accepted, however it is written in capitals and spaces.
	ShortText = "text"
	// Ordering shows its choices in another order; each that stands in its place counts.
	Ordering = "order"
	// Scale is answered by 1 to 5, in a survey alone.
	Scale = "scale"
)

// QuestionKinds are those of a quiz, SurveyKinds those of a survey, where nothing is right.
var (
	QuestionKinds = []string{Single, Multiple, Number, ShortText, Ordering}
	SurveyKinds   = []string{Single, Multiple, Scale, ShortText}
)

// MaxQuestions bounds those of one quiz, which are read whole; MaxChoices the choices of one, MaxAnswer the bytes of an answer.
const (
	MaxQuestions = 500
	MaxChoices   = 50
	MaxAnswer    = 4000
)

// Question is one question of a quiz.
type Question struct {
	ID   db.ID
	Kind string
	// Prompt is what is asked, Feedback what a learner reads of it afterwards; both Markdown.
	Prompt, Feedback string
	Points           float64
	// Pool is the name of the pool that it is drawn from; empty where it is always asked.
	Pool string
	Key  Key
}

// Key is what can be answered, and what is right. It is shown to nobody who may not see it.
type Key struct {
	// Choices are those of Single and Multiple, and of Ordering in their right order.
	Choices []Choice `json:"choices,omitempty"`
	// Number and Tolerance, which is not negative, are those of Number.
	Number    float64 `json:"number,omitempty"`
	Tolerance float64 `json:"tolerance,omitempty"`
	// Accepted are the right answers of ShortText.
	Accepted []string `json:"accepted,omitempty"`
}

// Choice is one of several answers. Its ID says nothing of whether it is right, or where it stands.
type Choice struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Right bool   `json:"right,omitempty"`
}

// HasChoices tells whether it is answered by choices.
func (q *Question) HasChoices() bool {
	return q.Kind != Number && q.Kind != ShortText
}

// Choice is the choice of an ID; nil where there is none.
func (q *Question) Choice(id string) *Choice {
	for i := range q.Key.Choices {
		if q.Key.Choices[i].ID == id {
			return &q.Key.Choices[i]
		}
	}
	return nil
}

// Right tells how much of an answer is right, from 0 to 1, in an attempt of this seed.
func (q *Question) Right(given []string, seed int64) float64 {
	answer := q.Read(given, seed)
	switch q.Kind {
	case Single:
		if c := q.Choice(first(answer)); c != nil && c.Right {
			return 1
		}
	case Multiple:
		return q.ticked(answer)
	case Number:
		if n, ok := ReadNumber(first(answer)); ok && math.Abs(n-q.Key.Number) <= q.Key.Tolerance+1e-9*math.Abs(q.Key.Number) {
			return 1
		}
	case ShortText:
		said := db.Key(first(answer))
		if said != "" && slices.ContainsFunc(q.Key.Accepted, func(a string) bool { return db.Key(a) == said }) {
			return 1
		}
	case Ordering:
		return q.placed(answer)
	}
	return 0
}

func (q *Question) ticked(answer []string) float64 {
	all, right := 0, 0
	for _, c := range q.Key.Choices {
		ticked := slices.Contains(answer, c.ID)
		switch {
		case c.Right && ticked:
			right++
		case ticked:
			right--
		}
		if c.Right {
			all++
		}
	}
	if all == 0 || len(answer) == 0 {
		return 0
	}
	return max(0, float64(right)/float64(all))
}

func (q *Question) placed(answer []string) float64 {
	right := 0
	for i, c := range q.Key.Choices {
		if i < len(answer) && answer[i] == c.ID {
			right++
		}
	}
	if len(q.Key.Choices) == 0 || len(answer) != len(q.Key.Choices) {
		return 0
	}
	return float64(right) / float64(len(q.Key.Choices))
}

func first(answer []string) string {
	if len(answer) == 0 {
		return ""
	}
	return answer[0]
}

// ReadNumber reads a number as people write it, with a point or a comma before its decimals.
func ReadNumber(text string) (n float64, ok bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", ".")
	if len(text) > 40 || strings.Trim(text, "0123456789.eE+-") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && !math.IsInf(n, 0)
}

// Read is an answer of what was given, whatever that is: choices that there are, each once, one of Single, and of Ordering all of them;
// else one text. Nothing is none.
func (q *Question) Read(given []string, seed int64) (answer []string) {
	if !q.HasChoices() {
		if strings.TrimSpace(first(given)) == "" {
			return nil
		}
		return given[:1]
	}
	add := func(id string) {
		if q.Choice(id) != nil && !slices.Contains(answer, id) && (q.Kind == Multiple || q.Kind == Ordering || len(answer) == 0) {
			answer = append(answer, id)
		}
	}
	for _, id := range given {
		add(id)
	}
	if q.Kind == Ordering && len(answer) > 0 {
		for _, c := range q.Shown(seed, true) {
			add(c.ID)
		}
	}
	return answer
}

// Shown are the choices in the order in which an attempt of this seed shows them, always the same. Those to be ordered are always
// shuffled.
func (q *Question) Shown(seed int64, shuffled bool) []Choice {
	out := slices.Clone(q.Key.Choices)
	if q.Kind != Ordering && !shuffled {
		return out
	}
	source := randOf(seed, q.ID)
	source.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func randOf(seed int64, id db.ID) *rand.Rand {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(id.String())) // never fails
	return rand.New(rand.NewPCG(uint64(seed), sum.Sum64()))
}

// Draw is what an attempt of this seed is asked, in order: every question of no pool, and so many of each pool.
func Draw(questions []Question, pools map[string]int, shuffled bool, seed int64) []db.ID {
	source := randOf(seed, 0)
	order := source.Perm(len(questions))
	taken, drawn := map[string]int{}, map[int]bool{}
	for _, i := range order {
		pool := questions[i].Pool
		if most, limited := pools[pool]; pool == "" || !limited || taken[pool] < most {
			drawn[i] = true
			taken[pool]++
		}
	}
	if !shuffled {
		slices.Sort(order)
	}
	out := []db.ID{}
	for _, i := range order {
		if drawn[i] {
			out = append(out, questions[i].ID)
		}
	}
	return out
}

const questionColumns = `q.id, q.kind, q.prompt, q.feedback, q.points, q.pool, q.key`

func scanQuestion(s db.Scanner) (q Question, err error) {
	var key string
	if err = s.Scan(&q.ID, &q.Kind, &q.Prompt, &q.Feedback, &q.Points, &q.Pool, &key); err != nil {
		return q, err
	}
	return q, json.Unmarshal([]byte(key), &q.Key)
}

// ListQuestions are an assessment's questions with what is right, in order.
func ListQuestions(ctx context.Context, tx *db.Tx, a Assessment) ([]Question, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+questionColumns+` FROM questions q WHERE q.assessment_id = ? ORDER BY q.position, q.id`, a.ID), scanQuestion)
}

// FindQuestion is one question of an assessment.
func FindQuestion(ctx context.Context, tx *db.Tx, a Assessment, id db.ID) (Question, error) {
	q, err := db.One(ctx, tx, db.SQL(`SELECT `+questionColumns+` FROM questions q WHERE q.id = ? AND q.assessment_id = ?`, id, a.ID), scanQuestion)
	if fail.Is(err, fail.NotFound) {
		return q, fail.Missing("question")
	}
	return q, err
}

// AddQuestion puts a question at the end of an assessment.
func AddQuestion(ctx context.Context, tx *db.Tx, a Assessment, q Question) (Question, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM questions WHERE assessment_id = ?`, a.ID))
	if err != nil {
		return q, err
	}
	if n >= MaxQuestions {
		return q, fail.New(fail.Conflict, "There are {n} questions at most.", "n", MaxQuestions)
	}
	key, err := json.Marshal(q.Key)
	if err != nil {
		return q, err
	}
	q.ID = db.NewID()
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO questions (id, portal_id, assessment_id, position, kind, prompt, points, feedback, pool, key)
		SELECT ?, ?, ?, coalesce(max(position), 0) + 1, ?, ?, ?, ?, ?, ? FROM questions WHERE assessment_id = ?`,
		q.ID, a.Portal, a.ID, q.Kind, q.Prompt, q.Points, q.Feedback, q.Pool, string(key), a.ID))
	return q, err
}

// SaveQuestion writes a question; its kind stays.
func SaveQuestion(ctx context.Context, tx *db.Tx, q Question) error {
	key, err := json.Marshal(q.Key)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE questions SET prompt = ?, points = ?, feedback = ?, pool = ?, key = ? WHERE id = ?`,
		q.Prompt, q.Points, q.Feedback, q.Pool, string(key), q.ID))
	return err
}

// DropQuestion takes a question away; attempts that were asked it go on without it.
func DropQuestion(ctx context.Context, tx *db.Tx, q Question) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM questions WHERE id = ?`, q.ID))
	return err
}

// ArrangeQuestions puts an assessment's questions into an order that names each once; any other is a Conflict, since somebody
// changed them meanwhile.
func ArrangeQuestions(ctx context.Context, tx *db.Tx, a Assessment, order []db.ID) error {
	was, err := ListQuestions(ctx, tx, a)
	if err != nil {
		return err
	}
	seen := map[db.ID]bool{}
	for _, id := range order {
		seen[id] = true
	}
	if len(order) != len(was) || len(seen) != len(was) || slices.ContainsFunc(was, func(q Question) bool { return !seen[q.ID] }) {
		return fail.New(fail.Conflict, "The questions were changed meanwhile. Open them again, and arrange them anew.")
	}
	for i, id := range order {
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE questions SET position = ? WHERE id = ? AND position <> ?`, i+1, id, i+1)); err != nil {
			return err
		}
	}
	return nil
}
