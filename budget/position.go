package budget

import (
	"github.com/yukselenler/sosyal"
)

// Position is where the money of a line stands. The four amounts are kept
// apart: what was planned is not yet approved, what is approved not yet
// committed, what is committed not yet spent.
type Position struct {
	// Line is empty in a total.
	Line    LineID       `json:"line,omitzero"`
	Planned sosyal.Money `json:"planned"`
	// Approved is all that requests made available.
	Approved sosyal.Money `json:"approved"`
	// Committed is reserved and not spent yet.
	Committed sosyal.Money `json:"committed"`
	Spent     sosyal.Money `json:"spent"`
	// Available is approved and neither committed nor spent: it can still be
	// committed. It is negative where platforms spent more than was approved.
	Available sosyal.Money `json:"available"`
}

// Remaining is what is approved and not spent yet, committed or not.
func (p Position) Remaining() (sosyal.Money, error) { return p.Approved.Sub(p.Spent) }

// Overspent reports whether more was spent than approved.
func (p Position) Overspent() bool {
	c, err := p.Spent.Compare(p.Approved)
	return err == nil && c > 0
}

// Position returns where a line stands. A line without entries is at zero in
// the book's currency.
func (s *Statement) Position(line LineID) Position {
	return Position{
		Line:      line,
		Planned:   s.money(s.balances[Account{line, Planned}]),
		Approved:  s.money(-s.balances[Account{line, Authority}]),
		Committed: s.money(s.balances[Account{line, Committed}]),
		Spent:     s.money(s.balances[Account{line, Spent}]),
		Available: s.money(s.balances[Account{line, Available}]),
	}
}

// Positions returns where the lines of a budget stand, in its order.
func (s *Statement) Positions(b Budget) []Position {
	out := make([]Position, len(b.Lines))
	for i, l := range b.Lines {
		out[i] = s.Position(l.ID)
		if s.currency == "" { // nothing recorded yet: zero of the budget's currency
			zero, err := sosyal.MoneyFromMinor(0, b.Currency)
			if err != nil {
				continue
			}
			out[i] = Position{Line: l.ID, Planned: zero, Approved: zero, Committed: zero, Spent: zero, Available: zero}
		}
	}
	return out
}

// Total adds positions up. Positions in several currencies are an error.
func Total(positions []Position) (Position, error) {
	var total Position
	for _, p := range positions {
		sum, err := total.add(p)
		if err != nil {
			return Position{}, err
		}
		total = sum
	}
	return total, nil
}

func (p Position) add(q Position) (Position, error) {
	var out Position
	for _, part := range []struct {
		to   *sosyal.Money
		a, b sosyal.Money
	}{
		{&out.Planned, p.Planned, q.Planned},
		{&out.Approved, p.Approved, q.Approved},
		{&out.Committed, p.Committed, q.Committed},
		{&out.Spent, p.Spent, q.Spent},
		{&out.Available, p.Available, q.Available},
	} {
		sum, err := part.a.Add(part.b)
		if err != nil {
			return Position{}, err
		}
		*part.to = sum
	}
	return out, nil
}
