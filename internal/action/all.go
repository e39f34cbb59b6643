// Package action holds the verbs of the portal: one file each noun, with every operation on it.
package action

import "slices"

// All is every operation of the portal, file by file.
var All = slices.Concat(
	accountOps,
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
	overrideOps,
	permissionOps,
	placeOps,
	policyOps,
	roleOps,
	settingsOps,
	importOps,
	teamOps,
	tokenOps,
	reportOps,
	whyOps,
	dashboardOps,
	auditOps,
)
