package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/action/invited"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/store/path"
)

// InvitationToken is the token of an invitation's link.
type InvitationToken struct {
	Token string `path:"token" doc:"The token of the link."`
}

// InvitationRead is an invitation as the invited person sees it.
type InvitationRead struct {
	Portal       string `json:"portal"`
	Email        string `json:"email"`
	Name         string `json:"name"`
	Organization string `json:"organization"`
	Team         string `json:"team,omitempty"`
	By           string `json:"by"`
	invited.Carried
	Until time.Time `json:"until"`
	// PasswordMin is the least length of a password.
	PasswordMin int `json:"password_min"`
}

// noInvitation answers every token that is not, or no longer, an open invitation of this portal.
var noInvitation = fail.New(fail.NotFound, "This invitation is not there any more: it has been used, sent again, taken back, or has ended. Ask whoever invited you to send it again.")

// openInvitation is the invitation of a token, where it can still be accepted.
func openInvitation(c *op.Call, tx *db.Tx, token string) (store.Invitation, error) {
	i, err := store.InvitationAt(c, tx, c.Who.Portal, secret.HashToken(token))
	if fail.Is(err, fail.NotFound) || err == nil && i.Status(c.Now) != store.InvitationPending {
		return i, noInvitation
	}
	return i, err
}

// ReadInvitation shows an invitation to whoever has its link. Reading changes nothing.
var ReadInvitation = &op.Op[InvitationToken, InvitationRead]{
	Name:     "invitation.read",
	Route:    "GET /invitations/tokens/{token}",
	Doc:      "Shows an invitation to whoever has its link.",
	Open:     "whoever is invited has no account yet; the link's token says who they are",
	PageOnly: true,
	Do: func(c *op.Call, in InvitationToken) (out InvitationRead, err error) {
		i, err := openInvitation(c, c.Tx, in.Token)
		if err != nil {
			return out, err
		}
		portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
		if err != nil {
			return out, err
		}
		rules := PasswordRules(portal)
		carried, err := path.CarriedBy(c, c.Tx, []db.ID{i.ID})
		return InvitationRead{Portal: portal.Shown(), Email: i.Email, Name: i.Name, Organization: i.OrgName, Team: i.TeamName, By: i.ByName, Until: i.Until,
			PasswordMin: max(rules.MinLength, 12), Carried: invited.Of(carried[i.ID])}, err
	},
}

// InvitationAnswer is what the invited person chooses.
type InvitationAnswer struct {
	Token    string `path:"token" doc:"The token of the link."`
	Name     string `json:"name" doc:"Your name."`
	Username string `json:"username" doc:"What you will sign in with."`
	Password string `json:"password" doc:"Your password."`

	hash string
}

// Check checks the fields.
func (in InvitationAnswer) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	form.Username(&wrong, "username", in.Username)
	if in.Password == "" || len(in.Password) > 4000 {
		wrong.Add("password", "Choose a password.")
	}
	return wrong.Err()
}

// Joined is the account that an invitation became.
type Joined struct {
	ID       db.ID  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	invited.Came
}

// AcceptInvitation makes the invited person's account, in the organization and the team that were named, with the rights
// that the inviter has then: what they may no longer give is refused whole (PT-2). Its audit row names both.
var AcceptInvitation = &op.Op[InvitationAnswer, Joined]{
	Name:     "invitation.accept",
	Route:    "POST /invitations/tokens/{token}",
	Doc:      "Accepts an invitation, with a name and a password of one's own.",
	Open:     "whoever is invited has no account yet; the link's token says who they are",
	PageOnly: true,
	Prepare:  prepareAccept,
	Do:       acceptInvitation,
}

