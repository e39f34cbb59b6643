package store

import (
	"context"
	"sync"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store/known"
	"provost/internal/store/past"
)

// Cache keeps the rules of portals and the grants of people, under the version that every change of them bumps and every
// request reads: a revocation counts at the next request, on every node (BE-8).
type Cache struct {
	mu       sync.Mutex
	portals  map[db.ID]*cached
	arrivals map[arrivalKey]Arrival
	facts    map[db.ID]*known.Facts[Folded]
	// Uses are the grants that were used, until they are written down.
	Uses *known.Uses
}

type cached struct {
	version int64
	rules   *access.Rules
	people  map[db.ID][]access.Grant
	// groups are the grants of access groups; nil until somebody asks for them.
	groups map[db.ID][]access.Grant
}

// maxCached bounds the people of a portal whose grants are kept, and the sessions; past it they are kept anew.
const maxCached = 20_000

// NewCache is an empty cache.
func NewCache() *Cache {
	return &Cache{portals: map[db.ID]*cached{}, arrivals: map[arrivalKey]Arrival{}, facts: map[db.ID]*known.Facts[Folded]{}, Uses: known.NewUses()}
}

// rules are the portal's at a version; they are loaded only where no one asked since the last change.
func (c *Cache) rules(ctx context.Context, tx *db.Tx, portal db.ID, version int64) (*access.Rules, error) {
	c.mu.Lock()
	known := c.portals[portal]
	c.mu.Unlock()
	if known != nil && known.version == version {
		return known.rules, nil
	}
	rules, err := LoadRules(ctx, tx, portal)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.portals[portal]; known == nil || known.version < version {
		c.portals[portal] = &cached{version: version, rules: rules, people: map[db.ID][]access.Grant{}}
	}
	return rules, nil
}

func (c *Cache) grants(portal, account db.ID, version int64) ([]access.Grant, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.portals[portal]
	if known == nil || known.version != version {
		return nil, false
	}
	g, ok := known.people[account]
	return g, ok
}

func (c *Cache) keep(portal, account db.ID, version int64, grants []access.Grant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.portals[portal]; known != nil && known.version == version {
		if len(known.people) >= maxCached {
			clear(known.people)
		}
		known.people[account] = grants
	}
}

// maxGroupGrants is how many grants of access groups GroupGrants looks at.
const maxGroupGrants = 5000

