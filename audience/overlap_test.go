package audience_test

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// members is a set that can be walked through, as the package's own can.
type members struct{ crowd }

func (m members) CountBoth(other members) int          { return m.crowd.CountBoth(other.crowd) }
func (m members) Contains(person sosyal.PersonID) bool { return m.crowd[person] }
func (m members) All() iter.Seq[sosyal.PersonID]       { return maps.Keys(m.crowd) }

func numbered(from, to int) members {
	m := members{crowd{}}
	for i := from; i < to; i++ {
		m.crowd[sosyal.PersonID(fmt.Sprint(i))] = true
	}
	return m
}

func adSets(sets map[string]members) []audience.AdSetAudience[members] {
	var out []audience.AdSetAudience[members]
	for _, name := range letters(26) {
		if s, ok := sets[name]; ok {
			out = append(out, audience.AdSetAudience[members]{Name: name, Set: s})
		}
	}
	return out
}

func TestOverlapsOfPairs(t *testing.T) {
	o, err := audience.OverlapsOf(adSets(map[string]members{"a": numbered(0, 100), "b": numbered(60, 220), "c": numbered(215, 400)}), audience.OverlapOptions{})
	require.NoError(t, err)
	assert.Equal(t, []audience.PairOverlap{
		{A: "a", B: "b", Counts: audience.SharedCounts{A: 100, B: 160, Both: 40}, Jaccard: 40.0 / 220, Overlap: 0.4},
		{A: "a", B: "c", Counts: audience.SharedCounts{A: 100, B: 185}},
		{A: "b", B: "c", Suppressed: true, Counts: audience.SharedCounts{A: 160, B: 185}},
	}, o.Pairs)
	assert.Equal(t, "a", o.Exclusions[0].Name, "the smallest keeps its people")
	assert.Equal(t, []string{"a"}, o.Exclusions[1].Excludes)
	assert.Equal(t, audience.CountRange{Low: 120, High: 120}, o.Exclusions[1].Left)
	assert.Equal(t, []string{"b"}, o.Exclusions[2].Excludes)
	assert.Equal(t, audience.CountRange{Low: 176, High: 185}, o.Exclusions[2].Left, "five people are too few to be given away")
}

// Random sets: by brute force, each person is left in exactly one ad set, the
// exact sizes are those, and the bounds from pairs alone hold them.
func TestExclusionsLeaveEachPersonInOneAdSet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 4))
	for range 300 {
		var exact []audience.AdSetAudience[members]
		var counts []audience.AdSetCounts
		together := crowd{}
		for i := range 1 + random.IntN(5) {
			m := members{crowd{}}
			for p := range 40 {
				if random.IntN(3) == 0 {
					id := sosyal.PersonID(fmt.Sprint(p))
					m.crowd[id], together[id] = true, true
				}
			}
			a := audience.AdSetAudience[members]{Name: letters(5)[i], Set: m, Priority: random.IntN(2), Value: float64(random.IntN(2))}
			exact = append(exact, a)
			counts = append(counts, audience.AdSetCounts{Name: a.Name, Size: m.Count(), Priority: a.Priority, Value: a.Value})
		}
		o, err := audience.OverlapsOf(exact, audience.OverlapOptions{MinSize: 1})
		require.NoError(t, err)
		bounded, err := audience.OverlapsOfCounts(counts, func(i, j int) int { return exact[i].Set.CountBoth(exact[j].Set) }, audience.OverlapOptions{MinSize: 1})
		require.NoError(t, err)
		byName := map[string]audience.AdSetAudience[members]{}
		for _, a := range exact {
			byName[a.Name] = a
		}
		left := map[string]int{}
		for person := range together {
			in := 0
			for _, e := range o.Exclusions {
				kept := byName[e.Name].Set.crowd[person]
				for _, other := range e.Excludes {
					kept = kept && !byName[other].Set.crowd[person]
				}
				if kept {
					in++
					left[e.Name]++
				}
			}
			assert.Equal(t, 1, in, "each person in one ad set")
		}
		for i, e := range o.Exclusions {
			assert.Equal(t, audience.CountRange{Low: left[e.Name], High: left[e.Name]}, e.Left)
			b := bounded.Exclusions[i]
			assert.Equal(t, e.Name, b.Name)
			assert.Equal(t, e.Excludes, b.Excludes)
			assert.LessOrEqual(t, b.Left.Low, left[e.Name])
			assert.GreaterOrEqual(t, b.Left.High, left[e.Name])
		}
		assert.Equal(t, audience.CountRange{Low: len(together), High: len(together)}, o.Together)
		assert.LessOrEqual(t, bounded.Together.Low, len(together))
		assert.GreaterOrEqual(t, bounded.Together.High, len(together))
	}
}

