package engagement

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/internal/stat"
)

// Prior is what is believed of an hour of a weekday on a network before seeing
// the brand's own posts, relative to an average time: 1.2 is a fifth better. It
// must be greater than 0.
type Prior func(n sosyal.Network, d time.Weekday, hour int) float64

// BestTimes is when posts do better, and the value function of planning.
//
// The effect of the hour is a smooth curve over the day, that of the weekday a
// step; both are adjusted for content, network, month and paid support, and
// both are shrunk: each network's curve towards the one that all share, and that
// one towards the prior. Where the data give no evidence that the hour (or the
// weekday) matters at all, its effect is left at the prior and NoEvidence says
// so. The zero BestTimes values every time alike.
type BestTimes struct {
	// Zone is the audience's; empty where posts are taken in their own.
	Zone string `json:"zone,omitzero"`
	// Level is that of the intervals.
	Level    float64     `json:"level"`
	Hours    TimeEffect  `json:"hours"`
	Weekdays TimeEffect  `json:"weekdays"`
	Shared   Curve       `json:"shared"`
	Networks []Curve     `json:"networks,omitempty"`
	Content  []Component `json:"content,omitempty"`
	// Reasons explain whether times matter.
	Reasons []sosyal.Reason `json:"reasons,omitempty"`

	location *time.Location
}

// TimeEffect says whether there is evidence that a part of the time matters.
type TimeEffect struct {
	// P is the p-value of no effect at all, by an F test after adjustment.
	P          float64 `json:"p"`
	NoEvidence bool    `json:"no_evidence"`
}

// Curve is the effect of time on a network: logarithms of the ratio to the
// network's average post, with their standard errors. Hours are at half past,
// weekdays from Sunday.
type Curve struct {
	Network       sosyal.Network  `json:"network,omitzero"`
	Hours         [24]float64     `json:"hours"`
	HourErrors    [24]float64     `json:"hour_errors"`
	Weekdays      [7]float64      `json:"weekdays"`
	WeekdayErrors [7]float64      `json:"weekday_errors"`
	Prior         *[7][24]float64 `json:"prior,omitempty"`
	Posts         [7][24]int      `json:"posts"`
}

// Component is the shrunk ratio of a content group.
type Component struct {
	Dimension Dimension `json:"dimension"`
	Value     string    `json:"value"`
	Ratio     float64   `json:"ratio"`
}

// Slot is an hour of a weekday.
type Slot struct {
	Network sosyal.Network `json:"network"`
	Weekday time.Weekday   `json:"weekday"`
	Hour    int            `json:"hour"`
	// Ratio is the value against the network's average post.
	Ratio Ratio `json:"ratio"`
	// Posts is how many posts the slot rests on by itself.
	Posts int `json:"posts"`
	// NoEvidence says that the interval covers 1, or that there is no evidence
	// that times matter: then this is where the brand has been posting, not a
	// better time.
	NoEvidence bool `json:"no_evidence"`
}

// BestTimes returns the times that the analysis found.
func (a Analysis) BestTimes() BestTimes { return a.Times }

// Value returns the expected value of a post with these features at that
// instant, relative to the average post of its network: always greater than 0.
// Features that are empty or unknown count as average. Networks are not
// compared with each other, and paid support, which can be bought for any post,
// does not enter.
func (b BestTimes) Value(f sosyal.Features, at time.Time) float64 {
	if b.location != nil {
		at = at.In(b.location)
	}
	c := b.curve(f.Network)
	hour := float64(at.Hour()) + float64(at.Minute())/60 - 0.5
	from := int(math.Floor(hour))
	share := hour - float64(from)
	v := c.at(at.Weekday(), from)*(1-share) + c.at(at.Weekday(), from+1)*share
	for _, e := range b.Content {
		if e.matches(f) {
			v += math.Log(e.Ratio)
		}
	}
	return math.Exp(v)
}

// at returns the logarithm at an hour of -1 to 24, wrapped within the weekday.
func (c Curve) at(d time.Weekday, hour int) float64 {
	h := (hour + 24) % 24
	v := c.Hours[h] + c.Weekdays[d]
	if c.Prior != nil {
		v += c.Prior[d][h]
	}
	return v
}

func (e Component) matches(f sosyal.Features) bool {
	switch e.Dimension {
	case ByFormat:
		return e.Value == string(f.Format)
	case ByCategory:
		return e.Value == string(f.Category)
	case ByTemplate:
		return e.Value == string(f.Template)
	case ByLanguage:
		return e.Value == string(f.Language)
	case ByNetwork, ByPaid, ByCampaign, ByWeekday, ByHour, ByMonth, ByDaypart:
		return false
	default:
		return false
	}
}

func (b BestTimes) curve(n sosyal.Network) Curve {
	for _, c := range b.Networks {
		if c.Network == n {
			return c
		}
	}
	c := b.Shared
	c.Network = n
	return c
}

// Top returns the n best slots of a network, the best first; of equal ones those
// with more posts, which without evidence keeps the brand's habit.
func (b BestTimes) Top(network sosyal.Network, n int) []Slot {
	c := b.curve(network)
	z := stat.NormalQuantile(0.5 + b.Level/2)
	if b.Level == 0 {
		z = 0
	}
	var slots []Slot
	for d := range time.Weekday(7) {
		for h := range 24 {
			v := c.at(d, h)
			half := z * math.Hypot(c.HourErrors[h], c.WeekdayErrors[d])
			slots = append(slots, Slot{
				Network: network, Weekday: d, Hour: h, Posts: c.Posts[d][h],
				Ratio:      Ratio{math.Exp(v), math.Exp(v - half), math.Exp(v + half)},
				NoEvidence: (b.Hours.NoEvidence && b.Weekdays.NoEvidence) || v-half <= 0 && v+half >= 0,
			})
		}
	}
	slices.SortStableFunc(slots, func(x, y Slot) int {
		return cmp.Or(cmp.Compare(y.Ratio.Value, x.Ratio.Value), cmp.Compare(y.Posts, x.Posts))
	})
	return slots[:min(max(n, 0), len(slots))]
}

// UnmarshalJSON reads what encoding/json wrote and finds the zone again.
func (b *BestTimes) UnmarshalJSON(data []byte) error {
	type plain BestTimes
	var read plain
	if err := json.Unmarshal(data, &read); err != nil {
		return fmt.Errorf("reading best times: %w", err)
	}
	if read.Zone != "" {
		location, err := sosyal.LoadZone(read.Zone)
		if err != nil {
			return err
		}
		read.location = location
	}
	*b = BestTimes(read)
	return nil
}
