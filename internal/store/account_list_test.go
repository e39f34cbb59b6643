package store_test

import (
	"context"
	"fmt"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// crowd adds many people who are all called so that a search of "mar" finds two words of each; one in a hundred is in Lab.
func crowd(t *testing.T, w *worldtest.Test, n int) {
	t.Helper()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		writer, err := store.NewAccountWriter(t.Context(), tx, 0, w.Clock.Now())
		if err != nil {
			return err
		}
		var rows []*store.ImportedAccount
		for i := range n {
			org := w.Orgs["South"]
			if i%100 == 0 {
				org = w.Orgs["Lab"]
			}
			rows = append(rows, &store.ImportedAccount{Account: store.Account{Portal: w.Acme.ID, Org: org.ID, Name: fmt.Sprintf("Maria Mar%d", i), Username: fmt.Sprintf("m%d", i)},
				Attributes: "{}", At: org.PlaceThing()})
		}
		if err := writer.Add(t.Context(), tx, rows); err != nil {
			return err
		}
		return writer.Close(t.Context(), tx, w.Acme.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// walk reads a list from its first page to its last, and back, and returns how many people it held.
func walk(t *testing.T, w *worldtest.Test, who string, f store.AccountFilter) (people, total int) {
	t.Helper()
	read := func(p store.Page) (out store.List[store.Account]) {
		err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
			actor, err := w.Env.Cache.LoadActor(context.Background(), tx, w.Acme.ID, w.People[who].ID, w.Clock.Now())
			if err == nil {
				out, err = store.ListAccounts(t.Context(), tx, actor.May(access.AccountList), f, p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	var forth []db.ID
	seen := map[db.ID]bool{}
	page := read(store.Page{Size: 200})
	total = page.Total
	for {
		for _, a := range page.Items {
			if seen[a.ID] {
				t.Fatalf("%s reads %s twice", who, a.Name)
			}
			seen[a.ID] = true
			forth = append(forth, a.ID)
		}
		if page.Next == "" {
			break
		}
		page = read(store.Page{Size: 200, After: page.Next})
	}
	at := len(forth)
	for {
		for i := len(page.Items) - 1; i >= 0; i-- {
			if at--; at < 0 || forth[at] != page.Items[i].ID {
				t.Fatalf("%s reads another order backwards, at %d", who, at)
			}
		}
		if page.Prev == "" {
			break
		}
		page = read(store.Page{Size: 200, Before: page.Prev})
	}
	if at != 0 {
		t.Errorf("%s reads backwards to %d only", who, at)
	}
	return len(forth), total
}

// A search that finds very many is read in order of the index, a search in a small organization by name: both hold
// everybody once, forwards and back, for who sees them all and for who sees few.
func TestSearchOfMany(t *testing.T) {
	w := worldtest.New(t)
	crowd(t, w, 4200)
	for _, c := range []struct {
		who           string
		f             store.AccountFilter
		people, total int
	}{
		{"Leo", store.AccountFilter{}, 4214, store.CountLimit},
		{"Leo", store.AccountFilter{Query: "mar"}, 4200, store.CountLimit},
		{"Leo", store.AccountFilter{Query: "maria"}, 4200, store.CountLimit},
		{"Leo", store.AccountFilter{Query: "maria mar419"}, 11, 11},
		{"Leo", store.AccountFilter{Query: "mar", Org: w.Orgs["Lab"].ID}, 42, 42},
		{"Leo", store.AccountFilter{Org: w.Orgs["South"].ID}, 4160, store.CountLimit},
		{"Leo", store.AccountFilter{Query: "mar", Org: w.Orgs["South"].ID}, 4158, store.CountLimit},
		{"Leo", store.AccountFilter{Query: "mar", Archived: true}, 0, 0},
		{"Otto", store.AccountFilter{Query: "mar"}, 42, 42},
		{"Otto", store.AccountFilter{}, 47, 47},
		{"Bea", store.AccountFilter{Query: "mar"}, 0, 0},
		{"Bea", store.AccountFilter{Query: "l"}, 2, 2},
	} {

		people, total := walk(t, w, c.who, c.f)
		if people != c.people || total != c.total {
			t.Errorf("%s lists %+v: %d people, total %d; want %d and %d", c.who, c.f, people, total, c.people, c.total)
		}
	}
}
