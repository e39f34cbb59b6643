package world

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// Demo fills an empty, migrated database with the world as it is after a year: more organizations, teams and courses, and
// DemoPeople more learners with what they did in it, up to now. It is the same on every day, but for the dates.
func Demo(ctx context.Context, env *op.Env, password string) (*World, error) {
	start := env.Now().AddDate(-1, 0, 0).Truncate(24 * time.Hour).Add(9 * time.Hour)
	past := *env
	past.Now = func() time.Time { return start }
	w, err := build(ctx, &past, password, func(b builder) error {
		d := &demo{builder: b, rand: rand.New(rand.NewPCG(1, 2)), end: env.Now(), deltas: store.NewDeltas()}
		for _, step := range []func() error{d.moreOrganizations, d.learners, d.moreTeams, d.moreCourses, d.year, d.signIns} {
			if err := step(); err != nil {
				return err
			}
		}
		return d.deltas.Flush(ctx, b.tx)
	})
	if err != nil {
		return nil, err
	}
	return w, lately(ctx, env, w)
}

// DemoPeople is how many learners the demo has besides those of the world.
const DemoPeople = 240

// demo fills the world with a year.
type demo struct {
	builder
	rand *rand.Rand
	// end is now: nothing is later.
	end    time.Time
	deltas *store.Deltas
	// people are the learners, those of the world among them; byOrg the new ones by organization.
	people []store.Account
	byOrg  map[string][]store.Account
}

func (d *demo) moreOrganizations() error {
	for _, o := range [][2]string{{"West", "Acme"}, {"Support", "Acme"}, {"Field", "South"}} {
		made, err := store.CreateOrganization(d.ctx, d.tx, d.w.Orgs[o[1]], o[0], "", d.now)
		if err != nil {
			return err
		}
		d.w.Orgs[o[0]] = made
	}
	return nil
}

// shares say how many of a hundred people are in which organization.
var shares = []struct {
	org   string
	share int
}{{"North", 29}, {"South", 25}, {"West", 17}, {"Lab", 12}, {"Support", 9}, {"Field", 8}}

func (d *demo) orgOf(i int) store.Organization {
	at := i * 37 % 100 // spread over the list, and the same every time
	for _, s := range shares {
		if at -= s.share; at < 0 {
			return d.w.Orgs[s.org]
		}
	}
	return d.w.Orgs["North"]
}

func (d *demo) learners() error {
	w, err := store.NewAccountWriter(d.ctx, d.tx, d.w.People["Ana"].ID, d.now)
	if err != nil {
		return err
	}
	rows := make([]*store.ImportedAccount, DemoPeople)
	for i := range rows {
		org, name := d.orgOf(i), demoName(i)
		a := &store.ImportedAccount{Attributes: "{}", Password: d.password, Types: []access.RoleID{access.Learner}, At: org.PlaceThing()}
		a.Portal, a.Org, a.OrgName, a.Name = org.Portal, org.ID, org.Name, name.shown
		a.Username, a.Email, a.Code = name.username, name.username+"@acme.test", fmt.Sprintf("A%04d", 1000+i)
		if i%60 == 7 {
			a.Types = append(a.Types, access.Manager)
		}
		rows[i] = a
	}
	if err := w.Add(d.ctx, d.tx, rows); err != nil {
		return err
	}
	d.byOrg = map[string][]store.Account{}
	for _, r := range rows {
		d.people = append(d.people, r.Account)
		d.byOrg[r.OrgName] = append(d.byOrg[r.OrgName], r.Account)
	}
	for _, name := range []string{"Lin", "Lou", "Sue", "Max", "Gus"} {
		d.people = append(d.people, d.w.People[name])
	}
	return w.Close(d.ctx, d.tx, d.w.Acme.ID)
}

// moreTeams adds three teams, and people to all of them.
func (d *demo) moreTeams() error {
	for _, t := range []struct{ name, org, owner string }{{"Company B Team", "Acme", "Ana"}, {"Night shift", "South", "Ana"}, {"New starters", "Acme", "Leo"}} {
		made, err := store.CreateTeam(d.ctx, d.tx, d.w.Orgs[t.org], t.name, "", d.now)
		if err != nil {
			return err
		}
		d.w.Teams[t.name] = made
		err = store.Begin(d.ctx, d.tx, store.NewGrant{Account: d.w.People[t.owner].ID, Role: access.TeamOwner, At: made.Thing(), Since: d.now, ByCreation: true})
		if err != nil {
			return err
		}
	}
	members := []struct {
		team string
		of   []store.Account
	}{
		{"Reds", d.byOrg["North"][:14]}, {"Blues", d.byOrg["South"][:16]}, {"Night shift", d.byOrg["South"][10:24]},
		{"Company A Team", slices.Concat(d.byOrg["West"][:12], d.byOrg["North"][20:28])}, {"Company B Team", slices.Concat(d.byOrg["West"][12:28], d.byOrg["Support"][:6])},
		{"New starters", slices.Concat(d.byOrg["Lab"][:5], d.byOrg["Field"][:5], d.byOrg["Support"][6:12])},
	}
	for _, m := range members {
		for i, who := range m.of {
			since := d.now.AddDate(0, 0, 1+i*5)
			if err := store.AddTeamMember(d.ctx, d.tx, d.w.Teams[m.team], who, d.w.People["Ana"].ID, since); err != nil {
				return err
			}
		}
	}
	return nil
}

// signIns notes when people were last there: most of them lately.
func (d *demo) signIns() error {
	for i, p := range d.people {
		if i%11 == 3 {
			continue // never
		}
		at := d.end.Add(-time.Duration(d.rand.ExpFloat64()*9*24*60) * time.Minute)
		if at.After(d.now) {
			if err := store.SignedIn(d.ctx, d.tx, p.ID, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// lately does a few things as people do them, so that the audit, the invitations and the mail have something to show.
func lately(ctx context.Context, env *op.Env, w *World) error {
	as := func(name string) op.Who { return op.Who{Portal: w.Acme.ID, Account: w.People[name].ID} }
	quiet := *env
	quiet.Log = nil
	for i, name := range []string{"Lou", "Sue", "Max"} {
		then := quiet
		then.Now = func() time.Time { return env.Now().Add(-time.Duration(72-20*i) * time.Hour) }
		in := action.TeamMember{Team: w.Teams["New starters"].ID, Account: w.People[name].ID}
		if _, err := action.AddTeamMember.Run(ctx, &then, as("Leo"), in); err != nil {
			return err
		}
	}
	invited := []action.InvitationRow{{Email: "nadia.berg@company-a.test", Name: "Nadia Berg", Organization: "West", Team: "Company A Team"},
		{Email: "tom.adler@company-a.test", Name: "Tom Adler", Organization: "West", Team: "Company A Team"}, {Email: "new.colleague@acme.test"}}
	if _, err := action.SendInvitations.Run(ctx, &quiet, as("Ana"), action.NewInvitations{Rows: invited}); err != nil {
		return err
	}
	if err := teach(ctx, &quiet, w, as); err != nil {
		return err
	}
	// A refusal, which the audit keeps too: it is Leo's to see this team, not to change it.
	_, _ = action.AddTeamMember.Run(ctx, &quiet, as("Leo"), action.TeamMember{Team: w.Teams["Blues"].ID, Account: w.People["Lin"].ID})
	return env.DB.Write(ctx, func(tx *db.Tx) error { return store.Changed(ctx, tx, w.Acme.ID) })
}
