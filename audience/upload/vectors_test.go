package upload_test

import (
	"encoding/csv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
	"github.com/yukselenler/sosyal/internal/realdatatest"
)

func normalizer(tb testing.TB, p upload.Platform) *upload.Normalizer {
	tb.Helper()
	n, err := facts(tb, p).Normalizer()
	require.NoError(tb, err)
	return n
}

func facts(tb testing.TB, p upload.Platform) upload.PlatformFacts {
	tb.Helper()
	all, err := upload.StandardFacts()
	require.NoError(tb, err)
	f, ok := all.Platform(p)
	require.True(tb, ok, p)
	return f
}

// vector is an identifier, the text that the platform hashes and its SHA-256.
type vector struct {
	platform         upload.Platform
	field, in, plain string
	hash             string
}

// Published by the platforms, or seen by running their own code; typed in here so
// that the test does not depend on the file.
func published() []vector {
	return []vector{
		{upload.Meta, "email", " John_Smith@Gmail.com ", "john_smith@gmail.com", "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"},
		{upload.Meta, "phone", "+90 (532) 123 45 67", "905321234567", "7e3308159fc7cca243cef8a01acc25f18cd62d0d1ad92a6d38c3107d9aa3d8cc"},
		{upload.Meta, "first_name", "İbrahim", "i\u0307brahim", "f918b8fe06e37aa78f014ae71dc2eded9a3b4f83451df1f03bb9c486cec9f811"},
		{upload.Meta, "first_name", "IŞIL", "işil", "89387aac2e9b0943a2bff6b85728fe88cff9084bbf2a6853e328e5a4cd7b5f29"},
		{upload.Meta, "last_name", "O'Neil-Öztürk", "oneilöztürk", "a9b1696d0ce8d76fd94e15d4bb91e4d7dd7c3c0ffc33516e8a21472a099387e5"},
		{upload.Meta, "city", "İstanbul", "stanbul", "03189c78cc90a3fa96dbc08a42792d8db38c22b0a5c18b7e8bc83353cf1ffa50"},
		{upload.Meta, "city", "Şişli", "ili", "c4d56ba544c094023d187a98164d0b37d8a57736e261dd505b5a1f441ccebf82"},
		{upload.Google, "email", "Cloudy.SanFrancisco+shopping@gmail.com", "cloudysanfrancisco@gmail.com", "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4"},
		{upload.Google, "email", "  ALEXZ@example.com   ", "alexz@example.com", "509e933019bb285a134a9334b8bb679dff79d0ce023d529af4bd744d47b4fd8a"},
		{upload.Google, "phone", "+1 800-555-0100", "+18005550100", "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30"},
		{upload.TikTok, "email", "JaneDoe@gmail.com", "janedoe@gmail.com", "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69"},
		{upload.TikTok, "phone", "+374-93-828222", "37493828222", "65b7e6dcf6f4310f8d7cbfbd78289a753062fb054d6664fb9aaac5df66a422d4"},
		{upload.X, "handle", "@AdsAPI", "adsapi", "49e0be2aeccfb51a8dee4c945c8a70a9ac500cf6f5cb08112575f74db9b1470d"},
		{upload.Snap, "email", "Person@Example.com", "person@example.com", "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"},
		{upload.Snap, "phone", "+44 844 412 4653", "448444124653", "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383"},
	}
}

func TestPublishedVectors(t *testing.T) {
	for _, v := range published() {
		n := normalizer(t, v.platform)
		plain, err := n.Normalize(upload.Kind(v.field), v.in, "")
		require.NoError(t, err, v)
		assert.Equal(t, v.plain, plain, v)
		key, err := n.Key(upload.Kind(v.field), v.in)
		require.NoError(t, err, v)
		assert.Equal(t, upload.Key{Kind: upload.Kind(v.field), Value: v.hash}, key, v)
	}
}

