package action

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// PortalSettings are what administrators configure of a portal.
type PortalSettings struct {
	Name string `json:"name"`
	// EmbedOrigins are the sites that may frame the pages under /embed (LM-14); none may where it is empty.
	EmbedOrigins []string          `json:"embed_origins"`
	PasswordMin  int               `json:"password_min" doc:"The least length of a password, in characters."`
	URL          string            `json:"url" doc:"Where the portal is reached."`
	Registration RegistrationRules `json:"registration"`
	MayConfigure bool              `json:"may_configure"`
	MayPolicies  bool              `json:"may_set_policies"`
}

var settingsNeeds = []*access.Permission{access.PortalConfigure, access.PortalSetPolicies}

// ShowSettings shows the portal's settings to those who may change some of them.
var ShowSettings = &op.Op[struct{}, PortalSettings]{
	Name:  "portal.settings",
	Route: "GET /settings",
	Doc:   "Shows the portal's settings.",
	Needs: settingsNeeds,
	Do: func(c *op.Call, _ struct{}) (out PortalSettings, err error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if fail.Is(err, fail.NotAllowed) {
			p, err = store.FindPortal(c, c.Tx, c.May(access.PortalSetPolicies))
		}
		if err != nil {
			return out, err
		}
		return settingsOf(c, p), nil
	},
}

func settingsOf(c *op.Call, p store.Portal) PortalSettings {
	thing := p.Thing()
	out := PortalSettings{Name: p.Name, EmbedOrigins: append([]string{}, p.Settings.EmbedOrigins...), PasswordMin: p.Settings.PasswordMin, URL: c.Env.PortalURL(p),
		MayConfigure: c.May(access.PortalConfigure).Has(&thing) != nil, MayPolicies: c.May(access.PortalSetPolicies).Has(&thing) != nil}
	out.Registration = RegistrationRules{p.Settings.Registration.On, append([]string{}, p.Settings.Registration.Domains...)}
	if out.PasswordMin == 0 {
		out.PasswordMin = defaultPasswordMin
	}
	return out
}

// defaultPasswordMin is the least length of a password where nobody said another.
const defaultPasswordMin = 12

// PortalChange is a portal's name, and the sites that may frame its pages.
type PortalChange struct {
	Name         string   `json:"name" doc:"The portal's name."`
	EmbedOrigins []string `json:"embed_origins,omitempty" doc:"Sites that may frame the pages under /embed, each as an origin: https://hr.example.com."`
}

// maxOrigins is how many sites may frame a portal's pages: they all stand in a header.
const maxOrigins = 50

// Check names what is wrong with the input.
func (in PortalChange) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	if len(in.EmbedOrigins) > maxOrigins {
		wrong.Add("embed_origins", "These are too many sites.")
		return wrong.Err()
	}
	for _, text := range in.EmbedOrigins {
		if _, ok := origin(text); !ok {
			wrong.Add("embed_origins", "Write each site as https:// and its name, such as https://hr.example.com.")
			break
		}
	}
	return wrong.Err()
}

// origin is an origin in its one spelling, as browsers write it; ok is false for anything else. Plain http is for sites on
// one's own computer alone. What is more than letters, digits, dots, dashes and colons could end the header it stands in.
func origin(text string) (string, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" ||
		len(text) > 260 || strings.ContainsAny(text, "*;,'\"?#") {
		return "", false
	}
	host, port := u.Hostname(), u.Port()
	for _, r := range host {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-:", r) {
			return "", false
		}
	}
	ip, err := netip.ParseAddr(host)
	loopback := host == "localhost" || strings.HasSuffix(host, ".localhost") || (err == nil && ip.IsLoopback())
	if (u.Scheme != "https" && (u.Scheme != "http" || !loopback)) || host == "" || strings.HasPrefix(host, ".") || strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	if (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		port = ""
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host = net.JoinHostPort(strings.Trim(host, "[]"), port)
	}
	return u.Scheme + "://" + host, true
}

// ConfigurePortal changes the portal's name and the sites that may frame its pages.
var ConfigurePortal = &op.Op[PortalChange, PortalSettings]{
	Name:  "portal.configure",
	Route: "PUT /settings",
	Doc:   "Changes the portal's name, and the sites that may embed its pages.",
	Needs: settingsNeeds,
	Do: func(c *op.Call, in PortalChange) (out PortalSettings, err error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return out, err
		}
		was := p.Name
		p.Name, p.Settings.EmbedOrigins = form.Tidy(in.Name), nil
		for _, text := range in.EmbedOrigins {
			if o, ok := origin(text); ok && !slices.Contains(p.Settings.EmbedOrigins, o) {
				p.Settings.EmbedOrigins = append(p.Settings.EmbedOrigins, o)
			}
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"was": was, "embed_origins": p.Settings.EmbedOrigins})
		return settingsOf(c, p), store.SavePortal(c, c.Tx, p)
	},
}

// PortalRules are the portal's policies.
type PortalRules struct {
	PasswordMin int `json:"password_min" doc:"The least length of a new password, 8 to 64 characters."`
}

// Check names what is wrong with the input.
func (in PortalRules) Check() error {
	if in.PasswordMin < 8 || in.PasswordMin > 64 {
		return fail.Wrong("password_min", "Choose 8 to 64 characters.")
	}
	return nil
}

// SetPortalRules changes what the portal asks of new passwords.
var SetPortalRules = &op.Op[PortalRules, PortalSettings]{
	Name:  "portal.set_policies",
	Route: "PUT /settings/policies",
	Doc:   "Changes what the portal asks of new passwords.",
	Needs: settingsNeeds,
	Do: func(c *op.Call, in PortalRules) (out PortalSettings, err error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalSetPolicies))
		if err != nil {
			return out, err
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"password_min": in.PasswordMin})
		p.Settings.PasswordMin = in.PasswordMin
		return settingsOf(c, p), store.SavePortal(c, c.Tx, p)
	},
}

var settingsOps = []op.Any{ShowSettings, ConfigurePortal, SetPortalRules}
