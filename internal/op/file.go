package op

import (
	"io"

	"provost/internal/sheet"
)

// File is an output that is written as it is read, while the operation's transaction is open: a report, an export.
type File struct {
	// Name is what it is saved as, Type its media type.
	Name, Type string
	Write      func(io.Writer) error
	// Inline: a browser may show it; only a picture, whose Type was found by decoding it.
	Inline bool
	// Size is how many bytes Write writes, where that is known; zero else.
	Size int64
	// Apart: it needs no transaction, so it is written when that has ended.
	Apart bool
}

// Filer is an output that is a file.
type Filer interface{ AsFile() File }

// AsFile is the file itself.
func (f File) AsFile() File { return f }

// TableFile is a table as a file of a format.
func TableFile(format sheet.Format, t sheet.Table) File {
	return File{Name: t.FileName(format), Type: format.ContentType(), Write: func(w io.Writer) error {
		_, err := sheet.Write(w, format, t)
		return err
	}}
}
