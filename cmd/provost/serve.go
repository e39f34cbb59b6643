package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"provost/internal/action"
	"provost/internal/api"
	"provost/internal/db"
	"provost/internal/job"
	"provost/internal/mail"
	"provost/internal/op"
	"provost/internal/web"
	"provost/internal/web/shell"
)

type serveCommand struct {
	Listen   string   `help:"Where to listen." default:"127.0.0.1:8080" env:"PROVOST_LISTEN" placeholder:"ADDRESS"`
	URL      string   `help:"Where the portal is reached from outside, such as https://learn.example.com. Links in mail begin with it." env:"PROVOST_URL" placeholder:"URL"`
	Packages string   `help:"Where the content of packages (SCORM, cmi5, xAPI) is served, such as https://*.packages.example.net, all of whose names lead here too, so that what is in them reaches nothing of the portal nor of each other; or https://packages.example.net for all. Without one, packages are played only where the portal runs on this machine." env:"PROVOST_PACKAGES" placeholder:"URL"`
	Proxy    []string `help:"An address or network of a proxy whose X-Forwarded-For is believed." env:"PROVOST_PROXY" placeholder:"NETWORK"`
	SMTP     string   `help:"The server that mail is sent through: smtp://user:password@host:587?from=no-reply@example.com. Without one, mail waits in the outbox." env:"PROVOST_SMTP" placeholder:"URL"`

	Migrate bool `help:"Bring the database up to date first." default:"true" negatable:"" env:"PROVOST_MIGRATE"`
}

// Run serves until it is told to stop, and then lets what runs come to its end.
func (s *serveCommand) Run(ctx context.Context, c *config) error {
	sender, err := s.sender()
	if err != nil {
		return err
	}
	d, err := s.database(ctx, c)
	if err != nil {
		return err
	}
	defer d.Close()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return err
	}
	if err := s.checkURL(listener.Addr().String()); err != nil {
		return err
	}
	env, err := c.env(ctx, d, s.URL)
	if err != nil {
		return err
	}
	server, pages, err := s.handler(env, web.Config{})
	if err != nil {
		return err
	}
	defer pages.Close()
	if portals, err := action.CountPortals(ctx, env); err == nil && portals == 0 {
		fmt.Println("There is no portal yet: make one with `provost portal new`.")
	}
	fmt.Printf("Provost serves %s, listening on %s\n", s.URL, listener.Addr())
	return run(ctx, server, listener, job.New(env, sender))
}

// checkURL takes the address that is listened at for the one outside, where none is set. Cookies are bound to https only
// where the address begins so: without, anybody on the way could take a session.
func (s *serveCommand) checkURL(listens string) error {
	if s.URL == "" {
		s.URL = "http://" + strings.NewReplacer("[::]", "localhost", "0.0.0.0", "localhost").Replace(listens)
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return fmt.Errorf("--url %q is not like https://learn.example.com", s.URL)
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fmt.Fprintln(os.Stderr, "Warning: without https, passwords and sessions can be read on the way.")
	}
	return nil
}

// packagesAt is where the content of packages is served: a host name of its own, which on this machine needs nobody to set it up.
func packagesAt(set, portal string) (string, error) {
	at, err := url.Parse(portal)
	if err != nil {
		return "", err
	}
	if set == "" {
		if ip := net.ParseIP(at.Hostname()); at.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return "", nil
		}
		return at.Scheme + "://" + shell.Each + "packages.localhost:" + at.Port(), nil
	}
	u, err := url.Parse(set)
	if err != nil || u.Host == "" || u.Scheme != at.Scheme || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return "", fmt.Errorf("--packages %q is not like %s://*.packages.example.net", set, at.Scheme)
	}
	if host := strings.ToLower(u.Hostname()); host == strings.ToLower(at.Hostname()) || strings.HasPrefix(host, shell.Each) && strings.HasSuffix(strings.ToLower("."+at.Hostname()), host[1:]) {
		return "", fmt.Errorf("--packages needs a host name of its own, other than that of --url, and not above it")
	}
	return u.Scheme + "://" + u.Host, nil
}

// sender is what mail is sent through; nil where it is to wait in the outbox.
func (s *serveCommand) sender() (*mail.Sender, error) {
	if s.SMTP == "" {
		return nil, nil
	}
	return mail.NewSender(s.SMTP)
}

// database opens the database, up to date: it is brought there, or it is refused.
func (s *serveCommand) database(ctx context.Context, c *config) (*db.DB, error) {
	if s.Migrate {
		return c.open(ctx)
	}
	d, err := db.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	if err := d.Current(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// run serves and does what is due, until the context ends or serving fails.
func run(ctx context.Context, server *http.Server, listener net.Listener, jobs *job.Runner) error {
	ctx, stop := context.WithCancel(ctx)
	var due sync.WaitGroup
	due.Go(func() { jobs.Run(ctx) })
	err := serveUntil(ctx, server, listener)
	stop()
	due.Wait()
	return err
}

func (s *serveCommand) handler(env *op.Env, config web.Config) (*http.Server, *shell.Server, error) {
	var err error
	if config.Proxies, err = prefixes(s.Proxy); err != nil {
		return nil, nil, err
	}
	if config.Packages, err = packagesAt(s.Packages, env.URL); err != nil {
		return nil, nil, err
	}
	pages, err := web.New(env, config)
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	if _, err := api.Mount(mux, env, pages.Who, action.All); err != nil {
		return nil, nil, err
	}
	for _, at := range api.Paths {
		pages.Handle(at, mux)
	}
	return pages.HTTP(pages.Handler()), pages, nil
}

// serveUntil serves until the context ends, and 20 seconds longer for what has begun.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil && !strings.Contains(err.Error(), "deadline") {
		return err
	}
	if err := <-stopped; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
