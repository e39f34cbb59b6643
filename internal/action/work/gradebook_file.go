package work

import (
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/store/work"
)

// GradebookFile asks for a gradebook as a file.
type GradebookFile struct {
	OneCourse
	Format string `query:"format" doc:"csv, xlsx or json; csv if left out."`
	Left   bool   `query:"left" doc:"Those who left the course, too."`
}

// DownloadGradebook is a whole gradebook as a file, as much of it as one may see. Its grades can be changed and taken in again.
var DownloadGradebook = &op.Op[GradebookFile, op.File]{
	Name:   "gradebook.download",
	Route:  "GET /courses/{course}/gradebook/file",
	Doc:    "Downloads a gradebook: a line for each learner, a column for each assessment, headed by its title and, in brackets, its code.",
	Needs:  bookNeeds,
	Export: true,
	Do: func(c *op.Call, in GradebookFile) (op.File, error) {
		format, err := sheet.ParseFormat(in.Format)
		if err != nil {
			return op.File{}, err
		}
		b, err := openBook(c, in.Course)
		if err != nil {
			return op.File{}, err
		}
		works, err := work.ListGraded(c, c.Tx, b.course)
		if err != nil {
			return op.File{}, err
		}
		c.Audit(b.course.Thing(), b.course.Name, map[string]any{"format": format})
		t := sheet.Table{Name: "gradebook " + b.course.Name, Title: "Gradebook", Scope: b.course.Name, Rule: access.CourseAllGrades.Title, At: c.Now,
			Columns: []sheet.Column{{Key: "enrolment", Title: "Enrolment"}, {Key: "learner", Title: "Learner"}}}
		for i := range works {
			t.Columns = append(t.Columns, sheet.Column{Key: works[i].Code, Title: works[i].Title + " [" + works[i].Code + "]"})
		}
		t.Columns = append(t.Columns, sheet.Column{Key: "score", Title: "Score", Type: sheet.Float}, sheet.Column{Key: "letter", Title: "Letter"})
		t.Rows = b.lines(c, works, in.Left)
		return op.TableFile(format, t), nil
	},
}

// lines are the learners of a gradebook, read some at a time.
func (b *book) lines(c *op.Call, works []work.Assessment, left bool) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		row := make([]any, len(works)+4)
		for after := ""; ; {
			list, err := store.ListEnrolments(c, c.Tx, b.within, store.EnrolmentFilter{Course: b.course.ID, Open: !left}, store.Page{After: after, Size: 200})
			var grades map[work.Cell]work.Grade
			if err == nil {
				grades, err = work.GradesAt(c, c.Tx, works, list.Items)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range list.Items {
				one := b.row(c, &list.Items[i], works, grades)
				one.fill(row)
				if !yield(row, nil) {
					return
				}
			}
			if after = list.Next; after == "" {
				return
			}
		}
	}
}

// fill writes a row of a gradebook as a line of a file: what was given as a number, where it is one.
func (r *GradebookRow) fill(line []any) {
	line[0], line[1] = r.Enrolment.String(), r.Learner.Name
	for i, cell := range r.Cells {
		line[i+2] = nil
		if cell == nil || cell.Mark == "" {
			continue
		}
		line[i+2] = cell.Mark
		if n, err := strconv.ParseFloat(cell.Mark, 64); err == nil {
			line[i+2] = n
		}
	}
	n := len(line)
	line[n-2], line[n-1] = nil, r.Letter
	if r.Score != nil {
		line[n-2] = *r.Score
	}
}

// GradebookUpload is a gradebook as a file, with grades to be given.
type GradebookUpload struct {
	OneCourse
	CSV string `json:"csv" doc:"As it was downloaded: a column Enrolment, and columns headed by the code of an assessment, alone or in brackets behind its title. Columns that are left out, and cells that are left empty, change nothing; x is for a work that is not asked of the learner, - for no grade."`
}

// noGrade is how a file says that there is to be no grade; an empty cell says nothing.
const noGrade = "-"

