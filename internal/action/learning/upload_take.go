package learning

import (
	"errors"
	"io"
	"path"
	"slices"
	"sync"
	"time"

	"provost/internal/access"
	"provost/internal/action/files"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

// UploadPart asks to make one course of an upload.
type UploadPart struct {
	OneUpload
	Code string `json:"code,omitempty" doc:"The course's code in the table; left out where the upload is of one course." maxLength:"100"`

	read *upload
	part *uploadCourse
	kept map[string]op.Upload
}

// TakeUpload makes one course's part of an upload, whole or not at all (CA-1).
var TakeUpload = &op.Op[UploadPart, Ref]{
	Name:    "upload.take",
	Route:   "POST /uploads/{upload}/courses",
	Doc:     "Makes what an upload of yours has of one course: its sections, lessons and files, whole or not at all. Where there is no course with the code, a template is made.",
	Needs:   uploadNeeds,
	Limit:   5 * time.Minute,
	Prepare: keepPart,
	Do: func(c *op.Call, in UploadPart) (Ref, error) {
		row, err := learning.FindUpload(c, c.Tx, c.Who.Portal, c.Who.Account, in.Upload, c.Now) // once more: another may have made it meanwhile
		if err != nil {
			return Ref{}, err
		}
		u, x := *in.read, in.part
		u.Upload, u.faults = row, uploadFaults{}
		if _, made := row.Made[x.code]; made {
			return Ref{}, fail.New(fail.Conflict, "This was made already.")
		}
		if err := u.settle(c, x); err != nil {
			return Ref{}, err
		}
		if err := u.faults.err(); err != nil {
			return Ref{}, err
		}
		course, err := u.course(c, x)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"table": u.Table, "archive": u.Archive, "lessons": len(x.lessons), "made": x.is == nil})
		if err := x.write(c, course, in.kept); err != nil {
			return Ref{}, err
		}
		if err := learning.UploadMade(c, c.Tx, row, x.code, course.ID); err != nil {
			return Ref{}, err
		}
		return Ref{course.ID, course.Name}, regrade(c, course)
	},
}

// keepPart reads an upload anew, and keeps the files of one of its courses, before anything is written.
func keepPart(c *op.Call, in *UploadPart) error {
	var row learning.Upload
	err := c.Read(func(tx *db.Tx) (err error) {
		row, err = learning.FindUpload(c, tx, c.Who.Portal, c.Who.Account, in.Upload, c.Now)
		return err
	})
	if err != nil {
		return err
	}
	u, err := readUpload(c, row)
	if err != nil {
		return err
	}
	defer u.close()
	if err := u.faults.err(); err != nil {
		return err
	}
	for _, x := range u.courses {
		if x.code == in.Code || row.Course != 0 {
			in.part = x
		}
	}
	if in.part == nil {
		return fail.Wrong("code", "The upload has no course with this code.")
	}
	in.read = u
	in.kept, err = u.keep(c, in.part)
	return err
}

// keepers is how many files are kept at a time: each waits for the disk twice.
const keepers = 8

// keep keeps the files of a part, by where they lie in the archive.
func (u *upload) keep(c *op.Call, x *uploadCourse) (map[string]op.Upload, error) {
	var names []string
	for _, l := range x.lessons {
		if l.file != "" {
			names = append(names, l.file)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	list, errs := make([]op.Upload, len(names)), make([]error, len(names))
	var all sync.WaitGroup
	for k := range keepers {
		all.Go(func() {
			for i := k; i < len(names); i += keepers {
				at := u.entries[names[i]]
				list[i] = op.NewUpload(path.Base(names[i]), 0, func() (io.ReadCloser, error) { return u.archive.Entry(at) })
				if errs[i] = c.Keep(&list[i], op.MaxFile); errs[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	kept := make(map[string]op.Upload, len(names))
	for i, name := range names {
		kept[name] = list[i]
	}
	return kept, errors.Join(errs...)
}

// course is the course that a part of an upload goes into, made where it is not there.
func (u *upload) course(c *op.Call, x *uploadCourse) (store.Course, error) {
	if x.is != nil {
		return *x.is, nil
	}
	org, err := store.FindOrganization(c, c.Tx, c.May(access.TemplateCreate), u.Org)
	if err != nil {
		return store.Course{}, err
	}
	course, err := store.CreateCourse(c, c.Tx, org, store.NewCourse{Code: x.code, Name: form.Tidy(x.name), About: x.about}, c.Now)
	if err != nil {
		return course, err
	}
	return course, learning.MakeTemplate(c, c.Tx, course)
}

// write puts the sections and lessons of a part into their course.
func (x *uploadCourse) write(c *op.Call, course store.Course, kept map[string]op.Upload) error {
	outline, err := learning.OutlineOf(c, c.Tx, course)
	if err != nil {
		return err
	}
	sections, titles := map[string]db.ID{}, map[string]db.ID{}
	for _, s := range outline.Sections {
		sections[db.Key(s.Title)] = s.ID
	}
	for _, l := range outline.Lessons {
		titles[db.Key(l.Title)] = l.ID
	}
	for _, l := range x.lessons {
		section := db.Key(l.section)
		if sections[section] == 0 {
			s, err := learning.AddSection(c, c.Tx, course, l.section)
			if err != nil {
				return err
			}
			sections[section] = s.ID
		}
		made := learning.Lesson{Section: sections[section]}
		if err := l.LessonFields.write(outline, &made); err != nil {
			return err
		}
		made.After = titles[db.Key(l.after)]
		if made, err = learning.AddLesson(c, c.Tx, course, made, c.Now); err != nil {
			return err
		}
		titles[db.Key(l.Title)] = made.ID
		if l.file == "" {
			continue
		}
		alt := l.alt
		if alt == "" {
			alt = l.Title
		}
		if _, err := files.Add(c, ofLesson(made), alt, kept[l.file]); err != nil {
			return err
		}
	}
	return nil
}
