package page

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// The catalogue: lang/<language>.json, each an object from English text to its translation; a text with a number is
// an object {"one": …, "other": …} under its English "other". English needs no file.
//
//go:embed lang/*.json
var catalogueFiles embed.FS

type words struct {
	text   map[string]string
	plural *i18n.Localizer
}

var catalogue = loadCatalogue()

func loadCatalogue() map[string]words {
	bundle := i18n.NewBundle(language.English)
	files, err := catalogueFiles.ReadDir("lang")
	if err != nil {
		panic(err)
	}
	all := map[string]words{}
	for _, f := range files {
		file, err := bundle.LoadMessageFileFS(catalogueFiles, "lang/"+f.Name())
		if err != nil {
			panic(fmt.Errorf("lang/%s: %w", f.Name(), err))
		}
		w := words{text: map[string]string{}, plural: i18n.NewLocalizer(bundle, file.Tag.String())}
		for _, m := range file.Messages {
			w.text[m.ID] = m.Other
		}
		all[file.Tag.String()] = w
	}
	return all
}

// Languages are the languages that pages can be read in, English first.
func Languages() []string {
	return append([]string{"en"}, slices.Sorted(maps.Keys(catalogue))...)
}

// matcher is made once: making it takes longer than a page.
var matcher = sync.OnceValue(func() language.Matcher {
	tags := []language.Tag{}
	for _, l := range Languages() {
		tags = append(tags, language.Make(l))
	}
	return language.NewMatcher(tags)
})

// LanguageOf chooses among Languages from an Accept-Language header, or from one language's name.
func LanguageOf(accept string) string {
	if accept == "" {
		return Languages()[0]
	}
	wanted, _, _ := language.ParseAcceptLanguage(accept)
	_, i, _ := matcher().Match(wanted...)
	return Languages()[i]
}

// T is an English text in the reader's language. Arguments are pairs of a name and a value, put where the text has the
// name in braces: v.T("Signed in as {name}", "name", account.Name). Whole numbers and times are written as the
// language writes them. The English text is the key of the catalogue: it must be a literal, so that tests find it.
func (v View) T(english string, args ...any) string {
	text := english
	if w, ok := catalogue[v.Lang]; ok && w.text[english] != "" {
		text = w.text[english]
	}
	return v.fill(text, args)
}

// N is a text that depends on a number, which {n} stands for: v.N("{n} person", "{n} people", 3).
// Further arguments are pairs, as for T.
func (v View) N(one, other string, n int, args ...any) string {
	text := other
	if n == 1 {
		text = one
	}
	if w, ok := catalogue[v.Lang]; ok && w.text[other] != "" {
		if s, err := w.plural.Localize(&i18n.LocalizeConfig{MessageID: other, PluralCount: n}); err == nil {
			text = s
		}
	}
	return v.fill(text, append([]any{"n", n}, args...))
}

func (v View) fill(text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var out strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		shut := strings.IndexByte(text[open:], '}') + open
		if shut < open {
			break
		}
		out.WriteString(text[:open])
		out.WriteString(v.argument(text[open+1:shut], args))
		text = text[shut+1:]
	}
	out.WriteString(text)
	return out.String()
}

// argument is the value of a name, or the name in its braces when there is none.
func (v View) argument(name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return v.say(args[i+1])
		}
	}
	return "{" + name + "}"
}

// Tell is what another layer says, such as an error, in the reader's language: its English text, and the values in it.
func (v View) Tell(what interface {
	Said() (english string, args []any)
}) string {
	english, args := what.Said()
	return v.T(english, args...)
}

func (v View) say(value any) string {
	switch x := value.(type) {
	case interface{ Said() (string, []any) }:
		return v.Tell(x)
	case interface {
		Each(func(string, ...any) string) string
	}:
		return x.Each(v.T)
	case string:
		return x
	case int:
		return v.Num(x)
	case int64:
		return v.Num(int(x))
	case time.Time:
		return v.Date(x)
	}
	return fmt.Sprint(value)
}
