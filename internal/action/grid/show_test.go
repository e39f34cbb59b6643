package grid_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func shown(t *testing.T, w *worldtest.Test, who string, in grid.Query) grid.Grid {
	t.Helper()
	out, err := grid.Show.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatalf("%s opens the grid: %v", who, err)
	}
	return out
}

func cellOf(t *testing.T, g grid.Grid, role access.RoleID, key string) grid.CellState {
	t.Helper()
	for i, col := range g.Columns {
		for _, row := range g.Rows {
			if col.Role == role && row.Key == key {
				return row.Cells[i]
			}
		}
	}
	t.Fatalf("no cell %s, %s in table %s", role, key, g.Table)
	return grid.CellState{}
}

func change(w *worldtest.Test, org, reason string, cells ...grid.Edit) grid.Change {
	return grid.Change{Organization: w.Orgs[org].ID, Reason: reason, Cells: cells}
}

// GR-1, GR-2, GR-3: each cell of every table says what the server enforces, in the portal and in an organization, after overrides
// and locks.
func TestGR2TheGridIsWhatIsEnforced(t *testing.T) {
	w := worldtest.New(t)
	for _, in := range []grid.Change{
		change(w, "North", "more for instructors", grid.Edit{Role: access.Instructor, Permission: "account.list", To: grid.Allow}),
		change(w, "Lab", "less", grid.Edit{Role: access.OrgAdmin, Permission: "account.list", To: grid.Deny}),
		change(w, "Acme", "so everywhere", grid.Edit{Role: access.OrgAdmin, Permission: "account.list", To: grid.Allow, Lock: true}),
	} {
		if _, err := grid.ChangeCells.Run(t.Context(), w.Env, w.As("Sam"), in); err != nil {
			t.Fatal(err)
		}
	}
	rules := inRead(t, w, func(tx *db.Tx) (*access.Rules, error) { return store.LoadRules(t.Context(), tx, w.Acme.ID) })
	cells := 0
	for _, org := range []string{"Acme", "North", "Lab"} {
		for _, table := range grid.Tables {
			g := shown(t, w, "Sam", grid.Query{Organization: w.Orgs[org].ID, Table: table})
			for _, row := range g.Rows {
				p, _ := access.PermissionOf(row.Key)
				for i, col := range g.Columns {
					cells++
					held := rules.Holds(col.Role, p, w.Orgs[org].ID)
					if s := row.Cells[i].State; held != (s == "allowed" || s == "always") || (s == "never") != (col.Role != access.Super && rules.Role(col.Role).Never(p)) {
						t.Errorf("%s, %s, %s: the grid says %s, the fold %v", org, col.Role, row.Key, s, held)
					}
				}
			}
		}
	}
	if cells < 1000 {
		t.Errorf("only %d cells", cells)
	}
	lab := shown(t, w, "Sam", grid.Query{Organization: w.Orgs["Lab"].ID})
	if c := cellOf(t, lab, access.OrgAdmin, "account.list"); c.State != "allowed" || !c.Locked || !c.Asleep || c.Own != "deny" || c.From != w.Acme.ID {
		t.Errorf("GR-3: the locked cell of the Lab is %+v", c)
	}
	if c := cellOf(t, lab, access.Instructor, "account.list"); c.State != "allowed" || c.From != w.Orgs["North"].ID || c.Own != "" || c.Default {
		t.Errorf("GR-3: the inherited cell of the Lab is %+v", c)
	}
}

// GR-4: the grid is read-only for all but the super administrator, and says so; who may not see it finds nothing.
func TestGR4WhoSeesTheGrid(t *testing.T) {
	w := worldtest.New(t)
	for who, portal := range map[string]bool{"Sam": true, "Ana": true, "Pia": true, "Mo": true, "Otto": false} {
		g := shown(t, w, who, grid.Query{})
		changes := 0
		for _, row := range g.Rows {
			for _, c := range row.Cells {
				if c.MayChange {
					changes++
				}
			}
		}
		if g.Portal != portal || g.MayChange != (who == "Sam") || (changes > 0) != (who == "Sam") || (who == "Ana" && g.Super != "Sam Super") {
			t.Errorf("%s sees the portal's: %v, may change: %v, %d cells; asks %q", who, g.Portal, g.MayChange, changes, g.Super)
		}
	}
	_, err := grid.Show.Run(t.Context(), w.Env, w.As("Otto"), grid.Query{Organization: w.Orgs["South"].ID})
	wantKind(t, "Otto, South's", err, fail.NotFound)
	_, err = grid.Show.Run(t.Context(), w.Env, w.As("Lin"), grid.Query{})
	wantKind(t, "Lin", err, fail.NotAllowed)
	_, err = grid.ListChanges.Run(t.Context(), w.Env, w.As("Lin"), grid.HistoryQuery{})
	wantKind(t, "Lin, the history", err, fail.NotAllowed)
}

