package path

import (
	"math"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/path"
)

var certificateOps = []op.Any{ShowCertificates, SetCertificates, GiveCertificate, RevokeCertificate, ListOwnCertificates, ShowCertificate, VerifyCertificate}

// Giving says who is given a certificate of a course.
type Giving = path.Giving

// The ways of giving certificates, and all of them in order.
const (
	GiveNone   = path.GiveNone
	GiveAll    = path.GiveAll
	GiveByHand = path.GiveByHand
)

// Givings are all ways of giving certificates, in order.
var Givings = path.Givings

// Certificate says that somebody completed a course.
type Certificate struct {
	ID        db.ID      `json:"id"`
	Name      string     `json:"name"`
	Course    string     `json:"course"`
	Completed time.Time  `json:"completed_at"`
	Given     time.Time  `json:"given_at"`
	Until     *time.Time `json:"until,omitempty" doc:"Until when it counts; left out for ever."`
	Revoked   *time.Time `json:"revoked_at,omitempty"`
	Reason    string     `json:"reason,omitempty" doc:"Why it was withdrawn."`
	Counts    bool       `json:"counts" doc:"It counts now."`
	Code      string     `json:"code,omitempty" doc:"Whoever has it can verify the certificate."`
	URL       string     `json:"url,omitempty" doc:"Where it is verified."`
}

// certificates shows certificates to whoever holds them, with where they are verified.
func certificates(c *op.Call, list ...path.Certificate) ([]Certificate, error) {
	out := make([]Certificate, len(list))
	if len(list) == 0 {
		return out, nil
	}
	portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
	for i, t := range list {
		out[i] = certificate(c, t)
		out[i].Code, out[i].URL = t.Code, c.Env.PortalURL(portal)+"/verify/"+t.Code
	}
	return out, err
}

// certificate shows a certificate without its code, which is its holder's to show.
func certificate(c *op.Call, t path.Certificate) Certificate {
	return Certificate{ID: t.ID, Name: t.Name, Course: t.CourseName, Completed: t.Completed, Given: t.Given, Until: known(t.Until), Revoked: known(t.Revoked),
		Reason: t.Reason, Counts: t.Counts(c.Now)}
}

// known is a time that is left out where there is none.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// CertificateRule is how a course gives certificates.
type CertificateRule struct {
	Give path.Giving `json:"give" doc:"none; completion: to whoever completes the course; hand: to whom staff choose."`
	Days int         `json:"days,omitempty" doc:"For how many days they count; 0 for ever." minimum:"0" maximum:"36500"`
}

// CourseCertificates is how a course gives certificates, and to whom it did.
type CourseCertificates struct {
	Course Ref `json:"course"`
	CertificateRule
	MayChange bool `json:"may_change"`
	// MayGive: one may give and withdraw them.
	MayGive bool              `json:"may_give"`
	Items   []CertificateItem `json:"items" doc:"Learners who completed the course, of those whom you may see, by name."`
	Next    string            `json:"next,omitempty"`
	Prev    string            `json:"prev,omitempty"`
	Total   int               `json:"total" doc:"How many there are; counting stops at 1000."`
}

// CertificateItem is a learner who completed a course, with their last certificate of it.
type CertificateItem struct {
	Enrolment   db.ID        `json:"enrolment"`
	Learner     Ref          `json:"learner"`
	Completed   *time.Time   `json:"completed_at,omitempty"`
	Certificate *Certificate `json:"certificate,omitempty"`
}

