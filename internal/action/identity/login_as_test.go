package identity_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

// want compares an error with a kind; -1 is none.
func want(t *testing.T, what string, err error, kind fail.Kind) {
	t.Helper()
	if kind == -1 && err != nil || kind != -1 && !fail.Is(err, kind) {
		t.Errorf("%s: %v, want kind %d", what, err, kind)
	}
}

// browser is somebody's browser, with their own token and, while they act as another, a second.
type browser struct {
	*worldtest.Test
	t             *testing.T
	token, acting string
}

func signIn(t *testing.T, w *worldtest.Test, who string) *browser {
	t.Helper()
	out, err := action.SignIn.Run(t.Context(), w.Env, op.Who{Portal: w.People[who].Portal}, action.Credentials{Login: strings.ToLower(who), Password: world.Password})
	if err != nil {
		t.Fatal(who, err)
	}
	return &browser{Test: w, t: t, token: out.Token}
}

func (b *browser) arrive() (action.Visitor, bool) {
	b.t.Helper()
	v, ended, err := action.ArriveBrowser(b.t.Context(), b.Env, "acme.test", b.token, b.acting)
	if err != nil {
		b.t.Fatal(err)
	}
	return v, ended
}

func (b *browser) logInAs(whom string) error {
	v, _ := b.arrive()
	out, err := identity.LogInAs.Run(b.t.Context(), b.Env, v.Who, identity.AsWhom{Account: b.People[whom].ID, Reason: "to help"})
	if err == nil {
		b.acting = out.Token
	}
	return err
}

// CO-4: Ana logs in as Leo: she sees what Leo sees, is written down under both names, and Leo is told.
func TestLogInAs_CO4(t *testing.T) {
	w := worldtest.New(t)
	b := signIn(t, w, "Ana")
	want(t, "Ana as Leo", b.logInAs("Leo"), -1)
	v, ended := b.arrive()
	if ended || v.Actor.Name != "Leo Manager" || v.Actor.ActedByName() != "Ana Full" || v.Who.Account != w.People["Leo"].ID || v.Self.Account != w.People["Ana"].ID {
		t.Fatalf("%+v", v.Who)
	}
	_, err := action.CreateTeam.Run(t.Context(), w.Env, v.Who, action.NewTeam{TeamFields: action.TeamFields{Name: "By Ana"}, Org: w.Orgs["North"].ID})
	want(t, "as Leo she makes a team", err, -1)
	_, err = action.DeleteTeam.Run(t.Context(), w.Env, v.Who, action.TeamEnd{Team: w.Teams["Blues"].ID, Confirm: true})
	want(t, "as Leo she deletes a team that Leo may not", err, fail.NotAllowed)
	list, err := report.ListAudit.Run(t.Context(), w.Env, w.As("Sam"), report.AuditQuery{Person: w.People["Ana"].ID})
	if err != nil {
		t.Fatal(err)
	}
	both := 0
	for _, row := range list.Items {
		if row.ActorName == "Leo Manager" && row.BehindName == "Ana Full" {
			both++
		}
	}
	if both != 2 { // the team, and the refusal
		t.Errorf("%d rows have both names: %+v", both, list.Items)
	}
	if n := count(t, w, `SELECT count(*) FROM audit WHERE behind_id <> 0 AND actor_name = 'Leo Manager' AND detail LIKE '%"acted_by":"Ana Full"%'`); n != 2 {
		t.Errorf("%d rows have both names in themselves", n)
	}
	told, err := identity.ListActings.Run(t.Context(), w.Env, w.As("Leo"), struct{}{})
	if err != nil || len(told.Items) != 1 || told.Items[0].By != "Ana Full" || told.Items[0].Reason != "to help" {
		t.Errorf("Leo is told %+v, %v", told, err)
	}
	if mail := mailTo(t, w, "leo@acme.test"); !strings.Contains(mail, "Ana Full") || !strings.Contains(mail, "to help") {
		t.Errorf("Leo is sent %q", mail)
	}
	_, err = identity.StopActing.Run(t.Context(), w.Env, v.Who, struct{}{})
	want(t, "stop", err, -1)
	if _, ended := b.arrive(); !ended {
		t.Error("it has not ended")
	}
	b.acting = ""
	if v, _ := b.arrive(); v.Actor == nil || v.Actor.Name != "Ana Full" {
		t.Error("Ana is not herself again")
	}
}

