// Package files is what every operation with files has in common: to hand files that came with an input to what holds them, to
// tell of them, and to send one. Who may do so asks for the holder first, within a permission.
package files

import (
	"io"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store/files"
)

// Item is a file, as a list tells of it.
type Item struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size" doc:"In bytes."`
	// Picture: a browser may show it.
	Picture bool   `json:"picture" doc:"It is a picture that may be shown; anything else is saved."`
	Alt     string `json:"alt,omitempty" doc:"What the picture shows."`
}

// Items are files, as a list tells of them; never nil.
func Items(list []files.File) []Item {
	out := make([]Item, len(list))
	for i, f := range list {
		out[i] = Item{f.ID, f.Name, f.Size, f.Type != "", f.Alt}
	}
	return out
}

// Add hands files that came with an input to their holder, which was found before within the permission to change it; alt says
// what a picture among them shows.
func Add(c *op.Call, to files.Holder, alt string, list ...op.Upload) (out []files.File, err error) {
	for _, u := range list {
		if !c.Env.Files.Has(u.Hash) { // asked in the transaction: who sweeps bytes away does so in one, too
			return nil, fail.New(fail.Busy, "The file got lost on its way. Please send it again.")
		}
		f := files.File{Portal: c.Who.Portal, Holder: to, Name: u.Name, Type: u.Type, Size: u.Size, Hash: u.Hash, By: c.Who.Account}
		if u.Type != "" {
			f.Alt = alt
		}
		if f, err = files.Add(c, c.Tx, f, c.Now); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// Send is one file of a holder, which was found before within the permission to read it. A picture may be shown, anything else is
// saved.
func Send(c *op.Call, of files.Holder, id db.ID) (op.File, error) {
	f, err := files.Find(c, c.Tx, of, id)
	if err != nil {
		return op.File{}, err
	}
	if !c.Env.Files.Has(f.Hash) {
		return op.File{}, fail.New(fail.Fault, "the bytes of the file "+f.ID.String()+" are missing")
	}
	kept, hash := c.Env.Files, f.Hash
	out := op.File{Name: f.Name, Type: "application/octet-stream", Size: f.Size, Apart: true, Write: func(w io.Writer) error {
		in, err := kept.Open(hash)
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = io.Copy(w, in)
		return err
	}}
	if f.Type != "" {
		out.Type, out.Inline = f.Type, true
	}
	return out, nil
}

// ByName is a file of a list by its name; nil where there is none.
func ByName(list []Item, name string) *Item {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}
