package budget_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/sosyaltest"
)

func TestBudgetValidate(t *testing.T) {
	require.NoError(t, autumn(t).Validate())
	for name, c := range map[string]struct {
		change func(*budget.Budget)
		field  string
	}{
		"no id":              {func(b *budget.Budget) { b.ID = "" }, "id"},
		"no brand":           {func(b *budget.Budget) { b.Brand = "" }, "brand"},
		"no name":            {func(b *budget.Budget) { b.Name = "" }, "name"},
		"version zero":       {func(b *budget.Budget) { b.Version = 0 }, "version"},
		"empty period":       {func(b *budget.Budget) { b.Period.To = b.Period.From }, "period.to"},
		"unknown currency":   {func(b *budget.Budget) { b.Currency = "TL" }, "currency"},
		"no lines":           {func(b *budget.Budget) { b.Lines = nil }, "lines"},
		"a line without id":  {func(b *budget.Budget) { b.Lines[0].ID = "" }, "lines[0].id"},
		"two lines, one id":  {func(b *budget.Budget) { b.Lines[1].ID = "meta" }, "lines[1].id"},
		"an unknown kind":    {func(b *budget.Budget) { b.Lines[0].Kind = "gift" }, "lines[0].kind"},
		"a negative plan":    {func(b *budget.Budget) { b.Lines[0].Planned = tl(t, "-1") }, "lines[0].planned.amount"},
		"half a kuruş":       {func(b *budget.Budget) { b.Lines[0].Planned = tl(t, "0.005") }, "lines[0].planned.amount"},
		"another currency":   {func(b *budget.Budget) { b.Lines[0].Planned, _ = sosyal.MoneyFromMinor(1, "USD") }, "lines[0].planned.currency"},
		"overlapping lines":  {func(b *budget.Budget) { b.Lines[1].Campaign, b.Lines[1].Network = "sales", sosyal.Instagram }, "lines[1]"},
		"overlap by segment": {func(b *budget.Budget) { b.Lines[1] = b.Lines[0]; b.Lines[1].ID, b.Lines[1].Segment = "x", "vip" }, "lines[1]"},
	} {
		b := autumn(t)
		change := c.change
		change(&b)
		err := b.Validate()
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
		var fields []string
		for _, fe := range sosyal.FieldErrors(err) {
			fields = append(fields, fe.Field)
		}
		assert.Contains(t, fields, c.field, name)
	}
	total, err := autumn(t).Planned()
	require.NoError(t, err)
	assert.Equal(t, "40000.00 TRY", total.String())
}

// The approval binds to every field that management reads.
func TestRequestHashCoversContent(t *testing.T) {
	b := autumn(t)
	asked := func() budget.Request {
		r := request(t, b, "r", budget.RequestLine{Line: "meta", Amount: tl(t, "10")}, budget.RequestLine{Line: "shoot", Amount: tl(t, "20")})
		r.Evidence = []sosyal.Reason{sosyal.Because("a", sosyal.CountArg("n", 1))}
		return r
	}
	for name, change := range map[string]func(*budget.Request){
		"id":       func(r *budget.Request) { r.ID = "s" },
		"brand":    func(r *budget.Request) { r.Brand = "s" },
		"budget":   func(r *budget.Request) { r.Budget = "s" },
		"period":   func(r *budget.Request) { r.Period = r.Period.Next() },
		"purpose":  func(r *budget.Request) { r.Purpose += "s" },
		"effect":   func(r *budget.Request) { r.Effect += "s" },
		"amount":   func(r *budget.Request) { r.Lines[0].Amount = tl(t, "10.01") },
		"line":     func(r *budget.Request) { r.Lines[0].Line = "tiktok" },
		"one less": func(r *budget.Request) { r.Lines = r.Lines[:1] },
		"evidence": func(r *budget.Request) { r.Evidence[0] = sosyal.Because("a", sosyal.CountArg("n", 2)) },
	} {
		r := asked()
		change(&r)
		assert.NotEqual(t, asked().ContentHash(), r.ContentHash(), name)
	}
	same := asked()
	same.Lines[0].Amount = tl(t, "10.00")
	assert.Equal(t, asked().ContentHash(), same.ContentHash(), "10 and 10.00 are one amount")
}

func TestThresholds(t *testing.T) {
	steps := thresholds(t)
	require.NoError(t, steps.Validate())
	for amount, want := range map[string]int{"0.01": 1, "10000": 1, "10000.01": 2, "999999": 2} {
		p, err := steps.PolicyFor(tl(t, amount))
		require.NoError(t, err)
		assert.Len(t, p.Steps, want, amount)
	}
	limited := steps[:1]
	_, err := limited.PolicyFor(tl(t, "10000.01"))
	require.ErrorIs(t, err, sosyal.ErrInvalid, "nobody may approve so much")
	dollars, err := sosyal.MoneyFromMinor(1, "USD")
	require.NoError(t, err)
	_, err = steps.PolicyFor(dollars)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	steps[0], steps[1] = steps[1], steps[0]
	require.Error(t, steps.Validate(), "no limit before a limit")
}

