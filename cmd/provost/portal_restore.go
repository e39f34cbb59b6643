package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

type portalList struct{}

// Run prints each portal with its host and state.
func (p *portalList) Run(ctx context.Context, c *config) error {
	d, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Read(ctx, func(tx *db.Tx) error {
		portals, err := store.Portals(ctx, tx)
		for _, p := range portals {
			host, state := p.Host, "open"
			if host == "" {
				host = "any host"
			}
			switch {
			case p.Final:
				state = "deleted for ever: being taken away"
			case !p.Deleted.IsZero():
				state = "deleted: can be restored until " + p.FinalAt().UTC().Format("2006-01-02 15:04 UTC")
			}
			fmt.Printf("%s\t%s\t%s\t%s\n", p.ID, p.Name, host, state)
		}
		return err
	})
}

type portalRestore struct {
	Portal   string `help:"The host name of the portal; without one, the portal that any host is served."`
	Username string `help:"What its super administrator signs in with."`
	Password string `help:"The super administrator's password." env:"PROVOST_ADMIN_PASSWORD"`
}

// Run restores a deleted portal as its super administrator, who proves it with their password (SA-2).
func (p *portalRestore) Run(ctx context.Context, c *config) error {
	ask(os.Stdin, os.Stdout, "User name of its super administrator", &p.Username)
	ask(os.Stdin, os.Stdout, "Password", &p.Password)
	d, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	env, err := c.env(ctx, d, "")
	if err != nil {
		return err
	}
	env.Log = nil
	var portal store.Portal
	err = d.Read(ctx, func(tx *db.Tx) error {
		portal, err = store.PortalAt(ctx, tx, strings.ToLower(p.Portal))
		return err
	})
	if fail.Is(err, fail.NotFound) || err == nil && p.Portal != "" && portal.Host != strings.ToLower(p.Portal) {
		return errors.New("there is no portal at this host")
	}
	if err != nil {
		return err
	}
	in, err := action.SignIn.Run(ctx, env, op.Who{Portal: portal.ID}, action.Credentials{Login: p.Username, Password: p.Password, Agent: "provost portal restore"})
	if err != nil {
		return err
	}
	v, err := action.Arrive(ctx, env, portal.Host, store.BrowserSession, in.Token)
	if err != nil {
		return err
	}
	out, err := identity.RestorePortal.Run(ctx, env, v.Who, struct{}{})
	if _, ended := action.SignOut.Run(ctx, env, v.Who, struct{}{}); err == nil {
		err = ended
	}
	if err != nil {
		return err
	}
	fmt.Printf("Restored the portal %s.\n", out.Name)
	return nil
}
