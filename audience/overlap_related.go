package audience

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// NamedSet is a set of customers with a name, such as those with an interest.
type NamedSet[S Set[S]] struct {
	Name string
	Set  S
}

// Related says which interests go with one: of the people who have it, how many
// have each of the others against all people. The result is sorted by shrunk
// index, the most related first; read the verdict before the figure. An index is
// the lift of the two sets times 100.
//
// universe counts all people, those of the interest included.
func Related[S Set[S]](interest NamedSet[S], others []NamedSet[S], universe int, opt CompareOptions) ([]ValueComparison, error) {
	opt.Apart = false
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	t := contrast{dimension: InterestDimension, several: true, groupSize: interest.Set.Count(), baseAll: universe}
	var p sosyal.Problems
	names := map[string]bool{}
	for i, o := range others {
		field := "others[" + strconv.Itoa(i) + "]"
		p.Require(o.Name != "" && !names[o.Name], field+".name", "is required, each once", o.Name)
		names[o.Name] = true
		shared := CountShared(interest.Set, o.Set)
		p.Nest(field, shared.Validate())
		p.Require(shared.Union() <= universe, "universe", "must hold all sets", strconv.Itoa(universe))
		t.values, t.group, t.base = append(t.values, o.Name), append(t.group, shared.Both), append(t.base, shared.B)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if t.groupSize < opt.MinSize {
		return nil, fmt.Errorf("related to an interest of fewer than %d people: %w", opt.MinSize, sosyal.ErrInsufficientData)
	}
	d, err := t.compare(opt)
	if err != nil {
		return nil, err
	}
	c := GroupComparison{Dimensions: []DimensionComparison{d}}
	c.judge(opt)
	values := c.Dimensions[0].Values
	slices.SortStableFunc(values, func(x, y ValueComparison) int {
		return cmp.Or(cmp.Compare(y.Shrunk.Value, x.Shrunk.Value), cmp.Compare(x.Value, y.Value))
	})
	return values, nil
}
