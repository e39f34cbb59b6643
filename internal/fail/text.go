package fail

import (
	"fmt"
	"strings"
)

// Text is what is said in English, kept apart from its values: a face that speaks another language looks English up and puts
// the values into what it finds.
type Text struct {
	// English has {name} for each value.
	English string
	// Args are pairs of a name and a value. A value that is a Term or a Text is itself translated.
	Args []any
}

// Term is an English term of the portal, such as the title of a permission, which every language has its own word for.
type Term string

// Say is a text with its values, in pairs of a name and a value: Say("“{title}” is always on.", "title", Term(t.Title)). The
// text is a literal, so that the catalogues of translations are found to be whole.
func Say(english string, args ...any) Text { return Text{english, args} }

// Said is the term as a text without values.
func (t Term) Said() (english string, args []any) { return string(t), nil }

// Said is the text and its values.
func (t Text) Said() (english string, args []any) { return t.English, t.Args }

// String is the text in English.
func (t Text) String() string {
	if len(t.Args) == 0 {
		return t.English
	}
	pairs := make([]string, 0, len(t.Args))
	for i := 0; i+1 < len(t.Args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(t.Args[i])+"}", fmt.Sprint(t.Args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(t.English)
}

// Several are texts behind each other.
type Several struct {
	// Between parts them, such as a comma and a blank.
	Between string
	Texts   []Text
}

// Each is the texts as say has each of them.
func (s Several) Each(say func(english string, args ...any) string) string {
	parts := make([]string, len(s.Texts))
	for i, t := range s.Texts {
		parts[i] = say(t.English, t.Args...)
	}
	return strings.Join(parts, s.Between)
}

// String is the texts in English.
func (s Several) String() string {
	return s.Each(func(english string, args ...any) string { return Say(english, args...).String() })
}

func said(t Text, message string) (string, []any) {
	if t.English == "" {
		return message, nil
	}
	return t.Said()
}
