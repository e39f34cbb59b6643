package op

import (
	"context"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Effects is who would gain and lose what by a change of access, before it is made (BE-2).
type Effects struct {
	// People are those who gain or lose, by name: ShownPeople of them at most.
	People []PersonEffects `json:"people"`
	// Affected, Gaining and Losing count all of them.
	Affected int `json:"affected"`
	Gaining  int `json:"gaining"`
	Losing   int `json:"losing"`
}

// ShownPeople is how many people Effects lists.
const ShownPeople = 100

// PersonEffects is what one person gains and loses.
type PersonEffects struct {
	ID    db.ID    `json:"id"`
	Name  string   `json:"name"`
	Gains []Effect `json:"gains,omitempty"`
	Loses []Effect `json:"loses,omitempty"`
}

// Effect is one permission at one place.
type Effect struct {
	Permission string `json:"permission"`
	Title      string `json:"title"`
	PlaceKind  string `json:"place_kind"`
	Place      db.ID  `json:"place"`
	PlaceName  string `json:"place_name"`
}

// previewBatch is how many people are folded at once.
const previewBatch = 500

// Preview runs the operation, tells who would gain and lose what, and rolls everything back. It is refused as the
// operation would be, and that leaves the same audit row (CO-8).
func (o *Op[In, Out]) Preview(ctx context.Context, env *Env, who Who, in In) (out Out, effects Effects, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.limit())
	defer cancel()
	c, err := o.begin(ctx, env, who, &in)
	if err == nil {
		out, effects, err = o.foresee(c, in)
	}
	if fail.Is(err, fail.NotAllowed) {
		if lost := c.refused(o.Name, err); lost != nil {
			return out, Effects{}, lost
		}
	}
	return out, effects, err
}

func (o *Op[In, Out]) foresee(c *Call, in In) (out Out, effects Effects, err error) {
	err = c.Env.DB.Write(c, func(tx *db.Tx) (err error) {
		if err = c.enter(tx); err != nil {
			return err
		}
		effects = Effects{}
		undo, err := tx.Savepoint(c)
		if err != nil {
			return err
		}
		if out, err = o.Do(c, in); err != nil {
			return err
		}
		if err = c.checkPassedOn(); err != nil {
			return err
		}
		if err = c.follow(); err != nil {
			return err
		}
		if err = c.checkPlan(); err != nil {
			return err
		}
		if err = c.effects(&effects, undo); err != nil {
			return err
		}
		return db.ErrRollback
	})
	return out, effects, err
}

// effects folds everybody whom the change concerns after it and, undone, before it.
func (c *Call) effects(out *Effects, undo func() error) error {
	if cells, only := c.cellsOnly(); only {
		return c.cellEffects(out, cells, undo)
	}
	accounts, err := c.concerned()
	if err != nil || len(accounts) == 0 {
		return err
	}
	after, err := c.foldAll(accounts)
	if err != nil {
		return err
	}
	if err := c.nameEffects(out, after, undo); err != nil {
		return err
	}
	return nil
}

func (c *Call) foldAll(accounts []db.ID) (map[db.ID]*access.Actor, error) {
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return nil, err
	}
	out := make(map[db.ID]*access.Actor, len(accounts))
	for part := range slices.Chunk(accounts, previewBatch) {
		actors, err := store.LoadActors(c, c.Tx, rules, part, c.Now)
		if err != nil {
			return nil, err
		}
		for _, a := range actors {
			out[a.Account] = a
		}
	}
	return out, nil
}

// nameEffects compares, after the change is undone, what everybody may do then with what they could do after it.
func (c *Call) nameEffects(out *Effects, after map[db.ID]*access.Actor, undo func() error) error {
	moved := c.resettled()
	if err := undo(); err != nil {
		return err
	}
	accounts := make([]db.ID, 0, len(after))
	for id := range after {
		accounts = append(accounts, id)
	}
	before, err := c.foldAll(accounts)
	if err != nil {
		return err
	}
	var shown []shownPerson
	for id, now := range after {
		was := before[id]
		if was == nil { // a new account: everything is gained
			was = access.NewActor(now.Rules(), id, now.Name, now.Portal, nil, c.Now)
		}
		gains, loses := access.Difference(was, now), access.Difference(now, was)
		for _, n := range moved {
			gains, loses = with(gains, access.Resettling(was, now, n)), with(loses, access.Unsettling(was, now, n))
		}
		if len(gains)+len(loses) == 0 {
			continue
		}
		out.count(len(gains), len(loses))
		shown = append(shown, shownPerson{now, gains, loses})
	}
	return c.nameShown(out, shown)
}

