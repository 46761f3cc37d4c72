package reputation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
)

func classify(t *testing.T, text string) reputation.Sentiment {
	t.Helper()
	got, err := reputation.DefaultClassifier().Classify(t.Context(), []string{text})
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.NoError(t, got[0].Validate())
	require.NotEmpty(t, got[0].Model)
	return got[0]
}

func TestMoods(t *testing.T) {
	for text, want := range map[string]reputation.Label{
		"Ürün harika, çok beğendim":             reputation.Positive,
		"URUN HARIKA COK BEGENDIM":              reputation.Positive,
		"ürün çoook güzeeel":                    reputation.Positive,
		"hiç beğenmedim":                        reputation.Negative,
		"beğenmiyorum bu markayı":               reputation.Negative,
		"beğenmişler, ben de denedim":           reputation.Positive, // hearsay, no negation
		"memnun değilim":                        reputation.Negative,
		"memnun kalmadım":                       reputation.Negative,
		"tavsiye etmem":                         reputation.Negative,
		"kesinlikle tavsiye ederim":             reputation.Positive,
		"hiç kötü değil":                        reputation.Positive,
		"kusursuz bir ürün":                     reputation.Positive,
		"kalitesiz":                             reputation.Negative,
		"özensiz paketlenmiş":                   reputation.Negative,
		"bir sorun yok":                         reputation.Positive,
		"pişman olmadım":                        reputation.Positive,
		"işe yaramadı":                          reputation.Negative,
		"bir daha almam":                        reputation.Negative,
		"kargo bugün geldi":                     reputation.Neutral,
		"Bu ürün stokta var mı?":                reputation.Neutral,
		"gece kremi ne zaman gelir":             reputation.Neutral, // "geç" and "zam" are no stems of these
		"yani yanında ne veriyorsunuz":          reputation.Neutral,
		"":                                      reputation.Neutral,
		"😍😍😍":                                   reputation.Positive,
		"kargo 😡":                               reputation.Negative,
		"IĞDIR'dan sipariş verdim, ıssız değil": reputation.Neutral,
		"İğrenç kokuyor":                        reputation.Negative,
		"rengi güzel ama cildimi yaktı, alerji yaptı":   reputation.Negative,
		"I love it, best cream ever":                    reputation.Positive,
		"not good at all":                               reputation.Negative,
		"I don't recommend this":                        reputation.Negative,
		"the package was never bad":                     reputation.Positive,
		"terrible, it gave me a rash":                   reputation.Negative,
		"where is the store in Ankara":                  reputation.Neutral,
		"nice smell but it broke on the first day 😡":    reputation.Negative,
		"@guzelmarka https://x.example/harika bugün mü": reputation.Neutral, // names and addresses are no opinions
	} {
		assert.Equal(t, want, classify(t, text).Label, text)
	}
}

func TestBalancedTextsAreLeftToAPerson(t *testing.T) {
	s := classify(t, "rengi güzel kokusu kötü")
	assert.Equal(t, reputation.Unsure, s.Label)
	assert.Less(t, s.Probability, 0.5)
}

func TestStrongerWordsAreSurer(t *testing.T) {
	assert.Greater(t, classify(t, "rezalet, berbat bir deneyim").Probability, classify(t, "biraz yavaş geldi bu ürün").Probability)
	assert.Greater(t, classify(t, "bu ürün çok güzel").Probability, classify(t, "bu ürün güzel").Probability)
}

func TestLanguages(t *testing.T) {
	assert.Equal(t, sosyal.Turkish, classify(t, "bu krem icin ne dersiniz").Language)
	assert.Equal(t, sosyal.English, classify(t, "this is the best for my skin").Language)
	assert.Empty(t, classify(t, "ok").Language)
}

func TestClassifyKeepsOrderAndHeedsItsContext(t *testing.T) {
	texts := make([]string, 600)
	for i := range texts {
		texts[i] = []string{"harika", "berbat"}[i%2]
	}
	got, err := reputation.DefaultClassifier().Classify(t.Context(), texts)
	require.NoError(t, err)
	for i, s := range got {
		assert.Equal(t, []reputation.Label{reputation.Positive, reputation.Negative}[i%2], s.Label)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = reputation.DefaultClassifier().Classify(cancelled, texts)
	require.ErrorIs(t, err, context.Canceled)
}

func FuzzClassify(f *testing.F) {
	f.Add("Ürün çoook güzeel değil 😡 don't @x https://a")
	f.Add("İİİ ııı I'''n't")
	f.Fuzz(func(t *testing.T, text string) {
		c := reputation.DefaultClassifier()
		got, err := c.Classify(context.Background(), []string{text, strings.ToUpper(text)})
		if err != nil || len(got) != 2 {
			t.Fatalf("%v, %v", got, err)
		}
		for _, s := range got {
			if err := s.Validate(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	c := reputation.DefaultClassifier()
	texts := []string{"Ürün çok güzel ama kargo geç geldi, bir daha almam 😡", "I love it, best cream ever"}
	for b.Loop() {
		if _, err := c.Classify(b.Context(), texts); err != nil {
			b.Fatal(err)
		}
	}
}
