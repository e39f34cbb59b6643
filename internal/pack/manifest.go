package pack

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"provost/internal/fail"
)

// manifest tells what an archive holds, by the file that its standard names.
func (a *Archive) manifest() (p Package, err error) {
	switch {
	case a.Has("cmi5.xml"):
		p, err = a.cmi5()
	case a.Has("imsmanifest.xml"):
		p, err = a.scorm()
	case a.Has("tincan.xml"):
		p, err = a.xapi()
	default:
		return p, fail.New(fail.Invalid, "This is no package: it holds neither imsmanifest.xml (SCORM) nor cmi5.xml nor tincan.xml at its top.")
	}
	if err != nil {
		return p, err
	}
	p.Title = line(p.Title)
	if len(p.Items) == 0 {
		return p, fail.New(fail.Invalid, "The package names nothing that could be opened.")
	}
	if len(p.Items) > MaxItems {
		return p, fail.New(fail.Invalid, "The package holds more than {n} items.", "n", MaxItems)
	}
	seen := map[string]bool{}
	for i := range p.Items {
		x := &p.Items[i]
		if x.Title = line(x.Title); x.Title == "" {
			x.Title = p.Title
		}
		if x.ID == "" || len(x.ID) > 1000 || seen[x.ID] || !utf8.ValidString(x.ID) || strings.ContainsFunc(x.ID, unicode.IsControl) {
			return p, fail.New(fail.Invalid, "The package names an item twice, or not at all.")
		}
		seen[x.ID] = true
		if len(x.Data) > 64<<10 || len(x.Query) > 4000 {
			return p, fail.New(fail.Invalid, "The package's manifest cannot be read.")
		}
		if !a.Has(x.Path) {
			return p, fail.New(fail.Invalid, "The package opens {name}, which is not in it.", "name", shown(x.Path))
		}
	}
	return p, nil
}

// line is a title in one line, as long as titles are.
func line(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:199]) + "…"
	}
	return s
}

// decode reads XML. There is nothing to expand in it: the decoder knows no entities but the five.
func (a *Archive) decode(name string, into any) error {
	text, err := a.whole(name)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) { return in, nil } // names are compared, not shown, where they are no UTF-8
	if err := d.Decode(into); err != nil {
		return fail.New(fail.Invalid, "The package's manifest cannot be read.")
	}
	return nil
}

