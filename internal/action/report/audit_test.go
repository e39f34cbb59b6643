package report_test

import (
	"fmt"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/action/report"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// CO-8: every change and every refusal is found by person, operation, outcome and target, with what changed; nobody else
// reads the audit, and it holds nothing of another portal.
func TestAudit_CO8(t *testing.T) {
	w := worldtest.New(t)
	add := func(who, team, person string) {
		_, _ = action.AddTeamMember.Run(t.Context(), w.Env, w.As(who), action.TeamMember{Team: w.Teams[team].ID, Account: w.People[person].ID})
	}
	add("Leo", "Reds", "Lou")
	add("Leo", "Blues", "Lin")
	add("Ulf", "Shades", "Urs")
	behind := w.As("Leo")
	behind.Behind = w.People["Ana"].ID
	if _, err := action.AddTeamMember.Run(t.Context(), w.Env, behind, action.TeamMember{Team: w.Teams["Reds"].ID, Account: w.People["Max"].ID}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		in   report.AuditQuery
		want string
	}{
		{report.AuditQuery{Query: "leo"}, "done refused done"},
		{report.AuditQuery{Query: "ana"}, "done"},
		{report.AuditQuery{Person: w.People["Ana"].ID}, "done"},
		{report.AuditQuery{Outcome: "refused"}, "refused"},
		{report.AuditQuery{Operation: "team.", Query: "Reds"}, "done done"},
		{report.AuditQuery{Operation: "team.", Period: "today"}, "done refused done"},
		{report.AuditQuery{Target: w.Teams["Reds"].ID, Operation: "team.add_member"}, "done done"},
		{report.AuditQuery{From: "2025-01-01", To: "2025-12-31"}, ""},
		{report.AuditQuery{Query: "urs"}, ""},
	} {
		out, err := report.ListAudit.Run(t.Context(), w.Env, w.As("Sam"), step.in)
		var got []string
		for _, item := range out.Items {
			got = append(got, item.Outcome)
		}
		if err != nil || strings.Join(got, " ") != step.want {
			t.Errorf("%+v: %v %v, want %s", step.in, got, err, step.want)
		}
	}
	out, _ := report.ListAudit.Run(t.Context(), w.Env, w.As("Mo"), report.AuditQuery{Operation: "team."})
	text := fmt.Sprintf("%+v", out.Items)
	for _, want := range []string{"{Did:began Who:Lou Learner Role:Team member Kind:team Where:Reds}", "BehindName:Ana Full", "Because:You may not do this"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	for _, who := range []string{"Leo", "Otto", "Pia", "Lin"} {
		if _, err := report.ListAudit.Run(t.Context(), w.Env, w.As(who), report.AuditQuery{}); !fail.Is(err, fail.NotAllowed) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if _, err := report.ListAudit.Run(t.Context(), w.Env, w.As("Sam"), report.AuditQuery{Person: w.People["Una"].ID}); !fail.Is(err, fail.NotFound) {
		t.Errorf("a person of another portal: %v", err)
	}
	first, err := report.ListAudit.Run(t.Context(), w.Env, w.As("Sam"), report.AuditQuery{Size: 2})
	next, err2 := report.ListAudit.Run(t.Context(), w.Env, w.As("Sam"), report.AuditQuery{Size: 2, After: first.Next})
	back, err3 := report.ListAudit.Run(t.Context(), w.Env, w.As("Sam"), report.AuditQuery{Size: 2, Before: next.Prev})
	if err != nil || err2 != nil || err3 != nil || next.Items[0].Number != first.Items[1].Number-1 || back.Items[0].Number != first.Items[0].Number {
		t.Errorf("%v %v %v: %+v %+v %+v", err, err2, err3, first.Items, next.Items, back.Items)
	}
}
