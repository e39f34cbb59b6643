package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
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
		if r.ID != access.Super && r.Set.Has(p) {
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
	slices.SortStableFunc(ops, func(a, b op.Any) int { return strings.Compare(nounOf(a), nounOf(b)) })
	for _, o := range ops {
		m := o.Meta()
		if m.PageOnly {
			continue
		}
		if nounOf(o) != noun {
			noun = nounOf(o)
			fmt.Fprintf(&out, "\n## %s\n", noun)
		}
		fmt.Fprintf(&out, "\n### `%s`\n\n%s\n\n%s", m.Route, m.Doc, needed(m))
		if m.Export {
			out.WriteString(" Every run is written to the audit.")
		}
		in, answer := o.Types()
		fmt.Fprintf(&out, " (`%s`)\n", m.Name)
		if fields := inputs(reflect.TypeOf(in)); len(fields) > 0 {
			out.WriteString("\n| in | name | what |\n| --- | --- | --- |\n" + strings.Join(fields, ""))
		}
		if _, file := answer.(op.Filer); file {
			out.WriteString("\nAnswers a file.\n")
		} else if names := outputs(reflect.TypeOf(answer)); len(names) > 0 {
			fmt.Fprintf(&out, "\nAnswers `%s`.\n", strings.Join(names, "`, `"))
		}
	}
	return out.String()
}

func nounOf(o op.Any) string {
	noun, _, _ := strings.Cut(o.Meta().Name, ".")
	return noun
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

// fieldsOf are the exported fields of a struct, those of embedded structs among them.
func fieldsOf(t reflect.Type) (out []reflect.StructField) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, fieldsOf(f.Type)...)
		} else if f.IsExported() {
			out = append(out, f)
		}
	}
	return out
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return strings.TrimPrefix(name, "-")
}

func inputs(t reflect.Type) (out []string) {
	for _, f := range fieldsOf(t) {
		for _, in := range []struct{ where, name string }{{"path", f.Tag.Get("path")}, {"query", f.Tag.Get("query")}, {"body", jsonName(f)}} {
			if in.name != "" {
				out = append(out, fmt.Sprintf("| %s | `%s` | %s |\n", in.where, in.name, strings.ReplaceAll(f.Tag.Get("doc"), "|", "\\|")))
				break
			}
		}
	}
	return out
}

func outputs(t reflect.Type) (out []string) {
	for _, f := range fieldsOf(t) {
		if name := jsonName(f); name != "" {
			out = append(out, name)
		}
	}
	return out
}
