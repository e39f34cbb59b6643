package action

import (
	"fmt"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// tellOfTeam writes a mail to everybody who is notified of a team, in the transaction of the change (LM-10). It names to
// each only whom that receiver may see; of the others it tells how many there are. Who made the change is told nothing.
func tellOfTeam(c *op.Call, team store.Team, added, removed []store.Account) error {
	to, err := store.NotifiedOf(c, c.Tx, team, c.Now)
	if err != nil || len(to) == 0 {
		return err
	}
	ids := make([]db.ID, len(to))
	for i, r := range to {
		ids[i] = r.Account
	}
	rules, err := store.LoadRules(c, c.Tx, team.Portal)
	if err != nil {
		return err
	}
	actors, err := store.LoadActors(c, c.Tx, rules, ids, c.Now)
	if err != nil {
		return err
	}
	portal, err := store.PortalOf(c, c.Tx, team.Portal)
	if err != nil {
		return err
	}
	reads := map[db.ID]*access.Actor{}
	for _, a := range actors {
		reads[a.Account] = a
	}
	for _, r := range to {
		reader := reads[r.Account]
		thing := team.Thing()
		if reader == nil || r.Account == c.Who.Account || r.Account == c.By() || !reader.Can(access.TeamList, &thing) {
			continue
		}
		body := "The people of the team " + team.Name + " changed.\n\n" + toldOf(reader, "Added", added, team.ID, true) + toldOf(reader, "Taken out", removed, team.ID, false) +
			"\n" + c.Env.PortalURL(portal) + "/teams/" + team.ID.String() + "\n"
		if err := store.Enqueue(c, c.Tx, team.Portal, r.Email, "Team "+team.Name+": people changed", body, c.Now); err != nil {
			return err
		}
	}
	return nil
}

// toldOf is a line on people who came or left, for one reader: those who came lie in the team now, those who left do not.
func toldOf(reader *access.Actor, word string, people []store.Account, team db.ID, inside bool) string {
	var seen []string
	others := 0
	for _, p := range people {
		thing := p.Thing()
		teams := make([]db.ID, 0, len(thing.Teams)+1)
		for _, id := range thing.Teams {
			if id != team {
				teams = append(teams, id)
			}
		}
		if inside {
			teams = append(teams, team)
		}
		thing.Teams = teams
		if reader.Can(access.AccountList, &thing) {
			seen = append(seen, p.Name)
		} else {
			others++
		}
	}
	if len(seen) > 50 {
		others += len(seen) - 50
		seen = seen[:50]
	}
	switch {
	case len(seen) == 0 && others == 0:
		return ""
	case others == 0:
		return word + ": " + strings.Join(seen, ", ") + ".\n"
	case len(seen) == 0:
		return fmt.Sprintf("%s: %d.\n", word, others)
	}
	return fmt.Sprintf("%s: %s, and %d more.\n", word, strings.Join(seen, ", "), others)
}

// listOf is a list of what is found already.
func listOf[T any](items ...T) []T { return items }
