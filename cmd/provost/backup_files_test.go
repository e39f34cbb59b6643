package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provost/internal/db"
	"provost/internal/file"
	"provost/internal/store/files"
	"provost/internal/world/worldtest"
)

// a backup takes along the files that the portal names, and no others; who verifies finds one that is lost or changed.
func TestBackupTakesFilesAlong(t *testing.T) {
	w := worldtest.New(t)
	put := func(text string) file.Blob {
		b, err := w.Env.Files.Put(t.Context(), strings.NewReader(text), 100)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	named, lost := put("named"), put("lost")
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := files.Add(t.Context(), tx, files.File{Portal: w.Acme.ID, Holder: files.Holder{Kind: files.OfLesson, ID: 1}, Name: "x",
			Size: named.Size, Hash: named.Hash, By: w.People["Ivy"].ID}, w.Clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "b.db")
	if err := saveWithFiles(t.Context(), w.Env.DB, w.Env.Files, path); err != nil {
		t.Fatal(err)
	}
	saved, restored := filesOf(path), file.At(t.TempDir())
	if !saved.Has(named.Hash) || saved.Has(lost.Hash) {
		t.Errorf("saved: named %v, lost %v", saved.Has(named.Hash), saved.Has(lost.Hash))
	}
	if err := loadFiles(t.Context(), path, restored); err != nil || !restored.Has(named.Hash) {
		t.Errorf("restored: %v", err)
	}
	faults := func(kept *file.Folder) (n int) {
		err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
			found, err := verifyFiles(t.Context(), tx, kept)
			n = len(found)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := faults(restored); n != 0 {
		t.Errorf("%d faults in what was restored", n)
	}
	if err := os.WriteFile(filepath.Join(restored.Path(), named.Hash[:2], named.Hash), []byte("maned"), 0o600); err != nil {
		t.Fatal(err)
	}
	if faults(restored) != 1 || faults(file.At(t.TempDir())) != 1 {
		t.Error("a changed file, or one that is lost, is no fault")
	}
	if err := w.Env.Files.Remove(named.Hash); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "c.db")
	if err := saveWithFiles(t.Context(), w.Env.DB, w.Env.Files, again); err == nil {
		t.Error("a backup without a file that it names is called whole")
	}
}
