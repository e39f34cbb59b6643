package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the floor reads by the bare driver

	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// enrol puts everybody into courses, each begun on some day of the last year and come so far, and sums the figures.
func (p *portal) enrol(ctx context.Context, courses, enrolments int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	err := p.env.DB.Write(ctx, func(tx *db.Tx) error {
		var all []store.Course
		for i := range courses {
			c, err := store.CreateCourse(ctx, tx, p.orgs[0], store.NewCourse{Code: fmt.Sprintf("c-%02d", i), Name: fmt.Sprintf("Course %02d", i)}, now)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		if err := p.fillCourses(ctx, tx, all, enrolments); err != nil {
			return err
		}
		return store.RebuildFigures(ctx, tx, p.id)
	})
	if err != nil {
		return err
	}
	return p.env.DB.Analyze(ctx)
}

func (p *portal) fillCourses(ctx context.Context, tx *db.Tx, courses []store.Course, enrolments int) error {
	type person struct {
		id, org db.ID
		key     string
	}
	people, err := db.All(ctx, tx, db.SQL(`SELECT id, org_id, name_key FROM accounts WHERE id >= ? ORDER BY id`, p.first),
		func(s db.Scanner) (a person, err error) { return a, s.Scan(&a.id, &a.org, &a.key) })
	if err != nil {
		return err
	}
	// A person's one grant stands for those of their courses, which neither reports nor dashboards read.
	rows, err := tx.Batch(ctx, `INSERT INTO enrolments (id, grant_id, portal_id, org_id, account_id, course_id, learner_key, is_open, status, outcome, progress, score,
		works_done, enrolled_at, completed_at, withdrawn_at, last_active_at, attempts, credits, attributes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, 0, ?, 0, 60, '{}')`)
	if err != nil {
		return err
	}
	draw, id := rand.New(rand.NewPCG(5, 6)), db.NewID()
	for i := range enrolments {
		a, c := people[i%len(people)], courses[(i/len(people))%len(courses)]
		began := now.AddDate(0, 0, -draw.IntN(365))
		active, status, done, progress := began.AddDate(0, 0, draw.IntN(40)), store.Active, int64(0), float64(draw.IntN(100))
		if draw.IntN(2) == 0 {
			status, done, progress = store.Completed, db.Micros(active), 100
		}
		if err := rows.Exec(id+db.ID(i), a.id, p.id, a.org, a.id, c.ID, a.key, status != store.Completed, string(status), progress, float64(draw.IntN(10001))/100,
			1+draw.IntN(9), db.Micros(began), done, db.Micros(active)); err != nil {
			return err
		}
	}
	return rows.Close()
}

// reports compares the report of course enrolment, as CSV, with the bare driver's loop that writes the same columns by encoding/csv.
func reports(ctx context.Context) ([]line, error) {
	const n = 1_000_000
	p, err := newPortal(ctx, 100_000, 400)
	if err != nil {
		return nil, err
	}
	defer p.close()
	if err := p.enrol(ctx, 10, n); err != nil {
		return nil, err
	}
	runtime.GC()
	debug.FreeOSMemory()
	floor, err := best(2, 1, func() error { return bareCSV(ctx, p.path) })
	if err != nil {
		return nil, err
	}
	before, stop := resident(), make(chan int)
	go watchResident(stop)
	rows := 0
	took, err := best(2, 1, func() error {
		return report.Reports[0].File.Stream(ctx, p.env, op.Who{Portal: p.id, Account: p.super.ID}, report.ReportFile{}, func(f op.File) error {
			lines := &counter{}
			err := f.Write(lines)
			rows = lines.n - 1
			return err
		})
	})
	stop <- 0
	grown := <-stop - before
	if err != nil || rows != n {
		return nil, fmt.Errorf("%d rows: %w", rows, err)
	}
	share := floor.Seconds() / took.Seconds()
	return []line{{"report of 1,000,000 rows as CSV", "the bare driver's loop that writes encoding/csv", "60% of its rows a second, under 64 MiB resident growth",
		fmt.Sprintf("%.0f%% (%.0f rows/s against %.0f), %d MiB", 100*share, n/took.Seconds(), n/floor.Seconds(), grown>>20), share >= 0.6 && grown < 64<<20}}, nil
}

// counter counts lines.
type counter struct{ n int }

func (c *counter) Write(b []byte) (int, error) {
	c.n += bytes.Count(b, []byte{'\n'})
	return len(b), nil
}

// bareCSV reads the columns of the report by the driver alone and writes them by encoding/csv.
func bareCSV(ctx context.Context, path string) error {
	d, err := sql.Open("sqlite", "file:"+path+"?_pragma=query_only(1)&_pragma=cache_size(-16384)")
	if err != nil {
		return err
	}
	defer d.Close()
	rows, err := d.QueryContext(ctx, `SELECT a.name, a.code, o.name, c.name, c.code, e.status, e.outcome, e.enrolled_at, e.completed_at, e.withdrawn_at, e.progress
		FROM courses c CROSS JOIN enrolments e JOIN accounts a ON a.id = e.account_id JOIN organizations o ON o.id = e.org_id
		WHERE e.course_id = c.id ORDER BY c.name_key, c.id, e.learner_key, e.id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	out := csv.NewWriter(io.Discard)
	line := make([]string, 11)
	for rows.Next() {
		var at [3]int64
		var progress float64
		if err := rows.Scan(&line[0], &line[1], &line[2], &line[3], &line[4], &line[5], &line[6], &at[0], &at[1], &at[2], &progress); err != nil {
			return err
		}
		for i, micros := range at {
			line[7+i] = ""
			if micros > 0 {
				line[7+i] = time.UnixMicro(micros).UTC().Format(time.DateOnly)
			}
		}
		line[10] = strconv.FormatFloat(progress, 'f', -1, 64)
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return rows.Err()
}

// resident is how much memory of the process is in use, in bytes.
func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(string(fields[1])) // the kernel wrote a number
	return pages * os.Getpagesize()
}

// watchResident answers, when it is asked to stop, with the most memory that was in use.
func watchResident(stop chan int) {
	most := 0
	for {
		select {
		case <-stop:
			stop <- most
			return
		case <-time.After(10 * time.Millisecond):
			most = max(most, resident())
		}
	}
}

// dashboards compares the dashboard of a whole portal over 3,000,000 enrolments with that over 32,593.
func dashboards(ctx context.Context) ([]line, error) {
	times := make([]time.Duration, 2)
	for i, size := range []struct{ people, enrolments int }{{28_785, 32_593}, {300_000, 3_000_000}} {
		p, err := newPortal(ctx, size.people, 14)
		if err != nil {
			return nil, err
		}
		if err = p.enrol(ctx, 22, size.enrolments); err == nil {
			times[i], err = best(5, 5, func() error {
				_, err := report.ShowDashboard.Run(ctx, p.env, op.Who{Portal: p.id, Account: p.super.ID}, report.DashboardQuery{Period: "90"})
				return err
			})
		}
		p.close()
		if err != nil {
			return nil, err
		}
	}
	ratio := times[1].Seconds() / times[0].Seconds()
	return []line{{"dashboard over 3,000,000 enrolments, 90 days", "the same over 32,593", "at most 1.5 times the time",
		fmt.Sprintf("%.2f times (%.1f ms against %.1f ms)", ratio, 1000*times[1].Seconds(), 1000*times[0].Seconds()), ratio <= 1.5}}, nil
}
