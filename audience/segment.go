package audience

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// SegmentKind says how a segment's members are chosen.
type SegmentKind string

// Kinds of segments.
const (
	RFMSegment  SegmentKind = "rfm"  // by a group of recency, frequency and monetary value
	RuleSegment SegmentKind = "rule" // by a [Rule]
	ListSegment SegmentKind = "list" // by a list that the host keeps
)

// Definition names a segment before anybody is counted into it.
type Definition struct {
	ID sosyal.SegmentID `json:"id"`
	// Name is a term that a catalogue translates ("rfm.champions") or, where it
	// has none, the name itself.
	Name string      `json:"name"`
	Kind SegmentKind `json:"kind"`
	// Rule is what chooses the members of a rule segment.
	Rule *Rule `json:"rule,omitempty"`
	// Group is the [Customer.Group] whose customers are the members of an RFM
	// segment; where it is empty, what the id says after "rfm-".
	Group string `json:"group,omitzero"`
}

func (d Definition) group() string { return cmp.Or(d.Group, strings.TrimPrefix(string(d.ID), "rfm-")) }

// Segment is a group of customers with what it is worth and what sets it apart
// from the brand's customers as a whole, its base.
//
// A segment with fewer members than the smallest size that may be shown is
// Suppressed: its figures are left out, because they would tell about single
// people.
type Segment struct {
	Definition
	AsOf       date.Date `json:"as_of"`
	Suppressed bool      `json:"suppressed,omitzero"`
	// Size counts the members, Base all customers.
	Size int `json:"size"`
	Base int `json:"base"`
	// Share is Size in Base with its Wilson interval, each from 0 to 1.
	Share     float64 `json:"share"`
	ShareLow  float64 `json:"share_low"`
	ShareHigh float64 `json:"share_high"`
	// Revenue is the members' net revenue over the whole history, RevenueShare
	// its share of all customers' from 0 to 1; 0 where there is no revenue.
	Revenue      sosyal.Money `json:"revenue"`
	RevenueShare float64      `json:"revenue_share"`
	// ValueIndex is the share of revenue over the share of customers, times 100:
	// 100 is a member who is worth as much as the average customer.
	ValueIndex float64 `json:"value_index"`
	Orders     int     `json:"orders"`
	// AverageOrder is net revenue by order, rounded half up to the minor unit;
	// the zero Money where there is no order.
	AverageOrder      sosyal.Money `json:"average_order"`
	OrdersPerCustomer float64      `json:"orders_per_customer"`
	// DaysSinceLast is the median of the days since the last order, of members
	// who have one; -1 where nobody has.
	DaysSinceLast int `json:"days_since_last"`
	// Categories are the product categories that are the favourite of the most
	// members, as far as enough of them share it to be shown.
	Categories []CategoryProfile `json:"categories,omitempty"`
	// Fit is how alike the segment's and the base's revenue are in their product
	// categories: 1 less the Jensen-Shannon divergence of the two in bits, so 1
	// is the same mix and 0 has nothing in common (Lin, 1991, IEEE Transactions
	// on Information Theory 37). Nil where no categories are known.
	Fit     *float64        `json:"fit,omitempty"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// UnmarshalJSON reads a stored segment and refuses days that do not exist.
func (s *Segment) UnmarshalJSON(data []byte) error {
	type plain Segment
	read := struct {
		*plain
		AsOf string `json:"as_of"`
	}{plain: (*plain)(s)}
	if err := json.Unmarshal(data, &read); err != nil {
		return fmt.Errorf("segment: %w", err)
	}
	day, err := sosyal.ParseDate(read.AsOf)
	if err != nil {
		return sosyal.FieldError{Field: "as_of", Rule: "must be a calendar day like 2026-11-03", Value: read.AsOf}
	}
	s.AsOf = day
	return nil
}

// CategoryProfile is how a segment takes to a product category. A customer's
// favourite is the one of the largest net value; it counts each customer once,
// so that a category does not look preferred only because a segment's members
// buy often and from everything.
type CategoryProfile struct {
	Category string `json:"category"`
	// Customers counts the members whose favourite it is, Share is their share of
	// the members who have a favourite, BaseShare the same of all customers.
	Customers int     `json:"customers"`
	Share     float64 `json:"share"`
	BaseShare float64 `json:"base_share"`
	// Index is Share over BaseShare times 100, with the Wilson interval of Share
	// over the same base. Read the interval: an index of 400 on 7 people is
	// noise.
	Index     float64 `json:"index"`
	IndexLow  float64 `json:"index_low"`
	IndexHigh float64 `json:"index_high"`
}

// DescribeOptions say how segments are described; the zero value means the
// defaults.
type DescribeOptions struct {
	// MinSize is the smallest number of members that is shown; 10 where 0.
	MinSize int
	// Level of the intervals, between 0 and 1; 0.95 where 0.
	Level float64
	// Categories is how many product categories are listed; 3 where 0.
	Categories int
}

func (o DescribeOptions) withDefaults() (DescribeOptions, error) {
	if o.MinSize == 0 {
		o.MinSize = 10
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Categories == 0 {
		o.Categories = 3
	}
	var p sosyal.Problems
	p.Require(o.MinSize > 0, "min_size", "must be positive", strconv.Itoa(o.MinSize))
	p.Require(o.Level > 0 && o.Level < 1, "level", "must lie between 0 and 1", strconv.FormatFloat(o.Level, 'g', -1, 64))
	p.Require(o.Categories > 0, "categories", "must be positive", strconv.Itoa(o.Categories))
	return o, p.Err()
}

// Describe counts customers into segments and describes each, in the order of
// the definitions. assign returns the indexes of the definitions that a customer
// belongs to; segments may overlap and leave customers out. It may return the
// same slice again and again.
func Describe(
	customers iter.Seq[Purchases], asOf date.Date, definitions []Definition, assign func(Purchases) []int, opt DescribeOptions,
) ([]Segment, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	base := newTally()
	tallies := make([]*tally, len(definitions))
	for i := range tallies {
		tallies[i] = newTally()
	}
	for c := range customers {
		if err := base.add(c, asOf); err != nil {
			return nil, err
		}
		for _, i := range assign(c) {
			if i < 0 || i >= len(tallies) {
				return nil, sosyal.FieldError{Field: "assign", Rule: "must return indexes of the definitions", Value: strconv.Itoa(i)}
			}
			if err := tallies[i].add(c, asOf); err != nil {
				return nil, err
			}
		}
	}
	segments := make([]Segment, len(definitions))
	for i, d := range definitions {
		if segments[i], err = tallies[i].describe(d, asOf, base, opt); err != nil {
			return nil, err
		}
	}
	return segments, nil
}

// tally is what is counted of a group of customers.
type tally struct {
	size, orders int
	revenue      sosyal.Money
	days         []float64 // since the last order
	partial      int       // customers who have a favourite category
	favourites   map[string]int
	spent        map[string]sosyal.Money
}

func newTally() *tally { return &tally{favourites: map[string]int{}, spent: map[string]sosyal.Money{}} }

func (t *tally) add(c Purchases, asOf date.Date) (err error) {
	t.size++
	t.orders += c.Orders
	if t.revenue, err = t.revenue.Add(c.Net); err != nil {
		return err
	}
	if c.Orders > 0 {
		t.days = append(t.days, float64(asOf-c.Last))
	}
	for i, k := range c.Categories {
		if k.Net.Sign() <= 0 {
			break // all of it came back, and so did all of the smaller ones
		}
		if i == 0 {
			t.partial++
			t.favourites[k.Category]++
		}
		if t.spent[k.Category], err = t.spent[k.Category].Add(k.Net); err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) describe(d Definition, asOf date.Date, base *tally, opt DescribeOptions) (Segment, error) {
	s := Segment{Definition: d, AsOf: asOf, Base: base.size, DaysSinceLast: -1}
	if t.size > 0 && t.size < opt.MinSize {
		s.Suppressed = true
		s.Reasons = []sosyal.Reason{sosyal.Because("audience.segment.suppressed", sosyal.CountArg("minimum", opt.MinSize))}
		return s, nil
	}
	if t.size == 0 {
		return s, nil
	}
	s.Size, s.Orders, s.Revenue = t.size, t.orders, t.revenue
	s.Share = float64(t.size) / float64(base.size)
	s.ShareLow, s.ShareHigh = stat.Wilson(float64(t.size), float64(base.size), opt.Level)
	if base.revenue.Sign() > 0 {
		ratio, err := t.revenue.Ratio(base.revenue)
		if err != nil {
			return Segment{}, err
		}
		s.RevenueShare, _ = ratio.Float64()
		s.ValueIndex = s.RevenueShare / s.Share * 100
	}
	if t.orders > 0 {
		var err error
		if s.AverageOrder, err = mean(t.revenue, t.orders); err != nil {
			return Segment{}, err
		}
		s.OrdersPerCustomer = float64(t.orders) / float64(t.size)
		slices.Sort(t.days)
		s.DaysSinceLast = int(math.Floor(stat.Quantile(t.days, 0.5)))
	}
	s.Categories = t.profiles(base, opt)
	if fit, ok := t.fit(base); ok {
		s.Fit = &fit
	}
	s.Reasons = s.reasons()
	return s, nil
}

// mean divides revenue by orders. Revenue without currency has no mean.
func mean(revenue sosyal.Money, orders int) (sosyal.Money, error) {
	if revenue.Currency() == "" {
		return sosyal.Money{}, nil
	}
	m, err := sosyal.NewMoney(revenue.Amount().DivRound(decimal.NewFromInt(int64(orders)), 12), revenue.Currency())
	return m.Round(sosyal.HalfUp), err
}

func (t *tally) profiles(base *tally, opt DescribeOptions) []CategoryProfile {
	var out []CategoryProfile
	for category, n := range t.favourites {
		if n < opt.MinSize {
			continue
		}
		p := CategoryProfile{Category: category, Customers: n, Share: float64(n) / float64(t.partial)}
		p.BaseShare = float64(base.favourites[category]) / float64(base.partial)
		low, high := stat.Wilson(float64(n), float64(t.partial), opt.Level)
		p.Index, p.IndexLow, p.IndexHigh = p.Share/p.BaseShare*100, low/p.BaseShare*100, high/p.BaseShare*100
		out = append(out, p)
	}
	slices.SortFunc(out, func(x, y CategoryProfile) int {
		if x.Customers != y.Customers {
			return y.Customers - x.Customers
		}
		if x.Category < y.Category {
			return -1
		}
		return 1
	})
	return out[:min(len(out), opt.Categories)]
}

// fit is 1 less the Jensen-Shannon divergence of the revenue by category; false
// where nothing was spent in any.
func (t *tally) fit(base *tally) (float64, bool) {
	var own, all []float64
	for _, c := range slices.Sorted(maps.Keys(base.spent)) { // sums of floats depend on their order
		own, all = append(own, t.spent[c].Float()), append(all, base.spent[c].Float())
	}
	divergence, err := JensenShannon(own, all)
	return 1 - divergence, err == nil
}

// reasons says what stands out.
func (s Segment) reasons() []sosyal.Reason {
	out := []sosyal.Reason{sosyal.Because("audience.segment.size",
		sosyal.CountArg("customers", s.Size), sosyal.PercentArg("share", s.Share, 1), sosyal.PercentArg("revenue", s.RevenueShare, 1))}
	for _, c := range s.Categories {
		if c.IndexLow > 100 {
			out = append(out, sosyal.Because("audience.segment.prefers",
				sosyal.TextArg("category", c.Category), sosyal.NumberArg("index", c.Index, 0), sosyal.CountArg("customers", c.Customers)))
		}
	}
	return out
}

// Validate reports a definition without id, name or known kind, a rule segment
// without a valid rule, and a rule where none belongs.
func (d Definition) Validate() error {
	var p sosyal.Problems
	p.Require(d.ID != "", "id", "is required", "")
	p.Require(d.Name != "", "name", "is required", "")
	switch d.Kind {
	case RFMSegment, RuleSegment, ListSegment:
	default:
		p.Add("kind", "must be rfm, rule or list", string(d.Kind))
	}
	p.Require((d.Rule != nil) == (d.Kind == RuleSegment), "rule", "is required of a rule segment and of no other", "")
	if d.Rule != nil {
		p.Nest("", d.Rule.Validate())
	}
	return p.Err()
}
