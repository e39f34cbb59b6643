package work

import (
	"errors"
	"time"

	"provost/internal/access"
	"provost/internal/action/files"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/pack"
	"provost/internal/store"
	filed "provost/internal/store/files"
	"provost/internal/store/work"
)

// KindPackage is the kind of an assessment that plays a package: SCORM, cmi5 or xAPI.
const KindPackage = "package"

var packageOps = []op.Any{PutPackage, ShowPackage, PlayPackage, PackageEntry, ShowPackageState, SavePackageState, SavePackageDocument, AddStatements, ListStatements, RestartPackage, RestartLearnerPackage}

// NewPackage is an archive that an assessment shall play.
type NewPackage struct {
	OneAssessment
	File op.Upload `file:"file" json:"-"`

	read pack.Package
}

// Check tells which fields have to be corrected.
func (in NewPackage) Check() error {
	if !in.File.Given() {
		return fail.Wrong("file", "Choose a file.")
	}
	return nil
}

// PackageItem is a part of a package that is opened by itself, and how far one has come in it.
type PackageItem struct {
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Begun *time.Time `json:"begun,omitempty" doc:"When you were in it last."`
	Done  bool       `json:"done" doc:"You have done it."`
	Score *float64   `json:"score,omitempty" doc:"What you reached in it, in percent."`
}

// Package is what an assessment plays.
type Package struct {
	Assessment Ref           `json:"assessment"`
	Standard   string        `json:"standard,omitempty" doc:"scorm12, scorm2004, cmi5 or xapi; empty where there is no package yet."`
	Title      string        `json:"title,omitempty"`
	Items      []PackageItem `json:"items"`
	// MayPlay: one may open it now.
	MayPlay bool `json:"may_play"`
	// Attempt is which of one's attempts it is, from 1; 0 for who takes none.
	Attempt    int64 `json:"attempt,omitempty" doc:"Which of your attempts it is."`
	MayRestart bool  `json:"may_restart,omitempty" doc:"You may start it again."`
}

// PutPackage gives an assessment the package that it plays (CO-1).
var PutPackage = &op.Op[NewPackage, Package]{
	Name:    "package.put",
	Route:   "PUT /courses/{course}/assessments/{assessment}/package",
	Doc:     "Gives an assessment of the kind package its content, sent as multipart/form-data: a zip archive of SCORM 1.2 or 2004, cmi5 or xAPI, 256 MB at most. What learners did in the one before stays where its items are called alike.",
	Needs:   editNeeds,
	Files:   pack.MaxBytes,
	MaxFile: pack.MaxBytes,
	Limit:   3 * time.Minute,
	Allow: func(c *op.Call, in NewPackage) error {
		_, _, err := findPlayer(c, in.OneAssessment)
		return err
	},
	Prepare: readPackage,
	Do: func(c *op.Call, in NewPackage) (Package, error) {
		course, a, err := findPlayer(c, in.OneAssessment)
		if err != nil {
			return Package{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "package": in.read.Title, "standard": in.read.Standard})
		if err := filed.DropOf(c, c.Tx, filed.OfPackage, []db.ID{a.ID}); err != nil {
			return Package{}, err
		}
		if _, err := files.Add(c, work.HolderOf(a), "", in.File); err != nil {
			return Package{}, err
		}
		if err := work.SavePackage(c, c.Tx, a, in.read, in.File.Hash, c.Now); err != nil {
			return Package{}, err
		}
		return packageOf(a, work.Package{Package: in.read}, nil), nil
	},
}

// findPlayer finds an assessment that plays packages, for who may write its course.
func findPlayer(c *op.Call, in OneAssessment) (store.Course, work.Assessment, error) {
	course, a, err := find(c, in, access.CourseAddContent)
	if err == nil && a.Kind != KindPackage {
		err = fail.New(fail.Conflict, "This assessment plays no package.")
	}
	return course, a, err
}

// readPackage reads the archive whole, before anything is written: two at a time, since it is unpacked for that.
func readPackage(c *op.Call, in *NewPackage) error {
	select {
	case reading <- struct{}{}:
		defer func() { <-reading }()
	case <-c.Done():
		return c.Err()
	}
	f, err := c.Env.Files.Open(in.File.Hash)
	if err != nil {
		return err
	}
	defer f.Close()
	in.read, err = pack.Read(c, f, in.File.Size)
	if told, ok := errors.AsType[*fail.Error](err); ok && told.Kind == fail.Invalid {
		return told.In("file")
	}
	return err
}

var reading = make(chan struct{}, 2)

func packageOf(a work.Assessment, p work.Package, states map[string]work.State) Package {
	out := Package{Assessment: Ref{a.ID, a.Title}, Standard: p.Standard, Title: p.Title, Items: []PackageItem{}}
	for _, x := range p.Items {
		s := states[x.ID]
		out.Items = append(out.Items, PackageItem{x.ID, x.Title, known(s.Saved), s.Done, s.Score})
	}
	return out
}

// ShowPackage is what an assessment plays, and how far one has come in it.
var ShowPackage = &op.Op[OneAssessment, Package]{
	Name:  "package.show",
	Route: "GET /courses/{course}/assessments/{assessment}/package",
	Doc:   "Shows what an assessment of the kind package plays, and how far you have come in it.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OneAssessment) (Package, error) {
		l, err := look(c, in)
		if err != nil {
			return Package{}, err
		}
		p, err := work.FindPackage(c, c.Tx, l.is)
		if fail.Is(err, fail.NotFound) && l.is.Kind == KindPackage {
			return packageOf(l.is, p, nil), nil
		}
		if err != nil {
			return Package{}, err
		}
		var states map[string]work.State
		if l.own != nil {
			if states, err = work.StatesOf(c, c.Tx, l.is, l.own.Enrolment); err != nil {
				return Package{}, err
			}
		}
		out := packageOf(l.is, p, states)
		for i := range out.Items {
			if !l.seesGrades(c) {
				out.Items[i].Score = nil
			}
		}
		out.MayPlay = !l.closed && (l.own == nil || !over(&l.is, c.Now))
		if l.own == nil {
			return out, nil
		}
		out.Attempt, err = work.PackageAttempt(c, c.Tx, l.is, l.own.Enrolment)
		out.MayRestart = out.MayPlay && mayRestart(&l.is, states, out.Attempt)
		return out, err
	},
}
