package op

import (
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/store/tenant"
)

// checkPlan refuses, in the transaction that made it, what the portal's plan has no room for: whoever adds, imports, invites,
// restores or registers, by whichever operation (CO-6).
func (c *Call) checkPlan() error {
	var grew []string
	for _, note := range c.Tx.Notes() {
		if n, ok := note.(store.Grew); ok {
			grew = append(grew, string(n))
		}
	}
	if len(grew) == 0 {
		return nil
	}
	full, err := tenant.Full(c, c.Tx, c.Who.Portal, grew, c.Now)
	if err != nil || full == nil {
		return err
	}
	return fail.New(fail.Conflict, "The plan of this portal has room for {n} {kind}, and that is used up. Archive or delete what is not needed, or have the plan raised: see Plans.",
		"n", full.Most, "kind", full.Kind)
}
