package web

import (
	"context"
	"net/http"
	"time"

	"provost/internal/db"
	"provost/internal/web/notice"
	"provost/internal/web/page"
	"provost/internal/web/path"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func homeRoutes(s *shell.Server) {
	s.Get("/", shell.SignedIn("it shows one's own name, and the areas that are open to one"), showHome)
	s.Get("/manage", shell.SignedIn("it leads to the first tab that is open"), showManage)
	s.PostTo("/theme", shell.Open("it changes how one's own browser shows the pages"), setTheme)
	s.Handle("GET /healthz", health(s.Env.DB))
}

// showHome says where one is, as whom, and what one can do here.
func showHome(q *shell.Req) error {
	v := q.View
	sections := g.Group{}
	for _, s := range v.Nav[1:] {
		doors := make([]page.Door, len(s.Items))
		for i, item := range s.Items {
			doors[i] = page.Door{Label: item.Label, Href: item.Href, Icon: item.Icon, Text: v.T(shell.AboutArea(item.Href))}
		}
		sections = append(sections, page.Section(s.Title, page.Doors(doors...)))
	}
	courses, err := myCourses(q)
	if err != nil {
		return err
	}
	due, err := notice.Home(q)
	if err != nil {
		return err
	}
	graded, err := notice.Graded(q)
	if err != nil {
		return err
	}
	paths, err := path.Home(q)
	if err != nil {
		return err
	}
	if len(sections) == 0 && courses == nil && paths == nil && due == nil {
		sections = append(sections, page.Empty(v.T("No area of the portal is open to you yet"),
			v.T("What you are given to manage or to report on shows itself here at once. Ask an administrator of {portal} if you miss something.", "portal", v.Portal),
			page.LinkButton(v.T("My account"), "/account")))
	}
	taught, err := teaching(q)
	if err != nil {
		return err
	}
	parts := g.Group{}
	for _, part := range []g.Node{taught, due, graded, courses, paths} {
		if part != nil {
			parts = append(parts, part)
		}
	}
	return q.Show(v.T("Home"), page.Header(v.T("Welcome, {name}", "name", v.Account.Name), v.Account.Organization), parts, sections)
}

// showManage leads to the first tab of Management that is open to the actor.
func showManage(q *shell.Req) error {
	for _, s := range q.View.Nav {
		if s.Title == q.T("Management") {
			return q.Redirect(s.Items[0].Href, page.Plain, "")
		}
	}
	return shell.NotFound
}

// setTheme keeps the reader's theme in a cookie that the script may change too.
func setTheme(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	theme := page.ThemeOf(q.R.PostForm.Get("theme"))
	http.SetCookie(q.W, &http.Cookie{Name: page.ThemeCookie, Value: theme, Path: "/", MaxAge: 365 * 24 * 3600, Secure: q.Secure(), SameSite: http.SameSiteLaxMode})
	return q.Redirect(shell.LocalPath(q.R.PostForm.Get("back")), page.Plain, "")
}

// health tells whether the database answers.
func health(d *db.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
		defer cancel()
		err := d.Ping(ctx)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte("the database does not answer\n"))
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	}
}
