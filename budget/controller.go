package budget

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/yukselenler/sosyal"
)

// Controller writes the books: it turns approvals, commitments and spend into
// ledger entries that follow the rules of [Statement.Apply], and repeats what
// another process got in the way of.
//
// Only Ledger is required. A Controller is safe for concurrent use, by many
// brands, and must not be copied after its first use. Any number of processes
// may write the same books: each append names the end of the book it was
// decided on, so no two of them spend the same money.
type Controller struct {
	Ledger Ledger
	// Thresholds, where set, must be those that requests are submitted under: a
	// request that was approved by a policy other than its amount needs is
	// refused.
	Thresholds Thresholds
	// Rates converts spend that a source reports in another currency. Without it
	// such spend is an error.
	Rates Rates
	// Program is the actor of what happens by itself, such as spend that a
	// platform reports. Default: "sosyal".
	Program sosyal.ActorID
	// Attempts bounds how often an append is tried again when other processes
	// move the book. Default: 50.
	Attempts int
	// Now is the clock. Default: time.Now.
	Now func() time.Time
	// Logger receives what went unusually. Default: silent.
	Logger *slog.Logger
	// Observe hears of every entry and every overspent line. It is called
	// synchronously and must not call the controller.
	Observe func(context.Context, sosyal.Event)

	mu    sync.Mutex
	books map[memoryBook]*openBook
}

// openBook is a book that was read before: only what came since is read again.
type openBook struct {
	mu        sync.Mutex
	statement *Statement
}

// maxOpenBooks bounds what a process with many brands keeps in memory.
const maxOpenBooks = 1024

func (c *Controller) now() time.Time {
	if c.Now != nil {
		return instant(c.Now())
	}
	return instant(time.Now())
}

func (c *Controller) logger() *slog.Logger {
	if c.Logger != nil {
		return c.Logger
	}
	return slog.New(slog.DiscardHandler)
}

func (c *Controller) program() sosyal.ActorID {
	if c.Program != "" {
		return c.Program
	}
	return "sosyal"
}

func (c *Controller) attempts() int {
	if c.Attempts > 0 {
		return c.Attempts
	}
	return 50
}

func (c *Controller) open(brand sosyal.BrandID, book BookID) *openBook {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := memoryBook{brand, book}
	if b, ok := c.books[id]; ok {
		return b
	}
	if c.books == nil || len(c.books) >= maxOpenBooks {
		c.books = map[memoryBook]*openBook{}
	}
	b := &openBook{statement: &Statement{head: Head{Book: book}}}
	c.books[id] = b
	return b
}

// refresh applies what was appended since the book was last read.
func (c *Controller) refresh(ctx context.Context, brand sosyal.BrandID, b *openBook) error {
	for e, err := range c.Ledger.Entries(ctx, brand, b.statement.head.Book, b.statement.head.Sequence+1) {
		if err != nil {
			return fmt.Errorf("read book %s: %w", b.statement.head.Book, err)
		}
		if err := b.statement.Apply(e); err != nil {
			return fmt.Errorf("read book %s: %w", b.statement.head.Book, err)
		}
	}
	return nil
}

// view shows the book of a budget, read to its end.
func (c *Controller) view(ctx context.Context, b Budget, look func(*Statement)) error {
	open := c.open(b.Brand, b.Book())
	open.mu.Lock()
	defer open.mu.Unlock()
	if err := c.refresh(ctx, b.Brand, open); err != nil {
		return err
	}
	look(open.statement)
	return nil
}

// Statement reads the book of a budget to its end. It is the caller's own.
func (c *Controller) Statement(ctx context.Context, b Budget) (*Statement, error) {
	var out *Statement
	err := c.view(ctx, b, func(s *Statement) { out = s.clone() })
	return out, err
}

// Positions returns where the lines of a budget stand, in its order.
func (c *Controller) Positions(ctx context.Context, b Budget) ([]Position, error) {
	var out []Position
	err := c.view(ctx, b, func(s *Statement) { out = s.Positions(b) })
	return out, err
}

// draft is a set of entries to append together, checked one after another
// against a statement that already holds the ones before.
type draft struct {
	*Statement

	entries []Entry
}

// add seals and applies an entry, so that what follows sees its effect.
func (d *draft) add(brand sosyal.BrandID, e Entry) error {
	sealed, _ := seal(brand, d.head, []Entry{e})
	if err := d.Apply(sealed[0]); err != nil {
		return err
	}
	d.entries = append(d.entries, e)
	return nil
}

// write appends the entries that decide drafts on the book as it is.
func (c *Controller) write(ctx context.Context, b Budget, decide func(*draft) error) (Appended, error) {
	return c.append(ctx, b, func(s *Statement) ([]Entry, error) {
		d := &draft{Statement: s.clone()}
		err := decide(d)
		return d.entries, err
	})
}

