package audiencetest_test

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// TestTheReferenceMeansWhatRulesSay compares Program.Matches with a reading of the
// rules as their documentation puts it: by calendar days where the reference uses
// instants, by exact decimals where it uses whole numbers, by trying every pair of
// events where it walks over them.
func TestTheReferenceMeansWhatRulesSay(t *testing.T) {
	for seed := range uint64(28) {
		w := world(t, seed, 40)
		r := random(seed)
		o := oracle{t, w.Env, sosyal.DateOf(w.Env.Now, w.Env.Zone)}
		for range 60 {
			rule := w.Rule(r)
			p, err := rule.Compile(w.Env)
			require.NoError(t, err)
			for _, c := range w.Customers {
				got, err := p.Matches(c)
				require.NoError(t, err)
				if want := o.meets(rule.Condition, c); got != want {
					data, _ := json.Marshal(rule)
					customer, _ := json.Marshal(c)
					t.Fatalf("world %d, %s: rule %s: got %v, want %v: customer %s", seed, w.Env.Now, data, got, want, customer)
				}
			}
		}
	}
}

type oracle struct {
	t     *testing.T
	env   audience.Env
	today date.Date
}

func (o oracle) meets(c audience.Condition, p audience.Customer) bool {
	switch c := c.(type) {
	case audience.All:
		return !slices.ContainsFunc(c, func(part audience.Condition) bool { return !o.meets(part, p) })
	case audience.Any:
		return slices.ContainsFunc(c, func(part audience.Condition) bool { return o.meets(part, p) })
	case audience.Not:
		return !o.meets(c.Condition, p)
	case audience.Property:
		return o.compares(c.Filter, o.property(p, c.Name))
	case audience.DaysSince:
		day, known := o.day(p, c.Name)
		return known && sizes(c.Is, o.daysSince(day)-c.Value)
	case audience.Anniversary:
		day, known := o.day(p, c.Name)
		return known && o.returns(day, c.Within)
	case audience.HasInterest:
		return common(c, p.Interests)
	case audience.OnNetwork:
		return common(c, p.Networks)
	case audience.InGroup:
		return slices.Contains(c, p.Group)
	case audience.InSegment:
		switch d := o.env.Segments[sosyal.SegmentID(c)]; d.Kind {
		case audience.ListSegment:
			return slices.Contains(p.Lists, d.ID)
		case audience.RFMSegment:
			return "rfm."+p.Group == d.Name
		case audience.RuleSegment:
			return o.meets(d.Rule.Condition, p)
		}
	case audience.Count:
		return sizes(c.Is, len(o.done(p, c.Events))-c.Value)
	case audience.Sum:
		total := decimal.Zero
		for _, e := range p.Events {
			if o.among(e, c.Events) {
				total = total.Add(e.Amount.Amount())
			}
		}
		return sizes(c.Is, total.Cmp(c.Value.Amount()))
	case audience.Last:
		days := o.ages(p, c.Events)
		return len(days) > 0 && sizes(c.Is, slices.Min(days)-c.Value)
	case audience.First:
		days := o.ages(p, c.Events)
		return len(days) > 0 && sizes(c.Is, slices.Max(days)-c.Value)
	case audience.Funnel:
		return o.funnel(c, p)
	case audience.Predicted:
		v, known := p.Predictions[c.Name]
		return known && sizes(c.Is, cmp.Compare(v, c.Value))
	case audience.Consented:
		return o.consented(c, p.Consents)
	case audience.Bucket:
		return dealt(c, p.ID)
	}
	o.t.Fatalf("%T is not known", c)
	return false
}

// sizes compares by the sign of a difference.
func sizes(is audience.Comparison, difference int) bool {
	return map[audience.Comparison]bool{
		audience.Equals: difference == 0, audience.AtLeast: difference >= 0, audience.AtMost: difference <= 0,
		audience.MoreThan: difference > 0, audience.LessThan: difference < 0,
	}[is]
}

func common[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}

// plain is a value as JSON has it: a string, json.Number, bool, []any or nil.
func (o oracle) plain(v audience.Value) (out any) {
	data, err := json.Marshal(v)
	require.NoError(o.t, err)
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	require.NoError(o.t, d.Decode(&out))
	return out
}

func (o oracle) property(p audience.Customer, name string) any {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	day := func(d date.Date) any {
		if d == 0 {
			return nil
		}
		return d.String()
	}
	switch name {
	case "city":
		return text(p.Profile.City)
	case "region":
		return text(p.Profile.Region)
	case "country":
		return text(p.Profile.Country)
	case "language":
		return text(p.Profile.Language)
	case "gender":
		return text(p.Profile.Gender)
	case "birthday":
		return day(p.Profile.Birthday)
	case "since":
		return day(p.Profile.Since)
	}
	return o.plain(p.Properties[name])
}

// compares compares what is known with a filter. Days in ISO 8601 are in order as
// texts.
func (o oracle) compares(f audience.Filter, known any) bool {
	if list, ok := known.([]any); ok && len(list) == 0 {
		known = nil
	}
	if f.Is == audience.Missing || known == nil {
		return f.Is == audience.Missing && known == nil
	}
	asked := o.plain(f.Value)
	switch known := known.(type) {
	case bool:
		return known == asked
	case json.Number:
		a, err := decimal.NewFromString(known.String())
		require.NoError(o.t, err)
		b, err := decimal.NewFromString(asked.(json.Number).String())
		require.NoError(o.t, err)
		return sizes(f.Is, a.Cmp(b))
	case []any:
		if all, ok := asked.([]any); ok {
			return common(all, known)
		}
		return slices.Contains(known, asked)
	case string:
		if all, ok := asked.([]any); ok {
			return slices.Contains(all, any(known))
		}
		switch other := asked.(string); f.Is {
		case audience.Contains:
			return strings.Contains(known, other)
		case audience.StartsWith:
			return strings.HasPrefix(known, other)
		case audience.EndsWith:
			return strings.HasSuffix(known, other)
		default:
			return sizes(f.Is, strings.Compare(known, other))
		}
	}
	return false
}

