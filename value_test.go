package sosyal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
)

func TestProblemsNameTheirPath(t *testing.T) {
	var inner, outer sosyal.Problems
	inner.Add("amount", "must be positive", "-1")
	inner.Add("", "is empty", "")
	outer.Nest("lines[2]", inner.Err())
	outer.Nest("note", nil)
	outer.Nest("", sosyal.FieldError{Field: "zone", Rule: "is unknown"})
	outer.Nest("file", errors.New("disk full"))
	err := fmt.Errorf("writing: %w", outer.Err())
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.Equal(t, []sosyal.FieldError{
		{Field: "lines[2].amount", Rule: "must be positive", Value: "-1"},
		{Field: "lines[2]", Rule: "is empty"},
		{Field: "zone", Rule: "is unknown"},
	}, sosyal.FieldErrors(err))
	assert.Contains(t, err.Error(), `lines[2].amount: must be positive (got "-1")`)
	assert.Contains(t, err.Error(), "file: disk full")
}

func TestRowErrorIsOneLine(t *testing.T) {
	err := &sosyal.RowError{File: "orders.csv", Line: 12, Column: "Fiyat", Err: errors.Join(
		sosyal.FieldError{Rule: "must be a number", Value: "x"}, errors.New("second"))}
	assert.Equal(t, `orders.csv:12: column "Fiyat": must be a number (got "x"); second`, err.Error())
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestParseDecimal(t *testing.T) {
	good := []struct {
		text string
		c    sosyal.Convention
		want string
	}{
		{"1234.56", sosyal.Plain, "1234.56"},
		{"1.234,56", sosyal.CommaDecimal, "1234.56"},
		{"1234,56", sosyal.CommaDecimal, "1234.56"},
		{"1.234", sosyal.CommaDecimal, "1234"},
		{"1.234", sosyal.PointDecimal, "1.234"},
		{"1,234,567.5", sosyal.PointDecimal, "1234567.5"},
		{"1\u00a0234,5", sosyal.CommaDecimal, "1234.5"},
		{",5", sosyal.CommaDecimal, "0.5"},
		{"\u2212" + "3", sosyal.Plain, "-3"},
		{"+7", sosyal.Plain, "7"},
	}
	for _, g := range good {
		d, err := sosyal.ParseDecimal(g.text, g.c)
		require.NoError(t, err, g.text)
		assert.True(t, d.Equal(decimal.RequireFromString(g.want)), "%s gave %s", g.text, d)
	}
	for _, bad := range []string{"", "-", ".", "1.2.3", "1,23", "1,2345", ",123,456", "1 234", "1e5", "0x10", "NaN", "١", strings.Repeat("9", 65)} {
		_, err := sosyal.ParseDecimal(bad, sosyal.PointDecimal)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}

func FuzzParseDecimal(f *testing.F) {
	f.Add("1.234,56")
	f.Add("-0.00")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range []sosyal.Convention{sosyal.Plain, sosyal.CommaDecimal, sosyal.PointDecimal} {
			d, err := sosyal.ParseDecimal(text, c)
			if err != nil {
				require.ErrorIs(t, err, sosyal.ErrInvalid)
				continue
			}
			again, err := sosyal.ParseDecimal(sosyal.FormatDecimal(d, max(0, -d.Exponent()), c), c)
			require.NoError(t, err)
			require.True(t, d.Equal(again))
		}
	})
}

func TestFormatDecimal(t *testing.T) {
	for _, c := range []struct {
		text   string
		places int32
		conv   sosyal.Convention
		want   string
	}{
		{"1234567.125", 2, sosyal.CommaDecimal, "1.234.567,13"},
		{"-1234.5", 0, sosyal.PointDecimal, "-1,235"},
		{"-0.004", 2, sosyal.PointDecimal, "0.00"},
		{"999", 0, sosyal.PointDecimal, "999"},
		{"1234.5", 1, sosyal.Plain, "1234.5"},
	} {
		assert.Equal(t, c.want, sosyal.FormatDecimal(decimal.RequireFromString(c.text), c.places, c.conv))
	}
}

