// Package files holds which files there are, and what holds them (CO-1). Who may read or change a file is who may so with its
// holder: a file is only found by its holder, which was found before within a permission.
package files

import (
	"context"
	"fmt"
	"iter"
	"path"
	"strings"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

// Kind is what kind of thing holds files.
type Kind string

// The kinds of holders.
const (
	OfLesson     Kind = "lesson"
	OfAssessment Kind = "assessment"
	OfSubmission Kind = "submission"
	OfFeedback   Kind = "feedback"
	OfCourse     Kind = "course"
	OfPackage    Kind = "package"
)

// Holder is the thing that files belong to.
type Holder struct {
	Kind Kind
	ID   db.ID
}

// MaxFiles is how many files one thing holds at most; they are listed whole.
const MaxFiles = 100

// File is a file that something holds.
type File struct {
	ID, Portal db.ID
	Holder     Holder
	// Name is unique in the holder.
	Name string
	// Alt says what a picture shows.
	Alt string
	// Type is a picture's media type; empty for anything else, which is never shown, only saved.
	Type string
	Size int64
	Hash string
	// By is the account that added it.
	By    db.ID
	Added time.Time
}

const columns = `f.id, f.portal_id, f.holder_kind, f.holder_id, f.name, f.alt, f.type, f.size, f.hash, f.by_id, f.added_at`

func scan(s db.Scanner) (f File, err error) {
	var added int64
	err = s.Scan(&f.ID, &f.Portal, &f.Holder.Kind, &f.Holder.ID, &f.Name, &f.Alt, &f.Type, &f.Size, &f.Hash, &f.By, &added)
	f.Added = db.Time(added)
	return f, err
}

// List are the files of a holder, in the order in which they came.
func List(ctx context.Context, tx *db.Tx, of Holder) ([]File, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+columns+` FROM files f WHERE f.holder_kind = ? AND f.holder_id = ? ORDER BY f.id LIMIT ?`, string(of.Kind), of.ID, MaxFiles), scan)
}

// ListOf are the files of several holders of a kind, by holder.
func ListOf(ctx context.Context, tx *db.Tx, kind Kind, ids []db.ID) (map[db.ID][]File, error) {
	out := map[db.ID][]File{}
	if len(ids) == 0 {
		return out, nil
	}
	list, err := db.All(ctx, tx, db.SQL(`SELECT `+columns+` FROM files f WHERE f.holder_kind = ? AND f.holder_id IN ? ORDER BY f.id`, string(kind), ids), scan)
	for _, f := range list {
		out[f.Holder.ID] = append(out[f.Holder.ID], f)
	}
	return out, err
}

// Find is one file of a holder.
func Find(ctx context.Context, tx *db.Tx, of Holder, id db.ID) (File, error) {
	f, err := db.One(ctx, tx, db.SQL(`SELECT `+columns+` FROM files f WHERE f.id = ? AND f.holder_kind = ? AND f.holder_id = ?`, id, string(of.Kind), of.ID), scan)
	if fail.Is(err, fail.NotFound) {
		return f, fail.Missing("file")
	}
	return f, err
}

// Add gives a file to its holder, under its name or one like it that the holder has not yet. Its bytes must be kept: see
// package action/files.
func Add(ctx context.Context, tx *db.Tx, f File, now time.Time) (File, error) {
	list, err := List(ctx, tx, f.Holder)
	if err != nil {
		return f, err
	}
	if len(list) >= MaxFiles {
		return f, fail.New(fail.Conflict, "This holds {n} files already, and no more.", "n", MaxFiles)
	}
	taken := map[string]bool{}
	for _, other := range list {
		taken[other.Name] = true
	}
	ending := path.Ext(f.Name)
	stem := strings.TrimSuffix(f.Name, ending)
	for n := 2; taken[f.Name]; n++ {
		f.Name = fmt.Sprintf("%s-%d%s", stem, n, ending)
	}
	f.ID, f.Added = db.NewID(), now
	return f, insert(ctx, tx, f)
}

func insert(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO files (id, portal_id, holder_kind, holder_id, name, alt, type, size, hash, by_id, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		f.ID, f.Portal, string(f.Holder.Kind), f.Holder.ID, f.Name, f.Alt, f.Type, f.Size, f.Hash, f.By, db.Micros(f.Added)))
	return err
}

// Copy gives all files of a holder to another, under the same names. Their bytes are kept once.
func Copy(ctx context.Context, tx *db.Tx, from, to Holder, portal db.ID, now time.Time) error {
	list, err := List(ctx, tx, from)
	if err != nil {
		return err
	}
	for _, f := range list {
		f.ID, f.Portal, f.Holder, f.Added = db.NewID(), portal, to, now
		if err := insert(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// Describe says what a picture shows.
func Describe(ctx context.Context, tx *db.Tx, f File, alt string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE files SET alt = ? WHERE id = ?`, alt, f.ID))
	return err
}

// Drop takes a file away from its holder. Its bytes go when nobody refers to them any more (job.Sweep).
func Drop(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM files WHERE id = ?`, f.ID))
	return err
}

// DropOf takes all files of some holders of a kind away: whoever deletes a holder calls it.
func DropOf(ctx context.Context, tx *db.Tx, kind Kind, ids []db.ID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM files WHERE holder_kind = ? AND holder_id IN ?`, string(kind), ids))
	return err
}

// Blob is bytes that some file refers to.
type Blob struct {
	Hash string
	Size int64
}

// EachBlob are the bytes that any file of any portal refers to, each once.
func EachBlob(ctx context.Context, tx *db.Tx) iter.Seq2[Blob, error] {
	return db.Each(ctx, tx, db.SQL(`SELECT f.hash, max(f.size) FROM files f GROUP BY f.hash ORDER BY f.hash`),
		func(s db.Scanner) (b Blob, err error) { return b, s.Scan(&b.Hash, &b.Size) })
}

// Unused are those of some hashes that no file refers to.
func Unused(ctx context.Context, tx *db.Tx, hashes []string) (out []string, err error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	used, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT f.hash FROM files f WHERE f.hash IN ?`, hashes), func(s db.Scanner) (h string, err error) { return h, s.Scan(&h) })
	known := map[string]bool{}
	for _, h := range used {
		known[h] = true
	}
	for _, h := range hashes {
		if !known[h] {
			out = append(out, h)
		}
	}
	return out, err
}
