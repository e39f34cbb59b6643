// Package action holds the verbs of the portal: one file each noun, with every operation on it.
package action

import (
	"slices"

	"provost/internal/action/asking"
	"provost/internal/action/grid"
	"provost/internal/action/identity"
	"provost/internal/action/intake"
	"provost/internal/action/learning"
	"provost/internal/action/network"
	"provost/internal/action/notice"
	"provost/internal/action/path"
	"provost/internal/action/people"
	"provost/internal/action/report"
	"provost/internal/action/tenant"
	"provost/internal/action/work"
)

// All is every operation of the portal, file by file, with those of the areas that have a package of their own.
var All = slices.Concat(
	accountOps,
	asking.Ops,
	courseOps,
	embedOps,
	enrolmentOps,
	ownOps,
	passwordOps,
	sessionOps,
	invitationOps,
	organizationOps,
	groupOps,
	heldOps,
	permissionOps,
	placeOps,
	policyOps,
	roleOps,
	settingsOps, registrationOps,
	teamOps,
	tokenOps,
	grid.Ops,
	identity.Ops,
	intake.Ops,
	learning.Ops,
	network.Ops,
	notice.Ops,
	path.Ops,
	people.Ops,
	report.Ops,
	tenant.Ops,
	whyOps,
	work.Ops,
)
