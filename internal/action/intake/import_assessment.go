package intake

import (
	"cmp"
	"maps"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

var assessmentImport = &importKind{
	name: "assessments",
	doc:  "The works that courses ask for. One is known by its course and its code.",
	fields: []importField{
		{name: "course", doc: "The course's code.", required: true, most: 100},
		{name: "code", doc: "What other systems call it.", required: true, most: 100},
		{name: "title", doc: "Its title; the code where it is empty."},
		{name: "kind", doc: "What the source calls its kind."},
		{name: "due", doc: "When it is due.", is: dateField},
		{name: "weight", doc: "Its part of the score, in relation to the others.", is: numberField},
	},
	bases: []string{"course.starts", "course.ends"},
	take: func(in *intake) taker {
		return &assessmentTaker{intake: in, deltas: store.NewDeltas(), touched: map[db.ID]bool{}}
	},
}

type assessmentTaker struct {
	*intake
	deltas  *store.Deltas
	touched map[db.ID]bool
}

func (in *assessmentTaker) take(rows []*importRow) error {
	if err := in.loadCourses(rows, "course"); err != nil {
		return err
	}
	if err := in.loadWorks(rows, "code"); err != nil {
		return err
	}
	for _, r := range rows {
		if err := in.one(r); err != nil {
			return err
		}
	}
	return nil
}

func (in *assessmentTaker) one(r *importRow) error {
	if in.repeated(r, in.get(r, "course"), in.get(r, "code")) {
		return nil
	}
	course := in.course(r, "course", access.CourseConfigure)
	if course == nil {
		return nil
	}
	want := store.Assessment{Code: in.get(r, "code"), Title: in.get(r, "title"), Kind: in.get(r, "kind"), Due: db.TimeOrZero(in.date(r, "due", in.courseDates(course)))}
	weight := in.get(r, "weight")
	if want.Weight, _ = number(weight); want.Weight < 0 {
		in.wrong(r, "weight", "A weight is not below zero.")
	}
	if r.bad {
		return nil
	}
	if kept := in.work(course, want.Code); kept != nil {
		if kept.Made {
			in.wrong(r, "code", "This assessment was made here, and is changed in its course.")
			return nil
		}
		want.Title, want.Kind = cmp.Or(want.Title, kept.Title), cmp.Or(want.Kind, kept.Kind)
		if want.Due.IsZero() {
			want.Due = kept.Due
		}
		if weight == "" {
			want.Weight = kept.Weight
		}
	}
	want.Title = cmp.Or(want.Title, want.Code)
	made, did, err := store.SaveAssessment(in.c, in.c.Tx, *course, want)
	if err != nil {
		return err
	}
	switch did {
	case store.Created:
		in.result.Created++
		in.refs.works[made.Code] = append(in.refs.works[made.Code], made)
	case store.Updated:
		in.result.Changed++
	default:
		in.result.Unchanged++
		return nil
	}
	in.touched[course.ID] = true
	return nil
}

// work is the assessment of a course that has a code, which loadWorks has looked up; nil where there is none.
func (in *intake) work(course *store.Course, code string) *store.Assessment {
	list := in.refs.works[code]
	for i := range list {
		if list[i].Course == course.ID {
			return &list[i]
		}
	}
	return nil
}

// loadWorks looks up the assessments that rows name, of whichever courses.
func (in *intake) loadWorks(rows []*importRow, field string) error {
	var codes []string
	for _, r := range rows {
		code := in.get(r, field)
		if _, known := in.refs.works[code]; !known {
			in.refs.works[code] = nil
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 {
		return nil
	}
	found, err := store.AssessmentsByCode(in.c, in.c.Tx, in.c.Who.Portal, codes)
	for _, a := range found {
		in.refs.works[a.Code] = append(in.refs.works[a.Code], a)
	}
	return err
}

// close brings progress and scores of the courses up to their assessments.
func (in *assessmentTaker) close() error {
	for _, course := range slices.Sorted(maps.Keys(in.touched)) {
		if err := store.RegradeCourse(in.c, in.c.Tx, in.deltas, course); err != nil {
			return err
		}
	}
	return in.deltas.Flush(in.c, in.c.Tx)
}
