// Package form says what the texts that people type have to be, on pages, in the API and in files alike.
package form

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"provost/internal/fail"
)

// MaxName is how long a name may be, in characters.
const MaxName = 200

// Name checks what people call something: one line, not empty, not too long.
func Name(wrong *fail.Fields, field, name string) {
	switch {
	case strings.TrimSpace(name) == "":
		wrong.Add(field, "Enter a name.")
	default:
		Line(wrong, field, name, MaxName)
	}
}

// Line checks a text of one line, which may be empty.
func Line(wrong *fail.Fields, field, text string, most int) {
	switch {
	case utf8.RuneCountInString(text) > most:
		wrong.Add(field, "This is too long.")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, Hidden):
		wrong.Add(field, "This holds characters that cannot be shown.")
	}
}

// Hidden tells whether a character is not to be seen, or turns the direction of those after it.
func Hidden(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
}

// Tidy is a name without white space around it, and one blank where there are several.
func Tidy(name string) string { return strings.Join(strings.Fields(name), " ") }

// Email checks an e-mail address, which may be empty: one plain address, without a name or a comment.
func Email(wrong *fail.Fields, field, email string) {
	if email == "" {
		return
	}
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || a.Name != "" || len(email) > 254 || strings.ContainsFunc(email, Hidden) {
		wrong.Add(field, "This is not an e-mail address.")
	}
}

// Username checks what somebody signs in with.
func Username(wrong *fail.Fields, field, username string) {
	switch {
	case username == "":
		wrong.Add(field, "Enter a user name.")
	case strings.ContainsFunc(username, unicode.IsSpace):
		wrong.Add(field, "A user name has no blanks.")
	default:
		Line(wrong, field, username, 100)
	}
}
