package network

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Member is a portal that is in a network.
type Member struct {
	Portal store.Portal
	Since  time.Time
}

type memberRow struct {
	portal db.ID
	since  int64
}

// Members are the portals that are in a network, by name. That is told to those who administer the network alone.
func Members(ctx context.Context, tx *db.Tx, n Network) ([]Member, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT m.portal_id, m.since FROM network_portals m JOIN portals p ON p.id = m.portal_id
		WHERE m.network_id = ? AND m.until = ? ORDER BY p.name, p.id LIMIT 1000`, n.ID, db.Never), func(s db.Scanner) (r memberRow, err error) {
		return r, s.Scan(&r.portal, &r.since)
	})
	out := make([]Member, len(rows))
	for i, r := range rows {
		if out[i].Portal, err = store.PortalOf(ctx, tx, r.portal); err != nil {
			return nil, err
		}
		out[i].Since = db.Time(r.since)
	}
	return out, err
}

// FindMember is one portal that is in a network.
func FindMember(ctx context.Context, tx *db.Tx, n Network, portal db.ID) (store.Portal, error) {
	in, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM network_portals WHERE network_id = ? AND portal_id = ? AND until = ?`, n.ID, portal, db.Never))
	if err != nil {
		return store.Portal{}, err
	}
	if in == 0 {
		return store.Portal{}, fail.Missing("portal")
	}
	return store.PortalOf(ctx, tx, portal)
}

// Membership is a network that a portal is in.
type Membership struct {
	Network
	Since time.Time
}

// Memberships are the networks that the portal of a permission is in, by name.
func Memberships(ctx context.Context, tx *db.Tx, within access.Within) ([]Membership, error) {
	type row struct{ network, since int64 }
	rows, err := db.All(ctx, tx, db.SQL(`SELECT m.network_id, m.since FROM network_portals m JOIN networks n ON n.id = m.network_id
		WHERE m.portal_id = ? AND m.until = ? ORDER BY n.name_key, n.id LIMIT 500`, within.Portal(), db.Never), func(s db.Scanner) (r row, err error) {
		return r, s.Scan(&r.network, &r.since)
	})
	out := make([]Membership, len(rows))
	for i, r := range rows {
		out[i].Since = db.Time(r.since)
		if out[i].Network, err = ByCode(ctx, tx, db.ID(r.network)); err != nil {
			return nil, err
		}
	}
	return out, err
}

// FindMembership is one network that the portal of a permission is in.
func FindMembership(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Network, error) {
	in, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM network_portals WHERE network_id = ? AND portal_id = ? AND until = ?`, id, within.Portal(), db.Never))
	if err != nil {
		return Network{}, err
	}
	if in == 0 {
		return Network{}, fail.Missing("network")
	}
	return ByCode(ctx, tx, id)
}

// Join puts a portal into a network. One that is in it already is a Conflict.
func Join(ctx context.Context, tx *db.Tx, n Network, portal store.Portal, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO network_portals (id, portal_id, network_id, since, until) VALUES (?, ?, ?, ?, ?)`, db.NewID(), portal.ID, n.ID,
		db.Micros(now), db.Never))
	if db.IsUnique(err) {
		err = fail.New(fail.Conflict, "The portal is in this network already.")
	}
	return err
}

// Leave takes a portal out of a network, and everybody who visits it by that.
func Leave(ctx context.Context, tx *db.Tx, n Network, portal db.ID, by db.ID, now time.Time) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE network_portals SET until = ? WHERE network_id = ? AND portal_id = ? AND until = ?`, db.Micros(now), n.ID, portal, db.Never)); err != nil {
		return err
	}
	return endVisitors(ctx, tx, db.SQL(`v.network_id = ? AND v.portal_id = ?`, n.ID, portal), by, now)
}

// SendHome ends the visits of one person to the portals of a network.
func SendHome(ctx context.Context, tx *db.Tx, n Network, person, by db.ID, now time.Time) error {
	return endVisitors(ctx, tx, db.SQL(`v.network_id = ? AND v.person_id = ?`, n.ID, person), by, now)
}

// endVisitors ends what visitors hold, and their visits. These grants are another portal's than the actor's mostly, so they are
// no changes of the operation's own portal, and not noted as such: the audit of each portal has a row of its own.
func endVisitors(ctx context.Context, tx *db.Tx, which db.Frag, by db.ID, now time.Time) error {
	at := db.Micros(now)
	who := db.SQL(`SELECT v.account_id FROM network_visitors v WHERE ?`, which)
	for _, q := range []db.Frag{
		db.SQL(`UPDATE grants SET until = ?, ended_by = ? WHERE until > ? AND account_id IN (?)`, at, by, at, who),
		db.SQL(`DELETE FROM sessions WHERE account_id IN (?)`, who),
		db.SQL(`UPDATE portals SET version = version + 1 WHERE id IN (SELECT v.portal_id FROM network_visitors v WHERE ?)`, which),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// PortalGone takes a portal that is deleted out of its networks, and ends those that it runs. The audit of each other portal
// that this concerns has a row of it.
func PortalGone(ctx context.Context, tx *db.Tx, p store.Portal, by db.ID, now time.Time) error {
	root := access.System(p.ID, "The portal is deleted", now)
	in, err := Memberships(ctx, tx, root.May(access.NetworkList))
	if err != nil {
		return err
	}
	for _, m := range in {
		if err := leftBehind(ctx, tx, m.Network, p.ID, m.Home, m.Network.Thing(), by, now); err != nil {
			return err
		}
	}
	runs, err := List(ctx, tx, root.May(access.NetworkEdit))
	if err != nil {
		return err
	}
	for _, n := range runs {
		members, err := Members(ctx, tx, n)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := leftBehind(ctx, tx, n, m.Portal.ID, m.Portal.ID, m.Portal.Thing(), by, now); err != nil {
				return err
			}
		}
		if err := End(ctx, tx, n, by, now); err != nil {
			return err
		}
	}
	return nil
}

// leftBehind takes a portal out of a network since one of the two is deleted, and writes it to the audit of the other.
func leftBehind(ctx context.Context, tx *db.Tx, n Network, portal, told db.ID, target access.Thing, by db.ID, now time.Time) error {
	if err := Leave(ctx, tx, n, portal, by, now); err != nil {
		return err
	}
	return store.AddAudit(ctx, tx, store.AuditRow{Portal: told, At: now, ActorName: "The network " + n.Name, Operation: "network.portal_deleted", Outcome: "done",
		Target: target.Place(), TargetName: n.Name, Detail: `{}`})
}
