package pack

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"provost/internal/fail"
)

type entry struct {
	zip.FileHeader
	text string
}

func file(name, text string) entry {
	return entry{zip.FileHeader{Name: name, Method: zip.Deflate}, text}
}

func packed(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := z.CreateHeader(&e.FileHeader)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func read(t *testing.T, archive []byte) (Package, error) {
	t.Helper()
	return Read(t.Context(), bytes.NewReader(archive), int64(len(archive)))
}

func scorm(version, href string) entry {
	return file("imsmanifest.xml", `<manifest><metadata><schemaversion>`+version+`</schemaversion></metadata><organizations><organization identifier="o"><title>T</title>
		<item identifier="i" identifierref="r"><title>I</title></item></organization></organizations><resources><resource identifier="r" href="`+href+`"/></resources></manifest>`)
}

// Files of QUALITY.md: an archive that climbs out, lies, links, hides or explodes is refused with what is wrong, and so is one that
// opens something elsewhere.
func TestHostileArchivesAreRefused(t *testing.T) {
	good := []entry{scorm("1.2", "index.html"), file("index.html", "<p>")}
	link := file("link", "/etc/passwd")
	link.SetMode(fs.ModeSymlink | 0o777)
	device := file("device", "")
	device.SetMode(fs.ModeDevice | 0o600)
	lie := packed(t, append(good, entry{zip.FileHeader{Name: "lie.bin", Method: zip.Store}, "AAAAAAAAAA"})...)
	broken := bytes.Replace(lie, []byte("AAAAAAAAAA"), []byte("AAAAABAAAA"), 1)
	secret := file("secret", "x")
	secret.Flags = 1
	cases := map[string][]byte{
		"no archive": []byte("PK, or not"), "nothing": nil, "a damaged entry": broken,
		"no manifest":            packed(t, file("index.html", "")),
		"a manifest of no XML":   packed(t, file("imsmanifest.xml", "<manifest"), file("index.html", "")),
		"entities that explode":  packed(t, file("imsmanifest.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><manifest><metadata><schemaversion>&b;</schemaversion></metadata></manifest>`)),
		"a bomb":                 packed(t, append(good, file("zeros", strings.Repeat("\x00", 8<<20)))...),
		"a link":                 packed(t, append(good, link)...),
		"a device":               packed(t, append(good, device)...),
		"encrypted":              packed(t, append(good, secret)...),
		"the same twice":         packed(t, append(good, file("index.html", "other"))...),
		"an unknown version":     packed(t, scorm("3.0", "index.html"), good[1]),
		"nothing to open":        packed(t, scorm("1.2", ""), good[1]),
		"something not there":    packed(t, scorm("1.2", "other.html"), good[1]),
		"something elsewhere":    packed(t, scorm("1.2", "https://evil.test/"), good[1]),
		"something without host": packed(t, scorm("1.2", "//evil.test/index.html"), good[1]),
		"a script":               packed(t, scorm("1.2", "javascript:alert(1)"), good[1]),
		"something above":        packed(t, scorm("1.2", "../index.html"), good[1]),
		"a unit elsewhere":       packed(t, file("cmi5.xml", `<courseStructure><course id="c"><title><langstring>C</langstring></title></course><au id="u"><title><langstring>U</langstring></title><url>https://evil.test/</url></au></courseStructure>`)),
	}
	for _, name := range []string{"../evil", "a/../../evil", "/etc/evil", `..\evil`, `C:\evil`, "C:evil", "a//b", "./a", "a\x00b", "a/./b", strings.Repeat("a", 600)} {
		cases["the name "+name[:min(len(name), 20)]] = packed(t, append(good, file(name, "x"))...)
	}
	long := slices.Clone(good)
	for i := range 9000 {
		long = append(long, entry{zip.FileHeader{Name: strconv.Itoa(i), Comment: strings.Repeat("x", 2000)}, ""})
	}
	cases["a directory that fills the memory"] = packed(t, long...)
	for what, archive := range cases {
		if p, err := read(t, archive); !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %+v %v", what, p, err)
		}
	}
	if _, err := read(t, packed(t, good...)); err != nil {
		t.Errorf("a good one: %v", err)
	}
	// What lies about its size ends where it says: nobody reads more, and the archive is refused.
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range good {
		w, _ := z.CreateHeader(&e.FileHeader)
		_, _ = io.WriteString(w, e.text)
	}
	head := &zip.FileHeader{Name: "short", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte("abc")), CompressedSize64: 10, UncompressedSize64: 3}
	w, err := z.CreateRaw(head)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, "abcdefghij")
	_ = z.Close()
	if _, err := read(t, out.Bytes()); !fail.Is(err, fail.Invalid) {
		t.Errorf("one that lies: %v", err)
	}
}

// What each standard's manifest says of its items.
func TestManifests(t *testing.T) {
	page := file("a b/index.html", "<p>")
	for what, x := range map[string]struct {
		manifest entry
		standard string
		want     Item
	}{
		"SCORM 2004": {file("imsmanifest.xml", `<manifest xml:base="a%20b/" xmlns:imsss="x" xmlns:adlcp="y"><metadata><schemaversion>2004 4th Edition</schemaversion></metadata><organizations default="two">
			<organization identifier="one"><title>One</title></organization><organization identifier="two"><title>Two</title><item identifier="i" identifierref="r" parameters="&amp;lang=de"><title>I</title><adlcp:dataFromLMS>d</adlcp:dataFromLMS>
			<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives></imsss:sequencing></item></organization></organizations>
			<resources><resource identifier="r" href="index.html?x=1#y"/></resources></manifest>`), SCORM2004, Item{ID: "i", Title: "I", Path: "a b/index.html", Query: "?x=1&lang=de#y", Data: "d"}},
		"cmi5": {file("cmi5.xml", `<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"><course id="c"><title><langstring lang="en">C</langstring></title></course><block id="b"><title><langstring>B</langstring></title>
			<au id="https://x.test/au" moveOn="Passed" masteryScore="0.7"><title><langstring>U</langstring></title><url>a%20b/index.html?y=2</url><launchParameters>p</launchParameters></au></block></courseStructure>`), CMI5,
			Item{ID: "https://x.test/au", Title: "U", Path: "a b/index.html", Query: "?y=2", MoveOn: "Passed", Data: "p"}},
		"xAPI": {file("tincan.xml", `<tincan><activities><activity id="https://x.test/a" type="course"><name>A</name><launch lang="en">a%20b/index.html</launch></activity></activities></tincan>`), XAPI,
			Item{ID: "https://x.test/a", Title: "A", Path: "a b/index.html"}},
	} {
		p, err := read(t, packed(t, x.manifest, page))
		if err != nil || p.Standard != x.standard || len(p.Items) != 1 {
			t.Errorf("%s: %+v %v", what, p, err)
			continue
		}
		got := p.Items[0]
		if x.standard != XAPI && (got.Mastery == nil || *got.Mastery != 70) {
			t.Errorf("%s: mastery %v", what, got.Mastery)
		}
		if got.Mastery = nil; got != x.want {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// An entry is read from any place, as browsers ask for parts of a film.
func TestEntryIsReadFromAnyPlace(t *testing.T) {
	archive := packed(t, file("film.mp4", "0123456789"))
	a, err := Open(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	e, err := a.Entry("film.mp4")
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, from := range []int64{7, 2, 2, 0, 10} {
		if _, err := e.Seek(from, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if rest, err := io.ReadAll(e); err != nil || string(rest) != "0123456789"[from:] {
			t.Errorf("from %d: %q %v", from, rest, err)
		}
	}
}
