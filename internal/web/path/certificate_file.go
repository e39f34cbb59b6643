package path

import (
	"bytes"
	"mime"
	"net/url"
	"strings"

	"provost/internal/action/path"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// urlText is a text as a part of an address.
func urlText(s string) string { return url.PathEscape(s) }

// codeOf bounds what was typed as a code; blanks and dashes in it count for nothing.
func codeOf(s string) string {
	s = strings.Join(strings.Fields(s), "")
	if len(s) > 64 {
		s = s[:64]
	}
	if s == "" {
		return "-"
	}
	return s
}

// certificateFile is a certificate to keep, on paper or as a file, in the language of who asks for it.
func certificateFile(q *shell.Req) error {
	t, err := shell.Run(q, path.ShowCertificate)
	if err != nil {
		return err
	}
	if !t.Counts {
		return fail.New(fail.Conflict, "This certificate does not count any more.")
	}
	file, err := certificatePDF(q.View, t)
	if err != nil {
		return err
	}
	q.W.Header().Set("Content-Type", "application/pdf")
	q.W.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": q.T("Certificate") + " " + t.Course + ".pdf"}))
	q.W.Header().Set("Cache-Control", "no-store")
	_, err = q.W.Write(file)
	return err
}

// certificatePDF writes a certificate on one sheet.
func certificatePDF(v page.View, t path.Certificate) ([]byte, error) {
	f := fpdf.New("L", "mm", "A4", "")
	f.SetCreationDate(t.Given)
	f.SetModificationDate(t.Given)
	f.SetTitle(v.T("Certificate")+": "+t.Course, true)
	f.SetAuthor(v.Portal, true)
	f.AddUTF8FontFromBytes("go", "", goregular.TTF)
	f.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	f.SetAutoPageBreak(false, 0)
	f.AddPage()
	f.SetDrawColor(90, 90, 90)
	f.Rect(10, 10, 277, 190, "D")
	f.Rect(12, 12, 273, 186, "D")
	line := func(y, size float64, style, text string) {
		f.SetFont("go", style, size)
		for size > 8 && len(f.SplitText(text, 240)) > 2 { // a long name in smaller letters, on two lines at most
			size--
			f.SetFontSize(size)
		}
		for i, part := range f.SplitText(text, 240) {
			if i == 2 {
				break
			}
			f.SetXY(18.5, y+float64(i)*size*0.45)
			f.CellFormat(260, size*0.45, part, "", 0, "C", false, 0, "")
		}
	}
	line(30, 14, "", v.Portal)
	line(48, 34, "B", v.T("Certificate"))
	line(78, 26, "B", t.Name)
	line(104, 14, "", v.T("has completed the course"))
	line(116, 22, "B", t.Course)
	line(142, 14, "", v.T("on {date}", "date", v.Date(t.Completed)))
	if t.Until != nil {
		line(152, 11, "", v.T("It counts until {date}.", "date", v.Date(*t.Until)))
	}
	line(176, 9, "", v.T("Code: {code}", "code", t.Code))
	line(183, 9, "", v.T("To verify it: {url}", "url", t.URL))
	var out bytes.Buffer
	err := f.Output(&out)
	return out.Bytes(), err
}
