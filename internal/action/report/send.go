package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/report"
)

// SentTo tells to how many people a report was sent.
type SentTo struct {
	People int `json:"people"`
}

// SendSaved sends a saved report now to everybody who gets it and has an e-mail address: by its owner's hand, or by itself when it is
// due. What each gets is computed when the mail leaves, as what they may see then (BE-12).
var SendSaved = &op.Op[SavedRef, SentTo]{
	Name:  "report.send_saved",
	Route: "POST /reports/saved/{saved}/send",
	Doc:   "Sends a saved report now to everybody who gets it: each as what they may see when the mail leaves.",
	Needs: savedNeeds,
	Do: func(c *op.Call, in SavedRef) (out SentTo, err error) {
		s, err := report.FindSaved(c, c.Tx, c.Who.Account, in.Saved)
		if err != nil {
			return out, err
		}
		if _, err := reportNamed(c, s.Report); err != nil {
			return out, err
		}
		if again := s.Sent.Add(sendAgain); again.After(c.Now) {
			return out, &fail.Error{Kind: fail.Busy, Message: "This was sent a moment ago. Please wait a while, then send it again.", RetryAfter: again.Sub(c.Now)}
		}
		c.Audit(portalThing(c), s.Name, map[string]any{"report": s.Report})
		out.People, err = report.SendSaved(c, c.Tx, s, nextSending(s.Every, c.Now), c.Now)
		return out, err
	},
}

// sendAgain is how long a report that was sent is not sent again: each is computed anew for each who gets it.
const sendAgain = 10 * time.Minute

// mostDue is how many saved reports are begun at once.
const mostDue = 20

// SendDue sends the saved reports that are due, each as its owner. One whose owner may no longer run it is sent no more by itself.
// It tells whether there may be more.
func SendDue(ctx context.Context, env *op.Env) (more bool, err error) {
	var due []report.Saved
	err = env.DB.Read(ctx, func(tx *db.Tx) error {
		due, err = report.DueSaved(ctx, tx, mostDue, env.Now())
		return err
	})
	if err != nil {
		return false, err
	}
	var failed error
	for _, s := range due {
		_, err := SendSaved.Run(ctx, env, op.Who{Portal: s.Portal, Account: s.Owner}, SavedRef{Saved: s.ID})
		if Refused(err) {
			err = env.DB.Write(ctx, func(tx *db.Tx) error { return report.PauseSaved(ctx, tx, s.ID) })
		}
		if !fail.Is(err, fail.Busy) { // its owner sent it just now
			failed = errors.Join(failed, err)
		}
	}
	return failed == nil && len(due) == mostDue, failed
}

// Refused tells of an error that somebody may not, or may no longer, see something.
func Refused(err error) bool {
	return fail.Is(err, fail.NotAllowed) || fail.Is(err, fail.NotFound) || fail.Is(err, fail.SignIn) || fail.Is(err, fail.Invalid)
}

// mostMailed is how many bytes of a report go by mail; a larger one is fetched from its page.
const mostMailed = 5 << 20

// Mail is what a saved report tells one who gets it: the text of a mail, and the report's file, without a name where it is too large.
type Mail struct {
	Text, FileName, FileType string
	File                     []byte
}

// Compute makes the mail of a saved report for one who gets it, from what they may see now. It fails with an error that is Refused
// where they get it no longer.
func Compute(ctx context.Context, env *op.Env, portal, recipient, saved db.ID) (out Mail, err error) {
	var s report.Saved
	var at store.Portal
	err = env.DB.Read(ctx, func(tx *db.Tx) error {
		if s, err = report.FindSent(ctx, tx, portal, recipient, saved); err != nil {
			return err
		}
		at, err = store.PortalOf(ctx, tx, portal)
		return err
	})
	if err != nil {
		return out, err
	}
	i := slices.IndexFunc(Reports, func(r *Report) bool { return r.Name == s.Report })
	if i < 0 {
		return out, fail.New(fail.NotFound, "There is no such report.")
	}
	query, err := queryOf(s)
	if err != nil {
		return out, err
	}
	who := op.Who{Portal: portal, Account: recipient}
	view, err := Reports[i].Show.Run(ctx, env, who, ReportPage{ReportQuery: query})
	if err != nil {
		return out, err
	}
	body := &limited{}
	err = Reports[i].File.Stream(ctx, env, who, ReportFile{ReportQuery: query, Format: s.Format, saved: s.ID}, func(f op.File) error {
		out.FileName, out.FileType = f.Name, f.Type
		return f.Write(body)
	})
	large := errors.Is(err, errTooLarge)
	if large {
		out, err = Mail{}, nil
	} else {
		out.File = body.Bytes()
	}
	out.Text = mailText(view, s, env.PortalURL(at), query, large)
	return out, err
}

var errTooLarge = errors.New("report: too large for a mail")

// limited is a file in memory that must not grow beyond what goes by mail.
type limited struct{ bytes.Buffer }

// Write takes more of the file, or fails where it would become too large.
func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > mostMailed {
		return 0, errTooLarge
	}
	return l.Buffer.Write(p)
}

func mailText(view ReportView, s report.Saved, url string, query ReportQuery, large bool) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n%s\n%s\nAs of %s\n\n", view.Title, view.Scope, view.Rule, view.At.UTC().Format("2 Jan 2006, 15:04 UTC"))
	for _, t := range view.Totals {
		value := fmt.Sprintf("%.0f", t.Value)
		if t.Type == "percent" {
			value = fmt.Sprintf("%.1f%%", t.Value)
		}
		fmt.Fprintf(&out, "%s: %s\n", t.Title, value)
	}
	if large {
		out.WriteString("\nThe report is too large for a mail: download it from its page.\n")
	}
	to := "/reports/" + view.Name
	if values := query.Values().Encode(); values != "" {
		to += "?" + values
	}
	fmt.Fprintf(&out, "\nOpen it: %s%s\nSent by %s. To get it no longer: %s/reports/saved\n", url, to, s.OwnerName, url)
	return out.String()
}
