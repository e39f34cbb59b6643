package intake

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"maps"
	"strings"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// LineProblem is what is wrong with one line of a file.
type LineProblem struct {
	File string `json:"file"`
	// Line is the line as an editor or a spreadsheet shows it; zero where the whole file is meant.
	Line    int    `json:"line,omitempty"`
	Column  string `json:"column,omitempty"`
	Message string `json:"message"`
}

// MaxProblems is how many problems are told one by one; the rest are counted.
const MaxProblems = 1000

// LineProblems are what is wrong with the files of an import.
type LineProblems struct {
	List []LineProblem `json:"list,omitempty"`
	// Total counts all of them.
	Total int `json:"total"`
	// Refused counts those for want of a permission.
	Refused int `json:"refused,omitempty"`
}

func (p *LineProblems) add(one LineProblem, refused bool) {
	p.Total++
	if refused {
		p.Refused++
	}
	if len(p.List) < MaxProblems {
		p.List = append(p.List, one)
	}
}

// importRow is a row of a file as the mapping understands it.
type importRow struct {
	line int
	// values are the noun's fields, by their position in it.
	values []string
	// attributes is a JSON object, or empty.
	attributes string
	bad        bool
	key        uint64
}

// intake takes one file, inside one transaction.
type intake struct {
	c        *op.Call
	file     string
	kind     *importKind
	values   []*valuer // by the field's position; nil where the mapping does not fill it
	extra    []valuer
	unknown  map[string]bool
	result   *FileResult
	problems *LineProblems
	refs     *references
	seen     map[uint64]seenRow
	may      map[mayKey]bool
}

// seenRow remembers, of each key that a file has had, what its first row said.
type seenRow struct {
	line int
	sum  uint64
}

type mayKey struct {
	perm *access.Permission
	at   access.Place
}

// get is a field's value; empty where it is not known or not mapped.
func (in *intake) get(r *importRow, field string) string {
	for i := range in.kind.fields {
		if in.kind.fields[i].name == field {
			return r.values[i]
		}
	}
	panic("action: " + in.kind.name + " have no field " + field)
}

func (in *intake) valuer(field string) *valuer {
	for i := range in.kind.fields {
		if in.kind.fields[i].name == field {
			return in.values[i]
		}
	}
	return nil
}

// wrong notes what is wrong with a field of a row, which is then not taken.
func (in *intake) wrong(r *importRow, field, message string) { in.note(r, field, message, false) }

// refused notes that a permission is wanting.
func (in *intake) refused(r *importRow, field string, p *access.Permission) {
	in.note(r, field, "You may not do this: it needs the permission “"+p.Title+"”.", true)
}

func (in *intake) note(r *importRow, field, message string, refused bool) {
	column := field
	if v := in.valuer(field); v != nil {
		column = v.column
	}
	r.bad = true
	in.problems.add(LineProblem{in.file, r.line, column, message}, refused)
}

// failed notes an error of a record: one of a known kind is the row's, any other ends the import.
func (in *intake) failed(r *importRow, field string, err error) error {
	if fail.Of(err) == fail.Fault || fail.Of(err) == fail.Busy {
		return err
	}
	message := err.Error()
	if e, ok := err.(*fail.Error); ok && len(e.Fields) > 0 {
		message = e.Fields[0].Message
	}
	in.note(r, field, message, fail.Is(err, fail.NotAllowed))
	return nil
}

// evaluate makes a row of a file's cells.
func (in *intake) evaluate(line int, cells []string) *importRow {
	r := &importRow{line: line, values: make([]string, len(in.values))}
	for i, v := range in.values {
		if v == nil {
			continue
		}
		text, err := v.value(cells, in.unknown)
		if err == nil {
			err = v.check(text)
		}
		if err != nil {
			in.wrong(r, v.field.name, err.Error())
			continue
		}
		r.values[i] = text
	}
	if len(in.extra) > 0 {
		r.attributes = in.attributes(r, cells)
	}
	return r
}

