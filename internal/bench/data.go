package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// portal is a generated portal in a file of its own.
type portal struct {
	env   *op.Env
	super store.Account
	id    db.ID
	orgs  []store.Organization
	// first is the first account's ID; the others follow it without gaps.
	first  db.ID
	people int
	path   string
	dir    string
}

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// newPortal makes a portal of some people in a tree of organizations, each a learner where they are.
func newPortal(ctx context.Context, people, orgs int) (*portal, error) {
	dir, err := os.MkdirTemp("", "provost-bench-")
	if err != nil {
		return nil, err
	}
	p := &portal{people: people, dir: dir, path: filepath.Join(dir, "portal.db")}
	d, err := db.Open(ctx, p.path)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	p.env = &op.Env{DB: d, Cache: store.NewCache(), Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Key: make([]byte, 32)}
	made, err := action.CreatePortal(ctx, p.env, action.NewPortal{Name: "Bench", Admin: "Super", Username: "super"})
	if err != nil {
		return nil, err
	}
	p.super, p.id = made.Super, made.Portal.ID
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	if err := d.Write(ctx, func(tx *db.Tx) error { return p.fill(ctx, tx, orgs) }); err != nil {
		return nil, err
	}
	return p, d.Analyze(ctx)
}

func (p *portal) close() {
	_ = p.env.DB.Close()
	_ = os.RemoveAll(p.dir)
}

func (p *portal) fill(ctx context.Context, tx *db.Tx, orgs int) error {
	p.orgs = []store.Organization{{ID: p.id, Portal: p.id, Name: "Bench"}}
	for i := 1; i < orgs; i++ {
		o, err := store.CreateOrganization(ctx, tx, p.orgs[(i-1)/8], fmt.Sprintf("Organization %d", i), "", now)
		if err != nil {
			return err
		}
		p.orgs = append(p.orgs, o)
	}
	accounts, err := tx.Batch(ctx, `INSERT INTO accounts (id, portal_id, org_id, name, name_key, username, username_key, email, email_key, code,
		password, password_issued, password_at, signed_in_at, created_at, archived_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', FALSE, 0, 0, ?, 0)`)
	if err != nil {
		return err
	}
	grants, err := tx.Batch(ctx, `INSERT INTO grants (id, portal_id, account_id, role, place_kind, place_id, since, until, begun_by, ended_by)
		VALUES (?, ?, ?, 'learner', 'organization', ?, 0, ?, 0, 0)`)
	if err != nil {
		return err
	}
	p.first = db.NewID() + 1<<40
	draw := rand.New(rand.NewPCG(1, 2))
	for i := range p.people {
		id, org := p.first+db.ID(i), p.orgs[1+draw.IntN(len(p.orgs)-1)]
		name, username := fmt.Sprintf("%s %s %d", pick(draw, given), pick(draw, family), i), fmt.Sprintf("p%d", i)
		email := username + "@bench.test"
		if err := accounts.Exec(id, p.id, org.ID, name, db.Key(name), username, username, email, email, db.Micros(now)); err != nil {
			return err
		}
		if err := grants.Exec(id, p.id, id, org.ID, db.Never); err != nil {
			return err
		}
	}
	return nil
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

var (
	given  = []string{"Ada", "Bela", "Chen", "Dara", "Emre", "Fatou", "Gita", "Hugo", "Ines", "Jun", "Kaya", "Lena", "Mira", "Nils", "Olga", "Paolo"}
	family = []string{"Abel", "Brandt", "Castro", "Diallo", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito", "Jansen", "Kovacs", "Lopez", "Moreau", "Novak", "Okafor", "Petrov"}
)

// actor folds somebody of the portal.
func (p *portal) actor(ctx context.Context, id db.ID) (a *access.Actor, err error) {
	err = p.env.DB.Read(ctx, func(tx *db.Tx) error {
		a, err = p.env.Cache.LoadActor(ctx, tx, p.id, id, now)
		return err
	})
	return a, err
}
