package engagement_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	english, turkish := engagement.Messages(sosyal.English), engagement.Messages(sosyal.Turkish)
	require.NotEmpty(t, english)
	assert.Nil(t, engagement.Messages("de"))
	assert.Equal(t, slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(turkish)))
	for code := range english {
		assert.Equal(t, english.Placeholders(code), turkish.Placeholders(code), code)
	}
}

func TestEveryReasonHasASentence(t *testing.T) {
	a := plantedAnalysis(t)
	r, err := engagement.Recommend(a, nil, engagement.RecommendOptions{})
	require.NoError(t, err)
	reasons := slices.Concat(a.Reasons, a.Times.Reasons)
	for _, g := range a.Groups {
		reasons = append(reasons, g.Reasons...)
	}
	for _, i := range a.Ignored() {
		reasons = append(reasons, i.Reasons...)
	}
	for _, c := range r.Changes {
		reasons = append(reasons, c.Reasons...)
	}
	for _, l := range []sosyal.Language{sosyal.English, sosyal.Turkish} {
		c := sosyal.NewCatalogue(l, engagement.Messages(l))
		for _, reason := range reasons {
			assert.True(t, c.Has(reason.Code), reason.Code)
			text := c.Text(reason)
			assert.False(t, strings.ContainsAny(text, "{}"), text)
		}
	}
}
