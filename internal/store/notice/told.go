package notice

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// Told is somebody who is to be told by mail of a day of something.
type Told struct {
	Portal, Account, Thing db.ID
	Due                    time.Time
}

// lateTold is for how long it is told of by mail that a work is overdue: no node was down for longer, and what was taken over from elsewhere is older.
const lateTold = 7 * 24 * time.Hour

// Untold are those who are to be told of works, so many at most: once when they are due by soon, and once when they are overdue, by who reads mail
// and has had none of what is due since a time. Of all portals and people, or of some. That somebody may hand it in is asked of each later (DueOf).
func Untold(ctx context.Context, tx *db.Tx, people []db.ID, soon, since time.Time, most int, now time.Time) ([]Told, error) {
	at, who := db.Micros(now), db.SQL(`1=1`)
	if people != nil {
		who = db.SQL(`e.account_id IN ?`, people)
	}
	return db.All(ctx, tx, db.SQL(`SELECT e.portal_id, e.account_id, s.id, s.due_at FROM assessments s JOIN courses c ON c.id = s.course_id JOIN enrolments e ON e.course_id = c.id
		JOIN accounts a ON a.id = e.account_id JOIN portals p ON p.id = s.portal_id WHERE ? AND s.section_id <> 0 AND s.due_at > 0 AND s.due_at > ? AND s.due_at <= ? AND s.opens_at <= ?
		AND (s.closes_at = 0 OR s.closes_at > ?) AND `+goesOn+` AND p.deleted_at = 0 AND e.is_open AND a.archived_at = 0 AND a.email <> '' AND NOT a.mail_off AND `+notHanded+`
		AND NOT EXISTS (SELECT 1 FROM course_closed x WHERE x.course_id = c.id AND x.until = ? AND x.permission IN ('course.view', 'course.submit'))
		AND NOT EXISTS (SELECT 1 FROM due_told t WHERE t.account_id = e.account_id AND t.thing_id = s.id AND t.due_at = s.due_at AND (t.late OR s.due_at > ?))
		AND NOT EXISTS (SELECT 1 FROM due_told m WHERE m.account_id = e.account_id AND m.mailed_at > ?) ORDER BY e.portal_id, e.account_id LIMIT ?`,
		who, db.Micros(now.Add(-lateTold)), db.Micros(soon), at, at, at, db.Never, at, db.Micros(since), most), func(s db.Scanner) (x Told, err error) {
		var due int64
		err = s.Scan(&x.Portal, &x.Account, &x.Thing, &due)
		x.Due = db.Time(due)
		return x, err
	})
}

// NoteTold notes which days people were told of, and when by mail: zero where there was none to send.
func NoteTold(ctx context.Context, tx *db.Tx, list []Told, mailed, now time.Time) error {
	batch, err := tx.Batch(ctx, `INSERT INTO due_told (account_id, thing_id, portal_id, due_at, late, mailed_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, thing_id) DO UPDATE SET due_at = excluded.due_at, late = excluded.late, mailed_at = excluded.mailed_at`)
	if err != nil {
		return err
	}
	for _, x := range list {
		if err := batch.Exec(int64(x.Account), int64(x.Thing), int64(x.Portal), db.Micros(x.Due), !x.Due.After(now), db.MicrosOrZero(mailed)); err != nil {
			return err
		}
	}
	return batch.Close()
}

// Reader is whom a mail goes to.
type Reader struct {
	ID    db.ID
	Email string
	// Off: they want no mail that tells them what is due or graded.
	Off bool
}

// Readers are some of a portal's people, as those whom a mail goes to; who is archived is left out.
func Readers(ctx context.Context, tx *db.Tx, portal db.ID, people []db.ID) ([]Reader, error) {
	return db.All(ctx, tx, db.SQL(`SELECT id, email, mail_off FROM accounts WHERE portal_id = ? AND id IN ? AND archived_at = 0 ORDER BY id`, portal, people), func(s db.Scanner) (r Reader, err error) {
		return r, s.Scan(&r.ID, &r.Email, &r.Off)
	})
}

// ReaderOf is somebody as whom a mail goes to.
func ReaderOf(ctx context.Context, tx *db.Tx, who store.Account) (Reader, error) {
	list, err := Readers(ctx, tx, who.Portal, []db.ID{who.ID})
	if err != nil || len(list) == 0 {
		return Reader{}, err
	}
	return list[0], nil
}

// SetMail says whether somebody wants mail that tells them what is due and graded.
func SetMail(ctx context.Context, tx *db.Tx, who store.Account, on bool) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET mail_off = ? WHERE id = ?`, !on, who.ID))
	return err
}
