package sheet

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"provost/internal/fail"
)

const (
	sheetRows    = 1 << 20 // rows of a sheet, the titles among them; more go to the next sheet
	sheetColumns = 1 << 14
	firstSerial  = 61 // 1 March 1900: before it, spreadsheets do not agree what a date's number is
	lastSerial   = 2958465
)

// The cell formats of the styles part, by their place in it.
const (
	styleTitle = iota + 1
	styleInt
	stylePercent
	styleDay
	styleTime
	styleRisky // text that looks like a formula: marked so that it stays text when somebody edits the cell
	styleLabel
	styleWrap
)

// workbook writes an XLSX file part by part: what has been written is not kept.
type workbook struct {
	zip   *zip.Writer
	table Table
	limit int // rows of a sheet
	names []string
	out   *bufio.Writer
	line  []byte
	row   int // rows on the present sheet, the titles among them
}

// WriteXLSX writes the table as an Excel workbook: a sheet of rows under a fixed line of titles with filters, further
// sheets when there are more rows than one holds, and a sheet "About" with scope, rule, time and totals. The same table
// gives the same bytes. Characters that XML cannot hold are dropped; text beyond the 32,767 signs of a cell is cut.
func WriteXLSX(w io.Writer, t Table) (rows int, err error) {
	return writeXLSX(w, t, sheetRows)
}

func writeXLSX(w io.Writer, t Table, limit int) (rows int, err error) {
	if len(t.Columns) > sheetColumns {
		return 0, fail.Wrong("format", "a workbook has no room for so many columns: choose CSV")
	}
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	b := &workbook{zip: z, table: t, limit: limit, out: bufio.NewWriterSize(io.Discard, 64<<10)}
	if err := b.parts(map[string]string{"[Content_Types].xml": contentTypes, "_rels/.rels": rootRels, "xl/styles.xml": styles}); err != nil {
		return 0, err
	}
	if rows, err = b.rows(); err != nil {
		return rows, err
	}
	if err := b.about(); err != nil {
		return rows, err
	}
	if err := b.parts(map[string]string{"docProps/core.xml": b.core(), "xl/workbook.xml": b.index(), "xl/_rels/workbook.xml.rels": b.rels()}); err != nil {
		return rows, err
	}
	return rows, z.Close()
}

func (b *workbook) rows() (rows int, err error) {
	if err := b.begin(); err != nil {
		return 0, err
	}
	for row, err := range b.table.Rows {
		if err == nil {
			err = wide(row, b.table.Columns)
		}
		if err == nil && b.row == b.limit {
			err = b.next()
		}
		if err == nil {
			err = b.write(row)
		}
		if err != nil {
			return rows, err
		}
		rows++
	}
	return rows, b.end()
}

// next ends a full sheet and begins another.
func (b *workbook) next() error {
	if err := b.end(); err != nil {
		return err
	}
	return b.begin()
}

// begin opens a sheet and writes its titles.
func (b *workbook) begin() error {
	name := sheetName(b.table)
	if n := len(b.names) + 1; n > 1 {
		name = continued(name, n)
	}
	if err := b.open(name); err != nil {
		return err
	}
	line := append(b.line[:0], worksheetHead...)
	line = append(line, frozenTitles...)
	line = append(line, "<cols>"...)
	for i, c := range b.table.Columns {
		line = fmt.Appendf(line, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width(c))
	}
	line = append(line, `</cols><sheetData><row r="1">`...)
	for _, c := range b.table.Columns {
		line = appendInline(line, c.title(), styleTitle)
	}
	b.row = 1
	return b.flush(append(line, "</row>"...))
}

// open begins the part of a further sheet.
func (b *workbook) open(name string) error {
	b.names = append(b.names, name)
	part, err := b.zip.Create("xl/worksheets/sheet" + strconv.Itoa(len(b.names)) + ".xml")
	b.out.Reset(part)
	return err
}

func (b *workbook) flush(line []byte) (err error) {
	b.line, err = flushLine(b.out, line)
	return err
}

// write writes a row. Cells carry no address: they stand in order, and an empty one is a bare element.
func (b *workbook) write(row []any) error {
	b.row++
	line := append(b.line[:0], `<row r="`...)
	line = append(strconv.AppendInt(line, int64(b.row), 10), `">`...)
	for i, v := range row {
		typ := b.table.Columns[i].Type
		line = appendXLSX(line, cellOf(v, typ), typ)
	}
	return b.flush(append(line, "</row>"...))
}

