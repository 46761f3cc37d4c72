package audience_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// env is the morning of 2026-11-03 in Istanbul, still the 2nd in UTC.
func env(tb testing.TB) audience.Env {
	tb.Helper()
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	require.NoError(tb, err)
	return audience.Env{
		Brand: "b", Now: time.Date(2026, time.November, 2, 21, 30, 0, 0, time.UTC), Zone: zone,
		Schema: schema(), Segments: segments(tb),
	}
}

func schema() audience.Schema {
	return audience.Schema{
		Properties: map[string]audience.PropertyType{
			"sizes": audience.ListProperty, "points": audience.NumberProperty, "member": audience.FlagProperty,
			"expires": audience.DayProperty, "tier": audience.TextProperty,
		},
		Events: map[string]audience.EventType{
			audience.Order: {Currency: "TRY", Properties: map[string]audience.PropertyType{
				"coupon": audience.TextProperty, "products": audience.ListProperty, "gift": audience.FlagProperty,
				"items": audience.NumberProperty, "delivery": audience.DayProperty,
			}},
			"view": {},
		},
	}
}

func segments(tb testing.TB) map[sosyal.SegmentID]audience.Definition {
	tb.Helper()
	regulars := rule(tb, `{"all":[{"in_segment":"buyers"},{"not":{"in_segment":"strangers"}}]}`)
	buyers := rule(tb, `{"count":{"of":"order","is":"at_least","value":2}}`)
	strangers := rule(tb, `{"not":{"any":[{"in_segment":"buyers"},{"in_segment":"press"}]}}`)
	return map[sosyal.SegmentID]audience.Definition{
		"press":     {ID: "press", Name: "Press", Kind: audience.ListSegment},
		"rfm-loyal": {ID: "rfm-loyal", Name: "rfm.loyal", Kind: audience.RFMSegment},
		"regulars":  {ID: "regulars", Name: "Regulars", Kind: audience.RuleSegment, Rule: &regulars},
		"buyers":    {ID: "buyers", Name: "Buyers", Kind: audience.RuleSegment, Rule: &buyers},
		"strangers": {ID: "strangers", Name: "Strangers", Kind: audience.RuleSegment, Rule: &strangers},
	}
}

func rule(tb testing.TB, condition string) audience.Rule {
	tb.Helper()
	r, err := audience.ParseRule(wrap(condition))
	require.NoError(tb, err, condition)
	return r
}

func istanbul(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour-3, minute, 0, 0, time.UTC)
}

func ayse(tb testing.TB) audience.Customer {
	tb.Helper()
	order := func(month time.Month, day int, amount string) audience.Event {
		return audience.Event{Name: audience.Order, At: istanbul(month, day, 12, 0), Amount: lira(tb, amount)}
	}
	first, third := order(time.January, 1, "60"), order(time.August, 5, "50.50") // 90 days before the 3rd of November
	first.Categories = []string{"makeup", "hair"}
	first.Properties = map[string]audience.Value{"coupon": audience.TextValue("NEW"), "products": audience.ListValue("p1", "p2")}
	third.At = istanbul(time.August, 5, 0, 0)
	third.Properties = map[string]audience.Value{
		"gift": audience.FlagValue(true), "items": audience.NumberValue(decimal.New(3, 0)), "delivery": audience.TextValue("2026-08-09"),
	}
	back := order(time.October, 4, "-10") // 30 days before
	back.Adjustment = true
	return audience.Customer{
		ID:      "a",
		Profile: audience.Profile{Country: "TR", City: "İzmir", Birthday: date.New(1990, 11, 5), Since: date.New(2026, 10, 31)},
		Events: []audience.Event{
			first, order(time.January, 1, "40"), third, back,
			order(time.December, 1, "999"), // not yet
			{Name: "view", At: istanbul(time.August, 3, 12, 0)},
			{Name: "view", At: istanbul(time.October, 20, 12, 0)},
		},
		Group: "loyal", Interests: []string{"skincare", "hair"}, Networks: []sosyal.Network{sosyal.Instagram},
		Lists: []sosyal.SegmentID{"press"}, Predictions: map[audience.Prediction]float64{audience.ProbabilityAlive: 0.75},
		Properties: map[string]audience.Value{
			"sizes": audience.ListValue("S", "M"), "points": audience.NumberValue(decimal.RequireFromString("10.50")),
			"member": audience.FlagValue(true), "expires": audience.TextValue("2026-11-13"),
		},
		Consents: []audience.Consent{
			{Purpose: audience.Marketing, Channel: audience.Email, Status: audience.ConsentGranted, Source: "shop", TextVersion: "1", At: istanbul(time.May, 1, 9, 0)},
			{Purpose: audience.Marketing, Channel: audience.Email, Status: audience.ConsentGranted, Source: "iys", TextVersion: "1", At: istanbul(time.May, 2, 9, 0)},
			{Purpose: audience.Marketing, Channel: audience.SMS, Status: audience.ConsentGranted, Source: "shop", TextVersion: "1", At: istanbul(time.May, 1, 9, 0)},
		},
	}
}

