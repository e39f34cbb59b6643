// Package fail holds the kinds of error that Provost's faces know how to answer.
// Any other error is a fault of the portal and is answered without its text.
package fail

import (
	"errors"
	"strings"
	"time"
)

// Kind says what a caller can do about an error.
type Kind int

const (
	// Fault is an error that no caller can do anything about.
	Fault Kind = iota
	// NotFound is a thing that does not exist, or that the actor may not see: the two answer alike.
	NotFound
	// NotAllowed is a thing that the actor sees but may not do this to.
	NotAllowed
	// Invalid is input that has to be corrected, field by field.
	Invalid
	// Conflict is a change that the present state does not admit.
	Conflict
	// Busy is work that may be tried again later.
	Busy
	// SignIn is a request by nobody, where somebody is needed.
	SignIn
)

// Field is what is wrong with one field or line of the input.
type Field struct {
	// Name is the field's JSON name, or "line 12" or "line 12, email" of a file.
	Name    string `json:"location"`
	Message string `json:"message"`
	// Text is the message before its values were put in, for faces that speak other languages.
	Text Text `json:"-"`
}

// Said is the message's text and values; that of a message without a Text is the message itself.
func (f Field) Said() (english string, args []any) { return said(f.Text, f.Message) }

// Error is an error of a known kind, with a message for the person who caused it.
type Error struct {
	Kind    Kind
	Message string
	Fields  []Field
	// Text is the message before its values were put in.
	Text Text
	// RetryAfter is how long a Busy caller should wait.
	RetryAfter time.Duration
	// Permission is the key of what a NotAllowed caller lacks, where it is one permission.
	Permission string
}

// Error is the message, with the fields behind it.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, 0, len(e.Fields))
	for _, f := range e.Fields {
		parts = append(parts, f.Name+": "+f.Message)
	}
	return e.Message + " (" + strings.Join(parts, "; ") + ")"
}

// Said is what the error says to the person who caused it: its only field's message, or its own.
func (e *Error) Said() (english string, args []any) {
	if len(e.Fields) == 1 {
		return e.Fields[0].Said()
	}
	return said(e.Text, e.Message)
}

var toCorrect = Say("Please correct what is marked.")

// New makes an error of a kind. Its message is a literal, by which catalogues of translations find it; what it says of values
// stands in braces, as Say has it.
func New(kind Kind, message string, args ...any) *Error {
	t := Say(message, args...)
	return &Error{Kind: kind, Message: t.String(), Text: t}
}

// Missing is the one answer for a thing that is not there or not visible.
func Missing(noun string) *Error { return New(NotFound, "There is no such "+noun+".") }

// Wrong is one field that has to be corrected, with a message as New has it.
func Wrong(field, message string, args ...any) *Error {
	var f Fields
	f.Add(field, message, args...)
	return New(Invalid, toCorrect.English).with(f)
}

// As is what another error says, as one of a kind and of no field; an error of no kind says nothing.
func As(kind Kind, err error) *Error {
	e := &Error{Kind: kind}
	if from, ok := errors.AsType[*Error](err); ok {
		e.Message, e.Text = from.Message, from.Text
		if len(from.Fields) == 1 {
			e.Message, e.Text = from.Fields[0].Message, from.Fields[0].Text
		}
	}
	return e
}

// In is the error as what is wrong with one field.
func (e *Error) In(field string) *Error {
	return New(Invalid, toCorrect.English).with(Fields{{Name: field, Message: e.Message, Text: e.Text}})
}

func (e *Error) with(f Fields) *Error { e.Fields = f; return e }

// Fields gathers what is wrong with an input; its Err is nil while nothing is.
type Fields []Field

// Add notes that a field has to be corrected, with a message as New has it.
func (f *Fields) Add(name, message string, args ...any) {
	t := Say(message, args...)
	*f = append(*f, Field{Name: name, Message: t.String(), Text: t})
}

// Err is an Invalid error with the gathered fields, or nil.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return New(Invalid, toCorrect.English).with(f)
}

// Of is the error's kind: Fault for one that this package did not make.
func Of(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Fault
}

// Is tells whether an error is of a kind.
func Is(err error, kind Kind) bool { return err != nil && Of(err) == kind }
