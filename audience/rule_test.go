package audience_test

import (
	"encoding/json"
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
		Schema: audience.Schema{
			"interests": audience.ListProperty, "points": audience.NumberProperty, "member": audience.FlagProperty,
			"birthday": audience.DayProperty, "tier": audience.TextProperty,
		},
	}
}

func ayse(tb testing.TB) audience.Customer {
	tb.Helper()
	return audience.Customer{
		Purchases: audience.Purchases{Customer: "a", Country: "TR", City: "İzmir"},
		Days: []audience.PurchaseDay{
			{Day: date.New(2026, 1, 1), Orders: 2, Net: lira(tb, "100")},
			{Day: date.New(2026, 8, 5), Orders: 1, Net: lira(tb, "50.50")}, // 90 days before the 3rd
			{Day: date.New(2026, 10, 4), Orders: 0, Net: lira(tb, "-10")},  // a return, 30 days before
			{Day: date.New(2026, 12, 1), Orders: 5, Net: lira(tb, "999")},  // not yet
		},
		Group: "loyal",
		Properties: map[string]audience.Value{
			"interests": audience.ListValue("skincare", "hair"), "points": audience.NumberValue(decimal.RequireFromString("10.50")),
			"member": audience.FlagValue(true), "birthday": audience.TextValue("1990-05-01"),
		},
	}
}

func wrap(condition string) []byte { return []byte(`{"version":1,"rule":` + condition + `}`) }

