package intake

import (
	"provost/internal/access"
	"provost/internal/store/learning"
)

var materialImport = &importKind{
	name: "materials",
	doc:  "The parts of courses' content, as records. One is known by its course and its code.",
	fields: []importField{
		{name: "course", doc: "The course's code.", required: true, most: 100},
		{name: "code", doc: "What other systems call it.", required: true, most: 100},
		{name: "kind", doc: "What the source calls its kind."},
		{name: "week_from", doc: "The week of the course from which it is for.", is: numberField},
		{name: "week_to", doc: "The week of the course until which it is for.", is: numberField},
	},
	take: func(in *intake) taker { return &materialTaker{intake: in} },
}

type materialTaker struct {
	*intake
	writer *learning.MaterialWriter
}

func (in *materialTaker) take(rows []*importRow) (err error) {
	if err := in.loadCourses(rows, "course"); err != nil {
		return err
	}
	if in.writer == nil {
		if in.writer, err = learning.NewMaterialWriter(in.c, in.c.Tx); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if in.repeated(r, in.get(r, "course"), in.get(r, "code")) {
			continue
		}
		course := in.course(r, "course", access.CourseConfigure)
		if course == nil {
			continue
		}
		m := learning.Material{Code: in.get(r, "code"), Kind: in.get(r, "kind"), From: in.week(r, "week_from"), To: in.week(r, "week_to")}
		if r.bad {
			continue
		}
		if err := in.writer.Write(*course, m); err != nil {
			return err
		}
	}
	return nil
}

func (in *materialTaker) week(r *importRow, field string) *int64 {
	if in.get(r, field) == "" {
		return nil
	}
	n := in.whole(r, field)
	return &n
}

func (in *materialTaker) close() error {
	if in.writer == nil {
		return nil
	}
	err := in.writer.Close()
	in.counted(in.writer.Counts)
	return err
}
