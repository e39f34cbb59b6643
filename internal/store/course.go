package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Course is a course as the record that enrolments and reports need.
type Course struct {
	ID      db.ID
	Portal  db.ID
	Org     db.ID
	OrgName string
	// Code is what other systems call it; unique in the portal.
	Code string
	Name string
	// Starts and Ends are zero where it has no dates.
	Starts, Ends, Created time.Time
}

// Thing is the course as a thing that permissions are asked about, and as a place.
func (c Course) Thing() access.Thing {
	return access.Thing{Kind: access.Course, ID: c.ID, Portal: c.Portal, Org: c.Org}
}

// NewCourse is what is known of a course when it is made.
type NewCourse struct {
	Code, Name   string
	Starts, Ends time.Time
}

// CreateCourse makes a course in an organization. A code that the portal has already is a Conflict.
func CreateCourse(ctx context.Context, tx *db.Tx, org Organization, in NewCourse, now time.Time) (Course, error) {
	c := Course{ID: db.NewID(), Portal: org.Portal, Org: org.ID, OrgName: org.Name, Code: in.Code, Name: in.Name, Starts: in.Starts, Ends: in.Ends, Created: now}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO courses (id, portal_id, org_id, code, name, name_key, starts_at, ends_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Portal, c.Org, c.Code, c.Name, db.Key(c.Name), microsOrZero(c.Starts), microsOrZero(c.Ends), db.Micros(now)))
	if db.IsUnique(err) {
		return c, fail.New(fail.Conflict, "There is a course with this code already.")
	}
	return c, err
}
