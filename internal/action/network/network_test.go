package network_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/action/network"
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

const password = "many portals, one gate"

// ring is a network that Ana runs from Acme, and that Umbra is in.
type ring struct {
	*worldtest.Test
	t  *testing.T
	id db.ID
	// home is the token of Ana's session in Acme, visit that of her visit in Umbra.
	home, visit string
}

// made is the network, without Umbra.
func made(t *testing.T) *ring {
	t.Helper()
	w := worldtest.New(t)
	n, err := network.Create.Run(t.Context(), w.Env, w.As("Ana"), network.NewNetwork{Name: "Northern Ring", Password: network.Password{Password: password, Again: password}})
	if err != nil {
		t.Fatal(err)
	}
	return &ring{Test: w, t: t, id: n.ID}
}

func joined(t *testing.T) *ring {
	t.Helper()
	r := made(t)
	if err := r.join("Urs"); err != nil {
		t.Fatal(err)
	}
	return r
}

// look knocks with a password, as an administrator of a portal.
func (r *ring) look(who, code, password string) (network.NetworkLooked, error) {
	return network.Look.Run(r.t.Context(), r.Env, r.As(who), network.Knock{Code: code, Password: password})
}

func (r *ring) join(who string) error {
	seen, err := r.look(who, r.id.String(), password)
	if err != nil {
		return err
	}
	_, err = network.Join.Run(r.t.Context(), r.Env, r.As(who), network.Entry{Ticket: seen.Ticket})
	return err
}

// signIn is a browser's session, and who comes by it.
func (r *ring) signIn(who string) (op.Who, string) {
	r.t.Helper()
	out, err := action.SignIn.Run(r.t.Context(), r.Env, op.Who{Portal: r.People[who].Portal}, action.Credentials{Login: strings.ToLower(who), Password: world.Password})
	if err != nil {
		r.t.Fatal(who, err)
	}
	v, _, err := action.ArriveBrowser(r.t.Context(), r.Env, r.host(r.People[who].Portal), out.Token, "")
	if err != nil {
		r.t.Fatal(who, err)
	}
	return v.Who, out.Token
}

func (r *ring) host(portal db.ID) string {
	if portal == r.Umbra.ID {
		return r.Umbra.Host
	}
	return "acme.test"
}

// link hands somebody over to Umbra, and is the secret of the way there.
func (r *ring) link(who op.Who) (string, error) {
	out, err := network.Enter.Run(r.t.Context(), r.Env, who, network.WhereTo{Network: r.id, Portal: r.Umbra.ID, Reason: "to help"})
	_, token, _ := strings.Cut(out.URL, "/visit/")
	return token, err
}

func (r *ring) arrive(portal db.ID, token string) (network.Visiting, error) {
	return network.Arrive.Run(r.t.Context(), r.Env, op.Who{Portal: portal}, network.Link{Token: token})
}

// visiting lets Ana visit Umbra, and is who she is there.
func (r *ring) visiting() op.Who {
	r.t.Helper()
	who, token := r.signIn("Ana")
	r.home = token
	link, err := r.link(who)
	if err != nil {
		r.t.Fatal(err)
	}
	out, err := r.arrive(r.Umbra.ID, link)
	if err != nil {
		r.t.Fatal(err)
	}
	r.visit = out.Token
	v, ended := r.comes(r.Env)
	if ended {
		r.t.Fatal("the visit has ended before it began")
	}
	return v.Who
}

// comes is the visitor's next request, at a node.
func (r *ring) comes(node *op.Env) (action.Visitor, bool) {
	r.t.Helper()
	v, ended, err := action.ArriveVisiting(r.t.Context(), node, r.Umbra.Host, r.visit)
	if err != nil {
		r.t.Fatal(err)
	}
	return v, ended
}

// deed is something that an administrator does.
func deed(ctx context.Context, env *op.Env, w *worldtest.Test, who op.Who) error {
	_, err := action.CreateTeam.Run(ctx, env, who, action.NewTeam{TeamFields: action.TeamFields{Name: db.NewID().String()}, Org: w.Orgs["Dusk"].ID})
	return err
}

