package shell

import "provost/internal/web/page"

// workKinds are the kinds of assessment that are made here.
var workKinds = map[string]string{"assignment": page.Say("Assignment"), "quiz": page.Say("Quiz"), "package": page.Say("Package"), "survey": page.Say("Survey")}

// WorkKind is what a kind of assessment is called; an imported one is called what its source calls it.
func WorkKind(v page.View, kind string) string {
	if name, ok := workKinds[kind]; ok {
		return v.T(name)
	}
	return kind
}