func count(t *testing.T, w *worldtest.Test, query string, args ...any) (n int64) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](t.Context(), tx, db.SQL(query, args...))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func mailTo(t *testing.T, w *worldtest.Test, address string) (body string) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		body, err = db.Val[string](t.Context(), tx, db.SQL(`SELECT coalesce(max(subject || ' ' || body), '') FROM outbox WHERE recipient = ?`, address))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// CO-4: it ends by itself after 15 minutes without a request and goes on with them, and ends when who is behind loses the
// right, signs out, has their password reset or is archived, or when the person is.
func TestLogInAsEnds_CO4_BE8(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(ctx context.Context, w *worldtest.Test, b *browser) error
		ends bool
	}{
		"idle": {func(_ context.Context, w *worldtest.Test, b *browser) error {
			w.Clock.Move(15 * time.Minute)
			return nil
		}, true},
		"busy": {func(_ context.Context, w *worldtest.Test, b *browser) error {
			for range 4 {
				w.Clock.Move(14 * time.Minute)
				b.arrive()
			}
			return nil
		}, false},
		"for a day": {func(_ context.Context, w *worldtest.Test, b *browser) error {
			for range 60 {
				w.Clock.Move(10 * time.Minute)
				b.arrive()
			}
			return nil
		}, true},
		"loses the right": {func(ctx context.Context, w *worldtest.Test, b *browser) error {
			_, err := action.SetAccountTypes.Run(ctx, w.Env, w.As("Sam"), action.AccountTypesChange{Account: w.People["Ana"].ID, Types: []access.RoleID{access.Partial}})
			return err
		}, true},
		"the person rises": {func(ctx context.Context, w *worldtest.Test, b *browser) error {
			return w.Env.DB.Write(ctx, func(tx *db.Tx) error {
				if _, err := store.End(ctx, tx, store.GrantFilter{Portal: w.Acme.ID, Account: w.People["Sam"].ID, Roles: access.Roles{access.Super}}, 0, w.Clock.Now()); err != nil {
					return err
				}
				return store.Begin(ctx, tx, store.NewGrant{Account: w.People["Leo"].ID, Role: access.Super, At: w.Acme.Thing(), Since: w.Clock.Now()})
			})
		}, true},
		"is archived": {func(ctx context.Context, w *worldtest.Test, b *browser) error {
			_, err := action.ArchiveAccount.Run(ctx, w.Env, w.As("Sam"), action.AccountID{Account: w.People["Ana"].ID})
			return err
		}, true},
		"is reset": {func(ctx context.Context, w *worldtest.Test, b *browser) error {
			_, err := action.IssuePassword.Run(ctx, w.Env, w.As("Sam"), action.PasswordReset{Account: w.People["Ana"].ID})
			return err
		}, true},
		"the person is archived": {func(ctx context.Context, w *worldtest.Test, b *browser) error {
			_, err := action.ArchiveAccount.Run(ctx, w.Env, w.As("Sam"), action.AccountID{Account: w.People["Leo"].ID})
			return err
		}, true},
		"signs out": {func(ctx context.Context, w *worldtest.Test, b *browser) error {
			v, _ := b.arrive()
			_, err := action.SignOut.Run(ctx, w.Env, v.Self, struct{}{})
			return err
		}, true},
		"signs out elsewhere": {func(ctx context.Context, w *worldtest.Test, b *browser) error {
			v, err := action.Arrive(ctx, w.Env, "acme.test", store.BrowserSession, signIn(b.t, w, "Ana").token)
			if err != nil {
				return err
			}
			_, err = action.EndOtherSessions.Run(ctx, w.Env, v.Who, struct{}{})
			return err
		}, true},
		"nothing": {func(context.Context, *worldtest.Test, *browser) error { return nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldtest.New(t)
			b := signIn(t, w, "Ana")
			want(t, "Ana as Leo", b.logInAs("Leo"), -1)
			was, _ := b.arrive()
			if err := c.do(t.Context(), w, b); err != nil {
				t.Fatal(err)
			}
			v, ended := b.arrive()
			if ended != c.ends || !ended && v.Who.Behind == 0 {
				t.Errorf("ended: %v", ended)
			}
			if name == "loses the right" || name == "the person rises" { // within the transaction too
				_, err := action.ListTeams.Run(t.Context(), w.Env, was.Who, action.TeamQuery{})
				want(t, "goes on", err, fail.NotAllowed)
			}
			w.Clock.Move(-time.Hour)
			if _, again := b.arrive(); ended && name == "idle" && !again {
				t.Error("what has ended is open again when the clock goes back")
			}
		})
	}
}

