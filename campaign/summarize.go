package campaign

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Dimension is something that results are told apart by.
type Dimension string

// Dimensions of [Summarize].
const (
	ByDay       Dimension = "day"
	ByPlatform  Dimension = "platform"
	ByCampaign  Dimension = "campaign"
	ByAdSet     Dimension = "ad_set"
	ByAd        Dimension = "ad"
	ByObjective Dimension = "objective"
)

// rowKey is what a report is about. Two rows of one key are the same figures
// reported twice.
type rowKey struct {
	from, to            date.Date
	platform            Platform
	campaign, adset, ad string
}

func (r AdRow) key() rowKey {
	return rowKey{r.Period.From, r.Period.To, r.Platform, r.Campaign, r.AdSet, r.Ad}
}

func (k rowKey) compare(l rowKey) int {
	return cmp.Or(
		cmp.Compare(k.from, l.from), cmp.Compare(k.to, l.to), cmp.Compare(k.platform, l.platform),
		cmp.Compare(k.campaign, l.campaign), cmp.Compare(k.adset, l.adset), cmp.Compare(k.ad, l.ad),
	)
}

// Latest drops rows that were restated: of those about the same ad and days, the
// one reported last holds, and among equals the one read last. The rest come in
// the order of days, platform, campaign, ad set and ad. An error in rows ends it.
func Latest(rows iter.Seq2[AdRow, error]) ([]AdRow, error) {
	latest := map[rowKey]AdRow{}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if before, seen := latest[row.key()]; !seen || !row.ReportedAt.Before(before.ReportedAt) {
			latest[row.key()] = row
		}
	}
	return slices.SortedFunc(maps.Values(latest), func(a, b AdRow) int { return a.key().compare(b.key()) }), nil
}

// resultKey is what a result is told apart by.
type resultKey struct {
	day           date.Date
	platform      Platform
	campaign, set string
	ad            string
	objective     sosyal.Objective
	currency      string
}

// Summarize adds up reported rows, told apart by the given dimensions, with
// restated rows counted once as in [Latest]. Results come in the order of day,
// platform, campaign, ad set, ad, objective and currency. The first error in
// rows is returned; leave bad rows out before where the good ones shall count.
//
// Rows about several days cannot be told apart by day and are an error there.
// Whether a report holds the same money twice, once by ad and once by campaign,
// only the caller can know.
func Summarize(rows iter.Seq2[AdRow, error], by ...Dimension) ([]Result, error) {
	for _, d := range by {
		if !slices.Contains([]Dimension{ByDay, ByPlatform, ByCampaign, ByAdSet, ByAd, ByObjective}, d) {
			return nil, sosyal.FieldError{Field: "by", Rule: "must be a dimension of results", Value: string(d)}
		}
	}
	latest, err := Latest(rows)
	if err != nil {
		return nil, err
	}
	results := map[resultKey]*Result{}
	for _, row := range latest {
		if slices.Contains(by, ByDay) && row.Period.Days() != 1 {
			return nil, sosyal.FieldError{Field: "period", Rule: "must be one day to be told apart by day", Value: row.Period.String()}
		}
		key := row.told(by)
		r, ok := results[key]
		if !ok {
			r = &Result{Platform: key.platform, Campaign: key.campaign, AdSet: key.set, Ad: key.ad, Objective: key.objective}
			results[key] = r
		}
		if err := r.add(row); err != nil {
			return nil, err
		}
	}
	out := make([]Result, 0, len(results))
	for _, key := range slices.SortedFunc(maps.Keys(results), resultKey.compare) {
		out = append(out, *results[key])
	}
	return out, nil
}

func (r AdRow) told(by []Dimension) resultKey {
	key := resultKey{currency: r.Spend.Currency()}
	for _, d := range by {
		switch d {
		case ByDay:
			key.day = r.Period.From
		case ByPlatform:
			key.platform = r.Platform
		case ByCampaign:
			key.campaign = r.Campaign
		case ByAdSet:
			key.set = r.AdSet
		case ByAd:
			key.ad = r.Ad
		case ByObjective:
			key.objective = r.Objective
		}
	}
	return key
}

func (k resultKey) compare(l resultKey) int {
	return cmp.Or(
		cmp.Compare(k.day, l.day), cmp.Compare(k.platform, l.platform), cmp.Compare(k.campaign, l.campaign),
		cmp.Compare(k.set, l.set), cmp.Compare(k.ad, l.ad), cmp.Compare(k.objective, l.objective),
		cmp.Compare(k.currency, l.currency),
	)
}