func TestWhoKeepsThePeople(t *testing.T) {
	shared := func(int, int) int { return 20 }
	for name, c := range map[string]struct {
		a, b audience.AdSetCounts
		code string
	}{
		"priority first": {audience.AdSetCounts{Name: "a", Size: 90, Priority: 1}, audience.AdSetCounts{Name: "b", Size: 50, Value: 9}, "audience.overlap.priority"},
		"then value":     {audience.AdSetCounts{Name: "a", Size: 90, Value: 2}, audience.AdSetCounts{Name: "b", Size: 50, Value: 1}, "audience.overlap.value"},
		"then size":      {audience.AdSetCounts{Name: "a", Size: 50}, audience.AdSetCounts{Name: "b", Size: 90}, "audience.overlap.smaller"},
		"then name":      {audience.AdSetCounts{Name: "a", Size: 50}, audience.AdSetCounts{Name: "b", Size: 50}, "audience.overlap.name"},
	} {
		for _, given := range [][]audience.AdSetCounts{{c.a, c.b}, {c.b, c.a}} {
			o, err := audience.OverlapsOfCounts(given, shared, audience.OverlapOptions{MinDelivered: 1000})
			require.NoError(t, err)
			assert.Equal(t, "a", o.Exclusions[0].Name, name)
			assert.Equal(t, []string{"a"}, o.Exclusions[1].Excludes, name)
			assert.Equal(t, c.code, o.Exclusions[1].Reasons[0].Code, name)
			assert.Equal(t, "audience.overlap.too_small", o.Exclusions[1].Reasons[2].Code)
		}
	}
}

func TestSetsThatCannotBeWalkedGiveBounds(t *testing.T) {
	list := func(from, to int) crowd { return numbered(from, to).crowd }
	sets := []audience.AdSetAudience[crowd]{
		{Name: "a", Set: list(0, 50), Priority: 3}, {Name: "b", Set: list(30, 80), Priority: 2}, {Name: "c", Set: list(10, 200), Priority: 1},
	}
	o, err := audience.OverlapsOf(sets, audience.OverlapOptions{MinDelivered: 130})
	require.NoError(t, err)
	assert.Equal(t, audience.CountRange{Low: 100, High: 140}, o.Exclusions[2].Left, "190 less 40 and 50, which share 20 of them")
	assert.Equal(t, audience.CountRange{Low: 190, High: 220}, o.Together, "no fewer than the largest holds")
	last := o.Exclusions[2].Reasons
	assert.Equal(t, "audience.overlap.may_be_too_small", last[len(last)-1].Code)
}

func TestOverlapsRefuse(t *testing.T) {
	_, err := audience.OverlapsOfCounts([]audience.AdSetCounts{{Size: -1}, {Name: "a", Value: -1}, {Name: "a"}}, func(int, int) int { return 0 },
		audience.OverlapOptions{MinSize: -1, MinDelivered: -1})
	assert.Len(t, sosyal.FieldErrors(err), 6)
	_, err = audience.OverlapsOfCounts([]audience.AdSetCounts{{Name: "a", Size: 3}, {Name: "b", Size: 5}}, func(int, int) int { return 4 }, audience.OverlapOptions{})
	assert.ErrorContains(t, err, "a/b.both")
}

