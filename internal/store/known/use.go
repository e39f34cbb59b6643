// Package known holds what a node has in mind of its portals and may lose: the grants that were used, until they are written
// down, and what was read of people and places, while nothing changes.
package known

import (
	"context"
	"sync"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Uses are the grants that people's requests were decided by (BE-4): noted in memory, each once a day, and written down at
// intervals, so that no request writes. What a process that dies has noted since is lost: some minutes, in ninety days.
type Uses struct {
	mu    sync.Mutex
	day   int64
	known map[use]int64
	fresh []use
}

// use is a grant, or what a person had through an access group: their being in it.
type use struct{ grant, group, account db.ID }

// maxUses bounds the grants of one day that are kept in mind; what comes past it is noted on another day.
const maxUses = 100_000

// NewUses knows of none.
func NewUses() *Uses { return &Uses{known: map[use]int64{}} }

const microsADay = 86_400_000_000

// Of notes the uses of an account at a moment.
func (u *Uses) Of(account db.ID, now time.Time) access.Noter {
	at := db.Micros(now)
	return func(grant, group db.ID) {
		u.mu.Lock()
		defer u.mu.Unlock()
		if day := at / microsADay; day != u.day {
			u.day = day
			clear(u.known)
		}
		u.add(use{grant: grant}, at)
		if group != 0 {
			u.add(use{group: group, account: account}, at)
		}
	}
}

func (u *Uses) add(key use, at int64) {
	if _, noted := u.known[key]; noted || len(u.known) >= maxUses || len(u.fresh) >= maxUses {
		return
	}
	u.known[key] = at
	u.fresh = append(u.fresh, key)
}

// Flush writes down what was noted since it was last called; nothing is lost where that fails.
func (u *Uses) Flush(ctx context.Context, d *db.DB) error {
	u.mu.Lock()
	list, at := u.fresh, make([]int64, len(u.fresh))
	for i, key := range list {
		at[i] = u.known[key]
		if at[i] == 0 { // a day has passed
			at[i] = u.day * microsADay
		}
	}
	u.fresh = nil
	u.mu.Unlock()
	if len(list) == 0 {
		return nil
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		for i, key := range list {
			if err := writeUse(ctx, tx, key, at[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		u.mu.Lock()
		u.fresh = append(list, u.fresh...)
		u.mu.Unlock()
	}
	return err
}

func writeUse(ctx context.Context, tx *db.Tx, key use, at int64) error {
	which := db.SQL("g.id = ?", key.grant)
	if key.group != 0 {
		which = db.SQL("g.account_id = ? AND g.place_kind = 'access_group' AND g.place_id = ? AND g.role = 'access_group_member' AND g.until > ?", key.account, key.group, at)
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO grant_uses (grant_id, used_at) SELECT g.id, CAST(? AS BIGINT) FROM grants g WHERE ?
		ON CONFLICT (grant_id) DO UPDATE SET used_at = excluded.used_at WHERE grant_uses.used_at < excluded.used_at`, at, which))
	return err
}
