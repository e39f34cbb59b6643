package shell

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

var (
	// NotFound is the one answer for what is not there.
	NotFound = fail.Missing("page")
	noPortal = fail.New(fail.NotFound, "No portal is served at this address.")
	tooLarge = fail.New(fail.Invalid, "That is larger than is taken here.")
)

// AsFail is an error as one of the kinds of package fail, with its fields; false for a fault.
func AsFail(err error) (*fail.Error, bool) { return errors.AsType[*fail.Error](err) }

// StatusOf is the status that an error answers with.
func (q *Req) StatusOf(err error) int { return StatusOf(err) }

// StatusOf maps an error to its status: the one place of this face.
func StatusOf(err error) int {
	switch {
	case errors.Is(err, tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, noPortal):
		return http.StatusMisdirectedRequest
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	}
	switch fail.Of(err) {
	case fail.NotFound:
		return http.StatusNotFound
	case fail.NotAllowed:
		return http.StatusForbidden
	case fail.Invalid:
		return http.StatusUnprocessableEntity
	case fail.Conflict:
		return http.StatusConflict
	case fail.Busy:
		if e, ok := AsFail(err); ok && e.RetryAfter > 0 {
			return http.StatusTooManyRequests
		}
		return http.StatusServiceUnavailable
	case fail.SignIn:
		return http.StatusUnauthorized
	}
	return http.StatusInternalServerError
}

// fails answers an error: the same bytes for a thing that is not there and for one that the actor may not see.
func (q *Req) fails(err error) {
	if q.R.Context().Err() == context.Canceled {
		return // nobody listens any more
	}
	q.Status = q.StatusOf(err)
	if q.Status == http.StatusInternalServerError && q.Env().Log != nil {
		q.Env().Log.ErrorContext(q.Ctx(), "a request failed", "request", requestID(q.Ctx()), "route", q.R.Pattern, "error", err.Error())
	}
	if errors.Is(err, errToRestore) && !wantsJSON(q.R) {
		_ = q.Redirect("/portal/deleted", page.Plain, "")
		return
	}
	if errors.Is(err, errActingEnded) {
		q.DropActing()
		if !wantsJSON(q.R) {
			_ = q.Redirect("/", page.Warn, q.T(errActingEnded.Message))
			return
		}
	}
	if errors.Is(err, errVisitEnded) {
		q.DropVisit()
		q.brand()
		if !wantsJSON(q.R) {
			_ = q.ShowNarrow(q.T("Your visit has ended"), page.Notice(page.Warn, g.Text(q.T(errVisitEnded.Message))), h.P(page.TextLink(q.T("To the start"), "/")))
			return
		}
	}
	if fail.Is(err, fail.SignIn) && q.View.Embedded {
		q.signInOutside(err)
		return
	}
	if fail.Is(err, fail.SignIn) && !wantsJSON(q.R) {
		q.toSignIn()
		return
	}
	q.retryAfter(err)
	title, text := q.told(err)
	switch {
	case wantsJSON(q.R):
		q.problem(title, text)
	case errors.Is(err, noPortal):
		http.Error(q.W, text, q.Status)
	case q.R.Header.Get("X-Preview") != "":
		_ = q.write(page.Notice(page.Warn, g.Text(text)))
	default:
		q.View.Path = "/"
		more, actions := q.refusal(err)
		_ = q.write(page.ErrorPage(q.View, q.Status, title, strings.TrimSpace(text+" "+more), actions...))
	}
}

// told is an error in the reader's words. A fault's own text is for the log alone.
func (q *Req) told(err error) (title, text string) {
	v := q.View
	switch q.Status {
	case http.StatusNotFound:
		return v.T("Page not found"), v.T("There is nothing here, or nothing that you may see.")
	case http.StatusMisdirectedRequest:
		return v.T("No portal here"), v.T("No portal is served at this address.")
	case http.StatusForbidden:
		return v.T("Not allowed"), q.Sentence(err)
	case http.StatusConflict:
		return v.T("That does not go together"), q.Sentence(err)
	case http.StatusUnprocessableEntity:
		return v.T("Something is not right"), q.Sentence(err)
	case http.StatusRequestEntityTooLarge:
		return v.T("Too large"), v.T("That is larger than is taken here.")
	case http.StatusTooManyRequests:
		return v.T("Please wait"), q.Sentence(err)
	case http.StatusServiceUnavailable:
		return v.T("Busy"), v.T("The portal is busy. Please try again in a moment.")
	case http.StatusUnauthorized:
		return v.T("Sign in"), v.T("Please sign in.")
	}
	return v.T("Something went wrong"), v.T("That is our fault, and it is in our log. Please try again.")
}

// refusal is what a refused page says besides: what gave the permission until it ended, and where to ask why (BE-1).
func (q *Req) refusal(err error) (text string, actions []g.Node) {
	e, ok := AsFail(err)
	if !ok || e.Permission == "" || e.Kind != fail.NotAllowed || q.Actor == nil {
		return "", nil
	}
	v := q.View
	actions = []g.Node{page.PrimaryLink(v.T("Why?"), "/why?permission="+e.Permission), page.LinkButton(v.T("To the start"), "/")}
	out, err := RunWith(q, action.Explain, action.WhyQuery{Permission: e.Permission})
	if err != nil || out.Lost == nil {
		return "", actions
	}
	through := v.T(out.Lost.Role.Title)
	if out.Lost.Group != nil {
		through = out.Lost.Group.Name
	}
	if out.Lost.EndedBy == "" {
		return v.T("You had it through “{through}” until {time}.", "through", through, "time", v.DateTime(out.Lost.Until)), actions
	}
	return v.T("You had it through “{through}” until {time}, when {name} ended that.", "through", through, "time", v.DateTime(out.Lost.Until), "name", out.Lost.EndedBy), actions
}

func (q *Req) retryAfter(err error) {
	if q.Status != http.StatusTooManyRequests && q.Status != http.StatusServiceUnavailable {
		return
	}
	wait := time.Second
	if e, ok := AsFail(err); ok && e.RetryAfter > wait {
		wait = e.RetryAfter
	}
	q.W.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// problem answers a script (RFC 9457).
func (q *Req) problem(title, text string) {
	q.W.Header().Set("Content-Type", "application/problem+json")
	q.W.WriteHeader(q.Status)
	_, _ = q.W.Write([]byte(`{"status":` + strconv.Itoa(q.Status) + `,"title":` + quoted(title) + `,"detail":` + quoted(text) + `}`))
}

// toSignIn leads to the page to sign in, and back afterwards: to what was asked for, or to the page that a form was on.
func (q *Req) toSignIn() {
	next := q.R.URL.RequestURI()
	if q.R.Method != http.MethodGet && q.R.Method != http.MethodHead {
		next = "/"
		if from, err := url.Parse(q.R.Referer()); err == nil && from.Host == q.R.Host {
			next = from.RequestURI()
		}
	}
	to := "/sign-in"
	if next = LocalPath(next); next != "/" {
		to += "?next=" + url.QueryEscape(next)
	}
	_ = q.Redirect(to, page.Plain, "")
}

// LocalPath is a path of this site, or "/" for anything that could lead elsewhere.
func LocalPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || len(next) > 2000 ||
		!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t\x00") ||
		strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, "/\\") {
		return "/"
	}
	return u.RequestURI()
}

func quoted(text string) string {
	out, _ := json.Marshal(text) // a string: cannot fail
	return string(out)
}
