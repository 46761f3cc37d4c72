package sosyal_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func caption(text string) sosyal.ContentHash {
	return sosyal.NewContentHasher("v1", "post").Text("caption", text).Sum()
}

func TestAContentHashIsTheSHA256OfLengthPrefixedParts(t *testing.T) {
	var bytes []byte
	for _, part := range []string{"v1", "post", "caption", "text", "1", "İndirim", "price", "money", "2", "12.5", "TRY"} {
		bytes = binary.BigEndian.AppendUint64(bytes, uint64(len(part)))
		bytes = append(bytes, part...)
	}
	sum := sha256.Sum256(bytes)
	price, err := sosyal.NewMoney(decimal.RequireFromString("12.50"), "TRY")
	require.NoError(t, err)
	got := sosyal.NewContentHasher("v1", "post").Text("caption", "İndirim").Money("price", price).Sum()
	assert.Equal(t, sosyal.ContentHash("v1:"+hex.EncodeToString(sum[:])), got)
	assert.Equal(t, "v1", got.Version())
	require.NoError(t, got.Validate())
}

func TestTextsThatLookAlikeHashAlike(t *testing.T) {
	for name, text := range map[string]string{
		"decomposed letters":        "Cilt bakımı\nI\u0307yi fiyat",
		"line ends of Windows":      "Cilt bakımı\r\nİyi fiyat",
		"white space at line ends":  "Cilt bakımı  \nİyi fiyat\t",
		"white space at both ends":  "\n Cilt bakımı\nİyi fiyat\n\n",
		"line ends of old Macs":     "Cilt bakımı\rİyi fiyat",
		"no-break space at the end": "Cilt bakımı\u00a0\nİyi fiyat",
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, caption("Cilt bakımı\nİyi fiyat"), caption(text))
		})
	}
}

func TestContentThatDiffersHashesDifferently(t *testing.T) {
	h := func() *sosyal.ContentHasher { return sosyal.NewContentHasher("v1", "post") }
	day := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	seen := map[sosyal.ContentHash]string{}
	for name, sum := range map[string]sosyal.ContentHash{
		"nothing":           h().Sum(),
		"another kind":      sosyal.NewContentHasher("v1", "ad").Sum(),
		"another version":   sosyal.NewContentHasher("v2", "post").Sum(),
		"a text":            h().Text("a", "bc").Sum(),
		"a code":            h().Code("a", "bc").Sum(),
		"a code with space": h().Code("a", "bc ").Sum(),
		"a composed code":   h().Code("a", "\u00e9").Sum(),
		"a decomposed code": h().Code("a", "e\u0301").Sum(),
		"codes":             h().Codes("a", "b", "c").Sum(),
		"other codes":       h().Codes("a", "b", "c ").Sum(),
		"moved boundary":    h().Text("ab", "c").Sum(),
		"two fields":        h().Text("a", "b").Text("c", "d").Sum(),
		"other order":       h().Text("c", "d").Text("a", "b").Sum(),
		"a list":            h().Texts("a", "b", "c").Sum(),
		"a list of one":     h().Texts("a", "bc").Sum(),
		"empty item first":  h().Texts("a", "", "b").Sum(),
		"empty item last":   h().Texts("a", "b", "").Sum(),
		"a number":          h().Int("a", 1).Sum(),
		"a number as text":  h().Text("a", "1").Sum(),
		"a choice":          h().Bool("a", true).Sum(),
		"a choice as text":  h().Text("a", "true").Sum(),
		"an instant":        h().Time("a", day).Sum(),
		"letter case":       h().Text("a", "BC").Sum(),
		"spaces inside":     h().Text("a", "b c").Sum(),
		"two spaces inside": h().Text("a", "b  c").Sum(),
		"a part":            h().Hash("a", caption("x")).Sum(),
		"a month":           h().Period("a", sosyal.Month(2026, time.November)).Sum(),
		"a day":             h().Date("a", sosyal.Month(2026, time.November).From).Sum(),
	} {
		assert.Emptyf(t, seen[sum], "%s and %s", name, seen[sum])
		seen[sum] = name
	}
	istanbul := time.FixedZone("", 3*3600)
	assert.Equal(t, h().Time("a", day).Sum(), h().Time("a", day.In(istanbul)).Sum(), "one instant")
}

func TestEmptyFieldsLeaveNoTrace(t *testing.T) {
	full := sosyal.NewContentHasher("v1", "post").
		Text("a", " ").Texts("b").Int("c", 0).Bool("d", false).Money("e", sosyal.Money{}).
		Time("f", time.Time{}).Period("g", sosyal.Period{}).Hash("h", "").Sum()
	assert.Equal(t, sosyal.NewContentHasher("v1", "post").Sum(), full)
}

func TestWhatIsNotAContentHash(t *testing.T) {
	digits := string(caption("x")[3:])
	for _, h := range []sosyal.ContentHash{
		"", "v1:", sosyal.ContentHash(digits), sosyal.ContentHash("v0:" + digits), sosyal.ContentHash("v01:" + digits),
		sosyal.ContentHash("1:" + digits), sosyal.ContentHash("v1:" + digits[1:]), sosyal.ContentHash("v1:g" + digits[1:]),
	} {
		require.ErrorIs(t, h.Validate(), sosyal.ErrInvalid, "%q", h)
	}
}
