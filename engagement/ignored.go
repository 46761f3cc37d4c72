package engagement

import (
	"cmp"
	"slices"

	"github.com/yukselenler/sosyal"
)

// Ignored is content that followers pass over, with what goes into it.
type Ignored struct {
	Group Group `json:"group"`
	// Share is the part of all posts that are of this kind.
	Share   float64         `json:"share"`
	Reasons []sosyal.Reason `json:"reasons"`
}

// Ignored returns the content (formats, categories, templates, languages,
// campaigns) that does worse than the average post, other things equal, by a
// verdict and not by chance: what most posts are spent on without an answer
// comes first. Content on which there is no evidence is not among it.
func (a Analysis) Ignored() []Ignored {
	var out []Ignored
	for _, g := range a.Groups {
		if g.Verdict != DoesNot || !g.Dimension.content() {
			continue
		}
		share := float64(g.N) / float64(a.N)
		out = append(out, Ignored{Group: g, Share: share, Reasons: []sosyal.Reason{
			sosyal.Because("engagement.ignored",
				sosyal.TermArg("dimension", g.Dimension), sosyal.TermArg("group", g.Value),
				sosyal.PercentArg("share", share, 0), sosyal.PercentArg("change", 1-g.Effect.Value, 0),
				sosyal.CountArg("n", g.N), sosyal.TermArg("measure", a.Measure.Name())),
		}})
	}
	slices.SortStableFunc(out, func(x, y Ignored) int {
		return cmp.Compare(y.Share*(1-y.Group.Shrunk.Value), x.Share*(1-x.Group.Shrunk.Value))
	})
	return out
}