func verify(t *testing.T, w *worldtest.Test) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		faults, err := store.Verify(t.Context(), tx)
		for _, f := range faults {
			t.Errorf("%s %s", f.Portal, f.What)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, w *worldtest.Test, query string, args ...any) int64 {
	t.Helper()
	var n int64
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](t.Context(), tx, db.SQL(query, args...))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// NA-1, CO-8: Ana runs a network from Acme. Umbra sees who could come, joins, and she enters it as an administrator: under her
// own name, with her portal's, and a reason. Umbra sees that she came and what she did; Acme's audit that she went.
func TestVisit_NA1_CO8(t *testing.T) {
	r := made(t)
	seen, err := r.look("Urs", " "+strings.ToUpper(r.id.String())+" ", password)
	if err != nil || seen.Name != "Northern Ring" || seen.Home != "Acme" || strings.Join(seen.Who, ", ") != "Ana Full, Sam Super" {
		t.Fatalf("Urs sees %+v, %v", seen, err)
	}
	want(t, "join", r.join("Urs"), -1)
	want(t, "join twice", r.join("Urs"), fail.Conflict)
	who := r.visiting()
	v, _ := r.comes(r.Env)
	if v.Actor.Name != "Ana Full (Acme)" || v.Session.Name != "Acme" || v.Portal.ID != r.Umbra.ID {
		t.Errorf("she is %q from %q in %s", v.Actor.Name, v.Session.Name, v.Portal.Name)
	}
	want(t, "she makes a team", deed(t.Context(), r.Env, r.Test, who), -1)
	_, err = action.AddAccount.Run(t.Context(), r.Env, who, action.NewPerson{Name: "New Learner", Username: "newl", Organization: r.Orgs["Dusk"].ID})
	want(t, "she adds a person", err, -1)
	r.Clock.Move(10 * time.Minute)
	r.comes(r.Env)

	page, err := network.ListVisits.Run(t.Context(), r.Env, r.As("Urs"), network.NetworkVisitsQuery{})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	x := page.Items[0]
	if x.Person != "Ana Full" || x.Home != "Acme" || x.Network != "Northern Ring" || x.Reason != "to help" || !x.Open || x.Last.Sub(x.Began) != 10*time.Minute {
		t.Errorf("Urs is told of %+v", x)
	}
	did, err := report.ListAudit.Run(t.Context(), r.Env, r.As("Ulf"), report.AuditQuery{Person: x.Account})
	if err != nil || len(did.Items) != 3 || did.Items[2].Operation != "network.arrive" || did.Items[0].ActorName != "Ana Full (Acme)" {
		t.Errorf("the audit of Umbra has %+v, %v", did.Items, err)
	}
	home, err := report.ListAudit.Run(t.Context(), r.Env, r.As("Sam"), report.AuditQuery{Operation: "network."})
	if err != nil || len(home.Items) != 3 || home.Items[0].Operation != "network.enter" || home.Items[0].ActorName != "Ana Full" || home.Items[1].Operation != "network.join" {
		t.Errorf("the audit of Acme has %+v, %v", home.Items, err)
	}
	for _, item := range home.Items { // names of portals are for those who administer the network
		for _, f := range item.Facts {
			if strings.Contains(item.TargetName+item.ActorName+f.Value, "Umbra") {
				t.Errorf("the audit of Acme names Umbra: %+v", item)
			}
		}
	}
	_, err = network.StopVisit.Run(t.Context(), r.Env, who, struct{}{})
	want(t, "stop", err, -1)
	if _, ended := r.comes(r.Env); !ended {
		t.Error("it has not ended")
	}
	want(t, "after it", deed(t.Context(), r.Env, r.Test, who), fail.SignIn)
	verify(t, r.Test)
}

