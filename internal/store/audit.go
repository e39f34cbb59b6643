package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// AuditRow is one act: who, as whom, what, to what, and how it came out (CO-8). Rows of a portal are chained.
type AuditRow struct {
	ID     db.ID
	Portal db.ID
	Seq    int64
	At     time.Time
	// Actor is whose rights were used, Behind who really acted where that is somebody else.
	Actor     db.ID
	ActorName string
	Behind    db.ID
	Operation string
	// Outcome is done or refused.
	Outcome string
	// Target is what it was done to; Kind is zero where it is nothing in particular.
	Target     access.Place
	TargetName string
	// Detail is what was asked and what changed, as JSON; it never holds a password or a token.
	Detail string
	// Prior is the hash of the row before, Hash that of this row.
	Prior, Hash string
}

func (r AuditRow) digest() string {
	text, _ := json.Marshal([]any{r.Portal, r.Seq, r.ID, db.Micros(r.At), r.Actor, r.ActorName, r.Behind, r.Operation, r.Outcome,
		r.Target.Kind.String(), r.Target.ID, r.TargetName, r.Detail, r.Prior}) // plain values: cannot fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// AddAudit appends a row to its portal's chain, inside the transaction that it tells of.
func AddAudit(ctx context.Context, tx *db.Tx, r AuditRow) error {
	type head struct {
		seq  int64
		hash string
	}
	last, err := db.One(ctx, tx, db.SQL(`SELECT seq, hash FROM audit WHERE portal_id = ? ORDER BY seq DESC LIMIT 1`, r.Portal),
		func(s db.Scanner) (h head, err error) { return h, s.Scan(&h.seq, &h.hash) })
	if err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	r.ID, r.Seq, r.Prior = db.NewID(), last.seq+1, last.hash
	r.Hash = r.digest()
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO audit (portal_id, seq, id, at, actor_id, actor_name, behind_id, operation, outcome, target_kind, target_id,
		target_name, detail, prior, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.Portal, r.Seq, r.ID, db.Micros(r.At), r.Actor,
		r.ActorName, r.Behind, r.Operation, r.Outcome, r.Target.Kind.String(), r.Target.ID, r.TargetName, r.Detail, r.Prior, r.Hash))
	return err
}

// Moment is how far a portal has come: nothing in it changes without an audit row, so while the moment stays,
// so does what a page shows, until the next grant ends by itself.
func Moment(ctx context.Context, tx *db.Tx, portal db.ID) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT coalesce(max(seq), 0) FROM audit WHERE portal_id = ?`, portal))
}
