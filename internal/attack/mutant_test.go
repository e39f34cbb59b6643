package attack_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutant is a safeguard that is taken away: a text of a file, and what stands there instead. The named tests of a package
// must fail without it.
var mutants = []struct{ name, file, old, new, pkg, tests string }{
	{"BE-7: about whom one may ask", "action/asking/question.go", "may = a.actor.May(access.PermissionExplain).Has(&p.Thing) != nil && a.actor.Protects(access.PermissionExplain, p.Actor) == nil", "may = true", "api", "TestBE7Evaluation"},
	{"BE-7: what one sees", "action/asking/question.go", "return p.Thing, ok && store.Sees(a.actor, &p.Thing)", "return p.Thing, ok", "attack", "TestAuthZEN"},
	{"BE-7: who is protected", "action/asking/question.go", "!ok || who.Actor.Protects(p, target.Actor) != nil", "!ok && target.Actor == nil", "api", "TestBE7Evaluation"},
	{"BE-7: what turns by itself", "store/fold.go", "return f.from <= now && now < f.turn", "return true", "api", "TestBE7Current"},
	{"BE-7: what changes", "store/fold.go", "if f == nil || f.Moment != moment {", "if f == nil {", "api", "TestBE7Current"},
	{"BE-4: who may end, by a review", "action/asking/review.go", "if _, err := keep(c, x.Given); err != nil {", "if err != nil {", "action/asking", "TestBE4Review"},
	{"BE-4: who may let go on", "action/asking/ending.go", "t, err := keep(c, x)\n\t\tif err != nil {\n\t\t\treturn Given{}, err\n\t\t}\n\t\tuntil", "t, err := access.Thing{}, error(nil)\n\t\tuntil", "action/asking", "TestBE4GoesOn"},
	{"PT-1 is not asked", "store/account.go", "return a, protect(ctx, tx, within, a)", "return a, nil", "action", "TestPT1Deeds"},
	{"PT-1 by import", "action/intake/import_account.go", "case lack != nil:", "case lack != nil && false:", "action/intake", "TestImportWithin"},
	{"PT-2: grants", "op/pass.go", "err = c.checkBegun(n)", "_ = n", "action", "TestPT2PolicyAttacks|TestPT2AddAccountTypes"},
	{"PT-2: roles", "op/pass.go", "err = c.checkRole(n)", "_ = n", "action", "TestPT2EditRoleInUse|TestLM3PT2Roles"},
	{"PT-2: cells", "op/pass.go", "err = c.checkCell(n, after)", "_ = n", "attack", "TestTokenChangesNoCell"},
	{"PT-2: moves", "op/pass.go", "err = c.checkMoved(n)", "_ = n", "attack", "TestMovingSomebody"},
	{"PT-2: reach by a team", "op/pass.go", "return c.checkReach(n)", "return nil", "attack", "TestBringingSomebodyIntoReach"},
	{"PT-2: to oneself", "op/pass.go", "if n.Account == c.Who.Account {\n\t\tlacks", "if false {\n\t\tlacks", "attack", "TestJoiningATeam"},
	{"the search: grants", "op/pass.go", "err = c.checkBegun(n)", "_ = n", "action", "TestPT2NoSequence"},
	{"the search: roles", "op/pass.go", "err = c.checkRole(n)", "_ = n", "action", "TestPT2NoSequence"},
	{"the search: cells", "op/pass.go", "err = c.checkCell(n, after)", "_ = n", "action", "TestPT2NoSequence"},
	{"the search: reach", "op/pass.go", "return c.checkReach(n)", "return nil", "action", "TestPT2NoSequence"},
	{"the search: tokens", "access/protect.go", "a.Behind == 0 && a.limit == nil)", "a.Behind == 0)", "action", "TestPT2NoSequence"},
	{"teams without within", "store/team.go", `cond := db.And(within.Where("t"), db.SQL("t.deleted_at = 0"))`, `cond := db.And(db.SQL("1=1"), db.SQL("t.deleted_at = 0"))`, "attack", "TestForeignIDs|TestLooking"},
	{"a team without within", "store/team.go", `teamColumns(within), id, within.Where("t")), scanTeam)`, `teamColumns(within), id, db.SQL("1=1")), scanTeam)`, "attack", "TestForeignIDs"},
	{"a person without within", "store/account.go", "WHERE a.id = ? AND ?`, id, within.Where(\"a\")), scanAccount)", "WHERE a.id = ? AND ?`, id, db.SQL(\"1=1\")), scanAccount)", "attack", "TestForeignIDs"},
	{"people without within", "store/account_list.go", `cond: db.And(within.Where("a"), f.where(within))`, `cond: db.And(db.SQL("1=1"), f.where(within))`, "action", "TestLM6ListAccounts|TestLM6Search"},
	{"enrolments without within", "store/enrolment.go", `cond := db.And(within.Where("e"), filter.where(within.Actor().Now()))`, `cond := filter.where(within.Actor().Now())`, "attack", "TestLooking"},
	{"totals without within", "store/figure_read.go", `conds = append(conds, within.WhereOf(access.Figure, "f"))`, `_ = within`, "action/report", "TestDashboard"},
	{"the portal's condition", "access/where.go", "inside := db.And(fragment(lies[k][Portal], alias, []db.ID{w.actor.Portal}, w.actor.now), db.Or(parts...))", "inside := db.Or(parts...)", "store", "TestAgreement"},
	{"one's own only", "access/where.go", "if !w.perm.Own {\n\t\treturn inside", "if true {\n\t\treturn inside", "store", "TestAgreement|TestMatrix"},
	{"CO-1: archived, by the function", "access/course.go", "case s.Archived && !p.InArchive:\n\t\treturn nil\n\tcase s.Template", "case s.Template", "store", "TestAgreementAtRandom"},
	{"CO-1: archived, by the query", "access/course.go", "if !w.perm.InArchive && rules.any(", "if false && rules.any(", "action/learning", "TestCO1Archived"},
	{"CO-1: a lesson of an archived course", "action/learning/lesson.go", "case !l.course.Archived.IsZero():", "case false:", "action/learning", "TestCO1Archived"},
	{"RT-1: the course's name", "action/learning/life.go", "if form.Tidy(in.Name) != form.Tidy(course.Name) {", "if form.Tidy(in.Name) != form.Tidy(course.Name) && false {", "action/learning", "TestRT1Deleted"},
	{"CA-1: what is asked of templates", "access/course.go", "return p.Template\n", "return p\n", "action/learning", "TestCA1Templates"},
	{"CA-1: templates of above alone", "store/learning/copy.go", "SELECT u.ancestor_id FROM", "SELECT u.org_id FROM", "action/learning", "TestCA1Templates"},
	{"LE-2: closed, by the function", "access/course.go", "if g.Role != CourseLearn ||", "if g.Role == CourseLearn ||", "store", "TestAgreementAtRandom"},
	{"CO-1: nobody grades their own", "action/work/grading.go", "return account == c.Who.Account || account == c.By() }", "return account == 0 }", "action/work", "TestRT1WhoGrades"},
	{"CO-1: whose work is graded", "action/work/grading.go", "store.FindEnrolment(c, c.Tx, c.May(access.CourseAllGrades), in.Enrolment)", "store.FindEnrolment(c, c.Tx, c.May(access.CourseGrade), in.Enrolment)", "action/work", "TestRT1WhoGrades"},
	{"CO-1: a learner of this course", "action/work/grading.go", "if x.of.Course != x.course.ID {", "if false {", "action/work", "TestRT1WhoGrades"},
	{"CO-1: grades that are held back", "action/work/submission.go", "if out.Held && !grader {", "if false {", "action/work", "TestCO1GradesAreHeldBack"},
	{"CO-1: files of what is held back", "action/work/submission.go", "if g.ID != 0 && feedback {", "if g.ID != 0 {", "action/work", "TestCO1FilesOfWork"},
	{"CO-1: files of a draft", "action/work/submission.go", "if drafts || !w.Submitted.IsZero() {", "if true {", "action/work", "TestCO1FilesOfWork"},
	{"CO-1: nothing after the last day", "action/work/submission.go", "case over(&l.is, c.Now):", "case false:", "action/work", "TestCO1TA1HandingIn"},
	{"CO-1: what stands is not overwritten", "action/work/grading.go", "if !in.Was.IsZero() && !in.Was.Equal(x.changed()) {", "if false {", "action/work", "TestRT1WhoGrades"},
	{"CO-1: answers after the time", "action/work/attempt.go", "if !x.Over(c.Now) {\n\t\tx.Add(more)", "if true {\n\t\tx.Add(more)", "action/work", "TestCO1TimeOfAQuiz"},
	{"CO-1: questions that were asked", "action/work/attempt.go", "if !x.Asks(given.Question) {", "if false {", "action/work", "TestCO1|TestPT4WhoSees"},
	{"CO-1: an attempt once", "action/work/attempt.go", "case !x.Submitted.IsZero():", "case false:", "action/work", "TestCO1"},
	{"CO-1: as many attempts as there are", "action/work/attempt.go", "case t.is.Attempts > 0 && int64(len(t.attempts)) >= t.is.Attempts:", "case false:", "action/work", "TestCO1"},
	{"CO-1: who announces", "action/work/discussion.go", "if in.Announcement && !d.tends {", "if false {", "action/work", "TestCO1Discussions"},
	{"CO-1: hidden posts", "action/work/discussion.go", "if p.Hidden && !d.tends {", "if false {", "action/work", "TestCO1Discussions"},
	{"CO-1: whose post", "action/work/discussion.go", "case p.Author != c.Who.Account:", "case false:", "action/work", "TestCO1Discussions"},
	{"CO-1: a package after signing out", "action/work/package_play.go", "if !open {", "if !open && false {", "web/work", "TestCO1PackageIsPlayed"},
	{"CO-1: nobody plays as another", "action/work/package_play.go", "if c.Who.Behind != 0 {", "if false {", "web/work", "TestCO1PackageIsPlayed"},
	{"Q-9: archives that lead outside", "pack/pack.go", "|| !fs.ValidPath(clean) ||", "||", "pack", "TestHostileArchives"},
	{"Q-9: links in archives", "pack/pack.go", "case mode&^(fs.ModePerm|fs.ModeDir) != 0 || mode.IsDir() != folder:", "case mode == 1<<31-1 && folder:", "pack", "TestHostileArchives"},
	{"Q-9: archives that swell", "pack/pack.go", "|| f.UncompressedSize64 > fewBytes && f.UncompressedSize64/maxRatio > f.CompressedSize64:", ":", "pack", "TestHostileArchives"},
	{"LE-1: the access code", "action/learning/catalog.go", "[]byte(codeKey(e.Listing.Code))) != 1:", "[]byte(codeKey(e.Listing.Code))) > 1:", "action/learning", "TestCO1LE1Catalog"},
	{"LE-1: codes that are tried", "action/learning/catalog.go", "if tried >= mostCodes {", "if tried > 1000 {", "action/learning", "TestLE1AccessCodes"},
	{"LE-1: seats", "action/learning/catalog.go", "case e.Full() && !e.Waits:", "case false:", "action/learning", "TestCO1LE1Catalog"},
	{"LE-1: files of a lesson that is closed", "action/learning/file.go", "if l.item(&whole, c.Now).Closed {", "if false {", "action/learning", "TestCO1LM8Files"},
	{"RT-1: who is no helper stays", "action/learning/staff.go", "case !access.CourseHelpers.Has(s.Role):", "case false:", "action/learning", "TestRT1CourseStaff"},
	{"RT-1: only helpers are named", "action/learning/staff.go", "if !access.CourseHelpers.Has(in.Role) {", "if false {", "action/learning", "TestRT1CourseStaff"},
	{"RT-2: courses that one may enrol in", "action/path/path.go", "course, err := store.FindCourse(c, c.Tx, c.May(access.CourseEnrollOthers), in.Course)", "course, err := store.FindCourse(c, c.Tx, c.May(access.PathConfigure), in.Course)", "action/path", "TestRT2Path"},
	{"CO-1: nobody certifies themselves", "action/path/certificate.go", "case e.Account == c.Who.Account || e.Account == c.By():", "case false:", "action/path", "TestCO1Certificates|TestCO5CompletionRules"},
	{"CO-5: full administrators are a secret", "action/path/compliance.go", "if access.FullTypes.Has(in.Role) && !full(c) {", "if false {", "action/path", "TestCO5MG1"},
	{"LE-1: what is locked, by a token", "action/learning/outline.go", "l.own == nil && c.Who.Limit != nil {", "l.own == nil && false {", "action/learning", "TestCO1LessonOpens"},
	{"CO-1: packages of the archived", "action/work/package_play.go", "if !x.course.Archived.IsZero() { // it is read", "if false { // it is read", "web/work", "TestCO1PackageIsPlayed"},
	{"PT-2: paths that one shapes", "action/path/learner.go", "if err := mayTake(c, p); err != nil {", "if err := error(nil); err != nil {", "action/path", "TestRT2Path"},
	{"CO-1: attempts end with their quiz", "store/work/assessment.go", "submitted_at = 0 AND until > ?`, closes", "submitted_at = 1 AND until > ?`, closes", "action/work", "TestCO1TimeOfAQuiz"},
	{"LE-1: who waits still may", "store/learning/catalog.go", "if still, err := may(who); err != nil || !still {", "if _, err := may(who); err != nil {", "action/learning", "TestCO1LE1Catalog"},
	{"BE-12: sent a moment ago", "action/report/send.go", "again.After(c.Now) {", "false && again.After(c.Now) {", "action/report", "TestBE12SentAMomentAgo"},
	{"Q-9: directories without end", "pack/pack.go", "l.left < 0 {", "false {", "pack", "TestHostileArchives"},
	{"CO-4: erased answers of quizzes", "store/identity/account.go", "SET answers = '{}', given", "SET answers = answers, given", "attack", "TestErasedAnswers"},
	{"CO-4: erased answers of surveys", "store/identity/account.go", "DELETE FROM survey_answers WHERE enrolment_id IN", "DELETE FROM survey_answers WHERE id = 0 AND enrolment_id IN", "attack", "TestErasedAnswers"},
	{"the nearest override", "access/fold.go", "if list[i].Org == org {", "if true {", "store", "TestAgreementWithCedar"},
	{"PT-5: never", "access/roles.go", "return p.Never.Has(r.ID) || (r.Parent != \"\" && p.Never.Has(r.Parent))", "return false", "action/grid", "TestPT5Overrides"},
	{"sessions of the archived", "store/account_change.go", "_, err := EndSessions(ctx, tx, a, 0)", "err := error(nil)", "attack", "TestRestoredWithoutSessions"},
	{"a token's limit", "op/run.go", "c.Actor = c.Actor.Limit(*c.Who.Limit)", "_ = c.Who.Limit", "attack", "TestTokenStaysSmall"},
	{"the audit of refusals", "op/run.go", "if fail.Is(err, fail.NotAllowed) {", "if false {", "attack", "TestRefusalsAreWritten"},
	{"forms of other sites", "web/shell/guard.go", "zip(origin.Handler(next))", "zip(next)", "web", "TestCrossOriginPost"},
	{"framing", "web/shell/guard.go", `policy+"'none'")`, `policy+"*")`, "web/shell", "TestFraming"},
	{"formulas", "sheet/guard.go", `strings.ContainsRune("=+-@＝＋－＠", r)`, `strings.ContainsRune("=", r)`, "sheet", "TestGuard|TestCorpus"},
	{"an invitation is checked again", "action/invitation_accept.go", "err = mayPromise(c, inviter, i, org)", "_ = org", "attack", "TestInvitationOfTheFallen|TestInvitationToWhatOneSetsNoMore"},
	{"LM-1: courses that the inviter may enrol in no more", "action/invited/invited.go", "inviter.May(access.CourseEnrollOthers), x.ID)\n	if gone", "access.System(c.Who.Portal, \"x\", c.Now).May(access.CourseEnrollOthers), x.ID)\n	if gone", "action/invited", "TestLM1"},
	{"LM-1: paths that the inviter may enrol in no more", "action/invited/invited.go", "inviter.May(access.PathEnrollOthers), x.ID)\n	if gone", "access.System(c.Who.Portal, \"x\", c.Now).May(access.PathEnrollOthers), x.ID)\n	if gone", "action/invited", "TestLM1"},
	{"LM-1: what is sent again", "action/invitation.go", "err = invited.Check(c, c.Actor, carried[i.ID])", "_ = invited.Check", "action/invited", "TestLM1"},
	{"CO-1: nobody is told twice", "store/notice/told.go", "for _, x := range list {\n		if err := batch.Exec(", "for _, x := range list[:0] {\n		if err := batch.Exec(", "action/notice", "TestCO1PeopleAreTold"},
	{"a reset link twice", "store/reset.go", "n, err := tx.Exec(ctx, db.SQL(`DELETE FROM password_resets WHERE hash = ? AND portal_id = ?`", "n, err := tx.Exec(ctx, db.SQL(`UPDATE password_resets SET hash = hash WHERE hash = ? AND portal_id = ?`", "web", "TestResetPassword|TestResetInParallel"},
	{"a token and its owner", "access/protect.go", "a.Behind == 0 && a.limit == nil)", "a.Behind == 0)", "attack", "TestTokenTakesNotItsOwner"},
	{"a token's end", "action/token.go", "if end := list[at].Until; end.Before(until) {", "if end := list[at].Until; false {", "attack", "TestTokenOutlivesNone"},
	{"imports without their permission", "store/imports/imports.go", "if !within.Any() {\n\t\treturn db.SQL(\"1=0\")\n\t}\n\tactor", "actor", "attack", "TestImportsCloseWith"},
	{"mappings of others", "store/imports/imports.go", "case within.Everywhere():", "case true:", "attack", "TestMappingsOfOthers"},
	{"the audit of refused previews", "op/preview.go", "if fail.Is(err, fail.NotAllowed) {", "if false {", "attack", "TestRefusedPreviews"},
	{"a new token for a new password", "store/session.go", "UPDATE sessions SET hash = ? WHERE id = ? AND account_id = ?", "UPDATE sessions SET behind_id = behind_id WHERE ? <> '' AND id = ? AND account_id = ?", "attack", "TestPasswordChangeRotates"},
	{"names in previews", "op/preview.go", "shown, err := c.mayName(shown)", "err := error(nil)", "attack", "TestPreviewNames"},
	{"CO-4: both, by the function", "access/fold.go", "if a.behind != nil && (p.Closed || !p.Own && a.behind.deciding(p, t) == nil) {", "if a.behind != nil && p.Closed {", "store", "TestAgreementActed"},
	{"CO-4: both, by the query", "access/where.go", "inside = db.And(inside, b.WhereOf(k, alias))", "_ = b", "store", "TestAgreementActed"},
	{"CO-4: what is closed", "access/where.go", "|| (w.actor.behind != nil && w.perm.Closed)", "", "store", "TestActedIsBoth"},
	{"CO-4: what is protected", "access/protect.go", "if a.Behind != 0 || other.Visits && !p.Looks {", "if other.Visits && !p.Looks {", "store", "TestActedIsBoth"},
	{"CO-4: whether one still may", "store/acting.go", "if !other.Can(access.AccountLogInAs, &person) || other.Protects(access.AccountLogInAs, actor) != nil {", "if person.ID == 0 {", "action/identity", "TestLogInAsEnds"},
	{"CO-4: idle for 15 minutes", "store/session.go", "now.Before(s.Until) && now.Before(s.Seen.Add(ActingIdle))", "now.Before(s.Until)", "action/identity", "TestLogInAsEnds"},
	{"CO-4: beside one's own session", "action/visitor.go", "as.Session.Parent != v.Session.ID || ", "", "action/identity", "TestLogInAsOnlyFromABrowser"},
	{"CO-4: nothing is done as oneself instead", "action/visitor.go", "return v, true, err", "return v, false, err", "web/identity", "TestLogInAsPages"},
	{"CO-4: from a browser", "action/identity/login_as.go", "case c.Who.Session == 0 || c.Who.Limit != nil:", "case false:", "action/identity", "TestLogInAsOnlyFromABrowser"},
	{"CO-4: both names", "op/pass.go", `out["acted_by"] = c.Actor.ActedByName()`, "_ = out", "action/identity", "TestLogInAs_CO4"},
	{"SA-2: the password again", "action/identity/confirm.go", "if !right {", "if !right && false {", "action/identity", "TestTransfer_SA1"},
	{"SA-2: wrong passwords are counted", "action/identity/confirm.go", "failed >= mostFailures", "failed < 0", "action/identity", "TestConfirmIsCounted"},
	{"SA-2: the portal's name", "action/identity/confirm.go", "if form.Tidy(in.Name) != form.Tidy(portal.Name) {", "if form.Tidy(in.Name) != form.Tidy(portal.Name) && false {", "web/identity", "TestTransferPages"},
	{"SA-2: to a full administrator", "action/identity/super.go", "case !full || !to.Archived.IsZero():", "case !full && !to.Archived.IsZero():", "action/identity", "TestTransfer_SA1"},
	{"SA-2: who may", "action/identity/confirm.go", "if portal, err = store.FindPortal(c, tx, c.May(p)); err != nil {\n\t\t\treturn err\n\t\t}", "if portal, err = store.PortalOf(c, tx, c.Who.Portal); err != nil {\n\t\t\treturn err\n\t\t}", "action/identity", "TestConfirmIsCounted|TestWhoMayConfirm"},
	{"SA-1: exactly one", "store/identity/super.go", "store.GrantFilter{Portal: p.ID, Account: from.ID, Roles: access.OnlyTransferred, Place: at}, from.ID, now)", "store.GrantFilter{Portal: p.ID, Account: to.ID, Roles: access.OnlyTransferred, Place: at}, from.ID, now)", "action/identity", "TestTransferRace|TestTransfer_SA1"},
	{"SA-3: never ended", "store/grant.go", `add(!f.Roles.Has(access.Super), "role <> 'super'")`, "", "action/identity", "TestSuperIsProtected"},
	{"SA-3: never deleted", "store/identity/account.go", "NOT EXISTS (SELECT 1 FROM grants g WHERE g.account_id = accounts.id AND g.role = 'super' AND g.until = 9223372036854775807)", "1=1", "action/identity", "TestSuperIsProtected"},
	{"SA-2: a deleted portal answers nothing", "op/run.go", "if err == nil && c.Actor.Rules().Deleted && !c.deleted {", "if false {", "action/identity", "TestDeletePortal"},
	{"SA-2: nor to nobody", "op/run.go", "if err == nil && deleted {", "if err == nil && deleted && false {", "action/identity", "TestDeletePortal"},
	{"SA-2: no page of a deleted portal", "web/shell/request.go", "if !q.Portal.Deleted.IsZero() {", "if false {", "web/identity", "TestDeletePages"},
	{"SA-2: nobody else signs in there", "action/session.go", "login.Archived = login.Archived || login.Account != super", "_ = super", "action/identity", "TestDeletePortal"},
	{"SA-2: final is final", "store/identity/super.go", "if p.Final || !now.Before(p.FinalAt()) {", "if !now.Before(p.FinalAt()) {", "action/identity", "TestPurge"},
	{"SA-2: 30 days", "store/identity/super.go", "if p.Final || !now.Before(p.FinalAt()) {", "if p.Final {", "action/identity", "TestPurge"},
	{"NA-1: whether one still may, at home", "store/visiting.go", "if open == 0 || !home.Can(access.NetworkEnter, &network) {", "if open == 0 || home == nil || network.ID == 0 {", "action/network", "TestVisitEnds_NA1"},
	{"NA-1: whether the visit is open", "store/visiting.go", "if open == 0 || !home.Can(access.NetworkEnter, &network) {", "if open < 0 || !home.Can(access.NetworkEnter, &network) {", "action/network", "TestVisitEnds_NA1"},
	{"NA-1: the session at home", "store/visiting.go", "AND o.account_id = ? AND o.kind = 'browser' AND o.until > ? AND o.seen_at > ?)`", "AND (o.account_id = ? AND o.until > ? AND o.seen_at > ? OR 1=1))`", "action/network", "TestVisitEnds_NA1"},
	{"NA-1: what is done at home only", "store/visiting.go", "actor = actor.Visiting()\n", "", "action/network", "TestVisitorStaysSmall_NA1|TestVisitorAndSuper_SA3"},
	{"NA-1: a visitor is nobody's account", "access/protect.go", "if a.Behind != 0 || other.Visits && !p.Looks {", "if a.Behind != 0 {", "action/network", "TestVisitorIsNobodysAccount_NA1"},
	{"NA-1: visits are not kept", "store/arrival.go", "if a.Actor != nil && kind != VisitSession {", "if a.Actor != nil {", "action/network", "TestVisitEnds_NA1"},
	{"NA-1: archived from the first", "store/network/visit.go", "if err := store.ArchiveAccount(ctx, tx, made, now); err != nil {\n\t\treturn v, err\n\t}", "", "action/network", "TestVisitorIsNobodysAccount_NA1"},
	{"NA-1: a link once", "store/network/visit.go", "if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE account_id = ?`, v.Account)); err != nil {\n\t\treturn err\n\t}", "", "action/network", "TestHandOver_NA1"},
	{"NA-1: a link for a minute", "action/network/visit.go", "err == nil && (!link.Open(c.Now) || v.Network.ID == 0)", "err == nil && v.Network.ID == 0", "action/network", "TestHandOver_NA1"},
	{"NA-1: entered as oneself", "action/network/visit.go", "if c.Who.Session == 0 || c.Who.Limit != nil || c.Who.Behind != 0 {", "if false {", "action/network", "TestEnterAsOneself_NA1"},
	{"NA-1: tries of a portal", "action/network/member.go", "if failed >= mostTries {", "if failed > 1000 {", "action/network", "TestGuessing_NA1"},
	{"NA-1: tries of all portals", "action/network/member.go", "if together >= mostForOne {", "if together > 1000 {", "action/network", "TestGuessing_NA1"},
	{"NA-1: the password", "action/network/member.go", "if err == nil && (!right || in.found.ID == 0) {", "if err == nil && !right && in.found.ID == 0 {", "action/network", "TestGuessing_NA1"},
	{"NA-1: whose ticket", "action/network/member.go", "|| t.Portal != portal.ID || t.Account != c.Who.Account {", "{", "action/network", "TestJoin_NA1"},
	{"NA-1: the ticket's password", "action/network/member.go", "case n.ID == 0 || db.Micros(n.Changed) != t.Password:", "case n.ID == 0:", "action/network", "TestJoin_NA1"},
	{"NA-1: full administrators only", "access/roles.go", "At: atNetwork, Beside: Roles{Super, Admin},", "At: atNetwork,", "action/network", "TestAdministrators_NA1|TestVisitEnds_NA1"},
	{"NA-1: a late form is done by nobody", "web/shell/request.go", "if err == nil && ended {\n\t\t\terr = errVisitEnded", "if err == nil && ended {\n\t\t\tv, _, err = action.ArriveBrowser(r.Context(), s.Env, HostOf(r), s.sessionToken(r), \"\")", "web/network", "TestVisitEndedPages_NA1"},
	{"PT-4: whose network", "store/network/network.go", "`WHERE n.id = ? AND n.ended_at = 0 AND ?`, id, w.Where(\"n\")), scan)", "`WHERE n.id = ? AND n.ended_at = 0 AND ?`, id, db.SQL(\"1=1\")), scan)", "action/network", "TestNetworkCrossesNothing_PT4|TestAdministrators_NA1"},
	{"CO-4: erased by name", "store/identity/account.go", "if err := store.SaveAccount(ctx, tx, a); err != nil {\n\t\treturn a, err\n\t}", "", "action/identity", "TestEraseAccount"},
	{"CO-4: restored for 30 days only", "store/account_change.go", "if !a.Erased.IsZero() || !a.Deleted.IsZero() && !now.Before(a.Deleted.Add(AccountKept)) {", "if false {", "action/identity", "TestDeleteAccount"},
	{"MO-1: learners' IDs in reports", "store/report/row.go", "if ids.Everywhere() {", "if true {", "attack", "TestReportsKeepLearnersIDs"},
	{"MO-1, SA-3: login details in the audit", "action/report/audit_veil.go", "if v.whole {", "if true {", "attack", "TestAuditKeepsLoginDetails"},
	{"XA-3: full and partial in the report of access", "action/report/report_people.go", "role.Full() && !c.May(access.AccountSetFull).Everywhere()", "role.Full() && false", "attack", "TestNobodyElseTellsFullFromPartial"},
	{"CO-4: nobody consents for another", "action/people/friend.go", "err == nil && c.Who.Behind != 0", "false", "attack", "TestNobodyConsents"},
	{"PT-1: who may have a link mailed", "action/password.go", "if thing := a.Thing(); c.May(access.AccountResetPassword).Has(&thing) == nil {", "if false {", "attack", "TestHelpingALearner"},
	{"Q-9: pictures of those who may set none", "action/tenant/brand.go", "if err == nil && may {", "if err == nil {", "attack", "TestLogoIsNotDrawn"},
	{"BE-4: nobody prolongs their own", "op/pass.go", "if own {", "if own && false {", "attack", "TestNobodyProlongs"},
	{"BE-4: who is moved keeps the end", "store/account_change.go", "until[g.Role] = db.Time(g.Until)", "_ = g", "attack", "TestWhatEnds"},
	{"XA-1: a partial administrator for a day", "store/type_off.go", "g.Until = db.Time(int64(p[1]))", "_ = p", "attack", "TestWhatEnds"},
	{"BE-4: nobody signs for what they hold", "action/asking/review.go", "if own(c, x.Given) {", "if false {", "action/asking", "TestBE4Review"},
	{"CO-4: a name that stops the mail", "action/own.go", `form.Name(&wrong, "name", in.Name)`, "_ = form.Name", "attack", "TestNameThatStopsTheMail"},
	{"NA-1: visitors stand in no list", "store/account_list.go", " AND a.id NOT IN (SELECT v.account_id FROM network_visitors v)", "", "action/network", "TestVisitorsStandInNoList"},
	{"CO-4: figures of who was merged", "store/figure.go", "if _, still := now[id]; !still && was.enrolments > 0 {", "if _, still := now[id]; !still && was.enrolments < 0 {", "action/identity", "TestMerge"},
}

