package op

import (
	"errors"
	"io"
	"mime"
	"path"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"provost/internal/db"
	"provost/internal/fail"
)

// MaxFile is the most bytes that one file may have, where an operation does not say otherwise.
const MaxFile = 25 << 20

// Upload is a file that came with an operation's input: a field with the tags `file:"name" json:"-"`, of this type or a list of
// it. A face makes it (NewUpload); the operation says by Op.Files how many bytes it takes, and by Op.Allow who may send them.
// When Do runs, the bytes are kept in Env.Files under Hash.
type Upload struct {
	// Name is what it was called, tidied: no folder, nothing invisible, never empty.
	Name string
	Size int64
	// Hash is what its bytes are kept under; empty before Do.
	Hash string
	// Type is its media type where it is a picture that may be shown, found by decoding it; empty for anything else.
	Type string

	open func() (io.ReadCloser, error)
}

// NewUpload is a file that somebody sends; open reads it from its beginning.
func NewUpload(name string, size int64, open func() (io.ReadCloser, error)) Upload {
	return Upload{Name: fileName(name), Size: size, open: open}
}

// Given tells whether there is a file at all.
func (u Upload) Given() bool { return u.open != nil }

// Open reads what was sent, for an operation's Prepare.
func (u Upload) Open() (io.ReadCloser, error) { return u.open() }

// UnmarshalJSON refuses: a file is sent, never named, since who knows a hash would have its bytes.
func (u *Upload) UnmarshalJSON([]byte) error {
	return errors.New("a file is sent as multipart/form-data")
}

// maxFileName is how many characters a file's name has; its ending is kept.
const maxFileName = 120

// fileName is a name without folders and without what cannot be shown.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return r
		case !unicode.IsPrint(r), strings.ContainsRune(`<>:"/|?*`, r):
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if name == "" {
		name = "file"
	}
	if over := utf8.RuneCountInString(name) - maxFileName; over > 0 {
		ending := path.Ext(name)
		if utf8.RuneCountInString(ending) > 12 {
			ending = ""
		}
		stem := []rune(strings.TrimSuffix(name, ending))
		name = string(stem[:len(stem)-over]) + ending
	}
	return name
}

// EachUpload calls do with each field of an input that takes files, by the name of its tag: a pointer to an Upload, or to a list
// of them.
func EachUpload(in any, do func(name string, field any)) {
	eachUpload(reflect.ValueOf(in).Elem(), do)
}

func eachUpload(v reflect.Value, do func(string, any)) {
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch name := f.Tag.Get("file"); {
		case f.Anonymous:
			eachUpload(v.Field(i), do)
		case name != "":
			do(name, v.Field(i).Addr().Interface())
		}
	}
}

// uploads are the files that came with an input, by the names of their fields.
func uploads(in any) (names []string, list []*Upload) {
	EachUpload(in, func(name string, field any) {
		switch f := field.(type) {
		case *Upload:
			if f.Given() {
				names, list = append(names, name), append(list, f)
			}
		case *[]Upload:
			for i := range *f {
				names, list = append(names, name), append(list, &(*f)[i])
			}
		}
	})
	return names, list
}

// receive keeps the files that came with an input, before the operation's transaction begins: once it is sure that who sends
// them may. What no row refers to afterwards is swept away a day later (job.Sweep).
func (o *Op[In, Out]) receive(c *Call, in *In) error {
	names, list := uploads(in)
	if len(list) == 0 {
		return nil
	}
	if o.Files == 0 || o.Allow == nil {
		return fail.New(fail.Fault, o.Name+" takes no files")
	}
	err := c.Env.DB.Read(c, func(tx *db.Tx) error {
		if err := c.enter(tx); err != nil {
			return err
		}
		return o.Allow(c, *in)
	})
	c.Tx = nil
	if err != nil {
		return err
	}
	left := o.Files
	for i, u := range list {
		err := c.Keep(u, min(left, o.maxFile()))
		if told, ok := errors.AsType[*fail.Error](err); ok && told.Kind == fail.Invalid {
			return told.In(names[i])
		}
		if err != nil {
			return err
		}
		left -= u.Size
	}
	return nil
}

func (o *Op[In, Out]) maxFile() int64 {
	if o.MaxFile > 0 {
		return o.MaxFile
	}
	return MaxFile
}

// Keep keeps the bytes of a file, so many at most, as those that come with an input are kept: for an operation's Prepare, where a
// file is part of what was sent.
func (c *Call) Keep(u *Upload, most int64) error {
	in, err := u.open()
	if err != nil {
		return err
	}
	defer in.Close()
	blob, err := c.Env.Files.Put(c, in, most)
	if err != nil {
		return err
	}
	u.Hash, u.Size = blob.Hash, blob.Size
	u.Type, err = c.Env.Files.Picture(blob.Hash)
	return err
}

// Disposition is the Content-Disposition of a file: it is saved, and shown only where it is a picture (File.Inline).
func (f File) Disposition() string {
	kind := "attachment"
	if f.Inline {
		kind = "inline"
	}
	if line := mime.FormatMediaType(kind, map[string]string{"filename": f.Name}); line != "" {
		return line
	}
	return kind
}
