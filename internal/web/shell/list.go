package shell

import (
	"net/url"
	"slices"

	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// MaxCounted is where operations stop counting a list.
const MaxCounted = 1000

// Pager leads to the parts of a list around this one, with the filters of the address; total is negative where it is unknown,
// and not said where counting stopped.
func (q *Req) Pager(prev, next string, shown, total int) g.Node {
	if total >= MaxCounted {
		total = -1
	}
	to := func(name, marker string) string {
		if marker == "" {
			return ""
		}
		values := url.Values{}
		for k, list := range q.R.URL.Query() {
			if k != "after" && k != "before" {
				values[k] = list
			}
		}
		values.Set(name, marker)
		return q.R.URL.Path + "?" + values.Encode()
	}
	return page.Pager{Prev: to("before", prev), Next: to("after", next), Shown: shown, Total: total}.Node(q.View)
}

// QueryBut is the address's query without some names, and without what is empty.
func (q *Req) QueryBut(names ...string) url.Values {
	values := url.Values{}
	for name, list := range q.R.URL.Query() {
		if !slices.Contains(names, name) && len(list) > 0 && list[0] != "" {
			values[name] = list
		}
	}
	return values
}
