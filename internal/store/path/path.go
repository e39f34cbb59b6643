package path

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Path is an order of goals that people are led along (CO-2).
type Path struct {
	ID, Portal, Org db.ID
	OrgName         string
	Name, About     string
	// InOrder: a goal is due when all goals before it are reached; otherwise all are due at once.
	InOrder bool
	// Open: whoever is in its organization, or below it, may enrol themselves.
	Open bool
	// Archived is zero where it is not: then nothing comes due any more, and nobody is enrolled.
	Archived, Created time.Time
}

// Thing is the path as a thing that permissions are asked about, and as a place.
func (p Path) Thing() access.Thing {
	return access.Thing{Kind: access.Path, ID: p.ID, Portal: p.Portal, Org: p.Org}
}

const pathColumns = `p.id, p.portal_id, p.org_id, o.name, p.name, p.about, p.in_order, p.is_open, p.archived_at, p.created_at FROM paths p JOIN organizations o ON o.id = p.org_id `

func scanPath(s db.Scanner) (p Path, err error) {
	var archived, created int64
	err = s.Scan(&p.ID, &p.Portal, &p.Org, &p.OrgName, &p.Name, &p.About, &p.InOrder, &p.Open, &archived, &created)
	p.Archived, p.Created = db.TimeOrZero(archived), db.Time(created)
	return p, err
}

// FindPath is one path within what a permission reaches. One that the actor may see, but not touch with it, is NotAllowed.
func FindPath(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Path, error) {
	p, err := db.One(ctx, tx, db.SQL(`SELECT `+pathColumns+`WHERE p.id = ? AND p.deleted_at = 0 AND ?`, id, within.Where("p")), scanPath)
	if !fail.Is(err, fail.NotFound) {
		return p, err
	}
	actor := within.Actor()
	if actor == nil {
		return p, fail.Missing("path")
	}
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM paths p WHERE p.id = ? AND p.deleted_at = 0 AND (? OR ?)`, id, actor.May(access.PathList).Where("p"), actor.May(access.PathView).Where("p")))
	switch {
	case err != nil:
		return p, err
	case n > 0:
		return p, store.NotAllowed(within)
	}
	return p, fail.Missing("path")
}

// Listed is a path with how many goals it has, and people who are in it.
type Listed struct {
	Path
	Goals, Learners int
}

// ListPaths are paths within what a permission reaches, by name; a query is matched with any part of the name.
func ListPaths(ctx context.Context, tx *db.Tx, within access.Within, query string, page store.Page) (store.List[Listed], error) {
	where, tail, err := page.Keyset("p.name_key", "p.id")
	if err != nil {
		return store.List[Listed]{}, err
	}
	cond := db.And(within.Where("p"), db.SQL("p.deleted_at = 0"))
	if query != "" {
		cond = db.And(cond, db.SQL(`p.name_key LIKE ? ESCAPE '\'`, "%"+store.LikeText(db.Key(query))+"%"))
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT (SELECT count(*) FROM `+GoalsThere+` g WHERE g.path_id = p.id), (SELECT count(*) FROM path_learners l WHERE l.path_id = p.id AND l.is_open), `+
		pathColumns+`WHERE ? AND ? ?`, cond, where, tail), func(s db.Scanner) (l Listed, err error) {
		l.Path, err = scanPath(before{s, []any{&l.Goals, &l.Learners}})
		return l, err
	})
	if err != nil {
		return store.List[Listed]{}, err
	}
	out := store.PageOf(page, rows, func(l Listed) (string, db.ID) { return db.Key(l.Name), l.ID })
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM paths p WHERE ? LIMIT ?) few`, cond, store.CountLimit))
	out.Total = int(total)
	return out, err
}

// before scans columns that stand before those of a noun.
type before struct {
	db.Scanner
	to []any
}

// Scan scans them together.
func (b before) Scan(to ...any) error { return b.Scanner.Scan(append(b.to, to...)...) }

// Fields are what is said of a path.
type Fields struct {
	Name, About             string
	InOrder, Open, Archived bool
}

