package world

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// kin are people of the account types that nobody else in Acme has.
var kin = []struct {
	name, org string
	types     []access.RoleID
}{
	{"Cora Content", "Acme", []access.RoleID{access.ContentAdmin}},
	{"Cleo Content", "North", []access.RoleID{access.ContentAdmin}},
	{"Tom Assistant", "North", []access.RoleID{access.Assistant}},
	{"Pam Parent", "South", []access.RoleID{access.Parent}},
	{"Meg Mentor", "North", []access.RoleID{access.Mentor}},
	{"Al Affiliate", "Acme", []access.RoleID{access.Affiliate}},
	{"Mina Manager", "South", []access.RoleID{access.Manager}},
}

// relations are who is what to whom.
var relations = []struct {
	who  string
	role access.RoleID
	whom string
}{
	{"Pam", access.ParentOf, "Sue"},
	{"Meg", access.MentorOf, "Lin"},
	{"Mina", access.ManagerOf, "Max"},
	{"Pam", access.FriendOf, "Lou"},
	{"Lou", access.FriendOf, "Pam"},
}

// Kin adds people of every account type to Acme, and relations between people: Pam is the parent of Sue and a friend of Lou,
// Meg the mentor of Lin, and Mina, a manager in South, has Max of the Lab as a direct report.
func Kin(ctx context.Context, env *op.Env, w *World, password string) error {
	return env.DB.Write(ctx, func(tx *db.Tx) error {
		b := builder{ctx, tx, w, password, env.Now()}
		for _, p := range kin {
			if err := b.person(p.name, p.org, "acme.test", p.types...); err != nil {
				return err
			}
		}
		for _, r := range relations {
			whom := w.People[r.whom]
			if err := store.Begin(ctx, tx, store.NewGrant{Account: w.People[r.who].ID, Role: r.role, At: whom.Thing(), Since: b.now}); err != nil {
				return err
			}
		}
		return nil
	})
}
