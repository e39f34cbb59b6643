package learning

import (
	"strconv"

	"provost/internal/action/learning"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func catalogRoutes(s *shell.Server) {
	s.Get("/catalog", learning.ListCatalog, showCatalog)
	s.Get("/catalog/{course}", learning.ShowEntry, showEntry)
	s.Get("/catalog/{course}/picture", learning.CoursePicture, shell.Download(learning.CoursePicture), shell.UpTo(fileLimit))
	s.PostTo("/catalog/{course}/enrolment", learning.EnrolSelf, enrolSelf)
	s.Get("/catalog/{course}/leave", learning.ShowEntry, confirmLeave)
	s.Post("/catalog/{course}/leave", shell.Submit(learning.LeaveSelf, "/catalog/{course}").Says(page.Say("You are out of the course, and wait for no seat.")))
	s.Get("/courses/{course}/listing", learning.ShowListing, editListing)
	s.Post("/courses/{course}/listing", shell.Submit(learning.SaveListing, "/courses/{course}/listing").Says(page.Say("{name} is saved.")).On(editListing))
}

// showCatalog are the courses that are offered to one.
func showCatalog(q *shell.Req) error {
	var in learning.CatalogQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, learning.ListCatalog, in)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, e := range out.Items {
		var picture g.Node = g.Text("")
		if e.Picture != nil {
			picture = h.Img(h.Class("cover"), h.Src("/catalog/"+e.ID.String()+"/picture"), h.Alt(e.Alt), h.Width("96"), h.Loading("lazy"))
		}
		rows[i] = page.Row{Href: "/catalog/" + e.ID.String(), Cells: []g.Node{page.Named(e.Name, e.Category), picture, g.Text(when(v, e)), g.Text(seatsText(v, e))}}
	}
	categories := []page.Option{{Value: "", Label: v.T("All categories")}}
	for _, c := range out.Categories {
		categories = append(categories, page.Option{Value: c, Label: c})
	}
	empty := page.Empty(v.T("No courses in the catalog"), v.T("Courses appear here when whoever teaches them puts them into the catalog."))
	if in.Query != "" || in.Category != "" {
		empty = page.Empty(v.T("No course found"), v.T("Search for something else, or in all categories."))
	}
	var more []g.Node
	for _, p := range []struct {
		there bool
		to    int
		label string
	}{{out.Page > 1, out.Page - 1, v.T("Previous")}, {out.More, out.Page + 1, v.T("Next")}} {
		if p.there {
			to := q.QueryBut("page")
			to.Set("page", strconv.Itoa(p.to))
			more = append(more, page.LinkButton(p.label, "/catalog?"+to.Encode()))
		}
	}
	return q.Show(v.T("Catalog"), page.Header(v.T("Catalog"), v.T("The courses that are offered to you.")),
		page.Filters{Action: "/catalog", SearchName: "q", SearchLabel: v.T("Search courses"), Query: in.Query,
			Fields: []g.Node{page.SmallSelect(page.Field{Name: "category", Label: v.T("Category"), Value: in.Category}, categories)}}.Node(v),
		page.Table{Caption: v.T("Catalog"), Columns: []page.Column{{Title: v.T("Course"), Wide: true}, {Title: v.T("Picture")}, {Title: v.T("Time")}, {Title: v.T("Seats")}}, Rows: rows, Empty: empty}.Node(v),
		page.Inline(more...))
}

// when is the time of a course of the catalog.
func when(v page.View, e learning.Entry) string {
	if e.Over {
		return v.T("Over")
	}
	return shell.Days(v, e.Starts, e.Ends)
}

func seatsText(v page.View, e learning.Entry) string {
	switch {
	case e.Open:
		return v.T("You take it")
	case e.Ahead != nil:
		return v.N("You wait; {n} before you", "You wait; {n} before you", int(*e.Ahead))
	case e.Free == nil:
		return ""
	case *e.Free > 0:
		return v.N("{n} seat free", "{n} seats free", int(*e.Free))
	case e.Waits:
		return v.T("Full, with a waiting list")
	}
	return v.T("Full")
}

// showEntry is a course of the catalog, and the way into it.
func showEntry(q *shell.Req) error {
	e, err := shell.Run(q, learning.ShowEntry)
	if err != nil {
		return err
	}
	v, at := q.View, "/catalog/"+e.ID.String()
	body := []g.Node{page.Crumbs(v, page.Link{Label: v.T("Catalog"), Href: "/catalog"}, page.Link{Label: e.Name}), page.Header(e.Name, e.Category)}
	if e.Picture != nil {
		body = append(body, h.P(h.Img(h.Class("cover"), h.Src(at+"/picture"), h.Alt(e.Alt), h.Style("max-width: 100%; max-height: 20rem"))))
	}
	facts := []page.KV{{Key: v.T("Organization"), Value: g.Text(e.Organization.Name)}}
	for _, f := range []struct{ key, value string }{{v.T("About"), e.About}, {v.T("Time"), when(v, e)}, {v.T("How it is taken"), shell.Pace(v, e.SelfPaced)}, {v.T("Seats"), seatsText(v, e)}} {
		if f.value != "" {
			facts = append(facts, page.KV{Key: f.key, Value: g.Text(f.value)})
		}
	}
	return q.Show(e.Name, append(body, page.KeyValues(facts...), wayIn(q, e, at))...)
}

