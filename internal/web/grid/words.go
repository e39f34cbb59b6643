package grid

import (
	"strings"

	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// words are what cells say to those who cannot see their marks.
type words struct {
	v         page.View
	state     map[string]string
	locked    string
	here      string
	asleep    string
	from      map[db.ID]string
	sensitive string
}

func wordsOf(v page.View, shown grid.Grid) words {
	w := words{v: v, state: map[string]string{"allowed": v.T("Allowed"), "denied": v.T("Denied"), "never": v.T("Not available"), "always": v.T("Always allowed")},
		locked: v.T("locked by the portal"), here: v.T("changed here"), asleep: v.T("what was changed here does not count"), from: map[db.ID]string{}, sensitive: v.T("sensitive")}
	for _, a := range shown.Above {
		w.from[a.ID] = v.T("from {name}", "name", a.Name)
		if a.Name == "" {
			w.from[a.ID] = v.T("from an organization above")
		}
	}
	return w
}

// cell is a cell's state in words: "Allowed, locked by the portal, from Acme".
func (w words) cell(c grid.CellState) string {
	parts := []string{w.state[c.State]}
	if c.Locked {
		parts = append(parts, w.locked)
	}
	if c.From != 0 {
		parts = append(parts, w.from[c.From])
	}
	switch {
	case c.Asleep:
		parts = append(parts, w.asleep)
	case c.Own != "":
		parts = append(parts, w.here)
	}
	return strings.Join(parts, ", ")
}

// made is what a cell was made, in words: of allow, deny, allow_locked, deny_locked and default.
func made(v page.View, word string, portal bool) string {
	switch word {
	case "allow":
		return v.T("allowed")
	case "deny":
		return v.T("denied")
	case "allow_locked":
		return v.T("allowed, and locked for all organizations")
	case "deny_locked":
		return v.T("denied, and locked for all organizations")
	}
	if portal {
		return v.T("as the role has it")
	}
	return v.T("as above")
}

// script is what the script of the grid says.
func (w words) script(v page.View) map[string]string {
	return map[string]string{"allowed": w.state["allowed"], "denied": w.state["denied"], "allow": v.T("Allow"), "deny": v.T("Do not allow"),
		"allow_locked": v.T("Allow, and lock for all organizations"), "deny_locked": v.T("Do not allow, and lock for all organizations"),
		"default": v.T("Use the default"), "above": v.T("Use what is above"), "more": v.T("Why, and what it was"), "unsaved": v.T("not saved yet: {what}"),
		"counting": v.T("Counting who is affected …"), "menu": v.T("What to do with the cell"), "fold": v.T("Fold or unfold {section}"), "none": v.T("Nothing found"),
		"reverted": v.T("Taken back"), "leave": v.T("Changes that are not saved are kept while this window is open.")}
}

// pictures are drawn once in the page and used by every cell.
var pictures = map[string]string{
	"yes":   `<path d="M4 10.5 8.2 14.7 16 6"/>`,
	"no":    `<path d="M5.5 5.5l9 9M14.5 5.5l-9 9"/>`,
	"never": `<path d="M6 10h8"/>`,
	"some":  `<circle cx="10" cy="10" r="5.5"/><path d="M10 4.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/>`,
	"lock":  `<path d="M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9"/>`,
}

var useText = func() map[string]string {
	out := map[string]string{}
	for name := range pictures {
		class := "icon"
		if name == "lock" {
			class += " pg-lock"
		}
		out[name] = `<svg class="` + class + `" aria-hidden="true"><use href="#pg-` + name + `"/></svg>`
	}
	return out
}()

func use(name string) g.Node { return g.Raw(useText[name]) }

var spriteText = func() string {
	var out strings.Builder
	out.WriteString(`<svg class="pg-sprite" aria-hidden="true">`)
	for _, name := range []string{"yes", "no", "never", "some", "lock"} {
		out.WriteString(`<symbol id="pg-` + name + `" viewBox="0 0 20 20">` + pictures[name] + `</symbol>`)
	}
	out.WriteString(`</svg>`)
	return out.String()
}()

func sprite() g.Node { return g.Raw(spriteText) }

// legend says what the marks mean.
func legend(v page.View) g.Node {
	draw := func(mark, class string) g.Node {
		return h.Span(h.Class("pg-cell "+mark+class), h.Aria("hidden", "true"), g.Raw(`<svg class="icon" viewBox="0 0 20 20">`+pictures[mark]+`</svg>`))
	}
	line := func(mark g.Node, name, text string) g.Node {
		return h.Li(mark, h.Span(h.Strong(g.Text(name)), g.Text(" "+text)))
	}
	return h.Ul(h.Class("pg-legend"),
		line(draw("yes", ""), v.T("Allowed"), v.T("Whoever has the role may do it.")),
		line(draw("no", ""), v.T("Denied"), v.T("It is off, and could be switched on.")),
		line(draw("never", ""), v.T("Not available"), v.T("The role can never have it: nobody switches it on.")),
		line(draw("some", ""), v.T("Partly"), v.T("Some permissions of a section are allowed.")),
		line(draw("lock", ""), v.T("Locked"), v.T("The portal locked it for all organizations.")),
		line(draw("yes", " own"), v.T("Changed here"), v.T("It was changed in this very place.")),
		line(draw("yes", " from"), v.T("From above"), v.T("It was changed in an organization above, or in the portal.")))
}
