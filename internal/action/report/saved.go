package report

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/store/report"
)

// ReportSaving is what one says of a saved report: what it is called, as which file, how often it is sent, and to whom.
type ReportSaving struct {
	Name   string `json:"name"`
	Format string `json:"format" doc:"csv, xlsx or json."`
	Every  string `json:"every" doc:"day, week or month; empty to send it never by itself."`
	Self   bool   `json:"self" doc:"Send it to oneself."`
	// Accounts get it beside oneself.
	Accounts []db.ID `json:"accounts,omitempty" doc:"Who else gets it: each as what they may see when it is sent."`
}

// everyWords are how often a report may be sent.
var everyWords = []string{"", "day", "week", "month"}

// mostRecipients is how many people get a saved report.
const mostRecipients = 50

func (s *ReportSaving) wrong() (wrong fail.Fields) {
	s.Name = form.Tidy(s.Name)
	form.Name(&wrong, "name", s.Name)
	if _, err := sheet.ParseFormat(s.Format); err != nil {
		wrong.Add("format", "Choose csv, xlsx or json.")
	}
	if !slices.Contains(everyWords, s.Every) {
		wrong.Add("every", "Choose day, week or month, or leave it empty.")
	}
	if len(s.Accounts) > mostRecipients {
		wrong.Add("accounts", "A report is sent to at most {most} people.", "most", mostRecipients)
	}
	if s.Every != "" && !s.Self && len(s.Accounts) == 0 {
		wrong.Add("accounts", "Say who gets it.")
	}
	return wrong
}

// ReportToSave is a report with its filters, to be saved.
type ReportToSave struct {
	ReportQuery
	Report string `query:"report" doc:"The report's name, as in the list of reports."`
	ReportSaving
}

// ReportKept is a change of a saved report.
type ReportKept struct {
	Saved db.ID `path:"saved"`
	ReportSaving
}

// SavedRef names a saved report.
type SavedRef struct {
	Saved db.ID `path:"saved"`
}

// SavedReport is a report that somebody saved.
type SavedReport struct {
	ID     db.ID  `json:"id"`
	Name   string `json:"name"`
	Report string `json:"report"`
	Title  string `json:"title"`
	// Query holds its filters as in an address: course=…&period=30.
	Query  string `json:"query"`
	Format string `json:"format"`
	Every  string `json:"every"`
	Owner  string `json:"owner"`
	// Next is when it is sent next, Sent when it was last; nil for never.
	Next *time.Time `json:"next"`
	Sent *time.Time `json:"sent"`
	// People are how many get it.
	People int `json:"people"`
	// Recipients are who gets it: told to its owner alone, of the people whom they may see.
	Recipients []FilterChoice `json:"recipients,omitempty"`
	// Self: its owner gets it.
	Self bool `json:"self"`
}

// SavedReports are the reports that one saved, and those that others send one.
type SavedReports struct {
	Items []SavedReport `json:"items"`
	Sent  []SavedReport `json:"sent"`
}

