// Package kin holds what people are to each other: relations, and requests to be friends.
package kin

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Relation is what one person is to another: a grant at a person.
type Relation struct {
	ID   db.ID
	Role access.RoleID
	// Who holds it, Whom it is over.
	Who, Whom db.ID
	// Since and Until bound it; Until is zero where it has no end.
	Since, Until time.Time
}

var relationRoles = func() (out []string) {
	for _, r := range access.Relations {
		out = append(out, string(r))
	}
	return out
}()

const relationColumns = `g.id, g.role, g.account_id, g.place_id, g.since, g.until`

func scanRelation(s db.Scanner) (r Relation, err error) {
	var since, until int64
	err = s.Scan(&r.ID, &r.Role, &r.Who, &r.Whom, &since, &until)
	r.Since = db.Time(since)
	if until != db.Never {
		r.Until = db.Time(until)
	}
	return r, err
}

// MaxRelations is how many relations of one person are read.
const MaxRelations = 500

// RelationsOf are the relations of a person that are open: what others are to them, and what they are to others.
func RelationsOf(ctx context.Context, tx *db.Tx, who store.Account, now time.Time) ([]Relation, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT `+relationColumns+` FROM grants g WHERE g.place_kind = 'account' AND g.place_id = ? AND g.portal_id = ?
		AND g.role IN ? AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ?
		UNION ALL SELECT `+relationColumns+` FROM grants g WHERE g.account_id = ? AND g.portal_id = ? AND g.place_kind = 'account' AND g.role IN ?
		AND g.since <= ? AND g.until > ? ORDER BY 2, 5, 1 LIMIT ?`,
		who.ID, who.Portal, relationRoles, at, at, who.ID, who.Portal, relationRoles, at, at, MaxRelations), scanRelation)
}

// FindRelation is an open relation over a person.
func FindRelation(ctx context.Context, tx *db.Tx, whom store.Account, id db.ID, now time.Time) (Relation, error) {
	at := db.Micros(now)
	r, err := db.One(ctx, tx, db.SQL(`SELECT `+relationColumns+` FROM grants g WHERE g.id = ? AND g.place_kind = 'account' AND g.place_id = ? AND g.portal_id = ?
		AND g.role IN ? AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ?`, id, whom.ID, whom.Portal, relationRoles, at, at), scanRelation)
	if fail.Is(err, fail.NotFound) {
		return r, fail.Missing("relation")
	}
	return r, err
}

// FriendRequest is one person's wish to be another's friend.
type FriendRequest struct {
	ID       db.ID
	From, To db.ID
	Asked    time.Time
}

// FriendRequests are the open requests of a person, those that they made and those that wait for them.
func FriendRequests(ctx context.Context, tx *db.Tx, who store.Account) ([]FriendRequest, error) {
	return db.All(ctx, tx, db.SQL(`SELECT id, from_id, to_id, asked_at FROM friend_requests WHERE to_id = ? AND answered_at = 0
		UNION ALL SELECT id, from_id, to_id, asked_at FROM friend_requests WHERE from_id = ? AND answered_at = 0 ORDER BY 1 LIMIT ?`, who.ID, who.ID, MaxRelations), scanRequest)
}

func scanRequest(s db.Scanner) (r FriendRequest, err error) {
	var asked int64
	err = s.Scan(&r.ID, &r.From, &r.To, &asked)
	r.Asked = db.Time(asked)
	return r, err
}

// AskFriend writes down a request. One that waits for an answer already is a Conflict.
func AskFriend(ctx context.Context, tx *db.Tx, from, to store.Account, now time.Time) (db.ID, error) {
	id := db.NewID()
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO friend_requests (id, portal_id, from_id, to_id, asked_at, answered_at, accepted) VALUES (?, ?, ?, ?, ?, 0, FALSE)`,
		id, from.Portal, from.ID, to.ID, db.Micros(now)))
	if db.IsUnique(err) {
		return id, fail.New(fail.Conflict, "You have asked them already.")
	}
	return id, err
}

// AnswerFriend ends an open request to a person, and returns it.
func AnswerFriend(ctx context.Context, tx *db.Tx, to store.Account, id db.ID, accepted bool, now time.Time) (FriendRequest, error) {
	r, err := db.One(ctx, tx, db.SQL(`UPDATE friend_requests SET answered_at = ?, accepted = ? WHERE id = ? AND to_id = ? AND answered_at = 0
		RETURNING id, from_id, to_id, asked_at`, db.Micros(now), accepted, id, to.ID), scanRequest)
	if fail.Is(err, fail.NotFound) {
		return r, fail.Missing("request")
	}
	return r, err
}

