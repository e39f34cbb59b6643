package store

// Brand is what a portal shows itself as while it resells under its own brand.
type Brand struct {
	// On: the rest counts, and there may be partial administrators (XA-1).
	On bool `json:"on,omitempty"`
	// Name is shown instead of the portal's name; empty for the portal's own.
	Name string `json:"name,omitempty"`
	// Accent is the colour of links and buttons, as #rrggbb; empty for the colour that every portal has.
	Accent string `json:"accent,omitempty"`
	// Logo is the hash of its image; empty for none.
	Logo string `json:"logo,omitempty"`
	// SenderName and SenderAddress are who mails come from; empty for the server's own.
	SenderName    string `json:"sender_name,omitempty"`
	SenderAddress string `json:"sender_address,omitempty"`
}

// Shown is the name that people read on pages and in mails.
func (p Portal) Shown() string {
	if b := p.Settings.Brand; b.On && b.Name != "" {
		return b.Name
	}
	return p.Name
}

// Sender is who the portal's mails come from; empty for the server's own.
func (p Portal) Sender() (name, address string) {
	b := p.Settings.Brand
	if !b.On {
		return "", ""
	}
	if name = b.SenderName; name == "" {
		name = b.Name
	}
	return name, b.SenderAddress
}
