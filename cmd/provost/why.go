package main

import (
	"context"
	"errors"
	"fmt"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

type whyCommand struct {
	Person     string `arg:"" help:"An id, user name, e-mail address, code or whole name."`
	Permission string `arg:"" help:"A permission's key, as team.add_member."`
	Kind       string `arg:"" optional:"" help:"What kind of thing: portal, organization, course, team, account, access_group or policy."`
	Thing      string `arg:"" optional:"" help:"Which one: an id, a name, or an account's user name."`
	Portal     string `help:"The host name of the portal; without one, the portal that any host is served."`
}

// Run explains as the portal's super administrator sees it (BE-1). It exits with 0 also where the answer is no.
func (w *whyCommand) Run(ctx context.Context, c *config) error {
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
	var who op.Who
	err = d.Read(ctx, func(tx *db.Tx) error {
		portal, err := store.PortalAt(ctx, tx, w.Portal)
		if err != nil {
			return err
		}
		who.Portal = portal.ID
		who.Account, err = store.SuperOf(ctx, tx, portal.ID)
		return err
	})
	if fail.Is(err, fail.NotFound) {
		return errors.New("there is no portal at this host")
	}
	if err != nil {
		return err
	}
	answer, err := action.Explain.Run(ctx, env, who, action.WhyQuery{Account: w.Person, Permission: w.Permission, Kind: w.Kind, Thing: w.Thing})
	if err != nil {
		return err
	}
	fmt.Print(answer.Text())
	return nil
}
