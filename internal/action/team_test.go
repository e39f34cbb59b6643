package action_test

import (
	"testing"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// The first flow of the design: Leo adds Lou to Reds; twice is a conflict, Blues is refused, and Sue sees no Reds at all.
func TestAddTeamMember(t *testing.T) {
	w := worldtest.New(t)
	add := func(who, team, person string) error {
		_, err := action.AddTeamMember.Run(t.Context(), w.Env, w.As(who), action.TeamMember{Team: w.Teams[team].ID, Account: w.People[person].ID})
		return err
	}
	for _, step := range []struct {
		who, team, person string
		want              fail.Kind
	}{
		{"Leo", "Reds", "Lou", -1},
		{"Leo", "Reds", "Lou", fail.Conflict},
		{"Leo", "Blues", "Lin", fail.NotAllowed},
		{"Sue", "Reds", "Sue", fail.NotFound},
		{"Leo", "Reds", "Una", fail.NotFound},
		{"Leo", "Shades", "Lou", fail.NotFound},
	} {
		err := add(step.who, step.team, step.person)
		if step.want == -1 && err != nil || step.want != -1 && fail.Of(err) != step.want {
			t.Errorf("%s adds %s to %s: %v, want kind %d", step.who, step.person, step.team, err, step.want)
		}
	}
}

func TestPreviewAddTeamMember(t *testing.T) {
	w := worldtest.New(t)
	_, effects, err := action.AddTeamMember.Preview(t.Context(), w.Env, w.As("Leo"), action.TeamMember{Team: w.Teams["Reds"].ID, Account: w.People["Lou"].ID})
	if err != nil || effects.Affected != 1 || len(effects.People) != 1 || effects.People[0].Name != "Lou Learner" || len(effects.People[0].Gains) == 0 {
		t.Fatalf("%+v, %v", effects, err)
	}
	for _, g := range effects.People[0].Gains {
		t.Log(g.Permission, g.PlaceKind, g.PlaceName)
	}
}