func wrap(condition string) []byte { return []byte(`{"version":1,"rule":` + condition + `}`) }

func TestRuleMatches(t *testing.T) {
	for condition, want := range map[string]bool{
		`{"all":[]}`: true,
		`{"any":[]}`: false,

		`{"count":{"of":"order","is":"equals","value":3}}`:                                               true,
		`{"count":{"of":"order","is":"at_least","value":1,"days":90}}`:                                   true,
		`{"count":{"of":"order","is":"at_least","value":1,"days":89}}`:                                   false,
		`{"count":{"of":"order","is":"equals","value":2,"from":"2026-01-01","until":"2026-08-05"}}`:      true,
		`{"count":{"of":"order","is":"equals","value":3,"from":"2026-01-01","until":"2026-08-06"}}`:      true,
		`{"count":{"of":"view","is":"equals","value":0,"days":10}}`:                                      true,
		`{"sum":{"of":"order","is":"equals","value":{"amount":"140.5","currency":"TRY"}}}`:               true,
		`{"sum":{"of":"order","is":"more_than","value":{"amount":"40.49","currency":"TRY"},"days":90}}`:  true,
		`{"sum":{"of":"order","is":"less_than","value":{"amount":"40.5","currency":"TRY"},"days":90}}`:   false,
		`{"sum":{"of":"order","is":"at_most","value":{"amount":"0.0000001","currency":"TRY"},"days":1}}`: true,
		`{"last":{"of":"order","is":"equals","value":90}}`:                                               true,
		`{"last":{"of":"order","is":"at_most","value":89}}`:                                              false,
		`{"last":{"of":"order","is":"at_least","value":90}}`:                                             true,
		`{"first":{"of":"order","is":"equals","value":306}}`:                                             true,
		`{"first":{"of":"order","is":"more_than","value":306}}`:                                          false,

		`{"count":{"of":"order","is":"equals","value":1,"where":[{"name":"categories","is":"contains","value":"hair"}]}}`:                                true,
		`{"count":{"of":"order","is":"equals","value":1,"where":[{"name":"products","is":"one_of","value":["p9","p2"]}]}}`:                               true,
		`{"count":{"of":"order","is":"equals","value":2,"where":[{"name":"amount","is":"more_than","value":50}]}}`:                                       true,
		`{"count":{"of":"order","is":"equals","value":1,"where":[{"name":"coupon","is":"starts_with","value":"NE"}]}}`:                                   true,
		`{"count":{"of":"order","is":"equals","value":2,"where":[{"name":"coupon","is":"missing"}]}}`:                                                    true,
		`{"count":{"of":"order","is":"equals","value":1,"where":[{"name":"gift","is":"equals","value":true},{"name":"items","is":"equals","value":3}]}}`: true,
		`{"count":{"of":"order","is":"equals","value":1,"where":[{"name":"delivery","is":"at_least","value":"2026-08-09"}]}}`:                            true,

		`{"funnel":{"first":{"of":"view"},"then":{"of":"order"},"hours":36}}`:                           true,
		`{"funnel":{"first":{"of":"view"},"then":{"of":"order"},"hours":35}}`:                           false,
		`{"funnel":{"first":{"of":"view","days":90},"then":{"of":"order"},"hours":36}}`:                 false,
		`{"funnel":{"first":{"of":"view"},"then":{"of":"order"},"hours":36,"without":true}}`:            true,
		`{"funnel":{"first":{"of":"order"},"then":{"of":"order"},"hours":1}}`:                           false,
		`{"funnel":{"first":{"of":"view","days":14},"then":{"of":"order"},"hours":323,"without":true}}`: true,
		`{"funnel":{"first":{"of":"view","days":14},"then":{"of":"order"},"hours":324,"without":true}}`: false,

		`{"in_group":["champions","loyal"]}`:  true,
		`{"in_group":["dormant"]}`:            false,
		`{"interest":["perfume","skincare"]}`: true,
		`{"interest":["perfume"]}`:            false,
		`{"network":["instagram","tiktok"]}`:  true,
		`{"network":["tiktok"]}`:              false,
		`{"in_segment":"press"}`:              true,
		`{"in_segment":"rfm-loyal"}`:          true,
		`{"in_segment":"regulars"}`:           true,
		`{"in_segment":"strangers"}`:          false,

		`{"predicted":{"name":"probability_alive","is":"at_least","value":0.75}}`:          true,
		`{"predicted":{"name":"lifetime_value","is":"at_least","value":0}}`:                false,
		`{"consented":{"purpose":"marketing","channel":"email"}}`:                          true,
		`{"consented":{"purpose":"marketing","channel":"email","sources":["shop","iys"]}}`: true,
		`{"consented":{"purpose":"marketing","channel":"sms","sources":["shop","iys"]}}`:   false,
		`{"consented":{"purpose":"ad_user_data","channel":"ads"}}`:                         false,
		`{"bucket":{"of":1,"from":0,"to":1}}`:                                              true,

		`{"property":{"name":"country","is":"equals","value":"TR"}}`:                   true,
		`{"property":{"name":"city","is":"one_of","value":["Bolu","İzmir"]}}`:          true,
		`{"property":{"name":"city","is":"contains","value":"zmi"}}`:                   true,
		`{"property":{"name":"city","is":"starts_with","value":"İ"}}`:                  true,
		`{"property":{"name":"city","is":"ends_with","value":"i"}}`:                    false,
		`{"property":{"name":"sizes","is":"contains","value":"M"}}`:                    true,
		`{"property":{"name":"sizes","is":"one_of","value":["L","S"]}}`:                true,
		`{"property":{"name":"sizes","is":"contains","value":"skin"}}`:                 false,
		`{"property":{"name":"points","is":"equals","value":10.5}}`:                    true,
		`{"property":{"name":"points","is":"more_than","value":10.5}}`:                 false,
		`{"property":{"name":"points","is":"more_than","value":10.49999999999}}`:       true,
		`{"property":{"name":"points","is":"less_than","value":10.50000000001}}`:       true,
		`{"property":{"name":"points","is":"equals","value":10.50000000001}}`:          false,
		`{"property":{"name":"points","is":"at_most","value":99999999999999999999}}`:   true,
		`{"property":{"name":"points","is":"at_least","value":-99999999999999999999}}`: true,
		`{"property":{"name":"member","is":"equals","value":false}}`:                   false,
		`{"property":{"name":"expires","is":"less_than","value":"2026-11-14"}}`:        true,
		`{"property":{"name":"tier","is":"missing"}}`:                                  true,
		`{"property":{"name":"points","is":"missing"}}`:                                false,
		`{"property":{"name":"tier","is":"equals","value":"gold"}}`:                    false,
		`{"not":{"property":{"name":"tier","is":"equals","value":"gold"}}}`:            true,
		`{"days_since":{"name":"since","is":"equals","value":3}}`:                      true,
		`{"days_since":{"name":"since","is":"more_than","value":3}}`:                   false,
		`{"days_since":{"name":"expires","is":"at_least","value":-10}}`:                true,
		`{"days_since":{"name":"expires","is":"less_than","value":-10}}`:               false,
		`{"anniversary":{"name":"birthday","within":2}}`:                               true,
		`{"anniversary":{"name":"birthday","within":1}}`:                               false,

		`{"any":[{"in_group":["x"]},{"all":[{"in_group":["loyal"]},{"not":{"in_group":["new"]}}]}]}`:  true,
		`{"all":[{"in_group":["loyal"]},{"property":{"name":"country","is":"equals","value":"DE"}}]}`: false,
	} {
		r, err := audience.ParseRule(wrap(condition))
		require.NoError(t, err, condition)
		p, err := r.Compile(env(t))
		require.NoError(t, err, condition)
		got, err := p.Matches(ayse(t))
		require.NoError(t, err, condition)
		assert.Equal(t, want, got, condition)

		written, err := json.Marshal(r)
		require.NoError(t, err)
		again, err := audience.ParseRule(written)
		require.NoError(t, err, string(written))
		rewritten, err := json.Marshal(again)
		require.NoError(t, err)
		assert.Equal(t, string(written), string(rewritten))
		assert.JSONEq(t, string(wrap(condition)), string(written))
	}
}

