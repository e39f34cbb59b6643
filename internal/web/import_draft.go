package web

import (
	"io"
	"mime/multipart"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"provost/internal/action/intake"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
)

// The limits of what waits to be imported: a file's bytes, the files of one upload, and the drafts of one person.
const (
	maxImportFile  = 128 << 20
	maxImportBody  = 300 << 20
	maxImportFiles = 20
	maxDrafts      = 3
	draftLife      = 12 * time.Hour
)

// draft is files that somebody has uploaded and not imported yet, on this node's disk alone.
type draft struct {
	id      db.ID
	who     op.Who
	dir     string
	made    time.Time
	into    string // the noun to map columns into, where there is no mapping yet
	mapping *intake.Mapping
	files   map[string]string
	// tried is the dry run of it, inUse how many imports read its files, gone whether they are to be deleted after the last.
	tried db.ID
	inUse int
	gone  bool
}

// drafts are all of a server.
type drafts struct {
	mu   sync.Mutex
	dir  string
	list []*draft
}

// open makes the folder on first use.
func (d *drafts) open() (string, error) {
	if d.dir != "" {
		return d.dir, nil
	}
	dir, err := os.MkdirTemp("", "provost-imports-")
	d.dir = dir
	return dir, err
}

// close deletes everything that waits.
func (d *drafts) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dir != "" {
		_ = os.RemoveAll(d.dir)
		d.dir = ""
	}
	d.list = nil
}

// add keeps uploaded files. The oldest draft of a person who has many goes.
func (d *drafts) add(who op.Who, now time.Time, files []*multipart.FileHeader) (*draft, error) {
	d.mu.Lock()
	dir, err := d.open()
	d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	one := &draft{id: db.NewID(), who: who, made: now, files: map[string]string{}}
	one.dir = filepath.Join(dir, one.id.String())
	if err := os.Mkdir(one.dir, 0o700); err != nil {
		return nil, err
	}
	for i, f := range files {
		name := uploadName(f.Filename)
		if _, twice := one.files[name]; twice {
			err = fail.Wrong("files", "Two files are called {name}.", "name", name)
		} else {
			one.files[name] = filepath.Join(one.dir, string(rune('a'+i)))
			err = keep(f, one.files[name])
		}
		if err != nil {
			_ = os.RemoveAll(one.dir)
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = append(d.list, one)
	d.prune(who, now)
	return one, nil
}

// prune drops what is old, and what is too much of one person's.
func (d *drafts) prune(who op.Who, now time.Time) {
	mine := 0
	for i := len(d.list) - 1; i >= 0; i-- {
		old := now.Sub(d.list[i].made) > draftLife
		if d.list[i].who.Account == who.Account {
			mine++
		}
		if old || (d.list[i].who.Account == who.Account && mine > maxDrafts) {
			d.drop(d.list[i])
		}
	}
}

// drop forgets a draft; its files go when no import reads them any more.
func (d *drafts) drop(one *draft) {
	d.list = slices.DeleteFunc(d.list, func(x *draft) bool { return x == one })
	one.gone = true
	if one.inUse == 0 {
		_ = os.RemoveAll(one.dir)
	}
}

// find is a draft of this very person.
func (d *drafts) find(who op.Who, id db.ID) (*draft, error) {
	return d.where(who, func(one *draft) bool { return one.id == id })
}

// triedBy is the draft that a dry run was of.
func (d *drafts) triedBy(who op.Who, run db.ID) (*draft, error) {
	return d.where(who, func(one *draft) bool { return one.tried == run })
}

func (d *drafts) where(who op.Who, is func(*draft) bool) (*draft, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.list {
		if one.who.Portal == who.Portal && one.who.Account == who.Account && is(one) {
			return one, nil
		}
	}
	return nil, fail.Missing("upload")
}

// use keeps a draft's files until it is released; over says that the draft is not needed any more.
func (d *drafts) use(one *draft) (release func(over bool)) {
	d.mu.Lock()
	one.inUse++
	d.mu.Unlock()
	return func(over bool) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if one.inUse--; over {
			d.drop(one)
		} else if one.gone && one.inUse == 0 {
			_ = os.RemoveAll(one.dir)
		}
	}
}

// setTried says which dry run was of the draft.
func (d *drafts) setTried(one *draft, run db.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one.tried = run
}

// setMapping says how the draft's files are taken. A mapping of one file takes an only file whatever it is called.
func (d *drafts) setMapping(one *draft, m intake.Mapping) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one.mapping = &m
	if names := m.Files(); len(names) == 1 && len(one.files) == 1 {
		for _, path := range one.files {
			one.files = map[string]string{names[0]: path}
		}
	}
}

// uploadName is the name of an uploaded file without whatever folder a browser says, or a name of ours.
func uploadName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name), "")
	if name == "" || name == "." || name == ".." || len(name) > 200 {
		return "file"
	}
	return name
}

// keep copies an upload to a file of our own, within its limit.
func keep(f *multipart.FileHeader, path string) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, io.LimitReader(in, maxImportFile+1))
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err == nil && n > maxImportFile {
		err = fail.Wrong("files", "{name} is larger than 128 MiB.", "name", uploadName(f.Filename))
	}
	return err
}
