package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

var auditOps = []op.Any{ListAudit}

// AuditQuery asks for a part of the audit, the newest first.
type AuditQuery struct {
	Query     string `query:"q" doc:"The beginning of the name of who acted or to whom it was done, or the whole name of anything else."`
	Person    db.ID  `query:"person" doc:"Only what this person did, themselves or as somebody else."`
	Target    db.ID  `query:"target" doc:"Only what was done to this."`
	Operation string `query:"operation" doc:"An operation's name, or the beginning of one."`
	Outcome   string `query:"outcome" doc:"done or refused."`
	Period    string `query:"period" doc:"today, 7, 30, 90, all, or range (with from and to)."`
	From      string `query:"from" doc:"The first day of the range, as 2026-03-02."`
	To        string `query:"to" doc:"The last day of the range."`
	After     string `query:"after" doc:"The next of another page."`
	Before    string `query:"before" doc:"The prev of another page."`
	Size      int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// Check refuses outcomes that there are none of.
func (in AuditQuery) Check() error {
	if in.Outcome != "" && in.Outcome != "done" && in.Outcome != "refused" {
		return fail.Wrong("outcome", "Choose done or refused.")
	}
	return nil
}

// AuditChange is one change of somebody's access: a grant that began or ended, a role or a cell that changed.
type AuditChange struct {
	Did   string `json:"did" doc:"began, ended, changed or overrode."`
	Who   string `json:"who,omitempty"`
	Role  string `json:"role"`
	Kind  string `json:"kind,omitempty"`
	Where string `json:"where,omitempty"`
}

// AuditFact is one thing that the audit keeps of an act, by its name.
type AuditFact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AuditItem is one act: who, as whom, what, to what, and how it came out.
type AuditItem struct {
	Number     int64     `json:"number"`
	At         time.Time `json:"at"`
	Actor      db.ID     `json:"actor"`
	ActorName  string    `json:"actor_name"`
	Behind     db.ID     `json:"behind,omitempty" doc:"Who really acted, where somebody acted as the actor."`
	BehindName string    `json:"behind_name,omitempty"`
	Operation  string    `json:"operation"`
	Outcome    string    `json:"outcome"`
	TargetKind string    `json:"target_kind,omitempty"`
	Target     db.ID     `json:"target,omitempty"`
	TargetName string    `json:"target_name,omitempty"`
	// Because is why it was refused.
	Because string        `json:"because,omitempty"`
	Facts   []AuditFact   `json:"facts"`
	Changes []AuditChange `json:"changes"`
	// Count is how many changes of access there were; Changes holds the first of them.
	Count int    `json:"count"`
	Hash  string `json:"hash"`
}

// AuditPage is a part of the audit.
type AuditPage struct {
	Items []AuditItem `json:"items"`
	Next  string      `json:"next,omitempty"`
	Prev  string      `json:"prev,omitempty"`
	Total int         `json:"total" doc:"How many there are; counting stops at 1000."`
	// Filters are those that count.
	Filters []ReportChip `json:"filters"`
}

// ListAudit lists what was done and what was refused, the newest first (CO-8).
var ListAudit = &op.Op[AuditQuery, AuditPage]{
	Name:  "audit.list",
	Route: "GET /audit",
	Doc:   "Lists every change and every refused attempt, the newest first: who, as whom, what, to what, and what changed.",
	Needs: append([]*access.Permission{access.AuditView, access.AccountList}, veilNeeds...),
	Do: func(c *op.Call, in AuditQuery) (out AuditPage, err error) {
		if within := c.May(access.AuditView); !within.Any() {
			return out, store.NotAllowed(within)
		}
		one := &run{}
		if one.period, err = periodOf(in.Period, in.From, in.To, c.Now); err != nil {
			return out, err
		}
		asked := ReportQuery{Operation: in.Operation, Outcome: in.Outcome, Q: in.Query, Person: in.Person}
		for _, name := range []string{"q", "period", "audit"} {
			if err := one.heed(c, name, asked); err != nil {
				return out, err
			}
		}
		one.audit.Target = in.Target
		list, err := store.ListAudit(c, c.Tx, c.May(access.AuditView), one.audit, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out = AuditPage{Items: []AuditItem{}, Next: list.Next, Prev: list.Prev, Total: list.Total, Filters: append([]ReportChip{}, one.chips...)}
		out.Items, err = auditItems(c, list.Items)
		return out, err
	},
}

// kept is what the audit keeps of an act, as package op writes it.
type kept struct {
	Detail  map[string]any `json:"detail"`
	Changes []struct {
		Did   string        `json:"did"`
		Who   db.ID         `json:"who"`
		Group db.ID         `json:"group"`
		Role  access.RoleID `json:"role"`
		At    string        `json:"at"`
		Where db.ID         `json:"where"`
	} `json:"changes"`
	Count int `json:"count"`
}

func auditItems(c *op.Call, rows []store.AuditEntry) ([]AuditItem, error) {
	if err := newVeil(c).draw(rows); err != nil {
		return nil, err
	}
	all := make([]kept, len(rows))
	names := map[access.Place]string{}
	for i, r := range rows {
		_ = json.Unmarshal([]byte(r.Detail), &all[i]) // what is not of this form has no changes to tell
		for _, ch := range all[i].Changes {
			names[access.Place{Kind: access.Account, ID: ch.Who}] = ""
			names[access.Place{Kind: access.AccessGroup, ID: ch.Group}] = ""
			if kind, ok := access.KindOf(ch.At); ok {
				names[access.Place{Kind: kind, ID: ch.Where}] = ""
			}
		}
	}
	if err := store.NamePlaces(c, c.Tx, names); err != nil {
		return nil, err
	}
	out := make([]AuditItem, len(rows))
	for i, r := range rows {
		out[i] = auditItem(r, all[i])
		for _, ch := range all[i].Changes {
			kind, _ := access.KindOf(ch.At)
			who := names[access.Place{Kind: access.Account, ID: ch.Who}]
			if ch.Group != 0 {
				who = names[access.Place{Kind: access.AccessGroup, ID: ch.Group}]
			}
			out[i].Changes = append(out[i].Changes, AuditChange{ch.Did, who, roleTitle(c, ch.Role), ch.At, names[access.Place{Kind: kind, ID: ch.Where}]})
		}
	}
	return out, nil
}

func auditItem(r store.AuditEntry, k kept) AuditItem {
	item := AuditItem{Number: r.Seq, At: r.At, Actor: r.Actor, ActorName: r.ActorName, Behind: r.Behind, BehindName: r.BehindName, Operation: r.Operation,
		Outcome: r.Outcome, TargetKind: r.Target.Kind.String(), Target: r.Target.ID, TargetName: r.TargetName, Facts: []AuditFact{}, Changes: []AuditChange{},
		Count: k.Count, Hash: r.Hash}
	if because, ok := k.Detail["because"].(string); ok {
		item.Because = because
		delete(k.Detail, "because")
	}
	item.Facts = factsOf(item.Facts, "", k.Detail)
	return item
}

// factsOf are the values of a detail with the names that lead to them: before.name, after.name.
func factsOf(out []AuditFact, prefix string, detail map[string]any) []AuditFact {
	names := make([]string, 0, len(detail))
	for name := range detail {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch v := detail[name].(type) {
		case nil:
		case map[string]any:
			out = factsOf(out, prefix+name+".", v)
		case []any:
			text, _ := json.Marshal(v) // it came from JSON
			out = append(out, AuditFact{prefix + name, string(text)})
		default:
			out = append(out, AuditFact{prefix + name, fmt.Sprint(v)})
		}
	}
	return out
}