func TestACustomerWithoutOrdersHasNoLastOrder(t *testing.T) {
	for _, is := range []string{"at_least", "at_most"} {
		r, err := audience.ParseRule(wrap(`{"last":{"of":"order","is":"` + is + `","value":10}}`))
		require.NoError(t, err)
		p, err := r.Compile(env(t))
		require.NoError(t, err)
		got, err := p.Matches(audience.Customer{})
		require.NoError(t, err)
		assert.False(t, got)
	}
}

func TestParseRuleReportsEveryProblemWithItsPath(t *testing.T) {
	_, err := audience.ParseRule(wrap(`{"all":[
		{"count":{"of":"order","is":"about","value":-1,"days":-1}},
		{"property":{"name":"","is":"one_of","value":"x"}},
		{"not":{"last":{"of":"order","is":"at_most","value":99999999}}},
		{"in_group":[]},
		{"sum":{"of":"order","is":"at_least"}},
		{"funnel":{"first":{"of":"","from":"2026-02-01","until":"2026-01-01"},"then":{"of":"order","where":[{"name":"x","is":"about"}]},"hours":0}},
		{"bucket":{"of":10,"from":5,"to":5}},
		{"anniversary":{"name":"birthday","within":400}},
		{"interest":[""]},
		{"property":{"name":"city","is":"equals","value":"a\u0000b"}}]}`))
	var fields []string
	for _, f := range sosyal.FieldErrors(err) {
		fields = append(fields, f.Field)
	}
	assert.Equal(t, []string{
		"rule.all[0].count.days", "rule.all[0].count.is", "rule.all[0].count.value",
		"rule.all[1].property.name", "rule.all[1].property.value",
		"rule.all[2].not.last.value", "rule.all[3].in_group", "rule.all[4].sum.value",
		"rule.all[5].funnel.first.of", "rule.all[5].funnel.first.until", "rule.all[5].funnel.then.where[0].is", "rule.all[5].funnel.hours",
		"rule.all[6].bucket.to", "rule.all[7].anniversary.within", "rule.all[8].interest", "rule.all[9].property.value",
	}, fields)
}

