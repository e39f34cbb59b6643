// Package path holds the nouns of what leads to the end of a course and beyond it: certificates, learning paths (CO-2), and what
// people have to complete (CO-5).
package path

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Giving says who is given a certificate of a course.
type Giving string

// The ways of giving certificates.
const (
	// GiveNone: nobody.
	GiveNone Giving = "none"
	// GiveAll: whoever completes the course.
	GiveAll Giving = "completion"
	// GiveByHand: whom staff choose among those who completed it.
	GiveByHand Giving = "hand"
)

// Givings are all ways of giving certificates, in order.
var Givings = []Giving{GiveNone, GiveAll, GiveByHand}

// Rule is how a course gives certificates: they count for so many days, 0 for ever.
type Rule struct {
	Give Giving
	Days int
}

// RuleOf is how a course gives certificates.
func RuleOf(ctx context.Context, tx *db.Tx, course store.Course) (Rule, error) {
	return db.One(ctx, tx, db.SQL(`SELECT certificate, certificate_days FROM courses WHERE id = ?`, course.ID), func(s db.Scanner) (r Rule, err error) {
		return r, s.Scan(&r.Give, &r.Days)
	})
}

// SetRule changes how a course gives certificates. Those that were given stay as they are.
func SetRule(ctx context.Context, tx *db.Tx, course store.Course, r Rule) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET certificate = ?, certificate_days = ? WHERE id = ?`, string(r.Give), r.Days, course.ID))
	return err
}

// Certificate says that somebody completed a course.
type Certificate struct {
	ID, Portal, Enrolment db.ID
	// Code proves it: 130 random bits.
	Code            string
	Account, Course db.ID
	// Name and CourseName are today's.
	Name, CourseName string
	// Until is zero where it counts for ever, Revoked where it was not withdrawn; Reason is why it was.
	Completed, Given, Until, Revoked time.Time
	Reason                           string
}

// Counts tells whether it counts at a time.
func (c Certificate) Counts(now time.Time) bool {
	return c.Revoked.IsZero() && (c.Until.IsZero() || now.Before(c.Until))
}

const certificateColumns = `t.id, t.portal_id, t.enrolment_id, t.code, e.account_id, e.course_id, a.name, c.name, t.completed_at, t.given_at, t.until, t.revoked_at, t.reason
	FROM certificates t JOIN enrolments e ON e.id = t.enrolment_id JOIN accounts a ON a.id = e.account_id JOIN courses c ON c.id = e.course_id `

func scanCertificate(s db.Scanner) (c Certificate, err error) {
	var completed, given, until, revoked int64
	err = s.Scan(&c.ID, &c.Portal, &c.Enrolment, &c.Code, &c.Account, &c.Course, &c.Name, &c.CourseName, &completed, &given, &until, &revoked, &c.Reason)
	c.Completed, c.Given, c.Until, c.Revoked = db.TimeOrZero(completed), db.Time(given), db.EndOrZero(until), db.TimeOrZero(revoked)
	return c, err
}

// FindCertificate is a certificate of an enrolment that one of some permissions reaches.
func FindCertificate(ctx context.Context, tx *db.Tx, id db.ID, withins ...access.Within) (Certificate, error) {
	var seen []db.Frag
	for _, within := range withins {
		seen = append(seen, within.Where("e"))
	}
	c, err := db.One(ctx, tx, db.SQL(`SELECT `+certificateColumns+`WHERE t.id = ? AND ?`, id, db.Or(seen...)), scanCertificate)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("certificate")
	}
	return c, err
}

// Verify is the certificate of a code, whoever asks: to have the code is to have been shown it. Of somebody who was erased there is none.
func Verify(ctx context.Context, tx *db.Tx, portal db.ID, code string) (Certificate, error) {
	c, err := db.One(ctx, tx, db.SQL(`SELECT `+certificateColumns+`WHERE t.portal_id = ? AND t.code = ? AND a.erased_at = 0`, portal, code), scanCertificate)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("certificate")
	}
	return c, err
}

// mostOwn bounds how many certificates of one person are listed.
const mostOwn = 500

// OwnCertificates are those of enrolments within what a permission over oneself reaches, the newest first.
func OwnCertificates(ctx context.Context, tx *db.Tx, within access.Within) ([]Certificate, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+certificateColumns+`WHERE ? ORDER BY t.given_at DESC, t.id DESC LIMIT ?`, within.Where("e"), mostOwn), scanCertificate)
}

// LastCertificates are the last ones of enrolments that were found before.
func LastCertificates(ctx context.Context, tx *db.Tx, enrolments []db.ID) (map[db.ID]Certificate, error) {
	out := map[db.ID]Certificate{}
	if len(enrolments) == 0 {
		return out, nil
	}
	for c, err := range db.Each(ctx, tx, db.SQL(`SELECT `+certificateColumns+`WHERE t.enrolment_id IN ? ORDER BY t.given_at, t.id`, enrolments), scanCertificate) {
		if err != nil {
			return nil, err
		}
		out[c.Enrolment] = c
	}
	return out, nil
}

// lacking are enrolments that are completed and have no certificate of that completion: one that was withdrawn is not given again by itself.
const lacking = `e.status = 'completed' AND NOT EXISTS (SELECT 1 FROM certificates t WHERE t.enrolment_id = e.id AND t.completed_at >= e.completed_at)`

// GiveDue gives the certificates that courses give to whoever completes them: to these enrolments.
func GiveDue(ctx context.Context, tx *db.Tx, enrolments []db.ID, now time.Time) error {
	for part := range slices.Chunk(enrolments, 2000) {
		if _, err := give(ctx, tx, db.SQL(`e.id IN ? AND c.certificate = 'completion' AND `+lacking, part), 0, now); err != nil {
			return err
		}
	}
	return nil
}

// GiveCourse gives what a course owes to those who completed it before, so many at most, and tells how many there were.
func GiveCourse(ctx context.Context, tx *db.Tx, course store.Course, most int, now time.Time) (int, error) {
	return give(ctx, tx, db.SQL(`e.course_id = ? AND c.certificate = 'completion' AND `+lacking+` LIMIT ?`, course.ID, most), 0, now)
}

// Give gives a certificate to somebody who completed the course and has none that counts.
func Give(ctx context.Context, tx *db.Tx, e store.Enrolment, by db.ID, now time.Time) error {
	n, err := give(ctx, tx, db.SQL(`e.id = ? AND e.status = 'completed' AND NOT EXISTS (SELECT 1 FROM certificates t
		WHERE t.enrolment_id = e.id AND t.revoked_at = 0 AND t.until > ? AND t.completed_at >= e.completed_at)`, e.ID, db.Micros(now)), by, now)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "{name} has a certificate already, or has not completed the course.", "name", e.Learner)
	}
	tx.Note(Advanced{Account: e.Account})
	return err
}

// give writes certificates of the enrolments that a condition chooses, all by one query and one statement.
func give(ctx context.Context, tx *db.Tx, which db.Frag, by db.ID, now time.Time) (int, error) {
	type due struct {
		id, portal db.ID
		at, days   int64
	}
	list, err := db.All(ctx, tx, db.SQL(`SELECT e.id, e.portal_id, e.completed_at, c.certificate_days FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE ?`, which),
		func(s db.Scanner) (d due, err error) { return d, s.Scan(&d.id, &d.portal, &d.at, &d.days) })
	if err != nil || len(list) == 0 {
		return 0, err
	}
	batch, err := tx.Batch(ctx, `INSERT INTO certificates (id, portal_id, enrolment_id, code, completed_at, given_at, given_by, until, revoked_at, revoked_by, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '')`)
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		until := db.Never
		if d.days > 0 {
			until = db.Micros(db.Time(d.at).AddDate(0, 0, int(d.days)))
		}
		if err := batch.Exec(db.NewID(), d.portal, d.id, rand.Text(), d.at, db.Micros(now), by, until); err != nil {
			return 0, err
		}
	}
	return len(list), batch.Close()
}

// Revoke withdraws a certificate, for good.
func Revoke(ctx context.Context, tx *db.Tx, c Certificate, reason string, by db.ID, now time.Time) error {
	n, err := tx.Exec(ctx, db.SQL(`UPDATE certificates SET revoked_at = ?, revoked_by = ?, reason = ? WHERE id = ? AND revoked_at = 0`, db.Micros(now), by, reason, c.ID))
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "This certificate is withdrawn already.")
	}
	return err
}
