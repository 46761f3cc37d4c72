package reputation_test

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
)

func monday() time.Time { return time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) }

func said(about reputation.Tracked, day int, label reputation.Label, text string) reputation.Mention {
	return reputation.Mention{
		ID: fmt.Sprint(about, day, text), About: about, Network: sosyal.X, At: monday().AddDate(0, 0, day), Text: text,
		Sentiment: reputation.Sentiment{Label: label},
	}
}

func mentions(list []reputation.Mention, err error) iter.Seq2[reputation.Mention, error] {
	return func(yield func(reputation.Mention, error) bool) {
		for _, m := range list {
			if !yield(m, nil) {
				return
			}
		}
		if err != nil {
			yield(reputation.Mention{}, err)
		}
	}
}

func repeat(n int, m reputation.Mention) []reputation.Mention {
	out := make([]reputation.Mention, n)
	for i := range out {
		out[i] = m
	}
	return out
}

func TestShareOfVoice(t *testing.T) {
	var list []reputation.Mention
	for day := range 10 {
		list = append(list, repeat(3, said("own", day, "", ""))...)
		list = append(list, repeat(1, said("rival", day, "", ""))...)
	}
	v, err := reputation.ShareOfVoice(mentions(list, nil), reputation.SummaryOptions{})
	require.NoError(t, err)
	assert.Equal(t, 40, v.N)
	require.Len(t, v.Brands, 2)
	assert.Equal(t, reputation.Tracked("own"), v.Brands[0].About)
	assert.InDelta(t, 0.75, v.Brands[0].Share.Value, 1e-12)
	assert.InDelta(t, 0.75, v.Brands[0].Share.Low, 1e-9, "every day alike: nothing scatters")
	assert.Equal(t, 10, v.Period.Days())
}

// Bursts of talk: the number and the brand's part both vary from day to day far
// more than independent mentions would.
func TestShareOfVoiceIntervalsHoldTheirLevelUnderBursts(t *testing.T) {
	const samples, days = 300, 60
	r := rand.New(rand.NewPCG(1, 1))
	covered := 0
	for range samples {
		var list []reputation.Mention
		for day := range days {
			total := int(math.Exp(3 + 0.5*r.NormFloat64()))
			part := 0.1 + 0.6*r.Float64() // 0.4 in the mean, whatever the volume
			for i := range total {
				about := reputation.Tracked("rival")
				if float64(i) < part*float64(total) {
					about = "own"
				}
				list = append(list, said(about, day, "", ""))
			}
		}
		v, err := reputation.ShareOfVoice(mentions(list, nil), reputation.SummaryOptions{})
		require.NoError(t, err)
		for _, b := range v.Brands {
			if b.About == "own" && b.Share.Low <= 0.42 && 0.42 <= b.Share.High { // rounded up within a day: 0.4 and half a mention of about 23
				covered++
			}
		}
	}
	assert.InDelta(t, 0.95, float64(covered)/samples, 0.04)
}

func TestDaysWithoutMentionsCount(t *testing.T) {
	list := append(repeat(5, said("own", 0, "", "")), said("rival", 29, "", ""))
	period := sosyal.Period{From: date.New(2026, 11, 1), To: date.New(2026, 12, 1)}
	v, err := reputation.ShareOfVoice(mentions(list, nil), reputation.SummaryOptions{Period: period})
	require.NoError(t, err)
	assert.Equal(t, 5, v.N, "what lies outside the period is left out")
	_, err = reputation.ShareOfVoice(mentions(list[:5], nil), reputation.SummaryOptions{})
	require.ErrorIs(t, err, sosyal.ErrInsufficientData, "one day is no scatter")
	period = sosyal.Period{From: date.New(2025, 11, 1), To: date.New(2025, 12, 1)}
	_, err = reputation.ShareOfVoice(mentions(list, nil), reputation.SummaryOptions{Period: period})
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
}

func TestDaysAreThoseOfTheZone(t *testing.T) {
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(t, err)
	var list []reputation.Mention
	for day := range 8 {
		m := said("own", day, reputation.Positive, "")
		m.At = time.Date(2026, 11, 1+day, 22, 0, 0, 0, time.UTC) // 01:00 of the next day in Istanbul
		list = append(list, m)
	}
	v, err := reputation.ShareOfVoice(mentions(list, nil), reputation.SummaryOptions{Zone: zone})
	require.NoError(t, err)
	assert.Equal(t, date.New(2026, 11, 2), v.Period.From)
}