// Create makes a path in an organization.
func Create(ctx context.Context, tx *db.Tx, org store.Organization, in Fields, now time.Time) (Path, error) {
	p := Path{ID: db.NewID(), Portal: org.Portal, Org: org.ID, OrgName: org.Name, Name: in.Name, About: in.About, InOrder: in.InOrder, Open: in.Open, Created: now}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO paths (id, portal_id, org_id, name, name_key, about, in_order, is_open, archived_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		p.ID, p.Portal, p.Org, p.Name, db.Key(p.Name), p.About, p.InOrder, p.Open, db.Micros(now)))
	return p, err
}

// Save changes what is said of a path.
func Save(ctx context.Context, tx *db.Tx, p Path, in Fields, now time.Time) (Path, error) {
	p.Name, p.About, p.InOrder, p.Open = in.Name, in.About, in.InOrder, in.Open
	switch {
	case !in.Archived:
		p.Archived = time.Time{}
	case p.Archived.IsZero():
		p.Archived = now
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE paths SET name = ?, name_key = ?, about = ?, in_order = ?, is_open = ?, archived_at = ? WHERE id = ?`,
		p.Name, db.Key(p.Name), p.About, p.InOrder, p.Open, db.MicrosOrZero(p.Archived), p.ID))
	tx.Note(Advanced{Path: p.ID})
	return p, err
}

// Goal is a step of a path.
type Goal struct {
	ID, Course db.ID
	CourseName string
	// Certificate: the goal is to hold a certificate of the course that counts; otherwise to have completed it.
	Certificate bool
	// AfterDays is how many days after somebody is enrolled in the path it is due at the earliest.
	AfterDays int
}

// GoalsThere are, as SQL, the goals of all paths whose course is there.
const GoalsThere = `(SELECT x.* FROM path_goals x JOIN courses k ON k.id = x.course_id WHERE k.deleted_at = 0)`

// MaxGoals is how many goals a path has at most; they are listed whole.
const MaxGoals = 100

// GoalsOf are the goals of a path, in order.
func GoalsOf(ctx context.Context, tx *db.Tx, p Path) ([]Goal, error) {
	return db.All(ctx, tx, db.SQL(`SELECT g.id, g.course_id, c.name, g.kind = 'certificate', g.after_days FROM `+GoalsThere+` g JOIN courses c ON c.id = g.course_id
		WHERE g.path_id = ? ORDER BY g.position, g.id`, p.ID), func(s db.Scanner) (g Goal, err error) {
		return g, s.Scan(&g.ID, &g.Course, &g.CourseName, &g.Certificate, &g.AfterDays)
	})
}

// AddGoal puts a goal at the end of a path.
func AddGoal(ctx context.Context, tx *db.Tx, p Path, course store.Course, certificate bool, afterDays int) error {
	goals, err := GoalsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	if len(goals) >= MaxGoals {
		return fail.New(fail.Conflict, "A path has {n} goals at most.", "n", MaxGoals)
	}
	for _, g := range goals {
		if g.Course == course.ID && g.Certificate == certificate {
			return fail.New(fail.Conflict, "This is a goal of the path already.")
		}
	}
	kind := "course"
	if certificate {
		kind = "certificate"
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO path_goals (id, portal_id, path_id, course_id, kind, position, after_days) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		db.NewID(), p.Portal, p.ID, course.ID, kind, len(goals), afterDays))
	tx.Note(Advanced{Path: p.ID})
	return err
}

// Order puts the goals of a path in an order: those that it leaves out are removed. Courses that were opened stay open.
func Order(ctx context.Context, tx *db.Tx, p Path, goals []db.ID) error {
	gone := db.SQL(`DELETE FROM path_goals WHERE path_id = ?`, p.ID)
	if len(goals) > 0 {
		gone = db.SQL(`? AND id NOT IN ?`, gone, goals)
	}
	if _, err := tx.Exec(ctx, gone); err != nil {
		return err
	}
	for i, id := range goals {
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE path_goals SET position = ? WHERE id = ? AND path_id = ?`, i, id, p.ID)); err != nil {
			return err
		}
	}
	tx.Note(Advanced{Path: p.ID})
	return nil
}
