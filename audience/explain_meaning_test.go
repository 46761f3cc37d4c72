package audience_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// TestTheSameWordsMeanTheSameCustomers holds the words for conditions and their
// opposites to what rules pick: rules of the same words pick the same customers,
// "(or is not known)" and "(or there is none)" add just those, and what is said
// to be all or no customers is.
func TestTheSameWordsMeanTheSameCustomers(t *testing.T) {
	const remark, none = " (or is not known).", " (or there is none)."
	compared, remarks := 0, 0
	for seed := range uint64(3) {
		w, err := audiencetest.NewWorld(seed, 60)
		require.NoError(t, err)
		r, said := random(seed), map[string]string{}
		say := func(c audience.Condition) (text, picked string) {
			text = audience.Rule{Condition: c}.Explain(words(sosyal.English))
			return text, picks(t, w, c)
		}
		opposites := map[string]string{} // who is picked among those of whom something is known, by the words
		for range 50 {
			for _, leaf := range leaves(w.Rule(r).Condition) {
				for _, c := range compare(leaf) {
					for _, c := range []audience.Condition{c, audience.Not{Condition: c}} {
						text, picked := say(c)
						if before, ok := said[text]; ok {
							compared++
							require.Equal(t, before, picked, text)
						}
						said[text] = picked
					}
					text, _ := say(audience.Not{Condition: c})
					plain, marked := strings.CutSuffix(text, remark)
					if !marked {
						plain, marked = strings.CutSuffix(text, none)
					}
					if marked {
						_, opposites[plain+"."] = say(audience.All{audience.Not{Condition: c}, known(c)})
					}
				}
			}
			c := w.Rule(r).Condition
			switch text, picked := say(c); text {
			case "All customers.":
				assert.NotContains(t, picked, "0", text)
			case "No customers.":
				assert.NotContains(t, picked, "1", text)
			}
		}
		for text, picked := range opposites {
			if before, ok := said[text]; ok {
				remarks++
				assert.Equal(t, before, picked, text)
			}
		}
	}
	t.Logf("%d pairs of rules had the same words, %d remarks were compared", compared, remarks)
	assert.Greater(t, compared, 300)
	assert.Greater(t, remarks, 100)
}

// picks writes 1 for each customer who is picked and 0 for the others.
func picks(t *testing.T, w audiencetest.World, c audience.Condition) string {
	t.Helper()
	p, err := audience.Rule{Condition: c}.Compile(w.Env)
	require.NoError(t, err)
	var b strings.Builder
	for _, customer := range w.Customers {
		ok, err := p.Matches(customer)
		require.NoError(t, err)
		b.WriteByte(map[bool]byte{true: '1', false: '0'}[ok])
	}
	return b.String()
}

// leaves are the conditions without parts.
func leaves(c audience.Condition) (out []audience.Condition) {
	switch c := c.(type) {
	case audience.All:
		for _, part := range c {
			out = append(out, leaves(part)...)
		}
	case audience.Any:
		for _, part := range c {
			out = append(out, leaves(part)...)
		}
	case audience.Not:
		return leaves(c.Condition)
	default:
		return []audience.Condition{c}
	}
	return out
}

// compare gives a comparison of sizes every other comparison, and small values
// to those that are said in other words.
func compare(c audience.Condition) (out []audience.Condition) {
	for _, is := range []audience.Comparison{audience.Equals, audience.AtLeast, audience.AtMost, audience.MoreThan, audience.LessThan} {
		switch c := c.(type) {
		case audience.Property:
			if c.Is == audience.AtLeast || c.Is == audience.MoreThan {
				c.Is = is
			}
			out = append(out, c)
		case audience.DaysSince:
			c.Is = is
			for _, c.Value = range []int{c.Value, -c.Value, 0} {
				out = append(out, c)
			}
		case audience.Count:
			c.Is = is
			for _, c.Value = range []int{c.Value, 0, 1, 2} {
				out = append(out, c)
			}
		case audience.Sum:
			c.Is = is
			out = append(out, c)
		case audience.Last:
			c.Is = is
			for _, c.Value = range []int{c.Value, 0} {
				out = append(out, c)
			}
		case audience.First:
			c.Is = is
			for _, c.Value = range []int{c.Value, 0} {
				out = append(out, c)
			}
		case audience.Predicted:
			c.Is = is
			out = append(out, c)
		default:
			return []audience.Condition{c}
		}
	}
	return out
}

// known is met where there is something to compare.
func known(c audience.Condition) audience.Condition {
	missing := func(name string) audience.Condition {
		return audience.Not{Condition: audience.Property{Filter: audience.Filter{Name: name, Is: audience.Missing}}}
	}
	switch c := c.(type) {
	case audience.Property:
		return missing(c.Name)
	case audience.DaysSince:
		return missing(c.Name)
	case audience.Anniversary:
		return missing(c.Name)
	case audience.Last:
		return audience.Count{Events: c.Events, Is: audience.AtLeast, Value: 1}
	case audience.First:
		return audience.Count{Events: c.Events, Is: audience.AtLeast, Value: 1}
	case audience.Predicted:
		less, more := c, c
		less.Is, more.Is = audience.AtMost, audience.MoreThan
		return audience.Any{less, more}
	}
	return audience.All{}
}
