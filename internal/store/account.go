package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Account is a person in one portal and one organization.
type Account struct {
	ID     db.ID
	Portal db.ID
	Org    db.ID
	// OrgName is the name of the organization.
	OrgName  string
	Name     string
	Username string
	// Email is empty where none is known.
	Email string
	// Code is what another system calls the person; unique in the portal where it is not empty.
	Code string
	// PasswordIssued: the password is still the one that an administrator issued.
	PasswordIssued bool
	// SignedIn is the last sign-in, Archived when the account was archived; zero for never.
	SignedIn, Archived, Created time.Time
	// Deleted is when it was deleted, to be erased AccountKept later, Erased when it was; zero for never.
	Deleted, Erased time.Time
	// Teams are those the person is in.
	Teams []db.ID
}

// Thing is the account as a thing that permissions are asked about.
func (a Account) Thing() access.Thing {
	return access.Thing{Kind: access.Account, ID: a.ID, Portal: a.Portal, Org: a.Org, Teams: a.Teams}
}

const accountColumns = `a.id, a.portal_id, a.org_id, o.name, a.name, a.username, a.email, a.code, a.password_issued, a.signed_in_at, a.archived_at, a.created_at, a.deleted_at, a.erased_at`
const accountTables = ` FROM accounts a JOIN organizations o ON o.id = a.org_id `

func scanAccount(s db.Scanner) (a Account, err error) {
	var signedIn, archived, created, deleted, erased int64
	err = s.Scan(&a.ID, &a.Portal, &a.Org, &a.OrgName, &a.Name, &a.Username, &a.Email, &a.Code, &a.PasswordIssued, &signedIn, &archived, &created, &deleted, &erased)
	a.SignedIn, a.Archived, a.Created = db.TimeOrZero(signedIn), db.TimeOrZero(archived), db.Time(created)
	a.Deleted, a.Erased = db.TimeOrZero(deleted), db.TimeOrZero(erased)
	return a, err
}

// FindAccount is one person within what a permission reaches. A protected permission is refused here too, where the
// person may do anything that the actor may not (PT-1).
func FindAccount(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Account, error) {
	a, err := db.One(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE a.id = ? AND ?`, id, within.Where("a")), scanAccount)
	if fail.Is(err, fail.NotFound) {
		seen := within.Actor().May(access.AccountList)
		return a, missing(ctx, tx, within, "person", db.SQL(`SELECT 1 FROM accounts a WHERE a.id = ? AND ?`, id, seen.Where("a")))
	}
	if err != nil {
		return a, err
	}
	now := db.Time(within.Actor().Now())
	teams, err := teamsOf(ctx, tx, []db.ID{id}, now)
	if err != nil {
		return a, err
	}
	a.Teams = teams[id]
	return a, protect(ctx, tx, within, a)
}

// protect compares the actor with the person that a protected permission is about, in Go, on the row in hand.
func protect(ctx context.Context, tx *db.Tx, within access.Within, a Account) error {
	actor := within.Actor()
	if !within.Permission().Protected || actor.Cause != "" {
		return nil
	}
	others, err := LoadActors(ctx, tx, actor.Rules(), []db.ID{a.ID}, db.Time(actor.Now()))
	if err != nil || len(others) == 0 {
		return err
	}
	lack := actor.Protects(within.Permission(), others[0])
	if lack == nil {
		return nil
	}
	if actor.Behind != 0 {
		return fail.New(fail.NotAllowed, "This is closed while you act as another person.")
	}
	if others[0].Visits {
		return fail.New(fail.NotAllowed, Visiting.English)
	}
	return fail.New(fail.NotAllowed, "You may not do this to someone who may do what you may not: “{permission}”.", "permission", fail.Term(lack.Perm.Title))
}

// Grew is noted where there is one more of a kind that a plan counts, by the plan's name of it: "accounts". Invitations that are
// open count as the accounts that they become. The operation's end compares with the plan (CO-6).
type Grew string

// NewAccount is what is known of a person when they are added.
type NewAccount struct {
	Name, Username, Email, Code string
	// Password is a hash; empty where the person cannot sign in yet.
	Password string
	Issued   bool
}

// CreateAccount adds a person to an organization. A user name, e-mail address or code that is taken is a Conflict.
func CreateAccount(ctx context.Context, tx *db.Tx, org Organization, in NewAccount, now time.Time) (Account, error) {
	a := Account{ID: db.NewID(), Portal: org.Portal, Org: org.ID, OrgName: org.Name, Name: in.Name, Username: in.Username,
		Email: in.Email, Code: in.Code, PasswordIssued: in.Issued, Created: now}
	words, login := in.Words()
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO accounts (id, portal_id, org_id, name, name_key, username, username_key, email, email_key, code,
		password, password_issued, password_at, signed_in_at, created_at, archived_at, words, login_words, words_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?, ?, ?)`,
		a.ID, a.Portal, a.Org, a.Name, db.Key(a.Name), a.Username, db.Key(a.Username), a.Email, db.Key(a.Email), a.Code,
		in.Password, in.Issued, db.Micros(now), db.Micros(now), words, login, db.Key(a.Name)))
	if db.IsUnique(err) {
		return a, fail.New(fail.Conflict, "Somebody has this user name, e-mail address or code already.")
	}
	if err != nil {
		return a, err
	}
	tx.Note(Grew("accounts"))
	index, err := NewAccountIndexer(ctx, tx)
	if err != nil {
		return a, err
	}
	if err := index.Add(a.Portal, a.ID, a.Name, words, login); err != nil {
		return a, err
	}
	return a, index.Close()
}
