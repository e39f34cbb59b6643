package dbtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Server is a throw-away PostgreSQL server. It dies, and its files go, with the process that started it, however that ends.
type Server struct {
	bin, dir string
	cred     *syscall.Credential
	leash    io.Closer
	watchdog *exec.Cmd
}

// keep waits for the end of its input, which is the end of the process that holds the other side, then clears up.
const keep = `cat >/dev/null; "$1/pg_ctl" stop -s -m immediate -D "$2/data"; rm -rf "$2"`

// options of a server whose data nobody needs after a crash of the machine. synchronous_commit stays on:
// tests that kill the server count what it had acknowledged.
const options = "-k %s -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=900 -c shared_buffers=64MB " +
	"-c jit=off -c log_min_messages=fatal"

// StartServer starts a server with an empty database "postgres", reached through a socket in a folder of its own.
func StartServer() (*Server, error) {
	s := &Server{}
	var err error
	if s.bin, err = binaries(); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		if s.cred, err = postgresUser(); err != nil {
			return nil, err
		}
	}
	if s.dir, err = os.MkdirTemp(shelf(), "provost-pg-"); err != nil {
		return nil, err
	}
	if err := s.prepare(); err != nil {
		s.Close()
		return nil, err
	}
	if err := s.Start(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) prepare() error {
	if s.cred != nil {
		if err := os.Chown(s.dir, int(s.cred.Uid), int(s.cred.Gid)); err != nil {
			return err
		}
	}
	s.watchdog = s.command("/bin/sh", "-c", keep, "sh", s.bin, s.dir)
	leash, err := s.watchdog.StdinPipe()
	if err != nil {
		return err
	}
	if err := s.watchdog.Start(); err != nil {
		return err
	}
	s.leash = leash
	return s.run("initdb", "-D", s.dir+"/data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
}

// command runs as the user postgres, in a session of its own: an interrupt at the terminal must not reach it.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = s.dir
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: s.cred}
	return c
}

func (s *Server) run(name string, args ...string) error {
	// A file, not a pipe: the server inherits it, and a pipe would be waited for.
	log, err := os.CreateTemp(s.dir, "log-")
	if err != nil {
		return err
	}
	defer log.Close()
	c := s.command(filepath.Join(s.bin, name), args...)
	c.Stdout, c.Stderr = log, log
	if err := c.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(said))
	}
	return nil
}

// DSN is what db.Open takes for the server's database "postgres".
func (s *Server) DSN() string { return "host=" + s.dir + " user=postgres dbname=postgres" }

// Start starts the server again after Stop, and returns when it answers.
func (s *Server) Start() error {
	return s.run("pg_ctl", "start", "-s", "-w", "-D", s.dir+"/data", "-o", fmt.Sprintf(options, s.dir))
}

// Stop stops the server: in order but without waiting for clients, or at once, as a crash would.
func (s *Server) Stop(immediate bool) error {
	mode := "fast"
	if immediate {
		mode = "immediate"
	}
	return s.run("pg_ctl", "stop", "-s", "-w", "-D", s.dir+"/data", "-m", mode)
}

// Close stops the server and removes its files.
func (s *Server) Close() {
	if s.leash == nil {
		_ = os.RemoveAll(s.dir)
		return
	}
	_ = s.leash.Close()
	_ = s.watchdog.Wait()
}

// shelf is the folder for databases: in memory, if there is plenty of it. There a database of PostgreSQL is copied in 10 ms and
// not in 200, and no commit of SQLite waits for a disk. It is not TMPDIR, for the path of a socket has to be short.
func shelf() string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &fs); err == nil && fs.Bavail*uint64(fs.Bsize) > 4<<30 {
		return "/dev/shm"
	}
	return "/tmp"
}

func binaries() (string, error) {
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	found, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("no PostgreSQL server is installed (looked for initdb)")
	}
	return filepath.Dir(found), nil
}

func postgresUser() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}
