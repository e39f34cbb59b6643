package report

import (
	"iter"

	"provost/internal/access"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/store/report"
)

// counted turns a stream of store rows into rows of a sheet, and puts how many there were under the first column.
func counted[T any](rows iter.Seq2[T, error], footer []any, fill func(row []any, v *T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		n := 0
		row := make([]any, 0, 16)
		for v, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			n++
			if row = fill(row[:0], &v); !yield(row, nil) {
				return
			}
		}
		footer[0] = n
	}
}

func total(key, title string, n int64) ReportTotal { return ReportTotal{key, title, "int", float64(n)} }

var usersReport = newReport(&Report{
	Name: "users", Title: "Users", About: "People, the organization and the teams they are in, and how many courses they take.",
	Filters: []string{"organization", "team", "q"},
	needs:   append([]*access.Permission{access.ReportCertain, access.AccountList, access.AnalyticsRead, access.AccountViewIDs}, filterThings...),
	must:    []*access.Permission{access.AccountList, access.ReportCertain},
	reach: func(c *op.Call) []access.Within {
		return []access.Within{c.May(access.AccountList), c.May(access.ReportCertain)}
	},
	columns: columns(
		sheet.Column{Key: "name", Title: "Name"}, sheet.Column{Key: "code", Title: "Learner ID"}, sheet.Column{Key: "organization", Title: "Organization"},
		sheet.Column{Key: "teams", Title: "Teams"}, sheet.Column{Key: "enrolments", Title: "Courses", Type: sheet.Int},
		sheet.Column{Key: "added", Title: "Added", Type: sheet.Day}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		rows := report.EachPersonRow(c, c.Tx, c.May(access.AccountList), c.May(access.ReportCertain), c.May(access.TeamList), c.May(access.AccountViewIDs), r.Filter, part)
		return counted(rows, footer, func(row []any, p *report.PersonRow) []any {
			return append(row, p.Name, p.Code, p.Org, p.Teams, p.Enrolments, dateCell(p.Created))
		})
	},
	totals: func(c *op.Call, r *run) ([]ReportTotal, error) {
		n, err := report.CountPeople(c, c.Tx, c.May(access.AccountList), c.May(access.ReportCertain), r.Filter)
		return []ReportTotal{total("rows", "People", n)}, err
	},
})

var membersReport = newReport(&Report{
	Name: "team-members", Title: "Teams and members", About: "Who is in which team, as what, and since when.",
	Filters: []string{"organization", "team", "q"},
	needs:   append([]*access.Permission{access.ReportCertain, access.TeamView, access.AnalyticsRead}, filterThings...),
	must:    []*access.Permission{access.TeamView, access.ReportCertain},
	reach:   func(c *op.Call) []access.Within { return []access.Within{c.May(access.TeamView)} },
	columns: columns(
		sheet.Column{Key: "team", Title: "Team"}, sheet.Column{Key: "team_organization", Title: "Team's organization"}, sheet.Column{Key: "person", Title: "Person"},
		sheet.Column{Key: "organization", Title: "Person's organization"}, sheet.Column{Key: "role", Title: "As"}, sheet.Column{Key: "since", Title: "Since", Type: sheet.Day}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return counted(report.EachMemberRow(c, c.Tx, c.May(access.TeamView), r.Filter, part), footer, func(row []any, m *report.MemberRow) []any {
			return append(row, m.TeamName, m.TeamOrg, m.Name, m.Org, roleTitle(c, m.Role), dateCell(m.Since))
		})
	},
	totals: func(c *op.Call, r *run) ([]ReportTotal, error) {
		rows, people, teams, err := report.CountMembers(c, c.Tx, c.May(access.TeamView), r.Filter)
		return []ReportTotal{total("rows", "Memberships", rows), total("people", "People", people), total("teams", "Teams", teams)}, err
	},
})

func roleTitle(c *op.Call, id access.RoleID) string {
	if role := c.Actor.Rules().Role(id); role != nil {
		return role.Title
	}
	return string(id)
}

