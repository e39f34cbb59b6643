package world

import (
	"fmt"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// demoCourses are the courses of the demo: whose they are, how many of a hundred people take them, and their works with
// the days that people need for each.
var demoCourses = []struct {
	code, name, org string
	share           int
	works           []string
	days            int
}{
	{"go", "Go", "North", 22, []string{"Values and types", "Functions", "A small program"}, 16},
	{"first-aid", "First aid", "Acme", 55, []string{"Recovery position", "Bandages"}, 6},
	{"data", "Data protection", "Acme", 82, []string{"What is personal", "Who may see it", "When it went wrong"}, 4},
	{"fire", "Fire safety", "Acme", 74, []string{"Ways out", "Extinguishers"}, 3},
	{"selling", "Selling with care", "South", 26, []string{"Listening", "An honest offer", "After the sale", "A sale, played"}, 12},
	{"lab", "Working in the lab", "Lab", 14, []string{"Clean benches", "Labels", "Waste"}, 9},
	{"leading", "Leading a team", "Acme", 12, []string{"Talking", "Deciding", "A plan for your team"}, 20},
	{"sheets", "Spreadsheets that hold", "Acme", 30, []string{"Cells", "Checks", "A budget"}, 8},
}

func (d *demo) moreCourses() error {
	d.w.Works = map[string]store.Assessment{}
	for _, c := range demoCourses {
		course, there := d.w.Courses[c.name]
		if !there {
			var err error
			course, err = store.CreateCourse(d.ctx, d.tx, d.w.Orgs[c.org], store.NewCourse{Code: c.code, Name: c.name}, d.now)
			if err != nil {
				return err
			}
			d.w.Courses[c.name] = course
		}
		for i, title := range c.works {
			kind := "Exercise"
			if i == len(c.works)-1 {
				kind = "Exam"
			}
			code := workCode(c.code, i)
			made, _, err := store.SaveAssessment(d.ctx, d.tx, course, store.Assessment{Code: code, Title: title, Kind: kind, Weight: 100 / float64(len(c.works))})
			if err != nil {
				return err
			}
			d.w.Works[code] = made
		}
	}
	return nil
}

func workCode(course string, i int) string { return fmt.Sprintf("%s-%d", course, i+1) }

// taken is one learner's way through one course.
type taken struct {
	who    store.Account
	course int
	row    store.EnrolmentRow
	scores []float64
	at     []time.Time
}

// year lets everybody take courses through the year, and writes it down as an import would.
func (d *demo) year() error {
	var all []taken
	for _, who := range d.people {
		for c := range demoCourses {
			if d.rand.IntN(100) < demoCourses[c].share {
				all = append(all, d.take(who, c))
			}
		}
	}
	learners, err := store.NewEnrolmentWriter(d.ctx, d.tx, d.deltas, d.w.People["Ana"].ID, d.end)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := learners.Write(t.row); err != nil {
			return err
		}
	}
	if err := learners.Close(); err != nil {
		return err
	}
	graded, err := store.NewResultWriter(d.ctx, d.tx, d.deltas)
	if err != nil {
		return err
	}
	for _, t := range all {
		for i := range t.scores {
			work := d.w.Works[workCode(demoCourses[t.course].code, i)]
			err := graded.Write(store.ResultRow{Assessment: work, Account: t.who.ID, Result: store.Result{Submitted: t.at[i], Score: &t.scores[i]}})
			if err != nil {
				return err
			}
		}
	}
	return graded.Close()
}

