package sosyal

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rickb777/date/v2"
)

// OldPriceRule says how many days before a price cut decide which price may be
// shown as the old one. It is a dated fact about the law, not legal advice.
type OldPriceRule struct {
	// Country is an ISO 3166 alpha-2 code, or EU for the European Union.
	Country string `json:"country"`
	Days    int    `json:"days"`
	// From and To are the days on which the rule came into force and ended
	// (half-open); To is zero while it is in force.
	From date.Date `json:"-"`
	To   date.Date `json:"-"`
	// Rule names the regulation. Source and AsOf say where that was read and
	// when; Confidence is P (the law's own text), S (second-hand) or G (general
	// knowledge).
	Rule       string    `json:"rule"`
	Source     string    `json:"source"`
	AsOf       date.Date `json:"-"`
	Confidence string    `json:"confidence"`
}

// OldPriceRules are the rules of several countries.
type OldPriceRules []OldPriceRule

//go:embed internal/data/old_price.json
var standardOldPriceRules string

// StandardOldPriceRules returns the rules embedded in the module: Turkey and the
// European Union.
func StandardOldPriceRules() (OldPriceRules, error) {
	return ReadOldPriceRules(strings.NewReader(standardOldPriceRules))
}

type oldPriceRuleJSON struct {
	OldPriceRule

	From string `json:"from"`
	To   string `json:"to,omitempty"`
	AsOf string `json:"as_of"`
}

// ReadOldPriceRules reads {"rules":[...]} with days as 2026-11-03. Every rule
// must name its source and the day it was looked up.
func ReadOldPriceRules(r io.Reader) (OldPriceRules, error) {
	var raw struct {
		Rules []oldPriceRuleJSON `json:"rules"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return nil, FieldError{Field: "rules", Rule: "must be a table of rules: " + err.Error()}
	}
	var p Problems
	rules := make(OldPriceRules, len(raw.Rules))
	for i, row := range raw.Rules {
		rule := row.OldPriceRule
		field := indexed("rules", i)
		for _, day := range []struct {
			name, text string
			into       *date.Date
			required   bool
		}{{"from", row.From, &rule.From, true}, {"to", row.To, &rule.To, false}, {"as_of", row.AsOf, &rule.AsOf, true}} {
			if day.text == "" && !day.required {
				continue
			}
			parsed, err := ParseDate(day.text)
			p.Require(err == nil, field+"."+day.name, "must be a calendar day like 2026-11-03", day.text)
			*day.into = parsed
		}
		p.Require(rule.Country != "", field+".country", "is required", "")
		p.Require(rule.Days > 0, field+".days", "must be positive", fmt.Sprint(rule.Days))
		p.Require(rule.Rule != "", field+".rule", "is required", "")
		p.Require(rule.Source != "", field+".source", "is required", "")
		rules[i] = rule
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return rules, nil
}

// For returns the rule of a country on a day, and false where none is known. Of
// several in force it is the one with the most days: who keeps that one keeps
// the others, since the lowest price of more days is never higher.
func (rules OldPriceRules) For(country string, on date.Date) (OldPriceRule, bool) {
	var found OldPriceRule
	for _, r := range rules {
		inForce := r.From <= on && (r.To == 0 || on < r.To)
		if r.Country == country && inForce && r.Days > found.Days {
			found = r
		}
	}
	return found, found.Days > 0
}
