package sheet

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relations    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace = "http://schemas.openxmlformats.org/package/2006/"
	mediaType    = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	// Every part that is not named is a sheet: so the list can be written before the sheets are counted.
	contentTypes = xmlHead + `<Types xmlns="` + packageSpace + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="` + mediaType + `worksheet+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + mediaType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + mediaType + `styles+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	rootRels = xmlHead + `<Relationships xmlns="` + packageSpace + `relationships">` +
		`<Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/>` +
		`<Relationship Id="rId2" Type="` + packageSpace + `relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	relsHead     = xmlHead + `<Relationships xmlns="` + packageSpace + `relationships">`
	workbookHead = xmlHead + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relations + `"><sheets>`
	coreHead     = xmlHead + `<cp:coreProperties xmlns:cp="` + packageSpace + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>Provost</dc:creator><dc:title>`

	worksheetHead = xmlHead + `<worksheet xmlns="` + mainSpace + `">`
	frozenTitles  = `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>` +
		`<selection pane="bottomLeft"/></sheetView></sheetViews>`

	styles = xmlHead + `<styleSheet xmlns="` + mainSpace + `"><numFmts count="3"><numFmt numFmtId="164" formatCode="0.0&quot;%&quot;"/>` +
		`<numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="166" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
		`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF1"/><bgColor indexed="64"/></patternFill></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="9">` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>` +
		`<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="top" wrapText="1"/></xf>` +
		`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// parts writes whole parts, in the order of their names.
func (b *workbook) parts(parts map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		part, err := b.zip.Create(name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(part, parts[name]); err != nil {
			return err
		}
	}
	return nil
}

// cellSigns is how much text a cell of a workbook holds, in UTF-16 units.
const cellSigns = 32767

// appendInline writes a text cell.
func appendInline(b []byte, s string, style int) []byte {
	if s == "" {
		return append(b, "<c/>"...)
	}
	if _, formula := lead(s); style == 0 && formula {
		style = styleRisky
	}
	b = append(appendStyle(append(b, "<c"...), style), ` t="inlineStr"><is><t`...)
	if s[0] <= ' ' || s[len(s)-1] <= ' ' || strings.IndexByte(s, '\n') >= 0 {
		b = append(b, ` xml:space="preserve"`...)
	}
	return append(appendXML(append(b, '>'), fit(s)), "</t></is></c>"...)
}

// fit cuts text to what a cell holds; a program that meets more calls the whole file broken.
func fit(s string) string {
	if len(s) <= cellSigns {
		return s
	}
	units := 0
	for i, r := range s {
		if units += utf16Len(r); units > cellSigns {
			return s[:i]
		}
	}
	return s
}

func utf16Len(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// appendXML writes text for an element or an attribute. What XML cannot hold is dropped; a return, and what a
// spreadsheet would take for the escape of one (_x000D_), is written as such an escape.
func appendXML(b []byte, s string) []byte {
	for i, r := range s {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '\r':
			b = append(b, "_x000D_"...)
		case r == '_' && escapes(s[i:]):
			b = append(b, "_x005F_"...)
		case r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// escapes tells whether s begins as a spreadsheet's escape: _xHHHH_.
func escapes(s string) bool {
	return len(s) >= 7 && s[1] == 'x' && s[6] == '_' && strings.Trim(s[2:6], "0123456789abcdefABCDEF") == ""
}

// columnName is the letters of the n-th column, from 1.
func columnName(n int) string {
	if n == 0 {
		return ""
	}
	return columnName((n-1)/26) + string(rune('A'+(n-1)%26))
}

// width is a column's width in signs.
func width(c Column) int {
	least := map[Type]int{Text: 24, Day: 12, Time: 20}[c.Type]
	return min(max(least, utf8.RuneCountInString(c.title())+4, 10), 48)
}

// sheetName is the table's name as the tab of a sheet: at most 31 signs, without those that formulas use.
func sheetName(t Table) string {
	name := t.Title
	if name == "" {
		name = t.Name
	}
	name = shorten(strings.Trim(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "")), " '"), 31)
	if name == "" || strings.EqualFold(name, "history") {
		return "Table"
	}
	return name
}

// continued is the name of the n-th sheet of a table that one sheet cannot hold.
func continued(name string, n int) string {
	return shorten(name, 24) + " (" + strconv.Itoa(n) + ")"
}

// shorten keeps at most n UTF-16 units of s.
func shorten(s string, n int) string {
	for i, r := range s {
		if n -= utf16Len(r); n < 0 {
			return strings.TrimRight(s[:i], " '")
		}
	}
	return s
}
