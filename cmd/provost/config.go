package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"time"

	"provost/internal/db"
	"provost/internal/file"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

// defaultDatabase is the database where none is named.
const defaultDatabase = "provost.db"

// config is everything that can be set, each by a flag and by an environment variable, and the commands.
type config struct {
	Database string `help:"A file for SQLite, or postgres://… for a server." default:"${database}" env:"PROVOST_DATABASE" placeholder:"DSN"`
	Files    string `help:"The folder that files are kept in, the same for all nodes. Without one: beside the file of SQLite, called as it is with .files behind, or provost.files." env:"PROVOST_FILES" placeholder:"FOLDER"`
	Verbose  bool   `help:"Log every request." env:"PROVOST_VERBOSE"`

	Serve   serveCommand   `cmd:"" help:"Serve the portals of a database."`
	Demo    demoCommand    `cmd:"" help:"Serve a portal full of invented people, to sign in to as any of them, on this machine only."`
	Migrate migrateCommand `cmd:"" help:"Bring a database to the form that this program knows."`
	Verify  verifyCommand  `cmd:"" help:"Check what must be true of a database at every moment, and tell what is not."`
	Backup  backupCommand  `cmd:"" help:"Write everything, as of one moment, into a new file, while the portal runs."`
	Restore restoreCommand `cmd:"" help:"Fill an empty database from a backup, of either kind of database."`
	Why     whyCommand     `cmd:"" help:"Tell why a person may or may not do something."`
	Portal  portalCommands `cmd:"" help:"Make, list and restore portals."`
	Import  importCommand  `cmd:"" help:"Take tables of other systems in: people, courses, enrolments, results."`
	Docs    docsCommand    `cmd:"" help:"Write what is generated of the documentation."`
}

// existing opens a database that is there already, and brings it up to date.
func (c *config) existing(ctx context.Context) (*db.DB, error) {
	if path, ok := db.File(c.Database); ok {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("there is no database %s", path)
		}
	}
	return c.open(ctx)
}

// open opens the database and brings it up to date.
func (c *config) open(ctx context.Context) (*db.DB, error) {
	d, err := db.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// folder is where the bytes of files are kept.
func (c *config) folder() *file.Folder {
	if c.Files != "" {
		return file.At(c.Files)
	}
	if path, ok := db.File(c.Database); ok {
		return filesOf(path)
	}
	return file.At("provost.files")
}

// filesOf is the folder beside a database or a backup.
func filesOf(path string) *file.Folder {
	path, _, _ = strings.Cut(path, "?")
	return file.At(path + ".files")
}

// env is what operations run in; url is where the portal is reached from outside.
func (c *config) env(ctx context.Context, d *db.DB, url string) (*op.Env, error) {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	env := &op.Env{DB: d, Cache: store.NewCache(), Now: time.Now, URL: strings.TrimSuffix(url, "/"),
		Log:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})),
		Hasher: secret.NewHasher(secret.Strong, 0, 0), Files: c.folder()}
	fresh := secret.NewKey()
	return env, d.Write(ctx, func(tx *db.Tx) (err error) {
		env.Key, err = store.SigningKey(ctx, tx, "tokens", fresh)
		return err
	})
}

// prefixes reads addresses and networks.
func prefixes(list []string) (out []netip.Prefix, err error) {
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, err := netip.ParseAddr(text)
			if err != nil {
				return nil, err
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p)
	}
	return out, nil
}

type migrateCommand struct{}

// Run migrates and tells which database.
func (m *migrateCommand) Run(ctx context.Context, c *config) error {
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	return d.Close()
}
