package intake

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

var organizationImport = &importKind{
	name: "organizations",
	doc:  "Parts of the portal. One is known by its code, or else by its name below its parent.",
	fields: []importField{
		{name: "name", doc: "Its name.", required: true},
		{name: "code", doc: "What another system calls it."},
		{name: "parent", doc: "The code or the name of the one that it is below; the portal itself where it is empty."},
	},
	take: func(in *intake) taker { return organizationTaker{in} },
}

type organizationTaker struct{ *intake }

func (in organizationTaker) take(rows []*importRow) error {
	if _, err := in.refs.organizations(); err != nil {
		return err
	}
	for _, r := range rows {
		if err := in.one(r); err != nil {
			return err
		}
	}
	return nil
}

func (in organizationTaker) one(r *importRow) error {
	name, code := in.get(r, "name"), in.get(r, "code")
	if in.repeated(r, name, code, in.get(r, "parent")) {
		return nil
	}
	parent := in.organization(r, "parent")
	if parent == nil {
		return nil
	}
	orgs := in.refs.orgs
	kept := orgs.below[orgName{parent.ID, db.Key(name)}]
	if code != "" {
		if named := orgs.byCode[code]; named != nil {
			kept = named
		}
	}
	if kept == nil {
		return in.create(r, parent, name, code)
	}
	if !in.allowed(access.OrganizationList, kept.Thing()) {
		in.wrong(r, "code", "This code is taken.")
		return nil
	}
	if kept.Parent != parent.ID {
		in.wrong(r, "parent", "The organization “"+cut(kept.Name)+"” is below another: an import moves none.")
		return nil
	}
	return in.change(r, kept, name, code)
}

func (in organizationTaker) create(r *importRow, parent *store.Organization, name, code string) error {
	// What was made in this same file has no overrides, so its nearest older ancestor decides.
	older := *parent
	for in.made(older.ID) {
		older = *in.refs.orgs.byID[older.Parent]
	}
	if !in.allowed(access.OrganizationCreate, older.Thing()) {
		in.refused(r, "name", access.OrganizationCreate)
		return nil
	}
	made, err := store.CreateOrganization(in.c, in.c.Tx, *parent, name, code, in.c.Now)
	if err != nil {
		return in.failed(r, "parent", err)
	}
	in.refs.orgs.add(&made)
	in.result.Created++
	at := access.Place{Kind: access.Organization, ID: made.ID}
	in.may[mayKey{access.OrganizationList, at}], in.may[mayKey{nil, at}] = true, true
	return nil
}

// made tells whether this file made the organization.
func (in organizationTaker) made(id db.ID) bool {
	return in.may[mayKey{nil, access.Place{Kind: access.Organization, ID: id}}]
}

func (in organizationTaker) change(r *importRow, kept *store.Organization, name, code string) error {
	if code == "" {
		code = kept.Code
	}
	if kept.Name == name && kept.Code == code {
		in.result.Unchanged++
		return nil
	}
	if !in.allowed(access.OrganizationAdminister, kept.Thing()) {
		in.refused(r, "name", access.OrganizationAdminister)
		return nil
	}
	orgs, key := in.refs.orgs, orgName{kept.Parent, db.Key(name)}
	if other := orgs.below[key]; other != nil && other.ID != kept.ID {
		in.wrong(r, "name", "There is an organization of this name there already.")
		return nil
	}
	delete(orgs.below, orgName{kept.Parent, db.Key(kept.Name)})
	delete(orgs.byCode, kept.Code)
	kept.Name, kept.Code = name, code
	orgs.add(kept)
	in.result.Changed++
	return store.SaveOrganization(in.c, in.c.Tx, *kept)
}
