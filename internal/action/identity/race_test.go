package identity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action/identity"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world"
	"provost/internal/world/worldtest"

	"github.com/anishathalye/porcupine"
)

// step is what one client asked: to hand the status over, or, where from is zero, who has it.
type step struct{ from, to db.ID }

// answer is what it was told: whether the status was handed over, or who has it.
type answer struct {
	done  bool
	super db.ID
}

// theSuper is the super administrator of a portal as one value, which is handed over from who has it: nothing else is
// linearizable.
func theSuper(first db.ID) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return first },
		Step: func(state, in, out any) (bool, any) {
			s, i, o := state.(db.ID), in.(step), out.(answer)
			switch {
			case i.from == 0:
				return o.super == s, s
			case o.done:
				return s == i.from && i.to != i.from, i.to
			}
			return s != i.from || i.to == i.from, s
		},
		DescribeOperation: func(in, out any) string { return fmt.Sprint(in, out) },
	}
}

// admins makes further full administrators, and returns all to whom the status may go, with who has it.
func admins(t *testing.T, w *worldtest.Test) []db.ID {
	t.Helper()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, who := range []string{"Mo", "Tess"} {
			g := store.NewGrant{Account: w.People[who].ID, Role: access.Admin, At: w.Acme.Thing(), Since: w.Clock.Now()}
			if err := store.Begin(t.Context(), tx, g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return []db.ID{w.People["Sam"].ID, w.People["Ana"].ID, w.People["Mo"].ID, w.People["Tess"].ID}
}

// SA-1, PT-3, Q-5: two nodes hand the status over at once, from whoever they take for its holder: what they are told is as if
// one had come after the other, and at every moment exactly one account has it.
func TestTransferRace_SA1_PT3(t *testing.T) {
	w := worldtest.New(t)
	all := admins(t, w)
	nodes := []*op.Env{w.Env, worldtest.Node(t, w.DSN, w.Clock)}
	rounds := 40
	if testing.Short() {
		rounds = 12
	}
	start := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	handed := 0
	var clients sync.WaitGroup
	for id := range 8 {
		clients.Go(func() {
			r := rand.New(rand.NewPCG(uint64(id), 11))
			env := nodes[id%2]
			for range rounds {
				in := step{all[r.IntN(len(all))], all[r.IntN(len(all))]}
				if r.IntN(4) == 0 {
					in = step{}
				}
				call := time.Since(start)
				out, err := ask(t.Context(), env, w.Acme.ID, in)
				back := time.Since(start)
				if err != nil {
					t.Errorf("%v: %v", in, err)
					return
				}
				mu.Lock()
				history = append(history, porcupine.Operation{ClientId: id, Input: in, Call: call.Nanoseconds(), Output: out, Return: back.Nanoseconds()})
				if out.done {
					handed++
				}
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	if got := porcupine.CheckOperationsTimeout(theSuper(all[0]), history, time.Minute); got != porcupine.Ok {
		t.Errorf("what %d clients were told is not linearizable: %v", 8, got)
	}
	if handed < 3 {
		t.Errorf("it was handed over %d times only", handed)
	}
	t.Logf("%d operations, handed over %d times", len(history), handed)
	sound(t, w)
}

// ask hands over or looks, and tells a refusal from a fault.
func ask(ctx context.Context, env *op.Env, portal db.ID, in step) (out answer, err error) {
	if in.from == 0 {
		err = env.DB.Read(ctx, func(tx *db.Tx) (err error) {
			out.super, err = store.SuperOf(ctx, tx, portal)
			return err
		})
		return out, err
	}
	_, err = identity.TransferSuper.Run(ctx, env, op.Who{Portal: portal, Account: in.from}, identity.Handover{Account: in.to, Surely: surely()})
	if fail.Is(err, fail.NotAllowed) || fail.Is(err, fail.Conflict) || fail.Is(err, fail.Invalid) {
		return out, nil
	}
	return answer{done: true}, err
}

type child struct {
	DSN    string
	Portal db.ID
	Admins []db.ID
}

// TestTransferChild is no test: it is the process that TestTransferKilled kills.
func TestTransferChild(t *testing.T) {
	var in child
	if text := os.Getenv("PROVOST_TRANSFER_CHILD"); text == "" || json.Unmarshal([]byte(text), &in) != nil {
		t.Skip("runs as a child of TestTransferKilled")
	}
	env := worldtest.Node(t, in.DSN, worldtest.NewClock(world.Start.Add(time.Hour)))
	for {
		for _, from := range in.Admins {
			for _, to := range in.Admins {
				if _, err := ask(t.Context(), env, in.Portal, step{from, to}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// SA-1, PT-3, Q-1: a process that is killed at any moment of handing the status over leaves exactly one who has it.
func TestTransferKilled_SA1_PT3(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	w := worldtest.New(t)
	text, err := json.Marshal(child{w.DSN, w.Acme.ID, admins(t, w)})
	if err != nil {
		t.Fatal(err)
	}
	was := count(t, w, `SELECT count(*) FROM audit WHERE operation = 'portal.transfer_super' AND outcome = 'done'`)
	for range 8 {
		run := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTransferChild$", "-test.timeout=1m")
		run.Env = append(os.Environ(), "PROVOST_TRANSFER_CHILD="+string(text))
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(300+rand.IntN(700)) * time.Millisecond)
		if err := run.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = run.Wait() // it was killed
		sound(t, w)
		now := count(t, w, `SELECT count(*) FROM audit WHERE operation = 'portal.transfer_super' AND outcome = 'done'`)
		if n := count(t, w, `SELECT count(*) FROM grants WHERE role = 'super' AND portal_id = ?`, w.Acme.ID); n != now-was+1 {
			t.Errorf("%d grants for %d that were handed over", n, now-was)
		}
	}
	if now := count(t, w, `SELECT count(*) FROM audit WHERE operation = 'portal.transfer_super' AND outcome = 'done'`); now == was {
		t.Error("nothing was handed over")
	}
}