// NA-1, BE-8: the visit ends at the very next request, also on another node, whatever of what it hangs on ends.
func TestVisitEnds_NA1_BE8(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(ctx context.Context, r *ring) error
		ends bool
	}{
		"nothing": {func(context.Context, *ring) error { return nil }, false},
		"busy": {func(_ context.Context, r *ring) error {
			for range 5 {
				r.Clock.Move(14 * time.Minute)
				r.comes(r.Env)
			}
			return nil
		}, false},
		"idle": {func(_ context.Context, r *ring) error { r.Clock.Move(15 * time.Minute); return nil }, true},
		"eight hours": {func(_ context.Context, r *ring) error {
			for range 48 {
				r.Clock.Move(10 * time.Minute)
				r.comes(r.Env)
			}
			return nil
		}, true},
		"the portal leaves": {func(ctx context.Context, r *ring) error {
			_, err := network.Leave.Run(ctx, r.Env, r.As("Urs"), network.Ref{Network: r.id})
			return err
		}, true},
		"the portal is taken out": {func(ctx context.Context, r *ring) error {
			_, err := network.RemovePortal.Run(ctx, r.Env, r.As("Ana"), network.MemberRef{Network: r.id, Portal: r.Umbra.ID})
			return err
		}, true},
		"the network ends": {func(ctx context.Context, r *ring) error {
			_, err := network.End.Run(ctx, r.Env, r.As("Sam"), network.Ref{Network: r.id})
			return err
		}, true},
		"no full administrator any more": {func(ctx context.Context, r *ring) error {
			_, err := action.SetAccountTypes.Run(ctx, r.Env, r.As("Sam"), action.AccountTypesChange{Account: r.People["Ana"].ID, Types: []access.RoleID{access.Learner}})
			return err
		}, true},
		"archived at home": {func(ctx context.Context, r *ring) error {
			_, err := action.ArchiveAccount.Run(ctx, r.Env, r.As("Sam"), action.AccountID{Account: r.People["Ana"].ID})
			return err
		}, true},
		"another runs the network": {func(ctx context.Context, r *ring) error {
			_, err := network.AddAdministrator.Run(ctx, r.Env, r.As("Sam"), network.NewAdmin{Network: r.id, Account: r.People["Sam"].ID})
			if err == nil {
				_, err = network.RemoveAdministrator.Run(ctx, r.Env, r.As("Sam"), network.AdminRef{Network: r.id, Account: r.People["Ana"].ID})
			}
			return err
		}, true},
		"signs out at home": {func(ctx context.Context, r *ring) error {
			v, _, err := action.ArriveBrowser(ctx, r.Env, "acme.test", r.home, "")
			if err == nil {
				_, err = action.SignOut.Run(ctx, r.Env, v.Who, struct{}{})
			}
			return err
		}, true},
		"signed out of all browsers": {func(ctx context.Context, r *ring) error {
			return r.Env.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := store.EndSessions(ctx, tx, r.People["Ana"], 0)
				return err
			})
		}, true},
		"the session at home is over": {func(ctx context.Context, r *ring) error {
			return r.Env.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, db.SQL(`UPDATE sessions SET until = ? WHERE kind = 'browser'`, db.Micros(r.Clock.Now())))
				return err
			})
		}, true},
		"the session at home is another's": {func(ctx context.Context, r *ring) error {
			return r.Env.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, db.SQL(`UPDATE sessions SET account_id = ? WHERE kind = 'browser'`, r.People["Sam"].ID))
				return err
			})
		}, true},
		"home is deleted": {func(ctx context.Context, r *ring) error {
			_, err := identity.DeletePortal.Run(ctx, r.Env, r.As("Sam"), identity.PortalEnd{Surely: identity.Surely{Name: "Acme", Password: world.Password}})
			return err
		}, true},
		"another password for the network": {func(ctx context.Context, r *ring) error {
			_, err := network.SetPassword.Run(ctx, r.Env, r.As("Ana"), network.NewPassword{Network: r.id, Password: network.Password{Password: password + " 2", Again: password + " 2"}})
			return err
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := joined(t)
			who := r.visiting()
			other := worldtest.Node(t, r.DSN, r.Clock)
			if _, ended := r.comes(other); ended {
				t.Fatal("the other node does not let her in")
			}
			want(t, "what happens", c.do(t.Context(), r), -1)
			want(t, "a deed that was asked for before", deed(t.Context(), other, r.Test, who), map[bool]fail.Kind{true: fail.SignIn, false: -1}[c.ends])
			for node, env := range map[string]*op.Env{"here": r.Env, "there": other} {
				if _, ended := r.comes(env); ended != c.ends {
					t.Errorf("%s: ended %v, want %v", node, ended, c.ends)
				}
			}
			verify(t, r.Test)
		})
	}
}

