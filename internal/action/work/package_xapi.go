package work

import (
	"encoding/json"
	"maps"
	"regexp"
	"strings"

	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/pack"
	"provost/internal/store/work"
)

// Documents begins the names of documents among what an item keeps.
const Documents = "doc/"

// KeptDocument is a document that an item of cmi5 or xAPI keeps for its learner.
type KeptDocument struct {
	OneItem
	Name string `json:"name" doc:"What the item calls it." maxLength:"200"`
	Text string `json:"text" doc:"What it holds; empty to forget it."`
}

// Check tells which fields have to be corrected.
func (in KeptDocument) Check() error {
	if in.Name == "" {
		return fail.Wrong("name", "This field is needed.")
	}
	return bounded(map[string]string{in.Name: in.Text})
}

// SavePackageDocument keeps a document of an item of cmi5 or xAPI, beside the others.
var SavePackageDocument = &op.Op[KeptDocument, StateKept]{
	Name:  "package.save_document",
	Route: "PUT /courses/{course}/assessments/{assessment}/package/document",
	Doc:   "Keeps a document of an item of a cmi5 or xAPI package for you, or forgets it.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in KeptDocument) (out StateKept, err error) {
		x, data, err := stating(c, in.OneItem)
		if err != nil || x.own == nil {
			return out, err
		}
		data[Documents+in.Name] = in.Text
		if in.Text == "" {
			delete(data, Documents+in.Name)
		}
		if err := bounded(data); err != nil {
			return out, err
		}
		return x.keep(c, data, outcome{})
	},
}

// stating finds an item of a package that sends statements, with what it keeps for who goes through it.
func stating(c *op.Call, in OneItem) (x played, data map[string]string, err error) {
	if x, err = playing(c, in.OneAssessment, in.Item); err == nil {
		err = x.again(in.Attempt)
	}
	if err != nil || x.own == nil {
		return x, nil, err
	}
	if x.plays.Standard != pack.CMI5 && x.plays.Standard != pack.XAPI {
		return x, nil, fail.New(fail.Conflict, "This package sends no statements.")
	}
	states, err := work.StatesOf(c, c.Tx, x.is, x.own.Enrolment)
	if data = maps.Clone(states[x.item().ID].Data); data == nil {
		data = map[string]string{}
	}
	return x, data, err
}

// Said are statements of an item.
type Said struct {
	OneItem
	Statements []string `json:"statements" doc:"Each as JSON, with its ID: 100 at most."`
}

// statement is what is read of one.
type statement struct {
	ID   string
	Verb struct {
		ID string
	}
	Object struct {
		ID string
	}
	Result struct {
		Score struct {
			Scaled *float64
		}
		Success, Completion *bool
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

const maxStatement = 32 << 10

func readStatement(body string) (s statement, err error) {
	if len(body) > maxStatement || !text(body) || json.Unmarshal([]byte(body), &s) != nil {
		return s, fail.Wrong("statements", "This is no statement, or too long.")
	}
	if s.ID = strings.ToLower(s.ID); !uuid.MatchString(s.ID) || s.Verb.ID == "" {
		return s, fail.Wrong("statements", "This is no statement, or too long.")
	}
	if n := s.Result.Score.Scaled; n != nil && (*n < -1 || *n > 1) {
		return s, fail.Wrong("statements", "A scaled score is from -1 to 1.")
	}
	return s, nil
}

// Check tells which fields have to be corrected.
func (in Said) Check() error {
	if len(in.Statements) > 100 {
		return fail.Wrong("statements", "100 at a time, at most.")
	}
	for _, body := range in.Statements {
		if _, err := readStatement(body); err != nil {
			return err
		}
	}
	return nil
}

// AddStatements keeps what an item of a cmi5 or xAPI package says of its learner: what it says of itself becomes their result.
var AddStatements = &op.Op[Said, StateKept]{
	Name:  "package.add_statements",
	Route: "POST /courses/{course}/assessments/{assessment}/package/statements",
	Doc:   "Keeps statements of an item of a cmi5 or xAPI package, all or none. Those on the item itself, that it is completed, passed or failed, become your result once all items are done.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in Said) (out StateKept, err error) {
		x, data, err := stating(c, in.OneItem)
		if err != nil || x.own == nil {
			return out, err
		}
		var came outcome
		for _, body := range in.Statements {
			s, err := readStatement(body)
			if err != nil {
				return out, err
			}
			fresh, err := work.AddStatement(c, c.Tx, x.is, x.own.Enrolment, work.Statement{ID: s.ID, Item: x.item().ID, Body: body}, c.Now)
			if err != nil {
				return out, err
			}
			if fresh && s.Object.ID == x.item().ID {
				if err := came.hear(s, x.item(), data); err != nil {
					return out, err
				}
			}
		}
		came.done = satisfied(x.plays.Standard, x.item().MoveOn, data)
		return x.keep(c, data, came)
	},
}

// The keys under which it is kept what an item said of itself, beside its documents.
const (
	heard     = "said/"
	verbs     = "http://adlnet.gov/expapi/verbs/"
	completed = "completed"
	passed    = "passed"
	failed    = "failed"
)

// hear takes what an item says of itself.
func (o *outcome) hear(s statement, item *pack.Item, data map[string]string) error {
	verb, known := strings.CutPrefix(s.Verb.ID, verbs)
	if n := s.Result.Score.Scaled; n != nil {
		if item.Mastery != nil && verb == passed && *n*100 < *item.Mastery {
			return fail.Wrong("statements", "It is passed by a higher score only.")
		}
		if score := hundred(*n * 100); o.score == nil || *score > *o.score {
			o.score = score
		}
	}
	if known && (verb == completed || verb == passed || verb == failed || verb == "initialized") {
		data[heard+verb] = "true"
	}
	if s.Result.Completion != nil && *s.Result.Completion {
		data[heard+completed] = "true"
	}
	return nil
}

// satisfied tells whether an item is done by what it said of itself: by its moveOn where it is a unit of cmi5.
func satisfied(standard, moveOn string, data map[string]string) bool {
	said := func(verb string) bool { return data[heard+verb] != "" }
	if standard == pack.XAPI {
		return said(completed) || said(passed) || said(failed)
	}
	switch moveOn {
	case "Passed":
		return said(passed)
	case "Completed":
		return said(completed)
	case "CompletedAndPassed":
		return said(completed) && said(passed)
	case "CompletedOrPassed":
		return said(completed) || said(passed)
	}
	return said("initialized")
}

// OneStatement asks for what was said.
type OneStatement struct {
	OneItem
	ID string `query:"id" doc:"The ID of one; the last hundred of the item where it is left out."`
}

// Heard are statements of one learner.
type Heard struct {
	Statements []string `json:"statements" doc:"Each as JSON, as it came; the last first."`
}

// ListStatements is what a package said of oneself.
var ListStatements = &op.Op[OneStatement, Heard]{
	Name:  "package.statements",
	Route: "GET /courses/{course}/assessments/{assessment}/package/statements",
	Doc:   "Lists what an item of a cmi5 or xAPI package said of you.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OneStatement) (Heard, error) {
		out := Heard{[]string{}}
		x, _, err := stating(c, in.OneItem)
		if err != nil || x.own == nil {
			return out, err
		}
		list, err := work.ListStatements(c, c.Tx, x.is, x.own.Enrolment, x.item().ID, strings.ToLower(in.ID))
		for _, s := range list {
			out.Statements = append(out.Statements, s.Body)
		}
		return out, err
	},
}
