package audience

import (
	"math"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

func checkBreakdown(total int64, segments []SegmentPotential, opt BreakdownOptions) error {
	var p sosyal.Problems
	p.Require(total > 0, "total", "must be positive", strconv.FormatInt(total, 10))
	p.Require(len(segments) > 0, "segments", "must not be empty", "")
	seen := map[sosyal.SegmentID]bool{}
	for i, s := range segments {
		field := "segments[" + strconv.Itoa(i) + "]"
		p.Require(s.Segment != "" && !seen[s.Segment], field+".segment", "is required, each once", string(s.Segment))
		seen[s.Segment] = true
		p.Require(s.Size >= 0, field+".size", "must not be negative", strconv.Itoa(s.Size))
		if s.Value != nil {
			p.Require(finite(*s.Value) && *s.Value >= 0, field+".value", "must be finite and not negative", strconv.FormatFloat(*s.Value, 'g', -1, 64))
		}
		if s.Fit != nil {
			p.Require(*s.Fit >= 0 && *s.Fit <= 100, field+".fit", "must lie from 0 to 100", strconv.FormatFloat(*s.Fit, 'g', -1, 64))
		}
	}
	for _, w := range []struct {
		field  string
		weight float64
	}{{"size_weight", opt.SizeWeight}, {"value_weight", opt.ValueWeight}, {"fit_weight", opt.FitWeight}} {
		p.Require(w.weight >= 0 && w.weight <= 10, w.field, "must lie from 0 to 10", strconv.FormatFloat(w.weight, 'g', -1, 64))
	}
	p.Require(opt.PerPerson.Sign() >= 0, "per_person", "must not be negative", opt.PerPerson.String())
	return p.Err()
}

// potentialMeans are the means of the known values and fits, weighed by size;
// 1 where none is known, which plays no role.
type potentialMeans struct{ value, fit decimal.Decimal }

func meansOf(segments []SegmentPotential) potentialMeans {
	mean := func(of func(SegmentPotential) *float64) decimal.Decimal {
		sum, people := decimal.Zero, decimal.Zero
		for _, s := range segments {
			if x := of(s); x != nil {
				size := decimal.NewFromInt(int64(s.Size))
				sum, people = sum.Add(size.Mul(decimal.NewFromFloat(*x))), people.Add(size)
			}
		}
		if people.IsZero() {
			return decimal.New(1, 0)
		}
		return sum.DivRound(people, 16)
	}
	return potentialMeans{
		value: mean(func(s SegmentPotential) *float64 { return s.Value }),
		fit:   mean(func(s SegmentPotential) *float64 { return s.Fit }),
	}
}

// weight is exact where the exponents are 0 or 1. A segment of nobody has none.
func (s SegmentPotential) weight(means potentialMeans, opt BreakdownOptions) decimal.Decimal {
	if s.Size == 0 {
		return decimal.Zero
	}
	known := func(x *float64, mean decimal.Decimal) decimal.Decimal {
		if x == nil {
			return mean
		}
		return decimal.NewFromFloat(*x)
	}
	return raised(decimal.NewFromInt(int64(s.Size)), opt.SizeWeight).
		Mul(raised(known(s.Value, means.value), opt.ValueWeight)).
		Mul(raised(known(s.Fit, means.fit), opt.FitWeight))
}

// raised is x to a power, to twelve significant digits where it is not exact, so
// that processors that round the last bit differently divide alike.
func raised(x decimal.Decimal, exponent float64) decimal.Decimal {
	switch exponent {
	case 0:
		return decimal.New(1, 0)
	case 1:
		return x
	}
	const significant = 12
	power := math.Pow(x.InexactFloat64(), exponent)
	if power == 0 {
		return decimal.Zero
	}
	places := significant - 1 - int32(math.Floor(math.Log10(power)))
	return decimal.NewFromFloat(power).Round(places)
}

// assemble gives the parts their unit and their reasons.
func assemble[T sosyal.Money | int64](
	d goalDivision, segments []SegmentPotential, opt BreakdownOptions, unit func(int64) (T, error), arg func(string, T) sosyal.Arg,
) (Breakdown[T], error) {
	var b Breakdown[T]
	var err error
	if b.Total, err = unit(d.total); err != nil {
		return Breakdown[T]{}, err
	}
	if b.Left, err = unit(d.left); err != nil {
		return Breakdown[T]{}, err
	}
	for i, s := range segments {
		amount, err := unit(d.parts[i])
		if err != nil {
			return Breakdown[T]{}, err
		}
		share := SegmentShare[T]{Segment: s.Segment, Name: s.Name, Amount: amount, Weight: d.weights[i], Capped: d.capped[i]}
		share.Reasons = s.reasons(d, i, opt, arg("amount", amount))
		b.Shares = append(b.Shares, share)
	}
	if d.left > 0 {
		b.Reasons = append(b.Reasons, sosyal.Because("audience.breakdown.left", arg("left", b.Left), arg("total", b.Total)))
	}
	return b, nil
}

func (s SegmentPotential) reasons(d goalDivision, i int, opt BreakdownOptions, amount sosyal.Arg) []sosyal.Reason {
	name := sosyal.TextArg("name", s.Name)
	if d.weights[i].IsZero() {
		return []sosyal.Reason{sosyal.Because("audience.breakdown.nothing", name)}
	}
	out := []sosyal.Reason{sosyal.Because("audience.breakdown.share", name, amount,
		sosyal.PercentArg("share", float64(d.parts[i])/float64(d.total), 1), sosyal.CountArg("size", s.Size))}
	against := func(known, unknown string, x *float64, mean decimal.Decimal) {
		switch {
		case x == nil:
			out = append(out, sosyal.Because(unknown, name))
		case mean.Sign() > 0:
			out = append(out, sosyal.Because(known, name, sosyal.NumberArg("index", 100**x/mean.InexactFloat64(), 0)))
		}
	}
	all := opt.SizeWeight == 0 && opt.ValueWeight == 0 && opt.FitWeight == 0
	if all || opt.ValueWeight > 0 {
		against("audience.breakdown.value", "audience.breakdown.value_unknown", s.Value, d.means.value)
	}
	if all || opt.FitWeight > 0 {
		against("audience.breakdown.fit", "audience.breakdown.fit_unknown", s.Fit, d.means.fit)
	}
	if d.capped[i] {
		out = append(out, sosyal.Because("audience.breakdown.capped", name, sosyal.CountArg("size", s.Size),
			sosyal.Arg{Name: "limit", Kind: sosyal.KindNumber, Value: opt.PerPerson.String()}))
	}
	return out
}
