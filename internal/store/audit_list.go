package store

import (
	"context"
	"iter"
	"strconv"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// AuditFilter narrows the audit; what is zero does not.
type AuditFilter struct {
	// Person is who acted, or who acted as somebody else.
	Person db.ID
	// Target is what it was done to.
	Target db.ID
	// Operation is an operation's name, or the beginning of one: "team.".
	Operation string
	// Outcome is done or refused.
	Outcome string
	// Query is matched with the beginnings of the names of people who acted or to whom it was done, and with the whole name
	// of anything else.
	Query string
	// From and To bound the time; To is left out itself.
	From, To time.Time
	// Below keeps the rows before the one of this number; zero keeps all.
	Below int64
}

func (f AuditFilter) where(within access.Within) db.Frag {
	parts := []db.Frag{db.SQL("r.portal_id = ?", within.Portal()), within.Where("r")}
	add := func(on bool, text string, args ...any) {
		if on {
			parts = append(parts, db.SQL(text, args...))
		}
	}
	add(f.Person != 0, "(r.actor_id = ? OR r.behind_id = ?)", f.Person, f.Person)
	add(f.Below != 0, "r.seq < ?", f.Below)
	add(f.Target != 0, "r.target_id = ?", f.Target)
	add(f.Outcome != "", "r.outcome = ?", f.Outcome)
	if f.Operation != "" {
		text := likeText.Replace(f.Operation)
		add(true, `r.operation LIKE ? ESCAPE '\'`, text+"%")
	}
	if f.Query != "" {
		people := db.SQL(`IN (SELECT a.id FROM accounts a WHERE a.portal_id = ? AND ?)`, within.Portal(), NameBegins("a.name_key", f.Query))
		add(true, "(r.actor_id ? OR r.behind_id ? OR r.target_id ? OR r.target_name = ?)", people, people, people, f.Query)
	}
	add(!f.From.IsZero(), "r.at >= ?", db.MicrosOrZero(f.From))
	add(!f.To.IsZero(), "r.at < ?", db.MicrosOrZero(f.To))
	return db.And(parts...)
}

// AuditEntry is a row of the audit, with the name of who stood behind the actor.
type AuditEntry struct {
	AuditRow
	BehindName string
}

const auditShown = `r.portal_id, r.seq, r.id, r.at, r.actor_id, r.actor_name, r.behind_id, r.operation, r.outcome, r.target_kind, r.target_id,
	r.target_name, r.detail, r.prior, r.hash, coalesce(b.name, '')`

const auditShownOf = ` FROM audit r LEFT JOIN accounts b ON b.id = r.behind_id AND b.portal_id = r.portal_id `

func scanAuditEntry(s db.Scanner) (r AuditEntry, err error) {
	var at int64
	var kind string
	err = s.Scan(&r.Portal, &r.Seq, &r.ID, &at, &r.Actor, &r.ActorName, &r.Behind, &r.Operation, &r.Outcome, &kind, &r.Target.ID,
		&r.TargetName, &r.Detail, &r.Prior, &r.Hash, &r.BehindName)
	r.At = db.Time(at)
	r.Target.Kind, _ = access.KindOf(kind)
	return r, err
}

// EachAudit streams the rows of the audit within a reach, the newest first (CO-8).
func EachAudit(ctx context.Context, tx *db.Tx, within access.Within, f AuditFilter, part Part) iter.Seq2[AuditEntry, error] {
	return db.Each(ctx, tx, db.SQL(`SELECT `+auditShown+auditShownOf+`WHERE ? ORDER BY r.seq DESC ?`, f.where(within), part.Tail()), scanAuditEntry)
}

// ListAudit is a part of EachAudit. Its markers are the numbers of rows.
func ListAudit(ctx context.Context, tx *db.Tx, within access.Within, f AuditFilter, page Page) (List[AuditEntry], error) {
	cond, tail := f.where(within), db.SQL("ORDER BY r.seq DESC LIMIT ?", page.size()+1)
	if marker := page.After + page.Before; marker != "" {
		seq, err := strconv.ParseInt(marker, 10, 64)
		if err != nil {
			return List[AuditEntry]{}, fail.Wrong("after", "This page marker is not one of this list's.")
		}
		if page.Before != "" {
			cond, tail = db.And(cond, db.SQL("r.seq > ?", seq)), db.SQL("ORDER BY r.seq LIMIT ?", page.size()+1)
		} else {
			cond = db.And(cond, db.SQL("r.seq < ?", seq))
		}
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+auditShown+auditShownOf+`WHERE ? ?`, cond, tail), scanAuditEntry)
	if err != nil {
		return List[AuditEntry]{}, err
	}
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1`+auditShownOf+`WHERE ? LIMIT ?) few`, f.where(within), CountLimit))
	list := pageOf(page, rows, func(AuditEntry) cursor { return cursor{} })
	list.Total = int(total)
	if n := len(list.Items); n > 0 {
		if list.Next != "" {
			list.Next = strconv.FormatInt(list.Items[n-1].Seq, 10)
		}
		if list.Prev != "" {
			list.Prev = strconv.FormatInt(list.Items[0].Seq, 10)
		}
	}
	return list, err
}

// CountAudit is how many rows EachAudit streams.
func CountAudit(ctx context.Context, tx *db.Tx, within access.Within, f AuditFilter) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*)`+auditShownOf+`WHERE ?`, f.where(within)))
}

// Part is which rows of a stream are read: all of them where Take is zero.
type Part struct{ Skip, Take int }

// Tail is the part as the end of a query.
func (p Part) Tail() db.Frag {
	if p.Take <= 0 {
		return db.SQL("")
	}
	return db.SQL("LIMIT ? OFFSET ?", p.Take, max(p.Skip, 0))
}

// NameBegins is the condition that a folded name, or a word of it, begins with what was typed.
func NameBegins(column, query string) db.Frag {
	text := likeText.Replace(db.Key(query)) + "%"
	return db.SQL("("+column+` LIKE ? ESCAPE '\' OR `+column+` LIKE ? ESCAPE '\')`, text, "% "+text)
}
