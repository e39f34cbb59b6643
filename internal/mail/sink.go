package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Mail is a message that a sink has taken.
type Mail struct {
	From       string // of the envelope
	To         []string
	Subject    string
	Text, HTML string
	Header     netmail.Header
	At         time.Time // as its Date says
	Raw        []byte
}

// Sink is an SMTP server on this machine that delivers nothing: it keeps the last mails in memory, to be shown.
type Sink struct {
	server *smtp.Server
	at     net.Addr
	keep   int

	mu     sync.Mutex
	mails  []Mail
	refuse map[string]int
}

// NewSink begins to take mail at a loopback address, such as 127.0.0.1:0, and keeps the last so many messages.
func NewSink(address string, keep int) (*Sink, error) {
	if host, _, err := net.SplitHostPort(address); err != nil || !loopback(host) {
		return nil, wrong("can be taken only at an address of this machine, such as 127.0.0.1:0")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := newSink(listener.Addr(), keep)
	go func() { _ = s.server.Serve(listener) }() // ends with Close
	return s, nil
}

func newSink(at net.Addr, keep int) *Sink {
	s := &Sink{at: at, keep: keep, refuse: map[string]int{}}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &taking{sink: s}, nil }))
	s.server.Domain, s.server.EnableSMTPUTF8 = "localhost", true
	s.server.ReadTimeout, s.server.WriteTimeout = 20*time.Second, 20*time.Second
	s.server.MaxMessageBytes, s.server.MaxRecipients, s.server.MaxLineLength = 4<<20, 50, 4000
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	return s
}

// URL is the address for NewSender, with mail coming from a person.
func (s *Sink) URL(from string) string {
	return fmt.Sprintf("smtp://%s?tls=none&from=%s", s.at, from)
}

// Close stops the server. What it has taken can still be read.
func (s *Sink) Close() error { return s.server.Close() }

// Mails are the last messages, newest first.
func (s *Sink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	mails := slices.Clone(s.mails)
	slices.Reverse(mails)
	return mails
}

// Last is the newest message to an address.
func (s *Sink) Last(to string) (Mail, bool) {
	for _, m := range s.Mails() {
		if slices.ContainsFunc(m.To, func(a string) bool { return strings.EqualFold(a, to) }) {
			return m, true
		}
	}
	return Mail{}, false
}

// Refuse makes the sink answer mail to an address with a code: 450 for the time being, 550 for good, 0 no more.
func (s *Sink) Refuse(address string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse[strings.ToLower(address)] = code
}

func (s *Sink) refused(address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.refuse[strings.ToLower(address)]
	if code == 0 {
		return nil
	}
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 2, 1}, Message: "Not this mailbox"}
}

func (s *Sink) add(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
	s.mails = slices.Clone(s.mails[max(0, len(s.mails)-s.keep):])
}

// taking is one conversation with the sink.
type taking struct {
	sink *Sink
	mail Mail
}

func (t *taking) Reset()        { t.mail = Mail{} }
func (t *taking) Logout() error { return nil }

func (t *taking) Mail(from string, _ *smtp.MailOptions) error {
	t.mail.From = from
	return nil
}

func (t *taking) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := t.sink.refused(to); err != nil {
		return err
	}
	t.mail.To = append(t.mail.To, to)
	return nil
}

func (t *taking) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := t.mail
	m.Raw = raw
	if err := m.parse(); err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "Not a message that can be read"}
	}
	t.sink.add(m)
	return nil
}

// parse reads the header and the text of a message.
func (m *Mail) parse() error {
	message, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return err
	}
	m.Header = message.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return err
	}
	if m.At, err = m.Header.Date(); err != nil {
		m.At = time.Time{}
	}
	return m.part(message.Body, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"))
}

// part keeps the text of a part, or of the parts within it.
func (m *Mail) part(body io.Reader, contentType, encoding string) error {
	if contentType == "" {
		contentType = "text/plain"
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.parts(multipart.NewReader(body, params["boundary"]))
	}
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	switch kind {
	case "text/plain":
		m.Text = string(text)
	case "text/html":
		m.HTML = string(text)
	}
	return err
}

func (m *Mail) parts(r *multipart.Reader) error {
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := m.part(part, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding")); err != nil {
			return err
		}
	}
}
