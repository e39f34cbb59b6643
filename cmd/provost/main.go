// Provost is a learning portal in one program: flags, environment, wiring.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c config
	k := kong.Parse(&c, kong.Name("provost"), kong.Description("A learning portal whose heart is access: who may do what, where, and why."),
		kong.UsageOnError(), kong.Vars{"database": defaultDatabase}, kong.BindTo(ctx, (*context.Context)(nil)))
	k.FatalIfErrorf(k.Run(&c))
}
