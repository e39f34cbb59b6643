package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// oulad is where the real learners' tables are, as the tests find them.
func oulad() string {
	if dir := os.Getenv("PROVOST_OULAD"); dir != "" {
		return dir
	}
	return filepath.Join("..", "shared", "data", "oulad")
}

// idle starts the program on the portal of the real learners, and looks at how soon it answers and what it holds.
func idle(ctx context.Context) ([]line, error) {
	dir, err := os.MkdirTemp("", "provost-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	program, database := filepath.Join(dir, "provost"), filepath.Join(dir, "oulad.db")
	for _, args := range [][]string{
		{"go", "build", "-o", program, "./cmd/provost"},
		{program, "--database", database, "migrate"},
		{program, "--database", database, "portal", "new", "--name=Open University", "--admin=Sam Super", "--username=sam", "--email=sam@ou.test", "--password=a long way to the moon and back"},
		{program, "--database", database, "import", "--mapping=examples/oulad/mapping.json", "--dir=" + oulad(), "--as=sam"},
	} {
		if out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", args[0], err, bytes.TrimSpace(out))
		}
	}
	ready, resident, err := start(ctx, program, database)
	if err != nil {
		return nil, err
	}
	return []line{{"server with the portal of 28,785 real learners: idle for five seconds", "", "under 60 MB resident",
		fmt.Sprintf("%.0f MB", resident), resident < 60},
		{"the same: from its start to its first answer, the best of three", "", "within 300 ms", fmt.Sprintf("%d ms", ready.Milliseconds()), ready < 300*time.Millisecond}}, nil
}

// start starts the server three times; it returns the shortest time to its first answer, and the megabytes it held at last.
func start(ctx context.Context, program, database string) (ready time.Duration, resident float64, err error) {
	ready = time.Hour
	for range 3 {
		c := exec.CommandContext(ctx, program, "--database", database, "serve", "--listen=127.0.0.1:18977")
		began := time.Now()
		if err := c.Start(); err != nil {
			return 0, 0, err
		}
		err = answers(ctx, "http://127.0.0.1:18977/healthz", began.Add(20*time.Second))
		ready = min(ready, time.Since(began))
		if err == nil {
			time.Sleep(5 * time.Second)
			resident, err = residentOf(c.Process.Pid)
		}
		err = errors.Join(err, c.Process.Signal(os.Interrupt))
		_ = c.Wait() // it was interrupted
		if err != nil {
			return 0, 0, err
		}
	}
	return ready, resident, nil
}

func answers(ctx context.Context, url string, until time.Time) error {
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(r)
		if err == nil {
			return resp.Body.Close()
		}
		if time.Now().After(until) {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

// residentOf is what a process holds in memory, in megabytes.
func residentOf(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(text)) {
		if kb, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.Fields(kb)[0], 64)
			return n / 1024, err
		}
	}
	return 0, errors.New("the system does not say")
}