// check tells what is wrong with a value, whatever the portal holds.
func (v *valuer) check(text string) error {
	if text == "" {
		if v.field.required {
			return fmt.Errorf("is empty: %s is needed", v.field.name)
		}
		return nil
	}
	if strings.ContainsFunc(text, form.Hidden) {
		return fmt.Errorf("has a line break, or characters that cannot be shown")
	}
	switch v.field.is {
	case dateField:
		_, err := v.when(text, 0)
		return err
	case numberField:
		_, err := number(text)
		return err
	case boolField:
		_, err := truth(text)
		return err
	}
	most := v.field.most
	if most == 0 {
		most = 200
	}
	if utf8.RuneCountInString(text) > most {
		return fmt.Errorf("is longer than %d characters", most)
	}
	return nil
}

func (v *valuer) when(text string, base int64) (int64, error) {
	if v.expr.After == "" {
		return v.date(text)
	}
	n, err := days(text)
	return base + n, err
}

// date is a date field in microseconds; zero where it is not known. base gives the dates that it may be after.
func (in *intake) date(r *importRow, field string, base func(name string) int64) int64 {
	v, text := in.valuer(field), in.get(r, field)
	if v == nil || text == "" || r.bad {
		return 0
	}
	var from int64
	if v.expr.After != "" {
		if from = base(v.expr.After); from == 0 {
			in.wrong(r, field, fmt.Sprintf("is so many days after %s, which is not known", v.expr.After))
			return 0
		}
	}
	at, err := v.when(text, from)
	if err != nil {
		in.wrong(r, field, err.Error())
	}
	return at
}

func (in *intake) attributes(r *importRow, cells []string) string {
	out := make(map[string]string, len(in.extra))
	for i := range in.extra {
		text, err := in.extra[i].value(cells, in.unknown)
		if err == nil {
			err = in.extra[i].check(text)
		}
		if err != nil {
			r.bad = true
			in.problems.add(LineProblem{in.file, r.line, in.extra[i].column, err.Error()}, false)
		} else if text != "" {
			out[in.extra[i].field.name] = text
		}
	}
	text, _ := json.Marshal(out) // strings only: cannot fail
	return string(text)
}

var importSeed = maphash.MakeSeed()

// repeated tells whether the file has had this key: the same row again is passed over, another one is wrong.
func (in *intake) repeated(r *importRow, key ...string) bool {
	r.key = sum(key)
	was, has := in.seen[r.key]
	now := seenRow{r.line, sum(append(r.values, r.attributes))}
	if !has {
		in.seen[r.key] = now
		return false
	}
	if was.sum == now.sum {
		in.result.Repeated++
		return true
	}
	in.wrong(r, in.kind.fields[0].name, fmt.Sprintf("line %d says something else of %q", was.line, cut(strings.Join(key, ", "))))
	return true
}

func sum(texts []string) uint64 {
	var h maphash.Hash
	h.SetSeed(importSeed)
	for _, t := range texts {
		_, _ = h.WriteString(t)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// allowed decides a permission on a thing, once for each place.
func (in *intake) allowed(p *access.Permission, t access.Thing) bool {
	key := mayKey{p, t.Place()}
	yes, known := in.may[key]
	if !known {
		yes = in.c.May(p).Has(&t) != nil
		in.may[key] = yes
	}
	return yes
}

// refold reads the actor's rights again, after organizations were made in this same transaction.
func refold(c *op.Call) error {
	if c.Who.System != "" {
		return nil
	}
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	actors, err := store.LoadActors(c, c.Tx, rules, []db.ID{c.Who.Account}, c.Now)
	if err != nil || len(actors) == 0 {
		return err
	}
	c.Actor = actors[0]
	if c.Who.Limit != nil {
		c.Actor = c.Actor.Limit(*c.Who.Limit)
	}
	if c.Who.Behind != 0 {
		c.Actor, err = store.ActedBy(c, c.Tx, c.Actor, c.Who.Behind, c.Now)
	}
	return err
}

// merged is a JSON object with what another one says put over it.
func merged(kept, over string) string {
	out, more := map[string]string{}, map[string]string{}
	if json.Unmarshal([]byte(kept), &out) != nil || json.Unmarshal([]byte(over), &more) != nil {
		return over
	}
	maps.Copy(out, more)
	text, _ := json.Marshal(out) // strings only: cannot fail
	return string(text)
}

// close is what takers do that keep nothing waiting.
func (in *intake) close() error { return nil }
