package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/mail"
	"provost/internal/store"
)

const (
	// batch is how many mails are claimed, and sent side by side.
	batch = 8
	// sendLimit bounds one sending, noteLimit the note that it was sent; lease is longer than both, so that no other node
	// claims what is being sent.
	sendLimit, noteLimit, lease = 15 * time.Second, 45 * time.Second, 5 * time.Minute
	// computeLimit bounds what is made for a mail before it is sent.
	computeLimit = 3 * time.Minute
	// firstPause is how long a mail waits after its first failure, twice as long after each further one, lastPause at most;
	// after giveUp it is given up.
	firstPause, lastPause, giveUp = time.Minute, 4 * time.Hour, 3 * 24 * time.Hour
)

// Deliver claims mails that are due, sends them outside of any transaction, and notes what came of it. It tells whether
// there may be more. A mail whose note is lost, because the process or the database died just then, is sent again under
// the same message id when its lease ends; no other mail is sent twice.
func (r *Runner) Deliver(ctx context.Context) (more bool, err error) {
	claimed, err := r.claim(ctx)
	if err != nil {
		return false, err
	}
	var all sync.WaitGroup
	for _, m := range claimed {
		all.Go(func() { r.deliver(context.WithoutCancel(ctx), m) })
	}
	all.Wait()
	return len(claimed) == batch, nil
}

func (r *Runner) claim(ctx context.Context) (claimed []store.Outgoing, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	due := false
	err = r.env.DB.Read(ctx, func(tx *db.Tx) error { // reading first: an empty outbox costs no writer a turn
		due, err = store.OutboxDue(ctx, tx, r.env.Now())
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	err = r.env.DB.Write(ctx, func(tx *db.Tx) error {
		claimed, err = store.ClaimOutbox(ctx, tx, batch, lease, r.env.Now())
		if err != nil {
			return err
		}
		return store.SignOutbox(ctx, tx, claimed)
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

func (r *Runner) deliver(ctx context.Context, m store.Outgoing) {
	_, sendErr := rescued(ctx, func(ctx context.Context) (bool, error) {
		message := mail.Message{ID: m.ID.String(), To: m.To, FromName: m.FromName, From: m.From, Subject: m.Subject, Text: m.Body, At: m.Created}
		if err := r.compute(ctx, m, &message); err != nil {
			return false, err
		}
		ctx, cancel := context.WithTimeout(ctx, sendLimit)
		defer cancel()
		return false, r.sender.Send(ctx, message)
	})
	now := r.env.Now()
	note := func(ctx context.Context, tx *db.Tx) error { return store.OutboxSent(ctx, tx, m, now) }
	switch {
	case sendErr == nil:
	case errors.Is(sendErr, errLost):
		note = func(ctx context.Context, tx *db.Tx) error {
			return store.OutboxFailed(ctx, tx, m, "not sent: "+errLost.Error())
		}
	case mail.Permanent(sendErr):
		r.log(slog.LevelWarn, "a mail was refused", "mail", m.ID.String(), "error", sendErr.Error())
		note = func(ctx context.Context, tx *db.Tx) error {
			return store.OutboxFailed(ctx, tx, m, "refused: "+sendErr.Error())
		}
	case now.Sub(m.Created) >= giveUp:
		r.log(slog.LevelWarn, "a mail was given up", "mail", m.ID.String(), "tries", m.Try, "error", sendErr.Error())
		note = func(ctx context.Context, tx *db.Tx) error {
			return store.OutboxFailed(ctx, tx, m, "given up: "+sendErr.Error())
		}
	default:
		r.log(slog.LevelWarn, "a mail could not be sent", "mail", m.ID.String(), "tries", m.Try, "error", sendErr.Error())
		note = func(ctx context.Context, tx *db.Tx) error {
			return store.OutboxLater(ctx, tx, m, now.Add(pauseAfter(m.Try)), sendErr.Error())
		}
	}
	r.note(ctx, m, note)
}

// errLost: the recipient of a report gets it no longer.
var errLost = errors.New("its recipient gets the report no longer")

// compute fills in what a mail brings that is made when it leaves: a saved report, as what its recipient may see now (BE-12).
func (r *Runner) compute(ctx context.Context, m store.Outgoing, message *mail.Message) error {
	if m.Saved == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, computeLimit)
	defer cancel()
	made, err := report.Compute(ctx, r.env, m.Portal, m.Account, m.Saved)
	if report.Refused(err) {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	if err != nil {
		return err
	}
	message.Text = made.Text
	if made.FileName != "" {
		message.File = &mail.File{Name: made.FileName, Type: made.FileType, Body: made.File}
	}
	return nil
}

// pauseAfter is how long a mail waits that failed so many times.
func pauseAfter(tries int) time.Duration {
	return min(firstPause<<min(max(tries-1, 0), 10), lastPause)
}

// note writes down what came of a mail, for as long as a database may take to come back.
func (r *Runner) note(ctx context.Context, m store.Outgoing, write func(context.Context, *db.Tx) error) {
	ctx, cancel := context.WithTimeout(ctx, noteLimit)
	defer cancel()
	for {
		err := r.env.DB.Write(ctx, func(tx *db.Tx) error { return write(ctx, tx) })
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			r.log(slog.LevelError, "what came of a mail is not noted", "mail", m.ID.String(), "error", err.Error())
			return
		case <-time.After(time.Second):
		}
	}
}
