package sosyal

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

// memoryOutbox holds the pending events of a brand in the order of their
// writes. What is delivered leaves a gap, so that delivering one event does not
// move all the others; the gaps close when they are more than half.
type memoryOutbox struct {
	queue []*Delivery
	place map[string]int // in queue, by event id
}

func (o *memoryOutbox) add(e Event) {
	if _, known := o.place[e.ID]; known {
		return
	}
	if o.place == nil {
		o.place = map[string]int{}
	}
	o.place[e.ID] = len(o.queue)
	o.queue = append(o.queue, &Delivery{Event: e})
}

func (o *memoryOutbox) remove(id string) {
	i, ok := o.place[id]
	if !ok {
		return
	}
	delete(o.place, id)
	o.queue[i] = nil
	if 2*len(o.place) < len(o.queue) {
		o.queue = slices.DeleteFunc(o.queue, func(d *Delivery) bool { return d == nil })
		for i, d := range o.queue {
			o.place[d.Event.ID] = i
		}
	}
}

// forget removes the events about a document.
func (o *memoryOutbox) forget(kind, id string) {
	for _, d := range slices.Clone(o.queue) {
		if d != nil && d.Event.Subject.Kind == kind && d.Event.Subject.ID == id {
			o.remove(d.Event.ID)
		}
	}
}

func (o *memoryOutbox) due(now time.Time, limit int) []Delivery {
	var due []Delivery
	held := map[Subject]bool{}
	for _, d := range o.queue {
		if d == nil {
			continue
		}
		subject := Subject{Kind: d.Event.Subject.Kind, ID: d.Event.Subject.ID}
		if held[subject] || d.Until.After(now) {
			held[subject] = true
			continue
		}
		if due = append(due, *d); len(due) == limit {
			break
		}
	}
	return due
}

// Waiting implements [Outbox].
func (m *MemoryDocuments) Waiting(ctx context.Context) iter.Seq2[BrandID, error] {
	return func(yield func(BrandID, error) bool) {
		m.mu.RLock()
		var waiting []BrandID
		for brand, b := range m.brands {
			if len(b.outbox.place) > 0 {
				waiting = append(waiting, brand)
			}
		}
		m.mu.RUnlock()
		slices.Sort(waiting)
		yieldAll(ctx, waiting, yield)
	}
}

// Pending implements [Outbox].
func (m *MemoryDocuments) Pending(ctx context.Context, brand BrandID, now time.Time, limit int) iter.Seq2[Delivery, error] {
	return func(yield func(Delivery, error) bool) {
		if err := CheckBrand(brand); err != nil {
			yield(Delivery{}, err)
			return
		}
		m.mu.RLock()
		due := m.read(brand).outbox.due(now, limit)
		m.mu.RUnlock()
		yieldAll(ctx, due, yield)
	}
}

// Delivered implements [Outbox].
func (m *MemoryDocuments) Delivered(ctx context.Context, brand BrandID, ids ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckBrand(brand); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.write(brand)
	for _, id := range ids {
		b.outbox.remove(id)
	}
	return nil
}

// Defer implements [Outbox].
func (m *MemoryDocuments) Defer(ctx context.Context, brand BrandID, id string, until time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := CheckBrand(brand); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	o := &m.write(brand).outbox
	i, ok := o.place[id]
	if !ok {
		return fmt.Errorf("pending event %q: %w", id, ErrNotFound)
	}
	o.queue[i].Attempts++
	o.queue[i].Until = instant(until)
	return nil
}

// yieldAll yields the values until the loop ends or the context does.
func yieldAll[T any](ctx context.Context, values []T, yield func(T, error) bool) {
	var none T
	if err := ctx.Err(); err != nil {
		yield(none, err)
		return
	}
	for _, v := range values {
		if err := ctx.Err(); err != nil {
			yield(none, err)
			return
		}
		if !yield(v, nil) {
			return
		}
	}
}
