package page

import (
	g "maragu.dev/gomponents"
)

// icons are drawn on a square of 20 with a line of 1.6; each text is the d of one path.
var icons = map[string]string{
	"home":     "M3.5 9 10 3.5 16.5 9v7.5h-4.5v-4.5h-4v4.5h-4.5z",
	"users":    "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c0-3 2.4-4.5 5.5-4.5s5.5 1.5 5.5 4.5M13 3.7a3 3 0 0 1 0 5.6M15 12.3c1.9.6 3 2 3 4.2",
	"user":     "M10 9.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.8 17c0-3.3 2.6-5 6.2-5s6.2 1.7 6.2 5",
	"team":     "M10 8a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 10 8zM5 16.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM15 16.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM8.8 10 6.3 12.2M11.2 10l2.5 2.2M7.3 14.2h5.4",
	"group":    "M4 5.5h12v9h-12zM4 8.5h12M7 11.5h6",
	"role":     "M10 3l6 2.2v4.3c0 3.6-2.5 6.3-6 7.5-3.5-1.2-6-3.9-6-7.5V5.2zM7.5 9.8l1.8 1.8 3.3-3.5",
	"policy":   "M5 3h7l3.5 3.5V17H5zM12 3v3.5h3.5M7.5 10h5M7.5 13h5",
	"org":      "M7.5 3.5h5v4h-5zM2.5 12.5h5v4h-5zM12.5 12.5h5v4h-5zM10 7.5V10M5 12.5V10h10v2.5",
	"course":   "M10 5.5C8.2 4.2 5.8 3.8 3 4v11c2.8-.2 5.2.2 7 1.5 1.8-1.3 4.2-1.7 7-1.5V4c-2.8-.2-5.2.2-7 1.5zM10 5.5v11",
	"chart":    "M3 3.5V16.5h14M6.5 13V9.5M10 13V5.5M13.5 13V8",
	"report":   "M5 2.8h10v14.4H5zM7.5 13.5V11M10 13.5V8M12.5 13.5V9.8",
	"inbox":    "M3 11.5 5 4h10l2 7.5V16H3zM3 11.5h4c0 1.7 1.2 2.7 3 2.7s3-1 3-2.7h4",
	"mail":     "M3 5h14v10.5H3zM3 5.5l7 5.5 7-5.5",
	"import":   "M10 3v9M6.5 8.8 10 12.3l3.5-3.5M3.5 13v3.5h13V13",
	"download": "M10 3v9M6.5 8.8 10 12.3l3.5-3.5M3.5 16.5h13",
	"audit":    "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.3l2.8 1.7",
	"settings": "M3 6h7M14 6h3M3 14h3M10 14h7M12 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
	"key":      "M7 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10.5 10H17v3M14 10v2.5",
	"lock":     "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
	"why":      "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8 8.2c0-1.2.9-2 2-2s2 .8 2 1.9c0 1.5-2 1.6-2 3.1M10 13.6v.2",
	"search":   "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.3 13.3 17 17",
	"menu":     "M3 5.5h14M3 10h14M3 14.5h14",
	"more":     "M10 5v.1M10 10v.1M10 15v.1",
	"close":    "M5 5l10 10M15 5 5 15",
	"check":    "M4 10.5 8.2 14.7 16 6",
	"cross":    "M5.5 5.5l9 9M14.5 5.5l-9 9",
	"minus":    "M4.5 10h11",
	"plus":     "M10 4v12M4 10h12",
	"left":     "M12 4.5 6.5 10l5.5 5.5",
	"right":    "M8 4.5 13.5 10 8 15.5",
	"down":     "M5 7.5 10 12.5l5-5",
	"up":       "M5 12.5 10 7.5l5 5",
	"sort":     "M6.5 8 10 4.5 13.5 8M6.5 12l3.5 3.5L13.5 12",
	"info":     "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9.3v4.2M10 6.4v.2",
	"warn":     "M10 3.3 17.5 16.5h-15zM10 8v4M10 14.2v.2",
	"sun":      "M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1",
	"moon":     "M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z",
	"screen":   "M3 4h14v9.5H3zM7 17h6M10 13.5V17",
	"copy":     "M7 7h9.5v9.5H7zM4 13H3.5V3.5H13V4",
	"edit":     "M4 16l.8-3.4L13.5 4l2.6 2.6-8.7 8.6zM11.7 5.8l2.6 2.6",
	"trash":    "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11M8.3 8.5v5M11.7 8.5v5",
	"share":    "M15 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM15 17a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM6.8 9 13.2 6M6.8 11l6.4 3",
	"external": "M8 5H4v11h11v-4M11 3.5h5.5V9M16.5 3.5 9.5 10.5",
	"calendar": "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3",
	"filter":   "M3 4.5h14L11.7 11v5l-3.4-1.5V11z",
	"globe":    "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3 10h14M10 3c2 2 2.9 4.3 2.9 7S12 15 10 17c-2-2-2.9-4.3-2.9-7S8 5 10 3z",
	"exit":     "M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H8",
	"code":     "M7 6 3 10l4 4M13 6l4 4-4 4",
	"star":     "M10 3.2l2.1 4.3 4.7.7-3.4 3.3.8 4.7-4.2-2.2-4.2 2.2.8-4.7L3.2 8.2l4.7-.7z",
	"help":     "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8 8.2c0-1.2.9-2 2-2s2 .8 2 1.9c0 1.5-2 1.6-2 3.1M10 13.6v.2",
}

// Icon draws a small picture that says nothing by itself (aria-hidden): words stand beside it, or in its parent's label.
// An unknown name draws nothing. The names are the keys of icons in icon.go: home users user team group role policy org
// course chart report inbox mail import download audit settings key lock why search …
func Icon(name string) g.Node {
	if svg, ok := drawn[name]; ok {
		return svg
	}
	return none
}

// drawn are the icons as nodes, and drawnText as text for what is fused.
var drawn, drawnText = drawIcons()

func drawIcons() (map[string]g.Node, map[string]string) {
	nodes, texts := map[string]g.Node{}, map[string]string{}
	for name, d := range icons {
		class := "icon"
		if name == "left" || name == "right" || name == "exit" || name == "external" {
			class += " flip" // follows the direction of reading
		}
		texts[name] = `<svg class="` + class + `" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false"><path d="` + d + `"/></svg>`
		nodes[name] = g.Raw(texts[name])
	}
	return nodes, texts
}
