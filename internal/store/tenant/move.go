package tenant

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/store/past"
)

// movedAtOnce is how many people move by the same statements.
const movedAtOnce = 1000

// AccountsWithin are those of an organization itself, archived ones too, whom a permission reaches.
func AccountsWithin(ctx context.Context, tx *db.Tx, within access.Within, o store.Organization) ([]db.ID, error) {
	return db.All(ctx, tx, db.SQL(`SELECT a.id FROM accounts a WHERE a.org_id = ? AND ? ORDER BY a.id`, o.ID, within.Where("a")), db.ScanID)
}

// held is an account type that somebody holds where they live.
type held struct {
	account db.ID
	role    access.RoleID
	until   int64
}

// move is the move of everybody of one organization into another.
type move struct {
	from, to store.Organization
	rules    *access.Rules
	types    []access.RoleID
	// learners: whoever carries no account type along becomes a learner there.
	learners bool
	by       db.ID
	now      time.Time
}

// MovePeople puts people of one organization into another, as store.MoveAccount does for one, by a few statements for each thousand
// of them: account types that they hold where they live go along, as do their enrolments with the figures over them. Whoever carries
// none becomes a learner there, where learners is set. The people are the caller's to move (PT-1).
func MovePeople(ctx context.Context, tx *db.Tx, people []store.Account, from, to store.Organization, rules *access.Rules, learners bool, by db.ID, now time.Time) error {
	m := &move{from: from, to: to, rules: rules, learners: learners, by: by, now: now}
	for _, role := range rules.Types() {
		m.types = append(m.types, role.ID)
	}
	for part := range slices.Chunk(people, movedAtOnce) {
		if err := m.part(ctx, tx, part); err != nil {
			return err
		}
	}
	return store.Changed(ctx, tx, from.Portal)
}

func (m *move) part(ctx context.Context, tx *db.Tx, people []store.Account) error {
	ids := make([]db.ID, len(people))
	for i, a := range people {
		ids[i] = a.ID
		before, after := a.Thing(), a.Thing()
		after.Org = m.to.ID
		tx.Note(store.Moved{Before: before, After: after})
	}
	types, err := m.leave(ctx, tx, ids)
	if err != nil {
		return err
	}
	if err := past.Leave(ctx, tx, access.Account, db.SQL(`id IN ?`, ids), m.now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET org_id = ? WHERE id IN ?`, m.to.ID, ids)); err != nil {
		return err
	}
	if err := store.MoveEnrolmentsOf(ctx, tx, ids, m.to.ID); err != nil {
		return err
	}
	return m.arrive(ctx, tx, ids, types)
}

// leave ends the account types that people hold at the organization, and says which they were.
func (m *move) leave(ctx context.Context, tx *db.Tx, ids []db.ID) ([]held, error) {
	home := m.from.PlaceThing()
	at, place := db.Micros(m.now), home.Place()
	which := db.SQL(`account_id IN ? AND portal_id = ? AND place_kind = ? AND place_id = ? AND policy_id IS NULL AND role IN ? AND since <= ? AND until > ?`,
		ids, m.from.Portal, place.Kind.String(), place.ID, m.types, at, at)
	types, err := db.All(ctx, tx, db.SQL(`SELECT account_id, role, until FROM grants WHERE ? ORDER BY id`, which),
		func(s db.Scanner) (h held, err error) { return h, s.Scan(&h.account, &h.role, &h.until) })
	if err != nil || len(types) == 0 {
		return nil, err
	}
	kind := m.to.PlaceThing().Kind
	for _, h := range types {
		if role := m.rules.Role(h.role); !role.MayBeAt(kind) {
			return nil, fail.New(fail.Conflict, "{role} is held in the whole portal only. End that first.", "role", fail.Term(role.Title))
		}
		tx.Note(store.Ended{Account: h.account, Role: h.role, Place: place})
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE grants SET until = ?, ended_by = ? WHERE ?`, at, m.by, which))
	return types, err
}

// arrive begins at the other organization what people carry along, but what they hold there already.
func (m *move) arrive(ctx context.Context, tx *db.Tx, ids []db.ID, types []held) error {
	place, at := m.to.PlaceThing(), db.Micros(m.now)
	there, err := db.All(ctx, tx, db.SQL(`SELECT account_id, role FROM grants WHERE account_id IN ? AND portal_id = ? AND place_kind = ? AND place_id = ? AND policy_id IS NULL
		AND role IN ? AND until > ?`, ids, m.to.Portal, place.Kind.String(), place.ID, m.types, at), func(s db.Scanner) (h held, err error) { return h, s.Scan(&h.account, &h.role) })
	if err != nil {
		return err
	}
	has, some := map[held]bool{}, map[db.ID]bool{}
	for _, h := range there {
		has[h], some[h.account] = true, true
	}
	for _, h := range types {
		some[h.account] = true
	}
	if m.learners {
		for _, id := range ids {
			if !some[id] {
				types = append(types, held{id, access.Learner, db.Never})
			}
		}
	}
	batch, err := tx.Batch(ctx, `INSERT INTO grants (id, portal_id, account_id, group_id, role, place_kind, place_id, policy_id, since, until, begun_by, ended_by)
		VALUES (?, ?, ?, NULL, ?, ?, ?, NULL, ?, ?, ?, 0)`)
	if err != nil {
		return err
	}
	for _, h := range types {
		if has[held{account: h.account, role: h.role}] {
			continue
		}
		g := store.NewGrant{ID: db.NewID(), Account: h.account, Role: h.role, At: place, Since: m.now, By: m.by, Carried: true}
		if h.until != db.Never {
			g.Until = db.Time(h.until)
		}
		if err := batch.Exec(int64(g.ID), int64(place.Portal), int64(g.Account), string(g.Role), place.Kind.String(), int64(place.ID), at, h.until, int64(m.by)); err != nil {
			return err
		}
		tx.Note(store.Begun{NewGrant: g})
	}
	return batch.Close()
}