// CertificateQuery asks for a part of the learners who completed a course.
type CertificateQuery struct {
	OneCourse
	Query  string `query:"q" doc:"The beginning of the learner's name."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// ShowCertificates is how a course gives certificates, and to whom.
var ShowCertificates = &op.Op[CertificateQuery, CourseCertificates]{
	Name:  "certificate.list_course",
	Route: "GET /courses/{course}/certificates",
	Doc:   "Shows how a course gives certificates, and who of those who completed it has one.",
	Needs: []*access.Permission{access.CourseView, access.CourseConfigure, access.CourseCertify, access.EnrolmentList},
	Do: func(c *op.Call, in CertificateQuery) (out CourseCertificates, err error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseView), in.Course)
		if err != nil {
			return out, err
		}
		rule, err := path.RuleOf(c, c.Tx, course)
		if err != nil {
			return out, err
		}
		thing := course.Thing()
		out = CourseCertificates{Course: Ref{course.ID, course.Name}, CertificateRule: CertificateRule{rule.Give, rule.Days},
			MayChange: c.May(access.CourseConfigure).Has(&thing) != nil, MayGive: c.May(access.CourseCertify).Has(&thing) != nil}
		list, err := store.ListEnrolments(c, c.Tx, c.May(access.EnrolmentList), store.EnrolmentFilter{Course: course.ID, Status: store.Completed, Query: in.Query},
			store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out.Next, out.Prev, out.Total = list.Next, list.Prev, list.Total
		out.Items, err = certified(c, list.Items)
		return out, err
	},
}

// certified are learners with their last certificates, all by one query.
func certified(c *op.Call, list []store.Enrolment) ([]CertificateItem, error) {
	ids := make([]db.ID, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	last, err := path.LastCertificates(c, c.Tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]CertificateItem, len(list))
	for i, e := range list {
		out[i] = CertificateItem{Enrolment: e.ID, Learner: Ref{e.Account, e.Learner}, Completed: known(e.Completed)}
		if t, ok := last[e.ID]; ok {
			shown := certificate(c, t)
			out[i].Certificate = &shown
		}
	}
	return out, nil
}

// NewCertificateRule is how a course shall give certificates.
type NewCertificateRule struct {
	OneCourse
	CertificateRule
}

// Check tells which fields have to be corrected.
func (in NewCertificateRule) Check() error {
	var wrong fail.Fields
	if !slices.Contains(path.Givings, in.Give) {
		wrong.Add("give", "Choose one of these.")
	}
	if in.Days < 0 || in.Days > 36500 {
		wrong.Add("days", "Write a number of days, up to 36500.")
	}
	return wrong.Err()
}

// GivenCertificates is how many a change of the rule gave.
type GivenCertificates struct {
	Give  path.Giving `json:"give"`
	Given int         `json:"given" doc:"How many certificates were given by it, to those who completed the course before."`
}

// SetCertificates changes how a course gives certificates. Where it gives them by itself, who completed it before gets one too.
var SetCertificates = &op.Op[NewCertificateRule, GivenCertificates]{
	Name:  "certificate.set",
	Route: "PUT /courses/{course}/certificates",
	Doc:   "Changes how a course gives certificates. Where it gives them by itself, whoever completed it before gets one at once. Those that were given stay as they are.",
	Needs: []*access.Permission{access.CourseConfigure, access.CourseCertify},
	Do: func(c *op.Call, in NewCertificateRule) (out GivenCertificates, err error) {
		out.Give = in.Give
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err == nil {
			course, err = store.FindCourse(c, c.Tx, c.May(access.CourseCertify), in.Course)
		}
		if err != nil {
			return out, err
		}
		c.Audit(course.Thing(), course.Name, in.CertificateRule)
		if err := path.SetRule(c, c.Tx, course, path.Rule{Give: in.Give, Days: in.Days}); err != nil {
			return out, err
		}
		out.Given, err = path.GiveCourse(c, c.Tx, course, math.MaxInt32, c.Now)
		return out, err
	},
}

// GiveCertificate gives a certificate to a learner who completed the course.
var GiveCertificate = &op.Op[OneLearner, Ref]{
	Name:  "certificate.give",
	Route: "POST /courses/{course}/enrolments/{enrolment}/certificates",
	Doc:   "Gives a certificate to a learner who completed the course and has none that counts.",
	Needs: []*access.Permission{access.CourseCertify, access.EnrolmentList},
	Do: func(c *op.Call, in OneLearner) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseCertify), in.Course)
		if err != nil {
			return Ref{}, err
		}
		e, err := store.FindEnrolment(c, c.Tx, c.May(access.EnrolmentList), in.Enrolment)
		if err == nil && e.Course != course.ID {
			err = fail.Missing("enrolment")
		}
		if err != nil {
			return Ref{}, err
		}
		rule, err := path.RuleOf(c, c.Tx, course)
		switch {
		case err != nil:
			return Ref{}, err
		case rule.Give == path.GiveNone:
			return Ref{}, fail.New(fail.Conflict, "This course gives no certificates.")
		case e.Account == c.Who.Account || e.Account == c.By():
			return Ref{}, fail.New(fail.NotAllowed, "Nobody gives a certificate to themselves.")
		}
		c.Audit(e.Thing(), e.Learner, map[string]any{"course": course.Name})
		return Ref{e.Account, e.Learner}, path.Give(c, c.Tx, e, c.By(), c.Now)
	},
}

// OneCertificate names a certificate.
type OneCertificate struct {
	Certificate db.ID `path:"certificate" doc:"The certificate."`
}

// Revocation is a certificate to withdraw, and why.
type Revocation struct {
	OneCertificate
	Reason string `json:"reason" doc:"Why. Its holder and those who teach the course see it."`
}

// Check tells which fields have to be corrected.
func (in Revocation) Check() error {
	var wrong fail.Fields
	if strings.TrimSpace(in.Reason) == "" {
		wrong.Add("reason", "Say why.")
	}
	form.Line(&wrong, "reason", in.Reason, 500)
	return wrong.Err()
}

// RevokeCertificate withdraws a certificate, for good.
var RevokeCertificate = &op.Op[Revocation, Ref]{
	Name:  "certificate.revoke",
	Route: "POST /certificates/{certificate}/revoke",
	Doc:   "Withdraws a certificate, for good. Its code proves nothing any more.",
	Needs: []*access.Permission{access.CourseCertify, access.EnrolmentList},
	Do: func(c *op.Call, in Revocation) (Ref, error) {
		t, err := path.FindCertificate(c, c.Tx, in.Certificate, c.May(access.EnrolmentList))
		if err != nil {
			return Ref{}, err
		}
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseCertify), t.Course)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"certificate": t.ID, "of": t.Name, "reason": in.Reason})
		return Ref{course.ID, t.Name}, path.Revoke(c, c.Tx, t, form.Tidy(in.Reason), c.By(), c.Now)
	},
}

// OwnCertificates are one's own.
type OwnCertificates struct {
	Items []Certificate `json:"items"`
}

// ListOwnCertificates are one's own, the newest first.
var ListOwnCertificates = &op.Op[struct{}, OwnCertificates]{
	Name:  "certificate.list_own",
	Route: "GET /me/certificates",
	Doc:   "Lists your certificates, the newest first.",
	Needs: []*access.Permission{access.EnrolmentOwn},
	Do: func(c *op.Call, _ struct{}) (out OwnCertificates, err error) {
		list, err := path.OwnCertificates(c, c.Tx, c.May(access.EnrolmentOwn))
		if err == nil {
			out.Items, err = certificates(c, list...)
		}
		return out, err
	},
}

// ShowCertificate is a certificate of one's own, with its code.
var ShowCertificate = &op.Op[OneCertificate, Certificate]{
	Name:  "certificate.show",
	Route: "GET /certificates/{certificate}",
	Doc:   "Shows a certificate of yours, with its code.",
	Needs: []*access.Permission{access.EnrolmentOwn},
	Do: func(c *op.Call, in OneCertificate) (Certificate, error) {
		t, err := path.FindCertificate(c, c.Tx, in.Certificate, c.May(access.EnrolmentOwn))
		if err != nil {
			return Certificate{}, err
		}
		list, err := certificates(c, t)
		return list[0], err
	},
}

// CertificateCode is what somebody was shown.
type CertificateCode struct {
	Code string `path:"code" doc:"The code on the certificate."`
}

// Verified is what a code proves, and nothing else.
type Verified struct {
	Name      string     `json:"name"`
	Course    string     `json:"course"`
	Completed time.Time  `json:"completed_at"`
	Until     *time.Time `json:"until,omitempty"`
}

// codeText takes away what people type into a code.
var codeText = strings.NewReplacer(" ", "", "-", "")

// VerifyCertificate tells whoever has a certificate's code whose it is, for which course, and from when. Of a certificate that does not
// count it tells nothing, not even that it was given.
var VerifyCertificate = &op.Op[CertificateCode, Verified]{
	Name:     "certificate.verify",
	Route:    "GET /verify/{code}",
	Doc:      "Verifies a certificate.",
	Open:     "whoever was shown a certificate verifies it; its code cannot be guessed",
	PageOnly: true,
	Do: func(c *op.Call, in CertificateCode) (Verified, error) {
		t, err := path.Verify(c, c.Tx, c.Who.Portal, strings.ToUpper(codeText.Replace(in.Code)))
		if err == nil && !t.Counts(c.Now) {
			err = fail.Missing("certificate")
		}
		if err != nil {
			return Verified{}, err
		}
		return Verified{t.Name, t.CourseName, t.Completed, known(t.Until)}, nil
	},
}
