package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/api"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/web"
)

// asks measures what other programs ask (BE-7).
func asks(ctx context.Context) ([]line, error) {
	p, err := newPortal(ctx, 100_000, 400)
	if err != nil {
		return nil, err
	}
	defer p.close()
	who, err := p.administrator(ctx, 4)
	if err != nil {
		return nil, err
	}
	return p.evaluations(ctx, who)
}

// whys measures what an explanation takes (BE-1).
func whys(ctx context.Context) ([]line, error) {
	p, err := newPortal(ctx, 100_000, 400)
	if err != nil {
		return nil, err
	}
	defer p.close()
	who, err := p.administrator(ctx, 4)
	if err != nil {
		return nil, err
	}
	return p.why(ctx, who)
}

func (p *portal) evaluations(ctx context.Context, who *access.Actor) ([]line, error) {
	address, token, stop, err := p.asked(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	echo, err := listen(&http.Server{Handler: http.HandlerFunc(echoJSON), ReadHeaderTimeout: 5 * time.Second}, "none=1")
	if err != nil {
		return nil, err
	}
	defer echo.server.Close()
	draw := rand.New(rand.NewPCG(5, 6))
	var one, many [][]byte
	for range 4096 {
		one = append(one, p.question(address, token, who.Account, draw))
	}
	for range 512 {
		many = append(many, p.questions(address, token, who.Account, draw, 50))
	}
	var single, floor, batch float64
	for range 3 {
		for _, m := range []struct {
			address string
			of      [][]byte
			best    *float64
		}{{address, one, &single}, {echo.address, one, &floor}, {address, many, &batch}} {
			rate, err := posts(m.address, m.of, 2*time.Second)
			if err != nil {
				return nil, err
			}
			*m.best = max(*m.best, rate)
		}
	}
	return []line{
		{"AuthZEN evaluation, about 2,000 of 100,000 accounts", "net/http that reads a question as JSON and writes it back", "a quarter of its requests a second",
			fmt.Sprintf("%.2f (%.0f a second against %.0f)", single/floor, single, floor), single/floor >= 0.25},
		{"AuthZEN evaluations of 50 of these accounts", "an evaluation of one", "under 4 times its time", fmt.Sprintf("%.1f times (%.2f ms against %.2f ms)", single/batch,
			1000/batch*peers, 1000/single*peers), single/batch < 4},
	}, nil
}

func echoJSON(w http.ResponseWriter, r *http.Request) {
	var v any
	text, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err == nil {
		text, err = json.Marshal(v)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

// asked serves the portal behind all its safeguards, and makes a token of the super administrator's that may ask.
func (p *portal) asked(ctx context.Context) (address, token string, stop func(), err error) {
	pages, err := web.New(p.env, web.Config{})
	if err != nil {
		return "", "", nil, err
	}
	mux := http.NewServeMux()
	if _, err := api.Mount(mux, p.env, pages.Who, action.All); err != nil {
		return "", "", nil, err
	}
	for _, at := range api.Paths {
		pages.Handle(at, mux)
	}
	token, hash := secret.NewToken("pvt_")
	err = p.env.DB.Write(ctx, func(tx *db.Tx) error {
		return store.BeginSession(ctx, tx, store.Session{ID: db.NewID(), Portal: p.id, Account: p.super.ID, Kind: store.TokenSession,
			Permissions: "permission.explain account.list", Created: now, Until: now.Add(time.Hour)}, hash)
	})
	if err != nil {
		return "", "", nil, err
	}
	s, err := listen(pages.HTTP(pages.Handler()), "none=1")
	if err != nil {
		return "", "", nil, err
	}
	return s.address, token, func() { _ = s.server.Close(); pages.Close() }, nil
}

// askedAbout is how many accounts the questions are about.
const askedAbout = 2000

func (p *portal) account(draw *rand.Rand) db.ID {
	return p.first + db.ID(draw.IntN(askedAbout)*(p.people/askedAbout))
}

func (p *portal) question(address, token string, who db.ID, draw *rand.Rand) []byte {
	return post(address, token, "evaluation", fmt.Appendf(nil, `{"subject":{"type":"account","id":"%s"},"action":{"name":"account.edit"},"resource":{"type":"account","id":"%s"}}`, who, p.account(draw)))
}

func (p *portal) questions(address, token string, who db.ID, draw *rand.Rand, n int) []byte {
	var body bytes.Buffer
	fmt.Fprintf(&body, `{"subject":{"type":"account","id":"%s"},"action":{"name":"account.edit"},"evaluations":[`, who)
	for i := range n {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"resource":{"type":"account","id":"%s"}}`, p.account(draw))
	}
	body.WriteString("]}")
	return post(address, token, "evaluations", body.Bytes())
}

func post(address, token, path string, body []byte) []byte {
	return append(fmt.Appendf(nil, "POST %s%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		api.AskingPrefix, path, address, token, len(body)), body...)
}

// posts is how many of some requests a second are answered, sent over several connections for a while.
func posts(address string, requests [][]byte, during time.Duration) (float64, error) {
	var wait sync.WaitGroup
	var total, turn atomic.Int64
	failed := make(chan error, peers)
	until := time.Now().Add(during)
	for range peers {
		wait.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				failed <- err
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 64<<10)
			for time.Now().Before(until) {
				if _, err := conn.Write(requests[int(turn.Add(1))%len(requests)]); err != nil {
					failed <- err
					return
				}
				resp, err := http.ReadResponse(in, nil)
				if err != nil {
					failed <- err
					return
				}
				if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
					failed <- fmt.Errorf("%s %v", resp.Status, err)
					return
				}
				total.Add(1)
			}
		})
	}
	wait.Wait()
	select {
	case err := <-failed:
		return 0, err
	default:
		return float64(total.Load()) / during.Seconds(), nil
	}
}

// why compares explanations with what every request does: finding a person within a permission, and deciding. A yes is told by
// which grant; a no with what would allow it, and who could give that.
func (p *portal) why(ctx context.Context, who *access.Actor) ([]line, error) {
	w := op.Who{Portal: p.id, Account: who.Account}
	target := p.first
	var thing access.Thing
	finds := func() error {
		return p.env.DB.Read(ctx, func(tx *db.Tx) error {
			actor, err := p.env.Cache.LoadActor(ctx, tx, p.id, who.Account, now)
			if err != nil {
				return err
			}
			a, err := store.FindAccount(ctx, tx, actor.May(access.AccountList), target)
			thing = a.Thing()
			_ = actor.Can(access.AccountEdit, &thing)
			return err
		})
	}
	explains := func(key string, allowed bool) func() error {
		return func() error {
			out, err := action.Explain.Run(ctx, p.env, w, action.WhyQuery{Permission: key, Kind: "account", Thing: target.String()})
			if err == nil && out.Allowed != allowed {
				err = fmt.Errorf("%s: %s", key, out.Answer)
			}
			return err
		}
	}
	yes, no := explains(access.AccountEdit.Key, true), explains(access.AccountLogInAs.Key, false)
	least := [3]time.Duration{time.Hour, time.Hour, time.Hour}
	for range 10 { // by turns, as other work on the machine comes and goes
		for i, do := range []func() error{finds, yes, no} {
			took, err := best(1, 100, do)
			if err != nil {
				return nil, err
			}
			least[i] = min(least[i], took)
		}
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1000 }
	said := func(took time.Duration) (string, float64) {
		ratio := float64(took) / float64(least[0])
		return fmt.Sprintf("%.1f times (%.2f ms against %.2f ms)", ratio, ms(took), ms(least[0])), ratio
	}
	yesSaid, yesRatio := said(least[1])
	noSaid, noRatio := said(least[2])
	return []line{
		{"why somebody may edit an account, in full", "finding the account, and deciding", "under 5 times the time", yesSaid, yesRatio < 5},
		{"why somebody may not log in as an account: what would allow it, and who could give that", "the same", "under 10 times the time", noSaid, noRatio < 10},
	}, nil
}
