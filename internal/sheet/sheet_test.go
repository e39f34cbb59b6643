package sheet

import (
	"bytes"
	"os"
	"testing"
	"time"
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
