package audience

import (
	"math"
	"slices"
	"strconv"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// Limits of a rule, which bound the work of reading and running it.
const (
	maxRuleBytes = 1 << 20
	maxRuleDepth = 64
	maxRuleNodes = 10_000
	maxDays      = 36_525    // a century
	maxHours     = 24 * 366  // a year
	maxBuckets   = 1_000_000 // far below the range of the hash
	maxCount     = 1 << 31
	maxSources   = 32
)

type limits struct{ depth, nodes int }

// enter counts a condition and reports whether it may be looked into.
func (l *limits) enter(p *sosyal.Problems, path string) bool {
	l.nodes++
	l.depth++
	switch {
	case l.nodes == maxRuleNodes+1:
		p.Add(path, "must not have more than "+strconv.Itoa(maxRuleNodes)+" conditions", "")
	case l.depth == maxRuleDepth+1:
		p.Add(path, "must not nest deeper than "+strconv.Itoa(maxRuleDepth), "")
	}
	return l.nodes <= maxRuleNodes && l.depth <= maxRuleDepth
}

func (l *limits) leave() { l.depth-- }

// Validate reports every problem of the rule with its path in the JSON form.
func (r Rule) Validate() error {
	var p sosyal.Problems
	checkCondition(r.Condition, &p, "rule", &limits{})
	return p.Err()
}

func checkCondition(c Condition, p *sosyal.Problems, path string, l *limits) {
	if c == nil {
		p.Add(path, "is required", "")
		return
	}
	if l.enter(p, path) {
		c.check(p, path, l)
	}
	l.leave()
}

func (a All) check(p *sosyal.Problems, path string, l *limits) { checkEach(a, p, path+".all", l) }

func (a Any) check(p *sosyal.Problems, path string, l *limits) { checkEach(a, p, path+".any", l) }

func checkEach(conditions []Condition, p *sosyal.Problems, path string, l *limits) {
	for i, c := range conditions {
		checkCondition(c, p, path+"["+strconv.Itoa(i)+"]", l)
	}
}

func (n Not) check(p *sosyal.Problems, path string, l *limits) {
	checkCondition(n.Condition, p, path+".not", l)
}

func (c Property) check(p *sosyal.Problems, path string, _ *limits) {
	c.Filter.check(p, path+".property")
}

func (f Filter) check(p *sosyal.Problems, path string) {
	p.Require(f.Name != "", path+".name", "is required", "")
	checkText(p, path+".name", f.Name)
	for _, text := range f.Value.texts() {
		checkText(p, path+".value", text)
	}
	checkThreshold(p, path+".value", f.Value.number)
	switch kind := f.Value.kind; {
	case f.Is == Missing:
		p.Require(kind == noValue, path+".value", "must not be given", "")
	case f.Is == OneOf:
		p.Require(kind == listValue && len(f.Value.list) > 0, path+".value", "must be a list of texts", "")
	case f.Is == Contains || f.Is == StartsWith || f.Is == EndsWith:
		p.Require(kind == textValue && f.Value.text != "", path+".value", "must be a text", "")
	case f.Is.ordered():
		p.Require(kind == textValue || kind == numberValue || kind == flagValue && f.Is == Equals,
			path+".value", "must be a text, a number, a day or, for equals, true or false", "")
	default:
		p.Add(path+".is", "must be a comparison", string(f.Is))
	}
}

// checkThreshold bounds the numbers that rules compare with, so that none is slow
// to compare.
func checkThreshold(p *sosyal.Problems, path string, d decimal.Decimal) {
	e := d.Exponent()
	p.Require(e >= -maxNumberDigits && e <= maxNumberDigits && d.NumDigits() <= maxNumberDigits,
		path, "must not have more than "+strconv.Itoa(maxNumberDigits)+" digits", "")
}

func checkSizes(p *sosyal.Problems, path string, is Comparison) {
	p.Require(is.ordered(), path+".is", "must be a comparison of sizes", string(is))
}

func checkRange(p *sosyal.Problems, path string, value, low, high int) {
	p.Require(value >= low && value <= high, path, "must be from "+strconv.Itoa(low)+" to "+strconv.Itoa(high), strconv.Itoa(value))
}

func (c DaysSince) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".days_since"
	p.Require(c.Name != "", path+".name", "is required", "")
	checkText(p, path+".name", c.Name)
	checkSizes(p, path, c.Is)
	checkRange(p, path+".value", c.Value, -maxDays, maxDays)
}