func (b *workbook) end() error {
	last := columnName(max(len(b.table.Columns), 1)) + strconv.Itoa(b.row)
	if err := b.flush(append(b.line[:0], `</sheetData><autoFilter ref="A1:`+last+`"/></worksheet>`...)); err != nil {
		return err
	}
	return b.out.Flush()
}

// about writes the last sheet: what the file says about itself.
func (b *workbook) about() error {
	name := "About"
	if strings.EqualFold(sheetName(b.table), name) {
		name = "About this file"
	}
	if err := b.open(name); err != nil {
		return err
	}
	line := append(b.line[:0], worksheetHead...)
	line = append(line, `<cols><col min="1" max="1" width="24" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/></cols><sheetData>`...)
	for _, n := range b.table.Notes() {
		line = appendInline(append(line, "<row>"...), n.Title, styleLabel)
		c := cellOf(n.Value, n.Type)
		if c.kind == isText {
			line = appendInline(line, c.text, styleWrap)
		} else {
			line = appendXLSX(line, c, n.Type)
		}
		line = append(line, "</row>"...)
	}
	line = append(line, `<row><c/><c t="inlineStr"><is><t>Moments are in the zone `...)
	line = append(appendXML(line, b.table.At.Format("MST (-07:00)")), ".</t></is></c></row></sheetData></worksheet>"...)
	if err := b.flush(line); err != nil {
		return err
	}
	return b.out.Flush()
}

// appendXLSX writes one cell.
func appendXLSX(b []byte, c cell, typ Type) []byte {
	switch c.kind {
	case isText:
		return appendInline(b, c.text, 0)
	case isInt:
		if c.i > 1e15-1 || c.i < 1-1e15 {
			return appendInline(b, string(c.appendNumber(nil)), 0) // a spreadsheet keeps fifteen digits
		}
		return appendNumeric(b, c, numberStyle(typ, styleInt))
	case isFloat:
		return appendNumeric(b, c, numberStyle(typ, 0))
	case isBool:
		return append(append(append(b, `<c t="b"><v>`...), byte('0'+c.i)), "</v></c>"...)
	case isTime:
		return appendSerial(b, c, typ)
	}
	return append(b, "<c/>"...)
}

func numberStyle(typ Type, other int) int {
	switch typ {
	case Percent:
		return stylePercent
	case Float:
		return 0
	}
	return other
}

func appendNumeric(b []byte, c cell, style int) []byte {
	b = appendStyle(append(b, "<c"...), style)
	return append(c.appendNumber(append(b, "><v>"...)), "</v></c>"...)
}

func appendStyle(b []byte, style int) []byte {
	if style == 0 {
		return b
	}
	return append(strconv.AppendInt(append(b, ` s="`...), int64(style), 10), '"')
}

// appendSerial writes a moment as the number of days that spreadsheets count, by the clock of its own location.
func appendSerial(b []byte, c cell, typ Type) []byte {
	_, offset := c.t.Zone()
	seconds := c.t.Unix() + int64(offset)
	days := floorDiv(seconds, 86400)
	serial := days + 25569 // from 30 December 1899 to 1 January 1970
	if serial < firstSerial || serial > lastSerial {
		return appendInline(b, string(c.appendTime(nil, typ)), 0)
	}
	if typ == Day {
		return appendNumeric(b, cell{kind: isInt, i: serial}, styleDay)
	}
	part := float64(seconds-days*86400) + float64(c.t.Nanosecond()/1000)/1e6
	return appendNumeric(b, cell{kind: isFloat, f: float64(serial) + part/86400}, styleTime)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// core is the document's properties.
func (b *workbook) core() string {
	at := b.table.At.UTC().Format(time.RFC3339)
	return string(append(appendXML([]byte(coreHead), b.table.Title), `</dc:title><dcterms:created xsi:type="dcterms:W3CDTF">`+at+`</dcterms:created></cp:coreProperties>`...))
}

// index is the workbook part: the sheets by name.
func (b *workbook) index() string {
	line := []byte(workbookHead)
	for i, name := range b.names {
		line = appendXML(append(line, `<sheet name="`...), name)
		line = fmt.Appendf(line, `" sheetId="%d" r:id="rId%d"/>`, i+1, i+1)
	}
	return string(line) + "</sheets></workbook>"
}

func (b *workbook) rels() string {
	line := []byte(relsHead)
	for i := range b.names {
		line = fmt.Appendf(line, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relations, i+1)
	}
	return string(line) + `<Relationship Id="styles" Type="` + relations + `/styles" Target="styles.xml"/></Relationships>`
}
