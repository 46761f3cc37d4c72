package value

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Gate is how much a shop must know of its customers before a forecast of them is
// shown. [StandardGate] returns the rule of a large platform; a host may set its
// own numbers, or take away a condition with 0.
type Gate struct {
	// Buyers is the least number of customers with a purchase that was not taken
	// back.
	Buyers int `json:"buyers"`
	// HistoryDays is the least number of days from the first purchase on.
	HistoryDays int `json:"history_days"`
	// SilentDays is the greatest number of days since the latest purchase.
	SilentDays int `json:"silent_days"`
	// FrequentCustomers is the least number of customers with FrequentOrders or
	// more.
	FrequentCustomers int `json:"frequent_customers"`
	FrequentOrders    int `json:"frequent_orders"`
	// Facts are where the numbers are from; empty for a host's own.
	Facts []GateFact `json:"facts,omitempty"`
}

// GateFact is a number of a gate with its source. Confidence is P (published by
// the source), S (second-hand) or G (general knowledge).
type GateFact struct {
	Rule       string    `json:"rule"`
	Value      int       `json:"value"`
	Unit       string    `json:"unit"`
	Source     string    `json:"source"`
	AsOf       date.Date `json:"-"`
	Confidence string    `json:"confidence"`
}

//go:embed facts/sufficiency.json
var standardGate string

// StandardGate returns the gate embedded in the module.
func StandardGate() (Gate, error) { return ReadGate(strings.NewReader(standardGate)) }

// ReadGate reads a gate from a table of its numbers, so that a newer one can be
// used without a new version of the module: an array with the JSON form of
// [GateFact] and the day as "as_of":"2026-11-25". Unknown keys, unknown rules,
// repeats and numbers without a source are errors.
func ReadGate(r io.Reader) (Gate, error) {
	var raw []struct {
		GateFact
		AsOf string `json:"as_of"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return Gate{}, sosyal.FieldError{Field: "gate", Rule: "must be a table of numbers: " + err.Error()}
	}
	var g Gate
	rules := map[string]*int{
		"buyers": &g.Buyers, "history_days": &g.HistoryDays, "silent_days": &g.SilentDays,
		"frequent_customers": &g.FrequentCustomers, "frequent_orders": &g.FrequentOrders,
	}
	var p sosyal.Problems
	for i, f := range raw {
		field := fmt.Sprintf("[%d]", i)
		day, err := sosyal.ParseDate(f.AsOf)
		p.Require(err == nil, field+".as_of", "must be a calendar day like 2026-11-25", f.AsOf)
		p.Require(f.Source != "", field+".source", "is required", "")
		p.Require(f.Confidence == "P" || f.Confidence == "S" || f.Confidence == "G", field+".confidence", "must be P, S or G", f.Confidence)
		rule := rules[f.Rule]
		if rule == nil {
			p.Add(field+".rule", "must be a rule of a gate, once", f.Rule)
			continue
		}
		*rule = f.Value
		delete(rules, f.Rule)
		f.GateFact.AsOf = day
		g.Facts = append(g.Facts, f.GateFact)
	}
	p.Nest("", g.Validate())
	if err := p.Err(); err != nil {
		return Gate{}, err
	}
	return g, nil
}

// Validate reports negative numbers.
func (g Gate) Validate() error {
	var p sosyal.Problems
	for _, c := range []struct {
		field string
		n     int
	}{
		{"buyers", g.Buyers},
		{"history_days", g.HistoryDays},
		{"silent_days", g.SilentDays},
		{"frequent_customers", g.FrequentCustomers},
		{"frequent_orders", g.FrequentOrders},
	} {
		p.Require(c.n >= 0, c.field, "must not be negative", strconv.Itoa(c.n))
	}
	return p.Err()
}

// Check returns what a population lacks, nothing where it suffices.
func (g Gate) Check(p Population) []sosyal.Reason {
	var lacks []sosyal.Reason
	if n := len(p.Customers); n < g.Buyers {
		lacks = append(lacks, sosyal.Because("value.gate.buyers", sosyal.CountArg("buyers", n), sosyal.CountArg("minimum", g.Buyers)))
	}
	if len(p.Customers) > 0 {
		if days := int(p.AsOf - p.First); days < g.HistoryDays {
			lacks = append(lacks, sosyal.Because("value.gate.history", sosyal.CountArg("days", days), sosyal.CountArg("minimum", g.HistoryDays)))
		}
		if days := int(p.AsOf - p.Last); g.SilentDays > 0 && days > g.SilentDays {
			lacks = append(lacks, sosyal.Because("value.gate.silent",
				sosyal.DateArg("day", p.Last), sosyal.CountArg("days", days), sosyal.CountArg("maximum", g.SilentDays)))
		}
	}
	frequent := 0
	for _, c := range p.Customers {
		if c.Orders >= g.FrequentOrders {
			frequent++
		}
	}
	if frequent < g.FrequentCustomers {
		lacks = append(lacks, sosyal.Because("value.gate.frequent", sosyal.CountArg("customers", frequent),
			sosyal.CountArg("orders", g.FrequentOrders), sosyal.CountArg("minimum", g.FrequentCustomers)))
	}
	return lacks
}
