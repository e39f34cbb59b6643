// Command bench measures Provost against floors of the same run, and writes what it saw to docs/performance.md.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// line is one promise about speed: what was measured, what it is compared with, and what has to be reached.
type line struct {
	what, floor, reach, reached string
	ok                          bool
}

// parts are the measurements, each with the name by which it can be run alone.
var parts = []struct {
	name string
	run  func(context.Context) ([]line, error)
}{
	{"decide", decide},
	{"asking", asks},
	{"why", whys},
	{"people", people},
	{"grid", permissions},
	{"import", imports},
	{"report", reports},
	{"dashboard", dashboards},
	{"course", courses},
	{"idle", idle},
	{"quiz", quizzes},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var lines []line
	for _, p := range parts {
		if len(os.Args) > 1 && !slices.Contains(os.Args[1:], p.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s %s…\n", time.Now().Format(time.TimeOnly), p.name)
		got, err := p.run(ctx)
		if err != nil {
			fmt.Fprintln(os.Stderr, p.name+":", err)
			os.Exit(1)
		}
		lines = append(lines, got...)
		runtime.GC()
		debug.FreeOSMemory()
	}
	text := written(lines)
	fmt.Print(text)
	if len(os.Args) > 1 {
		return
	}
	if err := os.WriteFile("docs/performance.md", []byte(text), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// how says what a reader needs to know of these numbers.
const how = `
A page of people, of a course or of a lesson is given from memory while nothing in the portal has changed; what is left of its cost is finding who asks, by one query. A dashboard sums
totals by day or month, course and organization. Other work on the machine takes more from what is measured than from its floor.

Why, in full, reads whom and what the question names at once, and then the grants that are told; a no reads what could be given, and by whom, at once too. What the
rules of the portal have, the names of its organizations and what its access groups receive, is read by no query.
`

// written is the page that the benchmark writes.
func written(lines []line) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# Performance\n\nWritten by `make bench` on %s: %s, %s/%s, %d cores, %s. Each line compares with a floor measured in the same run, so that only\nthe ratios matter; they vary by some percent from run to run. The database is SQLite.\n\n",
		time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor())
	out.WriteString("| what | floor | to reach | reached | |\n|---|---|---|---|---|\n")
	for _, l := range lines {
		mark := "yes"
		if !l.ok {
			mark = "**missed**"
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", l.what, l.floor, l.reach, l.reached, mark)
	}
	out.WriteString(how)
	return out.String()
}

func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for l := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(l, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return "unknown processor"
}

// best runs something several times and returns the shortest time that one of n repetitions took.
func best(rounds, n int, do func() error) (time.Duration, error) {
	least := time.Duration(1<<63 - 1)
	for range rounds {
		start := time.Now()
		for range n {
			if err := do(); err != nil {
				return 0, err
			}
		}
		least = min(least, time.Since(start)/time.Duration(n))
	}
	return least, nil
}
