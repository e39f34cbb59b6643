package intake

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

var relationImport = &importKind{
	name: "relations",
	doc:  "Who is whose parent, manager or mentor. What somebody is already stays as it is.",
	fields: []importField{
		{name: "person", doc: "The parent, manager or mentor: their code, user name or e-mail address.", required: true, most: 254},
		{name: "relation", doc: "parent, manager or mentor.", required: true, most: 40},
		{name: "account", doc: "The child, direct report or mentee: their code, user name or e-mail address.", required: true, most: 254},
	},
	take: func(in *intake) taker { return &relationTaker{in} },
}

type relationTaker struct{ *intake }

func (in *relationTaker) take(rows []*importRow) error {
	for _, field := range []string{"person", "account"} {
		if err := in.loadAccounts(rows, field); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if in.repeated(r, in.get(r, "person"), in.get(r, "relation"), in.get(r, "account")) {
			continue
		}
		who, role, whom := in.account(r, "person"), in.relation(r), in.account(r, "account")
		if who == nil || role == nil || whom == nil {
			continue
		}
		if err := in.relate(r, who.Account, role, whom.Account); err != nil {
			return err
		}
	}
	return nil
}

// relation is the role that a row names, by its key or its account type's.
func (in *relationTaker) relation(r *importRow) *access.Role {
	name := in.get(r, "relation")
	for _, id := range access.GivenRelations {
		role := access.Builtin(id)
		if string(id) == name || db.Key(string(role.Along)) == db.Key(name) || db.Key(role.Title) == db.Key(name) {
			return role
		}
	}
	in.wrong(r, "relation", "There is no relation “"+cut(name)+"”: write parent, manager or mentor.")
	return nil
}

// relate begins a relation, by who may say so over the person and holds there what it gives (PT-2).
func (in *relationTaker) relate(r *importRow, who store.Account, role *access.Role, whom store.Account) error {
	thing := whom.Thing()
	switch lack := in.c.Actor.Lacks(role.ID, thing); {
	case in.c.May(access.AccountRelate).Has(&thing) == nil:
		in.refused(r, "account", access.AccountRelate)
		return nil
	case who.ID == whom.ID:
		in.wrong(r, "person", "Nobody is that to themselves.")
		return nil
	case lack != nil:
		in.note(r, "relation", "You may not give what you do not hold there yourself: “"+lack.Perm.Title+"”.", true)
		return nil
	}
	has, err := store.OpenGrants(in.c, in.c.Tx, store.GrantFilter{Portal: who.Portal, Account: who.ID, Roles: access.Roles{role.ID}, Place: thing.Place()}, in.c.Now)
	if err != nil {
		return err
	}
	if len(has) > 0 {
		in.result.Unchanged++
		return nil
	}
	err = store.Begin(in.c, in.c.Tx, store.NewGrant{Account: who.ID, Role: role.ID, At: thing, Since: in.c.Now, By: in.c.By()})
	if err != nil {
		return in.failed(r, "relation", err)
	}
	in.result.Created++
	return nil
}
