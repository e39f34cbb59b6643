package action_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

const goodPassword = "violet umbrella stairs"

func invite(t *testing.T, w *worldtest.Test, who string, rows ...action.InvitationRow) (action.InvitationsSent, error) {
	t.Helper()
	return action.SendInvitations.Run(t.Context(), w.Env, w.As(who), action.NewInvitations{Rows: rows})
}

type letter struct{ to, subject, body string }

// letters are the mails that wait, the oldest first.
func letters(t *testing.T, w *worldtest.Test) []letter {
	t.Helper()
	var out []letter
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		out, err = db.All(t.Context(), tx, db.SQL(`SELECT recipient, subject, body FROM outbox ORDER BY id`),
			func(s db.Scanner) (l letter, err error) { return l, s.Scan(&l.to, &l.subject, &l.body) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var link = regexp.MustCompile(`http://acme\.test/invitations/(\S+)`)

// lastToken is the token in the last mail.
func lastToken(t *testing.T, w *worldtest.Test) string {
	t.Helper()
	all := letters(t, w)
	if len(all) == 0 {
		t.Fatal("no mail")
	}
	m := link.FindStringSubmatch(all[len(all)-1].body)
	if m == nil {
		t.Fatalf("no link in %q", all[len(all)-1].body)
	}
	return m[1]
}

func accept(w *worldtest.Test, ctx context.Context, token, username string) (action.Joined, error) {
	return action.AcceptInvitation.Run(ctx, w.Env, op0(w), action.InvitationAnswer{Token: token, Name: "Nora New", Username: username, Password: goodPassword})
}

// LM-13: an invited person joins the named organization and team on registering, once.
func TestLM13Accept(t *testing.T) {
	w := worldtest.New(t)
	out, err := invite(t, w, "Ana", action.InvitationRow{Email: "nora@acme.test", Name: "Nora", Organization: "lab", Team: "reds"})
	if err != nil || out.Sent != 1 || out.Items[0].Status != store.InvitationPending || out.Items[0].Organization.Name != "Lab" {
		t.Fatalf("%+v %v", out, err)
	}
	token := lastToken(t, w)
	read, err := action.ReadInvitation.Run(t.Context(), w.Env, op0(w), action.InvitationToken{Token: token})
	if err != nil || read.Organization != "Lab" || read.Team != "Reds" || read.By != "Ana Full" {
		t.Fatalf("%+v %v", read, err)
	}
	joined, err := accept(w, t.Context(), token, "nora")
	if err != nil {
		t.Fatal(err)
	}
	_, err = accept(w, t.Context(), token, "nora2")
	want(t, "a second time", err, fail.NotFound)
	if _, err := action.SignIn.Run(t.Context(), w.Env, op0(w), action.Credentials{Login: "nora", Password: goodPassword}); err != nil {
		t.Error(err)
	}
	a := account(t, w, joined.ID)
	if a.OrgName != "Lab" || len(a.Teams) != 1 || a.Teams[0] != w.Teams["Reds"].ID || a.Email != "nora@acme.test" || a.PasswordIssued {
		t.Errorf("%+v", a)
	}
	list, err := action.ListInvitations.Run(t.Context(), w.Env, w.As("Tess"), action.InvitationQuery{Status: store.InvitationAccepted})
	if err != nil || list.Total != 1 || list.Items[0].Accepted == nil {
		t.Errorf("%+v %v", list, err)
	}
	audit := auditText(t, w)
	if !strings.Contains(audit, "Ana Full invitation.accept done Nora New") || strings.Contains(audit, token) || strings.Contains(audit, goodPassword) {
		t.Error(audit)
	}
}

// LM-8, PT-4: learner managers send, see and change no invitation; other portals' are not there.
func TestLM8NoInvitations(t *testing.T) {
	w := worldtest.New(t)
	out, err := invite(t, w, "Ana", action.InvitationRow{Email: "nora@acme.test", Organization: "South"})
	if err != nil {
		t.Fatal(err)
	}
	id := action.InvitationID{Invitation: out.Items[0].ID}
	for who, kinds := range map[string][3]fail.Kind{
		"Leo":  {fail.NotAllowed, fail.NotAllowed, fail.NotFound},
		"Bea":  {fail.NotAllowed, fail.NotAllowed, fail.NotFound},
		"Mo":   {fail.NotAllowed, fail.NotAllowed, fail.NotFound},
		"Lin":  {fail.NotAllowed, fail.NotAllowed, fail.NotFound},
		"Otto": {fail.Invalid, -1, fail.NotFound},
		"Urs":  {fail.Invalid, -1, fail.NotFound},
	} {
		_, err := invite(t, w, who, action.InvitationRow{Email: "x@acme.test", Organization: "South"})
		want(t, who+" invites to South", err, kinds[0])
		list, err := action.ListInvitations.Run(t.Context(), w.Env, w.As(who), action.InvitationQuery{})
		want(t, who+" lists", err, kinds[1])
		if len(list.Items) > 0 || list.Total > 0 {
			t.Errorf("%s sees %+v", who, list)
		}
		_, err = action.ResendInvitation.Run(t.Context(), w.Env, w.As(who), id)
		want(t, who+" resends", err, kinds[2])
		_, err = action.WithdrawInvitation.Run(t.Context(), w.Env, w.As(who), id)
		want(t, who+" withdraws", err, kinds[2])
	}
	if len(letters(t, w)) != 1 {
		t.Error("mail was sent")
	}
}

// PT-2: what is promised must be the inviter's to give, when it is sent, when it is sent again, and when it is accepted.
func TestPT2Invite(t *testing.T) {
	w := worldtest.New(t)
	for _, c := range []struct {
		who string
		row action.InvitationRow
		err string
	}{
		{"Otto", action.InvitationRow{Organization: "North", Types: []access.RoleID{access.OrgAdmin}}, ""},
		{"Otto", action.InvitationRow{Organization: "Acme", Types: []access.RoleID{access.Admin}}, "rows.0.organization"},
		{"Otto", action.InvitationRow{Organization: "North", Types: []access.RoleID{access.Admin}}, "rows.0.types"},
		{"Otto", action.InvitationRow{Team: "Blues"}, "rows.0.team"},
		{"Otto", action.InvitationRow{Team: "Shades"}, "rows.0.team"},
		{"Pia", action.InvitationRow{Types: []access.RoleID{access.Admin}}, "may not"},
		{"Pia", action.InvitationRow{Types: []access.RoleID{access.Partial}}, "full or a partial"},
		{"Tess", action.InvitationRow{Organization: "North", Types: []access.RoleID{access.OrgAdmin}}, "may not give"},
		{"Tess", action.InvitationRow{Organization: "North"}, ""},
		{"Ana", action.InvitationRow{Types: []access.RoleID{access.Super}}, "rows.0.types"},
	} {
		c.row.Email = db.NewID().String() + "@acme.test"
		_, err := invite(t, w, c.who, c.row)
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s invites %+v: %v, want %q", c.who, c.row, err, c.err)
		}
	}
}

// PT-2: the inviter lost the right in between, was archived, or the role's cell was raised: accepting is refused, and leaves nothing.
func TestPT2AcceptAfterLoss(t *testing.T) {
	for name, lose := range map[string]func(w *worldtest.Test, tx *db.Tx) error{
		"the inviter lost the right": func(w *worldtest.Test, tx *db.Tx) error {
			_, err := store.End(t.Context(), tx, store.GrantFilter{Portal: w.Acme.ID, Account: w.People["Otto"].ID, Roles: access.Roles{access.OrgAdmin}}, 0, w.Clock.Now())
			return err
		},
		"the inviter was archived": func(w *worldtest.Test, tx *db.Tx) error {
			return store.ArchiveAccount(t.Context(), tx, w.People["Otto"], w.Clock.Now())
		},
		"the role was raised": func(w *worldtest.Test, tx *db.Tx) error {
			root := store.Organization{ID: w.Acme.ID, Portal: w.Acme.ID}
			if err := store.SetOverride(t.Context(), tx, root, access.Instructor, access.ReportCertain, true, w.Clock.Now()); err != nil {
				return err
			}
			return store.SetOverride(t.Context(), tx, root, access.OrgAdmin, access.ReportCertain, false, w.Clock.Now())
		},
		"the team is gone": func(w *worldtest.Test, tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), db.SQL(`UPDATE teams SET deleted_at = 5 WHERE id = ?`, w.Teams["Reds"].ID))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldtest.New(t)
			if _, err := invite(t, w, "Otto", action.InvitationRow{Email: "nora@acme.test", Organization: "North", Team: "Reds", Types: []access.RoleID{access.Instructor}}); err != nil {
				t.Fatal(err)
			}
			token := lastToken(t, w)
			if err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error { return lose(w, tx) }); err != nil {
				t.Fatal(err)
			}
			_, err := accept(w, t.Context(), token, "nora")
			want(t, "accept", err, fail.NotAllowed)
			if err == nil || !strings.Contains(err.Error(), "Otto North may not give any more") {
				t.Errorf("not polite: %v", err)
			}
			if n := people(t, w, "Sam", action.AccountQuery{Query: "nora"}).Total; n != 0 {
				t.Error("an account was left")
			}
		})
	}
}

