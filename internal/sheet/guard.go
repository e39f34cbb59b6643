package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A spreadsheet that opens a CSV takes a cell for a formula by its first sign. Where the list separator is another
// than the file's, it also begins cells inside of ours. So Guard puts an apostrophe before every place where a formula
// could begin, and Unguard takes away exactly those: white space and quotes before the sign are looked through, so
// what was an apostrophe and a formula before gets one more, and text without a formula is never touched.

// Guard makes text safe to open in a spreadsheet, as a cell of a CSV (QUALITY: reports). Unguard is its inverse.
func Guard(s string) string { return rewrite(s, true) }

// Unguard takes the apostrophes of Guard away: Unguard(Guard(s)) == s for every s.
func Unguard(s string) string {
	if strings.IndexByte(s, '\'') < 0 {
		return s
	}
	return rewrite(s, false)
}

// rewrite adds or removes an apostrophe at each place where a formula could begin: the start, and after ; tab or a
// line's end. The run of signs that are looked through is judged once, so the time is linear.
func rewrite(s string, add bool) string {
	var out strings.Builder
	done, judged, formula := 0, -1, false
	for i := 0; i < len(s); i++ {
		if i > 0 && !separates(s[i-1]) {
			continue
		}
		if i >= judged {
			judged, formula = lead(s[i:])
			judged += i
		}
		if !formula && (i > 0 || !blankControl(s[:judged])) {
			continue
		}
		switch {
		case add:
			out.WriteString(s[done:i])
			out.WriteByte('\'')
			done = i
		case s[i] == '\'' && (i > 0 || formula || blankControl(s[1:judged])):
			out.WriteString(s[done:i])
			done = i + 1
			// The apostrophe is gone: what follows it is the inside of the value.
		}
	}
	if done == 0 && out.Len() == 0 {
		return s
	}
	out.WriteString(s[done:])
	return out.String()
}

func separates(c byte) bool { return c == ';' || c == '\t' || c == '\n' || c == '\r' }

// blankControl tells whether the run before the first real sign holds a tab or a line's end, which some programs take
// for the beginning of a formula by themselves.
func blankControl(run string) bool { return strings.ContainsAny(run, "\t\r\n") }

// lead is where the first sign stands behind white space and quotes, and whether it begins a formula.
func lead(s string) (at int, formula bool) {
	for at < len(s) {
		r, n := utf8.DecodeRuneInString(s[at:])
		if !lookThrough(r) {
			return at, strings.ContainsRune("=+-@＝＋－＠", r)
		}
		at += n
	}
	return at, false
}

// lookThrough tells whether spreadsheets or people overlook a sign at the start of a cell.
func lookThrough(r rune) bool {
	return r <= ' ' || strings.ContainsRune("'\"`‘’‚‛“”„", r) || r > 0x7f && (unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc))
}
