package action

import (
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

// maxTokenDays is the longest that a token may last.
const maxTokenDays = 366

// NewToken asks for a token: its name, the permissions that it is limited to, and how long it lasts.
type NewToken struct {
	Name        string   `json:"name" doc:"What the token is for." maxLength:"100"`
	Permissions []string `json:"permissions" doc:"The keys of the permissions that the token may use: never more than one holds oneself."`
	Days        int      `json:"days" doc:"How many days it lasts, 366 at most."`
}

// Check tells what is wrong with the input.
func (in NewToken) Check() error {
	var wrong fail.Fields
	if name := strings.TrimSpace(in.Name); name == "" || len(name) > 100 {
		wrong.Add("name", "Please say in up to 100 characters what the token is for.")
	}
	form.Line(&wrong, "name", in.Name, 100)
	if len(in.Permissions) == 0 {
		wrong.Add("permissions", "Please choose what the token may do.")
	}
	if _, err := access.SetOfKeys(in.Permissions); err != nil {
		wrong.Add("permissions", "One of these is not a permission.")
	}
	if in.Days < 1 || in.Days > maxTokenDays {
		wrong.Add("days", "Please choose 1 to 366 days.")
	}
	return wrong.Err()
}

// TokenMade is a new token, shown this once.
type TokenMade struct {
	ID    db.ID     `json:"id"`
	Token string    `json:"token" doc:"The token itself. It is shown this once and kept nowhere."`
	Until time.Time `json:"until"`
}

// CreateToken makes a token with which another program acts as oneself, with part of one's rights at most (PT-2): what a
// token may do is cut with what its person may do at each request, and a token makes no token that may do more than itself, or lasts longer.
var CreateToken = &op.Op[NewToken, TokenMade]{
	Name:  "token.create",
	Route: "POST /me/tokens",
	Doc:   "Makes a token for another program.",
	Needs: []*access.Permission{access.TokenManage},
	Do: func(c *op.Call, in NewToken) (TokenMade, error) {
		who, err := store.FindAccount(c, c.Tx, c.May(access.TokenManage), c.Who.Account)
		if err != nil {
			return TokenMade{}, err
		}
		asked, err := access.SetOfKeys(in.Permissions)
		if err != nil {
			return TokenMade{}, err
		}
		for p := range asked.All() {
			if c.Who.Limit != nil && !c.Who.Limit.Has(p) {
				return TokenMade{}, fail.New(fail.NotAllowed, "A token makes no token that may do more than itself: “{permission}”.", "permission", fail.Term(p.Title))
			}
		}
		until, err := notBeyond(c, who, c.Now.AddDate(0, 0, in.Days))
		if err != nil {
			return TokenMade{}, err
		}
		token, hash := secret.NewToken("pvt_")
		s := store.Session{ID: db.NewID(), Portal: who.Portal, Account: who.ID, Kind: store.TokenSession, Name: strings.TrimSpace(in.Name),
			Permissions: strings.Join(asked.Keys(), " "), Created: c.Now, Until: until}
		c.Audit(who.Thing(), who.Name, map[string]any{"token": s.Name, "permissions": asked.Keys(), "until": s.Until})
		return TokenMade{s.ID, token, s.Until}, store.BeginSession(c, c.Tx, s, hash)
	},
}

// notBeyond is a time, or the end of the token that asks where that comes first: a token makes nothing that outlives it.
func notBeyond(c *op.Call, who store.Account, until time.Time) (time.Time, error) {
	if c.Who.Limit == nil {
		return until, nil
	}
	list, err := store.ListSessions(c, c.Tx, who, store.TokenSession, c.Now)
	if err != nil {
		return until, err
	}
	at := slices.IndexFunc(list, func(s store.Session) bool { return s.ID == c.Who.Session })
	if at < 0 {
		return until, fail.New(fail.NotAllowed, "Only a token of a program makes another one.")
	}
	if end := list[at].Until; end.Before(until) {
		return end, nil
	}
	return until, nil
}

// TokenShown is a token without itself.
type TokenShown struct {
	ID          db.ID     `json:"id"`
	Name        string    `json:"name"`
	Permissions []string  `json:"permissions"`
	Created     time.Time `json:"created"`
	Used        time.Time `json:"used" doc:"When it was last used; when it was made, if never."`
	Until       time.Time `json:"until"`
}

// Tokens are one's own.
type Tokens struct {
	Items []TokenShown `json:"items"`
}

// ListTokens are the tokens that act as oneself.
var ListTokens = &op.Op[struct{}, Tokens]{
	Name:  "token.list",
	Route: "GET /me/tokens",
	Doc:   "Lists one's own tokens.",
	Needs: []*access.Permission{access.TokenManage},
	Do: func(c *op.Call, _ struct{}) (Tokens, error) {
		out := Tokens{Items: []TokenShown{}}
		who, err := store.FindAccount(c, c.Tx, c.May(access.TokenManage), c.Who.Account)
		if err != nil {
			return out, err
		}
		list, err := store.ListSessions(c, c.Tx, who, store.TokenSession, c.Now)
		for _, s := range list {
			out.Items = append(out.Items, TokenShown{s.ID, s.Name, strings.Fields(s.Permissions), s.Created, s.Seen, s.Until})
		}
		return out, err
	},
}

// TokenRef names one of one's own tokens.
type TokenRef struct {
	Token db.ID `path:"token" doc:"The token."`
}

// EndToken ends a token at once.
var EndToken = &op.Op[TokenRef, struct{}]{
	Name:  "token.end",
	Route: "DELETE /me/tokens/{token}",
	Doc:   "Ends one of one's own tokens.",
	Needs: []*access.Permission{access.TokenManage},
	Do: func(c *op.Call, in TokenRef) (struct{}, error) {
		who, err := store.FindAccount(c, c.Tx, c.May(access.TokenManage), c.Who.Account)
		if err != nil {
			return struct{}{}, err
		}
		list, err := store.ListSessions(c, c.Tx, who, store.TokenSession, c.Now)
		if err != nil {
			return struct{}{}, err
		}
		at := slices.IndexFunc(list, func(s store.Session) bool { return s.ID == in.Token })
		if at < 0 {
			return struct{}{}, fail.Missing("token")
		}
		c.Audit(who.Thing(), who.Name, map[string]any{"token": list[at].Name})
		return struct{}{}, store.EndSession(c, c.Tx, who, in.Token)
	},
}

var tokenOps = []op.Any{ListTokens, CreateToken, EndToken}
