package work

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store/work"
)

var rubricOps = []op.Any{ShowRubric, SaveRubric}

// Level is how well a criterion can be met.
type Level struct {
	Points float64 `json:"points"`
	Text   string  `json:"text"`
}

// Criterion is one thing that a work is judged by.
type Criterion struct {
	Title  string  `json:"title"`
	Levels []Level `json:"levels"`
}

// Rubric is how the works of an assessment are judged.
type Rubric struct {
	Course     Ref         `json:"course"`
	Assessment Ref         `json:"assessment"`
	Text       string      `json:"text" doc:"A criterion a line, and below it its levels, each with its points before it, such as 4 Clear and complete."`
	Criteria   []Criterion `json:"criteria"`
}

// Judged is the level that was chosen for a learner, as it was then.
type Judged struct {
	Criterion string  `json:"criterion"`
	Level     string  `json:"level"`
	Points    float64 `json:"points"`
	Of        float64 `json:"of" doc:"The most that the criterion gives."`
}

// The bounds of a rubric.
const (
	maxCriteria   = 30
	maxLevels     = 10
	maxRubricLine = 500
)

// readRubric reads a rubric's text: lines that begin with a number are levels of the criterion above them.
func readRubric(text string) (out []Criterion, err error) {
	line := 0
	for part := range strings.Lines(text) {
		line++
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		wrong := func(message string) ([]Criterion, error) { return nil, fail.Wrong("rubric", message, "n", line) }
		if len(part) > maxRubricLine || form.Tidy(part) != part {
			return wrong("Line {n} is too long, or holds what is no text.")
		}
		first, rest, _ := strings.Cut(part, " ")
		points, err := strconv.ParseFloat(strings.Replace(first, ",", ".", 1), 64)
		if err != nil {
			out = append(out, Criterion{Title: part, Levels: []Level{}})
			continue
		}
		switch last := len(out) - 1; {
		case last < 0:
			return wrong("Line {n} is a level, and stands below no criterion.")
		case !(points >= 0 && points <= maxPoints):
			return wrong("Line {n} gives points that nothing can have.")
		case len(out[last].Levels) >= maxLevels:
			return wrong("Line {n} is one level too many.")
		default:
			out[last].Levels = append(out[last].Levels, Level{points, strings.TrimSpace(rest)})
		}
	}
	if len(out) > maxCriteria {
		return nil, fail.Wrong("rubric", "A rubric has {n} criteria at most.", "n", maxCriteria)
	}
	all := 0.0
	for _, c := range out {
		if len(c.Levels) == 0 {
			return nil, fail.Wrong("rubric", "{criterion} has no levels. A level is a line below it that begins with its points.", "criterion", c.Title)
		}
		all += c.most()
	}
	if len(out) > 0 && all == 0 {
		return nil, fail.Wrong("rubric", "Some level must give points.")
	}
	return out, nil
}

// most is the most that a criterion gives.
func (c *Criterion) most() (most float64) {
	for _, l := range c.Levels {
		most = max(most, l.Points)
	}
	return most
}

// rubricOf is an assessment's rubric; none where its text says nothing.
func rubricOf(c *op.Call, a work.Assessment) (text string, out []Criterion, err error) {
	if text, err = work.RubricOf(c, c.Tx, a); err != nil {
		return "", nil, err
	}
	out, err = readRubric(text)
	return text, out, err
}

// ShowRubric is how the works of an assessment are judged; learners see it as soon as they see what is asked.
var ShowRubric = &op.Op[OneAssessment, Rubric]{
	Name:  "rubric.show",
	Route: "GET /courses/{course}/assessments/{assessment}/rubric",
	Doc:   "Shows how the works of an assessment are judged. It is empty while the assessment is closed to you.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneAssessment) (out Rubric, err error) {
		l, err := look(c, in)
		if err != nil {
			return out, err
		}
		out = Rubric{Course: Ref{l.course.ID, l.course.Name}, Assessment: Ref{l.is.ID, l.is.Title}, Criteria: []Criterion{}}
		if l.closed {
			return out, nil
		}
		out.Text, out.Criteria, err = rubricOf(c, l.is)
		return out, err
	},
}