// maxUpload bounds the grades of one file, maxLines its lines.
const (
	maxUpload = 200_000
	maxLines  = 20_000
	// maxWrong is how many mistakes of a file are told at once.
	maxWrong = 20
)

// UploadGradebook takes in a file of grades: all of them, or none where any cannot be taken.
var UploadGradebook = &op.Op[GradebookUpload, GradebookSaved]{
	Name:  "gradebook.upload",
	Route: "POST /courses/{course}/gradebook/file",
	Doc:   "Takes in grades from a CSV file: all, or none where a line is wrong, which is then told by its number.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in GradebookUpload) (GradebookSaved, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseGrade), in.Course)
		if err != nil {
			return GradebookSaved{}, err
		}
		works, err := work.ListGraded(c, c.Tx, course)
		if err != nil {
			return GradebookSaved{}, err
		}
		changes, err := readGrades(in.CSV, works)
		if err != nil {
			return GradebookSaved{}, err
		}
		return saveChanges(c, course, changes)
	},
}

// readGrades reads the changes that a file asks for.
func readGrades(text string, works []work.Assessment) (out []change, err error) {
	r, err := sheet.Open(strings.NewReader(text), "grades.csv", sheet.Limits{Bytes: 32 << 20, Unpacked: 32 << 20, Rows: maxLines, Columns: work.MaxAssessments + 10, Cell: 4 << 10})
	if err != nil {
		return nil, inFile(err)
	}
	defer r.Close()
	columns, err := gradeColumns(r, works)
	if err != nil {
		return nil, err
	}
	var wrong fail.Fields
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, wrong.Err()
		}
		if err != nil {
			return nil, inFile(err)
		}
		var enrolment db.ID
		if err := enrolment.UnmarshalText([]byte(strings.TrimSpace(row.Get("Enrolment")))); err != nil || enrolment == 0 {
			if wrong.Add("csv", "Line {line}: this is no enrolment of the course.", "line", row.Line); len(wrong) >= maxWrong {
				return nil, wrong.Err()
			}
			continue
		}
		cells := row.Cells()
		for i, a := range columns {
			text := ""
			if i < len(cells) {
				text = strings.TrimSpace(sheet.Unguard(cells[i]))
			}
			if a == 0 || text == "" {
				continue
			}
			if text == noGrade {
				text = ""
			}
			if out = append(out, change{GradebookChange: GradebookChange{Assessment: a, Enrolment: enrolment, Mark: text}, line: row.Line}); len(out) > maxUpload {
				return nil, fail.Wrong("csv", "These are too many changes at once.")
			}
		}
	}
}

func inFile(err error) error {
	if !fail.Is(err, fail.Invalid) {
		return err
	}
	return fail.As(fail.Invalid, err).In("csv")
}

// gradeColumns are the assessments that the columns of a file name; 0 for those that name none.
func gradeColumns(r *sheet.Reader, works []work.Assessment) ([]db.ID, error) {
	if !r.Has("Enrolment") {
		return nil, fail.Wrong("csv", "The first line must name the columns, and one of them must be Enrolment.")
	}
	codes := map[string]db.ID{}
	for i := range works {
		codes[strings.ToLower(works[i].Code)] = works[i].ID
	}
	var wrong fail.Fields
	out, seen := make([]db.ID, len(r.Columns())), map[db.ID]bool{}
	for i, title := range r.Columns() {
		title = strings.ToLower(strings.TrimSpace(sheet.Unguard(title)))
		code := title
		if at := strings.LastIndexByte(title, '['); at >= 0 && strings.HasSuffix(title, "]") {
			code = title[at+1 : len(title)-1]
		}
		id := codes[code]
		switch out[i] = id; {
		case id != 0 && seen[id]:
			wrong.Add("csv", "Two columns are of one assessment: {title}", "title", title)
		case id == 0 && code != title:
			wrong.Add("csv", "There is no assessment in this course for the column {title}.", "title", title)
		}
		seen[id] = true
	}
	return out, wrong.Err()
}
