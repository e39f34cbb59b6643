package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// Signing in, the home page and one's own account in a real browser: by keyboard, light, dark, and on a phone.
func TestSignInInBrowser(t *testing.T) {
	b := browser.Open(t)
	site := webtest.New(t)
	b.Go(site.URL + "/account")
	b.Check("sign-in")
	b.Shot("sign-in")
	b.Do(chromedp.SendKeys(chromedp.CSS("#f-login"), "leo"), chromedp.SendKeys(chromedp.CSS("#f-password"), "wrong\r"))
	b.Until(`document.querySelector(".summary") !== null`)
	b.Console() // tells of the status 422
	b.Check("sign-in-wrong")
	b.Shot("sign-in-wrong")
	b.Do(chromedp.SendKeys(chromedp.CSS("#f-password"), world.Password+"\r"))
	b.Until(`location.pathname === "/account"`)
	for _, page := range []struct{ name, path string }{{"account", "/account"}, {"password", "/account/password"}, {"home", "/"}} {
		look := func(kind string, width, height int64, dark bool) {
			b.Size(width, height)
			b.Dark(dark)
			b.Go(site.URL + page.path)
			b.Check(page.name + kind)
			b.Shot(page.name + kind)
		}
		look("", 1280, 900, false)
		look("-dark", 1280, 900, true)
		look("-phone", 390, 844, false)
	}
}
