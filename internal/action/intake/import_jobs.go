package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/imports"
)

// Imports runs the imports of a process, one at a time, and knows how far they are. What a killed process left is found by
// the next one that looks: no file of it is there by half, and the import is marked as failed.
type Imports struct {
	env  *op.Env
	node string

	mu      sync.Mutex
	running map[db.ID]*Progress
	turn    chan struct{}
	ctx     context.Context
	stop    context.CancelFunc
	wait    sync.WaitGroup
}

// NewImports runs imports in an environment. Close it before the database is closed.
func NewImports(env *op.Env) *Imports {
	host, _ := os.Hostname()
	ctx, stop := context.WithCancel(context.Background())
	return &Imports{env: env, node: fmt.Sprintf("%s %d", strings.ReplaceAll(host, " ", "-"), os.Getpid()), running: map[db.ID]*Progress{},
		turn: make(chan struct{}, 1), ctx: ctx, stop: stop}
}

// Close ends what runs: the file that is being taken is not taken. It returns when all has ended.
func (m *Imports) Close() {
	m.stop()
	m.wait.Wait()
}

// Run takes files in as somebody, and writes down how far it is; see RunImport.
func (m *Imports) Run(ctx context.Context, who op.Who, in Import) (ImportResult, error) {
	row, err := m.begin(ctx, who, &in)
	if err != nil {
		return ImportResult{}, err
	}
	return m.run(ctx, who, in, row)
}

// Start takes files in in the background. done is called when all is over, to clear the files away.
func (m *Imports) Start(ctx context.Context, who op.Who, in Import, done func()) (db.ID, error) {
	row, err := m.begin(ctx, who, &in)
	if err != nil {
		return 0, err
	}
	m.wait.Go(func() {
		defer done()
		defer m.rescue(row)
		_, _ = m.run(m.ctx, who, in, row) // written down
	})
	return row.ID, nil
}

// rescue writes down that a run broke, so that a fault in one import does not end the process.
func (m *Imports) rescue(row imports.Import) {
	if p := recover(); p != nil {
		m.log(row.ID, fmt.Errorf("panic: %v", p))
		m.end(row, ImportResult{}, fail.New(fail.Fault, "broke"))
	}
}

// Progress is how far an import is that this process runs; ok is false for any other.
func (m *Imports) Progress(id db.ID) (p *Progress, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok = m.running[id]
	return p, ok
}

func (m *Imports) begin(ctx context.Context, who op.Who, in *Import) (imports.Import, error) {
	if in.Progress == nil {
		in.Progress = &Progress{}
	}
	m.Sweep(ctx)
	row, err := BeginImport.Run(ctx, m.env, who, importBegun{in, m.node})
	if err == nil {
		m.mu.Lock()
		m.running[row.ID] = in.Progress
		m.mu.Unlock()
	}
	return row, err
}

func (m *Imports) run(ctx context.Context, who op.Who, in Import, row imports.Import) (out ImportResult, err error) {
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		m.end(row, out, ctx.Err())
		return out, ctx.Err()
	}
	row.State = store.ImportRunning
	in.tell = func(out ImportResult) {
		row.Step, row.RowsDone, row.RowsTotal = len(out.Files), 0, 0
		for _, f := range out.Files {
			row.RowsDone += f.Rows
		}
		m.save(row, out)
	}
	m.save(row, out)
	out, err = RunImport(ctx, m.env, who, in)
	m.end(row, out, err)
	return out, err
}

// end writes down how an import ended.
func (m *Imports) end(row imports.Import, out ImportResult, err error) {
	row.State, row.Ended = store.ImportDone, m.env.Now()
	row.Step, row.RowsDone = len(out.Files), 0
	for _, f := range out.Files {
		row.RowsDone += f.Rows
	}
	if err != nil || out.Problems.Total > 0 {
		row.State = store.ImportFailed
	}
	switch {
	case err == nil:
	case m.ctx.Err() != nil:
		row.Problem = "The portal was stopped. The file that was being taken is not taken; import again to go on."
	case fail.Of(err) == fail.Fault:
		m.log(row.ID, err)
		row.Problem = "Something went wrong. That is our fault, and it is in our log."
	default:
		row.Problem = err.Error()
	}
	m.save(row, out)
	m.mu.Lock()
	delete(m.running, row.ID)
	m.mu.Unlock()
}

// save writes an import's row in a transaction of its own; that it cannot be written ends nothing.
func (m *Imports) save(row imports.Import, out ImportResult) {
	text, err := json.Marshal(out)
	if err == nil {
		row.Result = text
		ctx, cancel := context.WithTimeout(context.WithoutCancel(m.ctx), 20*time.Second)
		defer cancel()
		err = m.env.DB.Write(ctx, func(tx *db.Tx) error { return imports.SaveImport(ctx, tx, row, m.env.Now()) })
	}
	if err != nil {
		m.log(row.ID, err)
	}
}

func (m *Imports) log(id db.ID, err error) {
	if m.env.Log != nil {
		m.env.Log.Error("an import", "import", id.String(), "error", err.Error())
	}
}

// Sweep marks the imports as failed whose process is gone. It looks only where there are some that have not ended.
func (m *Imports) Sweep(ctx context.Context) {
	var gone []imports.Import
	err := m.env.DB.Read(ctx, func(tx *db.Tx) error {
		open, err := imports.OpenImports(ctx, tx)
		for _, row := range open {
			if !m.alive(row) {
				gone = append(gone, row)
			}
		}
		return err
	})
	for _, row := range gone {
		row.State, row.Ended = store.ImportFailed, m.env.Now()
		row.Problem = "The process that ran it has ended. The file that was being taken is not taken; import again to go on."
		err = m.env.DB.Write(ctx, func(tx *db.Tx) error { return imports.SaveImport(ctx, tx, row, m.env.Now()) })
	}
	if err != nil {
		m.log(0, err)
	}
}

// alive tells whether the process that runs an import is there: it can be asked on this machine; of another machine's it is
// believed for as long as a file may take.
func (m *Imports) alive(row imports.Import) bool {
	if row.Node == m.node {
		_, mine := m.Progress(row.ID)
		return mine
	}
	host, process, _ := strings.Cut(row.Node, " ")
	here, _, _ := strings.Cut(m.node, " ")
	if host != here {
		return m.env.Now().Sub(row.Seen) < importLimit+10*time.Minute
	}
	pid, err := strconv.Atoi(process)
	return err == nil && pid > 0 && syscall.Kill(pid, 0) == nil
}