func TestMix(t *testing.T) {
	mix, err := sosyal.NewMix(sosyal.Share{Category: "how-to", Share: 2}, sosyal.Share{Category: "product", Share: 1}, sosyal.Share{Category: "offer", Share: 0})
	require.NoError(t, err)
	assert.InDelta(t, 2.0/3, mix.Of("how-to"), 1e-12)
	assert.Zero(t, mix.Of("other"))
	for n := range 200 {
		counts, err := mix.Counts(n)
		require.NoError(t, err)
		assert.Equal(t, n, counts[0]+counts[1]+counts[2])
		assert.Zero(t, counts[2], "a share of zero gets nothing")
		for i, c := range counts {
			assert.InDelta(t, mix[i].Share*float64(n), c, 1)
		}
	}
	_, err = mix.Counts(-1)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	for name, bad := range map[string][]sosyal.Share{
		"empty":    nil,
		"all zero": {{Category: "a"}},
		"negative": {{Category: "a", Share: -1}, {Category: "b", Share: 2}},
		"twice":    {{Category: "a", Share: 1}, {Category: "a", Share: 1}},
		"no name":  {{Share: 1}},
	} {
		_, err := sosyal.NewMix(bad...)
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
}

// Prices of a product: what may be claimed as the old price by the 30-day rule.
func TestOldPrice(t *testing.T) {
	history := func(points ...string) sosyal.Product {
		p := sosyal.Product{ID: "serum", Name: "Serum"}
		for _, point := range points {
			d, price, _ := strings.Cut(point, " ")
			p.Price = money(t, price, "TRY")
			p.History = append(p.History, sosyal.PricePoint{At: at(t, d+"T09:00:00+03:00"), Price: p.Price})
		}
		require.NoError(t, p.Validate())
		return p
	}
	cases := []struct {
		name    string
		product sosyal.Product
		at      string
		want    string // "" where nothing may be claimed
	}{
		{"an honest cut", history("2026-01-01 500", "2026-11-10 400"), "2026-11-11", "500"},
		{"raised before the cut", history("2026-01-01 300", "2026-11-01 500", "2026-11-10 400"), "2026-11-11", ""},
		{"raised a little before the cut", history("2026-01-01 450", "2026-11-01 500", "2026-11-10 400"), "2026-11-11", "450"},
		{"raised 31 days before", history("2026-01-01 300", "2026-10-10 500", "2026-11-10 400"), "2026-11-11", "500"},
		{"dipped inside the window", history("2026-01-01 500", "2026-10-20 420", "2026-10-22 500", "2026-11-10 400"), "2026-11-11", "420"},
		{"cut in two steps", history("2026-01-01 500", "2026-11-08 450", "2026-11-10 400"), "2026-11-11", "500"},
		{"no cut", history("2026-01-01 500", "2026-11-10 600"), "2026-11-11", ""},
		{"one price ever", history("2026-01-01 500"), "2026-11-11", ""},
		{"history too short", history("2026-11-01 500", "2026-11-10 400"), "2026-11-11", ""},
		{"before the cut", history("2026-01-01 500", "2026-11-10 400"), "2026-11-09", ""},
		{"before the history", history("2026-01-01 500", "2026-11-10 400"), "2025-11-09", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			old, err := c.product.OldPrice(at(t, c.at+"T12:00:00+03:00"), 30)
			if c.want == "" {
				require.ErrorIs(t, err, sosyal.ErrInsufficientData)
				return
			}
			require.NoError(t, err)
			assert.True(t, old.Equal(money(t, c.want, "TRY")), "got %s", old)
		})
	}
}

