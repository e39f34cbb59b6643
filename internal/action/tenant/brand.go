// Package tenant holds the verbs of a tenant's own: its brand, its Help center, its plan, and what becomes of organizations.
package tenant

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/jpeg" // read as logos
	"image/png"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/tenant"
)

// Ops are the operations of a tenant's own.
var Ops = slices.Concat(brandOps, helpOps, planOps, organizationOps)

var brandOps = []op.Any{ShowBrand, SetBrand, SwitchBrand, SetLogo, RemoveLogo, ShowLogo}

// NamedThing is something with a name.
type NamedThing struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// Brand is what the portal shows itself as while it resells under its own brand.
type Brand struct {
	On bool `json:"on" doc:"Resell under your own brand is on."`
	BrandFields
	// Logo is the hash of the logo; empty for none.
	Logo string `json:"logo" doc:"The logo's hash: it is at /brand/logo/{hash}. Empty for none."`
	// Partial are the partial administrators, for those who may know them: each becomes a full one when it is switched off.
	Partial []NamedThing `json:"partial,omitempty"`
	// Asleep are the portal's own account types that are made of the partial administrator's: switched off, they hold nothing.
	Asleep []string `json:"asleep,omitempty" doc:"Account types of the portal's own that hold nothing while the brand is off."`
}

// BrandFields are the brand's name, colour and sender.
type BrandFields struct {
	Name          string `json:"name" doc:"What is shown instead of the portal's name; empty for that."`
	Accent        string `json:"accent" doc:"The colour of links and buttons, as #0e5a6b; empty for the colour that every portal has."`
	SenderName    string `json:"sender_name" doc:"Who mails are from; empty for the brand's name."`
	SenderAddress string `json:"sender_address" doc:"The address that mails are from, or that replies go to where the server may not send from it; empty for the server's own."`
}

var brandNeeds = []*access.Permission{access.PortalConfigure, access.AccountSetFull}

// ShowBrand shows the brand to those who configure the portal.
var ShowBrand = &op.Op[struct{}, Brand]{
	Name:  "brand.show",
	Route: "GET /settings/brand",
	Doc:   "Shows the brand that the portal resells under.",
	Needs: brandNeeds,
	Do: func(c *op.Call, _ struct{}) (Brand, error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return Brand{}, err
		}
		return brandOf(c, p)
	},
}

func brandOf(c *op.Call, p store.Portal) (Brand, error) {
	b := p.Settings.Brand
	out := Brand{b.On, BrandFields{b.Name, b.Accent, b.SenderName, b.SenderAddress}, b.Logo, nil, nil}
	for _, role := range c.Actor.Rules().Types() {
		if access.WhileReselling.Has(role.Parent) {
			out.Asleep = append(out.Asleep, role.Title)
		}
	}
	held, err := store.HoldersOf(c, c.Tx, p.ID, access.Partial, c.Now)
	if err != nil {
		return out, err
	}
	for _, id := range held {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountSetFull), id)
		if fail.Is(err, fail.NotAllowed) || fail.Is(err, fail.NotFound) {
			continue
		}
		if err != nil {
			return out, err
		}
		out.Partial = append(out.Partial, NamedThing{a.ID, a.Name})
	}
	return out, nil
}

// Check names what is wrong with the input.
func (in BrandFields) Check() error {
	var wrong fail.Fields
	form.Line(&wrong, "name", in.Name, form.MaxName)
	form.Line(&wrong, "sender_name", in.SenderName, form.MaxName)
	if in.SenderAddress != "" {
		form.Email(&wrong, "sender_address", in.SenderAddress)
	}
	if in.Accent != "" {
		accent, ok := ParseColour(in.Accent)
		light, _ := Palettes(accent)
		switch {
		case !ok:
			wrong.Add("accent", "Write the colour as #0e5a6b.")
		case light.Accent.String() != accent.String():
			wrong.Add("accent", "Text of this colour cannot be read on white. The nearest that can is {colour}.", "colour", light.Accent.String())
		}
	}
	return wrong.Err()
}

// SetBrand changes the brand's name, colour and sender. They show while the brand is on.
var SetBrand = &op.Op[BrandFields, Brand]{
	Name:  "brand.set",
	Route: "PUT /settings/brand",
	Doc:   "Changes the brand's name, its colour, and who mails are from.",
	Needs: brandNeeds,
	Do: func(c *op.Call, in BrandFields) (Brand, error) {
		return changeBrand(c, func(b *store.Brand) {
			b.Name, b.Accent = form.Tidy(in.Name), strings.ToLower(in.Accent)
			b.SenderName, b.SenderAddress = form.Tidy(in.SenderName), strings.TrimSpace(in.SenderAddress)
		})
	},
}

func changeBrand(c *op.Call, change func(*store.Brand)) (Brand, error) {
	p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
	if err != nil {
		return Brand{}, err
	}
	was := p.Settings.Brand
	change(&p.Settings.Brand)
	c.Audit(p.Thing(), p.Name, map[string]any{"was": was, "now": p.Settings.Brand})
	if err := store.SavePortal(c, c.Tx, p); err != nil {
		return Brand{}, err
	}
	return brandOf(c, p)
}

// BrandSwitch switches the brand on or off.
type BrandSwitch struct {
	On bool `json:"on" doc:"On, or off."`
}

