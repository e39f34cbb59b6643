package web

import (
	"strconv"
	"strings"

	"provost/internal/action"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func settingsRoutes(s *shell.Server) {
	s.Get("/settings", action.ShowSettings, showSettings)
	s.PostTo("/settings", action.ConfigurePortal, configure)
	s.PostTo("/settings/registration", action.SetRegistration, setRegistration)
	s.Post("/settings/policies", shell.Submit(action.SetPortalRules, "/settings").Says(page.Say("The settings are saved.")).On(showSettings))
}

// showSettings are the portal's name, the sites that may embed its pages, and what it asks of passwords.
func showSettings(q *shell.Req) error {
	out, err := shell.RunWith(q, action.ShowSettings, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	body := g.Group{page.Header(v.T("Settings"), out.URL)}
	if out.MayConfigure {
		body = g.Group{page.Header(v.T("Settings"), out.URL, page.LinkButton(v.T("Account types"), "/settings/types"))}
	}
	at := q.R.URL.Path
	if out.MayConfigure {
		if at != "/settings" {
			q.Typed = nil
		}
		body = append(body, page.Section(v.T("Portal"), portalForm(q, out)), page.Section(v.T("Embedding"), embedHelp(q, out)),
			page.Section(v.T("Registration"), registrationForm(q, out)))
	}
	if out.MayPolicies {
		least := q.Field("password_min", v.T("Least length of a password"), strconv.Itoa(out.PasswordMin))
		least.Type, least.Required, least.Hint = "number", true, v.T("8 to 64 characters. It counts for new passwords.")
		body = append(body, page.Section(v.T("Passwords"), q.Form("/settings/policies", page.Button(v.T("Save passwords")), page.Input(v, least)).Node(v)))
	}
	return q.Show(v.T("Settings"), body)
}

func portalForm(q *shell.Req, out action.PortalSettings) g.Node {
	v := q.View
	name := q.Field("name", v.T("Name of the portal"), out.Name)
	name.Required = true
	origins := page.Field{Name: "embed_origins", Label: v.T("Sites that may embed pages"), Value: strings.Join(out.EmbedOrigins, "\n"), Error: q.Wrong("embed_origins"),
		Hint: v.T("One a line, as https://hr.example.com. No other site can frame a page of this portal.")}
	if q.Typed != nil {
		origins.Value = q.Typed.Get("origins_text")
	}
	origins.ID, origins.Name = page.FieldID("embed_origins"), "origins_text"
	return q.Form("/settings", page.Button(v.T("Save")), page.Input(v, name), page.Textarea(v, origins, 4)).Node(v)
}

// embedHelp is what a site puts into its pages, and what it needs for visitors who have no session.
func embedHelp(q *shell.Req, out action.PortalSettings) g.Node {
	v := q.View
	var snippet strings.Builder
	for _, p := range action.EmbedPages {
		snippet.WriteString(`<iframe src="` + out.URL + `/embed/` + p + `" title="` + strings.ToUpper(p[:1]) + p[1:] + `" width="100%" height="700" referrerpolicy="no-referrer"></iframe>` + "\n")
	}
	said := g.Node(g.Group{})
	if len(out.EmbedOrigins) == 0 {
		said = page.Notice(page.Info, g.Text(v.T("No site is listed, so none can embed a page yet.")))
	}
	return g.Group{said, page.CopyBox(v, v.T("For the pages of a listed site"), strings.TrimSpace(snippet.String())),
		page.P(v.T("A visitor is signed in by this portal's own session where both are the same site. Elsewhere the site's server asks for an address that opens a page once, with a token of the person: POST {address}.", "address", out.URL+"/api/v1/me/embed-tokens"))}
}

// configure takes the lines of the sites.
func configure(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	q.R.PostForm["embed_origins"] = page.Lines(q.R.PostForm.Get("origins_text"))
	return shell.Submit(action.ConfigurePortal, "/settings").Says(page.Say("The settings are saved.")).On(showSettings).Serve(q)
}
