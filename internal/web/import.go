package web

import (
	"io"
	"mime/multipart"
	"slices"
	"strings"
	"time"

	"provost/internal/action/intake"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// imports are the pages of imports: those that run on this node, and the files that wait to be imported.
type imports struct {
	runs   *intake.Imports
	drafts drafts
}

func importRoutes(s *shell.Server) {
	m := &imports{runs: intake.NewImports(s.Env)}
	s.OnClose(m.close)
	s.Get("/imports", intake.ListImports, m.listImports)
	s.Get("/imports/new", intake.ListImportMappings, newImport)
	s.PostTo("/imports/new", intake.BeginImport, m.uploadImport, shell.Body(maxImportBody), shell.UpTo(10*time.Minute))
	s.Get("/imports/drafts/{draft}", intake.ListImportMappings, m.showDraft)
	s.PostTo("/imports/drafts/{draft}/columns", intake.SaveImportMapping, m.mapColumns)
	s.PostTo("/imports/drafts/{draft}/run", intake.BeginImport, m.runDraft)
	s.Get("/imports/{import}", intake.ShowImport, m.showImport)
	s.Get("/imports/progress/{import}", intake.ShowImport, m.importProgress)
	s.Post("/imports/mappings/{mapping}/drop", shell.Submit(intake.DropImportMapping, "/imports").Says(page.Say("The mapping {name} is forgotten.")))
}

// close ends the imports that run in the background, and deletes what waits to be imported.
func (m *imports) close() {
	m.runs.Close()
	m.drafts.close()
}

// listImports is the page of imports that were run, and of the mappings that the portal remembers.
func (m *imports) listImports(q *shell.Req) error {
	m.runs.Sweep(q.Ctx())
	out, err := shell.Run(q, intake.ListImports)
	if err != nil {
		return err
	}
	maps, err := shell.Run(q, intake.ListImportMappings)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, one := range out.Items {
		rows[i] = page.Row{Href: "/imports/" + one.ID.String(), Cells: []g.Node{g.Text(importName(v, one)), importState(v, one), g.Text(one.By), g.Text(v.DateTime(one.Started))}}
	}
	remembered := make([]page.Row, len(maps.Items))
	for i, m := range maps.Items {
		remembered[i] = page.Row{Cells: []g.Node{g.Text(m.Name), g.Text(m.By), page.Post("/imports/mappings/"+m.ID.String()+"/drop", page.Secondary(v.T("Forget")))}}
	}
	empty := page.Empty(v.T("Nothing was imported yet"), v.T("People, courses, enrolments and results come in from CSV and Excel files; you see what would happen before it does."))
	return q.Show(v.T("Imports"),
		page.Header(v.T("Imports"), v.T("Tables of other systems, taken in as people, courses, enrolments and results."), page.PrimaryLink(v.T("New import"), "/imports/new")),
		page.Table{Caption: v.T("Imports"), Columns: []page.Column{{Title: v.T("Import"), Wide: true}, {Title: v.T("State")}, {Title: v.T("By")}, {Title: v.T("Started"), NoWrap: true}},
			Rows: rows, Empty: empty}.Node(v),
		g.If(len(remembered) > 0, page.Section(v.T("Mappings that are remembered"),
			page.Table{Caption: v.T("Mappings that are remembered"), Columns: []page.Column{{Title: v.T("Mapping"), Wide: true}, {Title: v.T("By")}, {Title: v.T("Forget"), Quiet: true}}, Rows: remembered}.Node(v))))
}

func importName(v page.View, one intake.ImportItem) string {
	if one.Name == "" {
		return v.T("Import")
	}
	return one.Name
}

func importState(v page.View, one intake.ImportItem) g.Node {
	switch {
	case one.State == store.ImportQueued:
		return page.Badge(page.Plain, v.T("Waiting"))
	case one.State == store.ImportRunning:
		return page.Badge(page.Info, v.T("Running"))
	case one.State == store.ImportFailed && one.Dry:
		return page.Badge(page.Warn, v.T("Tried, with problems"))
	case one.State == store.ImportFailed:
		return page.Badge(page.Bad, v.T("Not taken whole"))
	case one.Dry:
		return page.Badge(page.Info, v.T("Tried"))
	}
	return page.Badge(page.Good, v.T("Done"))
}

// newImport asks for files, and what they are.
func newImport(q *shell.Req) error {
	out, err := shell.RunWith(q, intake.ListImportMappings, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	var options []page.Option
	for _, noun := range intake.ImportNouns() {
		options = append(options, page.Option{Value: "into:" + noun, Label: nounTitle(v, noun), Group: v.T("Say which column is what on the next page")})
	}
	for _, m := range out.Items {
		options = append(options, page.Option{Value: m.ID.String(), Label: keptBy(m), Group: v.T("As remembered")})
	}
	options = append(options, page.Option{Value: "file", Label: v.T("The mapping file below says"), Group: v.T("Several tables at once")})
	how := q.Field("how", v.T("What the files hold"), "into:accounts")
	how.Required = true
	files := q.Field("files", v.T("CSV or Excel files"), "")
	files.Hint, files.Required = v.T("The first line names the columns. At most 128 MiB each."), true
	files.Attrs = []g.Node{g.Attr("multiple")}
	mapping := q.Field("mapping", v.T("Mapping file"), "")
	mapping.Hint = v.T("JSON that says which column of which file is what.")
	f := q.Form("/imports/new", page.Button(v.T("Upload")), page.File(v, files, ".csv,.tsv,.txt,.xlsx"), page.Select(v, how, options), page.File(v, mapping, ".json"))
	f.Files = true
	return q.Show(v.T("New import"),
		page.Crumbs(v, page.Link{Label: v.T("Imports"), Href: "/imports"}, page.Link{Label: v.T("New import")}),
		page.Header(v.T("New import"), v.T("Nothing is taken in before you have seen what would happen.")), f.Node(v))
}

// keptBy is a mapping's name, with who keeps it where that is somebody else: what it does is theirs to say.
func keptBy(m intake.ImportMappingItem) string {
	if m.By == "" {
		return m.Name
	}
	return m.Name + " – " + m.By
}

func nounTitle(v page.View, noun string) string {
	return map[string]string{"organizations": v.T("Organizations"), "courses": v.T("Courses"), "accounts": v.T("People"), "enrolments": v.T("Enrolments"),
		"assessments": v.T("Assessments"), "results": v.T("Results"), "materials": v.T("Materials"), "members": v.T("Members of teams")}[noun]
}

// uploadImport keeps the files, and leads to the page that shows how they are understood.
func (m *imports) uploadImport(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	d, err := m.upload(q)
	if err != nil {
		if shell.Again(err) {
			return q.Again(err, newImport)
		}
		return err
	}
	return q.Redirect("/imports/drafts/"+d.id.String(), page.Plain, "")
}

func (m *imports) upload(q *shell.Req) (*draft, error) {
	var files, mapping []*multipart.FileHeader
	if form := q.R.MultipartForm; form != nil {
		files, mapping = nonEmpty(form.File["files"]), nonEmpty(form.File["mapping"])
		defer func() { _ = form.RemoveAll() }()
	}
	if len(files) == 0 || len(files) > maxImportFiles {
		return nil, fail.Wrong("files", "Choose the files: one to twenty.")
	}
	how := q.R.PostForm.Get("how")
	into, isNoun := strings.CutPrefix(how, "into:")
	if isNoun && (len(files) != 1 || intake.ImportFields(into) == nil) {
		return nil, fail.Wrong("files", "Choose one file, or a mapping that says what each of several is.")
	}
	var mapped *intake.Mapping
	if !isNoun {
		read, err := mappingOf(q, how, mapping)
		if err != nil {
			return nil, err
		}
		mapped = &read
	}
	d, err := m.drafts.add(q.Who, q.Now(), files)
	if err != nil {
		return nil, err
	}
	d.into = into
	if mapped != nil {
		m.drafts.setMapping(d, *mapped)
	}
	return d, nil
}

func nonEmpty(list []*multipart.FileHeader) []*multipart.FileHeader {
	return slices.DeleteFunc(slices.Clone(list), func(f *multipart.FileHeader) bool { return f.Filename == "" && f.Size == 0 })
}

// mappingOf is a remembered mapping, or the one in an uploaded file.
func mappingOf(q *shell.Req, how string, files []*multipart.FileHeader) (m intake.Mapping, err error) {
	if how == "file" {
		if len(files) != 1 {
			return m, fail.Wrong("mapping", "Choose the mapping file.")
		}
		f, err := files[0].Open()
		if err != nil {
			return m, err
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, 1<<20+1))
		if err != nil {
			return m, err
		}
		return readMapping(text)
	}
	out, err := shell.RunWith(q, intake.ListImportMappings, struct{}{})
	if err != nil {
		return m, err
	}
	for _, one := range out.Items {
		if one.ID.String() == how {
			return readMapping([]byte(one.Mapping))
		}
	}
	return m, fail.Wrong("how", "Choose what the files hold.")
}

// readMapping tells what is wrong with a mapping file at its field of the form.
func readMapping(text []byte) (intake.Mapping, error) {
	m, err := intake.ParseMapping(text)
	e, ok := shell.AsFail(err)
	if !ok {
		return m, err
	}
	var wrong fail.Fields
	for _, f := range e.Fields[:min(len(e.Fields), 20)] {
		english, args := f.Said()
		wrong.Add("mapping", "{place}: {problem}", "place", f.Name, "problem", fail.Say(english, args...))
	}
	return m, wrong.Err()
}

func (m *imports) draft(q *shell.Req) (*draft, error) {
	id, err := db.ParseID(q.R.PathValue("draft"))
	if err != nil {
		return nil, fail.Missing("upload")
	}
	return m.drafts.find(q.Who, id)
}

// showDraft shows how the uploaded files are understood, or asks which column is what.
func (m *imports) showDraft(q *shell.Req) error {
	d, err := m.draft(q)
	if err != nil {
		return err
	}
	if d.mapping == nil {
		return askColumns(q, d)
	}
	samples, err := intake.SampleImport(q.Ctx(), intake.Import{Mapping: *d.mapping, Files: d.files}, 8)
	if err != nil {
		return err
	}
	v := q.View
	body := []g.Node{page.Crumbs(v, page.Link{Label: v.T("Imports"), Href: "/imports"}, page.Link{Label: v.T("Check")}),
		page.Header(v.T("Is this right?"), v.T("The first rows, as the mapping understands them. Trying tells all problems, and what would be made, and makes nothing."))}
	wrong := false
	for _, s := range samples {
		wrong = wrong || len(s.Rows) == 0 && s.Problems.Total > 0
		body = append(body, sampleSection(v, s))
	}
	if wrong {
		body = append(body, page.Notice(page.Bad, g.Text(v.T("A file is missing or lacks columns, so nothing can be tried. Upload the files again."))),
			page.Inline(page.LinkButton(v.T("Upload again"), "/imports/new")))
		return q.Show(v.T("Check"), body...)
	}
	body = append(body, page.Inline(page.Post(draftPath(d)+"/run", page.Button(v.T("Try it")), "dry", "on")))
	return q.Show(v.T("Check"), body...)
}

func draftPath(d *draft) string { return "/imports/drafts/" + d.id.String() }

func sampleSection(v page.View, s intake.ImportSample) g.Node {
	columns := make([]page.Column, len(s.Fields))
	for i, f := range s.Fields {
		columns[i] = page.Column{Title: f}
	}
	rows := make([]page.Row, len(s.Rows))
	for i, r := range s.Rows {
		for _, cell := range r {
			rows[i].Cells = append(rows[i].Cells, page.Truncate(cell))
		}
	}
	title := v.T("{file} into {noun}", "file", s.File, "noun", nounTitle(v, s.Into))
	return page.Section(title, problemTable(v, s.Problems), g.If(len(rows) > 0, page.Table{Caption: title, Columns: columns, Rows: rows, Dense: true}.Node(v)))
}

func problemTable(v page.View, p intake.LineProblems) g.Node {
	if p.Total == 0 {
		return g.Group(nil)
	}
	rows := make([]page.Row, len(p.List))
	for i, one := range p.List {
		line := ""
		if one.Line > 0 {
			line = v.Num(one.Line)
		}
		rows[i] = page.Row{Cells: []g.Node{g.Text(one.File), g.Text(line), g.Text(one.Column), g.Text(one.Message)}}
	}
	return g.Group{page.Notice(page.Bad, g.Text(v.N("{n} problem", "{n} problems", p.Total))),
		page.Table{Caption: v.T("Problems"), Dense: true, Boxed: len(rows) > 20, Columns: []page.Column{{Title: v.T("File")}, {Title: v.T("Line"), Align: page.End},
			{Title: v.T("Column")}, {Title: v.T("What is wrong"), Wide: true}}, Rows: rows}.Node(v),
		g.If(p.Total > len(p.List), page.P(v.T("… and {n} more.", "n", p.Total-len(p.List))))}
}

// runDraft tries a draft, or takes it in.
func (m *imports) runDraft(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	d, err := m.draft(q)
	if err != nil {
		return err
	}
	if d.mapping == nil {
		return fail.New(fail.Conflict, "Say first which column is what.")
	}
	dry := q.R.PostForm.Get("dry") != ""
	release := m.drafts.use(d)
	id, err := m.runs.Start(q.Ctx(), q.Who, intake.Import{Mapping: *d.mapping, Files: d.files, Dry: dry}, func() { release(!dry) })
	if err != nil {
		release(false)
		return err
	}
	if dry {
		m.drafts.setTried(d, id)
	}
	return q.Redirect("/imports/"+id.String(), page.Plain, "")
}
