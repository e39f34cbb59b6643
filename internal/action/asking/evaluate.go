package asking

import (
	"net/http"
	"slices"

	"provost/internal/access"
	"provost/internal/op"
)

// The semantics of several evaluations: answer them all, or stop behind the first no, or the first yes.
const (
	ExecuteAll          = "execute_all"
	DenyOnFirstDeny     = "deny_on_first_deny"
	PermitOnFirstPermit = "permit_on_first_permit"
)

// MaxEvaluations is how many questions one request may ask.
const MaxEvaluations = 1000

// Check names what the question leaves out.
func (q Question) Check() error {
	if text := q.Lacks(); text != "" {
		return wrong(text)
	}
	return nil
}

// Evaluate decides whether somebody may do something to a thing.
var Evaluate = &op.Op[Question, Decision]{
	Name:     "access.evaluate",
	Route:    "POST /access/v1/evaluation",
	Doc:      "Decides whether somebody may do something to a thing, for another program (AuthZEN).",
	Needs:    needs,
	Question: true,
	PageOnly: true,
	Do: func(c *op.Call, in Question) (Decision, error) {
		a, err := newAsker(c)
		if err != nil {
			return Decision{}, err
		}
		if err := a.load(in.Subject, in.Resource); err != nil {
			return Decision{}, err
		}
		return a.decide(in), nil
	},
}

// Batch is several questions, and when to stop answering them.
type Batch struct {
	Questions []Question
	Semantic  string
}

// Check names what is wrong with the whole; a question that lacks something is answered with no.
func (b Batch) Check() error {
	switch b.Semantic {
	case "", ExecuteAll, DenyOnFirstDeny, PermitOnFirstPermit:
	default:
		return wrong("options.evaluations_semantic is none of execute_all, deny_on_first_deny and permit_on_first_permit.")
	}
	if len(b.Questions) > MaxEvaluations {
		return wrong("These are more than 1000 evaluations.")
	}
	return nil
}

// Decisions are the answers to several questions, in their order; fewer where the semantic stopped before the end.
type Decisions struct {
	Evaluations []Decision `json:"evaluations"`
}

// EvaluateAll decides several questions at one moment.
var EvaluateAll = &op.Op[Batch, Decisions]{
	Name:     "access.evaluate_all",
	Route:    "POST /access/v1/evaluations",
	Doc:      "Decides several questions at once, for another program (AuthZEN).",
	Needs:    needs,
	Question: true,
	PageOnly: true,
	Do: func(c *op.Call, in Batch) (Decisions, error) {
		a, err := newAsker(c)
		if err != nil {
			return Decisions{}, err
		}
		return a.decideAll(in)
	},
}

func (a *asker) decideAll(in Batch) (Decisions, error) {
	named := make([]Entity, 0, 2*len(in.Questions))
	for _, q := range in.Questions {
		named = append(named, q.Subject, q.Resource)
	}
	if err := a.load(named...); err != nil {
		return Decisions{}, err
	}
	out := Decisions{Evaluations: make([]Decision, 0, len(in.Questions))}
	for _, q := range in.Questions {
		d := Decision{}
		if text := q.Lacks(); text != "" {
			d.Context = &Reason{Error: &Fault{http.StatusBadRequest, text}}
		} else {
			d = a.decide(q)
		}
		out.Evaluations = append(out.Evaluations, d)
		if d.Decision && in.Semantic == PermitOnFirstPermit || !d.Decision && in.Semantic == DenyOnFirstDeny {
			break
		}
	}
	return out, nil
}

// Known decides questions by what is known of the portal at its moment, without a query; ok is false where Evaluate and EvaluateAll have to
// read for them, or to refuse. The actor and the moment are those of one arrival, so that the answer is as current as it (BE-8).
func Known(env *op.Env, actor *access.Actor, moment int64, in Batch) (out Decisions, ok bool) {
	if actor == nil || !actor.May(access.PermissionExplain).Any() || in.Check() != nil {
		return out, false
	}
	out, err := askerOf(actor, env.Cache.Facts(actor.Portal, moment), env.Now()).decideAll(in)
	return out, err == nil
}

// Ops are the operations of this area.
var Ops = slices.Concat([]op.Any{Evaluate, EvaluateAll, SearchSubjects, SearchResources, SearchActions, ListEnding, ShowGiven, SetGrantEnd, EndGrant}, reviewOps)
