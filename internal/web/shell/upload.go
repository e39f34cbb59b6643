package shell

import (
	"io"
	"strconv"

	"provost/internal/op"
)

// receive puts the files of a form into the fields of an operation's input that take them: `file:"name"`.
func (q *Req) receive(in any) {
	if q.R.MultipartForm == nil {
		return
	}
	op.EachUpload(in, func(name string, field any) {
		var list []op.Upload
		for _, f := range q.R.MultipartForm.File[name] {
			if f.Filename != "" || f.Size > 0 { // else a field in which nothing was chosen
				list = append(list, op.NewUpload(f.Filename, f.Size, func() (io.ReadCloser, error) { return f.Open() }))
			}
		}
		switch to := field.(type) {
		case *[]op.Upload:
			*to = list
		case *op.Upload:
			if len(list) > 0 {
				*to = list[0]
			}
		}
	})
}

// forget deletes what a form with files left on the disk.
func (q *Req) forget() {
	if q.R.MultipartForm != nil {
		_ = q.R.MultipartForm.RemoveAll() // what cannot be deleted lies in the folder for temporary files
	}
}

// SendHead writes the head of an answer that is a file: it is saved, or shown where it is a picture, and runs nothing.
func (q *Req) SendHead(f op.File) {
	h := q.W.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", f.Disposition())
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	if f.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	}
}
