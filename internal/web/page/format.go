package page

import (
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// A printer is kept for each language, and lent to one request at a time.
var printers sync.Map

func (v View) print(x any) string {
	p, ok := printers.Load(v.lang())
	if !ok {
		tag := language.Make(v.lang())
		p, _ = printers.LoadOrStore(v.lang(), &sync.Pool{New: func() any { return message.NewPrinter(tag) }})
	}
	pool := p.(*sync.Pool)
	printer := pool.Get().(*message.Printer)
	defer pool.Put(printer)
	return printer.Sprint(x)
}

// Num is a whole number as the reader's language writes it: 12,345.
func (v View) Num(n int) string {
	if n >= 0 && n < 1000 && v.lang() == "en" {
		return strconv.Itoa(n)
	}
	return v.print(number.Decimal(n))
}

// Decimal is a number with at most the given digits behind the point.
func (v View) Decimal(f float64, digits int) string {
	return v.print(number.Decimal(f, number.MaxFractionDigits(digits)))
}

// Percent is a share of 1 as a percentage: 0.385 is 38.5%. Whole from 99.5 up and for 0.
// What is no number (a share of nothing) is a dash.
func (v View) Percent(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	digits := 1
	if r := math.Abs(f); r < 0.0005 || r >= 0.995 {
		digits = 0
	}
	return v.print(number.Percent(f, number.MaxFractionDigits(digits)))
}

// Bytes is a size as people say it: 12 kB, 3.4 MB.
func (v View) Bytes(n int64) string {
	if n < 1_000_000 {
		return v.Num(int(max((n+999)/1000, 1))) + " kB"
	}
	return v.Decimal(float64(n)/1e6, 1) + " MB"
}

func (v View) local(t time.Time) time.Time {
	if v.Zone == nil {
		return t.UTC()
	}
	return t.In(v.Zone)
}

// Date is a day: 5 Nov 2026.
func (v View) Date(t time.Time) string {
	t = v.local(t)
	if v.lang() == "en" {
		return t.Format("2 Jan 2006")
	}
	return v.T("{day} {month} {year}", "day", strconv.Itoa(t.Day()), "month", v.month(t.Month()), "year", strconv.Itoa(t.Year()))
}

// Month is a month of a year: Nov 2026.
func (v View) Month(t time.Time) string {
	t = v.local(t)
	return v.T("{month} {year}", "month", v.month(t.Month()), "year", strconv.Itoa(t.Year()))
}

// DateTime is a day and a minute: 5 Nov 2026, 14:05.
func (v View) DateTime(t time.Time) string {
	if v.lang() == "en" {
		return v.local(t).Format("2 Jan 2006, 15:04")
	}
	return v.T("{date}, {time}", "date", v.Date(t), "time", v.local(t).Format("15:04"))
}

// Ago is how long before now a time lies, in the largest unit: "3 days ago". A time after now is told as "in 3 days".
func (v View) Ago(now, t time.Time) string {
	d := now.Sub(t)
	ahead := d < 0
	d = d.Abs()
	switch day := 24 * time.Hour; {
	case d < time.Minute:
		return v.T("just now")
	case d < time.Hour:
		return either(ahead, v.N("in {n} minute", "in {n} minutes", int(d/time.Minute)), v.N("{n} minute ago", "{n} minutes ago", int(d/time.Minute)))
	case d < day:
		return either(ahead, v.N("in {n} hour", "in {n} hours", int(d/time.Hour)), v.N("{n} hour ago", "{n} hours ago", int(d/time.Hour)))
	case d < 60*day:
		return either(ahead, v.N("in {n} day", "in {n} days", int(d/day)), v.N("{n} day ago", "{n} days ago", int(d/day)))
	case d < 2*365*day:
		return either(ahead, v.N("in {n} month", "in {n} months", int(d/(30*day))), v.N("{n} month ago", "{n} months ago", int(d/(30*day))))
	default:
		return either(ahead, v.N("in {n} year", "in {n} years", int(d/(365*day))), v.N("{n} year ago", "{n} years ago", int(d/(365*day))))
	}
}

func either[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func (v View) month(m time.Month) string {
	return v.T(months[m-1])
}

var months = [12]string{
	Say("Jan"), Say("Feb"), Say("Mar"), Say("Apr"), Say("May"), Say("Jun"),
	Say("Jul"), Say("Aug"), Say("Sep"), Say("Oct"), Say("Nov"), Say("Dec"),
}

// Say marks a literal as a text of the catalogue, where T is called with a variable later.
func Say(english string) string { return english }
