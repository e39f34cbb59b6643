package attack_test

import (
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/fail"
)

// CO-4, Q-9: whoever is logged in as is told by a mail, whose subject begins with the name of who did it. Ana would put a character
// into her own name that no subject may hold, so that the mail is refused for good; or one that turns round what follows it, so that
// lists show another name. No name of anything takes such a character, nor one that a database does not keep.
func TestNameThatStopsTheMail_CO4(t *testing.T) {
	s := newSite(t)
	ana := s.As("Ana")
	for _, odd := range []string{"Ana\aFull", "Ana \u202elluF", "Ana\x00", "Ana \u2066Sam", "\xff\xfe"} {
		for name, do := range map[string]func() error{
			"herself": func() error {
				_, err := action.RenameOwn.Run(t.Context(), s.Env, ana, action.OwnName{Name: odd})
				return err
			},
			"a token": func() error {
				_, err := action.CreateToken.Run(t.Context(), s.Env, ana, action.NewToken{Name: odd, Permissions: []string{"account.list"}, Days: 1})
				return err
			},
			"a group": func() error {
				_, err := action.CreateGroup.Run(t.Context(), s.Env, ana, action.NewGroup{Name: odd})
				return err
			},
			"a role": func() error {
				_, err := action.CreateRole.Run(t.Context(), s.Env, ana, action.NewRole{RoleDraft: action.RoleDraft{Name: "Odd", About: odd, Permissions: []string{"account.list"}}})
				return err
			},
		} {
			if err := do(); !fail.Is(err, fail.Invalid) {
				t.Errorf("%s is called %q: %v", name, odd, err)
			}
		}
	}
	must[action.Own](t)(action.RenameOwn.Run(t.Context(), s.Env, ana, action.OwnName{Name: "  Ána\u00a0 Full "}))
	must[action.RoleItem](t)(action.CreateRole.Run(t.Context(), s.Env, ana, action.NewRole{RoleDraft: action.RoleDraft{Name: "Plain", About: strings.Join([]string{"two", "lines"}, "\r\n"), Permissions: []string{"account.list"}}}))
}
