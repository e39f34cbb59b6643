package file

import (
	"bufio"
	"image"
	_ "image/gif"  // the pictures that are shown: these three, and no other
	_ "image/jpeg" // see above
	_ "image/png"  // see above
	"io"
)

// maxPixels bounds the pictures that are decoded, and so shown: what is larger is kept as any other file.
const maxPixels = 24 << 20

// decoding lets two pictures be decoded at a time, so that many at once do not take the memory.
var decoding = make(chan struct{}, 2)

// Picture is the media type of a picture that browsers show safely: image/png, image/jpeg or image/gif, found by decoding it
// whole, whatever it is called. It is empty for anything else.
func (f *Folder) Picture(hash string) (string, error) {
	in, err := f.Open(hash)
	if err != nil {
		return "", err
	}
	defer in.Close()
	size, kind, err := image.DecodeConfig(bufio.NewReader(in))
	if err != nil || size.Width < 1 || size.Height < 1 || int64(size.Width)*int64(size.Height) > maxPixels {
		return "", nil //nolint:nilerr // it is no picture, and that is the answer
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	if _, again, err := image.Decode(bufio.NewReader(in)); err != nil || again != kind {
		return "", nil //nolint:nilerr // see above
	}
	return "image/" + kind, nil
}
