package intake

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/store"
)

var accountImport = &importKind{
	name: "accounts",
	doc:  "People. One is known by the code, or else by the user name. Cells that are empty change nothing.",
	fields: []importField{
		{name: "username", doc: "What the person signs in with.", required: true, most: 100},
		{name: "name", doc: "The person's name.", required: true},
		{name: "email", doc: "The e-mail address.", most: 254},
		{name: "code", doc: "What another system calls the person.", most: 100},
		{name: "organization", doc: "The code or the name of the person's organization; the portal's default organization where it is empty."},
		{name: "type", doc: "The account types, by key or title, several between commas; Learner where it is empty."},
	},
	attributes: true,
	take:       func(in *intake) taker { return &accountTaker{intake: in} },
}

type accountTaker struct {
	*intake
	writer *store.AccountWriter
	// rules are the portal's, with its account types and which of them are off.
	rules *access.Rules
}

// wantedAccount is what a row says of a person, with who is known by its keys.
type wantedAccount struct {
	row  *importRow
	org  *store.Organization
	want *store.ImportedAccount
	kept *store.ImportedAccount
	// moves: the person is in another organization than the row says.
	moves bool
}

func (in *accountTaker) take(rows []*importRow) error {
	if _, err := in.refs.organizations(); err != nil {
		return err
	}
	if in.rules == nil {
		rules, err := store.LoadRules(in.c, in.c.Tx, in.c.Who.Portal)
		if err != nil {
			return err
		}
		in.rules = rules
	}
	var list []*wantedAccount
	for _, r := range rows {
		if w := in.understand(r); w != nil {
			list = append(list, w)
		}
	}
	kept, err := in.known(list)
	if err != nil {
		return err
	}
	if in.writer == nil {
		if in.writer, err = store.NewAccountWriter(in.c, in.c.Tx, in.c.By(), in.c.Now); err != nil {
			return err
		}
	}
	var add []*store.ImportedAccount
	var change []*wantedAccount
	for _, w := range list {
		switch in.sort(w, kept) {
		case isNew:
			kept.add(w.want)
			add = append(add, w.want)
		case isOther:
			kept.add(w.want)
			change = append(change, w)
		}
	}
	if err := in.writer.Add(in.c, in.c.Tx, add); err != nil {
		return err
	}
	in.result.Created += len(add)
	return in.change(change)
}

func (in *accountTaker) close() error {
	if in.writer == nil {
		return nil
	}
	return in.writer.Close(in.c, in.c.Tx, in.c.Who.Portal)
}

// understand makes an account of a row; nil where the row is wrong, or says again what one before it did.
func (in *accountTaker) understand(r *importRow) *wantedAccount {
	a := &store.ImportedAccount{Attributes: r.attributes}
	a.Name, a.Username, a.Email, a.Code = in.get(r, "name"), in.get(r, "username"), in.get(r, "email"), in.get(r, "code")
	if in.repeated(r, db.Key(a.Username)) {
		return nil
	}
	a.Name = form.Tidy(a.Name)
	var wrong fail.Fields
	form.Username(&wrong, "username", a.Username)
	form.Email(&wrong, "email", a.Email)
	for _, f := range wrong {
		in.wrong(r, f.Name, f.Message)
	}
	if a.Attributes == "" {
		a.Attributes = "{}"
	}
	org := in.organization(r, "organization")
	if in.get(r, "organization") == "" {
		org = in.refs.orgs.home
	}
	types := in.accountTypes(r)
	if r.bad || org == nil {
		return nil
	}
	for _, id := range types {
		if role := in.rules.Role(id); !role.MayBeAt(org.PlaceThing().Kind) {
			in.wrong(r, "type", "This account type is held in the portal itself, not in an organization: “"+role.Title+"”.")
			return nil
		}
	}
	a.Portal, a.Org, a.OrgName, a.At, a.Types = org.Portal, org.ID, org.Name, org.PlaceThing(), types
	return &wantedAccount{row: r, org: org, want: a}
}

