package worldtest

import (
	"testing"

	"provost/internal/fail"
	"provost/internal/op"
)

// Try runs an operation as somebody, by their first name.
func Try[In, Out any](t *testing.T, w *Test, who string, o *op.Op[In, Out], in In) (Out, error) {
	t.Helper()
	return o.Run(t.Context(), w.Env, w.As(who), in)
}

// Must is Try, and ends the test where it fails.
func Must[In, Out any](t *testing.T, w *Test, who string, o *op.Op[In, Out], in In) Out {
	t.Helper()
	out, err := Try(t, w, who, o, in)
	if err != nil {
		t.Fatalf("%s by %s: %v", o.Name, who, err)
	}
	return out
}

// Check wants an error of a kind; -1 is none.
func Check(t *testing.T, what string, err error, want fail.Kind) {
	t.Helper()
	if want == -1 && err != nil || want != -1 && !fail.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}
