package path

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
)

// Carried is a course or a learning path that an invitation carries: whoever accepts is enrolled in it (LM-1).
type Carried struct {
	access.Place
	Name string
}

// CoursesCalled are the courses within what a permission reaches that have an id, a code or a name: two at most, for who needs just one. Templates are none.
func CoursesCalled(ctx context.Context, tx *db.Tx, within access.Within, text string) ([]Carried, error) {
	id, _ := db.ParseID(text) // zero where it is none
	return db.All(ctx, tx, db.SQL(`SELECT 'course', c.id, c.name FROM courses c WHERE c.portal_id = ? AND c.deleted_at = 0 AND c.archived_at = 0 AND NOT c.template
		AND (c.id = ? OR c.code = ? OR c.name_key = ?) AND ? ORDER BY c.id LIMIT 2`, within.Portal(), id, text, db.Key(text), within.Where("c")), scanCarried)
}

// PathsCalled are the paths within what a permission reaches that have an id or a name: two at most, for who needs just one.
func PathsCalled(ctx context.Context, tx *db.Tx, within access.Within, text string) ([]Carried, error) {
	id, _ := db.ParseID(text) // zero where it is none
	return db.All(ctx, tx, db.SQL(`SELECT 'path', p.id, p.name FROM paths p WHERE p.portal_id = ? AND p.archived_at = 0 AND (p.id = ? OR p.name_key = ?) AND ? ORDER BY p.id LIMIT 2`,
		within.Portal(), id, db.Key(text), within.Where("p")), scanCarried)
}

func scanCarried(s db.Scanner) (x Carried, err error) {
	var kind string
	err = s.Scan(&kind, &x.ID, &x.Name)
	x.Kind, _ = access.KindOf(kind)
	return x, err
}

// Carry puts courses and paths on an invitation, which was made just before.
func Carry(ctx context.Context, tx *db.Tx, invitation db.ID, list []Carried) error {
	for _, x := range list {
		if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO invitation_places (invitation_id, place_kind, place_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, invitation, x.Kind.String(), x.ID)); err != nil {
			return err
		}
	}
	return nil
}

// CarriedBy is what invitations that were found before carry, by their ids: courses first, by name.
func CarriedBy(ctx context.Context, tx *db.Tx, invitations []db.ID) (map[db.ID][]Carried, error) {
	out := map[db.ID][]Carried{}
	type row struct {
		of db.ID
		is Carried
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT i.invitation_id, i.place_kind, i.place_id, coalesce(c.name, p.name, '') FROM invitation_places i
		LEFT JOIN courses c ON i.place_kind = 'course' AND c.id = i.place_id LEFT JOIN paths p ON i.place_kind = 'path' AND p.id = i.place_id
		WHERE i.invitation_id IN ? ORDER BY i.place_kind, c.name_key, p.name_key, i.place_id`, invitations), func(s db.Scanner) (r row, err error) {
		r.is, err = scanCarried(before{s, []any{&r.of}})
		return r, err
	})
	for _, r := range rows {
		out[r.of] = append(out[r.of], r.is)
	}
	return out, err
}
