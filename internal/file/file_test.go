package file

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"provost/internal/fail"
)

func put(t *testing.T, f *Folder, bytes string, most int64) (Blob, error) {
	t.Helper()
	return f.Put(t.Context(), strings.NewReader(bytes), most)
}

// bytes are kept whole under their hash, or not at all; what is too large, and what is no name of ours, is refused.
func TestFolderKeepsBytesWhole(t *testing.T) {
	f := At(t.TempDir())
	a, err := put(t, f, "hello", 5)
	if err != nil || a.Size != 5 || !f.Has(a.Hash) {
		t.Fatalf("%+v %v", a, err)
	}
	if b, err := put(t, f, "hello", 5); err != nil || b != a {
		t.Errorf("the same again: %+v %v", b, err)
	}
	if _, err := put(t, f, "hello!", 5); !fail.Is(err, fail.Invalid) {
		t.Errorf("too large: %v", err)
	}
	if left, err := os.ReadDir(f.path + "/" + parts); err != nil || len(left) != 0 {
		t.Errorf("parts that are left: %v %v", left, err)
	}
	for _, hash := range []string{"", "../../etc/passwd", strings.Repeat("g", 64), strings.ToUpper(a.Hash)} {
		if _, err := f.Open(hash); err == nil || f.Has(hash) {
			t.Errorf("%q is opened", hash)
		}
	}
	if wrong := f.Check(t.Context(), a); wrong != "" {
		t.Error(wrong)
	}
	at, _ := f.at(a.Hash)
	if err := os.WriteFile(at, []byte("hullo"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f.Check(t.Context(), a) != "is not what was kept" || At(t.TempDir()).Copy(t.Context(), f, a) == nil {
		t.Error("changed bytes are taken for what was kept")
	}
	seen := 0
	for _, before := range []time.Duration{-time.Hour, time.Hour} {
		if err := f.Each(t.Context(), time.Now().Add(before), func(Blob) error { seen++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if seen != 1 {
		t.Errorf("%d seen, not the one before the later time", seen)
	}
	if err := f.Remove(a.Hash); err != nil || f.Has(a.Hash) || f.Remove(a.Hash) != nil || f.Check(t.Context(), a) != "is missing" {
		t.Errorf("removed: %v", err)
	}
}

// What browsers would run, or read as something else, is no picture; nor is one that would take the memory, or is cut short.
func TestPictureIsFoundByDecodingIt(t *testing.T) {
	f := At(t.TempDir())
	var whole bytes.Buffer
	if err := png.Encode(&whole, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	big := bytes.Clone(whole.Bytes())
	big[18], big[22] = 0xff, 0xff // width and height, in the head
	for text, want := range map[string]string{
		whole.String():      "image/png",
		whole.String()[:40]: "",
		string(big):         "",
		`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`: "",
		"GIF89a/*": "",
		"":         "",
	} {
		b, err := put(t, f, text, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Picture(b.Hash); got != want || err != nil {
			t.Errorf("%.20q: %q %v", text, got, err)
		}
	}
}
