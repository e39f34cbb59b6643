package shell

import (
	"time"

	"provost/internal/web/page"
)

// Day is a day of an operation's output, as 2026-03-02, as the reader writes it; empty for none.
func Day(v page.View, text string) string {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return ""
	}
	v.Zone = nil // a day is the same day everywhere
	return v.Date(at)
}

// Days are the first and the last day of something as a reader says them; empty where it has neither.
func Days(v page.View, starts, ends string) string {
	first, last := Day(v, starts), Day(v, ends)
	switch {
	case first != "" && last != "":
		return v.T("{first} to {last}", "first", first, "last", last)
	case first != "":
		return v.T("from {first}", "first", first)
	case last != "":
		return v.T("until {last}", "last", last)
	}
	return ""
}

// Pace says how a course is taken (CO-1).
func Pace(v page.View, self bool) string {
	if self {
		return v.T("At one's own pace")
	}
	return v.T("Led by who teaches it")
}