// nameShown lists the first of those who gain or lose, by name, as far as the actor may see them.
func (c *Call) nameShown(out *Effects, shown []shownPerson) error {
	places := map[access.Place]string{}
	names := func(list []access.Change) {
		for _, ch := range list {
			places[ch.Place] = ""
		}
	}
	slices.SortFunc(shown, func(a, b shownPerson) int { return compareNames(a.actor, b.actor) })
	if len(shown) > ShownPeople {
		shown = shown[:ShownPeople]
	}
	shown, err := c.mayName(shown)
	if err != nil {
		return err
	}
	for _, s := range shown {
		names(s.gains)
		names(s.loses)
	}
	if err := store.NamePlaces(c, c.Tx, places); err != nil {
		return err
	}
	for _, s := range shown {
		out.People = append(out.People, PersonEffects{s.actor.Account, s.actor.Name, effectsOf(s.gains, places), effectsOf(s.loses, places)})
	}
	return nil
}

// mayName keeps the people whom the actor may see, and those whom the change itself would add. The others are counted only.
func (c *Call) mayName(shown []shownPerson) ([]shownPerson, error) {
	if c.Actor == nil || c.Actor.May(access.AccountList).Everywhere() {
		return shown, nil
	}
	out := make([]shownPerson, 0, len(shown))
	for _, s := range shown {
		thing, err := store.LoadThing(c, c.Tx, access.Place{Kind: access.Account, ID: s.actor.Account}, c.Who.Portal, c.Now)
		if err != nil && !fail.Is(err, fail.NotFound) {
			return nil, err
		}
		if err != nil || c.Actor.Can(access.AccountList, &thing) {
			out = append(out, s)
		}
	}
	return out, nil
}

type shownPerson struct {
	actor        *access.Actor
	gains, loses []access.Change
}

func compareNames(a, b *access.Actor) int {
	if ka, kb := db.Key(a.Name), db.Key(b.Name); ka != kb {
		if ka < kb {
			return -1
		}
		return 1
	}
	return int(min(max(int64(a.Account-b.Account), -1), 1))
}

func (e *Effects) count(gains, loses int) {
	e.Affected++
	if gains > 0 {
		e.Gaining++
	}
	if loses > 0 {
		e.Losing++
	}
}

// with adds changes that are not among others yet.
func with(list, more []access.Change) []access.Change {
	for _, ch := range more {
		if !slices.Contains(list, ch) {
			list = append(list, ch)
		}
	}
	return list
}

func effectsOf(list []access.Change, names map[access.Place]string) []Effect {
	var out []Effect
	for _, ch := range list {
		out = append(out, Effect{ch.Perm.Key, ch.Perm.Title, ch.Place.Kind.String(), ch.Place.ID, names[ch.Place]})
	}
	return out
}

// concerned are the accounts whose rights the transaction's changes may touch.
func (c *Call) concerned() ([]db.ID, error) {
	var out []db.ID
	for _, note := range c.Tx.Notes() {
		var account, group db.ID
		var role access.RoleID
		switch n := note.(type) {
		case store.Begun:
			account, group = n.Account, n.Group
		case store.Ended:
			account, group = n.Account, n.Group
		case store.RoleChanged:
			role = n.Role
		case store.CellChanged:
			role = n.Override.Role
		case store.TypeSwitched:
			role = n.Role
		}
		if account != 0 {
			out = append(out, account)
			continue
		}
		var more []db.ID
		var err error
		if group != 0 {
			more, err = store.GroupMembers(c, c.Tx, c.Who.Portal, group, c.Now)
		} else if role != "" {
			more, err = c.holdersOf(role, note)
		} else if n, ok := note.(access.Resettled); ok {
			more, err = c.aroundResettled(n)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// holdersOf are who holds a role; of an account type that was switched, who holds one of the portal's own that goes with it too.
func (c *Call) holdersOf(role access.RoleID, note any) ([]db.ID, error) {
	out, err := store.HoldersOf(c, c.Tx, c.Who.Portal, role, c.Now)
	if _, switched := note.(store.TypeSwitched); !switched || err != nil {
		return out, err
	}
	for _, own := range c.Actor.Rules().Roles {
		if own.Parent != role {
			continue
		}
		more, err := store.HoldersOf(c, c.Tx, c.Who.Portal, own.ID, c.Now)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}
