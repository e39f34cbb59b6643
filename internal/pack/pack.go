// Package pack reads packages of learning content: SCORM 1.2 and 2004, cmi5 and xAPI, each a zip archive. Such an archive is
// hostile until it is shown to be none: it is never unpacked to the disk, its names lead nowhere, and what it claims of itself is
// compared with what it holds.
package pack

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"provost/internal/fail"
)

// The bounds of an archive.
const (
	// MaxBytes is how many bytes it may be.
	MaxBytes = 256 << 20
	// maxInside is how many bytes all that is inside may have, maxEntry one entry.
	maxInside = 1 << 30
	maxEntry  = 512 << 20
	// maxEntries is how many entries it may have.
	maxEntries = 10_000
	// maxListing is how many bytes its directory may have.
	maxListing = 16 << 20
	// maxRatio is how many times larger an entry may be inside than in the archive, above a few megabytes.
	maxRatio   = 200
	fewBytes   = 4 << 20
	maxNameLen = 500
	// maxManifest is how many bytes a manifest may have.
	maxManifest = 8 << 20
	// MaxItems is how many items a package may have.
	MaxItems = 200
)

// The standards that are played.
const (
	SCORM12   = "scorm12"
	SCORM2004 = "scorm2004"
	CMI5      = "cmi5"
	XAPI      = "xapi"
)

// Package is what an archive says of itself.
type Package struct {
	Standard, Title string
	// Items are what a learner goes through, in order; never none.
	Items []Item
}

// Item is a part of a package that is launched by itself.
type Item struct {
	// ID is its name within the package; for cmi5 and xAPI the address that it is called by in statements.
	ID    string `json:"id"`
	Title string `json:"title"`
	// Path is the entry that is opened, Query what stands behind it, with its mark, or the fragment.
	Path  string `json:"path"`
	Query string `json:"query,omitempty"`
	// Mastery is the score, 0 to 100, at which it is passed; nil where none is named.
	Mastery *float64 `json:"mastery,omitempty"`
	// MoveOn is how a unit of cmi5 is done.
	MoveOn string `json:"move_on,omitempty"`
	// Data is handed to it when it is launched.
	Data string `json:"data,omitempty"`
}

// Archive is a package's archive, opened for reading entries.
type Archive struct {
	entries map[string]*zip.File
}

// listed reads no more than so many bytes: a directory of millions of entries would fill the memory before it is counted.
type listed struct {
	r    io.ReaderAt
	left int64
}

func (l *listed) ReadAt(p []byte, at int64) (int, error) {
	if l.left < math.MaxInt64 {
		if l.left -= int64(len(p)); l.left < 0 {
			return 0, errors.New("too long a directory")
		}
	}
	return l.r.ReadAt(p, at)
}

// Open opens an archive and checks all that its directory says: Invalid, with what is wrong.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	if size > MaxBytes {
		return nil, fail.New(fail.Invalid, "This file is larger than {size} MB.", "size", MaxBytes>>20)
	}
	listing := &listed{r: r, left: maxListing}
	z, err := zip.NewReader(listing, size)
	listing.left = math.MaxInt64
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fail.New(fail.Invalid, "This is no zip archive, or a damaged one.")
	}
	if len(z.File) > maxEntries {
		return nil, fail.New(fail.Invalid, "The archive holds more than {n} files.", "n", maxEntries)
	}
	a := &Archive{entries: make(map[string]*zip.File, len(z.File))}
	var inside uint64
	for _, f := range z.File {
		if err := a.add(f); err != nil {
			return nil, err
		}
		if inside += min(f.UncompressedSize64, maxInside+1); inside > maxInside {
			return nil, fail.New(fail.Invalid, "The archive holds more than {size} MB when it is unpacked.", "size", maxInside>>20)
		}
	}
	return a, nil
}

// add takes one entry, if it is a plain file at a place of its own.
func (a *Archive) add(f *zip.File) error {
	name := f.Name
	folder := strings.HasSuffix(name, "/")
	clean := strings.TrimSuffix(name, "/")
	mode := f.Mode()
	switch {
	case !utf8.ValidString(name):
		return fail.New(fail.Invalid, "The archive names a file {name}, which is not written in UTF-8. Make the archive with a program that writes UTF-8.", "name", shown(name))
	case name == "" || len(name) > maxNameLen || strings.ContainsAny(name, "\x00\\") || !fs.ValidPath(clean) || clean == "." || len(clean) > 1 && clean[1] == ':':
		return fail.New(fail.Invalid, "The archive names a file {name}, which would lie outside of it.", "name", shown(name))
	case mode&^(fs.ModePerm|fs.ModeDir) != 0 || mode.IsDir() != folder:
		return fail.New(fail.Invalid, "{name} in the archive is no plain file.", "name", shown(name))
	case folder:
		return nil
	case f.Flags&1 != 0:
		return fail.New(fail.Invalid, "{name} in the archive is encrypted.", "name", shown(name))
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return fail.New(fail.Invalid, "{name} in the archive is packed in a way that is not known here.", "name", shown(name))
	case f.UncompressedSize64 > maxEntry || f.UncompressedSize64 > fewBytes && f.UncompressedSize64/maxRatio > f.CompressedSize64:
		return fail.New(fail.Invalid, "{name} in the archive is far larger than it may be.", "name", shown(name))
	case a.entries[clean] != nil:
		return fail.New(fail.Invalid, "The archive holds {name} twice.", "name", shown(name))
	}
	a.entries[clean] = f
	return nil
}