// givenTitle is roleTitle; who is a full or a partial administrator is told only to those who may see it (XA-3).
func givenTitle(c *op.Call, id access.RoleID) string {
	if role := c.Actor.Rules().Role(id); role != nil && role.Full() && !c.May(access.AccountSetFull).Everywhere() {
		return "An administrator's role"
	}
	return roleTitle(c, id)
}

var accessReport = newReport(&Report{
	Name: "access", Title: "Access: who can do what", About: "Every open grant: who, as which role, where, through which group and policy, since when and until when.",
	Filters: []string{"organization", "team", "q"},
	needs:   append([]*access.Permission{access.ReportAll, access.AccountList, access.AnalyticsRead, access.AccountSetFull}, filterThings...),
	must:    []*access.Permission{access.ReportAll, access.AccountList},
	reach:   func(c *op.Call) []access.Within { return []access.Within{c.May(access.AccountList)} },
	columns: columns(
		sheet.Column{Key: "person", Title: "Person"}, sheet.Column{Key: "organization", Title: "Organization"}, sheet.Column{Key: "role", Title: "Role"},
		sheet.Column{Key: "place_kind", Title: "At"}, sheet.Column{Key: "place", Title: "Place"}, sheet.Column{Key: "group", Title: "Through the group"},
		sheet.Column{Key: "policy", Title: "By the policy"}, sheet.Column{Key: "since", Title: "Since", Type: sheet.Time}, sheet.Column{Key: "until", Title: "Until", Type: sheet.Time}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return counted(report.EachAccessRow(c, c.Tx, c.May(access.AccountList), r.Filter, part), footer, func(row []any, a *report.AccessRow) []any {
			return append(row, a.Name, a.Org, givenTitle(c, a.Role), a.Place.Kind.String(), a.PlaceName, a.Group, a.Policy, dateCell(a.Since), untilCell(a.Until))
		})
	},
	totals: func(c *op.Call, r *run) ([]ReportTotal, error) {
		rows, people, err := report.CountAccess(c, c.Tx, c.May(access.AccountList), r.Filter)
		return []ReportTotal{total("rows", "Grants", rows), total("people", "People", people)}, err
	},
})

var auditReport = newReport(&Report{
	Name: "audit", Title: "Audit", About: "Every change and every refused attempt: who, as whom, what, to what, and what changed.",
	Filters: []string{"q", "period", "audit"},
	needs:   append([]*access.Permission{access.AuditView, access.AccountList}, veilNeeds...),
	must:    []*access.Permission{access.AuditView},
	reach:   func(c *op.Call) []access.Within { return []access.Within{c.May(access.AuditView)} },
	columns: columns(
		sheet.Column{Key: "seq", Title: "Number", Type: sheet.Int}, sheet.Column{Key: "at", Title: "Time", Type: sheet.Time}, sheet.Column{Key: "actor", Title: "Who"},
		sheet.Column{Key: "behind", Title: "Acted by"}, sheet.Column{Key: "operation", Title: "Operation"}, sheet.Column{Key: "outcome", Title: "Outcome"},
		sheet.Column{Key: "target_kind", Title: "On"}, sheet.Column{Key: "target", Title: "Target"}, sheet.Column{Key: "detail", Title: "Detail"},
		sheet.Column{Key: "hash", Title: "Check sum"}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return counted(auditRows(c, r.audit, part), footer, func(row []any, a *store.AuditEntry) []any {
			return append(row, a.Seq, a.At, a.ActorName, a.BehindName, a.Operation, a.Outcome, a.Target.Kind.String(), a.TargetName, a.Detail, a.Hash)
		})
	},
	totals: func(c *op.Call, r *run) ([]ReportTotal, error) {
		n, err := store.CountAudit(c, c.Tx, c.May(access.AuditView), r.audit)
		return []ReportTotal{total("rows", "Rows", n)}, err
	},
})
