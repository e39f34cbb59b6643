package work

import (
	"strconv"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

// Weight is what an assessment counts beside the others.
type Weight struct {
	Assessment db.ID   `json:"assessment"`
	Weight     float64 `json:"weight" doc:"0 to 1000; only its relation to the others counts."`
}

// Weights are what assessments of a course shall count.
type Weights struct {
	OneCourse
	Weights []Weight `json:"weights" doc:"An assessment that is left out keeps its weight."`
}

// Check tells which fields have to be corrected.
func (in Weights) Check() error {
	if len(in.Weights) > work.MaxAssessments {
		return fail.Wrong("weights", "A course holds {n} assessments at most.", "n", work.MaxAssessments)
	}
	var wrong fail.Fields
	for i, w := range in.Weights {
		number(&wrong, "weights."+strconv.Itoa(i)+".weight", w.Weight, 0, 1000)
	}
	return wrong.Err()
}

// SaveWeights writes what the assessments of a course count, all at once.
var SaveWeights = &op.Op[Weights, Ref]{
	Name:  "assessment.weigh",
	Route: "PUT /courses/{course}/weights",
	Doc:   "Writes what the graded assessments of a course count beside each other, all or none. The learners' scores follow.",
	Needs: editNeeds,
	Do: func(c *op.Call, in Weights) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), in.Course)
		if err != nil {
			return Ref{}, err
		}
		list, err := work.ListGraded(c, c.Tx, course)
		if err != nil {
			return Ref{}, err
		}
		byID := map[db.ID]work.Assessment{}
		for _, a := range list {
			byID[a.ID] = a
		}
		told := map[string]float64{}
		for _, w := range in.Weights {
			a, known := byID[w.Assessment]
			if !known {
				return Ref{}, fail.Missing("assessment")
			}
			if a.Weight == w.Weight {
				continue
			}
			told[a.Title] = w.Weight
			if err := work.SaveWeight(c, c.Tx, a, w.Weight, c.Now); err != nil {
				return Ref{}, err
			}
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"weights": told})
		return Ref{course.ID, course.Name}, regrade(c, course)
	},
}
