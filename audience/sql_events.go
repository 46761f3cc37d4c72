package audience

import "math"

// eventScope begins a SELECT over the events of a set.
func (s *sqlScope) eventScope(set *eventSet) (*sqlScope, EventTable) {
	path := "tables.events." + set.name
	t, known := s.tables.Events[set.name]
	if !known {
		s.unmapped(path)
	}
	e := s.scope(path, "e", t.Table, t.ID)
	columns := e.of(t.Columns, t.Lists)
	e.column = func(name string) (Column, string) {
		if name == amountField {
			return t.Amount, path + "." + amountField
		}
		return columns(name)
	}
	at := e.name(t.At.Name)
	if e.inText(t.At) {
		at = e.texted(at)
	}
	if set.from != beginning {
		e.where = append(e.where, at+" >= "+e.instantOf(t.At, set.from))
	}
	e.where = append(e.where, at+" < "+e.instantOf(t.At, set.to))
	for i := range set.filters {
		e.where = append(e.where, set.filters[i].sql(e))
	}
	return e, t
}

// instantOf adds an instant as an argument for a column.
func (s *sqlScope) instantOf(c Column, at int64) string { return s.arg(s.instant(c, at)) }

// withoutAdjustments leaves only what the customer did.
func (s *sqlScope) withoutAdjustments(t EventTable) {
	if t.Adjustment.Name == "" {
		return
	}
	x, no := s.name(t.Adjustment.Name), "FALSE"
	if s.plain || t.Adjustment.Encoding == UnitEncoding {
		no = "0"
	}
	s.where = append(s.where, "("+x+" IS NULL OR "+x+" = "+no+")")
}

// sql joins the customers whose events come to what is asked. Where nothing at
// all is enough for that, it joins the others.
func (n eventNode) sql(s *sqlScope) string {
	counted, summed := n.measure == countMeasure, n.measure == sumMeasure
	nobody := (counted || summed) && n.low <= 0 && n.high >= 0
	switch {
	case n.low > n.high:
		return "FALSE"
	case nobody && n.high == math.MaxInt64 && (counted || n.low == math.MinInt64):
		return "TRUE"
	case n.measure == lastMeasure:
		n.events.from = max(n.events.from, n.low)
	case n.measure == firstMeasure && n.high != math.MaxInt64:
		n.events.to = min(n.events.to, n.high+1)
	}
	e, t := s.eventScope(&n.events)
	if !summed {
		e.withoutAdjustments(t)
	}
	having := n.having(e, t)
	e.id = e.keyed(e.name(t.Customer))
	text := e.selected() + "\nGROUP BY " + e.id
	switch {
	case nobody:
		return isNot(s.joinSelected(text + "\nHAVING NOT (" + having + ")"))
	case having != "TRUE":
		text += "\nHAVING " + having
	}
	return is(s.joinSelected(text))
}

// having compares what the events of a customer come to, of whom there is one
// at least.
func (n *eventNode) having(e *sqlScope, t EventTable) string {
	switch n.measure {
	case countMeasure:
		low := n.low
		if low <= 1 && n.high > 0 {
			low = math.MinInt64 // as there is one at least
		}
		return both(bounds("count(*)", low, n.high, func(v int64) string { return e.arg(wholeArgument, v) })...)
	case sumMeasure:
		if t.Amount.Name == "" {
			e.unmapped(e.path + "." + amountField)
		}
		return both(e.numbers(t.Amount, "coalesce(sum("+e.name(t.Amount.Name)+"), 0)", n.low, n.high)...)
	case lastMeasure:
		if n.high < n.events.to-1 {
			return "max(" + e.ordered(t.At) + ") < " + e.instantOf(t.At, n.high+1)
		}
	case firstMeasure:
		if n.low > n.events.from {
			return "min(" + e.ordered(t.At) + ") >= " + e.instantOf(t.At, n.low)
		}
	}
	return "TRUE"
}

// ordered is an instant in its order.
func (s *sqlScope) ordered(c Column) string {
	if s.inText(c) {
		return s.texted(s.name(c.Name))
	}
	return s.name(c.Name)
}
