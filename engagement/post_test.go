package engagement_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

func goodPost() engagement.Post {
	return engagement.Post{
		ID: "17", At: published(),
		Destination: sosyal.Destination{Brand: "b", Network: sosyal.Instagram, Account: "a"},
		Features:    sosyal.Features{Network: sosyal.Instagram, Format: sosyal.FormatReel, Category: "how-to"},
		Counts:      sosyal.Counts{sosyal.Reach: 100, sosyal.Impressions: 140, sosyal.Likes: 0},
		Age:         24 * time.Hour,
	}
}

func TestPostsAreValidated(t *testing.T) {
	require.NoError(t, goodPost().Validate())
	for _, c := range []struct {
		field string
		spoil func(p *engagement.Post)
	}{
		{"id", func(p *engagement.Post) { p.ID = "" }},
		{"features.network", func(p *engagement.Post) { p.Features.Network = sosyal.X }},
		{"at", func(p *engagement.Post) { p.At = time.Time{} }},
		{"age", func(p *engagement.Post) { p.Age = -1 }},
		{"features.category", func(p *engagement.Post) { p.Features.Category = sosyal.CategoryID(strings.Repeat("x", 101)) }},
		{"features.template", func(p *engagement.Post) { p.Features.Template = "a\nb" }},
		{"counts.likes", func(p *engagement.Post) { p.Counts[sosyal.Likes] = -1 }},
		{"counts.likes", func(p *engagement.Post) { p.Counts[sosyal.Likes] = math.NaN() }},
		{"counts.likes", func(p *engagement.Post) { p.Counts[sosyal.Likes] = math.Inf(1) }},
	} {
		p := goodPost()
		c.spoil(&p)
		found := sosyal.FieldErrors(p.Validate())
		require.Len(t, found, 1, c.field)
		assert.Equal(t, c.field, found[0].Field)
	}
}

func TestPostsRoundTripThroughJSON(t *testing.T) {
	data, err := json.Marshal(goodPost())
	require.NoError(t, err)
	var read engagement.Post
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, goodPost(), read)
}

func TestHashtags(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                     nil,
		"Yeni serumumuz #CiltBakımı #yaz2026!": {"CiltBakımı", "yaz2026"},
		"#bir#iki #bir":                        {"bir", "iki"},
		"no. #1, #, ## and #a_b":               {"a_b"},
		"#güzellik😀 son":                       {"güzellik"},
	} {
		assert.Equal(t, want, engagement.Hashtags(text), text)
	}
}
