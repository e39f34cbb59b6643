package learning

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/pack"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/store/learning"
)

// The bounds of an upload.
const (
	// MaxUploadLines is how many lessons it may have, MaxUploadCourses how many courses they may be of.
	MaxUploadLines   = 10_000
	MaxUploadCourses = 200
	// maxUploadTable is how many bytes its table may be.
	maxUploadTable = 32 << 20
)

var uploadLimits = sheet.Limits{Bytes: maxUploadTable, Unpacked: 4 * maxUploadTable, Rows: MaxUploadLines, Columns: 50, Cell: 800 << 10}

// uploadColumns are what a table may say of a lesson; the first three must be there, the first where the courses are not given.
var uploadColumns = []string{"course", "section", "title", "name", "about", "text", "video", "file", "alt", "opens", "after"}

// uploadSample is a table as it may be.
const uploadSample = `course,name,about,section,title,text,video,file,alt,opens,after
sql,Databases,"Rows, columns and questions",Week 1,Welcome,"# Welcome

Read [the plan](plan.pdf) first.",,week-1/plan.pdf,,,
sql,,,Week 1,Tables,A table has rows and columns.,https://video.example.net/tables,,,,
sql,,,Week 2,A map of tables,![Two tables with an arrow between them](map.png),,week-2/map.png,Two tables with an arrow between them,2026-03-09,Tables
`

// UploadFault is what has to be corrected before anything is made of an upload.
type UploadFault struct {
	Line int `json:"line" doc:"The line of the table, from 1; 0 for all of it."`
	fail.Field
}

// uploadFaults gathers the first of them, and counts all.
type uploadFaults struct {
	list  []UploadFault
	total int
}

const maxFaults = 200

func (f *uploadFaults) add(line int, column string, what fail.Text) {
	f.take(line, fail.Field{Name: column, Message: what.String(), Text: what})
}

func (f *uploadFaults) take(line int, fields ...fail.Field) {
	for _, x := range fields {
		if f.total++; len(f.list) < maxFaults {
			f.list = append(f.list, UploadFault{line, x})
		}
	}
}

// takeError notes an error about a line, or the whole, of a table; any other than Invalid is returned.
func (f *uploadFaults) takeError(line int, err error) error {
	told, ok := errors.AsType[*fail.Error](err)
	if !ok || told.Kind != fail.Invalid {
		return err
	}
	fields := slices.Clone(told.Fields)
	for i := range fields {
		fields[i].Name = "" // the line is told already
	}
	if len(fields) == 0 {
		fields = []fail.Field{{Message: told.Message, Text: told.Text}}
	}
	f.take(line, fields...)
	return nil
}

// err is nil where nothing is wrong.
func (f *uploadFaults) err() error {
	var wrong fail.Fields
	for _, x := range f.list[:min(len(f.list), 20)] {
		x.Name = strings.TrimSuffix(fmt.Sprintf("line %d, %s", x.Line, x.Name), ", ")
		wrong = append(wrong, x.Field)
	}
	return wrong.Err()
}

// upload is what somebody sent, as it was read: nothing of the portal is known in it.
type upload struct {
	learning.Upload
	courses []*uploadCourse
	faults  uploadFaults
	// unused are the files that no lesson names.
	unused  []string
	archive *pack.Archive
	// entries are its files by their names, however their letters with marks are written.
	entries map[string]string
	file    *os.File
}

// uploadCourse is a course as an upload has it, in the order of its lines.
type uploadCourse struct {
	code, name, about string
	line              int
	lessons           []uploadLesson
	// is what is there already; nil where it will be a template that is made.
	is *store.Course
}

// uploadLesson is a lesson as an upload has it.
type uploadLesson struct {
	line             int
	section          string
	after, file, alt string
	LessonFields
}

func (u *upload) close() {
	if u.file != nil {
		_ = u.file.Close() // it was read
	}
}

