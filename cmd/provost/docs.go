package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/api"
	"provost/internal/op"
)

type docsCommand struct {
	Dir string `arg:"" help:"The folder to write them to, beside the sources." type:"existingdir"`
}

const generated = "<!-- Made by `make docs`; not written by hand. -->\n\n"

// Run writes permissions.md, api.md, and, where the sources are beside it, tests.md.
func (c *docsCommand) Run() error {
	pages := map[string]string{"permissions.md": permissionsPage(), "api.md": apiPage()}
	root := filepath.Dir(filepath.Clean(c.Dir))
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
		if pages["tests.md"], err = testsPage(root); err != nil {
			return err
		}
	}
	var errs []error
	for name, text := range pages {
		errs = append(errs, os.WriteFile(filepath.Join(c.Dir, name), []byte(generated+text), 0o644))
	}
	return errors.Join(errs...)
}

// permissionsPage tells every permission and every role, from the one table that is enforced.
func permissionsPage() string {
	var out strings.Builder
	out.WriteString("# Permissions\n\nEvery permission of the portal, as it is enforced. *Holds it* are the roles that have it before a portal changes its grid; *never* are those " +
		"that no change gives it. Any other role is without it, and may be given it by an override or, for roles that a portal makes, in the role. " +
		"The super administrator holds every permission. *Protected* is refused against an account that may do anything that the one who acts may not (PT-1). " +
		"*Own* counts for oneself alone.\n")
	section := ""
	for _, p := range access.Table() {
		if p.Section != section {
			section = p.Section
			fmt.Fprintf(&out, "\n## %s\n\n| permission | what | on | holds it | never |\n| --- | --- | --- | --- | --- |\n", section)
		}
		title := p.Title
		if p.Protected {
			title += " *(protected)*"
		}
		if p.Own {
			title += " *(own)*"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s | %s |\n", p.Key, title, p.On, roleTitles(holders(p)), roleTitles(never(p)))
	}
	out.WriteString("\n## Roles\n\nA role is a set of permissions; a grant gives it to somebody at a place. These every portal has.\n\n| role | what | given at | of Management |\n| --- | --- | --- | --- |\n")
	for _, r := range access.BuiltinRoles() {
		at := make([]string, len(r.At))
		for i, k := range r.At {
			at[i] = strings.ReplaceAll(k.String(), "_", " ")
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", r.Title, r.Doc, strings.Join(at, ", "), map[bool]string{true: "yes"}[r.Policy])
	}
	return out.String()
}

func holders(p *access.Permission) (out []string) {
	for _, r := range access.BuiltinRoles() {
		if !r.Always() && r.Set.Has(p) {
			out = append(out, r.Title)
		}
	}
	return out
}

func never(p *access.Permission) (out []string) {
	for _, r := range access.BuiltinRoles() {
		if p.Never.Has(r.ID) {
			out = append(out, r.Title)
		}
	}
	return out
}

func roleTitles(list []string) string {
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, ", ")
}

// apiPage tells every operation that the API has, from its declaration.
func apiPage() string {
	var out strings.Builder
	out.WriteString("# The API\n\nEvery operation, below `" + api.Prefix + "`. The same in OpenAPI 3.1 is served at `" + api.Prefix + "/openapi.json`; " +
		"how to begin is in [integrators.md](integrators.md). A token goes into `Authorization: Bearer …`. Ids are texts of 13 characters, times are in UTC.\n")
	noun := ""
	ops := slices.Clone(action.All)
	slices.SortStableFunc(ops, func(a, b op.Any) int { return strings.Compare(a.Meta().Noun(), b.Meta().Noun()) })
	for _, o := range ops {
		m := o.Meta()
		if m.PageOnly {
			continue
		}
		if m.Noun() != noun {
			noun = m.Noun()
			fmt.Fprintf(&out, "\n## %s\n", noun)
		}
		fmt.Fprintf(&out, "\n### `%s`\n\n%s\n\n%s", m.Route, m.Doc, needed(m))
		if m.Export {
			out.WriteString(" Every run is written to the audit.")
		}
		fmt.Fprintf(&out, " (`%s`)\n", m.Name)
		for i, in := range op.Inputs(o) {
			if i == 0 {
				out.WriteString("\n| in | name | what |\n| --- | --- | --- |\n")
			}
			fmt.Fprintf(&out, "| %s | `%s` | %s |\n", in.In, in.Name, strings.ReplaceAll(in.Doc, "|", "\\|"))
		}
		if _, answer := o.Types(); isFile(answer) {
			out.WriteString("\nAnswers a file.\n")
		} else if names := op.Outputs(o); len(names) > 0 {
			fmt.Fprintf(&out, "\nAnswers `%s`.\n", strings.Join(names, "`, `"))
		}
	}
	return out.String()
}

func isFile(answer any) bool {
	_, file := answer.(op.Filer)
	return file
}

func needed(m op.Meta) string {
	if m.Open != "" {
		return "Needs no permission: " + m.Open + "."
	}
	keys := make([]string, len(m.Needs))
	for i, p := range m.Needs {
		keys[i] = "`" + p.Key + "`"
	}
	return "Asks for " + strings.Join(keys, ", ") + "."
}
