package intake

import (
	"slices"
	"strings"

	"provost/internal/access"
)

type fieldKind uint8

const (
	textField fieldKind = iota
	dateField
	numberField
	boolField
)

// importField is a field that a mapping may fill.
type importField struct {
	name     string
	doc      string
	is       fieldKind
	required bool
	// most is the longest text, in runes; 200 where it is zero.
	most int
}

// importKind is a noun that files are taken into.
type importKind struct {
	name   string
	doc    string
	fields []importField
	// attributes: whatever else a file says of a record is kept with it.
	attributes bool
	// bases are the dates that another may be given after.
	bases []string
	// take makes what takes rows, for one file.
	take func(*intake) taker
}

// taker takes rows into records, chunk by chunk, in one transaction.
type taker interface {
	take(rows []*importRow) error
	// close writes what waits, once all rows are taken.
	close() error
}

func (k *importKind) field(name string) *importField {
	i := slices.IndexFunc(k.fields, func(f importField) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &k.fields[i]
}

func (k *importKind) fieldNames() []string {
	var out []string
	for _, f := range k.fields {
		out = append(out, f.name)
	}
	return out
}

// importKinds are the nouns, in the order in which records need one another.
var importKinds []*importKind

func init() {
	importKinds = []*importKind{organizationImport, courseImport, accountImport, enrolmentImport, assessmentImport, resultImport, materialImport, memberImport, relationImport}
}

func importNoun(name string) *importKind {
	for _, k := range importKinds {
		if k.name == name {
			return k
		}
	}
	return nil
}

// ImportNouns are the names of what files may be taken into.
func ImportNouns() []string {
	var out []string
	for _, k := range importKinds {
		out = append(out, k.name)
	}
	return out
}

// ImportField describes a field that a mapping may fill, for pages and for the documentation.
type ImportField struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Doc      string `json:"doc"`
	Required bool   `json:"required"`
}

// ImportFields are the fields of a noun; none where there is no such noun.
func ImportFields(noun string) []ImportField {
	k := importNoun(noun)
	if k == nil {
		return nil
	}
	var out []ImportField
	for _, f := range k.fields {
		out = append(out, ImportField{f.name, fieldTitle(f.name), f.doc, f.required})
	}
	return out
}

// importNeeds are the permissions that decide, row by row, what an import may do.
var importNeeds = []*access.Permission{access.AccountAdd, access.AccountEdit, access.AccountViewLogin, access.AccountSetFull, access.AccountList,
	access.OrganizationList, access.OrganizationCreate,
	access.OrganizationAdminister, access.CourseList, access.CourseCreate, access.CourseConfigure, access.CourseEnrollOthers, access.CourseGrade, access.TeamAddMember, access.AccountRelate}

var fieldTitles = map[string]string{"username": "User name", "email": "E-mail", "account": "Learner", "type": "Account type"}

// fieldTitle is a field's name as a title: week_from is Week from.
func fieldTitle(name string) string {
	if title := fieldTitles[name]; title != "" {
		return title
	}
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