func TestParseRuleRefuses(t *testing.T) {
	for text, message := range map[string]string{
		``:                                      "must be an object with version and rule",
		`[]`:                                    "must be an object with version and rule",
		`{"version":2,"rule":{}}`:               "version: must be 1",
		`{"version":1}`:                         "rule: must be an object with one key",
		`{"version":1,"rule":{"all":[]},"x":1}`: "unknown field",
		`{"version":1,"rule":{"all":[]}} {}`:    "text after the value",
		string(wrap(`{"all":[],"any":[]}`)):     "must be an object with one key",
		string(wrap(`{"some":[]}`)):             `must be a known kind of condition (got "some")`,
		string(wrap(`{"all":null}`)):            "must be a list of conditions",
		string(wrap(`{"any":[null]}`)):          "rule.any[0]: must be an object with one key",
		string(wrap(`{"count":{"of":"order","is":"equals","value":1,"hours":3}}`)):                     "unknown field",
		string(wrap(`{"count":{"of":"order","is":"equals","value":"x"}}`)):                             "value must not be a string",
		string(wrap(`{"count":{"of":"order","is":"equals","value":1,"from":"2026-02-30"}}`)):           "must have days like 2026-11-03",
		string(wrap(`{"count":{"of":"order","is":"equals","value":1,"from":"0026-02-03"}}`)):           "must lie between 1990 and 2100",
		string(wrap(`{"property":{"name":"n","is":"equals","value":1e999999999}}`)):                    "without exponent",
		string(wrap(`{"property":{"name":"n","is":"equals","value":{"a":1}}}`)):                        "must be a text",
		string(wrap(`{"sum":{"of":"order","is":"at_least","value":{"amount":"1","currency":"XXQ"}}}`)): "rule.sum.currency",
		string(wrap(strings.Repeat(`{"not":`, 100) + `{"all":[]}` + strings.Repeat(`}`, 100))):         "must not nest deeper than 64",
		string(wrap(strings.Repeat(`{"not":`, 9_000) + `{"all":[]}` + strings.Repeat(`}`, 9_000))):     "must not nest deeper than 64",
		string(wrap(`{"all":[` + strings.Repeat(`{"all":[]},`, 12_000) + `{"all":[]}]}`)):              "more than 10000 conditions",
		string(wrap(`{"in_group":["` + strings.Repeat("x", 1<<20) + `"]}`)):                            "longer than 1 MB",
	} {
		_, err := audience.ParseRule([]byte(text))
		require.ErrorIs(t, err, sosyal.ErrInvalid, text[:min(len(text), 80)])
		assert.ErrorContains(t, err, message)
	}
}