// GroupGrants are the grants of a portal's access groups that are open or will be, by group. It is for telling which group would
// allow something, and asks no permission; it reads nothing where somebody asked since the last change.
func (c *Cache) GroupGrants(ctx context.Context, tx *db.Tx, rules *access.Rules, now time.Time) (map[db.ID][]access.Grant, error) {
	c.mu.Lock()
	known := c.portals[rules.Portal]
	if known == nil || known.rules != rules { // then under rules that nobody keeps
		known = &cached{}
	}
	out := known.groups
	c.mu.Unlock()
	if out != nil {
		return out, nil
	}
	list, err := grantsWhere(ctx, tx, db.SQL("g.portal_id = ? AND g.group_id IS NOT NULL AND g.until > ? ORDER BY g.group_id LIMIT ?", rules.Portal, db.Micros(now), maxGroupGrants))
	if err != nil {
		return nil, err
	}
	out = map[db.ID][]access.Grant{}
	for _, g := range list {
		out[g.Group] = append(out[g.Group], g)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	known.groups = out
	return out, nil
}

// Changed bumps the portal's version: what nodes know of its grants, roles, overrides and organizations is out of date.
func Changed(ctx context.Context, tx *db.Tx, portal db.ID) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE portals SET version = version + 1 WHERE id = ?`, portal))
	return err
}

type whoIs struct {
	version int64
	name    string
	org     db.ID
	closed  bool
	visit   visit
}

// LoadActor folds an account's open grants. An account that is archived, or of another portal, may not act: SignIn. One that
// visits by a network may while its visit lasts (NA-1).
func (c *Cache) LoadActor(ctx context.Context, tx *db.Tx, portal, account db.ID, now time.Time) (*access.Actor, error) {
	actor, _, err := c.loadActor(ctx, tx, portal, account, now)
	return actor, err
}

// loadActor is LoadActor, with the grants that the actor is folded of, those that are yet to begin too.
func (c *Cache) loadActor(ctx context.Context, tx *db.Tx, portal, account db.ID, now time.Time) (*access.Actor, []access.Grant, error) {
	who, err := db.One(ctx, tx, db.SQL(`SELECT p.version, a.name, a.org_id, a.archived_at <> 0, coalesce(v.network_id, 0), coalesce(v.home_id, 0), coalesce(v.person_id, 0)
		FROM accounts a JOIN portals p ON p.id = a.portal_id LEFT JOIN network_visitors v ON v.account_id = a.id WHERE a.id = ? AND a.portal_id = ?`, account, portal),
		func(s db.Scanner) (w whoIs, err error) {
			return w, s.Scan(&w.version, &w.name, &w.org, &w.closed, &w.visit.network, &w.visit.home, &w.visit.person)
		})
	if err != nil || (who.closed && who.visit.network == 0) {
		if err == nil || fail.Is(err, fail.NotFound) {
			return nil, nil, fail.New(fail.SignIn, "Please sign in.")
		}
		return nil, nil, err
	}
	rules, err := c.rules(ctx, tx, portal, who.version)
	if err != nil {
		return nil, nil, err
	}
	grants, ok := c.grants(portal, account, who.version)
	if !ok {
		all, err := loadGrants(ctx, tx, rules, []db.ID{account}, now)
		if err != nil {
			return nil, nil, err
		}
		grants = all[account]
		c.keep(portal, account, who.version, grants)
	}
	actor := access.NewActor(rules, account, who.name, who.org, grants, now)
	if who.visit.network != 0 {
		actor, err = c.visiting(ctx, tx, actor, who.visit, now)
	}
	return actor, grants, err
}

// LoadActors folds several accounts of one portal at once, under given rules and past the cache: for previews, for comparing
// accounts inside a transaction that changes them, and for the past moment that the rules are of.
func LoadActors(ctx context.Context, tx *db.Tx, rules *access.Rules, accounts []db.ID, now time.Time) ([]*access.Actor, error) {
	type person struct {
		id, org, network db.ID
		name             string
	}
	people, err := db.All(ctx, tx, db.SQL(`SELECT a.id, a.org_id, coalesce(v.network_id, 0), a.name FROM accounts a LEFT JOIN network_visitors v ON v.account_id = a.id
		WHERE a.portal_id = ? AND a.id IN ? ORDER BY a.name_key, a.id`, rules.Portal, accounts), func(s db.Scanner) (p person, err error) {
		return p, s.Scan(&p.id, &p.org, &p.network, &p.name)
	})
	if err != nil {
		return nil, err
	}
	grants, err := loadGrants(ctx, tx, rules, accounts, now)
	if err != nil {
		return nil, err
	}
	if rules.At != 0 {
		if err := past.Resettle(ctx, tx, grants, rules.At); err != nil {
			return nil, err
		}
		was, err := past.At(ctx, tx, accounts, rules.At)
		if err != nil {
			return nil, err
		}
		for i := range people {
			if w, ok := was[access.Place{Kind: access.Account, ID: people[i].id}]; ok {
				people[i].org = w.Org
			}
		}
	}
	out := make([]*access.Actor, len(people))
	for i, p := range people {
		out[i] = access.NewActor(rules, p.id, p.name, p.org, grants[p.id], now)
		out[i].Visits = p.network != 0
	}
	return out, nil
}

const grantColumns = `g.id, g.role, g.place_kind, g.place_id, coalesce(t.org_id, c.org_id, pa.org_id, CASE WHEN g.place_kind = 'organization' THEN g.place_id ELSE g.portal_id END),
	coalesce(g.group_id, 0), coalesce(g.policy_id, 0)`

const grantPlaces = ` LEFT JOIN teams t ON g.place_kind = 'team' AND t.id = g.place_id
	LEFT JOIN courses c ON g.place_kind = 'course' AND c.id = g.place_id
	LEFT JOIN accounts pa ON g.place_kind = 'account' AND pa.id = g.place_id `

type held struct {
	account db.ID
	grant   access.Grant
}

// loadGrants are the grants of people, their own and those of their access groups, that are open or will be.
func loadGrants(ctx context.Context, tx *db.Tx, rules *access.Rules, accounts []db.ID, now time.Time) (map[db.ID][]access.Grant, error) {
	at := db.Micros(now)
	query := db.SQL(`SELECT g.account_id, g.since, g.until, `+grantColumns+` FROM grants g `+grantPlaces+`
		WHERE g.account_id IN ? AND g.portal_id = ? AND g.until > ?
		UNION ALL SELECT m.account_id, CASE WHEN m.since > g.since THEN m.since ELSE g.since END,
		CASE WHEN m.until < g.until THEN m.until ELSE g.until END, `+grantColumns+`
		FROM grants m JOIN grants g ON g.group_id = m.place_id `+grantPlaces+`
		WHERE m.account_id IN ? AND m.portal_id = ? AND m.role = 'access_group_member' AND m.place_kind = 'access_group'
		AND m.until > ? AND g.until > ? ORDER BY 1, 4`, accounts, rules.Portal, at, accounts, rules.Portal, at, at)
	rows, err := db.All(ctx, tx, query, scanHeld)
	if err != nil {
		return nil, err
	}
	out := make(map[db.ID][]access.Grant, len(accounts))
	var people []db.ID
	for _, h := range rows {
		out[h.account] = append(out[h.account], h.grant)
		if h.grant.Place.Kind == access.Account {
			people = append(people, h.grant.Place.ID)
		}
	}
	if len(people) == 0 {
		return out, nil
	}
	teams, err := teamsOf(ctx, tx, people, now)
	for _, list := range out {
		for i := range list {
			list[i].Teams = teams[list[i].Place.ID]
		}
	}
	return out, err
}

func scanHeld(s db.Scanner) (h held, err error) {
	var kind string
	g := &h.grant
	err = s.Scan(&h.account, &g.Since, &g.Until, &g.ID, &g.Role, &kind, &g.Place.ID, &g.Org, &g.Group, &g.Policy)
	g.Place.Kind, _ = access.KindOf(kind)
	return h, err
}

// teamsOf are the teams that people are in.
func teamsOf(ctx context.Context, tx *db.Tx, accounts []db.ID, now time.Time) (map[db.ID][]db.ID, error) {
	at := db.Micros(now)
	pairs, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT account_id, place_id FROM grants WHERE account_id IN ? AND place_kind = 'team'
		AND role IN ? AND since <= ? AND until > ? ORDER BY 1, 2`, accounts, teamRoles, at, at),
		func(s db.Scanner) (p [2]db.ID, err error) { return p, s.Scan(&p[0], &p[1]) })
	out := map[db.ID][]db.ID{}
	for _, p := range pairs {
		out[p[0]] = append(out[p[0]], p[1])
	}
	return out, err
}