func TestRuleMatches(t *testing.T) {
	for condition, want := range map[string]bool{
		`{"all":[]}`: true,
		`{"any":[]}`: false,
		`{"order_count":{"is":"equals","value":3}}`:                                                   true,
		`{"order_count":{"is":"at_least","value":1,"days":90}}`:                                       true,
		`{"order_count":{"is":"at_least","value":1,"days":89}}`:                                       false,
		`{"order_sum":{"is":"equals","value":{"amount":"140.5","currency":"TRY"}}}`:                   true,
		`{"order_sum":{"is":"more_than","value":{"amount":"40.49","currency":"TRY"},"days":90}}`:      true,
		`{"order_sum":{"is":"less_than","value":{"amount":"40.5","currency":"TRY"},"days":90}}`:       false,
		`{"last_order":{"is":"equals","value":90}}`:                                                   true,
		`{"last_order":{"is":"at_most","value":89}}`:                                                  false,
		`{"in_group":["champions","loyal"]}`:                                                          true,
		`{"in_group":["dormant"]}`:                                                                    false,
		`{"property":{"name":"country","is":"equals","value":"TR"}}`:                                  true,
		`{"property":{"name":"city","is":"one_of","value":["Bolu","İzmir"]}}`:                         true,
		`{"property":{"name":"city","is":"contains","value":"zmi"}}`:                                  true,
		`{"property":{"name":"interests","is":"contains","value":"skincare"}}`:                        true,
		`{"property":{"name":"interests","is":"contains","value":"skin"}}`:                            false,
		`{"property":{"name":"points","is":"equals","value":10.5}}`:                                   true,
		`{"property":{"name":"points","is":"more_than","value":10.5}}`:                                false,
		`{"property":{"name":"member","is":"equals","value":false}}`:                                  false,
		`{"property":{"name":"birthday","is":"less_than","value":"1990-05-02"}}`:                      true,
		`{"property":{"name":"tier","is":"missing"}}`:                                                 true,
		`{"property":{"name":"points","is":"missing"}}`:                                               false,
		`{"property":{"name":"tier","is":"equals","value":"gold"}}`:                                   false,
		`{"not":{"property":{"name":"tier","is":"equals","value":"gold"}}}`:                           true,
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
		r, err := audience.ParseRule(wrap(`{"last_order":{"is":"` + is + `","value":10}}`))
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
		{"order_count":{"is":"about","value":-1,"days":-1}},
		{"property":{"name":"","is":"one_of","value":"x"}},
		{"not":{"last_order":{"is":"at_most","value":99999999}}},
		{"in_group":[]},
		{"order_sum":{"is":"at_least"}}]}`))
	var fields []string
	for _, f := range sosyal.FieldErrors(err) {
		fields = append(fields, f.Field)
	}
	assert.Equal(t, []string{
		"rule.all[0].order_count.is", "rule.all[0].order_count.value", "rule.all[0].order_count.days",
		"rule.all[1].property.name", "rule.all[1].property.value",
		"rule.all[2].not.last_order.value", "rule.all[3].in_group", "rule.all[4].order_sum.value",
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
		string(wrap(`{"order_count":{"is":"equals","value":1,"hours":3}}`)):                        "unknown field",
		string(wrap(`{"order_count":{"is":"equals","value":"x"}}`)):                                "a value of another type",
		string(wrap(`{"property":{"name":"n","is":"equals","value":1e999999999}}`)):                "without exponent",
		string(wrap(`{"property":{"name":"n","is":"equals","value":{"a":1}}}`)):                    "must be a text",
		string(wrap(`{"order_sum":{"is":"at_least","value":{"amount":"1","currency":"XXQ"}}}`)):    "rule.order_sum.currency",
		string(wrap(strings.Repeat(`{"not":`, 100) + `{"all":[]}` + strings.Repeat(`}`, 100))):     "must not nest deeper than 64",
		string(wrap(strings.Repeat(`{"not":`, 9_000) + `{"all":[]}` + strings.Repeat(`}`, 9_000))): "must not nest deeper than 64",
		string(wrap(`{"all":[` + strings.Repeat(`{"all":[]},`, 12_000) + `{"all":[]}]}`)):          "more than 10000 conditions",
		string(wrap(`{"in_group":["` + strings.Repeat("x", 1<<20) + `"]}`)):                        "longer than 1 MB",
	} {
		_, err := audience.ParseRule([]byte(text))
		require.ErrorIs(t, err, sosyal.ErrInvalid, text[:min(len(text), 80)])
		assert.ErrorContains(t, err, message)
	}
}

func TestCompileReportsWhatDoesNotSuitTheSchema(t *testing.T) {
	for condition, field := range map[string]string{
		`{"property":{"name":"shoe","is":"equals","value":"x"}}`:                "rule.property.name",
		`{"property":{"name":"country","is":"at_least","value":"TR"}}`:          "rule.property",
		`{"property":{"name":"country","is":"equals","value":1}}`:               "rule.property",
		`{"property":{"name":"points","is":"equals","value":"ten"}}`:            "rule.property",
		`{"property":{"name":"points","is":"contains","value":"1"}}`:            "rule.property",
		`{"property":{"name":"member","is":"equals","value":"yes"}}`:            "rule.property",
		`{"property":{"name":"interests","is":"equals","value":"skin"}}`:        "rule.property",
		`{"property":{"name":"birthday","is":"at_least","value":"1990-02-30"}}`: "rule.property",
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
	odd.Schema["odd"] = "colour"
	r = audience.Rule{Condition: audience.Property{Name: "odd", Is: audience.Equals, Value: audience.TextValue("x")}}
	_, err = r.Compile(odd)
	assert.ErrorContains(t, err, "known type")
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

	r, err = audience.ParseRule(wrap(`{"order_sum":{"is":"at_least","value":{"amount":"1","currency":"EUR"}}}`))
	require.NoError(t, err)
	p, err = r.Compile(env(t))
	require.NoError(t, err)
	_, err = p.Matches(ayse(t))
	assert.ErrorAs(t, err, &sosyal.CurrencyError{})
	ok, err = audience.Program{}.Matches(ayse(t))
	require.NoError(t, err)
	assert.False(t, ok)
}

func TestRulesPickFromABook(t *testing.T) {
	b := audience.NewOrderBook(time.UTC)
	add(t, b, line(t, "1", "a", 1, "10"), line(t, "2", "a", 2, "10"), line(t, "3", "b", 1, "10"), line(t, "4", "c", 2, "10"))
	r, err := audience.ParseRule(wrap(`{"any":[{"order_count":{"is":"at_least","value":2}},{"in_group":["new"]}]}`))
	require.NoError(t, err)
	p, err := r.Compile(env(t))
	require.NoError(t, err)
	pick := func(group func(audience.Purchases) string) (picked []string) {
		for c := range b.Profiles(group) {
			ok, err := p.Matches(c)
			require.NoError(t, err)
			if ok {
				picked = append(picked, string(c.Customer))
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

// FuzzParseRule holds whatever parses to a form that comes back the same and to
// programs that judge without failing.
func FuzzParseRule(f *testing.F) {
	f.Add(wrap(`{"all":[{"order_count":{"is":"at_least","value":3,"days":90}},{"not":{"in_group":["dormant"]}}]}`))
	f.Add(wrap(`{"any":[{"property":{"name":"points","is":"more_than","value":10.50}},{"property":{"name":"tier","is":"missing"}}]}`))
	f.Add(wrap(`{"order_sum":{"is":"equals","value":{"amount":"140.5","currency":"TRY"}}}`))
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
