package planning_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/planning"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func strategyInput(t *testing.T) planning.StrategyInput {
	t.Helper()
	mix, err := sosyal.NewMix(sosyal.Share{Category: "how-to", Share: 1}, sosyal.Share{Category: "offer", Share: 1})
	require.NoError(t, err)
	sales, awareness := revenueGoal(), followerGoal()
	lira := func(text string) sosyal.Money {
		m, err := sosyal.NewMoney(d(text), "TRY")
		require.NoError(t, err)
		return m
	}
	network := func(n sosyal.Network, posts int, revenue string, counts sosyal.Counts) planning.NetworkResult {
		return planning.NetworkResult{
			Destination: sosyal.Destination{Brand: "demo", Network: n, Account: "a"}, Posts: posts, Days: 28, Counts: counts,
			Revenue: lira(revenue), Formats: map[sosyal.Format]int{sosyal.FormatPhoto: posts / 2, sosyal.FormatReel: posts / 2}, Mix: mix,
		}
	}
	return planning.StrategyInput{
		Brand: "demo", Period: sosyal.Month(2026, time.November), Goals: planning.Tree{sales, awareness},
		Networks: []planning.NetworkResult{
			network(sosyal.Instagram, 40, "70000", sosyal.Counts{sosyal.Impressions: 100000}),
			network(sosyal.TikTok, 20, "10000", sosyal.Counts{sosyal.Views: 300000}),
			network(sosyal.X, 40, "20000", sosyal.Counts{}),
		},
		Audiences: []planning.Audience{
			{ID: "new", RevenueShare: 0.1, Objectives: planning.ObjectivesOf("new")},
			{ID: "champions", RevenueShare: 0.5, Objectives: planning.ObjectivesOf("champions")},
			{ID: "active", RevenueShare: 0.2, Objectives: planning.ObjectivesOf("active")},
		},
	}
}

func TestAFewPostsOfOneDayAreNoRhythm(t *testing.T) {
	in := strategyInput(t)
	in.Networks[0].Posts, in.Networks[0].Days = 2, 1
	in.Networks[1].Posts, in.Networks[1].Days = 0, 0
	in.Networks[2].Posts, in.Networks[2].Days = 14, 14
	s, err := planning.PlanChannels(in)
	require.NoError(t, err)
	assert.Equal(t, 1, s.Channels[0].PerWeek, "two posts of a day are not fourteen a week")
	assert.Equal(t, 1, s.Channels[1].PerWeek)
	assert.Equal(t, 7, s.Channels[2].PerWeek)
}

func TestPlanChannels(t *testing.T) {
	s, err := planning.PlanChannels(strategyInput(t))
	require.NoError(t, err)
	require.Len(t, s.Channels, 3)
	instagram, tiktok, x := s.Channels[0], s.Channels[1], s.Channels[2]

	// Revenue per post: Instagram 1,750, TikTok 500, X 500; views per post are
	// TikTok's.
	assert.Equal(t, []sosyal.Objective{sosyal.Sales}, instagram.Objectives)
	assert.Equal(t, []sosyal.Objective{sosyal.Awareness}, tiktok.Objectives)
	assert.Equal(t, []sosyal.SegmentID{"champions", "active"}, instagram.Audiences, "those who buy, the most valuable first")
	assert.Equal(t, []sosyal.SegmentID{"new"}, tiktok.Audiences)
	assert.Len(t, x.Objectives, 1, "a network that leads in nothing still has its best objective")
	assert.Equal(t, 10, instagram.PerWeek)
	assert.Equal(t, 5, tiktok.PerWeek)
	assert.NotEqual(t, instagram.Voice.Register, x.Voice.Register, "each network has a voice of its own")
	for _, c := range s.Channels {
		assert.NotEmpty(t, c.Reasons)
		total := 0.0
		for _, f := range c.Formats {
			total += f.Share
		}
		assert.InDelta(t, 1, total, 1e-9)
	}
}

// Effects move the shares of formats, but never beyond half or double.
func TestPlanChannelsFormats(t *testing.T) {
	in := strategyInput(t)
	in.Networks[0].Analysis = &engagement.Analysis{Groups: []engagement.Group{
		{Dimension: engagement.ByFormat, Value: "reel", Shrunk: engagement.Ratio{Value: 1.5}, Verdict: engagement.Works},
		{Dimension: engagement.ByFormat, Value: "photo", Shrunk: engagement.Ratio{Value: 0.1}, Verdict: engagement.DoesNot},
	}}
	s, err := planning.PlanChannels(in)
	require.NoError(t, err)
	assert.Equal(t, sosyal.FormatReel, s.Channels[0].Formats[0].Format)
	assert.InDelta(t, 1.5/(1.5+0.5), s.Channels[0].Formats[0].Share, 1e-9)
}

func TestPlanChannelsServesEveryObjective(t *testing.T) {
	in := strategyInput(t)
	extra := followerGoal()
	extra.ID, extra.Objective = "traffic", sosyal.Traffic
	in.Goals = append(in.Goals, extra)
	in.Networks[2].Counts = sosyal.Counts{sosyal.LinkClicks: 10}
	s, err := planning.PlanChannels(in)
	require.NoError(t, err)
	served := map[sosyal.Objective]bool{}
	for _, c := range s.Channels {
		for _, o := range c.Objectives {
			served[o] = true
		}
	}
	assert.Equal(t, map[sosyal.Objective]bool{sosyal.Sales: true, sosyal.Awareness: true, sosyal.Traffic: true}, served)
}

func TestPlanChannelsRefuses(t *testing.T) {
	for name, change := range map[string]func(*planning.StrategyInput){
		"another brand": func(in *planning.StrategyInput) { in.Networks[0].Destination.Brand = "other" },
		"no goals":      func(in *planning.StrategyInput) { in.Goals = nil },
		"no networks":   func(in *planning.StrategyInput) { in.Networks = nil },
		"no mix":        func(in *planning.StrategyInput) { in.Networks[0].Mix = nil },
	} {
		in := strategyInput(t)
		change(&in)
		_, err := planning.PlanChannels(in)
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
}

func TestVoices(t *testing.T) {
	voices, err := planning.StandardVoices()
	require.NoError(t, err)
	english := sosyal.NewCatalogue(sosyal.English, planning.Messages(sosyal.English))
	for _, v := range voices {
		assert.NotEqual(t, "register."+v.Register, english.Term("register."+v.Register))
		assert.NotEqual(t, "call."+v.Call, english.Term("call."+v.Call))
	}
	for _, bad := range []string{`{`, `{"voices":[{"network":"x"}]}`, `{"stimmen":[]}`} {
		_, err := planning.ReadVoices(strings.NewReader(bad))
		require.ErrorIs(t, err, sosyal.ErrInvalid)
	}
}

func TestMessagesAgree(t *testing.T) {
	assert.NoError(t, sosyaltest.CheckMessages(planning.Messages(sosyal.English), planning.Messages(sosyal.Turkish)))
	assert.Nil(t, planning.Messages("de"))
}
