package job

import (
	"strings"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/store/files"
)

// Bytes that no file names go a day after they came; those that one names, or that came just now, stay.
func TestSweepTakesWhatNoFileNames(t *testing.T) {
	p := newPost(t)
	put := func(text string) string {
		b, err := p.Env.Files.Put(t.Context(), strings.NewReader(text), 100)
		if err != nil {
			t.Fatal(err)
		}
		return b.Hash
	}
	p.Clock.Move(time.Since(p.Clock.Now())) // the folder's times are those of the real clock
	named, lost := put("named"), put("lost")
	holder := files.Holder{Kind: files.OfLesson, ID: 1}
	err := p.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := files.Add(t.Context(), tx, files.File{Portal: p.Acme.ID, Holder: holder, Name: "x", Size: 5, Hash: named, By: p.People["Ivy"].ID}, p.Clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r := p.runner()
	for _, step := range []struct {
		move        time.Duration
		named, lost bool
	}{{0, true, true}, {25 * time.Hour, true, false}} {
		p.Clock.Move(step.move)
		if _, err := r.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p.Env.Files.Has(named) != step.named || p.Env.Files.Has(lost) != step.lost {
			t.Errorf("after %v: named %v, lost %v", step.move, p.Env.Files.Has(named), p.Env.Files.Has(lost))
		}
	}
}
