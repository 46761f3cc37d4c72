package campaign

import (
	_ "embed"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Facts are what is known about ad platforms: which values they accept, what
// the neutral names are called there and how they want amounts. Facts are dated
// and replaceable: [StandardFacts] returns those embedded in the module and
// [ReadFacts] reads newer ones. The zero Facts knows no platform.
type Facts struct {
	platforms []PlatformFacts
}

// PlatformFacts is what is known about one platform. The lists hold the values
// of the platform's own interface; a value that is not in a list that exists is
// refused, a pair that is not listed only warned of, because pairs are known from
// use and change without notice.
type PlatformFacts struct {
	Platform Platform         `json:"platform"`
	Networks []sosyal.Network `json:"networks"`
	// Source and AsOf say where the facts are from and when they were looked up.
	// Confidence is P (published by the platform), S (second-hand) or G (general
	// knowledge), for the lists of values and for the pairs.
	Source          string    `json:"source"`
	AsOf            date.Date `json:"-"`
	ListsConfidence string    `json:"lists_confidence"`
	PairsConfidence string    `json:"pairs_confidence"`

	Objectives []string `json:"objectives"`
	// LegacyObjectives can still be read but not used for something new.
	LegacyObjectives  []string `json:"legacy_objectives,omitempty"`
	Goals             []string `json:"goals,omitempty"`
	Billing           []string `json:"billing,omitempty"`
	Bids              []string `json:"bids"`
	SpecialCategories []string `json:"special_categories,omitempty"`
	Placements        []string `json:"placements,omitempty"`

	NeutralObjectives map[sosyal.Objective]NativeObjective `json:"neutral_objectives"`
	NeutralGoals      map[Goal]string                      `json:"neutral_goals,omitempty"`
	NeutralBilling    map[BillingEvent]string              `json:"neutral_billing,omitempty"`
	NeutralBids       map[BidKind]string                   `json:"neutral_bids"`

	// ObjectiveGoals lists the goals that go with an objective, BillingGoals the
	// goals that a billing event asks for.
	ObjectiveGoals map[string][]string `json:"objective_goals,omitempty"`
	BillingGoals   map[string][]string `json:"billing_goals,omitempty"`
	Frequency      FrequencyFacts      `json:"frequency,omitzero"`
	Amounts        AmountFacts         `json:"amounts"`
	// MinimumAudience is the number of people below which an audience does not
	// run or is not accepted.
	MinimumAudience int         `json:"minimum_audience"`
	UTM             sosyal.UTM  `json:"utm"`
	Recommended     Recommended `json:"recommended"`
}

// NativeObjective is the platform's way of saying a neutral objective: its own
// objective and, where that alone does not say it, a goal or bid strategy.
type NativeObjective struct {
	Objective string `json:"objective"`
	Goal      string `json:"goal,omitzero"`
	Bid       string `json:"bid,omitzero"`
}

// FrequencyFacts is what a platform allows as a frequency cap: with which of its
// goals, and how much; 0 where no limit is known.
type FrequencyFacts struct {
	Goals     []string `json:"goals,omitempty"`
	MaxPerDay int      `json:"max_per_day,omitzero"`
	MaxDays   int      `json:"max_days,omitzero"`
}

// Recommended is this module's advice, not the platform's rule: which goal and
// which formats, the best first, serve an objective.
type Recommended struct {
	Goals   map[sosyal.Objective]Goal            `json:"goals,omitempty"`
	Formats map[sosyal.Objective][]sosyal.Format `json:"formats"`
}

//go:embed facts/platforms.json
var standardFacts string

// StandardFacts returns the facts embedded in the module.
func StandardFacts() (Facts, error) { return ReadFacts(strings.NewReader(standardFacts)) }

type platformFactsJSON struct {
	PlatformFacts
	AsOf string `json:"as_of"`
}

// ReadFacts reads facts: {"platforms":[...]} with the JSON form of
// [PlatformFacts] and the day as "as_of":"2026-08-01". Unknown keys are errors,
// and so is a neutral name whose native value is not in the platform's list.
func ReadFacts(r io.Reader) (Facts, error) {
	var raw struct {
		Platforms []platformFactsJSON `json:"platforms"`
	}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&raw); err != nil {
		return Facts{}, sosyal.FieldError{Field: "facts", Rule: "must be a table of ad platforms: " + err.Error()}
	}
	var p sosyal.Problems
	var f Facts
	for i, platform := range raw.Platforms {
		field := "platforms[" + strconv.Itoa(i) + "]"
		day, err := sosyal.ParseDate(platform.AsOf)
		p.Require(err == nil, field+".as_of", "must be a calendar day like 2026-08-01", platform.AsOf)
		platform.PlatformFacts.AsOf = day
		p.Nest(field, platform.Validate())
		_, known := f.Platform(platform.Platform)
		p.Require(!known, field+".platform", "must not repeat", string(platform.Platform))
		f.platforms = append(f.platforms, platform.PlatformFacts)
	}
	p.Require(len(f.platforms) > 0, "platforms", "must hold a platform", "")
	if err := p.Err(); err != nil {
		return Facts{}, err
	}
	return f, nil
}