// deliberate are the vectors that are not reproduced, because Meta's code guesses
// wrongly there or refuses what can be understood. got is what comes out here
// instead; empty where the text is refused.
func deliberate() map[string]struct{ got, why string } {
	return map[string]struct{ got, why string }{
		"meta phone 0532 123 45 67": {
			"905321234567", "a domestic number is completed by the country it is written by; Meta's code hashes it without the calling code, which no account has",
		},
		"meta country Turkey":           {"", "countries are ISO codes, not names: one spelling more and the guess is wrong"},
		"meta country Türkiye":          {"", "as Turkey"},
		"meta country Turkiye":          {"", "as Turkey; Meta's code makes it tu, which is no country"},
		"meta gender Kadın":             {"f", "Turkish words are understood; Meta's code refuses them"},
		"meta date_of_birth 05.01.1990": {"", "birth dates are dates; Meta's code reads 1 May"},
	}
}

// kindOf is the kind of a field of the file.
func kindOf(field string) upload.Kind {
	switch field {
	case "given_name":
		return upload.KindFirstName
	case "family_name":
		return upload.KindLastName
	case "zip_code", "postal_code":
		return upload.KindPostalCode
	case "region_code":
		return upload.KindCountry
	case "date_of_birth":
		return upload.KindBirthDate
	}
	return upload.Kind(field)
}

// phoneRegionOf is the country by whose rules a number of the file is written;
// international ones with plus need none.
func phoneRegionOf(in string) string {
	switch in {
	case "0532 123 45 67", "00905321234567":
		return "TR"
	case "14155550100", "1 800 555 0100":
		return "US"
	}
	return ""
}

func TestAllVectorsAreAccountedFor(t *testing.T) {
	rows, err := csv.NewReader(realdatatest.Open(t, "audience-hash/vectors.csv")).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"platform", "field", "input", "normalized", "sha256_hex", "source"}, rows[0])
	require.Len(t, rows, 56)
	left := deliberate()
	exact, refused := 0, 0
	for _, row := range rows[1:] {
		name := row[0] + " " + row[1] + " " + row[2]
		n := normalizer(t, upload.Platform(row[0]))
		kind := kindOf(row[1])
		plain, err := n.Normalize(kind, row[2], phoneRegionOf(row[2]))
		if own, different := deliberate()[name]; different {
			delete(left, name)
			assert.Equal(t, own.got, plain, name)
			assert.NotEqual(t, row[3], plain, "%s: a difference that is none must not be listed", name)
			if own.got == "" {
				assert.ErrorIs(t, err, sosyal.ErrInvalid, name)
			}
			continue
		}
		if row[3] == "" {
			assert.ErrorIs(t, err, sosyal.ErrInvalid, name)
			refused++
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, row[3], plain, name)
		keys, err := n.Keys(only(kind, row[2], phoneRegionOf(row[2])))
		require.NoError(t, err, name)
		if kind == upload.KindFirstName || kind == upload.KindLastName || kind == upload.KindPostalCode || kind == upload.KindCountry {
			if row[0] == "google" { // sent together only
				assert.Empty(t, keys, name)
				key, err := n.Key(kind, row[2])
				require.NoError(t, err, name)
				keys = []upload.Key{key}
			}
		}
		want := upload.Key{Kind: kind, Value: row[4]}
		if row[4] == "" {
			want = upload.Key{Kind: kind, Value: row[3], Plain: true}
		}
		assert.Equal(t, []upload.Key{want}, keys, name)
		exact++
	}
	assert.Empty(t, left, "listed as different but not in the file")
	assert.Equal(t, []int{47, 2, 6}, []int{exact, refused, len(deliberate())}, "exact, refused as there, deliberately different")
}

// only is one identifier.
func only(kind upload.Kind, text, region string) upload.Identifiers {
	id := upload.Identifiers{PhoneRegion: region}
	switch kind {
	case upload.KindEmail:
		id.Emails = []string{text}
	case upload.KindPhone:
		id.Phones = []string{text}
	case upload.KindFirstName:
		id.FirstName = text
	case upload.KindLastName:
		id.LastName = text
	case upload.KindCity:
		id.City = text
	case upload.KindState:
		id.State = text
	case upload.KindPostalCode:
		id.PostalCode = text
	case upload.KindCountry:
		id.Country = text
	case upload.KindGender:
		id.Gender, _ = upload.ParseGender(text)
	case upload.KindBirthDate:
		id.Born, _ = sosyal.ParseDate(text)
	case upload.KindExternalID:
		id.ExternalID = text
	case upload.KindHandle:
		id.Handle = text
	}
	return id
}
