package tenant

import (
	"fmt"
	"math"
	"strconv"
)

// Colour is one of sRGB, each part from 0 to 1.
type Colour [3]float64

// ParseColour reads #rrggbb; ok is false for anything else.
func ParseColour(text string) (c Colour, ok bool) {
	if len(text) != 7 || text[0] != '#' {
		return c, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return c, false
	}
	return Colour{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, true
}

// String is the colour as #rrggbb.
func (c Colour) String() string {
	part := func(v float64) int { return int(math.Round(min(max(v, 0), 1) * 255)) }
	return fmt.Sprintf("#%02x%02x%02x", part(c[0]), part(c[1]), part(c[2]))
}

// light is the relative luminance of WCAG.
func (c Colour) light() float64 {
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// Contrast is the ratio of WCAG between two colours, from 1 to 21.
func Contrast(a, b Colour) float64 {
	la, lb := a.light(), b.light()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// mix is so much of the other colour in this one, as it is written down: rounded to what #rrggbb can say.
func (c Colour) mix(other Colour, share float64) Colour {
	for i := range c {
		c[i] = math.Round((c[i]+(other[i]-c[i])*share)*255) / 255
	}
	return c
}

// toward mixes another colour in until text of it can be read on all of some grounds.
func (c Colour) toward(other Colour, grounds ...Colour) Colour {
	for step := range 101 {
		mixed := c.mix(other, float64(step)/100)
		if readable(mixed, grounds...) {
			return mixed
		}
	}
	return other
}

// leastContrast is what text needs (WCAG 2.2, 1.4.3).
const leastContrast = 4.5

func readable(c Colour, grounds ...Colour) bool {
	for _, g := range grounds {
		if Contrast(c, g) < leastContrast {
			return false
		}
	}
	return true
}

var (
	white, black = Colour{1, 1, 1}, Colour{}
	// The lightest grounds of the light pages lie above paper, the darkest of the dark ones below hover (10-tokens.css).
	paper, _     = ParseColour("#f2f5f4")
	darkPaper, _ = ParseColour("#12171a")
	darkHover, _ = ParseColour("#20282c")
)

// Palette is what the style sheet is told of one theme: links and buttons, the same where the pointer is, the ground of
// what is chosen, and the text on a button.
type Palette struct{ Accent, Strong, Soft, On Colour }

// Palettes are the colours of the light and of the dark pages, made of one accent: everything on them can be read.
func Palettes(accent Colour) (light, dark Palette) {
	light.Accent = accent.toward(black, paper, white)
	light.Strong = light.Accent.mix(black, 0.25)
	light.On = white
	light.Soft = softest(light.Accent, white)
	dark.Accent = accent.toward(white, darkHover)
	dark.Strong = dark.Accent.mix(white, 0.25)
	dark.Soft = softest(dark.Accent, darkPaper)
	dark.On = accent.mix(black, 0.7).toward(black, dark.Accent)
	return light, dark
}

// softest is a ground with a little of a colour in it, on which text of that colour can be read.
func softest(c, ground Colour) Colour {
	for share := 12; share > 0; share-- {
		if soft := ground.mix(c, float64(share)/100); readable(c, soft) {
			return soft
		}
	}
	return ground
}
