package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"provost/internal/fail"
)

// readAll reads a file: its titles, its rows, and every error as text.
func readAll(file string, limits Limits) (titles []string, rows [][]string, wrong []string) {
	r, err := Open(strings.NewReader(file), "file", limits)
	if err != nil {
		return nil, nil, []string{invalid(err)}
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if err == io.EOF {
			return r.Columns(), rows, wrong
		}
		if err != nil {
			wrong = append(wrong, invalid(err))
			continue
		}
		rows = append(rows, row.Cells())
	}
}

// invalid is an error's fields; an error of any other kind than Invalid is marked.
func invalid(err error) string {
	e, ok := errors.AsType[*fail.Error](err)
	if !ok || e.Kind != fail.Invalid || len(e.Fields) == 0 {
		return "NOT INVALID: " + err.Error()
	}
	parts := []string{}
	for _, f := range e.Fields {
		parts = append(parts, f.Name+" "+f.Message)
	}
	return strings.Join(parts, "; ")
}

func utf16(s string, bigEndian, mark bool) string {
	var b strings.Builder
	if mark {
		s = "\uFEFF" + s
	}
	for _, r := range s {
		hi, lo := byte(r>>8), byte(r)
		if !bigEndian {
			hi, lo = lo, hi
		}
		b.WriteByte(hi)
		b.WriteByte(lo)
	}
	return b.String()
}

