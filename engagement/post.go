package engagement

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/yukselenler/sosyal"
)

// Post is a published post with what was reported of it.
type Post struct {
	// ID is the network's identifier of the post.
	ID          string             `json:"id"`
	Destination sosyal.Destination `json:"destination"`
	// At is when it was published. Its location is the zone that it was written
	// in; analysis uses the audience's.
	At       time.Time       `json:"at"`
	Features sosyal.Features `json:"features"`
	// PaidUnknown says that Features.Paid is false for want of knowledge.
	PaidUnknown bool               `json:"paid_unknown,omitzero"`
	Text        string             `json:"text,omitzero"`
	Hashtags    []string           `json:"hashtags,omitempty"`
	Products    []sosyal.ProductID `json:"products,omitempty"`
	Link        string             `json:"link,omitzero"`
	Campaign    sosyal.CampaignID  `json:"campaign,omitzero"`
	// Counts are the post's lifetime values at the age Age; an absent metric was
	// not reported.
	Counts sosyal.Counts `json:"counts,omitempty"`
	// Age is how old the post was when Counts were captured; 0 where that is not
	// known, as in most exports.
	Age time.Duration `json:"age,omitzero"`
}

// Validate reports missing parts, names of categories and the like that are
// longer than 100 bytes, and counts that cannot be: negative or not finite. Counts that contradict one another pass, because networks count them
// apart: real exports hold posts that reached more people than they had displays.
func (p Post) Validate() error {
	var problems sosyal.Problems
	problems.Require(p.ID != "", "id", "is required", "")
	problems.Require(p.Features.Network != "", "features.network", "is required", "")
	problems.Require(p.Destination.Network == "" || p.Destination.Network == p.Features.Network,
		"features.network", "must be the destination's", string(p.Features.Network))
	problems.Require(!p.At.IsZero(), "at", "is required", "")
	for _, name := range []struct{ field, value string }{
		{"category", string(p.Features.Category)}, {"template", string(p.Features.Template)}, {"format", string(p.Features.Format)}, {"network", string(p.Features.Network)},
	} {
		// What content is planned by is also what it is stored and filed under.
		problems.Require(len(name.value) <= longestName && !strings.ContainsFunc(name.value, unicode.IsControl),
			"features."+name.field, "must be at most 100 bytes without control characters", "")
	}
	problems.Require(p.Age >= 0, "age", "must not be negative", p.Age.String())
	problems.Nest("counts", validCounts(p.Counts))
	return problems.Err()
}

// longestName bounds the names of categories and the like.
const longestName = 100

func validCounts(c sosyal.Counts) error {
	var problems sosyal.Problems
	for _, m := range sortedMetrics(c) {
		v := c[m]
		problems.Require(v >= 0 && !math.IsInf(v, 1), string(m), "must be a number from 0", formatNumber(v))
	}
	return problems.Err()
}

func sortedMetrics(c sosyal.Counts) []sosyal.Metric {
	metrics := make([]sosyal.Metric, 0, len(c))
	for m := range c {
		metrics = append(metrics, m)
	}
	slices.Sort(metrics)
	return metrics
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// Hashtags returns the hashtags of a text in order, without the sign, each once.
// Letters of any script, digits and underscores belong to a hashtag; one of
// digits alone is none.
func Hashtags(text string) []string {
	var tags []string
	for {
		_, rest, found := strings.Cut(text, "#")
		if !found {
			return tags
		}
		end := strings.IndexFunc(rest, func(r rune) bool {
			return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		})
		if end < 0 {
			end = len(rest)
		}
		tag := rest[:end]
		if strings.ContainsFunc(tag, unicode.IsLetter) && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
		text = rest[end:]
	}
}
