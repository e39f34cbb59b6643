package intake

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"provost/internal/fail"

	"provost/internal/sheet"
)

// importTable is a step's file as it is read, with the cells of the file that is joined behind its own.
type importTable struct {
	file   io.Closer
	table  *sheet.Reader
	joined *joined
	cells  []string
}

// joined is a whole second file: the cells that the step reads, by the values of the columns that both have.
type joined struct {
	on       []int // in the first file
	file     string
	width    int
	optional bool
	rows     map[string][]string
}

// maxJoined bounds what a second file may hold in memory, in bytes.
const maxJoined = 256 << 20

// open opens a step's file and compiles its expressions. Without an error and without a table, the file was found wanting.
func (run *importRun) open(ctx context.Context, s Step, in *intake) (*importTable, error) {
	t, err := run.openTable(s.File)
	if err != nil {
		return nil, run.wanting(in, s.File, err)
	}
	at := columnsOf(t.table.Columns())
	columns := len(t.table.Columns())
	if s.Join != nil {
		if t.joined, err = run.join(ctx, s, at, columns); err != nil {
			t.close()
			return nil, run.wanting(in, s.Join.File, err)
		}
	}
	if !in.compile(s, at) {
		t.close()
		return nil, nil
	}
	return t, nil
}

// wanting notes an error of a whole file; any other than Invalid ends the import.
func (run *importRun) wanting(in *intake, file string, err error) error {
	if !fail.Is(err, fail.Invalid) {
		return err
	}
	in.problems.add(fileProblem(file, 0, err), false)
	return nil
}

func (run *importRun) openTable(name string) (*importTable, error) {
	f, err := os.Open(run.Files[name])
	if err != nil {
		return nil, err
	}
	table, err := sheet.Open(f, name, run.Limits)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &importTable{file: f, table: table}, nil
}

func columnsOf(titles []string) map[string]int {
	out := make(map[string]int, len(titles))
	for i, t := range titles {
		out[columnKey(t)] = i
	}
	return out
}

func columnKey(title string) string { return strings.ToLower(strings.TrimSpace(title)) }

// compile binds the step's expressions to the columns; false where the file lacks some.
func (in *intake) compile(s Step, at map[string]int) bool {
	lacking := map[string]string{}
	find := func(column string) (int, bool) { i, ok := at[columnKey(column)]; return i, ok }
	bind := func(f *importField, e Expr) valuer {
		v, missing := compile(f, e, find)
		for _, column := range missing {
			lacking[column] = f.name
		}
		return v
	}
	in.values = make([]*valuer, len(in.kind.fields))
	for i := range in.kind.fields {
		if e, has := s.Fields[in.kind.fields[i].name]; has {
			v := bind(&in.kind.fields[i], e)
			in.values[i] = &v
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Attributes)) {
		in.extra = append(in.extra, bind(&importField{name: name, most: 1000}, s.Attributes[name]))
	}
	for _, column := range slices.Sorted(maps.Keys(lacking)) {
		in.problems.add(LineProblem{s.File, 1, column, fmt.Sprintf("There is no such column, which the mapping needs for %s.", lacking[column])}, false)
	}
	return len(lacking) == 0
}

// join reads a step's second file, and gives its columns the places behind those of the first.
func (run *importRun) join(ctx context.Context, s Step, at map[string]int, columns int) (*joined, error) {
	t, err := run.openTable(s.Join.File)
	if err != nil {
		return nil, err
	}
	defer t.close()
	second := columnsOf(t.table.Columns())
	j := &joined{file: s.Join.File, optional: s.Join.Optional, rows: map[string][]string{}}
	var on []int
	for _, name := range s.Join.On {
		a, inFirst := at[columnKey(name)]
		b, inSecond := second[columnKey(name)]
		if !inFirst || !inSecond {
			return nil, fail.Wrong("line 1", "Both files need the column “{name}”, by which they are joined.", "name", name)
		}
		j.on, on = append(j.on, a), append(on, b)
	}
	var take []int
	for _, i := range wanted(s, at, second) {
		at[columnKey(t.table.Columns()[i])] = columns + len(take)
		take = append(take, i)
	}
	j.width = len(take)
	return j, j.load(ctx, t.table, on, take)
}

// wanted are the columns of a second file that the step reads and the first does not have.
func wanted(s Step, first, second map[string]int) []int {
	var out []int
	for _, fields := range []map[string]Expr{s.Fields, s.Attributes} {
		for _, e := range fields {
			parts, _ := parseTemplate(e.Text)
			for _, column := range parts.columns() {
				if _, has := first[columnKey(column)]; has {
					continue
				}
				if i, has := second[columnKey(column)]; has {
					out = append(out, i)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (j *joined) load(ctx context.Context, table *sheet.Reader, on, take []int) error {
	size := 0
	for n := 0; ; n++ {
		row, err := table.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		key := joinKey(row.Cells(), on)
		if _, twice := j.rows[key]; twice {
			return fail.Wrong(fmt.Sprintf("line %d", row.Line), "There is a second row for “{key}”.", "key", cut(strings.ReplaceAll(key, "\x00", ", ")))
		}
		cells := make([]string, len(take))
		for i, column := range take {
			cells[i] = strings.Clone(row.Cells()[column])
			size += len(cells[i]) + 16
		}
		j.rows[key] = cells
		if size += len(key) + 64; size > maxJoined {
			return fail.Wrong("file", "holds more than {most} MiB, too much to join", "most", maxJoined>>20)
		}
	}
}

func joinKey(cells []string, on []int) string {
	var out strings.Builder
	for i, column := range on {
		if i > 0 {
			out.WriteByte(0)
		}
		out.WriteString(strings.TrimSpace(cells[column]))
	}
	return out.String()
}

// next is the next row's cells, with those of its partner, and its line.
func (t *importTable) next() ([]string, int, error) {
	row, err := t.table.Next()
	if err != nil || t.joined == nil {
		return row.Cells(), row.Line, err
	}
	key := joinKey(row.Cells(), t.joined.on)
	partner, has := t.joined.rows[key]
	if !has && !t.joined.optional {
		return nil, row.Line, fail.Wrong(fmt.Sprintf("line %d", row.Line),
			"has no row in {file} for “{key}”", "file", t.joined.file, "key", cut(strings.ReplaceAll(key, "\x00", ", ")))
	}
	if !has {
		partner = make([]string, t.joined.width)
	}
	t.cells = append(append(t.cells[:0], row.Cells()...), partner...)
	return t.cells, row.Line, nil
}

func (t *importTable) close() {
	_ = t.table.Close()
	_ = t.file.Close()
}