// readUpload reads both of what was sent. What has to be corrected comes with it; close it.
func readUpload(c *op.Call, from learning.Upload) (u *upload, err error) {
	u = &upload{Upload: from, entries: map[string]string{}}
	defer func() {
		if err != nil {
			u.close()
		}
	}()
	if from.ArchiveHash != "" {
		if err := u.openArchive(c); err != nil {
			return u, err
		}
	}
	if from.TableHash == "" {
		u.fromFiles()
		return u, nil
	}
	return u, u.readTable(c)
}

// gone is the answer where the bytes are not kept any more.
func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return fail.New(fail.Conflict, "What was uploaded is too old. Please upload it again.")
	}
	return err
}

func (u *upload) openArchive(c *op.Call) (err error) {
	if u.file, err = c.Env.Files.Open(u.ArchiveHash); err != nil {
		return gone(err)
	}
	info, err := u.file.Stat()
	if err != nil {
		return err
	}
	if u.archive, err = pack.Open(u.file, info.Size()); err != nil {
		return err
	}
	for _, at := range u.archive.Paths() {
		if !strings.HasPrefix(at, "__MACOSX/") && !strings.HasPrefix(path.Base(at), ".") { // what systems put in by themselves
			u.entries[norm.NFC.String(at)] = at
			u.unused = append(u.unused, norm.NFC.String(at))
		}
	}
	return nil
}

// fromFiles makes a lesson of each file, in a section for each folder.
func (u *upload) fromFiles() {
	name := form.Tidy(strings.TrimSuffix(u.Archive, path.Ext(u.Archive)))
	x := &uploadCourse{code: cutTo(name, 100), name: cutTo(name, 200)}
	u.courses = []*uploadCourse{x}
	stems := map[string]bool{}
	for _, at := range u.unused {
		section := form.Tidy(strings.ReplaceAll(path.Dir(at), "/", " / "))
		if section == "." {
			section = name
		}
		title := strings.TrimSuffix(path.Base(at), path.Ext(at))
		if key := titleKey(section, title); stems[key] {
			title = path.Base(at) // another file differs by its ending alone
		} else {
			stems[key] = true
		}
		l := uploadLesson{section: cutTo(section, form.MaxName), file: at, alt: cutTo(title, maxAlt), LessonFields: LessonFields{Title: cutTo(form.Tidy(title), form.MaxName)}}
		x.lessons = append(x.lessons, l)
		if err := l.Check(); err != nil {
			_ = u.faults.takeError(0, err) // it is Invalid
		}
		u.checkFile(l)
	}
	if len(u.unused) == 0 {
		u.faults.add(0, "file", fail.Say("The archive holds no files."))
	}
	u.checkTitles(x)
	u.unused = nil
}

func cutTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

func (u *upload) readTable(c *op.Call) error {
	f, err := c.Env.Files.Open(u.TableHash)
	if err != nil {
		return gone(err)
	}
	defer f.Close()
	table, err := sheet.Open(f, u.Table, uploadLimits)
	if err != nil {
		return u.faults.takeError(1, err)
	}
	defer table.Close()
	if !u.checkColumns(table) {
		return nil
	}
	byCode := map[string]*uploadCourse{}
	for n := 0; ; n++ {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			u.readLine(row, byCode)
		} else if err := u.faults.takeError(row.Line, err); err != nil {
			return err
		}
		if n%500 == 0 && c.Err() != nil {
			return c.Err()
		}
	}
	if len(u.courses) == 0 && u.faults.total == 0 {
		u.faults.add(1, "", fail.Say("The table names no lessons."))
	}
	if len(u.courses) > MaxUploadCourses {
		u.faults.add(0, "course", fail.Say("The table is of more than {n} courses.", "n", MaxUploadCourses))
	}
	for _, x := range u.courses {
		u.checkTitles(x)
	}
	u.leaveUsed()
	return nil
}

// checkColumns tells whether a table has the columns that are needed, and no other.
func (u *upload) checkColumns(table *sheet.Reader) bool {
	for _, title := range table.Columns() {
		if !slices.Contains(uploadColumns, strings.ToLower(strings.TrimSpace(title))) {
			u.faults.add(1, title, fail.Say("There is no such column. These are: {columns}.", "columns", strings.Join(uploadColumns, ", ")))
		}
	}
	for i, title := range uploadColumns[:3] {
		if !table.Has(title) && (i > 0 || u.Course == 0) {
			u.faults.add(1, title, fail.Say("This column is missing."))
		}
	}
	return u.faults.total == 0
}

