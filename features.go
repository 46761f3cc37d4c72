package sosyal

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Objective is what a piece of work on social networks is for, in neutral
// names. Ad platforms have their own; package campaign maps them.
type Objective string

// Objectives, from the top of the funnel to the bottom.
const (
	Awareness    Objective = "awareness"
	VideoViews   Objective = "video_views"
	Engagement   Objective = "engagement"
	Traffic      Objective = "traffic"
	Leads        Objective = "leads"
	AppPromotion Objective = "app_promotion"
	Sales        Objective = "sales"
	CatalogSales Objective = "catalog_sales"
)

// Objectives returns the objectives in funnel order.
func Objectives() []Objective {
	return []Objective{Awareness, VideoViews, Engagement, Traffic, Leads, AppPromotion, Sales, CatalogSales}
}

// Features is what content is planned and analysed by. The analysis of last
// month and the calendar of the next meet in this key, so both must fill it
// alike. Empty fields mean "not known" in data and "any" in questions.
type Features struct {
	Network  Network    `json:"network,omitzero"`
	Format   Format     `json:"format,omitzero"`
	Category CategoryID `json:"category,omitzero"`
	Template TemplateID `json:"template,omitzero"`
	Language Language   `json:"language,omitzero"`
	Paid     bool       `json:"paid,omitzero"`
}

// String reads "instagram/reel/how-to", with what is known.
func (f Features) String() string {
	parts := make([]string, 0, 6)
	for _, s := range []string{
		string(f.Network), string(f.Format), string(f.Category), string(f.Template), string(f.Language),
	} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if f.Paid {
		parts = append(parts, "paid")
	}
	return strings.Join(parts, "/")
}

// Share is the part of all content that a category should have.
type Share struct {
	Category CategoryID `json:"category"`
	Share    float64    `json:"share"`
}

// Mix is how content divides over categories. Shares add up to 1.
type Mix []Share

// NewMix returns the categories' weights scaled so that they add up to 1.
// Weights must be finite and not negative, with one positive; a category may
// stand only once.
func NewMix(weights ...Share) (Mix, error) {
	var p Problems
	sum := 0.0
	for i, w := range weights {
		p.Require(w.Share >= 0 && !math.IsInf(w.Share, 0), indexed("mix", i), "must not be negative", formatFloat(w.Share))
		sum += w.Share
	}
	p.Require(sum > 0, "mix", "must hold a positive weight", "")
	if err := p.Err(); err != nil {
		return nil, err
	}
	mix := slices.Clone(Mix(weights))
	for i := range mix {
		mix[i].Share /= sum
	}
	return mix, mix.Validate()
}

// Validate reports negative shares, categories without a name or named twice,
// and shares that do not add up to 1 within 1e-9.
func (m Mix) Validate() error {
	var p Problems
	sum := 0.0
	seen := make(map[CategoryID]bool, len(m))
	for i, s := range m {
		p.Require(s.Category != "", indexed("mix", i)+".category", "is required", "")
		p.Require(!seen[s.Category], indexed("mix", i)+".category", "must not repeat", string(s.Category))
		p.Require(s.Share >= 0 && s.Share <= 1, indexed("mix", i)+".share", "must be from 0 to 1", formatFloat(s.Share))
		seen[s.Category] = true
		sum += s.Share
	}
	p.Require(math.Abs(sum-1) <= 1e-9, "mix", "must add up to 1", formatFloat(sum))
	return p.Err()
}

// Of returns the share of a category, 0 where it has none.
func (m Mix) Of(c CategoryID) float64 {
	for _, s := range m {
		if s.Category == c {
			return s.Share
		}
	}
	return 0
}

// Counts divides n pieces of content over the categories by the largest
// remainder, ties to the earlier category. The counts follow the mix's order
// and add up to n.
func (m Mix) Counts(n int) ([]int, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, FieldError{Field: "n", Rule: "must not be negative", Value: strconv.Itoa(n)}
	}
	counts := make([]int, len(m))
	order := make([]int, len(m))
	left := n
	for i, s := range m {
		counts[i] = int(s.Share * float64(n))
		order[i] = i
		left -= counts[i]
	}
	remainder := func(i int) float64 { return m[i].Share*float64(n) - float64(counts[i]) }
	slices.SortStableFunc(order, func(a, b int) int {
		switch ra, rb := remainder(a), remainder(b); {
		case ra > rb:
			return -1
		case ra < rb:
			return 1
		}
		return 0
	})
	// The remainders sum to left, up to rounding of floats: never beyond order.
	for _, i := range order[:min(max(left, 0), len(order))] {
		counts[i]++
	}
	return counts, nil
}

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
