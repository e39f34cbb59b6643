package web

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Demo is what a demo has besides the pages of every portal: a page from which one signs in as any of its people, without
// a password, and one with the mail that it sent. It is for a database of invented people, on this machine, and nowhere else.
type Demo struct {
	People []DemoPerson
	// Mails are the last mails, newest first.
	Mails func() []DemoMail
}

// DemoPerson is somebody to sign in as.
type DemoPerson struct {
	Username, Name string
	// What they can do, in a line.
	What string
}

// DemoMail is a mail that was sent.
type DemoMail struct {
	To, Subject, Text string
	At                time.Time
}

// routes register the pages of a demo, where there is one.
func (d *Demo) routes(s *shell.Server) {
	if d == nil {
		return
	}
	s.Get("/demo", shell.Open("it is a demo of invented people, on this machine only"), here(d.show))
	s.Get("/demo/mail", shell.Open("it is a demo of invented people, on this machine only"), here(d.showMail))
	s.PostTo("/demo", action.DemoSignIn, here(becomeSomebody))
}

// here answers only who reached the demo by a name of this machine: a site whose name was made to lead here finds nothing.
func here(next shell.Handler) shell.Handler {
	return func(q *shell.Req) error {
		name := shell.HostOf(q.R)
		if at, err := netip.ParseAddr(name); name != "localhost" && (err != nil || !at.IsLoopback()) {
			return shell.NotFound
		}
		return next(q)
	}
}

// show lists the people with a button each.
func (d *Demo) show(q *shell.Req) error {
	v := q.View
	rows := make([]page.Row, len(d.People))
	for i, p := range d.People {
		rows[i] = page.Row{Cells: []g.Node{page.Person(p.Name, ""), g.Text(p.What),
			page.Post("/demo", page.Secondary(v.T("Sign in"), g.Attr("aria-label", v.T("Sign in as {name}", "name", p.Name))), "username", p.Username)}}
	}
	return q.Show(v.T("Demo"),
		page.Header(v.T("Sign in as somebody"), v.T("{portal} is invented, and so is everybody in it. Look at it through their eyes: what one may not see is not there.", "portal", v.Portal),
			page.LinkButton(v.T("Mail that was sent"), "/demo/mail")),
		page.Table{Caption: v.T("People of the demo"), Columns: []page.Column{{Title: v.T("Person")}, {Title: v.T("What they can do"), Wide: true}, {Title: v.T("Sign in"), Quiet: true}}, Rows: rows}.Node(v))
}

// becomeSomebody opens a session as the chosen person, just as a real one.
func becomeSomebody(q *shell.Req) error {
	var in action.DemoLogin
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Agent, in.Old = q.R.UserAgent(), q.SessionToken()
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0
	out, err := action.DemoSignIn.Run(q.Ctx(), q.Env(), who, in)
	if fail.Is(err, fail.NotFound) {
		return shell.NotFound
	}
	if err != nil {
		return err
	}
	q.KeepSession(out.Token, out.Until)
	return q.Redirect("/", page.Plain, "")
}

// showMail shows the mail that the demo sent.
func (d *Demo) showMail(q *shell.Req) error {
	v := q.View
	mails := d.Mails()
	list := g.Group{}
	for _, m := range mails {
		list = append(list, page.Card(m.Subject, page.KeyValues(page.KV{Key: v.T("To"), Value: g.Text(m.To)}, page.KV{Key: v.T("Sent"), Value: g.Text(v.DateTime(m.At))}),
			h.Pre(h.Class("mail"), g.Group(withLinks(m.Text)))))
	}
	if len(mails) == 0 {
		list = append(list, page.Empty(v.T("No mail yet"), v.T("Invite somebody, or ask for a new password: what would be sent is shown here.")))
	}
	return q.Show(v.T("Mail that was sent"), page.Crumbs(v, page.Link{Label: v.T("Demo"), Href: "/demo"}, page.Link{Label: v.T("Mail that was sent")}),
		page.Header(v.T("Mail that was sent"), v.T("Nothing leaves this machine.")), list)
}

// withLinks makes links to this portal of the addresses in a mail.
func withLinks(text string) (out []g.Node) {
	for part := range strings.SplitAfterSeq(text, "\n") {
		line := strings.TrimSpace(part)
		if at, err := url.Parse(line); err == nil && at.Scheme == "http" && at.Path != "" {
			out = append(out, h.A(h.Href(at.RequestURI()), g.Text(line)), g.Text("\n"))
		} else {
			out = append(out, g.Text(part))
		}
	}
	return out
}