// LM-13: a link ends with its time, by being sent again, by being taken back, and belongs to its portal.
func TestLM13Ends(t *testing.T) {
	w := worldtest.New(t)
	out, err := invite(t, w, "Ana", action.InvitationRow{Email: "nora@acme.test"})
	if err != nil {
		t.Fatal(err)
	}
	id := action.InvitationID{Invitation: out.Items[0].ID}
	first := lastToken(t, w)
	_, err = action.ReadInvitation.Run(t.Context(), w.Env, op.Who{Portal: w.Umbra.ID}, action.InvitationToken{Token: first})
	want(t, "at another portal", err, fail.NotFound)
	_, err = action.AcceptInvitation.Run(t.Context(), w.Env, op.Who{Portal: w.Umbra.ID}, action.InvitationAnswer{Token: first, Name: "N", Username: "n", Password: goodPassword})
	want(t, "accept at another portal", err, fail.NotFound)
	_, err = action.ResendInvitation.Run(t.Context(), w.Env, w.As("Ana"), id)
	want(t, "resend", err, -1)
	second := lastToken(t, w)
	_, err = accept(w, t.Context(), first, "nora")
	want(t, "the link before", err, fail.NotFound)
	w.Clock.Move(store.InvitationLasts + time.Second)
	_, err = accept(w, t.Context(), second, "nora")
	want(t, "after its time", err, fail.NotFound)
	list, err := action.ListInvitations.Run(t.Context(), w.Env, w.As("Ana"), action.InvitationQuery{Status: store.InvitationExpired})
	if err != nil || list.Total != 1 {
		t.Errorf("%+v %v", list, err)
	}
	_, err = invite(t, w, "Ana", action.InvitationRow{Email: "NORA@acme.test"})
	want(t, "anew, in place of one that has ended", err, -1)
	_, err = invite(t, w, "Ana", action.InvitationRow{Email: "nora@ACME.test"})
	want(t, "twice", err, fail.Invalid)
	third := lastToken(t, w)
	_, err = action.WithdrawInvitation.Run(t.Context(), w.Env, w.As("Tess"), id)
	want(t, "withdraw what made way", err, fail.Conflict)
	list, err = action.ListInvitations.Run(t.Context(), w.Env, w.As("Tess"), action.InvitationQuery{Status: store.InvitationPending})
	if err != nil || len(list.Items) != 1 {
		t.Fatal(list, err)
	}
	_, err = action.WithdrawInvitation.Run(t.Context(), w.Env, w.As("Tess"), action.InvitationID{Invitation: list.Items[0].ID})
	want(t, "withdraw", err, -1)
	_, err = accept(w, t.Context(), third, "nora")
	want(t, "taken back", err, fail.NotFound)
	_, err = accept(w, t.Context(), "pvi_nonsense", "nora")
	want(t, "no token", err, fail.NotFound)
}

