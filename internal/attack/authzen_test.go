package attack_test

import (
	"net/http"
	"slices"
	"testing"

	"provost/internal/api"
)

// asks are the ways in by AuthZEN: a path, and its body for a subject, an action, and a kind and id of a resource.
var asks = map[string]func(subject, action, kind, id string) any{
	"evaluation": func(subject, action, kind, id string) any { return asked(subject, action, kind, id) },
	"evaluations": func(subject, action, kind, id string) any {
		return map[string]any{"evaluations": []any{asked(subject, action, kind, id), asked(subject, action, kind, id)}}
	},
	"search/subject":  func(subject, action, kind, id string) any { return asked("", action, kind, id) },
	"search/resource": func(subject, action, kind, id string) any { return asked(subject, action, kind, "") },
	"search/action":   func(subject, action, kind, id string) any { return asked(subject, "", kind, id) },
}

func asked(subject, action, kind, id string) map[string]any {
	return map[string]any{"subject": map[string]any{"type": "account", "id": subject}, "action": map[string]any{"name": action},
		"resource": map[string]any{"type": kind, "id": id}}
}

// onKind is an action for each kind of thing that may be asked about.
var onKind = map[string]string{"account": "account.list", "team": "team.view", "organization": "organization.list", "course": "course.list",
	"group": "access_group.list", "policy": "policy.list", "enrolment": "enrolment.list", "invitation": "invitation.list", "portal": "portal.configure"}

// BE-7, PT-4, Q-6: other programs, too, are told of another portal's people and things, and of those of one's own that one may not
// see, what they are told of nothing, byte for byte; and their questions change nothing.
func TestAuthZEN_BE7(t *testing.T) {
	s := newSite(t)
	own, sibling, theirs, none := s.sets()
	for _, who := range people() {
		s.ask(t, who, page(http.MethodGet, "/", nil)) // signed in, which is noted
	}
	before := s.dump(t, 0)
	hidden := map[string][]string{"Lin": {"account", "team", "organization", "policy", "group", "invitation", "enrolment"},
		"Otto": {"account", "team", "organization", "policy", "group", "enrolment"}, "Bea": {"account", "team", "organization"}}
	asked := 0
	for _, who := range people() {
		for path, body := range asks {
			for kind, action := range onKind {
				name := kind
				if kind == "group" {
					name = "access_group"
				}
				send := func(subject, id string) answer {
					asked++
					return s.ask(t, who, call(http.MethodPost, api.AskingPrefix+path, body(subject, action, name, id)))
				}
				same := func(what, subject, id string) {
					t.Helper()
					a := send(subject, id)
					s.clean(t, who, path, a, []string{subject, id})
					nobody, nothing := subject, id
					if subject != own["account"] {
						nobody = none["account"]
					}
					if id != own[kind] {
						nothing = none[kind]
					}
					if b := send(nobody, nothing); mask(a.text(), []string{subject, id}) != mask(b.text(), []string{nobody, nothing}) {
						t.Errorf("%s %s %s %s: %.300s\nnothing: %.300s", who, path, what, kind, a.text(), b.text())
					}
				}
				same("foreign subject", theirs["account"], own[kind])
				same("foreign address", "una@umbra.test", own[kind])
				same("foreign thing", own["account"], theirs[kind])
				if slices.Contains(hidden[who], kind) {
					same("hidden thing", own["account"], sibling[kind])
				}
				if who == "Lin" || who == "Otto" {
					same("hidden subject", sibling["account"], own[kind])
				}
				s.clean(t, who, path, send("x", "%00"), nil)
			}
		}
	}
	for _, diff := range differ(before, s.dump(t, 0)) {
		t.Errorf("asking changed %s", diff)
	}
	t.Logf("%d questions", asked)
}
