package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"provost/internal/fail"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// pair is a sink and a sender to it.
func pair(t *testing.T) (*Sink, *Sender) {
	t.Helper()
	sink, err := NewSink("127.0.0.1:0", 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	return sink, sender(t, sink.URL("Acme%20Portal%20%3Cno-reply@acme.example%3E"))
}

func sender(t *testing.T, address string) *Sender {
	t.Helper()
	s, err := NewSender(address)
	if err != nil {
		t.Fatal(err)
	}
	s.Timeout = 10 * time.Second
	return s
}

// TestSend: a message arrives as it was written, letters of all kinds, dots alone on a line, both forms.
func TestSend(t *testing.T) {
	sink, s := pair(t)
	m := Message{ID: "reset-1", To: "Zoë Müller <zoe@acme.example>", Subject: "Ihr Passwort für „Acme“ 😀", At: noon,
		Text: "Hallo Zoë,\n.\n..\nFrom here\nhttps://acme.example/reset?token=pvr_x=y&z " + strings.Repeat("long ", 300) + "\n", HTML: "<p>Hallo Zoë</p>"}
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, ok := sink.Last("ZOE@acme.example")
	if !ok || got.From != "no-reply@acme.example" || got.Subject != m.Subject || got.HTML != m.HTML || !got.At.Equal(noon) {
		t.Errorf("%+v", got)
	}
	if text := strings.ReplaceAll(got.Text, "\r\n", "\n"); text != m.Text {
		t.Errorf("%q", text)
	}
	for name, want := range map[string]string{"Message-Id": "<reset-1@acme.example>", "Auto-Submitted": "auto-generated", "From": `"Acme Portal" <no-reply@acme.example>`} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s: %q", name, v)
		}
	}
	if err := s.Send(t.Context(), Message{To: "ann@acme.example", Subject: "Hi", Text: "Hi", At: noon}); err != nil {
		t.Fatal(err)
	}
	if m, _ := sink.Last("ann@acme.example"); !strings.HasSuffix(m.Header.Get("Message-Id"), "@acme.example>") {
		t.Errorf("%q", m.Header.Get("Message-Id"))
	}
	if h := got.Header.Get("X-Mailer") + got.Header.Get("User-Agent"); h != "" {
		t.Errorf("says what sent it: %q", h)
	}
}

// TestInjection: nothing that is put into a message becomes a header, a recipient or a message of its own.
func TestInjection(t *testing.T) {
	sink, s := pair(t)
	good := Message{To: "ann@acme.example", Subject: "Hello", Text: "Hi", At: noon}
	for what, change := range map[string]func(*Message){
		"to with a header":      func(m *Message) { m.To = "ann@acme.example\r\nBcc: eve@evil.example" },
		"to with a line feed":   func(m *Message) { m.To = "ann@acme.example\nBcc: eve@evil.example" },
		"two recipients":        func(m *Message) { m.To = "ann@acme.example, eve@evil.example" },
		"a group":               func(m *Message) { m.To = "all: ann@acme.example, eve@evil.example;" },
		"a name with a header":  func(m *Message) { m.To = "\"Ann\r\n Bcc: eve@evil.example\" <ann@acme.example>" },
		"a name in disguise":    func(m *Message) { m.To = "=?utf-8?q?Ann=0D=0ABcc:_eve@evil.example?= <ann@acme.example>" },
		"a quoted address":      func(m *Message) { m.To = "\"a> RCPT TO:<eve\"@acme.example" },
		"a routed address":      func(m *Message) { m.To = "<@evil.example:ann@acme.example>" },
		"no address":            func(m *Message) { m.To = "" },
		"an address of spaces":  func(m *Message) { m.To = "ann @acme.example" },
		"a literal":             func(m *Message) { m.To = "ann@[127.0.0.1]" },
		"subject with a header": func(m *Message) { m.Subject = "Hi\r\nBcc: eve@evil.example" },
		"subject with a return": func(m *Message) { m.Subject = "Hi\rBcc: eve@evil.example" },
		"subject with a NUL":    func(m *Message) { m.Subject = "Hi\x00" },
		"subject with NEL":      func(m *Message) { m.Subject = "Hi\u0085Bcc: eve@evil.example" },
		"no subject":            func(m *Message) { m.Subject = "" },
		"id with a header":      func(m *Message) { m.ID = "x>\r\nBcc: eve@evil.example" },
		"id with a bracket":     func(m *Message) { m.ID = "x>" },
	} {
		m := good
		change(&m)
		if err := s.Send(t.Context(), m); !fail.Is(err, fail.Invalid) || !Permanent(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := len(sink.Mails()); n != 0 {
		t.Errorf("%d mails went out", n)
	}
	good.Text = "a\n.\nMAIL FROM:<eve@evil.example>\r\n.\r\nRCPT TO:<eve@evil.example>\r.\rDATA\n\r\n.\n"
	if err := s.Send(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	if mails := sink.Mails(); len(mails) != 1 || len(mails[0].To) != 1 || !strings.Contains(mails[0].Text, "RCPT TO:<eve@evil.example>") {
		t.Errorf("%+v", mails)
	}
}

// TestRefused: a refusal for good is told from one for the time being, and from what is wrong elsewhere.
func TestRefused(t *testing.T) {
	sink, s := pair(t)
	m := Message{To: "ann@acme.example", Subject: "Hello", Text: "Hi", At: noon}
	for code, permanent := range map[int]bool{550: true, 552: true, 450: false, 421: false} {
		sink.Refuse("Ann@acme.example", code)
		if err := s.Send(t.Context(), m); err == nil || Permanent(err) != permanent {
			t.Errorf("%d: %v", code, err)
		}
	}
	sink.Refuse("ann@acme.example", 0)
	if err := s.Send(t.Context(), m); err != nil {
		t.Error(err)
	}
	_ = sink.Close()
	if err := s.Send(t.Context(), m); err == nil || Permanent(err) {
		t.Errorf("no server: %v", err)
	}
}

// TestSinkKeeps: the sink keeps the last mails alone, and only this machine reaches it.
func TestSinkKeeps(t *testing.T) {
	sink, s := pair(t)
	for i := range 5 {
		if err := s.Send(t.Context(), Message{To: "ann@acme.example", Subject: fmt.Sprint("No. ", i), Text: "Hi", At: noon}); err != nil {
			t.Fatal(err)
		}
	}
	if mails := sink.Mails(); len(mails) != 3 || mails[0].Subject != "No. 4" || mails[2].Subject != "No. 2" {
		t.Errorf("%+v", mails)
	}
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:25", "nonsense"} {
		if _, err := NewSink(address, 1); !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// scripted is a server that says what a test tells it to.
func scripted(t *testing.T, serve func(net.Conn, *bufio.Reader)) *Sender {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); serve(c, bufio.NewReader(c)) }()
		}
	}()
	return sender(t, "smtp://"+l.Addr().String()+"?tls=none&from=no-reply@acme.example")
}

