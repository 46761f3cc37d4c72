package planning

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

// NetworkResult is what a network brought over the time that the strategy is
// made from. Absent metrics were not reported.
type NetworkResult struct {
	Destination sosyal.Destination
	Posts       int
	// Days is how many days the posts were published over; fewer than fourteen
	// count as fourteen when the posts of a week are taken from them.
	Days   int
	Counts sosyal.Counts // sums over the posts
	// Revenue is that of orders whose link names the network; Orders their number.
	Revenue sosyal.Money
	Orders  int
	// Formats counts the posts by format.
	Formats map[sosyal.Format]int
	// Mix is the content mix that the last analysis recommends for the network.
	Mix sosyal.Mix
	// Analysis is that of the network's own posts, or of all posts where it has
	// too few; nil where there is none.
	Analysis *engagement.Analysis
}

// Audience is a customer segment as far as a strategy needs it.
type Audience struct {
	ID   sosyal.SegmentID
	Name string
	// Size is the number of customers, RevenueShare their part of the revenue.
	Size         int
	RevenueShare float64
	// Objectives are what the segment is addressed for; see [ObjectivesOf].
	Objectives []sosyal.Objective
}

// StrategyInput is what a strategy is made from.
type StrategyInput struct {
	Brand     sosyal.BrandID
	Period    sosyal.Period
	Goals     Tree
	Networks  []NetworkResult
	Audiences []Audience
	// Voices say how the brand speaks on a network. Default: [StandardVoices].
	Voices []Voice
}

// FormatShare is the part of a network's posts that a format should have.
type FormatShare struct {
	Format sosyal.Format `json:"format"`
	Share  float64       `json:"share"`
}

