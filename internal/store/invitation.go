package store

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// InvitationLasts is how long an invitation can be accepted.
const InvitationLasts = 14 * 24 * time.Hour

// InvitationStatus is what became of an invitation.
type InvitationStatus string

// The states of an invitation (LM-13).
const (
	InvitationPending   InvitationStatus = "pending"
	InvitationAccepted  InvitationStatus = "accepted"
	InvitationExpired   InvitationStatus = "expired"
	InvitationWithdrawn InvitationStatus = "withdrawn"
)

// Invitation asks somebody, by e-mail, to join the portal in one organization. Its token stands in the mail alone.
type Invitation struct {
	ID      db.ID
	Portal  db.ID
	Org     db.ID
	OrgName string
	Email   string
	// Name may be empty: the invited person gives it.
	Name string
	// Types are the account types that they will hold in the organization.
	Types access.Roles
	// Team is the team that they join; zero for none.
	Team     db.ID
	TeamName string
	// By is who invites, with whose rights it is accepted.
	By     db.ID
	ByName string
	// Accepted and Withdrawn are zero until then.
	Created, Sent, Until, Accepted, Withdrawn time.Time
	// Account is who accepted it.
	Account db.ID
}

// Thing is the invitation as a thing that permissions are asked about.
func (i Invitation) Thing() access.Thing {
	return access.Thing{Kind: access.Invitation, ID: i.ID, Portal: i.Portal, Org: i.Org}
}

// Status is what became of it by a moment.
func (i Invitation) Status(now time.Time) InvitationStatus {
	switch {
	case !i.Accepted.IsZero():
		return InvitationAccepted
	case !i.Withdrawn.IsZero():
		return InvitationWithdrawn
	case !now.Before(i.Until):
		return InvitationExpired
	}
	return InvitationPending
}

const invitationColumns = `i.id, i.portal_id, i.org_id, o.name, i.email, i.name, i.types, coalesce(i.team_id, 0), coalesce(t.name, ''),
	i.invited_by, b.name, i.created_at, i.sent_at, i.until, i.accepted_at, i.withdrawn_at, coalesce(i.account_id, 0)
	FROM invitations i JOIN organizations o ON o.id = i.org_id JOIN accounts b ON b.id = i.invited_by LEFT JOIN teams t ON t.id = i.team_id `

func scanInvitation(s db.Scanner) (i Invitation, err error) {
	var types string
	var created, sent, until, accepted, withdrawn int64
	err = s.Scan(&i.ID, &i.Portal, &i.Org, &i.OrgName, &i.Email, &i.Name, &types, &i.Team, &i.TeamName, &i.By, &i.ByName,
		&created, &sent, &until, &accepted, &withdrawn, &i.Account)
	for t := range strings.FieldsSeq(types) {
		i.Types = append(i.Types, access.RoleID(t))
	}
	i.Created, i.Sent, i.Until = db.Time(created), db.Time(sent), db.Time(until)
	i.Accepted, i.Withdrawn = db.TimeOrZero(accepted), db.TimeOrZero(withdrawn)
	return i, err
}

// FindInvitation is one invitation within what a permission reaches. Who may not see it learns nothing of it.
func FindInvitation(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Invitation, error) {
	i, err := db.One(ctx, tx, db.SQL(`SELECT `+invitationColumns+`WHERE i.id = ? AND ?`, id, within.Where("i")), scanInvitation)
	if fail.Is(err, fail.NotFound) {
		return i, fail.Missing("invitation")
	}
	return i, err
}

// InvitationFilter narrows a list of invitations.
type InvitationFilter struct {
	// Query is the beginning of the e-mail address.
	Query string
	// Status keeps those of one state; empty keeps all.
	Status InvitationStatus
	// Team keeps those into one team.
	Team db.ID
}

func (f InvitationFilter) where(now int64) db.Frag {
	parts := []db.Frag{db.SQL("1=1")}
	if f.Query != "" {
		parts = append(parts, db.SQL(`i.email_key LIKE ? ESCAPE '\'`, likeText.Replace(db.Key(cut(f.Query, 200)))+"%"))
	}
	if f.Team != 0 {
		parts = append(parts, db.SQL("i.team_id = ?", f.Team))
	}
	switch f.Status {
	case InvitationPending:
		parts = append(parts, db.SQL("i.accepted_at = 0 AND i.withdrawn_at = 0 AND i.until > ?", now))
	case InvitationExpired:
		parts = append(parts, db.SQL("i.accepted_at = 0 AND i.withdrawn_at = 0 AND i.until <= ?", now))
	case InvitationAccepted:
		parts = append(parts, db.SQL("i.accepted_at > 0"))
	case InvitationWithdrawn:
		parts = append(parts, db.SQL("i.withdrawn_at > 0"))
	}
	return db.And(parts...)
}

