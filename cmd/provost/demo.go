package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/job"
	"provost/internal/mail"
	"provost/internal/op"
	"provost/internal/web"
	"provost/internal/world"
)

type demoCommand struct {
	Listen string `help:"Where to listen: an address of this machine only." default:"127.0.0.1:8080" placeholder:"ADDRESS"`
}

// Run makes the demo in an empty database, a temporary one if none is named, and serves it to this machine.
func (m *demoCommand) Run(ctx context.Context, c *config) error {
	host, _, err := net.SplitHostPort(m.Listen)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("the demo lets anybody sign in as anybody: it listens on this machine only, such as 127.0.0.1:8080")
	}
	if c.Database == defaultDatabase {
		dir, err := os.MkdirTemp("", "provost-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Database = filepath.Join(dir, "demo.db")
	}
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", m.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	url := "http://" + listener.Addr().String()
	env, err := c.env(ctx, d, url)
	if err != nil {
		return err
	}
	if !c.Verbose {
		env.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	w, err := makeDemo(ctx, env, d)
	if err != nil {
		return err
	}
	sink, err := mail.NewSink("127.0.0.1:0", 200)
	if err != nil {
		return err
	}
	defer sink.Close()
	sender, err := mail.NewSender(sink.URL("no-reply@acme.test"))
	if err != nil {
		return err
	}
	server, pages, err := new(serveCommand).handler(env, web.Config{Demo: &web.Demo{People: demoPeople(w), Mails: func() []web.DemoMail { return mailsOf(sink) }}})
	if err != nil {
		return err
	}
	defer pages.Close()
	fmt.Printf("The demo is ready. Open %s/demo and sign in as somebody. Everything in it is invented, and gone when you stop it (Ctrl-C).\n", url)
	return run(ctx, server, listener, job.New(env, sender))
}

// makeDemo fills the database, which must be empty: over anybody's real portal the demo would be a way in.
func makeDemo(ctx context.Context, env *op.Env, d *db.DB) (*world.World, error) {
	portals, err := action.CountPortals(ctx, env)
	if err != nil {
		return nil, err
	}
	if portals > 0 {
		return nil, errors.New("this database holds a portal already: the demo makes its own in an empty one")
	}
	password, err := env.Hasher.Hash(ctx, world.Password)
	if err != nil {
		return nil, err
	}
	w, err := world.Demo(ctx, env, password)
	if err != nil {
		return nil, err
	}
	return w, d.Analyze(ctx)
}

// demoPeople are those of Acme with a name in the specification, and what is worth looking at with their eyes.
func demoPeople(w *world.World) (out []web.DemoPerson) {
	for _, p := range [][2]string{
		{"Leo", "Learner manager: people, teams, dashboards and reports of the whole tenant, by the group “Learner management”."},
		{"Bea", "Sees the figures of Company A Team alone, by three policies."},
		{"Ana", "Administrator: puts people into groups, makes policies, invites, asks why."},
		{"Sam", "Super administrator: everything."},
		{"Tess", "Tenant Admin: runs Management, by a policy."},
		{"Pia", "Partial administrator: as an administrator, but never over full ones."},
		{"Otto", "Administrator of the organization North, and of the Lab below it."},
		{"Gus", "Manager of North: sees its people, and reports on them."},
		{"Ivy", "Instructor in North."},
		{"Mo", "Monitor: sees nearly everything, and changes nothing."},
		{"Lin", "Learner in North, in two teams."},
		{"Lou", "Learner in South."},
		{"Sue", "Learner in South."},
		{"Max", "Learner in the Lab."},
	} {
		a := w.People[p[0]]
		out = append(out, web.DemoPerson{Username: a.Username, Name: a.Name, What: p[1]})
	}
	return out
}

func mailsOf(sink *mail.Sink) (out []web.DemoMail) {
	for _, m := range sink.Mails() {
		one := web.DemoMail{Subject: m.Subject, Text: m.Text, At: m.At}
		if len(m.To) > 0 {
			one.To = m.To[0]
		}
		out = append(out, one)
	}
	return out
}
