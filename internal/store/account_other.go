package store

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// OwnAccount is the actor's own account, where they may do this with it.
func OwnAccount(ctx context.Context, tx *db.Tx, within access.Within) (Account, error) {
	return FindAccount(ctx, tx, within, within.Actor().Account)
}

// OtherAccounts are accounts of a portal that are not archived, by name, for what names them already: it asks no permission.
func OtherAccounts(ctx context.Context, tx *db.Tx, portal db.ID, ids []db.ID, now time.Time) ([]Account, error) {
	all, err := EveryAccount(ctx, tx, portal, ids, now)
	return slices.DeleteFunc(all, func(a Account) bool { return !a.Archived.IsZero() }), err
}

// EveryAccount is OtherAccounts with those who are archived.
func EveryAccount(ctx context.Context, tx *db.Tx, portal db.ID, ids []db.ID, now time.Time) ([]Account, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE a.id IN ? AND a.portal_id = ? ORDER BY a.name_key, a.id`, ids, portal), scanAccount)
	if err != nil {
		return nil, err
	}
	return rows, withTeams(ctx, tx, rows, now)
}

// VisibleAccounts are those of some people who are within what a permission reaches; the others are left out.
func VisibleAccounts(ctx context.Context, tx *db.Tx, within access.Within, ids []db.ID) ([]Account, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE a.id IN ? AND a.archived_at = 0 AND ? ORDER BY a.name_key, a.id`,
		ids, within.Where("a")), scanAccount)
	if err != nil {
		return nil, err
	}
	return rows, withTeams(ctx, tx, rows, db.Time(within.Actor().Now()))
}

// FindAccounts are several people within what a permission reaches, all of them or NotFound; those who are archived are not found.
func FindAccounts(ctx context.Context, tx *db.Tx, within access.Within, ids []db.ID) ([]Account, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE a.id IN ? AND a.archived_at = 0 AND ? ORDER BY a.name_key, a.id`,
		ids, within.Where("a")), scanAccount)
	if err != nil {
		return nil, err
	}
	here := make(map[db.ID]bool, len(rows))
	for _, a := range rows {
		here[a.ID] = true
	}
	for _, id := range ids {
		if !here[id] {
			return nil, fail.Missing("person")
		}
	}
	return rows, withTeams(ctx, tx, rows, db.Time(within.Actor().Now()))
}
