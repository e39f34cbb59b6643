package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// The AuthZEN Authorization API 1.0 (BE-7), at the addresses that it names. Its shapes are those of the specification, and so are
// its errors: a status and a text.

// AskingPrefix is where the AuthZEN API begins, AskingConfiguration where its discovery document is.
const (
	AskingPrefix        = "/access/v1/"
	AskingConfiguration = "/.well-known/authzen-configuration"
)

// Paths are where the faces that Mount registers are, for whoever puts them behind other handlers.
var Paths = []string{Prefix + "/", AskingPrefix, AskingConfiguration}

func mountAsking(mux *http.ServeMux, env *op.Env, who Identify) {
	a := &authzen{env, who}
	mux.HandleFunc("POST "+AskingPrefix+"evaluation", a.serve(a.evaluation))
	mux.HandleFunc("POST "+AskingPrefix+"evaluations", a.serve(a.evaluations))
	mux.HandleFunc("POST "+AskingPrefix+"search/subject", a.serve(search(a, asking.SearchSubjects)))
	mux.HandleFunc("POST "+AskingPrefix+"search/resource", a.serve(search(a, asking.SearchResources)))
	mux.HandleFunc("POST "+AskingPrefix+"search/action", a.serve(search(a, asking.SearchActions)))
	mux.HandleFunc(AskingPrefix, func(w http.ResponseWriter, r *http.Request) {
		echo(w, r)
		refuse(w, fail.New(fail.NotFound, "There is no such thing."))
	})
	// Open: that a portal answers such questions, and where, is no secret; who asks one has to say who they are.
	mux.HandleFunc("GET "+AskingConfiguration, func(w http.ResponseWriter, r *http.Request) {
		echo(w, r)
		v, err := action.Arrive(r.Context(), env, action.HostName(r.Host), store.TokenSession, "")
		if err != nil {
			refuse(w, err)
			return
		}
		reply(w, configuration(env.PortalURL(v.Portal)))
	})
}

type authzen struct {
	env *op.Env
	who Identify
}

func configuration(at string) map[string]string {
	return map[string]string{
		"policy_decision_point":       at,
		"access_evaluation_endpoint":  at + AskingPrefix + "evaluation",
		"access_evaluations_endpoint": at + AskingPrefix + "evaluations",
		"search_subject_endpoint":     at + AskingPrefix + "search/subject",
		"search_resource_endpoint":    at + AskingPrefix + "search/resource",
		"search_action_endpoint":      at + AskingPrefix + "search/action",
	}
}

// entity is a subject or a resource as it comes; what is said of its properties counts for nothing, as the portal knows them itself.
type entity struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Properties object `json:"properties"`
}

type verb struct {
	Name       string `json:"name"`
	Properties object `json:"properties"`
}

type tuple struct {
	Subject  *entity `json:"subject"`
	Action   *verb   `json:"action"`
	Resource *entity `json:"resource"`
	Context  object  `json:"context"`
}

// asked is the body of a request, whichever it is. Fields that it does not name are ignored, as the specification has it.
type asked struct {
	tuple
	Evaluations []tuple `json:"evaluations"`
	Options     struct {
		Semantic string `json:"evaluations_semantic"`
	} `json:"options"`
	Page struct {
		Token string `json:"token"`
		Limit int    `json:"limit"`
	} `json:"page"`
}

// object is a JSON object that nobody reads.
type object struct{}

// UnmarshalJSON refuses what is no object.
func (object) UnmarshalJSON(text []byte) error {
	if string(text) == "null" || len(text) > 0 && text[0] == '{' {
		return nil
	}
	return errors.New("not an object")
}

// question is a tuple whose missing parts come from another: each entity as a whole, and what an entity has to have besides.
func (t tuple) question(from tuple) (q asking.Question) {
	for _, x := range []tuple{from, t} {
		if x.Action != nil && x.Action.Name != "" {
			q.Action = x.Action.Name
		}
		q.Subject, q.Resource = merged(q.Subject, x.Subject), merged(q.Resource, x.Resource)
	}
	return q
}

