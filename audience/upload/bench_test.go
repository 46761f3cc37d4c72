package upload_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
)

func BenchmarkKey(b *testing.B) {
	for _, c := range []struct {
		name string
		p    upload.Platform
		kind upload.Kind
		text string
	}{
		{"email", upload.Meta, upload.KindEmail, " Ayse.Yilmaz@Ornek.com.tr "},
		{"email_gmail", upload.Google, upload.KindEmail, " Ayse.Yilmaz+Shop@Gmail.com "},
		{"phone_e164", upload.Meta, upload.KindPhone, "+905321234567"},
		{"phone_international", upload.Meta, upload.KindPhone, "+90 (532) 123 45 67"},
		{"name_ascii", upload.Meta, upload.KindLastName, "Yilmaz"},
		{"name_turkish", upload.Meta, upload.KindLastName, "Yılmaz-Öztürk"},
		{"city", upload.Meta, upload.KindCity, "İstanbul"},
		{"country", upload.Meta, upload.KindCountry, "TR"},
		{"hashed", upload.Meta, upload.KindEmail, "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"},
	} {
		b.Run(c.name, func(b *testing.B) {
			n := normalizer(b, c.p)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := n.Key(c.kind, c.text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBare is what no check and no platform's rule costs: the floor of the
// email above.
func BenchmarkBare(b *testing.B) {
	b.ReportAllocs()
	var out string
	for b.Loop() {
		sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(" Ayse.Yilmaz@Ornek.com.tr "))))
		out = hex.EncodeToString(sum[:])
	}
	if len(out) != 64 {
		b.Fatal(out)
	}
}

// BenchmarkExport exports 20,000 people: at first all of them, then nobody,
// because nothing has changed. Reading, normalising, hashing, comparing and the
// state are included; the platform is one in memory.
func BenchmarkExport(b *testing.B) {
	const size = 20_000
	all := make([]upload.Recipient, size)
	for i := range all {
		all[i] = person("p" + strconv.Itoa(i))
		all[i].Identifiers.Phones = []string{"+90532" + strconv.Itoa(1_000_000+i)}
	}
	exporter := func() *upload.Exporter {
		return &upload.Exporter{
			Uploaders: map[upload.Platform]upload.Uploader{upload.Meta: &upload.Memory{}},
			State:     &upload.MemoryState{}, Exports: upload.Exports(&sosyal.MemoryDocuments{}),
		}
	}
	run := func(b *testing.B, e *upload.Exporter, added int) {
		b.Helper()
		x, err := e.Export(b.Context(), ask(all))
		if err != nil || x.Added.Done != added {
			b.Fatal(x.Added, err)
		}
	}
	b.Run("first", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			run(b, exporter(), size)
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		b.ReportAllocs()
		e := exporter()
		run(b, e, size)
		for b.Loop() {
			run(b, e, 0)
		}
	})
}
