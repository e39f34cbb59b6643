package intake

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/imports"
)

// Ops is every operation of imports.
var Ops = []op.Any{ListImports, ShowImport, ListImportMappings, SaveImportMapping, DropImportMapping}

// importBegun is the input of BeginImport.
type importBegun struct {
	*Import
	node string
}

// BeginImport writes down that an import begins. Whether its rows may be written is decided row by row.
var BeginImport = &op.Op[importBegun, imports.Import]{
	Name:     "import.begin",
	Route:    "POST /imports",
	Doc:      "Begins an import.",
	Needs:    importNeeds,
	PageOnly: true,
	Do: func(c *op.Call, in importBegun) (row imports.Import, err error) {
		if !mayImport(c) {
			return row, store.NotAllowed(c.May(access.AccountAdd))
		}
		name := in.Mapping.Name
		if name == "" {
			name = cut(strings.Join(in.Mapping.Files(), ", "))
		}
		row = imports.Import{ID: db.NewID(), Portal: c.Who.Portal, Account: c.Who.Account, By: c.Actor.Name, Name: name, Dry: in.Dry,
			State: store.ImportQueued, Steps: len(in.Mapping.Steps), Result: json.RawMessage("{}"), Node: in.node, Started: c.Now}
		c.Audit(portalThing(c), name, map[string]any{"dry": in.Dry, "steps": row.Steps})
		return row, imports.CreateImport(c, c.Tx, row)
	},
}

// mayImport tells whether the actor may write anything that an import writes.
func mayImport(c *op.Call) bool {
	for _, p := range []*access.Permission{access.AccountAdd, access.CourseCreate, access.CourseConfigure, access.CourseEnrollOthers, access.CourseGrade, access.TeamAddMember, access.AccountRelate} {
		if c.May(p).Any() {
			return true
		}
	}
	return false
}

// ImportItem is one import as lists show it.
type ImportItem struct {
	ID    db.ID             `json:"id"`
	Name  string            `json:"name"`
	By    string            `json:"by"`
	Dry   bool              `json:"dry"`
	State store.ImportState `json:"state"`
	Step  int               `json:"step"`
	Steps int               `json:"steps"`
	// Problem is why it ended, where that is not a problem of its files.
	Problem string     `json:"problem,omitempty"`
	Started time.Time  `json:"started"`
	Ended   *time.Time `json:"ended,omitempty"`
}

// ImportPage are the newest imports.
type ImportPage struct {
	Items []ImportItem `json:"items"`
}

func importItem(row imports.Import) ImportItem {
	out := ImportItem{ID: row.ID, Name: row.Name, By: row.By, Dry: row.Dry, State: row.State, Step: row.Step, Steps: row.Steps,
		Problem: row.Problem, Started: row.Started}
	if !row.Ended.IsZero() {
		out.Ended = &row.Ended
	}
	return out
}

// ListImports are the newest imports that one may see: one's own, and everybody's for who reads the whole audit.
var ListImports = &op.Op[struct{}, ImportPage]{
	Name:  "import.list",
	Route: "GET /imports",
	Doc:   "Lists the newest imports.",
	Needs: []*access.Permission{access.AccountAdd},
	Do: func(c *op.Call, _ struct{}) (out ImportPage, err error) {
		rows, err := imports.ListImports(c, c.Tx, c.May(access.AccountAdd), 50)
		out.Items = make([]ImportItem, len(rows))
		for i, row := range rows {
			out.Items[i] = importItem(row)
		}
		return out, err
	},
}

// ImportID names an import.
type ImportID struct {
	Import db.ID `path:"import" doc:"The import."`
}

// ImportShown is one import with what came of it, file by file.
type ImportShown struct {
	ImportItem
	Result ImportResult `json:"result"`
}

// ShowImport is one import: how far it is, what it did, and the problems of its files by line.
var ShowImport = &op.Op[ImportID, ImportShown]{
	Name:  "import.show",
	Route: "GET /imports/{import}",
	Doc:   "Shows an import: how far it is, what it did, and the problems of its files by line.",
	Needs: []*access.Permission{access.AccountAdd},
	Do: func(c *op.Call, in ImportID) (out ImportShown, err error) {
		row, err := imports.FindImport(c, c.Tx, c.May(access.AccountAdd), in.Import)
		if err != nil {
			return out, err
		}
		out.ImportItem = importItem(row)
		return out, json.Unmarshal(row.Result, &out.Result)
	},
}

// ImportMappingItem is a mapping that the portal remembers.
type ImportMappingItem struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	// Mapping is the text of a mapping file.
	Mapping string `json:"mapping"`
	// Mine: you keep it. By is who else does, where you may see them.
	Mine bool   `json:"mine"`
	By   string `json:"by,omitempty"`
}