func TestRelatedInterests(t *testing.T) {
	named := func(name string, s members) audience.NamedSet[members] {
		return audience.NamedSet[members]{Name: name, Set: s}
	}
	skin := named("skin", numbered(0, 200))
	related, err := audience.Related(skin, []audience.NamedSet[members]{
		named("nails", numbered(100, 1100)), named("sun", numbered(50, 350)), named("rare", numbered(195, 1000)),
	}, 2000, audience.CompareOptions{})
	require.NoError(t, err)
	require.Equal(t, "sun", related[0].Value)
	lift, err := audience.SharedCounts{A: 200, B: 300, Both: 150}.Lift(2000)
	require.NoError(t, err)
	assert.InDelta(t, 100*lift, related[0].Index.Value, 1e-9)
	assert.Equal(t, audience.Above, related[0].Verdict)
	for _, r := range related[1:] {
		assert.NotEqual(t, audience.Above, r.Verdict)
	}
	_, err = audience.Related(named("few", numbered(0, 5)), nil, 2000, audience.CompareOptions{})
	assert.ErrorIs(t, err, sosyal.ErrInsufficientData)
	_, err = audience.Related(skin, []audience.NamedSet[members]{named("", numbered(0, 3000))}, 2000, audience.CompareOptions{})
	assert.Len(t, sosyal.FieldErrors(err), 2)
}

// Two ad sets that share people would bid against each other.
func ExampleOverlapsOfCounts() {
	shared := [][]int{{0, 1200, 300}, {0, 0, 900}, {0, 0, 0}}
	o, err := audience.OverlapsOfCounts([]audience.AdSetCounts{
		{Name: "Sepeti terk edenler", Size: 4000, Priority: 1},
		{Name: "Cilt bakımı alıcıları", Size: 15_000, Value: 900},
		{Name: "Benzer kitle", Size: 200_000},
	}, func(i, j int) int { return shared[i][j] }, audience.OverlapOptions{MinDelivered: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	texts := sosyal.NewCatalogue(sosyal.Turkish, audience.Messages(sosyal.Turkish))
	for _, e := range o.Exclusions {
		for _, line := range texts.Texts(e.Reasons) {
			fmt.Println(line)
		}
	}
	// Output:
	// Sepeti terk edenler: 4.000 kişinin tamamı kalıyor.
	// Cilt bakımı alıcıları şu kitleyi hariç tutar: Sepeti terk edenler (önceliği daha yüksek).
	// Cilt bakımı alıcıları: hariç tutmalardan sonra 15.000 kişiden 13.800 kişi kalıyor.
	// Benzer kitle şu kitleyi hariç tutar: Sepeti terk edenler (önceliği daha yüksek).
	// Benzer kitle şu kitleyi hariç tutar: Cilt bakımı alıcıları (kişi başına değeri daha yüksek).
	// Benzer kitle: hariç tutmalardan sonra 200.000 kişiden 198.800 ile 199.100 arası kişi kalıyor.
}

// Which interests go with skin care? Only those that do so by more than chance
// are called related.
func ExampleRelated() {
	named := func(name string, from, to int) audience.NamedSet[members] {
		return audience.NamedSet[members]{Name: name, Set: numbered(from, to)}
	}
	related, err := audience.Related(named("cilt bakımı", 0, 200),
		[]audience.NamedSet[members]{named("makyaj", 100, 1100), named("güneş ürünleri", 50, 350)}, 2000, audience.CompareOptions{})
	for _, r := range related {
		fmt.Printf("%s: index %.0f, %s\n", r.Value, r.Shrunk.Value, r.Verdict)
	}
	fmt.Println(err)
	// Output:
	// güneş ürünleri: index 490, above
	// makyaj: index 100, unclear
	// <nil>
}