// ListInvitations are the invitations within what a permission reaches, by e-mail address.
func ListInvitations(ctx context.Context, tx *db.Tx, within access.Within, f InvitationFilter, page Page) (List[Invitation], error) {
	after, tail, err := page.Keyset("i.email_key", "i.id")
	if err != nil {
		return List[Invitation]{}, err
	}
	cond := db.And(within.Where("i"), f.where(within.Actor().Now()))
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+invitationColumns+`WHERE ? AND ? ?`, cond, after, tail), scanInvitation)
	if err != nil {
		return List[Invitation]{}, err
	}
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM invitations i WHERE ? LIMIT ?) few`, cond, CountLimit))
	out := pageOf(page, rows, func(i Invitation) cursor { return cursor{db.Key(i.Email), i.ID} })
	out.Total = int(total)
	return out, err
}

// CreateInvitation keeps a new invitation under the hash of its token. One to the same address that has ended makes way;
// one that is pending is a Conflict.
func CreateInvitation(ctx context.Context, tx *db.Tx, i Invitation, hash []byte) (Invitation, error) {
	i.ID, i.Sent, i.Until = db.NewID(), i.Created, i.Created.Add(InvitationLasts)
	tx.Note(Grew("invitations"))
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE invitations SET withdrawn_at = until WHERE portal_id = ? AND email_key = ? AND accepted_at = 0 AND withdrawn_at = 0 AND until <= ?`,
		i.Portal, db.Key(i.Email), db.Micros(i.Created))); err != nil {
		return i, err
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO invitations (id, portal_id, org_id, email, email_key, name, types, team_id, hash, invited_by, created_at, sent_at,
		until, accepted_at, withdrawn_at, account_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, NULL)`, i.ID, i.Portal, i.Org, i.Email, db.Key(i.Email), i.Name,
		typesText(i.Types), null(i.Team), hex.EncodeToString(hash), i.By, db.Micros(i.Created), db.Micros(i.Sent), db.Micros(i.Until)))
	if db.IsUnique(err) {
		return i, fail.New(fail.Conflict, "There is an invitation to this address already.")
	}
	return i, err
}

func typesText(types access.Roles) string {
	texts := make([]string, len(types))
	for n, t := range types {
		texts[n] = string(t)
	}
	return strings.Join(texts, " ")
}

// Invited tells which of some e-mail addresses have a pending invitation, and which somebody in the portal has, by key.
func Invited(ctx context.Context, tx *db.Tx, portal db.ID, keys []string, now time.Time) (pending, known map[string]bool, err error) {
	pending, known = map[string]bool{}, map[string]bool{}
	for _, q := range []struct {
		into  map[string]bool
		query db.Frag
	}{
		{pending, db.SQL(`SELECT email_key FROM invitations WHERE portal_id = ? AND email_key IN ? AND accepted_at = 0 AND withdrawn_at = 0 AND until > ?`, portal, keys, db.Micros(now))},
		{known, db.SQL(`SELECT email_key FROM accounts WHERE portal_id = ? AND email_key <> '' AND email_key IN ?`, portal, keys)},
	} {
		found, err := db.All(ctx, tx, q.query, func(s db.Scanner) (key string, err error) { return key, s.Scan(&key) })
		if err != nil {
			return nil, nil, err
		}
		for _, key := range found {
			q.into[key] = true
		}
	}
	return pending, known, nil
}

// RenewInvitation gives an invitation that was not accepted a new token and a new time, in the name of who sends it again.
// The token before it is worth nothing any more.
func RenewInvitation(ctx context.Context, tx *db.Tx, i Invitation, hash []byte, by db.ID, now time.Time) (Invitation, error) {
	i.Sent, i.Until, i.By = now, now.Add(InvitationLasts), by
	tx.Note(Grew("invitations"))
	_, err := tx.Exec(ctx, db.SQL(`UPDATE invitations SET hash = ?, sent_at = ?, until = ?, invited_by = ? WHERE id = ? AND accepted_at = 0 AND withdrawn_at = 0`,
		hex.EncodeToString(hash), db.Micros(i.Sent), db.Micros(i.Until), by, i.ID))
	return i, err
}

// WithdrawInvitation makes an invitation's token worthless.
func WithdrawInvitation(ctx context.Context, tx *db.Tx, i Invitation, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE invitations SET withdrawn_at = ? WHERE id = ? AND accepted_at = 0 AND withdrawn_at = 0`, db.Micros(now), i.ID))
	return err
}

// InvitationAt is the invitation of a token's hash in a portal, whatever became of it. It asks no permission: whoever has
// the token has read the mail.
func InvitationAt(ctx context.Context, tx *db.Tx, portal db.ID, hash []byte) (Invitation, error) {
	i, err := db.One(ctx, tx, db.SQL(`SELECT `+invitationColumns+`WHERE i.portal_id = ? AND i.hash = ?`, portal, hex.EncodeToString(hash)), scanInvitation)
	if fail.Is(err, fail.NotFound) {
		return i, fail.Missing("invitation")
	}
	return i, err
}

// TakeInvitation uses an invitation up: of two at once, one finds it.
func TakeInvitation(ctx context.Context, tx *db.Tx, i Invitation, account db.ID, now time.Time) (found bool, err error) {
	n, err := tx.Exec(ctx, db.SQL(`UPDATE invitations SET accepted_at = ?, account_id = ? WHERE id = ? AND accepted_at = 0 AND withdrawn_at = 0 AND until > ?`,
		db.Micros(now), account, i.ID, db.Micros(now)))
	return n == 1, err
}
