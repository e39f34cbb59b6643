package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"provost/internal/fail"
)

func workbookOf(t *testing.T, table Table, limit int) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := writeXLSX(&file, table, limit); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestOtherReader: an independent reader finds in our workbook what we wrote, with its formats.
func TestOtherReader(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(workbookOf(t, sample(), sheetRows)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := fmt.Sprint(f.GetSheetList()); got != "[People About]" {
		t.Error(got)
	}
	rows, err := f.GetRows("People")
	if err != nil {
		t.Fatal(err)
	}
	want := `[["Name" "Number" "Score" "Progress" "Born" "Last seen" "Active"] ` +
		`["Ann" "1" "2.5" "33.3%" "2026-11-21" "2026-11-21 12:00:00" "TRUE"] ["=1+1" "-7" "-0.1" "100.0%" "" "" "FALSE"] ["O'Neil, \"Bo\"\nx <&>"]]`
	if got := fmt.Sprintf("%q", rows); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if formula, err := f.GetCellFormula("People", "A3"); err != nil || formula != "" {
		t.Errorf("formula %q, %v", formula, err)
	}
	if kind, err := f.GetCellType("People", "A3"); err != nil || kind != excelize.CellTypeInlineString {
		t.Errorf("type %v, %v", kind, err)
	}
	for at, want := range map[string]int{"A2": 0, "A3": styleRisky} {
		if style, err := f.GetCellStyle("People", at); err != nil || style != want {
			t.Errorf("style of %s: %d, %v", at, style, err)
		}
	}
	if panes, err := f.GetPanes("People"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	about, err := f.GetRows("About")
	if err != nil {
		t.Fatal(err)
	}
	want = `[["Title" "People"] ["Scope" "Acme › North"] ["Rule" "Accounts you may list; not archived"] ["Time" "2026-11-21 12:00:00"] ` +
		`["Total, Number" "12"] ["Total, Progress" "66.6%"] ["" "Moments are in the zone UTC (+00:00)."]]`
	if got := fmt.Sprintf("%q", about); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestOwnReader: our reader gives the values of our workbook, every type.
func TestOwnReader(t *testing.T) {
	_, rows, wrong := readAll(string(workbookOf(t, sample(), sheetRows)), Limits{})
	want := `[["Ann" "1" "2.5" "33.3" "2026-11-21" "2026-11-21 12:00:00" "true"] ["=1+1" "-7" "-0.1" "100" "" "" "false"] ["O'Neil, \"Bo\"\nx <&>" "" "" "" "" "" ""]]`
	if got := fmt.Sprintf("%q", rows); got != want || len(wrong) > 0 {
		t.Errorf("\n got %s\nwant %s\n%q", got, want, wrong)
	}
}

// TestOtherWriter: a workbook of another program is read with its shared strings, dates, percents and hidden sheets.
func TestOtherWriter(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	must(t, f.SetSheetName("Sheet1", "Hidden"))
	_, err := f.NewSheet("Data")
	must(t, err)
	_, err = f.NewSheet("More")
	must(t, err)
	must(t, f.SetSheetVisible("Hidden", false))
	f.SetActiveSheet(1)
	must(t, f.SetSheetVisible("Hidden", false))
	set := func(at string, value any, format string) {
		must(t, f.SetCellValue("Data", at, value))
		if format != "" {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(t, err)
			must(t, f.SetCellStyle("Data", at, at, id))
		}
	}
	for i, title := range []string{"Name", "Day", "Moment", "Share", "Number", "Money", "Yes"} {
		set(string(rune('A'+i))+"2", title, "")
	}
	set("A4", "Bo_x000D_", "")
	set("B4", noon.Truncate(24*time.Hour), "dd/mm/yy")
	set("C4", noon.Add(34*time.Minute+56*time.Second), "m/d/yyyy h:mm AM/PM")
	set("D4", 0.455, "0%")
	set("E4", 33.3, "")
	set("F4", -1234.5, `#,##0.00 "days"`)
	set("G4", true, "")
	set("C5", "late", "")
	var file bytes.Buffer
	must(t, f.Write(&file))
	titles, rows, wrong := readAll(file.String(), Limits{})
	want := `["Name" "Day" "Moment" "Share" "Number" "Money" "Yes"] [["Bo\r" "2026-11-21" "2026-11-21 12:34:56" "45.5%" "33.3" "-1234.5" "true"] ["" "" "late" "" "" "" ""]]`
	if got := fmt.Sprintf("%q %q", titles, rows); len(wrong) > 0 || got != want && got != strings.Replace(want, `Bo\r`, `Bo_x000D_`, 1) {
		t.Errorf("\n got %s\nwant %s\n%q", got, want, wrong)
	}
}

// TestFurtherSheets: rows beyond what a sheet holds go to the next, and come back as one table.
func TestFurtherSheets(t *testing.T) {
	table := Table{Title: "A long title: with [signs] that no sheet has", At: noon, Columns: []Column{{"n", "N", Int}}}
	for i := range 10 {
		table.Rows = append2(table.Rows, i)
	}
	file := workbookOf(t, table, 4) // three rows a sheet
	f, err := excelize.OpenReader(bytes.NewReader(file))
	must(t, err)
	defer f.Close()
	if got := fmt.Sprintf("%q", f.GetSheetList()); got != `["A long title  with  signs  that" "A long title  with  sign (2)" "A long title  with  sign (3)" "A long title  with  sign (4)" "About"]` {
		t.Error(got)
	}
	_, rows, wrong := readAll(string(file), Limits{})
	if got := fmt.Sprint(rows, wrong); got != "[[0] [1] [2] [3] [4] [5] [6] [7] [8] [9]] []" {
		t.Error(got)
	}
}

// append2 adds a row to a sequence.
func append2(rows func(func([]any, error) bool), v any) func(func([]any, error) bool) {
	return func(yield func([]any, error) bool) {
		if rows != nil {
			more := true
			rows(func(r []any, err error) bool { more = yield(r, err); return more })
			if !more {
				return
			}
		}
		yield([]any{v}, nil)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestLimitsOfCells: what a workbook cannot hold is made to fit, so that no program calls the file broken.
func TestLimitsOfCells(t *testing.T) {
	long := strings.Repeat("😀", cellSigns)
	table := Table{Title: "T", At: noon, Columns: []Column{{Key: "a"}, {Key: "b"}, {Key: "c", Type: Day}}, Rows: rowsOf(
		[]any{"\x00a\x01\ufffe\xffb", int64(1234567890123456789), time.Date(1850, 2, 3, 0, 0, 0, 0, time.UTC)},
		[]any{long, nil, nil},
	)}
	_, rows, wrong := readAll(string(workbookOf(t, table, sheetRows)), Limits{Cell: 1 << 20})
	if len(wrong) > 0 || fmt.Sprintf("%q", rows[0]) != `["ab" "1234567890123456789" "1850-02-03"]` || len(rows[1][0]) != cellSigns/2*4 {
		t.Errorf("%q %q %d", rows[0], wrong, len(rows[1][0]))
	}
}

// rezip makes a workbook anew, with some of its parts changed, added or left out.
func rezip(t *testing.T, file []byte, change func(name string, body []byte) []byte, more ...string) string {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		must(t, err)
		body, err := io.ReadAll(r)
		must(t, err)
		if body = change(f.Name, body); body != nil {
			part, err := w.Create(f.Name)
			must(t, err)
			_, err = part.Write(body)
			must(t, err)
		}
	}
	for _, name := range more {
		_, err := w.Create(name)
		must(t, err)
	}
	must(t, w.Close())
	return out.String()
}

// stored is a workbook whose parts are not packed.
func stored(t *testing.T, file []byte) string {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		must(t, err)
		part, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		must(t, err)
		_, err = io.Copy(part, r)
		must(t, err)
	}
	must(t, w.Close())
	return out.String()
}

// inSheet replaces text in the first sheet.
func inSheet(old, new string) func(string, []byte) []byte {
	return func(name string, body []byte) []byte {
		if name == "xl/worksheets/sheet1.xml" {
			return bytes.Replace(body, []byte(old), []byte(new), 1)
		}
		return body
	}
}

// TestHostileBooks: archives that lie, explode, are cut off or hold what no spreadsheet writes.
func TestHostileBooks(t *testing.T) {
	good := workbookOf(t, sample(), sheetRows)
	changed := bytes.Replace([]byte(stored(t, good)), []byte("</worksheet>"), []byte("</worksheex>"), 1)
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprint("xl/media/", i)
	}
	zeros := strings.Repeat("0", 30<<20)
	for _, c := range []struct{ name, file, want string }{
		{"cut off", string(good[:len(good)-40]), "file is not a whole workbook: it may be cut off or damaged"},
		{"a sheet that is cut off", rezip(t, good, func(name string, body []byte) []byte {
			if name == "xl/worksheets/sheet1.xml" {
				return body[:bytes.Index(body, []byte(`<row r="3">`))]
			}
			return body
		}), "file is damaged, or not a workbook: unexpected EOF"},
		{"a changed byte behind the rows", string(changed), "file is damaged, or not a workbook: zip: checksum error"},
		{"many parts", rezip(t, good, func(_ string, b []byte) []byte { return b }, many...), "file is an archive of more than 20 parts"},
		{"dense", rezip(t, good, inSheet("<sheetData>", "<sheetData>"+strings.Repeat("<row></row>", 4<<20/11))), "file is packed too densely to be a workbook"},
		{"exploding", rezip(t, good, inSheet("<sheetData>", "<sheetData>"+strings.Repeat("\n", 30<<20))), "file is damaged, or not a workbook: " + errToken.Error()},
		{"one text of 30 MB", rezip(t, good, inSheet("Ann", zeros)), "file is damaged, or not a workbook: " + errToken.Error()},
		{"document type", rezip(t, good, inSheet("<worksheet", `<!DOCTYPE x [<!ENTITY a "b">]><worksheet`)), "file is damaged, or not a workbook: it has a document type"},
		{"rows backwards", rezip(t, good, inSheet(`<row r="3">`, `<row r="1">`)), `file is damaged, or not a workbook: row "1" follows row 2`},
		{"row out of the world", rezip(t, good, inSheet(`<row r="3">`, `<row r="99999999999">`)), `file is damaged, or not a workbook: row "99999999999" follows row 2`},
		{"columns backwards", rezip(t, good, inSheet(`<row r="3"><c`, `<row r="3"><c r="B3"/><c r="A3"`)), `file is damaged, or not a workbook: cell "A3" follows column 2`},
		{"column out of the world", rezip(t, good, inSheet(`<row r="3"><c`, `<row r="3"><c r="ZZZZZZZZZZZZZZ3"`)), `file is damaged, or not a workbook: cell "ZZZZZZZZZZZZZZ3" follows column 0`},
		{"no such text", rezip(t, good, inSheet(` t="inlineStr"><is><t>Ann</t></is>`, ` t="s"><v>7</v>`)), `line 2 points to a text "7" that the workbook does not have`},
		{"an error", rezip(t, good, inSheet(` t="inlineStr"><is><t>Ann</t></is>`, ` t="e"><v>#REF!</v>`)), `line 2 holds the error #REF! instead of a value`},
		{"no number", rezip(t, good, inSheet(`<v>2.5</v>`, `<v>NaN</v>`)), `line 2 holds "NaN" where a number should be`},
		{"NUL", rezip(t, good, inSheet(`Ann`, `_x0000_`)), `line 2 holds a NUL byte, which no text has`},
		{"a far cell", rezip(t, good, inSheet(`<row r="3">`, `<row r="3"><c r="XFD3"><v>1</v></c></row><row r="4">`)), `line 3 has more than 500 columns`},
		{"no sheet", rezip(t, good, func(name string, b []byte) []byte {
			if strings.HasPrefix(name, "xl/worksheets") {
				return nil
			}
			return b
		}), "file is damaged, or not a workbook: there is no sheet1.xml in it"},
		{"no workbook", rezip(t, good, func(string, []byte) []byte { return nil }), "file is a workbook without a sheet that is shown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, wrong := readAll(c.file, Limits{Entries: 20})
			if len(wrong) == 0 || wrong[0] != c.want {
				t.Errorf("got %q, want %q", wrong, c.want)
			}
		})
	}
}

// TestLongToken: without the limit on density, a text that would fill memory is still refused.
func TestLongToken(t *testing.T) {
	file := rezip(t, workbookOf(t, sample(), sheetRows), inSheet("Ann", strings.Repeat("0", 30<<20)))
	_, _, wrong := readAll(file, Limits{Ratio: 5000})
	if len(wrong) == 0 || wrong[0] != "file is damaged, or not a workbook: "+errToken.Error() {
		t.Errorf("%.200q", wrong)
	}
	if _, _, wrong = readAll(file, Limits{Ratio: 5000, Unpacked: 2 << 20}); len(wrong) == 0 || wrong[0] != "file becomes larger than 2 MiB when it is unpacked" {
		t.Errorf("%.200q", wrong)
	}
}

// TestShapes: which formats of a cell make a number a day, a moment or a percent.
func TestShapes(t *testing.T) {
	for code, want := range map[string]shape{
		"General": plain, "0": plain, "0.00E+00": plain, "#,##0.00": plain, `#,##0 "days"`: plain, `0.0"%"`: plain, "[Red]0": plain, "@": plain, `# ?/?`: plain, "": plain,
		"0%": asPercent, "0.00%": asPercent, "yyyy-mm-dd": asDay, "d/m/yy": asDay, "[$-407]d. mmmm yyyy;@": asDay, `dd\.mm\.yyyy`: asDay, "mmm": asDay,
		"h:mm": asTime, "yyyy-mm-dd hh:mm:ss": asTime, "mm:ss.0": asTime, "[h]:mm:ss": plain, `"d"0`: plain, "yyyy": asDay,
	} {
		if got := shapeOf("200", code); got != want {
			t.Errorf("%q: %d, want %d", code, got, want)
		}
	}
	for id, want := range map[string]shape{"0": plain, "1": plain, "9": asPercent, "10": asPercent, "14": asDay, "22": asTime, "45": asTime, "49": plain, "x": plain} {
		if got := shapeOf(id, ""); got != want {
			t.Errorf("%s: %d, want %d", id, got, want)
		}
	}
}

// TestMoments: both date systems, rounding, and what lies before and after the days that programs agree on.
func TestMoments(t *testing.T) {
	for _, c := range []struct {
		days     float64
		from1904 bool
		form     shape
		want     string
	}{
		{46347, false, asDay, "2026-11-21"}, {44885, true, asDay, "2026-11-21"}, {46347.5, false, asTime, "2026-11-21 12:00:00"},
		{46347.5242592593, false, asTime, "2026-11-21 12:34:56"}, {46347.99999999999, false, asTime, "2026-11-22 00:00:00"},
		{46347, false, asTime, "2026-11-21 00:00:00"}, {46347.25, false, asDay, "2026-11-21 06:00:00"}, {61, false, asDay, "1900-03-01"},
		{60, false, asDay, "60"}, {-1, false, asDay, "-1"}, {2958465, false, asDay, "9999-12-31"}, {2958466, false, asDay, "2958466"}, {0.5, false, asTime, "0.5"}, {-1500, true, asDay, "-1500"},
	} {
		if got := (book{from1904: c.from1904}).moment(c.days, c.form); got != c.want {
			t.Errorf("%v: %q, want %q", c, got, c.want)
		}
	}
}

// TestParseTime: each form in which the reader gives a moment is understood.
func TestParseTime(t *testing.T) {
	east := time.FixedZone("", 3600)
	for text, want := range map[string]string{
		"2026-11-21": "2026-11-20T23:00:00Z", " 2026-11-21 12:00:00 ": "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z": "2026-11-21T12:00:00Z",
		"2026-11-21 12:00:00.5": "2026-11-21T11:00:00.5Z", "2026-11-21 12:00": "2026-11-21T11:00:00Z", "2026-11-21T12:00:00+02:00": "2026-11-21T10:00:00Z",
	} {
		if got, err := ParseTime(text, east); err != nil || got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "21.11.2026", "11/21/26", "46347", "2026-13-01"} {
		if _, err := ParseTime(text, east); !fail.Is(err, fail.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
