package budget

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
)

// Statement is what the entries of a book add up to. The zero Statement is that
// of an empty book; [Statement.Apply] takes the entries in order. It is not
// safe for concurrent use.
//
// Each balance is a running total, so reading one does not depend on how many
// entries there are.
type Statement struct {
	head         Head
	brand        sosyal.BrandID
	currency     string
	balances     map[Account]int64
	authority    map[authorityKey]authority
	reservations map[string]*reservation
	open         map[LineID][]string // keys of open reservations, oldest first
	posts        map[string]*post    // spend that people posted
	spend        map[spendKey]reported
}

type authorityKey struct {
	request RequestID
	line    LineID
}

// authority is what a request approved on a line and how much of it is committed
// or spent, in minor units.
type authority struct {
	approved, used int64
}

func (a authority) free() int64 { return a.approved - a.used }

// reservation is money that is or was committed, in minor units.
type reservation struct {
	key     string
	line    LineID
	request RequestID
	expires time.Time
	amount  int64
	// posted is what people and sources spent from it, reported the part of the
	// sources.
	rest, posted, reported int64
	closed                 bool
}

// post is spend that a person entered, in minor units less corrections.
type post struct {
	line        LineID
	day         date.Date
	reservation string
	request     RequestID
	units       int64
	reversed    bool
}

type spendKey struct {
	line   LineID
	day    date.Date
	source string
}

// reported is what a source says was spent on a line on a day.
type reported struct {
	units     int64
	at        time.Time
	revisions int
}

// ReadStatement adds up the entries of a stream.
func ReadStatement(entries iter.Seq2[Entry, error]) (*Statement, error) {
	s := &Statement{}
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		if err := s.Apply(e); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Head is the end of the book as far as it was applied.
func (s *Statement) Head() Head { return s.head }

// Currency is the currency of the book; empty before the first entry.
func (s *Statement) Currency() string { return s.currency }

// Balance returns the minor units in an account.
func (s *Statement) Balance(a Account) int64 { return s.balances[a] }

// Reservation is money committed to a purpose.
type Reservation struct {
	Key     string    `json:"key"`
	Line    LineID    `json:"line"`
	Request RequestID `json:"request"`
	Expires time.Time `json:"expires,omitzero"`
	// Amount was committed at first. Rest still is: it is what was neither
	// spent nor released.
	Amount sosyal.Money `json:"amount"`
	Rest   sosyal.Money `json:"rest"`
	// Open says whether it can still be spent from.
	Open bool `json:"open"`
}

// Reservation returns the reservation of that key.
func (s *Statement) Reservation(key string) (Reservation, bool) {
	r, ok := s.reservations[key]
	if !ok {
		return Reservation{}, false
	}
	return Reservation{
		Key: r.key, Line: r.line, Request: r.request, Expires: r.expires,
		Amount: s.money(r.amount), Rest: s.money(r.rest), Open: !r.closed,
	}, true
}

// Reservations returns the open reservations of a line, oldest first.
func (s *Statement) Reservations(line LineID) []Reservation {
	out := make([]Reservation, 0, len(s.open[line]))
	for _, key := range s.open[line] {
		r, _ := s.Reservation(key)
		out = append(out, r)
	}
	return out
}

// Approved returns what a request made available on a line, less what was taken
// back; zero for a request that was never approved.
func (s *Statement) Approved(request RequestID, line LineID) sosyal.Money {
	return s.money(s.authority[authorityKey{request, line}].approved)
}

// DaySpend is what was spent on a day.
type DaySpend struct {
	Day    date.Date
	Amount sosyal.Money
}

// Daily returns what was spent on a line by day, over all sources, in order of
// days. Days without spend are left out.
func (s *Statement) Daily(line LineID) []DaySpend {
	units := map[date.Date]int64{}
	for k, r := range s.spend {
		if k.line == line && k.day != 0 {
			units[k.day] += r.units
		}
	}
	out := make([]DaySpend, 0, len(units))
	for _, day := range slices.Sorted(maps.Keys(units)) {
		if units[day] != 0 {
			out = append(out, DaySpend{Day: day, Amount: s.money(units[day])})
		}
	}
	return out
}

// money is units of the book's currency; the zero Money while there is none.
func (s *Statement) money(units int64) sosyal.Money {
	m, err := sosyal.MoneyFromMinor(units, s.currency)
	if err != nil {
		return sosyal.Money{}
	}
	return m
}

// Apply adds the next entry. It refuses an entry that is not the next one of
// its book or in another currency, and one that breaks the rules of its kind:
//
//   - money becomes available only by a request, and is taken back only as far
//     as it is still available;
//   - a reservation needs available money and a request that approved some;
//   - spend from a reservation needs an open one with enough left; released or
//     expired it is closed for good;
//   - spend that a person posts needs available money, spend that a source
//     reports is a fact and may exceed it ([Position.Overspent]);
//   - a correction takes back no more than was spent, and only a source raises
//     spend by one;
//   - a post is reversed once.
//
// After an error the statement is as it was before.
func (s *Statement) Apply(e Entry) error {
	if e.Sequence != s.head.Sequence+1 ||
		(s.head.Sequence > 0 && (e.Book != s.head.Book || e.Brand != s.brand || e.Previous != s.head.Hash)) {
		return ChainError{e.Sequence, fmt.Sprintf("does not follow entry %d of the book", s.head.Sequence)}
	}
	if s.currency != "" && e.Currency != s.currency {
		return fmt.Errorf("ledger entry %d: %w", e.Sequence, sosyal.CurrencyError{Left: s.currency, Right: e.Currency})
	}
	m, err := s.check(e)
	if err != nil {
		return fmt.Errorf("ledger entry %d: %w", e.Sequence, err)
	}
	if s.balances == nil {
		s.balances = map[Account]int64{}
		s.authority = map[authorityKey]authority{}
		s.reservations = map[string]*reservation{}
		s.open = map[LineID][]string{}
		s.posts = map[string]*post{}
		s.spend = map[spendKey]reported{}
	}
	for _, p := range e.Postings {
		s.balances[p.Account] += p.Units
	}
	s.record(e, m)
	s.head = Head{Book: e.Book, Sequence: e.Sequence, Hash: e.Hash}
	s.brand, s.currency = e.Brand, e.Currency
	return nil
}

// clone shares nothing that Apply changes.
func (s *Statement) clone() *Statement {
	c := *s
	c.balances = maps.Clone(s.balances)
	c.authority = maps.Clone(s.authority)
	c.spend = maps.Clone(s.spend)
	c.open = make(map[LineID][]string, len(s.open))
	for line, keys := range s.open {
		c.open[line] = slices.Clone(keys)
	}
	c.reservations = make(map[string]*reservation, len(s.reservations))
	for key, r := range s.reservations {
		kept := *r
		c.reservations[key] = &kept
	}
	c.posts = make(map[string]*post, len(s.posts))
	for key, p := range s.posts {
		kept := *p
		c.posts[key] = &kept
	}
	return &c
}
