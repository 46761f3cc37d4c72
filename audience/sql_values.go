package audience

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
)

// sql asks for a property. Conditions are never null: what is not known is
// ruled out before it is compared.
func (n valueNode) sql(s *sqlScope) string {
	if n.test.kind == ListProperty {
		return n.listSQL(s)
	}
	c, path := s.column(n.field)
	if c.Name == "" {
		s.unmapped(path)
		return "FALSE"
	}
	x := s.name(c.Name)
	_, profile := (Schema{}).property(n.field)
	switch profile = profile && s.ofCustomers(); {
	case profile && n.test.is == Missing:
		return s.unknownProfile(c, x, n.test.kind)
	case n.test.is == Missing:
		return x + " IS NULL"
	case profile:
		n.test = n.test.ofProfile()
	}
	if n.test.kind == TextProperty && len(n.test.texts) == 0 {
		return "FALSE"
	}
	return both(x+" IS NOT NULL", s.test(&n.test, c, x))
}

func (s *sqlScope) ofCustomers() bool { return s.path == "tables.customers" }

// ofProfile is the test where an empty text and the first day of the year 1 are
// not known, as in [Profile].
func (t test) ofProfile() test {
	t.texts = slices.DeleteFunc(slices.Clone(t.texts), func(text string) bool { return text == "" })
	if t.kind == DayProperty {
		t.low = max(t.low, 1)
	}
	return t
}

func (s *sqlScope) unknownProfile(c Column, x string, kind PropertyType) string {
	empty := x + " = ''"
	if kind == DayProperty {
		empty = x + " = " + s.day(c, 0)
	}
	return "(" + x + " IS NULL OR " + empty + ")"
}

// test compares a column whose value is known.
func (s *sqlScope) test(t *test, c Column, x string) string {
	switch t.kind {
	case TextProperty:
		return s.textTest(t, x)
	case FlagProperty:
		if s.plain || c.Encoding == UnitEncoding {
			return x + " = " + s.arg(wholeArgument, int64(count(t.flag)))
		}
		return x + " = " + s.arg(flagArgument, t.flag)
	case NumberProperty:
		return both(s.numbers(c, x, t.low, t.high)...)
	case DayProperty:
		return s.dayTest(t, c, x)
	case ListProperty:
	}
	return "FALSE"
}

func (s *sqlScope) textTest(t *test, x string) string {
	form := ""
	switch t.is {
	case Contains:
		form = s.contains
	case StartsWith:
		form = s.startsWith
	case EndsWith:
		form = s.endsWith
	default:
		return s.textIn(x, t.texts)
	}
	return fmt.Sprintf(form, s.texted(x), s.arg(textArgument, t.texts[0]))
}

// numbers bounds a number whose bounds are in units of 10^-6. Bounds that are
// open are left out.
func (s *sqlScope) numbers(c Column, x string, low, high int64) []string {
	if low > high {
		return []string{"FALSE"}
	}
	bound := func(v int64) string { return s.arg(numberArgument, decimal.New(v, -maxDecimals).String()) }
	if s.plain || c.Encoding == UnitEncoding {
		unit := grown(1, maxDecimals-c.Scale)
		bound = func(v int64) string { return s.arg(wholeArgument, v) }
		if low != math.MinInt64 {
			low = -floorQuotient(-low, unit)
		}
		if high != math.MaxInt64 {
			high = floorQuotient(high, unit)
		}
	}
	return bounds(x, low, high, bound)
}

// bounds keeps a value within bounds of which the open ones are left out.
func bounds(x string, low, high int64, bound func(int64) string) []string {
	var out []string
	if low == high {
		return []string{x + " = " + bound(low)}
	}
	if low != math.MinInt64 {
		out = append(out, x+" >= "+bound(low))
	}
	if high != math.MaxInt64 {
		out = append(out, x+" <= "+bound(high))
	}
	return out
}

// floorQuotient divides towards the lower whole number.
func floorQuotient(v, by int64) int64 {
	q := v / by
	if v%by < 0 {
		q--
	}
	return q
}

// grown is v times 10^scale, or the end of the range beyond it.
func grown(v int64, scale int) int64 {
	for range scale {
		switch {
		case v > math.MaxInt64/10:
			return math.MaxInt64
		case v < math.MinInt64/10:
			return math.MinInt64
		}
		v *= 10
	}
	return v
}

