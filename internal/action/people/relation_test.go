package people_test

import (
	"slices"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/people"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// PT-2, PR-1, ME-1, MG-1: relations are given and ended by who may say so over the person, and holds there what they give.
func TestPT2Relations(t *testing.T) {
	w := worldtest.WithKin(t)
	add := func(who, person string, role access.RoleID, whom string) (people.Relation, error) {
		return try(t, w, who, people.AddRelation, people.NewRelation{Account: w.People[whom].ID, Role: role, Person: w.People[person].ID})
	}
	for _, s := range []struct {
		who, person string
		role        access.RoleID
		whom        string
		want        fail.Kind
	}{
		{"Otto", "Gus", access.ManagerOf, "Lin", -1},
		{"Otto", "Gus", access.ManagerOf, "Lin", fail.Conflict},
		{"Otto", "Gus", access.FriendOf, "Lin", fail.Invalid},
		{"Otto", "Gus", access.TeamOwner, "Lin", fail.Invalid},
		{"Otto", "Lin", access.ManagerOf, "Lin", fail.Invalid},
		{"Otto", "Gus", access.ManagerOf, "Sue", fail.NotFound},
		{"Otto", "Lou", access.MentorOf, "Lin", fail.NotFound},
		{"Ana", "Una", access.MentorOf, "Lin", fail.NotFound},
		{"Gus", "Gus", access.MentorOf, "Lin", fail.NotAllowed},
		{"Pam", "Pam", access.ParentOf, "Lou", fail.NotAllowed},
		{"Lin", "Lin", access.ParentOf, "Sue", fail.NotFound},
		{"Ana", "Ana", access.ParentOf, "Una", fail.NotFound},
	} {
		_, err := add(s.who, s.person, s.role, s.whom)
		wantKind(t, s.who+" makes "+s.person+" "+string(s.role)+" "+s.whom, err, s.want)
	}
	_, effects, err := people.AddRelation.Preview(t.Context(), w.Env, w.As("Ana"), people.NewRelation{Account: w.People["Lou"].ID, Role: access.MentorOf, Person: w.People["Meg"].ID})
	if err != nil || effects.Gaining != 1 || effects.People[0].Name != "Meg Mentor" {
		t.Errorf("BE-2: %+v, %v", effects, err)
	}
	setCell(t, w, "North", access.OrgAdmin, "enrolment.list", false)
	_, err = add("Otto", "Meg", access.ParentOf, "Max")
	wantKind(t, "Otto gives what he does not hold any more", err, fail.NotAllowed)

	list, err := try(t, w, "Ana", people.ListRelations, people.OfPerson{Account: w.People["Lin"].ID})
	if err != nil || len(list.Items) != 2 || !list.MayAdd || !list.Items[0].MayEnd {
		t.Fatalf("%+v, %v", list, err)
	}
	if own, err := try(t, w, "Lin", people.ListRelations, people.OfPerson{Account: w.People["Lin"].ID}); err != nil || own.MayAdd || own.Hidden != 2 {
		t.Errorf("Lin sees of their own relations %+v, %v", own, err)
	}
	_, err = try(t, w, "Lou", people.ListRelations, people.OfPerson{Account: w.People["Lin"].ID})
	wantKind(t, "Lou asks about Lin's", err, fail.NotAllowed)
	i := slices.IndexFunc(list.Items, func(r people.Relation) bool { return r.Role == access.MentorOf })
	end := people.RelationID{Account: w.People["Lin"].ID, Relation: list.Items[i].ID}
	_, err = try(t, w, "Meg", people.EndRelation, end)
	wantKind(t, "Meg ends it", err, fail.NotAllowed)
	_, err = try(t, w, "Ana", people.EndRelation, people.RelationID{Account: w.People["Lou"].ID, Relation: end.Relation})
	wantKind(t, "at another person", err, fail.NotFound)
	_, err = try(t, w, "Ana", people.EndRelation, end)
	wantKind(t, "Ana ends it", err, -1)
	if got, _ := browse(t, w, "Meg", people.CatalogQuery{}); got != "Meg" {
		t.Errorf("BE-8: Meg sees %s still", got)
	}
}

// CO-3, PR-1: friends are asked and agree; then, and not before, they see each other, until one of them ends it.
func TestCO3Friends(t *testing.T) {
	w := worldtest.WithKin(t)
	ask := func(who, whom string) error {
		_, err := try(t, w, who, people.AskFriend, people.FriendAsk{Person: w.People[whom].ID})
		return err
	}
	wantKind(t, "Sue asks a stranger", ask("Sue", "Max"), fail.NotFound)
	wantKind(t, "Gus asks himself", ask("Gus", "Gus"), fail.Invalid)
	wantKind(t, "Gus asks Max", ask("Gus", "Max"), -1)
	wantKind(t, "Gus asks twice", ask("Gus", "Max"), fail.Conflict)
	if got, _ := browse(t, w, "Max", people.CatalogQuery{}); got != "Max" {
		t.Errorf("Max sees %s before agreeing", got)
	}
	list, err := try(t, w, "Max", people.ListFriends, struct{}{})
	if err != nil || len(list.Requests) != 1 || list.Requests[0].Mine || list.Requests[0].Person.Name != "Gus Boss" {
		t.Fatalf("%+v, %v", list, err)
	}
	answer := people.FriendAnswer{Request: list.Requests[0].ID, Accept: true}
	_, err = try(t, w, "Gus", people.AnswerFriend, answer)
	wantKind(t, "Gus answers for Max", err, fail.NotFound)
	_, err = try(t, w, "Lin", people.AnswerFriend, answer)
	wantKind(t, "Lin answers for Max", err, fail.NotFound)
	_, err = try(t, w, "Max", people.AnswerFriend, answer)
	wantKind(t, "Max agrees", err, -1)
	_, err = try(t, w, "Max", people.AnswerFriend, answer)
	wantKind(t, "twice", err, fail.NotFound)
	if got, _ := browse(t, w, "Max", people.CatalogQuery{}); got != "Gus Max" {
		t.Errorf("Max sees %s as a friend", got)
	}
	wantKind(t, "friends already", ask("Max", "Gus"), fail.Conflict)
	courses, err := try(t, w, "Max", action.ListEnrolments, action.AnyEnrolmentQuery{Account: w.People["Gus"].ID})
	if len(courses.Items) > 0 {
		t.Errorf("a friend sees %+v, %v", courses.Items, err)
	}
	_, err = try(t, w, "Gus", people.EndFriend, people.FriendID{Person: w.People["Max"].ID})
	wantKind(t, "Gus ends it", err, -1)
	if got, _ := browse(t, w, "Max", people.CatalogQuery{}); got != "Max" {
		t.Errorf("Max sees %s after it ended", got)
	}
	_, err = try(t, w, "Ana", people.EndFriend, people.FriendID{Person: w.People["Pam"].ID})
	wantKind(t, "Ana is nobody's friend", err, fail.NotFound)
}

// CO-7: the search finds only what one may see.
func TestCO7Search(t *testing.T) {
	w := worldtest.WithKin(t)
	found := func(who, q string) (out []string) {
		all, err := try(t, w, who, people.Search, people.SearchQuery{Query: q})
		wantKind(t, who+" searches", err, -1)
		for _, k := range all.Kinds {
			for _, x := range k.Items {
				out = append(out, k.Kind+" "+x.Name)
			}
		}
		return out
	}
	for _, c := range []struct {
		who, q string
		want   []string
	}{
		{"Ana", "l", []string{"person Bea Account"}},
		{"Sue", "lin", nil},
		{"Sue", "blues", []string{"team Blues"}},
		{"Otto", "south", nil},
		{"Otto", "lin", []string{"person Lin Learner"}},
		{"Sam", "umbra", nil},
		{"Ana", "una", nil},
		{"Leo", "night", nil},
		{"Ana", "north", []string{"person Otto North", "organization North"}},
		{"Ana", "go", []string{"course Go"}},
		{"Ana", "learner man", []string{"access_group Learner management"}},
	} {
		got := found(c.who, c.q)
		if c.q == "l" {
			if len(got) < 5 {
				t.Errorf("%s finds %v", c.who, got)
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s finds %v for %q, want %v", c.who, got, c.q, c.want)
		}
	}
}