// prepareAccept hashes the password, for an invitation that is open.
func prepareAccept(c *op.Call, in *InvitationAnswer) error {
	var i store.Invitation
	var portal store.Portal
	err := c.Read(func(tx *db.Tx) (err error) {
		if i, err = openInvitation(c, tx, in.Token); err != nil {
			return err
		}
		portal, err = store.PortalOf(c, tx, c.Who.Portal)
		return err
	})
	if err != nil {
		return err
	}
	if wrong := PasswordRules(portal).Check(in.Password, in.Name, in.Username, i.Email, portal.Name, portal.Shown()); len(wrong) > 0 {
		return fail.Wrong("password", "{problems}", "problems", fail.Several{Between: " ", Texts: wrong})
	}
	in.hash, err = c.Env.Hasher.Hash(c, in.Password)
	return err
}

func acceptInvitation(c *op.Call, in InvitationAnswer) (out Joined, err error) {
	i, err := openInvitation(c, c.Tx, in.Token)
	if err != nil {
		return out, err
	}
	c.Audit(i.Thing(), i.Email, nil)
	org, team, err := promised(c, i)
	if err != nil {
		return out, err
	}
	wrong, err := store.TakenBy(c, c.Tx, c.Who.Portal, 0, in.Username, i.Email, "")
	if err != nil {
		return out, err
	}
	if err := wrong.Err(); err != nil {
		return out, err
	}
	a, err := store.CreateAccount(c, c.Tx, org, store.NewAccount{Name: form.Tidy(in.Name), Username: in.Username, Email: i.Email, Password: in.hash}, c.Now)
	if err != nil {
		return out, err
	}
	taken, err := store.TakeInvitation(c, c.Tx, i, a.ID, c.Now)
	if err != nil {
		return out, err
	}
	if !taken {
		return out, noInvitation
	}
	for _, t := range i.Types {
		if err := store.Begin(c, c.Tx, store.NewGrant{Account: a.ID, Role: t, At: org.PlaceThing(), Since: c.Now, By: i.By}); err != nil {
			return out, err
		}
	}
	if team.ID != 0 {
		if err := store.AddTeamMember(c, c.Tx, team, a, i.By, c.Now); err != nil {
			return out, err
		}
	}
	carried, err := path.CarriedBy(c, c.Tx, []db.ID{i.ID})
	if err != nil {
		return out, err
	}
	came, err := invited.Enrol(c, c.Actor, carried[i.ID], a)
	if err != nil {
		return out, err
	}
	c.Who.Behind = a.ID
	c.Audit(a.Thing(), a.Name, map[string]any{"invitation": i.ID, "organization": org.Name, "team": team.Name, "types": i.Types, "carried": invited.Of(carried[i.ID]), "came": came})
	return Joined{a.ID, a.Name, a.Username, came}, nil
}

// promised finds what an invitation promises with the rights that its inviter has now, and makes the operation act with
// these: so that its end checks again what is passed on.
func promised(c *op.Call, i store.Invitation) (org store.Organization, team store.Team, err error) {
	inviter, err := c.Env.Cache.LoadActor(c, c.Tx, c.Who.Portal, i.By, c.Now)
	if fail.Is(err, fail.SignIn) {
		return org, team, noLonger(i)
	}
	if err != nil {
		return org, team, err
	}
	c.Actor, c.Who.Account = inviter, i.By
	org, err = store.FindOrganization(c, c.Tx, inviter.May(access.AccountInvite), i.Org)
	if err == nil {
		err = mayPromise(c, inviter, i, org)
	}
	if err == nil && i.Team != 0 {
		team, err = store.FindTeam(c, c.Tx, inviter.May(access.TeamAddMember), i.Team)
	}
	if fail.Is(err, fail.NotAllowed) || fail.Is(err, fail.NotFound) {
		err = noLonger(i)
	}
	return org, team, err
}

// noLonger refuses politely what the inviter may not give any more.
func noLonger(i store.Invitation) error {
	return fail.New(fail.NotAllowed, "This invitation cannot be accepted: {name} may not give any more what it promises. Ask to be invited again.", "name", i.ByName)
}
