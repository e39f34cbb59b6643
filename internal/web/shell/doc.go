// Package shell is what every page stands in: it finds who asks, runs operations, fills forms, and answers errors, so that
// the pages of an area are a package of their own that imports it. Packages of areas do not import each other.
package shell

// How to add a page. In a package of an area (see package web for how it is listed):
//
//	func Routes(s *shell.Server) {
//		s.Get("/manage/teams", action.ListTeams, listTeams)                       // the operation's permissions are the route's
//		s.Get("/teams/{team}", action.ShowTeam, showTeam)
//		s.Post("/teams/{team}/members", shell.Submit(action.AddTeamMember, "/teams/{team}").
//			Says(page.Say("{name} is in the team now.")).On(showTeam))            // form → run → redirect, or the page with its errors
//		s.PostTo("/sign-in", action.SignIn, signIn)                               // a form with a handler of its own
//		s.Get("/sign-in", shell.Open("who signs in is nobody yet"), showSignIn)   // no permission, and why
//		s.Get("/reports/x/file", action.XReport, shell.Download(action.XReport), shell.UpTo(10*time.Minute))
//	}
//
//	func showTeam(q *shell.Req) error {
//		out, err := shell.Run(q, action.ShowTeam) // input from path, query and form by its tags; or shell.RunWith(q, op, in)
//		if err != nil {
//			return err                            // answered in one place: 404, 403 with the reason, 422, 409, 429, 500 …
//		}
//		name := q.Field("name", q.T("Name"), out.Name) // what was typed and what is wrong, where the form is shown again
//		return q.Show(out.Name, page.Header(out.Name, ""), q.Form("/teams/"+out.ID.String(), page.Button(q.T("Save")), page.Input(q.View, name)).Node(q.View))
//	}
//
// Helpers of Req: Show, ShowNarrow, JSON, Redirect, Again (the form once more), May (a permission anywhere), Can (a permission
// on a thing), T, Now, Field, Value, Values, Ticked, Wrong, Form, WithPreview, Preview, Pager, QueryBut, People,
// OrganizationField, View, Actor, Who, Portal.
//
// A form whose Preview is its own address posts it with X-Preview while it is filled in; Submit answers with the effects
// (BE-2). Without scripts a button named _preview shows them in q.Preview(). The navigation and which areas are open to
// whom stand in nav.go, which pages other sites may frame in embed.go.
//
// # Files
//
// A form sends files like this; the API takes the same as multipart/form-data.
//
//	type NewThing struct {
//		Name  string      `json:"name"`
//		Files []op.Upload `file:"files" json:"-"` // or one: op.Upload, with .Given()
//	}
//
//	var AddThing = &op.Op[NewThing, Ref]{ …
//		Files: 4 * op.MaxFile,              // how many bytes in all; MaxFile: for each, 25 MB where it is not said
//		Allow: func(c *op.Call, in NewThing) error { … }, // find what Do finds: nobody's bytes are kept who may not send them
//		Do: func(c *op.Call, in NewThing) (Ref, error) {
//			…                              // find or make the thing that holds them, within a permission
//			_, err = files.Add(c, filed.Holder{Kind: filed.OfSubmission, ID: thing.ID}, "", in.Files...) // action/files, store/files
//		},
//	}
//
//	form := q.Form(at, page.Button(q.T("Save")), page.File(q.View, q.Field("files", q.T("Files"), ""), ""))
//	form.Files = true
//	s.Post(at, shell.Submit(x.AddThing, at).On(show)) // the limits of body and time come from the operation
//
// To list them: files.Items(filed.List(…)) in the operation, page.Files on the page. To send one: an operation whose Do finds
// the holder and returns files.Send(c, holder, in.File), at a route like
//
//	s.Get(at+"/files/{file}", x.ThingFile, shell.Download(x.ThingFile), shell.UpTo(10*time.Minute))
//
// Who deletes a holder calls filed.DropOf, who copies one filed.Copy; bytes that no row names are swept away a day later. Only a
// picture (PNG, JPEG, GIF, found by decoding it) is ever shown; anything else is saved. page.MarkdownWith puts pictures of the
// holder into a text.
