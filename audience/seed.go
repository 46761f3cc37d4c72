package audience

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// SeedRule says what an ad platform asks of the list that its lookalike
// audience is grown from. It is a dated fact of the platform.
type SeedRule struct {
	Platform string `json:"platform"`
	// Min is the smallest list that is accepted.
	Min int `json:"min"`
	// AdvisedLow and AdvisedHigh are the sizes that the platform advises; 0
	// where it advises none.
	AdvisedLow  int `json:"advised_low,omitzero"`
	AdvisedHigh int `json:"advised_high,omitzero"`
	// OneCountry says that Min people must be from one country.
	OneCountry bool      `json:"one_country,omitzero"`
	Source     string    `json:"source"`
	Date       date.Date `json:"date"`
}

// Validate reports a rule without platform, source or date and sizes that do
// not go together.
func (r SeedRule) Validate() error {
	var p sosyal.Problems
	p.Require(r.Platform != "", "platform", "is required", "")
	requirePositive(&p, "min", r.Min)
	p.Require(r.AdvisedLow == 0 || r.AdvisedLow >= r.Min, "advised_low", "must be at least min", strconv.Itoa(r.AdvisedLow))
	p.Require(r.AdvisedHigh == 0 || r.AdvisedHigh >= max(r.AdvisedLow, r.Min), "advised_high", "must be at least min and advised_low", strconv.Itoa(r.AdvisedHigh))
	p.Require(r.Source != "", "source", "is required", "")
	p.Require(r.Date != 0, "date", "is required", "")
	return p.Err()
}

// UnmarshalJSON reads a stored rule and refuses days that do not exist.
func (r *SeedRule) UnmarshalJSON(data []byte) error {
	type plain SeedRule
	read := struct {
		*plain
		Date string `json:"date"`
	}{plain: (*plain)(r)}
	return readDay(data, &read, &read.Date, "date", &r.Date)
}

// Candidate is a person who may be put on a seed list. Only people who may be
// handed to the platform belong among the candidates: see [Granted].
type Candidate struct {
	Person sosyal.PersonID
	// Country is an ISO 3166 alpha-2 code in capital letters.
	Country string
	// Value is what the person is worth, such as the predicted value. It orders
	// people and is no money.
	Value float64
	// Fit says how well the person fits what is to be grown, from 0 to 1.
	Fit float64
}

// SeedOptions say how a seed list is chosen; the zero value means the defaults.
type SeedOptions struct {
	// Size is how many people to choose at most; the rule's AdvisedHigh where 0,
	// and 10 times its Min where it has none.
	Size int
	// Country that the list is for. Where empty and the rule asks for one
	// country, the country with the most people on its list is taken, then the
	// one whose people score more in all, then the first by code.
	Country string
	// ValueWeight and FitWeight are the exponents of value and fit in the score
	// value^ValueWeight × fit^FitWeight; both 1 where both are 0.
	ValueWeight, FitWeight float64
	// MinFit leaves out people who fit less.
	MinFit float64
}

// Seed is a list of people for a platform to grow a lookalike audience from.
type Seed struct {
	Platform string `json:"platform"`
	Country  string `json:"country,omitzero"`
	// Considered counts all candidates and Eligible those who have a score and,
	// where one was chosen, are of the country; a person who comes twice counts
	// twice in both.
	Considered int `json:"considered"`
	Eligible   int `json:"eligible"`
	// People are the chosen, the best first; empty where Withheld.
	People []sosyal.PersonID `json:"people,omitempty"`
	// Threshold is the score of the last one chosen.
	Threshold float64 `json:"threshold,omitzero"`
	// Withheld says that there are too few people for a list.
	Withheld bool            `json:"withheld,omitzero"`
	Reasons  []sosyal.Reason `json:"reasons,omitempty"`
}

// ChooseSeed chooses the best candidates by value and fit in one pass, keeping
// no more people in memory than a list may hold for each country. Ties are
// broken by person; of a person who comes twice the better score counts.
//
// People without an id, without a positive score or with a fit below MinFit are
// not eligible, and neither are people of no country where the rule asks for
// one. A value or fit that is no number is an error, as is one from the stream;
// the errors never name a person.
func ChooseSeed(candidates iter.Seq2[Candidate, error], rule SeedRule, opt SeedOptions) (Seed, error) {
	opt, err := opt.withDefaults(rule)
	if err != nil {
		return Seed{}, err
	}
	s := Seed{Platform: rule.Platform}
	lists := map[string]*topList{}
	for c, err := range candidates {
		if err != nil {
			return Seed{}, fmt.Errorf("reading candidates: %w", err)
		}
		s.Considered++
		if !finite(c.Value) || !finite(c.Fit) || c.Fit < 0 || c.Fit > 1 {
			return Seed{}, sosyal.FieldError{Field: "candidates[" + strconv.Itoa(s.Considered-1) + "]", Rule: "must have a finite value and a fit from 0 to 1"}
		}
		score := opt.score(c)
		key := ""
		if rule.OneCountry || opt.Country != "" {
			key = c.Country
			if !isCountry(key) || (opt.Country != "" && key != opt.Country) {
				continue
			}
		}
		if c.Person == "" || !(score > 0) || math.IsInf(score, 0) || c.Fit < opt.MinFit {
			continue
		}
		list := lists[key]
		if list == nil {
			list = newTopList(opt.Size)
			lists[key] = list
		}
		list.offer(c.Person, score)
	}
	s.fill(lists, rule, opt)
	return s, nil
}

