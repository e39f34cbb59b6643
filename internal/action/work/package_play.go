package work

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/pack"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/store/work"
)

const (
	launchPurpose = "package"
	// launchLasts is how long what was opened can be gone through.
	launchLasts = 8 * time.Hour
)

// Launch is a package that somebody opened: what the token in the addresses of its content says. It gives that person's rights in
// that package alone, for as long as their session is there and they may see the course.
type Launch struct {
	Portal     db.ID `json:"p"`
	Account    db.ID `json:"a"`
	Session    db.ID `json:"s"`
	Course     db.ID `json:"c"`
	Assessment db.ID `json:"w"`
	// Origin is where the pages are served that frame it.
	Origin string `json:"o"`
	// Attempt is which of their attempts it is, from 1; 0 for who takes none.
	Attempt int64 `json:"n,omitempty"`
}

// Who is who opened it.
func (l Launch) Who() op.Who { return op.Who{Portal: l.Portal, Account: l.Account, Session: l.Session} }

// Site names what was opened for this person, and tells nothing of either: what it keeps in a browser is found there by nobody else.
func (l Launch) Site() string {
	sum := sha256.Sum256([]byte("site " + l.Portal.String() + l.Account.String() + l.Assessment.String()))
	return hex.EncodeToString(sum[:16])
}

// In names what was opened.
func (l Launch) In() (in OneAssessment) {
	in.Course, in.Assessment = l.Course, l.Assessment
	return in
}

// OpenLaunch is what a token says that PlayPackage made: SignIn for any other.
func OpenLaunch(env *op.Env, token string) (l Launch, err error) {
	payload, err := secret.Open(env.Key, launchPurpose, token, env.Now())
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(payload, &l)
}

// Play asks for an item to be played.
type Play struct {
	OneAssessment
	Item string `query:"item" doc:"Its ID; the first where it is left out."`
	// Origin is where the page is served that frames it.
	Origin string `json:"-"`
}

// Launched is an item with the token under which its content is reached.
type Launched struct {
	Package
	Course Ref
	Item   PackageItem
	Token  string
	// Site names the content where each has an origin of its own.
	Site string
	// Takes: what one does in it is kept.
	Takes bool
}

// PlayPackage opens an item of a package. Only a browser does, since the content runs in one.
var PlayPackage = &op.Op[Play, Launched]{
	Name:     "package.play",
	Route:    "GET /courses/{course}/assessments/{assessment}/play",
	Doc:      "Opens an item of a package.",
	Needs:    submitNeeds,
	PageOnly: true,
	Do: func(c *op.Call, in Play) (out Launched, err error) {
		if c.Who.Behind != 0 {
			return out, fail.New(fail.Conflict, "Nobody goes through this as another person.")
		}
		x, err := playing(c, in.OneAssessment, in.Item)
		if err != nil {
			return out, err
		}
		var states map[string]work.State
		if x.own != nil {
			if states, err = work.StatesOf(c, c.Tx, x.is, x.own.Enrolment); err != nil {
				return out, err
			}
		}
		out = Launched{Package: packageOf(x.is, x.plays, states), Course: Ref{x.course.ID, x.course.Name}, Takes: x.own != nil}
		out.Item = out.Items[x.at]
		launch := Launch{c.Who.Portal, c.Who.Account, c.Who.Session, x.course.ID, x.is.ID, in.Origin, x.attempt}
		out.Site = launch.Site()
		payload, err := json.Marshal(launch)
		out.Token = secret.Sign(c.Env.Key, launchPurpose, payload, c.Now.Add(launchLasts))
		return out, err
	},
}

// played is an item of a package that somebody goes through.
type played struct {
	// own is nil for who is no learner, or may not hand in: nothing is kept of what they do.
	looked
	plays work.Package
	at    int
	// attempt is which of their attempts it is, from 1.
	attempt int64
}

func (x *played) item() *pack.Item { return &x.plays.Items[x.at] }

