// Package browser opens pages in a headless Chromium, for tests: it takes screenshots, and fails a test on what the page
// writes to the console (a breach of the Content-Security-Policy does) and on what axe-core finds against WCAG 2.2 AA.
package browser

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/db/dbtest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Tab is a page of a browser that ends with its test.
type Tab struct {
	t   *testing.T
	ctx context.Context

	mu   sync.Mutex
	said []string
}

// Open starts a browser for a test. With -short the test is skipped.
// PROVOST_CHROMIUM names another program than chromium; PROVOST_SCREENSHOTS is where Shot puts its pictures.
func Open(t *testing.T) *Tab {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	program := os.Getenv("PROVOST_CHROMIUM")
	if program == "" {
		program = "chromium"
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("no-proxy-server", true), chromedp.WindowSize(1280, 900))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil { // the first starts the browser: no time limit on its context
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	tab := &Tab{t: t, ctx: limited}
	go tab.listen(chromedp.Console(ctx))
	return tab
}

func (b *Tab) listen(messages func(func(chromedp.ConsoleMessage, error) bool)) {
	for m, err := range messages {
		if err != nil {
			return
		}
		b.mu.Lock()
		b.said = append(b.said, m.String()+" "+m.URL)
		b.mu.Unlock()
	}
}

// Console is what the page wrote to the console since it was last asked.
func (b *Tab) Console() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	said := b.said
	b.said = nil
	return said
}

// Do runs chromedp's steps, within thirty seconds.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%v, on: %s", err, b.shown())
	}
}

// shown is where the tab is and what can be read there, for whoever reads why a test failed.
func (b *Tab) shown() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 2000)`))
	if err != nil {
		return err.Error()
	}
	return text
}

// Go opens an address and waits until its scripts have run.
func (b *Tab) Go(url string) {
	b.t.Helper()
	b.Do(chromedp.Navigate(url))
	Eval[bool](b, `new Promise(r => document.readyState === "complete" ? r(true) : addEventListener("load", () => r(true)))`)
}

// Eval is the value of an expression in the page; a promise is waited for.
func Eval[T any](b *Tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Until waits at most twenty seconds until an expression is true on a page whose scripts have run. One that throws is not
// true yet: a page that is just being left, or read, lacks what it asks about.
func (b *Tab) Until(expression string) {
	b.t.Helper()
	var last error
	for range 400 {
		is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && Boolean(`+expression+`)`))
		if is && err == nil {
			return
		}
		last = err
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("never true: %s (%v), on: %s", expression, last, b.shown())
}

// Size sets the size of the window; a phone is 390 by 844.
func (b *Tab) Size(width, height int64) {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(width, height))
}

// Dark tells pages that the device prefers dark, or light.
func (b *Tab) Dark(dark bool) {
	b.t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// Shot keeps a picture of the whole page as a PNG file, where PROVOST_SCREENSHOTS says; without that it does nothing.
func (b *Tab) Shot(name string) {
	b.t.Helper()
	dir := os.Getenv("PROVOST_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// settle ends transitions: colours half way between two themes have the contrast of neither. They are not waited for, since a
// window that nobody looks at draws no frames.
const settle = `document.getAnimations().filter(a => a.effect.getComputedTiming().endTime !== Infinity).forEach(a => a.finish()); true`

// Check fails the test on what axe-core finds on the page as it is now, on anything on the console, and on a page that is
// wider than the window. Rules of axe-core that a moment cannot keep (what an open menu covers) are left out by name. On
// PostgreSQL axe-core is not asked again: it looks at the same pages.
func (b *Tab) Check(name string, without ...string) {
	b.t.Helper()
	Eval[bool](b, settle)
	if !dbtest.Postgres() {
		b.askAxe(name, without)
	}
	if said := b.Console(); len(said) > 0 {
		b.t.Errorf("%s: console: %s", name, strings.Join(said, "\n"))
	}
	if over := Eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		b.t.Errorf("%s: %d pixels wider than the window", name, over)
	}
}

func (b *Tab) askAxe(name string, without []string) {
	b.t.Helper()
	Eval[bool](b, axe(b.t)+";true")
	for _, found := range Eval[[]string](b, axeRun) {
		if rule, _, _ := strings.Cut(found, ":"); slices.Contains(without, rule) {
			continue
		}
		b.t.Errorf("%s: axe: %s", name, found)
	}
}

// Picture is the window as it is now, as a PNG file.
func (b *Tab) Picture() []byte {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	return png
}
