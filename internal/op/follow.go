package op

import (
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/path"
)

// follow does what follows from what the transaction did, by whichever operation: who completed a course gets its certificate (CO-1).
// It comes after the check of what may be passed on, since it is the course that gives it and not the actor.
func (c *Call) follow() error {
	var completed []db.ID
	for _, note := range c.Tx.Notes() {
		if n, ok := note.(store.NowCompleted); ok {
			completed = append(completed, n.ID)
		}
	}
	return path.GiveDue(c, c.Tx, completed, c.Now)
}
