package work

import (
	"strconv"
	"strings"

	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

// step is a letter, and from which percentage on it is given.
type step struct {
	letter string
	from   float64
}

// scale are the letters of a course, the highest first.
type scale []step

// maxSteps bounds a scale.
const maxSteps = 30

// readScale reads a scale as it is kept: "A 90" a line.
func readScale(text string) (s scale) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		at := strings.LastIndexByte(line, ' ')
		if at < 0 {
			continue
		}
		from, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			continue
		}
		s = append(s, step{strings.TrimSpace(line[:at]), from})
	}
	return s
}

// letter is what a score is shown as; empty for none.
func (s scale) letter(score *float64) string {
	if score == nil {
		return ""
	}
	for _, x := range s {
		if *score >= x.from {
			return x.letter
		}
	}
	return ""
}

// GradeScale are the letters that the scores of a course are shown as.
type GradeScale struct {
	Course Ref    `json:"course"`
	Scale  string `json:"scale" doc:"A letter and the percentage from which on it is given, such as A 90, a line; the highest first. Empty for none."`
}

// ShowScale is a course's scale.
var ShowScale = &op.Op[OneCourse, GradeScale]{
	Name:  "grade_scale.show",
	Route: "GET /courses/{course}/grade-scale",
	Doc:   "Shows the letters that the scores of a course are shown as.",
	Needs: []*access.Permission{access.CourseConfigure},
	Do: func(c *op.Call, in OneCourse) (GradeScale, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return GradeScale{}, err
		}
		text, err := work.ScaleOf(c, c.Tx, course)
		return GradeScale{Ref{course.ID, course.Name}, text}, err
	},
}

// NewScale is a scale to be set.
type NewScale struct {
	OneCourse
	Scale string `json:"scale" doc:"A letter and the percentage from which on it is given, such as A 90, a line; the highest first. Empty for none."`
}

// Check tells which fields have to be corrected.
func (in NewScale) Check() error {
	var wrong fail.Fields
	lines, last := 0, 101.0
	for line := range strings.Lines(in.Scale) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		lines++
		s := readScale(line)
		if len(s) != 1 || s[0].letter == "" || len(s[0].letter) > 40 || form.Tidy(s[0].letter) != s[0].letter || !(s[0].from >= 0 && s[0].from <= 100) {
			wrong.Add("scale", "Line {n} is no letter with a percentage, such as A 90.", "n", lines)
			break
		}
		if s[0].from >= last {
			wrong.Add("scale", "The highest comes first: line {n} is not below the one before.", "n", lines)
			break
		}
		last = s[0].from
	}
	if lines > maxSteps {
		wrong.Add("scale", "A scale has {n} lines at most.", "n", maxSteps)
	}
	return wrong.Err()
}

// SaveScale sets the letters that a course's scores are shown as.
var SaveScale = &op.Op[NewScale, GradeScale]{
	Name:  "grade_scale.save",
	Route: "PUT /courses/{course}/grade-scale",
	Doc:   "Sets the letters that the scores of a course are shown as. The scores stay as they are.",
	Needs: []*access.Permission{access.CourseConfigure},
	Do: func(c *op.Call, in NewScale) (GradeScale, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return GradeScale{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"scale": in.Scale})
		var kept []string
		for line := range strings.Lines(in.Scale) {
			if line = form.Tidy(line); line != "" {
				kept = append(kept, line)
			}
		}
		text := strings.Join(kept, "\n")
		return GradeScale{Ref{course.ID, course.Name}, text}, work.SaveScale(c, c.Tx, course, text)
	},
}
