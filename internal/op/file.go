package op

import "io"

// File is an output that is written as it is read, while the operation's transaction is open: a report, an export.
type File struct {
	// Name is what it is saved as, Type its media type.
	Name, Type string
	Write      func(io.Writer) error
}

// Filer is an output that is a file.
type Filer interface{ AsFile() File }

// AsFile is the file itself.
func (f File) AsFile() File { return f }