// Channel is the strategy of one network: what it is for, whom it speaks to,
// with what content, in which forms, how often and how.
type Channel struct {
	Destination sosyal.Destination `json:"destination"`
	// Objectives are those that the network serves, the main one first.
	Objectives []sosyal.Objective `json:"objectives"`
	Audiences  []sosyal.SegmentID `json:"audiences,omitempty"`
	Mix        sosyal.Mix         `json:"mix"`
	Formats    []FormatShare      `json:"formats"`
	// PerWeek is the number of posts a week.
	PerWeek int             `json:"per_week"`
	Voice   Voice           `json:"voice"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// Strategy is how the goals of a period are reached.
type Strategy struct {
	Brand    sosyal.BrandID `json:"brand"`
	Period   sosyal.Period  `json:"period"`
	Channels []Channel      `json:"channels"`
}

// PlanChannels makes a strategy of its own for every network.
//
// A network's objectives follow from what it is good at: for each objective of
// the goals the networks are compared by an index, their share of what the
// objective wants (revenue, clicks, interactions, exposure) over their share of
// the posts. A network serves the objectives in which its index is at least 1,
// its best one in any case, and each objective is served by the network that
// leads in it. Metrics that a network does not report leave it out of the
// comparison.
//
// Format shares are the present ones times the formats' shrunk effects, each
// moved by at most half or double. How often a network is posted to stays as it
// was: effects say what works, not how much of it people bear.
func PlanChannels(in StrategyInput) (Strategy, error) {
	if err := in.Validate(); err != nil {
		return Strategy{}, fmt.Errorf("planning channels: %w", err)
	}
	voices := in.Voices
	if voices == nil {
		var err error
		if voices, err = StandardVoices(); err != nil {
			return Strategy{}, err
		}
	}
	strategy := Strategy{Brand: in.Brand, Period: in.Period}
	served := in.serve()
	for i, n := range in.Networks {
		c := Channel{Destination: n.Destination, Mix: n.Mix, PerWeek: n.perWeek(), Voice: voiceOf(voices, n.Destination.Network)}
		for _, s := range served[i] {
			c.Objectives = append(c.Objectives, s.objective)
			c.Reasons = append(c.Reasons, s.reason(n))
		}
		c.Audiences = in.audiencesFor(c.Objectives)
		c.Formats = n.formatShares()
		c.Reasons = append(c.Reasons, n.formatReasons()...)
		c.Reasons = append(c.Reasons, sosyal.Because("planning.cadence", sosyal.CountArg("n", c.PerWeek)))
		strategy.Channels = append(strategy.Channels, c)
	}
	return strategy, nil
}

// Validate reports what no strategy can be made from.
func (in StrategyInput) Validate() error {
	var p sosyal.Problems
	p.Require(in.Brand != "", "brand", "is required", "")
	p.Nest("period", in.Period.Validate())
	p.Nest("goals", in.Goals.Validate())
	p.Require(len(in.Goals) > 0, "goals", "must not be empty", "")
	p.Require(len(in.Networks) > 0, "networks", "must not be empty", "")
	for i, n := range in.Networks {
		field := fmt.Sprintf("networks[%d]", i)
		p.Nest(field+".destination", n.Destination.Validate())
		p.Require(n.Destination.Brand == in.Brand, field+".destination.brand", "must be the strategy's", string(n.Destination.Brand))
		p.Nest(field, n.Mix.Validate())
	}
	return p.Err()
}

// serving is an objective that a network serves, with its index.
type serving struct {
	objective sosyal.Objective
	index     float64
	share     float64
	known     bool
}

func (s serving) reason(n NetworkResult) sosyal.Reason {
	if !s.known {
		return sosyal.Because("planning.objective.assigned", sosyal.TermArg("network", n.Destination.Network), sosyal.TermArg("objective", s.objective))
	}
	return sosyal.Because("planning.objective.index",
		sosyal.TermArg("network", n.Destination.Network), sosyal.TermArg("objective", s.objective),
		sosyal.PercentArg("share", s.share, 1), sosyal.NumberArg("index", s.index, 2), sosyal.CountArg("posts", n.Posts))
}

// serve decides which objectives each network serves, the best index first.
func (in StrategyInput) serve() [][]serving {
	objectives := in.Goals.Objectives()
	all := make([][]serving, len(in.Networks))
	for _, o := range objectives {
		leader, best := -1, math.Inf(-1)
		for i, s := range in.indices(o) {
			all[i] = append(all[i], s)
			if s.known && s.index > best {
				leader, best = i, s.index
			}
		}
		if leader >= 0 {
			all[leader][len(all[leader])-1].index = math.Max(best, 1) // whoever leads serves
		}
	}
	for i := range all {
		slices.SortStableFunc(all[i], func(a, b serving) int { return cmp.Compare(b.index, a.index) })
		end := 1
		for end < len(all[i]) && all[i][end].index >= 1 {
			end++
		}
		all[i] = all[i][:end]
	}
	return all
}

// indices compares the networks in what an objective wants.
func (in StrategyInput) indices(o sosyal.Objective) []serving {
	values := make([]float64, len(in.Networks))
	known := make([]bool, len(in.Networks))
	var sum, posts float64
	for i, n := range in.Networks {
		values[i], known[i] = n.achievement(o)
		if known[i] {
			sum += values[i]
			posts += float64(n.Posts)
		}
	}
	out := make([]serving, len(in.Networks))
	for i, n := range in.Networks {
		out[i] = serving{objective: o}
		if known[i] && sum > 0 && n.Posts > 0 {
			share := values[i] / sum
			out[i] = serving{objective: o, known: true, share: share, index: share / (float64(n.Posts) / posts)}
		}
	}
	return out
}

// achievement is what the network brought of what an objective wants.
func (n NetworkResult) achievement(o sosyal.Objective) (float64, bool) {
	var wanted []sosyal.Metric
	switch o {
	case sosyal.Sales, sosyal.CatalogSales:
		return n.Revenue.Float(), n.Revenue.Currency() != ""
	case sosyal.Leads, sosyal.AppPromotion, sosyal.Traffic:
		wanted = []sosyal.Metric{sosyal.LinkClicks, sosyal.Clicks}
	case sosyal.Engagement:
		wanted = []sosyal.Metric{sosyal.Interactions}
	case sosyal.VideoViews:
		wanted = []sosyal.Metric{sosyal.Views}
	case sosyal.Awareness:
		// Reach, impressions and views are not the same, but each is how many
		// times the network showed the brand.
		wanted = []sosyal.Metric{sosyal.Impressions, sosyal.Views, sosyal.Reach}
	}
	for _, m := range wanted {
		if v, ok := n.Counts.Value(m); ok {
			return v, true
		}
	}
	return 0, false
}

// rhythmDays is how many days at least a rhythm is read from: two posts of one
// day are not fourteen a week.
const rhythmDays = 14

// perWeek is how often the network was posted to, at least once a week.
func (n NetworkResult) perWeek() int {
	return max(1, int(math.Round(float64(n.Posts)*7/float64(max(n.Days, rhythmDays)))))
}

// mostMove is by how much one month's evidence may move a share.
const mostMove = 2.0

// formatShares moves the present shares by what the formats' effects say.
func (n NetworkResult) formatShares() []FormatShare {
	formats := make([]sosyal.Format, 0, len(n.Formats))
	for f, posts := range n.Formats {
		if posts > 0 {
			formats = append(formats, f)
		}
	}
	slices.Sort(formats)
	out := make([]FormatShare, len(formats))
	sum := 0.0
	for i, f := range formats {
		w := float64(n.Formats[f]) * min(max(n.effect(f), 1/mostMove), mostMove)
		out[i] = FormatShare{Format: f, Share: w}
		sum += w
	}
	for i := range out {
		out[i].Share /= sum
	}
	slices.SortStableFunc(out, func(a, b FormatShare) int { return cmp.Compare(b.Share, a.Share) })
	return out
}

// effect is the format's shrunk effect, 1 where nothing is known.
func (n NetworkResult) effect(f sosyal.Format) float64 {
	if n.Analysis == nil {
		return 1
	}
	g, ok := n.Analysis.Group(engagement.ByFormat, string(f))
	if !ok || g.Shrunk.Value <= 0 {
		return 1
	}
	return g.Shrunk.Value
}

// formatReasons gives the analysis' own words on formats that have a verdict.
func (n NetworkResult) formatReasons() []sosyal.Reason {
	if n.Analysis == nil {
		return []sosyal.Reason{sosyal.Because("planning.formats.unknown", sosyal.TermArg("network", n.Destination.Network))}
	}
	var out []sosyal.Reason
	for _, g := range n.Analysis.By(engagement.ByFormat) {
		if n.Formats[sosyal.Format(g.Value)] > 0 && g.Verdict != engagement.NoEvidence {
			out = append(out, g.Reasons...)
		}
	}
	return out
}

// audiencesFor picks the segments that are addressed for the main objective,
// the most valuable first; all of them where none is meant for it.
func (in StrategyInput) audiencesFor(objectives []sosyal.Objective) []sosyal.SegmentID {
	ordered := slices.Clone(in.Audiences)
	slices.SortStableFunc(ordered, func(a, b Audience) int { return cmp.Compare(b.RevenueShare, a.RevenueShare) })
	var out []sosyal.SegmentID
	for _, a := range ordered {
		if len(objectives) > 0 && slices.Contains(a.Objectives, objectives[0]) {
			out = append(out, a.ID)
		}
	}
	if len(out) == 0 {
		for _, a := range ordered {
			out = append(out, a.ID)
		}
	}
	return out
}
