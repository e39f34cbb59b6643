package page

import (
	"testing"
	"time"
)

func TestTextsTakeNamedArguments(t *testing.T) {
	v := View{}
	for got, want := range map[string]string{
		v.T("Signed in as {name}", "name", "Ana"):                                 "Signed in as Ana",
		v.T("{a} and {b}", "a", "{b}", "b", 12345):                                "{b} and 12,345",
		v.N("{n} person", "{n} people", 1):                                        "1 person",
		v.N("{n} person", "{n} people", 2000):                                     "2,000 people",
		v.Percent(.385):                                                           "38.5%",
		v.Percent(1):                                                              "100%",
		v.Date(time.Date(2026, 11, 5, 23, 0, 0, 0, time.UTC)):                     "5 Nov 2026",
		v.DateTime(time.Date(2026, 11, 5, 23, 5, 0, 0, time.UTC)):                 "5 Nov 2026, 23:05",
		v.Ago(time.Unix(100000, 0), time.Unix(100000-3*3600, 0)):                  "3 hours ago",
		v.Ago(time.Unix(100000, 0), time.Unix(100000+26*3600, 0)):                 "in 1 day",
		View{Lang: "de"}.N("{n} day ago", "{n} days ago", 1):                      "vor 1 Tag",
		View{Lang: "de"}.N("{n} day ago", "{n} days ago", 1200):                   "vor 1.200 Tagen",
		View{Lang: "de"}.Date(time.Date(2026, 11, 5, 23, 0, 0, 0, time.UTC)):      "5. Nov. 2026",
		View{Lang: "de"}.Num(1234567):                                             "1.234.567",
		View{Lang: "de"}.Percent(.385):                                            "38,5\u00a0%",
		View{Lang: "xx"}.T("A language that there is none of"):                    "A language that there is none of",
		LanguageOf("de-CH,de;q=0.9,en;q=0.8") + LanguageOf("fr") + LanguageOf(""): "deenen",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
