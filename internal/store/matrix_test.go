package store_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/world/worldtest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the matrix anew")

// names are what the matrix calls the rows of a kind.
var names = map[access.Kind]string{
	access.Portal:       `SELECT id, name FROM portals`,
	access.Organization: `SELECT id, name FROM organizations`,
	access.Course:       `SELECT id, name FROM courses`,
	access.Team:         `SELECT id, name FROM teams`,
	access.Account:      `SELECT id, username FROM accounts`,
	access.AccessGroup:  `SELECT id, name FROM access_groups`,
	access.Policy:       `SELECT id, name FROM policies`,
	access.CustomRole:   `SELECT id, name FROM roles`,
	access.Enrolment:    `SELECT e.id, a.username || ' in ' || c.code FROM enrolments e JOIN accounts a ON a.id = e.account_id JOIN courses c ON c.id = e.course_id`,
	access.Invitation:   `SELECT id, email FROM invitations`,
	access.Audit:        `SELECT id, operation FROM audit`,
	access.Network:      `SELECT id, name FROM networks`,
	access.Path:         `SELECT id, name FROM paths`,
}

// The golden matrix: for every permission and person of the world, exactly what is within. A change of the table of
// permissions is reviewed as a change of this file: go test ./internal/store -run TestMatrix -update
func TestMatrix(t *testing.T) {
	w := worldtest.WithKin(t)
	var out strings.Builder
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		actors, err := everybody(t.Context(), tx, w, []db.ID{w.Acme.ID, w.Umbra.ID})
		if err != nil {
			return err
		}
		slices.SortFunc(actors, func(a, b *access.Actor) int { return strings.Compare(a.Name, b.Name) })
		for _, p := range access.Table() {
			all, err := db.All(t.Context(), tx, db.SQL(names[p.On]), func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.id, &n.name) })
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "%s (%s)\n", p.Key, p.On)
			for _, a := range actors {
				in, err := within(t, tx, a, p, all)
				if err != nil {
					return err
				}
				if in != "" {
					fmt.Fprintf(&out, "  %-16s %s\n", a.Name, in)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const path = "../world/testdata/matrix.txt"
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); diff != "" {
		t.Errorf("what people may do has changed (-was +is); read it, and run with -update if it is meant:\n%s", diff)
	}
}

type named struct {
	id   db.ID
	name string
}

func within(t *testing.T, tx *db.Tx, a *access.Actor, p *access.Permission, all []named) (string, error) {
	found, err := db.All(t.Context(), tx, db.SQL(`SELECT x.id FROM `+tables[p.On]+` x WHERE ?`, a.May(p).Where("x")),
		func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
	if err != nil {
		return "", err
	}
	var in []string
	for _, n := range all {
		if slices.Contains(found, n.id) {
			in = append(in, n.name)
		}
	}
	slices.Sort(in)
	return strings.Join(in, ", "), nil
}
