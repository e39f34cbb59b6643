package work

import (
	"net/url"
	"strings"

	"provost/internal/action/work"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func packageRoutes(s *shell.Server) {
	const at = "/courses/{course}/assessments/{assessment}"
	s.Post(at+"/package", shell.Submit(work.PutPackage, at).Says(page.Say("The package can be played now.")).On(showAssessment))
	s.Get(at+"/play", work.PlayPackage, playPackage)
	s.Get(at+"/restart", work.ShowPackage, confirmRestart)
	s.Post(at+"/restart", shell.Submit(work.RestartPackage, at).Says(page.Say("{name} starts from its beginning now.")))
	s.Post(at+"/learners/{enrolment}/restart", shell.Submit(work.RestartLearnerPackage, at+"/learners/{enrolment}").Says(page.Say("{name} starts from its beginning now.")))
}

var standards = map[string]string{"scorm12": "SCORM 1.2", "scorm2004": "SCORM 2004", "cmi5": "cmi5", "xapi": "xAPI"}

// packagePart is what an assessment plays, with the way into it, and for who writes the course the form for another.
func packagePart(q *shell.Req, x work.Assessment) ([]g.Node, error) {
	in := work.OneAssessment{Assessment: x.ID}
	in.Course = x.Course.ID
	out, err := shell.RunWith(q, work.ShowPackage, in)
	if err != nil {
		return nil, err
	}
	v := q.View
	at := assessmentAt(x.Course.ID, x.ID)
	var body []g.Node
	switch {
	case out.Standard == "":
		body = append(body, page.Empty(v.T("There is no package yet"), v.T("Whoever writes the course uploads it.")))
	case q.ApartOrigin() == "":
		body = append(body, page.Notice(page.Warn, g.Text(v.T("Packages cannot be played here yet: the portal needs an address of its own for them. Whoever runs it finds how in the operators' documentation."))))
	default:
		body = append(body, packageItems(v, at, out))
	}
	if out.MayRestart {
		body = append(body, page.Inline(page.LinkButton(v.T("Start again"), at+"/restart")))
	}
	if !x.MayEdit {
		return body, nil
	}
	file := q.Field("file", v.T("Package"), "")
	file.Required = true
	file.Hint = v.T("A zip archive of SCORM 1.2 or 2004, cmi5 or xAPI, 256 MB at most.")
	form := q.Form(at+"/package", page.Button(v.T("Upload")), page.File(v, file, ".zip,application/zip"))
	form.Files = true
	title := v.T("Upload a package")
	if out.Standard != "" {
		title = v.T("Replace the package")
		body = append(body, page.Muted(standards[out.Standard]+" · "+out.Title))
	}
	return append(body, page.Section(title, form.Node(v))), nil
}

// packageItems are the items of a package, each to be opened.
func packageItems(v page.View, at string, out work.Package) g.Node {
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		state, score := v.T("Not begun"), ""
		switch {
		case x.Done:
			state = v.T("Done")
		case x.Begun != nil:
			state = v.T("Begun")
		}
		if x.Score != nil {
			score = v.Decimal(*x.Score, 2) + " %"
		}
		way := g.Node(g.Text(""))
		if out.MayPlay {
			way = page.LinkButton(playLabel(v, x), at+"/play?item="+url.QueryEscape(x.ID), h.Aria("label", playLabel(v, x)+": "+x.Title))
		}
		rows[i] = page.Row{Cells: append(page.Cells(x.Title, state, score), way)}
	}
	return page.Table{Caption: v.T("Content"), Rows: rows,
		Columns: []page.Column{{Title: v.T("Title"), Wide: true}, {Title: v.T("State")}, {Title: v.T("Score"), Align: page.End}, {Title: v.T("Open")}}}.Node(v)
}

func playLabel(v page.View, x work.PackageItem) string {
	if x.Begun != nil {
		return v.T("Go on")
	}
	return v.T("Start")
}

// confirmRestart asks whether one wants to start a package again.
func confirmRestart(q *shell.Req) error {
	out, err := shell.Run(q, work.ShowPackage)
	if err != nil {
		return err
	}
	if !out.MayRestart {
		return fail.New(fail.Conflict, "You cannot start this again.")
	}
	v := q.View
	at := strings.TrimSuffix(q.R.URL.Path, "/restart")
	title := v.T("Start {name} again?", "name", out.Assessment.Name)
	return q.Show(title, page.Header(title, ""), page.Confirm{Title: v.T("You begin at its beginning"), Text: v.T("What you reached stays on record, and the best result counts."),
		Losses: []string{v.T("Where you are in it, and what it kept to go on from")}, Action: at + "/restart", Button: v.T("Start again"), Cancel: at}.Node(v))
}

// playPackage is the page in which an item runs, in a frame that is served at another address.
func playPackage(q *shell.Req) error {
	if q.ApartOrigin() == "" {
		return fail.New(fail.Conflict, "Packages cannot be played here yet: the portal needs an address of its own for them. Whoever runs it finds how in the operators' documentation.")
	}
	var in work.Play
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Origin = q.Origin()
	out, err := shell.RunWith(q, work.PlayPackage, in)
	if err != nil {
		return err
	}
	origin := shell.OriginOf(q.ApartOrigin(), out.Site)
	q.Frame(origin)
	v := q.View
	at := assessmentAt(out.Course.ID, out.Assessment.ID)
	src := origin + "/p/" + out.Token + "/play?item=" + url.QueryEscape(out.Item.ID)
	body := []g.Node{crumbs(v, out.Course, page.Link{Label: out.Assessment.Name, Href: at}, page.Link{Label: out.Item.Title}),
		page.Header(out.Item.Title, "", page.LinkButton(v.T("Back to {name}", "name", out.Assessment.Name), at))}
	if !out.Takes {
		body = append(body, page.Notice(page.Info, g.Text(v.T("You do not take this course: nothing of what you do here is kept."))))
	}
	return q.Show(out.Item.Title, append(body, h.IFrame(h.Class("player"), h.Title(out.Item.Title), h.Src(src), g.Attr("allow", "fullscreen; autoplay"), g.Attr("referrerpolicy", "no-referrer"),
		g.Attr("sandbox", "allow-scripts allow-same-origin allow-forms allow-modals allow-popups")))...)
}
