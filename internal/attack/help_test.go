package attack_test

import (
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	kinds "provost/internal/action/people"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
)

// PT-1: Lin of North is in a team of the whole portal, so that whoever is Lin sees people of South. Otto, who administers North,
// would be Lin with a password that he issues: he is refused, and the page says which right is in the way. What he may do is have
// a link mailed to her, which he never sees; he cannot have it mailed elsewhere, nor may anybody who resets no passwords.
func TestHelpingALearnerIsNotBeingThem_PT1(t *testing.T) {
	s := newSite(t)
	lin := s.People["Lin"].ID
	link := func(who, whom string) error {
		_, err := action.MailReset.Run(t.Context(), s.Env, s.As(who), action.AccountID{Account: s.People[whom].ID})
		return err
	}
	if _, err := action.IssuePassword.Run(t.Context(), s.Env, s.As("Otto"), action.PasswordReset{Account: lin}); !fail.Is(err, fail.NotAllowed) {
		t.Fatalf("Otto issues a password and is Lin: %v", err)
	}
	reason := func(who, whom string) (out string) {
		for _, d := range must[action.AccountShown](t)(action.ShowAccount.Run(t.Context(), s.Env, s.As(who), action.AccountID{Account: s.People[whom].ID})).May {
			if d.Permission == access.AccountResetPassword.Key {
				out = d.Reason
			}
		}
		return out
	}
	if got := reason("Otto", "Lin"); !strings.Contains(got, "in Reds") || !strings.Contains(got, "See people") {
		t.Errorf("Otto is told %q", got)
	}
	s.give(t, "Max", access.FriendOf, s.People["Sue"].Thing())
	if got := reason("Otto", "Max"); !strings.Contains(got, "in a place that you do not see") || strings.Contains(got, "Sue") {
		t.Errorf("of a friend whom he does not see, Otto is told %q", got)
	}
	if got := reason("Pia", "Ana"); strings.Contains(got, "Acme") {
		t.Errorf("Pia is told %q", got)
	}
	mails := func() []string {
		var out []string
		err := s.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			out, err = db.All(t.Context(), tx, db.SQL(`SELECT recipient || ' ' || body FROM outbox WHERE subject LIKE 'Set a new password%'`), func(sc db.Scanner) (x string, err error) { return x, sc.Scan(&x) })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if err := link("Otto", "Lin"); err != nil {
		t.Fatalf("Otto cannot help her: %v", err)
	}
	if got := mails(); len(got) != 1 || !strings.HasPrefix(got[0], "lin@acme.test ") || !strings.Contains(got[0], "/reset/") {
		t.Errorf("mailed: %q", got)
	}
	mail := "otto@acme.test"
	if _, err := action.EditAccount.Run(t.Context(), s.Env, s.As("Otto"), action.PersonChange{Account: lin, Name: "Lin Learner", Email: &mail}); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Otto has her mail sent to himself: %v", err)
	}
	for who, want := range map[string]fail.Kind{"Leo": fail.NotAllowed, "Mo": fail.NotAllowed, "Lou": fail.NotAllowed, "Una": fail.NotFound} {
		if err := link(who, "Lin"); !fail.Is(err, want) {
			t.Errorf("%s has a link mailed: %v", who, err)
		}
	}
	if err := link("Otto", "Sue"); !fail.Is(err, fail.NotFound) && !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Otto reaches South: %v", err)
	}
	for range 4 {
		_ = link("Otto", "Lin")
	}
	if err := link("Otto", "Lin"); !fail.Is(err, fail.Busy) {
		t.Errorf("Otto floods her: %v", err)
	}
	if got := mails(); len(got) != 5 {
		t.Errorf("%d mails", len(got))
	}
}

// CO-4: to be friends takes both. Ana logs in as Lin, and would agree for her to what Sue asked, ask others for her, and end what she
// has: each is refused, with both names in the audit, and Sue still waits for Lin herself.
func TestNobodyConsentsForAnother_CO4(t *testing.T) {
	s := newSite(t)
	s.give(t, "Sue", access.ListUsers, s.Acme.Thing())
	must[kinds.Someone](t)(kinds.AskFriend.Run(t.Context(), s.Env, s.As("Sue"), kinds.FriendAsk{Person: s.People["Lin"].ID}))
	acting := s.As("Lin")
	acting.Behind = s.People["Ana"].ID
	list := must[kinds.Friends](t)(kinds.ListFriends.Run(t.Context(), s.Env, acting, struct{}{}))
	if len(list.Requests) != 1 {
		t.Fatalf("%+v", list)
	}
	answer := func(who op.Who) error {
		_, err := kinds.AnswerFriend.Run(t.Context(), s.Env, who, kinds.FriendAnswer{Request: list.Requests[0].ID, Accept: true})
		return err
	}
	_, asked := kinds.AskFriend.Run(t.Context(), s.Env, acting, kinds.FriendAsk{Person: s.People["Lou"].ID})
	_, ended := kinds.EndFriend.Run(t.Context(), s.Env, acting, kinds.FriendID{Person: s.People["Lou"].ID})
	for name, err := range map[string]error{"agrees": answer(acting), "asks": asked, "ends": ended} {
		if !fail.Is(err, fail.NotAllowed) {
			t.Errorf("Ana %s for Lin: %v", name, err)
		}
	}
	if err := answer(s.As("Lin")); err != nil {
		t.Errorf("Lin herself: %v", err)
	}
}

// a picture of few bytes and many pixels costs much to draw anew. Lin, who may set no logo, sends one that is broken only
// where it would be drawn: it is not even looked at.
func TestLogoIsNotDrawnForAnybody(t *testing.T) {
	s := newSite(t)
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Otto": fail.NotAllowed, "Ana": fail.Invalid} {
		if _, err := tenant.SetLogo.Run(t.Context(), s.Env, s.As(who), tenant.Logo{Image: []byte("no picture")}); !fail.Is(err, want) {
			t.Errorf("%s: %v", who, err)
		}
	}
}
