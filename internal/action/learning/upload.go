package learning

import (
	"errors"
	"io"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/pack"
	"provost/internal/store"
	"provost/internal/store/learning"
)

var uploadOps = []op.Any{BeginUpload, SampleUpload, ShowUpload, TakeUpload}

var uploadNeeds = []*access.Permission{access.CourseAddContent, access.TemplateCreate}

// NewUpload is lessons as a table, an archive of files, or both.
type NewUpload struct {
	Course       db.ID     `json:"course,omitempty" doc:"The course or template that all of it is for; left out where the table names each by its code."`
	Organization db.ID     `json:"organization,omitempty" doc:"Where templates are made of codes that are not there yet; left out with a course."`
	Table        op.Upload `file:"table" json:"-"`
	Archive      op.Upload `file:"archive" json:"-"`
}

// Check tells which fields have to be corrected.
func (in NewUpload) Check() error {
	switch {
	case !in.Table.Given() && !in.Archive.Given():
		return fail.Wrong("table", "Choose a table, an archive, or both.")
	case in.Table.Size > maxUploadTable:
		return fail.Wrong("table", "This file is larger than {size} MB.", "size", maxUploadTable>>20)
	case in.Course == 0 && in.Organization == 0:
		return fail.Wrong("organization", "Choose an organization.")
	}
	return nil
}

// uploadPlace is what an upload is for, as the audit names it: a course that one writes, or where one makes templates.
func uploadPlace(c *op.Call, in NewUpload) (access.Thing, string, error) {
	if in.Course != 0 {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), in.Course)
		return course.Thing(), course.Name, err
	}
	org, err := store.FindOrganization(c, c.Tx, c.May(access.TemplateCreate), in.Organization)
	return org.Thing(), org.Name, err
}

// OneUpload names an upload.
type OneUpload struct {
	Upload db.ID `path:"upload" doc:"The upload."`
}

// UploadRef is an upload, by what came.
type UploadRef struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// BeginUpload takes a table and an archive in, and makes nothing of them yet (CA-1).
var BeginUpload = &op.Op[NewUpload, UploadRef]{
	Name:  "upload.begin",
	Route: "POST /uploads",
	Doc: "Takes lessons in, sent as multipart/form-data: a table (CSV or XLSX, 10,000 lines of 200 courses, 32 MB at most), an archive (ZIP, 256 MB at most) of the files that it names, or both. " +
		"An archive alone makes a lesson of each file, in a section for each folder. Nothing is made before you take it, which you can for 20 hours.",
	Needs:   uploadNeeds,
	Files:   pack.MaxBytes + maxUploadTable,
	MaxFile: pack.MaxBytes,
	Limit:   5 * time.Minute,
	Allow: func(c *op.Call, in NewUpload) error {
		_, _, err := uploadPlace(c, in)
		return err
	},
	Prepare: checkArchive,
	Do: func(c *op.Call, in NewUpload) (UploadRef, error) {
		place, name, err := uploadPlace(c, in)
		if err != nil {
			return UploadRef{}, err
		}
		u := learning.Upload{Portal: c.Who.Portal, Account: c.Who.Account, Course: in.Course, Org: in.Organization, TableHash: in.Table.Hash, ArchiveHash: in.Archive.Hash}
		if in.Table.Given() {
			u.Table = in.Table.Name
		}
		if in.Archive.Given() {
			u.Archive = in.Archive.Name
		}
		c.Audit(place, name, map[string]any{"table": u.Table, "archive": u.Archive})
		u, err = learning.AddUpload(c, c.Tx, u, c.Now)
		return UploadRef{u.ID, strings.Trim(u.Table+", "+u.Archive, ", ")}, err
	},
}

// unpacking lets two archives be read whole at a time.
var unpacking = make(chan struct{}, 2)

// checkArchive reads an archive whole, before anything is written.
func checkArchive(c *op.Call, in *NewUpload) error {
	if !in.Archive.Given() {
		return nil
	}
	select {
	case unpacking <- struct{}{}:
		defer func() { <-unpacking }()
	case <-c.Done():
		return c.Err()
	}
	f, err := c.Env.Files.Open(in.Archive.Hash)
	if err != nil {
		return err
	}
	defer f.Close()
	archive, err := pack.Open(f, in.Archive.Size)
	if err == nil {
		err = archive.Check(c)
	}
	if told, ok := errors.AsType[*fail.Error](err); ok && told.Kind == fail.Invalid {
		return told.In("archive")
	}
	return err
}

