package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func galleryForms(v View) g.Node {
	errs := Errors{{"name", "A team needs a name."}, {"mail", "This is not an e-mail address."}}
	return Layout(v, "Invite people",
		Header("Invite people", "They get an e-mail with a link that is valid for 14 days."),
		Form{Action: "/forms", Errors: errs, Preview: "/preview", Body: []g.Node{
			Two(Input(v, Field{Name: "name", Label: "Team name", Required: true, Error: errs.For("name")}),
				Input(v, Field{Name: "mail", Label: "E-mail", Type: "email", Value: "lou@", Hint: "Where the answer goes.", Error: errs.For("mail"), Autocomplete: "email"})),
			Picker{Field: Field{Name: "people", Label: "People", Required: true}, Source: "/find", Multiple: true,
				Chosen: []Choice{{ID: "p8", Label: "Sue Tan", Detail: "sue@acme.example"}, {ID: "p9", Label: "Una Roth", Detail: "una@umbra.example", Badge: "Outside"}}}.Node(v),
			Picker{Field: Field{Name: "owner", Label: "Owner"}, Source: "/find"}.Node(v),
			Two(Select(v, Field{Name: "org", Label: "Organization", Value: "s", Required: true}, []Option{{Value: "n", Label: "North"}, {Value: "s", Label: "South"}}),
				Date(v, Field{Name: "until", Label: "Until", Value: "2026-12-24"})),
			Textarea(v, Field{Name: "why", Label: "Reason", Hint: "It stands in the audit."}, 3),
			RadioGroup(v, Field{Name: "mode", Label: "They may", Value: "read", Required: true}, []Option{{Value: "read", Label: "Read", Hint: "See the team and its people."}, {Value: "edit", Label: "Edit"}, {Value: "own", Label: "Own", Disabled: true, Hint: "Only an owner may make an owner."}}),
			CheckGroup(v, Field{Name: "also", Label: "And also"}, []Option{{Value: "a", Label: "View analytics", Chosen: true}, {Value: "n", Label: "Be notified"}}),
			Checkbox(Field{Name: "tell", Label: "Tell them by e-mail", Hint: "One message each."}, true),
			File(v, Field{Name: "file", Label: "A file of people", Hint: "CSV, with a heading line."}, ".csv"),
			PreviewOut(v)},
			Submit: []g.Node{Button("Save"), Secondary("Review", h.FormAction("/review")), LinkButton("Cancel", "#")}}.Node(v),
		Section("From a file",
			Form{Action: "/forms", Body: []g.Node{
				CSVTable{Caption: "People to invite", Columns: []CSVColumn{{Name: "email", Title: "E-mail", Type: "email"}, {Name: "name", Title: "Name"}, {Name: "org", Title: "Organization", Options: []Option{{Value: "n", Label: "North"}, {Value: "s", Label: "South"}}}},
					Rows: []CSVRow{{Line: 2, Values: map[string]string{"email": "lin@acme.example", "name": "Lin Okafor", "org": "n"}},
						{Line: 3, Values: map[string]string{"email": "lou@acme", "name": "Lou Brandt"}, Errors: map[string]string{"email": "This is not an e-mail address."}}}}.Node(v)},
				Submit: []g.Node{Button("Send 2 invitations")}}.Node(v)))
}

func galleryAccess(v View) g.Node {
	return Layout(v, "Why",
		Crumbs(v, Link{"Acme Learning", "/"}, Link{"Management", "/access"}, Link{Label: "Why"}),
		Header("May Leo Marchetti add people to Reds?", "Asked of the state of "+v.DateTime(day)),
		Verdict(true, "Yes. Leo Marchetti may add people to Reds."),
		Steps(v,
			Rung{State: Skipped, Title: "Account type: Learner", Text: "The role Learner does not hold this permission anywhere."},
			Rung{State: Failed, Title: "Policy: Read teams, at the portal", Text: "Through the group Learner management. The role Read Teams holds “read teams”, not “add people”."},
			Rung{State: Decisive, Title: "Grant: Team owner of Reds", Text: "Since 3 Nov 2026, because Leo created the team.", More: h.A(h.Href("#"), g.Text("Open the grant"))},
			Rung{State: Passed, Title: "Protections", Text: "No protection speaks against it."}),
		Verdict(false, "No. Leo Marchetti may not send invitations."),
		Section("What saving would do", Effects{GainPeople: 14, Gains: []Effect{
			{Person: "Lin Okafor", Detail: "lin@acme.example", Items: []EffectItem{{"List users", []string{"Acme"}}, {"Read teams", []string{"Acme"}}, {"Download reports", []string{"Company A Team", "Reds"}}}},
			{Person: "Lou Brandt", Detail: "lou@acme.example", Items: []EffectItem{{"List users", []string{"Acme"}}}}},
			Losses: []Effect{{Person: "Sue Tan", Detail: "sue@acme.example", Items: []EffectItem{{"Create teams", nil}}}}}.Node(v),
			Effects{}.Node(v)),
		Confirm{Title: "Delete Reds?", Text: "The team goes, its people stay.", Losses: []string{"2 policies bound to this team", "The figures of 14 people for Ana Weiss"}, Action: "/del", Button: "Delete Reds", Cancel: "#", Typed: "Reds", Error: "That is not the team's name."}.Node(v))
}

