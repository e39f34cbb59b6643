package learning

import (
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

// ListingFields are how a course stands in the catalog.
type ListingFields struct {
	Listed   bool   `json:"listed" doc:"It stands in the catalog of its organization and those below it, where people enrol themselves."`
	Category string `json:"category,omitempty" maxLength:"100"`
	Seats    int64  `json:"seats,omitempty" doc:"How many may take it, 0 for any number."`
	Waits    bool   `json:"waits,omitempty" doc:"Where no seat is free, people wait for one. Off: who waits now waits no more."`
	Code     string `json:"code,omitempty" doc:"What one must know to enrol oneself; empty for nothing." maxLength:"100"`
}

const maxSeats = 1_000_000

// Check tells which fields have to be corrected.
func (in ListingFields) Check() error {
	var wrong fail.Fields
	form.Line(&wrong, "category", in.Category, 100)
	form.Line(&wrong, "code", in.Code, 100)
	if n := len(codeKey(in.Code)); n > 0 && n < 6 {
		wrong.Add("code", "An access code has 6 characters at least.")
	}
	if in.Seats < 0 || in.Seats > maxSeats {
		wrong.Add("seats", "Enter a number from {from} to {to}.", "from", 0, "to", maxSeats)
	}
	return wrong.Err()
}

// Waiter is somebody who waits for a seat.
type Waiter struct {
	Account Ref       `json:"account"`
	Since   time.Time `json:"since"`
}

// Listing is how a course stands in the catalog, and who waits for a seat.
type Listing struct {
	Course Ref `json:"course"`
	ListingFields
	Picture *files.Item `json:"picture,omitempty"`
	Waiting []Waiter    `json:"waiting" doc:"Who waits for a seat, the first first: 200 at most."`
}

// ShowListing is how a course stands in the catalog.
var ShowListing = &op.Op[OneCourse, Listing]{
	Name:  "course.listing",
	Route: "GET /courses/{course}/listing",
	Doc:   "Shows how a course stands in the catalog, and who waits for a seat.",
	Needs: []*access.Permission{access.CourseConfigure},
	Do: func(c *op.Call, in OneCourse) (out Listing, err error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return out, err
		}
		l, err := learning.ListingOf(c, c.Tx, course)
		if err != nil {
			return out, err
		}
		out = Listing{Course: Ref{course.ID, course.Name}, ListingFields: ListingFields(l), Waiting: []Waiter{}}
		pictures, err := filed.List(c, c.Tx, filed.Holder{Kind: filed.OfCourse, ID: course.ID})
		if err != nil {
			return out, err
		}
		if items := files.Items(pictures); len(items) > 0 {
			out.Picture = &items[0]
		}
		waiters, err := learning.WaitersOf(c, c.Tx, course)
		for _, w := range waiters {
			out.Waiting = append(out.Waiting, Waiter{Ref{w.Account, w.Name}, w.Since})
		}
		return out, err
	},
}

// ChangedListing is how a course shall stand in the catalog.
type ChangedListing struct {
	OneCourse
	ListingFields
	Picture op.Upload `file:"picture" json:"-"`
	Alt     string    `json:"alt,omitempty" doc:"What the picture shows, for those who do not see it." maxLength:"300"`
	Remove  bool      `json:"remove,omitempty" doc:"Take the picture away."`
}

// Check tells which fields have to be corrected.
func (in ChangedListing) Check() error {
	if err := in.ListingFields.Check(); err != nil {
		return err
	}
	var wrong fail.Fields
	if form.Line(&wrong, "alt", in.Alt, maxAlt); in.Picture.Given() && form.Tidy(in.Alt) == "" {
		wrong.Add("alt", "Say what the picture shows, for those who do not see it.")
	}
	return wrong.Err()
}

// SaveListing changes how a course stands in the catalog. Seats that are there by it go to who waits.
var SaveListing = &op.Op[ChangedListing, Ref]{
	Name:  "course.save_listing",
	Route: "PUT /courses/{course}/listing",
	Doc:   "Changes how a course stands in the catalog: its category, picture, seats, waiting list and access code. Seats that are there by it go to those who wait.",
	Needs: []*access.Permission{access.CourseConfigure},
	Files: op.MaxFile,
	Allow: func(c *op.Call, in ChangedListing) error {
		_, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		return err
	},
	Do: func(c *op.Call, in ChangedListing) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return Ref{}, err
		}
		if in.Listed && course.Template {
			return Ref{}, fail.Wrong("listed", "Nobody takes a template.")
		}
		in.Category, in.Code = form.Tidy(in.Category), form.Tidy(in.Code)
		c.Audit(course.Thing(), course.Name, map[string]any{"listed": in.Listed, "category": in.Category, "seats": in.Seats, "waits": in.Waits, "has_code": in.Code != ""})
		if err := savePicture(c, course, in); err != nil {
			return Ref{}, err
		}
		if err := learning.SaveListing(c, c.Tx, course, learning.Listing(in.ListingFields)); err != nil {
			return Ref{}, err
		}
		_, err = fillSeats(c, course)
		return Ref{course.ID, course.Name}, err
	},
}

// savePicture gives a course another picture, or none.
func savePicture(c *op.Call, course store.Course, in ChangedListing) error {
	if !in.Picture.Given() && !in.Remove {
		return nil
	}
	holder := filed.Holder{Kind: filed.OfCourse, ID: course.ID}
	if err := filed.DropOf(c, c.Tx, holder.Kind, []db.ID{course.ID}); err != nil || !in.Picture.Given() {
		return err
	}
	if in.Picture.Type == "" {
		return fail.Wrong("picture", "This is no picture that can be shown: choose a PNG, a JPEG or a GIF.")
	}
	_, err := files.Add(c, holder, form.Tidy(in.Alt), in.Picture)
	return err
}