// SwitchBrand switches "Resell under your own brand" on or off. Off, each partial administrator becomes a full one, by who
// may make full administrators (XA-1): so no partial administrator does it. Account types of the portal's own that are made of
// the partial administrator's hold less than a full one, or nothing; they sleep with it, and wake when the brand is on again.
var SwitchBrand = &op.Op[BrandSwitch, Brand]{
	Name:  "brand.switch",
	Route: "POST /settings/brand/switch",
	Doc:   "Switches “Resell under your own brand” on or off. Switched off, each partial administrator becomes a full one.",
	Needs: brandNeeds,
	Do: func(c *op.Call, in BrandSwitch) (out Brand, err error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return out, err
		}
		was, err := brandOf(c, p)
		if err != nil {
			return out, err
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"on": in.On, "made_full": was.Partial, "asleep": was.Asleep})
		if was.On == in.On {
			return out, fail.New(fail.Conflict, map[bool]string{true: "It is on already.", false: "It is off already."}[in.On])
		}
		if p.Settings.Brand.On = in.On; !in.On {
			if _, err := store.EndPartial(c, c.Tx, p, c.By(), c.Now); err != nil {
				return out, err
			}
		}
		if err := store.SavePortal(c, c.Tx, p); err != nil {
			return out, err
		}
		for _, id := range access.WhileReselling {
			if c.Actor.Rules().Off[id] == in.On { // as it was: on with the brand, off with it
				if err := store.SwitchType(c, c.Tx, p, id, in.On, c.By(), c.Now); err != nil {
					return out, err
				}
			}
		}
		if err := store.Changed(c, c.Tx, p.ID); err != nil {
			return out, err
		}
		return brandOf(c, p)
	},
}

// The limits of a logo: its bytes, and its sides in pixels.
const (
	MaxLogo     = 512 << 10
	maxLogoSide = 2048
)

// Logo is an image to be the logo.
type Logo struct {
	Image []byte `json:"image" doc:"A PNG or JPEG, 512 KiB and 2048 pixels a side at most, in base64."`

	hash string
	png  []byte
}

// SetLogo takes a logo in. What is kept is the picture drawn anew as a PNG: nothing else that the file held comes out again.
var SetLogo = &op.Op[Logo, Brand]{
	Name:    "brand.set_logo",
	Route:   "PUT /settings/brand/logo",
	Doc:     "Sets the brand's logo: a PNG or JPEG.",
	Needs:   brandNeeds,
	Prepare: prepareLogo,
	Do: func(c *op.Call, in Logo) (Brand, error) {
		sum := sha256.Sum256(in.png)
		in.hash = hex.EncodeToString(sum[:16])
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return Brand{}, err
		}
		if err := tenant.AddLogo(c, c.Tx, p, in.hash, in.png, c.Now); err != nil {
			return Brand{}, err
		}
		return changeBrand(c, func(b *store.Brand) { b.Logo = in.hash })
	},
}

// prepareLogo draws the picture anew, outside of any transaction, for who configures the portal: it costs too much to be had by
// those whom the operation refuses anyway.
func prepareLogo(c *op.Call, in *Logo) (err error) {
	may := c.Who.System != ""
	err = c.Read(func(tx *db.Tx) error {
		if may {
			return nil
		}
		actor, err := c.Env.Cache.LoadActor(c, tx, c.Who.Portal, c.Who.Account, c.Now)
		may = err == nil && actor.May(access.PortalConfigure).Any()
		return err
	})
	if err == nil && may {
		in.png, err = redraw(in.Image)
	}
	return err
}

// redraw reads a picture and writes it anew. Its size is looked at before its pixels are.
func redraw(text []byte) ([]byte, error) {
	if len(text) == 0 {
		return nil, fail.Wrong("image", "Choose a picture.")
	}
	if len(text) > MaxLogo {
		return nil, fail.Wrong("image", "The picture is larger than 512 KiB.")
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(text))
	if err != nil || (kind != "png" && kind != "jpeg") {
		return nil, fail.Wrong("image", "This is neither a PNG nor a JPEG.")
	}
	if head.Width > maxLogoSide || head.Height > maxLogoSide || head.Width < 1 || head.Height < 1 {
		return nil, fail.Wrong("image", "The picture has more than 2048 pixels a side.")
	}
	picture, _, err := image.Decode(bytes.NewReader(text))
	if err != nil {
		return nil, fail.Wrong("image", "This picture cannot be read.")
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, err
	}
	if out.Len() > 8*MaxLogo {
		return nil, fail.Wrong("image", "The picture is too large once it is drawn.")
	}
	return out.Bytes(), nil
}

// RemoveLogo takes the logo away.
var RemoveLogo = &op.Op[struct{}, Brand]{
	Name:  "brand.remove_logo",
	Route: "DELETE /settings/brand/logo",
	Doc:   "Takes the brand's logo away.",
	Needs: brandNeeds,
	Do: func(c *op.Call, _ struct{}) (Brand, error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return Brand{}, err
		}
		if err := tenant.DropLogos(c, c.Tx, p); err != nil {
			return Brand{}, err
		}
		return changeBrand(c, func(b *store.Brand) { b.Logo = "" })
	},
}

// LogoQuery names a logo.
type LogoQuery struct {
	Hash string `path:"hash" doc:"The logo's hash."`
}

// LogoImage is a logo.
type LogoImage struct {
	PNG []byte `json:"png" doc:"The picture, in base64."`
}

// ShowLogo is the portal's logo, as everybody sees it who reaches the portal.
var ShowLogo = &op.Op[LogoQuery, LogoImage]{
	Name:     "brand.logo",
	Route:    "GET /brand/logo/{hash}",
	Doc:      "The portal's logo.",
	Open:     "who signs in sees the logo too",
	PageOnly: true,
	Limit:    10 * time.Second,
	Do: func(c *op.Call, in LogoQuery) (LogoImage, error) {
		if _, err := hex.DecodeString(in.Hash); err != nil || in.Hash == "" {
			return LogoImage{}, fail.Missing("picture")
		}
		body, err := tenant.LogoOf(c, c.Tx, c.Who.Portal, in.Hash)
		return LogoImage{body}, err
	},
}
