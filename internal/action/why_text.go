package action

import (
	"fmt"
	"strings"
	"time"

	"provost/internal/access"
)

// say writes the answer and its steps as sentences: the same on the page, in the API and on the command line.
func (a *WhyAnswer) say() {
	verdict := "No."
	if a.Allowed {
		verdict = "Yes."
	}
	may := map[bool]string{true: "may do this", false: "may not do this"}[a.Allowed]
	if a.At != nil {
		verdict += " At that time, " + moment(*a.At) + ","
		may = map[bool]string{true: "could do this", false: "could not do this"}[a.Allowed]
	}
	a.Answer = fmt.Sprintf("%s %s %s: “%s” %s.", verdict, a.Account.Name, may, a.Title, a.where())
	a.Steps = []WhyStep{}
	defer a.sayPast()
	switch {
	case a.Archived:
		a.step("decisive", "Archived", "The account is archived: it may do nothing until it is restored.")
	case a.Shut == access.ShutArchived:
		a.step("decisive", "Archived", "The course is archived: it is read, and nobody changes anything in it until it is restored.")
	case a.Shut == access.ShutTemplate:
		a.step("decisive", "A template", "The course is a template: courses are made of it, and nobody takes or teaches it.")
	case a.Allowed:
		a.step("decisive", a.By.what(), a.By.how())
		a.sayGrid(true)
	case a.Protection != "":
		a.step("passed", a.By.what(), a.By.how())
		a.step("decisive", "Protected", "Nobody does this to an account that may do what they themselves may not: "+a.Thing.Name+" may “"+a.Protection+"”.")
	default:
		a.sayNear()
	}
}

func (a *WhyAnswer) where() string {
	switch {
	case a.Thing.Kind == "portal":
		return "in the whole portal"
	case a.Thing.Name == "":
		return "there"
	case a.Thing.Kind == "account":
		return "with " + a.Thing.Name
	}
	return "in the " + strings.ReplaceAll(a.Thing.Kind, "_", " ") + " " + a.Thing.Name
}

func (a *WhyAnswer) step(state, title, text string) {
	a.Steps = append(a.Steps, WhyStep{state, title, text})
}

func (a *WhyAnswer) sayGrid(on bool) {
	if a.SwitchedIn != "" && on {
		text := "The permission grid was changed there: without that, the role would not hold it."
		a.step("passed", "Switched on in "+a.SwitchedIn, strings.TrimSpace(text+" "+a.Switched))
	}
}

// sayPast says of what time the parts of an answer about the past are, and honestly what it does not know.
func (a *WhyAnswer) sayPast() {
	if a.At == nil {
		return
	}
	text := "Grants, groups, teams, roles, the permission grid, and who and what lay in which organization are those of that time. Names are those of today."
	if a.KeptSince != nil {
		text += " Where people and organizations lay is known since " + moment(*a.KeptSince) + ": this takes where they lay then."
	}
	a.step("skipped", "As it was", text)
}

func (a *WhyAnswer) sayNear() {
	var without []string
	for _, n := range a.Near {
		switch {
		case n.TypeOff:
			a.step("failed", n.what(), "It would allow this, but the account type is switched off in this portal: while it is, it holds nothing.")
		case n.Closed:
			a.step("failed", n.what(), "The role would allow this, but who teaches the course has closed it to its learners.")
		case n.OffIn != "":
			a.step("failed", n.what(), "The permission grid switches this off for the role in "+n.OffIn+".")
		case n.Reaches && n.Never:
			a.step("failed", n.what(), "It reaches there, but this role can never do this.")
		case n.Reaches:
			without = append(without, n.what())
		case n.Holds:
			a.step("failed", n.what(), "The role holds this permission, but what is asked about does not lie there.")
		}
	}
	if len(without) == 1 {
		a.step("failed", without[0], "It reaches there, but the role does not hold this permission.")
	} else if len(without) > 1 {
		a.step("failed", "What reaches there does not hold it", strings.Join(without, ", ")+": none of these roles holds this permission.")
	}
	if len(a.Near) == 0 {
		a.step("failed", "No grant comes near", a.Account.Name+" holds no role that reaches there, and none that may do this elsewhere.")
	}
	if l := a.Lost; l != nil {
		text := "It ended on " + moment(l.Until)
		if l.EndedBy != "" {
			text += ", by " + l.EndedBy
		}
		a.step("failed", l.what()+" was held until then", text+". "+l.through())
	}
}

// what is a grant in a few words: “List Users” at Acme.
func (g *HeldGrant) what() string {
	switch {
	case g.ID == 0:
		return "Everybody may do this with their own account"
	case g.Place.Hidden || g.Place.Gone:
		return "“" + g.Role.Title + "” at a place that you may not see"
	}
	return "“" + g.Role.Title + "” at " + g.Place.Name
}

// how is since when, until when, by whom and through what a grant is held.
func (g *HeldGrant) how() string {
	if g.ID == 0 {
		return ""
	}
	text := "Since " + moment(g.Since)
	if !g.Until.IsZero() {
		text += ", until " + moment(g.Until)
	}
	if g.By != "" {
		text += ", given by " + g.By
	}
	return strings.TrimSpace(text + ". " + g.through())
}

func (g *HeldGrant) through() string {
	switch {
	case g.Group != nil && g.Policy != nil:
		return "Through the group “" + g.Group.Name + "”, which the policy “" + g.Policy.Name + "” is bound to."
	case g.Group != nil:
		return "Through the group “" + g.Group.Name + "”."
	case g.Policy != nil:
		return "By the policy “" + g.Policy.Name + "”."
	}
	return ""
}

func moment(t time.Time) string { return t.Format("2 Jan 2006, 15:04") + " UTC" }

// What is the way in one sentence: what would allow it.
func (w WhyWay) What() string {
	switch {
	case w.Group != nil:
		return "Being in the group “" + w.Group.Name + "” would allow it."
	case w.Place.Name != "":
		return "“" + w.Role.Title + "” at " + w.Place.Name + " would allow it."
	}
	return "“" + w.Role.Title + "” would allow it."
}

// Could is who could give it, in one sentence.
func (w WhyWay) Could() string {
	if len(w.Who) == 0 {
		return "Nobody could give that at present."
	}
	return "Could be given by: " + strings.Join(w.Who, ", ") + "."
}

// Text is the whole answer as plain lines, for the command line.
func (a WhyAnswer) Text() string {
	var out strings.Builder
	out.WriteString(a.Answer + "\n")
	marks := map[string]string{"decisive": "*", "passed": "+", "failed": "-"}
	for _, s := range a.Steps {
		fmt.Fprintf(&out, "%s %s\n", marks[s.State], strings.TrimSpace(s.Title+". "+s.Text))
	}
	for i, w := range a.Ways {
		if i == 0 {
			out.WriteString("What would allow it:\n")
		}
		out.WriteString("> " + w.What() + " " + w.Could() + "\n")
	}
	return out.String()
}