func (c Anniversary) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".anniversary"
	p.Require(c.Name != "", path+".name", "is required", "")
	checkText(p, path+".name", c.Name)
	checkRange(p, path+".within", c.Within, 0, 366)
}

func (c HasInterest) check(p *sosyal.Problems, path string, _ *limits) {
	checkNames(p, path+".interest", c)
}

func (c OnNetwork) check(p *sosyal.Problems, path string, _ *limits) {
	checkNames(p, path+".network", c)
}

func (c InGroup) check(p *sosyal.Problems, path string, _ *limits) {
	checkNames(p, path+".in_group", c)
}

func checkNames[T ~string](p *sosyal.Problems, path string, names []T) {
	p.Require(len(names) > 0, path, "must name one at least", "")
	p.Require(!slices.Contains(names, ""), path, "must not hold an empty name", "")
	for _, n := range names {
		checkText(p, path, string(n))
	}
}

func (c InSegment) check(p *sosyal.Problems, path string, _ *limits) {
	p.Require(c != "", path+".in_segment", "must name a segment", "")
	checkText(p, path+".in_segment", string(c))
}

func (c Count) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".count"
	c.Events.check(p, path)
	checkSizes(p, path, c.Is)
	checkRange(p, path+".value", c.Value, 0, maxCount)
}

func (c Sum) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".sum"
	c.Events.check(p, path)
	checkSizes(p, path, c.Is)
	p.Require(c.Value.Currency() != "", path+".value", "is required", "")
	checkThreshold(p, path+".value", c.Value.Amount())
}

func (c Last) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".last"
	c.Events.check(p, path)
	checkSizes(p, path, c.Is)
	checkRange(p, path+".value", c.Value, 0, maxDays)
}

func (c First) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".first"
	c.Events.check(p, path)
	checkSizes(p, path, c.Is)
	checkRange(p, path+".value", c.Value, 0, maxDays)
}

func (c Funnel) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".funnel"
	c.First.check(p, path+".first")
	c.Then.check(p, path+".then")
	checkRange(p, path+".hours", c.Hours, 1, maxHours)
}

func (s Step) check(p *sosyal.Problems, path string) {
	p.Require(s.Of != "", path+".of", "is required", "")
	checkText(p, path+".of", s.Of)
	for i, f := range s.Where {
		f.check(p, path+".where["+strconv.Itoa(i)+"]")
	}
}

func (e Events) check(p *sosyal.Problems, path string) {
	e.Step.check(p, path)
	checkRange(p, path+".days", e.Days, 0, maxDays)
	p.Require(e.Days == 0 || e.From == 0 && e.Until == 0, path+".days", "must not be given beside from and until", strconv.Itoa(e.Days))
	p.Require(e.From == 0 || e.Until == 0 || e.From < e.Until, path+".until", "must be after from", e.Until.String())
	checkYear(p, path+".from", e.From)
	checkYear(p, path+".until", e.Until)
}

// checkYear reports a day on which nothing can have happened; 0 is none.
func checkYear(p *sosyal.Problems, path string, d date.Date) {
	p.Require(d == 0 || d.Year() >= firstYear && d.Year() <= lastYear,
		path, "must lie between "+strconv.Itoa(firstYear)+" and "+strconv.Itoa(lastYear), d.String())
}

func (c Predicted) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".predicted"
	p.Require(c.Name != "", path+".name", "is required", "")
	checkText(p, path+".name", string(c.Name))
	checkSizes(p, path, c.Is)
	p.Require(!math.IsNaN(c.Value) && !math.IsInf(c.Value, 0), path+".value", "must be a finite number", "")
}

func (c Consented) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".consented"
	p.Require(c.Purpose != "", path+".purpose", "is required", "")
	checkText(p, path+".purpose", string(c.Purpose))
	checkText(p, path+".channel", string(c.Channel))
	if c.Sources != nil {
		checkNames(p, path+".sources", c.Sources)
		p.Require(len(c.Sources) <= maxSources, path+".sources", "must be "+strconv.Itoa(maxSources)+" at most", strconv.Itoa(len(c.Sources)))
	}
}

func (c Bucket) check(p *sosyal.Problems, path string, _ *limits) {
	path += ".bucket"
	checkText(p, path+".salt", c.Salt)
	checkRange(p, path+".of", c.Of, 1, maxBuckets)
	checkRange(p, path+".from", c.From, 0, max(c.Of-1, 0))
	checkRange(p, path+".to", c.To, min(c.From+1, c.Of), c.Of)
}