// append asks decide for entries on the book as it is and appends them. Where
// the book moved meanwhile it is read again and decide is asked again. Without
// entries nothing is appended. Decide must not change the statement.
func (c *Controller) append(
	ctx context.Context, b Budget, decide func(*Statement) ([]Entry, error),
) (Appended, error) {
	open := c.open(b.Brand, b.Book())
	open.mu.Lock()
	defer open.mu.Unlock()
	for attempt := 1; ; attempt++ {
		if err := c.refresh(ctx, b.Brand, open); err != nil {
			return Appended{}, err
		}
		head := open.statement.head
		entries, err := decide(open.statement)
		if err != nil {
			return Appended{}, err
		}
		if len(entries) == 0 {
			return Appended{Head: head, Replayed: true}, nil
		}
		out, err := c.Ledger.Append(ctx, b.Brand, head, entries...)
		if errors.Is(err, sosyal.ErrConflict) && attempt < c.attempts() {
			c.logger().DebugContext(ctx, "book moved, deciding again", "book", b.Book(), "attempt", attempt)
			continue
		}
		if err != nil {
			return Appended{}, fmt.Errorf("append to book %s: %w", b.Book(), err)
		}
		if !out.Replayed {
			for _, e := range out.Entries {
				if err := open.statement.Apply(e); err != nil {
					return Appended{}, fmt.Errorf("read book %s: %w", b.Book(), err)
				}
			}
			c.observe(ctx, b, open.statement, out.Entries)
		}
		return out, nil
	}
}

// appendOne appends one entry that the caller gave a key, or finds that it was
// recorded before.
func (c *Controller) appendOne(ctx context.Context, b Budget, e Entry) (Appended, error) {
	if err := checkKey(e.Key); err != nil {
		return Appended{}, err
	}
	found, err := c.find(ctx, b, e.Key)
	switch {
	case err == nil:
		if found.InputHash() != normalised(e).InputHash() {
			return Appended{}, KeyError{Key: e.Key, Rule: "was used before with other input"}
		}
		return Appended{Head: headOf(found), Entries: []Entry{found}, Replayed: true}, nil
	case !isNotFound(err):
		return Appended{}, err
	}
	return c.append(ctx, b, func(s *Statement) ([]Entry, error) {
		if _, err := s.check(e); err != nil {
			// Whoever called with the same key at the same time may have used the
			// very money. Then it is a replay, which the ledger knows to decide.
			if _, missing := c.find(ctx, b, e.Key); missing != nil {
				return nil, err
			}
		}
		return []Entry{e}, nil
	})
}

func headOf(e Entry) Head { return Head{Book: e.Book, Sequence: e.Sequence, Hash: e.Hash} }

// checkKey refuses a key that the controller itself might give to another entry.
func checkKey(key string) error {
	for _, own := range []string{"plan/", "approve/", "spend/", "void/", "expire/", "reverse/"} {
		if strings.HasPrefix(key, own) {
			return sosyal.FieldError{Field: "key", Rule: "must not begin with " + own, Value: key}
		}
	}
	return nil
}

// find looks an entry up, by reading the book where the ledger is no [Finder].
func (c *Controller) find(ctx context.Context, b Budget, key string) (Entry, error) {
	if f, ok := c.Ledger.(Finder); ok {
		return f.Find(ctx, b.Brand, b.Book(), key)
	}
	for e, err := range c.Ledger.Entries(ctx, b.Brand, b.Book(), 1) {
		if err != nil {
			return Entry{}, fmt.Errorf("read book %s: %w", b.Book(), err)
		}
		if e.Key == key {
			return e, nil
		}
	}
	return Entry{}, fmt.Errorf("ledger key: %w", sosyal.ErrNotFound)
}

// observe announces what was recorded, and lines that are now overspent.
func (c *Controller) observe(ctx context.Context, b Budget, s *Statement, entries []Entry) {
	told := map[LineID]bool{}
	for _, e := range entries {
		line := e.Postings[0].Line
		position := s.Position(line)
		if c.Observe != nil {
			c.Observe(ctx, sosyal.Event{
				ID: e.Hash.String(), Brand: b.Brand, Kind: "budget." + string(e.Kind),
				Subject: sosyal.Subject{Kind: "budget", ID: string(b.ID), Version: b.Version},
				At:      e.At, Actor: e.By, Reason: entryReason(e, s),
			})
		}
		if !position.Overspent() || e.Amount(Spent) <= 0 || told[line] {
			continue
		}
		told[line] = true
		reason := overspentReason(position)
		c.logger().WarnContext(ctx, "line overspent", "book", b.Book(), "line", line)
		if c.Observe != nil {
			c.Observe(ctx, sosyal.Event{
				ID: "overspent-" + e.Hash.String(), Brand: b.Brand, Kind: "budget.overspent",
				Subject: sosyal.Subject{Kind: "budget", ID: string(b.ID), Version: b.Version},
				At:      e.At, Actor: e.By, Reason: reason,
			})
		}
	}
}

// entryReason says what an entry did.
func entryReason(e Entry, s *Statement) sosyal.Reason {
	m, err := e.move()
	if err != nil {
		return sosyal.Because("budget.entry." + string(e.Kind))
	}
	return sosyal.Because("budget.entry."+string(e.Kind),
		sosyal.TextArg("line", string(m.line)), sosyal.MoneyArg("amount", s.money(m.units)))
}

func overspentReason(p Position) sosyal.Reason {
	over, err := p.Spent.Sub(p.Approved)
	if err != nil {
		over = p.Spent
	}
	return sosyal.Because("budget.overspent", sosyal.TextArg("line", string(p.Line)),
		sosyal.MoneyArg("over", over), sosyal.MoneyArg("approved", p.Approved))
}