// readLine takes one line of a table, and tells what is wrong with it by itself.
func (u *upload) readLine(row sheet.Row, byCode map[string]*uploadCourse) {
	get := func(column string) string { return strings.TrimSpace(row.Get(column)) }
	code := get("course")
	if u.Course != 0 {
		code = "" // there is but one
	} else if code == "" {
		u.faults.add(row.Line, "course", fail.Say("Say by its code of which course it is."))
		return
	}
	x := byCode[code]
	if x == nil {
		x = &uploadCourse{code: code, line: row.Line}
		byCode[code] = x
		u.courses = append(u.courses, x)
	}
	for to, column := range map[*string]string{&x.name: "name", &x.about: "about"} {
		if said := get(column); said != "" && *to == "" {
			*to = said
		} else if said != "" && said != *to {
			u.faults.add(row.Line, column, fail.Say("A line before says something else of this course."))
		}
	}
	l := uploadLesson{line: row.Line, section: form.Tidy(get("section")), after: form.Tidy(get("after")), file: fileAtPath(get("file")), alt: form.Tidy(get("alt")),
		LessonFields: LessonFields{Title: form.Tidy(get("title")), Text: row.Get("text"), Video: get("video"), Opens: get("opens")}}
	var wrong fail.Fields
	form.Name(&wrong, "section", l.section)
	form.Line(&wrong, "alt", l.alt, maxAlt)
	if told, ok := errors.AsType[*fail.Error](l.Check()); ok {
		wrong = append(wrong, told.Fields...)
	}
	u.faults.take(row.Line, wrong...)
	u.checkFile(l)
	x.lessons = append(x.lessons, l)
}

// fileAtPath is where a file lies in an archive, as the tables of other systems may write it.
func fileAtPath(text string) string {
	return norm.NFC.String(strings.TrimPrefix(strings.ReplaceAll(text, `\`, "/"), "./"))
}

// pictureEndings are those of the pictures that are shown.
var pictureEndings = []string{".png", ".jpg", ".jpeg", ".gif"}

// checkFile tells whether the file that a lesson names is there.
func (u *upload) checkFile(l uploadLesson) {
	at, there := u.entries[l.file]
	switch {
	case l.file == "":
		return
	case u.archive == nil:
		u.faults.add(l.line, "file", fail.Say("No archive came with the table, so there is no file {name}.", "name", l.file))
		return
	case !there:
		u.faults.add(l.line, "file", fail.Say("The archive holds no file {name}.", "name", l.file))
		return
	case slices.Contains(pictureEndings, strings.ToLower(path.Ext(at))) && l.alt == "":
		u.faults.add(l.line, "alt", fail.Say("Say what the picture shows, for those who do not see it."))
	}
	if e, err := u.archive.Entry(at); err == nil && e.Size() > op.MaxFile {
		u.faults.add(l.line, "file", fail.Say("The file {name} is larger than {size} MB.", "name", l.file, "size", op.MaxFile>>20))
	}
}

// titleKey is what two lessons of a course differ by.
func titleKey(section, title string) string { return db.Key(section) + "\x00" + db.Key(title) }

// checkTitles tells where two of a course's lessons are called alike.
func (u *upload) checkTitles(x *uploadCourse) {
	seen := map[string]int{}
	for _, l := range x.lessons {
		key := titleKey(l.section, l.Title)
		if first, twice := seen[key]; twice {
			u.faults.add(l.line, "title", fail.Say("The section has a lesson of this title already, in line {line}.", "line", first))
		}
		seen[key] = l.line
	}
}

// leaveUsed leaves those files that no lesson names.
func (u *upload) leaveUsed() {
	used := map[string]bool{}
	for _, x := range u.courses {
		for _, l := range x.lessons {
			used[l.file] = true
		}
	}
	u.unused = slices.DeleteFunc(u.unused, func(at string) bool { return used[at] })
}
