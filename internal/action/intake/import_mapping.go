package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"provost/internal/fail"
)

// Mapping says which column of which file is what: how tables that were made elsewhere become records here (CO-4).
type Mapping struct {
	Name string `json:"name"`
	// Empty are the cells that mean "not known", besides the empty one: "?", say.
	Empty []string `json:"empty,omitempty"`
	Steps []Step   `json:"steps"`
}

// Step takes one file into records of one noun, whole or not at all. A file may feed several steps.
type Step struct {
	// File is the file's name, without a folder.
	File string `json:"file"`
	// Into is the noun: one of ImportNouns.
	Into string `json:"into"`
	// Join adds the columns of another file to each row.
	Join *Join `json:"join,omitempty"`
	// Fields says, for each field of the record, what it is made of.
	Fields map[string]Expr `json:"fields"`
	// Attributes are kept with the record under their names, for reports.
	Attributes map[string]Expr `json:"attributes,omitempty"`
}

// Join looks each row up in another file, by columns that both have.
type Join struct {
	File string   `json:"file"`
	On   []string `json:"on"`
	// Optional: a row without a partner has empty cells instead of being an error.
	Optional bool `json:"optional,omitempty"`
}

// Expr is what a field is made of: a text with columns in braces ("{code_module}-{code_presentation}"). Written as a bare
// string where it is nothing more. A text of which a column is empty is empty itself.
type Expr struct {
	Text string `json:"text"`
	// Map gives another value for each of these; what is not among them is an error, unless there is Otherwise.
	Map       map[string]string `json:"map,omitempty"`
	Otherwise *string           `json:"otherwise,omitempty"`
	// After makes the text a number of days after another date: of this record ("starts"), or of one that it names ("course.starts").
	After string `json:"after,omitempty"`
	// Format is how a date is written, in YYYY, MM, DD, hh, mm, ss: "DD.MM.YYYY". Without it: YYYY-MM-DD, with or without a time.
	Format string `json:"format,omitempty"`
}

// UnmarshalJSON takes the short form, a bare string, too.
func (e *Expr) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &e.Text)
	}
	type whole Expr
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	return in.Decode((*whole)(e))
}

// MarshalJSON writes the short form where it says all.
func (e Expr) MarshalJSON() ([]byte, error) {
	if e.Map == nil && e.Otherwise == nil && e.After == "" && e.Format == "" {
		return json.Marshal(e.Text)
	}
	type whole Expr
	return json.Marshal(whole(e))
}

// maxMapping bounds a mapping's text, in bytes; maxSteps how many steps it has.
const (
	maxMapping = 1 << 20
	maxSteps   = 100
)

// ParseMapping reads a mapping from JSON. Errors are Invalid and name the line and column of the text, or the field.
func ParseMapping(data []byte) (m Mapping, err error) {
	if len(data) > maxMapping {
		return m, fail.Wrong("mapping", "is larger than 1 MiB")
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&m); err != nil {
		return m, fail.Wrong(mappingPlace(data, in.InputOffset(), err), mappingFault(err))
	}
	if _, err := in.Token(); err != io.EOF {
		return m, fail.Wrong(lineColumn(data, in.InputOffset()), "has something behind its end")
	}
	return m, m.Check()
}

// mappingPlace is where in the text a decoding error is, as far as it says.
func mappingPlace(data []byte, offset int64, err error) string {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = e.Offset - 1 // it points behind the sign
	} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = e.Offset
	}
	return lineColumn(data, offset)
}

func lineColumn(data []byte, offset int64) string {
	before := data[:min(max(offset, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	return fmt.Sprintf("line %d, column %d", line, len(before)-bytes.LastIndexByte(before, '\n'))
}

func mappingFault(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "ends too early"
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return "a " + e.Value + " cannot be here"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// Check tells what is wrong with the mapping itself, field by field.
func (m Mapping) Check() error {
	var wrong fail.Fields
	if len(m.Steps) == 0 {
		wrong.Add("steps", "A mapping has one step at least.")
	}
	if len(m.Steps) > maxSteps {
		wrong.Add("steps", "A mapping has at most {most} steps.", "most", maxSteps)
		return wrong.Err()
	}
	for i, s := range m.Steps {
		s.check(fmt.Sprintf("steps[%d]", i), &wrong)
	}
	return wrong.Err()
}

func (s Step) check(at string, wrong *fail.Fields) {
	checkFileName(at+".file", s.File, wrong)
	noun := importNoun(s.Into)
	if noun == nil {
		wrong.Add(at+".into", "is one of {list}, not “{value}”", "list", strings.Join(ImportNouns(), ", "), "value", s.Into)
		return
	}
	if s.Join != nil {
		checkFileName(at+".join.file", s.Join.File, wrong)
		if len(s.Join.On) == 0 {
			wrong.Add(at+".join.on", "names the columns that both files have")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		f := noun.field(name)
		if f == nil {
			wrong.Add(at+".fields."+name, "{noun} have no such field: they have {list}", "noun", s.Into, "list", strings.Join(noun.fieldNames(), ", "))
			continue
		}
		s.Fields[name].check(at+".fields."+name, f, noun, wrong)
	}
	for _, f := range noun.fields {
		if _, has := s.Fields[f.name]; f.required && !has {
			wrong.Add(at+".fields", "{noun} need the field “{field}”", "noun", s.Into, "field", f.name)
		}
	}
	if len(s.Attributes) > 0 && !noun.attributes {
		wrong.Add(at+".attributes", "{noun} keep no attributes", "noun", s.Into)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Attributes)) {
		s.Attributes[name].check(at+".attributes."+name, &importField{name: name}, noun, wrong)
	}
}

func checkFileName(at, name string, wrong *fail.Fields) {
	if name == "" || name != filepath.Base(name) || strings.ContainsAny(name, "/\\\x00") || name == "." || name == ".." {
		wrong.Add(at, "is the name of a file, without a folder")
	}
}

func (e Expr) check(at string, f *importField, noun *importKind, wrong *fail.Fields) {
	if _, err := parseTemplate(e.Text); err != nil {
		wrong.Add(at, err.Error())
	}
	if e.Text == "" {
		wrong.Add(at, "says nothing: leave the field out")
	}
	if (e.After != "" || e.Format != "") && f.is != dateField {
		wrong.Add(at, "is no date: it has neither “after” nor “format”")
	}
	if e.After != "" && !slices.Contains(noun.bases, e.After) {
		wrong.Add(at+".after", "is one of {list}, not “{value}”", "list", strings.Join(noun.bases, ", "), "value", e.After)
	}
	if e.After != "" && e.After == f.name {
		wrong.Add(at+".after", "A date is not after itself.")
	}
	if e.Otherwise != nil && e.Map == nil {
		wrong.Add(at+".otherwise", "is for what a map does not name")
	}
	if e.Format != "" && !strings.Contains(e.Format, "YYYY") {
		wrong.Add(at+".format", "is written in YYYY, MM, DD, hh, mm and ss")
	}
}

// Files are the names of the files that the mapping reads, each once.
func (m Mapping) Files() []string {
	var out []string
	for _, s := range m.Steps {
		out = append(out, s.File)
		if s.Join != nil {
			out = append(out, s.Join.File)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
