package learning

import (
	"crypto/subtle"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action/files"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	filed "provost/internal/store/files"
	"provost/internal/store/learning"
)

var catalogOps = []op.Any{ListCatalog, ShowEntry, CoursePicture, EnrolSelf, LeaveSelf, ShowListing, SaveListing}

// CatalogQuery asks for a part of the catalog.
type CatalogQuery struct {
	Query    string `query:"q" doc:"Part of the name, or of the category." maxLength:"200"`
	Category string `query:"category" doc:"Only courses of this category." maxLength:"100"`
	Page     int    `query:"page" doc:"Which page, from 1."`
}

// Entry is a course of the catalog.
type Entry struct {
	ID           db.ID  `json:"id"`
	Code         string `json:"code"`
	Name         string `json:"name"`
	About        string `json:"about,omitempty"`
	Category     string `json:"category,omitempty"`
	Organization Ref    `json:"organization"`
	Starts       string `json:"starts,omitempty"`
	Ends         string `json:"ends,omitempty"`
	SelfPaced    bool   `json:"self_paced,omitempty" doc:"Everybody takes it at their own pace; else it is led by who teaches it."`
	// Seats and Free are absent where any number may take it.
	Seats   *int64 `json:"seats,omitempty" doc:"How many may take it; absent for any number."`
	Free    *int64 `json:"free,omitempty" doc:"How many seats are free."`
	Waits   bool   `json:"waits,omitempty" doc:"Where no seat is free, one may wait for one."`
	HasCode bool   `json:"has_code,omitempty" doc:"It takes an access code."`
	Over    bool   `json:"over,omitempty" doc:"Its last day is past."`
	// Picture is the file that shows it.
	Picture *db.ID `json:"picture,omitempty"`
	Alt     string `json:"alt,omitempty" doc:"What the picture shows."`
	Open    bool   `json:"open" doc:"You take it."`
	// Ahead is how many wait before one; absent where one does not wait.
	Ahead    *int64 `json:"ahead,omitempty" doc:"You wait for a seat, and so many before you."`
	MayEnrol bool   `json:"may_enrol" doc:"You may enrol yourself in courses."`
}

// mayEnrol tells whether one may enrol oneself in courses.
func mayEnrol(c *op.Call) bool {
	_, err := store.OwnAccount(c, c.Tx, c.May(access.CourseEnrollSelf))
	return err == nil
}

func entry(c *op.Call, e learning.Entry, may bool) Entry {
	out := Entry{ID: e.ID, Code: e.Course.Code, Name: e.Name, About: e.About, Category: e.Category, Organization: Ref{e.Org, e.OrgName}, Starts: dayText(e.Starts), Ends: dayText(e.Ends),
		SelfPaced: e.SelfPaced, Waits: e.Waits, HasCode: e.Listing.Code != "", Over: over(e, c.Now), Alt: e.Alt, Open: e.Open, MayEnrol: may}
	if e.Seats > 0 {
		free := max(0, e.Seats-e.Taken)
		out.Seats, out.Free = &e.Seats, &free
	}
	if e.Picture != 0 {
		out.Picture = &e.Picture
	}
	if e.Ahead >= 0 {
		out.Ahead = &e.Ahead
	}
	return out
}

// over tells whether a course's last day is past.
func over(e learning.Entry, now time.Time) bool {
	return !e.Ends.IsZero() && !now.Before(e.Ends.Add(24*time.Hour))
}

// Catalog is a page of the courses that one may take.
type Catalog struct {
	Items      []Entry  `json:"items"`
	Page       int      `json:"page"`
	More       bool     `json:"more" doc:"There is another page."`
	Categories []string `json:"categories"`
}

var catalogNeeds = []*access.Permission{access.CourseCatalog, access.CourseEnrollSelf}

// ListCatalog is a page of the catalog: the courses of one's organization and the ones above it that stand there.
var ListCatalog = &op.Op[CatalogQuery, Catalog]{
	Name:  "catalog.list",
	Route: "GET /catalog",
	Doc:   "Lists the courses that are offered to you, by name, 24 a page: those in the catalog of your organization and of the ones above it.",
	Needs: catalogNeeds,
	Do: func(c *op.Call, in CatalogQuery) (Catalog, error) {
		out := Catalog{Page: min(max(in.Page, 1), 1000), Items: []Entry{}}
		within := c.May(access.CourseCatalog)
		list, more, err := learning.ListEntries(c, c.Tx, within, learning.Sought{Text: form.Tidy(in.Query), Category: form.Tidy(in.Category)}, out.Page-1)
		if err != nil {
			return out, err
		}
		may := mayEnrol(c)
		for _, e := range list {
			out.Items = append(out.Items, entry(c, e, may))
		}
		out.More = more
		out.Categories, err = learning.CategoriesOf(c, c.Tx, within)
		return out, err
	},
}

// ShowEntry is a course of the catalog.
var ShowEntry = &op.Op[OneCourse, Entry]{
	Name:  "catalog.show",
	Route: "GET /catalog/{course}",
	Doc:   "Shows a course of the catalog: what it is about, when it is, and whether a seat is free.",
	Needs: catalogNeeds,
	Do: func(c *op.Call, in OneCourse) (Entry, error) {
		e, err := learning.FindEntry(c, c.Tx, c.May(access.CourseCatalog), in.Course)
		if err != nil {
			return Entry{}, err
		}
		return entry(c, e, mayEnrol(c)), nil
	},
}

