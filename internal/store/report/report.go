// Package report holds the queries of reports and dashboards, over the nouns of package store. Each takes what its asker may
// touch, and what it returns lies within that (RE-3, LM-9).
package report

import (
	"provost/internal/access"
)

var teamRoles = func() (out []string) {
	for _, r := range access.TeamRoles {
		out = append(out, string(r))
	}
	return out
}()

// enrolmentJoins add the learner `a` and their organization `o` to an enrolment `e`.
const enrolmentJoins = ` JOIN accounts a ON a.id = e.account_id JOIN organizations o ON o.id = e.org_id `