// playing finds an item of a package that is open to one; the first where none is named.
func playing(c *op.Call, in OneAssessment, item string) (x played, err error) {
	if c.Who.Session != 0 {
		open, err := work.SessionOpen(c, c.Tx, c.Who.Portal, c.Who.Account, c.Who.Session, c.Now)
		if err != nil {
			return x, err
		}
		if !open {
			return x, fail.New(fail.SignIn, "This link has ended. Please open it anew.")
		}
	}
	if x.looked, err = look(c, in); err != nil {
		return x, err
	}
	if x.plays, err = work.FindPackage(c, c.Tx, x.is); err != nil {
		return x, err
	}
	for x.at = range x.plays.Items {
		if x.plays.Items[x.at].ID == item || item == "" {
			break
		}
	}
	if item != "" && x.item().ID != item {
		return x, fail.Missing("item")
	}
	if x.own, err = work.OwnOf(c, c.Tx, c.May(access.CourseSubmit), x.course, x.is, c.Who.Account); err != nil {
		return x, err
	}
	if x.own != nil {
		if x.attempt, err = work.PackageAttempt(c, c.Tx, x.is, x.own.Enrolment); err != nil {
			return x, err
		}
	}
	if !x.course.Archived.IsZero() { // it is read, and nothing is kept
		x.own = nil
	}
	switch {
	case x.closed:
		return x, fail.New(fail.Conflict, "This is not open yet.")
	case x.own != nil && over(&x.is, c.Now):
		return x, fail.New(fail.Conflict, "This is closed: nothing is taken any more.")
	}
	return x, nil
}

// OneEntry names a file within a package.
type OneEntry struct {
	OneAssessment
	Path string `query:"path" doc:"Where it lies in the archive."`
}

// Entry is a file within a package: where its archive is kept, and how it is called there.
type Entry struct {
	Hash, Path string
}

// PackageEntry finds a file within a package that one goes through.
var PackageEntry = &op.Op[OneEntry, Entry]{
	Name:     "package.entry",
	Route:    "GET /courses/{course}/assessments/{assessment}/package/entry",
	Doc:      "Finds a file within a package.",
	Needs:    submitNeeds,
	PageOnly: true,
	Do: func(c *op.Call, in OneEntry) (Entry, error) {
		x, err := playing(c, in.OneAssessment, "")
		return Entry{x.plays.Hash, in.Path}, err
	},
}

// OneItem names an item of a package.
type OneItem struct {
	OneAssessment
	Item string `query:"item" doc:"Its ID; the first where it is left out."`
	// Attempt is the one that it is opened in; 0 for the present.
	Attempt int64 `json:"-"`
}

// PackageState is what an item of a package finds when it is opened, and keeps.
type PackageState struct {
	Standard string `json:"standard"`
	Item     string `json:"item"`
	Title    string `json:"title"`
	// File is where it begins within the archive, with what stands behind.
	File    string            `json:"file"`
	Data    map[string]string `json:"data" doc:"What it kept, by the names of its standard."`
	Learner Ref               `json:"learner"`
	Mastery *float64          `json:"mastery,omitempty" doc:"The score at which it is passed, in percent."`
	MoveOn  string            `json:"move_on,omitempty"`
	Launch  string            `json:"launch,omitempty" doc:"What its manifest hands to it."`
	Takes   bool              `json:"takes" doc:"What you do in it is kept."`
	Done    bool              `json:"done"`
}

// ShowPackageState is what an item of a package finds when it is opened.
var ShowPackageState = &op.Op[OneItem, PackageState]{
	Name:  "package.state",
	Route: "GET /courses/{course}/assessments/{assessment}/package/state",
	Doc:   "Shows what an item of a package keeps for you.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OneItem) (out PackageState, err error) {
		x, err := playing(c, in.OneAssessment, in.Item)
		if err == nil {
			err = x.again(in.Attempt)
		}
		if err != nil {
			return out, err
		}
		i := x.item()
		file := (&url.URL{Path: i.Path}).EscapedPath() + i.Query
		out = PackageState{Standard: x.plays.Standard, Item: i.ID, Title: i.Title, File: file, Data: map[string]string{}, Learner: Ref{c.Who.Account, c.Actor.Name},
			Mastery: i.Mastery, MoveOn: i.MoveOn, Launch: i.Data, Takes: x.own != nil}
		if x.own == nil {
			return out, nil
		}
		states, err := work.StatesOf(c, c.Tx, x.is, x.own.Enrolment)
		if s, ok := states[i.ID]; ok {
			out.Data, out.Done = s.Data, s.Done
		}
		return out, err
	},
}

