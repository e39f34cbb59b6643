package attack_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var listedID = regexp.MustCompile(`"id":"([0-9a-z]{13})"`)

// pages tells whether a way's input asks for a part of a list.
func (w way) pages() bool {
	t := reflect.TypeOf(w.in)
	if t == nil || t.Kind() != reflect.Struct {
		return false
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.Tag.Get("query") == "after" {
			return true
		}
	}
	return false
}

// forged are markers that no list made.
func forged() []string {
	b64 := base64.RawURLEncoding.EncodeToString
	out := []string{"x", "AAAA", "-1", "%00", strings.Repeat("A", 3000), "a b", "é", "AA=="}
	for _, text := range []string{"null", "[]", "{}", "7", `{"Key":7}`, `{"Key":"","ID":""}`, `{"Key":"a","ID":-1}`, `{"Key":"a","ID":"zzzzzzzzzzzzz"}`, `{"Key":"\u0000","ID":"0000000000001"}`,
		`{"Key":"\ud800","ID":"0000000000001"}`, `{"Key":"a\nb\nc","ID":"0000000000001"}`, `{"Key":"' OR 1=1 --","ID":"0000000000001"}`, `{"Key":"\n","ID":"0000000000001"}`,
		`{"Key":"` + strings.Repeat("z", 2000) + `","ID":"0000000000001"}`} {
		out = append(out, b64([]byte(text)))
	}
	return out
}

// markers of pages that are forged, of another list or of another portal's list answer with what the asker sees
// anyway, or with what is wrong with them; never with a fault, never with more.
func TestMarkersOfPages(t *testing.T) {
	s := newSite(t)
	own, _, _, _ := s.sets()
	markers := forged()
	for _, w := range s.ways() { // those of other lists, and of Umbra's
		if w.page || !w.pages() {
			continue
		}
		for who, host := range map[string]string{"Ana": "", "Urs": s.Umbra.Host} {
			r, _, _ := w.request(own, own, -2, false)
			r.URL.RawQuery, r.Host = "size=1", host
			var out struct{ Next string }
			if a := s.ask(t, who, r); json.Unmarshal([]byte(a.body), &out) == nil && out.Next != "" {
				markers = append(markers, out.Next)
			}
		}
	}
	if len(markers) < len(forged())+5 {
		t.Fatalf("%d markers", len(markers))
	}
	people := []string{"Lin", "Leo", "Bea", "Otto", "Ana"}
	if testing.Short() {
		people = []string{"Leo", "Otto"}
	}
	asked := 0
	for _, who := range people {
		for _, w := range s.ways() {
			if w.page || !w.pages() || w.method != http.MethodGet {
				continue
			}
			ask := func(query url.Values) answer {
				r, _, said := w.request(own, own, -2, false)
				r.URL.RawQuery = query.Encode()
				a := s.ask(t, who, r)
				s.clean(t, who, said+" "+query.Encode(), a, nil)
				return a
			}
			seen := map[string]bool{}
			for _, query := range []url.Values{{"size": {"200"}}, {"size": {"200"}, "q": {"a"}}} {
				for _, id := range listedID.FindAllStringSubmatch(ask(query).body, -1) {
					seen[id[1]] = true
				}
			}
			for _, marker := range markers {
				for _, query := range []url.Values{{"after": {marker}}, {"before": {marker}}, {"after": {marker}, "before": {marker}, "q": {"a"}, "size": {"-5"}}} {
					asked++
					a := ask(query)
					for _, id := range listedID.FindAllStringSubmatch(a.body, -1) {
						if !seen[id[1]] {
							t.Errorf("%s: %s with %s shows %s", who, w.name, query.Encode(), id[1])
						}
					}
				}
			}
		}
	}
	t.Logf("%d requests with %d markers", asked, len(markers))
}
