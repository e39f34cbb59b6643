package intake

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

var resultImport = &importKind{
	name: "results",
	doc:  "What learners handed in, and their scores. One is known by its assessment and its learner.",
	fields: []importField{
		{name: "assessment", doc: "The assessment's code.", required: true, most: 100},
		{name: "course", doc: "The course's code, where several courses have an assessment of that code.", most: 100},
		{name: "account", doc: "The learner's code, user name or e-mail address.", required: true, most: 254},
		{name: "submitted", doc: "When it was handed in.", is: dateField},
		{name: "score", doc: "0 to 100; empty where there is none yet.", is: numberField},
		{name: "banked", doc: "Carried over from an earlier course: 1 or 0.", is: boolField},
	},
	bases: []string{"course.starts", "course.ends"},
	take: func(in *intake) taker {
		return &resultTaker{intake: in, deltas: store.NewDeltas(), courses: map[db.ID]*store.Course{}}
	},
}

type resultTaker struct {
	*intake
	deltas *store.Deltas
	writer *store.ResultWriter
	// courses are those that the actor may grade; nil for others.
	courses map[db.ID]*store.Course
}

func (in *resultTaker) take(rows []*importRow) (err error) {
	if err := in.loadWorks(rows, "assessment"); err != nil {
		return err
	}
	if err := in.loadAccounts(rows, "account"); err != nil {
		return err
	}
	if in.writer == nil {
		if in.writer, err = store.NewResultWriter(in.c, in.c.Tx, in.deltas); err != nil {
			return err
		}
		in.writer.NotEnrolled = func(line int64) {
			in.problems.add(LineProblem{in.file, int(line), in.valuer("account").column, "This learner is not enrolled in the assessment's course."}, false)
		}
	}
	for _, r := range rows {
		row, ok, err := in.understand(r)
		if err != nil {
			return err
		}
		if ok {
			if err := in.writer.Write(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *resultTaker) understand(r *importRow) (row store.ResultRow, ok bool, err error) {
	if in.repeated(r, in.get(r, "assessment"), in.get(r, "course"), in.get(r, "account")) {
		return row, false, nil
	}
	work, course, err := in.assessment(r)
	who := in.account(r, "account")
	if err != nil || work == nil || who == nil {
		return row, false, err
	}
	row = store.ResultRow{Line: int64(r.line), Assessment: *work, Account: who.ID}
	row.Result.Submitted = db.TimeOrZero(in.date(r, "submitted", in.courseDates(course)))
	row.Result.Banked, _ = truth(in.get(r, "banked"))
	if text := in.get(r, "score"); text != "" {
		score, _ := number(text)
		if score < 0 || score > 100 {
			in.wrong(r, "score", "A score is from 0 to 100.")
		}
		row.Result.Score = &score
	}
	return row, !r.bad, nil
}

// assessment is the one that a row names, with its course, where the actor may grade.
func (in *resultTaker) assessment(r *importRow) (*store.Assessment, *store.Course, error) {
	code, of := in.get(r, "assessment"), in.get(r, "course")
	var work *store.Assessment
	var course *store.Course
	list := in.refs.works[code]
	for i := range list {
		if list[i].Survey {
			continue
		}
		found, err := in.graded(list[i].Course)
		if err != nil {
			return nil, nil, err
		}
		if found == nil || (of != "" && found.Code != of) {
			continue
		}
		if work != nil {
			in.wrong(r, "assessment", "Several courses have an assessment “"+cut(code)+"”: name the course too.")
			return nil, nil, nil
		}
		work, course = &list[i], found
	}
	if work == nil {
		in.wrong(r, "assessment", "There is no assessment “"+cut(code)+"” that you may grade.")
	}
	return work, course, nil
}

// graded is a course within what the actor may grade; nil where it is not.
func (in *resultTaker) graded(id db.ID) (*store.Course, error) {
	if course, known := in.courses[id]; known {
		return course, nil
	}
	course, err := store.FindCourse(in.c, in.c.Tx, in.c.May(access.CourseGrade), id)
	if fail.Is(err, fail.NotAllowed) || fail.Is(err, fail.NotFound) {
		in.courses[id] = nil
		return nil, nil
	}
	in.courses[id] = &course
	return &course, err
}

func (in *resultTaker) close() error {
	if in.writer == nil {
		return nil
	}
	if err := in.writer.Close(); err != nil {
		return err
	}
	in.counted(in.writer.Counts)
	return in.deltas.Flush(in.c, in.c.Tx)
}
