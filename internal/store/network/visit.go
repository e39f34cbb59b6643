package network

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/store"
)

// Visitor is an account by which somebody of another portal visits.
type Visitor struct {
	Account db.ID
	Portal  db.ID
	Network Network
	// Person is who it is at home.
	Person db.ID
	// PersonName is what they are called there, Name here.
	PersonName, Name string
}

// VisitorFor is the account by which somebody of a network's home visits a portal that is in it; it is made where there is none
// yet. It is archived from the first: it stands in no list, signs in nowhere, and receives nothing by its name (NA-1).
func VisitorFor(ctx context.Context, tx *db.Tx, n Network, portal store.Portal, person *access.Actor, now time.Time) (Visitor, error) {
	v := Visitor{Portal: portal.ID, Network: n, Person: person.Account, PersonName: person.Name, Name: visitorName(person.Name, n.HomeName)}
	id, err := db.Val[db.ID](ctx, tx, db.SQL(`SELECT account_id FROM network_visitors WHERE portal_id = ? AND network_id = ? AND person_id = ?`, portal.ID, n.ID, person.Account))
	if err == nil {
		v.Account = id
		return v, renameVisitor(ctx, tx, v)
	}
	if !fail.Is(err, fail.NotFound) {
		return v, err
	}
	root := store.Organization{ID: portal.ID, Portal: portal.ID, Name: portal.Name}
	made, err := store.CreateAccount(ctx, tx, root, store.NewAccount{Name: v.Name, Username: "visitor:" + db.NewID().String()}, now)
	if err != nil {
		return v, err
	}
	v.Account = made.ID
	if err := store.ArchiveAccount(ctx, tx, made, now); err != nil {
		return v, err
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO network_visitors (account_id, portal_id, network_id, home_id, person_id) VALUES (?, ?, ?, ?, ?)`, v.Account, v.Portal, n.ID, n.Home, v.Person))
	return v, err
}

// visitorName is what somebody is called in a portal that they visit: "Ana Full (Acme)".
func visitorName(person, home string) string {
	name := []rune(person + " (" + home + ")")
	return string(name[:min(len(name), form.MaxName)])
}

// renameVisitor keeps a visitor's name as it is at home.
func renameVisitor(ctx context.Context, tx *db.Tx, v Visitor) error {
	was, err := db.Val[string](ctx, tx, db.SQL(`SELECT username FROM accounts WHERE id = ?`, v.Account))
	if err != nil {
		return err
	}
	return store.SaveAccount(ctx, tx, store.Account{ID: v.Account, Portal: v.Portal, Name: v.Name, Username: was})
}

// HandOver keeps the one link by which somebody comes to a portal, in place of any before; it is opened once, until its end.
func HandOver(ctx context.Context, tx *db.Tx, v Visitor, session db.ID, reason string, hash []byte, now, until time.Time) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE account_id = ? AND kind = 'visit_link'`, v.Account)); err != nil {
		return err
	}
	return store.BeginSession(ctx, tx, store.Session{ID: db.NewID(), Portal: v.Portal, Account: v.Account, Parent: session, Kind: store.VisitLink,
		Name: v.Network.HomeName, Agent: reason, Created: now, Until: until}, hash)
}

type visitorRow struct{ account, network, person db.ID }

// Handed is who comes to a portal by the hash of a link, and why; NotFound where there is no such link for this portal.
func Handed(ctx context.Context, tx *db.Tx, portal db.ID, hash []byte) (v Visitor, link store.Session, err error) {
	if link, err = store.SessionAt(ctx, tx, portal, store.VisitLink, hash); err != nil {
		return v, link, err
	}
	row, err := db.One(ctx, tx, db.SQL(`SELECT account_id, network_id, person_id FROM network_visitors WHERE account_id = ? AND portal_id = ?`, link.Account, portal),
		func(s db.Scanner) (r visitorRow, err error) { return r, s.Scan(&r.account, &r.network, &r.person) })
	if err != nil {
		return v, link, err
	}
	v = Visitor{Account: row.account, Portal: portal, Person: row.person, Name: link.AccountName}
	v.Network, err = ByCode(ctx, tx, row.network)
	return v, link, err
}