func TestOldPriceRules(t *testing.T) {
	rules, err := sosyal.StandardOldPriceRules()
	require.NoError(t, err)
	days := func(country, on string) int {
		r, _ := rules.For(country, day(t, on))
		return r.Days
	}
	assert.Equal(t, 0, days("TR", "2022-02-28"), "before the regulation")
	assert.Equal(t, 30, days("TR", "2022-03-01"))
	assert.Equal(t, 30, days("TR", "2026-11-23"), "of two rules in force the stricter")
	assert.Equal(t, 30, days("EU", "2026-11-23"))
	assert.Equal(t, 0, days("US", "2026-11-23"))

	row := `{"country":"TR","days":30,"from":"2022-03-01","to":"2023-01-01","rule":"r","source":"s","as_of":"2026-11-23","confidence":"P"}`
	one, err := sosyal.ReadOldPriceRules(strings.NewReader(`{"rules":[` + row + `]}`))
	require.NoError(t, err)
	_, known := one.For("TR", day(t, "2023-01-01"))
	assert.False(t, known, "a rule that ended")
	for _, bad := range []string{`{`, `{"regeln":[]}`, strings.Replace(row, "30", "0", 1), strings.Replace(row, `"s"`, `""`, 1), strings.Replace(row, "2022-03-01", "2022-02-30", 1)} {
		_, err := sosyal.ReadOldPriceRules(strings.NewReader(`{"rules":[` + bad + `]}`))
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}

func TestProductValidate(t *testing.T) {
	p := sosyal.Product{Price: money(t, "0", "TRY"), History: []sosyal.PricePoint{
		{At: at(t, "2026-11-02T00:00:00Z"), Price: money(t, "5", "EUR")},
		{At: at(t, "2026-11-01T00:00:00Z"), Price: money(t, "5", "TRY")},
	}}
	fields := make([]string, 0, 6)
	for _, fe := range sosyal.FieldErrors(p.Validate()) {
		fields = append(fields, fe.Field)
	}
	assert.Equal(t, []string{"id", "name", "price", "history[0].price", "history[1].at", "history"}, fields)
	none := 0
	assert.False(t, sosyal.Product{Stock: &none}.InStock())
	assert.True(t, sosyal.Product{}.InStock())
}

func TestLinkRoundTrip(t *testing.T) {
	links := map[string]sosyal.Link{
		"https://shop.example/p/1?utm_source=instagram&utm_medium=social&utm_campaign=kas%C4%B1m+f%C4%B1rsat&coupon=K%26S10": {
			URL: "https://shop.example/p/1",
			UTM: sosyal.UTM{Source: "instagram", Medium: "social", Campaign: "kasım fırsat"}, Coupon: "K&S10",
		},
		"https://shop.example/p/1?color=red&size=m&utm_id=7#reviews": {URL: "https://shop.example/p/1?color=red&size=m#reviews", UTM: sosyal.UTM{ID: "7"}},
		"http://shop.example": {URL: "http://shop.example"},
	}
	for text, link := range links {
		require.NoError(t, link.Validate())
		assert.Equal(t, text, link.String())
		back, err := sosyal.ParseLink(text)
		require.NoError(t, err)
		assert.Equal(t, link, back)
	}
	l, err := sosyal.ParseLink("https://a.example/?utm_source=x&b=1&utm_source=y")
	require.NoError(t, err)
	assert.Equal(t, sosyal.Link{URL: "https://a.example/?b=1", UTM: sosyal.UTM{Source: "x"}}, l)
	for _, bad := range []string{"", "shop.example/p", "javascript:alert(1)", "https://user:pw@shop.example/", "//shop.example"} {
		_, err := sosyal.ParseLink(bad)
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
		assert.NotContains(t, err.Error(), "pw")
	}
	require.Error(t, sosyal.Link{URL: "https://a.example/?utm_source=x"}.Validate())
	require.Error(t, sosyal.Link{URL: "https://a.example/", Coupon: " A"}.Validate())
}

func FuzzLink(f *testing.F) {
	f.Add("https://shop.example/p?a=1#f", "instagram", "kasım & aralık", "K10")
	f.Add("https://shop.example/p?utm_source=%zz&coupon=+x", "", "", "")
	f.Fuzz(func(t *testing.T, text, source, name, coupon string) {
		if l, err := sosyal.ParseLink(text); err == nil {
			again, err := sosyal.ParseLink(l.String())
			require.NoError(t, err)
			require.Equal(t, l, again)
		}
		l := sosyal.Link{URL: text, UTM: sosyal.UTM{Source: source, Campaign: name}, Coupon: coupon}
		if l.Validate() == nil {
			back, err := sosyal.ParseLink(l.String())
			require.NoError(t, err)
			require.Equal(t, l, back)
		}
	})
}

func TestCatalogue(t *testing.T) {
	reason := sosyal.Because("goal.behind",
		sosyal.TermArg("network", sosyal.Instagram), sosyal.PercentArg("done", 0.3254, 1), sosyal.CountArg("n", 1),
		sosyal.MoneyArg("left", money(t, "1234.5", "TRY")), sosyal.DateArg("by", day(t, "2026-11-03")),
		sosyal.NumberArg("index", 1234.5, 2), sosyal.TextArg("who", "Ayşe"))
	english := sosyal.NewCatalogue(sosyal.English, sosyal.Messages{
		"goal.behind":    "{network}: {done} done, {left} left by {by}; {n} {n?post|posts}, index {index}, {who}{unknown}",
		"term.instagram": "Instagram",
	})
	turkish := sosyal.NewCatalogue(sosyal.Turkish, sosyal.Messages{"goal.behind": "{network}: {done} tamam, {by} tarihine {left}, dizin {index}"})
	assert.Equal(t, "Instagram: 32.5% done, TRY\u00a01,234.50 left by 3 November 2026; 1 post, index 1,234.50, Ayşe{unknown}", english.Text(reason))
	assert.Equal(t, "instagram: %32,5 tamam, 3 Kasım 2026 tarihine ₺1.234,50, dizin 1.234,50", turkish.Text(reason))
	loss := sosyal.Because("x", sosyal.PercentArg("by", -0.119, 1))
	assert.Equal(t, "-%11,9", turkish.With(sosyal.Messages{"x": "{by}"}).Text(loss), "the minus stands before the sign")
	assert.Equal(t, "-11.9%", english.With(sosyal.Messages{"x": "{by}"}).Text(loss))
	assert.Equal(t, "other (n 2)", english.Text(sosyal.Because("other", sosyal.CountArg("n", 2))), "an unknown code loses nothing")
	assert.Equal(t, "open {brace", english.With(sosyal.Messages{"broken": "open {brace"}).Text(sosyal.Because("broken")))
	assert.Equal(t, "{x}", english.With(sosyal.Messages{"z": "{x}"}).Text(sosyal.Because("z")))

	host := english.With(sosyal.Messages{"goal.behind": "late"})
	assert.Equal(t, "late", host.Text(reason))
	assert.NotEqual(t, "late", english.Text(reason), "With does not touch the catalogue it came from")
	assert.Equal(t, []string{"a", "b"}, sosyal.Messages{"c": "{b} {a?x|y} {a}"}.Placeholders("c"))

	data, err := json.Marshal(reason)
	require.NoError(t, err)
	var back sosyal.Reason
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, reason, back)
}

