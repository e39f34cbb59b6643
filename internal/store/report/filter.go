package report

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Choice is something that a report may be filtered by.
type Choice struct {
	ID   db.ID
	Name string
}

func scanChoice(s db.Scanner) (c Choice, err error) { return c, s.Scan(&c.ID, &c.Name) }

// choice is the query of a kind of choice: its table by an alias, and what of it may be named to the asker.
type choice struct {
	noun, from, alias string
	visible           db.Frag
}

// courseChoice are the courses that one may see, and those in which somebody is whose figures one reads.
func courseChoice(list, read access.Within) choice {
	return choice{"course", "courses c", "c", db.And(db.SQL("c.portal_id = ?", list.Portal()), db.Or(list.Where("c"),
		db.SQL("EXISTS (SELECT 1 FROM enrolments e WHERE e.course_id = c.id AND ?)", read.Where("e"))))}
}

func orgChoice(list, read access.Within) choice {
	return choice{"organization", "organizations o", "o", db.And(db.SQL("o.portal_id = ?", list.Portal()), db.Or(list.Where("o"),
		db.SQL("EXISTS (SELECT 1 FROM enrolments e WHERE e.org_id = o.id AND ?)", read.Where("e"))))}
}

// pathChoice are the paths that one may see, and those on which somebody is whose figures one reads.
func pathChoice(list, read access.Within) choice {
	return choice{"path", "paths p", "p", db.And(db.SQL("p.portal_id = ? AND p.deleted_at = 0", list.Portal()), db.Or(list.Where("p"),
		db.SQL("EXISTS (SELECT 1 FROM path_learners l JOIN accounts a ON a.id = l.account_id WHERE l.path_id = p.id AND ?)", read.WhereOf(access.Account, "a"))))}
}

func teamChoice(list access.Within) choice {
	return choice{"team", "teams t", "t", db.And(db.SQL("t.portal_id = ? AND t.deleted_at = 0", list.Portal()), list.Where("t"))}
}

func (ch choice) find(ctx context.Context, tx *db.Tx, id db.ID) (Choice, error) {
	c, err := db.One(ctx, tx, db.SQL(`SELECT `+ch.alias+`.id, `+ch.alias+`.name FROM `+ch.from+` WHERE `+ch.alias+`.id = ? AND ?`, id, ch.visible), scanChoice)
	if fail.Is(err, fail.NotFound) {
		return c, fail.Missing(ch.noun)
	}
	return c, err
}

func (ch choice) list(ctx context.Context, tx *db.Tx, most int) ([]Choice, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+ch.alias+`.id, `+ch.alias+`.name FROM `+ch.from+` WHERE ? ORDER BY `+ch.alias+`.name_key, `+ch.alias+`.id LIMIT ?`,
		ch.visible, most), scanChoice)
}

// FindCourse is a course that a report may be filtered by: one within `list`, or in which somebody within `read` is.
// Any other is NotFound, as one that is not there.
func FindCourse(ctx context.Context, tx *db.Tx, list, read access.Within, id db.ID) (Choice, error) {
	return courseChoice(list, read).find(ctx, tx, id)
}

// FindOrg is an organization that a report may be filtered by, as FindCourse.
func FindOrg(ctx context.Context, tx *db.Tx, list, read access.Within, id db.ID) (Choice, error) {
	return orgChoice(list, read).find(ctx, tx, id)
}

// FindTeam is a team that a report may be filtered by: one within `list`. To filter by a team says who is in it.
func FindTeam(ctx context.Context, tx *db.Tx, list access.Within, id db.ID) (Choice, error) {
	return teamChoice(list).find(ctx, tx, id)
}

// FindPath is a learning path that a report may be filtered by, as FindCourse.
func FindPath(ctx context.Context, tx *db.Tx, list, read access.Within, id db.ID) (Choice, error) {
	return pathChoice(list, read).find(ctx, tx, id)
}

// Paths is described at Courses.
func Paths(ctx context.Context, tx *db.Tx, list, read access.Within, most int) ([]Choice, error) {
	return pathChoice(list, read).list(ctx, tx, most)
}

// Courses, Orgs and Teams are what a report may be filtered by, by name, `most` of each.
func Courses(ctx context.Context, tx *db.Tx, list, read access.Within, most int) ([]Choice, error) {
	return courseChoice(list, read).list(ctx, tx, most)
}

// Orgs is described at Courses.
func Orgs(ctx context.Context, tx *db.Tx, list, read access.Within, most int) ([]Choice, error) {
	return orgChoice(list, read).list(ctx, tx, most)
}

// Teams is described at Courses.
func Teams(ctx context.Context, tx *db.Tx, list access.Within, most int) ([]Choice, error) {
	return teamChoice(list).list(ctx, tx, most)
}

// PolicyNames are the names of policies, for their holders: by which policy one sees what one sees.
func PolicyNames(ctx context.Context, tx *db.Tx, portal db.ID, ids []db.ID) (map[db.ID]string, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT id, name FROM policies WHERE portal_id = ? AND id IN ?`, portal, ids), scanChoice)
	out := make(map[db.ID]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}

// OverseenTeams are, of the teams within a reach, up to `most`: those at which the actor holds `read` first, by name.
func OverseenTeams(ctx context.Context, tx *db.Tx, list, read access.Within, most int) ([]db.ID, error) {
	var own []db.ID
	for _, p := range read.Places() {
		if p.Kind == access.Team {
			own = append(own, p.ID)
		}
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT t.id, t.name FROM teams t WHERE ? ORDER BY CASE WHEN t.id IN ? THEN 0 ELSE 1 END, t.name_key, t.id LIMIT ?`,
		teamChoice(list).visible, own, most), scanChoice)
	out := make([]db.ID, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out, err
}
