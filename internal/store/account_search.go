package store

import (
	"context"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
)

// foundByWord is a person whom a search found by a word.
type foundByWord struct {
	word, key string
	id        db.ID
}

func (f foundByWord) at() cursor { return cursor{f.word + "\n" + f.key, f.id} }

// byWord tells whether a marker is one of a list by word: names hold no line's end.
func byWord(marker string) bool {
	c, err := parseCursor(marker)
	return err == nil && strings.Contains(c.Key, "\n")
}

// maxPart is how many words of the index are read at once, at most.
const maxPart = 4000

// byWord is the list in the order of the words that begin with the prefix, and of names: the order in which the index
// has them. A person with several such words stands under the first. The index is read part by part, and each part's
// people are looked at, until the page is full: so no database has to guess how many there are.
func (l *accountList) byWord(ctx context.Context, within access.Within, page Page) (List[Account], error) {
	marker := page.After + page.Before
	var found []foundByWord
	for size := 2 * (page.size() + 1); len(found) <= page.size(); size = min(2*size, maxPart) {
		part, err := l.part(ctx, page, marker, size)
		if err != nil {
			return List[Account]{}, err
		}
		if found, err = l.look(ctx, part, found); err != nil {
			return List[Account]{}, err
		}
		if len(part) < size {
			break
		}
		marker = part[len(part)-1].at().String()
	}
	cut := pageOf(page, found[:min(len(found), page.size()+1)], foundByWord.at)
	out := List[Account]{Next: cut.Next, Prev: cut.Prev, Items: make([]Account, len(cut.Items))}
	if err := l.fill(ctx, cut.Items, out.Items); err != nil {
		return out, err
	}
	err := withTeams(ctx, l.tx, out.Items, db.Time(within.Actor().Now()))
	if err != nil {
		return out, err
	}
	out.Total, err = l.total(ctx, out)
	return out, err
}

// part is the next part of the index, in the direction of the page.
func (l *accountList) part(ctx context.Context, page Page, marker string, size int) ([]foundByWord, error) {
	reach, order := beginning(l.portal, l.prefix, false), "w.word, w.name_key, w.account_id"
	if page.Before != "" {
		order = "w.word DESC, w.name_key DESC, w.account_id DESC"
	}
	if marker != "" {
		c, err := parseCursor(marker)
		if err != nil {
			return nil, err
		}
		word, key, _ := strings.Cut(c.Key, "\n")
		if least, most := l.prefix, l.prefix+endOfRange; word < least || word > most { // a forged one: the index is not read for it from its other end
			word, key, c.ID = min(max(word, least), most), "", 0
		}
		if page.Before != "" {
			reach = db.SQL(`w.portal_id = ? AND w.word >= ? AND (w.word, w.name_key, w.account_id) < (?, ?, ?) AND w.login = FALSE`, l.portal, l.prefix, word, key, c.ID)
		} else {
			reach = db.SQL(`w.portal_id = ? AND (w.word, w.name_key, w.account_id) > (?, ?, ?) AND w.word < ? AND w.login = FALSE`, l.portal, word, key, c.ID, l.prefix+endOfRange)
		}
	}
	return db.All(ctx, l.tx, db.SQL(`SELECT w.word, w.name_key, w.account_id FROM account_words w WHERE ? ORDER BY `+order+` LIMIT ?`, reach, size),
		func(s db.Scanner) (f foundByWord, err error) { return f, s.Scan(&f.word, &f.key, &f.id) })
}

// look appends to what was found those of a part who are in the list, each at the first of their words.
func (l *accountList) look(ctx context.Context, part, found []foundByWord) ([]foundByWord, error) {
	ids := make([]db.ID, len(part))
	for i, f := range part {
		ids[i] = f.id
	}
	type kept struct {
		id    db.ID
		words string
	}
	rows, err := db.All(ctx, l.tx, db.SQL(`SELECT a.id, a.words FROM accounts a WHERE a.id IN ? AND ?`, ids, l.cond),
		func(s db.Scanner) (k kept, err error) { return k, s.Scan(&k.id, &k.words) })
	if err != nil {
		return nil, err
	}
	first := make(map[db.ID]string, len(rows))
	for _, k := range rows {
		_, rest, _ := strings.Cut(k.words, " "+l.prefix)
		rest, _, _ = strings.Cut(rest, " ")
		first[k.id] = l.prefix + rest
	}
	for _, f := range part {
		if word, ok := first[f.id]; ok && word == f.word {
			found = append(found, f)
		}
	}
	return found, nil
}

// fill reads the accounts that were found into a list of the same length.
func (l *accountList) fill(ctx context.Context, found []foundByWord, into []Account) error {
	at := make(map[db.ID]int, len(found))
	ids := make([]db.ID, len(found))
	for i, f := range found {
		ids[i], at[f.id] = f.id, i
	}
	rows, err := db.All(ctx, l.tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE a.id IN ?`, ids), scanAccount)
	for _, a := range rows {
		into[at[a.ID]] = a
	}
	return err
}
