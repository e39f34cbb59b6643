package work

import (
	"strings"
	"time"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

var discussionOps = []op.Any{ListThreads, BeginThread, ShowThread, Reply, SavePost, HidePost, DropPost, CloseThread, DropThread}

// Whoever grades in a course looks after its discussion.
var discussNeeds = []*access.Permission{access.CourseCollaborate, access.CourseGrade}

const maxPost, postsShown, threadsShown = 20_000, 100, 50

// ThreadItem is something that is discussed in a course, or announced to it.
type ThreadItem struct {
	ID           db.ID     `json:"id"`
	Title        string    `json:"title"`
	Author       string    `json:"author"`
	Announcement bool      `json:"announcement" doc:"Written by who teaches, to all; nobody replies."`
	Closed       bool      `json:"closed" doc:"Nobody replies any more."`
	Posts        int64     `json:"posts" doc:"The opening among them."`
	Last         time.Time `json:"last" doc:"When the last post came."`
}

func threadItem(t *work.Thread) ThreadItem {
	return ThreadItem{t.ID, t.Title, t.AuthorName, t.Announcement, t.Closed, t.Posts, t.Last}
}

// ThreadQuery asks for a part of a course's threads.
type ThreadQuery struct {
	OneCourse
	After db.ID `query:"after" doc:"Go on behind this thread."`
}

// Threads are those of a course.
type Threads struct {
	Course   Ref          `json:"course"`
	Items    []ThreadItem `json:"items" doc:"The one with the latest post first."`
	Next     *db.ID       `json:"next,omitempty" doc:"Ask again with after= this for more."`
	Total    int64        `json:"total"`
	MayTend  bool         `json:"may_tend" doc:"You look after the discussion, and may announce."`
	Archived bool         `json:"archived" doc:"The course is archived: nobody writes."`
}

// discussed is a course whose discussion one takes part in.
type discussed struct {
	course store.Course
	tends  bool
}

func discuss(c *op.Call, in OneCourse) (d discussed, err error) {
	if d.course, err = store.FindCourse(c, c.Tx, c.May(access.CourseCollaborate), in.Course); err != nil {
		return d, err
	}
	thing := d.course.Thing()
	d.tends = c.May(access.CourseGrade).Has(&thing) != nil
	return d, nil
}

// writes is discuss for who changes something: an archived course is only read.
func writes(c *op.Call, in OneCourse) (discussed, error) {
	d, err := discuss(c, in)
	if err == nil && !d.course.Archived.IsZero() {
		err = errArchived
	}
	return d, err
}

// ListThreads are a course's threads.
var ListThreads = &op.Op[ThreadQuery, Threads]{
	Name:  "discussion.list",
	Route: "GET /courses/{course}/discussion",
	Doc:   "Lists what is discussed in a course, and announced to it, the one with the latest post first: 50 at once.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in ThreadQuery) (out Threads, err error) {
		d, err := discuss(c, in.OneCourse)
		if err != nil {
			return out, err
		}
		list, err := work.ListThreads(c, c.Tx, d.course, in.After, threadsShown+1)
		if err != nil {
			return out, err
		}
		out = Threads{Course: Ref{d.course.ID, d.course.Name}, Items: []ThreadItem{}, MayTend: d.tends, Archived: !d.course.Archived.IsZero()}
		if len(list) > threadsShown {
			list = list[:threadsShown]
			out.Next = &list[threadsShown-1].ID
		}
		for i := range list {
			out.Items = append(out.Items, threadItem(&list[i]))
		}
		out.Total, err = work.CountThreads(c, c.Tx, d.course)
		return out, err
	},
}

// PostText is what somebody writes.
type PostText struct {
	Text string `json:"text" doc:"As Markdown: 20,000 characters at most. HTML in it is left out."`
}

// Check tells which fields have to be corrected.
func (in PostText) Check() error {
	switch {
	case strings.TrimSpace(in.Text) == "":
		return fail.Wrong("text", "Write something.")
	case utf8.RuneCountInString(in.Text) > maxPost || !text(in.Text):
		return fail.Wrong("text", "This text is too long, or no text.")
	}
	return nil
}

// NewThread is a thread to be begun.
type NewThread struct {
	OneCourse
	Title        string `json:"title" maxLength:"200"`
	Announcement bool   `json:"announcement,omitempty" doc:"For who grades in the course: nobody replies to it."`
	PostText
}

// Check tells which fields have to be corrected.
func (in NewThread) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "title", in.Title)
	if err := wrong.Err(); err != nil {
		return err
	}
	return in.PostText.Check()
}