// lastDay is the last one that has four digits for its year.
const lastDay = 3_652_058

func (s *sqlScope) dayTest(t *test, c Column, x string) string {
	if t.low > t.high || t.low > lastDay || t.high < 0 {
		return "FALSE"
	}
	if t.low <= 0 {
		t.low = math.MinInt64
	}
	if t.high >= lastDay {
		t.high = math.MaxInt64
	}
	column := x
	if s.inText(c) {
		column = s.texted(x)
	}
	conditions := bounds(column, t.low, t.high, func(d int64) string { return s.day(c, d) })
	if t.monthDays != nil {
		days := make([]string, len(t.monthDays))
		for i, d := range t.monthDays {
			days[i] = fmt.Sprintf("%04d", d)
		}
		monthDay := "substr(" + x + ", 6, 2) || substr(" + x + ", 9, 2)"
		if !s.inText(c) {
			monthDay = fmt.Sprintf(s.monthDay, x)
		}
		conditions = append(conditions, s.textIn("("+monthDay+")", days))
	}
	return both(conditions...)
}

// day adds a day as an argument.
func (s *sqlScope) day(c Column, d int64) string {
	kind := dayArgument
	if s.inText(c) {
		kind = textArgument
	}
	return s.arg(kind, date.Date(d).String())
}

// listSQL asks for a list: of the customer's or of an event's properties.
func (n valueNode) listSQL(s *sqlScope) string {
	l, path := s.lists(n.field)
	if n.test.is == Missing {
		return isNot(s.entries(l, path, nil))
	}
	return is(s.entries(l, path, n.test.texts))
}

// entries joins the owners of one of the entries, or of any where texts is nil.
func (s *sqlScope) entries(l ListTable, path string, texts []string) string {
	if s.left <= -maxJoins {
		s.problems.Add("rule", "must not have more conditions on lists of one event than "+strconv.Itoa(2*maxJoins), s.path)
		return "NULL"
	}
	e := s.scope(path, "l", l.Table, l.Owner)
	value := e.name(l.Value)
	condition := value + " IS NOT NULL"
	if texts != nil {
		condition = e.textIn(value, texts)
	}
	return s.joinSelected(e.selected(condition) + "\nGROUP BY " + e.id)
}

func (n memberNode) sql(s *sqlScope) string {
	t := &s.tables.Customers
	l, path := t.Interests, "tables.customers.interests"
	switch n.list {
	case networkList:
		l, path = t.Networks, "tables.customers.networks"
	case segmentList:
		l, path = t.Segments, "tables.customers.segments"
	case interestList:
	}
	return is(s.entries(l, path, n.any))
}

func (n groupNode) sql(s *sqlScope) string {
	column, ok := s.single(s.tables.Customers.Group, "group")
	if !ok {
		return "FALSE"
	}
	return both(column+" IS NOT NULL", s.textIn(column, n.any))
}

func (n predictedNode) sql(s *sqlScope) string {
	column, ok := s.single(s.tables.Customers.Predictions[n.name], "predictions."+string(n.name))
	if !ok {
		return "FALSE"
	}
	sign := map[Comparison]string{Equals: " = ", AtLeast: " >= ", AtMost: " <= ", MoreThan: " > ", LessThan: " < "}[n.is]
	return both(column+" IS NOT NULL", column+sign+s.arg(floatArgument, n.value))
}

func (n bucketNode) sql(s *sqlScope) string {
	hash, ok := s.single(s.tables.Customers.Hash, "hash")
	if !ok {
		return "FALSE"
	}
	whole := func(v uint64) string { return s.arg(wholeArgument, int64(v)) }
	drawn := "(" + hash + " * " + whole(n.mul) + " + " + whole(n.add) + ") % " + strconv.Itoa(bucketPrime) + " * " + whole(n.of)
	return both(hash+" IS NOT NULL", drawn+" >= "+whole(n.from*bucketPrime), drawn+" < "+whole(n.to*bucketPrime))
}

// single is a column of the customers that is known by itself.
func (s *sqlScope) single(column, path string) (string, bool) {
	if column == "" {
		s.unmapped("tables.customers." + path)
		return "", false
	}
	return s.name(column), true
}
