package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"provost/internal/fail"
)

// Problem is an error as RFC 9457 has it, with what is wrong field by field.
type Problem struct {
	Type   string       `json:"type" doc:"Always about:blank: the status says what kind it is."`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail,omitempty" doc:"A sentence for the person who asked."`
	Errors []fail.Field `json:"errors,omitempty" doc:"What to correct, by field or line."`
}

var errNoRoute = fail.New(fail.NotFound, "There is no such thing.")

// statuses are the answer of each kind of error.
var statuses = map[fail.Kind]int{fail.Fault: http.StatusInternalServerError, fail.NotFound: http.StatusNotFound, fail.NotAllowed: http.StatusForbidden,
	fail.Invalid: http.StatusUnprocessableEntity, fail.Conflict: http.StatusConflict, fail.Busy: http.StatusServiceUnavailable, fail.SignIn: http.StatusUnauthorized}

// problem answers with an error. A fault tells nothing of itself, and what is not there is not named.
func problem(w http.ResponseWriter, err error) {
	p := Problem{Type: "about:blank", Status: statuses[fail.Of(err)]}
	p.Title = http.StatusText(p.Status)
	if e, ok := errors.AsType[*fail.Error](err); ok {
		p.Detail, p.Errors = e.Message, e.Fields
		switch e.Kind {
		case fail.NotFound:
			p.Detail = errNoRoute.Message
		case fail.Busy:
			w.Header().Set("Retry-After", strconv.Itoa(int(max(e.RetryAfter, time.Second)/time.Second)))
		case fail.SignIn:
			w.Header().Set("WWW-Authenticate", `Bearer realm="provost"`)
		}
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller went away
}
