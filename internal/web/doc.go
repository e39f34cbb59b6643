package web

// How to add a page. In the file of its noun:
//
//	func (s *Server) teamRoutes() { // listed in nouns (server.go)
//		s.get("/manage/teams", action.ListTeams, listTeams)                       // the operation's permissions are the route's
//		s.get("/teams/{team}", action.ShowTeam, showTeam)
//		s.post("/teams/{team}/members", submit(action.AddTeamMember, "/teams/{team}").
//			says(page.Say("{name} is in the team now.")).on(showTeam))            // form → run → redirect, or the page with its errors
//		s.postTo("/sign-in", action.SignIn, signIn)                               // a form with a handler of its own
//		s.get("/sign-in", open("who signs in is nobody yet"), showSignIn)         // no permission, and why
//		s.get("/reports/x/file", action.XReport, download(action.XReport), upTo(10*time.Minute))
//	}
//
//	func showTeam(q *Req) error {
//		out, err := run(q, action.ShowTeam)       // input from path, query and form by its tags; or runWith(q, op, in)
//		if err != nil {
//			return err                            // answered in one place: 404, 403 with the reason, 422, 409, 429, 500 …
//		}
//		name := q.field("name", q.T("Name"), out.Name) // what was typed and what is wrong, where the form is shown again
//		return q.show(out.Name, page.Header(out.Name, ""), q.form("/teams/"+out.ID.String(), page.Button(q.T("Save")), page.Input(q.View, name)).Node(q.View))
//	}
//
// Helpers of Req: show, showNarrow, json, redirect, again (the form once more), may (a permission anywhere), can (a permission
// on a thing), T, now, field, value, values, ticked, wrong, form, preview, pager, View, Actor, Who, Portal.
//
// A form whose Preview is its own address posts it with X-Preview while it is filled in; submit answers with the effects
// (BE-2). Without scripts a button named _preview shows them in q.preview(). The navigation and which areas are open to
// whom stand in nav.go.
