package page

import (
	"strconv"
	"strings"

	"provost/internal/web/static"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Layout is a whole page: header, navigation and the body in a main part. The title stands in the browser's tab;
// the page's own heading is Header.
func Layout(v View, title string, body ...g.Node) g.Node {
	if v.Embedded {
		return document(v, title, "embedded", actingBar(v), h.Main(h.ID("main"), h.Class("main"), h.TabIndex("-1"), flash(v), g.Group(body)))
	}
	class := "app"
	if len(v.Nav) == 0 {
		class += " no-side"
	}
	return document(v, title, class,
		h.A(h.Class("skip"), h.Href("#main"), g.Text(v.T("Skip to the content"))),
		actingBar(v),
		topBar(v),
		sideNav(v),
		h.Main(h.ID("main"), h.Class("main"), h.TabIndex("-1"), flash(v), g.Group(body)),
	)
}

// Narrow is a page with one card in the middle, for signing in, an invitation or a question.
func Narrow(v View, title string, body ...g.Node) g.Node {
	return document(v, title, "narrow",
		h.A(h.Class("skip"), h.Href("#main"), g.Text(v.T("Skip to the content"))),
		actingBar(v),
		h.Header(h.Class("narrow-top"), brand(v), themeSwitch(v)),
		h.Main(h.ID("main"), h.Class("narrow-card"), h.TabIndex("-1"),
			flash(v), g.If(title != "", h.H1(g.Text(title))), g.Group(body)),
	)
}

func document(v View, title, class string, body ...g.Node) g.Node {
	full := v.Portal
	if title != "" {
		full = title + " · " + v.Portal
	}
	return h.Doctype(h.HTML(
		h.Lang(v.lang()), g.Attr("dir", v.dir()), g.If(v.Theme != "", h.Data("theme", v.Theme)),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.Meta(h.Name("color-scheme"), h.Content("light dark")),
			h.TitleEl(g.Text(full)),
			h.Link(h.Rel("icon"), h.Href(static.Path("icon.svg")), h.Type("image/svg+xml")),
			h.Link(h.Rel("stylesheet"), h.Href(static.Path("app.css"))),
			g.If(v.Style != "", h.Link(h.Rel("stylesheet"), h.Href(v.Style))),
			h.Script(h.Type("module"), h.Src(static.Path("app.js"))),
		),
		h.Body(h.Class(class), scriptWords(v), g.Group(body)),
	))
}

// scriptWords are the few texts that the scripts say by themselves, as attributes of body: data-say-….
func scriptWords(v View) g.Node {
	return g.Group{
		h.Data("say-copied", v.T("Copied")),
		h.Data("say-remove", v.T("Remove {name}")),
		h.Data("say-removed", v.T("{name} removed")),
		h.Data("say-added", v.T("{name} added")),
		h.Data("say-none", v.T("Nothing found that you may choose")),
		h.Data("say-unknown", v.T("Not found: {names}")),
		h.Data("say-searching", v.T("Searching …")),
		h.Data("say-results", v.T("Matches: {n}. Choose with the arrow keys.")),
		h.Data("say-failed", v.T("That did not work. Please try again.")),
	}
}

func flash(v View) g.Node {
	return h.Div(h.Class("flash"), h.Role("status"), h.ID("flash"),
		g.Iff(v.Flash.Text != "", func() g.Node { return Notice(v.Flash.Kind, g.Text(v.Flash.Text)) }))
}

func brand(v View) g.Node {
	mark := g.Node(h.Span(h.Class("brand-mark"), h.Aria("hidden", "true"), g.Text(initials(v.Portal, 1))))
	if v.Logo != "" {
		mark = h.Img(h.Class("brand-logo"), h.Src(v.Logo), h.Alt(""))
	}
	return h.A(h.Class("brand"), h.Href("/"), mark,
		h.Span(h.Class("brand-name"), g.Text(v.Portal)))
}

func topBar(v View) g.Node {
	return h.Header(h.Class("top"),
		brand(v),
		g.If(len(v.Nav) > 0, h.Details(h.Class("nav-toggle"),
			h.Summary(Icon("menu"), h.Span(g.Text(v.T("Menu")))))),
		searchBox(v),
		h.Div(h.Class("top-end"), themeSwitch(v), accountMenu(v)),
	)
}

