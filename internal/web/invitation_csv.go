package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/sheet"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// invitationColumns are the columns of the table of invitations, by what a file may call them.
var invitationColumns = []struct {
	name, title, kind string
	spelled           []string
}{
	{"email", page.Say("E-mail"), "email", []string{"email", "e-mail", "mail", "e-mail address", "email address"}},
	{"name", page.Say("Name"), "", []string{"name", "full name"}},
	{"organization", page.Say("Organization"), "", []string{"organization", "organisation", "department"}},
	{"team", page.Say("Team"), "", []string{"team"}},
	{"courses", page.Say("Courses"), "", []string{"courses", "course"}},
	{"paths", page.Say("Learning paths"), "", []string{"paths", "path", "learning paths", "learning path", "programs"}},
}

// uploadInvitations asks for a file of people to invite, or for its text.
func uploadInvitations(q *shell.Req) error {
	if _, err := shell.RunWith(q, action.ListInvitationPlaces, action.TypesQuery{}); err != nil {
		return err
	}
	v := q.View
	text := q.Field("text", v.T("Or paste its lines"), "")
	text.Hint = v.T("The first line names the columns: email, name, organization, team, courses, paths. Only email is needed; a semicolon divides several courses or paths.")
	form := q.Form("/manage/invitations/csv", page.Button(v.T("Look at it first")),
		page.File(v, page.Field{Name: "file", Label: v.T("A CSV or XLSX file"), Error: q.Wrong("file"), Hint: v.T("At most {n} people. Nothing is sent before you have seen it.", "n", action.MaxInvitations)},
			".csv,text/csv,.xlsx"), page.Textarea(v, text, 8))
	form.Files = true
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/manage/invitations"))
	return q.Show(v.T("Invite from a file"), invitationCrumbs(v, v.T("Invite from a file")),
		page.Header(v.T("Invite from a file"), v.T("You see every line in a table, mend what is wrong, and then send.")), form.Node(v))
}

// readInvitations reads the file and shows it as a table, with what is wrong cell by cell. It sends nothing.
func readInvitations(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	in, lines, err := invitationRows(q)
	if err != nil {
		return q.Again(err, uploadInvitations)
	}
	_, _, err = action.SendInvitations.Preview(q.Ctx(), q.Env(), q.Who, in)
	return invitationTable(q, in, lines, http.StatusOK, err) // to look at a file is no mistake, whatever is in it
}

// invitationRows are the rows of the file that was sent, or of the text that was pasted, with their lines in it.
func invitationRows(q *shell.Req) (in action.NewInvitations, lines []int, err error) {
	source, name, err := invitationSource(q)
	if err != nil {
		return in, nil, err
	}
	r, err := sheet.Open(source, name, sheet.Limits{Bytes: 4 << 20, Unpacked: 32 << 20, Rows: action.MaxInvitations, Columns: 50, Cell: 4 << 10})
	if err != nil {
		return in, nil, inFile(err)
	}
	defer r.Close()
	if column(r, 0) == "" {
		return in, nil, fail.Wrong("file", "The first line must name the columns, and one of them must be email.")
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return in, lines, nil
		}
		if err != nil {
			return in, nil, inFile(err)
		}
		get := func(i int) string { return strings.TrimSpace(row.Get(column(r, i))) }
		one := action.InvitationRow{Email: get(0), Name: get(1), Organization: get(2), Team: get(3), Courses: get(4), Paths: get(5)}
		if one.Email+one.Name+one.Organization+one.Team+one.Courses+one.Paths != "" {
			in.Rows, lines = append(in.Rows, one), append(lines, row.Line)
		}
	}
}

// column is what the file calls a column; empty where it has none.
func column(r *sheet.Reader, i int) string {
	for _, name := range invitationColumns[i].spelled {
		if r.Has(name) {
			return name
		}
	}
	return ""
}

// inFile is what is wrong with a file as the fault of the field that it came in.
func inFile(err error) error {
	if !fail.Is(err, fail.Invalid) {
		return err
	}
	return fail.As(fail.Invalid, err).In("file")
}