// SampleUpload is a table as it may be.
var SampleUpload = &op.Op[struct{}, op.File]{
	Name:  "upload.sample",
	Route: "GET /uploads/sample",
	Doc:   "Sends a table of lessons as an upload may have it.",
	Needs: uploadNeeds,
	Do: func(*op.Call, struct{}) (op.File, error) {
		return op.File{Name: "lessons.csv", Type: "text/csv; charset=utf-8", Size: int64(len(uploadSample)), Apart: true, Write: func(w io.Writer) error {
			_, err := io.WriteString(w, uploadSample)
			return err
		}}, nil
	},
}

// UploadCourse is a course, and what an upload would put into it.
type UploadCourse struct {
	Code string `json:"code"`
	Name string `json:"name"`
	// Into is what is there already; absent where a template is made.
	Into     *Ref `json:"into,omitempty" doc:"What it goes into; absent where a template is made."`
	Made     *Ref `json:"made,omitempty" doc:"What came of it: it is done."`
	Sections int  `json:"sections"`
	Lessons  int  `json:"lessons"`
	Files    int  `json:"files"`
}

// UploadLesson is a lesson that an upload would make.
type UploadLesson struct {
	Line       int    `json:"line" doc:"The line of the table; 0 where there is none."`
	Course     string `json:"course" doc:"The code."`
	Section    string `json:"section"`
	Title      string `json:"title"`
	Characters int    `json:"characters" doc:"How long its text is."`
	Video      string `json:"video,omitempty"`
	File       string `json:"file,omitempty"`
	Opens      string `json:"opens,omitempty"`
	After      string `json:"after,omitempty"`
}

// UploadShown is what an upload would make, and what has to be corrected before.
type UploadShown struct {
	ID         db.ID          `json:"id"`
	Table      string         `json:"table,omitempty"`
	Archive    string         `json:"archive,omitempty"`
	Course     *Ref           `json:"course,omitempty"`
	Added      time.Time      `json:"added"`
	Courses    []UploadCourse `json:"courses"`
	Lessons    []UploadLesson `json:"lessons" doc:"The first 200."`
	Faults     []UploadFault  `json:"faults" doc:"What has to be corrected: the first 200."`
	FaultCount int            `json:"fault_count"`
	Unused     []string       `json:"unused" doc:"Files of the archive that no line names: the first 50."`
	UnusedMore int            `json:"unused_more"`
}

// maxShown is how many lessons are told one by one, maxUnused how many files that nothing names.
const maxShown, maxUnused = 200, 50

// ShowUpload tells what an upload would make (CA-1), line by line what has to be corrected, and makes nothing.
var ShowUpload = &op.Op[OneUpload, UploadShown]{
	Name:  "upload.show",
	Route: "GET /uploads/{upload}",
	Doc:   "Shows what an upload of yours would make, what of it was made, and what has to be corrected, by line and column.",
	Needs: uploadNeeds,
	Do: func(c *op.Call, in OneUpload) (out UploadShown, err error) {
		row, err := learning.FindUpload(c, c.Tx, c.Who.Portal, c.Who.Account, in.Upload, c.Now)
		if err != nil {
			return out, err
		}
		u, err := readUpload(c, row)
		if err != nil {
			return out, err
		}
		defer u.close()
		if err := u.settle(c, nil); err != nil {
			return out, err
		}
		return u.shown(), nil
	},
}

func (u *upload) shown() UploadShown {
	out := UploadShown{ID: u.ID, Table: u.Table, Archive: u.Archive, Added: u.Added, Courses: []UploadCourse{}, Lessons: []UploadLesson{}, Faults: u.faults.list, FaultCount: u.faults.total,
		Unused: u.unused[:min(len(u.unused), maxUnused)], UnusedMore: max(0, len(u.unused)-maxUnused)}
	for _, x := range u.courses[:min(len(u.courses), MaxUploadCourses)] {
		line := UploadCourse{Code: x.code, Name: x.name, Lessons: len(x.lessons)}
		if x.is != nil {
			line.Code, line.Name, line.Into = x.is.Code, x.is.Name, &Ref{x.is.ID, x.is.Name}
		}
		if id, made := u.Made[x.code]; made {
			line.Made, line.Into = &Ref{id, line.Name}, nil
		}
		if u.Course != 0 {
			out.Course = &Ref{x.is.ID, x.is.Name}
		}
		sections := map[string]bool{}
		for _, l := range x.lessons {
			sections[db.Key(l.section)] = true
			if l.file != "" {
				line.Files++
			}
			if len(out.Lessons) < maxShown {
				out.Lessons = append(out.Lessons, UploadLesson{l.line, line.Code, l.section, l.Title, len([]rune(l.Text)), l.Video, l.file, l.Opens, l.after})
			}
		}
		line.Sections = len(sections)
		out.Courses = append(out.Courses, line)
	}
	if out.Faults == nil {
		out.Faults = []UploadFault{}
	}
	return out
}