func shown(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if len(name) > 80 {
		name = strings.ToValidUTF8(name[:80], "") + "…"
	}
	return name
}

// Read opens an archive, reads every entry to its end, so that none is larger than it says or damaged, and tells what it holds.
func Read(ctx context.Context, r io.ReaderAt, size int64) (Package, error) {
	a, err := Open(r, size)
	if err != nil {
		return Package{}, err
	}
	p, err := a.manifest()
	if err != nil {
		return p, err
	}
	return p, a.Check(ctx)
}

// Check reads every entry to its end, so that none is damaged or larger than it says: Invalid, with which.
func (a *Archive) Check(ctx context.Context) error {
	for name, f := range a.entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		in, err := f.Open()
		if err != nil {
			return fail.New(fail.Invalid, "{name} in the archive is damaged.", "name", shown(name))
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in, int64(f.UncompressedSize64)+1))
		_ = in.Close() // it was read
		if err != nil || n != int64(f.UncompressedSize64) {
			return fail.New(fail.Invalid, "{name} in the archive is damaged.", "name", shown(name))
		}
	}
	return nil
}

// Paths are where its entries lie, in the order of the alphabet.
func (a *Archive) Paths() []string { return slices.Sorted(maps.Keys(a.entries)) }

// Has tells whether there is an entry at a path.
func (a *Archive) Has(at string) bool { return a.entries[at] != nil }

// whole reads a small entry.
func (a *Archive) whole(at string) ([]byte, error) {
	f := a.entries[at]
	if f == nil || f.UncompressedSize64 > maxManifest {
		return nil, fail.New(fail.Invalid, "{name} is missing in the archive, or too large.", "name", at)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fail.New(fail.Invalid, "{name} in the archive is damaged.", "name", at)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxManifest))
	if err != nil {
		return nil, fail.New(fail.Invalid, "{name} in the archive is damaged.", "name", at)
	}
	return text, nil
}

// Entry is one file of an archive, to be read from any place: what is packed is unpacked anew up to it.
type Entry struct {
	f      *zip.File
	in     io.ReadCloser
	at, on int64
}

// Entry is the one at a path; NotFound where there is none.
func (a *Archive) Entry(at string) (*Entry, error) {
	f := a.entries[at]
	if f == nil {
		return nil, fail.Missing("file")
	}
	return &Entry{f: f}, nil
}

// Size is how many bytes it has.
func (e *Entry) Size() int64 { return int64(e.f.UncompressedSize64) }

// Seek moves to where is read next.
func (e *Entry) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += e.at
	case io.SeekEnd:
		offset += e.Size()
	}
	if offset < 0 {
		return 0, errors.New("pack: before the beginning")
	}
	e.at = offset
	return offset, nil
}

// Read reads on, never further than the size that the archive names.
func (e *Entry) Read(p []byte) (int, error) {
	if e.at >= e.Size() {
		return 0, io.EOF
	}
	if e.in == nil || e.on > e.at {
		_ = e.Close() // it is opened anew
		in, err := e.f.Open()
		if err != nil {
			return 0, err
		}
		e.in, e.on = in, 0
	}
	if skip := e.at - e.on; skip > 0 {
		n, err := io.CopyN(io.Discard, e.in, skip)
		if e.on += n; err != nil {
			return 0, err
		}
	}
	p = p[:min(int64(len(p)), e.Size()-e.at)]
	n, err := e.in.Read(p)
	e.at, e.on = e.at+int64(n), e.on+int64(n)
	return n, err
}

// Close ends the reading.
func (e *Entry) Close() error {
	if e.in == nil {
		return nil
	}
	in := e.in
	e.in = nil
	return in.Close()
}

// Type is the media type of a path by its ending: only of what packages are made of.
func Type(at string) string {
	if t, ok := types[strings.ToLower(path.Ext(at))]; ok {
		return t
	}
	return "application/octet-stream"
}

var types = map[string]string{
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8", ".xhtml": "application/xhtml+xml", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".xml": "text/xml; charset=utf-8", ".xsd": "text/xml; charset=utf-8", ".dtd": "text/plain; charset=utf-8", ".txt": "text/plain; charset=utf-8",
	".vtt": "text/vtt; charset=utf-8", ".srt": "text/plain; charset=utf-8", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".bmp": "image/bmp", ".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
	".pdf": "application/pdf", ".wasm": "application/wasm",
}
