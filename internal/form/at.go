package form

import (
	"time"

	"provost/internal/fail"
)

// At reads a past moment (BE-3): a day, as 2026-03-02, of which the end is meant (in UTC), or a time as RFC 3339 writes it. An
// empty text is the zero time, which is now; one that is yet to come is wrong.
func At(field, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if day, wrong := time.Parse(time.DateOnly, text); wrong == nil {
		at, err = day.AddDate(0, 0, 1).Add(-time.Microsecond), nil
		if !day.After(now) && at.After(now) {
			return time.Time{}, nil // today is now
		}
	}
	if err != nil || at.Year() < 1970 {
		return time.Time{}, fail.Wrong(field, "Write a day as 2026-03-02.")
	}
	if at.After(now) {
		return time.Time{}, fail.Wrong(field, "This is yet to come.")
	}
	return at, nil
}
