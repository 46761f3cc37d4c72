package upload_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yukselenler/sosyal/audience/upload"
)

// Whatever the text, an accepted address is ASCII, and normalising it again
// changes nothing. Meta's form is no more than trimming and lower case.
func FuzzEmail(f *testing.F) {
	for _, seed := range []string{" John_Smith@Gmail.com ", "a.b+c@googlemail.com", "İ@x.com", "a@b@c", "", "+@gmail.com", "a\u00a0@x.com", "\xff@x.com"} {
		f.Add(seed)
	}
	normalizers := map[upload.Platform]*upload.Normalizer{}
	for _, p := range []upload.Platform{upload.Meta, upload.Google, upload.TikTok} {
		normalizers[p] = normalizer(f, p)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for p, n := range normalizers {
			out, err := n.Normalize(upload.KindEmail, text, "")
			if err != nil {
				continue
			}
			again, err := n.Normalize(upload.KindEmail, out, "")
			if err != nil || again != out {
				t.Errorf("%s: %q became %q and then %q, %v", p, text, out, again, err)
			}
			if strings.Count(out, "@") != 1 || strings.ToLower(out) != out || len(out) != utf8.RuneCountInString(out) {
				t.Errorf("%s: %q became %q", p, text, out)
			}
			if simple := strings.ToLower(strings.Trim(text, " \t\r\n\v\f\u0085\u00a0\ufeff")); p == upload.Meta && !strings.Contains(simple, out) {
				t.Errorf("%q became %q", text, out)
			}
		}
	})
}

// No text of any kind makes a normalizer fail otherwise than by refusing it, and
// what it returns it returns for it again. Keys are hashes, and the hash of a
// hash is itself.
func FuzzIdentifiers(f *testing.F) {
	for _, seed := range []string{"İstanbul", "O'Neil-Öztürk", "0532 123 45 67", "+905321234567", "34349", "TR", "Kadın", "1990-01-05", "\xff\xfe", "\u0307", "Quinn, Jr.", "@AdsAPI", "@@a", "mr. mr. x"} {
		f.Add(seed, "TR")
	}
	var all []*upload.Normalizer
	for _, p := range []upload.Platform{upload.Meta, upload.Google, upload.X} {
		all = append(all, normalizer(f, p))
	}
	kinds := []upload.Kind{
		upload.KindPhone, upload.KindFirstName, upload.KindLastName, upload.KindCity, upload.KindState, upload.KindPostalCode,
		upload.KindCountry, upload.KindGender, upload.KindBirthDate, upload.KindExternalID, upload.KindHandle,
	}
	f.Fuzz(func(t *testing.T, text, region string) {
		for i, n := range all {
			for _, kind := range kinds {
				out, err := n.Normalize(kind, text, region)
				if err == nil && out == "" {
					t.Errorf("%d %s: %q became nothing", i, kind, text)
				}
				if key, err := n.Key(kind, text); err == nil && !key.Plain {
					again, err := n.Key(kind, key.Value)
					if err != nil || again != key || !upload.IsHash(key.Value) {
						t.Errorf("%d %s: %q became %v and then %v, %v", i, kind, text, key, again, err)
					}
				}
				if err != nil || kind == upload.KindBirthDate || kind == upload.KindPhone {
					continue // 19900105 is not a way to write a date, nor a number without plus one to write a phone
				}
				if again, err := n.Normalize(kind, out, region); err == nil && again != out && kind != upload.KindState {
					t.Errorf("%d %s: %q became %q and then %q", i, kind, text, out, again)
				}
			}
		}
	})
}
