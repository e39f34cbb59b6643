package action_test

import (
	"testing"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// LM-14: only origins are listed, in one spelling; nothing that could end the header or stand for many sites.
func TestLM14Origins(t *testing.T) {
	w := worldtest.New(t)
	set := func(text string) ([]string, error) {
		out, err := action.ConfigurePortal.Run(t.Context(), w.Env, w.As("Ana"), action.PortalChange{Name: "Acme", EmbedOrigins: []string{text}})
		return out.EmbedOrigins, err
	}
	for text, want := range map[string]string{"https://HR.example.com/": "https://hr.example.com", "https://a.test:8443": "https://a.test:8443",
		"https://a.test:443": "https://a.test", "http://localhost:8080": "http://localhost:8080", "http://127.0.0.1:9": "http://127.0.0.1:9", "http://[::1]:9": "http://[::1]:9"} {
		if got, err := set(text); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "*", "https://*.example.com", "https://", "http://hr.example.com", "https://a.test/path", "https://a.test?x", "https://u@a.test",
		"javascript:alert(1)", "https://a.test; script-src *", "https://a.test 'self'", "https://a.test,https://b.test", "https://a.test:", "//a.test", "https://a.test\r\nX: y", "https://ä.test"} {
		if got, err := set(text); fail.Of(err) != fail.Invalid {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	try(t, w, "Tess", action.ConfigurePortal, action.PortalChange{Name: "Mine"}, fail.NotAllowed)
	try(t, w, "Otto", action.SetPortalRules, action.PortalRules{PasswordMin: 8}, fail.NotAllowed)
	try(t, w, "Leo", action.ShowSettings, struct{}{}, fail.NotAllowed)
	try(t, w, "Pia", action.SetPortalRules, action.PortalRules{PasswordMin: 7}, fail.Invalid)
	if got := try(t, w, "Pia", action.SetPortalRules, action.PortalRules{PasswordMin: 16}, done); got.PasswordMin != 16 {
		t.Errorf("%+v", got)
	}
}
