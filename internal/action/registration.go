package action

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

var registrationOps = []op.Any{SetRegistration, RequestRegistration, ReadRegistration, Register}

// RegistrationRules say whether people may register themselves.
type RegistrationRules struct {
	On      bool     `json:"on" doc:"Whether people may make their own account here, as learners of the default organization."`
	Domains []string `json:"domains,omitempty" doc:"Only addresses of these domains, such as example.com; of all where there are none."`
}

// maxDomains is how many domains registration may be open to.
const maxDomains = 100

// Check names what is wrong with the input.
func (in RegistrationRules) Check() error {
	if len(in.Domains) > maxDomains {
		return fail.Wrong("domains", "These are too many domains.")
	}
	for _, d := range in.Domains {
		d = strings.TrimSpace(d)
		odd := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-", r) }
		if len(d) > 253 || !strings.Contains(d, ".") || strings.ContainsFunc(strings.ToLower(d), odd) || strings.HasPrefix(d, ".") || strings.HasSuffix(d, ".") {
			return fail.Wrong("domains", "Write each domain as example.com, without an @.")
		}
	}
	return nil
}

// SetRegistration switches self-registration, which is off in a new portal (CO-4).
var SetRegistration = &op.Op[RegistrationRules, PortalSettings]{
	Name:  "portal.set_registration",
	Route: "PUT /settings/registration",
	Doc:   "Switches on or off that people make their own accounts, and says of which e-mail domains.",
	Needs: settingsNeeds,
	Do: func(c *op.Call, in RegistrationRules) (out PortalSettings, err error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return out, err
		}
		was := p.Settings.Registration
		p.Settings.Registration = store.Registration{On: in.On}
		for _, d := range in.Domains {
			if d = strings.ToLower(strings.TrimSpace(d)); !slices.Contains(p.Settings.Registration.Domains, d) {
				p.Settings.Registration.Domains = append(p.Settings.Registration.Domains, d)
			}
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"was": was, "now": p.Settings.Registration})
		return settingsOf(c, p), store.SavePortal(c, c.Tx, p)
	},
}

// RegistrationRequest asks for a link to register with.
type RegistrationRequest struct {
	Email string `json:"email" doc:"Your e-mail address."`
	// Address is where the request comes from.
	Address string `json:"-"`
}

// Check checks the address.
func (in RegistrationRequest) Check() error {
	var wrong fail.Fields
	if form.Email(&wrong, "email", in.Email); in.Email == "" {
		wrong.Add("email", "Enter an e-mail address.")
	}
	return wrong.Err()
}

const (
	// RegistrationLasts is how long the link to register lasts.
	RegistrationLasts = 24 * time.Hour
	// mostRegistrations is how many links may be asked for an address, mostRegistering from one place, in store.AttemptWindow.
	mostRegistrations, mostRegistering = 5, 30
	registrationPurpose                = "registration"
)

// openRegistration is the portal, where people may register.
func openRegistration(c *op.Call, tx *db.Tx) (store.Portal, error) {
	p, err := store.PortalOf(c, tx, c.Who.Portal)
	if err == nil && !p.Settings.Registration.On {
		err = fail.New(fail.NotFound, "Nobody registers here by themselves. Ask whoever runs this portal to invite you.")
	}
	return p, err
}

// RequestRegistration mails a link to register with. The answer is the same where the address is somebody's already, who is told so
// by the mail; it counts, and takes, the same (CO-4).
var RequestRegistration = &op.Op[RegistrationRequest, struct{}]{
	Name:     "registration.request",
	Route:    "POST /registration",
	Doc:      "Mails a link to register with to an address.",
	Open:     "who registers has no account yet",
	PageOnly: true,
	Do: func(c *op.Call, in RegistrationRequest) (out struct{}, err error) {
		portal, err := openRegistration(c, c.Tx)
		if err != nil {
			return out, err
		}
		if _, domain, _ := strings.Cut(in.Email, "@"); len(portal.Settings.Registration.Domains) > 0 && !slices.Contains(portal.Settings.Registration.Domains, strings.ToLower(domain)) {
			return out, fail.Wrong("email", "Only addresses of {domains} can register here.", "domains", strings.Join(portal.Settings.Registration.Domains, ", "))
		}
		for _, s := range []struct {
			subject string
			most    int
		}{{"register:" + foldedHash(in.Email), mostRegistrations}, {"registering:" + in.Address, mostRegistering}} {
			if err := countAsked(c, s.subject, s.most); err != nil {
				return out, err
			}
		}
		c.Audit(access.Thing{}, "", map[string]any{"address": foldedHash(in.Email)})
		taken, err := addressTaken(c, c.Tx, in.Email)
		if err != nil {
			return out, err
		}
		return out, mailRegistration(c, portal, in.Email, taken)
	},
}

// addressTaken tells whether an address is somebody's, whether they sign in with it as an address or as a user name.
func addressTaken(c *op.Call, tx *db.Tx, email string) (bool, error) {
	wrong, err := store.TakenBy(c, tx, c.Who.Portal, 0, email, email, "")
	return len(wrong) > 0, err
}