// confirmLeave asks before a seat is given up.
func confirmLeave(q *shell.Req) error {
	e, err := shell.Run(q, learning.ShowEntry)
	if err != nil {
		return err
	}
	if !e.Open {
		return fail.New(fail.Conflict, "You do not take this course.")
	}
	v, at := q.View, "/catalog/"+e.ID.String()
	title := v.T("Leave the course {name}?", "name", e.Name)
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Catalog"), Href: "/catalog"}, page.Link{Label: e.Name, Href: at}, page.Link{Label: v.T("Leave")}), page.Header(title, ""),
		page.Confirm{Title: title, Text: v.T("Your seat goes to whoever waits for one. What you did stays on record."), Action: at + "/leave", Button: v.T("Leave the course"), Cancel: at}.Node(v))
}

// wayIn is what one may do with a course of the catalog now.
func wayIn(q *shell.Req, e learning.Entry, at string) g.Node {
	v := q.View
	switch {
	case e.Open:
		return page.Inline(page.PrimaryLink(v.T("Open the course"), "/courses/"+e.ID.String()+"/outline"), page.LinkButton(v.T("Leave…"), at+"/leave"))
	case e.Ahead != nil:
		return page.Inline(page.Muted(v.T("You get a seat as soon as one is free and it is your turn.")), page.Post(at+"/leave", page.Secondary(v.T("Wait no more"))))
	case !e.MayEnrol:
		return page.Notice(page.Info, g.Text(v.T("Your role does not enrol itself in courses. Ask whoever teaches the course.")))
	case e.Over:
		return page.Notice(page.Info, g.Text(v.T("This course is over.")))
	case e.Free != nil && *e.Free == 0 && !e.Waits:
		return page.Notice(page.Info, g.Text(v.T("No seat is free in this course.")))
	}
	var fields []g.Node
	if e.HasCode {
		code := q.Field("code", v.T("Access code"), "")
		code.Required, code.Autocomplete = true, "off"
		code.Hint = v.T("Whoever teaches the course knows it.")
		fields = append(fields, page.Input(v, code))
	}
	label := v.T("Enrol in this course")
	if e.Free != nil && *e.Free == 0 {
		label = v.T("Wait for a seat")
	}
	return q.Form(at+"/enrolment", page.Button(label), fields...).Node(v)
}

// enrolSelf enrols one and leads into the course, or tells that one waits.
func enrolSelf(q *shell.Req) error {
	out, err := shell.Run(q, learning.EnrolSelf)
	if err != nil {
		return q.Again(err, showEntry)
	}
	if out.Waiting {
		return q.Redirect("/catalog/"+out.Course.ID.String(), page.Good, q.T("You wait for a seat in {name}.", "name", out.Course.Name))
	}
	return q.Redirect("/courses/"+out.Course.ID.String()+"/outline", page.Good, q.T("You take {name} now.", "name", out.Course.Name))
}

// editListing is how a course stands in the catalog.
func editListing(q *shell.Req) error {
	out, err := shell.Run(q, learning.ShowListing)
	if err != nil {
		return err
	}
	v, at := q.View, "/courses/"+out.Course.ID.String()
	seats, category, code, picture, alt := q.Field("seats", v.T("Seats"), strconv.FormatInt(out.Seats, 10)), q.Field("category", v.T("Category"), out.Category),
		q.Field("code", v.T("Access code"), out.Code), q.Field("picture", v.T("Picture"), ""), q.Field("alt", v.T("What the picture shows"), "")
	seats.Type = "number"
	seats.Hint, code.Hint = v.T("0 for any number."), v.T("Who enrols themselves must know it. Empty for none.")
	fields := []g.Node{page.Checkbox(q.Field("listed", v.T("In the catalog, where people enrol themselves"), ""), q.Ticked("listed", out.Listed)), page.Two(page.Input(v, category), page.Input(v, code)), page.Input(v, seats),
		page.Checkbox(q.Field("waits", v.T("Whoever finds no free seat may wait for one"), ""), q.Ticked("waits", out.Waits)), page.File(v, picture, "image/png,image/jpeg,image/gif"), page.Input(v, alt)}
	if out.Picture != nil {
		fields = append(fields, page.Checkbox(q.Field("remove", v.T("Take the picture away: {name}", "name", out.Picture.Name), ""), false))
	}
	form := q.Form(at+"/listing", page.Button(v.T("Save")), fields...)
	form.Files = true
	body := []g.Node{courseCrumbs(v, out.Course, page.Link{Label: v.T("Catalog")}), page.Header(v.T("{name} in the catalog", "name", out.Course.Name),
		v.T("The people of its organization, and of those below it, find it there.")), form.Node(v)}
	if len(out.Waiting) > 0 {
		rows := make([]page.Row, len(out.Waiting))
		for i, w := range out.Waiting {
			rows[i] = page.Row{Cells: []g.Node{g.Text(w.Account.Name), g.Text(v.DateTime(w.Since))}}
		}
		body = append(body, page.Section(v.T("Waiting for a seat"), page.Table{Caption: v.T("Waiting for a seat"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Since")}}, Rows: rows}.Node(v)))
	}
	return q.Show(out.Course.Name, body...)
}