// Each safeguard stands where it is taken away here; and, with PROVOST_MUTANTS=1, each removal is found by a test.
func TestSafeguardsRemoved(t *testing.T) {
	for _, m := range mutants {
		path, err := filepath.Abs(filepath.Join("..", filepath.FromSlash(m.file)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), m.old); n != 1 {
			t.Errorf("%s: its text stands %d times in %s", m.name, n, m.file)
			continue
		}
		for _, name := range strings.Split(m.tests, "|") {
			if !hasTest(t, filepath.Join("..", filepath.FromSlash(m.pkg)), name) {
				t.Errorf("%s: there is no %s in %s", m.name, name, m.pkg)
			}
		}
		if os.Getenv("PROVOST_MUTANTS") != "" { // a quarter of an hour
			t.Run(m.name, func(t *testing.T) { survive(t, path, strings.Replace(string(text), m.old, m.new, 1), m.pkg, m.tests) })
		}
	}
}

// hasTest tells whether a package has a test whose name begins so.
func hasTest(t *testing.T, dir, name string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		} else if strings.Contains(string(text), "\nfunc "+name) {
			return true
		}
	}
	return false
}

// survive runs the tests over a changed file, and fails where they pass, or where it does not compile.
func survive(t *testing.T, path, text, pkg, tests string) {
	changed := filepath.Join(t.TempDir(), "changed.go")
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string][]byte{changed: []byte(text), overlay: list} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.CommandContext(t.Context(), "go", "test", "-short", "-vet=off", "-count=1", "-overlay", overlay, "-run", tests, "provost/internal/"+pkg)
	run.Env = append(os.Environ(), "PROVOST_MUTANTS=")
	out, err := run.CombinedOutput()
	switch {
	case strings.Contains(string(out), "[build failed]"):
		t.Errorf("it does not compile:\n%s", out)
	case err == nil:
		t.Error("it survives")
	}
}
