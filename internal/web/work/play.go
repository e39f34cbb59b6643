package work

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"provost/internal/action/work"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/pack"
	"provost/internal/web/shell"
	"provost/internal/web/static"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Content serves the content of packages, at an address of its own (shell.Server.Apart). A package is hostile until shown
// otherwise: at this address nobody has a session, what its scripts reach is what the token in the address gives, and they
// reach nothing elsewhere.
func Content(env *op.Env, origin string) http.Handler {
	c := &content{env, origin}
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.HandleFunc("GET /p/{token}/play", c.opened(c.play))
	mux.HandleFunc("GET /p/{token}/files/{path...}", c.opened(c.file))
	mux.HandleFunc("POST /p/{token}/state", c.opened(c.keep))
	c.statements(mux)
	return mux
}

type content struct {
	env *op.Env
	// origin is where it is served: shell.Each in it for one for each.
	origin string
}

// maxSaid bounds what content sends.
const maxSaid = 512 << 10

// opened finds what was launched by the token in the address, and answers errors.
func (c *content) opened(do func(http.ResponseWriter, *http.Request, work.Launch) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("X-Robots-Tag", "noindex")
		head.Set("Cache-Control", "private, no-cache")
		head.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		head.Set("Content-Security-Policy", contentPolicy+"'none'")
		launch, err := work.OpenLaunch(c.env, r.PathValue("token"))
		if err == nil && !c.there(r, launch) {
			err = fail.Missing("package")
		}
		if err == nil {
			head.Set("Content-Security-Policy", contentPolicy+"'self' "+launch.Origin)
			r.Body = http.MaxBytesReader(w, r.Body, maxSaid)
			err = do(w, r, launch)
		}
		if err != nil {
			http.Error(w, "This cannot be opened, or not any more. Please open it anew from its course.", shell.StatusOf(err))
		}
	}
}

// there tells whether a request comes to the origin of what was launched: content that opened its own address at another's would find
// what that keeps in the browser.
func (c *content) there(r *http.Request, l work.Launch) bool {
	at, err := url.Parse(shell.OriginOf(c.origin, l.Site()))
	return err == nil && shell.HostOf(r) == at.Hostname()
}

// contentPolicy is the Content-Security-Policy of all content but for who frames it: its own scripts, inline ones too, and nothing
// of any other address.
const contentPolicy = "sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-popups; default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; " +
	"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "

const playerStyle = `html,body,iframe{margin:0;border:0;width:100%;height:100%;display:block}#lost{font:1rem sans-serif;padding:.5rem;background:#fde8e8;color:#7a1010}`

// player is the page around an item; boot is JSON, in which < > and & are escapes, so that it ends no script.
func player(title string, boot []byte) g.Node {
	return h.Doctype(h.HTML(h.Head(h.Meta(h.Charset("utf-8")), h.Meta(h.Name("viewport"), h.Content("width=device-width")), h.TitleEl(g.Text(title)), h.StyleEl(g.Raw(playerStyle))),
		h.Body(h.P(h.ID("lost"), h.Role("alert"), g.Attr("hidden"), g.Text("What you did could not be kept. Please open this anew from its course.")),
			h.Script(h.Type("application/json"), h.ID("boot"), g.Raw(string(boot))), h.Script(h.Type("module"), h.Src(static.Path("play.js"))))))
}

// play is the page around an item, which offers it the interface of its standard.
func (c *content) play(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	in := work.OneItem{OneAssessment: l.In(), Item: r.URL.Query().Get("item"), Attempt: l.Attempt}
	out, err := work.ShowPackageState.Run(r.Context(), c.env, l.Who(), in)
	if err != nil {
		return err
	}
	if !strings.Contains(c.origin, shell.Each) { // all share an origin: what another left there is forgotten
		w.Header().Set("Clear-Site-Data", `"storage", "cookies"`)
	}
	at := "/p/" + r.PathValue("token")
	if out.Standard == pack.CMI5 || out.Standard == pack.XAPI {
		http.Redirect(w, r, at+"/files/"+launchedWith(out, l, c.here(r, l)+at), http.StatusFound)
		return nil
	}
	boot := struct {
		work.PackageState
		File string `json:"file"`
		Keep string `json:"keep"`
	}{out, at + "/files/" + out.File, at + "/state?item=" + url.QueryEscape(out.Item)}
	text, err := json.Marshal(boot)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return player(out.Title, text).Render(w)
}

// file is one file of the package.
func (c *content) file(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	ctx, cancel := context.WithTimeout(r.Context(), fileTime)
	defer cancel()
	until, _ := ctx.Deadline()
	_ = http.NewResponseController(w).SetWriteDeadline(until) // a test's recorder has none
	out, err := work.PackageEntry.Run(ctx, c.env, l.Who(), work.OneEntry{OneAssessment: l.In(), Path: r.PathValue("path")})
	if err != nil {
		return err
	}
	kept, err := c.env.Files.Open(out.Hash)
	if err != nil {
		return err
	}
	defer kept.Close()
	info, err := kept.Stat()
	if err != nil {
		return err
	}
	archive, err := pack.Open(kept, info.Size())
	if err != nil {
		return err
	}
	entry, err := archive.Entry(out.Path)
	if err != nil {
		return err
	}
	defer entry.Close()
	if strings.Contains(r.Header.Get("Range"), ",") { // each range behind another would unpack the entry anew
		r.Header.Del("Range")
	}
	head := w.Header()
	head.Set("Content-Type", pack.Type(out.Path))
	head.Set("ETag", `"`+out.Hash[:32]+`"`)
	http.ServeContent(w, r, "", time.Time{}, entry)
	return nil
}

// fileTime is how long a file may take to be read.
const fileTime = 10 * time.Minute

// keep takes what an item of SCORM says.
func (c *content) keep(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	var said struct {
		Data map[string]string `json:"data"`
	}
	text, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(text, &said) != nil {
		return fail.New(fail.Invalid, "This form cannot be read.")
	}
	out, err := work.SavePackageState.Run(r.Context(), c.env, l.Who(), work.KeptState{OneItem: work.OneItem{OneAssessment: l.In(), Item: r.URL.Query().Get("item"), Attempt: l.Attempt}, Data: said.Data})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"kept":`+strconv.FormatBool(out.Kept)+`,"done":`+strconv.FormatBool(out.Done)+`}`) // a reader who left is no error of ours
	return nil
}
