// Package file keeps the bytes of files in a folder, each under its hash: what is there is whole, and the same bytes are there
// once. Which files there are, whose they are and what they are called stands in the database (table files). Nodes that share
// a database share the folder.
package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"provost/internal/fail"
)

// Folder is where bytes are kept. Its zero value keeps nothing.
type Folder struct{ path string }

// At is the folder of a path; it is made when the first file comes.
func At(path string) *Folder { return &Folder{path} }

// Path is where it is.
func (f *Folder) Path() string { return f.path }

// Blob is bytes that are kept.
type Blob struct {
	// Hash is their SHA-256, in hexadecimal digits.
	Hash string
	Size int64
}

// parts is where bytes wait until they are whole.
const parts = "parts"

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (f *Folder) at(hash string) (string, error) {
	if f == nil || f.path == "" {
		return "", errors.New("file: there is no folder for files")
	}
	if !hashForm.MatchString(hash) {
		return "", fmt.Errorf("file: %q is no hash", hash)
	}
	return filepath.Join(f.path, hash[:2], hash), nil
}

// Put keeps what a reader gives, so many bytes at most: Invalid where there are more. It is on the disk, whole, when Put
// returns. Bytes that are kept already are written again, so that their age is that of their last coming.
func (f *Folder) Put(ctx context.Context, r io.Reader, most int64) (Blob, error) {
	b, err := f.put(ctx, r, most)
	if _, told := errors.AsType[*fail.Error](err); err != nil && !told {
		err = fmt.Errorf("file: %w", err)
	}
	return b, err
}

func (f *Folder) put(ctx context.Context, r io.Reader, most int64) (b Blob, err error) {
	if f == nil || f.path == "" {
		return b, errors.New("there is no folder for files")
	}
	waiting := filepath.Join(f.path, parts)
	if err := os.MkdirAll(waiting, 0o700); err != nil {
		return b, err
	}
	part, err := os.CreateTemp(waiting, "")
	if err != nil {
		return b, err
	}
	defer func() {
		_ = part.Close()
		if err != nil {
			_ = os.Remove(part.Name())
		}
	}()
	sum := sha256.New()
	b.Size, err = io.Copy(io.MultiWriter(part, sum), io.LimitReader(reader{ctx, r}, most+1))
	if err != nil {
		return b, err
	}
	if b.Size > most {
		return b, fail.New(fail.Invalid, "This file is larger than {size} MB.", "size", most>>20)
	}
	b.Hash = hex.EncodeToString(sum.Sum(nil))
	if err := part.Sync(); err != nil {
		return b, err
	}
	to, err := f.at(b.Hash)
	if err != nil {
		return b, err
	}
	if err := os.Mkdir(filepath.Dir(to), 0o700); err == nil {
		err = syncFolder(f.path)
		if err != nil {
			return b, err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return b, err
	}
	if err := os.Rename(part.Name(), to); err != nil {
		return b, err
	}
	return b, syncFolder(filepath.Dir(to))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// reader ends when its context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads on, while somebody waits for it.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// Open opens bytes that are kept.
func (f *Folder) Open(hash string) (*os.File, error) {
	at, err := f.at(hash)
	if err != nil {
		return nil, err
	}
	return os.Open(at)
}

// Has tells whether bytes are kept.
func (f *Folder) Has(hash string) bool {
	at, err := f.at(hash)
	if err != nil {
		return false
	}
	info, err := os.Stat(at)
	return err == nil && info.Mode().IsRegular()
}

// Fresh tells whether bytes came at or after a time.
func (f *Folder) Fresh(hash string, since time.Time) bool {
	at, err := f.at(hash)
	if err != nil {
		return false
	}
	info, err := os.Stat(at)
	return err == nil && !info.ModTime().Before(since)
}

// Remove forgets bytes; that they are not there is no error.
func (f *Folder) Remove(hash string) error {
	at, err := f.at(hash)
	if err != nil {
		return err
	}
	if err := os.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Check reads bytes and tells what is wrong with them; empty for nothing.
func (f *Folder) Check(ctx context.Context, b Blob) string {
	in, err := f.Open(b.Hash)
	if errors.Is(err, fs.ErrNotExist) {
		return "is missing"
	}
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	defer in.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, reader{ctx, in})
	switch {
	case err != nil:
		return "cannot be read: " + err.Error()
	case n != b.Size || hex.EncodeToString(sum.Sum(nil)) != b.Hash:
		return "is not what was kept"
	}
	return ""
}

// Each calls do with all that is kept and was last put before a time, until do fails. What was begun before it and never became
// whole is cleared away.
func (f *Folder) Each(ctx context.Context, before time.Time, do func(Blob) error) error {
	if f == nil || f.path == "" {
		return nil
	}
	return filepath.WalkDir(f.path, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
			return ctx.Err() // gone meanwhile, or never there
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || !info.ModTime().Before(before) {
			return ctx.Err()
		}
		if filepath.Base(filepath.Dir(path)) == parts {
			_ = os.Remove(path) // another node may have done so
			return ctx.Err()
		}
		if !hashForm.MatchString(d.Name()) {
			return ctx.Err()
		}
		return do(Blob{d.Name(), info.Size()})
	})
}

// Copy puts bytes that another folder keeps into this one.
func (f *Folder) Copy(ctx context.Context, from *Folder, b Blob) error {
	in, err := from.Open(b.Hash)
	if err != nil {
		return err
	}
	defer in.Close()
	got, err := f.Put(ctx, in, b.Size)
	if err == nil && got != b {
		err = fmt.Errorf("file: %s is not what was kept", b.Hash)
	}
	return err
}
