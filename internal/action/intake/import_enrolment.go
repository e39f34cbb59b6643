package intake

import (
	"slices"
	"strconv"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

var enrolmentImport = &importKind{
	name: "enrolments",
	doc:  "Who takes which course, since when, and what came of it. One is known by its course and its learner.",
	fields: []importField{
		{name: "course", doc: "The course's code.", required: true, most: 100},
		{name: "account", doc: "The learner's code, user name or e-mail address.", required: true, most: 254},
		{name: "enrolled", doc: "Since when; today where a new one does not say.", is: dateField},
		{name: "status", doc: "One of enrolled, active, completed, failed, withdrawn."},
		{name: "outcome", doc: "What the source calls the result."},
		{name: "completed", doc: "When it was completed or failed; the course's end where it is empty.", is: dateField},
		{name: "withdrawn", doc: "When the learner left.", is: dateField},
		{name: "attempts", doc: "How many earlier attempts there were.", is: numberField},
		{name: "credits", doc: "What the learner studies for altogether.", is: numberField},
	},
	attributes: true,
	bases:      []string{"course.starts", "course.ends", "enrolled"},
	take:       func(in *intake) taker { return &enrolmentTaker{intake: in, deltas: store.NewDeltas()} },
}

type enrolmentTaker struct {
	*intake
	deltas *store.Deltas
	writer *store.EnrolmentWriter
}

func (in *enrolmentTaker) take(rows []*importRow) (err error) {
	if err := in.loadCourses(rows, "course"); err != nil {
		return err
	}
	if err := in.loadAccounts(rows, "account"); err != nil {
		return err
	}
	if in.writer == nil {
		if in.writer, err = store.NewEnrolmentWriter(in.c, in.c.Tx, in.deltas, in.c.By(), in.c.Now); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if row, ok := in.understand(r); ok {
			if err := in.writer.Write(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *enrolmentTaker) understand(r *importRow) (row store.EnrolmentRow, ok bool) {
	if in.repeated(r, in.get(r, "course"), in.get(r, "account")) {
		return row, false
	}
	course := in.course(r, "course", access.CourseEnrollOthers)
	who := in.account(r, "account")
	if course == nil || who == nil {
		return row, false
	}
	base := in.courseDates(course)
	enrolled := in.date(r, "enrolled", base)
	after := func(name string) int64 {
		if name == "enrolled" {
			return enrolled
		}
		return base(name)
	}
	row = store.EnrolmentRow{Course: *course, Account: who.Account, Status: in.status(r, course), Outcome: in.get(r, "outcome"), Enrolled: db.TimeOrZero(enrolled),
		Completed: db.TimeOrZero(in.date(r, "completed", after)), Withdrawn: db.TimeOrZero(in.date(r, "withdrawn", after)),
		Attempts: in.whole(r, "attempts"), Credits: in.whole(r, "credits"), Attributes: r.attributes}
	if in.valuer("enrolled") == nil {
		row.New = in.c.Now
	}
	return row, !r.bad
}

// courseDates are the dates of a course that others may be given after.
func (in *intake) courseDates(course *store.Course) func(string) int64 {
	return func(name string) int64 {
		at := course.Starts
		if name == "course.ends" {
			at = course.Ends
		}
		if at.IsZero() {
			return 0
		}
		return at.UnixMicro()
	}
}

// status is what a row says came of it. Who may only enrol says nothing of results: that takes the right to grade.
func (in *enrolmentTaker) status(r *importRow, course *store.Course) store.Status {
	status := store.Status(strings.ToLower(in.get(r, "status")))
	if status != "" && !slices.Contains(store.Statuses, status) {
		in.wrong(r, "status", "“"+cut(string(status))+"” is none of enrolled, active, completed, failed, withdrawn.")
		return ""
	}
	if status == store.Completed || status == store.Failed || in.get(r, "outcome") != "" || in.get(r, "completed") != "" {
		if !in.allowed(access.CourseGrade, course.Thing()) {
			in.refused(r, "status", access.CourseGrade)
		}
	}
	return status
}

// whole is a whole number of a row; zero where it is not known.
func (in *intake) whole(r *importRow, field string) int64 {
	text := in.get(r, field)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > 1e9 {
		in.wrong(r, field, "“"+cut(text)+"” is not a whole number.")
	}
	return n
}

func (in *enrolmentTaker) close() error {
	if in.writer == nil {
		return nil
	}
	if err := in.writer.Close(); err != nil {
		return err
	}
	in.counted(in.writer.Counts)
	return in.deltas.Flush(in.c, in.c.Tx)
}

func (in *intake) counted(n store.Counts) {
	in.result.Created += int(n.Created)
	in.result.Changed += int(n.Changed)
	in.result.Unchanged += int(n.Same)
}
