package world_test

import (
	"path/filepath"
	"testing"

	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/world/worldtest"
)

// A copy of a portal into the other database, and back again, is the same portal, row by row.
func TestCopy(t *testing.T) {
	w := worldtest.New(t)
	path := filepath.Join(t.TempDir(), "copy.db")
	file, err := db.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Copy(t.Context(), w.Env.DB, file); err != nil {
		t.Fatal(err)
	}
	back := dbtest.New(t)
	if err := db.Copy(t.Context(), file, back); err != nil {
		t.Fatal(err)
	}
	if err := db.Copy(t.Context(), file, back); err == nil {
		t.Fatal("a copy into a full database was taken")
	}
	for _, table := range []string{"grants", "accounts", "audit", "org_under", "policies"} {
		count := func(d *db.DB) (n int64) {
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				n, err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM `+table))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if was, is := count(w.Env.DB), count(back); was != is || was == 0 {
			t.Errorf("%s had %d rows and has %d", table, was, is)
		}
	}
}
