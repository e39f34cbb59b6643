package op

import (
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/grid"
)

// fewHolders is up to how many people it is quicker to sort than to go over everybody by name.
const fewHolders = 2000

// cellsOnly are the cells of the grid that a transaction changed, where it changed nothing else that gives or takes rights.
func (c *Call) cellsOnly() (cells []access.Override, only bool) {
	for _, note := range c.Tx.Notes() {
		n, ok := note.(store.CellChanged)
		if !ok {
			return nil, false
		}
		cells = append(cells, n.Override)
	}
	return cells, len(cells) > 0
}

// cellEffects tells who gains and loses by a change of cells, without folding everybody who has the roles: most people hold
// a role once, at one place, and nothing else that holds what changed; for them one fold of each place says it all. All
// others are folded one by one, as for any other change.
func (c *Call) cellEffects(out *Effects, cells []access.Override, undo func() error) error {
	after, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	if err := undo(); err != nil {
		return err
	}
	before, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	e := &cellChange{c: c, out: out, before: before, after: after, mixed: map[db.ID]bool{}}
	for _, o := range cells {
		e.perms = append(e.perms, o.Perm)
		if !slices.Contains(e.roles, o.Role) {
			e.roles = append(e.roles, o.Role)
		}
	}
	if err := e.gather(); err != nil {
		return err
	}
	if err := e.countMixed(); err != nil {
		return err
	}
	if err := e.countLone(); err != nil {
		return err
	}
	return c.nameShown(out, e.shown)
}

// cellChange is one change of cells while it is previewed.
type cellChange struct {
	c             *Call
	out           *Effects
	before, after *access.Rules
	perms         []*access.Permission
	roles         []access.RoleID
	places        map[access.RoleID][]grid.HolderPlace
	// mixed are the people who have to be folded one by one.
	mixed map[db.ID]bool
	shown []shownPerson
}

// gather finds where the changed roles are held, and by whom beside something else that holds what changed.
func (e *cellChange) gather() error {
	c := e.c
	relevant := access.HoldersOf(e.perms, e.before, e.after)
	e.places = map[access.RoleID][]grid.HolderPlace{}
	for _, role := range e.roles {
		places, err := grid.HolderPlaces(c, c.Tx, c.Who.Portal, role, c.Now)
		if err != nil {
			return err
		}
		e.places[role] = places
		kinds := []string{access.Portal.String(), access.Organization.String()} // what is held there covers what lies below
		for _, p := range places {
			if !slices.Contains(kinds, p.Place.Kind.String()) {
				kinds = append(kinds, p.Place.Kind.String())
			}
		}
		if len(e.roles) > 1 {
			kinds = append(kinds, access.Team.String(), access.Course.String(), access.Account.String(), access.AccessGroup.String())
		}
		others := slices.DeleteFunc(slices.Clone(relevant), func(r access.RoleID) bool { return r == role })
		mixed, err := grid.MixedHolders(c, c.Tx, c.Who.Portal, role, others, kinds, c.Now)
		if err != nil {
			return err
		}
		for _, id := range mixed {
			e.mixed[id] = true
		}
	}
	return nil
}

// countMixed folds those who hold several things one by one.
func (e *cellChange) countMixed() error {
	ids := make([]db.ID, 0, len(e.mixed))
	for id := range e.mixed {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, previewBatch) {
		was, err := store.LoadActors(e.c, e.c.Tx, e.before, part, e.c.Now)
		if err != nil {
			return err
		}
		now, err := store.LoadActors(e.c, e.c.Tx, e.after, part, e.c.Now)
		if err != nil {
			return err
		}
		for i := range now { // both in the order of names
			gains, loses := access.Difference(was[i], now[i]), access.Difference(now[i], was[i])
			if len(gains)+len(loses) > 0 {
				e.out.count(len(gains), len(loses))
				e.shown = append(e.shown, shownPerson{now[i], gains, loses})
			}
		}
	}
	return nil
}

// countLone folds one grant of each place, and counts who holds nothing else there.
func (e *cellChange) countLone() error {
	c := e.c
	mixed := make([]db.ID, 0, len(e.mixed))
	for id := range e.mixed {
		mixed = append(mixed, id)
	}
	for _, role := range e.roles {
		less := map[access.Place]int{}
		for part := range slices.Chunk(mixed, previewBatch) {
			some, err := grid.HeldByThese(c, c.Tx, c.Who.Portal, role, part, c.Now)
			if err != nil {
				return err
			}
			for place, n := range some {
				less[place] += n
			}
		}
		moved, total := map[access.Place]shownPerson{}, 0
		for _, at := range e.places[role] {
			n := at.Grants - less[at.Place]
			if n <= 0 || at.Place.Kind == access.Account {
				continue
			}
			grant := access.Grant{Role: role, Place: at.Place, Org: at.Org, Until: db.Never}
			was, now := access.NewActor(e.before, 0, "", at.Org, []access.Grant{grant}, c.Now), access.NewActor(e.after, 0, "", at.Org, []access.Grant{grant}, c.Now)
			gains, loses := access.Difference(was, now), access.Difference(now, was)
			if len(gains)+len(loses) == 0 {
				continue
			}
			e.out.countMany(n, len(gains), len(loses))
			moved[at.Place] = shownPerson{now, gains, loses}
			total += n
		}
		if err := e.nameLone(role, moved, total); err != nil {
			return err
		}
	}
	return nil
}

// nameLone finds the first of them by name.
func (e *cellChange) nameLone(role access.RoleID, moved map[access.Place]shownPerson, total int) error {
	if total == 0 {
		return nil
	}
	places := make([]db.ID, 0, len(moved))
	for p := range moved {
		places = append(places, p.ID)
	}
	found, err := grid.NamedHolders(e.c, e.c.Tx, e.c.Who.Portal, role, places, total <= fewHolders, ShownPeople+len(e.mixed), e.c.Now)
	for _, h := range found {
		one, ok := moved[h.Place]
		if ok && !e.mixed[h.ID] {
			one.actor = access.NewActor(e.after, h.ID, h.Name, one.actor.Rules().Portal, nil, e.c.Now)
			e.shown = append(e.shown, one)
		}
	}
	return err
}

func (e *Effects) countMany(n, gains, loses int) {
	e.Affected += n
	if gains > 0 {
		e.Gaining += n
	}
	if loses > 0 {
		e.Losing += n
	}
}
