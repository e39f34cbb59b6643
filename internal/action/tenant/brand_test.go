package tenant_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/action/people"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

const done fail.Kind = -1

// try runs an operation as somebody, and checks how it ends.
func try[In, Out any](t *testing.T, w *worldtest.Test, who string, o *op.Op[In, Out], in In, want fail.Kind) Out {
	t.Helper()
	out, err := o.Run(t.Context(), w.Env, w.As(who), in)
	if (want == done) != (err == nil) || err != nil && fail.Of(err) != want {
		t.Errorf("%s runs %s with %+v: %v, want kind %d", who, o.Name, in, err, want)
	}
	return out
}

// XA-1: partial administrators exist only while "Resell under your own brand" is on; switching it off makes each a full
// administrator, after the preview has named them; and none is made while it is off.
func TestXA1PartialOnlyWhileReselling(t *testing.T) {
	w := worldtest.New(t)
	before := try(t, w, "Sam", tenant.ShowBrand, struct{}{}, done)
	if !before.On || len(before.Partial) != 1 || before.Partial[0].Name != "Pia Partial" {
		t.Fatalf("%+v", before)
	}
	if b := try(t, w, "Pia", tenant.ShowBrand, struct{}{}, done); len(b.Partial) != 0 {
		t.Errorf("a partial administrator sees who else is one: %+v", b.Partial)
	}
	_, effects, err := tenant.SwitchBrand.Preview(t.Context(), w.Env, w.As("Ana"), tenant.BrandSwitch{})
	if err != nil || effects.Gaining != 1 || len(effects.People) != 1 || effects.People[0].Name != "Pia Partial" {
		t.Fatalf("the preview does not name who becomes a full administrator: %+v, %v", effects, err)
	}
	for _, who := range []string{"Pia", "Tess", "Otto", "Leo", "Mo"} {
		try(t, w, who, tenant.SwitchBrand, tenant.BrandSwitch{}, fail.NotAllowed)
	}
	if out := try(t, w, "Ana", tenant.SwitchBrand, tenant.BrandSwitch{}, done); out.On || len(out.Partial) != 0 {
		t.Errorf("%+v", out)
	}
	types := try(t, w, "Sam", action.ShowAccount, action.AccountID{Account: w.People["Pia"].ID}, done).Types
	if len(types) != 1 || types[0].ID != access.Admin {
		t.Errorf("Pia is %+v, not a full administrator", types)
	}
	try(t, w, "Sam", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Lin"].ID, Types: []access.RoleID{access.Partial}}, fail.Invalid) // in North
	try(t, w, "Sam", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Leo"].ID, Types: []access.RoleID{access.Partial}}, fail.Conflict)
	try(t, w, "Ana", tenant.SwitchBrand, tenant.BrandSwitch{}, fail.Conflict)
	try(t, w, "Ana", tenant.SwitchBrand, tenant.BrandSwitch{On: true}, done)
	try(t, w, "Sam", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Leo"].ID, Types: []access.RoleID{access.Partial}}, done)
}

// XA-2: a partial administrator configures the brand, but for its switch.
func TestXA2PartialConfiguresTheBrand(t *testing.T) {
	w := worldtest.New(t)
	in := tenant.BrandFields{Name: "North Star Academy", Accent: "#7A1F5C", SenderName: "North Star", SenderAddress: "school@star.test"}
	if out := try(t, w, "Pia", tenant.SetBrand, in, done); out.Name != in.Name || out.Accent != "#7a1f5c" {
		t.Errorf("%+v", out)
	}
	p := portal(t, w)
	name, address := p.Sender()
	if p.Shown() != in.Name || name != "North Star" || address != "school@star.test" {
		t.Errorf("%q, from %q %q", p.Shown(), name, address)
	}
	for accent, want := range map[string]fail.Kind{"": done, "#0e5a6b": done, "#FFCC00": fail.Invalid, "red": fail.Invalid, "#12345": fail.Invalid, "#gggggg": fail.Invalid} {
		try(t, w, "Ana", tenant.SetBrand, tenant.BrandFields{Accent: accent}, want)
	}
	try(t, w, "Ana", tenant.SetBrand, tenant.BrandFields{SenderAddress: "a@b\r\nBcc: x@y"}, fail.Invalid)
	for _, who := range []string{"Otto", "Tess", "Leo", "Lin"} {
		try(t, w, who, tenant.SetBrand, in, fail.NotAllowed)
		try(t, w, who, tenant.ShowBrand, struct{}{}, fail.NotAllowed)
	}
	try(t, w, "Ana", tenant.SwitchBrand, tenant.BrandSwitch{}, done)
	if p := portal(t, w); p.Shown() != "Acme" {
		t.Errorf("switched off, it shows %q", p.Shown())
	}
}

func portal(t *testing.T, w *worldtest.Test) (p store.Portal) {
	t.Helper()
	if err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		p, err = store.PortalOf(context.Background(), tx, w.Acme.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

// A logo is drawn anew: what else the file held does not come out. What is no picture, or too large a one, is refused.
func TestLogo(t *testing.T) {
	w := worldtest.New(t)
	picture := image.NewRGBA(image.Rect(0, 0, 40, 20))
	picture.Set(3, 3, color.RGBA{200, 10, 10, 255})
	var asPNG, asJPEG, huge bytes.Buffer
	if err := png.Encode(&asPNG, picture); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, picture, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&huge, image.NewGray(image.Rect(0, 0, 3000, 10))); err != nil {
		t.Fatal(err)
	}
	canary := "<script>canary</script>"
	for _, text := range [][]byte{append(asPNG.Bytes(), canary...), append(asJPEG.Bytes(), canary...)} {
		out := try(t, w, "Pia", tenant.SetLogo, tenant.Logo{Image: text}, done)
		kept, err := tenant.ShowLogo.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID}, tenant.LogoQuery{Hash: out.Logo})
		if err != nil || bytes.Contains(kept.PNG, []byte("canary")) || !bytes.HasPrefix(kept.PNG, []byte("\x89PNG")) {
			t.Errorf("%v, %d bytes", err, len(kept.PNG))
		}
		if _, err := tenant.ShowLogo.Run(t.Context(), w.Env, op.Who{Portal: w.Umbra.ID}, tenant.LogoQuery{Hash: out.Logo}); !fail.Is(err, fail.NotFound) {
			t.Errorf("another portal shows it: %v", err)
		}
	}
	for name, text := range map[string][]byte{"nothing": nil, "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "cut": asPNG.Bytes()[:40], "huge": huge.Bytes(), "long": bytes.Repeat([]byte("x"), tenant.MaxLogo+1)} {
		if _, err := tenant.SetLogo.Run(t.Context(), w.Env, w.As("Ana"), tenant.Logo{Image: text}); !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	try(t, w, "Otto", tenant.SetLogo, tenant.Logo{Image: asPNG.Bytes()}, fail.NotAllowed)
	if out := try(t, w, "Ana", tenant.RemoveLogo, struct{}{}, done); out.Logo != "" {
		t.Errorf("%+v", out)
	}
}

// Every accent makes colours that can be read, on light pages and on dark ones.
func TestPalettesCanBeRead(t *testing.T) {
	for _, text := range strings.Fields("#000000 #ffffff #ffcc00 #00ff00 #ff0000 #0000ff #0e5a6b #7a1f5c #808080 #123456 #fedcba") {
		accent, _ := tenant.ParseColour(text)
		light, dark := tenant.Palettes(accent)
		for name, p := range map[string]tenant.Palette{"light": light, "dark": dark} {
			if a, b := tenant.Contrast(p.Accent, p.On), tenant.Contrast(p.Accent, p.Soft); a < 4.5 || b < 4.5 {
				t.Errorf("%s, %s: %.2f on buttons, %.2f on soft ground", text, name, a, b)
			}
		}
	}
}

// XA-1, GR-5: an account type of the portal's own that is made of the partial administrator's is nobody's way to full rights when the
// brand is switched off: it sleeps, which the preview says of each who holds it, nobody is given it meanwhile, and it wakes again.
func TestXA1OwnTypesOfPartialSleep(t *testing.T) {
	w := worldtest.New(t)
	made := try(t, w, "Sam", grid.CreateType, grid.NewType{Name: "Helper", Parent: access.Partial}, done)
	give := func(who string, want fail.Kind) {
		t.Helper()
		try(t, w, "Sam", action.SetAccountTypes, action.AccountTypesChange{Account: w.People[who].ID, Types: []access.RoleID{made.ID}}, want)
	}
	give("Leo", done)
	if b := try(t, w, "Ana", tenant.ShowBrand, struct{}{}, done); len(b.Asleep) != 1 || b.Asleep[0] != "Helper" {
		t.Errorf("%+v", b)
	}
	_, effects, err := tenant.SwitchBrand.Preview(t.Context(), w.Env, w.As("Ana"), tenant.BrandSwitch{})
	if err != nil || effects.Gaining != 1 || effects.Losing != 1 {
		t.Errorf("the preview: %+v, %v", effects, err)
	}
	configures := func(want fail.Kind) {
		t.Helper()
		try(t, w, "Leo", action.ShowSettings, struct{}{}, want)
	}
	configures(done)
	try(t, w, "Ana", tenant.SwitchBrand, tenant.BrandSwitch{}, done)
	configures(fail.NotAllowed)
	give("Bea", fail.Conflict)
	shown := try(t, w, "Sam", action.ShowAccount, action.AccountID{Account: w.People["Leo"].ID}, done)
	for _, x := range shown.Types {
		if x.ID == access.Admin {
			t.Error("Leo is a full administrator")
		}
	}
	try(t, w, "Sam", people.SwitchType, people.TypeSwitch{Type: access.Partial, On: true}, fail.Conflict)
	try(t, w, "Ana", tenant.SwitchBrand, tenant.BrandSwitch{On: true}, done)
	configures(done)
	give("Bea", done)
}
