package identity

import (
	"strconv"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func accountRoutes(s *shell.Server) {
	s.Get("/people/{account}/delete", action.ShowAccount, askDeleteAccount)
	s.Post("/people/{account}/delete", shell.Submit(identity.DeleteAccount, "/people/{account}").
		Says(page.Say("{name} is deleted, and signed out everywhere.")).On(askDeleteAccount))
	s.Post("/people/{account}/erase", shell.Submit(identity.EraseAccount, "/people/{account}").
		Says(page.Say("Name and details are erased. The records stay, under “{name}”.")).On(askDeleteAccount))
	s.Get("/people/{account}/merge", action.ShowAccount, askMerge)
	s.PostTo("/people/{account}/merge", identity.MergeAccounts, mergeAccounts)
}

// askDeleteAccount asks before a person is deleted, and before they are erased at once.
func askDeleteAccount(q *shell.Req) error {
	a, err := onPerson(q, access.AccountDelete)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	body := g.Group{personHead(q, a, v.T("Delete or erase"), a.Organization.Name)}
	if q.Message != "" {
		body = append(body, page.Notice(page.Warn, g.Text(v.T(q.Message))))
		q.Message = ""
	}
	if a.Final.IsZero() {
		body = append(body, page.Section(v.T("Delete"),
			page.P(v.T("They are signed out at once, and cannot sign in. For 30 days they can be restored; then their name and details are erased, and their records stay under a pseudonym.")),
			page.Post(to+"/delete", page.Danger(v.T("Delete {name}", "name", a.Name)))))
	}
	name := q.Field("username", v.T("Their user name"), "")
	name.Required, name.Autocomplete = true, "off"
	if !a.LoginHidden {
		name.Hint = v.T("Type it: {name}", "name", a.Username)
	}
	form := q.Form(to+"/erase", page.Danger(v.T("Erase {name} for ever", "name", a.Name)), page.Input(v, name))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(v.T("Delete or erase"), append(body, page.Section(v.T("Erase at once"),
		page.P(v.T("Name, user name, e-mail address, code and password are removed, and whom they are found by. Enrolments, results and rights stay, under a pseudonym. The audit keeps what it says. It cannot be undone.")),
		form.Node(v)))...)
}

// askMerge asks which account is merged into a person's.
func askMerge(q *shell.Req) error {
	a, err := onPerson(q, access.AccountMerge)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	other, err := q.People("other")
	if err != nil {
		return err
	}
	other.Multiple, other.Field.Label, other.Field.Required = false, v.T("The other account of the same person"), true
	form := q.Form(to+"/merge", page.Button(v.T("Show what moves")), other.Node(v))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	title := v.T("Merge with another account")
	return q.Show(title, personHead(q, a, title, a.Organization.Name),
		page.P(v.T("The enrolments, teams, groups and roles of the other account move to {name}, who stays; the other account is deleted. You see what moves before anything does.", "name", a.Name)),
		form.Node(v))
}

// mergeAccounts shows what a merge would move, and merges once that is confirmed.
func mergeAccounts(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	if lines := page.Lines(q.R.PostForm.Get(page.TextName("other"))); q.R.PostForm.Get("other") == "" && len(lines) > 0 {
		found, err := shell.RunWith(q, action.ResolveAccounts, action.PeopleLines{Lines: lines[:1]})
		if err != nil {
			return err
		}
		if len(found.Found) != 1 {
			return q.Again(fail.Wrong("other", "There is nobody of this name whom you may see, or several."), askMerge)
		}
		q.R.PostForm.Set("other", found.Found[0].ID.String())
	}
	var in identity.Merger
	if err := q.Fill(&in); err != nil {
		return q.Again(err, askMerge)
	}
	if q.R.PostForm.Get("confirmed") != "yes" || q.R.Header.Get("X-Preview") != "" {
		return showMerge(q, in)
	}
	out, err := shell.RunWith(q, identity.MergeAccounts, in)
	if shell.Again(err) {
		return q.Again(err, askMerge)
	}
	if err != nil {
		return err
	}
	return q.Redirect("/people/"+out.ID.String(), page.Good, q.T("{other} is merged into {name}.", "other", out.Other, "name", out.Name))
}

// showMerge is what a merge would move, and who would gain and lose what by it (BE-2).
func showMerge(q *shell.Req, in identity.Merger) error {
	out, effects, err := identity.MergeAccounts.Preview(q.Ctx(), q.Env(), q.Who, in)
	if shell.Again(err) && q.R.Header.Get("X-Preview") == "" {
		return q.Again(err, askMerge)
	}
	if err != nil {
		return err
	}
	a, err := onPerson(q, access.AccountMerge)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	var facts []page.KV
	fact := func(label string, n int) {
		if n > 0 {
			facts = append(facts, page.KV{Key: label, Value: g.Text(strconv.Itoa(n))})
		}
	}
	fact(v.T("Enrolments that move, with their results"), out.Enrolments)
	fact(v.T("Enrolments that stay with the deleted account, since both are in the course"), out.Doubled)
	fact(v.T("Teams"), out.Teams)
	fact(v.T("Access groups"), out.Groups)
	fact(v.T("Other roles"), out.Grants)
	fact(v.T("Policies"), out.Policies)
	fact(v.T("Rights of others over the person"), out.Over)
	fact(v.T("What {name} has already", "name", out.Name), out.Had)
	fact(v.T("Account types that end, since they are held in another organization"), out.Ended)
	moves := g.Node(page.P(v.T("Nothing moves: the other account has nothing that {name} has not.", "name", out.Name)))
	if len(facts) > 0 {
		moves = page.KeyValues(facts...)
	}
	title := v.T("Merge {other} into {name}?", "other", out.Other, "name", out.Name)
	form := q.Form(to+"/merge", page.Danger(v.T("Merge")), page.Hidden("other", in.Other.String()), page.Hidden("confirmed", "yes"))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(title, personHead(q, a, title, ""), page.Section(v.T("What moves"), moves),
		page.Section(v.T("Who gains and who loses"), shell.EffectsOf(effects).Node(v)),
		page.P(v.T("{other} is deleted by it, with what stays: it can be restored for 30 days, but not taken apart again.", "other", out.Other)), form.Node(v))
}