func mailRegistration(c *op.Call, portal store.Portal, email string, taken bool) error {
	at := c.Env.PortalURL(portal)
	body := "Hello,\n\nsomebody asked for an account at " + portal.Shown() + " with this address. There is one already: sign in at\n\n" + at + "/sign-in\n\n" +
		"or set a new password at " + at + "/forgot. If it was not you, there is nothing to do.\n"
	if !taken {
		payload := append(binary.BigEndian.AppendUint64(nil, uint64(portal.ID)), email...)
		body = "Hello,\n\nsomebody asked for an account at " + portal.Shown() + " with this address. If it was you, choose your name and password here within a day:\n\n" +
			at + "/register/" + secret.Sign(c.Env.Key, registrationPurpose, payload, c.Now.Add(RegistrationLasts)) + "\n\nIf it was not you, there is nothing to do.\n"
	}
	return store.Enqueue(c, c.Tx, c.Who.Portal, email, "Your account at "+form.Tidy(portal.Shown()), body, c.Now)
}

// RegistrationToken is the token of a link to register with.
type RegistrationToken struct {
	Token string `path:"token" doc:"The token of the link."`
}

// Registering is what a link to register with is for.
type Registering struct {
	Portal string `json:"portal"`
	Email  string `json:"email"`
}

// noRegistration answers every link that does not, or no longer, let anybody register.
var noRegistration = fail.New(fail.NotFound, "This link does not work any more: it was used, or a day has passed. Ask for a new one.")

// registering is the address that a link proves, while it is nobody's yet.
func registering(c *op.Call, tx *db.Tx, token string) (portal store.Portal, email string, err error) {
	if portal, err = openRegistration(c, tx); err != nil {
		return portal, "", err
	}
	payload, err := secret.Open(c.Env.Key, registrationPurpose, token, c.Now)
	if err != nil || len(payload) <= 8 || binary.BigEndian.Uint64(payload) != uint64(portal.ID) {
		return portal, "", noRegistration
	}
	email = string(payload[8:])
	taken, err := addressTaken(c, tx, email)
	if err == nil && taken {
		err = noRegistration
	}
	return portal, email, err
}

// ReadRegistration shows whoever has a link what it is for. Reading changes nothing.
var ReadRegistration = &op.Op[RegistrationToken, Registering]{
	Name:     "registration.read",
	Route:    "GET /registration/{token}",
	Doc:      "Shows what a link to register with is for.",
	Open:     "who registers has no account yet; the link's token says whose address it is",
	PageOnly: true,
	Do: func(c *op.Call, in RegistrationToken) (Registering, error) {
		portal, email, err := registering(c, c.Tx, in.Token)
		return Registering{portal.Shown(), email}, err
	},
}

// Registration is what who registers chooses.
type Registration struct {
	Token    string `path:"token" doc:"The token of the link."`
	Name     string `json:"name" doc:"Your name."`
	Password string `json:"password" doc:"Your password."`

	hash string
}

// Check checks the fields.
func (in Registration) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	if in.Password == "" || len(in.Password) > 4000 {
		wrong.Add("password", "Choose a password.")
	}
	return wrong.Err()
}

// Register makes the account of whoever has read the mail, as a learner of the default organization and nothing else (CO-4). They
// sign in with their address, so that a form open to everybody tells nobody which user names there are.
var Register = &op.Op[Registration, Joined]{
	Name:     "registration.finish",
	Route:    "POST /registration/{token}",
	Doc:      "Makes an account of one's own, with a name and a password.",
	Open:     "who registers has no account yet; the link's token says whose address it is",
	PageOnly: true,
	Prepare: func(c *op.Call, in *Registration) error {
		var portal store.Portal
		var email string
		err := c.Read(func(tx *db.Tx) (err error) {
			portal, email, err = registering(c, tx, in.Token)
			return err
		})
		if err != nil {
			return err
		}
		if wrong := PasswordRules(portal).Check(in.Password, in.Name, email, portal.Name, portal.Shown()); len(wrong) > 0 {
			return fail.Wrong("password", "{problems}", "problems", fail.Several{Between: " ", Texts: wrong})
		}
		in.hash, err = c.Env.Hasher.Hash(c, in.Password)
		return err
	},
	Do: register,
}

func register(c *op.Call, in Registration) (out Joined, err error) {
	_, email, err := registering(c, c.Tx, in.Token)
	if err != nil {
		return out, err
	}
	portal := access.System(c.Who.Portal, "self-registration", c.Now)
	org, err := store.DefaultOrganization(c, c.Tx, portal.May(access.AccountAdd))
	if err != nil {
		return out, err
	}
	a, err := store.CreateAccount(c, c.Tx, org, store.NewAccount{Name: form.Tidy(in.Name), Username: email, Email: email, Password: in.hash}, c.Now)
	if err != nil {
		return out, err
	}
	if err := store.Begin(c, c.Tx, store.NewGrant{Account: a.ID, Role: access.Learner, At: org.PlaceThing(), Since: c.Now, By: a.ID}); err != nil {
		return out, err
	}
	c.Who.Account = a.ID
	c.Audit(a.Thing(), a.Name, map[string]any{"organization": org.Name, "registered": true})
	return Joined{ID: a.ID, Name: a.Name, Username: a.Username}, nil
}
