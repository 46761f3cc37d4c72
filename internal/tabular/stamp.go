package tabular

import (
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// stamp is a date and time as a file writes it. Only with an offset or a zone
// is it an instant.
type stamp struct {
	year   int
	month  time.Month
	day    int
	second int // of the day
	nano   int
	zoned  bool
	offset int // seconds east of UTC, where zoned
}

// in returns the instant. Wall times that the zone skips or shows twice are
// resolved as in [sosyal.WallTime.On].
func (s stamp) in(zone *time.Location) time.Time {
	if s.zoned {
		location := time.UTC
		if s.offset != 0 {
			location = time.FixedZone("", s.offset)
		}
		return time.Date(s.year, s.month, s.day, 0, 0, s.second, s.nano, location)
	}
	day := date.New(s.year, s.month, s.day)
	return sosyal.WallTime(s.second).On(day, zone).Add(time.Duration(s.nano))
}

// layout is one of a mapping's ways of writing dates.
type layout struct {
	text  string
	excel bool
	zoned bool
}

// excelLayout in a mapping's dates means serial day numbers.
const excelLayout = "excel"

func newLayouts(texts []string) []layout {
	var out []layout
	for _, text := range texts {
		zoned := strings.Contains(text, "Z07") || strings.Contains(text, "-07") || strings.Contains(text, "MST")
		out = append(out, layout{text: text, excel: text == excelLayout, zoned: zoned})
	}
	return out
}

// parseStamp reads a date with or without a time. The rule that was broken is
// empty when it succeeded.
func parseStamp(text string, layouts []layout) (stamp, string) {
	if len(layouts) == 0 {
		return parseCommon(text)
	}
	for _, l := range layouts {
		if l.excel {
			if s, ok := parseExcel(text); ok {
				return s, ""
			}
			continue
		}
		t, err := time.Parse(l.text, text)
		if err != nil {
			continue
		}
		if t.Year() == 0 {
			return stamp{}, "has no year: dates in the mapping must have one"
		}
		return stampOf(t, l.zoned), ""
	}
	return stamp{}, "must be a date in one of the mapping's layouts"
}

func stampOf(t time.Time, zoned bool) stamp {
	_, offset := t.Zone()
	return stamp{
		year: t.Year(), month: t.Month(), day: t.Day(),
		second: t.Hour()*3600 + t.Minute()*60 + t.Second(), nano: t.Nanosecond(),
		zoned: zoned, offset: offset,
	}
}

// parseExcel reads a serial number of the 1900 date system: days since
// 1899-12-30, with the time of day as the fraction, to the second. Numbers
// before 1 March 1900 are refused: the system counts a day there that never
// was.
func parseExcel(text string) (stamp, bool) {
	if strings.ContainsFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' }) {
		return stamp{}, false
	}
	n, err := decimal.NewFromString(strings.Replace(text, ",", ".", 1))
	if err != nil {
		return stamp{}, false
	}
	days := n.IntPart()
	if days < 61 || days > 2_958_465 { // 9999-12-31
		return stamp{}, false
	}
	seconds := n.Sub(decimal.NewFromInt(days)).Mul(decimal.NewFromInt(86400)).Round(0).IntPart()
	t := time.Date(1899, time.December, 30+int(days), 0, 0, int(seconds), 0, time.UTC)
	return stampOf(t, false), true
}

const (
	ruleForm     = "must be a date like 2026-11-03, 3.11.2026 or 3 Kasım 2026"
	ruleNoYear   = "has no year with four digits"
	ruleDayFirst = "must have the day before the month: set dates in the mapping"
	ruleNoDay    = "must be a day that exists"
	ruleClock    = "must have a time of day like 14:05"
)

// parseCommon reads the forms that people and programs commonly write: the year
// first, or the day first and the year last, with numbers separated by points,
// dashes or slashes, or with the month's name in Turkish or English; then a time
// of day with or without seconds, AM or PM, and an offset.
func parseCommon(text string) (stamp, string) {
	first, second, third, rest, rule := dateParts(text)
	if rule != "" {
		return stamp{}, rule
	}
	var s stamp
	switch {
	case len(first.text) == 4:
		s.year, s.month, s.day = first.n, time.Month(second.n), third.n
	case len(third.text) == 4:
		s.year, s.month, s.day = third.n, time.Month(second.n), first.n
		if second.n > 12 && first.n <= 12 {
			return stamp{}, ruleDayFirst
		}
	default:
		return stamp{}, ruleNoYear
	}
	if s.month < 1 || s.month > 12 || s.day < 1 || s.year == 0 ||
		s.day > time.Date(s.year, s.month+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return stamp{}, ruleNoDay
	}
	return s, s.clock(rest)
}

type part struct {
	n    int
	text string
}

