package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"provost/internal/web/webtest"
)

// What somebody holds names the groups and policies that it came through; only who may open these finds links to them.
func TestHeldThroughLinksLead(t *testing.T) {
	site := webtest.New(t)
	leo := "/people/" + site.People["Leo"].ID.String() + "/access"
	for who, links := range map[string]bool{"Leo": false, "Ana": true} {
		c := site.As(t, who)
		p := c.Get(leo)
		if !strings.Contains(p.Text("tbody"), "Group Learner management") {
			t.Fatalf("%s reads %d %s", who, p.Status, p.Text("main"))
		}
		found := p.Find(`tbody a[href^="/manage/"]`)
		if (found.Length() > 0) != links {
			t.Errorf("%s finds %d links", who, found.Length())
		}
		found.Each(func(_ int, a *goquery.Selection) {
			if at := a.AttrOr("href", ""); c.Get(at).Status != http.StatusOK {
				t.Errorf("%s follows %s to a refusal", who, at)
			}
		})
	}
}
