package campaign

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Targeting says who sees an ad set: people who are in one of Include or look
// like Lookalike's seed, are in none of Exclude, and meet everything else that
// is set. Empty fields do not narrow.
type Targeting struct {
	Include   []sosyal.SegmentID `json:"include,omitempty"`
	Exclude   []sosyal.SegmentID `json:"exclude,omitempty"`
	Lookalike *Lookalike         `json:"lookalike,omitempty"`
	// Countries are ISO 3166-1 alpha-2 codes. Required: some platforms run an ad
	// set without a place all over the world.
	Countries []string `json:"countries"`
	// AgeMin and AgeMax are inclusive, from 13 to 65, where 65 stands for
	// everybody older too; 0 is open.
	AgeMin    int      `json:"age_min,omitzero"`
	AgeMax    int      `json:"age_max,omitzero"`
	Genders   []Gender `json:"genders,omitempty"`
	Interests []string `json:"interests,omitempty"`
}

// Gender is what platforms let ads be targeted by.
type Gender string

// Genders.
const (
	Female Gender = "female"
	Male   Gender = "male"
)

// Lookalike is an audience that the platform makes: people who resemble a
// segment.
type Lookalike struct {
	Seed sosyal.SegmentID `json:"seed"`
	// Share is the part of a country's people to take, the most alike first:
	// above 0 up to 0.20.
	Share float64 `json:"share"`
}

// Validate reports contradictions and values out of range.
func (t Targeting) Validate() error {
	var p sosyal.Problems
	p.Require(len(t.Countries) > 0, "countries", "must hold a country", "")
	for i, c := range t.Countries {
		letters := len(c) == 2 && strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
		p.Require(letters, index("countries", i), "must be a two-letter country code in capitals", c)
	}
	for i, s := range t.Include {
		p.Require(s != "", index("include", i), "must not be empty", "")
	}
	for i, s := range t.Exclude {
		p.Require(s != "", index("exclude", i), "must not be empty", "")
		p.Require(!slices.Contains(t.Include, s), index("exclude", i), "must not also be included", string(s))
	}
	if l := t.Lookalike; l != nil {
		p.Require(l.Seed != "", "lookalike.seed", "is required", "")
		p.Require(l.Share > 0 && l.Share <= 0.20, "lookalike.share", "must be above 0 and at most 0.20", number(l.Share))
	}
	age := func(field string, years int) {
		p.Require(years == 0 || (years >= 13 && years <= 65), field, "must be from 13 to 65", strconv.Itoa(years))
	}
	age("age_min", t.AgeMin)
	age("age_max", t.AgeMax)
	p.Require(t.AgeMin == 0 || t.AgeMax == 0 || t.AgeMin <= t.AgeMax, "age_max", "must not be below age_min", strconv.Itoa(t.AgeMax))
	for i, g := range t.Genders {
		p.Require(g == Female || g == Male, index("genders", i), "must be female or male", string(g))
	}
	return p.Err()
}

func index(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

func number(f float64) string {
	if math.IsNaN(f) {
		return "NaN"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// FrequencyCap limits how often one person sees an ad set: at most Impressions
// times in Days days.
type FrequencyCap struct {
	Impressions int `json:"impressions"`
	Days        int `json:"days"`
}

// Validate reports limits that are not positive.
func (f FrequencyCap) Validate() error {
	var p sosyal.Problems
	p.Require(f.Impressions > 0, "impressions", "must be positive", strconv.Itoa(f.Impressions))
	p.Require(f.Days > 0, "days", "must be positive", strconv.Itoa(f.Days))
	return p.Err()
}

// AttributionWindow is how many days after a click or a view a conversion still
// counts; 0 means that it does not.
type AttributionWindow struct {
	ClickDays int `json:"click_days"`
	ViewDays  int `json:"view_days"`
}

// Validate reports negative windows and ones beyond 90 days.
func (w AttributionWindow) Validate() error {
	var p sosyal.Problems
	p.Require(w.ClickDays >= 0 && w.ClickDays <= 90, "click_days", "must be from 0 to 90", strconv.Itoa(w.ClickDays))
	p.Require(w.ViewDays >= 0 && w.ViewDays <= 90, "view_days", "must be from 0 to 90", strconv.Itoa(w.ViewDays))
	return p.Err()
}
