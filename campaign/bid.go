package campaign

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// BidKind is which choice a [Bid] is.
type BidKind string

// Kinds of bids.
const (
	BidLowestCost   BidKind = "lowest_cost"   // as many results as the money buys
	BidHighestValue BidKind = "highest_value" // as much value as the money buys
	BidCostCap      BidKind = "cost_cap"      // a mean cost per result to stay at
	BidBidCap       BidKind = "bid_cap"       // the most to bid in any auction
	BidTargetCost   BidKind = "target_cost"   // a mean cost per result to meet
	BidMinROAS      BidKind = "min_roas"      // a return on ad spend to stay above
)

// Bid is a bid strategy with what it needs: a cost cap without an amount cannot
// be built. The zero Bid is [LowestCost].
type Bid struct {
	kind   BidKind
	amount sosyal.Money
	roas   decimal.Decimal
}

// LowestCost spends the money for as many results as it buys.
func LowestCost() Bid { return Bid{} }

// HighestValue spends the money for as much value as it buys.
func HighestValue() Bid { return Bid{kind: BidHighestValue} }

// CostCap keeps the mean cost of a result at or below an amount.
func CostCap(amount sosyal.Money) (Bid, error) { return newBid(BidCostCap, amount) }

// BidCap never bids more than an amount.
func BidCap(amount sosyal.Money) (Bid, error) { return newBid(BidBidCap, amount) }

// TargetCost aims at a mean cost of a result.
func TargetCost(amount sosyal.Money) (Bid, error) { return newBid(BidTargetCost, amount) }

func newBid(kind BidKind, amount sosyal.Money) (Bid, error) {
	if amount.Sign() <= 0 {
		return Bid{}, sosyal.FieldError{Field: "amount", Rule: "must be positive", Value: amount.String()}
	}
	return Bid{kind: kind, amount: amount}, nil
}

// MinROAS keeps the return on ad spend, value over spend, at or above a number:
// 2.5 is two and a half liras of sales for each lira spent.
func MinROAS(roas decimal.Decimal) (Bid, error) {
	if roas.Sign() <= 0 {
		return Bid{}, sosyal.FieldError{Field: "roas", Rule: "must be positive", Value: roas.String()}
	}
	return Bid{kind: BidMinROAS, roas: roas}, nil
}

// Kind returns which choice the bid is.
func (b Bid) Kind() BidKind {
	if b.kind == "" {
		return BidLowestCost
	}
	return b.kind
}

// Amount returns the amount of a cost cap, bid cap or target cost, and false for
// others.
func (b Bid) Amount() (sosyal.Money, bool) { return b.amount, b.amount.Currency() != "" }

// ROAS returns the return of [MinROAS], and false for others.
func (b Bid) ROAS() (decimal.Decimal, bool) { return b.roas, b.kind == BidMinROAS }

type bidJSON struct {
	Kind   BidKind       `json:"kind"`
	Amount *sosyal.Money `json:"amount,omitempty"`
	ROAS   string        `json:"roas,omitempty"`
}

// MarshalJSON writes {"kind":"cost_cap","amount":{...}}.
func (b Bid) MarshalJSON() ([]byte, error) {
	raw := bidJSON{Kind: b.Kind()}
	if amount, ok := b.Amount(); ok {
		raw.Amount = &amount
	}
	if roas, ok := b.ROAS(); ok {
		raw.ROAS = roas.String()
	}
	return json.Marshal(raw)
}

// UnmarshalJSON reads what [Bid.MarshalJSON] writes and refuses a choice with
// less or more than it needs.
func (b *Bid) UnmarshalJSON(data []byte) error {
	var raw bidJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		if found := sosyal.FieldErrors(err); len(found) > 0 {
			return found[0]
		}
		return sosyal.FieldError{Field: "bid", Rule: "must be an object with kind and what the kind needs"}
	}
	var amount sosyal.Money
	if raw.Amount != nil {
		amount = *raw.Amount
	}
	var read Bid
	var err error
	withAmount, withROAS := false, false
	switch raw.Kind {
	case BidLowestCost, BidHighestValue:
		read = Bid{kind: raw.Kind}
	case BidCostCap, BidBidCap, BidTargetCost:
		read, err = newBid(raw.Kind, amount)
		withAmount = true
	case BidMinROAS:
		var roas decimal.Decimal
		if roas, err = sosyal.ParseDecimal(raw.ROAS, sosyal.Plain); err == nil {
			read, err = MinROAS(roas)
		}
		withROAS = true
	default:
		err = sosyal.FieldError{Field: "kind", Rule: "must be a kind of bid", Value: string(raw.Kind)}
	}
	if err == nil && ((raw.Amount != nil) != withAmount || (raw.ROAS != "") != withROAS) {
		err = sosyal.FieldError{Field: "bid", Rule: "must hold what its kind needs and nothing else", Value: string(raw.Kind)}
	}
	if err != nil {
		return err
	}
	if read.kind == BidLowestCost {
		read.kind = ""
	}
	*b = read
	return nil
}
