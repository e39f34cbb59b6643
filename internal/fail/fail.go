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
}

// Error is an error of a known kind, with a message for the person who caused it.
type Error struct {
	Kind    Kind
	Message string
	Fields  []Field
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

// New makes an error of a kind.
func New(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// Missing is the one answer for a thing that is not there or not visible.
func Missing(noun string) *Error { return New(NotFound, "There is no such "+noun+".") }

// Wrong is one field that has to be corrected.
func Wrong(field, message string) *Error {
	return &Error{Kind: Invalid, Message: "Please correct what is marked.", Fields: []Field{{field, message}}}
}

// Fields gathers what is wrong with an input; its Err is nil while nothing is.
type Fields []Field

// Add notes that a field has to be corrected.
func (f *Fields) Add(name, message string) { *f = append(*f, Field{name, message}) }

// Err is an Invalid error with the gathered fields, or nil.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Please correct what is marked.", Fields: f}
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
