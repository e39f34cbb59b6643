package work

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"provost/internal/action/work"
	"provost/internal/fail"
	"provost/internal/pack"
)

// statements are the addresses at which content of cmi5 and xAPI tells what its learner did: so much of a learning record store as
// it needs, for one person in one package. Content sends the key in Authorization that it was given; what counts is the token
// in the address, which only that content knows.
func (c *content) statements(mux *http.ServeMux) {
	const at = " /p/{token}/xapi/"
	for _, method := range []string{http.MethodPost, http.MethodPut} {
		mux.HandleFunc(method+at+"{item}/statements", c.opened(c.say))
	}
	mux.HandleFunc("GET"+at+"{item}/statements", c.opened(c.said))
	mux.HandleFunc("GET"+at+"{item}/about", c.opened(func(w http.ResponseWriter, _ *http.Request, _ work.Launch) error {
		return writeJSON(w, map[string]any{"version": []string{"1.0.3"}})
	}))
	mux.HandleFunc("POST"+at+"{item}/fetch", c.opened(c.fetch))
	for _, kind := range []string{"activities/state", "activities/profile", "agents/profile"} {
		for method, do := range map[string]handler{http.MethodGet: c.document, http.MethodPut: c.keepDocument, http.MethodPost: c.keepDocument, http.MethodDelete: c.keepDocument} {
			mux.HandleFunc(method+at+"{item}/"+kind, c.opened(do))
		}
	}
}

type handler = func(http.ResponseWriter, *http.Request, work.Launch) error

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Experience-API-Version", "1.0.3")
	return json.NewEncoder(w).Encode(v)
}

// here is where content is served, as the browser that asks sees it.
func (c *content) here(r *http.Request, l work.Launch) string {
	scheme, _, _ := strings.Cut(l.Origin, "://")
	return scheme + "://" + r.Host
}

func itemOf(l work.Launch, r *http.Request) (in work.OneItem, err error) {
	id, err := base64.RawURLEncoding.DecodeString(r.PathValue("item"))
	if err != nil {
		return in, fail.Missing("item")
	}
	return work.OneItem{OneAssessment: l.In(), Item: string(id), Attempt: l.Attempt}, nil
}

// registration is one person's attempt at one package, as a UUID that tells nothing of either.
func registration(l work.Launch) string {
	sum := sha256.Sum256([]byte("package " + l.Portal.String() + l.Account.String() + l.Assessment.String() + strings.Repeat("+", int(max(l.Attempt, 1)-1))))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}

// key is what content sends as Authorization.
func key(l work.Launch) string {
	return base64.StdEncoding.EncodeToString([]byte("package:" + registration(l)))
}

// launchedWith is an item's address with what cmi5 and xAPI add to it.
func launchedWith(out work.PackageState, l work.Launch, at string) string {
	endpoint := at + "/xapi/" + base64.RawURLEncoding.EncodeToString([]byte(out.Item)) + "/"
	actor, _ := json.Marshal(map[string]any{"objectType": "Agent", "name": out.Learner.Name, "account": map[string]string{"homePage": l.Origin, "name": out.Learner.ID.String()}}) // never fails
	more := url.Values{"endpoint": {endpoint}, "actor": {string(actor)}, "registration": {registration(l)}}
	if out.Standard == pack.CMI5 {
		more.Set("fetch", endpoint+"fetch")
		more.Set("activityId", out.Item)
	} else {
		more.Set("auth", "Basic "+key(l))
		more.Set("activity_id", out.Item)
	}
	file, fragment, marked := strings.Cut(out.File, "#")
	if strings.Contains(file, "?") {
		file += "&" + more.Encode()
	} else {
		file += "?" + more.Encode()
	}
	if marked {
		file += "#" + fragment
	}
	return file
}

// fetch gives the key to a unit of cmi5, once for each time that it is opened.
func (c *content) fetch(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	in, err := itemOf(l, r)
	if err != nil {
		return err
	}
	out, err := work.ShowPackageState.Run(r.Context(), c.env, l.Who(), in)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(r.PathValue("token")))
	now := hex.EncodeToString(sum[:8])
	if out.Data[work.Documents+"fetched"] == now {
		return writeJSON(w, map[string]string{"error-code": "1", "error-text": "The key was fetched already."})
	}
	if _, err := work.SavePackageDocument.Run(r.Context(), c.env, l.Who(), work.KeptDocument{OneItem: in, Name: "fetched", Text: now}); err != nil {
		return err
	}
	return writeJSON(w, map[string]string{"auth-token": key(l)})
}

