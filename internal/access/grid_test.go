package access

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"
)

// GR-6: each cell that the grid fixes is what the table declares, for the permissions that exist so far.
func TestGrid(t *testing.T) {
	courses := map[string]RoleID{}
	compared := compareGrid(t, "testdata/grid.csv", nil) + compareGrid(t, "testdata/grid-courses.csv", courses)
	if compared < 200 {
		t.Fatalf("only %d cells were compared", compared)
	}
}

// compareGrid compares one table; renamed are its columns whose role has another key, or, where empty, is not there yet.
func compareGrid(t *testing.T, file string, renamed map[string]RoleID) (compared int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		p, ok := PermissionOf(line[2])
		if !ok {
			continue
		}
		if p.Title != line[3] && line[0] == "business" {
			t.Errorf("%s is called %q, in the grid %q", p.Key, p.Title, line[3])
		}
		for i := 4; i < len(line); i++ {
			role := RoleID(lines[0][i])
			if to, ok := renamed[string(role)]; ok {
				role = to
			}
			if role == "" || line[i] == "" {
				continue
			}
			compared++
			if got := cellOf(role, p); got != line[i] && !(line[i] == "always" && got == "yes") {
				t.Errorf("%s, %s: the table says %s, the grid %s", p.Key, role, got, line[i])
			}
		}
	}
	return compared
}

func cellOf(role RoleID, p *Permission) string {
	switch {
	case Builtin(role).Set.Has(p):
		return "yes"
	case p.Never.Has(role):
		return "never"
	}
	return "off"
}

// BE-5: what is declared is whole: a section, a title, a kind that lies somewhere, and account types that are columns.
func TestTable(t *testing.T) {
	for _, p := range table {
		if p.Section == "" || p.Title == "" || lies[p.On] == nil {
			t.Errorf("%s lacks a section, a title, or a kind that lies anywhere", p.Key)
		}
		for _, id := range append(slices.Clone(p.Yes), p.Never...) {
			if Builtin(id) == nil {
				t.Errorf("%s names the role %q, which is not there", p.Key, id)
			}
		}
	}
	for i := range builtinRoles {
		r := &builtinRoles[i]
		for p := range r.Set.All() {
			if !slices.ContainsFunc(r.At, func(k Kind) bool { return lies[p.On][k] != "" }) {
				t.Errorf("%s holds %s, which reaches nothing wherever it may be given", r.ID, p.Key)
			}
		}
	}
}

// LM-8: nothing that a learner manager holds opens a course's content, edits a course or sends an invitation.
func TestLearnerManagersHoldNoContent(t *testing.T) {
	for _, id := range []RoleID{ListUsers, ListTeams, ReadTeams, CreateTeams, AnalyticsViewer, AnalyticsReader, DownloadReports, EnrollManager, TeamOwner} {
		for p := range Builtin(id).Set.All() {
			switch p {
			case CourseConfigure, CourseCreate, CourseGrade, AccountInvite, InvitationList, AccountAdd, AccountEdit, AccountViewLogin:
				t.Errorf("%s holds %s", id, p.Key)
			}
		}
	}
}
