package sosyal

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rickb777/date/v2"
)

// Metric is something a network counts for a post or an account, under the
// field's standard name. Networks use their own names and change what they
// count; [MetricTable] says which native name and definition a network has for
// a metric on a day.
type Metric string

// Standard metrics.
const (
	Impressions     Metric = "impressions"
	Reach           Metric = "reach"
	Views           Metric = "views"
	Likes           Metric = "likes"
	Comments        Metric = "comments"
	Shares          Metric = "shares"
	Saves           Metric = "saves"
	Clicks          Metric = "clicks"
	LinkClicks      Metric = "link_clicks"
	Interactions    Metric = "interactions"
	EngagedUsers    Metric = "engaged_users"
	Followers       Metric = "followers"
	NewFollowers    Metric = "new_followers"
	WatchTime       Metric = "watch_time"
	Conversions     Metric = "conversions"
	Spend           Metric = "spend"
	ConversionValue Metric = "conversion_value"
)

// Direction says whether more of a metric is better.
type Direction string

// Directions.
const (
	HigherIsBetter Direction = "higher"
	LowerIsBetter  Direction = "lower"
)

// Aggregation says what may be done with values of a metric over posts or time.
type Aggregation string

// Aggregations.
const (
	// Summable counts may be added up.
	Summable Aggregation = "sum"
	// Unique counts people once and must not be added up over posts or time:
	// the same person may be in both.
	Unique Aggregation = "unique"
	// Level is the state at an instant; over time only the last one stands.
	Level Aggregation = "level"
)

// MetricInfo is what holds for a metric on every network.
type MetricInfo struct {
	Metric      Metric      `json:"metric"`
	Unit        string      `json:"unit"`
	Direction   Direction   `json:"direction"`
	Aggregation Aggregation `json:"aggregation"`
}

// NativeMetric is how one network names and defines a metric while a definition
// is in force. Values of different Versions must not be joined in a trend.
type NativeMetric struct {
	Metric  Metric  `json:"metric"`
	Network Network `json:"network"`
	// Native is the name in the network's interface; several parts that the
	// network reports apart and that are added up are joined by "+".
	Native string `json:"native"`
	// Version identifies the definition; it changes when the network changes
	// what it counts, even under the same name.
	Version string `json:"version"`
	// From and To are the days on which the definition came into force and
	// ended (half-open); zero where open.
	From date.Date `json:"-"`
	To   date.Date `json:"-"`
	// Source and AsOf say where the fact is from and when it was looked up;
	// Confidence is P (published by the network), S (second-hand) or G (general
	// knowledge).
	Source     string    `json:"source"`
	AsOf       date.Date `json:"-"`
	Confidence string    `json:"confidence"`
}

// MetricTable holds metrics and the networks' native names for them. The zero
// table is empty; [StandardMetrics] returns the embedded one and [ReadMetrics]
// reads a newer one.
type MetricTable struct {
	infos  []MetricInfo
	native []NativeMetric
}

//go:embed internal/data/metrics.json
var standardMetrics string

// StandardMetrics returns the table embedded in the module.
func StandardMetrics() (MetricTable, error) { return ReadMetrics(strings.NewReader(standardMetrics)) }

type nativeMetricJSON struct {
	NativeMetric
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	AsOf string `json:"as_of"`
}

