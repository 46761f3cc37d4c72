package audience

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// SegmentPotential is what a segment can contribute to a goal.
type SegmentPotential struct {
	Segment sosyal.SegmentID
	Name    string
	// Size counts the people of the segment who can be reached. Segments of one
	// breakdown should not share people, who would count in each.
	Size int
	// Value is what a member is worth, in any unit as long as it is the same
	// for all segments; nil where it is not known.
	Value *float64
	// Fit is how well the segment fits the goal or the brand, from 0 to 100,
	// such as the score of a [Fit]; nil where it is withheld.
	Fit *float64
}

// BreakdownOptions say how a goal is broken down; the zero value means the
// defaults.
type BreakdownOptions struct {
	// SizeWeight, ValueWeight and FitWeight are the exponents in a segment's
	// weight size^SizeWeight × value^ValueWeight × fit^FitWeight; all 1 where
	// all are 0.
	SizeWeight, ValueWeight, FitWeight float64
	// PerPerson is the most that is asked of a segment for each of its members:
	// units of the currency for money, units for counts, such as 1 new order or
	// 40 liras. No limit where 0.
	PerPerson decimal.Decimal
}

// Breakdown is a total divided over segments. The shares and what is left add
// up to the total exactly.
type Breakdown[T sosyal.Money | int64] struct {
	Total T `json:"total"`
	// Shares are in the order of the segments.
	Shares []SegmentShare[T] `json:"shares"`
	// Left is what no segment can take because all are at their limit. It is a
	// finding, not an error: the goal is larger than its audience.
	Left    T               `json:"left"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// SegmentShare is a segment's part of a total.
type SegmentShare[T sosyal.Money | int64] struct {
	Segment sosyal.SegmentID `json:"segment"`
	Name    string           `json:"name"`
	Amount  T                `json:"amount"`
	// Weight is what the total was divided by, up to a common factor: it serves
	// as the weight of a part when a goal is broken down.
	Weight decimal.Decimal `json:"weight"`
	// Capped says that the segment is at its limit.
	Capped  bool            `json:"capped,omitzero"`
	Reasons []sosyal.Reason `json:"reasons,omitempty"`
}

// BreakdownMoney divides an amount over segments in proportion to their
// weights, in whole minor units by the largest remainder, ties to the earlier
// segment. What a segment cannot take goes to the others in proportion to their
// weights. A value or fit that is not known counts as the mean of the known
// ones, weighed by size, so that it neither helps nor harms; the reasons say so.
//
// It is an error where the total is not positive or has a fraction of a minor
// unit, and where no segment has a positive weight.
func BreakdownMoney(total sosyal.Money, segments []SegmentPotential, opt BreakdownOptions) (Breakdown[sosyal.Money], error) {
	units, err := total.Minor()
	if err != nil {
		return Breakdown[sosyal.Money]{}, err
	}
	if total.Currency() == "" {
		return Breakdown[sosyal.Money]{}, sosyal.FieldError{Field: "total", Rule: "must be positive", Value: "0"}
	}
	one, err := sosyal.MoneyFromMinor(1, total.Currency())
	if err != nil {
		return Breakdown[sosyal.Money]{}, err
	}
	digits := -one.Amount().Exponent()
	d, err := divideGoal(units, digits, segments, opt)
	if err != nil {
		return Breakdown[sosyal.Money]{}, err
	}
	return assemble(d, segments, opt, func(units int64) (sosyal.Money, error) { return sosyal.MoneyFromMinor(units, total.Currency()) },
		func(name string, m sosyal.Money) sosyal.Arg { return sosyal.MoneyArg(name, m) })
}

// BreakdownCount is [BreakdownMoney] for whole numbers, such as orders or new
// customers.
func BreakdownCount(total int64, segments []SegmentPotential, opt BreakdownOptions) (Breakdown[int64], error) {
	d, err := divideGoal(total, 0, segments, opt)
	if err != nil {
		return Breakdown[int64]{}, err
	}
	return assemble(d, segments, opt, func(units int64) (int64, error) { return units, nil },
		func(name string, n int64) sosyal.Arg {
			return sosyal.Arg{Name: name, Kind: sosyal.KindNumber, Value: strconv.FormatInt(n, 10)}
		})
}

// goalDivision is a total divided in whole units.
type goalDivision struct {
	total, left int64
	parts       []int64
	capped      []bool
	weights     []decimal.Decimal
	means       potentialMeans
}

// divideGoal checks the arguments and divides. digits is how many decimals the
// units have in the total's own terms.
func divideGoal(total int64, digits int32, segments []SegmentPotential, opt BreakdownOptions) (goalDivision, error) {
	if opt.SizeWeight == 0 && opt.ValueWeight == 0 && opt.FitWeight == 0 {
		opt.SizeWeight, opt.ValueWeight, opt.FitWeight = 1, 1, 1
	}
	if err := checkBreakdown(total, segments, opt); err != nil {
		return goalDivision{}, err
	}
	d := goalDivision{total: total, means: meansOf(segments)}
	limits := make([]int64, len(segments))
	for i, s := range segments {
		d.weights = append(d.weights, s.weight(d.means, opt))
		limits[i] = total
		if opt.PerPerson.Sign() > 0 {
			limit := opt.PerPerson.Mul(decimal.NewFromInt(int64(s.Size))).Shift(digits).Floor()
			if limit.LessThan(decimal.NewFromInt(total)) {
				limits[i] = limit.IntPart()
			}
		}
	}
	var err error
	d.parts, d.capped, d.left, err = fillUpTo(total, d.weights, limits)
	return d, err
}

// fillUpTo divides units by weights where no part may exceed its limit: parts that
// would are set to it, and the rest is divided among the others, until none
// would. A part that exceeds its limit does so all the more once others are set
// to theirs, so the order does not matter.
func fillUpTo(units int64, weights []decimal.Decimal, limits []int64) (parts []int64, capped []bool, left int64, err error) {
	if _, err := sosyal.Apportion(units, weights...); err != nil {
		return nil, nil, 0, err
	}
	parts, capped = make([]int64, len(weights)), make([]bool, len(weights))
	open := slices.Clone(weights)
	left = units
	for again := true; again; {
		again = false
		sum := decimal.Sum(decimal.Zero, open...)
		if sum.IsZero() {
			return parts, capped, left, nil
		}
		share := decimal.NewFromInt(left)
		for i, w := range open {
			if w.Mul(share).GreaterThan(sum.Mul(decimal.NewFromInt(limits[i]))) {
				parts[i], capped[i], open[i] = limits[i], true, decimal.Zero
				left -= limits[i]
				again = true
			}
		}
	}
	rest, err := sosyal.Apportion(left, open...)
	if err != nil {
		return nil, nil, 0, err
	}
	for i, n := range rest {
		parts[i] += n
	}
	return parts, capped, 0, nil
}