func TestCompileReportsWhatDoesNotSuitTheSchema(t *testing.T) {
	for condition, field := range map[string]string{
		`{"property":{"name":"shoe","is":"equals","value":"x"}}`:                                     "rule.property.name",
		`{"property":{"name":"country","is":"at_least","value":"TR"}}`:                               "rule.property",
		`{"property":{"name":"country","is":"equals","value":1}}`:                                    "rule.property",
		`{"property":{"name":"points","is":"equals","value":"ten"}}`:                                 "rule.property",
		`{"property":{"name":"points","is":"contains","value":"1"}}`:                                 "rule.property",
		`{"property":{"name":"member","is":"equals","value":"yes"}}`:                                 "rule.property",
		`{"property":{"name":"sizes","is":"equals","value":"skin"}}`:                                 "rule.property",
		`{"property":{"name":"birthday","is":"at_least","value":"1990-02-30"}}`:                      "rule.property",
		`{"days_since":{"name":"tier","is":"at_least","value":1}}`:                                   "rule.days_since.name",
		`{"anniversary":{"name":"points","within":1}}`:                                               "rule.anniversary.name",
		`{"count":{"of":"call","is":"at_least","value":1}}`:                                          "rule.count.of",
		`{"sum":{"of":"view","is":"at_least","value":{"amount":"1","currency":"TRY"}}}`:              "rule.sum.value",
		`{"sum":{"of":"order","is":"at_least","value":{"amount":"1","currency":"EUR"}}}`:             "rule.sum.value",
		`{"count":{"of":"view","is":"equals","value":1,"where":[{"name":"amount","is":"missing"}]}}`: "rule.count.where[0].name",

		`{"in_segment":"nobody"}`: "rule.in_segment",
	} {
		r, err := audience.ParseRule(wrap(condition))
		require.NoError(t, err)
		_, err = r.Compile(env(t))
		found := sosyal.FieldErrors(err)
		require.NotEmpty(t, found, condition)
		assert.Equal(t, field, found[0].Field, condition)
	}
	r := audience.Rule{Condition: audience.All{}}
	_, err := r.Compile(audience.Env{})
	assert.Len(t, sosyal.FieldErrors(err), 3)
	_, err = audience.Rule{}.Compile(env(t))
	assert.ErrorContains(t, err, "rule: is required")
	odd := env(t)
	odd.Schema.Properties["odd"] = "colour"
	r = audience.Rule{Condition: audience.Property{Filter: audience.Filter{Name: "odd", Is: audience.Equals, Value: audience.TextValue("x")}}}
	_, err = r.Compile(odd)
	assert.ErrorContains(t, err, "schema.properties.odd: must be text, number, flag, day or list")
}