func (o SeedOptions) withDefaults(rule SeedRule) (SeedOptions, error) {
	o.Size = orDefault(o.Size, orDefault(rule.AdvisedHigh, 10*rule.Min))
	if o.ValueWeight == 0 && o.FitWeight == 0 {
		o.ValueWeight, o.FitWeight = 1, 1
	}
	var p sosyal.Problems
	p.Nest("rule", rule.Validate())
	p.Require(o.Size >= rule.Min, "size", "must be at least the rule's min", strconv.Itoa(o.Size))
	p.Require(o.Country == "" || isCountry(o.Country), "country", "must be an ISO 3166 alpha-2 code in capital letters", o.Country)
	p.Require(finite(o.ValueWeight) && o.ValueWeight >= 0, "value_weight", "must not be negative", strconv.FormatFloat(o.ValueWeight, 'g', -1, 64))
	p.Require(finite(o.FitWeight) && o.FitWeight >= 0, "fit_weight", "must not be negative", strconv.FormatFloat(o.FitWeight, 'g', -1, 64))
	p.Require(o.MinFit >= 0 && o.MinFit <= 1, "min_fit", "must lie from 0 to 1", strconv.FormatFloat(o.MinFit, 'g', -1, 64))
	return o, p.Err()
}

// score is 0 for people worth nothing, however well they fit.
func (o SeedOptions) score(c Candidate) float64 {
	if c.Value <= 0 {
		return 0
	}
	return power(c.Value, o.ValueWeight) * power(c.Fit, o.FitWeight)
}

// power leaves the usual exponents exact.
func power(x, exponent float64) float64 {
	switch exponent {
	case 0:
		return 1
	case 1:
		return x
	}
	return math.Pow(x, exponent)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func isCountry(code string) bool {
	return len(code) == 2 && 'A' <= code[0] && code[0] <= 'Z' && 'A' <= code[1] && code[1] <= 'Z'
}

// fill takes the list of the best country.
func (s *Seed) fill(lists map[string]*topList, rule SeedRule, opt SeedOptions) {
	best := newTopList(opt.Size)
	for i, country := range slices.Sorted(maps.Keys(lists)) {
		list := lists[country]
		if i == 0 || cmp.Or(cmp.Compare(len(list.heap), len(best.heap)), cmp.Compare(list.sum(), best.sum())) > 0 {
			best, s.Country = list, country
		}
	}
	if s.Country == "" {
		s.Country = opt.Country
	}
	s.Eligible = best.offered
	if len(best.heap) < rule.Min {
		s.Withheld = true
		s.Reasons = []sosyal.Reason{sosyal.Because("audience.seed.too_few", sosyal.TextArg("platform", rule.Platform),
			sosyal.CountArg("found", len(best.heap)), sosyal.CountArg("minimum", rule.Min), sosyal.DateArg("date", rule.Date))}
		return
	}
	for _, e := range best.sorted() {
		s.People = append(s.People, e.person)
		s.Threshold = e.score
	}
	s.Reasons = s.reasons(rule)
}

func (s *Seed) reasons(rule SeedRule) []sosyal.Reason {
	chosen := sosyal.CountArg("chosen", len(s.People))
	out := []sosyal.Reason{sosyal.Because("audience.seed.chosen", chosen,
		sosyal.CountArg("eligible", s.Eligible), sosyal.CountArg("considered", s.Considered))}
	if s.Country != "" {
		out = append(out, sosyal.Because("audience.seed.country", sosyal.TextArg("country", s.Country)))
	}
	low, high := sosyal.CountArg("low", rule.AdvisedLow), sosyal.CountArg("high", rule.AdvisedHigh)
	platform := sosyal.TextArg("platform", rule.Platform)
	if rule.AdvisedLow > 0 && len(s.People) < rule.AdvisedLow {
		out = append(out, sosyal.Because("audience.seed.below_advised", platform, chosen, low, high))
	}
	if rule.AdvisedHigh > 0 && len(s.People) > rule.AdvisedHigh {
		out = append(out, sosyal.Because("audience.seed.above_advised", platform, chosen, low, high))
	}
	return out
}