var teamRoles = func() (out []string) {
	for _, r := range access.TeamRoles {
		out = append(out, string(r))
	}
	return out
}()

// LoadRules reads a portal's roles, overrides and tree of organizations, as they are.
func LoadRules(ctx context.Context, tx *db.Tx, portal db.ID) (*access.Rules, error) {
	return loadRules(ctx, tx, portal, db.SQL(`r.deleted_at = 0`), db.SQL(`p.until = ?`, db.Never), db.SQL(`until = ?`, db.Never))
}

// LoadRulesAt reads a portal's roles, overrides and tree of organizations as they were at a moment (BE-3). The names and parents
// of roles are those of now.
func LoadRulesAt(ctx context.Context, tx *db.Tx, portal db.ID, at time.Time) (*access.Rules, error) {
	us := db.Micros(at)
	rules, err := loadRules(ctx, tx, portal, db.SQL(`r.created_at <= ? AND (r.deleted_at = 0 OR r.deleted_at > ?)`, us, us),
		db.SQL(`p.since <= ? AND p.until > ?`, us, us), db.SQL(`since <= ? AND until > ?`, us, us))
	if err != nil {
		return nil, err
	}
	rules.At = us
	return rules, past.Reopen(ctx, tx, rules, us)
}

func loadRules(ctx context.Context, tx *db.Tx, portal db.ID, there, held, counts db.Frag) (*access.Rules, error) {
	tree, err := loadTree(ctx, tx, portal)
	if err != nil {
		return nil, err
	}
	roles := map[access.RoleID]*access.Role{}
	for r, err := range db.Each(ctx, tx, db.SQL(`SELECT r.id, r.name, r.about, r.parent, coalesce(p.permission, '') FROM roles r
		LEFT JOIN role_permissions p ON p.role_id = r.id AND ? WHERE r.portal_id = ? AND ?`, held, portal, there), scanRolePermission) {
		if err != nil {
			return nil, err
		}
		r.addTo(roles)
	}
	for id, role := range roles {
		if role.Parent != "" {
			if roles[id] = access.NewType(id, role.Title, role.Doc, role.Parent, role.Set); roles[id] == nil {
				delete(roles, id)
			}
		}
	}
	var overrides []access.Override
	for o, err := range db.Each(ctx, tx, db.SQL(`SELECT org_id, role, permission, allow, locked FROM overrides WHERE portal_id = ? AND ?`, portal, counts), scanOverride) {
		if err != nil {
			return nil, err
		}
		if o.Perm != nil {
			overrides = append(overrides, o)
		}
	}
	rules := access.NewRules(portal, tree, roles, overrides)
	if rules.Deleted, err = PortalDeleted(ctx, tx, portal); err != nil {
		return nil, err
	} else if rules.Courses, err = past.Courses(ctx, tx, portal, counts); err != nil {
		return nil, err
	}
	rules.Off, err = typesOff(ctx, tx, portal, counts)
	return rules, err
}

