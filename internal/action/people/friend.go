package people

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/kin"
)

// FriendRequest is a wish to be friends that waits for an answer.
type FriendRequest struct {
	ID     db.ID     `json:"id"`
	Person Someone   `json:"person"`
	Asked  time.Time `json:"asked"`
	// Mine: one asked oneself, and waits.
	Mine bool `json:"mine"`
}

// Friends are one's friends, and who asked whom.
type Friends struct {
	Items    []Someone       `json:"items"`
	Requests []FriendRequest `json:"requests"`
}

// ListFriends are one's own friends and requests.
var ListFriends = &op.Op[struct{}, Friends]{
	Name:  "friend.list",
	Route: "GET /me/friends",
	Doc:   "Lists your friends, and who asked whom.",
	Needs: []*access.Permission{access.FriendManage},
	Do: func(c *op.Call, _ struct{}) (out Friends, err error) {
		me, err := store.OwnAccount(c, c.Tx, c.May(access.FriendManage))
		if err != nil {
			return out, err
		}
		list, err := kin.RelationsOf(c, c.Tx, me, c.Now)
		if err != nil {
			return out, err
		}
		requests, err := kin.FriendRequests(c, c.Tx, me)
		if err != nil {
			return out, err
		}
		var ids []db.ID
		for _, r := range list {
			ids = append(ids, r.Whom)
		}
		for _, r := range requests {
			ids = append(ids, r.From, r.To)
		}
		names, err := kin.PeopleNamed(c, c.Tx, me.Portal, ids)
		out = Friends{Items: []Someone{}, Requests: []FriendRequest{}}
		for _, r := range list {
			if access.Agreed.Has(r.Role) && r.Who == me.ID && names[r.Whom] != "" {
				out.Items = append(out.Items, Someone{r.Whom, names[r.Whom]})
			}
		}
		for _, r := range requests {
			one := FriendRequest{ID: r.ID, Person: Someone{r.From, names[r.From]}, Asked: r.Asked, Mine: r.From == me.ID}
			if one.Mine {
				one.Person = Someone{r.To, names[r.To]}
			}
			if one.Person.Name != "" {
				out.Requests = append(out.Requests, one)
			}
		}
		return out, err
	},
}

// consenting is one's own account, where it is oneself who asks, agrees or ends: nobody consents for whom they act as (CO-4).
func consenting(c *op.Call) (store.Account, error) {
	me, err := store.OwnAccount(c, c.Tx, c.May(access.FriendManage))
	if err == nil && c.Who.Behind != 0 {
		c.Audit(me.Thing(), me.Name, nil)
		err = fail.New(fail.NotAllowed, "This is closed while you act as another person.")
	}
	return me, err
}

// FriendAsk asks somebody.
type FriendAsk struct {
	Person db.ID `json:"person" doc:"Whom you ask: somebody whom you may see."`
}

// Check checks the field.
func (in FriendAsk) Check() error {
	if in.Person == 0 {
		return fail.Wrong("person", "Choose a person.")
	}
	return nil
}

// AskFriend asks somebody whom one may see to be friends. Whoever was asked by them already agrees by asking.
var AskFriend = &op.Op[FriendAsk, Someone]{
	Name:  "friend.ask",
	Route: "POST /me/friends",
	Doc:   "Asks a person to be friends. If they have asked you, this agrees.",
	Needs: []*access.Permission{access.FriendManage, access.AccountList},
	Do: func(c *op.Call, in FriendAsk) (out Someone, err error) {
		me, err := consenting(c)
		if err != nil {
			return out, err
		}
		them, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Person)
		if err != nil {
			return out, err
		}
		c.Audit(them.Thing(), them.Name, nil)
		if them.ID == me.ID {
			return out, fail.Wrong("person", "Choose somebody else.")
		}
		out = Someone{them.ID, them.Name}
		requests, err := kin.FriendRequests(c, c.Tx, me)
		if err != nil {
			return out, err
		}
		for _, r := range requests {
			if r.From == them.ID {
				return out, answer(c, me, r.ID, true)
			}
		}
		list, err := kin.RelationsOf(c, c.Tx, me, c.Now)
		for _, r := range list {
			if access.Agreed.Has(r.Role) && r.Whom == them.ID {
				return out, fail.New(fail.Conflict, "You are friends already.")
			}
		}
		if err == nil {
			_, err = kin.AskFriend(c, c.Tx, me, them, c.Now)
		}
		return out, err
	},
}

// FriendAnswer answers a request.
type FriendAnswer struct {
	Request db.ID `path:"request" doc:"The request."`
	Accept  bool  `json:"accept" doc:"Yes, or no."`
}

// AnswerFriend agrees to be friends, or does not. Friends see each other from then on.
var AnswerFriend = &op.Op[FriendAnswer, Someone]{
	Name:  "friend.answer",
	Route: "POST /me/friend-requests/{request}",
	Doc:   "Agrees to be friends with somebody who asked, or does not.",
	Needs: []*access.Permission{access.FriendManage},
	Do: func(c *op.Call, in FriendAnswer) (out Someone, err error) {
		me, err := consenting(c)
		if err != nil {
			return out, err
		}
		c.Audit(me.Thing(), me.Name, map[string]any{"accept": in.Accept})
		return Someone{me.ID, me.Name}, answer(c, me, in.Request, in.Accept)
	},
}

func answer(c *op.Call, me store.Account, request db.ID, accept bool) error {
	r, err := kin.AnswerFriend(c, c.Tx, me, request, accept, c.Now)
	if err != nil || !accept {
		return err
	}
	them, err := store.OtherAccounts(c, c.Tx, me.Portal, []db.ID{r.From}, c.Now)
	if err == nil && len(them) == 0 {
		return fail.Missing("person")
	}
	if err != nil {
		return err
	}
	return kin.MakeFriends(c, c.Tx, them[0], me, c.By(), c.Now)
}

// FriendID names a friend.
type FriendID struct {
	Person db.ID `path:"person" doc:"Your friend."`
}

// EndFriend ends a friendship, for both.
var EndFriend = &op.Op[FriendID, Someone]{
	Name:  "friend.end",
	Route: "DELETE /me/friends/{person}",
	Doc:   "Ends a friendship, for both of you.",
	Needs: []*access.Permission{access.FriendManage},
	Do: func(c *op.Call, in FriendID) (out Someone, err error) {
		me, err := consenting(c)
		if err != nil {
			return out, err
		}
		c.Audit(me.Thing(), me.Name, map[string]any{"friend": in.Person})
		some, err := kin.EndFriends(c, c.Tx, me, in.Person, c.By(), c.Now)
		if err == nil && !some {
			return out, fail.Missing("friend")
		}
		return Someone{me.ID, me.Name}, err
	},
}
