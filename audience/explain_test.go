package audience_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// words is a catalogue as a host has it, with some terms of its own.
func words(l sosyal.Language) sosyal.Catalogue {
	own := sosyal.Messages{
		"term.segment.vip": "Best customers", "term.property.tier": "tier", "term.skincare": "skincare",
		"term.event.wishlist": "wishlist addition", "term.event.wishlist.many": "wishlist additions", "term.event.wishlist.a": "a wishlist addition",
	}
	if l == sosyal.Turkish {
		own = sosyal.Messages{
			"term.segment.vip": "En iyi müşteriler", "term.property.tier": "üyelik seviyesi", "term.property.tier.of": "üyelik seviyesi",
			"term.skincare": "cilt bakımı", "term.event.wishlist": "favoriye ekleme", "term.event.wishlist.of": "favoriye eklemesi",
		}
	}
	return sosyal.NewCatalogue(l, sosyal.StandardMessages(l), audience.Messages(l), own)
}

// examples are conditions of every kind, with every comparison.
func examples(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "explain_rules.json"))
	require.NoError(t, err)
	var conditions []json.RawMessage
	require.NoError(t, json.Unmarshal(data, &conditions))
	out := make([]string, len(conditions))
	for i, c := range conditions {
		out[i] = string(c)
	}
	return out
}

// TestExplain compares the words for conditions of testdata/explain_rules.json,
// and for their opposites, with what has been read and approved.
func TestExplain(t *testing.T) {
	for _, l := range []sosyal.Language{sosyal.English, sosyal.Turkish} {
		var b strings.Builder
		for _, c := range examples(t) {
			fmt.Fprintf(&b, "%s\n%s\n", c, rule(t, c).Explain(words(l)))
			if !strings.HasPrefix(c, `{"all"`) && !strings.HasPrefix(c, `{"any"`) {
				fmt.Fprintf(&b, "%s\n", rule(t, `{"not":`+c+`}`).Explain(words(l)))
			}
			b.WriteString("\n")
		}
		golden := filepath.Join("testdata", "explain_"+string(l)+".golden")
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o600))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), b.String())
	}
}

// TestExplainLeavesNothingUnsaid holds the words for random rules to having no
// placeholder, no code and no word of the other language in them.
func TestExplainLeavesNothingUnsaid(t *testing.T) {
	quoted, indented := regexp.MustCompile(`“[^”]*”`), regexp.MustCompile(`\n *- `)
	for seed := range uint64(10) {
		w, err := audiencetest.NewWorld(seed, 20)
		require.NoError(t, err)
		r := random(seed)
		for range 40 {
			rule := w.Rule(r)
			for _, l := range []sosyal.Language{sosyal.English, sosyal.Turkish} {
				text := indented.ReplaceAllString(quoted.ReplaceAllString(rule.Explain(words(l)), "“”"), "\n")
				data, err := json.Marshal(rule)
				require.NoError(t, err)
				assert.NotRegexp(t, `[{}?|_]|audience|term\.|rule\.|  |\s$|\s\n|\n\s|\( | \)|\(\)|^$`, text, string(data))
				if l == sosyal.Turkish {
					assert.NotRegexp(t, `\b(who|whose|they|the|customers?|days?|or|and)\b`, text, string(data))
				}
			}
		}
	}
}

// TestEveryTextIsUsed takes each text of rules away and looks for the hole: what
// leaves none is used nowhere or tested nowhere.
func TestEveryTextIsUsed(t *testing.T) {
	var rules []audience.Rule
	for _, condition := range examples(t) {
		rules = append(rules, rule(t, condition), rule(t, `{"not":`+condition+`}`))
	}
	explained := func(m sosyal.Messages) (out []string) {
		for _, l := range []sosyal.Language{sosyal.English, sosyal.Turkish} {
			all := audience.Messages(l)
			maps.Copy(all, m)
			c := words(l).With(all)
			for _, r := range rules {
				out = append(out, r.Explain(c))
			}
		}
		return out
	}
	whole := explained(nil)
	turkish := audience.Messages(sosyal.Turkish)
	for code := range audience.Messages(sosyal.English) {
		assert.Contains(t, turkish, code)
		if strings.HasPrefix(code, "audience.rule.") {
			assert.NotEqual(t, whole, explained(sosyal.Messages{code: "-"}), code)
		}
	}
	assert.Len(t, turkish, len(audience.Messages(sosyal.English)))
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 11)) }