func loadTree(ctx context.Context, tx *db.Tx, portal db.ID) (access.Tree, error) {
	tree := access.Tree{Root: portal, Parent: map[db.ID]db.ID{}, Hidden: map[db.ID]bool{}, Names: map[db.ID]string{}}
	for n, err := range db.Each(ctx, tx, db.SQL(`SELECT id, coalesce(parent_id, 0), name, hidden, deleted_at <> 0 FROM organizations WHERE portal_id = ?`, portal), scanNode) {
		if err != nil {
			return tree, err
		}
		n.addTo(&tree)
	}
	return tree, nil
}

type node struct {
	id, parent   db.ID
	name         string
	hidden, gone bool
}

func scanNode(s db.Scanner) (n node, err error) {
	return n, s.Scan(&n.id, &n.parent, &n.name, &n.hidden, &n.gone)
}

func (n node) addTo(tree *access.Tree) {
	if n.parent != 0 {
		tree.Parent[n.id] = n.parent
	}
	if n.hidden {
		tree.Hidden[n.id] = true
	}
	if !n.gone {
		tree.Names[n.id] = n.name
	}
}

type rolePermission struct {
	id                        db.ID
	name, about, parent, perm string
}

func scanRolePermission(s db.Scanner) (r rolePermission, err error) {
	return r, s.Scan(&r.id, &r.name, &r.about, &r.parent, &r.perm)
}

var policyPlaces = []access.Kind{access.Portal, access.Organization, access.Course, access.Team, access.Account}

func (r rolePermission) addTo(roles map[access.RoleID]*access.Role) {
	id := access.CustomRoleID(r.id)
	role := roles[id]
	if role == nil {
		role = &access.Role{ID: id, Title: r.name, Doc: r.about, At: policyPlaces, Policy: r.parent == "", Parent: access.RoleID(r.parent)}
		roles[id] = role
	}
	if p, ok := access.PermissionOf(r.perm); ok {
		role.Set.Add(p)
	}
}

func scanOverride(s db.Scanner) (o access.Override, err error) {
	var perm string
	err = s.Scan(&o.Org, &o.Role, &perm, &o.Allow, &o.Locked)
	o.Perm, _ = access.PermissionOf(perm)
	return o, err
}
