package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// courses compares a gradebook's page in a large course with that of a small one, and a course's and a lesson's page, as a learner
// gets them, with net/http that writes the same bytes.
func courses(ctx context.Context) ([]line, error) {
	const most = 10_000
	p, err := newPortal(ctx, most, 400)
	if err != nil {
		return nil, err
	}
	defer p.close()
	large, err := p.graded(ctx, "large", most, 100)
	if err != nil {
		return nil, err
	}
	small, err := p.graded(ctx, "small", 100, 20)
	if err != nil {
		return nil, err
	}
	lines, err := p.gradebooks(ctx, large, small)
	if err != nil {
		return nil, err
	}
	pages, err := p.coursePages(ctx, large)
	return append(lines, pages...), err
}

// graded makes a course that so many people take, with so many assessments and a result of each for everybody.
func (p *portal) graded(ctx context.Context, code string, learners, works int) (course store.Course, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	err = p.env.DB.Write(ctx, func(tx *db.Tx) error {
		if course, err = store.CreateCourse(ctx, tx, p.orgs[0], store.NewCourse{Code: code, Name: "The " + code + " course"}, now); err != nil {
			return err
		}
		if err := p.fillCourses(ctx, tx, []store.Course{course}, learners); err != nil {
			return err
		}
		for i := range works {
			a := store.Assessment{Code: fmt.Sprintf("w-%03d", i), Title: fmt.Sprintf("Work %d", i), Kind: "TMA", Weight: 1}
			if _, _, err := store.SaveAssessment(ctx, tx, course, a); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, db.SQL(`INSERT INTO results (id, portal_id, assessment_id, enrolment_id, account_id, submitted_at, score, banked)
			SELECT CAST(? AS BIGINT) + row_number() OVER (ORDER BY e.id, s.id), e.portal_id, s.id, e.id, e.account_id, ?, 5 + e.id % 83 + s.id % 11, FALSE
			FROM enrolments e JOIN assessments s ON s.course_id = e.course_id WHERE e.course_id = ?`, db.NewID(), db.Micros(now), course.ID))
		return err
	})
	if err != nil {
		return course, err
	}
	return course, p.env.DB.Analyze(ctx)
}

// gradebooks compares the pages as they are rendered, from the middle of the list on.
func (p *portal) gradebooks(ctx context.Context, large, small store.Course) ([]line, error) {
	s, err := p.serve(ctx, p.super.ID)
	if err != nil {
		return nil, err
	}
	defer s.server.Close()
	page := func(course store.Course) (string, error) {
		in := work.GradebookQuery{OneCourse: work.OneCourse{Course: course.ID}, Left: true}
		b, err := work.ShowGradebook.Run(ctx, p.env, op.Who{Portal: p.id, Account: p.super.ID}, in)
		if err == nil && (len(b.Items) != 50 || len(b.Works) != 20) {
			err = fmt.Errorf("a gradebook of %d by %d", len(b.Items), len(b.Works))
		}
		return "/courses/" + course.ID.String() + "/gradebook?left=on", err
	}
	big, err := page(large)
	if err != nil {
		return nil, err
	}
	little, err := page(small)
	if err != nil {
		return nil, err
	}
	var a, b float64
	for range 4 {
		one, err := s.rate(big, 2*time.Second)
		if err != nil {
			return nil, err
		}
		two, err := s.rate(little, 2*time.Second)
		if err != nil {
			return nil, err
		}
		a, b = max(a, one), max(b, two)
	}
	return []line{{"gradebook page of 50 by 20 out of 10,000 learners by 100 works", "the same out of 100 by 20", "at most 1.5 times its time",
		fmt.Sprintf("%.2f times (%.1f ms against %.1f ms)", b/a, 1000*peers/a, 1000*peers/b), b/a <= 1.5}}, nil
}

// coursePages measures a course of five sections and thirty lessons, and one of its lessons, as somebody who takes it gets them.
func (p *portal) coursePages(ctx context.Context, course store.Course) ([]line, error) {
	who := op.Who{Portal: p.id, Account: p.super.ID}
	of := learning.OneCourse{Course: course.ID}
	var lesson db.ID
	for i := range 5 {
		section, err := learning.AddSection.Run(ctx, p.env, who, learning.NewSection{OneCourse: of, SectionTitle: learning.SectionTitle{Title: fmt.Sprintf("Week %d", i)}})
		if err != nil {
			return nil, err
		}
		for j := range 6 {
			f := learning.LessonFields{Title: fmt.Sprintf("Lesson %d", j), Text: strings.Repeat("## A heading\n\nSome *words* on what is taught, and a [link](https://example.org).\n\n- one\n- two\n\n", 20)}
			made, err := learning.AddLesson.Run(ctx, p.env, who, learning.NewLesson{OneCourse: of, Section: section.ID, LessonFields: f})
			if err != nil {
				return nil, err
			}
			lesson = made.ID
		}
	}
	learner, err := p.takes(ctx, course)
	if err != nil {
		return nil, err
	}
	s, err := p.serve(ctx, learner)
	if err != nil {
		return nil, err
	}
	defer s.server.Close()
	var lines []line
	for _, x := range []struct{ what, path string }{{"page of a course of 30 lessons", "/outline"}, {"page of a lesson", "/lessons/" + lesson.String()}} {
		page, floor, bytes, err := s.against("/courses/" + course.ID.String() + x.path)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line{fmt.Sprintf("%s, as a learner, %d KB sent", x.what, bytes/1024), "net/http writing the same bytes from memory", "a third of its requests a second",
			fmt.Sprintf("%.2f (%.0f a second against %.0f)", page/floor, page, floor), page/floor >= 1.0/3})
	}
	return lines, nil
}

// takes makes somebody a learner of a course, by a grant of their own.
func (p *portal) takes(ctx context.Context, course store.Course) (db.ID, error) {
	return p.first, p.env.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL(`INSERT INTO grants (id, portal_id, account_id, role, place_kind, place_id, since, until, begun_by, ended_by)
			VALUES (?, ?, ?, 'course_learner', 'course', ?, 0, ?, 0, 0)`, db.NewID(), p.id, p.first, course.ID, db.Never))
		return err
	})
}
