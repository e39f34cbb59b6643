package op

import (
	"context"
	"log/slog"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Run runs the operation once, in one transaction, and returns what it did or why not. A refusal leaves its audit row.
func (o *Op[In, Out]) Run(ctx context.Context, env *Env, who Who, in In) (out Out, err error) {
	err = o.Stream(ctx, env, who, in, func(v Out) error { out = v; return nil })
	return out, err
}

// Stream is Run, with the output handed over while the transaction is open: for rows that are read as they are written.
func (o *Op[In, Out]) Stream(ctx context.Context, env *Env, who Who, in In, use func(Out) error) error {
	ctx, cancel := context.WithTimeout(ctx, o.limit())
	defer cancel()
	call, err := o.begin(ctx, env, who, &in)
	if err == nil {
		err = o.transact(call, in, use)
	}
	if fail.Is(err, fail.NotAllowed) {
		if lost := call.refused(o.Name, err); lost != nil {
			return lost
		}
	}
	call.log(o.Name, err)
	return err
}

func (o *Op[In, Out]) limit() time.Duration {
	if o.Limit > 0 {
		return o.Limit
	}
	return 30 * time.Second
}

func (o *Op[In, Out]) begin(ctx context.Context, env *Env, who Who, in *In) (*Call, error) {
	call := &Call{Context: ctx, Env: env, Who: who, Now: env.Now(), needs: o.Needs, deleted: o.WhenDeleted}
	if o.Open == "" && who.Account == 0 && who.System == "" {
		return call, fail.New(fail.SignIn, "Please sign in.")
	}
	if c, ok := any(*in).(Checker); ok {
		if err := c.Check(); err != nil {
			return call, err
		}
	}
	if err := o.receive(call, in); err != nil || o.Prepare == nil {
		return call, err
	}
	return call, o.Prepare(call, in)
}

// transact runs Do in its transaction: reading where it reads, and with the checks and the audit row where it writes.
func (o *Op[In, Out]) transact(c *Call, in In, use func(Out) error) error {
	if o.Reads() {
		return c.Env.DB.Read(c, func(tx *db.Tx) error {
			if err := c.enter(tx); err != nil {
				return err
			}
			out, err := o.Do(c, in)
			if err != nil {
				return err
			}
			if o.Export {
				if err := c.exported(o.Name); err != nil {
					return err
				}
			}
			return use(out)
		})
	}
	var out Out
	err := c.Env.DB.Write(c, func(tx *db.Tx) (err error) {
		if err = c.enter(tx); err != nil {
			return err
		}
		if out, err = o.Do(c, in); err != nil {
			return err
		}
		if err = c.checkPassedOn(); err != nil {
			return err
		}
		if err = c.follow(); err != nil {
			return err
		}
		if err = c.checkPlan(); err != nil {
			return err
		}
		if c.quiet && len(tx.Notes()) == 0 {
			return nil
		}
		return c.audit(tx, o.Name, "done")
	})
	if err != nil {
		return err
	}
	return use(out)
}

// enter folds the actor inside the transaction, so that a revocation counts at the very next request (BE-8).
func (c *Call) enter(tx *db.Tx) (err error) {
	c.Tx, c.target, c.name, c.detail, c.quiet = tx, access.Place{}, "", nil, false
	switch {
	case c.Who.System != "":
		c.Actor = access.System(c.Who.Portal, c.Who.System, c.Now)
		return c.there(tx)
	case c.Who.Account == 0:
		return c.there(tx)
	}
	if c.Who.Behind != 0 { // who may no longer act as another is refused within the very transaction
		c.Actor, err = c.Env.Cache.LoadActing(c, tx, c.Who.Portal, c.Who.Account, c.Who.Behind, c.Now)
	} else {
		c.Actor, err = c.Env.Cache.LoadActor(c, tx, c.Who.Portal, c.Who.Account, c.Now)
	}
	if err == nil && c.Actor.Rules().Deleted && !c.deleted {
		return errDeleted
	}
	if err == nil && c.Who.Limit != nil {
		c.Actor = c.Actor.Limit(*c.Who.Limit)
	}
	if err == nil && c.Who.Behind == 0 { // who acts as another does not use what that person holds
		c.Actor = c.Actor.Noting(c.Env.Cache.Uses.Of(c.Who.Account, c.Now))
	}
	return err
}

// errDeleted is the one answer of a portal that was deleted (SA-2).
var errDeleted = fail.New(fail.NotFound, "There is no portal here.")

// there refuses what nobody in particular does in a portal that was deleted.
func (c *Call) there(tx *db.Tx) error {
	if c.deleted {
		return nil
	}
	deleted, err := store.PortalDeleted(c, tx, c.Who.Portal)
	if err == nil && deleted {
		err = errDeleted
	}
	return err
}

func (c *Call) audit(tx *db.Tx, name, outcome string) error {
	row := store.AuditRow{Portal: c.Who.Portal, At: c.Now, Actor: c.Who.Account, Behind: c.Who.Behind, Operation: name, Outcome: outcome,
		Target: c.target, TargetName: c.name, Detail: c.details(tx)}
	if c.Actor != nil {
		row.ActorName = c.Actor.Name
	}
	return store.AddAudit(c, tx, row)
}

// refused writes the audit row of an attempt that was not allowed, in a transaction of its own.
func (c *Call) refused(name string, because error) error {
	c.detail = map[string]any{"because": because.Error(), "asked": c.detail}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c), 10*time.Second)
	defer cancel()
	return c.Env.DB.Write(ctx, func(tx *db.Tx) error { return c.audit(tx, name, "refused") })
}

// Refuse writes to the audit that a face refused somebody before the operation of a name could ask, and returns why.
func Refuse(ctx context.Context, env *Env, who Who, actor *access.Actor, name string, because error) error {
	c := &Call{Context: ctx, Env: env, Who: who, Actor: actor, Now: env.Now()}
	if lost := c.refused(name, because); lost != nil {
		return lost
	}
	return because
}

// exported writes that something leaves the portal, before its first row does.
func (c *Call) exported(name string) error {
	return c.Env.DB.Write(c, func(tx *db.Tx) error { return c.audit(tx, name, "done") })
}

// Wrote writes to the audit, once what leaves the portal has left it, how much that was.
func (c *Call) Wrote(name string, detail any) error {
	c.detail = detail
	return c.exported(name)
}

func (c *Call) log(name string, err error) {
	if c.Env.Log == nil {
		return
	}
	level, outcome := slog.LevelInfo, "done"
	if err != nil {
		level, outcome = slog.LevelWarn, "failed"
		if fail.Of(err) == fail.Fault {
			level = slog.LevelError
		}
	}
	attrs := []slog.Attr{slog.String("operation", name), slog.String("outcome", outcome), slog.String("portal", c.Who.Portal.String()),
		slog.String("account", c.Who.Account.String()), slog.Duration("took", c.Env.Now().Sub(c.Now))}
	if c.Who.Behind != 0 {
		attrs = append(attrs, slog.String("behind", c.Who.Behind.String()))
	}
	if err != nil && fail.Of(err) == fail.Fault {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	c.Env.Log.LogAttrs(c, level, "operation", attrs...)
}
