// Package network holds the verbs on networks: running one, joining and leaving, and visiting the portals that are in it (NA-1).
package network

import "slices"

// Ops is every operation of the area.
var Ops = slices.Concat(runOps, memberOps, visitOps)
