package intake

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// references are the records that rows name, looked up chunk by chunk and kept while an import runs.
type references struct {
	c    *op.Call
	orgs *orgIndex
	// courses are by code, accounts by any of their keys as the files write them; nil for one that was not found.
	courses  map[string]*store.Course
	accounts map[string]*store.ImportedAccount
	// works are assessments by code, of whichever courses.
	works map[string][]store.Assessment
}

// maxReferences bounds the accounts that are kept; past it they are looked up again.
const maxReferences = 200_000

func newReferences(c *op.Call) *references {
	return &references{c: c, courses: map[string]*store.Course{}, accounts: map[string]*store.ImportedAccount{}, works: map[string][]store.Assessment{}}
}

// orgIndex is all organizations of the portal by what a file may call them.
type orgIndex struct {
	byCode map[string]*store.Organization
	byName map[string][]*store.Organization
	below  map[orgName]*store.Organization
	byID   map[db.ID]*store.Organization
	// home is the portal's default organization, where people go whom a file puts into no other.
	home *store.Organization
}

type orgName struct {
	parent db.ID
	key    string
}

func (r *references) organizations() (*orgIndex, error) {
	if r.orgs != nil {
		return r.orgs, nil
	}
	all, err := store.AllOrganizations(r.c, r.c.Tx, r.c.May(access.OrganizationList))
	if err != nil {
		return nil, err
	}
	r.orgs = &orgIndex{byCode: map[string]*store.Organization{}, byName: map[string][]*store.Organization{}, below: map[orgName]*store.Organization{}, byID: map[db.ID]*store.Organization{}}
	for i := range all {
		r.orgs.add(&all[i])
	}
	home, err := store.DefaultOrganizationID(r.c, r.c.Tx, r.c.Who.Portal)
	r.orgs.home = r.orgs.byID[home]
	return r.orgs, err
}

func (x *orgIndex) add(o *store.Organization) {
	key := db.Key(o.Name)
	if o.Code != "" {
		x.byCode[o.Code] = o
	}
	x.byName[key] = append(x.byName[key], o)
	x.below[orgName{o.Parent, key}] = o
	x.byID[o.ID] = o
}

// organization is the one that a row names, by code or by name, among those that the actor may see; the root where it
// names none. What is wrong is noted, and nil returned.
func (in *intake) organization(r *importRow, field string) *store.Organization {
	orgs, name := in.refs.orgs, in.get(r, field)
	if name == "" {
		return orgs.byID[in.c.Who.Portal]
	}
	if o := orgs.byCode[name]; o != nil && in.allowed(access.OrganizationList, o.Thing()) {
		return o
	}
	var found []*store.Organization
	for _, o := range orgs.byName[db.Key(name)] {
		if in.allowed(access.OrganizationList, o.Thing()) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		in.wrong(r, field, "There is no organization “"+cut(name)+"”.")
	case 1:
		return found[0]
	default:
		in.wrong(r, field, "There are several organizations “"+cut(name)+"”: name it by its code.")
	}
	return nil
}

// loadCourses looks up the courses of rows that are not known yet, whoever may see them.
func (in *intake) loadCourses(rows []*importRow, field string) error {
	var codes []string
	for _, r := range rows {
		code := in.get(r, field)
		if _, known := in.refs.courses[code]; !known {
			in.refs.courses[code] = nil
			codes = append(codes, code)
		}
	}
	found, err := store.CoursesCalled(in.c, in.c.Tx, in.c.May(access.CourseList), codes)
	for i := range found {
		in.refs.courses[found[i].Code] = &found[i]
	}
	return err
}

// course is the one that a row names, which loadCourses has looked up, where the actor may see it or do this to it.
func (in *intake) course(r *importRow, field string, p *access.Permission) *store.Course {
	course := in.refs.courses[in.get(r, field)]
	if course != nil && in.allowed(p, course.Thing()) {
		return course
	}
	if course == nil || !in.allowed(access.CourseList, course.Thing()) {
		in.wrong(r, field, "There is no course “"+cut(in.get(r, field))+"”.")
		return nil
	}
	in.refused(r, field, p)
	return nil
}

// loadAccounts looks up the people of rows by code, by user name and by e-mail address, among those that the actor may see.
func (in *intake) loadAccounts(rows []*importRow, field string) error {
	known := in.refs.accounts
	if len(known) > maxReferences {
		clear(known)
	}
	var names []string
	for _, r := range rows {
		name := in.get(r, field)
		if _, has := known[name]; !has {
			known[name] = nil
			names = append(names, name)
		}
	}
	for _, by := range []struct {
		keys func([]string) store.AccountKeys
		key  func(*store.ImportedAccount) string
	}{
		{func(k []string) store.AccountKeys { return store.AccountKeys{Codes: k} }, func(a *store.ImportedAccount) string { return a.Code }},
		{func(k []string) store.AccountKeys { return store.AccountKeys{Usernames: k} }, func(a *store.ImportedAccount) string { return db.Key(a.Username) }},
		{func(k []string) store.AccountKeys { return store.AccountKeys{Emails: k} }, func(a *store.ImportedAccount) string { return db.Key(a.Email) }},
	} {
		if len(names) == 0 {
			return nil
		}
		keys := make([]string, 0, len(names)*2)
		for _, n := range names {
			keys = append(keys, n)
			if k := db.Key(n); k != n {
				keys = append(keys, k)
			}
		}
		found, err := store.AccountsNamed(in.c, in.c.Tx, in.c.May(access.AccountList), by.keys(keys))
		if err != nil {
			return err
		}
		at := make(map[string]*store.ImportedAccount, len(found))
		for i := range found {
			at[by.key(&found[i])] = &found[i]
		}
		var left []string
		for _, n := range names {
			if known[n] = at[n]; known[n] == nil {
				known[n] = at[db.Key(n)]
			}
			if known[n] == nil {
				left = append(left, n)
			}
		}
		names = left
	}
	return nil
}

// account is the person that a row names, which loadAccounts has looked up.
func (in *intake) account(r *importRow, field string) *store.ImportedAccount {
	a := in.refs.accounts[in.get(r, field)]
	if a == nil {
		in.wrong(r, field, "There is nobody “"+cut(in.get(r, field))+"” by code, user name or e-mail address.")
	}
	return a
}
