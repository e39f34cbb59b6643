package path_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/action/path"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	paths "provost/internal/store/path"
	"provost/internal/world/worldtest"
)

// audited is how many rows the audit has of an operation that a portal ran itself.
func audited(t *testing.T, w *worldtest.Test, portal db.ID, operation string) (n int64) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM audit WHERE portal_id = ? AND operation = ? AND actor_id = 0 AND outcome = 'done'`, portal, operation))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// CO-2, CO-5, CO-8: what opens and begins by itself is an operation of its portal, with its row in the audit; where one is refused, by the plan of its
// portal, the others go on, and it is done once there is room. Nobody runs it by hand who may not do as much.
func TestCO8WhatIsDueIsAudited(t *testing.T) {
	w := worldtest.New(t)
	first, _ := course(t, w, "late")
	in := path.OnePath{Path: worldtest.Must(t, w, "Ivy", path.CreatePath, path.NewPath{Organization: w.Orgs["North"].ID, PathFields: path.PathFields{Name: "Ways"}}).ID}
	worldtest.Must(t, w, "Ivy", path.AddGoal, path.NewGoal{OnePath: in, Course: first.Course, AfterDays: 7})
	worldtest.Must(t, w, "Ana", path.EnrolInPath, people(w, in, "Lin", "Gus"))
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error { // the same in Umbra
		p, err := paths.Create(t.Context(), tx, w.Orgs["Dusk"], paths.Fields{Name: "Dusk"}, w.Clock.Now())
		if err == nil {
			err = paths.AddGoal(t.Context(), tx, p, w.Courses["Night shift"], false, 7)
		}
		if err == nil {
			_, err = paths.Enrol(t.Context(), tx, p, []store.Account{w.People["Ulf"]}, false, 0, w.Clock.Now())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	program := op.Who{Portal: w.Acme.ID, System: "a test"}
	plan := func(most int64) {
		if _, err := tenant.SetPlan.Run(t.Context(), w.Env, program, tenant.PlanChange{Name: "P", Limits: []tenant.Limit{{Kind: "enrolments", Most: most}}}); err != nil {
			t.Fatal(err)
		}
	}
	plan(1)
	w.Clock.Move(7*24*time.Hour + time.Minute)
	dueJob(t, w)
	if inCourse(t, w, "Lin", first) || audited(t, w, w.Acme.ID, "path.advance") != 0 {
		t.Error("opened beyond the plan")
	}
	if !inCourse(t, w, "Ulf", path.OneCourse{Course: w.Courses["Night shift"].ID}) || audited(t, w, w.Umbra.ID, "path.advance") != 1 {
		t.Error("the refusal in Acme keeps Umbra's path, or it is not in the audit")
	}
	plan(1000)
	dueJob(t, w)
	if !inCourse(t, w, "Lin", first) || !inCourse(t, w, "Gus", first) || audited(t, w, w.Acme.ID, "path.advance") != 1 {
		t.Error("not opened, or not in the audit once")
	}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Lou": fail.NotFound, "Mo": fail.NotAllowed, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, path.AdvancePath, in)
		worldtest.Check(t, who+" advances the path", err, want)
	}
	r := worldtest.Must(t, w, "Ana", path.Require, path.NewRequirement{Course: first.Course, Organization: w.Orgs["South"].ID, DueDays: 1})
	dueJob(t, w)
	if audited(t, w, w.Acme.ID, "compliance.sync") != 0 {
		t.Error("synced what was in step")
	}
	worldtest.Must(t, w, "Ana", path.EndRequirement, path.OneRequirement{Requirement: r.ID})
	dueJob(t, w)
	if audited(t, w, w.Acme.ID, "compliance.sync") != 1 {
		t.Error("its end is not in the audit once")
	}
	_, err = worldtest.Try(t, w, "Otto", path.SyncRequirement, path.OneRequirement{Requirement: r.ID})
	if err == nil || strings.Contains(err.Error(), "late") {
		t.Errorf("Otto syncs what South requires: %v", err)
	}
	verify(t, w)
}
