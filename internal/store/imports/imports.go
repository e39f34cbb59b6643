// Package imports holds what is taken in from files: each import as it goes on, and mappings that are remembered.
package imports

import (
	"context"
	"encoding/json"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Import is one run of an import: what was asked for, how far it is, and what came of it.
type Import struct {
	ID     db.ID
	Portal db.ID
	// Account is who runs it, By their name then.
	Account db.ID
	By      string
	// Name is that of its mapping.
	Name  string
	Dry   bool
	State store.ImportState
	// Step of Steps is being taken, or was last, from 1.
	Step, Steps int
	// RowsDone of RowsTotal rows are done, of all files together that are done.
	RowsDone, RowsTotal int
	// Result is what came of it, as JSON; Problem why it ended, where that is not a problem of the files.
	Result  json.RawMessage
	Problem string
	// Node is the process that runs it.
	Node                 string
	Started, Seen, Ended time.Time
}

const importColumns = `i.id, i.portal_id, i.account_id, i.by_name, i.name, i.dry, i.state, i.step, i.steps, i.rows_done, i.rows_total,
	i.result, i.problem, i.node, i.started_at, i.seen_at, i.ended_at`

func scanImport(s db.Scanner) (i Import, err error) {
	var started, seen, ended int64
	var result string
	err = s.Scan(&i.ID, &i.Portal, &i.Account, &i.By, &i.Name, &i.Dry, &i.State, &i.Step, &i.Steps, &i.RowsDone, &i.RowsTotal,
		&result, &i.Problem, &i.Node, &started, &seen, &ended)
	i.Result, i.Started, i.Seen, i.Ended = json.RawMessage(result), db.TimeOrZero(started), db.TimeOrZero(seen), db.TimeOrZero(ended)
	return i, err
}

// CreateImport writes down that an import begins.
func CreateImport(ctx context.Context, tx *db.Tx, i Import) error {
	at := db.Micros(i.Started)
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO imports (id, portal_id, account_id, by_name, name, dry, state, step, steps, rows_done, rows_total,
		result, problem, node, started_at, seen_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, '{}', '', ?, ?, ?, 0)`,
		i.ID, i.Portal, i.Account, i.By, i.Name, i.Dry, string(i.State), i.Steps, i.Node, at, at))
	return err
}

// SaveImport writes down how far an import is, unless it was given up meanwhile.
func SaveImport(ctx context.Context, tx *db.Tx, i Import, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE imports SET state = ?, step = ?, rows_done = ?, rows_total = ?, result = ?, problem = ?, seen_at = ?, ended_at = ?
		WHERE id = ? AND ended_at = 0`, string(i.State), i.Step, i.RowsDone, i.RowsTotal, string(i.Result), i.Problem, db.Micros(now), db.MicrosOrZero(i.Ended), i.ID))
	return err
}

// OpenImports are those of every portal that have not ended, for whoever looks after the process that runs them.
func OpenImports(ctx context.Context, tx *db.Tx) ([]Import, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+importColumns+` FROM imports i WHERE i.ended_at = 0 ORDER BY i.id`), scanImport)
}

// importsOf are the imports that somebody may see who still may add people anywhere: their own, or all where they read the
// audit of the whole portal. What their files held, as problems tell of it, is closed to them with the permission.
func importsOf(within access.Within) db.Frag {
	if !within.Any() {
		return db.SQL("1=0")
	}
	actor := within.Actor()
	mine := db.SQL("i.portal_id = ?", within.Portal())
	if actor.May(access.AuditView).Everywhere() {
		return mine
	}
	return db.And(mine, db.SQL("i.account_id = ?", actor.Account))
}

// FindImport is one import, where the actor may see it.
func FindImport(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Import, error) {
	i, err := db.One(ctx, tx, db.SQL(`SELECT `+importColumns+` FROM imports i WHERE i.id = ? AND ?`, id, importsOf(within)), scanImport)
	if fail.Is(err, fail.NotFound) {
		return i, fail.Missing("import")
	}
	return i, err
}

// ListImports are the newest imports that the actor may see.
func ListImports(ctx context.Context, tx *db.Tx, within access.Within, size int) ([]Import, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+importColumns+` FROM imports i WHERE ? ORDER BY i.id DESC LIMIT ?`, importsOf(within), size), scanImport)
}

// ImportMapping is a mapping that a portal remembers (CO-4).
type ImportMapping struct {
	ID   db.ID
	Name string
	// By is who keeps it: nobody else changes it.
	By db.ID
	// Mapping is its text, JSON.
	Mapping string
	Saved   time.Time
}

func scanImportMapping(s db.Scanner) (m ImportMapping, err error) {
	var saved int64
	err = s.Scan(&m.ID, &m.Name, &m.By, &m.Mapping, &saved)
	m.Saved = db.TimeOrZero(saved)
	return m, err
}

const mappingColumns = `m.id, m.name, m.saved_by, m.mapping, m.saved_at`

// ListImportMappings are the mappings that a portal remembers, by name: one's own and, for those who may add people
// everywhere in it, everybody's.
func ListImportMappings(ctx context.Context, tx *db.Tx, within access.Within) ([]ImportMapping, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+mappingColumns+` FROM import_mappings m WHERE ? ORDER BY m.name_key, m.id LIMIT 500`, mappingsOf(within)), scanImportMapping)
}

// mappingsOf are the mappings within what a permission reaches.
func mappingsOf(within access.Within) db.Frag {
	switch {
	case !within.Any():
		return db.SQL("1=0")
	case within.Everywhere():
		return db.SQL("m.portal_id = ?", within.Portal())
	}
	return db.SQL("m.portal_id = ? AND m.saved_by = ?", within.Portal(), within.Actor().Account)
}

// FindImportMapping is one of them.
func FindImportMapping(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (ImportMapping, error) {
	m, err := db.One(ctx, tx, db.SQL(`SELECT `+mappingColumns+` FROM import_mappings m WHERE m.id = ? AND ?`, id, mappingsOf(within)), scanImportMapping)
	if fail.Is(err, fail.NotFound) {
		return m, fail.Missing("mapping")
	}
	return m, err
}

// SaveImportMapping remembers a mapping under its name, in place of the one of the same person that had it: what another
// keeps, and may run with other rights, stays as they left it.
func SaveImportMapping(ctx context.Context, tx *db.Tx, within access.Within, m ImportMapping, by db.ID) (ImportMapping, error) {
	m.ID, m.By = db.NewID(), by
	id, err := db.Val[int64](ctx, tx, db.SQL(`INSERT INTO import_mappings (id, portal_id, name, name_key, mapping, saved_by, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (portal_id, saved_by, name_key) DO UPDATE SET name = excluded.name, mapping = excluded.mapping, saved_at = excluded.saved_at
		RETURNING id`, m.ID, within.Portal(), m.Name, db.Key(m.Name), m.Mapping, by, db.Micros(m.Saved)))
	m.ID = db.ID(id)
	return m, err
}

// DropImportMapping forgets a mapping.
func DropImportMapping(ctx context.Context, tx *db.Tx, m ImportMapping) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM import_mappings WHERE id = ?`, m.ID))
	return err
}