func galleryParts(v View) g.Node {
	v.Flash = Flash{Good, "Reds was saved. 2 people were told."}
	return Layout(v, "Parts",
		Header("Parts", "", Unavailable("Log in as", "Only full administrators may."), MenuButton("More", MenuItem{Label: "Share", Icon: "share", Href: "#"}), Danger("Delete")),
		Notice(Info, g.Text("Figures are renewed every minute.")), Notice(Warn, g.Text("This grant ends tomorrow.")), Notice(Bad, g.Text("The file could not be read.")),
		SideBySide(
			Card("Details", KeyValues(KV{"Name", g.Text("Reds")}, KV{"Leader", Person("Ana Weiss", "ana@acme.example")}, KV{"Login details", Masked(v)}, KV{"State", Badges(Badge(Good, "Active"), Badge(Warn, "Pending"), Badge(Bad, "Expired"), Badge(Info, "Shared"), Badge(Plain, "Archived"))})),
			Card("Jobs", Progress{Label: "Import of results", Value: 62, Max: 100, Text: "107,800 of 173,912 rows"}.Node(v), Progress{Label: "Report", Text: "Waiting for its turn"}.Node(v),
				Chips(v, Chip{Label: "All", Href: "#a", Current: true}, Chip{Label: "Overdue", Href: "#o"}))),
		CopyBox(v, "Embed this page", `<iframe src="https://learn.acme.example/embed/teams" title="Teams" width="100%" height="800"></iframe>`),
		Details("More about this", P("Opened on demand.")),
		Table{Caption: "Totals", ShowCaption: true, Dense: true, Columns: []Column{{Title: "Region", Wide: true}, {Title: "People", Align: End}, {Title: "Completed", Align: End}}, Rows: []Row{{Cells: Cells("North", "1,204", "812")}, {Cells: Cells("South", "980", "501")}}, Foot: Cells("All", "2,184", "1,313")}.Node(v),
		h.P(Inline(g.Text("An "), Truncate("overlong name that does not fit anywhere because somebody typed all that came to their mind, and more"), Muted("muted"))))
}

func gallerySignIn(v View) g.Node {
	v.Account, v.Nav = Account{}, nil
	return Narrow(v, "Sign in",
		Form{Action: "/sign-in", Errors: Errors{{"", "That name and password do not fit."}}, Body: []g.Node{
			Input(v, Field{Name: "name", Label: "User name or e-mail", Required: true, Autocomplete: "username"}),
			Input(v, Field{Name: "password", Label: "Password", Type: "password", Required: true, Autocomplete: "current-password"})},
			Submit: []g.Node{Button("Sign in")}}.Node(v),
		h.P(h.A(h.Href("#"), g.Text("Forgot your password?"))))
}

func galleryError(v View) g.Node {
	return ErrorPage(v, 403, "You may not open this", "Opening analytics needs the permission “view analytics”. Ana Weiss and two others could give it to you.", PrimaryLink("Why is that?", "#"), LinkButton("To the start", "/"))
}

func galleryEmbedded(v View) g.Node {
	v.Embedded = true
	return Layout(v, "Teams", Header("Teams", ""), peopleTable(v))
}

func galleryEmpty(v View) g.Node {
	return Layout(v, "Dashboard", Header("Dashboard", ""),
		Empty("No figures yet", "As soon as somebody enrols in a course, their progress shows here. Ana Weiss can enrol people.", LinkButton("Choose other people", "#")),
		LineChart{Title: "Enrolment", Labels: []string{"a"}, Series: []Series{{"", []float64{0}}}}.Node(v),
		Table{Caption: "None"}.Node(v))
}
