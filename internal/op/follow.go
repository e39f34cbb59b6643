package op

import (
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/path"
)

// follow does what follows from what the transaction did, by whichever operation: who completed a course gets its certificate (CO-1), the
// courses that come due on their paths open (CO-2), and what is required of people is known to be done, or begins (CO-5). It comes after the
// check of what may be passed on, since it is the course and the path that give it, and not the actor.
func (c *Call) follow() error {
	var completed, people []db.ID
	paths := map[db.ID]bool{}
	for _, note := range c.Tx.Notes() {
		switch n := note.(type) {
		case store.NowCompleted:
			completed, people = append(completed, n.ID), append(people, n.Account)
		case path.Required:
			if err := path.SyncOne(c, c.Tx, n.Requirement, c.Now); err != nil {
				return err
			}
		case path.Advanced:
			if n.Path != 0 {
				paths[n.Path] = true
			}
			if n.Account != 0 {
				people = append(people, n.Account)
			}
		}
	}
	if err := path.GiveDue(c, c.Tx, completed, c.Now); err != nil {
		return err
	}
	if err := path.Did(c, c.Tx, completed); err != nil {
		return err
	}
	for id := range paths {
		if err := path.AdvancePath(c, c.Tx, id, c.Now); err != nil {
			return err
		}
	}
	return path.AdvanceOf(c, c.Tx, people, c.Now)
}
