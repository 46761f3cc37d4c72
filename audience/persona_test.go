package audience_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/rickb777/date/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// cosmetics are the customers of a shop: the loyal, who take to skin care and
// live in İzmir more than others, the occasional, twins of them, and a few.
func cosmetics(tb testing.TB) (audience.GroupProfile, []audience.PersonaSource) {
	tb.Helper()
	build := func(scale int, cells map[[4]string]int) audience.GroupProfile {
		var b audience.GroupProfileBuilder
		for traits, n := range cells {
			require.NoError(tb, b.Add(n*scale, trait("age_band", traits[0]), trait("city", traits[1]), trait("category", traits[2]), trait("interest", traits[3]),
				trait("interest", "moda"), trait("language", "tr")))
		}
		return b.Profile()
	}
	loyal := build(1, map[[4]string]int{{"25-34", "İzmir", "cilt bakımı", "cilt bakımı"}: 240, {"35-44", "İstanbul", "cilt bakımı", "güneş"}: 160, {"25-34", "İstanbul", "makyaj", "makyaj"}: 100})
	others := map[[4]string]int{{"18-24", "İstanbul", "makyaj", "makyaj"}: 900, {"25-34", "İstanbul", "saç", "saç"}: 500, {"35-44", "İzmir", "makyaj", "makyaj"}: 100}
	occasional, twins := build(2, others), build(1, others)
	few := build(1, map[[4]string]int{{"25-34", "Ankara", "parfüm", "parfüm"}: 9})
	var base audience.GroupProfileBuilder
	for _, p := range []audience.GroupProfile{loyal, occasional, twins, few} {
		require.NoError(tb, base.Merge(p))
	}
	number := func(x float64) *float64 { return &x }
	return base.Profile(), []audience.PersonaSource{
		{Segment: "few", Name: "Few", Profile: few, ValueIndex: number(9000)},
		{Segment: "twins", Name: "Twins", Profile: twins, ValueIndex: number(200)},
		{Segment: "occasional", Name: "Occasional", Profile: occasional, ValueIndex: number(60)},
		{Segment: "loyal", Name: "rfm.loyal", Profile: loyal, ValueIndex: number(400)},
	}
}

func proposed(tb testing.TB, opt audience.PersonaOptions) audience.PersonaProposal {
	tb.Helper()
	base, segments := cosmetics(tb)
	young := audience.NewFollowerCounts("age_band", value("18-24", 6000), value("25-34", 3000), value("35-44", 500))
	old := audience.NewFollowerCounts("age_band", value("18-24", 300), value("25-34", 6000), value("35-44", 3000))
	on := func(n sosyal.Network, c audience.FollowerCounts) audience.Followers {
		city := audience.NewFollowerCounts("city", value("İstanbul", 5000), value("İzmir", 3000))
		city.Limit = 2
		return audience.Followers{Destination: account(n), AsOf: asOf, Source: "insights", Size: 10_000, Counts: []audience.FollowerCounts{c, city}}
	}
	none := audience.Followers{Destination: account(sosyal.X), AsOf: asOf, Source: "insights", Size: 700}
	out, err := audience.ProposePersonas("shop", asOf, base, segments, []audience.Followers{none, on(sosyal.TikTok, young), on(sosyal.Facebook, old)}, opt)
	require.NoError(tb, err)
	for _, p := range out.Personas {
		require.NoError(tb, p.Validate())
	}
	return out
}

func skinCareInterest() audience.PlatformInterest {
	return audience.PlatformInterest{Platform: "meta", ID: "6003346592981", Name: "Skin care", Interest: "cilt bakımı", Source: "targeting search", Date: asOf}
}

