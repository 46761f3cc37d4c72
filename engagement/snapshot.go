package engagement

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// Snapshot is the value of one metric of one post at one instant, as the network
// gave it. Values are cumulative since publication and may nevertheless fall,
// when a network removes spam or a like is taken back.
type Snapshot struct {
	Post   string        `json:"post"`
	Metric sosyal.Metric `json:"metric"`
	Value  float64       `json:"value"`
	// At is when the value was captured.
	At time.Time `json:"at"`
	// Native is the network's name for the metric and Version identifies its
	// definition, as in [sosyal.NativeMetric]. Values of different versions are
	// never joined.
	Native  string `json:"native,omitzero"`
	Version string `json:"version,omitzero"`
}

// Validate reports missing parts and values that are no count.
func (s Snapshot) Validate() error {
	var p sosyal.Problems
	p.Require(s.Post != "", "post", "is required", "")
	p.Require(s.Metric != "", "metric", "is required", "")
	p.Require(s.Value >= 0 && !math.IsInf(s.Value, 1), "value", "must be a number from 0", formatNumber(s.Value))
	p.Require(!s.At.IsZero(), "at", "is required", "")
	return p.Err()
}

// compareSnapshots orders by post, metric, time and version.
func compareSnapshots(a, b Snapshot) int {
	return cmp.Or(
		strings.Compare(a.Post, b.Post),
		strings.Compare(string(a.Metric), string(b.Metric)),
		a.At.Compare(b.At),
		strings.Compare(a.Version, b.Version),
	)
}

// ageTolerance is how far, relative to the age asked for, a capture may lie from
// it and stand for it unchanged: collectors run on a schedule and are late.
const ageTolerance = 0.05

// AtAge returns the values of a post at an age, from its snapshots in any order.
//
// A capture within 5 % of the age stands for it, the nearest one. Otherwise the
// value is interpolated between the last capture before and the first after,
// linearly in the logarithm of the age, along which counters grow most evenly.
// Nothing is extrapolated, neither below the first capture nor beyond the last,
// nor across a change of definition: such a metric is absent. Of two captures at
// one instant the later in the slice holds.
func AtAge(published time.Time, snapshots []Snapshot, age time.Duration) sosyal.Counts {
	byMetric := map[sosyal.Metric][]Snapshot{}
	for _, s := range snapshots {
		if s.At.After(published) {
			byMetric[s.Metric] = append(byMetric[s.Metric], s)
		}
	}
	counts := sosyal.Counts{}
	for m, series := range byMetric {
		slices.SortStableFunc(series, func(a, b Snapshot) int { return a.At.Compare(b.At) })
		if v, ok := valueAt(published, series, age); ok {
			counts[m] = v
		}
	}
	return counts
}

func valueAt(published time.Time, ascending []Snapshot, age time.Duration) (float64, bool) {
	near, distance := -1, time.Duration(ageTolerance*float64(age))
	before, after := -1, -1
	for i, s := range ascending {
		a := s.At.Sub(published)
		if d := (a - age).Abs(); d <= distance {
			near, distance = i, d
		}
		if a <= age {
			before = i
		} else if after < 0 {
			after = i
		}
	}
	switch {
	case near >= 0:
		return ascending[near].Value, true
	case before < 0 || after < 0 || ascending[before].Version != ascending[after].Version:
		return 0, false
	}
	from, to := ascending[before], ascending[after]
	a, b := math.Log(from.At.Sub(published).Seconds()), math.Log(to.At.Sub(published).Seconds())
	share := (math.Log(age.Seconds()) - a) / (b - a)
	return from.Value + share*(to.Value-from.Value), true
}

// Latest returns the last captured value of each metric.
func Latest(snapshots []Snapshot) sosyal.Counts {
	last := map[sosyal.Metric]time.Time{}
	counts := sosyal.Counts{}
	for _, s := range snapshots {
		if t, ok := last[s.Metric]; !ok || !s.At.Before(t) {
			last[s.Metric], counts[s.Metric] = s.At, s.Value
		}
	}
	return counts
}