func invitationSource(q *shell.Req) (io.Reader, string, error) {
	if q.R.MultipartForm != nil {
		if files := q.R.MultipartForm.File["file"]; len(files) > 0 && files[0].Size > 0 {
			f, err := files[0].Open()
			if err != nil {
				return nil, "", err
			}
			defer f.Close()
			all, err := io.ReadAll(f) // the route's limit bounds it
			return bytes.NewReader(all), files[0].Filename, err
		}
	}
	if text := q.R.PostForm.Get("text"); strings.TrimSpace(text) != "" {
		return strings.NewReader(strings.TrimLeft(text, "\r\n ")), "text.csv", nil
	}
	return nil, "", fail.Wrong("file", "Choose a file, or paste its lines.")
}

// sendInvitations sends what the table holds, or shows it again with what is wrong.
func sendInvitations(q *shell.Req) error {
	var in action.NewInvitations
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.SendInvitations, in)
	if err != nil && shell.Again(err) {
		lines := make([]int, len(in.Rows))
		for i := range lines {
			lines[i] = i + 2
		}
		return invitationTable(q, in, lines, q.StatusOf(err), err)
	}
	if err != nil {
		return err
	}
	return q.Redirect("/manage/invitations", page.Good, q.View.N("{n} invitation is sent.", "{n} invitations are sent.", out.Sent))
}

// invitationTable is the table to mend and send (LM-13).
func invitationTable(q *shell.Req, in action.NewInvitations, lines []int, status int, wrong error) error {
	if wrong != nil && !shell.Again(wrong) {
		return wrong
	}
	v := q.View
	table := page.CSVTable{Caption: v.T("People to invite")}
	for _, c := range invitationColumns {
		table.Columns = append(table.Columns, page.CSVColumn{Name: c.name, Title: v.T(c.title), Type: c.kind})
	}
	for i, r := range in.Rows {
		table.Rows = append(table.Rows, page.CSVRow{Line: lines[i], LeaveOut: r.LeaveOut, Errors: map[string]string{},
			Values: map[string]string{"email": r.Email, "name": r.Name, "organization": r.Organization, "team": r.Team, "courses": r.Courses, "paths": r.Paths}})
	}
	said := page.Notice(page.Good, g.Text(v.N("{n} line is in order. Nothing is sent yet.", "{n} lines are in order. Nothing is sent yet.", len(in.Rows))))
	if e, ok := shell.AsFail(wrong); ok {
		q.Status = status
		said = page.Notice(page.Warn, g.Text(tellRows(v, e, table.Rows)))
	}
	form := page.Form{Action: "/manage/invitations/csv/send", Body: []g.Node{table.Node(v)},
		Submit: []g.Node{page.Button(v.T("Send the invitations")), page.LinkButton(v.T("Cancel"), "/manage/invitations")}}
	return q.Show(v.T("Invite from a file"), invitationCrumbs(v, v.T("Invite from a file")),
		page.Header(v.T("Look at the invitations"), v.T("Mend what is wrong, or leave lines out. All are sent, or none.")), said, form.Node(v))
}

// tellRows puts errors to their cells, and says the rest.
func tellRows(v page.View, e *fail.Error, rows []page.CSVRow) string {
	told, cells := "", 0
	for _, f := range e.Fields {
		at, name, _ := strings.Cut(strings.TrimPrefix(f.Name, "rows."), ".")
		n, err := strconv.Atoi(at)
		if err != nil || n < 0 || n >= len(rows) {
			told = v.Tell(f)
			continue
		}
		if name == "types" {
			name = "email"
		}
		rows[n].Errors[name] = v.Tell(f)
		cells++
	}
	switch {
	case cells > 0:
		return v.N("{n} cell has to be mended. Nothing was sent.", "{n} cells have to be mended. Nothing was sent.", cells)
	case told != "":
		return told
	}
	return v.Tell(e)
}