func TestProposedPersonas(t *testing.T) {
	hair := skinCareInterest()
	hair.Interest = "saç"
	out := proposed(t, audience.PersonaOptions{Language: sosyal.English, PlatformInterests: []audience.PlatformInterest{skinCareInterest(), hair}})
	var ids []audience.PersonaID
	for _, p := range out.Personas {
		ids = append(ids, p.ID)
	}
	assert.Equal(t, []audience.PersonaID{"twins", "loyal", "occasional"}, ids, "by what they are worth in all: 1500·2, 500·4, 3000·0.6")
	require.Len(t, out.LeftOut, 1)
	assert.Equal(t, sosyal.SegmentID("few"), out.LeftOut[0].Segment, "nine people, however much they are worth")

	loyal := out.Personas[1]
	ages := loyal.Typical("age_band")
	require.Len(t, ages, 2)
	assert.Equal(t, "25-34", ages[0].Value)
	assert.Equal(t, 340, ages[0].Count)
	assert.Equal(t, 500, ages[0].N)
	assert.InDelta(t, 0.68, ages[0].Share.Value, 1e-12)
	assert.Equal(t, audience.Above, ages[0].Verdict)
	assert.Equal(t, "İzmir", loyal.Typical("city")[1].Value)
	assert.Equal(t, audience.Above, loyal.Typical("city")[1].Verdict)
	assert.Equal(t, sosyal.Turkish, loyal.Language, "the customers' own")
	var topics []string
	for _, topic := range loyal.Topics {
		topics = append(topics, topic.Value)
		assert.NotEmpty(t, topic.Reasons)
	}
	assert.ElementsMatch(t, []string{"cilt bakımı", "güneş"}, topics[:2], "what sets them apart comes first, each once")
	assert.Equal(t, "moda", topics[2], "then what everybody likes")
	assert.NotContains(t, topics, "makyaj", "less common than among all customers")
	assert.Equal(t, []audience.PlatformInterest{skinCareInterest()}, loyal.PlatformInterests)

	var networks []sosyal.Network
	for _, n := range loyal.Networks {
		networks = append(networks, n.Destination.Network)
	}
	assert.Equal(t, []sosyal.Network{sosyal.Facebook, sosyal.TikTok, sosyal.X}, networks)
	assert.Nil(t, loyal.Networks[2].Fit, "nothing is known of these followers")
	assert.Equal(t, sosyal.TikTok, out.Personas[2].Networks[0].Destination.Network)
	alike := func(p audience.Persona) bool {
		return slices.ContainsFunc(p.Description, func(r sosyal.Reason) bool { return r.Code == "audience.persona.alike" })
	}
	assert.True(t, alike(out.Personas[2]), "the twins came first")
	assert.False(t, alike(out.Personas[0]))
	assert.False(t, alike(loyal))
	assert.Equal(t, out, proposed(t, audience.PersonaOptions{Language: sosyal.English, PlatformInterests: []audience.PlatformInterest{skinCareInterest(), hair}}))
}

// Besides the most common values a persona lists those that set it apart,
// however rare they are.
func TestTraitsAreTheCommonAndTheTelling(t *testing.T) {
	group := profileOf(t, "city", letters(5), []int{400, 300, 200, 60, 40})
	base := profileOf(t, "city", letters(5), []int{4000, 3000, 2000, 600, 60})
	out, err := audience.ProposePersonas("shop", asOf, base, []audience.PersonaSource{{Segment: "s", Name: "s", Profile: group}}, nil, audience.PersonaOptions{Traits: 2})
	require.NoError(t, err)
	var values []string
	for _, trait := range out.Personas[0].Typical("city") {
		values = append(values, trait.Value)
	}
	assert.Equal(t, []string{"a", "b", "e"}, values)
}

// However small the threshold, no figure of fewer people is in a persona.
func TestPersonasHoldNoFigureOfAFewPeople(t *testing.T) {
	base, segments := cosmetics(t)
	for _, minSize := range []int{1, 10, 120, 300} {
		out, err := audience.ProposePersonas("shop", asOf, base, segments, nil, audience.PersonaOptions{MinSize: minSize, Traits: 9})
		require.NoError(t, err)
		for _, p := range out.Personas {
			assert.GreaterOrEqual(t, p.Segments[0].Size, minSize)
			for _, trait := range p.Traits {
				assert.GreaterOrEqual(t, trait.Count, minSize)
			}
		}
		assert.Len(t, out.LeftOut, map[int]int{1: 0, 10: 1, 120: 1, 300: 1}[minSize])
	}
}

func TestPersonasRoundTrip(t *testing.T) {
	for _, p := range proposed(t, audience.PersonaOptions{PlatformInterests: []audience.PlatformInterest{skinCareInterest()}}).Personas {
		data, err := json.Marshal(p)
		require.NoError(t, err)
		var back audience.Persona
		require.NoError(t, json.Unmarshal(data, &back))
		assert.Equal(t, p, back)
	}
}

