package tenant

import (
	"strings"
	"time"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/tenant"
)

var helpOps = []op.Any{ShowHelp, ShowHelpItem, EditHelpItem}

// helpItems are the items of the Help center, each with the permission that opens it (XA-3). The start is for whoever may
// open the Help center at all.
var helpItems = []struct {
	key, title, about string
	perm              *access.Permission
}{
	{"start", "Help center", "What everybody should know.", access.HelpView},
	{"guides", "Guides", "How things are done, step by step.", access.HelpGuides},
	{"how_to_videos", "How-to videos", "Short films on one thing each.", access.HelpVideos},
	{"support_forum", "Support forum", "Questions to those who run the portal, and their answers.", access.HelpForum},
	{"discussion_forum", "Discussion forum", "Where administrators talk to one another.", access.HelpDiscuss},
	{"suggestions", "Suggestions", "What you would like the portal to do.", access.HelpSuggest},
	{"roadmap", "Roadmap", "What comes next.", access.HelpRoadmap},
}

var helpNeeds = []*access.Permission{access.HelpView, access.HelpGuides, access.HelpVideos, access.HelpForum, access.HelpDiscuss, access.HelpSuggest, access.HelpRoadmap}

// HelpItem is an item of the Help center.
type HelpItem struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	About string `json:"about"`
	// Text is its content, as Markdown; empty where nobody has written any.
	Text    string    `json:"text"`
	Changed time.Time `json:"changed,omitzero"`
	MayEdit bool      `json:"may_edit"`
}

// HelpCenter is the Help center's start, and the items that one may open.
type HelpCenter struct {
	Start HelpItem   `json:"start"`
	Items []HelpItem `json:"items"`
}

// ShowHelp shows the Help center's start, and which items one may open (CO-7).
var ShowHelp = &op.Op[struct{}, HelpCenter]{
	Name:  "help.show",
	Route: "GET /help",
	Doc:   "Shows the Help center: its start, and the items that you may open.",
	Needs: append(helpNeeds, access.PortalConfigure),
	Do: func(c *op.Call, _ struct{}) (out HelpCenter, err error) {
		me, err := store.FindAccount(c, c.Tx, c.May(access.HelpView), c.Who.Account)
		if err != nil {
			return out, err
		}
		pages, err := tenant.HelpPages(c, c.Tx, c.Who.Portal)
		if err != nil {
			return out, err
		}
		thing := me.Thing()
		for i, x := range helpItems {
			if c.May(x.perm).Has(&thing) == nil {
				continue
			}
			item := HelpItem{x.key, x.title, x.about, pages[x.key].Body, pages[x.key].Changed, c.May(access.PortalConfigure).Any()}
			if i == 0 {
				out.Start = item
			} else {
				item.Text = "" // one reads it on its own page
				out.Items = append(out.Items, item)
			}
		}
		return out, nil
	},
}

// HelpPath names an item.
type HelpPath struct {
	Item string `path:"item" doc:"The item's key: start, guides, how_to_videos, support_forum, discussion_forum, suggestions or roadmap."`
}

// ShowHelpItem shows one item of the Help center.
var ShowHelpItem = &op.Op[HelpPath, HelpItem]{
	Name:  "help.item",
	Route: "GET /help/{item}",
	Doc:   "Shows one item of the Help center.",
	Needs: append(helpNeeds, access.PortalConfigure),
	Do: func(c *op.Call, in HelpPath) (HelpItem, error) {
		out, err := openHelp(c, in.Item)
		if err != nil {
			return out, err
		}
		pages, err := tenant.HelpPages(c, c.Tx, c.Who.Portal)
		out.Text, out.Changed, out.MayEdit = pages[in.Item].Body, pages[in.Item].Changed, c.May(access.PortalConfigure).Any()
		return out, err
	},
}

// openHelp finds an item that the actor may open, without its text.
func openHelp(c *op.Call, key string) (HelpItem, error) {
	for _, x := range helpItems {
		if x.key == key {
			_, err := store.FindAccount(c, c.Tx, c.May(x.perm), c.Who.Account)
			return HelpItem{Key: x.key, Title: x.title, About: x.about}, err
		}
	}
	return HelpItem{}, fail.Missing("page")
}

// HelpText is what an item shall say.
type HelpText struct {
	HelpPath
	Text string `json:"text" doc:"Its content, as Markdown: 100,000 characters at most. HTML in it is left out."`
}

// maxHelp is how many characters an item of the Help center may have.
const maxHelp = 100_000

// Check names what is wrong with the input.
func (in HelpText) Check() error {
	if utf8.RuneCountInString(in.Text) > maxHelp || !utf8.ValidString(in.Text) || strings.ContainsRune(in.Text, 0) {
		return fail.Wrong("text", "This text is too long, or no text.")
	}
	return nil
}

// EditHelpItem writes an item, by who configures the portal and may open the item.
var EditHelpItem = &op.Op[HelpText, HelpItem]{
	Name:  "help.edit",
	Route: "PUT /help/{item}",
	Doc:   "Writes one item of the Help center, as Markdown.",
	Needs: append(helpNeeds, access.PortalConfigure),
	Do: func(c *op.Call, in HelpText) (HelpItem, error) {
		out, err := openHelp(c, in.Item)
		if err != nil {
			return out, err
		}
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return out, err
		}
		c.Audit(p.Thing(), out.Title, map[string]any{"item": in.Item, "characters": utf8.RuneCountInString(in.Text)})
		out.Text, out.Changed, out.MayEdit = in.Text, c.Now, true
		return out, tenant.SaveHelpPage(c, c.Tx, p, in.Item, in.Text, c.By(), c.Now)
	},
}
