package action

import (
	"fmt"
	"strings"

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

// MaxInvitations is how many invitations are sent at once.
const MaxInvitations = 1000

// InvitationRow is one person to be invited, as a form or a line of a file has them.
type InvitationRow struct {
	Email string `json:"email" doc:"The e-mail address."`
	Name  string `json:"name,omitempty" doc:"The name, if it is known."`
	// Organization and Team are named: by id, by the whole name, or an organization by its code.
	Organization string          `json:"organization,omitempty" doc:"The organization they will be in, by name, code or id; the first in which you may invite if left out."`
	Team         string          `json:"team,omitempty" doc:"The team that they join, by name or id."`
	Types        []access.RoleID `json:"types,omitempty" doc:"The account types they will hold; learner if left out."`
	Courses      string          `json:"courses,omitempty" doc:"Courses that they are enrolled in when they accept, by code, name or id, with a semicolon between them."`
	Paths        string          `json:"paths,omitempty" doc:"Learning paths that they are enrolled in when they accept, by name or id, with a semicolon between them."`
	LeaveOut     bool            `json:"leave_out,omitempty" doc:"The row is left out."`
}

// NewInvitations are people to be invited, all or none of them.
type NewInvitations struct {
	Rows []InvitationRow `json:"rows" doc:"Who is invited."`
}

// Check bounds how many there are. The rows are checked together with what they name, so that all errors show at once.
func (in NewInvitations) Check() error {
	if len(in.Rows) > MaxInvitations {
		return fail.Wrong("rows", "{most} invitations can be sent at once.", "most", MaxInvitations)
	}
	for _, r := range in.Rows {
		if !r.LeaveOut {
			return nil
		}
	}
	return fail.Wrong("rows", "Enter at least one person to invite.")
}

// checkRows tells what is wrong with each row by itself; its cells are named rows.0.email.
func checkRows(rows []InvitationRow) (wrong fail.Fields) {
	seen := map[string]int{}
	for n, r := range rows {
		if r.LeaveOut {
			continue
		}
		at, email := fmt.Sprintf("rows.%d.", n), strings.TrimSpace(r.Email)
		if email == "" {
			wrong.Add(at+"email", "Enter an e-mail address.")
		}
		form.Email(&wrong, at+"email", email)
		form.Line(&wrong, at+"name", r.Name, form.MaxName)
		checkTypes(&wrong, at+"types", r.Types)
		if key := db.Key(email); key != "" && seen[key] > 0 {
			wrong.Add(at+"email", "This is the same address as in row {row}.", "row", seen[key])
		} else {
			seen[key] = n + 1
		}
	}
	return wrong
}

// InvitationsSent are the invitations that were sent.
type InvitationsSent struct {
	Sent  int              `json:"sent"`
	Items []InvitationItem `json:"items"`
}

// SendInvitations invites people, each by a mail with a link of their own: all of them, or, where a row is wrong, none (LM-13).
var SendInvitations = &op.Op[NewInvitations, InvitationsSent]{
	Name:  "invitation.send",
	Route: "POST /invitations",
	Doc:   "Invites people by e-mail: all of them, or none where a row is wrong.",
	Needs: append([]*access.Permission{access.AccountInvite, access.TeamAddMember, access.AccountSetFull}, invited.Needs...),
	Do: func(c *op.Call, in NewInvitations) (out InvitationsSent, err error) {
		if !c.May(access.AccountInvite).Any() {
			return out, store.NotAllowed(c.May(access.AccountInvite))
		}
		s := sending{c: c, orgs: map[string]found[store.Organization]{}, teams: map[string]found[store.Team]{}, carried: map[string][]path.Carried{}, named: map[[2]string]called{}}
		s.wrong = checkRows(in.Rows)
		made, err := s.resolve(in.Rows)
		if err != nil {
			return out, err
		}
		out.Items = []InvitationItem{}
		var to []string
		for _, i := range made {
			token, hash := secret.NewToken(secret.Invitation)
			if i, err = store.CreateInvitation(c, c.Tx, i, hash); err != nil {
				return out, err
			}
			if err := path.Carry(c, c.Tx, i.ID, s.carried[i.Email]); err != nil {
				return out, err
			}
			if err := mailInvitation(c, i, s.carried[i.Email], token); err != nil {
				return out, err
			}
			to = append(to, i.Email)
			out.Items = append(out.Items, invitationItem(i, s.carried[i.Email], c.Now))
		}
		out.Sent = len(out.Items)
		c.Audit(access.Thing{}, "", map[string]any{"sent": out.Sent, "to": to[:min(len(to), 50)]})
		return out, nil
	},
}

// found is what a name stands for, or why it stands for nothing.
type found[T any] struct {
	it      T
	problem fail.Text
}

// sending makes invitations of rows; it looks each name up once.
type sending struct {
	c     *op.Call
	orgs  map[string]found[store.Organization]
	teams map[string]found[store.Team]
	wrong fail.Fields
	// carried is what each address is invited to, beside the portal; named is what two texts call so.
	carried map[string][]path.Carried
	named   map[[2]string]called
}

type called struct {
	list  []path.Carried
	wrong fail.Fields
}

func (s *sending) places(at, courses, paths string) ([]path.Carried, error) {
	key := [2]string{courses, paths}
	x, ok := s.named[key]
	if !ok {
		var err error
		if x.list, x.wrong, err = invited.Named(s.c, courses, paths); err != nil {
			return nil, err
		}
		s.named[key] = x
	}
	for _, w := range x.wrong {
		s.wrong.Add(at+w.Name, w.Text.English, w.Text.Args...)
	}
	return x.list, nil
}

func (s *sending) resolve(rows []InvitationRow) ([]store.Invitation, error) {
	keys := make([]string, len(rows))
	for n, r := range rows {
		keys[n] = db.Key(plainText(r.Email))
	}
	pending, known, err := store.Invited(s.c, s.c.Tx, s.c.Who.Portal, keys, s.c.Now)
	if err != nil {
		return nil, err
	}
	var out []store.Invitation
	for n, r := range rows {
		if r.LeaveOut {
			continue
		}
		at := fmt.Sprintf("rows.%d.", n)
		switch {
		case known[keys[n]]:
			s.wrong.Add(at+"email", "Somebody has this e-mail address already.")
		case pending[keys[n]]:
			s.wrong.Add(at+"email", "There is an invitation to this address already.")
		}
		i, err := s.row(at, r)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, s.wrong.Err()
}

// row makes one invitation, within what the actor may give.
func (s *sending) row(at string, r InvitationRow) (i store.Invitation, err error) {
	org, err := s.organization(plainText(r.Organization))
	if err != nil {
		return i, err
	}
	if org.problem.English != "" {
		s.wrong.Add(at+"organization", org.problem.English)
	}
	team, err := s.team(plainText(r.Team))
	if err != nil {
		return i, err
	}
	if team.problem.English != "" {
		s.wrong.Add(at+"team", team.problem.English)
	}
	i = store.Invitation{Portal: s.c.Who.Portal, Org: org.it.ID, OrgName: org.it.Name, Email: strings.TrimSpace(r.Email), Name: form.Tidy(r.Name), Types: r.Types,
		Team: team.it.ID, TeamName: team.it.Name, By: s.c.Who.Account, ByName: s.c.Actor.Name, Created: s.c.Now}
	if len(i.Types) == 0 {
		i.Types = access.Roles{access.Learner}
	}
	if s.carried[i.Email], err = s.places(at, plainText(r.Courses), plainText(r.Paths)); err != nil {
		return i, err
	}
	if org.problem.English != "" || team.problem.English != "" {
		return i, nil
	}
	for _, t := range i.Types {
		role := rulesOf(s.c).Role(t)
		if role == nil || !role.Type() {
			s.wrong.Add(at+"types", "There is no such account type to give.")
			return i, nil
		}
		if access.OnlyTransferred.Has(t) {
			return i, nil // checkRows told
		}
		if rulesOf(s.c).IsOff(role) {
			s.wrong.Add(at+"types", "{role} is switched off in this portal.", "role", fail.Term(role.Title))
			return i, nil
		}
		if !role.MayBeAt(org.it.PlaceThing().Kind) {
			s.wrong.Add(at+"types", "{role} is held in the whole portal only.", "role", fail.Term(role.Title))
			return i, nil
		}
	}
	return i, mayPromise(s.c, s.c.Actor, i, org.it)
}

func (s *sending) organization(name string) (found[store.Organization], error) {
	if f, ok := s.orgs[name]; ok {
		return f, nil
	}
	within := s.c.May(access.AccountInvite)
	var f found[store.Organization]
	var err error
	if name == "" {
		f.it, err = firstOrganization(s.c, within)
	} else {
		var list []store.Organization
		list, err = store.OrganizationsCalled(s.c, s.c.Tx, within, name)
		f.it, f.problem = only(list, fail.Say("There is no organization of this name in which you may invite people."),
			fail.Say("Several organizations are called so: write the code instead."))
	}
	s.orgs[name] = f
	return f, err
}

func (s *sending) team(name string) (f found[store.Team], err error) {
	if name == "" {
		return f, nil
	}
	if f, ok := s.teams[name]; ok {
		return f, nil
	}
	list, err := store.TeamsCalled(s.c, s.c.Tx, s.c.May(access.TeamAddMember), name)
	f.it, f.problem = only(list, fail.Say("There is no team of this name that you may add people to."), fail.Say("Several teams are called so."))
	s.teams[name] = f
	return f, err
}

func only[T any](list []T, none, several fail.Text) (one T, problem fail.Text) {
	switch len(list) {
	case 0:
		return one, none
	case 1:
		return list[0], problem
	}
	return one, several
}

// plainText is a name to look for, without what no database keeps and no name holds.
func plainText(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", ""))
}