// accountTypes are those that a row names, several of them between commas or semicolons; learner where it names none.
func (in *accountTaker) accountTypes(r *importRow) []access.RoleID {
	var out []access.RoleID
	for _, name := range strings.FieldsFunc(in.get(r, "type"), func(c rune) bool { return c == ',' || c == ';' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		id := in.accountType(r, name)
		if id == "" {
			return nil
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	if len(out) == 0 {
		out = append(out, access.Learner)
	}
	return out
}

// accountType is the account type of a name. The super administrator's is never given by an import (SA-1), nor is one that
// is switched off.
func (in *accountTaker) accountType(r *importRow, name string) access.RoleID {
	for _, role := range in.rules.Types() {
		if access.OnlyTransferred.Has(role.ID) || (string(role.ID) != name && db.Key(role.Title) != db.Key(name)) {
			continue
		}
		if in.rules.IsOff(role) {
			in.wrong(r, "type", "The account type “"+role.Title+"” is switched off in this portal.")
			return ""
		}
		return role.ID
	}
	in.wrong(r, "type", "There is no account type “"+cut(name)+"” that an import may give.")
	return ""
}

// knownAccounts are the accounts that have any key of a chunk's rows.
type knownAccounts struct {
	code, username, email map[string]*store.ImportedAccount
}

func (k *knownAccounts) add(a *store.ImportedAccount) {
	k.username[db.Key(a.Username)] = a
	if a.Code != "" {
		k.code[a.Code] = a
	}
	if a.Email != "" {
		k.email[db.Key(a.Email)] = a
	}
}

// taken tells whether somebody else than a person signs in with a key.
func (k *knownAccounts) taken(key string, by *store.ImportedAccount) bool {
	for _, other := range []*store.ImportedAccount{k.username[key], k.email[key]} {
		if other != nil && (by == nil || other.ID != by.ID) {
			return true
		}
	}
	return false
}

func (in *accountTaker) known(list []*wantedAccount) (*knownAccounts, error) {
	var keys store.AccountKeys
	for _, w := range list {
		// Both are what people sign in with: a user name is not somebody else's address, nor the other way round.
		both := []string{db.Key(w.want.Username)}
		if w.want.Email != "" {
			both = append(both, db.Key(w.want.Email))
		}
		keys.Usernames, keys.Emails = append(keys.Usernames, both...), append(keys.Emails, both...)
		if w.want.Code != "" {
			keys.Codes = append(keys.Codes, w.want.Code)
		}
	}
	found, err := store.AccountsByKeys(in.c, in.c.Tx, in.c.May(access.AccountList), keys)
	if err != nil {
		return nil, err
	}
	known := &knownAccounts{map[string]*store.ImportedAccount{}, map[string]*store.ImportedAccount{}, map[string]*store.ImportedAccount{}}
	for i := range found {
		known.add(&found[i])
	}
	return known, nil
}

type verdict int

const (
	isWrong verdict = iota
	isNew
	isSame
	isOther
)

// sort says what a row comes to: a new person, one who is as the row says, or one who changes.
func (in *accountTaker) sort(w *wantedAccount, known *knownAccounts) verdict {
	a, r := w.want, w.row
	w.kept = known.username[db.Key(a.Username)]
	if by := known.code[a.Code]; by != nil {
		w.kept = by
	}
	if known.taken(db.Key(a.Username), w.kept) {
		in.wrong(r, "username", "Somebody else signs in with “"+cut(a.Username)+"”.")
		return isWrong
	}
	if a.Email != "" && known.taken(db.Key(a.Email), w.kept) {
		in.wrong(r, "email", "Somebody else signs in with “"+cut(a.Email)+"”.")
		return isWrong
	}
	if w.kept == nil {
		return in.newcomer(w)
	}
	if thing := w.kept.Thing(); in.c.May(access.AccountList).Has(&thing) == nil {
		in.wrong(r, "username", "Somebody else has the user name “"+cut(a.Username)+"” or the code.")
		return isWrong
	}
	return in.compare(w)
}

func (in *accountTaker) newcomer(w *wantedAccount) verdict {
	if !in.allowed(access.AccountAdd, w.org.Thing()) {
		in.refused(w.row, "organization", access.AccountAdd)
		return isWrong
	}
	if !in.mayGive(w, w.want.Types, w.want.At, w.want.Thing()) {
		return isWrong
	}
	return isNew
}

// mayGive tells whether the actor may give account types at a place to a person, and notes why not.
func (in *accountTaker) mayGive(w *wantedAccount, types access.Roles, at, person access.Thing) bool {
	for _, id := range types {
		if lack := in.c.Actor.Lacks(id, at); lack != nil {
			what := ""
			if lack.Perm != nil {
				what = lack.Perm.Title
			}
			in.note(w.row, "type", "You may not give what you do not hold there yourself: “"+what+"”.", true)
			return false
		}
		if in.rules.Role(id).Full() && in.c.May(access.AccountSetFull).Has(&person) == nil {
			in.refused(w.row, "type", access.AccountSetFull)
			return false
		}
	}
	return true
}

// compare says whether the person is as the row says, and makes w.want what they would be.
func (in *accountTaker) compare(w *wantedAccount) verdict {
	a, kept := w.want, w.kept
	now := *kept
	w.moves = in.get(w.row, "organization") != "" && kept.Org != a.Org
	now.Name, now.Username = a.Name, a.Username
	if a.Email != "" {
		now.Email = a.Email
	}
	if a.Code != "" {
		now.Code = a.Code
	}
	if w.row.attributes != "" {
		now.Attributes = merged(kept.Attributes, a.Attributes)
	}
	*w.want = now
	if !w.moves && now.Name == kept.Name && now.Username == kept.Username && now.Email == kept.Email && now.Code == kept.Code && now.Attributes == kept.Attributes {
		in.result.Unchanged++
		return isSame
	}
	return isOther
}

// change writes those who change, where the actor may: not against who may do what the actor may not (PT-1).
func (in *accountTaker) change(list []*wantedAccount) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]db.ID, len(list))
	for i, w := range list {
		ids[i] = w.kept.ID
	}
	others, err := store.LoadActors(in.c, in.c.Tx, in.c.Actor.Rules(), ids, in.c.Now)
	if err != nil {
		return err
	}
	lacks := map[db.ID]*access.Lack{}
	for _, other := range others {
		lacks[other.Account] = in.c.Actor.Protects(access.AccountEdit, other)
	}
	for _, w := range list {
		if ok, err := in.mayChange(w, lacks[w.kept.ID]); err != nil || !ok {
			if err != nil {
				return err
			}
			continue
		}
		in.result.Changed++
		if err := store.ChangeImported(in.c, in.c.Tx, *w.kept, *w.want); err != nil {
			return err
		}
		if !w.moves {
			continue
		}
		if _, err := store.MoveAccount(in.c, in.c.Tx, w.want.Account, *w.org, in.c.By(), in.c.Now); err != nil {
			if err := in.failed(w.row, "organization", err); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayChange tells whether the actor may change a person as a row says, and notes why not.
func (in *accountTaker) mayChange(w *wantedAccount, lack *access.Lack) (bool, error) {
	thing := w.kept.Thing()
	switch {
	case in.c.May(access.AccountEdit).Has(&thing) == nil:
		in.refused(w.row, "username", access.AccountEdit)
	case lack != nil:
		in.note(w.row, "username", "You may not do this to someone who may do what you may not: “"+lack.Perm.Title+"”.", true)
	case w.want.Email != w.kept.Email && in.c.May(access.AccountViewLogin).Has(&thing) == nil:
		in.refused(w.row, "email", access.AccountViewLogin)
	case w.moves && !in.allowed(access.AccountAdd, w.org.Thing()):
		in.refused(w.row, "organization", access.AccountAdd)
	case w.moves:
		return in.mayMove(w)
	}
	return !w.row.bad, nil
}

// mayMove tells whether the actor may give a person's account types where they move to.
func (in *accountTaker) mayMove(w *wantedAccount) (bool, error) {
	types, err := store.AccountTypes(in.c, in.c.Tx, w.kept.Account, in.c.Now)
	for _, t := range types {
		if lack := in.c.Actor.Lacks(t, w.org.PlaceThing()); lack != nil {
			in.note(w.row, "organization", "You may not give what you do not hold there yourself: “"+lack.Perm.Title+"”.", true)
			break
		}
	}
	return !w.row.bad, err
}
