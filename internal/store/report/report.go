// Package report holds the queries of reports and dashboards, over the nouns of package store. Each takes what its asker may
// touch, and what it returns lies within that (RE-3, LM-9).
package report

import (
	"math"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

var teamRoles = func() (out []string) {
	for _, r := range access.TeamRoles {
		out = append(out, string(r))
	}
	return out
}()

// enrolmentJoins add the learner `a` and their organization `o` to an enrolment `e`.
const enrolmentJoins = ` JOIN accounts a ON a.id = e.account_id JOIN organizations o ON o.id = e.org_id `

func timeOrZero(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return db.Time(micros)
}

// hundredths is a value of two decimals as a whole number, which sums exactly.
func hundredths(v float64) int64 { return int64(math.Round(v * 100)) }

// meanOf is a sum in hundredths over a number, to two decimals.
func meanOf(sum, n int64) float64 {
	if n == 0 {
		return 0
	}
	return math.Round(float64(sum)/float64(n)) / 100
}
