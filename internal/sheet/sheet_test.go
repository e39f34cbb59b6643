package sheet

import (
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"provost/internal/fail"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func rowsOf(rows ...[]any) func(yield func([]any, error) bool) {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func sample() Table {
	return Table{
		Name: "people", Title: "People", Scope: "Acme › North", Rule: "Accounts you may list; not archived", At: noon, Preamble: true,
		Columns: []Column{{"name", "Name", Text}, {"n", "Number", Int}, {"score", "Score", Float}, {"done", "Progress", Percent}, {"born", "Born", Day}, {"seen", "Last seen", Time}, {"active", "Active", Bool}},
		Rows: rowsOf(
			[]any{"Ann", 1, 2.5, 33.3, noon, noon, true},
			[]any{"=1+1", int64(-7), -0.1, 100, time.Time{}, nil, false},
			[]any{"O'Neil, \"Bo\"\nx <&>", nil, nil, nil, nil, nil, nil},
		),
		Footer: []any{nil, 12, nil, 66.6, nil, nil, nil},
	}
}

// TestGolden holds the text formats to the files in testdata, byte for byte.
func TestGolden(t *testing.T) {
	for _, f := range []Format{CSV, JSON} {
		want, err := os.ReadFile("testdata/people." + string(f))
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if n, err := Write(&got, f, sample()); err != nil || n != 3 {
			t.Fatal(f, n, err)
		}
		if got.String() != string(want) {
			t.Errorf("%s:\n%s", f, got.String())
		}
	}
}

// TestSameBytes: a workbook of the same table is the same file.
func TestSameBytes(t *testing.T) {
	var one, two bytes.Buffer
	for _, w := range []*bytes.Buffer{&one, &two} {
		if n, err := WriteXLSX(w, sample()); err != nil || n != 3 {
			t.Fatal(n, err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two workbooks of one table differ")
	}
}

// TestStops: an error of the source, and a row that does not fit, end the file and are returned.
func TestStops(t *testing.T) {
	lost := errors.New("lost")
	for _, f := range []Format{CSV, XLSX, JSON} {
		table := sample()
		table.Rows = func(yield func([]any, error) bool) {
			_ = yield([]any{"Ann", 1, 1.5, 1, noon, noon, true}, nil) && yield(nil, lost)
		}
		if n, err := Write(io.Discard, f, table); n != 1 || !errors.Is(err, lost) {
			t.Error(f, n, err)
		}
		table.Rows = rowsOf([]any{"Ann"})
		if n, err := Write(io.Discard, f, table); n != 0 || !fail.Is(err, fail.Fault) {
			t.Error(f, n, err)
		}
		full := &limited{left: 100}
		if _, err := Write(full, f, sample()); !errors.Is(err, errFull) {
			t.Error(f, err)
		}
	}
}

// limited is a disk that is full after so many bytes.
type limited struct{ left int }

var errFull = errors.New("full")

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestUnfitText: a text that no text file may hold does not make the file unreadable.
func TestUnfitText(t *testing.T) {
	var file bytes.Buffer
	table := Table{Columns: []Column{{Key: "a"}}, Rows: rowsOf([]any{"x\x00y\xffz"}, []any{"\x00=1"}, []any{""})}
	if _, err := WriteCSV(&file, table); err != nil || file.String() != "a\nxyz\n'=1\n\"\"\n" {
		t.Errorf("%q %v", file.String(), err)
	}
}

// TestFileName: a file's name says what, whose and when, and cannot leave its folder or its header.
func TestFileName(t *testing.T) {
	for want, table := range map[string]Table{
		"course-enrolment, Acme North (all), 2026-11-21 1200Z.csv": {Name: "course-enrolment", Scope: "Acme › North (all)", At: noon},
		"etc passwd, x y z.csv":          {Name: "../../etc/passwd", Scope: "x\"\r\ny;z"},
		"table.csv":                      {},
		strings.Repeat("é", 60) + ".csv": {Name: strings.Repeat("é", 99)},
		"CON, 日本, 2026-11-21 1200Z.csv":  {Name: "CON", Scope: "日本", At: noon},
	} {
		if got := table.FileName(CSV); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for name, want := range map[string]Format{"csv": CSV, "XLSX": XLSX, "json": JSON} {
		if f, err := ParseFormat(name); f != want || err != nil {
			t.Error(name, f, err)
		}
	}
	if _, err := ParseFormat("exe"); !fail.Is(err, fail.Invalid) {
		t.Error(err)
	}
}

// TestFlatMemory: neither writing nor reading keeps the rows that have passed.
func TestFlatMemory(t *testing.T) {
	const rows, room = 100_000, 12 << 20
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for _, f := range []Format{CSV, XLSX, JSON} {
		before, at := heap(), uint64(0)
		table := report(rows)
		source := table.Rows
		table.Rows = func(yield func([]any, error) bool) {
			source(yield)
			at = heap()
		}
		var file bytes.Buffer
		out := io.Writer(&file)
		if f == JSON {
			out = io.Discard
		}
		if _, err := Write(out, f, table); err != nil || at > before+room+uint64(file.Cap()) {
			t.Errorf("%s: wrote from %d to %d, %v", f, before, at, err)
		}
		if f == JSON {
			continue
		}
		before = heap()
		r, err := Open(&file, "", Limits{})
		n := 0
		for err == nil {
			_, err = r.Next()
			n++
		}
		if at := heap(); err != io.EOF || n != rows+1 || at > before+room {
			t.Errorf("%s: read %d from %d to %d, %v", f, n, before, at, err)
		}
		runtime.KeepAlive(r)
	}
}
