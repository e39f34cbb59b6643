package identity

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/store/past"
)

// notSuper keeps the super administrator's account from whatever is done here, whoever asks (SA-3).
const notSuper = `NOT EXISTS (SELECT 1 FROM grants g WHERE g.account_id = accounts.id AND g.role = 'super' AND g.until = 9223372036854775807)`

var errSuper = fail.New(fail.NotAllowed, "The super administrator's account is neither deleted nor merged nor erased. The status is handed over first.")

// DeleteAccount closes the portal to somebody at once, to be erased store.AccountKept later unless they are restored. Into is
// the account that they were merged into, zero for none.
func DeleteAccount(ctx context.Context, tx *db.Tx, a store.Account, into db.ID, now time.Time) error {
	at := db.Micros(now)
	if err := past.Leave(ctx, tx, access.Account, db.SQL(`id = ? AND archived_at = 0`, a.ID), now); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET deleted_at = ?, archived_at = CASE WHEN archived_at = 0 THEN ? ELSE archived_at END, merged_into = ? WHERE id = ? AND `+notSuper,
		at, at, into, a.ID))
	if err != nil {
		return err
	}
	if n == 0 {
		return errSuper
	}
	if err := store.DropResets(ctx, tx, a); err != nil {
		return err
	}
	_, err = store.EndSessions(ctx, tx, a, 0)
	return err
}

// Pseudonym is what an erased account is called for ever.
func Pseudonym(id db.ID) string {
	text := id.String()
	return "Erased person " + text[len(text)-6:]
}

// EraseAccount removes a person's name and details for good: what they are found by, their address, their password, what waits
// to be sent to them, and where else they are named. Their records stay, under a pseudonym.
func EraseAccount(ctx context.Context, tx *db.Tx, a store.Account, now time.Time) (store.Account, error) {
	email := db.Key(a.Email)
	at := db.Micros(now)
	if err := past.Leave(ctx, tx, access.Account, db.SQL(`id = ? AND archived_at = 0`, a.ID), now); err != nil {
		return a, err
	}
	n, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET erased_at = ?, deleted_at = CASE WHEN deleted_at = 0 THEN ? ELSE deleted_at END,
		archived_at = CASE WHEN archived_at = 0 THEN ? ELSE archived_at END, password = '', password_issued = FALSE, signed_in_at = 0, attributes = '{}' WHERE id = ? AND `+notSuper,
		at, at, at, a.ID))
	if err != nil {
		return a, err
	}
	if n == 0 {
		return a, errSuper
	}
	if err := store.DropResets(ctx, tx, a); err != nil {
		return a, err
	}
	if _, err := store.EndSessions(ctx, tx, a, 0); err != nil {
		return a, err
	}
	a.Name, a.Username, a.Email, a.Code, a.Erased = Pseudonym(a.ID), "erased-"+a.ID.String(), "", "", now
	if err := store.SaveAccount(ctx, tx, a); err != nil {
		return a, err
	}
	for _, q := range []db.Frag{
		db.SQL(`DELETE FROM outbox WHERE portal_id = ? AND recipient <> '' AND lower(recipient) = ?`, a.Portal, email),
		db.SQL(`UPDATE invitations SET name = ?, email = '', email_key = ? WHERE portal_id = ? AND (account_id = ? OR (email_key = ? AND email_key <> ''))`,
			a.Name, "erased-"+a.ID.String(), a.Portal, a.ID, email),
		db.SQL(`UPDATE actings SET behind_name = ? WHERE behind_id = ?`, a.Name, a.ID),
		db.SQL(`UPDATE actings SET reason = '' WHERE account_id = ?`, a.ID),
		db.SQL(`UPDATE grid_changes SET by_name = ? WHERE by_id = ?`, a.Name, a.ID),
		db.SQL(`UPDATE enrolments SET attributes = '{}' WHERE account_id = ?`, a.ID),
		db.SQL(`DELETE FROM files WHERE holder_kind = 'submission' AND holder_id IN (SELECT s.id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE e.account_id = ?)`, a.ID),
		db.SQL(`UPDATE submissions SET body = '' WHERE enrolment_id IN (SELECT id FROM enrolments WHERE account_id = ?)`, a.ID),
		db.SQL(`UPDATE results SET feedback = '' WHERE account_id = ?`, a.ID),
		db.SQL(`UPDATE quiz_attempts SET answers = '{}', given = COALESCE(given, score) WHERE enrolment_id IN (SELECT id FROM enrolments WHERE account_id = ?)`, a.ID),
		db.SQL(`DELETE FROM survey_answers WHERE enrolment_id IN (SELECT id FROM enrolments WHERE account_id = ?)`, a.ID),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return a, err
		}
	}
	return a, nil
}

// eraseDue erases, with a row of audit each, accounts that were deleted store.AccountKept ago.
func eraseDue(ctx context.Context, tx *db.Tx, most int, now time.Time) (more bool, err error) {
	type due struct{ id, portal db.ID }
	list, err := db.All(ctx, tx, db.SQL(`SELECT a.id, a.portal_id FROM accounts a JOIN portals p ON p.id = a.portal_id
		WHERE a.deleted_at <> 0 AND a.erased_at = 0 AND a.deleted_at <= ? AND p.final_at = 0 ORDER BY a.deleted_at LIMIT ?`,
		db.Micros(now.Add(-store.AccountKept)), most), func(s db.Scanner) (d due, err error) { return d, s.Scan(&d.id, &d.portal) })
	if err != nil {
		return false, err
	}
	for _, d := range list {
		system := access.System(d.portal, "housekeeping", now)
		a, err := store.FindAccount(ctx, tx, system.May(access.AccountDelete), d.id)
		if err != nil {
			return false, err
		}
		if a, err = EraseAccount(ctx, tx, a, now); err != nil {
			return false, err
		}
		row := store.AuditRow{Portal: d.portal, At: now, ActorName: "housekeeping", Operation: "account.erase", Outcome: "done",
			Target: access.Place{Kind: access.Account, ID: a.ID}, TargetName: a.Name, Detail: "{}"}
		if err := store.AddAudit(ctx, tx, row); err != nil {
			return false, err
		}
	}
	return len(list) == most, nil
}