// CoursePicture is the picture of a course of the catalog.
var CoursePicture = &op.Op[OneCourse, op.File]{
	Name:  "catalog.picture",
	Route: "GET /catalog/{course}/picture",
	Doc:   "Sends the picture of a course of the catalog.",
	Needs: []*access.Permission{access.CourseCatalog},
	Do: func(c *op.Call, in OneCourse) (op.File, error) {
		e, err := learning.FindEntry(c, c.Tx, c.May(access.CourseCatalog), in.Course)
		if err == nil && e.Picture == 0 {
			err = fail.Missing("file")
		}
		if err != nil {
			return op.File{}, err
		}
		return files.Send(c, filed.Holder{Kind: filed.OfCourse, ID: e.ID}, e.Picture)
	},
}

// SelfEnrolment asks to take a course.
type SelfEnrolment struct {
	OneCourse
	Code string `json:"code,omitempty" doc:"The access code, where the course has one." maxLength:"100"`
}

// Enrolled tells what became of it.
type Enrolled struct {
	Course Ref `json:"course"`
	// Waiting: no seat was free, so one waits for the next.
	Waiting bool `json:"waiting,omitempty"`
}

// EnrolSelf makes one a learner of a course of the catalog, or lets one wait for a seat (LE-1).
var EnrolSelf = &op.Op[SelfEnrolment, Enrolled]{
	Name:  "catalog.enrol",
	Route: "POST /catalog/{course}/enrolment",
	Doc:   "Enrols you in a course of the catalog. Where no seat is free, you wait for one if the course has a waiting list: 409 else.",
	Needs: []*access.Permission{access.CourseEnrollSelf},
	Prepare: func(c *op.Call, in *SelfEnrolment) error {
		if in.Code == "" {
			return nil
		}
		return c.Env.DB.Write(c, func(tx *db.Tx) error { return countCode(c, tx) })
	},
	Do: func(c *op.Call, in SelfEnrolment) (Enrolled, error) {
		e, err := learning.FindEntry(c, c.Tx, c.May(access.CourseEnrollSelf), in.Course)
		switch {
		case err != nil:
			return Enrolled{}, err
		case e.Open:
			return Enrolled{}, fail.New(fail.Conflict, "You take this course already.")
		case over(e, c.Now):
			return Enrolled{}, fail.New(fail.Conflict, "This course is over.")
		case e.Listing.Code != "" && subtle.ConstantTimeCompare([]byte(codeKey(in.Code)), []byte(codeKey(e.Listing.Code))) != 1:
			return Enrolled{}, fail.Wrong("code", "This is not the access code. Whoever teaches the course knows it.")
		case e.Full() && !e.Waits:
			return Enrolled{}, fail.New(fail.Conflict, "No seat is free in this course.")
		}
		out := Enrolled{Course: Ref{e.ID, e.Name}, Waiting: e.Full()}
		c.Audit(e.Thing(), e.Name, map[string]any{"waiting": out.Waiting})
		if out.Waiting {
			return out, learning.Wait(c, c.Tx, e.Course, c.Who.Account, c.Now)
		}
		me, err := store.OwnAccount(c, c.Tx, c.May(access.CourseEnrollSelf))
		if err != nil {
			return out, err
		}
		d := store.NewDeltas()
		if _, err := store.EnrolSelf(c, c.Tx, d, e.Course, me, c.Now); err != nil {
			return out, err
		}
		return out, d.Flush(c, c.Tx)
	},
}

// mostCodes is how many access codes somebody may try in store.AttemptWindow.
const mostCodes = 20

// countCode counts that the caller tries an access code, or is Busy where they tried too many. It is counted before it is known to be
// right, in a transaction of its own: a refusal would take the count back.
func countCode(c *op.Call, tx *db.Tx) error {
	subject := "code:" + c.By().String()
	tried, again, err := store.Attempts(c, tx, c.Who.Portal, subject, c.Now)
	if err != nil {
		return err
	}
	if tried >= mostCodes {
		return &fail.Error{Kind: fail.Busy, Message: "That was tried too often. Please wait a while, then try again.", RetryAfter: again.Sub(c.Now)}
	}
	return store.AddAttempt(c, tx, c.Who.Portal, subject, c.Now)
}

// codeKey is an access code as it is compared: capitals and spaces around it do not count.
func codeKey(code string) string { return db.Key(strings.TrimSpace(code)) }

// LeaveSelf takes one out of a course of the catalog, or from those who wait for a seat.
var LeaveSelf = &op.Op[OneCourse, Enrolled]{
	Name:  "catalog.leave",
	Route: "DELETE /catalog/{course}/enrolment",
	Doc:   "Takes you out of a course of the catalog, or off its waiting list. The record of what you did stays. Whoever waits first gets your seat.",
	Needs: []*access.Permission{access.CourseEnrollSelf, access.EnrolmentOwn},
	Do: func(c *op.Call, in OneCourse) (Enrolled, error) {
		e, err := learning.FindEntry(c, c.Tx, c.May(access.CourseEnrollSelf), in.Course)
		if err != nil {
			return Enrolled{}, err
		}
		out := Enrolled{Course: Ref{e.ID, e.Name}}
		c.Audit(e.Thing(), e.Name, nil)
		if waited, err := learning.WaitNoMore(c, c.Tx, e.ID, c.Who.Account); err != nil || waited {
			return out, err
		}
		list, err := store.ListEnrolments(c, c.Tx, c.May(access.EnrolmentOwn), store.EnrolmentFilter{Course: e.ID, Account: c.Who.Account, Open: true}, store.Page{Size: 1})
		if err != nil {
			return out, err
		}
		if len(list.Items) == 0 {
			return out, fail.New(fail.Conflict, "You do not take this course.")
		}
		d := store.NewDeltas()
		if _, err := store.Unenrol(c, c.Tx, d, list.Items[0], c.Who.Account, c.Now); err != nil {
			return out, err
		}
		if err := d.Flush(c, c.Tx); err != nil {
			return out, err
		}
		_, err = fillSeats(c, e.Course)
		return out, err
	},
}
