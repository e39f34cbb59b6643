package form

import (
	"time"

	"provost/internal/fail"
)

// Spans are the usual lengths of what ends by itself, by what a form and the API call them (BE-4).
var Spans = []struct {
	Key, Title          string
	Years, Months, Days int
}{{"1d", "1 day", 0, 0, 1}, {"2w", "2 weeks", 0, 0, 14}, {"3m", "3 months", 0, 3, 0}}

// Until is the end of what is given now: the end of a last day, as 2026-12-31 (UTC), or a span from now, which counts where there
// are both; zero for neither. A day that is past, or no day, is wrong.
func Until(day, span string, now time.Time) (time.Time, error) {
	for _, s := range Spans {
		if s.Key == span {
			return now.UTC().AddDate(s.Years, s.Months, s.Days), nil
		}
	}
	if span != "" {
		return time.Time{}, fail.Wrong("for", "Choose 1d, 2w or 3m, or name a last day.")
	}
	if day == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return at, fail.Wrong("until", "Write the day as 2026-12-31.")
	}
	if at = at.AddDate(0, 0, 1); !at.After(now) {
		return at, fail.Wrong("until", "This day is past.")
	}
	return at, nil
}
