package work_test

import (
	"strings"
	"testing"

	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

func said(text string) work.PostText { return work.PostText{Text: text} }

// CO-1, LE-1, TA-1: who takes or teaches a course discusses in it; who grades there announces, hides, closes and deletes.
func TestCO1DiscussionsOfACourse(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	begin := work.NewThread{OneCourse: x.course, Title: "Joins", PostText: said("Why **left**?")}
	for who, want := range map[string]fail.Kind{"Ivy": -1, "Lin": -1, "Max": -1, "Ana": -1, "Otto": -1, "Mo": fail.NotAllowed, "Gus": fail.NotAllowed, "Leo": fail.NotAllowed, "Lou": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, work.ListThreads, work.ThreadQuery{OneCourse: x.course})
		worldtest.Check(t, who+" lists", err, want)
	}
	thread := work.OneThread{OneCourse: x.course, Thread: worldtest.Must(t, w, "Lin", work.BeginThread, begin).ID}
	show := func(who string) work.ThreadShown {
		t.Helper()
		return worldtest.Must(t, w, who, work.ShowThread, work.PostQuery{OneThread: thread})
	}
	reply := work.OnePost{OneThread: thread, Post: worldtest.Must(t, w, "Max", work.Reply, work.NewPost{OneThread: thread, PostText: said("Rude words")}).ID}
	opening := work.OnePost{OneThread: thread, Post: show("Lin").Items[0].ID}
	if got := show("Lin"); got.Posts != 2 || !got.Items[0].Own || got.Items[1].Own || got.MayTend || !got.MayReply || got.Items[1].Text != "Rude words" {
		t.Errorf("%+v", got)
	}
	for _, who := range []string{"Lin", "Mo", "Leo"} {
		_, err := worldtest.Try(t, w, who, work.HidePost, work.HiddenPost{OnePost: reply, Hidden: true})
		worldtest.Check(t, who+" hides", err, fail.NotAllowed)
		_, err = worldtest.Try(t, w, who, work.DropPost, reply)
		worldtest.Check(t, who+" deletes another's", err, fail.NotAllowed)
		_, err = worldtest.Try(t, w, who, work.CloseThread, work.ClosedThread{OneThread: thread, Closed: true})
		worldtest.Check(t, who+" closes", err, fail.NotAllowed)
		_, err = worldtest.Try(t, w, who, work.DropThread, thread)
		worldtest.Check(t, who+" deletes the thread", err, fail.NotAllowed)
	}
	announced := begin
	announced.Announcement = true
	_, err := worldtest.Try(t, w, "Lin", work.BeginThread, announced)
	worldtest.Check(t, "a learner announces", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Ivy", work.SavePost, work.SavedPost{OnePost: reply, PostText: said("I never said that")})
	worldtest.Check(t, "words put into another's mouth", err, fail.NotAllowed)
	worldtest.Must(t, w, "Ivy", work.HidePost, work.HiddenPost{OnePost: reply, Hidden: true})
	for who, want := range map[string]string{"Lin": "", "Max": "", "Ivy": "Rude words"} {
		if got := show(who).Items[1]; !got.Hidden || got.Text != want {
			t.Errorf("%s reads %+v", who, got)
		}
	}
	_, err = worldtest.Try(t, w, "Max", work.SavePost, work.SavedPost{OnePost: reply, PostText: said("Kind words")})
	worldtest.Check(t, "hidden, then changed", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Ivy", work.DropPost, opening)
	worldtest.Check(t, "the opening alone is deleted", err, fail.Conflict)
	worldtest.Must(t, w, "Lin", work.SavePost, work.SavedPost{OnePost: opening, PostText: said("Why?")})
	worldtest.Must(t, w, "Ivy", work.CloseThread, work.ClosedThread{OneThread: thread, Closed: true})
	_, err = worldtest.Try(t, w, "Max", work.Reply, work.NewPost{OneThread: thread, PostText: said("Late")})
	worldtest.Check(t, "a reply to what is closed", err, fail.Conflict)
	note := work.OneThread{OneCourse: x.course, Thread: worldtest.Must(t, w, "Ivy", work.BeginThread, announced).ID}
	_, err = worldtest.Try(t, w, "Lin", work.Reply, work.NewPost{OneThread: note, PostText: said("?")})
	worldtest.Check(t, "a reply to an announcement", err, fail.Conflict)

	_, err = work.ShowThread.Run(t.Context(), w.Env, w.As("Una"), work.PostQuery{OneThread: thread})
	worldtest.Check(t, "Una of another portal", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Ana", work.ShowThread, work.PostQuery{OneThread: work.OneThread{OneCourse: work.OneCourse{Course: w.Courses["Go"].ID}, Thread: thread.Thread}})
	worldtest.Check(t, "a thread of another course", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Ivy", work.DropPost, work.OnePost{OneThread: note, Post: reply.Post})
	worldtest.Check(t, "a post of another thread", err, fail.NotFound)
	for what, text := range map[string]string{"nothing": " ", "too much": strings.Repeat("x", 20_001), "no text": "a\x00b"} {
		_, err = worldtest.Try(t, w, "Lin", work.BeginThread, work.NewThread{OneCourse: x.course, Title: "T", PostText: said(text)})
		worldtest.Check(t, what, err, fail.Invalid)
	}

	of := learning.OneCourse{Course: x.course.Course}
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, of)
	if got := show("Lin"); got.MayReply || got.MayTend {
		t.Errorf("in the archive: %+v", got)
	}
	_, err = worldtest.Try(t, w, "Lin", work.BeginThread, begin)
	worldtest.Check(t, "begun in the archive", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Ivy", work.DropThread, thread)
	worldtest.Check(t, "deleted in the archive", err, fail.Conflict)
	worldtest.Must(t, w, "Ivy", learning.RestoreCourse, of)
	worldtest.Must(t, w, "Max", work.DropPost, reply) // what one wrote oneself, where the thread is closed too
	worldtest.Must(t, w, "Ivy", work.DropThread, thread)
	if got := worldtest.Must(t, w, "Lin", work.ListThreads, work.ThreadQuery{OneCourse: x.course}); len(got.Items) != 1 || got.Total != 1 || got.Items[0].ID != note.Thread {
		t.Errorf("%+v", got)
	}
}

// CO-1: threads and posts are read a part at a time, each once.
func TestCO1LongDiscussions(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	var thread work.OneThread
	for range 52 {
		thread = work.OneThread{OneCourse: x.course, Thread: worldtest.Must(t, w, "Lin", work.BeginThread, work.NewThread{OneCourse: x.course, Title: "T", PostText: said("x")}).ID}
	}
	for range 100 {
		worldtest.Must(t, w, "Max", work.Reply, work.NewPost{OneThread: thread, PostText: said("y")})
	}
	seen := map[db.ID]bool{}
	first := worldtest.Must(t, w, "Lin", work.ListThreads, work.ThreadQuery{OneCourse: x.course})
	second := worldtest.Must(t, w, "Lin", work.ListThreads, work.ThreadQuery{OneCourse: x.course, After: *first.Next})
	for _, i := range append(first.Items, second.Items...) {
		seen[i.ID] = true
	}
	if len(seen) != 52 || second.Next != nil || len(first.Items) != 50 {
		t.Errorf("%d threads of %d and %d", len(seen), len(first.Items), len(second.Items))
	}
	posts := worldtest.Must(t, w, "Lin", work.ShowThread, work.PostQuery{OneThread: thread})
	rest := worldtest.Must(t, w, "Lin", work.ShowThread, work.PostQuery{OneThread: thread, After: *posts.Next})
	if len(posts.Items) != 100 || len(rest.Items) != 1 || rest.Next != nil || rest.Items[0].Opening {
		t.Errorf("%d and %d posts", len(posts.Items), len(rest.Items))
	}
}
