package engagement

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// Dimension is a property that posts are grouped by.
type Dimension string

// Dimensions.
const (
	ByNetwork  Dimension = "network"
	ByFormat   Dimension = "format"
	ByCategory Dimension = "category"
	ByTemplate Dimension = "template"
	ByLanguage Dimension = "language"
	ByPaid     Dimension = "paid"
	ByCampaign Dimension = "campaign"
	// ByWeekday, ByHour and ByMonth are of the audience's calendar. Months keep
	// drift and growth from passing for effects.
	ByWeekday Dimension = "weekday"
	ByHour    Dimension = "hour"
	ByMonth   Dimension = "month"
	// ByDaypart is four bands of six hours, derived from ByHour in analysis.
	ByDaypart Dimension = "daypart"
)

// Dimensions returns the dimensions in a fixed order.
func Dimensions() []Dimension {
	return []Dimension{
		ByNetwork, ByFormat, ByCategory, ByTemplate, ByLanguage, ByPaid,
		ByCampaign, ByWeekday, ByDaypart, ByHour, ByMonth,
	}
}

// DefaultDimensions are what posts are summarised by where nothing else is
// said. Templates and campaigns are left out because they mostly coincide with
// a category.
func DefaultDimensions() []Dimension {
	return []Dimension{ByNetwork, ByFormat, ByCategory, ByLanguage, ByPaid, ByWeekday, ByHour, ByMonth}
}

// content reports whether the dimension is about what is posted, as opposed to
// when and where.
func (d Dimension) content() bool {
	switch d {
	case ByFormat, ByCategory, ByTemplate, ByLanguage, ByCampaign:
		return true
	case ByNetwork, ByPaid, ByWeekday, ByHour, ByMonth, ByDaypart:
		return false
	default:
		return false
	}
}

// value is the group of a post. Weekdays are "monday" and so on, hours "00" to
// "23", months "2026-11", paid "promoted", "organic" or, where that is not known,
// empty as everything that is not known.
func (d Dimension) value(p Post, at time.Time) string {
	switch d {
	case ByNetwork:
		return string(p.Features.Network)
	case ByFormat:
		return string(p.Features.Format)
	case ByCategory:
		return string(p.Features.Category)
	case ByTemplate:
		return string(p.Features.Template)
	case ByLanguage:
		return string(p.Features.Language)
	case ByCampaign:
		return string(p.Campaign)
	case ByPaid:
		switch {
		case p.PaidUnknown:
			return ""
		case p.Features.Paid:
			return "promoted"
		}
		return "organic"
	case ByWeekday:
		return weekdayValue(at.Weekday())
	case ByHour:
		return fmt.Sprintf("%02d", at.Hour())
	case ByMonth:
		return at.Format("2006-01")
	case ByDaypart:
		return daypartOf(at.Hour())
	}
	return ""
}

func weekdayValue(d time.Weekday) string { return strings.ToLower(d.String()) }

// weekdayNumber returns 0 for Monday to 6 for Sunday, and 7 for no weekday.
func weekdayNumber(value string) int {
	for i := range 7 {
		if weekdayValue(time.Weekday((i+1)%7)) == value {
			return i
		}
	}
	return 7
}

// daypartOf returns "00-05", "06-11", "12-17" or "18-23".
func daypartOf(hour int) string {
	from := hour / 6 * 6
	return fmt.Sprintf("%02d-%02d", from, from+5)
}

// compare orders the groups of a dimension: weekdays from Monday, the rest by
// text.
func (d Dimension) compare(a, b string) int {
	if d == ByWeekday {
		if x := weekdayNumber(a) - weekdayNumber(b); x != 0 {
			return x
		}
	}
	return strings.Compare(a, b)
}

func validDimensions(field string, list, known []Dimension) error {
	var p sosyal.Problems
	for i, d := range list {
		p.Require(slices.Contains(known, d), field, fmt.Sprintf("must be among %v", known), string(d))
		p.Require(!slices.Contains(list[:i], d), field, "must not repeat", string(d))
	}
	return p.Err()
}
