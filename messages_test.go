package sosyal_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/yukselenler/sosyal"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	en, tr := sosyal.StandardMessages(sosyal.English), sosyal.StandardMessages(sosyal.Turkish)
	assert.NotEmpty(t, en)
	assert.Equal(t, slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(tr)))
	for code := range en {
		assert.Equal(t, en.Placeholders(code), tr.Placeholders(code), "%s", code)
		assert.NotEmpty(t, tr[code])
	}
	assert.Nil(t, sosyal.StandardMessages("de"))
}

func TestNamesThatEveryPackageUsesHaveTerms(t *testing.T) {
	var codes []string
	for _, n := range sosyal.Networks() {
		codes = append(codes, string(n))
	}
	for _, f := range sosyal.Formats() {
		codes = append(codes, string(f))
	}
	for _, o := range sosyal.Objectives() {
		codes = append(codes, string(o))
	}
	for _, m := range []sosyal.Metric{
		sosyal.Impressions, sosyal.Reach, sosyal.Views, sosyal.Likes, sosyal.Comments, sosyal.Shares, sosyal.Saves,
		sosyal.Clicks, sosyal.LinkClicks, sosyal.Interactions, sosyal.EngagedUsers, sosyal.Followers,
		sosyal.NewFollowers, sosyal.WatchTime, sosyal.Conversions, sosyal.Spend, sosyal.ConversionValue,
	} {
		codes = append(codes, string(m))
	}
	for _, l := range []sosyal.Language{sosyal.English, sosyal.Turkish} {
		texts := sosyal.NewCatalogue(l, sosyal.StandardMessages(l))
		for _, code := range codes {
			assert.True(t, texts.Has("term."+code), "%s in %s", code, l)
		}
	}
}
