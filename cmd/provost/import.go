package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"provost/internal/action/intake"
)

type importCommand struct {
	Mapping  string        `help:"The mapping file, which says which column is what." required:"" type:"existingfile" placeholder:"FILE"`
	Dir      string        `help:"The folder of the mapping's files." required:"" type:"existingdir" placeholder:"DIR"`
	As       string        `help:"The user name of who imports: their permissions decide, row by row." required:"" placeholder:"USERNAME"`
	Portal   string        `help:"The host name of the portal; without one, the portal that any host is served."`
	DryRun   bool          `help:"Tell what would be made, and make nothing."`
	Progress time.Duration `help:"How often progress is told." default:"500ms" hidden:""`
}

// Run takes the files in, and tells how far it is, what was made, and what is wrong by file and line.
func (i *importCommand) Run(ctx context.Context, c *config) error {
	text, err := os.ReadFile(i.Mapping)
	if err != nil {
		return err
	}
	mapping, err := intake.ParseMapping(text)
	if err != nil {
		return fmt.Errorf("%s: %w", i.Mapping, err)
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
	if !c.Verbose {
		env.Log = nil
	}
	who, err := intake.PersonCalled(ctx, env, i.Portal, i.As)
	if err != nil {
		return err
	}
	in := intake.Import{Mapping: mapping, Files: map[string]string{}, Dry: i.DryRun, Progress: &intake.Progress{}}
	for _, name := range mapping.Files() {
		in.Files[name] = filepath.Join(i.Dir, name)
	}
	imports := intake.NewImports(env)
	defer imports.Close()
	stop := tell(os.Stderr, mapping, in.Progress, i.Progress)
	out, err := imports.Run(ctx, who, in)
	stop()
	told(os.Stdout, out)
	if err == nil && out.Problems.Total > 0 {
		err = errors.New("nothing of the last file was taken; what files before it brought is there")
		if i.DryRun {
			err = errors.New("there are problems; nothing was taken, since this is a dry run")
		}
	}
	return err
}

// tell writes a line about the progress, over and over, until it is stopped.
func tell(to io.Writer, m intake.Mapping, p *intake.Progress, every time.Duration) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-done:
				fmt.Fprint(to, "\r\033[K")
				return
			case <-tick.C:
				if step, rows, total := p.Now(); step > 0 {
					s := m.Steps[step-1]
					fmt.Fprintf(to, "\r\033[K%d of %d: %s into %s, %d of %d rows", step, len(m.Steps), s.File, s.Into, rows, total)
				}
			}
		}
	}()
	return func() { close(done); <-ended }
}

// told writes what an import did.
func told(to io.Writer, out intake.ImportResult) {
	for _, f := range out.Files {
		done := "taken"
		switch {
		case out.Dry:
			done = "dry run"
		case !f.Done:
			done = "not taken"
		}
		fmt.Fprintf(to, "%-24s into %-14s %7d rows: %d created, %d changed, %d unchanged (%s)\n", f.File, f.Into, f.Rows, f.Created, f.Changed, f.Unchanged, done)
	}
	for _, p := range out.Problems.List {
		place := p.File
		if p.Line > 0 {
			place += fmt.Sprintf(":%d", p.Line)
		}
		if p.Column != "" {
			place += ", " + p.Column
		}
		fmt.Fprintf(to, "%s: %s\n", place, p.Message)
	}
	if more := out.Problems.Total - len(out.Problems.List); more > 0 {
		fmt.Fprintf(to, "… and %d more problems\n", more)
	}
}
