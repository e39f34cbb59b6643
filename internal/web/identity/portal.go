package identity

import (
	"net/url"

	"provost/internal/access"
	"provost/internal/action/identity"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func portalRoutes(s *shell.Server) {
	s.Get("/portal", identity.ShowOwner, showOwner)
	s.Get("/portal/transfer", identity.ShowOwner, askTransfer)
	s.Post("/portal/transfer", shell.Submit(identity.TransferSuper, "/portal").Says(page.Say("{name} is the super administrator now. You stay a full administrator.")).On(askTransfer))
	s.Get("/portal/delete", identity.ShowOwner, askDelete)
	s.Post("/portal/delete", shell.Submit(identity.DeletePortal, "/portal/deleted").On(askDelete))
	s.Get("/portal/deleted", identity.ShowDeleted, showDeleted)
	s.Post("/portal/restore", shell.Submit(identity.RestorePortal, "/portal").Says(page.Say("{name} is restored.")))
}

// why leads to the reasons why one may or may not do something to the portal (BE-1).
func why(q *shell.Req, p *access.Permission) g.Node {
	query := url.Values{"permission": {p.Key}, "kind": {"portal"}, "thing": {q.Portal.ID.String()}}
	return page.TextLink(q.T("Why?"), "/why?"+query.Encode())
}

// showOwner tells everybody who administers who may delete the portal and hand it over, and gives the way to who may.
func showOwner(q *shell.Req) error {
	out, err := shell.RunWith(q, identity.ShowOwner, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	who := g.Node(g.Text(v.T("One person, its super administrator. Who that is, your role does not show.")))
	if out.Super != nil {
		who = g.Group{page.TextLink(out.Super.Name, "/people/"+out.Super.ID.String()), g.Text(". " + v.T("There is exactly one in a portal, at every moment."))}
	}
	verdict := func(may bool, p *access.Permission, href, button string) g.Node {
		if may {
			return page.LinkButton(button, href)
		}
		return g.Group{g.Text(v.T("You may not. Only the super administrator may: no other role can ever hold this permission.") + " "), why(q, p)}
	}
	return q.Show(v.T("Super administrator"), page.Header(v.T("Super administrator"), v.T("Who may hand the portal over, and delete it.")),
		page.KeyValues(page.KV{Key: v.T("Super administrator"), Value: who}),
		page.Section(v.T("Hand over the status"),
			page.P(v.T("To a full administrator of the whole portal. Who hands it over stays a full administrator. It takes the password and the portal's name.")),
			h.P(verdict(out.MayTransfer, access.PortalTransferSuper, "/portal/transfer", v.T("Hand over the status")))),
		page.Section(v.T("Delete the portal"),
			page.P(v.T("It answers nobody any more. Its super administrator can restore it for 30 days; then all that is in it is gone for ever.")),
			h.P(verdict(out.MayDelete, access.PortalDelete, "/portal/delete", v.T("Delete the portal")))),
		page.Section(v.T("What nobody else does to the super administrator"),
			page.P(v.T("Their account is edited, archived, merged, deleted, reset, looked into and logged in as by nobody but themselves: not by administrators, and not by other programs."))))
}

// refused is the page of a form that is not open to the reader: it says who may, and why they may not.
func refused(q *shell.Req, title string, p *access.Permission) error {
	v := q.View
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Super administrator"), Href: "/portal"}, page.Link{Label: title}), page.Header(title, ""),
		page.Notice(page.Warn, g.Text(v.T("You may not. Only the super administrator may: no other role can ever hold this permission.")+" "), why(q, p)))
}

// surely are the fields that ask once more who one is, and what it is about.
func surely(q *shell.Req, portal string) g.Node {
	v := q.View
	name := q.Field("name", v.T("The portal's name"), "")
	name.Required, name.Hint, name.Autocomplete = true, v.T("Type it: {name}", "name", portal), "off"
	password := page.Field{Name: "password", Label: v.T("Your password"), Type: "password", Required: true, Autocomplete: "current-password", Error: q.Wrong("password")}
	return g.Group{page.Input(v, name), page.Input(v, password)}
}

// askTransfer asks to whom the status shall go.
func askTransfer(q *shell.Req) error {
	out, err := shell.RunWith(q, identity.ShowOwner, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Hand over the status")
	if !out.MayTransfer {
		return refused(q, title, access.PortalTransferSuper)
	}
	options := []page.Option{{Value: "", Label: v.T("Choose a full administrator")}}
	for _, a := range out.Candidates {
		options = append(options, page.Option{Value: a.ID.String(), Label: a.Name})
	}
	to := q.Field("account", v.T("New super administrator"), "")
	to.Required = true
	form := q.Form("/portal/transfer", page.Danger(title), page.Select(v, to, options), surely(q, out.Portal))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/portal"))
	body := g.Node(form.Node(v))
	if len(out.Candidates) == 0 {
		body = page.Empty(v.T("There is nobody to hand it over to"), v.T("Make somebody a full administrator of the whole portal first."), page.LinkButton(v.T("Users"), "/manage/users"))
	}
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Super administrator"), Href: "/portal"}, page.Link{Label: title}),
		page.Header(title, v.T("You stay a full administrator, and cannot take the status back yourself.")), body)
}

// askDelete asks before the portal is deleted.
func askDelete(q *shell.Req) error {
	out, err := shell.RunWith(q, identity.ShowOwner, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Delete the portal")
	if !out.MayDelete {
		return refused(q, title, access.PortalDelete)
	}
	form := q.Form("/portal/delete", page.Danger(title), surely(q, out.Portal))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/portal"))
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Super administrator"), Href: "/portal"}, page.Link{Label: title}), page.Header(title, ""),
		page.Notice(page.Warn, g.Text(v.T("Everybody is signed out at once, and the portal answers nobody any more. For 30 days you can sign in and restore it; then all that is in it is gone for ever."))),
		form.Node(v))
}

// showDeleted is the one page of a portal that was deleted, for its super administrator alone.
func showDeleted(q *shell.Req) error {
	out, err := shell.RunWith(q, identity.ShowDeleted, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	return q.ShowNarrow(v.T("{name} is deleted", "name", out.Name),
		page.P(v.T("You deleted it on {time}. It answers nobody but you.", "time", v.DateTime(out.Deleted))),
		page.P(v.T("You can restore it until {time}; then all that is in it is gone for ever.", "time", v.DateTime(out.Final))),
		page.Inline(page.Post("/portal/restore", page.Button(v.T("Restore the portal"))), page.Post("/sign-out", page.Secondary(v.T("Sign out")))))
}