// LM-13: of two who accept at once, one is in.
func TestLM13TwoAtOnce(t *testing.T) {
	w := worldtest.New(t)
	if _, err := invite(t, w, "Ana", action.InvitationRow{Email: "nora@acme.test"}); err != nil {
		t.Fatal(err)
	}
	token := lastToken(t, w)
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { _, errs[i] = accept(w, t.Context(), token, "nora"+string(rune('a'+i))) })
	}
	wg.Wait()
	in := 0
	for _, err := range errs {
		if err == nil {
			in++
		}
	}
	if n := people(t, w, "Sam", action.AccountQuery{Query: "nora"}).Total; in != 1 || n != 1 {
		t.Errorf("%d are in, %d accounts: %v", in, n, errs)
	}
}

// LM-13, Q-2, Q-9: errors are named by row and cell, and then nothing is sent; nothing that was typed reaches a subject.
func TestLM13Errors(t *testing.T) {
	w := worldtest.New(t)
	if _, err := invite(t, w, "Ana", action.InvitationRow{Email: "old@acme.test"}); err != nil {
		t.Fatal(err)
	}
	_, err := invite(t, w, "Ana",
		action.InvitationRow{Email: "ok@acme.test"},
		action.InvitationRow{Email: "lin@acme.test"},
		action.InvitationRow{Email: "old@acme.test"},
		action.InvitationRow{Email: "x@acme.test", Organization: "Nowhere", Team: "Nobody"},
		action.InvitationRow{Email: "nonsense", LeaveOut: true})
	e, ok := err.(*fail.Error)
	if !ok {
		t.Fatal(err)
	}
	var at []string
	for _, f := range e.Fields {
		at = append(at, f.Name)
	}
	if got := strings.Join(at, " "); got != "rows.1.email rows.2.email rows.3.organization rows.3.team" {
		t.Errorf("errors at %s", got)
	}
	for _, row := range []action.InvitationRow{{Email: ""}, {Email: "a b@acme.test"}, {Email: "x@acme.test\r\nBcc: y@acme.test"}, {Email: "x@acme.test", Name: "A\nSubject: B"},
		{Email: "x@acme.test", Name: strings.Repeat("n", 201)}} {
		_, err := invite(t, w, "Ana", row)
		want(t, "row "+row.Email, err, fail.Invalid)
	}
	_, err = invite(t, w, "Ana", action.InvitationRow{Email: "same@acme.test"}, action.InvitationRow{Email: "SAME@acme.test"})
	want(t, "the same twice", err, fail.Invalid)
	_, err = invite(t, w, "Ana")
	want(t, "nobody", err, fail.Invalid)
	if n := len(letters(t, w)); n != 1 {
		t.Errorf("%d mails", n)
	}
	if l := letters(t, w)[0]; l.subject != "You are invited to Acme" {
		t.Error(l.subject)
	}
}

func TestAcceptErrors(t *testing.T) {
	w := worldtest.New(t)
	if _, err := invite(t, w, "Ana", action.InvitationRow{Email: "nora@acme.test"}); err != nil {
		t.Fatal(err)
	}
	token := lastToken(t, w)
	for field, in := range map[string]action.InvitationAnswer{
		"name":     {Token: token, Username: "nora", Password: goodPassword},
		"username": {Token: token, Name: "Nora", Username: "lin", Password: goodPassword},
		"password": {Token: token, Name: "Nora", Username: "nora", Password: "short"},
	} {
		_, err := action.AcceptInvitation.Run(t.Context(), w.Env, op0(w), in)
		if e, ok := err.(*fail.Error); !ok || e.Kind != fail.Invalid || e.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := accept(w, t.Context(), token, "nora"); err != nil {
		t.Error("after the errors:", err)
	}
}