// BeginVisit opens the session of a visit, instead of any other of the visitor's, with the full administrator's role, and notes
// it for the portal. The portal agreed to it by joining.
func BeginVisit(ctx context.Context, tx *db.Tx, v Visitor, portal store.Portal, s store.Session, hash []byte, reason string) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE account_id = ?`, v.Account)); err != nil {
		return err
	}
	if err := store.BeginSession(ctx, tx, s, hash); err != nil {
		return err
	}
	at := db.Micros(s.Created)
	if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO visits (id, portal_id, account_id, network_name, home_name, person_name, reason, began_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.ID, v.Portal, v.Account, v.Network.Name, v.Network.HomeName, v.PersonName, reason, at, at)); err != nil {
		return err
	}
	thing := portal.Thing()
	held, err := store.OpenGrants(ctx, tx, store.GrantFilter{Portal: v.Portal, Account: v.Account, Roles: access.Roles{access.Admin}, Place: thing.Place()}, s.Created)
	if err != nil || len(held) > 0 {
		return err
	}
	return store.Begin(ctx, tx, store.NewGrant{Account: v.Account, Role: access.Admin, At: thing, Since: s.Created, ByConsent: true})
}

// EndVisit ends one visit; it tells whether there was one.
func EndVisit(ctx context.Context, tx *db.Tx, portal, id db.ID, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE id = ? AND portal_id = ? AND kind = 'visit'`, id, portal))
	if err != nil || n == 0 {
		return false, err
	}
	return true, store.SeeActing(ctx, tx, id, now)
}

// NetworkOf is the network by which an account visits.
func NetworkOf(ctx context.Context, tx *db.Tx, account db.ID) (Network, error) {
	id, err := db.Val[db.ID](ctx, tx, db.SQL(`SELECT network_id FROM network_visitors WHERE account_id = ?`, account))
	if err != nil {
		return Network{}, err
	}
	return ByCode(ctx, tx, id)
}

// Visit is one time that somebody came by a network.
type Visit struct {
	ID, Account db.ID
	// Network, Home and Person are what they were called then.
	Network, Home, Person, Reason string
	// Began is when it began, Last when something was last done by it, to a minute.
	Began, Last time.Time
	// Open: it goes on.
	Open bool
}

// ListVisits are the visits to the portal of a permission in the last year, the last first, before one of them where it is set.
func ListVisits(ctx context.Context, tx *db.Tx, within access.Within, before db.ID, size int, now time.Time) ([]Visit, error) {
	if before == 0 {
		before = db.ID(db.Never)
	}
	return db.All(ctx, tx, db.SQL(`SELECT v.id, v.account_id, v.network_name, v.home_name, v.person_name, v.reason, v.began_at, v.last_at,
		CASE WHEN EXISTS (SELECT 1 FROM sessions s WHERE s.id = v.id AND s.until > ? AND s.seen_at > ?) THEN 1 ELSE 0 END
		FROM visits v WHERE v.portal_id = ? AND v.id < ? AND v.began_at > ? ORDER BY v.id DESC LIMIT ?`, db.Micros(now), db.Micros(now.Add(-store.ActingIdle)),
		within.Portal(), before, db.Micros(now.Add(-store.ActingsKept)), size), func(s db.Scanner) (v Visit, err error) {
		var began, last int64
		var open int
		err = s.Scan(&v.ID, &v.Account, &v.Network, &v.Home, &v.Person, &v.Reason, &began, &last, &open)
		v.Began, v.Last, v.Open = db.Time(began), db.Time(last), open == 1
		return v, err
	})
}
