package sosyal

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// MemoryDocuments keeps documents in memory: for tests, for scripts that store
// nothing, and as the plainest statement of what [Documents] promises. It is
// also an [Outbox], a [Forgetter] and keeps [Erasures]. The zero value is ready
// to use and safe for concurrent use; it must not be copied.
type MemoryDocuments struct {
	// Now is the clock of records of erasure; nil means time.Now. Set it before
	// first use.
	Now func() time.Time

	mu     sync.RWMutex
	brands map[BrandID]*memoryBrand
}

type memoryBrand struct {
	docs     map[string]map[string]Doc // by kind and id
	gone     map[string]int64          // last versions of deleted documents by NameDigest
	outbox   memoryOutbox
	erasures []Erasure
}

// Load implements [Documents].
func (m *MemoryDocuments) Load(ctx context.Context, brand BrandID, kind, id string) (Doc, error) {
	if err := ctx.Err(); err != nil {
		return Doc{}, err
	}
	if err := CheckNames(brand, kind, id); err != nil {
		return Doc{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	doc, ok := m.read(brand).docs[kind][id]
	if !ok {
		return Doc{}, fmt.Errorf("%s %q: %w", kind, id, ErrNotFound)
	}
	doc.Body = bytes.Clone(doc.Body)
	return doc, nil
}

// Write implements [Documents].
func (m *MemoryDocuments) Write(ctx context.Context, brand BrandID, changes ...DocChange) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckChanges(brand, changes); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.write(brand)
	for _, c := range changes {
		if stored := b.docs[c.Doc.Kind][c.Doc.ID].Version; stored != c.Doc.Version {
			return fmt.Errorf("%s %q: stored is version %d, the change names %d: %w",
				c.Doc.Kind, c.Doc.ID, stored, c.Doc.Version, ErrConflict)
		}
	}
	for _, c := range changes {
		b.apply(brand, c)
	}
	return nil
}

func (b *memoryBrand) apply(brand BrandID, c DocChange) {
	name := NameDigest(brand, c.Doc.Kind, c.Doc.ID)
	version := c.Doc.Version + 1
	if c.Doc.Version == 0 {
		version = b.gone[name] + 1
	}
	doc, events := c.Stored(brand, version)
	if c.Delete {
		delete(b.docs[doc.Kind], doc.ID)
		b.gone[name] = version
	} else {
		if b.docs[doc.Kind] == nil {
			b.docs[doc.Kind] = map[string]Doc{}
		}
		b.docs[doc.Kind][doc.ID] = doc
		delete(b.gone, name)
	}
	for _, e := range events {
		b.outbox.add(e)
	}
}

// List implements [Documents].
func (m *MemoryDocuments) List(ctx context.Context, brand BrandID, q Query) iter.Seq2[Doc, error] {
	return func(yield func(Doc, error) bool) {
		docs, err := m.list(ctx, brand, q)
		if err != nil {
			yield(Doc{}, err)
			return
		}
		yieldAll(ctx, docs, yield)
	}
}

func (m *MemoryDocuments) list(ctx context.Context, brand BrandID, q Query) ([]Doc, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := CheckBrand(brand); err != nil {
		return nil, err
	}
	if err := q.Validate(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	var docs []Doc
	for _, doc := range m.read(brand).docs[q.Kind] {
		if q.Matches(doc) {
			doc.Body = bytes.Clone(doc.Body)
			docs = append(docs, doc)
		}
	}
	slices.SortFunc(docs, func(a, b Doc) int { return strings.Compare(a.ID, b.ID) })
	if q.Limit > 0 {
		docs = docs[:min(q.Limit, len(docs))]
	}
	return docs, nil
}

// Forget implements [Forgetter]: it deletes the documents whose Person is the
// person, and the pending events about those documents.
func (m *MemoryDocuments) Forget(ctx context.Context, brand BrandID, person PersonID) (Erasure, error) {
	if err := ctx.Err(); err != nil {
		return Erasure{}, err
	}
	if err := CheckPerson(brand, person); err != nil {
		return Erasure{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.write(brand)
	record := Erasure{Brand: brand, Person: PersonDigest(brand, person), At: m.now(), Records: map[string]int{}}
	for kind, docs := range b.docs {
		for id, doc := range docs {
			if doc.Person != person {
				continue
			}
			delete(docs, id)
			b.gone[NameDigest(brand, kind, id)] = doc.Version + 1
			b.outbox.forget(kind, id)
			record.Records[kind]++
		}
	}
	b.erasures = append(b.erasures, record)
	record.Records = maps.Clone(record.Records)
	return record, nil
}

// Erasures implements [Erasures].
func (m *MemoryDocuments) Erasures(ctx context.Context, brand BrandID) iter.Seq2[Erasure, error] {
	return func(yield func(Erasure, error) bool) {
		if err := CheckBrand(brand); err != nil {
			yield(Erasure{}, err)
			return
		}
		m.mu.RLock()
		records := slices.Clone(m.read(brand).erasures)
		m.mu.RUnlock()
		for i := range records {
			records[i].Records = maps.Clone(records[i].Records)
		}
		yieldAll(ctx, records, yield)
	}
}

// read returns the brand's documents, empty ones where there are none yet.
func (m *MemoryDocuments) read(brand BrandID) *memoryBrand {
	if b, ok := m.brands[brand]; ok {
		return b
	}
	return &memoryBrand{}
}

// write returns the brand's documents to change.
func (m *MemoryDocuments) write(brand BrandID) *memoryBrand {
	b, ok := m.brands[brand]
	if !ok {
		b = &memoryBrand{docs: map[string]map[string]Doc{}, gone: map[string]int64{}}
		if m.brands == nil {
			m.brands = map[BrandID]*memoryBrand{}
		}
		m.brands[brand] = b
	}
	return b
}

func (m *MemoryDocuments) now() time.Time {
	if m.Now == nil {
		return instant(time.Now())
	}
	return instant(m.Now())
}
