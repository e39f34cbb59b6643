package page

import (
	"time"

	g "maragu.dev/gomponents"
)

// View is what every page needs to know about its request: who reads it, in which language, and where they are.
// It holds plain values; the handler fills it once and hands it to Layout and to each component.
type View struct {
	// Lang is a language of Languages; empty is English. Dir is "ltr" or "rtl"; empty follows Lang.
	Lang, Dir string
	// Theme is "light", "dark" or empty, which follows the device (see ThemeOf).
	Theme string
	// Path is the path of the request, to come back to it after a change of theme.
	Path string
	// Zone is where dates and times are shown; nil is UTC.
	Zone *time.Location
	// Portal is the portal's own name, or its brand's.
	Portal string
	// Logo is the address of the brand's logo, Style of the style sheet with its colours; empty for none.
	Logo, Style string
	// Account is who is signed in; an empty Name is nobody.
	Account Account
	// Nav is the navigation at the side; empty leaves the side out.
	Nav []NavSection
	// Search is where the box in the header looks; an empty Action leaves it out.
	Search Search
	// Flash is said once, at the top of the page, and announced.
	Flash Flash
	// ActingAs is the text of the bar that every page shows while one account acts as another; empty is no bar.
	ActingAs string
	// StopActing is where the bar's Stop button posts to.
	StopActing string
	// Embedded leaves out header and navigation, for pages framed by another site (LM-14).
	Embedded bool
}

// Account is the person who is signed in, as the header shows them.
type Account struct {
	Name, Organization string
	// Initials may be empty: they are then made of the name.
	Initials string
	// Menu is what opens under the name, before Sign out.
	Menu []MenuItem
	// SignOut is where Sign out posts to; empty leaves it out.
	SignOut string
}

// NavSection is a part of the navigation; a section without a title stands first.
type NavSection struct {
	Title string
	Items []NavItem
}

// NavItem is one place to go. Icon is a name that Icon knows.
type NavItem struct {
	Label, Href, Icon string
	Current           bool
	// Count is shown behind the label, such as what waits there; empty is nothing.
	Count string
}

// Search is the box in the header.
type Search struct {
	Action, Query string
}

// Flash is what the last request has to say.
type Flash struct {
	Kind Kind
	Text string
}

// Kind is the tone of a notice, a badge or a trend. Each has a colour and an icon or a word, never a colour alone.
type Kind string

// The kinds. Plain has no tone of its own.
const (
	Plain Kind = ""
	Info  Kind = "info"
	Good  Kind = "good"
	Warn  Kind = "warn"
	Bad   Kind = "bad"
)

// Link is a label with an address. In a row of links, one without an address is where the reader is.
type Link struct {
	Label, Href string
}

// Themes are the values that the theme's cookie and the field "theme" of POST /theme may have; "" follows the device.
var Themes = []string{"", "light", "dark"}

// ThemeCookie is the name of the cookie that keeps the reader's theme.
const ThemeCookie = "theme"

// ThemeOf is a View's Theme from the value of the cookie or field: anything unknown follows the device.
func ThemeOf(value string) string {
	if value == "light" || value == "dark" {
		return value
	}
	return ""
}

func (v View) lang() string {
	if v.Lang == "" {
		return "en"
	}
	return v.Lang
}

func (v View) dir() string {
	switch {
	case v.Dir != "":
		return v.Dir
	case rightToLeft[v.lang()]:
		return "rtl"
	}
	return "ltr"
}

var rightToLeft = map[string]bool{"ar": true, "fa": true, "he": true, "ur": true}

// none is a node that writes nothing.
var none = g.Group(nil)
