package job

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/mail"
	"provost/internal/store"
	"provost/internal/store/tenant"
	"provost/internal/world/worldtest"
)

type post struct {
	*worldtest.Test
	t    *testing.T
	sink *mail.Sink
}

func newPost(t *testing.T) *post {
	t.Helper()
	sink, err := mail.NewSink("127.0.0.1:0", 1000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	return &post{worldtest.New(t), t, sink}
}

func (p *post) runner() *Runner {
	sender, err := mail.NewSender(p.sink.URL("no-reply@acme.test"))
	if err != nil {
		p.t.Fatal(err)
	}
	return New(p.Env, sender)
}

func (p *post) write(do func(context.Context, *db.Tx) error) {
	p.t.Helper()
	if err := p.Env.DB.Write(p.t.Context(), func(tx *db.Tx) error { return do(p.t.Context(), tx) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) enqueue(to, subject string) {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) error {
		return store.Enqueue(ctx, tx, p.Acme.ID, to, subject, "Hello,\n\nthis is for you: https://acme.test/x?token=secret\n", p.Clock.Now())
	})
}

func (p *post) deliver(r *Runner) {
	p.t.Helper()
	for more := true; more; {
		var err error
		if more, err = r.Deliver(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *post) outbox() (list []tenant.OutboxState) {
	p.t.Helper()
	err := p.Env.DB.Read(p.t.Context(), func(tx *db.Tx) (err error) {
		list, err = tenant.ListOutbox(p.t.Context(), tx, p.Acme.ID, 1000)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}

// Two runners on one database send each mail once, whoever comes first.
func TestTwoRunners(t *testing.T) {
	p := newPost(t)
	const mails = 60
	for i := range mails {
		p.enqueue(fmt.Sprintf("p%d@acme.test", i), fmt.Sprintf("Mail %d", i))
	}
	ctx, stop := context.WithCancel(t.Context())
	var both sync.WaitGroup
	for range 2 {
		r := p.runner()
		r.mailEvery = 5 * time.Millisecond
		both.Go(func() { r.Run(ctx) })
	}
	for range 600 {
		if len(p.sink.Mails()) >= mails {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	stop()
	both.Wait()
	subjects, ids := map[string]int{}, map[string]bool{}
	for _, m := range p.sink.Mails() {
		subjects[m.Subject]++
		ids[m.Header.Get("Message-ID")] = true
	}
	if len(subjects) != mails || len(p.sink.Mails()) != mails || len(ids) != mails {
		t.Errorf("%d mails with %d subjects and %d ids arrived, want %d", len(p.sink.Mails()), len(subjects), len(ids), mails)
	}
	for _, o := range p.outbox() {
		if o.Sent.IsZero() || o.Tries != 1 {
			t.Errorf("the outbox says of %s: %+v", o.Subject, o)
		}
	}
}

// mail waits for a server that is down, ever longer, and goes out when it is back.
func TestServerDownThenUp(t *testing.T) {
	p := newPost(t)
	p.enqueue("lin@acme.test", "A link")
	p.sink.Refuse("lin@acme.test", 450)
	r := p.runner()
	down := New(p.Env, nil)
	if down.sender, _ = mail.NewSender("smtp://127.0.0.1:1?tls=none&from=no-reply@acme.test"); down.sender == nil {
		t.Fatal("no sender")
	}
	p.deliver(down)
	if o := p.outbox()[0]; !o.Sent.IsZero() || o.Failed == "" || !o.Due.Equal(p.Clock.Now().Add(firstPause)) {
		t.Fatalf("after a server that does not answer: %+v", o)
	}
	p.deliver(r) // it is not due yet
	p.Clock.Move(firstPause)
	p.deliver(r)
	if o := p.outbox()[0]; !o.Sent.IsZero() || o.Tries != 2 || !o.Due.Equal(p.Clock.Now().Add(2*firstPause)) {
		t.Fatalf("after a refusal for the time being: %+v", o)
	}
	p.sink.Refuse("lin@acme.test", 0)
	p.Clock.Move(2 * firstPause)
	p.deliver(r)
	if o := p.outbox()[0]; o.Sent.IsZero() || o.Failed != "" || len(p.sink.Mails()) != 1 {
		t.Fatalf("after the server is back: %+v, and %d mails arrived", o, len(p.sink.Mails()))
	}
}

// What is refused for good is not tried again, and the reason is kept; what fails for days is given up.
func TestPermanentRefusal(t *testing.T) {
	p := newPost(t)
	r := p.runner()
	p.enqueue("gone@acme.test", "To nobody")
	p.enqueue("full@acme.test", "To a full mailbox")
	p.enqueue("not an address", "To nowhere")
	p.sink.Refuse("gone@acme.test", 550)
	p.sink.Refuse("full@acme.test", 452)
	for range 100 {
		p.deliver(r)
		p.Clock.Move(lastPause)
	}
	for _, o := range p.outbox() {
		if !o.Sent.IsZero() || !o.Due.IsZero() || o.Failed == "" {
			t.Errorf("%s: %+v", o.To, o)
		}
		if o.To != "full@acme.test" && o.Tries != 1 {
			t.Errorf("%s was tried %d times", o.To, o.Tries)
		}
		if o.To == "full@acme.test" && o.Tries < 15 {
			t.Errorf("%s was tried %d times only", o.To, o.Tries)
		}
	}
	if n := len(p.sink.Mails()); n != 0 {
		t.Errorf("%d mails arrived", n)
	}
}

// Who took a mail and died leaves it to the next one, when the lease has ended and not before; who comes late notes nothing.
func TestLease(t *testing.T) {
	p := newPost(t)
	p.enqueue("lin@acme.test", "A link")
	dead := p.runner()
	lost, err := dead.claim(t.Context())
	if err != nil || len(lost) != 1 {
		t.Fatal(lost, err)
	}
	r := p.runner()
	p.deliver(r)
	if n := len(p.sink.Mails()); n != 0 {
		t.Fatalf("%d mails were sent while somebody else had them", n)
	}
	p.Clock.Move(lease)
	p.deliver(r)
	if n := len(p.sink.Mails()); n != 1 {
		t.Fatalf("%d mails arrived", n)
	}
	p.write(func(ctx context.Context, tx *db.Tx) error { return store.OutboxFailed(ctx, tx, lost[0], "too late") })
	if o := p.outbox()[0]; o.Sent.IsZero() || o.Failed != "" {
		t.Errorf("a node that had lost the mail changed it: %+v", o)
	}
}

// What was sent is not kept readable: it may hold a link. What has ended is cleared away, and nothing else is.
func TestTidy(t *testing.T) {
	p := newPost(t)
	r := p.runner()
	p.enqueue("lin@acme.test", "A link")
	p.deliver(r)
	if n := p.count(`outbox WHERE body <> ''`); n != 0 {
		t.Errorf("%d texts of sent mails are kept", n)
	}
	p.enqueue("waits@acme.test", "Waits")
	lin := p.People["Lin"]
	for i, until := range []time.Duration{time.Minute, 31 * 24 * time.Hour, 60 * 24 * time.Hour} {
		p.write(func(ctx context.Context, tx *db.Tx) error {
			s := store.Session{ID: db.NewID(), Portal: p.Acme.ID, Account: lin.ID, Kind: store.TokenSession, Created: p.Clock.Now(), Until: p.Clock.Now().Add(until)}
			return store.BeginSession(ctx, tx, s, fmt.Append(nil, "hash", i))
		})
	}
	p.write(func(ctx context.Context, tx *db.Tx) error {
		for i := range 40 {
			if err := store.AddAttempt(ctx, tx, p.Acme.ID, fmt.Sprint("name:", i), p.Clock.Now()); err != nil {
				return err
			}
		}
		return store.BeginReset(ctx, tx, p.Acme.ID, lin.ID, []byte("reset"), p.Clock.Now())
	})
	for more := true; more; {
		var err error
		if more, err = r.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s, a, l := p.count("sessions"), p.count("attempts"), p.count("password_resets"); s != 3 || a != 40 || l != 1 {
		t.Fatalf("too early: %d sessions, %d attempts and %d links are left", s, a, l)
	}
	p.Clock.Move(40 * 24 * time.Hour)
	if _, err := r.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, a, l, o := p.count("sessions"), p.count("attempts"), p.count("password_resets"), p.count("outbox"); s != 1 || a != 0 || l != 0 || o != 1 {
		t.Errorf("%d sessions, %d attempts, %d links and %d mails are left", s, a, l, o)
	}
}

func (p *post) count(of string) (n int64) {
	p.t.Helper()
	err := p.Env.DB.Read(p.t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](p.t.Context(), tx, db.SQL(`SELECT count(*) FROM `+of))
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// BE-12, RE-2: a saved report leaves as a mail with its file, computed for its recipient as it leaves; who lost it in between gets
// nothing.
func TestBE12ReportLeavesAsItIsThen(t *testing.T) {
	p := newPost(t)
	r := p.runner()
	in := report.ReportToSave{Report: "course-enrolment", ReportSaving: report.ReportSaving{Name: "Mornings", Format: "xlsx", Every: "day",
		Accounts: []db.ID{p.People["Bea"].ID, p.People["Tess"].ID}}}
	if _, err := report.SaveReport.Run(t.Context(), p.Env, p.As("Sam"), in); err != nil {
		t.Fatal(err)
	}
	p.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET email = lower(username) || '@acme.test' WHERE id IN ?`, in.Accounts))
		return err
	})
	p.Clock.Move(25 * time.Hour)
	if _, err := r.Report(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := store.End(ctx, tx, store.GrantFilter{Portal: p.Acme.ID, Account: p.People["Tess"].ID}, 0, p.Clock.Now())
		return err
	})
	p.deliver(r)
	mails := p.sink.Mails()
	if len(mails) != 1 || mails[0].To[0] != "bea@acme.test" || !strings.Contains(mails[0].Text, "Enrolments: 3") {
		t.Fatalf("%+v", mails)
	}
	if text := mails[0].Header.Get("Content-Type"); !strings.HasPrefix(text, "multipart/mixed") {
		t.Errorf("no file: %s", text)
	}
}
