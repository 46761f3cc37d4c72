package value

import (
	"fmt"
	"iter"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// Score is a customer's scores, each 1 to 5; all are 0 for a customer without a
// sale.
type Score struct {
	Recency   int `json:"recency"`
	Frequency int `json:"frequency"`
	Monetary  int `json:"monetary"`
}

// String reads "555".
func (s Score) String() string { return fmt.Sprintf("%d%d%d", s.Recency, s.Frequency, s.Monetary) }

// Worth is the mean of the frequency and the monetary score, halves up.
func (s Score) Worth() int { return (s.Frequency + s.Monetary + 1) / 2 }

// Group is one of eleven groups of customers. The names and what they mean are
// those of Shopify (CustomerRfmGroup of its Admin interface, version 2025-10,
// looked up 2026-11-23), which describes them in words; the table at
// [Score.Group] is ours.
type Group string

// Groups, in the order in which they are reported.
const (
	Champions       Group = "champions"        // very recent, many orders, most spent
	Loyal           Group = "loyal"            // recent, many orders, much spent
	Active          Group = "active"           // recent, some orders, some spent
	New             Group = "new"              // very recent, few orders, little spent
	Promising       Group = "promising"        // recent, few orders, little spent
	NeedsAttention  Group = "needs_attention"  // less recent, some orders, some spent
	AtRisk          Group = "at_risk"          // not recent, a strong history
	AlmostLost      Group = "almost_lost"      // not recent, fewer orders, less spent
	PreviouslyLoyal Group = "previously_loyal" // not recent, a very strong history
	Dormant         Group = "dormant"          // longest ago, few orders, little spent
	Prospects       Group = "prospects"        // no order yet
)

// Groups returns the groups in the order of the constants.
func Groups() []Group {
	return []Group{
		Champions, Loyal, Active, New, Promising, NeedsAttention, AtRisk, AlmostLost, PreviouslyLoyal, Dormant, Prospects,
	}
}

// Group returns the group of a score by its recency and its [Score.Worth]:
//
//	recency  worth 5           4          3                2                1
//	5        champions         champions  active           new              new
//	4        loyal             loyal      active           promising        promising
//	3        loyal             loyal      needs attention  needs attention  almost lost
//	2        previously loyal  at risk    at risk          almost lost      almost lost
//	1        previously loyal  at risk    almost lost      dormant          dormant
//
// A score of 0 is a prospect.
func (s Score) Group() Group {
	if s.Recency < 1 || s.Recency > levels || s.Worth() < 1 || s.Worth() > levels {
		return Prospects
	}
	return [levels][levels]Group{
		{Dormant, Dormant, AlmostLost, AtRisk, PreviouslyLoyal},
		{AlmostLost, AlmostLost, AtRisk, AtRisk, PreviouslyLoyal},
		{AlmostLost, NeedsAttention, NeedsAttention, Loyal, Loyal},
		{Promising, Promising, Active, Loyal, Loyal},
		{New, New, Active, Champions, Champions},
	}[s.Recency-1][s.Worth()-1]
}

// Term is the code under which a catalogue names the group.
func (g Group) Term() string { return "rfm." + string(g) }

// Segment is the id of the segment that [Segments] makes of the group.
func (g Group) Segment() sosyal.SegmentID { return sosyal.SegmentID("rfm-" + string(g)) }

// Segments describes the eleven groups of customers by the table's thresholds
// and day, in the order of [Groups], groups without members included.
func Segments(t RFMTable, customers iter.Seq[Purchases], opt audience.DescribeOptions) ([]audience.Segment, error) {
	var definitions []audience.Definition
	index := map[Group][]int{}
	for i, g := range Groups() {
		definitions = append(definitions, audience.Definition{ID: g.Segment(), Name: g.Term(), Kind: audience.RFMSegment})
		index[g] = []int{i}
	}
	var failed error
	assign := func(p Purchases) []int {
		s, err := t.Score(p, t.AsOf)
		if err != nil && failed == nil {
			failed = err
		}
		return index[s.Group()]
	}
	segments, err := audience.Describe(customers, t.AsOf, definitions, assign, opt)
	if failed != nil {
		return nil, failed
	}
	return segments, err
}