// dateParts takes the three parts of a date apart, giving a month's name its
// number. "Nov 3, 2026", with the month first, is turned around.
func dateParts(text string) (first, second, third part, rest, rule string) {
	rest = text
	var ok bool
	if first, rest, ok = cutPart(rest); !ok {
		return first, second, third, rest, ruleForm
	}
	monthFirst := !isDigits(first.text)
	if rest, ok = cutSeparator(rest); !ok {
		return first, second, third, rest, ruleForm
	}
	if second, rest, ok = cutPart(rest); !ok {
		return first, second, third, rest, ruleForm
	}
	if rest, ok = cutSeparator(rest); !ok {
		return first, second, third, rest, ruleNoYear
	}
	if third, rest, ok = cutPart(rest); !ok || !isDigits(third.text) || strings.HasPrefix(rest, ":") {
		return first, second, third, rest, ruleNoYear
	}
	if monthFirst {
		first, second = second, first
		if !isDigits(first.text) || len(first.text) > 2 {
			return first, second, third, rest, ruleForm
		}
	}
	return first, second, third, rest, ""
}

// cutPart reads a number of up to four digits or the name of a month.
func cutPart(s string) (p part, rest string, ok bool) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 {
		v, fits := digitsOf(s[:n])
		return part{int(v), s[:n]}, s[n:], fits && n <= 4
	}
	if n = strings.IndexAny(s, " .,-/"); n < 0 {
		n = len(s)
	}
	m := monthNumber(s[:n])
	return part{m, s[:n]}, s[n:], m > 0
}

// cutSeparator removes what stands between the parts of a date.
func cutSeparator(s string) (string, bool) {
	rest := strings.TrimLeft(s, " ")
	if rest != "" && strings.ContainsRune(".-/,", rune(rest[0])) {
		rest = strings.TrimLeft(rest[1:], " ")
	}
	return rest, len(rest) < len(s)
}

func isDigits(s string) bool { _, ok := digitsOf(s); return ok }

// monthNumber knows the Turkish and English names of months, whole or cut to at
// least three letters; 0 for anything else.
func monthNumber(name string) int {
	name = fold(name)
	if len([]rune(name)) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		for _, l := range []sosyal.Language{sosyal.Turkish, sosyal.English} {
			if strings.HasPrefix(fold(sosyal.MonthName(m, l)), name) {
				return int(m)
			}
		}
	}
	return 0
}

// clock reads what stands behind the date into s and returns the broken rule.
func (s *stamp) clock(rest string) string {
	if rest == "" {
		return ""
	}
	trimmed := strings.TrimLeft(rest, " T,-")
	if trimmed == rest || trimmed == "" {
		return ruleForm
	}
	parts := [3]int{}
	n := 0
	for ; n < 3; n++ {
		digits := len(trimmed) - len(strings.TrimLeft(trimmed, "0123456789"))
		if digits == 0 || digits > 2 {
			return ruleClock
		}
		v, _ := digitsOf(trimmed[:digits])
		parts[n], trimmed = int(v), trimmed[digits:]
		if n == 2 || !strings.HasPrefix(trimmed, ":") {
			break
		}
		trimmed = trimmed[1:]
	}
	if n == 0 {
		return ruleClock
	}
	if n == 2 {
		trimmed = s.fraction(trimmed)
	}
	trimmed, ok := halfDay(strings.TrimLeft(trimmed, " "), &parts[0])
	if !ok || parts[0] > 23 || parts[1] > 59 || parts[2] > 59 {
		return ruleClock
	}
	s.second = parts[0]*3600 + parts[1]*60 + parts[2]
	return s.zone(strings.TrimLeft(trimmed, " "))
}

// fraction reads the digits of a second behind a point or comma.
func (s *stamp) fraction(rest string) string {
	if rest == "" || (rest[0] != '.' && rest[0] != ',') {
		return rest
	}
	digits := rest[1:]
	after := strings.TrimLeft(digits, "0123456789")
	digits = digits[:len(digits)-len(after)]
	if digits == "" {
		return rest
	}
	v, _ := digitsOf((digits + "000000000")[:9])
	s.nano = int(v)
	return after
}

// halfDay applies AM, PM and their Turkish forms ÖÖ, ÖS to an hour of 1 to 12.
func halfDay(rest string, hour *int) (string, bool) {
	for _, mark := range []string{"AM", "PM", "am", "pm", "ÖÖ", "ÖS"} {
		after, found := strings.CutPrefix(rest, mark)
		if !found {
			continue
		}
		if *hour < 1 || *hour > 12 {
			return after, false
		}
		*hour %= 12
		if mark == "PM" || mark == "pm" || mark == "ÖS" {
			*hour += 12
		}
		return after, true
	}
	return rest, true
}

// zone reads Z, UTC, GMT or an offset.
func (s *stamp) zone(rest string) string {
	switch rest {
	case "":
		return ""
	case "Z", "z", "UTC", "GMT":
		s.zoned = true
		return ""
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "UTC"), "GMT")
	for _, l := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(l, rest); err == nil {
			_, s.offset = t.Zone()
			s.zoned = true
			return ""
		}
	}
	return "must end in an offset like +03:00 or in nothing"
}
