package audience

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Insights brings what a network says about the followers of an account: their
// age, gender, cities, countries and interests, as counts.
//
// It must be safe for concurrent use, return the error of a context that is
// done, [sosyal.ErrNotFound] for an account that it does not know, and
// [sosyal.ErrUnsupported] for a network that says nothing about followers. What
// it returns must pass [Followers.Validate]; [ReadFollowers] checks that.
type Insights interface {
	Followers(ctx context.Context, d sosyal.Destination) (Followers, error)
}

// Followers are what a network says about the followers of an account on a day.
//
// Networks leave small groups out and list only the largest cities. Whoever is
// not in a count is unknown: the remainder is never spread over the values.
type Followers struct {
	Destination sosyal.Destination `json:"destination"`
	// AsOf is the day that the figures are of.
	AsOf date.Date `json:"as_of"`
	// Source says where they were read, such as the name of the interface and
	// its version.
	Source string `json:"source"`
	// Size counts the followers.
	Size int `json:"size"`
	// Counts are the followers by dimension, sorted by dimension, each once.
	Counts []FollowerCounts `json:"counts,omitempty"`
}

// FollowerCounts are the followers by one dimension.
type FollowerCounts struct {
	Dimension Dimension `json:"dimension"`
	// Values are sorted by name, each once. Cities and interests are spelt as
	// the customers' are; turning a network's spelling into the shop's is the
	// adapter's work.
	Values []ValueCount `json:"values"`
	// Base counts the followers whose value is among the listed ones; where 0
	// it is the sum of the values, and it must be given where a follower can
	// have several.
	Base int `json:"base,omitzero"`
	// Several says that a follower can have several values, such as interests.
	Several bool `json:"several,omitzero"`
	// Limit is how many values the network lists at most and Least the smallest
	// group that it names; 0 where there is no such rule. With either, a value
	// that is not listed is unknown and not zero.
	Limit int `json:"limit,omitzero"`
	Least int `json:"least,omitzero"`
}

func (c FollowerCounts) counts() Counts {
	known := c.Base
	if known == 0 {
		for _, v := range c.Values {
			known += v.Count
		}
	}
	return Counts{Dimension: c.Dimension, Known: known, Several: c.Several, Partial: c.Limit > 0 || c.Least > 0, Values: c.Values}
}

// Profile returns the followers as a group to compare.
func (f Followers) Profile() GroupProfile {
	p := GroupProfile{Size: f.Size}
	for _, c := range f.Counts {
		p.Dimensions = append(p.Dimensions, c.counts())
	}
	return p
}

// Coverage is the share of the followers of whom a dimension is known, from 0
// to 1; 0 where the network says nothing about it.
func (f Followers) Coverage(d Dimension) float64 {
	c, _ := f.Profile().Counts(d)
	return partOf(c.Known, f.Size)
}

// unknown says of which dimensions the network does not know every follower.
func (f Followers) unknown() []sosyal.Reason {
	var out []sosyal.Reason
	for _, c := range f.Counts {
		if coverage := f.Coverage(c.Dimension); coverage < 1 {
			out = append(out, sosyal.Because("audience.insights.coverage", c.Dimension.arg(),
				sosyal.PercentArg("coverage", coverage, 0), sosyal.CountArg("followers", f.Size)))
		}
	}
	return out
}

// Validate reports a missing account, day or source, counts that do not add up
// or exceed the followers, and values that break the network's own rules.
func (f Followers) Validate() error {
	var p sosyal.Problems
	p.Nest("destination", f.Destination.Validate())
	p.Require(f.AsOf != 0, "as_of", "is required", "")
	p.Require(f.Source != "", "source", "is required", "")
	p.Require(f.Size >= 0, "size", "must not be negative", strconv.Itoa(f.Size))
	for i, c := range f.Counts {
		field := "counts[" + strconv.Itoa(i) + "]"
		p.Nest(field, c.Validate())
		p.Require(c.counts().Known <= f.Size, field+".base", "must not be more than the followers", strconv.Itoa(c.counts().Known))
		p.Require(i == 0 || f.Counts[i-1].Dimension < c.Dimension, field+".dimension", "must be sorted, each once", string(c.Dimension))
	}
	return p.Err()
}

// Validate reports counts that do not go together; see [Counts.Validate].
func (c FollowerCounts) Validate() error {
	var p sosyal.Problems
	p.Require(c.Base >= 0, "base", "must not be negative", strconv.Itoa(c.Base))
	p.Require(!c.Several || c.Base > 0 || len(c.Values) == 0, "base", "is required where a follower can have several values", "")
	p.Require(c.Limit >= 0, "limit", "must not be negative", strconv.Itoa(c.Limit))
	p.Require(c.Least >= 0, "least", "must not be negative", strconv.Itoa(c.Least))
	p.Require(c.Limit <= 0 || len(c.Values) <= c.Limit, "values", "must not be more than the limit", strconv.Itoa(len(c.Values)))
	for _, v := range c.Values {
		p.Require(v.Count >= c.Least, "values", "must not be below the least", strconv.Itoa(v.Count))
	}
	for _, e := range sosyal.FieldErrors(c.counts().Validate()) {
		if e.Field == "known" {
			e.Field = "base"
		}
		p.Add(e.Field, e.Rule, e.Value)
	}
	return p.Err()
}

// UnmarshalJSON reads stored figures and refuses days that do not exist.
func (f *Followers) UnmarshalJSON(data []byte) error {
	type plain Followers
	read := struct {
		*plain
		AsOf string `json:"as_of"`
	}{plain: (*plain)(f)}
	return readDay(data, &read, &read.AsOf, "as_of", &f.AsOf)
}

// ReadFollowers asks for the followers of an account and refuses an answer that
// is invalid, about another account, or of a day after now (UTC, with a day's
// grace for the zones).
func ReadFollowers(ctx context.Context, in Insights, d sosyal.Destination, now time.Time) (Followers, error) {
	if err := d.Validate(); err != nil {
		return Followers{}, err
	}
	f, err := in.Followers(ctx, d)
	if err != nil {
		return Followers{}, fmt.Errorf("followers of %s: %w", d, err)
	}
	var p sosyal.Problems
	p.Nest("", f.Validate())
	p.Require(f.Destination == d, "destination", "must be the account that was asked for", f.Destination.String())
	p.Require(f.AsOf <= sosyal.DateOf(now, time.UTC)+1, "as_of", "must not lie in the future", f.AsOf.String())
	if err := p.Err(); err != nil {
		return Followers{}, fmt.Errorf("followers of %s: %w", d, err)
	}
	return f, nil
}

// NewFollowerCounts sorts the counts of one dimension, as networks return them
// in any order. A value that stands twice is added up.
func NewFollowerCounts(d Dimension, counts ...ValueCount) FollowerCounts {
	c := FollowerCounts{Dimension: d, Values: slices.Clone(counts)}
	slices.SortFunc(c.Values, func(x, y ValueCount) int { return cmp.Compare(x.Value, y.Value) })
	kept := c.Values[:0]
	for _, v := range c.Values {
		if n := len(kept); n > 0 && kept[n-1].Value == v.Value {
			kept[n-1].Count += v.Count
		} else {
			kept = append(kept, v)
		}
	}
	c.Values = kept
	return c
}
