// Package store holds the nouns of the portal: one file each, with its struct and every query on it. Queries on a portal's
// rows take an access.Within, so that to hold a noun is to have found it within what a permission reaches.
package store

import (
	"encoding/base64"
	"encoding/json"

	"provost/internal/db"
	"provost/internal/fail"
)

// Page asks for a part of a list, in the list's own order.
type Page struct {
	// After and Before are the Next and Prev of another part; empty for the first.
	After, Before string
	// Size is how many to return: 50 where it is zero, 200 at most.
	Size int
}

// List is a part of a list.
type List[T any] struct {
	Items []T
	// Next and Prev ask for the parts around it; empty where there is none.
	Next, Prev string
	// Total is how many there are in all, counted to CountLimit.
	Total int
}

// CountLimit is where counting a list stops, so that a page costs the same however large the portal is.
const CountLimit = 1000

func (p Page) size() int {
	switch {
	case p.Size <= 0:
		return 50
	case p.Size > 200:
		return 200
	}
	return p.Size
}

// cursor is the place of a row in a list ordered by a folded key and an ID.
type cursor struct {
	Key string
	ID  db.ID
}

func (c cursor) String() string {
	text, _ := json.Marshal(c) // two plain fields: cannot fail
	return base64.RawURLEncoding.EncodeToString(text)
}

func parseCursor(s string) (c cursor, err error) {
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return c, fail.Wrong("after", "This page marker is not one of this list's.")
	}
	return c, nil
}

// Keyset is the condition, the order and the limit that read one page by (key column, id column).
func (p Page) Keyset(key, id string) (where, tail db.Frag, err error) {
	where = db.SQL("1=1")
	order := db.SQL("ORDER BY " + key + ", " + id)
	if p.Before != "" {
		c, err := parseCursor(p.Before)
		if err != nil {
			return where, tail, err
		}
		where = db.SQL("("+key+", "+id+") < (?, ?)", c.Key, c.ID)
		order = db.SQL("ORDER BY " + key + " DESC, " + id + " DESC")
	} else if p.After != "" {
		c, err := parseCursor(p.After)
		if err != nil {
			return where, tail, err
		}
		where = db.SQL("("+key+", "+id+") > (?, ?)", c.Key, c.ID)
	}
	return where, db.SQL("? LIMIT ?", order, p.size()+1), nil
}

// pageOf cuts what a keyset query returned to the page, with the markers of its neighbours.
func pageOf[T any](p Page, rows []T, at func(T) cursor) List[T] {
	more := len(rows) > p.size()
	if more {
		rows = rows[:p.size()]
	}
	if p.Before != "" {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	out := List[T]{Items: rows}
	if len(rows) == 0 {
		return out
	}
	if more || p.Before != "" {
		out.Next = at(rows[len(rows)-1]).String()
	}
	if p.After != "" || (p.Before != "" && more) {
		out.Prev = at(rows[0]).String()
	}
	if p.Before != "" && !more {
		out.Prev = ""
	}
	return out
}

// PageOf is what a Keyset query returned, cut to the page; at tells a row's key and ID.
func PageOf[T any](p Page, rows []T, at func(T) (string, db.ID)) List[T] {
	return pageOf(p, rows, func(row T) cursor { key, id := at(row); return cursor{key, id} })
}