// GR-4, BE-2: many cells are changed at once, with a reason, whole or not at all, and one audit row; the preview says who gains
// and loses; a change is undone in one click, unless a cell was changed since.
func TestGR4ChangeAndUndo(t *testing.T) {
	w := worldtest.New(t)
	sam := w.As("Sam")
	in := change(w, "Acme", "People look after each other", grid.Edit{Role: access.Learner, Permission: "team.list", To: grid.Allow},
		grid.Edit{Role: access.OrgAdmin, Permission: "account.archive", To: grid.Deny})
	_, effects, err := grid.ChangeCells.Preview(t.Context(), w.Env, sam, in)
	if err != nil || effects.Losing != 1 || effects.Gaining < 3 || effects.Affected != effects.Gaining+1 {
		t.Errorf("the preview says %d gain and %d lose, %v", effects.Gaining, effects.Losing, err)
	}
	bad := in
	bad.Cells = append(bad.Cells[:1:1], grid.Edit{Role: access.Learner, Permission: "account.edit", To: grid.Allow})
	_, err = grid.ChangeCells.Run(t.Context(), w.Env, sam, bad)
	wantKind(t, "one of them never", err, fail.NotAllowed)
	bad.Reason = " "
	_, err = grid.ChangeCells.Run(t.Context(), w.Env, sam, bad)
	wantKind(t, "no reason", err, fail.Invalid)
	if c := cellOf(t, shown(t, w, "Sam", grid.Query{}), access.Learner, "team.list"); c.State != "denied" {
		t.Errorf("half a change stands: %+v", c)
	}
	made, err := grid.ChangeCells.Run(t.Context(), w.Env, sam, in)
	wantKind(t, "changed", err, -1)
	list, err := grid.ListChanges.Run(t.Context(), w.Env, w.As("Mo"), grid.HistoryQuery{Permission: "team.list", Role: access.Learner})
	if err != nil || len(list.Items) != 1 || list.Items[0].Reason != in.Reason || list.Items[0].By != "Sam Super" || len(list.Items[0].Cells) != 2 || list.Items[0].MayUndo {
		t.Errorf("the history is %+v, %v", list, err)
	}
	undo := func(who op.Who, id db.ID) (grid.Changed, error) {
		return grid.UndoChange.Run(t.Context(), w.Env, who, grid.ChangePath{Change: id})
	}
	_, err = undo(w.As("Ana"), made.ID)
	wantKind(t, "Ana undoes", err, fail.NotFound)
	back, err := undo(sam, made.ID)
	wantKind(t, "undone", err, -1)
	if c := cellOf(t, shown(t, w, "Sam", grid.Query{}), access.Learner, "team.list"); c.State != "denied" || c.Own != "" {
		t.Errorf("undone, it is %+v", c)
	}
	_, err = undo(sam, made.ID)
	wantKind(t, "twice", err, fail.Conflict)
	_, err = undo(sam, back.ID)
	wantKind(t, "the undoing undone", err, -1)
	_, err = grid.SetCell.Run(t.Context(), w.Env, sam, grid.CellChange{CellPath: grid.CellPath{Organization: w.Acme.ID, Role: access.Learner, Permission: "team.list"}, Allow: true, Lock: true})
	wantKind(t, "a cell changes meanwhile", err, -1)
	list, _ = grid.ListChanges.Run(t.Context(), w.Env, sam, grid.HistoryQuery{})
	_, err = undo(sam, list.Items[1].ID)
	wantKind(t, "a cell has changed since", err, fail.Conflict)
	if c := cellOf(t, shown(t, w, "Sam", grid.Query{}), access.OrgAdmin, "account.archive"); c.State != "denied" {
		t.Errorf("half was undone: %+v", c)
	}
}

// BE-3: what the cells were on a past day, of built-in and of custom types, whatever has happened since.
func TestBE3TheGridAsOf(t *testing.T) {
	w := worldtest.New(t)
	day := w.Clock.Now().Format(time.DateOnly)
	edit := func(to string) {
		t.Helper()
		_, err := grid.ChangeCells.Run(t.Context(), w.Env, w.As("Sam"), change(w, "Acme", "a test", grid.Edit{Role: access.Learner, Permission: "team.list", To: to}))
		wantKind(t, to, err, -1)
	}
	then := func(at string) string {
		return cellOf(t, shown(t, w, "Sam", grid.Query{At: at}), access.Learner, "team.list").State
	}
	w.Clock.Move(48 * time.Hour)
	edit(grid.Allow)
	second := w.Clock.Now().Format(time.DateOnly)
	w.Clock.Move(48 * time.Hour)
	edit(grid.Default)
	coach, err := grid.CreateType.Run(t.Context(), w.Env, w.As("Sam"), grid.NewType{Name: "Coach", Parent: access.Instructor})
	wantKind(t, "a type", err, -1)
	w.Clock.Move(48 * time.Hour)
	if a, b, c := then(day), then(second), then(""); a != "denied" || b != "allowed" || c != "denied" {
		t.Errorf("it was %s, %s, and is %s", a, b, c)
	}
	has := func(g grid.Grid) (found bool) {
		for _, col := range g.Columns {
			found = found || col.Role == coach.ID
		}
		return found
	}
	past := shown(t, w, "Sam", grid.Query{At: second})
	if has(past) || !has(shown(t, w, "Sam", grid.Query{})) || past.MayChange {
		t.Errorf("the account type was there before it was made, or the past may be changed")
	}
	_, err = grid.Show.Run(t.Context(), w.Env, w.As("Sam"), grid.Query{At: "2999-01-01"})
	wantKind(t, "the future", err, fail.Invalid)
}

// GR-1: the grid as a file has a line each permission and a column each role, and says where a cell comes from.
func TestGR1Export(t *testing.T) {
	w := worldtest.New(t)
	_, err := grid.ChangeCells.Run(t.Context(), w.Env, w.As("Sam"), change(w, "North", "a test", grid.Edit{Role: access.Instructor, Permission: "account.list", To: grid.Allow}))
	wantKind(t, "changed", err, -1)
	for _, format := range []string{"csv", "xlsx", "json"} {
		var out bytes.Buffer
		err := grid.Export.Stream(t.Context(), w.Env, w.As("Otto"), grid.FileQuery{Query: grid.Query{Organization: w.Orgs["Lab"].ID}, Format: format}, func(f op.File) error { return f.Write(&out) })
		if err != nil || out.Len() < 1000 || (format == "csv" && !strings.Contains(out.String(), "allowed, from North")) {
			t.Errorf("%s: %d bytes, %v\n%s", format, out.Len(), err, out.String())
		}
	}
}