// NA-1: a visit has a home session, comes by a link that opens once, within a minute, in its own portal, and is the only one.
func TestHandOver_NA1(t *testing.T) {
	r := joined(t)
	ana, _ := r.signIn("Ana")
	link, err := r.link(ana)
	want(t, "a link", err, -1)
	_, err = r.arrive(r.Acme.ID, link)
	want(t, "in another portal", err, fail.NotFound)
	if out, err := network.CheckVisit.Run(t.Context(), r.Env, op.Who{Portal: r.Umbra.ID}, network.Link{Token: link}); err != nil || out.Name != "Ana Full (Acme)" || out.Home != "Acme" {
		t.Errorf("looking at the link: %+v, %v", out, err)
	}
	_, err = r.arrive(r.Umbra.ID, link)
	want(t, "once", err, -1)
	_, err = r.arrive(r.Umbra.ID, link)
	want(t, "twice", err, fail.NotFound)
	late, err := r.link(ana)
	want(t, "another link", err, -1)
	r.Clock.Move(61 * time.Second)
	_, err = r.arrive(r.Umbra.ID, late)
	want(t, "after a minute", err, fail.NotFound)
	old, _ := r.link(ana)
	fresh, _ := r.link(ana)
	_, err = r.arrive(r.Umbra.ID, old)
	want(t, "the one before the last", err, fail.NotFound)
	_, err = network.Leave.Run(t.Context(), r.Env, r.As("Urs"), network.Ref{Network: r.id})
	want(t, "Umbra leaves", err, -1)
	_, err = r.arrive(r.Umbra.ID, fresh)
	want(t, "after Umbra has left", err, fail.NotFound)
	want(t, "Umbra joins again", r.join("Urs"), -1)
	fresh, _ = r.link(ana)
	_, err = action.SetAccountTypes.Run(t.Context(), r.Env, r.As("Sam"), action.AccountTypesChange{Account: r.People["Ana"].ID, Types: []access.RoleID{access.Learner}})
	want(t, "Ana is a learner", err, -1)
	_, err = r.arrive(r.Umbra.ID, fresh)
	want(t, "with the link from before", err, fail.NotFound)
	_, err = r.link(ana)
	want(t, "no link any more", err, fail.NotFound)
	verify(t, r.Test)
}

// NA-1: only from a browser and as oneself: not by a token, nor by logging in as an administrator.
func TestEnterAsOneself_NA1(t *testing.T) {
	r := joined(t)
	_, err := r.link(r.As("Ana"))
	want(t, "without a session", err, fail.NotAllowed)
	who := r.As("Ana")
	who.Session = db.NewID()
	limit := access.SetOf(access.NetworkEnter, access.NetworkEdit)
	who.Limit = &limit
	_, err = r.link(who)
	want(t, "by a token", err, fail.NotAllowed)
	sam, _ := r.signIn("Sam")
	sam.Behind, sam.Account = sam.Account, r.People["Ana"].ID
	_, err = r.link(sam)
	want(t, "Sam as Ana", err, fail.NotAllowed)
}

// NA-1: the password is asked of a portal ten times, of a network thirty times by all portals together; an unknown code answers
// as a wrong password does, and the right one opens nothing any more.
func TestGuessing_NA1(t *testing.T) {
	r := made(t)
	_, unknown := r.look("Urs", db.NewID().String(), password)
	_, wrong := r.look("Urs", r.id.String(), "wrong")
	_, odd := r.look("Urs", "no code", password)
	if unknown == nil || wrong == nil || odd == nil || unknown.Error() != wrong.Error() || odd.Error() != wrong.Error() || !fail.Is(wrong, fail.Invalid) {
		t.Errorf("unknown: %v, wrong: %v, odd: %v", unknown, wrong, odd)
	}
	for range 6 {
		_, err := r.look("Urs", r.id.String(), "wrong")
		want(t, "a guess", err, fail.Invalid)
	}
	r.Clock.Move(time.Minute)
	_, err := r.look("Urs", r.id.String(), password)
	want(t, "the tenth, right", err, -1)
	_, err = r.look("Urs", r.id.String(), password)
	want(t, "the eleventh", err, fail.Busy)
	_, err = r.look("Urs", db.NewID().String(), password)
	want(t, "for another network too", err, fail.Busy)
	r.Clock.Move(16 * time.Minute)
	_, err = r.look("Urs", r.id.String(), password)
	want(t, "a while later", err, -1)
	for _, id := range []db.ID{r.id, db.NewID()} { // other portals guess, too
		r.tries(id, 30)
		_, err = r.look("Urs", id.String(), password)
		want(t, "when all together tried too often", err, fail.Busy)
	}
	if n := count(t, r.Test, `SELECT count(*) FROM audit WHERE portal_id = ? AND operation = 'network.look' AND outcome = 'refused'`, r.Umbra.ID); n != 9 {
		t.Errorf("%d failures in the audit of Umbra", n)
	}
}

