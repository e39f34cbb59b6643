package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/secret"
)

type portalCommands struct {
	New     portalNew     `cmd:"" help:"Make a portal with its super administrator, roles, policies and the group of learner managers. What no flag says is asked for."`
	List    portalList    `cmd:"" help:"List the portals, and which are deleted."`
	Restore portalRestore `cmd:"" help:"Restore a portal that was deleted no longer than 30 days ago, as its super administrator."`
}

type portalNew struct {
	Name     string `help:"The portal's name."`
	Host     string `help:"The host name that it is served at; without one, any."`
	Admin    string `help:"The name of its super administrator."`
	Username string `help:"What the super administrator signs in with." default:"admin"`
	Email    string `help:"The super administrator's e-mail address."`
	Password string `help:"Their password. Without one a password is made, and shown once." env:"PROVOST_ADMIN_PASSWORD"`
}

// Run makes the portal, and prints what one needs to sign in to it.
func (p *portalNew) Run(ctx context.Context, c *config) error {
	ask(os.Stdin, os.Stdout, "Name of the portal", &p.Name)
	ask(os.Stdin, os.Stdout, "Name of its super administrator", &p.Admin)
	issued := p.Password == ""
	if issued {
		p.Password = secret.Policy{}.Issue()
	} else if wrong := (secret.Policy{}).Check(p.Password, p.Admin, p.Username, p.Email, p.Name); len(wrong) > 0 {
		return fmt.Errorf("the password: %s", fail.Several{Between: " ", Texts: wrong})
	}
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	env, err := c.env(ctx, d, "")
	if err != nil {
		return err
	}
	hash, err := env.Hasher.Hash(ctx, p.Password)
	if err != nil {
		return err
	}
	made, err := action.CreatePortal(ctx, env, action.NewPortal{Name: p.Name, Host: strings.ToLower(p.Host), Admin: p.Admin, Username: p.Username, Email: p.Email, Password: hash})
	if err != nil {
		return err
	}
	fmt.Printf("Made the portal %s. %s signs in as %s", made.Portal.Name, made.Super.Name, made.Super.Username)
	if issued {
		fmt.Printf(", with this password, which is shown only now:\n\n    %s\n\n", p.Password)
		return nil
	}
	fmt.Println(".")
	return nil
}

// ask asks at a terminal for what no flag said; elsewhere nobody would answer.
func ask(in *os.File, out io.Writer, what string, value *string) {
	info, err := in.Stat()
	if *value != "" || err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return
	}
	fmt.Fprintf(out, "%s: ", what)
	line, _ := bufio.NewReader(in).ReadString('\n') // what was not typed is told as missing
	*value = strings.TrimSpace(line)
}
