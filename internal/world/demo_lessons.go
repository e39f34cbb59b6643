package world

import (
	"context"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/db"
	"provost/internal/op"
)

// welcome is a course of the demo that one can take: sections, and the lessons of each.
var welcome = []struct {
	title   string
	lessons [][2]string
}{
	{"Before your first day", [][2]string{
		{"Who we are", "Acme makes things that people rely on, in **three places**:\n\n- *North*, where it began\n- *South*, with the larger works\n- the *Lab*, where what comes next is tried\n\nYou will meet people of all three in your first week."},
		{"What to bring", "| What | Why |\n| --- | --- |\n| An identity card | The gate asks for it once |\n| Sturdy shoes | For the tour of the works |\n| Questions | The best ones come on the first day |"},
	}},
	{"Your first week", [][2]string{
		{"The tour", "## Where we walk\n\n1. The works in the South\n2. The laboratory\n3. The canteen, last and longest\n\n> Nothing is touched that has a yellow line around it."},
		{"Safe at work", "Know three things before you begin:\n\n- where the next **exit** is,\n- where the next **first-aid box** is,\n- whom you call: `112`, then your manager.\n\nThe course *First aid* has more."},
		{"Whom to ask", "Ask the person beside you. If they do not know, ask your manager, and if they are away, anybody with a green badge."},
	}},
}

// teach lets Ivy write the course, and a few people take it.
func teach(ctx context.Context, env *op.Env, w *World, as func(string) op.Who) error {
	made, err := action.CreateCourse.Run(ctx, env, as("Ivy"), action.NewCourse{Organization: w.Orgs["North"].ID,
		CourseFields: action.CourseFields{Code: "welcome", Name: "Welcome to Acme", About: "All that one needs to know in the first week."}})
	if err != nil {
		return err
	}
	course, lessons := learning.OneCourse{Course: made.ID}, []db.ID{}
	for _, s := range welcome {
		section, err := learning.AddSection.Run(ctx, env, as("Ivy"), learning.NewSection{OneCourse: course, SectionTitle: learning.SectionTitle{Title: s.title}})
		if err != nil {
			return err
		}
		for _, l := range s.lessons {
			lesson, err := learning.AddLesson.Run(ctx, env, as("Ivy"), learning.NewLesson{OneCourse: course, Section: section.ID,
				LessonFields: learning.LessonFields{Title: l[0], Text: l[1]}})
			if err != nil {
				return err
			}
			lessons = append(lessons, lesson.ID)
		}
	}
	if _, err := action.EnrolPeople.Run(ctx, env, as("Ana"), action.EnrolInput{Course: made.ID, Accounts: []db.ID{w.People["Lin"].ID, w.People["Max"].ID, w.People["Lou"].ID}}); err != nil {
		return err
	}
	for who, done := range map[string]int{"Lin": 3, "Max": len(lessons)} {
		for _, lesson := range lessons[:done] {
			in := learning.LessonMark{OneLesson: learning.OneLesson{OneCourse: course, Lesson: lesson}, Done: true}
			if _, err := learning.MarkLesson.Run(ctx, env, as(who), in); err != nil {
				return err
			}
		}
	}
	return nil
}
