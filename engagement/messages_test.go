package engagement_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(engagement.Messages(sosyal.English), engagement.Messages(sosyal.Turkish)))
	assert.Nil(t, engagement.Messages("de"))
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