// BeginThread begins a thread.
var BeginThread = &op.Op[NewThread, Ref]{
	Name:  "discussion.begin",
	Route: "POST /courses/{course}/discussion",
	Doc:   "Begins a thread in the discussion of a course, or, if you grade there, announces something to all.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in NewThread) (Ref, error) {
		d, err := writes(c, in.OneCourse)
		if err != nil {
			return Ref{}, err
		}
		if in.Announcement && !d.tends {
			return Ref{}, store.NotAllowed(c.May(access.CourseGrade))
		}
		t, err := work.BeginThread(c, c.Tx, d.course, c.Who.Account, form.Tidy(in.Title), plain(in.Text), in.Announcement, c.Now)
		c.Audit(d.course.Thing(), d.course.Name, map[string]any{"thread": t.Title, "announcement": in.Announcement})
		return Ref{t.ID, t.Title}, err
	},
}

// OneThread names a thread of a course.
type OneThread struct {
	OneCourse
	Thread db.ID `path:"thread" doc:"The thread."`
}

// PostQuery asks for a part of a thread.
type PostQuery struct {
	OneThread
	After db.ID `query:"after" doc:"Go on behind this post."`
}

// PostItem is one post as one may see it.
type PostItem struct {
	ID      db.ID      `json:"id"`
	Author  string     `json:"author"`
	Text    string     `json:"text" doc:"As Markdown; empty where it is hidden from you."`
	Made    time.Time  `json:"made"`
	Changed *time.Time `json:"changed,omitempty"`
	Hidden  bool       `json:"hidden" doc:"Who looks after the discussion has hidden it."`
	Own     bool       `json:"own"`
	Opening bool       `json:"opening"`
}

// ThreadShown is a thread with its posts.
type ThreadShown struct {
	ThreadItem
	Course   Ref        `json:"course"`
	Items    []PostItem `json:"items" doc:"The opening first."`
	Next     *db.ID     `json:"next,omitempty" doc:"Ask again with after= this for more."`
	MayReply bool       `json:"may_reply"`
	MayTend  bool       `json:"may_tend" doc:"You look after the discussion."`
}

// ShowThread is a thread with its posts.
var ShowThread = &op.Op[PostQuery, ThreadShown]{
	Name:  "discussion.show",
	Route: "GET /courses/{course}/discussion/{thread}",
	Doc:   "Shows a thread with its posts, 100 at once. What is hidden is shown to who grades in the course alone.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in PostQuery) (out ThreadShown, err error) {
		d, err := discuss(c, in.OneCourse)
		if err != nil {
			return out, err
		}
		t, err := work.FindThread(c, c.Tx, d.course, in.Thread)
		if err != nil {
			return out, err
		}
		list, err := work.ListPosts(c, c.Tx, t, in.After, postsShown+1)
		if err != nil {
			return out, err
		}
		out = ThreadShown{ThreadItem: threadItem(&t), Course: Ref{d.course.ID, d.course.Name}, Items: []PostItem{}, MayTend: d.tends && d.course.Archived.IsZero(),
			MayReply: !t.Closed && !t.Announcement && d.course.Archived.IsZero()}
		if len(list) > postsShown {
			list = list[:postsShown]
			out.Next = &list[postsShown-1].ID
		}
		for i, p := range list {
			item := PostItem{ID: p.ID, Author: p.AuthorName, Text: p.Body, Made: p.Made, Changed: known(p.Changed), Hidden: p.Hidden, Own: p.Author == c.Who.Account, Opening: i == 0 && in.After == 0}
			if p.Hidden && !d.tends {
				item.Text = ""
			}
			out.Items = append(out.Items, item)
		}
		return out, nil
	},
}

// NewPost is a reply.
type NewPost struct {
	OneThread
	PostText
}

// Reply puts a post at the end of a thread.
var Reply = &op.Op[NewPost, Ref]{
	Name:  "discussion.reply",
	Route: "POST /courses/{course}/discussion/{thread}/posts",
	Doc:   "Replies in a thread: 409 where it is closed, or an announcement.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in NewPost) (Ref, error) {
		d, t, err := thread(c, in.OneThread)
		if err != nil {
			return Ref{}, err
		}
		if t.Announcement {
			return Ref{}, fail.New(fail.Conflict, "Nobody replies to an announcement.")
		}
		c.Audit(d.course.Thing(), d.course.Name, map[string]any{"thread": t.Title})
		p, err := work.AddPost(c, c.Tx, t, c.Who.Account, plain(in.Text), c.Now)
		return Ref{p.ID, t.Title}, err
	},
}

// thread finds a thread that one takes part in, to change something.
func thread(c *op.Call, in OneThread) (d discussed, t work.Thread, err error) {
	if d, err = writes(c, in.OneCourse); err != nil {
		return d, t, err
	}
	t, err = work.FindThread(c, c.Tx, d.course, in.Thread)
	return d, t, err
}

// tended is thread for who looks after the discussion.
func tended(c *op.Call, in OneThread) (discussed, work.Thread, error) {
	d, t, err := thread(c, in)
	if err == nil && !d.tends {
		err = store.NotAllowed(c.May(access.CourseGrade))
	}
	return d, t, err
}

