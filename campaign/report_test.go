package campaign_test

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/campaign"
)

func read(t *testing.T, text string) ([]campaign.AdRow, []error) {
	t.Helper()
	var rows []campaign.AdRow
	var errs []error
	for row, err := range campaign.ReadAdReport(strings.NewReader(text), "report.csv", sosyal.Mapping{}) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		require.NoError(t, row.Validate())
		rows = append(rows, row)
	}
	return rows, errs
}

func TestReadAdReport(t *testing.T) {
	type figures struct {
		day, platform, campaign, set, spend, value string
		objective                                  sosyal.Objective
		counts                                     sosyal.Counts
	}
	cases := []struct {
		name, file string
		want       []figures
	}{
		{
			"Meta in Turkish, with decimal commas and a total",
			"Rapor Başlangıcı;Rapor Sonu;Kampanya Adı;Reklam seti adı;Amaç;Harcanan Tutar (TRY);Gösterim;Erişim;Bağlantı Tıklamaları;Alışverişler;Alışveriş Dönüşüm Değeri\n" +
				"2026-11-03;2026-11-03;Kasım Satış;Benzer kitle;OUTCOME_SALES;1.250,75;40.120;31.000;512;9;6.480,00\n" +
				"2026-11-03;2026-11-03;Bilinirlik;;OUTCOME_AWARENESS;300,00;90.000;70.000;;;\n" +
				"Toplam;;;;;1.550,75;130.120;95.000;512;9;6.480,00\n",
			[]figures{
				{"2026-11-03", "meta", "Kasım Satış", "Benzer kitle", "1250.75 TRY", "6480.00 TRY", sosyal.Sales, sosyal.Counts{"impressions": 40120, "reach": 31000, "link_clicks": 512, "conversions": 9}},
				{"2026-11-03", "meta", "Bilinirlik", "", "300.00 TRY", "0", sosyal.Awareness, sosyal.Counts{"impressions": 90000, "reach": 70000}},
			},
		},
		{
			"Meta in English, in euro, by day",
			"Day,Campaign name,Ad set name,Ad name,Amount spent (EUR),Impressions,Link clicks,Purchases,Purchases conversion value,Reporting starts,Reporting ends\n" +
				"2026-11-03,November sale,Lookalike,Video A,12.5,1000,12,1,80.25,2026-11-01,2026-11-30\n",
			[]figures{{"2026-11-03", "meta", "November sale", "Lookalike", "12.50 EUR", "80.25 EUR", "", sosyal.Counts{"impressions": 1000, "link_clicks": 12, "conversions": 1}}},
		},
		{
			"Google in English, with title lines, dashes, fractions and totals",
			"Campaign report\n\"November 1, 2026 - November 30, 2026\"\nDay,Campaign,Ad group,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n" +
				"2026-11-03,Demand Gen,Interest,TRY,\"1,204.20\",\"8,001\",60,1.33,590.10\n" +
				"2026-11-04,Demand Gen,Interest,TRY,10.00,50, --, --, --\n" +
				"Total: Account, --, --,TRY,\"1,214.20\",\"8,051\",60,1.33,590.10\n",
			[]figures{
				{"2026-11-03", "google", "Demand Gen", "Interest", "1204.20 TRY", "590.10 TRY", "", sosyal.Counts{"impressions": 8001, "link_clicks": 60, "conversions": 1.33}},
				{"2026-11-04", "google", "Demand Gen", "Interest", "10.00 TRY", "0", "", sosyal.Counts{"impressions": 50}},
			},
		},
		{
			"Google in Turkish",
			"Gün;Kampanya;Reklam grubu;Para birimi kodu;Maliyet;Gösterim;Tıklamalar;Dönüşümler;Dönüşüm değeri\n" +
				"03.11.2026;Talep;İlgi;TRY;1.204,20;8.001;60;1,33;590,10\n",
			[]figures{{"2026-11-03", "google", "Talep", "İlgi", "1204.20 TRY", "590.10 TRY", "", sosyal.Counts{"impressions": 8001, "link_clicks": 60, "conversions": 1.33}}},
		},
		{
			"TikTok",
			"By Day,Campaign name,Ad group name,Ad name,Currency,Cost,Impressions,Clicks (destination),Complete payment,Total complete payment value\n" +
				"2026-11-03,Winter,Interest,UGC 1,USD,8.00,5000,40,2,64.00\n" +
				"Total of 1 results,-,-,-,-,8.00,5000,40,2,64.00\n",
			[]figures{{"2026-11-03", "tiktok", "Winter", "Interest", "8.00 USD", "64.00 USD", "", sosyal.Counts{"impressions": 5000, "link_clicks": 40, "conversions": 2}}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rows, errs := read(t, c.file)
			require.Empty(t, errs)
			got := make([]figures, len(rows))
			for i, r := range rows {
				got[i] = figures{
					r.Period.From.String(), string(r.Platform), r.Campaign, r.AdSet,
					r.Spend.String(), r.Value.String(), r.Objective, r.Counts,
				}
				assert.Equal(t, 1, r.Period.Days())
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestAReportOfAWindowsProgramReadsAlike(t *testing.T) {
	text := "Gün;Kampanya Adı;Harcanan Tutar (TRY)\n03.11.2026;İndirim Şöleni;10,00\n"
	data, err := charmap.Windows1254.NewEncoder().String(text)
	require.NoError(t, err)
	rows, errs := read(t, data)
	require.Empty(t, errs)
	assert.Equal(t, "İndirim Şöleni", rows[0].Campaign)
}

func TestABadLineIsNamedAndTheGoodOnesAreKept(t *testing.T) {
	rows, errs := read(t, "By Day,Campaign name,Currency,Cost,Impressions\n"+
		"2026-11-03,A,TRY,1.00,10\n2026-02-30,B,TRY,1.00,10\n2026-11-03,C,TRY,-1.00,10\n2026-11-03,D,TRY,1.00,many\n2026-11-03,,TRY,1.00,3\n2026-11-04,E,TRY,2.00,-\n")
	require.Len(t, rows, 2)
	var places []string
	for _, err := range errs {
		row, ok := errorAs(err)
		require.True(t, ok, "%v", err)
		places = append(places, strings.SplitN(row.Error(), " (got", 2)[0])
	}
	require.Len(t, places, 4)
	assert.Equal(t, `report.csv:4: column "Cost": spend: must not be negative`, places[1])
	assert.Contains(t, places[0], `report.csv:3: column "By Day"`)
	assert.Contains(t, places[2], `report.csv:5: column "Impressions"`)
	assert.Equal(t, `report.csv:6: column "Campaign name": campaign: is required`, places[3])

	_, errs = read(t, "a,b\n1,2\n")
	require.Len(t, errs, 1)
	assert.ErrorIs(t, errs[0], sosyal.ErrInvalid)
}

func TestTotalsAreLeftOutWhereverTheDayStands(t *testing.T) {
	rows, errs := read(t, "Campaign,Day,Currency code,Cost\nTotal Look,2026-11-03,TRY,1.00\nTotal: Campaigns, --,TRY,1.00\n")
	require.Empty(t, errs)
	require.Len(t, rows, 1)
	assert.Equal(t, "Total Look", rows[0].Campaign, "a name is not a total")
}

func TestCountsCanOnlyBeWholeButConversionsNeedNot(t *testing.T) {
	const header = "Gün;Kampanya Adı;Harcanan Tutar (TRY);Gösterim;Alışverişler\n"
	rows, errs := read(t, header+"03.11.2026;A;10,50;1.250;2\n")
	require.Empty(t, errs)
	assert.InDelta(t, 1250, rows[0].Counts[sosyal.Impressions], 0)
	_, errs = read(t, header+"03.11.2026;A;10,50;1.250;1.250\n")
	require.Len(t, errs, 1, "one and a quarter, or more than a thousand")
}

func TestReadyMappingsAreValidAndSayWhereTheyAreFrom(t *testing.T) {
	mappings, err := campaign.Mappings()
	require.NoError(t, err)
	names := map[string]bool{}
	for _, m := range mappings {
		require.NoError(t, m.Validate(), m.Name)
		assert.NotEmpty(t, m.Source, m.Name)
		assert.NotEmpty(t, m.AsOf, m.Name)
		assert.False(t, names[m.Name], m.Name)
		names[m.Name] = true
	}
	for _, name := range []string{"meta-ads-try", "google-ads-en", "google-ads-tr", "tiktok-ads", "sosyal-ads"} {
		assert.True(t, names[name], name)
	}
}

func seq(rows ...campaign.AdRow) iter.Seq2[campaign.AdRow, error] {
	return func(yield func(campaign.AdRow, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

const restated = "day,platform,campaign,adset,ad,objective,currency,spend,impressions,reach,clicks,conversions,conversion_value,reported_at\n" +
	"2026-10-30,meta,A,s,1,sales,TRY,105.00,1050,700,11,2,420.00,2026-11-02 06:00:00\n" + // the later report stands first
	"2026-10-30,meta,A,s,1,sales,TRY,100.00,1000,700,10,1,210.00,2026-10-31 06:00:00\n" +
	"2026-10-30,meta,A,s,2,sales,TRY,50.00,500,400,,,,2026-10-31 06:00:00\n" +
	"2026-10-31,meta,A,s,1,sales,TRY,80.00,900,600,0,0,0,2026-11-01 06:00:00\n" +
	"2026-10-30,x,B,s,1,traffic,TRY,20.00,300,200,6,,,2026-10-31 06:00:00\n"

func TestSummarizeAddsUpWhatWasReportedLast(t *testing.T) {
	rows, errs := read(t, restated)
	require.Empty(t, errs)
	results, err := campaign.Summarize(seq(rows...), campaign.ByPlatform, campaign.ByCampaign)
	require.NoError(t, err)
	require.Len(t, results, 2)
	a, b := results[0], results[1]

	assert.Equal(t, "235.00 TRY", a.Spend.String(), "105 + 50 + 80")
	assert.Equal(t, "2026-10-30/2026-11-01", a.Period.String())
	assert.InDelta(t, 2450, a.Impressions.Sum, 0)
	assert.InDelta(t, 11, a.Clicks.Sum, 0)
	assert.Equal(t, 2, a.Clicks.Rows, "the second ad did not report clicks")

	roas, ok := a.ROAS()
	assert.True(t, ok)
	assert.Equal(t, "2.270", roas.StringFixed(3), "420 over the 185 of the rows that reported a value")
	cpa, ok := a.CPA()
	assert.True(t, ok)
	assert.Equal(t, "92.50 TRY", cpa.String(), "185 over 2")
	ctr, ok := a.CTR()
	assert.True(t, ok)
	assert.InDelta(t, 11.0/1950, ctr, 1e-12, "not over the impressions of the ad without clicks")
	cpm, ok := a.CPM()
	assert.True(t, ok)
	assert.Equal(t, "95.92 TRY", cpm.String())

	_, ok = b.ROAS()
	assert.False(t, ok, "no value was reported")
	_, ok = b.CPA()
	assert.False(t, ok)
	cpc, ok := b.CPC()
	assert.True(t, ok)
	assert.Equal(t, "3.33 TRY", cpc.String())
}

func TestNoConversionsIsNotAnInfiniteCost(t *testing.T) {
	rows, _ := read(t, restated)
	results, err := campaign.Summarize(seq(rows...), campaign.ByDay, campaign.ByPlatform)
	require.NoError(t, err)
	require.Len(t, results, 3)
	last := results[2]
	assert.Equal(t, "2026-10-31/2026-11-01", last.Period.String())
	_, ok := last.CPA()
	assert.False(t, ok)
	roas, ok := last.ROAS()
	assert.True(t, ok, "a value of zero was reported")
	assert.True(t, roas.Equal(decimal.Zero))
}

func TestResultsDoNotDependOnTheOrderOfRows(t *testing.T) {
	rows, _ := read(t, restated)
	want, err := campaign.Summarize(seq(rows...), campaign.ByCampaign)
	require.NoError(t, err)
	slices.Reverse(rows)
	got, err := campaign.Summarize(seq(rows...), campaign.ByCampaign)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestCurrenciesAndDaysAreNotMixed(t *testing.T) {
	rows, errs := read(t, "By Day,Campaign name,Currency,Cost\n2026-11-03,A,TRY,1.00\n2026-11-04,A,USD,1.00\n")
	require.Empty(t, errs)
	results, err := campaign.Summarize(seq(rows...), campaign.ByCampaign)
	require.NoError(t, err)
	require.Len(t, results, 2)
	assert.Equal(t, "1.00 TRY", results[0].Spend.String())

	months, errs := read(t, "Reporting starts,Reporting ends,Campaign name,Amount spent (TRY)\n2026-11-01,2026-11-30,A,5\n")
	require.Empty(t, errs)
	assert.Equal(t, 30, months[0].Period.Days())
	_, err = campaign.Summarize(seq(months...), campaign.ByDay)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func FuzzReadAdReport(f *testing.F) {
	all, err := campaign.Mappings()
	require.NoError(f, err)
	pick := func(name string) sosyal.Mapping {
		return all[slices.IndexFunc(all, func(m sosyal.Mapping) bool { return m.Name == name })]
	}
	mappings := []sosyal.Mapping{pick("sosyal-ads"), pick("meta-ads-try"), pick("google-ads-tr")}
	f.Add(0, []byte(restated))
	f.Add(1, []byte("Gün;Kampanya Adı;Harcanan Tutar (TRY);Gösterim\n03.11.2026;A;1.234,5;1.000\nToplam;;9\n"))
	f.Add(2, []byte("Gün;Kampanya;Maliyet;Para birimi\n03.11.2026;A;1.234,5;TRY\n"))
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		if which < 0 || which >= len(mappings) || len(data) > 4000 {
			return
		}
		var rows []campaign.AdRow
		for row, err := range campaign.ReadAdReport(bytes.NewReader(data), "f", mappings[which]) {
			if err == nil {
				require.NoError(t, row.Validate())
				rows = append(rows, row)
			}
		}
		results, err := campaign.Summarize(seq(rows...), campaign.ByPlatform)
		require.NoError(t, err)
		for _, r := range results {
			require.GreaterOrEqual(t, r.Spend.Sign(), 0)
		}
	})
}
