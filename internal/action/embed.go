package action

import (
	"encoding/binary"
	"net/url"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

// EmbedPages are what other sites may frame, each at /embed/ and its name (LM-14).
var EmbedPages = []string{"teams", "people", "analytics", "reports"}

// embedPurpose is what a signed token to an embedded page is for.
const embedPurpose = "embed"

// maxEmbedMinutes is the longest that a token, and what it opens, may last.
const maxEmbedMinutes = 60

// embedRights are all that a token opens in an embedded page: people, teams, dashboards and reports, and nothing that
// touches an account, its sign-in or anybody's access beyond a team.
var embedRights = access.SetOf(access.AccountList, access.AccountViewIDs, access.OrganizationList, access.CourseList, access.EnrolmentList, access.InvitationList,
	access.TeamList, access.TeamView, access.TeamCreate, access.TeamChange, access.TeamDelete, access.TeamAddMember, access.TeamRemoveMember,
	access.TeamSetRole, access.TeamShare, access.AnalyticsView, access.AnalyticsRead, access.ReportCertain)

// EmbedAsk asks for a token to an embedded page.
type EmbedAsk struct {
	Page    string `json:"page" doc:"teams, people, analytics or reports."`
	Minutes int    `json:"minutes" doc:"How long it lasts, with what it opens: 1 to 60."`
}

// Check names what is wrong with the input.
func (in EmbedAsk) Check() error {
	var wrong fail.Fields
	if !slices.Contains(EmbedPages, in.Page) {
		wrong.Add("page", "Choose teams, people, analytics or reports.")
	}
	if in.Minutes < 1 || in.Minutes > maxEmbedMinutes {
		wrong.Add("minutes", "Choose 1 to 60 minutes.")
	}
	return wrong.Err()
}

// EmbedMade is an address that opens an embedded page, once.
type EmbedMade struct {
	URL   string    `json:"url" doc:"The address for an iframe. It opens the page once, as you, until then."`
	Until time.Time `json:"until"`
}

// CreateEmbedToken makes an address that opens an embedded page as oneself, with part of one's rights (PT-2).
var CreateEmbedToken = &op.Op[EmbedAsk, EmbedMade]{
	Name:  "embed.token",
	Route: "POST /me/embed-tokens",
	Doc:   "Makes an address that opens an embedded page as oneself, once, for up to an hour.",
	Needs: []*access.Permission{access.TokenManage},
	Do: func(c *op.Call, in EmbedAsk) (EmbedMade, error) {
		me, err := own(c, access.TokenManage)
		if err != nil {
			return EmbedMade{}, err
		}
		if c.Who.Behind != 0 {
			return EmbedMade{}, fail.New(fail.NotAllowed, "Nobody makes tokens for somebody else.")
		}
		var rights []string
		for p := range embedRights.All() {
			if c.Who.Limit == nil || c.Who.Limit.Has(p) {
				rights = append(rights, p.Key)
			}
		}
		portal, err := store.PortalOf(c, c.Tx, me.Portal)
		if err != nil {
			return EmbedMade{}, err
		}
		until, err := notBeyond(c, me, c.Now.Add(time.Duration(in.Minutes)*time.Minute))
		if err != nil {
			return EmbedMade{}, err
		}
		s := store.Session{ID: db.NewID(), Portal: me.Portal, Account: me.ID, Kind: store.EmbedLink, Name: in.Page, Permissions: strings.Join(rights, " "),
			Created: c.Now, Until: until}
		token := secret.Sign(c.Env.Key, embedPurpose, binary.BigEndian.AppendUint64(nil, uint64(s.ID)), s.Until)
		c.Audit(me.Thing(), me.Name, map[string]any{"page": in.Page, "until": s.Until})
		return EmbedMade{c.Env.PortalURL(portal) + "/embed/" + in.Page + "?token=" + url.QueryEscape(token), s.Until},
			store.BeginSession(c, c.Tx, s, secret.HashToken(token))
	},
}

// EmbedToken is the token of an address.
type EmbedToken struct {
	Token string `json:"token"`
}

// EnterEmbed exchanges the token of an address for a session of embedded pages, once.
var EnterEmbed = &op.Op[EmbedToken, SignedIn]{
	Name:     "embed.enter",
	Route:    "POST /embed/enter",
	Doc:      "Exchanges a token for a session of embedded pages.",
	Open:     "the token says who it is",
	PageOnly: true,
	Do: func(c *op.Call, in EmbedToken) (out SignedIn, err error) {
		ended := fail.New(fail.SignIn, "This link has been used, or has ended. Please open it anew.")
		if _, err := secret.Open(c.Env.Key, embedPurpose, in.Token, c.Now); err != nil {
			return out, ended
		}
		hash := secret.HashToken(in.Token)
		link, err := store.SessionAt(c, c.Tx, c.Who.Portal, store.EmbedLink, hash)
		if fail.Is(err, fail.NotFound) || (err == nil && !link.Open(c.Now)) {
			return out, ended
		}
		if err != nil {
			return out, err
		}
		if err := store.DropSession(c, c.Tx, link.Portal, hash); err != nil {
			return out, err
		}
		c.Audit(access.Thing{Kind: access.Account, ID: link.Account, Portal: link.Portal}, link.AccountName, map[string]any{"page": link.Name})
		session := link
		session.ID, session.Kind, session.Created = db.NewID(), store.EmbedSession, c.Now
		token, hash := secret.NewToken(secret.Session)
		out.Token, out.Until = token, session.Until
		return out, store.BeginSession(c, c.Tx, session, hash)
	},
}

var embedOps = []op.Any{CreateEmbedToken, EnterEmbed}
