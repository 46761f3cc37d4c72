package sosyal

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"time"
)

// Forgetter erases what is kept about a person, as data protection law asks
// for. [Documents], an audience index, an archive of mentions: whatever keeps
// personal data implements it, and [Forgetters] asks them all.
type Forgetter interface {
	// Forget erases the person within the brand, keeps a record of having done
	// so, and returns the record. Erasing a person about whom nothing is kept
	// is no error: the record then counts nothing. It may be repeated.
	Forget(ctx context.Context, brand BrandID, person PersonID) (Erasure, error)
}

// Erasures is an optional port of a [Forgetter] that keeps its records itself.
type Erasures interface {
	// Erasures yields the records of the brand in the order in which they were
	// made.
	Erasures(ctx context.Context, brand BrandID) iter.Seq2[Erasure, error]
}

// Erasure is the record that a person was erased. It proves the erasure, and it
// lets a host repeat it after an old backup was restored: [PersonDigest] of
// each person in the backup tells who must go again.
type Erasure struct {
	Brand BrandID `json:"brand"`
	// Person is [PersonDigest] of the person, who is not named any more.
	Person string    `json:"person"`
	At     time.Time `json:"at"`
	// Records counts what was erased, by kind: of documents their kinds.
	Records map[string]int `json:"records,omitempty"`
}

// Total is the number of erased records of all kinds.
func (e Erasure) Total() int {
	var n int
	for _, count := range e.Records {
		n += count
	}
	return n
}

// PersonDigest stands for a person in records of erasure: the hexadecimal
// SHA-256 of brand and person. It cannot be turned back, but whoever can list
// all possible ids can find the one that fits; another reason for ids of people
// to be random.
func PersonDigest(brand BrandID, person PersonID) string {
	return digest("person", string(brand), string(person))
}

// NameDigest stands for a document that is gone where a store must remember its
// last version but not its id, which may have belonged to a person.
func NameDigest(brand BrandID, kind, id string) string {
	return digest("document", string(brand), kind, id)
}

// Forgetters erases a person from several places as if they were one.
type Forgetters []Forgetter

// Forget asks every place, also after one of them has failed, and returns one
// record of what was erased in all, with the latest of their times. The errors
// of those that failed are joined; repeat the call until there are none.
func (f Forgetters) Forget(ctx context.Context, brand BrandID, person PersonID) (Erasure, error) {
	if err := CheckPerson(brand, person); err != nil {
		return Erasure{}, err
	}
	all := Erasure{Brand: brand, Person: PersonDigest(brand, person), Records: map[string]int{}}
	var failed []error
	for i, place := range f {
		one, err := place.Forget(ctx, brand, person)
		if err != nil {
			failed = append(failed, fmt.Errorf("erasing a person, place %d of %d: %w", i+1, len(f), err))
			continue
		}
		if one.At.After(all.At) {
			all.At = one.At
		}
		for kind, count := range maps.All(one.Records) {
			all.Records[kind] += count
		}
	}
	return all, errors.Join(failed...)
}
