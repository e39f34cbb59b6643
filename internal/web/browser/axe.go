package browser

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// axe-core is not kept in this repository: it is fetched from npm once, into the user's cache.
const axeVersion = "4.14.1"

const axeRun = `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations.flatMap(
	v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + ": " + n.html.slice(0, 160) + ": " + n.failureSummary)))`

var loadAxe = sync.OnceValues(fetchAxe)

func axe(t *testing.T) string {
	t.Helper()
	script, err := loadAxe()
	if err != nil {
		t.Fatalf("axe-core: %v", err)
	}
	return script
}

func fetchAxe() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "provost-test")
	file := filepath.Join(dir, "axe-core-"+axeVersion+".tgz")
	if script, err := unpackAxe(file); err == nil {
		return script, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	pack := exec.Command("npm", "pack", "--silent", "--pack-destination", dir, "axe-core@"+axeVersion)
	if out, err := pack.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack: %w: %s", err, out)
	}
	return unpackAxe(file)
}

func unpackAxe(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	for files := tar.NewReader(zipped); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return "", errors.New("no axe.min.js in the package")
		}
		if err != nil {
			return "", err
		}
		if h.Name == "package/axe.min.js" {
			script, err := io.ReadAll(files)
			return string(script), err
		}
	}
}