func searchBox(v View) g.Node {
	if v.Search.Action == "" {
		return h.Div(h.Class("search"))
	}
	return h.Form(h.Class("search"), h.Role("search"), h.Aria("label", v.T("Whole portal")), h.Method("get"), h.Action(v.Search.Action),
		Icon("search"),
		h.Input(h.Type("search"), h.Name("q"), h.Value(v.Search.Query), h.ID("site-search"),
			h.Aria("label", v.T("Search people, teams and courses")), h.Placeholder(v.T("Search"))),
		h.Kbd(h.Aria("hidden", "true"), g.Text("Ctrl K")))
}

// themeSwitch posts to /theme, where the server sets the cookie; the script does the same without a request.
func themeSwitch(v View) g.Node {
	choices := []struct{ value, icon, label string }{
		{"", "screen", v.T("Like the device")}, {"light", "sun", v.T("Light")}, {"dark", "moon", v.T("Dark")}}
	items := g.Group{}
	for _, c := range choices {
		items = append(items, h.Button(h.Type("submit"), h.Class("menu-item"), h.Name("theme"), h.Value(c.value),
			h.Aria("pressed", strconv.FormatBool(c.value == v.Theme)), Icon(c.icon), g.Text(c.label)))
	}
	icon := map[string]string{"": "screen", "light": "sun", "dark": "moon"}[v.Theme]
	return h.Details(h.Class("menu theme"),
		h.Summary(h.Class("icon-button"), h.Aria("label", v.T("Appearance")), Icon(icon)),
		h.Form(h.Class("menu-list"), h.Method("post"), h.Action("/theme"), g.Attr("data-theme-form"),
			Hidden("back", v.Path), items))
}

func accountMenu(v View) g.Node {
	a := v.Account
	if a.Name == "" {
		return none
	}
	list := g.Group{h.Li(h.Class("menu-head"), h.Strong(g.Text(a.Name)), g.If(a.Organization != "", h.Span(g.Text(a.Organization))))}
	for _, item := range a.Menu {
		list = append(list, item.node())
	}
	if a.SignOut != "" {
		list = append(list, MenuItem{Label: v.T("Sign out"), Post: a.SignOut, Icon: "exit"}.node())
	}
	return h.Details(h.Class("menu account"),
		h.Summary(h.Class("account-button"),
			avatar(a.Initials, a.Name), h.Span(h.Class("sr"), g.Text(v.T("Account:"))),
			h.Span(h.Class("account-name"), h.Span(g.Text(a.Name)), g.If(a.Organization != "", h.Small(g.Text(a.Organization)))),
			Icon("down")),
		h.Ul(h.Class("menu-list"), list))
}

func sideNav(v View) g.Node {
	if len(v.Nav) == 0 {
		return none
	}
	sections := g.Group{}
	for i, s := range v.Nav {
		id := "nav-" + strconv.Itoa(i)
		items := g.Group{}
		for _, n := range s.Items {
			items = append(items, h.Li(h.A(h.Href(n.Href), g.If(n.Current, h.Aria("current", "page")),
				Icon(n.Icon), h.Span(h.Class("nav-label"), g.Text(n.Label)),
				g.If(n.Count != "", h.Span(h.Class("nav-count"), g.Text(n.Count))))))
		}
		if s.Title != "" {
			sections = append(sections, h.H2(h.ID(id), g.Text(s.Title)))
		}
		sections = append(sections, h.Ul(g.If(s.Title != "", h.Aria("labelledby", id)), items))
	}
	return h.Nav(h.Class("side"), h.Aria("label", v.T("Main")), sections)
}

func actingBar(v View) g.Node {
	if v.ActingAs == "" {
		return none
	}
	return h.Div(h.Class("acting"), h.Role("region"), h.Aria("label", v.T("Acting as another")),
		Icon("user"), h.Strong(g.Text(v.ActingAs)),
		g.If(v.StopActing != "", h.Form(h.Method("post"), h.Action(v.StopActing), h.Button(h.Type("submit"), g.Text(v.T("Stop"))))))
}

// initials are the first letters of at most n words of a name.
func initials(name string, n int) string {
	out := []rune{}
	for word := range strings.FieldsSeq(name) {
		if r := []rune(word)[0]; len(out) < n {
			out = append(out, r)
		}
	}
	return strings.ToUpper(string(out))
}
