package report

import (
	"strconv"
	"time"

	"provost/internal/fail"
	"provost/internal/store"
)

// Period is a choice of days, UTC.
type Period struct {
	// Key is today, 7, 30, 90, all or range.
	Key string `json:"key"`
	// From and To bound it, To left out itself; both zero for all time.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Periods are the keys of a period, in order; range comes with two days.
var Periods = []string{"today", "7", "30", "90", "all", "range"}

// periodOf reads a period: its key, or the first and the last day of a range. An empty one is all time.
func periodOf(key, from, to string, now time.Time) (Period, error) {
	tomorrow := store.DayStart(store.DayOf(now) + 1)
	p := Period{Key: key, To: tomorrow}
	if key == "" && (from != "" || to != "") {
		p.Key = "range"
	}
	switch p.Key {
	case "", "all":
		return Period{Key: "all"}, nil
	case "today":
		p.From = tomorrow.AddDate(0, 0, -1)
		return p, nil
	case "7", "30", "90":
		days, _ := strconv.Atoi(p.Key) // one of three
		p.From = tomorrow.AddDate(0, 0, -days)
		return p, nil
	case "range":
		return rangeOf(from, to, tomorrow)
	}
	return p, fail.Wrong("period", "Choose today, 7, 30, 90, all or range.")
}

// rangeOf reads the first and the last day; a missing first is the beginning of 1971, a missing last is today.
func rangeOf(from, to string, tomorrow time.Time) (Period, error) {
	p := Period{Key: "range", From: time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC), To: tomorrow}
	var wrong fail.Fields
	day := func(name, text string, into *time.Time, add int) {
		if text == "" {
			return
		}
		t, err := time.Parse(time.DateOnly, text)
		if err != nil || t.Year() < 1971 || t.Year() > 2200 {
			wrong.Add(name, "Enter a day, such as 2026-11-05.")
			return
		}
		*into = t.AddDate(0, 0, add)
	}
	day("from", from, &p.From, 0)
	day("to", to, &p.To, 1)
	if len(wrong) == 0 && !p.From.Before(p.To) {
		wrong.Add("to", "The last day comes before the first.")
	}
	return p, wrong.Err()
}

// Words says the period to people.
func (p Period) Words() fail.Text {
	switch p.Key {
	case "all":
		return fail.Say("all time")
	case "today":
		return fail.Say("today")
	case "range":
		return fail.Say("{first} to {last}", "first", p.From.Format(time.DateOnly), "last", p.To.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return fail.Say("the last {n} days", "n", p.Key)
}
