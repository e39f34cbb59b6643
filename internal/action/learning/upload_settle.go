package learning

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

// settle finds what is there already of an upload's courses, and tells what does not go with it. Those that were made of it already
// are left as they are; so are all but one, where one is given.
func (u *upload) settle(c *op.Call, only *uploadCourse) error {
	if err := u.findCourses(c); err != nil {
		return err
	}
	for _, x := range u.courses {
		if _, made := u.Made[x.code]; made || only != nil && x != only {
			continue
		}
		if err := u.settleCourse(c, x); err != nil {
			return err
		}
	}
	return nil
}

func (u *upload) findCourses(c *op.Call) error {
	if u.Course != 0 {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), u.Course)
		for _, x := range u.courses {
			x.is = &course
		}
		return err
	}
	codes := make([]string, len(u.courses))
	for i, x := range u.courses {
		codes[i] = x.code
	}
	list, err := store.CoursesCalled(c, c.Tx, c.May(access.CourseAddContent), codes)
	there := map[string]*store.Course{}
	for i := range list {
		there[list[i].Code] = &list[i]
	}
	for _, x := range u.courses {
		x.is = there[x.code]
	}
	return err
}

// settleCourse tells what does not go with the course as it is there, or with making it.
func (u *upload) settleCourse(c *op.Call, x *uploadCourse) error {
	var outline learning.Outline
	if x.is == nil {
		u.checkNew(c, x)
	} else {
		thing := x.is.Thing()
		if c.May(access.CourseAddContent).Has(&thing) == nil {
			u.faults.add(x.line, "course", fail.Say("There is a course with this code already, which you may not write."))
			x.is = nil // nothing of it is shown
			return nil
		}
		var err error
		if outline, err = learning.OutlineOf(c, c.Tx, *x.is); err != nil {
			return err
		}
	}
	u.checkRoom(x, outline)
	return nil
}

// checkNew tells what a template that is made lacks.
func (u *upload) checkNew(c *op.Call, x *uploadCourse) {
	var wrong fail.Fields
	form.Name(&wrong, "name", x.name)
	form.Line(&wrong, "course", x.code, 100)
	form.Line(&wrong, "about", inOneLine(x.about), 2000)
	u.faults.take(x.line, wrong...)
	if !c.May(access.TemplateCreate).Any() {
		u.faults.add(x.line, "course", fail.Say("There is no course with this code."))
	}
}

// checkRoom tells which of the lessons are there already, which come after one that is not there, and where there are too many.
func (u *upload) checkRoom(x *uploadCourse, outline learning.Outline) {
	sections, lessons, titles := map[string]bool{}, map[string]bool{}, map[string]int{}
	called := map[db.ID]string{}
	for _, s := range outline.Sections {
		sections[db.Key(s.Title)], called[s.ID] = true, s.Title
	}
	for _, l := range outline.Lessons {
		lessons[titleKey(called[l.Section], l.Title)] = true
		titles[db.Key(l.Title)]++
	}
	for _, l := range x.lessons {
		if lessons[titleKey(l.section, l.Title)] {
			u.faults.add(l.line, "title", fail.Say("The section of the course has a lesson of this title already."))
		}
		if n := titles[db.Key(l.after)]; l.after != "" && n == 0 {
			u.faults.add(l.line, "after", fail.Say("No lesson before it in this course is called {name}.", "name", l.after))
		} else if l.after != "" && n > 1 {
			u.faults.add(l.line, "after", fail.Say("Several lessons before it are called {name}.", "name", l.after))
		}
		sections[db.Key(l.section)] = true
		titles[db.Key(l.Title)]++
	}
	if len(sections) > learning.MaxSections {
		u.faults.add(x.line, "section", fail.Say("A course holds {n} sections at most.", "n", learning.MaxSections))
	}
	if len(outline.Lessons)+len(x.lessons) > learning.MaxLessons {
		u.faults.add(x.line, "title", fail.Say("A course holds {n} lessons at most.", "n", learning.MaxLessons))
	}
}
