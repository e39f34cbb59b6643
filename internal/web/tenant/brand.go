package tenant

import (
	"io"
	"net/http"
	"strings"

	"provost/internal/access"
	"provost/internal/action/tenant"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func brandRoutes(s *shell.Server) {
	s.Get("/settings/brand", tenant.ShowBrand, showBrand)
	s.Post("/settings/brand", shell.Submit(tenant.SetBrand, "/settings/brand").Says(page.Say("The brand is saved.")).On(showBrand))
	s.Get("/settings/brand/switch", tenant.ShowBrand, confirmSwitch)
	s.Post("/settings/brand/switch", shell.Submit(tenant.SwitchBrand, "/settings/brand").Says(page.Say("The brand is saved.")).On(confirmSwitch))
	s.PostTo("/settings/brand/logo", tenant.SetLogo, takeLogo)
	s.Post("/settings/brand/logo/remove", shell.Submit(tenant.RemoveLogo, "/settings/brand").Says(page.Say("The logo is gone.")).On(showBrand))
	s.Get("/brand/logo/{hash}", tenant.ShowLogo, logo)
	s.Get("/brand.css", shell.Open("the page to sign in has the portal's colours too"), colours)
}

// showBrand is the brand that the portal resells under, and its switch.
func showBrand(q *shell.Req) error {
	b, err := shell.RunWith(q, tenant.ShowBrand, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	state := page.Notice(page.Info, g.Text(v.T("It is off: people see the portal's own name, and there are no partial administrators.")))
	button := page.PrimaryLink(v.T("Switch on"), "/settings/brand/switch")
	if b.On {
		state = page.Notice(page.Good, g.Text(v.T("It is on: people see this brand on every page and in every mail, and there may be partial administrators.")))
		button = page.LinkButton(v.T("Switch off"), "/settings/brand/switch")
		if !q.May(access.AccountSetFull) {
			button = page.Unavailable(v.T("Switch off"), v.T("Full administrators switch it off: it makes partial administrators full ones."))
		}
	}
	return q.Show(v.T("Your own brand"), page.Header(v.T("Resell under your own brand"), v.T("The name, logo, colours and sender that the portal resells under."), button), state,
		page.Section(v.T("Name, colour and sender"), brandForm(q, b)), page.Section(v.T("Logo"), logoForm(q, b)))
}

func brandForm(q *shell.Req, b tenant.Brand) g.Node {
	v := q.View
	name := q.Field("name", v.T("Name of the brand"), b.Name)
	name.Hint = v.T("What people see instead of “{portal}”. Empty, they see that.", "portal", q.Portal.Name)
	accent := q.Field("accent", v.T("Colour of links and buttons"), b.Accent)
	accent.Hint, accent.Attrs = v.T("As #0e5a6b. Text of this colour has to be readable on white; the dark pages get a lighter one by themselves."), []g.Node{g.Attr("spellcheck", "false")}
	from := q.Field("sender_name", v.T("Who mails are from"), b.SenderName)
	from.Hint = v.T("Empty: the name of the brand.")
	address := q.Field("sender_address", v.T("The sender's e-mail address"), b.SenderAddress)
	address.Type, address.Hint = "email", v.T("Mails come from it where this server may send for its domain. Else replies go to it.")
	body := []g.Node{page.Input(v, name), page.Input(v, accent)}
	if accent, ok := tenant.ParseColour(b.Accent); ok {
		light, _ := tenant.Palettes(accent)
		body = append(body, h.P(h.Class("brand-sample"), h.Span(h.Class("button primary"), g.Text(v.T("A button"))), g.Text(" "),
			page.Muted(v.T("Contrast with white: {ratio} to 1", "ratio", v.Decimal(tenant.Contrast(light.Accent, tenant.Colour{1, 1, 1}), 1)))))
	}
	return q.Form("/settings/brand", page.Button(v.T("Save")), append(body, page.Two(page.Input(v, from), page.Input(v, address)))...).Node(v)
}

func logoForm(q *shell.Req, b tenant.Brand) g.Node {
	v := q.View
	now := g.Node(page.P(v.T("There is no logo: the first letter of the name stands in its place.")))
	if b.Logo != "" {
		now = page.Inline(h.Img(h.Class("brand-logo"), h.Src("/brand/logo/"+b.Logo), h.Alt(v.T("The logo"))),
			page.Post("/settings/brand/logo/remove", page.Secondary(v.T("Take it away"))))
	}
	file := page.Field{Name: "image", Label: v.T("Another logo"), Error: q.Wrong("image"), Hint: v.T("A PNG or JPEG, {n} KiB and 2048 pixels a side at most.", "n", tenant.MaxLogo>>10)}
	form := q.Form("/settings/brand/logo", page.Secondary(v.T("Upload")), page.File(v, file, ".png,.jpg,.jpeg,image/png,image/jpeg"))
	form.Files, form.Errors, form.Message = true, nil, ""
	return g.Group{now, form.Node(v)}
}

// takeLogo takes an uploaded picture.
func takeLogo(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	var in tenant.Logo
	if file, _, err := q.R.FormFile("image"); err == nil {
		defer file.Close()
		if in.Image, err = io.ReadAll(io.LimitReader(file, tenant.MaxLogo+1)); err != nil {
			return fail.New(fail.Invalid, "This form cannot be read.")
		}
	}
	if _, err := shell.RunWith(q, tenant.SetLogo, in); err != nil {
		if shell.Again(err) {
			return q.Again(err, showBrand)
		}
		return err
	}
	return q.Redirect("/settings/brand", page.Good, q.T("The logo is saved."))
}

// confirmSwitch says what switching does before it is done: whom it makes a full administrator, by name (XA-1).
func confirmSwitch(q *shell.Req) error {
	b, err := shell.RunWith(q, tenant.ShowBrand, struct{}{})
	if err != nil {
		return err
	}
	_, effects, err := tenant.SwitchBrand.Preview(q.Ctx(), q.Env(), q.Who, tenant.BrandSwitch{On: !b.On})
	if err != nil {
		return err
	}
	v := q.View
	title, text, button, on := v.T("Switch your own brand on?"), v.T("People then see this brand instead of the portal's own name, and there may be partial administrators."), v.T("Switch on"), "true"
	if b.On {
		title, text, button, on = v.T("Switch your own brand off?"), v.T("People then see the portal's own name. Partial administrators exist only while the brand is on."), v.T("Switch off"), "false"
	}
	body := []g.Node{page.Crumbs(v, page.Link{Label: v.T("Your own brand"), Href: "/settings/brand"}, page.Link{Label: button}), page.Header(v.T("Resell under your own brand"), "")}
	if b.On && len(b.Partial) > 0 {
		names := make([]string, len(b.Partial))
		for i, p := range b.Partial {
			names[i] = p.Name
		}
		body = append(body, page.Notice(page.Warn, g.Text(v.N("One partial administrator becomes a full one, and stays one: {names}.",
			"{n} partial administrators become full ones, and stay such: {names}.", len(names), "names", strings.Join(names, ", ")))))
	}
	if b.On && len(b.Asleep) > 0 {
		body = append(body, page.Notice(page.Warn, g.Text(v.T("These account types are made of the partial administrator's. Whoever holds one may do nothing by it until the brand is on again: {names}.",
			"names", strings.Join(b.Asleep, ", ")))))
	}
	body = append(body, page.Confirm{Title: title, Text: text, Action: "/settings/brand/switch", Pairs: []string{"on", on}, Button: button, Cancel: "/settings/brand"}.Node(v))
	if b.On {
		body = append(body, page.PreviewOut(v, shell.EffectsOf(effects).Node(v)))
	}
	return q.Show(title, body...)
}

// logo is the portal's logo, under an address that its content makes: it is kept for ever, and shown as a picture alone.
func logo(q *shell.Req) error {
	out, err := shell.RunOpen(q, tenant.ShowLogo)
	if err != nil {
		return err
	}
	head := q.W.Header()
	head.Set("Content-Type", "image/png")
	head.Set("Cache-Control", "public, max-age=31536000, immutable")
	head.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	head.Set("Content-Disposition", "inline")
	_, _ = q.W.Write(out.PNG) // a reader who left is no error of ours
	return nil
}

// colours is the style sheet of the brand's colours, for the light pages and the dark ones as app.css has them.
func colours(q *shell.Req) error {
	head := q.W.Header()
	head.Set("Content-Type", "text/css; charset=utf-8")
	head.Set("Cache-Control", "private, max-age=3600")
	accent, ok := tenant.ParseColour(q.Portal.Settings.Brand.Accent)
	if !ok || !q.Portal.Settings.Brand.On {
		q.W.WriteHeader(http.StatusOK)
		return nil
	}
	light, dark := tenant.Palettes(accent)
	_, _ = io.WriteString(q.W, ":root{"+tokens(light)+"}\n@media screen and (prefers-color-scheme: dark){:root:not([data-theme=\"light\"]){"+tokens(dark)+
		"}}\n@media screen{:root[data-theme=\"dark\"]{"+tokens(dark)+"}}\n.brand-mark{background:"+light.Accent.String()+";box-shadow:none}\n")
	return nil
}

func tokens(p tenant.Palette) string {
	return "--accent:" + p.Accent.String() + ";--accent-strong:" + p.Strong.String() + ";--accent-soft:" + p.Soft.String() + ";--on-accent:" + p.On.String()
}
