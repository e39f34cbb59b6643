package work

import (
	"io"
	"time"

	"provost/internal/access"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"
)

const (
	// maxUpload is the most bytes of a file of grades, fileLimit how long one may take to be taken in, or sent.
	maxUpload = 33 << 20
	fileLimit = 5 * time.Minute
)

// askGrades asks for a file of grades, or for its text.
func askGrades(q *shell.Req) error {
	in := work.GradebookQuery{Size: 1}
	if err := q.Fill(&in); err != nil {
		return err
	}
	b, err := shell.RunWith(q, work.ShowGradebook, in)
	if err == nil && !b.MayGrade {
		err = store.NotAllowed(q.Actor.May(access.CourseGrade))
	}
	if err != nil {
		return err
	}
	v, at := q.View, bookAt(b.Course.ID)
	title := v.T("Take in grades")
	file := page.Field{Name: "file", Label: v.T("A CSV file"), Hint: v.T("As the gradebook is downloaded: a column Enrolment, and one for each assessment. Empty cells change nothing; x excuses, - takes a grade away.")}
	text := q.Field("csv", v.T("Or paste its lines"), "")
	form := q.Form(at+"/upload", page.Button(v.T("Take in")), page.File(v, file, ".csv,text/csv"), page.Textarea(v, text, 8))
	form.Files = true
	form.Submit = append(form.Submit, page.LinkButton(v.T("Download the gradebook"), at+"/file"), page.LinkButton(v.T("Cancel"), at))
	return q.Show(title, bookCrumbs(v, b.Course, title), page.Header(title, v.T("All grades of the file are taken in, or none where a line is wrong.")), form.Node(v))
}

// uploadGrades takes in the file that was sent, or the text that was pasted.
func uploadGrades(q *shell.Req) (err error) {
	if err := q.Parse(); err != nil {
		return err
	}
	in := work.GradebookUpload{CSV: q.R.PostForm.Get("csv")}
	if in.Course, err = db.ParseID(q.R.PathValue("course")); err != nil {
		return fail.Missing("course")
	}
	if q.R.MultipartForm != nil {
		if files := q.R.MultipartForm.File["file"]; len(files) > 0 && files[0].Size > 0 {
			f, err := files[0].Open()
			if err != nil {
				return err
			}
			defer f.Close()
			all, err := io.ReadAll(f) // the route's limit bounds it
			if err != nil {
				return err
			}
			in.CSV = string(all)
		}
	}
	out, err := shell.RunWith(q, work.UploadGradebook, in)
	if shell.Again(err) {
		return q.Again(err, askGrades)
	}
	if err != nil {
		return err
	}
	return q.Redirect(bookAt(in.Course), page.Good, q.View.N("{n} grade is changed.", "{n} grades are changed.", out.Changed))
}

// showScale asks for the letters that scores are shown as.
func showScale(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowScale)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Letters for scores")
	text := q.Field("scale", v.T("Letters"), x.Scale)
	text.Hint = v.T("A letter and the percentage from which on it is given, such as A 90, a line; the highest first. Empty for no letters.")
	form := q.Form(bookAt(x.Course.ID)+"/scale", page.Button(v.T("Save")), page.Textarea(v, text, 8))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), bookAt(x.Course.ID)))
	return q.Show(title, bookCrumbs(v, x.Course, title), page.Header(title, v.T("Scores are kept in percent; letters only show them.")), form.Node(v))
}