// say takes a statement, or a list of them.
func (c *content) say(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	in, err := itemOf(l, r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fail.New(fail.Invalid, "This form cannot be read.")
	}
	list := []map[string]json.RawMessage{{}}
	if err = json.Unmarshal(body, &list[0]); err != nil {
		err = json.Unmarshal(body, &list)
	}
	if err != nil {
		return fail.New(fail.Invalid, "This form cannot be read.")
	}
	said, ids := work.Said{OneItem: in}, []string{}
	for i, s := range list {
		var id string
		_ = json.Unmarshal(s["id"], &id) // one without gets one
		if given := r.URL.Query().Get("statementId"); given != "" && len(list) == 1 {
			id = given
		}
		if id == "" {
			sum := sha256.Sum256(append([]byte{byte(i)}, body...))
			text := hex.EncodeToString(sum[:16])
			id = strings.Join([]string{text[:8], text[8:12], "5" + text[13:16], "8" + text[17:20], text[20:]}, "-")
		}
		s["id"], _ = json.Marshal(id) // a text never fails
		whole, err := json.Marshal(s)
		if err != nil {
			return err
		}
		said.Statements, ids = append(said.Statements, string(whole)), append(ids, id)
	}
	if _, err := work.AddStatements.Run(r.Context(), c.env, l.Who(), said); err != nil {
		return err
	}
	if r.Method == http.MethodPut {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return writeJSON(w, ids)
}

// said answers with what was said of the learner.
func (c *content) said(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	in, err := itemOf(l, r)
	if err != nil {
		return err
	}
	id := r.URL.Query().Get("statementId")
	out, err := work.ListStatements.Run(r.Context(), c.env, l.Who(), work.OneStatement{OneItem: in, ID: id})
	if err != nil {
		return err
	}
	list := make([]json.RawMessage, len(out.Statements))
	for i, s := range out.Statements {
		list[i] = json.RawMessage(s)
	}
	switch {
	case id == "":
		return writeJSON(w, map[string]any{"statements": list, "more": ""})
	case len(list) == 0:
		return fail.Missing("statement")
	}
	return writeJSON(w, list[0])
}

// documentName is what a document is called among those of its item.
func documentName(r *http.Request) string {
	q := r.URL.Query()
	kind := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	return kind + "/" + q.Get("stateId") + q.Get("profileId")
}

// launchData is the document in which a unit of cmi5 finds how it was launched.
const launchData = "state/LMS.LaunchData"

// document answers with a document, or with the names of all.
func (c *content) document(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	in, err := itemOf(l, r)
	if err != nil {
		return err
	}
	out, err := work.ShowPackageState.Run(r.Context(), c.env, l.Who(), in)
	if err != nil {
		return err
	}
	name := documentName(r)
	if strings.HasSuffix(name, "/") {
		ids := []string{}
		for _, k := range slices.Sorted(maps.Keys(out.Data)) {
			if id, ok := strings.CutPrefix(k, work.Documents+name); ok {
				ids = append(ids, id)
			}
		}
		return writeJSON(w, ids)
	}
	if name == launchData && out.Standard == pack.CMI5 {
		return writeJSON(w, launchOf(out, l))
	}
	text, ok := out.Data[work.Documents+name]
	if !ok {
		return fail.Missing("document")
	}
	w.Header().Set("Content-Type", "application/json")
	if !json.Valid([]byte(text)) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
	w.Header().Set("X-Experience-API-Version", "1.0.3")
	_, _ = io.WriteString(w, text) // a reader who left is no error of ours
	return nil
}

func launchOf(out work.PackageState, l work.Launch) map[string]any {
	mode, moveOn := "Normal", out.MoveOn
	if !out.Takes {
		mode = "Browse"
	}
	if moveOn == "" {
		moveOn = "NotApplicable"
	}
	doc := map[string]any{"launchMode": mode, "moveOn": moveOn, "launchParameters": out.Launch, "contextTemplate": map[string]any{
		"contextActivities": map[string]any{"grouping": []map[string]string{{"objectType": "Activity", "id": out.Item}}},
		"extensions":        map[string]string{"https://w3id.org/xapi/cmi5/context/extensions/sessionid": registration(l)}}}
	if out.Mastery != nil {
		doc["masteryScore"] = *out.Mastery / 100
	}
	return doc
}

// keepDocument keeps a document, adds to one, or forgets it.
func (c *content) keepDocument(w http.ResponseWriter, r *http.Request, l work.Launch) error {
	in, err := itemOf(l, r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(r.Body)
	name := documentName(r)
	if err != nil || strings.HasSuffix(name, "/") || name == launchData {
		return fail.New(fail.Invalid, "This form cannot be read.")
	}
	switch r.Method {
	case http.MethodDelete:
		body = nil
	case http.MethodPost:
		out, err := work.ShowPackageState.Run(r.Context(), c.env, l.Who(), in)
		if err != nil {
			return err
		}
		body = merged([]byte(out.Data[work.Documents+name]), body)
	}
	if _, err := work.SavePackageDocument.Run(r.Context(), c.env, l.Who(), work.KeptDocument{OneItem: in, Name: name, Text: string(body)}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// merged is a document with what is added to it, where both are objects of JSON; else what is added.
func merged(was, more []byte) []byte {
	var a, b map[string]json.RawMessage
	if json.Unmarshal(was, &a) != nil || json.Unmarshal(more, &b) != nil || a == nil {
		return more
	}
	maps.Copy(a, b)
	out, err := json.Marshal(a)
	if err != nil {
		return more
	}
	return out
}
