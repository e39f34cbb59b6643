package page

import (
	"testing"

	"provost/internal/web/browser"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestGallery(t *testing.T) {
	tab, server := browser.Open(t), gallery(t)
	pages := []string{"dashboard", "people", "forms", "access", "parts", "signin", "error", "embedded", "empty"}
	for _, look := range []struct {
		name, query   string
		dark          bool
		width, height int64
	}{
		{"light", "", false, 1280, 900},
		{"dark", "?acting=1", true, 1280, 900},
		{"phone", "", false, 390, 844},
		{"rtl", "?dir=rtl&theme=dark&lang=de", false, 1280, 900},
	} {
		tab.Dark(look.dark)
		tab.Size(look.width, look.height)
		for _, p := range pages {
			tab.Go(server.URL + "/" + p + look.query)
			tab.Shot(p + "-" + look.name)
			tab.Check(p + " " + look.name)
		}
	}
}

func TestNavigationOpensOnAPhone(t *testing.T) {
	tab, server := browser.Open(t), gallery(t)
	tab.Size(390, 844)
	tab.Go(server.URL + "/people")
	tab.Until(`getComputedStyle(document.querySelector('.side')).display === 'none'`)
	tab.Do(chromedp.Click(chromedp.CSS(`.nav-toggle summary`)))
	tab.Until(`getComputedStyle(document.querySelector('.side')).display === 'block'`)
	tab.Shot("navigation-phone")
	tab.Check("navigation")
}

func TestPickerFindsChoosesAndRemoves(t *testing.T) {
	tab, server := browser.Open(t), gallery(t)
	tab.Go(server.URL + "/forms")
	box := chromedp.CSS(`[data-name=people] [role=combobox]`)
	tab.Do(chromedp.SendKeys(box, "lin"))
	tab.Until(`document.querySelectorAll('[data-name=people] [role=option]').length === 2`)
	tab.Shot("picker")
	tab.Check("open picker")
	tab.Do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	tab.Until(`document.querySelectorAll('[data-name=people] input[type=hidden][name=people]').length === 3`)
	tab.Until(`document.querySelector('[data-preview-out]').textContent === 'preview of 3 people'`)
	tab.Do(chromedp.Click(chromedp.CSS(`[data-name=people] .token button`)))
	tab.Until(`document.querySelectorAll('[data-name=people] input[type=hidden][name=people]').length === 2`)

	browser.Eval[bool](tab, `(() => { const data = new DataTransfer(); data.setData("text", "lou@acme.example\nNobody Here\nUna Roth");
		document.querySelector('[data-name=people] [role=combobox]').dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); return true })()`)
	tab.Until(`document.querySelectorAll('[data-name=people] input[type=hidden][name=people]').length === 4`)
	tab.Until(`document.querySelector('[name=people_text]').value === 'Nobody Here'`)
	tab.Until(`document.querySelector('.error.pasted').textContent === 'Not found: Nobody Here'`)
	tab.Shot("picker-pasted")
	tab.Check("pasted list")
}

func TestRowsOfAFileAreAddedAndRemoved(t *testing.T) {
	tab, server := browser.Open(t), gallery(t)
	tab.Go(server.URL + "/forms")
	tab.Do(chromedp.Click(chromedp.CSS(`[data-csv-add]`)))
	tab.Until(`document.activeElement.name === 'rows.2.email'`)
	tab.Do(chromedp.Click(chromedp.CSS(`[data-csv] tbody tr .icon-button`)))
	tab.Until(`document.querySelectorAll('[data-csv] tbody tr').length === 2`)
	tab.Check("file")
}

func TestThemeIsKeptInACookie(t *testing.T) {
	tab, server := browser.Open(t), gallery(t)
	tab.Go(server.URL + "/people")
	tab.Do(chromedp.Click(chromedp.CSS(`.theme summary`)))
	tab.Shot("theme-menu")
	tab.Check("theme menu", "target-size")
	tab.Do(chromedp.Click(chromedp.CSS(`.theme button[value=dark]`)))
	tab.Until(`document.documentElement.dataset.theme === 'dark' && document.cookie === 'theme=dark'`)
	tab.Do(chromedp.Click(chromedp.CSS(`tbody .menu summary`)))
	tab.Until(`document.querySelector('tbody .menu').open`)
	tab.Shot("row-menu")
	tab.Check("row menu", "target-size")
	tab.Do(chromedp.KeyEvent(kb.Escape))
	tab.Until(`!document.querySelector('tbody .menu').open`)
}
