package secret

import (
	"crypto/rand"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"provost/internal/fail"

	"golang.org/x/text/unicode/norm"
)

// Policy says which passwords a portal takes. The zero value is what NIST SP 800-63B and OWASP advise: length counts,
// no signs are demanded, and what everybody tries first is refused.
type Policy struct {
	MinLength int // in characters; 12 with 0, and never less than 8
	MaxLength int // in characters; 256 with 0, and never less than 64
	Classes   int // how many of lower case, upper case, digits and other signs it must have; 0 asks for none
}

func (p Policy) least() int {
	if p.MinLength == 0 {
		return 12
	}
	return max(p.MinLength, 8)
}

func (p Policy) most() int {
	if p.MaxLength == 0 {
		return 256
	}
	return max(p.MaxLength, 64, p.least())
}

// Check says, to the person who chose it, what is wrong with a password; nothing if it is good. The context is what an
// attacker who knows the person tries: their names, user name, e-mail address, the portal's name.
func (p Policy) Check(password string, context ...string) []fail.Text {
	password = norm.NFC.String(password)
	var wrong []fail.Text
	n := utf8.RuneCountInString(password)
	if n < p.least() {
		wrong = append(wrong, fail.Say("Use at least {n} characters.", "n", p.least()))
	}
	if n > p.most() {
		return append(wrong, fail.Say("Use at most {n} characters.", "n", p.most()))
	}
	if strings.TrimFunc(password, unicode.IsPrint) != "" {
		wrong = append(wrong, fail.Say("Leave out tabs, line ends and other signs that cannot be seen."))
	}
	if classes(password) < min(p.Classes, 4) {
		wrong = append(wrong, fail.Say("Use at least {n} of these: small letters, capitals, digits, other signs.", "n", min(p.Classes, 4)))
	}
	return append(wrong, easy(password, context)...)
}

// easy tells of a password that is made of few guessable pieces.
func easy(password string, context []string) []fail.Text {
	text := []rune(strings.ToLower(password))
	common := commonWords()
	if pieces(text, common) < enough {
		return []fail.Text{fail.Say("This is among the first that attackers try. Put together some words that have nothing to do with each other.")}
	}
	own := words(strings.Join(context, " "))
	if len(own) > 0 && pieces(text, slices.Concat(own, common)) < enough {
		return []fail.Text{fail.Say("Leave out your name, your e-mail address and the portal's name, or add more that is unlike them.")}
	}
	return nil
}

// enough is the number of pieces from which a password is taken: a common word, a run such as 1234 or qwert, a sign
// repeated and a year are one piece each, as is any other character.
const enough = 6

//go:embed common.txt
var commonText string

// commonWords are what passwords are most often made of, in the languages that portals are used in.
var commonWords = sync.OnceValue(func() [][]rune { return words(commonText) })

// words are the words of a text of at least three letters, in small letters.
func words(text string) (list [][]rune) {
	split := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, w := range strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), split) {
		if r := []rune(w); len(r) >= 3 {
			list = append(list, r)
		}
	}
	return list
}

// pieces is the least number of pieces that make up the text.
func pieces(text []rune, words [][]rune) int {
	least := make([]int, len(text)+1) // for each beginning of the text
	for i := range text {
		least[i+1] = len(text) + 1
	}
	reach := func(from, size int) {
		least[from+size] = min(least[from+size], least[from]+1)
	}
	for i := range text {
		for size := run(text[i:]); size > 0; size-- {
			reach(i, size)
		}
		for _, w := range words {
			if begins(text[i:], w) {
				reach(i, len(w))
			}
		}
	}
	return least[len(text)]
}

// disguises are the signs that people put for letters.
var disguises = map[rune]string{'0': "o", '1': "il", '2': "z", '3': "e", '4': "a", '5': "s", '6': "g", '7': "t", '8': "b", '9': "g", '@': "a", '$': "s", '!': "il", '€': "e"}

func begins(text, word []rune) bool {
	if len(text) < len(word) {
		return false
	}
	for i, r := range word {
		if text[i] != r && !strings.ContainsRune(disguises[text[i]], r) {
			return false
		}
	}
	return true
}

// rows are what fingers and counting follow, each in both directions.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiopü", "asdfghjkl", "asdfghjklöä", "zxcvbnm", "yxcvbnm", "azertyuiop", "qsdfghjklm", "1qaz2wsx3edc4rfv5tgb", "!@#$%^&*()", "!\"§$%&/()="}

// run is how many characters from the start follow each other on a row, are all the same, or are a year; at least one.
func run(text []rune) int {
	longest := 1
	for longest < len(text) && text[longest] == text[0] {
		longest++
	}
	if len(text) >= 4 && (string(text[:2]) == "19" || string(text[:2]) == "20") && unicode.IsDigit(text[2]) && unicode.IsDigit(text[3]) {
		longest = max(longest, 4)
	}
	for _, row := range rows {
		signs := []rune(row)
		for at, r := range signs {
			if r == text[0] {
				longest = max(longest, follow(text, signs, at, 1), follow(text, signs, at, -1))
			}
		}
	}
	return longest
}

// follow counts how far the text goes along a row; two characters are too few to mean anything.
func follow(text, row []rune, at, step int) int {
	n := 0
	for n < len(text) && at >= 0 && at < len(row) && text[n] == row[at] {
		n++
		at += step
	}
	if n < 3 {
		return 1
	}
	return n
}

func classes(password string) (n int) {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

// Issue makes a password to be handed to somebody: syllables that can be read out, in groups, with two digits, at
// least 66 random bits. It has every class of sign and the policy's length, and no signs that are mistaken for others.
func (p Policy) Issue() string {
	const consonants, vowels, digits = "bdfghjkmnprstvwz", "aeiu", "23456789"
	var b strings.Builder
	for group := 0; group < 5 || b.Len() < p.least()-2; group++ {
		for range 2 {
			b.WriteByte(pick(consonants))
			b.WriteByte(pick(vowels))
		}
		b.WriteByte('-')
	}
	b.WriteByte(pick(digits))
	b.WriteByte(pick(digits))
	s := b.String()
	return strings.ToUpper(s[:1]) + s[1:]
}

// pick takes one of the signs, whose number is a power of two: so each is as likely.
func pick(signs string) byte {
	var b [1]byte
	_, _ = rand.Read(b[:]) // never fails
	return signs[int(b[0])%len(signs)]
}
