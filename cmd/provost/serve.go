package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
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
	if s.URL == "" {
		s.URL = "http://" + listener.Addr().String()
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