// OnePost names a post of a thread.
type OnePost struct {
	OneThread
	Post db.ID `path:"post" doc:"The post."`
}

// SavedPost is a post with what it shall say.
type SavedPost struct {
	OnePost
	PostText
}

// SavePost writes another text into one's own post.
var SavePost = &op.Op[SavedPost, Ref]{
	Name:  "discussion.edit",
	Route: "PUT /courses/{course}/discussion/{thread}/posts/{post}",
	Doc:   "Writes another text into your own post, while the thread is not closed and the post not hidden. Readers see that it was changed.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in SavedPost) (Ref, error) {
		d, t, err := thread(c, in.OneThread)
		if err != nil {
			return Ref{}, err
		}
		p, _, err := work.FindPost(c, c.Tx, t, in.Post)
		switch {
		case err != nil:
			return Ref{}, err
		case p.Author != c.Who.Account:
			return Ref{}, fail.New(fail.NotAllowed, "This was written by somebody else.")
		case t.Closed || p.Hidden:
			return Ref{}, fail.New(fail.Conflict, "This is closed or hidden. It is not changed any more.")
		}
		c.Audit(d.course.Thing(), d.course.Name, map[string]any{"thread": t.Title, "before": p.Body})
		return Ref{p.ID, t.Title}, work.SavePost(c, c.Tx, p, plain(in.Text), c.Now)
	},
}

// HiddenPost says whether a post shall be hidden.
type HiddenPost struct {
	OnePost
	Hidden bool `json:"hidden"`
}

// HidePost hides a post from learners, or shows it again.
var HidePost = &op.Op[HiddenPost, Ref]{
	Name:  "discussion.hide",
	Route: "PUT /courses/{course}/discussion/{thread}/posts/{post}/hidden",
	Doc:   "Hides a post from all but those who grade in the course, or shows it again.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in HiddenPost) (Ref, error) {
		d, t, err := tended(c, in.OneThread)
		if err != nil {
			return Ref{}, err
		}
		p, _, err := work.FindPost(c, c.Tx, t, in.Post)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(d.course.Thing(), d.course.Name, map[string]any{"thread": t.Title, "author": p.AuthorName, "hidden": in.Hidden})
		return Ref{p.ID, t.Title}, work.HidePost(c, c.Tx, p, in.Hidden)
	},
}

// DropPost takes a reply away: one's own, or anybody's for who looks after the discussion.
var DropPost = &op.Op[OnePost, Ref]{
	Name:  "discussion.delete_post",
	Route: "DELETE /courses/{course}/discussion/{thread}/posts/{post}",
	Doc:   "Deletes a reply: your own, or, if you grade in the course, anybody's. The opening goes with its whole thread alone.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in OnePost) (Ref, error) {
		d, t, err := thread(c, in.OneThread)
		if err != nil {
			return Ref{}, err
		}
		p, opening, err := work.FindPost(c, c.Tx, t, in.Post)
		switch {
		case err != nil:
			return Ref{}, err
		case !d.tends && p.Author != c.Who.Account:
			return Ref{}, store.NotAllowed(c.May(access.CourseGrade))
		case opening:
			return Ref{}, fail.New(fail.Conflict, "This opens the thread. It goes with the whole thread alone.")
		}
		c.Audit(d.course.Thing(), d.course.Name, map[string]any{"thread": t.Title, "author": p.AuthorName, "before": p.Body})
		return Ref{t.ID, t.Title}, work.DropPost(c, c.Tx, t, p)
	},
}

// ClosedThread says whether a thread shall be closed.
type ClosedThread struct {
	OneThread
	Closed bool `json:"closed"`
}

// CloseThread lets nobody reply in a thread any more, or lets them again.
var CloseThread = &op.Op[ClosedThread, Ref]{
	Name:  "discussion.close",
	Route: "PUT /courses/{course}/discussion/{thread}/closed",
	Doc:   "Closes a thread, so that nobody replies any more, or opens it again, if you grade in the course.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in ClosedThread) (Ref, error) {
		d, t, err := tended(c, in.OneThread)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(d.course.Thing(), d.course.Name, map[string]any{"thread": t.Title, "closed": in.Closed})
		return Ref{t.ID, t.Title}, work.CloseThread(c, c.Tx, t, in.Closed)
	},
}

// DropThread takes a thread away with its posts.
var DropThread = &op.Op[OneThread, Ref]{
	Name:  "discussion.delete",
	Route: "DELETE /courses/{course}/discussion/{thread}",
	Doc:   "Deletes a thread with all its posts, if you grade in the course.",
	Needs: discussNeeds,
	Do: func(c *op.Call, in OneThread) (Ref, error) {
		d, t, err := tended(c, in)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(d.course.Thing(), d.course.Name, map[string]any{"thread": t.Title, "posts": t.Posts})
		return Ref{t.ID, t.Title}, work.DropThread(c, c.Tx, t)
	},
}
