package shell

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// Run fills the operation's input from the request and runs it.
func Run[In, Out any](q *Req, o *op.Op[In, Out]) (out Out, err error) {
	var in In
	if err = q.Fill(&in); err != nil {
		return out, err
	}
	return RunWith(q, o, in)
}

// RunWith runs an operation with an input at hand.
func RunWith[In, Out any](q *Req, o *op.Op[In, Out], in In) (Out, error) {
	return o.Run(q.Ctx(), q.Env(), q.Who, in)
}

// RunOpen fills an operation's input and runs it as nobody, whoever is signed in here.
func RunOpen[In, Out any](q *Req, o *op.Op[In, Out]) (out Out, err error) {
	var in In
	if err := q.Fill(&in); err != nil {
		return out, err
	}
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0
	return o.Run(q.Ctx(), q.Env(), who, in)
}

// Download runs an operation whose output is a file, and sends it as it is made.
func Download(o op.Any) Handler {
	return func(q *Req) error {
		sent := false
		var apart *op.File
		send := func(f op.File) error {
			q.SendHead(f)
			sent = true
			return f.Write(q.W)
		}
		err := o.Invoke(q.Ctx(), q.Env(), q.Who, q.Fill, func(out any) error {
			f, ok := out.(op.Filer)
			if !ok {
				return fail.New(fail.Fault, "The output of "+o.Meta().Name+" is no file.")
			}
			file := f.AsFile()
			if file.Apart {
				apart = &file
				return nil
			}
			return send(file)
		})
		if err == nil && apart != nil {
			err = send(*apart)
		}
		if err != nil && sent {
			q.s.log(slog.LevelError, "a download broke off", "request", requestID(q.Ctx()), "route", q.R.Pattern, "error", err.Error())
			panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
		}
		return err
	}
}

// Submission is a form that runs an operation: then a redirect, or the page of the form again with what is wrong.
type Submission struct {
	op   op.Any
	to   string
	text string
	form Handler
}

// Submit runs an operation from a form and leads to an address, in which {name} stands for a value of the route or, after
// that, of the output: "/teams/{team}", "/teams/{id}".
func Submit(o op.Any, to string) *Submission { return &Submission{op: o, to: to} }

// Says is told at the top of the next page: an English text marked by page.Say, with {name} for a value of the output.
func (s *Submission) Says(text string) *Submission { s.text = text; return s }

// On is the page that has the form: it is shown again, with 422 or 409, where something is wrong (its handler reads what was
// typed by Req.Field, and gets the same values of the route).
func (s *Submission) On(form Handler) *Submission { s.form = form; return s }

// Serve is the handler of the form, for a handler that does something before.
func (s *Submission) Serve(q *Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	if q.R.Header.Get("X-Preview") != "" || q.R.PostForm.Has("_preview") {
		return s.foresee(q)
	}
	var out any
	err := s.op.Invoke(q.Ctx(), q.Env(), q.Who, q.Fill, func(v any) error { out = v; return nil })
	if err != nil {
		return s.again(q, err)
	}
	values := outValues(out)
	return q.Redirect(fillIn(s.to, q.R.PathValue, values), page.Good, q.say(s.text, values))
}

// foresee shows what the form would do, as a part of a page for the script or as the page again.
func (s *Submission) foresee(q *Req) error {
	effects, err := s.op.Foresee(q.Ctx(), q.Env(), q.Who, q.Fill)
	part := q.R.Header.Get("X-Preview") != ""
	if err != nil {
		if part && Again(err) {
			return q.Part(q.StatusOf(err), page.Notice(page.Warn, g.Text(q.Sentence(err))))
		}
		return s.again(q, err)
	}
	q.Effects = EffectsOf(effects).Node(q.View)
	if part || s.form == nil {
		return q.Part(http.StatusOK, q.Effects)
	}
	q.Typed = q.R.PostForm
	return s.form(q)
}

// Part writes a piece of a page, for its script, with a status of HTTP.
func (q *Req) Part(status int, n g.Node) error {
	q.Status = status
	return q.write(n)
}

// Again tells whether the form can be corrected: whether an error is Invalid or a Conflict.
func Again(err error) bool {
	k := fail.Of(err)
	return k == fail.Invalid || k == fail.Conflict
}

func (s *Submission) again(q *Req, err error) error {
	if s.form == nil || !Again(err) {
		return err
	}
	return q.Again(err, s.form)
}

// Again shows the page of a form with what was typed and what is wrong.
func (q *Req) Again(err error, form Handler) error {
	q.Typed, q.Status = q.R.PostForm, q.StatusOf(err)
	q.Message = q.Sentence(err)
	if e, ok := AsFail(err); ok {
		for _, f := range e.Fields {
			q.Errs = append(q.Errs, page.FieldError{Name: f.Name, Message: q.View.Tell(f)})
		}
		if len(e.Fields) > 0 {
			q.Message = ""
		}
	}
	return form(q)
}

// Sentence is what an error says, in the reader's language; empty for a fault.
func (q *Req) Sentence(err error) string {
	e, ok := AsFail(err)
	if !ok {
		return ""
	}
	return q.View.Tell(e)
}

func (q *Req) say(text string, values map[string]string) string {
	if text == "" {
		return ""
	}
	pairs := make([]any, 0, 2*len(values))
	for name, v := range values {
		pairs = append(pairs, name, v)
	}
	return q.View.T(text, pairs...)
}

// outValues are the plain values of an output, by their JSON names.
func outValues(out any) map[string]string {
	values := map[string]string{}
	text, err := json.Marshal(out)
	if err != nil {
		return values
	}
	var all map[string]any
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if d.Decode(&all) != nil {
		return values
	}
	for name, v := range all {
		switch v.(type) {
		case string, json.Number, bool:
			values[name] = fmt.Sprint(v)
		}
	}
	return values
}

// fillIn puts values into an address, escaped.
func fillIn(to string, path func(string) string, values map[string]string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(to, "{")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		value := path(name)
		if value == "" {
			value = values[name]
		}
		out.WriteString(url.PathEscape(value))
		to = after
	}
}

// EffectsOf is what a change would do, as the page shows it.
func EffectsOf(e op.Effects) page.Effects {
	out := page.Effects{GainPeople: e.Gaining, LosePeople: e.Losing}
	for _, p := range e.People {
		if len(p.Gains) > 0 {
			out.Gains = append(out.Gains, page.Effect{Person: p.Name, Items: effectItems(p.Gains)})
		}
		if len(p.Loses) > 0 {
			out.Losses = append(out.Losses, page.Effect{Person: p.Name, Items: effectItems(p.Loses)})
		}
	}
	return out
}

// effectItems gathers the places of each permission.
func effectItems(list []op.Effect) []page.EffectItem {
	var out []page.EffectItem
	at := map[string]int{}
	for _, e := range list {
		i, ok := at[e.Permission]
		if !ok {
			i = len(out)
			at[e.Permission] = i
			out = append(out, page.EffectItem{Title: e.Title})
		}
		if e.PlaceName != "" {
			out[i].Places = append(out[i].Places, e.PlaceName)
		}
	}
	return out
}
