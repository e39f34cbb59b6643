package attack_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
)

// things are ids of one of each kind, by kind: account, team, organization, course, group, policy, role, ...
type things map[string]string

// kindOf is the kind of thing that a field of some name holds the id of; empty for none.
func kindOf(name string) string {
	switch name {
	case "account", "accounts", "person", "target", "holder", "holders":
		return "account"
	case "organization", "parent", "org":
		return "organization"
	case "team", "places", "place", "ref", "thing":
		return "team"
	case "group", "groups", "access_group":
		return "group"
	case "course", "policy", "invitation", "enrolment", "share", "token", "session", "mapping", "import", "draft", "grant", "review", "network", "portal",
		"section", "lesson", "file", "assessment", "question", "attempt", "thread", "post", "certificate", "path", "goal", "requirement", "saved":
		return name
	case "after":
		return "lesson"
	case "role", "copy_of":
		return "role"
	case "goals":
		return "goal"
	case "grants":
		return "grant"
	}
	return ""
}

// filler fills the input of any operation with ids, by its tags. One is the field, of those that hold ids, that takes its id
// from odd instead; -1 for none.
type filler struct {
	ids, odd things
	one      int
	// seen are the kinds of the fields that hold ids, in order; used the texts that came from odd.
	seen []string
	used []string
}

func (f *filler) id(kind string) string {
	from := f.ids
	if len(f.seen) == f.one {
		from = f.odd
	}
	f.seen = append(f.seen, kind)
	text := from[kind]
	if text == "" {
		text = "0000000000001"
	}
	if len(f.seen)-1 == f.one {
		f.used = append(f.used, text)
	}
	return text
}

// input is an operation's input, apart: what is in its route, its query and its body.
type input struct {
	path  map[string]string
	query url.Values
	body  map[string]any
}

func (f *filler) fill(in any) input {
	out := input{map[string]string{}, url.Values{}, map[string]any{}}
	f.fields(reflect.TypeOf(in), &out)
	return out
}

func (f *filler) fields(t reflect.Type, out *input) {
	if t == nil || t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		sf := t.Field(i)
		if !sf.IsExported() {
			continue
		}
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct {
			f.fields(sf.Type, out)
			continue
		}
		if name := tag(sf, "path"); name != "" {
			out.path[name] = fmt.Sprint(f.value(sf.Type, name))
		} else if name := tag(sf, "query"); name != "" {
			if v := f.value(sf.Type, name); v != nil {
				for _, one := range listOf(v) {
					out.query.Add(name, fmt.Sprint(one))
				}
			}
		} else if name := tag(sf, "json"); name != "" {
			if v := f.value(sf.Type, name); v != nil {
				out.body[name] = v
			}
		}
	}
}

func listOf(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func tag(f reflect.StructField, key string) string {
	name, _, _ := strings.Cut(f.Tag.Get(key), ",")
	if name == "-" {
		return ""
	}
	return name
}

// value is a value of a type as JSON has it; nil leaves it out.
func (f *filler) value(t reflect.Type, name string) any {
	switch {
	case t == reflect.TypeFor[db.ID]():
		if kind := kindOf(name); kind != "" {
			return f.id(kind)
		}
		return f.id("account")
	case t == reflect.TypeFor[action.PlaceRef]():
		kind := kindOf(name)
		return kind + ":" + f.id(kind)
	case t == reflect.TypeFor[access.RoleID]():
		if name == "types" {
			return "learner"
		}
		if name == "roles" {
			return "team_member"
		}
		if name == "role" {
			return f.id("role")
		}
		return nil
	case t == reflect.TypeFor[time.Time](), t.Kind() == reflect.Map:
		return nil
	case t.Kind() == reflect.Pointer:
		return f.value(t.Elem(), name)
	case t.Kind() == reflect.Slice:
		if v := f.value(t.Elem(), name); v != nil {
			return []any{v}
		}
		return nil
	case t.Kind() == reflect.Struct:
		nested := input{map[string]string{}, url.Values{}, map[string]any{}}
		f.fields(t, &nested)
		return nested.body
	case t.Kind() == reflect.Bool:
		return name != "archived" && name != "leave_out" && name != "ended"
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		return 7
	case t.Kind() == reflect.Float64:
		return 7
	case t.Kind() == reflect.String:
		return f.word(name)
	}
	return nil
}

// word is a text for a field by its name.
func (f *filler) word(name string) any {
	switch name {
	case "email":
		return "new-guest@acme.test"
	case "line", "lines":
		return f.id("address")
	case "account", "organization", "team", "thing":
		return f.id(kindOf(name))
	case "permission", "permissions":
		return "team.list"
	case "kind":
		return "team"
	case "decision":
		return "end"
	case "password", "current":
		return "a wholly new pass-word 7"
	case "name", "username", "code", "about", "login":
		return "attackers-" + name
	case "mapping":
		return `{"name":"attackers-mapping","steps":[{"file":"people.csv","into":"accounts","fields":{"username":"{user}","name":"{name}"}}]}`
	case "token":
		return "pvi_nothing"
	}
	return nil
}

// form is the body as a form has it, nested values with dots.
func (in input) form() url.Values {
	out := url.Values{}
	var put func(prefix string, v any)
	put = func(prefix string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				put(prefix+"."+k, x)
			}
		case []any:
			for i, x := range v {
				if _, nested := x.(map[string]any); nested {
					put(fmt.Sprint(prefix, ".", i), x)
				} else {
					put(prefix, x)
				}
			}
		case bool:
			if v {
				out.Add(prefix, "on")
			}
		default:
			out.Add(prefix, fmt.Sprint(v))
		}
	}
	for k, v := range in.body {
		put(k, v)
	}
	return out
}

// path fills a route's pattern.
func (in input) at(pattern string, rest things) string {
	for {
		before, more, ok := strings.Cut(pattern, "{")
		if !ok {
			break
		}
		name, after, _ := strings.Cut(more, "}")
		v := in.path[name]
		if v == "" {
			if v = rest[kindOf(name)]; v == "" {
				v = "0000000000001"
			}
		}
		pattern = before + url.PathEscape(v) + after
	}
	if len(in.query) > 0 {
		pattern += "?" + in.query.Encode()
	}
	return pattern
}

func (in input) String() string {
	text, _ := json.Marshal(in.body)
	return fmt.Sprint(in.path, in.query.Encode(), string(text))
}