// answers speaks SMTP until the text of a message is over, and then calls after.
func answers(after func(net.Conn, *bufio.Reader)) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, r *bufio.Reader) {
		fmt.Fprint(c, "220 hello\r\n")
		for text := false; ; {
			s, err := r.ReadString('\n')
			switch {
			case err != nil:
				return
			case text && s == ".\r\n":
				after(c, r)
				return
			case text:
			case strings.HasPrefix(s, "DATA"):
				text = true
				fmt.Fprint(c, "354 go on\r\n")
			default:
				fmt.Fprint(c, "250 ok\r\n")
			}
		}
	}
}

// TestSilence: a server that says nothing, or nothing more, or ever so slowly, holds nobody up, and is hung up on.
func TestSilence(t *testing.T) {
	hungUp := make(chan bool, 1)
	quiet := func(c net.Conn, r *bufio.Reader) { _, _ = io.Copy(io.Discard, r); hungUp <- true }
	for what, serve := range map[string]func(net.Conn, *bufio.Reader){
		"nothing":    quiet,
		"a greeting": func(c net.Conn, r *bufio.Reader) { fmt.Fprint(c, "220 hello\r\n"); quiet(c, r) },
		"half a line": func(c net.Conn, r *bufio.Reader) {
			for range 200 {
				if _, err := fmt.Fprint(c, "220-still here\r\n"); err != nil {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			quiet(c, r)
		},
		"no answer to the text": answers(quiet),
		"no welcome": func(c net.Conn, r *bufio.Reader) {
			for s := "220 hello"; s != ""; s, _ = r.ReadString('\n') {
				fmt.Fprint(c, map[bool]string{true: "220 hello\r\n", false: "554 go away\r\n"}[s == "220 hello"])
			}
			hungUp <- true
		},
	} {
		for _, byContext := range []bool{false, true} {
			s := scripted(t, serve)
			ctx, stop := context.WithCancel(t.Context())
			if s.Timeout = 200 * time.Millisecond; byContext {
				s.Timeout = time.Minute
				time.AfterFunc(200*time.Millisecond, stop)
			}
			begin := time.Now()
			err := s.Send(ctx, Message{To: "ann@acme.example", Subject: "Hello", Text: "Hi", At: noon})
			if took := time.Since(begin); err == nil || Permanent(err) || took > 3*time.Second {
				t.Errorf("%s (%v): %v after %s", what, byContext, err, took)
			}
			select {
			case <-hungUp:
			case <-time.After(5 * time.Second):
				t.Errorf("%s (%v): the connection stayed open", what, byContext)
			}
			stop()
		}
	}
}

// TestTaken: once the server has taken a message it is sent, or the outbox would send it twice; refused after its text,
// it is not.
func TestTaken(t *testing.T) {
	m := Message{To: "ann@acme.example", Subject: "Hello", Text: "Hi", At: noon}
	for answer, want := range map[string]string{"250 taken": "sent", "554 no spam": "permanent", "451 later": "later"} {
		s := scripted(t, answers(func(c net.Conn, _ *bufio.Reader) { fmt.Fprint(c, answer+"\r\n") }))
		got := "sent"
		if err := s.Send(t.Context(), m); err != nil {
			got = map[bool]string{true: "permanent", false: "later"}[Permanent(err)]
		}
		if got != want {
			t.Errorf("%s: %s", answer, got)
		}
	}
}

// guarded is a conversation that asks for a user and a password.
type guarded struct {
	*taking
	signedIn bool
}

func (g *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (g *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if g.signedIn = user == "acme" && password == "p@ss/word"; g.signedIn {
			return nil
		}
		return errors.New("no")
	}), nil
}

func (g *guarded) Mail(from string, o *smtp.MailOptions) error {
	if !g.signedIn {
		return smtp.ErrAuthRequired
	}
	return g.taking.Mail(from, o)
}

// TestTLS: passwords and mail go through TLS from the start or after STARTTLS, to a server whose name is proven, and
// never without.
func TestTLS(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	m := Message{To: "ann@acme.example", Subject: "Hello", Text: "Hi", At: noon}
	start := func(mode string) (*Sink, string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		sink := newSink(l.Addr(), 9)
		sink.server.Backend = smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &guarded{taking: &taking{sink: sink}}, nil })
		sink.server.TLSConfig = &tls.Config{Certificates: web.TLS.Certificates}
		if mode == "tls" {
			l = tls.NewListener(l, sink.server.TLSConfig)
		}
		if mode == "none" {
			sink.server.TLSConfig = nil
		}
		go func() { _ = sink.server.Serve(l) }()
		t.Cleanup(func() { _ = sink.Close() })
		return sink, l.Addr().String()
	}
	for _, c := range []struct {
		name, server, client, password string
		roots                          *x509.CertPool
		sent                           bool
	}{
		{"STARTTLS", "starttls", "starttls", "p@ss/word", roots, true},
		{"TLS", "tls", "tls", "p@ss/word", roots, true},
		{"wrong password", "tls", "tls", "password", roots, false},
		{"unknown certificate, STARTTLS", "starttls", "starttls", "p@ss/word", nil, false},
		{"unknown certificate, TLS", "tls", "tls", "p@ss/word", nil, false},
		{"STARTTLS taken away", "none", "starttls", "p@ss/word", roots, false},
	} {
		sink, at := start(c.server)
		s := sender(t, "smtp://acme:"+url.QueryEscape(c.password)+"@"+at+"?from=no-reply@acme.example&tls="+c.client)
		s.roots = c.roots
		err := s.Send(t.Context(), m)
		if (err == nil) != c.sent || len(sink.Mails()) != map[bool]int{true: 1}[c.sent] || Permanent(err) {
			t.Errorf("%s: %v, %d mails", c.name, err, len(sink.Mails()))
		}
		if err != nil && strings.Contains(err.Error(), c.password) {
			t.Errorf("%s: the error tells the password: %v", c.name, err)
		}
	}
}