func TestKPIs(t *testing.T) {
	money := func(s string) *sosyal.Money { m := tl(t, s); return &m }
	count := func(n int64) *int64 { return &n }
	rows := []budget.Results{
		{Spend: money("100"), Revenue: money("1000"), Impressions: count(10_000), Clicks: count(100), Conversions: count(3)},
		{Spend: money("900"), Revenue: money("900"), Impressions: count(90_000), Clicks: count(900), Conversions: count(4)},
		{Spend: money("500")}, // the platform does not report what it brought
	}
	roas, ok, err := budget.ROAS(rows...)
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, "1.9", roas.Value.String(), "1,900 over 1,000; the mean of ratios would say 5.5, the unreported 500 would say 1.27")
	assert.Equal(t, [2]int{2, 3}, [2]int{roas.Known, roas.Of})
	acos, _, err := budget.ACOS(rows...)
	require.NoError(t, err)
	assert.Equal(t, "0.5263", acos.Value.String())
	cpa, ok, err := budget.CPA(rows...)
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, "142.86 TRY", cpa.Value.String())
	cpc, _, err := budget.CPC(rows...)
	require.NoError(t, err)
	assert.Equal(t, "1.00 TRY", cpc.Value.String())
	cpm, _, err := budget.CPM(rows...)
	require.NoError(t, err)
	assert.Equal(t, "10.00 TRY", cpm.Value.String())
	ctr, ok := budget.CTR(rows...)
	require.True(t, ok)
	assert.Equal(t, "0.01", ctr.Value.String())
	cvr, ok := budget.CVR(rows...)
	require.True(t, ok)
	assert.Equal(t, "0.007", cvr.Value.String())

	for _, unknown := range [][]budget.Results{nil, {{}}, {{Spend: money("5")}}, {{Spend: money("0"), Revenue: money("0"), Conversions: count(0), Clicks: count(0), Impressions: count(0)}}} {
		_, ok, err := budget.ROAS(unknown...)
		require.NoError(t, err)
		assert.False(t, ok)
		_, ok, err = budget.CPA(unknown...)
		require.NoError(t, err)
		assert.False(t, ok)
		_, ok = budget.CTR(unknown...)
		assert.False(t, ok)
	}
	dollars, err := sosyal.MoneyFromMinor(1, "USD")
	require.NoError(t, err)
	_, _, err = budget.ROAS(budget.Results{Spend: money("1"), Revenue: money("1")}, budget.Results{Spend: &dollars, Revenue: money("1")})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestWriteCSV(t *testing.T) {
	b := autumn(t)
	b.Lines[2].Name = "=HYPERLINK(1)"
	positions := []budget.Position{at30000(t, "meta", "30000", "20000.5"), at30000(t, "tiktok", "6000", "1000")}
	index, out := 1.25, nov(20)
	meta := forecastOf(t, "meta", "36000")
	meta.Index, meta.Verdict, meta.Exhausted = &index, budget.Over, &out
	meta.Expected, meta.Spent = tl(t, "16000"), tl(t, "20000")
	meta.Forecast.Low, meta.Forecast.High = tl(t, "34000"), tl(t, "38000.25")
	var plain, turkish strings.Builder
	require.NoError(t, budget.WriteCSV(&plain, b, positions, []budget.Pacing{meta}, ""))
	assert.Equal(t, `line,kind,campaign,network,segment,category,currency,planned,approved,committed,spent,remaining,pace,verdict,forecast,forecast_low,forecast_high,exhausted
meta,media,sales,instagram,,,TRY,30000.00,30000.00,0.00,20000.50,9999.50,1.25,over,36000.00,34000.00,38000.25,2026-11-20
tiktok,media,reach,tiktok,,,TRY,6000.00,6000.00,0.00,1000.00,5000.00,,,,,,
'=HYPERLINK(1),production,,,,,TRY,,,,,,,,,,,
total,,,,,,TRY,36000.00,36000.00,0.00,21000.50,14999.50,1.25,,,,,
`, plain.String())
	require.NoError(t, budget.WriteCSV(&turkish, b, positions, []budget.Pacing{meta}, sosyal.Turkish))
	text, marked := strings.CutPrefix(turkish.String(), "\ufeff")
	require.True(t, marked)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"Kalem", "Tür", "Kampanya"}, rows[0][:3])
	assert.Equal(t, []string{"30000,00", "20000,50", "1,25", "Fazla hızlı"}, []string{rows[1][7], rows[1][10], rows[1][12], rows[1][13]})
	assert.Equal(t, "Toplam", rows[4][0])
}

func TestMessagesInBothLanguages(t *testing.T) {
	en, tr := budget.Messages(sosyal.English), budget.Messages(sosyal.Turkish)
	assert.NoError(t, sosyaltest.CheckMessages(en, tr))
	for _, kind := range budget.EntryKinds() {
		assert.Contains(t, en, "budget.entry."+string(kind))
	}
	for _, kind := range budget.LineKinds() {
		assert.Contains(t, en, "budget.kind."+string(kind))
	}
	for _, v := range []budget.Verdict{budget.OnTrack, budget.Over, budget.Under, budget.Withheld} {
		assert.Contains(t, en, "budget.verdict."+string(v))
	}
	assert.Nil(t, budget.Messages("de"))
}