// PeopleNamed are the names of accounts of a portal that are not archived, for what names them already: it asks no permission.
func PeopleNamed(ctx context.Context, tx *db.Tx, portal db.ID, ids []db.ID) (map[db.ID]string, error) {
	type named struct {
		id   db.ID
		name string
	}
	out := map[db.ID]string{}
	for n, err := range db.Each(ctx, tx, db.SQL(`SELECT id, name FROM accounts WHERE portal_id = ? AND id IN ? AND archived_at = 0`, portal, ids),
		func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.id, &n.name) }) {
		if err != nil {
			return out, err
		}
		out[n.id] = n.name
	}
	return out, nil
}

// MakeFriends lets two people see each other, the one who asked and the one who agreed.
func MakeFriends(ctx context.Context, tx *db.Tx, a, b store.Account, by db.ID, now time.Time) error {
	for _, pair := range [][2]store.Account{{a, b}, {b, a}} {
		if err := store.Begin(ctx, tx, store.NewGrant{Account: pair[0].ID, Role: access.FriendOf, At: pair[1].Thing(), Since: now, By: by, ByConsent: true}); err != nil {
			return err
		}
	}
	return nil
}

// EndFriends ends a friendship on both sides, and tells whether there was one.
func EndFriends(ctx context.Context, tx *db.Tx, a store.Account, other, by db.ID, now time.Time) (bool, error) {
	some := false
	for _, pair := range [][2]db.ID{{a.ID, other}, {other, a.ID}} {
		n, err := store.End(ctx, tx, store.GrantFilter{Portal: a.Portal, Account: pair[0], Roles: access.Roles{access.FriendOf}, Place: access.Place{Kind: access.Account, ID: pair[1]}}, by, now)
		if err != nil {
			return false, err
		}
		some = some || n > 0
	}
	return some, nil
}

// atHome is the condition of a grant that is an account type: of the person themselves, where they live.
const atHome = `g.place_kind IN ('portal', 'organization') AND g.account_id IS NOT NULL AND g.policy_id IS NULL AND g.since <= ? AND g.until > ?`

// Administered are the names of the organizations that some people are organization administrators of, by person.
func Administered(ctx context.Context, tx *db.Tx, portal db.ID, people []db.ID, now time.Time) (map[db.ID][]string, error) {
	type named struct {
		id   db.ID
		name string
	}
	at := db.Micros(now)
	out := map[db.ID][]string{}
	for n, err := range db.Each(ctx, tx, db.SQL(`SELECT g.account_id, o.name FROM grants g JOIN organizations o ON o.id = g.place_id
		WHERE g.account_id IN ? AND g.portal_id = ? AND g.role = ? AND `+atHome+` ORDER BY o.name_key, o.id`, people, portal, string(access.OrgAdmin), at, at),
		func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.id, &n.name) }) {
		if err != nil {
			return out, err
		}
		out[n.id] = append(out[n.id], n.name)
	}
	return out, nil
}

// maxAdministrators is how many administrators are named to those who may know who they are.
const maxAdministrators = 50

// Administrators are those of the portal, and of an organization and the ones above it, where a permission reaches the
// organization; account types that are off do not count.
func Administrators(ctx context.Context, tx *db.Tx, within access.Within, org access.Thing, off map[access.RoleID]bool) ([]db.ID, error) {
	if within.Has(&org) == nil {
		return nil, nil
	}
	var types []string
	for _, r := range access.Administrators {
		if !off[r] {
			types = append(types, string(r))
		}
	}
	now := within.Actor().Now()
	return db.All(ctx, tx, db.SQL(`SELECT DISTINCT g.account_id FROM grants g WHERE g.portal_id = ? AND g.role IN ?
		AND g.role NOT IN ('course_learner', 'team_member', 'learner') AND `+atHome+`
		AND (g.place_kind = 'portal' OR g.place_id IN (SELECT u.ancestor_id FROM org_under u WHERE u.org_id = ?)) LIMIT ?`,
		org.Portal, types, now, now, org.ID, maxAdministrators), func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
}
