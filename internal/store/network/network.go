// Package network holds the nouns of networks: several portals that whoever administers the network may enter, with their
// memberships and the visits by them (NA-1). It is the one place where rows of two portals are read together (PT-4).
package network

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Network is several portals that whoever administers it may enter. It lies in the portal that runs it, its home.
type Network struct {
	ID   db.ID
	Home db.ID
	// HomeName is what the home calls itself.
	HomeName string
	Name     string
	// Password is a hash, Changed when it was set.
	Password         string
	Changed, Created time.Time
	// Portals is how many are in it.
	Portals int
}

// Thing is the network as a thing that permissions are asked about.
func (n Network) Thing() access.Thing {
	return access.Thing{Kind: access.Network, ID: n.ID, Portal: n.Home, Org: n.Home}
}

const columns = `n.id, n.portal_id, n.name, n.password, n.password_at, n.created_at,
	(SELECT count(*) FROM network_portals m WHERE m.network_id = n.id AND m.until = 9223372036854775807) FROM networks n JOIN portals h ON h.id = n.portal_id `

func scan(s db.Scanner) (n Network, err error) {
	var changed, created int64
	err = s.Scan(&n.ID, &n.Home, &n.Name, &n.Password, &changed, &created, &n.Portals)
	n.Changed, n.Created = db.Time(changed), db.Time(created)
	return n, err
}

// named fills in what a network's home calls itself.
func named(ctx context.Context, tx *db.Tx, n Network, err error) (Network, error) {
	if err != nil {
		return n, err
	}
	home, err := store.PortalOf(ctx, tx, n.Home)
	n.HomeName = home.Shown()
	return n, err
}

// Find is one network within what a permission reaches. One that is seen, but not to be touched so, is NotAllowed.
func Find(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Network, error) {
	at := func(w access.Within) (Network, error) {
		return db.One(ctx, tx, db.SQL(`SELECT `+columns+`WHERE n.id = ? AND n.ended_at = 0 AND ?`, id, w.Where("n")), scan)
	}
	n, err := at(within)
	if !fail.Is(err, fail.NotFound) {
		return named(ctx, tx, n, err)
	}
	if _, err := at(within.Actor().May(access.NetworkEdit)); err == nil {
		return n, store.NotAllowed(within)
	}
	return n, fail.Missing("network")
}

// List are the networks within what a permission reaches, by name.
func List(ctx context.Context, tx *db.Tx, within access.Within) ([]Network, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+columns+`WHERE n.ended_at = 0 AND ? ORDER BY n.name_key, n.id LIMIT 500`, within.Where("n")), scan)
}

// ByCode is a network by its ID, whoever runs it; the zero Network where there is none. It shows nothing: the password does.
func ByCode(ctx context.Context, tx *db.Tx, id db.ID) (Network, error) {
	n, err := db.One(ctx, tx, db.SQL(`SELECT `+columns+`WHERE n.id = ? AND n.ended_at = 0 AND h.deleted_at = 0`, id), scan)
	if fail.Is(err, fail.NotFound) {
		return Network{}, nil
	}
	return named(ctx, tx, n, err)
}

var errName = fail.Wrong("name", "You run a network of this name already.")

// Create makes a network that a portal runs. A name that the portal has for another is Invalid.
func Create(ctx context.Context, tx *db.Tx, home store.Portal, name, password string, now time.Time) (Network, error) {
	n := Network{ID: db.NewID(), Home: home.ID, HomeName: home.Shown(), Name: name, Password: password, Changed: now, Created: now}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO networks (id, portal_id, name, name_key, password, password_at, created_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
		n.ID, n.Home, n.Name, db.Key(n.Name), n.Password, db.Micros(now), db.Micros(now)))
	if db.IsUnique(err) {
		err = errName
	}
	return n, err
}

// Rename gives a network another name.
func Rename(ctx context.Context, tx *db.Tx, n Network, name string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE networks SET name = ?, name_key = ? WHERE id = ?`, name, db.Key(name), n.ID))
	if db.IsUnique(err) {
		err = errName
	}
	return err
}

// SetPassword keeps the hash of the password by which portals join from now on.
func SetPassword(ctx context.Context, tx *db.Tx, n Network, hash string, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE networks SET password = ?, password_at = ? WHERE id = ?`, hash, db.Micros(now), n.ID))
	return err
}

