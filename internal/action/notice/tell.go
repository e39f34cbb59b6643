package notice

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/notice"
	"provost/internal/store/path"
)

const (
	// SoonDays is how many days before a work is due its learners are told of it by mail.
	SoonDays = 3
	// mailEvery is how long somebody has rest between two mails of what is due.
	mailEvery = 24 * time.Hour
	// gradesWait is how long it is waited for more grades, before their learner is told.
	gradesWait = 15 * time.Minute
	// mostTold is how much is looked for at once, mostPeople how many people are told in one transaction, so that others write between.
	mostTold, mostPeople = 10_000, 100
	// mostLines is how many lines a mail has.
	mostLines = 30
)

// People are those of a portal whom something is told.
type People struct {
	Accounts []db.ID `json:"accounts" doc:"The people."`
}

// Mailed is how many mails were written.
type Mailed struct {
	Mails int `json:"mails"`
}

// TellDue writes a mail to each of some people who have something due that they were not told of: one, of all that is overdue and due soon, as they may
// see it themselves then; and notes in the same transaction what they were told of, so that nobody is told twice, or not at all (CO-1, CO-5).
var TellDue = &op.Op[People, Mailed]{
	Name:     "due.tell",
	Route:    "POST /notices/due",
	Doc:      "Tells people by mail what is due for them. This happens by itself.",
	Needs:    append([]*access.Permission{access.PortalConfigure}, dueNeeds...),
	PageOnly: true, Limit: time.Minute,
	Do: func(c *op.Call, in People) (Mailed, error) {
		list, err := untold(c, c.Tx, in.Accounts, mostTold, c.Now)
		if err != nil {
			return Mailed{}, err
		}
		told := map[db.ID][]notice.Told{}
		for _, x := range list {
			if x.Portal == c.Who.Portal {
				told[x.Account] = append(told[x.Account], x)
			}
		}
		mailed, err := tell(c, in.Accounts, func(who *access.Actor, url string) (subject, body string, err error) {
			body, err = dueBody(c, who, told[who.Account])
			return "What is due for you", body + "\nTo do it, or to see more: " + url + "/due\n", err
		})
		if err != nil {
			return Mailed{}, err
		}
		for who, list := range told {
			at := time.Time{}
			if mailed[who] {
				at = c.Now
			}
			if err := notice.NoteTold(c, c.Tx, list, at, c.Now); err != nil {
				return Mailed{}, err
			}
		}
		return Mailed{len(mailed)}, nil
	},
}

// untold are the days of works and of requirements that people are to be told of, of some people or of all: so many of each at most.
func untold(ctx context.Context, tx *db.Tx, people []db.ID, most int, now time.Time) ([]notice.Told, error) {
	rested := now.Add(-mailEvery)
	list, err := notice.Untold(ctx, tx, people, now.AddDate(0, 0, SoonDays), rested, most, now)
	if err != nil {
		return nil, err
	}
	required, err := path.Untold(ctx, tx, people, rested, most, now)
	for _, r := range required {
		list = append(list, notice.Told{Portal: r.Portal, Account: r.Account, Thing: r.Requirement, Due: r.Due})
	}
	return list, err
}

// dueBody are the lines of a mail of what is due for somebody; empty where they see nothing of what they are to be told of.
func dueBody(c *op.Call, who *access.Actor, told []notice.Told) (string, error) {
	until := c.Now.AddDate(0, 0, SoonDays)
	for _, x := range told { // of a requirement one is told as early as it says
		if x.Due.After(until) {
			until = x.Due
		}
	}
	due, err := dueFor(c, who, until)
	if err != nil {
		return "", err
	}
	news, lines := false, []string{}
	for _, d := range due.Items {
		news = news || slices.ContainsFunc(told, func(x notice.Told) bool { return x.Thing == d.ID })
		lines = append(lines, d.line())
	}
	if !news {
		return "", nil
	}
	return linesOf(lines), nil
}

// line is one line of a mail.
func (d DueItem) line() string {
	name, at := d.Title, d.At.UTC().Format("2 Jan 2006")
	if d.Kind != Requirement && d.Kind != Course && d.Kind != Goal {
		name, at = name+", "+d.Course.Name, d.At.UTC().Format("2 Jan 2006, 15:04 UTC")
	}
	word := map[State]string{Overdue: "overdue since ", ToDo: "due on ", Opens: "opens on "}[d.State]
	if d.Kind == Course {
		word = "ends on "
	}
	return name + ": " + word + at
}

