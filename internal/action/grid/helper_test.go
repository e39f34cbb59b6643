package grid_test

import (
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

func wantKind(t *testing.T, what string, err error, want fail.Kind) {
	t.Helper()
	if want == -1 && err != nil || want != -1 && (err == nil || fail.Of(err) != want) {
		t.Errorf("%s: %v, want kind %d", what, err, want)
	}
}

func people(t *testing.T, w *worldtest.Test, who string) action.AccountPage {
	t.Helper()
	out, err := action.ListAccounts.Run(t.Context(), w.Env, w.As(who), action.AccountQuery{})
	if err != nil {
		t.Fatalf("%s lists people: %v", who, err)
	}
	return out
}

func firstNames(p action.AccountPage) string {
	var out []string
	for _, a := range p.Items {
		first, _, _ := strings.Cut(a.Name, " ")
		out = append(out, first)
	}
	return strings.Join(out, " ")
}

func inRead[T any](t *testing.T, w *worldtest.Test, do func(*db.Tx) (T, error)) (out T) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) { out, err = do(tx); return err })
	if err != nil {
		t.Fatal(err)
	}
	return out
}