// tries are failures of another portal.
func (r *ring) tries(code db.ID, n int) {
	r.t.Helper()
	err := r.Env.DB.Write(r.t.Context(), func(tx *db.Tx) error {
		for range n {
			if err := store.AddAttempt(r.t.Context(), tx, r.Acme.ID, "network:"+code.String(), r.Clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// NA-1, BE-2: nobody joins without having seen who could come: a ticket is the same person's, in the same portal, for ten
// minutes, and by the password that counts.
func TestJoin_NA1_BE2(t *testing.T) {
	r := made(t)
	ctx := t.Context()
	seen, err := r.look("Urs", r.id.String(), password)
	want(t, "look", err, -1)
	for what, who := range map[string]op.Who{"Ulf": r.As("Ulf"), "Ana": r.As("Ana")} {
		_, err = network.Join.Run(ctx, r.Env, who, network.Entry{Ticket: seen.Ticket})
		want(t, what+" with the ticket of Urs", err, fail.Conflict)
	}
	for what, who := range map[string]op.Who{"a learner": r.As("Una"), "nobody": {Portal: r.Umbra.ID}} {
		_, err = network.Join.Run(ctx, r.Env, who, network.Entry{Ticket: seen.Ticket})
		if err == nil {
			t.Errorf("%s joins", what)
		}
		_, err = network.Look.Run(ctx, r.Env, who, network.Knock{Code: r.id.String(), Password: password})
		if err == nil {
			t.Errorf("%s looks", what)
		}
	}
	_, err = network.SetPassword.Run(ctx, r.Env, r.As("Ana"), network.NewPassword{Network: r.id, Password: network.Password{Password: password + " 2", Again: password + " 2"}})
	want(t, "another password", err, -1)
	r.Clock.Move(time.Second)
	_, err = network.SetPassword.Run(ctx, r.Env, r.As("Ana"), network.NewPassword{Network: r.id, Password: network.Password{Password: password, Again: password}})
	want(t, "and the old one again", err, -1)
	_, err = network.Join.Run(ctx, r.Env, r.As("Urs"), network.Entry{Ticket: seen.Ticket})
	want(t, "the ticket of the password before", err, fail.Conflict)
	seen, err = r.look("Urs", r.id.String(), password)
	want(t, "look", err, -1)
	r.Clock.Move(11 * time.Minute)
	_, err = network.Join.Run(ctx, r.Env, r.As("Urs"), network.Entry{Ticket: seen.Ticket})
	want(t, "too late", err, fail.Conflict)
	own, err := r.look("Ana", r.id.String(), password)
	want(t, "look at one's own", err, -1)
	_, err = network.Join.Run(ctx, r.Env, r.As("Ana"), network.Entry{Ticket: own.Ticket})
	want(t, "join one's own", err, fail.Conflict)
	if n := count(t, r.Test, `SELECT count(*) FROM network_portals`); n != 0 {
		t.Errorf("%d portals are in it", n)
	}
}

// NA-1: who runs a network is a full administrator: named by another who does, and only while they are one.
func TestAdministrators_NA1(t *testing.T) {
	r := made(t)
	ctx := t.Context()
	for who, kind := range map[string]fail.Kind{"Pia": fail.Invalid, "Leo": fail.Invalid, "Sam": -1} {
		_, err := network.AddAdministrator.Run(ctx, r.Env, r.As("Ana"), network.NewAdmin{Network: r.id, Account: r.People[who].ID})
		want(t, "naming "+who, err, kind)
	}
	for _, who := range []string{"Pia", "Otto", "Leo"} {
		_, err := network.Show.Run(ctx, r.Env, r.As(who), network.Ref{Network: r.id})
		want(t, who+" opens it", err, fail.NotFound)
		_, err = network.Create.Run(ctx, r.Env, r.As(who), network.NewNetwork{Name: "Mine", Password: network.Password{Password: password, Again: password}})
		want(t, who+" makes one", err, fail.NotAllowed)
	}
	_, err := network.Show.Run(ctx, r.Env, r.As("Urs"), network.Ref{Network: r.id})
	want(t, "Urs of Umbra opens it", err, fail.NotFound)
	_, err = network.RemoveAdministrator.Run(ctx, r.Env, r.As("Ana"), network.AdminRef{Network: r.id, Account: r.People["Sam"].ID})
	want(t, "Sam is named no more", err, -1)
	_, err = network.RemoveAdministrator.Run(ctx, r.Env, r.As("Ana"), network.AdminRef{Network: r.id, Account: r.People["Ana"].ID})
	want(t, "the last one", err, fail.Conflict)
	_, err = network.Create.Run(ctx, r.Env, r.As("Ana"), network.NewNetwork{Name: "northern  RING", Password: network.Password{Password: password, Again: password}})
	want(t, "the same name", err, fail.Invalid)
	_, err = network.Create.Run(ctx, r.Env, r.As("Urs"), network.NewNetwork{Name: "Northern Ring", Password: network.Password{Password: password, Again: password}})
	want(t, "the same name elsewhere tells nothing", err, -1)
	_, err = network.Create.Run(ctx, r.Env, r.As("Ana"), network.NewNetwork{Name: "Easy", Password: network.Password{Password: "short", Again: "short"}})
	want(t, "a short password", err, fail.Invalid)
	shown, err := network.Show.Run(ctx, r.Env, r.As("Sam"), network.Ref{Network: r.id})
	if err != nil || len(shown.Administrators) != 2 || !shown.MayEnter {
		t.Errorf("Sam sees %+v, %v", shown, err)
	}
}

// NA-1: both sides are told by mail and by their audit when a portal leaves, is taken out, or is deleted.
func TestTold_NA1(t *testing.T) {
	r := joined(t)
	ctx := t.Context()
	mail := func(to string) int64 {
		return count(t, r.Test, `SELECT count(*) FROM outbox WHERE recipient = ? AND subject LIKE '%Northern Ring%'`, to)
	}
	if mail("ana@acme.test") != 1 || mail("sam@acme.test") != 1 || mail("urs@umbra.test") != 0 {
		t.Error("Acme is not told that Umbra joined")
	}
	_, err := network.RemovePortal.Run(ctx, r.Env, r.As("Ana"), network.MemberRef{Network: r.id, Portal: r.Umbra.ID})
	want(t, "Umbra is taken out", err, -1)
	if mail("urs@umbra.test") != 1 || mail("ulf@umbra.test") != 1 || mail("una@umbra.test") != 0 {
		t.Error("Umbra is not told that it was taken out")
	}
	if n := count(t, r.Test, `SELECT count(*) FROM audit WHERE portal_id = ? AND operation = 'network.remove_portal' AND actor_name = 'Ana Full (Acme)'`, r.Umbra.ID); n != 1 {
		t.Error("Umbra's audit does not tell it")
	}
	want(t, "Umbra joins again", r.join("Urs"), -1)
	_, err = network.Leave.Run(ctx, r.Env, r.As("Urs"), network.Ref{Network: r.id})
	want(t, "Umbra leaves", err, -1)
	if mail("ana@acme.test") != 3 {
		t.Error("Acme is not told that Umbra left")
	}
	want(t, "Umbra joins again", r.join("Urs"), -1)
	_, err = identity.DeletePortal.Run(ctx, r.Env, r.As("Ulf"), identity.PortalEnd{Surely: identity.Surely{Name: "Umbra", Password: world.Password}})
	want(t, "Umbra is deleted", err, -1)
	if n := count(t, r.Test, `SELECT count(*) FROM audit WHERE portal_id = ? AND operation = 'network.portal_deleted'`, r.Acme.ID); n != 1 {
		t.Error("Acme's audit does not tell it")
	}
	if n := count(t, r.Test, `SELECT count(*) FROM network_portals WHERE until = 9223372036854775807`); n != 0 {
		t.Error("Umbra is in the network still")
	}
	verify(t, r.Test)
}