// inside is where a manifest's address leads within the archive, and what stands behind it. An address of elsewhere is refused.
func inside(base, href string) (at, query string, err error) {
	u, err := url.Parse(strings.ReplaceAll(strings.TrimSpace(href), `\`, "/"))
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "/") {
		return "", "", fail.New(fail.Invalid, "The package opens {name}, which is not in it.", "name", shown(href))
	}
	if whole, err := url.PathUnescape(base); err == nil {
		base = whole
	}
	at = path.Join(base, u.Path)
	if at == "" || at == "." || strings.HasPrefix(at, "../") || at == ".." || strings.HasPrefix(at, "/") {
		return "", "", fail.New(fail.Invalid, "The package opens {name}, which is not in it.", "name", shown(href))
	}
	if u.RawQuery != "" {
		query = "?" + u.RawQuery
	}
	if u.Fragment != "" {
		query += "#" + u.EscapedFragment()
	}
	return at, query, nil
}

type imsManifest struct {
	Base          string `xml:"base,attr"`
	SchemaVersion string `xml:"metadata>schemaversion"`
	Organizations struct {
		Default string            `xml:"default,attr"`
		List    []imsOrganization `xml:"organization"`
	} `xml:"organizations"`
	Resources struct {
		Base string        `xml:"base,attr"`
		List []imsResource `xml:"resource"`
	} `xml:"resources"`
}

type imsOrganization struct {
	ID    string    `xml:"identifier,attr"`
	Title string    `xml:"title"`
	Items []imsItem `xml:"item"`
}

type imsItem struct {
	ID         string `xml:"identifier,attr"`
	Ref        string `xml:"identifierref,attr"`
	Parameters string `xml:"parameters,attr"`
	Title      string `xml:"title"`
	// Mastery and Data are of 1.2 and 2004, Objective of 2004.
	Mastery   string `xml:"masteryscore"`
	Data12    string `xml:"datafromlms"`
	Data2004  string `xml:"dataFromLMS"`
	Objective struct {
		ByMeasure string `xml:"satisfiedByMeasure,attr"`
		Measure   string `xml:"minNormalizedMeasure"`
	} `xml:"sequencing>objectives>primaryObjective"`
	Items []imsItem `xml:"item"`
}

type imsResource struct {
	ID   string `xml:"identifier,attr"`
	Href string `xml:"href,attr"`
	Base string `xml:"base,attr"`
}

// scorm reads imsmanifest.xml. Of the rules by which 2004 orders items nothing is followed: a learner takes them as they stand.
func (a *Archive) scorm() (p Package, err error) {
	var m imsManifest
	if err := a.decode("imsmanifest.xml", &m); err != nil {
		return p, err
	}
	switch version := strings.TrimSpace(m.SchemaVersion); {
	case version == "1.2" || version == "":
		p.Standard = SCORM12
	case strings.HasPrefix(version, "2004") || strings.HasPrefix(version, "CAM 1.3"):
		p.Standard = SCORM2004
	default:
		return p, fail.New(fail.Invalid, "The package is of a version that is not played here: {version}. SCORM 1.2 and 2004 are.", "version", line(version))
	}
	resources := map[string]imsResource{}
	for _, r := range m.Resources.List {
		resources[r.ID] = r
	}
	var org *imsOrganization
	for i := range m.Organizations.List {
		if o := &m.Organizations.List[i]; org == nil || o.ID == m.Organizations.Default {
			org = o
		}
	}
	if org == nil {
		return p, fail.New(fail.Invalid, "The package names nothing that could be opened.")
	}
	p.Title = org.Title
	base := path.Join(m.Base, m.Resources.Base)
	return p, each(org.Items, 0, func(x imsItem) error {
		r, ok := resources[x.Ref]
		if x.Ref == "" || !ok || r.Href == "" {
			return nil // a heading, or a file that nothing opens
		}
		item := Item{ID: x.ID, Title: x.Title, Data: x.Data12 + x.Data2004, Mastery: mastery(x)}
		if item.Path, item.Query, err = inside(path.Join(base, r.Base), r.Href); err != nil {
			return err
		}
		item.Query = joined(item.Query, strings.TrimLeft(x.Parameters, "?&"))
		p.Items = append(p.Items, item)
		return nil
	})
}

// joined adds an item's parameters to what stands behind its resource's address already.
func joined(query, more string) string {
	query, fragment, _ := strings.Cut(query, "#")
	more, moreFragment, _ := strings.Cut(more, "#")
	if more != "" {
		query = "?" + strings.TrimPrefix(strings.TrimPrefix(query, "?")+"&"+more, "&")
	}
	if fragment = moreFragment + fragment; fragment != "" {
		query += "#" + fragment
	}
	return query
}

func each(items []imsItem, depth int, do func(imsItem) error) error {
	if depth > 50 {
		return fail.New(fail.Invalid, "The package's manifest cannot be read.")
	}
	for _, x := range items {
		if err := do(x); err != nil {
			return err
		}
		if err := each(x.Items, depth+1, do); err != nil {
			return err
		}
	}
	return nil
}

// mastery is the score at which an item is passed.
func mastery(x imsItem) *float64 {
	text, factor := x.Mastery, 1.0
	if text == "" && x.Objective.ByMeasure == "true" {
		if text, factor = x.Objective.Measure, 100; strings.TrimSpace(text) == "" {
			text = "1"
		}
	}
	return percent(text, factor)
}

func percent(text string, factor float64) *float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if n *= factor; err != nil || !(n >= 0 && n <= 100) {
		return nil
	}
	return &n
}

type cmi5Block struct {
	Blocks []cmi5Block `xml:"block"`
	Units  []cmi5Unit  `xml:"au"`
}

type cmi5Unit struct {
	ID      string   `xml:"id,attr"`
	MoveOn  string   `xml:"moveOn,attr"`
	Mastery string   `xml:"masteryScore,attr"`
	Titles  []string `xml:"title>langstring"`
	URL     string   `xml:"url"`
	Data    string   `xml:"launchParameters"`
}

// cmi5 reads cmi5.xml. Units that lie elsewhere than in the archive are refused.
func (a *Archive) cmi5() (p Package, err error) {
	var m struct {
		Course struct {
			Titles []string `xml:"title>langstring"`
		} `xml:"course"`
		cmi5Block
	}
	if err := a.decode("cmi5.xml", &m); err != nil {
		return p, err
	}
	p.Standard, p.Title = CMI5, first(m.Course.Titles)
	var walk func(b cmi5Block, depth int) error
	walk = func(b cmi5Block, depth int) error {
		if depth > 50 {
			return fail.New(fail.Invalid, "The package's manifest cannot be read.")
		}
		for _, u := range b.Units {
			item := Item{ID: u.ID, Title: first(u.Titles), MoveOn: u.MoveOn, Mastery: percent(u.Mastery, 100), Data: u.Data}
			if item.Path, item.Query, err = inside("", u.URL); err != nil {
				return err
			}
			p.Items = append(p.Items, item)
		}
		for _, inner := range b.Blocks {
			if err := walk(inner, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return p, walk(m.cmi5Block, 0)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// xapi reads tincan.xml: its first activity with something to launch.
func (a *Archive) xapi() (p Package, err error) {
	var m struct {
		Activities []struct {
			ID     string   `xml:"id,attr"`
			Names  []string `xml:"name"`
			Launch []string `xml:"launch"`
		} `xml:"activities>activity"`
	}
	if err := a.decode("tincan.xml", &m); err != nil {
		return p, err
	}
	p.Standard = XAPI
	for _, x := range m.Activities {
		if len(x.Launch) == 0 || strings.TrimSpace(x.Launch[0]) == "" {
			continue
		}
		item := Item{ID: strings.TrimSpace(x.ID), Title: first(x.Names)}
		if item.Path, item.Query, err = inside("", x.Launch[0]); err != nil {
			return p, err
		}
		p.Title, p.Items = item.Title, []Item{item}
		break
	}
	return p, nil
}
