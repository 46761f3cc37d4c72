package engagement

import (
	"maps"
	"math"
	"slices"

	"github.com/yukselenler/sosyal"
)

// Measure is what posts are compared by: a rate, or a count as it stands.
type Measure struct {
	// Rate is a ratio of metrics. Its averaging is the one that Raw results are
	// reported by; adjusted effects are always on the logarithmic scale.
	Rate sosyal.Rate `json:"rate,omitzero"`
	// PerNetwork replaces the rate's denominator on networks that report
	// another. A network's own average is taken out before anything is compared,
	// but networks with different denominators are not compared with each other.
	PerNetwork map[sosyal.Network]sosyal.Metric `json:"per_network,omitempty"`
	// Count is the metric to compare where there is no rate.
	Count sosyal.Metric `json:"count,omitzero"`
}

// ByRate measures posts by a rate.
func ByRate(r sosyal.Rate) Measure { return Measure{Rate: r} }

// ByCount measures posts by a count, such as interactions per post.
func ByCount(m sosyal.Metric) Measure { return Measure{Count: m} }

// ByExposure is interactions over the exposure that each network
// reports: reach on Instagram and Facebook, views on TikTok, YouTube and
// Threads, impressions elsewhere, followers on Mastodon and Bluesky, which
// report no exposure.
func ByExposure() Measure {
	r := sosyal.EngagementRate(sosyal.Impressions, sosyal.GeometricMean)
	r.Name = "engagement_rate_by_exposure"
	return Measure{Rate: r, PerNetwork: map[sosyal.Network]sosyal.Metric{
		sosyal.Instagram: sosyal.Reach, sosyal.Facebook: sosyal.Reach,
		sosyal.TikTok: sosyal.Views, sosyal.YouTube: sosyal.Views, sosyal.Threads: sosyal.Views,
		sosyal.Mastodon: sosyal.Followers, sosyal.Bluesky: sosyal.Followers,
	}}
}

// Name identifies the measure among those of an aggregate: the rate's name or
// the metric's.
func (m Measure) Name() string {
	if m.Count != "" {
		return string(m.Count)
	}
	return m.Rate.Name
}

// Validate reports a measure that is neither or both.
func (m Measure) Validate() error {
	var p sosyal.Problems
	if m.Count != "" {
		p.Require(m.Rate.Name == "" && len(m.PerNetwork) == 0, "count", "must stand alone, without a rate", string(m.Count))
		return p.Err()
	}
	p.Nest("rate", m.Rate.Validate())
	return p.Err()
}

// of returns numerator and denominator of a post; the denominator of a count
// is 1.
func (m Measure) of(n sosyal.Network, c sosyal.Counts) (numerator, denominator float64, ok bool) {
	if m.Count != "" {
		v, ok := c.Value(m.Count)
		return v, 1, ok
	}
	r := m.Rate
	if d, ok := m.PerNetwork[n]; ok {
		r.Denominator = d
	}
	return r.Of(c)
}

// logarithm is the value that effects are estimated on. The half added to the
// numerator keeps posts without any interaction; the 1 added to a denominator
// keeps the small ones from standing out.
func (m Measure) logarithm(numerator, denominator float64) float64 {
	if m.Count != "" {
		return math.Log(numerator + 0.5)
	}
	return math.Log((numerator + 0.5) / (denominator + 1))
}

// denominatorOn returns the denominator on a network.
func (m Measure) denominatorOn(n sosyal.Network) sosyal.Metric {
	if d, ok := m.PerNetwork[n]; ok {
		return d
	}
	return m.Rate.Denominator
}

func (m Measure) equal(other Measure) bool {
	return m.Count == other.Count && maps.Equal(m.PerNetwork, other.PerNetwork) &&
		m.Rate.Name == other.Rate.Name && slices.Equal(m.Rate.Numerator, other.Rate.Numerator) &&
		m.Rate.Denominator == other.Rate.Denominator && m.Rate.Averaging == other.Rate.Averaging
}