func TestNetSentimentIsGivenInBothDefinitions(t *testing.T) {
	var list []reputation.Mention
	for day := range 10 {
		list = append(list, repeat(4, said("own", day, reputation.Positive, ""))...)
		list = append(list, repeat(3, said("own", day, reputation.Neutral, ""))...)
		list = append(list, repeat(1, said("own", day, reputation.Negative, ""))...)
		list = append(list, repeat(2, said("own", day, reputation.Unsure, ""))...)
	}
	m, err := reputation.NetSentiment(mentions(list, nil), reputation.SummaryOptions{})
	require.NoError(t, err)
	assert.Equal(t, []int{40, 30, 10, 20}, []int{m.Positive, m.Neutral, m.Negative, m.Unsure})
	assert.InDelta(t, 3.0/8, m.OfAll.Value, 1e-12)
	assert.InDelta(t, 3.0/5, m.OfOpinions.Value, 1e-12)

	var silent []reputation.Mention
	for day := range 10 {
		silent = append(silent, said("own", day, reputation.Neutral, ""))
	}
	_, err = reputation.NetSentiment(mentions(silent, nil), reputation.SummaryOptions{})
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
}

func TestSummariesPassErrorsOn(t *testing.T) {
	broken := errors.New("disk")
	_, err := reputation.ShareOfVoice(mentions(nil, broken), reputation.SummaryOptions{})
	require.ErrorIs(t, err, broken)
	_, err = reputation.NetSentiment(mentions(nil, broken), reputation.SummaryOptions{})
	require.ErrorIs(t, err, broken)
	_, err = reputation.Topics(mentions(nil, broken), reputation.TopicOptions{})
	require.ErrorIs(t, err, broken)
	_, err = reputation.ShareOfVoice(mentions(nil, nil), reputation.SummaryOptions{Level: 2})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestTopics(t *testing.T) {
	list := []reputation.Mention{
		said("own", 0, reputation.Negative, "KARGOM gelmedi, kargo nerede? kargo!"),
		said("own", 1, reputation.Negative, "kargonuz çok yavaş"),
		said("own", 2, reputation.Positive, "krem harika, krem gibi krem için"),
	}
	topics, err := reputation.Topics(mentions(list, nil), reputation.TopicOptions{Keywords: []string{"kargo", "Krem"}})
	require.NoError(t, err)
	assert.Equal(t, []reputation.Topic{
		{Keyword: "kargo", Spelling: "kargo", Mentions: 2, Negative: 2, Share: 2.0 / 3},
		{Keyword: "krem", Spelling: "Krem", Mentions: 1, Share: 1.0 / 3},
	}, topics)

	topics, err = reputation.Topics(mentions(list, nil), reputation.TopicOptions{Ignore: []string{"HARİKA"}, Limit: 3})
	require.NoError(t, err)
	var words []string
	for _, topic := range topics {
		words = append(words, topic.Keyword)
	}
	assert.Equal(t, []string{"gelmedi", "kargo", "kargom"}, words, "no small words, equal ones by the alphabet")
	assert.Equal(t, "kargom", topics[2].Spelling)
	_, err = reputation.Topics(mentions(list, nil), reputation.TopicOptions{Limit: -1})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestTopicsAreSpelledAsMostPeopleDo(t *testing.T) {
	list := []reputation.Mention{
		said("own", 0, "", "IŞIKLI KAPATICI nerede, bu çok iyi"),
		said("own", 1, "", "kapatıcı’yı sevdim"),
		said("own", 2, "", "kapatici almak istiyorum"),
		said("own", 3, "", "the SHIPPING is slow and sampuan is not here"),
		said("own", 4, "", "şampuan"),
	}
	topics, err := reputation.Topics(mentions(list, nil), reputation.TopicOptions{})
	require.NoError(t, err)
	spelled := map[string]string{}
	for _, topic := range topics {
		spelled[topic.Keyword] = topic.Spelling
	}
	assert.Equal(t, "kapatıcı", spelled["kapatici"], "two of three write it so")
	assert.Equal(t, "ışıklı", spelled["isikli"])
	assert.Equal(t, "shipping", spelled["shipping"], "an English I has its dot")
	assert.Equal(t, "şampuan", spelled["sampuan"], "of equal ones the one with the hook")
}