// TestCorpus is the files that people and attackers send: what is read, and what is said about the rest.
func TestCorpus(t *testing.T) {
	small := Limits{Bytes: 4096, Rows: 3, Columns: 4, Cell: 40}
	for _, c := range []struct{ name, file, want string }{
		{"plain", "a,b\n1,2\n", "a|b / 1|2"},
		{"no last line end", "a,b\n1,2", "a|b / 1|2"},
		{"mark", "\xef\xbb\xbfa,b\n1,2\n", "a|b / 1|2"},
		{"marks and quotes", "\xef\xbb\xbf\"a\",b\n1,2\n", "a|b / 1|2"},
		{"CRLF", "a,b\r\n1,2\r\n3,4\r\n", "a|b / 1|2 / 3|4"},
		{"CR", "a,b\r1,2\r3,4\r", "a|b / 1|2 / 3|4"},
		{"blank lines", "\n\na,b\n\n1,2\n\r\n\n", "a|b / 1|2"},
		{"semicolon", "a;b\n1,5;2\n", "a|b / 1,5|2"},
		{"tab", "a\tb\n1\t2\n", "a|b / 1|2"},
		{"sep", "sep=;\na;b\n1;2\n", "a|b / 1|2"},
		{"comma in quotes is no separator", "\"a,b,c\";d\n1;2\n", "a,b,c|d / 1|2"},
		{"UTF-16 LE", utf16("é;b\n1;2\n", false, true), "é|b / 1|2"},
		{"UTF-16 BE", utf16("é;b\n1;2\n", true, true), "é|b / 1|2"},
		{"UTF-16 LE without mark", utf16("a;b\n1;2\n", false, false), "a|b / 1|2"},
		{"UTF-16 BE without mark", utf16("a;b\n1;2\n", true, false), "a|b / 1|2"},
		{"quotes", "a,b\n\"1,\"\"x\"\"\",\"y\r\nz\"\n", "a|b / 1,\"x\"|y\r\nz"},
		{"quote inside", "a,b\n5\" disk,2\n", "a|b / 5\" disk|2"},
		{"text behind quote", "a,b\n\"1\"x,2\n3,4\n", "a|b / 3|4 ! line 2 has text behind a closing quote"},
		{"open quote", "a,b\n1,2\n\"3,4\n5,6\n", "a|b / 1|2 ! line 3 has a quote that is never closed"},
		{"lines behind a quoted line end", "a,b\n\"1\n2\",3\n4\n", "a|b / 1\n2|3 ! line 4 has 1 cells, the first line 2"},
		{"ragged", "a,b\n1\n1,2\n1,2,3\n", "a|b / 1|2 ! line 2 has 1 cells, the first line 2 ! line 4 has 3 cells, the first line 2"},
		{"NUL", "a,b\n1,\x002\n3,4\n", "a|b / 3|4 ! line 2 holds a NUL byte, which no text has"},
		{"Latin-1", "a,b\n1,2\nJos\xe9,2\n3,4\n", "a|b / 1|2 ! line 3 is not UTF-8: save the file as \"CSV UTF-8\""},
		{"Latin-1 in titles", "Pr\xe9nom,b\n1,2\n", " ! line 1 is not UTF-8: save the file as \"CSV UTF-8\""},
		{"same titles", "a,A \n1,2\n", " ! line 1 columns 1 and 2 are both called “A”"},
		{"no title", "a,\n1,2\n", " ! line 1 column 2 has no title"},
		{"empty", "", " ! file is empty: the first line has to name the columns"},
		{"only line ends", "\r\n\n", " ! file is empty: the first line has to name the columns"},
		{"titles alone", "a,b\n", "a|b"},
		{"many columns", "a,b,c,d,e\n", " ! line 1 has more than 4 columns"},
		{"wide row", "a,b\n1,2,3,4,5,6\n1,2\n", "a|b / 1|2 ! line 2 has more than 4 columns"},
		{"long cell", "a,b\n" + strings.Repeat("x", 41) + ",2\n1,2\n", "a|b / 1|2 ! line 2 has a cell of more than 40 bytes: is a quote missing?"},
		{"many rows", "a\n1\n2\n3\n4\n5\n", "a / 1 / 2 / 3 ! line 5 is beyond the 3 rows that a file may have"},
		{"large", "a\n" + strings.Repeat("\n", 5000), "a ! file is larger than 1 MiB"},
		{"formulas come back", "a,b\n'=1,''=2\n", "a|b / =1|'=2"},
		{"an apostrophe stays", "a,b\n'tis,'\n", "a|b / 'tis|'"},
		{"preamble", "# Title: T\n\"# Scope: a, b; c\"\nx;y\n# z;2\n", "x|y / # z|2"},
		{"preamble, saved by a spreadsheet", "# Title: T;;\n# Scope: a, b, c;;\nx;y;z\n1;2;3\n", "x|y|z / 1|2|3"},
		{"a title with a hash", "# of logins,b\n1,2\n", "# of logins|b / 1|2"},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx", " ! file file is an old Excel file, or one with a password: save it as XLSX or CSV"},
		{"not a zip", "PK\x03\x04 and then nothing", " ! file is not a whole workbook: it may be cut off or damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			titles, rows, wrong := readAll(c.file, small)
			got := strings.Join(titles, "|")
			for _, row := range rows {
				got += " / " + strings.Join(row, "|")
			}
			for _, w := range wrong {
				got += " ! " + w
			}
			if got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

// endless is a line that never ends.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return copy(p, bytes.Repeat([]byte{'x'}, len(p))), nil
}

// TestEndless: a line without an end is read up to the limit and not kept.
func TestEndless(t *testing.T) {
	in := &endless{}
	if _, err := Open(in, "endless", Limits{Bytes: 64 << 20}); err == nil || invalid(err) != "file is larger than 64 MiB" {
		t.Error(err)
	}
	if in.read > 65<<20 {
		t.Errorf("read %d bytes", in.read)
	}
}

// TestGuard: what a spreadsheet could run is written so that it cannot, and nothing else is touched.
func TestGuard(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+49 30": "'+49 30", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx", "\nx": "'\nx",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", "  =1": "'  =1", "\u00a0=1": "'\u00a0=1", "\u200b=1": "'\u200b=1", "\"=1\"": "'\"=1\"",
		"'=1": "''=1", "a;=1": "a;'=1", "a\n=1": "a\n'=1", "a\t=1": "a\t'=1", "a\r\n\"=1": "a\r'\n'\"=1", ";;=1": ";;'=1",
		"": "", "Ann": "Ann", "'tis": "'tis", "a=b": "a=b", "a, -b": "a, -b", "1-2": "1-2", "a\n\nb": "a\n\nb", "é": "é", "#x": "#x",
	} {
		if got := Guard(in); got != want {
			t.Errorf("Guard(%q) = %q, want %q", in, got, want)
		}
		if got := Unguard(Guard(in)); got != in {
			t.Errorf("Unguard(Guard(%q)) = %q", in, got)
		}
	}
}

// TestGuardIsLinear: a text made of nothing but line ends takes no longer than its length.
func TestGuardIsLinear(t *testing.T) {
	begin := time.Now()
	s := strings.Repeat("\n", 1<<20) + "="
	if Unguard(Guard(s)) != s {
		t.Error("changed")
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("took %s", d)
	}
}

// nasty makes texts of the signs that files are broken with.
var nasty = rapid.Custom(func(t *rapid.T) string {
	pieces := rapid.SampledFrom([]string{"=", "+", "-", "@", "'", "\"", ",", ";", "\t", "\n", "\r", "\r\n", " ", "＝", "\u00a0", "\ufeff", "_x000D_", "_x", "&<>", "a", "1", "é", "😀", "#", "# ", "sep=", "|"})
	if rapid.Bool().Draw(t, "plain") {
		return strings.Map(dropNUL, strings.ToValidUTF8(rapid.String().Draw(t, "text"), ""))
	}
	return strings.Join(rapid.SliceOfN(pieces, 0, 8).Draw(t, "pieces"), "")
})

func dropNUL(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
		return -1
	}
	return r
}

