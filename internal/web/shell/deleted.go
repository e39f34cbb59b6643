package shell

import (
	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/web/page"
)

// whenDeleted are the only addresses at which a portal that was deleted answers: its super administrator signs in there, and
// restores it (SA-2).
var whenDeleted = map[string]bool{"/sign-in": true, "/sign-out": true, "/portal/deleted": true, "/portal/restore": true}

// errToRestore leads the super administrator of a deleted portal to the page that restores it.
var errToRestore = fail.New(fail.NotFound, "There is no portal here.")

// deleted answers a request to a portal that was deleted: as where there is none, but for its super administrator.
func (q *Req) deleted() error {
	super := q.Actor != nil && q.Who.Limit == nil && q.May(access.PortalDelete)
	if !super {
		q.Who.Account, q.Who.Behind, q.Who.Session = 0, 0, 0
		q.Self, q.Actor = q.Who, nil
	}
	switch {
	case q.View.Embedded:
		return noPortal
	case whenDeleted[q.R.URL.Path]:
		q.View.Portal = q.Portal.Name
		if super {
			q.View.Account = page.Account{Name: q.Session.AccountName, Organization: q.Session.OrgName, SignOut: "/sign-out"}
		}
		return nil
	case super:
		return errToRestore
	}
	return noPortal
}