func TestMatchesReportsCustomersThatDoNotSuitTheSchema(t *testing.T) {
	r, err := audience.ParseRule(wrap(`{"not":{"property":{"name":"points","is":"at_least","value":1}}}`))
	require.NoError(t, err)
	p, err := r.Compile(env(t))
	require.NoError(t, err)
	assert.Equal(t, sosyal.BrandID("b"), p.Brand())
	c := ayse(t)
	c.Properties["points"] = audience.TextValue("secret")
	ok, err := p.Matches(c)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.False(t, ok)
	assert.NotContains(t, err.Error(), "secret")

	r, err = audience.ParseRule(wrap(`{"sum":{"of":"order","is":"at_least","value":{"amount":"1","currency":"TRY"}}}`))
	require.NoError(t, err)
	p, err = r.Compile(env(t))
	require.NoError(t, err)
	c = ayse(t)
	c.Events[0].Amount, err = sosyal.NewMoney(decimal.New(1, 0), "EUR")
	require.NoError(t, err)
	_, err = p.Matches(c)
	assert.ErrorAs(t, err, &sosyal.CurrencyError{})
	ok, err = audience.Program{}.Matches(ayse(t))
	require.NoError(t, err)
	assert.False(t, ok)
}

func TestRulesPickFromABook(t *testing.T) {
	b := audience.NewOrderBook(time.UTC)
	add(t, b, line(t, "1", "a", 1, "10"), line(t, "2", "a", 2, "10"), line(t, "3", "b", 1, "10"), line(t, "4", "c", 2, "10"))
	r, err := audience.ParseRule(wrap(`{"any":[{"count":{"of":"order","is":"at_least","value":2}},{"in_group":["new"]}]}`))
	require.NoError(t, err)
	p, err := r.Compile(env(t))
	require.NoError(t, err)
	pick := func(group func(audience.Purchases) string) (picked []string) {
		for c := range b.Profiles(group) {
			ok, err := p.Matches(c)
			require.NoError(t, err)
			if ok {
				picked = append(picked, string(c.ID))
			}
		}
		return picked
	}
	assert.Equal(t, []string{"a"}, pick(nil))
	assert.Equal(t, []string{"a", "c"}, pick(func(p audience.Purchases) string {
		if p.Customer == "c" {
			return "new"
		}
		return "old"
	}))
}

