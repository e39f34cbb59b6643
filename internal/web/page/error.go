package page

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// ErrorPage answers a request that failed: what happened, in the reader's words, and the ways out. A page inside
// the portal's frame where somebody is signed in, a card otherwise.
func ErrorPage(v View, status int, title, text string, actions ...g.Node) g.Node {
	if len(actions) == 0 {
		actions = []g.Node{LinkButton(v.T("To the start"), "/")}
	}
	body := g.Group{
		h.P(h.Class("error-code"), g.Text(v.T("Error {status}", "status", strconv.Itoa(status)))),
		h.H1(g.Text(title)), h.P(h.Class("lead"), g.Text(text)), h.Div(h.Class("actions"), g.Group(actions))}
	if v.Account.Name == "" && !v.Embedded {
		return Narrow(v, "", body)
	}
	return Layout(v, title, h.Div(h.Class("error-page"), body))
}