// savedNeeds is everything that any report asks for.
var savedNeeds = func() (out []*access.Permission) {
	for _, r := range Reports {
		for _, p := range r.needs {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}()

var savedOps = []op.Any{ListSaved, ShowSaved, SaveReport, EditSaved, DeleteSaved, SendSaved, LeaveSaved}

// reportNamed is a report that the caller may run; of another there is none.
func reportNamed(c *op.Call, name string) (*Report, error) {
	for _, r := range Reports {
		if r.Name == name {
			return r, r.open(c)
		}
	}
	return nil, fail.New(fail.NotFound, "There is no such report.")
}

// Values are the filters as an address has them.
func (q ReportQuery) Values() url.Values {
	out := url.Values{}
	text, _ := json.Marshal(q) // it holds nothing that has no JSON
	var all map[string]any
	_ = json.Unmarshal(text, &all)
	for name, v := range all {
		if s := fmt.Sprint(v); s != "" && s != "false" && s != db.ID(0).String() {
			out.Set(strings.ToLower(name), s)
		}
	}
	return out
}

func queryOf(s report.Saved) (q ReportQuery, err error) {
	return q, json.Unmarshal([]byte(s.Filters), &q)
}

func savedOf(s report.Saved) (SavedReport, error) {
	out := SavedReport{ID: s.ID, Name: s.Name, Report: s.Report, Format: s.Format, Every: s.Every, Owner: s.OwnerName, People: s.People}
	for _, r := range Reports {
		if r.Name == s.Report {
			out.Title = r.Title
		}
	}
	if !s.Next.IsZero() {
		out.Next = &s.Next
	}
	if !s.Sent.IsZero() {
		out.Sent = &s.Sent
	}
	q, err := queryOf(s)
	out.Query = q.Values().Encode()
	return out, err
}

// oneself refuses whoever may not look after what is their own.
func oneself(c *op.Call) error {
	_, err := store.FindAccount(c, c.Tx, c.May(access.AccountEditOwn), c.Who.Account)
	return err
}

// ListSaved lists the reports that one saved, and those that others send one.
var ListSaved = &op.Op[struct{}, SavedReports]{
	Name:  "report.list_saved",
	Route: "GET /reports/saved",
	Doc:   "Lists the reports that one saved, and those that others send one.",
	Needs: []*access.Permission{access.AccountEditOwn},
	Do: func(c *op.Call, _ struct{}) (out SavedReports, err error) {
		if err := oneself(c); err != nil {
			return out, err
		}
		own, err := report.ListSaved(c, c.Tx, c.Who.Account)
		if err != nil {
			return out, err
		}
		others, err := report.ListSent(c, c.Tx, c.Who.Account)
		if err != nil {
			return out, err
		}
		out = SavedReports{Items: []SavedReport{}, Sent: []SavedReport{}}
		for _, s := range own {
			one, err := savedOf(s)
			if err != nil {
				return out, err
			}
			out.Items = append(out.Items, one)
		}
		for _, s := range others {
			out.Sent = append(out.Sent, SavedReport{ID: s.ID, Name: s.Name, Report: s.Report, Every: s.Every, Owner: s.OwnerName})
		}
		return out, nil
	},
}

// ShowSaved is a report that one saved, with who gets it.
var ShowSaved = &op.Op[SavedRef, SavedReport]{
	Name:  "report.show_saved",
	Route: "GET /reports/saved/{saved}",
	Doc:   "Shows a report that one saved, with who gets it.",
	Needs: []*access.Permission{access.AccountEditOwn, access.AccountList},
	Do: func(c *op.Call, in SavedRef) (out SavedReport, err error) {
		if err := oneself(c); err != nil {
			return out, err
		}
		s, err := report.FindSaved(c, c.Tx, c.Who.Account, in.Saved)
		if err != nil {
			return out, err
		}
		if out, err = savedOf(s); err != nil {
			return out, err
		}
		people, err := report.Recipients(c, c.Tx, c.May(access.AccountList), s.ID)
		for _, p := range people {
			if p.Account == c.Who.Account {
				out.Self = true
			} else {
				out.Recipients = append(out.Recipients, FilterChoice{p.Account.String(), p.Name})
			}
		}
		return out, err
	},
}

// SaveReport saves a report with its filters, and says who gets it by mail and how often.
var SaveReport = &op.Op[ReportToSave, SavedReport]{
	Name:  "report.save",
	Route: "POST /reports/saved",
	Doc:   "Saves a report with its filters, and says who gets it by mail and how often.",
	Needs: savedNeeds,
	Do: func(c *op.Call, in ReportToSave) (out SavedReport, err error) {
		r, err := reportNamed(c, in.Report)
		if err != nil {
			return out, err
		}
		if _, err := r.filter(c, in.ReportQuery); err != nil {
			return out, err
		}
		filters, err := json.Marshal(in.ReportQuery)
		if err != nil {
			return out, err
		}
		mine, err := report.ListSaved(c, c.Tx, c.Who.Account)
		if err != nil {
			return out, err
		}
		if len(mine) >= report.MostSaved {
			return out, fail.New(fail.Conflict, "You have saved {most} reports: delete one first.", "most", report.MostSaved)
		}
		return keepSaved(c, report.Saved{ID: db.NewID(), Portal: c.Who.Portal, Owner: c.Who.Account, Report: r.Name, Filters: string(filters)}, in.ReportSaving)
	},
}

// EditSaved changes what a saved report is called, as what, how often and to whom it is sent.
var EditSaved = &op.Op[ReportKept, SavedReport]{
	Name:  "report.edit_saved",
	Route: "PUT /reports/saved/{saved}",
	Doc:   "Changes what a saved report is called, as which file, how often and to whom it is sent.",
	Needs: savedNeeds,
	Do: func(c *op.Call, in ReportKept) (out SavedReport, err error) {
		s, err := report.FindSaved(c, c.Tx, c.Who.Account, in.Saved)
		if err != nil {
			return out, err
		}
		if _, err := reportNamed(c, s.Report); err != nil {
			return out, err
		}
		return keepSaved(c, s, in.ReportSaving)
	},
}

func keepSaved(c *op.Call, s report.Saved, in ReportSaving) (out SavedReport, err error) {
	if err := in.wrong().Err(); err != nil {
		return out, err
	}
	seen, err := store.FindAccounts(c, c.Tx, c.May(access.AccountList), in.Accounts)
	if err != nil {
		return out, err
	}
	people := []db.ID{}
	for _, a := range seen {
		people = append(people, a.ID)
	}
	if in.Self && !slices.Contains(people, c.Who.Account) {
		people = append(people, c.Who.Account)
	}
	s.Name, s.Format, s.Every, s.Next, s.People = in.Name, in.Format, in.Every, nextSending(in.Every, c.Now), len(people)
	c.Audit(portalThing(c), s.Name, map[string]any{"report": s.Report, "every": s.Every, "people": len(people)})
	if err := report.SaveReport(c, c.Tx, s, people); err != nil {
		return out, err
	}
	return savedOf(s)
}

func portalThing(c *op.Call) access.Thing {
	return access.Thing{Kind: access.Portal, ID: c.Who.Portal, Portal: c.Who.Portal, Org: c.Who.Portal}
}

// nextSending is when a report is sent next: at six in the morning (UTC), every day, on Mondays, or on the first of the month.
func nextSending(every string, now time.Time) time.Time {
	now = now.UTC()
	at := time.Date(now.Year(), now.Month(), now.Day(), 6, 0, 0, 0, time.UTC)
	switch every {
	case "day":
		if !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
	case "week":
		for at.Weekday() != time.Monday || !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
	case "month":
		for at.Day() != 1 || !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
	default:
		return time.Time{}
	}
	return at
}

// DeleteSaved deletes a saved report: it is sent to nobody any more.
var DeleteSaved = &op.Op[SavedRef, struct{}]{
	Name:  "report.delete_saved",
	Route: "DELETE /reports/saved/{saved}",
	Doc:   "Deletes a report that one saved: it is sent to nobody any more.",
	Needs: []*access.Permission{access.AccountEditOwn},
	Do: func(c *op.Call, in SavedRef) (out struct{}, err error) {
		if err := oneself(c); err != nil {
			return out, err
		}
		s, err := report.FindSaved(c, c.Tx, c.Who.Account, in.Saved)
		if err != nil {
			return out, err
		}
		c.Audit(portalThing(c), s.Name, map[string]any{"report": s.Report})
		return out, report.DeleteSaved(c, c.Tx, s.ID)
	},
}

// LeaveSaved ends that somebody else's saved report is sent to oneself.
var LeaveSaved = &op.Op[SavedRef, struct{}]{
	Name:  "report.leave_saved",
	Route: "DELETE /reports/saved/{saved}/me",
	Doc:   "Ends that a saved report is sent to oneself.",
	Needs: []*access.Permission{access.AccountEditOwn},
	Do: func(c *op.Call, in SavedRef) (out struct{}, err error) {
		if err := oneself(c); err != nil {
			return out, err
		}
		s, err := report.FindSent(c, c.Tx, c.Who.Portal, c.Who.Account, in.Saved)
		if err != nil {
			return out, err
		}
		c.Audit(portalThing(c), s.Name, map[string]any{"report": s.Report})
		return out, report.LeaveSaved(c, c.Tx, s.ID, c.Who.Account)
	},
}