// TestRoundTrip: what was written is read as it was, whatever the text, from both formats.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 4).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(nasty, width, width), 0, 5).Draw(t, "rows")
		for _, f := range []Format{CSV, XLSX} {
			if err := sameBack(f, width, rows, rapid.Bool().Draw(t, "preamble")); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// sameBack writes rows of text and compares what is read. A workbook has no rows of nothing.
func sameBack(f Format, width int, rows [][]string, preamble bool) error {
	table := Table{Name: "t", Title: "=T, \"x\"\n; y", Scope: "s", At: noon, Preamble: preamble}
	for i := range width {
		table.Columns = append(table.Columns, Column{Key: fmt.Sprint("c", i)})
	}
	var want [][]string
	values := [][]any{}
	for _, r := range rows {
		if f == XLSX && strings.Join(r, "") == "" {
			continue
		}
		want = append(want, r)
		row := []any{}
		for _, c := range r {
			row = append(row, c)
		}
		values = append(values, row)
	}
	table.Rows = rowsOf(values...)
	var file bytes.Buffer
	if _, err := Write(&file, f, table); err != nil {
		return err
	}
	_, got, wrong := readAll(file.String(), Limits{})
	if len(wrong) > 0 || !slices.EqualFunc(got, want, slices.Equal) {
		return fmt.Errorf("%s: wrote %q, read %q %q from %q", f, want, got, wrong, file.String())
	}
	return nil
}

// FuzzRoundTrip is TestRoundTrip for one value that the fuzzer makes.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{"=1", "'=1", "a;-b", "\r\n=", "\"", "# Title: x", "sep=;", "_x000D_", " 'x", "\ufeff-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.Map(dropNUL, strings.ToValidUTF8(s, ""))
		for _, format := range []Format{CSV, XLSX} {
			if err := sameBack(format, 2, [][]string{{s, "x"}, {"y", s}}, false); err != nil {
				t.Error(err)
			}
		}
	})
}

// FuzzOpen: no file makes the reader panic, hang, or fail in any way but Invalid.
func FuzzOpen(f *testing.F) {
	var book bytes.Buffer
	if _, err := WriteXLSX(&book, sample()); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"a,b\n1,2\n", "\xff\xfea\x00", "a\r\"b\"\"\r", book.String(), "sep=;\n", "# Title: \n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _, wrong := readAll(string(file), Limits{Bytes: 1 << 20, Rows: 1000})
		for _, w := range wrong {
			if strings.HasPrefix(w, "NOT INVALID") {
				t.Error(w)
			}
		}
	})
}