// TestNoTLS: a server that offers no STARTTLS gets nothing in the clear, unless the address says so.
func TestNoTLS(t *testing.T) {
	sink, _ := pair(t)
	s := sender(t, "smtp://"+sink.at.String()+"?from=no-reply@acme.example")
	if err := s.Send(t.Context(), Message{To: "ann@acme.example", Subject: "Hello", Text: "Hi", At: noon}); err == nil || len(sink.Mails()) != 0 {
		t.Errorf("%v, %d mails", err, len(sink.Mails()))
	}
}

// TestAddress: what is wrong with the address of a server is said without its password.
func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://a:secret@mail.example?from=a@acme.example":              "",
		"smtps://a:secret@mail.example?from=a@acme.example":             "",
		"smtp://a:secret@127.0.0.1:1025?tls=none&from=a@acme.example":   "",
		"smtp://mail.example?tls=none&from=a@acme.example":              "",
		"smtp://a:secret@mail.example?tls=none&from=a@acme.example":     "in the clear",
		"smtp://a:secret@mail.example?tls=maybe&from=a@acme.example":    "another tls",
		"smtp://a:secret@mail.example":                                  "needs from=",
		"smtp://a:secret@mail.example?from=a@acme.example%0d%0aBcc:b@c": "needs from=",
		"smtp://a:secret@mail.example:99999?from=a@acme.example":        "a port",
		"http://a:secret@mail.example?from=a@acme.example":              "has to be like",
		"smtp://a:secret@mail example?from=a@acme.example":              "has to be like",
		"": "has to be like",
	} {
		_, err := NewSender(address)
		if want == "" && err == nil {
			continue
		}
		if !fail.Is(err, fail.Invalid) || want == "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
