package db

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Key is the form in which names are compared and sorted, on both databases alike: compatibility forms and case folded
// (so "Straße", "STRASSE" and "ｓｔｒａｓｓｅ" are one), white space trimmed and collapsed. Accents count.
func Key(s string) string {
	if k, ok := asciiKey(s); ok {
		return k
	}
	// Folding can undo the normal form and the other way round; twice is stable (Unicode, D146).
	fold := cases.Fold()
	s = norm.NFKC.String(fold.String(norm.NFKC.String(fold.String(norm.NFD.String(s)))))
	return strings.Join(strings.Fields(s), " ")
}

// asciiKey is Key for what most names are made of, many times as fast.
func asciiKey(s string) (string, bool) {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return "", false
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " "), true
}
