package upload

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/yukselenler/sosyal"
)

// Memory is an [Uploader] in memory that behaves like an ad platform: it takes
// hashes and nothing else where hashes belong, refuses batches that are too
// large, rejects single rows, knows batches by their key, matches people by any
// of their keys and says from which size on an audience runs. It is [Repeatable],
// a [Finder] and a [Sizer]. The zero value is ready to use and goes by the
// standard facts; it must not be copied.
//
// It matches everybody: real platforms know a part of the people they are sent.
type Memory struct {
	// Facts are the platforms'; the zero Facts stand for [StandardFacts].
	Facts Facts

	mu        sync.Mutex
	audiences map[Audience]*memoryPeople
	answers   map[string]memoryAnswer
}

// memoryPeople are the people of an audience by everything that one of them can
// be looked up by.
type memoryPeople struct {
	last   int
	people map[int]Row
	by     map[string]int
}

// memoryAnswer is what was answered to a batch.
type memoryAnswer struct {
	action Action
	rows   []Row
	result Result
}

// Repeatable implements [Repeatable]: a batch that comes again under its key is
// answered as before and changes nothing.
func (m *Memory) Repeatable() bool { return true }

// Add implements [Uploader].
func (m *Memory) Add(ctx context.Context, b Batch) (Result, error) { return m.take(ctx, Add, b) }

// Remove implements [Uploader].
func (m *Memory) Remove(ctx context.Context, b Batch) (Result, error) {
	return m.take(ctx, Remove, b)
}

// Find implements [Finder].
func (m *Memory) Find(ctx context.Context, b Batch) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if answer, ok := m.answers[b.Key]; ok {
		return answer.result.cloned(), nil
	}
	return Result{}, fmt.Errorf("batch %d of audience %s: %w", b.Sequence, b.Audience, sosyal.ErrNotFound)
}

// Size implements [Sizer].
func (m *Memory) Size(ctx context.Context, a Audience) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.audiences[a].size(), nil
}

// Holds reports whether somebody in the audience has the key.
func (m *Memory) Holds(a Audience, k Key) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if people := m.audiences[a]; people != nil {
		for _, row := range people.people {
			if slices.Contains(row.Keys, k) {
				return true
			}
		}
	}
	return false
}

// Running reports whether the audience is large enough for ads to run.
func (m *Memory) Running(a Audience) (bool, error) {
	facts, err := m.facts(a.Platform)
	if err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	minimum, _ := facts.Limit(MinimumAudience)
	return m.audiences[a].size() >= max(1, minimum.Value), nil
}

func (m *Memory) facts(name Platform) (PlatformFacts, error) {
	all := m.Facts
	if len(all.platforms) == 0 {
		standard, err := StandardFacts()
		if err != nil {
			return PlatformFacts{}, err
		}
		all = standard
	}
	facts, ok := all.Platform(name)
	if !ok {
		return PlatformFacts{}, unsupported(name, "uploading")
	}
	return facts, nil
}

// take is what both calls do.
func (m *Memory) take(ctx context.Context, action Action, b Batch) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	invalid := func(cause error) (Result, error) {
		return Result{}, RefusedError{Reason: sosyal.Because("upload.refused.invalid"), Cause: cause}
	}
	if err := b.Validate(); err != nil {
		return invalid(err)
	}
	if b.Action != action {
		return invalid(sosyal.FieldError{Field: "action", Rule: "must be that of the call", Value: string(b.Action)})
	}
	facts, err := m.facts(b.Audience.Platform)
	if err != nil {
		return invalid(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if before, ok := m.answers[b.Key]; ok {
		if before.action == action && slices.EqualFunc(before.rows, b.Rows, Row.same) {
			return before.result.cloned(), nil
		}
		return Result{}, RefusedError{Reason: sosyal.Because("upload.refused.key")}
	}
	if limit, ok := facts.Limit(BatchRows); ok && len(b.Rows) > limit.Value {
		return Result{}, RefusedError{Reason: sosyal.Because("upload.refused.size",
			sosyal.CountArg("rows", len(b.Rows)), sosyal.CountArg("limit", limit.Value))}
	}
	b = b.cloned()
	if m.audiences == nil {
		m.audiences, m.answers = map[Audience]*memoryPeople{}, map[string]memoryAnswer{}
	}
	if m.audiences[b.Audience] == nil {
		m.audiences[b.Audience] = &memoryPeople{people: map[int]Row{}, by: map[string]int{}}
	}
	var result Result
	for i, row := range b.Rows {
		if reason, ok := facts.unusable(row); ok {
			result.Rejections = append(result.Rejections, Rejection{Row: i, Reason: reason})
			continue
		}
		m.audiences[b.Audience].apply(action, row, facts)
	}
	m.answers[b.Key] = memoryAnswer{action: action, rows: b.Rows, result: result}
	return result.cloned(), nil
}

func (p *memoryPeople) size() int {
	if p == nil {
		return 0
	}
	return len(p.people)
}

// apply takes a row: whoever shares with it what a person can be looked up by is
// the same person.
func (p *memoryPeople) apply(action Action, row Row, facts PlatformFacts) {
	for _, name := range facts.lookups(row) {
		if known, ok := p.by[name]; ok {
			for _, other := range facts.lookups(p.people[known]) {
				delete(p.by, other)
			}
			delete(p.people, known)
		}
	}
	if action == Remove {
		return
	}
	p.last++
	p.people[p.last] = row
	for _, name := range facts.lookups(row) {
		p.by[name] = p.last
	}
}

// lookups returns one text for everything that a platform can look a row up by:
// each key that is sufficient by itself, and each set of several that is.
func (f PlatformFacts) lookups(row Row) []string {
	var names []string
	for _, set := range f.Sufficient {
		if len(set) == 1 {
			for _, key := range row.Keys {
				if key.Kind == set[0] {
					names = append(names, string(key.Kind)+" "+key.Value)
				}
			}
			continue
		}
		name, whole := "", true
		for _, kind := range set {
			i := slices.IndexFunc(row.Keys, func(k Key) bool { return k.Kind == kind })
			if whole = whole && i >= 0; whole {
				name += string(kind) + " " + row.Keys[i].Value + " "
			}
		}
		if whole {
			names = append(names, name)
		}
	}
	return names
}

// unusable says what keeps a platform from taking a row: a kind that it does not
// take, plain text where a hash belongs, or the reverse.
func (f PlatformFacts) unusable(row Row) (sosyal.Reason, bool) {
	for _, key := range row.Keys {
		fact, taken := f.Takes(key.Kind)
		switch {
		case !taken:
			return sosyal.Because("upload.rejected.kind", sosyal.TermArg("kind", key.Kind)), true
		case (fact.Hash == "") != key.Plain, !key.Plain && !IsHash(key.Value), key.Plain && key.Value == "":
			return sosyal.Because("upload.rejected.key", sosyal.TermArg("kind", key.Kind)), true
		}
	}
	if len(f.lookups(row)) == 0 {
		return sosyal.Because("upload.rejected.insufficient"), true
	}
	return sosyal.Reason{}, false
}

func (r Result) cloned() Result { return Result{Rejections: slices.Clone(r.Rejections)} }
