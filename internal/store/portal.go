package store

import (
	"context"
	"encoding/json"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Portal is one business's site. Its root organization has its ID.
type Portal struct {
	ID       db.ID
	Name     string
	Host     string
	Created  time.Time
	Settings Settings
	// Deleted is when it was deleted, zero where it was not; Final: it is being taken away for ever.
	Deleted time.Time
	Final   bool
}

// Settings are what administrators configure of a portal; the zero value is a portal nobody configured.
type Settings struct {
	// PasswordMin is the least length of a password; 12 where it is zero.
	PasswordMin int `json:"password_min,omitempty"`
	// EmbedOrigins are the sites, as origins, in which pages may be embedded (LM-14).
	EmbedOrigins []string `json:"embed_origins,omitempty"`
	// Registration says whether people make their own accounts (CO-4).
	Registration Registration `json:"registration,omitzero"`
	// Brand is what the portal shows itself as, while it resells under its own brand.
	Brand Brand `json:"brand,omitzero"`
}

// Registration is open where On, to addresses of these domains; of all where there are none.
type Registration struct {
	On      bool     `json:"on"`
	Domains []string `json:"domains,omitempty"`
}

// Thing is the portal as a thing that permissions are asked about.
func (p Portal) Thing() access.Thing {
	return access.Thing{Kind: access.Portal, ID: p.ID, Portal: p.ID, Org: p.ID}
}

const portalColumns = `p.id, p.name, p.host, p.created_at, p.settings, p.deleted_at, p.final_at <> 0`

func scanPortal(s db.Scanner) (p Portal, err error) {
	var created, deleted int64
	var settings string
	if err = s.Scan(&p.ID, &p.Name, &p.Host, &created, &settings, &deleted, &p.Final); err != nil {
		return p, err
	}
	p.Deleted = db.TimeOrZero(deleted)
	p.Created = db.Time(created)
	return p, json.Unmarshal([]byte(settings), &p.Settings)
}

// PortalAt is the portal of a host name, or the one that is served on any host.
func PortalAt(ctx context.Context, tx *db.Tx, host string) (Portal, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+portalColumns+` FROM portals p WHERE p.host IN (?, '') ORDER BY p.host DESC LIMIT 1`, host), scanPortal)
}

// PortalOf is a portal, for what an operation needs of its settings: it shows nothing of it.
func PortalOf(ctx context.Context, tx *db.Tx, id db.ID) (Portal, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+portalColumns+` FROM portals p WHERE p.id = ?`, id), scanPortal)
}

// FindPortal is the actor's portal, where they may do this to it.
func FindPortal(ctx context.Context, tx *db.Tx, within access.Within) (Portal, error) {
	p, err := db.One(ctx, tx, db.SQL(`SELECT `+portalColumns+` FROM portals p WHERE p.id = ?`, within.Portal()), scanPortal)
	if err != nil {
		return p, err
	}
	thing := p.Thing()
	if within.Has(&thing) == nil {
		return p, NotAllowed(within)
	}
	return p, nil
}

// NotAllowed is the refusal of a permission, for what the actor may see.
func NotAllowed(within access.Within) error {
	if a := within.Actor(); a != nil && a.Behind != 0 && within.Permission().Closed {
		return fail.New(fail.NotAllowed, "This is closed while you act as another person.")
	}
	err := fail.New(fail.NotAllowed, "You may not do this: it needs the permission “{permission}”.", "permission", fail.Term(within.Permission().Title))
	err.Permission = within.Permission().Key
	return err
}

// CreatePortal makes a portal and its root organization. A host that is taken is a Conflict; an empty one serves any host.
func CreatePortal(ctx context.Context, tx *db.Tx, name, host string, now time.Time) (Portal, error) {
	p := Portal{ID: db.NewID(), Name: name, Host: host, Created: now}
	at := db.Micros(now)
	if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO portals (id, name, host, created_at, version, settings) VALUES (?, ?, ?, ?, 1, '{}')`,
		p.ID, name, host, at)); err != nil {
		if db.IsUnique(err) {
			return p, fail.New(fail.Conflict, "There is a portal on this host already.")
		}
		return p, err
	}
	return p, insertOrganization(ctx, tx, Organization{ID: p.ID, Portal: p.ID, Name: name, Created: now})
}

// SavePortal writes the portal's name and settings.
func SavePortal(ctx context.Context, tx *db.Tx, p Portal) error {
	text, err := json.Marshal(p.Settings)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE portals SET name = ?, settings = ? WHERE id = ?`, p.Name, string(text), p.ID)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE organizations SET name = ?, name_key = ? WHERE id = ?`, p.Name, db.Key(p.Name), p.ID)); err != nil {
		return err
	}
	return Changed(ctx, tx, p.ID)
}

// CountPortals is how many portals there are.
func CountPortals(ctx context.Context, tx *db.Tx) (int, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM portals`))
	return int(n), err
}

// Portals are all portals, by name, for those who run the server.
func Portals(ctx context.Context, tx *db.Tx) ([]Portal, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+portalColumns+` FROM portals p ORDER BY p.name, p.id`), scanPortal)
}

// PortalNames are the names of all portals, for those who run the server.
func PortalNames(ctx context.Context, tx *db.Tx) (map[db.ID]string, error) {
	portals, err := db.All(ctx, tx, db.SQL(`SELECT `+portalColumns+` FROM portals p`), scanPortal)
	out := make(map[db.ID]string, len(portals))
	for _, p := range portals {
		out[p.ID] = p.Name
	}
	return out, err
}

// SuperOf is the super administrator's account in a portal, for those who run the server and ask as nobody else.
func SuperOf(ctx context.Context, tx *db.Tx, portal db.ID) (db.ID, error) {
	return db.Val[db.ID](ctx, tx, db.SQL(`SELECT g.account_id FROM grants g WHERE g.portal_id = ? AND g.role = ? AND g.until = ?`, portal, string(access.Super), db.Never))
}