func TestARuleSegmentCarriesItsRule(t *testing.T) {
	d := audience.Definition{ID: "vip", Name: "VIP", Kind: audience.RuleSegment}
	require.ErrorContains(t, d.Validate(), "rule: is required of a rule segment")
	d.Rule = &audience.Rule{Condition: audience.InGroup{"champions"}}
	require.NoError(t, d.Validate())
	data, err := json.Marshal(d)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"vip","name":"VIP","kind":"rule","rule":{"version":1,"rule":{"in_group":["champions"]}}}`, string(data))
	var back audience.Definition
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, d, back)
	require.Error(t, json.Unmarshal([]byte(`{"rule":{"version":9}}`), &back))
}

func TestSegmentsMustNotContainThemselves(t *testing.T) {
	e := env(t)
	for id, condition := range map[sosyal.SegmentID]string{
		"a": `{"in_segment":"b"}`, "b": `{"not":{"in_segment":"c"}}`, "c": `{"all":[{"in_segment":"buyers"},{"in_segment":"a"}]}`,
	} {
		r := rule(t, condition)
		e.Segments[id] = audience.Definition{ID: id, Name: string(id), Kind: audience.RuleSegment, Rule: &r}
	}
	_, err := rule(t, `{"in_segment":"a"}`).Compile(e)
	require.ErrorContains(t, err, `segments.c.rule.all[1].in_segment: must not contain itself (got "a > b > c > a")`)

	// A ladder in which each step names the one before it twice is judged once a
	// step, and a chain that is too long is refused.
	e = env(t)
	const steps = 200
	for i := range steps {
		id := sosyal.SegmentID(fmt.Sprint("s", i))
		r := rule(t, `{"in_group":["loyal"]}`)
		if i > 0 {
			r = rule(t, fmt.Sprintf(`{"all":[{"in_segment":"s%d"},{"not":{"not":{"in_segment":"s%d"}}}]}`, i-1, i-1))
		}
		e.Segments[id] = audience.Definition{ID: id, Name: string(id), Kind: audience.RuleSegment, Rule: &r}
	}
	p, err := rule(t, fmt.Sprintf(`{"in_segment":"s%d"}`, steps-1)).Compile(e)
	require.NoError(t, err)
	got, err := p.Matches(ayse(t))
	require.NoError(t, err)
	assert.True(t, got)
	for i := range 100 {
		r := rule(t, fmt.Sprintf(`{"in_segment":"s%d"}`, steps+i-1))
		id := sosyal.SegmentID(fmt.Sprint("s", steps+i))
		e.Segments[id] = audience.Definition{ID: id, Name: string(id), Kind: audience.RuleSegment, Rule: &r}
	}
	_, err = rule(t, fmt.Sprintf(`{"in_segment":"s%d"}`, steps+99)).Compile(e)
	require.ErrorContains(t, err, "must not nest more than 256 segments")
}

func TestBucketsAreEvenAndIndependent(t *testing.T) {
	const people, tenth = 20_000, 2_000
	deal := func(salt string, from, to int) map[int]bool {
		e := env(t)
		p, err := audience.Rule{Condition: audience.Bucket{Salt: salt, Of: 10, From: from, To: to}}.Compile(e)
		require.NoError(t, err)
		picked := map[int]bool{}
		for i := range people {
			ok, err := p.Matches(audience.Customer{ID: sosyal.PersonID(fmt.Sprint("person-", i))})
			require.NoError(t, err)
			if ok {
				picked[i] = true
			}
		}
		return picked
	}
	all := 0
	for k := range 10 {
		n := len(deal("summer", k, k+1))
		all += n
		assert.InDelta(t, tenth, n, 170, "four standard deviations of a binomial count")
	}
	assert.Equal(t, people, all, "everybody is in one bucket")
	both, other := 0, deal("winter", 0, 1)
	for i := range deal("summer", 0, 1) {
		if other[i] {
			both++
		}
	}
	assert.InDelta(t, people/100, both, 57, "another salt deals anew")
	again := deal("summer", 0, 1)
	assert.Equal(t, again, deal("summer", 0, 1))
}

func TestAttributes(t *testing.T) {
	r := rule(t, `{"any":[{"not":{"property":{"name":"city","is":"missing"}}},{"count":{"of":"order","is":"equals","value":1,"where":[{"name":"coupon","is":"missing"}]}},
		{"interest":["hair"]},{"in_segment":"x"},{"predicted":{"name":"lifetime_value","is":"at_least","value":1}},
		{"funnel":{"first":{"of":"view"},"then":{"of":"order"},"hours":1}},{"consented":{"purpose":"marketing"}},{"days_since":{"name":"since","is":"equals","value":1}}]}`)
	assert.Equal(t, []string{
		"city", "consent.marketing", "event.order", "event.order.coupon", "event.view", "interest.hair",
		"prediction.lifetime_value", "segment.x", "since",
	}, r.Attributes())
}

// FuzzParseRule holds whatever parses to a form that comes back the same and to
// programs that judge without failing.
func FuzzParseRule(f *testing.F) {
	f.Add(wrap(`{"all":[{"count":{"of":"order","is":"at_least","value":3,"days":90}},{"not":{"in_group":["dormant"]}}]}`))
	f.Add(wrap(`{"funnel":{"first":{"of":"view","from":"2026-01-01"},"then":{"of":"order","where":[{"name":"amount","is":"at_least","value":5}]},"hours":48,"without":true}}`))
	f.Add(wrap(`{"any":[{"bucket":{"salt":"a","of":10,"from":0,"to":3}},{"consented":{"purpose":"marketing","sources":["iys"]}},{"in_segment":"regulars"}]}`))
	f.Add(wrap(`{"all":[{"days_since":{"name":"since","is":"at_most","value":30}},{"anniversary":{"name":"birthday","within":7}},{"predicted":{"name":"lifetime_value","is":"at_least","value":1.5}}]}`))
	f.Add(wrap(`{"any":[{"property":{"name":"points","is":"more_than","value":10.50}},{"property":{"name":"tier","is":"missing"}}]}`))
	f.Add(wrap(`{"sum":{"of":"order","is":"equals","value":{"amount":"140.5","currency":"TRY"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := audience.ParseRule(data)
		if err != nil {
			return
		}
		written, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := audience.ParseRule(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		rewritten, err := json.Marshal(again)
		if err != nil || string(rewritten) != string(written) {
			t.Fatalf("%s became %s, %v", written, rewritten, err)
		}
		p, err := r.Compile(env(t))
		if err != nil {
			return
		}
		first, firstErr := p.Matches(ayse(t))
		second, secondErr := p.Matches(ayse(t))
		if first != second || (firstErr == nil) != (secondErr == nil) {
			t.Fatal("two answers about the same customer")
		}
	})
}
