package db_test

import (
	"testing"

	"provost/internal/db"
)

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"  Ada \t\n Lovelace ":      "ada lovelace",
		"Straße":                    "strasse",
		"STRASSE":                   "strasse",
		"ＡＢＣ１２":                     "abc12",
		"Zoe\u0308":                 "zoë",
		"ZOË":                       "zoë",
		"ΣΊΣΥΦΟΣ":                   "σίσυφοσ",
		"σίσυφος":                   "σίσυφοσ",
		"a\u00a0\u2003b":            "a b",
		"ﬁle":                       "file",
		"Ada.Lovelace@Example.Test": "ada.lovelace@example.test",
	} {
		if got := db.Key(in); got != want {
			t.Errorf("Key(%q) = %q, not %q", in, got, want)
		}
	}
}

// A key of a key is itself: what is looked up by key finds what was kept by key.
func FuzzKey(f *testing.F) {
	for _, s := range []string{"Straße", "İ", "ǰ\u0345", "ΐ", "\u0345\u0301", "ẞ", "\u1e9e\u0323", "ͅΑ", "a\u00a8", "\u212b", "\xff", "ﷺ", "K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if k := db.Key(s); db.Key(k) != k {
			t.Errorf("Key(%q) = %q, whose key is %q", s, k, db.Key(k))
		}
	})
}
