package campaign

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/yukselenler/sosyal"
)

// Name is what a campaign is called on its platform and in links: month,
// objective, platform and audience joined by underscores, as in
// "2026-11_video-views_meta_retargeting". Reports and orders that carry it can
// be traced back: for every valid name, ParseName(n.String()) is n.
type Name struct {
	Year      int
	Month     time.Month
	Objective sosyal.Objective
	Platform  Platform
	// Audience is a slug, see [Slug].
	Audience string
}

// String joins the parts. Underscores within the objective become hyphens.
func (n Name) String() string {
	month := time.Date(n.Year, n.Month, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	return strings.Join([]string{month, hyphens(string(n.Objective)), string(n.Platform), n.Audience}, "_")
}

func hyphens(s string) string { return strings.ReplaceAll(s, "_", "-") }

// Validate reports parts that could not be told apart again.
func (n Name) Validate() error {
	var p sosyal.Problems
	p.Require(n.Year >= 2000 && n.Year <= 2999, "year", "must be from 2000 to 2999", "")
	p.Require(n.Month >= time.January && n.Month <= time.December, "month", "must be from 1 to 12", "")
	objective := string(n.Objective)
	p.Require(isSlug(hyphens(objective)) && !strings.Contains(objective, "-"), "objective", "must be small letters, digits and underscores", objective)
	p.Require(isSlug(string(n.Platform)), "platform", "must be a slug", string(n.Platform))
	p.Require(isSlug(n.Audience), "audience", "must be a slug: small letters, digits and single hyphens", n.Audience)
	return p.Err()
}

// ParseName takes a name apart.
func ParseName(text string) (Name, error) {
	refused := sosyal.FieldError{Field: "name", Rule: "must be like 2026-11_sales_meta_retargeting", Value: text}
	parts := strings.Split(text, "_")
	if len(parts) != 4 {
		return Name{}, refused
	}
	month, err := time.Parse("2006-01", parts[0])
	if err != nil {
		return Name{}, refused
	}
	n := Name{
		Year: month.Year(), Month: month.Month(), Objective: sosyal.Objective(strings.ReplaceAll(parts[1], "-", "_")),
		Platform: Platform(parts[2]), Audience: parts[3],
	}
	if n.Validate() != nil {
		return Name{}, refused
	}
	return n, nil
}

// isSlug reports whether s is runs of small letters and digits joined by single
// hyphens.
func isSlug(s string) bool {
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// Slug brings a text to small ASCII letters, digits and single hyphens: "Sadık
// Müşteriler" becomes "sadik-musteriler". What has no such letters becomes "x".
func Slug(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(text) {
		switch r {
		case 'ı', 'I':
			r = 'i'
		case 'ß':
			r = 's'
		}
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	if b.Len() == 0 {
		return "x"
	}
	return b.String()
}
