package budget

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// DayRule is how far an ad platform may spend beyond a daily amount by its own
// rules, so that a day within them is no alarm.
type DayRule struct {
	Platform string
	// Day, Week and Month are multiples of the daily amount that a day, a week
	// and a calendar month reach at most; zero where the platform states none.
	Day, Week, Month decimal.Decimal
	// Window says in words over which days the platform levels out.
	Window string
	// From and To are the days on which the rule came into force and ended
	// (half-open); zero where open.
	From, To date.Date
	// Source, AsOf and Confidence say where the fact is from, when it was looked
	// up, and whether the platform publishes it (P) or others report it (S).
	Source     string
	AsOf       date.Date
	Confidence string
}

// DayRules are dated facts about platforms.
type DayRules []DayRule

//go:embed facts/day_rules.json
var dayRules string

// StandardDayRules returns the rules that the module carries.
func StandardDayRules() (DayRules, error) { return ReadDayRules(strings.NewReader(dayRules)) }

type dayRuleJSON struct {
	Platform   string `json:"platform"`
	Day        string `json:"day"`
	Week       string `json:"week,omitempty"`
	Month      string `json:"month,omitempty"`
	Window     string `json:"window"`
	From       string `json:"from,omitempty"`
	To         string `json:"to,omitempty"`
	Source     string `json:"source"`
	AsOf       string `json:"as_of"`
	Confidence string `json:"confidence"`
}

// ReadDayRules reads a list of rules in JSON: multiples as decimal text, days as
// 2026-11-03. Every rule names its source and the day it was looked up.
func ReadDayRules(r io.Reader) (DayRules, error) {
	var raw []dayRuleJSON
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return nil, fmt.Errorf("read day rules: %w", err)
	}
	var p sosyal.Problems
	rules := make(DayRules, len(raw))
	for i, x := range raw {
		field := fmt.Sprintf("[%d]", i)
		rule := DayRule{
			Platform: x.Platform, Window: x.Window, Source: x.Source, Confidence: x.Confidence,
		}
		p.Require(x.Platform != "", field+".platform", "must not be empty", "")
		p.Require(x.Source != "", field+".source", "must not be empty", "")
		p.Require(x.Confidence == "P" || x.Confidence == "S" || x.Confidence == "G", field+".confidence", "must be P, S or G", x.Confidence)
		for _, part := range []struct {
			name, text string
			to         *decimal.Decimal
			required   bool
		}{
			{"day", x.Day, &rule.Day, true}, {"week", x.Week, &rule.Week, false}, {"month", x.Month, &rule.Month, false},
		} {
			if part.text == "" && !part.required {
				continue
			}
			factor, err := sosyal.ParseDecimal(part.text, sosyal.Plain)
			p.Require(err == nil && factor.Cmp(decimal.NewFromInt(1)) >= 0, field+"."+part.name, "must be a number of at least 1", part.text)
			*part.to = factor
		}
		for _, part := range []struct {
			name, text string
			to         *date.Date
		}{{"from", x.From, &rule.From}, {"to", x.To, &rule.To}, {"as_of", x.AsOf, &rule.AsOf}} {
			if part.text == "" {
				p.Require(part.name != "as_of", field+".as_of", "must be set", "")
				continue
			}
			day, err := sosyal.ParseDate(part.text)
			p.Require(err == nil, field+"."+part.name, "must be a calendar day like 2026-11-03", part.text)
			*part.to = day
		}
		rules[i] = rule
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("read day rules: %w", err)
	}
	return rules, nil
}

// For returns the rule of a platform that is in force on a day.
func (r DayRules) For(platform string, on date.Date) (DayRule, bool) {
	for _, rule := range r {
		if rule.Platform == platform && on >= rule.From && (rule.To == 0 || on < rule.To) {
			return rule, true
		}
	}
	return DayRule{}, false
}

// Stale reports whether the fact was looked up more than days ago.
func (r DayRule) Stale(on date.Date, days int) bool { return int(on-r.AsOf) > days }

// Allows reports whether the platform may spend an amount on a day whose daily
// amount is daily.
func (r DayRule) Allows(spent, daily sosyal.Money) bool {
	c, err := spent.Compare(daily.Mul(r.Day))
	return err == nil && c <= 0
}
