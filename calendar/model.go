package calendar

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// job is a variant that needs a slot.
type job struct {
	item     int // in Problem.Items
	variant  int // in Item.Variants, -1 for an item without variants
	category int // in model.categories
}

// opening is a slot of the problem or a time at which something already stands.
type opening struct {
	slot  int // in Problem.Slots, -1 for a fixed time without a slot
	dest  sosyal.Destination
	at    time.Time
	local sosyal.LocalTime
	fixed int // category of what stands here, -1 for a free opening
}

// rule names which of the rules a limit comes from.
type rule string

const (
	ruleSpacing        rule = "rule_spacing"
	ruleCategoryGap    rule = "rule_category_gap"
	ruleMinGap         rule = "rule_min_gap"
	rulePerDay         rule = "rule_per_day"
	rulePerWeek        rule = "rule_per_week"
	ruleCategoryPerDay rule = "rule_category_per_day"
)

// limit allows most jobs in the openings lo up to but not including hi, of each
// category (each) or of all. Every rule is a set of limits, because openings are
// ordered by destination and instant.
type limit struct {
	lo, hi, most int
	each         bool
	rule         rule
}

// model is a problem in the form that the search works on. Destinations that
// share no job are models of their own.
type model struct {
	problem    *Problem
	jobs       []job
	openings   []opening
	categories []sosyal.CategoryID
	limits     []limit
	cellsAt    [][]cell // by opening
	// w is the value of job i in opening j at i*len(openings)+j, plus the price of
	// leaving the job out; negative infinity where it may not stand.
	w []float64
}

func (m *model) value(i, j int) float64 { return m.w[i*len(m.openings)+j] }

// newModels returns the models of a problem, and the jobs that are held, which
// are in none.
func newModels(pr *Problem) (models []*model, held []Left, err error) {
	openings, err := freeOpenings(pr)
	if err != nil {
		return nil, nil, err
	}
	categories := categoriesOf(pr.Items)
	index := make(map[sosyal.CategoryID]int, len(categories))
	for i, c := range categories {
		index[c] = i
	}
	var jobs []job
	anywhere := false
	for i, it := range pr.Items {
		if len(it.Variants) == 0 {
			jobs = append(jobs, job{item: i, variant: -1, category: index[it.Category]})
			anywhere = true
		}
		for k, v := range it.Variants {
			switch {
			case v.State == StateCancelled:
			case v.State == StateHeld:
				held = append(held, Left{Item: it.ID, Destination: v.Destination, Reasons: []sosyal.Reason{sosyal.Because("calendar.left.held")}})
			case (v.State.Settled() || v.Locked) && v.At != (sosyal.LocalTime{}):
				if openings, err = occupy(openings, v, index[it.Category]); err != nil {
					return nil, nil, fmt.Errorf("item %s: %w", it.ID, err)
				}
			case v.State == StatePublished || v.State == StatePublishing:
			default:
				jobs = append(jobs, job{item: i, variant: k, category: index[it.Category]})
			}
		}
	}
	slices.SortStableFunc(jobs, func(a, b job) int {
		return cmp.Or(
			strings.Compare(string(pr.Items[a.item].ID), string(pr.Items[b.item].ID)),
			compareDestinations(pr.destination(a), pr.destination(b)),
		)
	})
	slices.SortStableFunc(openings, func(a, b opening) int {
		return cmp.Or(compareDestinations(a.dest, b.dest), a.at.Compare(b.at), strings.Compare(pr.slotID(a), pr.slotID(b)))
	})
	for _, part := range split(pr, jobs, openings, anywhere) {
		part.problem, part.categories = pr, categories
		part.addLimits(pr.Rules)
		if err := part.addValues(); err != nil {
			return nil, nil, err
		}
		models = append(models, part)
	}
	return models, held, nil
}

func (pr *Problem) slotID(o opening) string {
	if o.slot < 0 {
		return ""
	}
	return pr.Slots[o.slot].ID
}

