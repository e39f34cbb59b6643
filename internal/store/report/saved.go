package report

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Saved is a report that somebody saved, with its filters and who gets it by mail (RE-2, BE-12).
type Saved struct {
	ID, Portal, Owner db.ID
	OwnerName         string
	Name, Report      string
	// Filters are the report's own, as it wrote them.
	Filters, Format string
	// Every is day, week or month; empty where it is not sent by itself.
	Every string
	// Next is when it is sent next, zero for never; Sent when it was last.
	Next, Sent time.Time
	// People are how many get it.
	People int
}

const savedColumns = `s.id, s.portal_id, s.account_id, w.name, s.name, s.report, s.filters, s.format, s.every, s.next_at, s.sent_at,
	(SELECT count(*) FROM saved_report_people p WHERE p.saved_id = s.id) FROM saved_reports s JOIN accounts w ON w.id = s.account_id `

func scanSaved(s db.Scanner) (r Saved, err error) {
	var next, sent int64
	err = s.Scan(&r.ID, &r.Portal, &r.Owner, &r.OwnerName, &r.Name, &r.Report, &r.Filters, &r.Format, &r.Every, &next, &sent, &r.People)
	r.Next, r.Sent = db.EndOrZero(next), db.TimeOrZero(sent)
	return r, err
}

// FindSaved is a report that somebody saved; of another's there is none.
func FindSaved(ctx context.Context, tx *db.Tx, owner, id db.ID) (Saved, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+savedColumns+`WHERE s.id = ? AND s.account_id = ?`, id, owner), scanSaved)
}

// FindSent is a saved report as one of those sees it who get it by mail.
func FindSent(ctx context.Context, tx *db.Tx, portal, recipient, id db.ID) (Saved, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+savedColumns+`JOIN saved_report_people me ON me.saved_id = s.id AND me.account_id = ?
		WHERE s.id = ? AND s.portal_id = ?`, recipient, id, portal), scanSaved)
}

// MostSaved is how many reports one person may save.
const MostSaved = 100

// ListSaved are the reports that somebody saved, by name.
func ListSaved(ctx context.Context, tx *db.Tx, owner db.ID) ([]Saved, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+savedColumns+`WHERE s.account_id = ? ORDER BY lower(s.name), s.id LIMIT ?`, owner, MostSaved), scanSaved)
}

// ListSent are the reports that others send to somebody, by name; 200 at most.
func ListSent(ctx context.Context, tx *db.Tx, recipient db.ID) ([]Saved, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+savedColumns+`JOIN saved_report_people me ON me.saved_id = s.id AND me.account_id = ?
		WHERE s.account_id <> ? AND s.next_at < ? ORDER BY lower(s.name), s.id LIMIT 200`, recipient, recipient, db.Never), scanSaved)
}

// SaveReport keeps a report anew or as it is now, and who gets it.
func SaveReport(ctx context.Context, tx *db.Tx, s Saved, people []db.ID) error {
	next := db.Never
	if !s.Next.IsZero() {
		next = db.Micros(s.Next)
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO saved_reports (id, portal_id, account_id, name, report, filters, format, every, next_at, sent_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET name = excluded.name, format = excluded.format, every = excluded.every, next_at = excluded.next_at`,
		s.ID, s.Portal, s.Owner, s.Name, s.Report, s.Filters, s.Format, s.Every, next))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM saved_report_people WHERE saved_id = ?`, s.ID)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO saved_report_people (saved_id, account_id, portal_id) SELECT ?, a.id, a.portal_id FROM accounts a
		WHERE a.portal_id = ? AND a.id IN ?`, s.ID, s.Portal, people))
	return err
}

// DeleteSaved forgets a saved report.
func DeleteSaved(ctx context.Context, tx *db.Tx, id db.ID) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM saved_report_people WHERE saved_id = ?`, id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM saved_reports WHERE id = ?`, id))
	return err
}

// LeaveSaved sends a saved report to somebody no longer.
func LeaveSaved(ctx context.Context, tx *db.Tx, id, recipient db.ID) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM saved_report_people WHERE saved_id = ? AND account_id = ?`, id, recipient))
	return err
}

// Recipient is somebody who gets a saved report.
type Recipient struct {
	Account     db.ID
	Name, Email string
}

// Recipients are those within a reach who get a saved report, by name.
func Recipients(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) ([]Recipient, error) {
	return recipients(ctx, tx, id, within.Where("a"))
}

func recipients(ctx context.Context, tx *db.Tx, id db.ID, seen db.Frag) ([]Recipient, error) {
	return db.All(ctx, tx, db.SQL(`SELECT a.id, a.name, a.email FROM saved_report_people p JOIN accounts a ON a.id = p.account_id
		WHERE p.saved_id = ? AND a.archived_at = 0 AND ? ORDER BY a.name_key, a.id`, id, seen), func(s db.Scanner) (r Recipient, err error) {
		return r, s.Scan(&r.Account, &r.Name, &r.Email)
	})
}

// SendSaved puts a saved report into the outbox for each who gets it and has an address, and notes when it is sent next. It returns
// to how many it goes.
func SendSaved(ctx context.Context, tx *db.Tx, s Saved, next, now time.Time) (int, error) {
	people, err := recipients(ctx, tx, s.ID, db.SQL("1 = 1"))
	if err != nil {
		return 0, err
	}
	sent := 0
	for _, p := range people {
		if p.Email == "" {
			continue
		}
		_, err := tx.Exec(ctx, db.SQL(`INSERT INTO outbox (id, portal_id, recipient, subject, body, created_at, due_at, tries, sent_at, failed, saved_id, account_id)
			VALUES (?, ?, ?, ?, '', ?, ?, 0, 0, '', ?, ?)`, db.NewID(), s.Portal, p.Email, s.Name, db.Micros(now), db.Micros(now), s.ID, p.Account))
		if err != nil {
			return sent, err
		}
		sent++
	}
	at := db.Never
	if !next.IsZero() {
		at = db.Micros(next)
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE saved_reports SET next_at = ?, sent_at = ? WHERE id = ?`, at, db.Micros(now), s.ID))
	return sent, err
}

// PauseSaved sends a saved report no more by itself, until it is saved again.
func PauseSaved(ctx context.Context, tx *db.Tx, id db.ID) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE saved_reports SET next_at = ? WHERE id = ?`, db.Never, id))
	return err
}

// DueSaved are saved reports that are to be sent now, so many at most; those of a deleted portal wait.
func DueSaved(ctx context.Context, tx *db.Tx, most int, now time.Time) ([]Saved, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+savedColumns+`WHERE s.next_at <= ? AND EXISTS (SELECT 1 FROM portals t WHERE t.id = s.portal_id AND t.deleted_at = 0)
		ORDER BY s.next_at, s.id LIMIT ?`, db.Micros(now), most), scanSaved)
}