func TestNamesOfDays(t *testing.T) {
	assert.Equal(t, "Çarşamba", sosyal.WeekdayName(time.Wednesday, sosyal.Turkish))
	assert.Equal(t, "Ağustos", sosyal.MonthName(time.August, sosyal.Turkish))
	assert.Equal(t, "August", sosyal.MonthName(time.August, "de"))
}

func TestMapping(t *testing.T) {
	m, err := sosyal.ReadMapping(strings.NewReader(`{"name":"shop","columns":{"price":["Fiyat","Price"]},"constants":{"currency":"TRY"},"decimal":",","dates":["02.01.2006 15:04"],"zone":"Europe/Istanbul"}`))
	require.NoError(t, err)
	assert.Equal(t, []string{"Fiyat", "Price"}, m.Columns["price"])
	for _, bad := range []string{
		`{`, `{"name":"x","columns":{"a":["A"]},"kolon":1}`, `{"columns":{"a":["A"]}}`, `{"name":"x"}`,
		`{"name":"x","columns":{"a":[]}}`, `{"name":"x","columns":{"a":["A"]},"constants":{"a":"1"}}`,
		`{"name":"x","columns":{"a":["A"]},"decimal":";"}`, `{"name":"x","columns":{"a":["A"]},"zone":"Mars"}`,
		`{"name":"x","columns":{"a":["A"]},"currency":"TL"}`, `{"name":"x","columns":{"a":["A"]},"dates":[""]}`,
	} {
		_, err := sosyal.ReadMapping(strings.NewReader(bad))
		require.ErrorIs(t, err, sosyal.ErrInvalid, bad)
	}
}

func TestMetricTable(t *testing.T) {
	table, err := sosyal.StandardMetrics()
	require.NoError(t, err)
	native, ok := table.Native(sosyal.Instagram, sosyal.Views, day(t, "2025-04-20"))
	require.True(t, ok)
	assert.Equal(t, "video_views", native.Native)
	native, ok = table.Native(sosyal.Instagram, sosyal.Views, day(t, "2025-04-21"))
	require.True(t, ok)
	assert.Equal(t, "views", native.Native)
	assert.Equal(t, "2", native.Version, "a new definition under a new version")
	_, ok = table.Native(sosyal.Instagram, sosyal.Impressions, day(t, "2026-01-01"))
	assert.False(t, ok, "Instagram gave up impressions")
	_, ok = table.Native(sosyal.Bluesky, sosyal.Reach, day(t, "2026-01-01"))
	assert.False(t, ok, "Bluesky reports no reach")
	for _, n := range []sosyal.Network{sosyal.Facebook, sosyal.TikTok, sosyal.YouTube, sosyal.LinkedIn, sosyal.X, sosyal.Pinterest, sosyal.Threads, sosyal.Mastodon} {
		assert.NotEmpty(t, table.Reported(n, day(t, "2026-11-01")), n)
	}
	info, ok := table.Info(sosyal.Reach)
	require.True(t, ok)
	assert.Equal(t, sosyal.Unique, info.Aggregation, "people are not summed over time")
}

