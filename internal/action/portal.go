package action

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// NewPortal is what a portal begins with: its name, where it is served, and the person who becomes its super administrator.
type NewPortal struct {
	Name string
	// Host is the host name that it is served at; empty for any.
	Host string
	// Admin is the super administrator's name, Username and Email what they sign in with.
	Admin, Username, Email string
	// Password is a hash of secret.Hasher.
	Password string
}

// PortalMade is what CreatePortal made.
type PortalMade struct {
	Portal store.Portal
	Super  store.Account
	// Management is the access group of learner managers (LM-4).
	Management store.AccessGroup
}

// CreatePortal makes a portal with its super administrator (SA-1), and with the roles, policies and group of learner
// management already tied (LM-2 to LM-4). It is for the command line: nobody inside a portal makes another.
func CreatePortal(ctx context.Context, env *op.Env, in NewPortal) (out PortalMade, err error) {
	err = env.DB.Write(ctx, func(tx *db.Tx) error {
		out, err = createPortal(ctx, tx, in, env.Now())
		return err
	})
	return out, err
}

func createPortal(ctx context.Context, tx *db.Tx, in NewPortal, now time.Time) (out PortalMade, err error) {
	if in.Name == "" || in.Username == "" {
		return out, fail.New(fail.Invalid, "A portal needs a name, and its super administrator a user name.")
	}
	if out.Portal, err = store.CreatePortal(ctx, tx, in.Name, in.Host, now); err != nil {
		return out, err
	}
	root := store.Organization{ID: out.Portal.ID, Portal: out.Portal.ID, Name: in.Name}
	out.Super, err = store.CreateAccount(ctx, tx, root, store.NewAccount{Name: in.Admin, Username: in.Username, Email: in.Email, Password: in.Password}, now)
	if err != nil {
		return out, err
	}
	err = store.Begin(ctx, tx, store.NewGrant{Account: out.Super.ID, Role: access.Super, At: out.Portal.Thing(), Since: now, ByCreation: true})
	if err != nil {
		return out, err
	}
	if out.Management, err = createManagement(ctx, tx, out.Portal, now); err != nil {
		return out, err
	}
	return out, store.AddAudit(ctx, tx, store.AuditRow{Portal: out.Portal.ID, At: now, ActorName: "provost portal new", Operation: "portal.create",
		Outcome: "done", Target: access.Place{Kind: access.Portal, ID: out.Portal.ID}, TargetName: in.Name, Detail: "{}"})
}

// The policies of LM-4, one for each role that learner managers hold across the tenant.
var managementPolicies = []struct {
	name string
	role access.RoleID
}{
	{"Learner management: see people", access.ListUsers},
	{"Learner management: see teams", access.ListTeams},
	{"Learner management: open teams", access.ReadTeams},
	{"Learner management: create teams", access.CreateTeams},
	{"Learner management: open analytics", access.AnalyticsViewer},
	{"Learner management: read figures", access.AnalyticsReader},
	{"Learner management: download reports", access.DownloadReports},
	{"Learner management: enrol people", access.EnrollManager},
}

func createManagement(ctx context.Context, tx *db.Tx, portal store.Portal, now time.Time) (store.AccessGroup, error) {
	group, err := store.CreateGroup(ctx, tx, portal.ID, "Learner management", "Account executives who look after learners and teams across the tenant.", true, now)
	if err != nil {
		return group, err
	}
	for _, p := range managementPolicies {
		policy, err := store.CreatePolicy(ctx, tx, store.Policy{Portal: portal.ID, Name: p.name, Role: p.role, Internal: true, Created: now})
		if err != nil {
			return group, err
		}
		holders := []store.Holder{{Kind: access.AccessGroup, ID: group.ID}}
		if err := store.Bind(ctx, tx, policy, []access.Thing{portal.Thing()}, holders, 0, now); err != nil {
			return group, err
		}
	}
	return group, nil
}

// CountPortals is how many portals the database has, for the command line.
func CountPortals(ctx context.Context, env *op.Env) (n int, err error) {
	err = env.DB.Read(ctx, func(tx *db.Tx) error {
		n, err = store.CountPortals(ctx, tx)
		return err
	})
	return n, err
}
