package intake

import (
	"context"
	"io"

	"provost/internal/fail"
	"provost/internal/sheet"
)

// ImportSample is the first rows of a step as the mapping understands them.
type ImportSample struct {
	File, Into string
	// Fields are the titles of the fields and attributes that the mapping fills, Rows their values.
	Fields []string
	Rows   [][]string
	// Problems are what is wrong with these rows by themselves, whatever the portal holds.
	Problems LineProblems
}

// SampleImport reads the first rows of each step of an import, and asks no database.
func SampleImport(ctx context.Context, in Import, rows int) ([]ImportSample, error) {
	if err := in.Mapping.Check(); err != nil {
		return nil, err
	}
	run := &importRun{Import: in}
	var out []ImportSample
	for _, s := range in.Mapping.Steps {
		one, err := run.sample(ctx, s, rows)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (run *importRun) sample(ctx context.Context, s Step, rows int) (ImportSample, error) {
	out := ImportSample{File: s.File, Into: s.Into}
	in := &intake{file: s.File, kind: importNoun(s.Into), unknown: run.unknown(), result: &FileResult{}, problems: &out.Problems}
	for _, name := range append([]string{s.File}, joinedFile(s)...) {
		if run.Files[name] == "" {
			out.Problems.add(LineProblem{File: name, Message: "The file is missing."}, false)
			return out, nil
		}
	}
	table, err := run.open(ctx, s, in)
	if err != nil || table == nil {
		return out, err
	}
	defer table.close()
	for len(out.Rows) < rows {
		cells, line, err := table.next()
		if err == io.EOF {
			break
		}
		if err != nil && !fail.Is(err, fail.Invalid) {
			return out, err
		}
		if err != nil {
			out.Problems.add(fileProblem(s.File, line, err), false)
			continue
		}
		out.Rows = append(out.Rows, in.shown(in.evaluate(line, cells), cells))
	}
	out.Fields = in.filled()
	return out, nil
}

func joinedFile(s Step) []string {
	if s.Join == nil {
		return nil
	}
	return []string{s.Join.File}
}

// filled are the titles of what the mapping fills; an attribute's is its name.
func (in *intake) filled() []string {
	var out []string
	for i, v := range in.values {
		if v != nil {
			out = append(out, fieldTitle(in.kind.fields[i].name))
		}
	}
	for i := range in.extra {
		out = append(out, in.extra[i].field.name)
	}
	return out
}

// shown are a row's values in the order of filled; days after another date are shown as such.
func (in *intake) shown(r *importRow, cells []string) []string {
	var out []string
	for i, v := range in.values {
		if v == nil {
			continue
		}
		text := r.values[i]
		if v.expr.After != "" && text != "" {
			text = v.expr.After + " + " + text
		}
		out = append(out, text)
	}
	for i := range in.extra {
		text, _ := in.extra[i].value(cells, in.unknown)
		out = append(out, text)
	}
	return out
}

// ImportColumns are the titles of a file's columns.
func ImportColumns(path, name string) ([]string, error) {
	t, err := (&importRun{Import: Import{Files: map[string]string{name: path}, Limits: sheet.Limits{}}}).openTable(name)
	if err != nil {
		return nil, err
	}
	defer t.close()
	return t.table.Columns(), nil
}
