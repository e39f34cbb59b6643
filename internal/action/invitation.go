package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/action/invited"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/store/path"
)

var invitationOps = []op.Any{ListInvitations, ListInvitationPlaces, SendInvitations, ResendInvitation, WithdrawInvitation, ReadInvitation, AcceptInvitation}

// InvitationQuery asks for a part of the list of invitations.
type InvitationQuery struct {
	Query  string                 `query:"q" doc:"The beginning of the e-mail address."`
	Status store.InvitationStatus `query:"status" doc:"pending, accepted, expired or withdrawn; all if left out."`
	Team   db.ID                  `query:"team" doc:"Only those into this team."`
	After  string                 `query:"after" doc:"The next of another page."`
	Before string                 `query:"before" doc:"The prev of another page."`
	Size   int                    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// Check checks the status.
func (in InvitationQuery) Check() error {
	switch in.Status {
	case "", store.InvitationPending, store.InvitationAccepted, store.InvitationExpired, store.InvitationWithdrawn:
		return nil
	}
	return fail.Wrong("status", "There is no such state of an invitation.")
}

// InvitationItem is an invitation in a list.
type InvitationItem struct {
	ID           db.ID      `json:"id"`
	Email        string     `json:"email"`
	EmailHidden  bool       `json:"email_hidden,omitempty" doc:"Who accepted it signs in with this address now, and you may not see login details."`
	Name         string     `json:"name,omitempty"`
	Organization Named      `json:"organization"`
	Team         *Named     `json:"team,omitempty"`
	Types        []TypeItem `json:"types"`
	invited.Carried
	Status   store.InvitationStatus `json:"status"`
	By       string                 `json:"by" doc:"Who invites."`
	Sent     time.Time              `json:"sent"`
	Until    time.Time              `json:"until"`
	Accepted *time.Time             `json:"accepted,omitempty"`
}

// InvitationPage is a part of the list of invitations.
type InvitationPage struct {
	Items []InvitationItem `json:"items"`
	Next  string           `json:"next,omitempty"`
	Prev  string           `json:"prev,omitempty"`
	Total int              `json:"total" doc:"How many there are; counting stops at 1000."`
}

func invitationItem(i store.Invitation, carried []path.Carried, now time.Time) InvitationItem {
	out := InvitationItem{ID: i.ID, Email: i.Email, Name: i.Name, Organization: Named{i.Org, i.OrgName}, Types: []TypeItem{}, Carried: invited.Of(carried), Status: i.Status(now),
		By: i.ByName, Sent: i.Sent, Until: i.Until}
	if i.Team != 0 {
		out.Team = &Named{i.Team, i.TeamName}
	}
	for _, t := range i.Types {
		if role := access.Builtin(t); role != nil {
			out.Types = append(out.Types, TypeItem{ID: t, Title: role.Title})
		}
	}
	if !i.Accepted.IsZero() {
		out.Accepted = &i.Accepted
	}
	return out
}

// ListInvitations lists the invitations that one may see. Who may see none at all is refused (LM-8).
var ListInvitations = &op.Op[InvitationQuery, InvitationPage]{
	Name:  "invitation.list",
	Route: "GET /invitations",
	Doc:   "Lists the invitations that you may see, by e-mail address.",
	Needs: shown.And(access.InvitationList, access.TeamList),
	Do: func(c *op.Call, in InvitationQuery) (out InvitationPage, err error) {
		within := c.May(access.InvitationList)
		if !within.Any() {
			return out, store.NotAllowed(within)
		}
		if in.Team != 0 {
			if _, err := store.FindTeam(c, c.Tx, c.May(access.TeamList), in.Team); err != nil {
				return out, err
			}
		}
		list, err := store.ListInvitations(c, c.Tx, within, store.InvitationFilter{Query: in.Query, Status: in.Status, Team: in.Team},
			store.Page{After: in.After, Before: in.Before, Size: in.Size})
		out = InvitationPage{Items: []InvitationItem{}, Next: list.Next, Prev: list.Prev, Total: list.Total}
		if err != nil {
			return out, err
		}
		hidden, err := hiddenAddresses(c, list.Items)
		if err != nil {
			return out, err
		}
		ids := make([]db.ID, len(list.Items))
		for n, i := range list.Items {
			ids[n] = i.ID
		}
		carried, err := path.CarriedBy(c, c.Tx, ids)
		for _, i := range list.Items {
			item := invitationItem(i, carried[i.ID], c.Now)
			if hidden[i.Account] {
				item.Email, item.EmailHidden = "", true
			}
			out.Items = append(out.Items, item)
		}
		return out, err
	},
}

// hiddenAddresses are those who accepted one of some invitations and whose login details the actor may not see.
func hiddenAddresses(c *op.Call, list []store.Invitation) (map[db.ID]bool, error) {
	var ids []db.ID
	for _, i := range list {
		if i.Account != 0 {
			ids = append(ids, i.Account)
		}
	}
	details, err := shown.ByID(c, ids)
	out := map[db.ID]bool{}
	for id, d := range details {
		out[id] = d.LoginHidden
	}
	return out, err
}

// InvitationID names an invitation.
type InvitationID struct {
	Invitation db.ID `path:"invitation" doc:"The invitation."`
}

// ResendInvitation sends an invitation again, in the name of who does: what it promises must be theirs to give. The link
// that was sent before is dead.
var ResendInvitation = &op.Op[InvitationID, InvitationItem]{
	Name:  "invitation.resend",
	Route: "POST /invitations/{invitation}/resend",
	Doc:   "Sends an invitation again, with a new link and a new time; the link before it ends.",
	Needs: append([]*access.Permission{access.InvitationList, access.AccountInvite, access.TeamAddMember, access.AccountSetFull}, invited.Needs...),
	Do: func(c *op.Call, in InvitationID) (out InvitationItem, err error) {
		i, err := store.FindInvitation(c, c.Tx, c.May(access.InvitationList), in.Invitation)
		if err != nil {
			return out, err
		}
		c.Audit(i.Thing(), i.Email, nil)
		if s := i.Status(c.Now); s != store.InvitationPending && s != store.InvitationExpired {
			return out, fail.New(fail.Conflict, "This invitation has been accepted or withdrawn.")
		}
		org, err := store.FindOrganization(c, c.Tx, c.May(access.AccountInvite), i.Org)
		if err != nil {
			return out, err
		}
		if err := mayPromise(c, c.Actor, i, org); err != nil {
			return out, err
		}
		carried, err := path.CarriedBy(c, c.Tx, []db.ID{i.ID})
		if err == nil {
			err = invited.Check(c, c.Actor, carried[i.ID])
		}
		if err != nil {
			return out, err
		}
		token, hash := secret.NewToken(secret.Invitation)
		if i, err = store.RenewInvitation(c, c.Tx, i, hash, c.Who.Account, c.Now); err != nil {
			return out, err
		}
		i.ByName = c.Actor.Name
		return invitationItem(i, carried[i.ID], c.Now), mailInvitation(c, i, carried[i.ID], token)
	},
}

// WithdrawInvitation takes an invitation back.
var WithdrawInvitation = &op.Op[InvitationID, struct{}]{
	Name:  "invitation.withdraw",
	Route: "DELETE /invitations/{invitation}",
	Doc:   "Takes an invitation back: its link ends.",
	Needs: []*access.Permission{access.InvitationList},
	Do: func(c *op.Call, in InvitationID) (out struct{}, err error) {
		i, err := store.FindInvitation(c, c.Tx, c.May(access.InvitationList), in.Invitation)
		if err != nil {
			return out, err
		}
		c.Audit(i.Thing(), i.Email, nil)
		if s := i.Status(c.Now); s != store.InvitationPending && s != store.InvitationExpired {
			return out, fail.New(fail.Conflict, "This invitation has been accepted or withdrawn.")
		}
		return out, store.WithdrawInvitation(c, c.Tx, i, c.Now)
	},
}

// mayPromise checks that somebody may, at this moment, give what an invitation promises (PT-2).
func mayPromise(c *op.Call, who *access.Actor, i store.Invitation, org store.Organization) error {
	thing, place := org.Thing(), org.PlaceThing()
	if who.May(access.AccountInvite).Has(&thing) == nil {
		return store.NotAllowed(who.May(access.AccountInvite))
	}
	for _, t := range i.Types {
		if role := who.Rules().Role(t); role != nil && who.Rules().IsOff(role) {
			return fail.New(fail.NotAllowed, "The account type “{role}” is switched off in this portal.", "role", fail.Term(role.Title))
		}
		if lack := who.Lacks(t, place); lack != nil {
			title := string(t)
			if role := who.Rules().Role(t); role != nil {
				title = role.Title
			}
			return fail.New(fail.NotAllowed, "You may not give what you do not hold there yourself: “{permission}”.", "permission", fail.Term(title))
		}
		if who.Rules().Role(t).Full() && !who.May(access.AccountSetFull).Everywhere() {
			return store.NotAllowed(who.May(access.AccountSetFull))
		}
	}
	if i.Team == 0 {
		return nil
	}
	_, err := store.FindTeam(c, c.Tx, who.May(access.TeamAddMember), i.Team)
	return err
}

// mailInvitation writes the mail with the link. What people typed stands in its body alone, never in its subject.
func mailInvitation(c *op.Call, i store.Invitation, carried []path.Carried, token string) error {
	portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	greeting := "Hello,"
	if i.Name != "" {
		greeting = "Hello " + i.Name + ","
	}
	body := greeting + "\n\n" + i.ByName + " invites you to " + portal.Shown() + ", in " + i.OrgName + ".\n\n" + invited.Lines(carried) +
		"Choose a name and a password here:\n" + c.Env.PortalURL(portal) + "/invitations/" + token + "\n\n" +
		"The link can be used once, until " + i.Until.UTC().Format("2 January 2006, 15:04") + " UTC. If you did not expect it, there is nothing to do.\n"
	return store.Enqueue(c, c.Tx, c.Who.Portal, i.Email, "You are invited to "+form.Tidy(portal.Shown()), body, c.Now)
}
