package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"provost/internal/fail"
)

// What a token is for stands in front of it, so that a person or a scanner knows one that has leaked.
const (
	Session    = "pvs_"
	API        = "pvt_"
	Reset      = "pvr_"
	Invitation = "pvi_"
)

// NewToken makes a token of 256 random bits, and the hash under which it is stored: the token itself is kept nowhere.
func NewToken(prefix string) (token string, hash []byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	token = prefix + base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// HashToken is the SHA-256 of a token. A token cannot be guessed, so no slow hash is needed, and it can be looked up.
func HashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// NewKey makes a key for Sign.
func NewKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}

// Sign makes a token that carries a payload until a moment, for one purpose. Whoever holds the token can read the
// payload. It panics on a key of less than 32 bytes.
func Sign(key []byte, purpose string, payload []byte, until time.Time) string {
	body := binary.BigEndian.AppendUint64(nil, uint64(until.UnixMicro()))
	body = append(body, payload...)
	b64 := base64.RawURLEncoding
	return b64.EncodeToString(body) + "." + b64.EncodeToString(mac(key, purpose, body))
}

// Open gives the payload of a token that Sign made with the same key for the same purpose, until its moment. Any
// other token is answered alike, as SignIn, but for one that was good and has ended.
func Open(key []byte, purpose, token string, now time.Time) ([]byte, error) {
	first, second, _ := strings.Cut(token, ".")
	body, err := base64.RawURLEncoding.Strict().DecodeString(first)
	sum, err2 := base64.RawURLEncoding.Strict().DecodeString(second)
	if err != nil || err2 != nil || len(body) < 8 || !hmac.Equal(sum, mac(key, purpose, body)) {
		return nil, fail.New(fail.SignIn, "This link is not valid.")
	}
	if until := int64(binary.BigEndian.Uint64(body)); now.UnixMicro() >= until {
		return nil, fail.New(fail.SignIn, "This link has ended. Please open it anew.")
	}
	return body[8:], nil
}

// mac binds a body to its purpose: the purpose's length stands first, so no other pair makes the same bytes.
func mac(key []byte, purpose string, body []byte) []byte {
	if len(key) < 32 {
		panic("secret: a signing key needs 32 bytes")
	}
	m := hmac.New(sha256.New, key)
	m.Write(binary.BigEndian.AppendUint64([]byte("provost token 1\n"), uint64(len(purpose))))
	m.Write([]byte(purpose))
	m.Write(body)
	return m.Sum(nil)
}