// End ends a network for good, whose portals have left, and what people hold at it.
func End(ctx context.Context, tx *db.Tx, n Network, by db.ID, now time.Time) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE networks SET ended_at = ? WHERE id = ?`, db.Micros(now), n.ID)); err != nil {
		return err
	}
	thing := n.Thing()
	_, err := store.End(ctx, tx, store.GrantFilter{Portal: n.Home, Place: thing.Place()}, by, now)
	return err
}

// Person is somebody at the home of a network.
type Person struct {
	ID          db.ID
	Name, Email string
	// Named: they were named its administrator; else they may do all in the portal that runs it.
	Named bool
}

// Administrators are those who may enter the portals of a network now, by name: whoever was named and still is a full
// administrator of its home, and the super administrator there.
func Administrators(ctx context.Context, tx *db.Tx, n Network, now time.Time) ([]Person, error) {
	people, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT a.id, a.name, a.email, CASE WHEN EXISTS (SELECT 1 FROM grants x WHERE x.account_id = a.id AND x.place_kind = 'network'
		AND x.place_id = ? AND x.until > ?) THEN 1 ELSE 0 END, a.name_key FROM grants g JOIN accounts a ON a.id = g.account_id WHERE g.portal_id = ? AND a.archived_at = 0 AND g.until > ?
		AND ((g.place_kind = 'network' AND g.place_id = ?) OR g.role = 'super') ORDER BY a.name_key, a.id`, n.ID, db.Micros(now), n.Home, db.Micros(now), n.ID),
		func(s db.Scanner) (p Person, err error) {
			var named int
			var key string
			err = s.Scan(&p.ID, &p.Name, &p.Email, &named, &key)
			p.Named = named == 1
			return p, err
		})
	if err != nil || len(people) == 0 {
		return nil, err
	}
	rules, err := store.LoadRules(ctx, tx, n.Home)
	if err != nil {
		return nil, err
	}
	ids := make([]db.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	actors, err := store.LoadActors(ctx, tx, rules, ids, now)
	thing := n.Thing()
	return slices.DeleteFunc(people, func(p Person) bool {
		return !slices.ContainsFunc(actors, func(a *access.Actor) bool { return a.Account == p.ID && a.Can(access.NetworkEnter, &thing) })
	}), err
}

// PortalAdmins are the full administrators of a portal who have an address, to be told of what becomes of it.
func PortalAdmins(ctx context.Context, tx *db.Tx, portal db.ID, now time.Time) ([]Person, error) {
	return db.All(ctx, tx, db.SQL(`SELECT a.id, a.name, a.email FROM accounts a WHERE a.portal_id = ? AND a.archived_at = 0 AND a.email <> '' AND a.id IN
		(SELECT g.account_id FROM grants g WHERE g.portal_id = ? AND g.place_kind = 'portal' AND g.role IN ('super', 'administrator') AND g.since <= ? AND g.until > ?)
		ORDER BY a.name_key, a.id LIMIT 50`, portal, portal, db.Micros(now), db.Micros(now)), func(s db.Scanner) (p Person, err error) {
		return p, s.Scan(&p.ID, &p.Name, &p.Email)
	})
}

// Failed is how often joining a network failed lately, from all portals together, and when it is counted anew.
func Failed(ctx context.Context, tx *db.Tx, subject string, now time.Time) (failed int, again time.Time, err error) {
	type count struct{ failed, since int64 }
	c, err := db.One(ctx, tx, db.SQL(`SELECT coalesce(CAST(sum(failed) AS BIGINT), 0), coalesce(max(since), 0) FROM attempts WHERE subject = ? AND since > ?`, subject,
		db.Micros(now.Add(-store.AttemptWindow))), func(s db.Scanner) (c count, err error) { return c, s.Scan(&c.failed, &c.since) })
	return int(c.failed), db.Time(c.since).Add(store.AttemptWindow), err
}