func linesOf(lines []string) string {
	var out strings.Builder
	for _, line := range lines[:min(len(lines), mostLines)] {
		out.WriteString("- " + line + "\n")
	}
	if len(lines) > mostLines {
		fmt.Fprintf(&out, "- and %d more\n", len(lines)-mostLines)
	}
	return out.String()
}

// tell writes a mail to each of some people of the portal who read it, as write does for each with their own rights: nothing, where it begins with an empty
// line. It tells to whom it wrote.
func tell(c *op.Call, people []db.ID, write func(who *access.Actor, url string) (subject, body string, err error)) (map[db.ID]bool, error) {
	portal, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
	if err != nil {
		return nil, err
	}
	rules, err := store.LoadRules(c, c.Tx, portal.ID)
	if err != nil {
		return nil, err
	}
	readers, err := notice.Readers(c, c.Tx, portal.ID, people)
	if err != nil {
		return nil, err
	}
	folded, err := c.Env.Cache.Fold(c, c.Tx, rules, people, c.Now)
	if err != nil {
		return nil, err
	}
	mailed := map[db.ID]bool{}
	for _, r := range readers {
		who := folded[r.ID].Actor
		if r.Off || r.Email == "" || who == nil {
			continue
		}
		url := c.Env.PortalURL(portal)
		subject, body, err := write(who, url)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(body, "\n") {
			continue
		}
		body += "If you want no such mail, say so here: " + url + "/account\n"
		if err := store.Enqueue(c, c.Tx, portal.ID, r.Email, subject, body, c.Now); err != nil {
			return nil, err
		}
		mailed[r.ID] = true
	}
	c.Audit(portal.Thing(), portal.Name, map[string]any{"people": len(people), "mails": len(mailed)})
	return mailed, nil
}

// TellGraded writes a mail to each of some people of whose works were graded: one, of all that they can read and were not told of (CO-1). It says what was
// graded, and not how.
var TellGraded = &op.Op[People, Mailed]{
	Name:     "grade.tell",
	Route:    "POST /notices/grades",
	Doc:      "Tells people by mail that works of theirs were graded. This happens by itself.",
	Needs:    []*access.Permission{access.PortalConfigure, access.CourseOwnGrades},
	PageOnly: true, Limit: time.Minute,
	Do: func(c *op.Call, in People) (Mailed, error) {
		mailed, err := tell(c, in.Accounts, func(who *access.Actor, url string) (subject, body string, err error) {
			list, err := notice.GradedOf(c, c.Tx, who.May(access.CourseOwnGrades), who.Account, time.Time{}, mostTold, c.Now)
			lines := make([]string, len(list))
			for i, g := range list {
				lines[i] = g.Title + ", " + g.CourseName + ": " + url + "/courses/" + g.Course.String() + "/grades"
			}
			return "You have new grades", linesOf(lines) + "\n", err
		})
		if err != nil {
			return Mailed{}, err
		}
		return Mailed{len(mailed)}, notice.NoteGraded(c, c.Tx, c.Who.Portal, in.Accounts, c.Now)
	},
}

// Tell tells people of one portal by mail what is due for them and what of theirs was graded, and tells whether there may be more.
func Tell(ctx context.Context, env *op.Env) (more bool, err error) {
	var due, graded []notice.Told
	now := env.Now()
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // reading first: mostly there is nothing to tell
		if due, err = untold(ctx, tx, nil, mostTold, now); err != nil {
			return err
		}
		graded, err = notice.UntoldGraded(ctx, tx, now.Add(-gradesWait), mostTold, now)
		return err
	})
	for _, x := range []struct {
		do   *op.Op[People, Mailed]
		list []notice.Told
	}{{TellDue, due}, {TellGraded, graded}} {
		if err != nil || len(x.list) == 0 {
			continue
		}
		portal, people := x.list[0].Portal, map[db.ID]bool{}
		for _, t := range x.list {
			people[t.Account] = people[t.Account] || t.Portal == portal
		}
		for some := range slices.Chunk(slices.Sorted(maps.Keys(people)), mostPeople) {
			some = slices.DeleteFunc(some, func(id db.ID) bool { return !people[id] }) // those of another portal come next
			if _, err = x.do.Run(ctx, env, op.Who{Portal: portal, System: "notices"}, People{some}); err != nil {
				break
			}
		}
	}
	return err == nil && len(due)+len(graded) > 0, err
}
