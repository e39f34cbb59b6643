package web

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

	"provost/internal/action/intake"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// askColumns asks which column of an only file is what.
func askColumns(q *shell.Req, d *draft) error {
	v := q.View
	name, columns, err := d.columns()
	if err != nil {
		return q.Show(v.T("Check"), page.Header(v.T("This file cannot be read"), name), page.Notice(page.Bad, g.Text(q.Sentence(err))),
			page.Inline(page.LinkButton(v.T("Upload again"), "/imports/new")))
	}
	var fields []g.Node
	for _, f := range intake.ImportFields(d.into) {
		options := []page.Option{{Value: "", Label: v.T("Not in the file")}}
		for _, c := range columns {
			options = append(options, page.Option{Value: c, Label: c})
		}
		column := q.Field("column."+f.Name, v.T(f.Title), guess(f.Name, columns))
		column.Required, column.Hint = f.Required, v.T(f.Doc)
		choice := page.Select(v, column, options)
		if !fixable[f.Name] {
			fields = append(fields, choice)
			continue
		}
		fixed := q.Field("fixed."+f.Name, v.T("or the same for every row"), "")
		fixed.Hint = v.T("Instead of a column.")
		fields = append(fields, page.Two(choice, page.Input(v, fixed)))
	}
	remember := q.Field("name", v.T("Remember this mapping as"), "")
	fields = append(fields, page.Input(v, remember))
	return q.Show(v.T("Which column is what?"),
		page.Crumbs(v, page.Link{Label: v.T("Imports"), Href: "/imports"}, page.Link{Label: v.T("Columns")}),
		page.Header(v.T("Which column is what?"), v.T("{file} into {noun}", "file", name, "noun", nounTitle(v, d.into))),
		q.Form(draftPath(d)+"/columns", page.Button(v.T("Continue")), fields...).Node(v))
}

func (d *draft) columns() (name string, columns []string, err error) {
	for name, path := range d.files {
		columns, err := intake.ImportColumns(path, name)
		return name, columns, err
	}
	return "", nil, os.ErrNotExist
}

// fixable are the fields that may well be the same in every row.
var fixable = map[string]bool{"organization": true, "type": true, "course": true, "parent": true, "module": true, "status": true, "enrolled": true,
	"starts": true, "ends": true, "assessment": true, "submitted": true, "kind": true, "weight": true, "due": true}

// guesses are what columns are commonly called.
var guesses = map[string][]string{
	"username": {"username", "user name", "user", "login", "user id", "userid", "id_student"}, "name": {"name", "full name", "display name", "title"},
	"email": {"email", "e-mail", "mail", "email address", "e-mail address"}, "code": {"code", "id", "employee id", "student id", "number", "external id"},
	"organization": {"organization", "organisation", "department", "company", "unit", "region"}, "type": {"type", "account type", "role"},
	"course": {"course", "course code"}, "account": {"account", "learner", "username", "user name", "email", "e-mail", "student", "person"},
	"enrolled": {"enrolled", "enrolled at", "date", "start", "since"}, "score": {"score", "grade", "points", "mark"}, "assessment": {"assessment", "assignment", "test"},
	"submitted": {"submitted", "handed in", "date"},
}

func guess(field string, columns []string) string {
	for _, want := range append(guesses[field], field) {
		for _, c := range columns {
			if strings.EqualFold(strings.ReplaceAll(c, "_", " "), strings.ReplaceAll(want, "_", " ")) {
				return c
			}
		}
	}
	return ""
}

// mapColumns makes a mapping of the chosen columns, and remembers it where it got a name.
func (m *imports) mapColumns(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	d, err := m.draft(q)
	if err != nil {
		return err
	}
	if d.into == "" {
		return fail.Missing("upload")
	}
	mapping, err := chosen(q, d)
	if err == nil && mapping.Name != "" {
		var text []byte
		if text, err = json.Marshal(mapping); err == nil {
			_, err = shell.RunWith(q, intake.SaveImportMapping, intake.NewImportMapping{Mapping: string(text)})
		}
	}
	if err != nil {
		if shell.Again(err) {
			return q.Again(err, func(q *shell.Req) error { return askColumns(q, d) })
		}
		return err
	}
	m.drafts.setMapping(d, mapping)
	return q.Redirect(draftPath(d), page.Plain, "")
}

// braces are doubled in a text that is no template.
var braces = strings.NewReplacer("{", "{{", "}", "}}")

func chosen(q *shell.Req, d *draft) (m intake.Mapping, err error) {
	name, columns, err := d.columns()
	if err != nil {
		return m, err
	}
	var wrong fail.Fields
	step := intake.Step{File: name, Into: d.into, Fields: map[string]intake.Expr{}}
	for _, f := range intake.ImportFields(d.into) {
		column, fixed := q.R.PostForm.Get("column."+f.Name), strings.TrimSpace(q.R.PostForm.Get("fixed."+f.Name))
		switch {
		case fixed != "":
			step.Fields[f.Name] = intake.Expr{Text: braces.Replace(fixed)}
		case column != "" && slices.Contains(columns, column) && !strings.ContainsAny(column, "{}"):
			step.Fields[f.Name] = intake.Expr{Text: "{" + column + "}"}
		case column != "":
			wrong.Add("column."+f.Name, "This column is not in the file, or has a brace in its name.")
		case f.Required:
			wrong.Add("column."+f.Name, "Choose a column, or enter a value.")
		}
	}
	m = intake.Mapping{Name: strings.TrimSpace(q.R.PostForm.Get("name")), Steps: []intake.Step{step}}
	if err := wrong.Err(); err != nil {
		return m, err
	}
	return m, m.Check()
}