func TestReadMetricsRefuses(t *testing.T) {
	row := `{"metric":"likes","network":"x","native":"n","version":"1","source":"s","confidence":"P","as_of":"2026-08-31"`
	likes := `{"metrics":[{"metric":"likes","unit":"reactions","direction":"higher","aggregation":"sum"}],"native":[`
	for name, text := range map[string]string{
		"not JSON":       `x`,
		"unknown metric": likes + strings.Replace(row, "likes", "loves", 1) + `}]}`,
		"no source":      likes + strings.Replace(row, `"s"`, `""`, 1) + `}]}`,
		"no such day":    likes + strings.Replace(row, "2026-08-31", "2026-02-30", 1) + `}]}`,
		"overlap":        likes + row + `},` + row + `,"from":"2026-01-01"}]}`,
	} {
		_, err := sosyal.ReadMetrics(strings.NewReader(text))
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
	_, err := sosyal.ReadMetrics(strings.NewReader(likes + row + `,"to":"2026-01-01"},` + row + `,"from":"2026-01-01"}]}`))
	require.NoError(t, err, "one definition ends where the next begins")
}

func TestRateOf(t *testing.T) {
	rate := sosyal.EngagementRate(sosyal.Reach, sosyal.Pooled)
	require.NoError(t, rate.Validate())
	n, d, ok := rate.Of(sosyal.Counts{sosyal.Reach: 200, sosyal.Likes: 10, sosyal.Saves: 2})
	assert.True(t, ok)
	assert.InDelta(t, 12, n, 0)
	assert.InDelta(t, 200, d, 0)
	n, _, ok = rate.Of(sosyal.Counts{sosyal.Reach: 200, sosyal.Likes: 10, sosyal.Interactions: 50})
	assert.True(t, ok)
	assert.InDelta(t, 50, n, 0, "a reported sum stands")
	n, _, ok = rate.Of(sosyal.Counts{sosyal.Reach: 200, sosyal.Likes: 0})
	assert.True(t, ok, "a reported zero is a value")
	assert.Zero(t, n)
	for name, counts := range map[string]sosyal.Counts{
		"no denominator":   {sosyal.Likes: 10},
		"denominator zero": {sosyal.Reach: 0, sosyal.Likes: 10},
		"no numerator":     {sosyal.Reach: 10},
	} {
		_, _, ok := rate.Of(counts)
		assert.False(t, ok, name)
	}
	require.ErrorIs(t, sosyal.Rate{Averaging: "mode"}.Validate(), sosyal.ErrInvalid)
	for _, r := range []sosyal.Rate{
		sosyal.ClickThroughRate(sosyal.Pooled), sosyal.AmplificationRate(sosyal.Pooled), sosyal.ApplauseRate(sosyal.MeanOfRates),
		sosyal.ConversationRate(sosyal.Pooled), sosyal.ViralityRate(sosyal.GeometricMean), sosyal.SaveRate(sosyal.Pooled),
	} {
		require.NoError(t, r.Validate())
	}
}

func TestFormats(t *testing.T) {
	for _, f := range sosyal.Formats() {
		assert.Equal(t, f != sosyal.FormatStory && f != sosyal.FormatLive, f.Feed())
	}
	assert.True(t, sosyal.FormatReel.Moving())
	assert.False(t, sosyal.FormatPhoto.Moving())
	err := sosyal.Destination{}.Validate()
	assert.Len(t, sosyal.FieldErrors(err), 3)
	assert.Equal(t, "instagram/shop", sosyal.Destination{Brand: "b", Network: sosyal.Instagram, Account: "shop"}.String())
	assert.Equal(t, "instagram/reel/how-to/paid", sosyal.Features{Network: "instagram", Format: "reel", Category: "how-to", Paid: true}.String())
	assert.Len(t, sosyal.Objectives(), 8)
	assert.Contains(t, sosyal.Networks(), sosyal.Bluesky)
}