// destination of a job; zero where it may stand anywhere.
func (pr *Problem) destination(j job) sosyal.Destination {
	if j.variant < 0 {
		return sosyal.Destination{}
	}
	return pr.Items[j.item].Variants[j.variant].Destination
}

func categoriesOf(items []Item) []sosyal.CategoryID {
	all := make([]sosyal.CategoryID, len(items))
	for i, it := range items {
		all[i] = it.Category
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func freeOpenings(pr *Problem) ([]opening, error) {
	zones := map[string]*time.Location{}
	openings := make([]opening, len(pr.Slots))
	for i, s := range pr.Slots {
		zone := s.At.Location()
		if s.Zone != "" {
			if zones[s.Zone] == nil {
				loaded, err := sosyal.LoadZone(s.Zone)
				if err != nil {
					return nil, fmt.Errorf("slots[%d]: %w", i, err)
				}
				zones[s.Zone] = loaded
			}
			zone = zones[s.Zone]
		}
		openings[i] = opening{slot: i, dest: s.Destination, at: s.At, local: sosyal.LocalTimeOf(s.At, zone), fixed: -1}
	}
	return openings, nil
}

// occupy puts what already has a time into the openings: into the free one at
// that instant, or into one of its own.
func occupy(openings []opening, v Variant, category int) ([]opening, error) {
	at, err := v.At.Instant()
	if err != nil {
		return nil, err
	}
	for i := range openings {
		o := &openings[i]
		if o.fixed < 0 && o.dest == v.Destination && o.at.Equal(at) {
			o.fixed = category
			return openings, nil
		}
	}
	return append(openings, opening{slot: -1, dest: v.Destination, at: at, local: v.At, fixed: category}), nil
}

// split cuts a problem into destinations, unless a job may stand on any of them.
func split(pr *Problem, jobs []job, openings []opening, anywhere bool) []*model {
	if anywhere {
		return []*model{{jobs: jobs, openings: openings}}
	}
	parts := map[sosyal.Destination]*model{}
	part := func(d sosyal.Destination) *model {
		if parts[d] == nil {
			parts[d] = &model{}
		}
		return parts[d]
	}
	for _, j := range jobs {
		p := part(pr.destination(j))
		p.jobs = append(p.jobs, j)
	}
	for _, o := range openings {
		p := part(o.dest)
		p.openings = append(p.openings, o)
	}
	order := make([]sosyal.Destination, 0, len(parts))
	for d := range parts {
		order = append(order, d)
	}
	slices.SortFunc(order, compareDestinations)
	models := make([]*model, 0, len(order))
	for _, d := range order {
		if len(parts[d].jobs) > 0 {
			models = append(models, parts[d])
		}
	}
	return models
}

// addLimits turns the rules into limits, destination by destination.
func (m *model) addLimits(rules Rules) {
	for lo := 0; lo < len(m.openings); {
		hi := lo + 1
		for hi < len(m.openings) && m.openings[hi].dest == m.openings[lo].dest {
			hi++
		}
		pace := rules.pace(m.openings[lo].dest)
		for i := lo; pace.Spacing > 1 && i < hi; i++ {
			m.addLimit(limit{lo: i, hi: min(i+pace.Spacing, hi), most: 1, each: true, rule: ruleSpacing})
			if i+pace.Spacing >= hi {
				break
			}
		}
		m.addGaps(lo, hi, pace.CategoryGap, limit{most: 1, each: true, rule: ruleCategoryGap})
		m.addGaps(lo, hi, pace.MinGap, limit{most: 1, rule: ruleMinGap})
		day := func(o opening) date.Date { return o.local.Date }
		week := func(o opening) date.Date { return weekOf(o.local.Date) }
		m.addRuns(lo, hi, day, limit{most: pace.CategoryPerDay, each: true, rule: ruleCategoryPerDay})
		m.addRuns(lo, hi, day, limit{most: pace.PerDay, rule: rulePerDay})
		m.addRuns(lo, hi, week, limit{most: pace.PerWeek, rule: rulePerWeek})
		lo = hi
	}
	m.cellsAt = make([][]cell, len(m.openings))
	for k, l := range m.limits {
		c := cell{limit: int32(k), base: int32(k * len(m.categories))}
		if l.each {
			c.by = 1
		}
		for j := l.lo; j < l.hi; j++ {
			m.cellsAt[j] = append(m.cellsAt[j], c)
		}
	}
}

// addLimit keeps a limit that can bind.
func (m *model) addLimit(l limit) {
	if l.hi-l.lo > l.most {
		m.limits = append(m.limits, l)
	}
}

// addGaps limits every longest run of openings that are all closer than gap.
func (m *model) addGaps(lo, hi int, gap time.Duration, l limit) {
	end := lo
	for i := lo; i < hi && gap > 0; i++ {
		j := max(end, i+1)
		for j < hi && m.openings[j].at.Sub(m.openings[i].at) < gap {
			j++
		}
		if j > end {
			l.lo, l.hi = i, j
			m.addLimit(l)
			end = j
		}
	}
}

// addRuns limits every run of openings with the same key.
func (m *model) addRuns(lo, hi int, key func(opening) date.Date, l limit) {
	for i := lo; i < hi && l.most > 0; {
		j := i + 1
		for j < hi && key(m.openings[j]) == key(m.openings[i]) {
			j++
		}
		l.lo, l.hi = i, j
		m.addLimit(l)
		i = j
	}
}

// addValues asks the host for the value of every job in every opening where it
// may stand.
func (m *model) addValues() error {
	m.w = make([]float64, len(m.jobs)*len(m.openings))
	for i, jb := range m.jobs {
		for j, o := range m.openings {
			w := &m.w[i*len(m.openings)+j]
			*w = math.Inf(-1)
			if ok, _ := m.problem.admits(jb, o); !ok {
				continue
			}
			v, err := m.problem.worth(jb, o)
			if err != nil {
				return err
			}
			*w = v + m.problem.Prices.Left
		}
	}
	return nil
}

// admits reports whether a job may stand in an opening by itself, without regard
// to other jobs, and the blackout that closes it where that is the cause.
func (pr *Problem) admits(jb job, o opening) (bool, *Blackout) {
	it := pr.Items[jb.item]
	if o.fixed >= 0 || o.slot < 0 {
		return false, nil
	}
	s := pr.Slots[o.slot]
	if jb.variant >= 0 {
		v := it.Variants[jb.variant]
		if v.Destination != s.Destination || (len(s.Formats) > 0 && !slices.Contains(s.Formats, v.Format)) {
			return false, nil
		}
	}
	if len(s.Categories) > 0 && !slices.Contains(s.Categories, it.Category) {
		return false, nil
	}
	if it.Window != (sosyal.Period{}) && !it.Window.Contains(o.local.Date) {
		return false, nil
	}
	if b, closed := pr.Rules.closed(s.Destination.Network, it.Category, o.local); closed {
		return false, &b
	}
	return true, nil
}

// worth is the host's value of a job in an opening.
func (pr *Problem) worth(jb job, o opening) (float64, error) {
	it, s := pr.Items[jb.item], pr.Slots[o.slot]
	if pr.Score != nil {
		v := pr.Score(it, s)
		if math.IsNaN(v) || v > mostValue || v < -mostValue && !math.IsInf(v, -1) {
			return 0, fmt.Errorf("item %s: %w", it.ID, sosyal.FieldError{
				Field: "score", Rule: "must be from -1e100 to 1e100, or negative infinity", Value: strconv.FormatFloat(v, 'g', -1, 64),
			})
		}
		return v, nil
	}
	if pr.Value == nil {
		return 1, nil
	}
	features := sosyal.Features{Network: s.Destination.Network, Category: it.Category}
	if jb.variant >= 0 {
		features = it.Features(it.Variants[jb.variant])
	}
	v := pr.Value(features, s.At)
	if math.IsNaN(v) || v > mostValue || v < 0 {
		return 0, fmt.Errorf("item %s: %w", it.ID, sosyal.FieldError{
			Field: "value", Rule: "must be from 0 to 1e100", Value: strconv.FormatFloat(v, 'g', -1, 64),
		})
	}
	return v, nil
}