func merged(under asking.Entity, over *entity) asking.Entity {
	if over == nil {
		return under
	}
	if over.Type != "" {
		under.Type = over.Type
	}
	if over.ID != "" {
		under.ID = over.ID
	}
	return under
}

// serve answers one kind of request: it finds who asks, reads what they ask, and gives back their id for the request.
func (a *authzen) serve(do func(*http.Request, action.Visitor, *asked) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		echo(w, r)
		v, err := a.who(r)
		if err == nil && v.Who.Account == 0 {
			err = fail.New(fail.SignIn, "Please send a token.")
		}
		var in *asked
		if err == nil {
			in, err = read(w, r)
		}
		var out any
		if err == nil {
			out, err = do(r, v, in)
		}
		if err != nil {
			refuse(w, err)
			return
		}
		reply(w, out)
	}
}

// echo gives a request's own id back, instead of the one that the server gave it.
func echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if id := r.Header.Get("X-Request-ID"); id != "" {
		w.Header().Set("X-Request-ID", id)
	}
}

func read(w http.ResponseWriter, r *http.Request) (*asked, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, fail.New(fail.Invalid, "The body is JSON: send Content-Type: application/json.")
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return nil, fail.New(fail.Invalid, "The body could not be read, or is larger than 1 MiB.")
	}
	in := &asked{}
	if err := json.Unmarshal(text, in); err != nil {
		return nil, fail.New(fail.Invalid, "The body is not what is asked for here: "+err.Error())
	}
	return in, nil
}

func (a *authzen) evaluation(r *http.Request, v action.Visitor, in *asked) (any, error) {
	q := in.question(tuple{})
	if q.Lacks() == "" {
		if out, ok := asking.Known(a.env, v.Actor, v.Moment, asking.Batch{Questions: []asking.Question{q}}); ok {
			return out.Evaluations[0], nil
		}
	}
	return asking.Evaluate.Run(r.Context(), a.env, v.Who, q)
}

func (a *authzen) evaluations(r *http.Request, v action.Visitor, in *asked) (any, error) {
	if len(in.Evaluations) == 0 {
		return a.evaluation(r, v, in)
	}
	batch := asking.Batch{Semantic: in.Options.Semantic, Questions: make([]asking.Question, len(in.Evaluations))}
	for i, t := range in.Evaluations {
		batch.Questions[i] = t.question(in.tuple)
	}
	if out, ok := asking.Known(a.env, v.Actor, v.Moment, batch); ok {
		return out, nil
	}
	return asking.EvaluateAll.Run(r.Context(), a.env, v.Who, batch)
}

// page is a page of what a search found.
type page[T any] struct {
	Results []T  `json:"results"`
	Page    next `json:"page"`
}

type next struct {
	Token string `json:"next_token"`
	Count int    `json:"count"`
}

func search[T any](a *authzen, o *op.Op[asking.Search, asking.Found[T]]) func(*http.Request, action.Visitor, *asked) (any, error) {
	return func(r *http.Request, v action.Visitor, in *asked) (any, error) {
		out, err := o.Run(r.Context(), a.env, v.Who, asking.Search{Question: in.question(tuple{}), Token: in.Page.Token, Limit: in.Page.Limit})
		return page[T]{out.Results, next{out.Next, len(out.Results)}}, err
	}
}

func reply(w http.ResponseWriter, out any) {
	text, err := json.Marshal(out)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(text, '\n')) // the caller went away
}

// refuse answers with a status and a text. A fault tells nothing of itself.
func refuse(w http.ResponseWriter, err error) {
	kind := fail.Of(err)
	status, text := statuses[kind], "Something went wrong."
	if kind == fail.Invalid {
		status = http.StatusBadRequest
	}
	if e, ok := errors.AsType[*fail.Error](err); ok {
		text = e.Message
		switch kind {
		case fail.SignIn:
			w.Header().Set("WWW-Authenticate", `Bearer realm="provost"`)
		case fail.Busy:
			w.Header().Set("Retry-After", strconv.Itoa(int(max(e.RetryAfter, time.Second)/time.Second)))
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the caller went away
}
