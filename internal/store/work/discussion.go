package work

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// MaxThreads bounds the threads of one course, MaxPosts the posts of one thread.
const (
	MaxThreads = 10_000
	MaxPosts   = 10_000
)

// Thread is something that is discussed in a course, or announced to it.
type Thread struct {
	ID, Portal, Course, Author db.ID
	AuthorName, Title          string
	Announcement, Closed       bool
	// Posts is how many there are, the opening among them, Last when the last one came.
	Posts int64
	Last  time.Time
}

// Post is one text of a thread.
type Post struct {
	ID, Author db.ID
	AuthorName string
	// Body is Markdown.
	Body string
	// Changed is zero where its author has not changed it.
	Made, Changed time.Time
	Hidden        bool
}

const threadColumns = `t.id, t.portal_id, t.course_id, t.author_id, a.name, t.title, t.announcement, t.closed, t.posts, t.last_at FROM course_threads t JOIN accounts a ON a.id = t.author_id`

func scanThread(s db.Scanner) (t Thread, err error) {
	var last int64
	err = s.Scan(&t.ID, &t.Portal, &t.Course, &t.Author, &t.AuthorName, &t.Title, &t.Announcement, &t.Closed, &t.Posts, &last)
	t.Last = db.Time(last)
	return t, err
}

// FindThread is one thread of a course. The course was found before, within a permission.
func FindThread(ctx context.Context, tx *db.Tx, course store.Course, id db.ID) (Thread, error) {
	t, err := db.One(ctx, tx, db.SQL(`SELECT `+threadColumns+` WHERE t.id = ? AND t.course_id = ?`, id, course.ID), scanThread)
	if fail.Is(err, fail.NotFound) {
		return t, fail.Missing("thread")
	}
	return t, err
}

// ListThreads are a course's threads, the one with the latest post first, from behind one of an ID on; 0 for the first.
func ListThreads(ctx context.Context, tx *db.Tx, course store.Course, after db.ID, most int) ([]Thread, error) {
	behind := db.SQL("1=1")
	if after != 0 {
		behind = db.SQL(`(t.last_at, t.id) < (SELECT x.last_at, x.id FROM course_threads x WHERE x.id = ? AND x.course_id = ?)`, after, course.ID)
	}
	return db.All(ctx, tx, db.SQL(`SELECT `+threadColumns+` WHERE t.course_id = ? AND ? ORDER BY t.last_at DESC, t.id DESC LIMIT ?`, course.ID, behind, most), scanThread)
}

// CountThreads is how many a course has.
func CountThreads(ctx context.Context, tx *db.Tx, course store.Course) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM course_threads WHERE course_id = ?`, course.ID))
}

// BeginThread begins a thread with its opening.
func BeginThread(ctx context.Context, tx *db.Tx, course store.Course, author db.ID, title, body string, announcement bool, now time.Time) (Thread, error) {
	t := Thread{ID: db.NewID(), Portal: course.Portal, Course: course.ID, Author: author, Title: title, Announcement: announcement, Last: now}
	n, err := CountThreads(ctx, tx, course)
	if err != nil {
		return t, err
	}
	if n >= MaxThreads {
		return t, fail.New(fail.Conflict, "There are {n} threads at most.", "n", MaxThreads)
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO course_threads (id, portal_id, course_id, author_id, title, announcement, closed, posts, last_at) VALUES (?, ?, ?, ?, ?, ?, FALSE, 0, ?)`,
		t.ID, t.Portal, t.Course, t.Author, t.Title, t.Announcement, db.Micros(now)))
	if err != nil {
		return t, err
	}
	_, err = AddPost(ctx, tx, t, author, body, now)
	return t, err
}

// AddPost puts a post at the end of a thread that is not closed.
func AddPost(ctx context.Context, tx *db.Tx, t Thread, author db.ID, body string, now time.Time) (Post, error) {
	p := Post{ID: db.NewID(), Author: author, Body: body, Made: now}
	switch {
	case t.Closed:
		return p, fail.New(fail.Conflict, "This thread is closed. Nobody replies any more.")
	case t.Posts >= MaxPosts:
		return p, fail.New(fail.Conflict, "A thread has {n} posts at most. Begin another one.", "n", MaxPosts)
	}
	if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO course_posts (id, portal_id, thread_id, author_id, body, made_at, changed_at, hidden) VALUES (?, ?, ?, ?, ?, ?, 0, FALSE)`,
		p.ID, t.Portal, t.ID, author, body, db.Micros(now))); err != nil {
		return p, err
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE course_threads SET posts = posts + 1, last_at = ? WHERE id = ?`, db.Micros(now), t.ID))
	return p, err
}

const postColumns = `p.id, p.author_id, a.name, p.body, p.made_at, p.changed_at, p.hidden FROM course_posts p JOIN accounts a ON a.id = p.author_id`

func scanPost(s db.Scanner) (p Post, err error) {
	var made, changed int64
	err = s.Scan(&p.ID, &p.Author, &p.AuthorName, &p.Body, &made, &changed, &p.Hidden)
	p.Made, p.Changed = db.Time(made), db.TimeOrZero(changed)
	return p, err
}

// ListPosts are a thread's posts, its opening first, from behind one of an ID on; 0 for the first.
func ListPosts(ctx context.Context, tx *db.Tx, t Thread, after db.ID, most int) ([]Post, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+postColumns+` WHERE p.thread_id = ? AND p.id > ? ORDER BY p.id LIMIT ?`, t.ID, after, most), scanPost)
}

// FindPost is one post of a thread, and whether it is its opening.
func FindPost(ctx context.Context, tx *db.Tx, t Thread, id db.ID) (p Post, opening bool, err error) {
	p, err = db.One(ctx, tx, db.SQL(`SELECT `+postColumns+` WHERE p.thread_id = ? AND p.id = ?`, t.ID, id), scanPost)
	if fail.Is(err, fail.NotFound) {
		return p, false, fail.Missing("post")
	}
	if err != nil {
		return p, false, err
	}
	first, err := db.Val[int64](ctx, tx, db.SQL(`SELECT min(id) FROM course_posts WHERE thread_id = ?`, t.ID))
	return p, db.ID(first) == id, err
}

// SavePost writes another text into a post.
func SavePost(ctx context.Context, tx *db.Tx, p Post, body string, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE course_posts SET body = ?, changed_at = ? WHERE id = ?`, body, db.Micros(now), p.ID))
	return err
}

// HidePost hides a post from those who do not look after the discussion, or shows it again.
func HidePost(ctx context.Context, tx *db.Tx, p Post, hidden bool) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE course_posts SET hidden = ? WHERE id = ?`, hidden, p.ID))
	return err
}

// DropPost takes a post away for good.
func DropPost(ctx context.Context, tx *db.Tx, t Thread, p Post) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM course_posts WHERE id = ?`, p.ID)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE course_threads SET posts = posts - 1 WHERE id = ?`, t.ID))
	return err
}

// CloseThread lets nobody reply any more, or lets them again.
func CloseThread(ctx context.Context, tx *db.Tx, t Thread, closed bool) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE course_threads SET closed = ? WHERE id = ?`, closed, t.ID))
	return err
}

// DropThread takes a thread away for good, with its posts.
func DropThread(ctx context.Context, tx *db.Tx, t Thread) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM course_posts WHERE thread_id = ?`, t.ID)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM course_threads WHERE id = ?`, t.ID))
	return err
}