// NewRubric is a rubric to be set.
type NewRubric struct {
	OneAssessment
	Rubric string `json:"rubric" doc:"A criterion a line, and below it its levels, each with its points before it, such as 4 Clear and complete. Empty for none."`
}

// Check tells which fields have to be corrected.
func (in NewRubric) Check() error {
	_, err := readRubric(in.Rubric)
	return err
}

// SaveRubric sets how the works of an assessment are judged. What was judged before stays as it is.
var SaveRubric = &op.Op[NewRubric, Ref]{
	Name:  "rubric.save",
	Route: "PUT /courses/{course}/assessments/{assessment}/rubric",
	Doc:   "Sets how the works of an assessment are judged. Works that were judged before stay as they are.",
	Needs: editNeeds,
	Do: func(c *op.Call, in NewRubric) (Ref, error) {
		course, a, err := find(c, in.OneAssessment, access.CourseAddContent)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "rubric": len(in.Rubric)})
		return Ref{a.ID, a.Title}, work.SaveRubric(c, c.Tx, a, strings.TrimSpace(strings.ReplaceAll(in.Rubric, "\r\n", "\n")))
	},
}

// judgeAnew reads the levels that were chosen for a work, and gives the points that they come to where these were left empty, or where
// the levels are others than before and the points are not.
func judgeAnew(c *op.Call, x *graded, in *GivenMark) ([]Judged, error) {
	_, rubric, err := rubricOf(c, x.is)
	if err != nil {
		return nil, err
	}
	judged, comes, err := judge(&x.is, rubric, in.Levels)
	if err != nil || judged == nil {
		return nil, err
	}
	before, err := judgedOf(c, &x.grade)
	points := strings.TrimSpace(in.Points)
	if points == "" || points == markOf(&x.is, &x.grade) && !slices.Equal(before, judged) {
		in.Points = strconv.FormatFloat(comes, 'f', -1, 64)
	}
	return judged, err
}

// judge reads the levels that were chosen, by the numbers of criteria and levels from 0, and what they come to in points of the
// assessment: the most that the rubric gives is the most that can be reached. Nil where nothing was chosen.
func judge(a *work.Assessment, rubric []Criterion, chosen map[string]string) ([]Judged, float64, error) {
	if len(chosen) == 0 || len(rubric) == 0 {
		return nil, 0, nil
	}
	out := make([]Judged, len(rubric))
	sum, all := 0.0, 0.0
	for i := range rubric {
		crit := &rubric[i]
		n, err := strconv.Atoi(chosen[strconv.Itoa(i)])
		if err != nil || n < 0 || n >= len(crit.Levels) {
			return nil, 0, fail.Wrong("levels."+strconv.Itoa(i), "Choose a level of {criterion}.", "criterion", crit.Title)
		}
		level := crit.Levels[n]
		out[i] = Judged{crit.Title, level.Text, level.Points, crit.most()}
		sum, all = sum+level.Points, all+crit.most()
	}
	return out, a.InPoints(100 * sum / all), nil
}

// keepJudged keeps what was chosen with the grade.
func keepJudged(c *op.Call, x graded, list []Judged) error {
	g, err := work.FindGrade(c, c.Tx, x.is, x.of)
	if err != nil || g.ID == 0 || list == nil {
		return err
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return work.SaveMarks(c, c.Tx, g, string(text))
}

// judgedOf is what was chosen for a learner.
func judgedOf(c *op.Call, g *work.Grade) (out []Judged, err error) {
	if g.ID == 0 {
		return nil, nil
	}
	text, err := work.MarksOf(c, c.Tx, *g)
	if err != nil || text == "" {
		return nil, err
	}
	return out, json.Unmarshal([]byte(text), &out)
}