// ReadMetrics reads a metric table: {"metrics":[...],"native":[...]} with the
// JSON forms of [MetricInfo] and [NativeMetric], days as 2026-11-03. Every
// native metric must name a known metric, its source and the day it was looked
// up, and definitions of one metric on one network must not overlap.
func ReadMetrics(r io.Reader) (MetricTable, error) {
	var raw struct {
		Metrics []MetricInfo       `json:"metrics"`
		Native  []nativeMetricJSON `json:"native"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return MetricTable{}, FieldError{Field: "metrics", Rule: "must be a metric table: " + err.Error()}
	}
	t := MetricTable{infos: raw.Metrics}
	var p Problems
	for i, n := range raw.Native {
		native, err := n.read()
		p.Nest(indexed("native", i), err)
		_, known := t.Info(native.Metric)
		p.Require(known, indexed("native", i)+".metric", "must be one of the table's metrics", string(native.Metric))
		for _, other := range t.native {
			same := other.Metric == native.Metric && other.Network == native.Network
			p.Require(!same || !definitionsOverlap(other, native), indexed("native", i), "must not overlap another definition", native.Native)
		}
		t.native = append(t.native, native)
	}
	return t, p.Err()
}

func (raw nativeMetricJSON) read() (NativeMetric, error) {
	n := raw.NativeMetric
	var p Problems
	for _, f := range []struct {
		field, text string
		into        *date.Date
		required    bool
	}{{"from", raw.From, &n.From, false}, {"to", raw.To, &n.To, false}, {"as_of", raw.AsOf, &n.AsOf, true}} {
		if f.text == "" && !f.required {
			continue
		}
		d, err := ParseDate(f.text)
		p.Require(err == nil, f.field, "must be a calendar day like 2026-11-03", f.text)
		*f.into = d
	}
	p.Require(n.Network != "", "network", "is required", "")
	p.Require(n.Native != "", "native", "is required", "")
	p.Require(n.Version != "", "version", "is required", "")
	p.Require(n.Source != "", "source", "is required", "")
	return n, p.Err()
}

func definitionsOverlap(a, b NativeMetric) bool {
	return (a.To == 0 || b.From < a.To) && (b.To == 0 || a.From < b.To)
}

// Info returns what holds for a metric on every network.
func (t MetricTable) Info(m Metric) (MetricInfo, bool) {
	for _, info := range t.infos {
		if info.Metric == m {
			return info, true
		}
	}
	return MetricInfo{}, false
}

// Native returns how a network names a metric on a day, and false where the
// network does not report it.
func (t MetricTable) Native(n Network, m Metric, on date.Date) (NativeMetric, bool) {
	for _, native := range t.native {
		if native.Network == n && native.Metric == m && native.From <= on && (native.To == 0 || on < native.To) {
			return native, true
		}
	}
	return NativeMetric{}, false
}

// Reported returns the metrics that a network reports on a day, in the table's
// order.
func (t MetricTable) Reported(n Network, on date.Date) []NativeMetric {
	var out []NativeMetric
	for _, info := range t.infos {
		if native, ok := t.Native(n, info.Metric, on); ok {
			out = append(out, native)
		}
	}
	return out
}

// Averaging says how a rate over several posts is made from their values.
type Averaging string

// Averagings. They answer different questions and may name different winners.
const (
	// Pooled is the sum of numerators over the sum of denominators: each
	// impression counts alike.
	Pooled Averaging = "pooled"
	// MeanOfRates is the mean of the posts' rates: each post counts alike.
	MeanOfRates Averaging = "mean_of_rates"
	// GeometricMean is the exponential of the mean of the logarithms of the
	// posts' rates: each post counts alike and one viral post does not decide.
	GeometricMean Averaging = "geometric_mean"
)

// Rate is a ratio of metrics with its denominator and its averaging named, since
// "engagement rate" alone means nothing.
type Rate struct {
	Name        string    `json:"name"`
	Numerator   []Metric  `json:"numerator"`
	Denominator Metric    `json:"denominator"`
	Averaging   Averaging `json:"averaging"`
}

// EngagementRate is likes, comments, shares and saves per denominator
// ([Reach], [Impressions], [Views] or [Followers]).
func EngagementRate(by Metric, a Averaging) Rate {
	return Rate{Name: "engagement_rate_by_" + string(by), Numerator: []Metric{Interactions}, Denominator: by, Averaging: a}
}

// ClickThroughRate is link clicks per impression.
func ClickThroughRate(a Averaging) Rate {
	return Rate{Name: "click_through_rate", Numerator: []Metric{LinkClicks}, Denominator: Impressions, Averaging: a}
}

// AmplificationRate is shares per follower.
func AmplificationRate(a Averaging) Rate {
	return Rate{Name: "amplification_rate", Numerator: []Metric{Shares}, Denominator: Followers, Averaging: a}
}

// ApplauseRate is likes per follower.
func ApplauseRate(a Averaging) Rate {
	return Rate{Name: "applause_rate", Numerator: []Metric{Likes}, Denominator: Followers, Averaging: a}
}

// ConversationRate is comments per follower.
func ConversationRate(a Averaging) Rate {
	return Rate{Name: "conversation_rate", Numerator: []Metric{Comments}, Denominator: Followers, Averaging: a}
}

// ViralityRate is shares per impression.
func ViralityRate(a Averaging) Rate {
	return Rate{Name: "virality_rate", Numerator: []Metric{Shares}, Denominator: Impressions, Averaging: a}
}

// SaveRate is saves per person reached.
func SaveRate(a Averaging) Rate {
	return Rate{Name: "save_rate", Numerator: []Metric{Saves}, Denominator: Reach, Averaging: a}
}

// Validate reports missing parts.
func (r Rate) Validate() error {
	var p Problems
	p.Require(r.Name != "", "name", "is required", "")
	p.Require(len(r.Numerator) > 0, "numerator", "must name a metric", "")
	p.Require(r.Denominator != "", "denominator", "is required", "")
	known := []Averaging{Pooled, MeanOfRates, GeometricMean}
	p.Require(slices.Contains(known, r.Averaging), "averaging", fmt.Sprintf("must be one of %v", known), string(r.Averaging))
	return p.Err()
}

// Counts is what was reported of one post or account at one instant. A metric
// that was not reported is absent; a zero means that it was reported as zero.
type Counts map[Metric]float64

// interactionParts are what [Interactions] adds up where a network does not
// report the sum itself.
func interactionParts() []Metric { return []Metric{Likes, Comments, Shares, Saves} }

// Value returns a metric, and false where it is not known. [Interactions] that
// were not reported are the sum of the reported likes, comments, shares and
// saves, known where at least one of them is.
func (c Counts) Value(m Metric) (float64, bool) {
	if v, ok := c[m]; ok {
		return v, true
	}
	if m != Interactions {
		return 0, false
	}
	sum, known := 0.0, false
	for _, part := range interactionParts() {
		if v, ok := c[part]; ok {
			sum, known = sum+v, true
		}
	}
	return sum, known
}

// Of returns the numerator and denominator of a post, and false where the
// denominator or every part of the numerator is unknown or the denominator is
// zero.
func (r Rate) Of(c Counts) (numerator, denominator float64, ok bool) {
	denominator, ok = c.Value(r.Denominator)
	if !ok || denominator <= 0 {
		return 0, 0, false
	}
	ok = false
	for _, m := range r.Numerator {
		if v, known := c.Value(m); known {
			numerator, ok = numerator+v, true
		}
	}
	return numerator, denominator, ok
}