// CO-4: what is closed meanwhile: password, name, sessions, tokens, logging in as a third, and every protected deed; none of it
// is done as the person behind either.
func TestClosedWhileActing_CO4(t *testing.T) {
	w := worldtest.New(t)
	b := signIn(t, w, "Sam")
	want(t, "Sam as Ana", b.logInAs("Ana"), -1)
	v, _ := b.arrive()
	ctx, lin := t.Context(), w.People["Lin"].ID
	for name, do := range map[string]func() error{
		"password": func() error {
			_, err := action.ChangePassword.Run(ctx, w.Env, v.Who, action.PasswordChange{Current: world.Password, Password: "a wholly new pass-word 7", Again: "a wholly new pass-word 7"})
			return err
		},
		"name": func() error {
			_, err := action.RenameOwn.Run(ctx, w.Env, v.Who, action.OwnName{Name: "Sammy"})
			return err
		},
		"own account": func() error { _, err := action.ShowOwn.Run(ctx, w.Env, v.Who, struct{}{}); return err },
		"sessions":    func() error { _, err := action.ListSessions.Run(ctx, w.Env, v.Who, struct{}{}); return err },
		"end others":  func() error { _, err := action.EndOtherSessions.Run(ctx, w.Env, v.Who, struct{}{}); return err },
		"token": func() error {
			_, err := action.CreateToken.Run(ctx, w.Env, v.Who, action.NewToken{Name: "x", Permissions: []string{"team.list"}, Days: 1})
			return err
		},
		"embed": func() error {
			_, err := action.CreateEmbedToken.Run(ctx, w.Env, v.Who, action.EmbedAsk{Page: "teams", Minutes: 5})
			return err
		},
		"log in as a third": func() error {
			_, err := identity.LogInAs.Run(ctx, w.Env, v.Who, identity.AsWhom{Account: lin, Reason: "x"})
			return err
		},
		"reset": func() error {
			_, err := action.IssuePassword.Run(ctx, w.Env, v.Who, action.PasswordReset{Account: lin})
			return err
		},
		"edit": func() error {
			_, err := action.EditAccount.Run(ctx, w.Env, v.Who, action.PersonChange{Account: lin, Name: "L", Username: new("lin")})
			return err
		},
		"archive": func() error {
			_, err := action.ArchiveAccount.Run(ctx, w.Env, v.Who, action.AccountID{Account: lin})
			return err
		},
		"types": func() error {
			_, err := action.SetAccountTypes.Run(ctx, w.Env, v.Who, action.AccountTypesChange{Account: lin, Types: []access.RoleID{access.Admin}})
			return err
		},
		"login details": func() error {
			_, err := action.ViewLogin.Run(ctx, w.Env, v.Who, action.AccountID{Account: v.Who.Account})
			return err
		},
	} {
		want(t, name, do(), fail.NotAllowed)
	}
}

// CO-4: one logs in as another from one's own browser only: not by a token, not without a session; not as oneself, and not as
// who is archived; and the second session counts beside no other than one's own.
func TestLogInAsOnlyFromABrowser_CO4(t *testing.T) {
	w := worldtest.New(t)
	ask := func(who op.Who, whom string) error {
		_, err := identity.LogInAs.Run(t.Context(), w.Env, who, identity.AsWhom{Account: w.People[whom].ID, Reason: "x"})
		return err
	}
	want(t, "without a session", ask(w.As("Ana"), "Leo"), fail.NotAllowed)
	limit := access.SetOf(access.AccountLogInAs)
	token := w.As("Ana")
	token.Session, token.Limit = 5, &limit
	want(t, "by a token", ask(token, "Leo"), fail.NotAllowed)
	b := signIn(t, w, "Ana")
	want(t, "as herself", b.logInAs("Ana"), fail.Conflict)
	want(t, "as Una", b.logInAs("Una"), fail.NotFound)
	want(t, "as Sam", b.logInAs("Sam"), fail.NotAllowed)
	_, err := identity.LogInAs.Run(t.Context(), w.Env, w.As("Ana"), identity.AsWhom{Account: w.People["Leo"].ID, Reason: " "})
	want(t, "without a reason", err, fail.Invalid)
	want(t, "as Leo", b.logInAs("Leo"), -1)
	for _, who := range []string{"Leo", "Sam", "Ana"} { // another of Ana's own browsers too
		other := signIn(t, w, who)
		other.acting = b.acting
		if _, ended := other.arrive(); !ended {
			t.Errorf("the token counts in a browser of %s", who)
		}
	}
	for _, kind := range []store.SessionKind{store.BrowserSession, store.TokenSession, store.EmbedSession} {
		if v, err := action.Arrive(t.Context(), w.Env, "acme.test", kind, b.acting); err != nil || v.Actor != nil {
			t.Errorf("the token counts alone as a %s: %v", kind, err)
		}
	}
	first := b.acting
	b.acting = ""
	want(t, "as Lin instead", b.logInAs("Lin"), -1)
	b.acting = first
	if _, ended := b.arrive(); !ended {
		t.Error("two at once")
	}
}
