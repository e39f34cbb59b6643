package notice

import (
	"time"

	"provost/internal/access"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/notice"
)

// GradedItem is a work of one's own that was graded.
type GradedItem struct {
	Assessment Ref       `json:"assessment"`
	Course     Ref       `json:"course"`
	At         time.Time `json:"at" doc:"Since when you see it."`
}

// GradedList are works of one's own that were graded of late.
type GradedList struct {
	Items []GradedItem `json:"items"`
}

// gradesNew is for how long a grade is new, mostNew how many are listed as such.
const (
	gradesNew = 7 * 24 * time.Hour
	mostNew   = 50
)

// ListGraded are one's own works that were graded of late, as far as one sees the grades (LE-1).
var ListGraded = &op.Op[struct{}, GradedList]{
	Name:  "grade.list_new",
	Route: "GET /me/graded",
	Doc:   "Lists which works of yours were graded in the last seven days, the last first, where you see the grade. What a quiz scored at once is not among them.",
	Needs: []*access.Permission{access.CourseOwnGrades},
	Do: func(c *op.Call, _ struct{}) (GradedList, error) {
		list, err := notice.GradedOf(c, c.Tx, c.May(access.CourseOwnGrades), c.Who.Account, c.Now.Add(-gradesNew), mostNew, c.Now)
		out := GradedList{make([]GradedItem, len(list))}
		for i, g := range list {
			out.Items[i] = GradedItem{Ref{g.Assessment, g.Title}, Ref{g.Course, g.CourseName}, g.At}
		}
		return out, err
	},
}

// Mail is whether somebody wants mail that tells them what is due for them and graded.
type Mail struct {
	On bool `json:"on" doc:"You are told by mail what is due for you, and that something of yours was graded."`
}

// ShowMail is whether one is told by mail what is due and graded.
var ShowMail = &op.Op[struct{}, Mail]{
	Name:  "account.show_mail",
	Route: "GET /account/mail",
	Doc:   "Shows whether you are told by mail what is due for you, and that something of yours was graded.",
	Needs: []*access.Permission{access.AccountEditOwn},
	Do: func(c *op.Call, _ struct{}) (Mail, error) {
		me, err := reader(c)
		return Mail{!me.Off}, err
	},
}

// reader is oneself, as whom a mail goes to.
func reader(c *op.Call) (notice.Reader, error) {
	me, err := store.FindAccount(c, c.Tx, c.May(access.AccountEditOwn), c.Who.Account)
	if err != nil {
		return notice.Reader{}, err
	}
	return notice.ReaderOf(c, c.Tx, me)
}

// SetMail switches mail on or off that tells one what is due and graded.
var SetMail = &op.Op[Mail, Mail]{
	Name:  "account.set_mail",
	Route: "PUT /account/mail",
	Doc:   "Switches on or off that you are told by mail what is due for you, and that something of yours was graded.",
	Needs: []*access.Permission{access.AccountEditOwn},
	Do: func(c *op.Call, in Mail) (Mail, error) {
		me, err := store.FindAccount(c, c.Tx, c.May(access.AccountEditOwn), c.Who.Account)
		if err != nil {
			return Mail{}, err
		}
		c.Audit(me.Thing(), me.Name, in)
		return in, notice.SetMail(c, c.Tx, me, in.On)
	},
}
