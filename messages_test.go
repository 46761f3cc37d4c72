package sosyal_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(sosyal.StandardMessages(sosyal.English), sosyal.StandardMessages(sosyal.Turkish)))
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

func TestReadMessages(t *testing.T) {
	files := fstest.MapFS{
		"texts/messages_de.json": {Data: []byte(`{"shop.open":"Geöffnet"}`)},
		"texts/messages_fr.json": {Data: []byte(`["Ouvert"]`)},
		"texts/messages_it.json": {Data: []byte(`{}`)},
	}
	german, err := sosyal.ReadMessages(files, "texts", "de")
	assert.NoError(t, err)
	assert.Equal(t, sosyal.Messages{"shop.open": "Geöffnet"}, german)
	for language, want := range map[sosyal.Language]error{
		"es": sosyal.ErrNotFound, "fr": sosyal.ErrInvalid, "it": sosyal.ErrInvalid,
		"/../../texts/messages_de": sosyal.ErrInvalid, "": sosyal.ErrNotFound,
	} {
		m, err := sosyal.ReadMessages(files, "texts", language)
		assert.ErrorIs(t, err, want, language)
		assert.Nil(t, m)
	}
}
