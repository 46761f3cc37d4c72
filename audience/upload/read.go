package upload

import (
	"context"
	"fmt"
	"iter"

	"github.com/yukselenler/sosyal"
)

// read reads the segment and works out who joins. Nothing is sent before it has
// been read to its end: a stream that breaks off must not look like everybody
// after it having left.
func (r *run) read(ctx context.Context, members iter.Seq2[Recipient, error]) error {
	if members == nil {
		members = func(func(Recipient, error) bool) {}
	}
	now, place := r.now(), 0
	for one, err := range members {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("reading the segment: %w", err)
		}
		if err := one.validate(r.export.Audience.Brand, place); err != nil {
			return err
		}
		r.take(one, r.export.Consent.Granted(one.Consents, now))
		place++
	}
	r.judgeSize()
	return nil
}

// validate reports a person that cannot be named and a negative value, by the
// place in the segment.
func (o Recipient) validate(brand sosyal.BrandID, place int) error {
	var p sosyal.Problems
	p.Nest("", sosyal.CheckPerson(brand, o.Person))
	p.Require(o.Value == nil || o.Value.Sign() >= 0, "value", "must not be negative", "")
	var at sosyal.Problems
	at.Nest(fmt.Sprintf("members[%d]", place), p.Err())
	return at.Err()
}

// take decides about one person of the segment.
func (r *run) take(one Recipient, granted bool) {
	x := &r.export
	x.Read++
	person := sosyal.PersonDigest(x.Audience.Brand, one.Person)
	if _, before := r.seen[person]; before {
		x.Repeated++
		return
	}
	r.seen[person] = false
	if !granted {
		x.Withheld++
		return
	}
	if one.Identifiers.PhoneRegion == "" {
		one.Identifiers.PhoneRegion = r.PhoneRegion
	}
	keys, err := r.port.normalizer.Keys(one.Identifiers)
	if !r.port.normalizer.Enough(keys) {
		x.Unusable++
		return
	}
	x.BadIdentifiers += len(sosyal.FieldErrors(err))
	x.Wanted++
	r.seen[person] = true
	row := Row{Person: person, Keys: keys}
	if x.Use == Seed && r.port.facts.Value != nil {
		row.Value = one.Value
	}
	r.place(addition{row: row.cloned(), consents: one.Consents})
}

// place compares somebody who is wanted with what was sent of him before.
func (r *run) place(one addition) {
	person := one.row.Person
	before, held := r.members[person]
	delete(r.members, person)
	doubts := r.doubts[person]
	covered := !held || r.port.facts.covers(one.row, before.Row)
	for _, d := range doubts {
		switch {
		case d.action == Remove: // it may still arrive; only another removal makes that sure
			covered = false
		case !r.port.repeatable():
			r.export.Added.Unknown++
			return
		default:
			covered = covered && r.port.facts.covers(one.row, d.row)
		}
	}
	if held && len(doubts) == 0 && before.same(one.row) && !r.runsOut(before) {
		r.export.Kept++
		return
	}
	if !covered { // under what was sent before he would stay, whatever is added now
		before.Person = person
		r.removals = append(r.removals, merged(before.Row, doubts))
	}
	r.additions = append(r.additions, one)
}

// runsOut reports whether the platform is about to forget a member.
func (r *run) runsOut(m Member) bool {
	days, forgets := r.renewAfter(r.port.facts)
	return forgets && !r.now().Before(m.Since.AddDate(0, 0, days))
}

// covers reports whether whoever is looked up by the second row is also looked
// up by the first.
func (f PlatformFacts) covers(row, before Row) bool {
	known := map[string]bool{}
	for _, name := range f.lookups(row) {
		known[name] = true
	}
	for _, name := range f.lookups(before) {
		if !known[name] {
			return false
		}
	}
	return true
}

// judgeSize says whether so few are wanted that the platform would discard them.
// Who is in doubt counts: the platform matches fewer than it is sent in any case.
func (r *run) judgeSize() {
	a := r.export.Audience
	names := []LimitName{MinimumAudience}
	if r.export.Use == Seed {
		names = append(names, MinimumSeed)
	}
	for _, name := range names {
		limit, known := r.port.facts.Limit(name)
		if !known || r.export.Wanted >= limit.Value || r.export.Wanted == 0 {
			continue
		}
		r.export.Reasons = append(r.export.Reasons, sosyal.Because("upload."+string(name),
			sosyal.TermArg("platform", a.Platform), sosyal.CountArg("people", r.export.Wanted),
			sosyal.CountArg("minimum", limit.Value)))
		if r.AllowSmall || len(r.additions) == 0 {
			continue
		}
		r.small = true
		r.failed = append(r.failed, fmt.Errorf("audience %s: %d people are fewer than the %d that the platform asks for: %w",
			a, r.export.Wanted, limit.Value, sosyal.ErrInsufficientData))
	}
}
