package path

import (
	"strconv"

	"provost/internal/action/path"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func certificateRoutes(s *shell.Server) {
	s.Get("/courses/{course}/certificates", path.ShowCertificates, showCertificates)
	s.PostTo("/courses/{course}/certificates", path.SetCertificates, setCertificates)
	s.Post("/courses/{course}/enrolments/{enrolment}/certificates", shell.Submit(path.GiveCertificate, "/courses/{course}/certificates").
		Says(page.Say("{name} has a certificate now.")))
	s.Get("/courses/{course}/certificates/{certificate}/revoke", path.ShowCertificates, confirmRevoke)
	s.PostTo("/courses/{course}/certificates/{certificate}/revoke", path.RevokeCertificate, revoke)
	s.Get("/certificates", path.ListOwnCertificates, ownCertificates)
	s.Get("/certificates/{certificate}/file", path.ShowCertificate, certificateFile)
	s.Get("/verify", shell.Open("whoever was shown a certificate verifies it"), askVerify)
	s.Get("/verify/{code}", path.VerifyCertificate, verify)
	s.PostTo("/verify", shell.Open("whoever was shown a certificate verifies it"), toVerify)
}

// givingWords are what the ways of giving certificates are called.
var givingWords = map[path.Giving][2]string{
	path.GiveNone:   {page.Say("No certificates"), page.Say("Those that were given stay.")},
	path.GiveAll:    {page.Say("To whoever completes the course"), page.Say("By itself, and to those who completed it before.")},
	path.GiveByHand: {page.Say("By hand"), page.Say("You choose among those who completed the course.")},
}

// showCertificates says how a course gives certificates, and who has one.
func showCertificates(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowCertificates)
	if err != nil {
		return err
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String()
	body := []g.Node{courseCrumbs(v, out.Course, page.Link{Label: v.T("Certificates")}),
		page.Header(v.T("Certificates of {name}", "name", out.Course.Name), "", page.LinkButton(v.T("Completion"), at+"/completion"))}
	if out.MayChange && out.MayGive {
		give := q.Field("give", v.T("Certificates are given"), string(out.Give))
		give.Required = true
		options := make([]page.Option, len(path.Givings))
		for i, x := range path.Givings {
			options[i] = page.Option{Value: string(x), Label: v.T(givingWords[x][0]), Hint: v.T(givingWords[x][1])}
		}
		days := q.Field("days", v.T("They count for so many days"), strconv.Itoa(out.Days))
		days.Type, days.Hint = "number", v.T("0 for ever. A change counts for those that are given from now on.")
		body = append(body, q.Form(at+"/certificates", page.Button(v.T("Save")), page.RadioGroup(v, give, options), page.Input(v, days)).Node(v))
	} else {
		body = append(body, page.P(v.T(givingWords[out.Give][0])))
	}
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		rows[i] = certifiedRow(v, out, x)
	}
	body = append(body, page.Section(v.T("Who completed the course"),
		page.Filters{Action: at + "/certificates", SearchName: "q", SearchLabel: v.T("Search learners by name"), Query: q.R.URL.Query().Get("q")}.Node(v),
		page.Table{Caption: v.T("Who completed the course"), Columns: []page.Column{{Title: v.T("Learner"), Wide: true}, {Title: v.T("Completed"), NoWrap: true}, {Title: v.T("Certificate")},
			{Title: v.T("Actions"), Quiet: true}}, Rows: rows, Empty: page.Empty(v.T("Nobody yet"), v.T("Learners whom you may see stand here when they have completed the course."))}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total)))
	return q.Show(v.T("Certificates of {name}", "name", out.Course.Name), body...)
}

func certifiedRow(v page.View, out path.CourseCertificates, x path.CertificateItem) page.Row {
	at := "/courses/" + out.Course.ID.String()
	completed, deed := "–", g.Node(g.Text(""))
	if x.Completed != nil {
		completed = v.Date(*x.Completed)
	}
	t := x.Certificate
	switch {
	case t != nil && t.Revoked == nil && out.MayGive:
		deed = page.LinkButton(v.T("Withdraw…"), at+"/certificates/"+t.ID.String()+"/revoke?q="+urlText(x.Learner.Name), g.Attr("aria-label", v.T("Withdraw the certificate of {name}", "name", x.Learner.Name)))
	case out.MayGive && out.Give != path.GiveNone:
		deed = page.Post(at+"/enrolments/"+x.Enrolment.String()+"/certificates", page.Secondary(v.T("Give"), g.Attr("aria-label", v.T("Give {name} a certificate", "name", x.Learner.Name))))
	}
	return page.Row{Cells: []g.Node{page.Person(x.Learner.Name, ""), g.Text(completed), stateOf(v, t), deed}}
}

// stateOf says how a certificate stands.
func stateOf(v page.View, t *path.Certificate) g.Node {
	switch {
	case t == nil:
		return page.Muted(v.T("none"))
	case t.Revoked != nil:
		return page.Stack(page.Badge(page.Bad, v.T("Withdrawn on {date}", "date", v.Date(*t.Revoked))), page.Muted(t.Reason))
	case !t.Counts:
		return page.Badge(page.Warn, v.T("Counted until {date}", "date", v.Date(*t.Until)))
	case t.Until != nil:
		return page.Badge(page.Good, v.T("Counts until {date}", "date", v.Date(*t.Until)))
	}
	return page.Badge(page.Good, v.T("Given on {date}", "date", v.Date(t.Given)))
}

