package upload_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/upload"
)

// The table of the fact sheet and of the platforms' pages, typed in by hand.
func TestLimitsAreThoseOfTheSources(t *testing.T) {
	all, err := upload.StandardFacts()
	require.NoError(t, err)
	want := map[upload.Platform][2]int{ // people in a call, smallest audience
		upload.Meta: {10000, 100}, upload.Google: {10000, 100}, upload.TikTok: {1000, 1000}, upload.LinkedIn: {5000, 300},
		upload.Pinterest: {10000, 100}, upload.X: {2500, 100}, upload.Snap: {100000, 1000},
	}
	assert.Len(t, all.Platforms(), len(want))
	for name, expected := range want {
		f := facts(t, name)
		rows, _ := f.Limit(upload.BatchRows)
		smallest, _ := f.Limit(upload.MinimumAudience)
		assert.Equal(t, expected, [2]int{rows.Value, smallest.Value}, name)
		for _, l := range f.Limits {
			assert.True(t, l.Source != "" && l.AsOf != 0 && l.Unit != "" && l.Confidence != "", "%s %s", name, l.Name)
		}
		assert.Equal(t, []audience.Purpose{audience.AdUserData, audience.AdPersonalization},
			[]audience.Purpose{f.Purposes[0].Purpose, f.Purposes[1].Purpose}, name)
	}
	days, ok := facts(t, upload.Google).Limit(upload.MembershipDays)
	assert.True(t, ok)
	assert.Equal(t, 540, days.Value)
	_, ok = facts(t, upload.Meta).Limit(upload.MembershipDays)
	assert.False(t, ok, "what is not known is not a number")
	phone, _ := facts(t, upload.TikTok).Takes(upload.KindPhone)
	assert.Equal(t, "S", phone.Confidence, "the sources contradict each other")
	assert.NotEmpty(t, phone.Note)
}

func TestFactsGrowStale(t *testing.T) {
	all, err := upload.StandardFacts()
	require.NoError(t, err)
	meta := facts(t, upload.Meta)
	assert.Empty(t, all.Stale(meta.AsOf+upload.FreshDays))
	warnings := all.Stale(meta.AsOf + upload.FreshDays + 1)
	require.Len(t, warnings, 7)
	english := sosyal.NewCatalogue(sosyal.English, sosyal.StandardMessages(sosyal.English), upload.Messages(sosyal.English))
	assert.Equal(t, "The facts about Meta are 181 days old (25 November 2026): check them before you rely on them.", english.Text(warnings[0]))
}

func TestHostsReplaceFacts(t *testing.T) {
	all, err := upload.StandardFacts()
	require.NoError(t, err)
	meta, _ := all.Platform(upload.Meta)
	small := upload.Limit{Name: upload.BatchRows, Value: 500, Unit: "people", Source: "our contract", AsOf: date.New(2026, time.December, 1), Confidence: "P"}
	own := all.With(meta.WithLimit(small), upload.PlatformFacts{Platform: "house"})
	changed, _ := own.Platform(upload.Meta)
	got, _ := changed.Limit(upload.BatchRows)
	assert.Equal(t, small, got)
	require.NoError(t, changed.Validate())
	kept, _ := all.Platform(upload.Meta)
	got, _ = kept.Limit(upload.BatchRows)
	assert.Equal(t, 10000, got.Value, "the facts that were given stay as they are")
	assert.Contains(t, own.Platforms(), upload.Platform("house"))
	_, err = upload.PlatformFacts{Platform: "house"}.Normalizer()
	assert.ErrorIs(t, err, sosyal.ErrInvalid)

	changed = meta.WithIdentifier(upload.IdentifierFact{Kind: upload.KindHandle, Form: upload.HandleLower, Hash: "sha256", Source: "x", Confidence: "G"})
	_, ok := changed.Takes(upload.KindHandle)
	assert.True(t, ok)
	_, ok = meta.Takes(upload.KindHandle)
	assert.False(t, ok)
}

func TestBadFactsAreRefused(t *testing.T) {
	good := `{"platforms":[{"platform":"p","as_of":"2026-08-01",
		"identifiers":[{"kind":"email","form":"email.lower","hash":"sha256","source":"s","confidence":"P"}],
		"sufficient":[["email"]],
		"limits":[{"name":"batch_rows","value":10,"unit":"people","source":"s","as_of":"2026-08-01","confidence":"P"}],
		"purposes":[{"purpose":"ad_user_data","source":"s","confidence":"P"}]}]}`
	_, err := upload.ReadFacts(strings.NewReader(good))
	require.NoError(t, err)
	for change, field := range map[string]string{
		`"platform":"p"|"platform":""`:                                       "platforms[0].platform",
		`"as_of":"2026-08-01",|"as_of":"2026-02-30",`:                        "platforms[0].as_of",
		`"email.lower"|"email.upper"`:                                        "platforms[0].identifiers[0].form",
		`"email.lower"|"phone.plus"`:                                         "platforms[0].identifiers[0].form",
		`"hash":"sha256","source":"s"|"hash":"md5","source":"s"`:             "platforms[0].identifiers[0].hash",
		`"hash":"sha256","source":"s"|"hash":"sha256","source":""`:           "platforms[0].identifiers[0].source",
		`"confidence":"P"}],` + "\n\t\t\"suff" + `|"confidence":"Z"}],"suff`: "platforms[0].identifiers[0].confidence",
		`[["email"]]|[["phone"]]`:                                            "platforms[0].sufficient[0]",
		`[["email"]]|[]`:                                                     "platforms[0].sufficient",
		`"batch_rows"|"batch_size"`:                                          "platforms[0].limits[0].name",
		`"value":10|"value":0`:                                               "platforms[0].limits[0].value",
		`"unit":"people"|"unit":""`:                                          "platforms[0].limits[0].unit",
		`"ad_user_data"|""`:                                                  "platforms[0].purposes[0].purpose",
		`"platform":"p"|"surprise":1,"platform":"p"`:                         "facts",
		`"platforms":[{|"platforms":[],"x":[{`:                               "facts",
	} {
		from, to, _ := strings.Cut(change, "|")
		require.Contains(t, good, from)
		_, err := upload.ReadFacts(strings.NewReader(strings.Replace(good, from, to, 1)))
		require.ErrorIs(t, err, sosyal.ErrInvalid, change)
		assert.True(t, slices.ContainsFunc(sosyal.FieldErrors(err), func(fe sosyal.FieldError) bool { return fe.Field == field }), "%s: %v", change, err)
	}
	_, err = upload.ReadFacts(strings.NewReader(strings.Replace(good, `[{"platform"`, good[len(`{"platforms":[`):len(good)-2]+`,{"platform"`, 1)))
	assert.ErrorIs(t, err, sosyal.ErrInvalid)
}

// The rule of a seed comes from the same facts as everything else.
func TestSeedRulesComeFromTheFacts(t *testing.T) {
	all, err := upload.StandardFacts()
	require.NoError(t, err)
	meta, ok := all.Platform(upload.Meta)
	require.True(t, ok)
	rule, err := meta.Seed()
	require.NoError(t, err)
	assert.Equal(t, [3]int{100, 1000, 5000}, [3]int{rule.Min, rule.AdvisedLow, rule.AdvisedHigh})
	assert.True(t, rule.OneCountry)
	assert.NotEmpty(t, rule.Source)
	snap, ok := all.Platform(upload.Snap)
	require.True(t, ok)
	_, err = snap.Seed()
	require.ErrorIs(t, err, sosyal.ErrUnsupported, "nothing is known of it")
}
