package catalog

import "provost/internal/web/page"

// words are the texts of operations that these pages show, for the catalogue of translations.
var _ = []string{
	page.Say("Super administrator"), page.Say("Administrator"), page.Say("Partial administrator"), page.Say("Organization administrator"),
	page.Say("Content administrator"), page.Say("Instructor"), page.Say("Teaching assistant"), page.Say("Learner"), page.Say("Parent"), page.Say("Manager"),
	page.Say("Mentor"), page.Say("Monitor"), page.Say("Affiliate"), page.Say("Portal administrator"),
	page.Say("Parent of"), page.Say("Manager of"), page.Say("Mentor of"), page.Say("Friend of"),
	page.Say("Permissions"), page.Say("Import"),
	page.Say("The portal's name, passwords, and the sites that embed its pages."), page.Say("What people can be in this portal, and which of it is switched on."),
	page.Say("Which account type may do what, in the portal and in its organizations."), page.Say("Everybody, by account type."),
}