func (o oracle) day(p audience.Customer, name string) (date.Date, bool) {
	text, known := o.property(p, name).(string)
	if !known {
		return 0, false
	}
	day, err := sosyal.ParseDate(text)
	require.NoError(o.t, err)
	return day, true
}

func (o oracle) daysSince(d date.Date) int { return int(o.today - d) }

// returns reports whether a day returns within so many days; the 29th of February
// on the 28th where there is none.
func (o oracle) returns(d date.Date, within int) bool {
	for year := o.today.Year(); year <= o.today.Year()+2; year++ {
		again := date.New(year, d.Month(), d.Day())
		if again.Month() != d.Month() {
			again = date.New(year, time.February, 28)
		}
		if ahead := int(again - o.today); ahead >= 0 && ahead <= within {
			return true
		}
	}
	return false
}

// among reports whether an event is one of those that are meant: by its calendar
// day in the zone of the shop.
func (o oracle) among(e audience.Event, w audience.Events) bool {
	day := sosyal.DateOf(e.At, o.env.Zone)
	if e.Name != w.Of || day > o.today ||
		w.Days > 0 && o.daysSince(day) > w.Days || w.From != 0 && day < w.From || w.Until != 0 && day >= w.Until {
		return false
	}
	for _, f := range w.Where {
		known := o.plain(e.Properties[f.Name])
		switch f.Name {
		case "categories":
			known = o.plain(audience.ListValue(e.Categories...))
		case "amount":
			known = nil
			if e.Amount.Currency() != "" {
				known = json.Number(e.Amount.Amount().String())
			}
		}
		if !o.compares(f, known) {
			return false
		}
	}
	return true
}

// done are the events that are no adjustments.
func (o oracle) done(p audience.Customer, w audience.Events) (out []audience.Event) {
	for _, e := range p.Events {
		if !e.Adjustment && o.among(e, w) {
			out = append(out, e)
		}
	}
	return out
}

func (o oracle) ages(p audience.Customer, w audience.Events) (days []int) {
	for _, e := range o.done(p, w) {
		days = append(days, o.daysSince(sosyal.DateOf(e.At, o.env.Zone)))
	}
	return days
}

func (o oracle) funnel(c audience.Funnel, p audience.Customer) bool {
	within := time.Duration(c.Hours) * time.Hour
	return slices.ContainsFunc(o.done(p, c.First), func(first audience.Event) bool {
		at := first.At.Truncate(time.Second)
		followed := slices.ContainsFunc(o.done(p, audience.Events{Step: c.Then}), func(then audience.Event) bool {
			after := then.At.Truncate(time.Second).Sub(at)
			return after > 0 && after <= within
		})
		if c.Without {
			return !followed && sosyal.DateOf(at.Add(within), o.env.Zone) < o.today
		}
		return followed
	})
}

func (o oracle) consented(c audience.Consented, said []audience.Consent) bool {
	for _, source := range c.Sources {
		own := slices.DeleteFunc(slices.Clone(said), func(s audience.Consent) bool { return s.Source != source })
		if !o.granted(c, own) {
			return false
		}
	}
	return o.granted(c, said)
}

// granted looks at what no statement of the same source and channel replaced.
func (o oracle) granted(c audience.Consented, said []audience.Consent) bool {
	now := o.env.Now.Truncate(time.Second)
	said = slices.DeleteFunc(slices.Clone(said), func(s audience.Consent) bool {
		return s.Purpose != c.Purpose || s.Channel != c.Channel && s.Channel != audience.AnyChannel || s.At.After(now)
	})
	holds := false
	for _, s := range said {
		same := slices.DeleteFunc(slices.Clone(said), func(other audience.Consent) bool { return other.Source != s.Source || other.Channel != s.Channel })
		if slices.ContainsFunc(same, func(other audience.Consent) bool { return other.At.After(s.At) }) {
			continue
		}
		if s.Status == audience.ConsentDenied || s.Status == audience.ConsentWithdrawn {
			return false
		}
		holds = holds || !slices.ContainsFunc(same, func(other audience.Consent) bool {
			return other.At.Equal(s.At) && (other.Status == "" || !other.Expires.IsZero() && !other.Expires.After(now))
		})
	}
	return holds
}

// dealt deals with numbers of any size.
func dealt(c audience.Bucket, id sosyal.PersonID) bool {
	sum := sha256.Sum256([]byte(c.Salt))
	number := func(b []byte) *big.Int { return new(big.Int).SetUint64(binary.BigEndian.Uint64(b)) }
	prime := big.NewInt(1<<31 - 1)
	mul := number(sum[:8])
	mul.Mod(mul, big.NewInt(1<<31-2)).Add(mul, big.NewInt(1))
	drawn := new(big.Int).Mul(mul, big.NewInt(int64(audience.BucketHash(id))))
	drawn.Add(drawn, number(sum[8:16])).Mod(drawn, prime)
	bucket := drawn.Mul(drawn, big.NewInt(int64(c.Of))).Div(drawn, prime).Int64() // rounded down
	return bucket >= int64(c.From) && bucket < int64(c.To)
}
