package network_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/web/browser"
	"provost/internal/world"
)

// NA-1 in a browser: the pages of a network that a portal is in, wide and light, on a phone and dark, and by keyboard.
func TestNA1NetworksInABrowser(t *testing.T) {
	tab, b := browser.Open(t), joined(t)
	tab.Go(b.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), "ana"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	enter := b.at + "/portals/" + b.Umbra.ID.String() + "/enter"
	for name, size := range map[string][2]int64{"wide": {1280, 900}, "phone": {390, 844}} {
		tab.Size(size[0], size[1])
		tab.Dark(name == "phone")
		for page, path := range map[string]string{"networks": "/networks", "network-new": "/networks/new", "network-join": "/networks/join", "network": b.at,
			"network-administrators": b.at + "/administrators", "network-enter": enter, "network-end": b.at + "/end"} {
			tab.Go(b.URL + path)
			tab.Shot(page + "-" + name)
			tab.Check(page + " " + name)
		}
	}
	tab.Go(b.URL + "/networks/new")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=name]"), "Southern Ring"+kb.Tab+password+kb.Tab+password+kb.Enter))
	tab.Until(`document.querySelector(".notice.good") && document.querySelector("h1").textContent === "Southern Ring"`)
	tab.Check("network made")
}
