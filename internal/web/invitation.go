package web

import (
	"net/http"
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	carried "provost/internal/action/invited"
	"provost/internal/action/path"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func invitationRoutes(s *shell.Server) {
	s.Get("/manage/invitations", action.ListInvitations, listInvitations)
	s.Post("/manage/invitations/{invitation}/resend", shell.Submit(action.ResendInvitation, "/manage/invitations").Says(page.Say("The invitation to {email} is sent again.")))
	s.Post("/manage/invitations/{invitation}/withdraw", shell.Submit(action.WithdrawInvitation, "/manage/invitations").Says(page.Say("The invitation is withdrawn.")))
	s.Get("/manage/invitations/new", action.ListInvitationPlaces, newInvitation)
	s.PostTo("/manage/invitations/new", action.SendInvitations, sendInvitation)
	s.Get("/manage/invitations/csv", action.ListInvitationPlaces, uploadInvitations)
	s.PostTo("/manage/invitations/csv", action.SendInvitations, readInvitations, shell.Body(4<<20))
	s.PostTo("/manage/invitations/csv/send", action.SendInvitations, sendInvitations, shell.Body(4<<20))
	s.Get("/invitations/{token}", action.ReadInvitation, showInvitation)
	s.PostTo("/invitations/{token}", action.AcceptInvitation, acceptInvitation)
}

// statesOfInvitations are what the states of an invitation are called, and their tones.
var statesOfInvitations = []struct {
	status store.InvitationStatus
	text   string
	kind   page.Kind
}{
	{store.InvitationPending, page.Say("Pending"), page.Info},
	{store.InvitationAccepted, page.Say("Accepted"), page.Good},
	{store.InvitationExpired, page.Say("Expired"), page.Warn},
	{store.InvitationWithdrawn, page.Say("Taken back"), page.Plain},
}

// listInvitations lists who is invited, and what became of it (LM-13).
func listInvitations(q *shell.Req) error {
	var in action.InvitationQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ListInvitations, in)
	if err != nil {
		return err
	}
	v, may := q.View, q.May(access.AccountInvite)
	tabs := []page.Tab{{Label: v.T("All"), Href: "/manage/invitations", Current: in.Status == ""}}
	for _, s := range statesOfInvitations {
		tabs = append(tabs, page.Tab{Label: v.T(s.text), Href: "/manage/invitations?status=" + string(s.status), Current: in.Status == s.status})
	}
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		rows[i] = invitationRow(q, x, may)
	}
	var actions []g.Node
	if may {
		actions = []g.Node{page.LinkButton(v.T("Invite from a file"), "/manage/invitations/csv"), page.PrimaryLink(v.T("Invite somebody"), "/manage/invitations/new")}
	}
	filters := page.Filters{Action: "/manage/invitations", SearchName: "q", SearchLabel: v.T("Search by e-mail address"), Query: in.Query, Summary: invited(v, out.Total)}
	if in.Status != "" {
		filters.Keep = map[string]string{"status": string(in.Status)}
	}
	columns := []page.Column{{Title: v.T("Invited"), Wide: true}, {Title: v.T("Organization")}, {Title: v.T("Team, courses, paths")}, {Title: v.T("Account types")},
		{Title: v.T("State"), NoWrap: true}, {Title: v.T("By")}, {Title: v.T("Until"), NoWrap: true}, {Title: v.T("Actions"), Quiet: true}}
	return q.Show(v.T("Invitations"), page.Header(v.T("Invitations"), v.T("People who were asked by e-mail to join. A link lasts 14 days."), actions...),
		page.Tabs(v.T("Invitations by state"), tabs...), filters.Node(v),
		page.Table{Caption: v.T("Invitations"), Columns: columns, Rows: rows, Empty: page.Empty(v.T("No invitations"), v.T("Who is invited stands here, with what became of it."))}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

func invited(v page.View, total int) string {
	if total >= shell.MaxCounted {
		return v.T("More than {n} invitations", "n", shell.MaxCounted-1)
	}
	return v.N("{n} invitation", "{n} invitations", total)
}

func invitationRow(q *shell.Req, x action.InvitationItem, may bool) page.Row {
	v := q.View
	state := g.Node(nil)
	for _, s := range statesOfInvitations {
		if s.status == x.Status {
			state = page.Badge(s.kind, v.T(s.text))
		}
	}
	to := []g.Node{}
	if x.Team != nil {
		to = append(to, g.Text(x.Team.Name))
	}
	for _, c := range append(x.Courses, x.Paths...) {
		to = append(to, g.Text(c.Name))
	}
	if len(to) == 0 {
		to = append(to, g.Text("–"))
	}
	who := page.Named(x.Email, x.Name)
	if x.EmailHidden {
		who = page.Stack(page.Masked(v), page.Muted(x.Name))
	}
	row := page.Row{Cells: []g.Node{who, g.Text(x.Organization.Name), page.LinesOf(to...), g.Text(typeNames(v, x.Types)), state, g.Text(x.By),
		g.Text(v.Date(x.Until)), g.Text("")}}
	if x.Status != store.InvitationPending && x.Status != store.InvitationExpired {
		row.Muted = true
		return row
	}
	at := "/manage/invitations/" + x.ID.String()
	var items []page.MenuItem
	if may {
		items = append(items, page.MenuItem{Label: v.T("Send again"), Icon: "mail", Post: at + "/resend"})
	}
	items = append(items, page.MenuItem{Label: v.T("Take back"), Icon: "cross", Post: at + "/withdraw", Danger: true})
	row.Cells[len(row.Cells)-1] = page.Menu(v.T("Actions for {name}", "name", x.Email), items...)
	return row
}

// newInvitation is the form to invite one person.
func newInvitation(q *shell.Req) error {
	places, err := shell.RunWith(q, action.ListInvitationPlaces, action.TypesQuery{})
	if err != nil {
		return err
	}
	v, at := q.View, "rows.0."
	email, name, team := q.Field(at+"email", v.T("E-mail"), ""), q.Field(at+"name", v.T("Name"), ""), q.Field(at+"team", v.T("Team"), "")
	email.Type, email.Required, email.Autocomplete = "email", true, "off"
	team.Hint = v.T("The whole name of a team that you may add people to. They join it when they accept.")
	org := q.OrganizationField(at+"organization", v.T("Organization"), places.Organization)
	types := typeField(q, at+"types", places.Types, []string{string(access.Learner)})
	fields := []g.Node{page.Two(page.Input(v, email), page.Input(v, name)), org.Node(v), page.Input(v, team), types}
	for _, c := range carries {
		if q.May(c.perm) {
			fields = append(fields, carriesField(q, c))
		}
	}
	return q.Show(v.T("Invite somebody"), invitationCrumbs(v, v.T("Invite somebody")),
		page.Header(v.T("Invite somebody"), v.T("They get a link by e-mail, choose a password, and are in."), page.LinkButton(v.T("Invite from a file"), "/manage/invitations/csv")),
		q.WithPreview("/manage/invitations/new", v.T("Send the invitation"), "/manage/invitations", fields...))
}

func invitationCrumbs(v page.View, here string) g.Node {
	return page.Crumbs(v, page.Link{Label: v.T("Invitations"), Href: "/manage/invitations"}, page.Link{Label: here})
}

func sendInvitation(q *shell.Req) error {
	if err := q.ChooseOrganization("rows.0.organization"); err != nil {
		return err
	}
	for _, c := range carries { // what was chosen, and what was typed
		if named := append(q.R.PostForm[c.name], page.Lines(q.R.PostForm.Get(page.TextName(c.name)))...); len(named) > 0 {
			q.R.PostForm.Set("rows.0."+c.name, strings.Join(named, ";"))
		}
	}
	if q.R.Header.Get("X-Preview") != "" || q.R.PostForm.Has("_preview") {
		return foreseeInvitation(q)
	}
	out, err := shell.Run(q, action.SendInvitations)
	switch {
	case err != nil && shell.Again(err):
		return q.Again(err, newInvitation)
	case err != nil:
		return err
	}
	return q.Redirect("/manage/invitations", page.Good, q.View.N("{n} invitation is sent.", "{n} invitations are sent.", out.Sent))
}

// carry is a kind of thing that an invitation may carry.
type carry struct {
	name, source, label, hint string
	perm                      *access.Permission
	search                    *op.Op[path.ListQuery, path.Refs]
}

// carries are the things that an invitation may carry, with who may promise them.
var carries = []carry{
	{"courses", "/courses/search", page.Say("Courses"), page.Say("Names or codes of courses in which you may enrol people, one a line."), access.CourseEnrollOthers, path.SearchCourses},
	{"paths", "/paths/search", page.Say("Learning paths"), page.Say("Names of learning paths in which you may enrol people, one a line."), access.PathEnrollOthers, path.SearchPaths},
}

// carriesField is a picker of what an invitation carries, with what was chosen before.
func carriesField(q *shell.Req, c carry) g.Node {
	p := page.Picker{Field: page.Field{Name: c.name, ID: page.FieldID("rows.0." + c.name), Label: q.T(c.label), Hint: q.T(c.hint), Error: q.Wrong("rows.0." + c.name)}, Source: c.source, Multiple: true}
	if q.Typed != nil {
		p.Text = q.Typed.Get(page.TextName(c.name))
		for _, id := range q.Typed[c.name] {
			if out, err := shell.RunWith(q, c.search, path.ListQuery{Query: id}); err == nil && len(out.Items) == 1 {
				p.Chosen = append(p.Chosen, page.Choice{ID: id, Label: out.Items[0].Name})
			}
		}
	}
	return p.Node(q.View)
}

// foreseeInvitation tells what whoever accepts would get (BE-2).
func foreseeInvitation(q *shell.Req) error {
	var in action.NewInvitations
	if err := q.Fill(&in); err != nil {
		return err
	}
	part := q.R.Header.Get("X-Preview") != ""
	out, _, err := action.SendInvitations.Preview(q.Ctx(), q.Env(), q.Who, in)
	switch {
	case err != nil && !shell.Again(err):
		return err
	case err != nil && part:
		return q.Part(q.StatusOf(err), page.Notice(page.Warn, g.Text(q.Sentence(err))))
	case err != nil:
		return q.Again(err, newInvitation)
	}
	v, x := q.View, out.Items[0]
	facts := []page.KV{{Key: v.T("Invited"), Value: g.Text(x.Email)}, {Key: v.T("Organization"), Value: g.Text(x.Organization.Name)}, {Key: v.T("Account types"), Value: g.Text(typeNames(v, x.Types))}}
	if x.Team != nil {
		facts = append(facts, page.KV{Key: v.T("Team"), Value: g.Text(x.Team.Name)})
	}
	if len(x.Courses) > 0 {
		facts = append(facts, page.KV{Key: v.T("Courses"), Value: g.Text(refNames(x.Courses))})
	}
	if len(x.Paths) > 0 {
		facts = append(facts, page.KV{Key: v.T("Learning paths"), Value: g.Text(refNames(x.Paths))})
	}
	q.Effects = g.Group{page.P(v.T("Whoever accepts gets this, as far as you may give it then.")), page.KeyValues(facts...)}
	if part {
		return q.Part(http.StatusOK, q.Effects)
	}
	q.Typed = q.R.PostForm
	return newInvitation(q)
}

func typeNames(v page.View, list []action.TypeItem) (out string) {
	for i, t := range list {
		out += either(i > 0, ", ", "") + v.T(t.Title)
	}
	return out
}

func refNames(list []carried.Ref) (out string) {
	for i, x := range list {
		out += either(i > 0, ", ", "") + x.Name
	}
	return out
}

// showInvitation asks whoever has the link for a name and a password. Reading uses nothing up.
func showInvitation(q *shell.Req) error {
	out, err := shell.RunOpen(q, action.ReadInvitation)
	if fail.Is(err, fail.NotFound) {
		return invitationEnded(q, err)
	}
	if err != nil {
		return err
	}
	v := q.View
	name, username := q.Field("name", v.T("Name"), out.Name), q.Field("username", v.T("User name"), "")
	name.Required, name.Autocomplete = true, "name"
	username.Required, username.Autocomplete = true, "username"
	username.Hint = v.T("What you sign in with, beside your e-mail address.")
	username.Attrs = []g.Node{g.Attr("autocapitalize", "none"), g.Attr("spellcheck", "false")}
	intro := v.T("{by} invites you to {portal}, in {organization}.", "by", out.By, "portal", out.Portal, "organization", out.Organization)
	if out.Team != "" {
		intro += " " + v.T("You join the team {team}.", "team", out.Team)
	}
	if all := append(out.Courses, out.Paths...); len(all) > 0 {
		intro += " " + v.T("You will be enrolled in: {names}.", "names", refNames(all))
	}
	form := q.Form(q.R.URL.Path, page.Button(v.T("Join {portal}", "portal", out.Portal)), page.Input(v, name), page.Input(v, username), newPassword(q))
	return q.ShowNarrow(v.T("Join {portal}", "portal", out.Portal), h.P(g.Text(intro)), h.P(g.Text(v.T("For {email}, until {date}.", "email", out.Email, "date", v.DateTime(out.Until)))), form.Node(v))
}

// invitationEnded answers every link that is no open invitation: all alike.
func invitationEnded(q *shell.Req, err error) error {
	q.Status = q.StatusOf(err)
	return q.ShowNarrow(q.T("This invitation cannot be used"), h.P(g.Text(q.Sentence(err))), page.LinkButton(q.T("Sign in"), "/sign-in"))
}

func acceptInvitation(q *shell.Req) error {
	if err := q.Try(); err != nil {
		return err
	}
	out, err := shell.RunOpen(q, action.AcceptInvitation)
	switch {
	case fail.Is(err, fail.NotFound), fail.Is(err, fail.NotAllowed):
		return invitationEnded(q, err)
	case err != nil && shell.Again(err):
		return q.Again(err, showInvitation)
	case err != nil:
		return err
	}
	text := q.T("Welcome, {name}. Sign in as {username} now.", "name", out.Name, "username", out.Username)
	if len(out.Waiting) > 0 {
		text += " " + q.T("You wait for a seat in: {names}.", "names", strings.Join(out.Waiting, ", "))
	}
	if len(out.LeftOut) > 0 {
		text += " " + q.T("You could not be enrolled in: {names}. Ask whoever invited you.", "names", strings.Join(out.LeftOut, ", "))
	}
	return q.Redirect("/sign-in", page.Good, text)
}
