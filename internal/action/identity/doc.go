// Package identity holds the verbs on who somebody is in a portal: the super administrator, logging in as another, and
// accounts that are merged, deleted and erased.
package identity

import (
	"slices"

	"provost/internal/op"
)

// Ops is every operation of the area.
var Ops = slices.Concat(accountOps, loginAsOps, superOps)

var loginAsOps = []op.Any{LogInAs, StopActing, ListActings}
