// Command pgserver runs a command with a throw-away PostgreSQL server for its tests:
//
//	go run ./internal/db/dbtest/pgserver go test ./...
//
// It sets PROVOST_TEST_DATABASE and PROVOST_TEST_PG_DSN, and ends as the command ends.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"provost/internal/db/dbtest"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: pgserver command [argument...]")
		os.Exit(2)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgserver:", err)
	}
	os.Exit(code)
}

func run(args []string) (code int, err error) {
	s, err := dbtest.StartServer()
	if err != nil {
		return 1, err
	}
	defer s.Close()
	signal.Ignore(os.Interrupt) // the command hears it too, and its end is ours
	c := exec.Command(args[0], args[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Env = append(os.Environ(), "PROVOST_TEST_DATABASE=postgres", "PROVOST_TEST_PG_DSN="+s.DSN())
	err = c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(1, exit.ExitCode()), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