// ImportMappings are the mappings that the portal remembers.
type ImportMappings struct {
	Items []ImportMappingItem `json:"items"`
}

// ListImportMappings are the mappings that the portal remembers (CO-4): one's own, or everybody's with who keeps each.
var ListImportMappings = &op.Op[struct{}, ImportMappings]{
	Name:  "import_mapping.list",
	Route: "GET /import-mappings",
	Doc:   "Lists the mappings of columns that you keep; everybody's, where you may add people in the whole portal.",
	Needs: []*access.Permission{access.AccountAdd},
	Do: func(c *op.Call, _ struct{}) (out ImportMappings, err error) {
		rows, err := imports.ListImportMappings(c, c.Tx, c.May(access.AccountAdd))
		if err != nil {
			return out, err
		}
		keepers := make([]access.Place, len(rows))
		for i, row := range rows {
			keepers[i] = access.Place{Kind: access.Account, ID: row.By}
		}
		shown, err := store.ShowPlaces(c, c.Tx, c.Actor, keepers, false)
		out.Items = make([]ImportMappingItem, len(rows))
		for i, row := range rows {
			out.Items[i] = ImportMappingItem{ID: row.ID, Name: row.Name, Mapping: row.Mapping, Mine: row.By == c.By()}
			if by := shown[keepers[i]]; !out.Items[i].Mine && !by.Hidden {
				out.Items[i].By = by.Name
			}
		}
		return out, err
	},
}

// NewImportMapping is a mapping to remember under its name.
type NewImportMapping struct {
	Mapping string `json:"mapping" doc:"The text of a mapping file; a mapping of yours of the same name is replaced."`
}

// Check checks the mapping.
func (in NewImportMapping) Check() error {
	m, err := ParseMapping([]byte(in.Mapping))
	if err == nil && (m.Name == "" || len(m.Name) > 200) {
		err = fail.Wrong("name", "A mapping that is remembered has a name.")
	}
	return err
}

// MappingName is a saved mapping, by name.
type MappingName struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// SaveImportMapping remembers a mapping under its name.
var SaveImportMapping = &op.Op[NewImportMapping, MappingName]{
	Name:  "import_mapping.save",
	Route: "POST /import-mappings",
	Doc:   "Remembers a mapping of columns under its name.",
	Needs: []*access.Permission{access.AccountAdd},
	Do: func(c *op.Call, in NewImportMapping) (out MappingName, err error) {
		within := c.May(access.AccountAdd)
		if !within.Any() {
			return out, store.NotAllowed(within)
		}
		read, err := ParseMapping([]byte(in.Mapping))
		if err != nil {
			return out, err
		}
		c.Audit(portalThing(c), read.Name, nil)
		m, err := imports.SaveImportMapping(c, c.Tx, within, imports.ImportMapping{Name: read.Name, Mapping: in.Mapping, Saved: c.Now}, c.By())
		return MappingName{m.ID, m.Name}, err
	},
}

// ImportMappingID names a mapping.
type ImportMappingID struct {
	Mapping db.ID `path:"mapping" doc:"The mapping."`
}

// DropImportMapping forgets a mapping.
var DropImportMapping = &op.Op[ImportMappingID, MappingName]{
	Name:  "import_mapping.drop",
	Route: "DELETE /import-mappings/{mapping}",
	Doc:   "Forgets a mapping of columns.",
	Needs: []*access.Permission{access.AccountAdd},
	Do: func(c *op.Call, in ImportMappingID) (out MappingName, err error) {
		m, err := imports.FindImportMapping(c, c.Tx, c.May(access.AccountAdd), in.Mapping)
		if err != nil {
			return out, err
		}
		c.Audit(portalThing(c), m.Name, nil)
		return MappingName{m.ID, m.Name}, imports.DropImportMapping(c, c.Tx, m)
	},
}

// PersonCalled is somebody of the portal at a host by their user name, for the command line, which acts as them.
func PersonCalled(ctx context.Context, env *op.Env, host, username string) (who op.Who, err error) {
	err = env.DB.Read(ctx, func(tx *db.Tx) error {
		portal, err := store.PortalAt(ctx, tx, host)
		if err != nil {
			return fail.Missing("portal")
		}
		system := access.System(portal.ID, "the command line", env.Now())
		found, err := store.AccountsNamed(ctx, tx, system.May(access.AccountList), store.AccountKeys{Usernames: []string{db.Key(username)}})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fail.New(fail.NotFound, "There is nobody with the user name “{username}” in {portal}.", "username", username, "portal", portal.Name)
		}
		who = op.Who{Portal: portal.ID, Account: found[0].ID}
		return nil
	})
	return who, err
}
