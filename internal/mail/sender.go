// Package mail sends messages by SMTP, and has a server of its own that takes them in the demo and in tests.
package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"provost/internal/fail"
)

// Message is a mail to one person.
type Message struct {
	// ID is the message's own name, the same whenever it is sent again, so that the receiver can drop the second copy:
	// letters, digits, dots and dashes. Without one, each sending has a name of its own.
	ID string
	// To is an address, or a name with an address in angle brackets.
	To      string
	Subject string
	// FromName is shown as the sender instead of the server's own name; From is the sender's address, which replies go to:
	// the mail itself comes from it only where its domain is one that the server is told it may send for.
	FromName, From string
	// Text is what every reader shows; HTML, if there is any, stands beside it.
	Text, HTML string
	At         time.Time
	// File is sent with it; nil for none.
	File *File
}

// File is what a mail brings.
type File struct {
	// Name is what it is saved as, Type its media type.
	Name, Type string
	Body       []byte
}

// Sender sends through one SMTP server. It is safe for concurrent use; each message has a connection of its own.
type Sender struct {
	host, helo     string
	port           int
	user, password string
	tls            string
	from           netmail.Address
	domains        []string
	roots          *x509.CertPool // nil for the system's
	// Timeout bounds one sending from the dial to the last answer; 30 seconds with 0.
	Timeout time.Duration
}

// NewSender reads the address of a server: smtp://user:password@host:port?tls=starttls&from=Acme <no-reply@acme.example>&domains=acme.example,b.example.
// Its tls is starttls (as without it), tls (as with smtps://) or none. A password needs encryption, but on this machine.
func NewSender(address string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, wrong("has to be like smtp://user:password@host:587?from=no-reply@acme.example") // the password stays out of the message
	}
	q := u.Query()
	s := &Sender{host: u.Hostname(), user: u.User.Username(), tls: q.Get("tls"), helo: q.Get("helo")}
	s.password, _ = u.User.Password()
	if s.tls == "" {
		s.tls = map[string]string{"smtp": "starttls", "smtps": "tls"}[u.Scheme]
	}
	usual, known := map[string]int{"starttls": 587, "tls": 465, "none": 25}[s.tls]
	if !known {
		return nil, wrong("has another tls than starttls, tls or none")
	}
	if s.port = usual; u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return nil, wrong("has a port that is none")
		}
	}
	if s.tls == "none" && s.user != "" && !loopback(s.host) {
		return nil, wrong("would send its password in the clear: use tls=starttls or tls=tls")
	}
	from, err := plainAddress(q.Get("from"))
	if err != nil {
		return nil, wrong("needs from=, the address that mail comes from")
	}
	if s.from = *from; s.helo == "" {
		s.helo = s.domain()
	}
	s.domains = strings.FieldsFunc(strings.ToLower(q.Get("domains")), func(r rune) bool { return r == ',' || r == ' ' })
	return s, nil
}

func wrong(message string) error { return fail.Wrong("mail", message) }

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// domain is the part of the sender's address behind the @.
func (s *Sender) domain() string {
	return s.from.Address[strings.LastIndexByte(s.from.Address, '@')+1:]
}

// plainAddress reads one plain address. Quoted local parts, which can hold anything, are refused with every control sign.
func plainAddress(text string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(text)
	if err != nil || strings.ContainsFunc(text, unicode.IsControl) || strings.ContainsFunc(a.Address, unicode.IsSpace) ||
		strings.ContainsFunc(a.Name, unicode.IsControl) || strings.ContainsAny(a.Address, "\"\\<>()[],;:") || strings.Count(a.Address, "@") != 1 || len(a.Address) > 254 {
		return nil, fail.Wrong("to", "is not an e-mail address")
	}
	return a, nil
}

// Send sends a message, or says why not: Permanent tells whether it may be tried again. A message that the server has
// taken is sent, whatever happens to the connection afterwards.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = 30 * time.Second
	}
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	line := &line{sender: s}
	// The client sets deadlines as it goes and leaves a connection open when it fails in the greeting.
	defer context.AfterFunc(ctx, line.close)()
	defer line.close()
	client, err := s.client(timeout, line.dial)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err = client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return fmt.Errorf("mail: %w", errors.Join(ctx.Err(), err))
	}
	return nil
}

// compose makes the message. What could begin a header of its own is refused, not repaired.
func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	to, err := plainAddress(m.To)
	if err != nil {
		return nil, err
	}
	if m.Subject == "" || strings.ContainsFunc(m.Subject, unicode.IsControl) || len(m.Subject) > 900 {
		return nil, fail.Wrong("subject", "must be one line of text")
	}
	if strings.ContainsFunc(m.ID, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '-'
	}) {
		return nil, fail.Wrong("id", "may have letters, digits, dots and dashes")
	}
	from, reply, err := s.sender(m)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if reply != "" {
		if err := msg.ReplyTo(reply); err != nil {
			return nil, fail.Wrong("from", "is not an e-mail address")
		}
	}
	if err := errors.Join(msg.FromFormat(from.Name, from.Address), msg.AddToFormat(to.Name, to.Address)); err != nil {
		return nil, fail.Wrong("to", "is not an e-mail address")
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.At)
	if m.ID == "" {
		m.ID = rand.Text()
	}
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain()) // the library's own would name this machine
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if f := m.File; f != nil {
		if strings.ContainsFunc(f.Name, unicode.IsControl) {
			return nil, fail.Wrong("file", "must be called one line of text")
		}
		if err := msg.AttachReader(f.Name, bytes.NewReader(f.Body), gomail.WithFileContentType(gomail.ContentType(f.Type))); err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
	}
	return msg, nil
}

// sender is who a message comes from, and where replies go if that is elsewhere. Another address than the server's own would be
// taken for forged by whoever receives it, unless its domain is one that the server may send for.
func (s *Sender) sender(m Message) (from netmail.Address, reply string, err error) {
	from = s.from
	if strings.ContainsFunc(m.FromName, unicode.IsControl) || len(m.FromName) > 200 {
		return from, "", fail.Wrong("from", "must be one line of text")
	}
	if m.FromName != "" {
		from.Name = m.FromName
	}
	if m.From == "" {
		return from, "", nil
	}
	own, err := plainAddress(m.From)
	if err != nil {
		return from, "", fail.Wrong("from", "is not an e-mail address")
	}
	domain := strings.ToLower(own.Address[strings.LastIndexByte(own.Address, '@')+1:])
	if slices.Contains(s.domains, domain) {
		from.Address = own.Address
		return from, "", nil
	}
	return from, own.Address, nil
}

func (s *Sender) client(timeout time.Duration, dial gomail.DialContextFunc) (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.port), gomail.WithTimeout(timeout), gomail.WithHELO(s.helo), gomail.WithoutNoop(),
		gomail.WithDialContextFunc(dial), gomail.WithTLSConfig(s.config())}
	switch s.tls {
	case "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		options = append(options, gomail.WithSSL())
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.user != "" {
		options = append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password), gomail.WithOpportunisticSMTPAuth(
			gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(s.host, options...)
}

func (s *Sender) config() *tls.Config {
	return &tls.Config{ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// Permanent tells whether an error of Send is about the message itself, so that sending it again cannot help: an
// address that is none, or a recipient or a text that the server refuses for good. What is wrong with the server, the
// network or the sign-in there may be put right.
func Permanent(err error) bool {
	if fail.Is(err, fail.Invalid) {
		return true
	}
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok || e.ErrorCode() < 500 || e.ErrorCode() == 530 || e.ErrorCode() == 535 {
		return false
	}
	switch e.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return true
	}
	return false
}
