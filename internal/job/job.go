// Package job does what is due: it sends the mail that waits in the outbox, and clears away what counts no more. Any number
// of nodes may run it on one database.
package job

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"provost/internal/action/asking"
	"provost/internal/action/learning"
	"provost/internal/action/notice"
	"provost/internal/action/path"
	"provost/internal/action/report"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/mail"
	"provost/internal/op"
	"provost/internal/store/identity"
	"provost/internal/store/tenant"
)

const (
	// mailEvery is how often the outbox is looked at, tidyEvery how often what has ended is cleared away.
	mailEvery, tidyEvery = time.Second, time.Minute
	// countEvery is how old the figures of a plan may be.
	countEvery = 15 * time.Minute
	// usesEvery is how often it is written down which grants were used, remindEvery how often it is looked for what ends soon, and of what
	// people are to be told.
	usesEvery, remindEvery = 5 * time.Minute, 10 * time.Minute
	// quizEvery is how often it is looked for attempts at quizzes that were handed in, or whose time is over.
	quizEvery = time.Second
	// tidyMost bounds the rows of one kind that one round clears away.
	tidyMost = 500
)

// Runner does what is due, until it is stopped.
type Runner struct {
	env *op.Env
	// sender is nil where mail is kept in the outbox.
	sender *mail.Sender
	// mailEvery and tidyEvery are the constants but in tests.
	mailEvery, tidyEvery time.Duration
}

// New makes a runner. Without a sender, mail waits in the outbox.
func New(env *op.Env, sender *mail.Sender) *Runner {
	if sender != nil && (sender.Timeout <= 0 || sender.Timeout > sendLimit) {
		sender.Timeout = sendLimit
	}
	return &Runner{env, sender, mailEvery, tidyEvery}
}

// Run works until the context ends, and then ends what it has begun: a mail that is being sent is sent, and noted.
func (r *Runner) Run(ctx context.Context) {
	var both sync.WaitGroup
	if r.sender != nil {
		both.Go(func() { r.every(ctx, r.mailEvery, "outbox", r.Deliver) })
	}
	both.Go(func() { r.every(ctx, r.tidyEvery, "housekeeping", r.Tidy) })
	both.Go(func() { r.every(ctx, r.tidyEvery, "plan", r.Count) })
	both.Go(func() { r.every(ctx, usesEvery, "uses", r.Uses) })
	both.Go(func() { r.every(ctx, remindEvery, "reminders", r.Remind) })
	both.Go(func() { r.every(ctx, r.tidyEvery, "reports", r.Report) })
	both.Go(func() { r.every(ctx, remindEvery, "learning", r.Learn) })
	both.Go(func() { r.every(ctx, remindEvery, "notices", r.Notices) })
	both.Go(func() { r.every(ctx, r.tidyEvery, "seats", r.Seats) })
	both.Go(func() { r.every(ctx, r.tidyEvery, "grades", r.Release) })
	both.Go(func() { r.every(ctx, sweepEvery, "files", r.Sweep) })
	both.Go(func() { r.every(ctx, quizEvery, "quizzes", r.Quizzes) })
	both.Wait()
	if _, err := r.Uses(context.WithoutCancel(ctx)); err != nil {
		r.log(slog.LevelError, "which grants were used last is not written down", "error", err.Error())
	}
}

// every does something again and again, at once where there is more to do, and ever more rarely while it fails.
func (r *Runner) every(ctx context.Context, pause time.Duration, what string, do func(context.Context) (more bool, err error)) {
	wait := pause
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		more, err := rescued(ctx, do)
		switch {
		case err != nil && ctx.Err() == nil:
			wait = min(2*wait+time.Second, time.Minute)
			r.log(slog.LevelError, "a job failed", "job", what, "error", err.Error())
		case more:
			wait = time.Millisecond
		default:
			wait = pause
		}
	}
}

// rescued turns a panic into an error, so that a fault in a job does not end the server.
func rescued(ctx context.Context, do func(context.Context) (bool, error)) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx)
}

// Tidy clears a bounded part of what counts no more away, and tells whether there may be more.
func (r *Runner) Tidy(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	err = r.env.DB.Write(ctx, func(tx *db.Tx) error {
		more, err = identity.Tidy(ctx, tx, tidyMost, r.env.Now())
		return err
	})
	return more && err == nil, err
}

// Count counts what one portal uses of its plan, where that was not done of late, and tells whether there may be another.
func (r *Runner) Count(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	now := r.env.Now()
	var portal db.ID
	var counted []tenant.Usage
	err = r.env.DB.Read(ctx, func(tx *db.Tx) error { // reading: it may take a while, and keeps nobody from writing
		if portal, err = tenant.UncountedPortal(ctx, tx, now.Add(-countEvery)); err != nil || portal == 0 {
			return err
		}
		counted, err = tenant.CountUsage(ctx, tx, portal, now)
		return err
	})
	if err != nil || portal == 0 {
		return false, err
	}
	err = r.env.DB.Write(ctx, func(tx *db.Tx) error { return tenant.SaveUsage(ctx, tx, portal, counted) })
	return err == nil, err
}

// Uses writes down which grants were used.
func (r *Runner) Uses(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return false, r.env.Cache.Uses.Flush(ctx, r.env.DB)
}

// Report puts the saved reports that are due into the outbox (BE-12), and tells whether there may be more.
func (r *Runner) Report(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return report.SendDue(ctx, r.env)
}

// Remind writes mails on what ends soon, and on reviews that are due.
func (r *Runner) Remind(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return asking.Remind(ctx, r.env)
}

// Learn does what is due in learning.
func (r *Runner) Learn(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return path.Due(ctx, r.env)
}

// Notices tells people by mail what is due for them and what of theirs was graded, and tells whether there may be more.
func (r *Runner) Notices(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	return notice.Tell(ctx, r.env)
}

// Seats enrols those who wait in one course where seats are free, and tells whether there may be more.
func (r *Runner) Seats(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return learning.GiveFree(ctx, r.env)
}

// Release shows the grades of assessments whose time has come, and tells whether there may be more.
func (r *Runner) Release(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return work.Release(ctx, r.env)
}

// Quizzes scores what was handed in for quizzes, after it has handed in what is over, and tells whether there may be more.
func (r *Runner) Quizzes(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return work.ScoreWaiting(ctx, r.env)
}

func (r *Runner) log(level slog.Level, text string, args ...any) {
	if r.env.Log != nil {
		r.env.Log.Log(context.Background(), level, text, args...)
	}
}