// KeptState is what an item of a package shall keep.
type KeptState struct {
	OneItem
	Data map[string]string `json:"data" doc:"By the names of its standard, all of them: 256 kB at most."`
}

// The bounds of what an item keeps.
const (
	maxStateKeys  = 5000
	maxStateBytes = 256 << 10
)

// Check bounds what is kept.
func (in KeptState) Check() error {
	return bounded(in.Data)
}

func bounded(data map[string]string) error {
	size := 0
	for k, v := range data {
		size += len(k) + len(v)
		if len(k) > 255 || !text(k) || !text(v) {
			return fail.Wrong("data", "This text is too long, or no text.")
		}
	}
	if len(data) > maxStateKeys || size > maxStateBytes {
		return fail.Wrong("data", "That is more than a package may keep.")
	}
	return nil
}

// StateKept tells what came of it.
type StateKept struct {
	Kept  bool     `json:"kept" doc:"False for who does not take the course: nothing is kept then."`
	Done  bool     `json:"done"`
	Score *float64 `json:"score,omitempty" doc:"In percent."`
}

// SavePackageState keeps what an item of a SCORM package says of its learner. When all items are done, that is a result.
var SavePackageState = &op.Op[KeptState, StateKept]{
	Name:  "package.save",
	Route: "PUT /courses/{course}/assessments/{assessment}/package/state",
	Doc:   "Keeps what an item of a SCORM package says: its status and score become your result once all items are done.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in KeptState) (out StateKept, err error) {
		x, err := playing(c, in.OneAssessment, in.Item)
		if err == nil {
			err = x.again(in.Attempt)
		}
		if err != nil || x.own == nil {
			return out, err
		}
		var came outcome
		switch x.plays.Standard {
		case pack.SCORM12:
			came = of12(in.Data)
		case pack.SCORM2004:
			came = of2004(in.Data)
		default:
			return out, fail.New(fail.Conflict, "This package sends statements.")
		}
		return x.keep(c, in.Data, came)
	},
}

// keep keeps an item's state, and what follows from it. What was done once stays done; the best score counts. The audit tells that an
// item was begun or done, and which score was reached, never that it kept something.
func (x *played) keep(c *op.Call, data map[string]string, came outcome) (out StateKept, err error) {
	i := x.item()
	states, err := work.StatesOf(c, c.Tx, x.is, x.own.Enrolment)
	if err != nil {
		return out, err
	}
	was, begun := states[i.ID]
	came.done = came.done || was.Done
	if was.Score != nil && (came.score == nil || *came.score < *was.Score) {
		came.score = was.Score
	}
	c.Audit(x.course.Thing(), x.course.Name, map[string]any{"assessment": x.is.Title, "item": i.Title, "done": came.done, "score": came.score})
	if begun && was.Done == came.done && (was.Score == nil) == (came.score == nil) && (was.Score == nil || *was.Score == *came.score) {
		c.Quiet() // a package keeps where its learner is every few seconds
	}
	if err := work.SaveState(c, c.Tx, x.is, x.own.Enrolment, work.State{Item: i.ID, Data: data, Done: came.done, Score: came.score}, c.Now); err != nil {
		return out, err
	}
	deltas := store.NewDeltas()
	if err := work.Played(c, c.Tx, deltas, x.is, x.own.Enrolment, x.plays, c.Now); err != nil {
		return out, err
	}
	return StateKept{true, came.done, came.score}, deltas.Flush(c, c.Tx)
}