// A persona as schema 1 was stored; whatever comes later must read it.
func TestPersonaOfSchemaOneIsRead(t *testing.T) {
	data, err := os.ReadFile("testdata/persona_schema1.json")
	require.NoError(t, err)
	var p audience.Persona
	require.NoError(t, json.Unmarshal(data, &p))
	require.NoError(t, p.Validate())
	assert.Equal(t, "rfm.loyal", p.Name)
	assert.Equal(t, date.New(2026, 11, 1), p.Networks[0].AsOf)
	assert.Equal(t, "cilt bakımı", p.PlatformInterests[0].Interest)
	again, err := json.Marshal(p)
	require.NoError(t, err)
	assert.JSONEq(t, string(data), string(again))
}

func TestPersonaRefusesDaysThatDoNotExist(t *testing.T) {
	var p audience.Persona
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"as_of":"2026-02-30"}`), &p), "as_of")
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"as_of":"2026-02-03","networks":[{"as_of":"2026-13-01"}]}`), &p), "as_of")
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"as_of":"2026-02-03","platform_interests":[{"date":"x"}]}`), &p), "date")
	assert.Error(t, json.Unmarshal([]byte(`[]`), &p))
}

func TestPersonaValidateReportsEveryProblemWithItsPath(t *testing.T) {
	p := audience.Persona{
		Schema: 2, MinSize: 10, Language: "turkish!", Brand: "shop",
		Segments: []audience.PersonaSegment{{Size: 3}},
		Traits: []audience.PersonaTrait{
			{Count: 4, N: 3, Share: audience.Estimate{Value: 2, High: 3}},
			{Dimension: "city", Value: "a", Count: 12, N: 20, Verdict: audience.Unclear},
			{Dimension: "city", Value: "a", Count: 12, N: 20, Verdict: audience.Unclear},
		},
		Networks: []audience.PersonaNetwork{{
			Destination: sosyal.Destination{Brand: "other", Network: "x", Account: "a"}, Followers: -1, Fit: &audience.Estimate{Value: 101, High: 101},
		}},
		PlatformInterests: []audience.PlatformInterest{{Platform: "meta"}},
		Topics:            []audience.PersonaTopic{{}},
	}
	var fields []string
	for _, e := range sosyal.FieldErrors(p.Validate()) {
		fields = append(fields, e.Field)
	}
	assert.Equal(t, []string{
		"schema", "id", "name", "as_of", "language", "segments[0].segment", "segments[0].size",
		"traits[0].dimension", "traits[0].value", "traits[0].count", "traits[0].n", "traits[0].share", "traits[0].verdict", "traits[2].value",
		"networks[0].as_of", "networks[0].source", "networks[0].followers", "networks[0].fit", "networks[0].destination.brand",
		"platform_interests[0].id", "platform_interests[0].name", "platform_interests[0].interest", "platform_interests[0].source", "platform_interests[0].date",
		"topics[0].dimension", "topics[0].value",
	}, fields)
}

func TestProposePersonasRefuses(t *testing.T) {
	base, segments := cosmetics(t)
	other := audience.Followers{Destination: sosyal.Destination{Brand: "other", Network: "x", Account: "a"}, AsOf: asOf, Source: "s"}
	_, err := audience.ProposePersonas("", 0, base, append(segments, segments[0]), []audience.Followers{other}, audience.PersonaOptions{})
	assert.Len(t, sosyal.FieldErrors(err), 4)
	_, err = audience.ProposePersonas("shop", asOf, base, segments, nil, audience.PersonaOptions{MinSize: -1, Traits: -1, Topics: -1, Alike: 101, Level: 2, PlatformInterests: []audience.PlatformInterest{{}}})
	assert.Len(t, sosyal.FieldErrors(err), 11)
	_, err = audience.ProposePersonas("shop", asOf, segments[3].Profile, segments, nil, audience.PersonaOptions{})
	assert.ErrorContains(t, err, "must hold the group")
}

// Whatever is read as a persona is written and read again as the same, and what
// its validation lets through has no figure of fewer people than it says.
func FuzzPersona(f *testing.F) {
	stored, err := os.ReadFile("testdata/persona_schema1.json")
	require.NoError(f, err)
	f.Add(stored)
	f.Add([]byte(`{"as_of":"2026-11-03","networks":[{"as_of":"2024-02-29"}],"traits":[{"share":{"value":1e300}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p audience.Persona
		if json.Unmarshal(data, &p) != nil {
			return
		}
		written, err := json.Marshal(p)
		require.NoError(t, err)
		var back audience.Persona
		require.NoError(t, json.Unmarshal(written, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		assert.Equal(t, string(written), string(again))
		if p.Validate() == nil {
			for _, trait := range p.Traits {
				assert.GreaterOrEqual(t, trait.Count, p.MinSize)
			}
		}
	})
}

// Whom to write for, on which network, about what.
func ExampleProposePersonas() {
	var loyal, customers audience.GroupProfileBuilder
	person := func(age, city, interest string) []audience.Trait {
		return []audience.Trait{
			{Dimension: audience.AgeDimension, Value: age},
			{Dimension: audience.CityDimension, Value: city},
			{Dimension: audience.InterestDimension, Value: interest},
		}
	}
	_ = loyal.Add(300, person("25-34", "İzmir", "cilt bakımı")...)
	_ = loyal.Add(100, person("35-44", "İstanbul", "makyaj")...)
	_ = customers.Merge(loyal.Profile())
	_ = customers.Add(1600, person("18-24", "İstanbul", "makyaj")...)
	_ = customers.Add(700, person("35-44", "İstanbul", "makyaj")...)
	followers := func(network sosyal.Network, ages, cities []audience.ValueCount) audience.Followers {
		return audience.Followers{
			Destination: sosyal.Destination{Brand: "ayna", Network: network, Account: "aynakozmetik"},
			AsOf:        date.New(2026, 11, 1), Source: "insights", Size: 5000,
			Counts: []audience.FollowerCounts{
				audience.NewFollowerCounts(audience.AgeDimension, ages...), audience.NewFollowerCounts(audience.CityDimension, cities...),
			},
		}
	}
	tiktok := followers(sosyal.TikTok,
		[]audience.ValueCount{{Value: "18-24", Count: 4000}, {Value: "25-34", Count: 800}, {Value: "35-44", Count: 200}},
		[]audience.ValueCount{{Value: "İstanbul", Count: 4000}, {Value: "İzmir", Count: 600}})
	instagram := followers(sosyal.Instagram,
		[]audience.ValueCount{{Value: "18-24", Count: 500}, {Value: "25-34", Count: 3300}, {Value: "35-44", Count: 1200}},
		[]audience.ValueCount{{Value: "İstanbul", Count: 1900}, {Value: "İzmir", Count: 2900}})
	worth := 320.0
	proposal, err := audience.ProposePersonas("ayna", date.New(2026, 11, 3), customers.Profile(),
		[]audience.PersonaSource{{Segment: "loyal", Name: "rfm.loyal", Profile: loyal.Profile(), ValueIndex: &worth}},
		[]audience.Followers{tiktok, instagram},
		audience.PersonaOptions{Language: sosyal.Turkish})
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	p := proposal.Personas[0]
	fmt.Println(texts.Term(p.Name))
	for _, line := range texts.Texts(p.Description[:4]) {
		fmt.Println("-", line)
	}
	for _, n := range p.Networks {
		fmt.Println(n.Destination, texts.Text(n.Reasons[0]))
	}
	fmt.Println(p.Topics[0].Value, p.Language)
	// Output:
	// Sadık müşteriler
	// - 400 müşteri; ortalama müşteri 100 iken her birinin değeri 320.
	// - En yaygın değer (yaş): 25-34, 400 kişide %75.
	// - yaş, 18-24: genele göre daha seyrek, endeks 0 (0 ile 1 arası), 400 kişiden 0 kişi, %59,3 yerine %0,0.
	// - yaş, 25-34: genele göre daha yaygın, endeks 668 (629 ile 705 arası), 400 kişiden 300 kişi, %11,1 yerine %75,0.
	// instagram/aynakozmetik Uyum 100 üzerinden 97 (96 ile 97 arası); ağırlığın %47 kadarını taşıyan bölümlere dayanıyor.
	// tiktok/aynakozmetik Uyum 100 üzerinden 54 (52 ile 57 arası); ağırlığın %47 kadarını taşıyan bölümlere dayanıyor.
	// cilt bakımı tr
}
