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
	"time"

	"provost/internal/action"
	"provost/internal/api"
	"provost/internal/op"
	"provost/internal/web"
)

type serveCommand struct {
	Listen string   `help:"Where to listen." default:"127.0.0.1:8080" env:"PROVOST_LISTEN" placeholder:"ADDRESS"`
	URL    string   `help:"Where the portal is reached from outside, such as https://learn.example.com. Links in mail begin with it." env:"PROVOST_URL" placeholder:"URL"`
	Proxy  []string `help:"An address or network of a proxy whose X-Forwarded-For is believed." env:"PROVOST_PROXY" placeholder:"NETWORK"`
}

// Run serves until it is told to stop, and then lets what runs come to its end.
func (s *serveCommand) Run(ctx context.Context, c *config) error {
	d, err := c.open(ctx)
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
	server, pages, err := s.handler(env)
	if err != nil {
		return err
	}
	defer pages.Close()
	if portals, err := action.CountPortals(ctx, env); err == nil && portals == 0 {
		fmt.Println("There is no portal yet: make one with `provost portal new`.")
	}
	fmt.Printf("Provost serves %s\n", s.URL)
	return serveUntil(ctx, server, listener)
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

func (s *serveCommand) handler(env *op.Env) (*http.Server, *web.Server, error) {
	proxies, err := prefixes(s.Proxy)
	if err != nil {
		return nil, nil, err
	}
	pages, err := web.New(env, web.Config{Proxies: proxies})
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	if _, err := api.Mount(mux, env, pages.Who, action.All); err != nil {
		return nil, nil, err
	}
	pages.Handle(api.Prefix+"/", mux)
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