// take is how a person takes a course: most come to its end, some leave, some fail, and who began lately is on the way.
func (d *demo) take(who store.Account, c int) taken {
	course := demoCourses[c]
	span := d.end.Sub(d.now)
	began := d.atWork(d.now.Add(time.Duration(d.rand.Float64() * float64(span-48*time.Hour))))
	t := taken{who: who, course: c}
	t.row = store.EnrolmentRow{Course: d.w.Courses[course.name], Account: who, Status: store.Enrolled, Enrolled: began}
	fate, skill := d.rand.IntN(100), 62+d.rand.NormFloat64()*13
	works := len(course.works)
	switch {
	case fate < 9: // leaves before the end
		works = d.rand.IntN(works)
	case fate < 16: // fails
		skill = 28
	case fate < 26: // stops, without leaving
		works = d.rand.IntN(works)
	}
	at := began
	for range works {
		at = d.atWork(at.Add(time.Duration((0.4 + 1.2*d.rand.Float64()) * float64(course.days) * 24 * float64(time.Hour))))
		if at.After(d.end) {
			return t
		}
		t.at = append(t.at, at)
		t.scores = append(t.scores, float64(int(min(max(skill+d.rand.NormFloat64()*9, 3), 100))))
	}
	d.finish(&t, fate, at)
	return t
}

// finish says how it ended, where it did by now.
func (d *demo) finish(t *taken, fate int, last time.Time) {
	switch {
	case fate < 9:
		left := last.AddDate(0, 0, 3+d.rand.IntN(20))
		if left.Before(d.end) {
			t.row.Status, t.row.Outcome, t.row.Withdrawn = store.Withdrawn, "Withdrawn", left
		}
	case fate < 16:
		t.row.Status, t.row.Outcome, t.row.Completed = store.Failed, "Fail", last
	case fate < 26:
	default:
		t.row.Status, t.row.Outcome, t.row.Completed = store.Completed, "Pass", last
	}
}

// atWork is a moment of that day, or of the Monday after it, at which people work; never after now.
func (d *demo) atWork(t time.Time) time.Time {
	t = t.Truncate(24 * time.Hour)
	switch t.Weekday() {
	case time.Saturday:
		t = t.AddDate(0, 0, 2)
	case time.Sunday:
		t = t.AddDate(0, 0, 1)
	}
	t = t.Add(time.Duration(8*60+d.rand.IntN(9*60)) * time.Minute)
	if t.After(d.end) && d.end.Sub(t.Truncate(24*time.Hour)) > 0 {
		t = d.end.Add(-time.Duration(1+d.rand.IntN(90)) * time.Minute)
	}
	return t
}

// name is a person's name as it is shown, and as they sign in.
type name struct{ shown, username string }

var (
	firstNames = []string{"Ada", "Alma", "Amir", "Anouk", "Arun", "Bela", "Carla", "Chidi", "Dana", "Dario", "Edda", "Elif", "Emil", "Esra", "Fay", "Finn",
		"Gita", "Hana", "Hugo", "Ilka", "Imran", "Ines", "Jana", "Jonas", "Kai", "Kemal", "Lara", "Levi", "Lila", "Mads", "Malik", "Mara", "Mina", "Nico",
		"Noor", "Olga", "Omar", "Paula", "Priya", "Rafa", "Rosa", "Rui", "Sami", "Selma", "Stella", "Tariq", "Tilda", "Uma", "Vera", "Wanda", "Yara", "Yusuf", "Zane"}
	lastNames = []string{"Abbot", "Almeida", "Arslan", "Baker", "Banerjee", "Berger", "Castro", "Cohen", "Dahl", "Demir", "Engel", "Farah", "Fischer", "Garcia",
		"Haas", "Hughes", "Ito", "Jansen", "Kaya", "Keller", "Khan", "Larsen", "Lopes", "Maas", "Mensah", "Moreau", "Nair", "Novak", "Okafor", "Olsen", "Park",
		"Petrov", "Quist", "Rossi", "Sato", "Schmid", "Silva", "Singh", "Tanaka", "Toth", "Usman", "Vogel", "Weber", "Wolff", "Yilmaz", "Ziegler", "Zhou"}
)

// demoName is a name of the demo; no two of its people are called the same.
func demoName(i int) name {
	first, last := firstNames[i%len(firstNames)], lastNames[(i+i/len(firstNames)*5)%len(lastNames)]
	return name{first + " " + last, db.Key(first) + "." + db.Key(last)}
}
