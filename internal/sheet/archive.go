package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"

	"provost/internal/fail"
)

// archive is a workbook's zip in a file that is gone from its folder already. It counts what it unpacks and believes
// nothing that the zip says of itself.
type archive struct {
	file   *os.File
	zip    *zip.Reader
	limits Limits
	left   int64 // bytes that may still be unpacked
}

// tokenBytes is the most that one piece of XML, such as a text, may take of memory.
const tokenBytes = 4 << 20

var errToken = errors.New("a part of the workbook has a piece that is too long")

// unpack copies a zip to a temporary file, for a zip is read from its end, and lists it.
func unpack(in io.Reader, limits Limits) (*archive, error) {
	file, err := os.CreateTemp("", "provost-sheet-*")
	if err != nil {
		return nil, err
	}
	a := &archive{file: file, limits: limits, left: limits.Unpacked}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	count := &entries{}
	size, err := io.Copy(io.MultiWriter(file, count), in)
	if err == nil && count.n > limits.Entries {
		err = fail.Wrong("file", "is an archive of more than {most} parts", "most", limits.Entries)
	}
	if err == nil {
		if a.zip, err = zip.NewReader(file, size); err != nil {
			err = fail.Wrong("file", "is not a whole workbook: it may be cut off or damaged")
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return a, nil
}

// entries counts the directory entries of a zip that is written to it, so that the directory of a hostile one is never
// read into memory.
type entries struct {
	n    int
	tail []byte
}

func (e *entries) Write(p []byte) (int, error) {
	mark := []byte("PK\x01\x02")
	joint := append(e.tail, p[:min(3, len(p))]...)
	e.n += bytes.Count(joint, mark) + bytes.Count(p, mark)
	e.tail = append(e.tail[:0], p[max(0, len(p)-3):]...)
	return len(p), nil
}

// part is one file of the archive, read token by token.
type part struct {
	*xml.Decoder
	archive *archive
	file    io.ReadCloser
	packed  int64
	read    int64
	token   int64 // bytes since the present token began
}

// open opens a part by its name in any case; nil if there is none.
func (a *archive) open(name string) (*part, error) {
	name = strings.TrimPrefix(name, "/")
	for _, f := range a.zip.File {
		if !strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			continue
		}
		file, err := f.Open()
		if err != nil {
			return nil, damaged(err)
		}
		p := &part{archive: a, file: file, packed: int64(f.CompressedSize64)}
		p.Decoder = xml.NewDecoder(p)
		return p, nil
	}
	return nil, nil
}

// Read counts the bytes as they come out of the archive.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.file.Read(b)
	p.read += int64(n)
	p.token += int64(n)
	p.archive.left -= int64(n)
	switch {
	case p.archive.left < 0:
		return 0, fail.Wrong("file", "becomes larger than {most} MiB when it is unpacked", "most", max(p.archive.limits.Unpacked>>20, 1))
	case p.read > 1<<20 && p.read/max(p.packed, 1) > p.archive.limits.Ratio:
		return 0, fail.Wrong("file", "is packed too densely to be a workbook")
	case p.token > tokenBytes:
		return 0, errToken
	}
	return n, err
}

// next is the next token. io.EOF is the end of the part, whose checksum was right.
func (p *part) next() (xml.Token, error) {
	p.token = 0
	token, err := p.RawToken()
	if _, ok := token.(xml.Directive); ok {
		return nil, damaged(errors.New("it has a document type"))
	}
	if err != nil && err != io.EOF {
		return nil, damaged(err)
	}
	return token, err
}

// drain reads the rest of the part, for its checksum.
func (p *part) drain() error {
	for {
		p.token = 0
		var skipped [4096]byte
		if _, err := p.Read(skipped[:]); err == io.EOF {
			return nil
		} else if err != nil {
			return damaged(err)
		}
	}
}

// damaged is the Invalid error for a workbook that cannot be read on; limits that were passed keep their own words.
func damaged(err error) error {
	if fail.Is(err, fail.Invalid) {
		return broken{err}
	}
	return broken{fail.Wrong("file", "is damaged, or not a workbook: {fault}", "fault", err.Error())}
}

// elements calls do for each element that a part opens. A part that is not there has none.
func (a *archive) elements(name string, do func(xml.StartElement)) error {
	p, err := a.open(name)
	if err != nil || p == nil {
		return err
	}
	defer p.file.Close()
	for {
		token, err := p.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			do(e)
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
