package upload_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience/upload"
)

func sensitive(t *testing.T) upload.Sensitive {
	t.Helper()
	s, err := upload.StandardSensitive()
	require.NoError(t, err)
	return s
}

func TestSensitiveNamesInEnglishAndTurkish(t *testing.T) {
	for name, want := range map[string]upload.Category{
		"health": "health", "sağlık_durumu": "health", "SAĞLIĞI": "health", "hastalıkGeçmişi": "health", "kanGrubu": "health",
		"Blood Type": "health", "diabetic": "health", "engelli_mi": "health", "hamilelik": "health", "S\u0327eker hastas\u0131": "health",
		"religion": "religion", "din": "religion", "dini_inanç": "religion", "mezhebi": "religion",
		"political_view": "politics", "siyasi görüş": "politics", "SİYASET": "politics", "oy_tercihi": "politics",
		"sexual_orientation": "sexual_orientation", "cinsel_yönelim": "sexual_orientation", "lgbtq": "sexual_orientation",
		"ethnicity": "ethnicity", "etnik_köken": "ethnicity", "ırk": "ethnicity", "uyruğu": "ethnicity",
		"trade_union_member": "trade_union", "sendika_üyeliği": "trade_union", "unionMember": "trade_union",
		"debt_level": "financial_distress", "borç": "financial_distress", "creditScore": "financial_distress", "kredi notu": "financial_distress",
		"gelir_düzeyi": "financial_distress", "icra_dosyası": "financial_distress",
		"sabıka_kaydı": "criminal_record", "parmak_izi": "biometric",
	} {
		found := sensitive(t).Find([]string{"orders", name})
		if assert.Len(t, found, 1, name) {
			assert.Equal(t, upload.Finding{Attribute: name, Index: 1, Category: want}, found[0])
		}
	}
	harmless := []string{
		"orders", "spent", "last_order_days", "city", "şehir", "country", "favourite_category", "en sevdiği kategori",
		"gender", "cinsiyet", "age", "yaş", "screen_orientation", "dining_table", "dinlenme", "rum_cocktail", "selection", "seçenek",
		"product_vote", "brace", "interlace", "irkutsk", "tanıtım", "partner", "credit_card_used", "kredi_kartı", "sunflower", "",
	}
	assert.Empty(t, sensitive(t).Find(harmless))
}

func TestSensitiveSegmentsAreRefused(t *testing.T) {
	s, meta, tiktok := sensitive(t), facts(t, upload.Meta), facts(t, upload.TikTok)
	assert.NoError(t, s.Check([]string{"orders", "city"}, meta, false))

	err := s.Check([]string{"orders", "kan_grubu", "din"}, meta, false)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.Equal(t, []sosyal.FieldError{
		{Field: "attributes[1]", Rule: "must not be about health, which meta forbids", Value: "kan_grubu"},
		{Field: "attributes[2]", Rule: "must not be about religion without an exception that the policy allows", Value: "din"},
	}, sosyal.FieldErrors(err))

	err = s.Check([]string{"kan_grubu", "din"}, meta, true)
	require.Len(t, sosyal.FieldErrors(err), 1, "no exception moves a platform")
	assert.Equal(t, "attributes[0]", sosyal.FieldErrors(err)[0].Field)
	assert.NoError(t, s.Check([]string{"kan_grubu", "din"}, tiktok, true))
	assert.Error(t, s.Check([]string{"kan_grubu"}, tiktok, false))
	assert.Len(t, sosyal.FieldErrors(s.Check([]string{"health", "debt", "din", "siyaset", "cinsel yönelim", "ırk", "sendika"}, facts(t, upload.Google), true)), 7)
}

func TestHostsNameTheirOwn(t *testing.T) {
	s, err := sensitive(t).With("health", "score7", "gluten*")
	require.NoError(t, err)
	assert.Len(t, s.Find([]string{"score7", "glutensiz", "score8"}), 2)
	assert.Empty(t, sensitive(t).Find([]string{"score7"}), "the list that was given stays as it is")
	_, err = sensitive(t).With("health", "*")
	assert.ErrorIs(t, err, sosyal.ErrInvalid, "a name of nothing would be everything")
	assert.Empty(t, s.Except("race_bike").Find([]string{"race_bike"}))
	assert.Len(t, s.Except("race_bike").Find([]string{"race"}), 1)
	assert.Empty(t, upload.Sensitive{}.Find([]string{"health"}))
	for _, bad := range []string{"", "{}", `{"categories":[]}`, `{"source":"s","as_of":"x","confidence":"G","categories":[{"category":"","names":["..."]}]}`} {
		_, err := upload.ReadSensitive(strings.NewReader(bad))
		assert.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}
