// Package access is the law of the portal: which permissions there are, which roles hold them, where things lie,
// and the one fold of a person's grants from which every decision, query, explanation and preview is made.
package access

import (
	"fmt"
	"iter"
	"math/bits"
)

// Permission is one thing that can be done, declared once in table.go (BE-5).
type Permission struct {
	// Key is `noun.verb`; a released key is never renamed.
	Key     string
	On      Kind
	Section string
	Title   string
	// Yes are the roles that hold it before anybody edits the grid; Never those whose cell is not available (PT-5).
	Yes, Never Roles
	// Protected: not against an account that may do what the actor may not (PT-1).
	Protected bool
	// Looks: it only shows, and makes nobody act as another. A token is then compared with others by its person's rights, not by
	// the part of them that it has: a program that asks about people need not be able to do all that these may (BE-7).
	Looks bool
	// Own: over oneself, and so left out when two accounts are compared, and when rights are passed on.
	Own bool
	// Closed: not while one acts as another (CO-4).
	Closed bool
	// AtHome: not for who visits from another portal of a network (NA-1).
	AtHome bool
	// InArchive: it stays in a course that is archived; every other permission on courses is nobody's there (CO-1).
	InArchive bool
	// Template is the permission that decides instead where the course is a template; nil: it is nobody's there (CA-1).
	Template *Permission

	bit uint8
}

// Roles are the keys of several roles.
type Roles []RoleID

// Has tells whether a role is among them.
func (r Roles) Has(id RoleID) bool {
	for _, x := range r {
		if x == id {
			return true
		}
	}
	return false
}

// AllBut are all account types but these.
func AllBut(keep ...RoleID) Roles {
	var out Roles
	for _, t := range AccountTypes {
		if !Roles(keep).Has(t) {
			out = append(out, t)
		}
	}
	return out
}

var table []*Permission

func declare(p Permission) *Permission {
	if len(table) >= setSize {
		panic("access: more permissions than a Set holds")
	}
	p.bit = uint8(len(table))
	table = append(table, &p)
	return &p
}

// Table is every permission, in the order of its declaration.
func Table() []*Permission { return table }

// PermissionOf is the permission of a key; ok is false where there is none.
func PermissionOf(key string) (p *Permission, ok bool) {
	p, ok = byKey[key]
	return p, ok
}

const setSize = 128

// Set is a set of permissions.
type Set [setSize / 64]uint64

// SetOf is the set of these permissions.
func SetOf(list ...*Permission) Set {
	var s Set
	for _, p := range list {
		s.Add(p)
	}
	return s
}

// SetOfKeys is the set of the permissions with these keys; an unknown key is an error.
func SetOfKeys(keys []string) (Set, error) {
	var s Set
	for _, key := range keys {
		p, ok := byKey[key]
		if !ok {
			return s, fmt.Errorf("there is no permission %q", key)
		}
		s.Add(p)
	}
	return s, nil
}

// Add puts a permission into the set.
func (s *Set) Add(p *Permission) { s[p.bit>>6] |= 1 << (p.bit & 63) }

// Has tells whether a permission is in the set.
func (s *Set) Has(p *Permission) bool { return s[p.bit>>6]&(1<<(p.bit&63)) != 0 }

// Len is how many permissions are in the set.
func (s *Set) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// All are the set's permissions, in the table's order.
func (s *Set) All() iter.Seq[*Permission] {
	return func(yield func(*Permission) bool) {
		for _, p := range table {
			if s.Has(p) && !yield(p) {
				return
			}
		}
	}
}

// Keys are the keys of the set's permissions, in the table's order.
func (s *Set) Keys() []string {
	out := []string{}
	for p := range s.All() {
		out = append(out, p.Key)
	}
	return out
}

var (
	byKey   = map[string]*Permission{}
	builtin = map[RoleID]*Role{}
)

func init() {
	for i := range builtinRoles {
		r := &builtinRoles[i]
		builtin[r.ID] = r
	}
	for _, p := range table {
		if byKey[p.Key] != nil {
			panic("access: declared twice: " + p.Key)
		}
		byKey[p.Key] = p
		builtin[Super].Set.Add(p)
		for _, id := range p.Yes {
			if builtin[id] == nil || p.Never.Has(id) {
				panic(fmt.Sprintf("access: %s: role %s is not there, or never and yes at once", p.Key, id))
			}
			builtin[id].Set.Add(p)
		}
		if !p.AtHome {
			visiting.Add(p)
		}
	}
}

// visiting is all that a visitor from another portal of a network may hold.
var visiting Set

// ForRoles tells whether a role that a portal makes may hold the permission: it is not over oneself, which everybody has,
// and not the super administrator's alone (PT-5).
func (p *Permission) ForRoles() bool {
	if p.Own {
		return false
	}
	for _, id := range AccountTypes {
		if id != Super && !p.Never.Has(id) {
			return true
		}
	}
	return false
}