func setCertificates(q *shell.Req) error {
	out, err := shell.Run(q, path.SetCertificates)
	if shell.Again(err) {
		return q.Again(err, showCertificates)
	}
	if err != nil {
		return err
	}
	return q.Redirect(q.R.URL.Path, page.Good, q.View.N("That is saved. {n} certificate was given by it.", "That is saved. {n} certificates were given by it.", out.Given))
}

// confirmRevoke asks why a certificate is withdrawn.
func confirmRevoke(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowCertificates)
	if err != nil {
		return err
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String() + "/certificates"
	for _, x := range out.Items {
		if x.Certificate == nil || x.Certificate.ID.String() != q.R.PathValue("certificate") {
			continue
		}
		reason := q.Field("reason", v.T("Why?"), "")
		reason.Required, reason.Hint = true, v.T("{name} sees it.", "name", x.Learner.Name)
		title := v.T("Withdraw the certificate of {name}?", "name", x.Learner.Name)
		return q.Show(title, courseCrumbs(v, out.Course, page.Link{Label: v.T("Certificates"), Href: at}), page.Header(title, ""),
			page.Confirm{Title: title, Text: v.T("Its code proves nothing any more, at once and for good. The course stays completed."), Action: q.R.URL.Path + "?q=" + urlText(x.Learner.Name),
				Fields: []g.Node{page.Input(v, reason)}, Button: v.T("Withdraw the certificate"), Cancel: at}.Node(v))
	}
	return fail.Missing("certificate")
}

func revoke(q *shell.Req) error {
	out, err := shell.Run(q, path.RevokeCertificate)
	if shell.Again(err) {
		return q.Again(err, confirmRevoke)
	}
	if err != nil {
		return err
	}
	return q.Redirect("/courses/"+out.ID.String()+"/certificates", page.Good, q.T("The certificate of {name} is withdrawn.", "name", out.Name))
}

// ownCertificates are one's own, each to download, with its code.
func ownCertificates(q *shell.Req) error {
	out, err := shell.Run(q, path.ListOwnCertificates)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, t := range out.Items {
		link, code := g.Node(g.Text("")), g.Node(g.Text(""))
		if t.Counts {
			link = page.LinkButton(v.T("Download"), "/certificates/"+t.ID.String()+"/file", g.Attr("aria-label", v.T("Download the certificate of {name}", "name", t.Course)))
			code = page.TextLink(t.Code, "/verify/"+t.Code)
		}
		rows[i] = page.Row{Muted: !t.Counts, Cells: []g.Node{page.Named(t.Course, ""), g.Text(v.Date(t.Completed)), stateOf(v, &t), code, link}}
	}
	return q.Show(v.T("My certificates"), page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: v.T("My certificates")}),
		page.Header(v.T("My certificates"), v.T("Whoever you show one can verify it by its code. It tells your name, the course and the date, and nothing else.")),
		page.Table{Caption: v.T("My certificates"), Columns: []page.Column{{Title: v.T("Course"), Wide: true}, {Title: v.T("Completed"), NoWrap: true}, {Title: v.T("State")}, {Title: v.T("Code")},
			{Title: v.T("Download"), Quiet: true}}, Rows: rows,
			Empty: page.Empty(v.T("No certificates yet"), v.T("A certificate stands here when you have completed a course that gives one."))}.Node(v))
}

// askVerify asks whoever was shown a certificate for its code.
func askVerify(q *shell.Req) error {
	v := q.View
	code := q.Field("code", v.T("Code"), "")
	code.Required, code.Autocomplete, code.Hint = true, "off", v.T("It stands at the foot of the certificate.")
	return q.ShowNarrow(v.T("Verify a certificate"), page.P(v.T("Given by {portal}.", "portal", v.Portal)), q.Form("/verify", page.Button(v.T("Verify")), page.Input(v, code)).Node(v))
}

func toVerify(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	return q.Redirect("/verify/"+urlText(codeOf(q.R.PostForm.Get("code"))), page.Plain, "")
}

// verify tells what a code proves, and nothing else.
func verify(q *shell.Req) error {
	if err := q.Try(); err != nil {
		return err
	}
	q.W.Header().Set("Cache-Control", "no-store")
	q.W.Header().Set("X-Robots-Tag", "noindex")
	v := q.View
	out, err := shell.RunOpen(q, path.VerifyCertificate)
	if fail.Is(err, fail.NotFound) || fail.Is(err, fail.Invalid) { // what is no text is no code
		q.Status = 404
		return q.ShowNarrow(v.T("This certificate is not valid"), page.P(v.T("{portal} has no certificate of this code that counts. Check the code, or ask who showed it to you.", "portal", v.Portal)),
			h.P(page.TextLink(v.T("Verify another one"), "/verify")))
	}
	if err != nil {
		return err
	}
	lines := []page.KV{{Key: v.T("Name"), Value: g.Text(out.Name)}, {Key: v.T("Course"), Value: g.Text(out.Course)}, {Key: v.T("Completed"), Value: g.Text(v.Date(out.Completed))}}
	if out.Until != nil {
		lines = append(lines, page.KV{Key: v.T("Counts until"), Value: g.Text(v.Date(*out.Until))})
	}
	return q.ShowNarrow(v.T("This certificate is valid"), page.P(v.T("Given by {portal}.", "portal", v.Portal)), page.KeyValues(lines...), h.P(page.TextLink(v.T("Verify another one"), "/verify")))
}