// Platforms returns the platforms in the order of the table.
func (f Facts) Platforms() []Platform {
	names := make([]Platform, len(f.platforms))
	for i, p := range f.platforms {
		names[i] = p.Platform
	}
	return names
}

// Platform returns what is known about a platform.
func (f Facts) Platform(name Platform) (PlatformFacts, bool) {
	for _, p := range f.platforms {
		if p.Platform == name {
			return p, true
		}
	}
	return PlatformFacts{}, false
}

// Serving returns the platform that sells ads on a network.
func (f Facts) Serving(n sosyal.Network) (Platform, bool) {
	for _, p := range f.platforms {
		if slices.Contains(p.Networks, n) {
			return p.Platform, true
		}
	}
	return "", false
}

// FreshDays is how long facts are taken as they stand: platforms rename and
// retire values about twice a year.
const FreshDays = 180

// Stale returns a warning for each platform whose facts are older than
// [FreshDays] on a day.
func (f Facts) Stale(on date.Date) []sosyal.Reason {
	var warnings []sosyal.Reason
	for _, p := range f.platforms {
		if age := int(on - p.AsOf); age > FreshDays {
			warnings = append(warnings, sosyal.Because("campaign.facts.stale",
				sosyal.TermArg("platform", p.Platform), sosyal.DateArg("day", p.AsOf), sosyal.CountArg("days", age)))
		}
	}
	return warnings
}

// Validate reports neutral names and pairs whose native values the lists do not
// hold.
func (f PlatformFacts) Validate() error {
	var p sosyal.Problems
	p.Require(isSlug(string(f.Platform)), "platform", "must be a slug", string(f.Platform))
	p.Require(f.Source != "", "source", "is required", "")
	p.Require(len(f.Objectives) > 0, "objectives", "must hold a value", "")
	p.Require(f.MinimumAudience >= 0, "minimum_audience", "must not be negative", strconv.Itoa(f.MinimumAudience))
	p.Nest("amounts", f.Amounts.Validate())
	listed := func(field, value string, list []string) {
		p.Require(value == "" || slices.Contains(list, value), field, "must be in the platform's list", value)
	}
	for _, o := range slices.Sorted(maps.Keys(f.NeutralObjectives)) {
		n := f.NeutralObjectives[o]
		field := "neutral_objectives." + string(o)
		p.Require(n.Objective != "", field+".objective", "is required", "")
		listed(field+".objective", n.Objective, f.Objectives)
		listed(field+".goal", n.Goal, f.Goals)
		listed(field+".bid", n.Bid, f.Bids)
		p.Require(len(f.Recommended.Formats[o]) > 0, "recommended.formats."+string(o), "must hold a format", "")
	}
	for _, g := range slices.Sorted(maps.Keys(f.NeutralGoals)) {
		listed("neutral_goals."+string(g), f.NeutralGoals[g], f.Goals)
	}
	for _, b := range slices.Sorted(maps.Keys(f.NeutralBilling)) {
		listed("neutral_billing."+string(b), f.NeutralBilling[b], f.Billing)
	}
	for _, b := range slices.Sorted(maps.Keys(f.NeutralBids)) {
		listed("neutral_bids."+string(b), f.NeutralBids[b], f.Bids)
	}
	for _, o := range slices.Sorted(maps.Keys(f.ObjectiveGoals)) {
		listed("objective_goals", o, f.Objectives)
		for _, g := range f.ObjectiveGoals[o] {
			listed("objective_goals."+o, g, f.Goals)
		}
	}
	for _, b := range slices.Sorted(maps.Keys(f.BillingGoals)) {
		listed("billing_goals", b, f.Billing)
		for _, g := range f.BillingGoals[b] {
			listed("billing_goals."+b, g, f.Goals)
		}
	}
	for _, o := range slices.Sorted(maps.Keys(f.Recommended.Goals)) {
		_, ok := f.NeutralGoals[f.Recommended.Goals[o]]
		p.Require(ok, "recommended.goals."+string(o), "must be one of the neutral goals", string(f.Recommended.Goals[o]))
	}
	return p.Err()
}
