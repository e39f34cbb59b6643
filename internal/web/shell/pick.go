package shell

import (
	"strings"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// OrganizationField is a picker of one organization, with what was chosen before.
func (q *Req) OrganizationField(name, label string, chosen action.Named) page.Picker {
	p := page.Picker{Field: q.Field(name, label, ""), Source: "/organizations/search"}
	p.Field.Hint = q.T("The name of an organization.")
	if q.Typed != nil {
		p.Text = q.Typed.Get(page.TextName(name))
		chosen = action.Named{}
		if id, err := db.ParseID(q.Typed.Get(name)); err == nil {
			if o, err := RunWith(q, action.ShowOrganization, action.OrganizationID{Organization: id}); err == nil {
				chosen = action.Named{ID: o.ID, Name: o.Name}
			}
		}
	}
	if chosen.ID != 0 {
		p.Chosen = []page.Choice{{ID: chosen.ID.String(), Label: chosen.Name}}
	}
	return p
}

// Choosing handles a form with an organization that may have been typed by name instead of chosen.
func Choosing(name string, sub *Submission) Handler {
	return func(q *Req) error {
		if err := q.ChooseOrganization(name); err != nil {
			return err
		}
		return sub.Serve(q)
	}
}

// ChooseOrganization puts the organization that was typed by its whole name where a chosen one would be.
func (q *Req) ChooseOrganization(name string) error {
	if err := q.Parse(); err != nil {
		return err
	}
	text := strings.TrimSpace(q.R.PostForm.Get(page.TextName(name)))
	if text == "" {
		return nil
	}
	q.R.PostForm.Del(name) // what is typed counts before what was chosen
	out, err := RunWith(q, action.ListOrganizations, action.OrganizationQuery{Query: text, Size: 200})
	if err != nil {
		return err
	}
	var ids []string
	for _, o := range out.Items {
		if db.Key(o.Name) == db.Key(text) || o.Code == text && text != "" {
			ids = append(ids, o.ID.String())
		}
	}
	if len(ids) == 1 {
		q.R.PostForm.Set(name, ids[0])
		q.R.PostForm.Del(page.TextName(name))
	}
	return nil
}

// People is a picker of people with what was chosen and typed in a form that is shown again. What is wrong with single
// lines is told at the picker.
func (q *Req) People(name string) (page.Picker, error) {
	p := page.Picker{Field: page.Field{Name: name, Error: q.Wrong(name)}, Source: "/people/search", Multiple: true}
	if q.Typed == nil {
		return p, nil
	}
	p.Text = q.Typed.Get(page.TextName(name))
	var problems []string
	for i := range q.Errs {
		if line, ok := strings.CutPrefix(q.Errs[i].Name, "line "); ok {
			q.Errs[i].Message = q.T("Line {line}: {problem}", "line", line, "problem", q.Errs[i].Message)
			q.Errs[i].Name = name
			problems = append(problems, q.Errs[i].Message)
		}
	}
	if len(problems) > 0 {
		p.Field.Error = strings.Join(problems, " ")
	}
	var ids []db.ID
	for _, text := range q.Typed[name] {
		if id, err := db.ParseID(text); err == nil {
			ids = append(ids, id)
		}
	}
	found, err := RunWith(q, action.ResolveAccounts, action.PeopleLines{Accounts: ids})
	if fail.Is(err, fail.NotFound) {
		return p, nil
	}
	for _, a := range found.Found {
		p.Chosen = append(p.Chosen, ChoiceOf(a))
	}
	return p, err
}

// OnePerson is a picker of one person, with what was typed in a form that is shown again.
func (q *Req) OnePerson(name, label string) g.Node {
	p := page.Picker{Field: page.Field{Name: name, Label: label, Required: true, Error: q.Wrong(name)}, Source: "/people/search"}
	if q.Typed != nil {
		p.Text = q.Typed.Get(page.TextName(name))
	}
	return p.Node(q.View)
}

// ChoosePerson puts the person who was typed by a whole name or user name where a chosen one would be.
func (q *Req) ChoosePerson(name string) error {
	if err := q.Parse(); err != nil {
		return err
	}
	text := strings.TrimSpace(q.R.PostForm.Get(page.TextName(name)))
	if text == "" || q.R.PostForm.Get(name) != "" {
		return nil
	}
	found, err := RunWith(q, action.ResolveAccounts, action.PeopleLines{Lines: []string{text}})
	if err == nil && len(found.Found) == 1 {
		q.R.PostForm.Set(name, found.Found[0].ID.String())
	}
	return err
}

// TakePeople puts the people who were typed, one a line, by a whole name or user name where chosen ones would be.
func (q *Req) TakePeople(name string) error {
	if err := q.Parse(); err != nil {
		return err
	}
	lines := page.Lines(q.R.PostForm.Get(page.TextName(name)))
	if len(lines) == 0 {
		return nil
	}
	found, err := RunWith(q, action.ResolveAccounts, action.PeopleLines{Lines: lines})
	if err != nil {
		return err
	}
	var wrong fail.Fields
	for _, p := range found.Problems {
		wrong.Add(name, "{problem}", "problem", p.Message)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	for _, a := range found.Found {
		q.R.PostForm.Add(name, a.ID.String())
	}
	q.R.PostForm.Del(page.TextName(name))
	return nil
}

// TakeLines takes a picker's text as the lines of a pasted list.
func (q *Req) TakeLines(name string) error {
	if err := q.Parse(); err != nil {
		return err
	}
	q.R.PostForm["lines"] = page.Lines(q.R.PostForm.Get(page.TextName(name)))
	return nil
}

// ChoiceOf is a person as a picker shows them.
func ChoiceOf(a action.AccountItem) page.Choice {
	detail := a.Organization.Name
	for _, text := range []string{a.Email, a.Username, a.Code} {
		if text != "" {
			detail = text + " · " + detail
			break
		}
	}
	return page.Choice{ID: a.ID.String(), Label: a.Name, Detail: detail}
}

// PathText is the way to an organization: "Acme › North".
func PathText(path []action.Named) string {
	names := make([]string, len(path))
	for i, p := range path {
		names[i] = p.Name
	}
	return strings.Join(names, " › ")
}

// Ends asks when something that is given ends by itself, with the last day that it has now, as 2026-12-31; empty for none (BE-4).
func (q *Req) Ends(last string) g.Node {
	return page.Ends(q.View, q.Field("for", "", ""), q.Field("until", "", last))
}
