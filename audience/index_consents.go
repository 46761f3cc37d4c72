package audience

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/yukselenler/sosyal"
)

// consentBlock holds the statements of a block's rows, row by row, each row's by
// key and then by time.
type consentBlock struct {
	ends       []uint32
	statements []spoken
	// lastAt is the latest instant of a statement; expiring lists the rows with a
	// grant that ends, by that instant.
	lastAt   uint32
	expiring []expiry
}

// spoken is what a source last said from an instant on about a purpose and a
// channel. Instants are in seconds since 1970, rounded up: at a whole second the
// statement holds if and only if the exact one does.
type spoken struct {
	at, expires uint32 // expires is 0 where it does not
	key         uint16
	status      consentCode
}

type expiry struct {
	at  uint32
	row uint16
}

type consentCode uint8

const (
	unknownConsent consentCode = iota
	grantedConsent
	refusedConsent
)

func codeOf(s ConsentStatus) consentCode {
	switch s {
	case ConsentGranted:
		return grantedConsent
	case ConsentDenied, ConsentWithdrawn:
		return refusedConsent
	}
	return unknownConsent
}

// ceilSeconds brings an instant to the next whole second.
func ceilSeconds(t time.Time) uint32 {
	s := t.Unix()
	if t.Nanosecond() > 0 {
		s++
	}
	return uint32(min(max(s, 1), math.MaxUint32))
}

// consentKey is what a statement is about and who keeps it, as one text.
func consentKey(source string, p Purpose, c Channel) string {
	return source + "\x00" + string(p) + "\x00" + string(c)
}

// parseConsentKey takes a key apart.
func parseConsentKey(key string) (source string, p Purpose, c Channel) {
	source, rest, _ := strings.Cut(key, "\x00")
	purpose, channel, _ := strings.Cut(rest, "\x00")
	return source, Purpose(purpose), Channel(channel)
}

// span returns where the statements of a row begin and end.
func (b *consentBlock) span(row int) (from, to uint32) {
	if b == nil || row >= len(b.ends) {
		return 0, 0
	}
	if row > 0 {
		from = b.ends[row-1]
	}
	return from, b.ends[row]
}

// consentDraft is a consent block that is being written.
type consentDraft struct {
	places     []int32 // as in eventDraft; nil where nothing has changed
	spans      [][2]int32
	statements []spoken
}

func (c *consentDraft) next() consentDraft {
	clear(c.places)
	return consentDraft{places: c.places, spans: c.spans[:0], statements: c.statements[:0]}
}

// put replaces the statements of a row.
func (c *consentDraft) put(d *draft, row int, consents []Consent) error {
	if c.places == nil {
		if len(consents) == 0 && (d.base == nil || d.base.consents == nil) {
			return nil
		}
		c.places = make([]int32, blockRows)
	}
	statements, err := statementsOf(d.ix.chain.dictionary(field{kind: consentField}), consents)
	if err != nil {
		return err
	}
	from := int32(len(c.statements))
	c.statements = append(c.statements, statements...)
	c.spans = append(c.spans, [2]int32{from, int32(len(c.statements))})
	c.places[row] = int32(len(c.spans))
	return nil
}

// statementsOf orders what a person said and drops what a later statement of the
// same second replaced, by the rules of [Granted].
func statementsOf(keys *dictionary, consents []Consent) ([]spoken, error) {
	if len(consents) == 0 {
		return nil, nil
	}
	type said struct {
		Consent
		key uint16
	}
	all := make([]said, len(consents))
	for i, c := range consents {
		key := keys.number(consentKey(c.Source, c.Purpose, c.Channel))
		if key > math.MaxUint16 {
			return nil, sosyal.FieldError{Field: "consents", Rule: "must have at most 65,536 different sources, purposes and channels together"}
		}
		all[i] = said{c, uint16(key)}
	}
	slices.SortStableFunc(all, func(x, y said) int { return cmp.Or(cmp.Compare(x.key, y.key), x.At.Compare(y.At)) })
	var out []spoken
	var last Consent // the one that the last spoken stands for
	for _, c := range all {
		s := spoken{at: ceilSeconds(c.At), key: c.key, status: codeOf(c.Status)}
		if !c.Expires.IsZero() {
			s.expires = ceilSeconds(c.Expires)
		}
		same := len(out) > 0 && out[len(out)-1].key == s.key && out[len(out)-1].at == s.at
		switch {
		case !same:
			out = append(out, s)
		case c.outweighs(last):
			out[len(out)-1] = s
		default:
			continue
		}
		last = c.Consent
	}
	return out, nil
}

// seal makes the block; nil where nobody said anything.
func (c *consentDraft) seal(d *draft) *consentBlock {
	var base *consentBlock
	if d.base != nil {
		base = d.base.consents
	}
	if len(c.spans) == 0 && (base == nil || len(base.ends) == d.n) {
		return base
	}
	b := &consentBlock{ends: make([]uint32, d.n)}
	for row := range d.n {
		var own []spoken
		if c.places != nil && c.places[row] > 0 {
			span := c.spans[c.places[row]-1]
			own = c.statements[span[0]:span[1]]
		} else if from, to := base.span(row); from < to {
			own = base.statements[from:to]
		}
		b.statements = append(b.statements, own...)
		b.ends[row] = uint32(len(b.statements))
	}
	if len(b.statements) == 0 {
		return nil
	}
	b.statements = slices.Clone(b.statements)
	b.summarize()
	return b
}

// summarize makes lastAt and expiring.
func (b *consentBlock) summarize() {
	for row := range b.ends {
		from, to := b.span(row)
		for _, s := range b.statements[from:to] {
			b.lastAt = max(b.lastAt, s.at)
			if s.expires > 0 {
				b.expiring = append(b.expiring, expiry{s.expires, uint16(row)})
			}
		}
	}
	slices.SortFunc(b.expiring, func(x, y expiry) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.row, y.row)) })
}

// roles says of each key what its statements mean to the node: 0 nothing, else
// a bit for each of its sources and relevantRole in any case.
func (n consentNode) roles(keys []string) []uint64 {
	out := make([]uint64, len(keys))
	for i, key := range keys {
		source, purpose, channel := parseConsentKey(key)
		if purpose != n.purpose || channel != n.channel && channel != AnyChannel {
			continue
		}
		out[i] = relevantRole
		if n.sources == nil {
			out[i] |= 1
		}
		for j, s := range n.sources {
			if s == source {
				out[i] |= 1 << j
			}
		}
	}
	return out
}

// relevantRole marks keys whose refusals count whoever keeps them.
const relevantRole = 1 << 63

// granted is [Granted] and [GrantedBy] for a row: of each key what was said last
// counts, none may be a refusal, and a grant must be there for each bit of need.
func (b *consentBlock) granted(row int, roles []uint64, need uint64, now uint32) bool {
	from, to := b.span(row)
	have := uint64(0)
	for i := from; i < to; i++ {
		s := &b.statements[i]
		role := uint64(0)
		if int(s.key) < len(roles) {
			role = roles[s.key]
		}
		replaced := i+1 < to && b.statements[i+1].key == s.key && b.statements[i+1].at <= now
		if role == 0 || s.at > now || replaced {
			continue
		}
		switch s.status {
		case refusedConsent:
			return false
		case grantedConsent:
			if s.expires == 0 || now < s.expires {
				have |= role
			}
		case unknownConsent:
		}
	}
	return have&need == need
}

// turning returns the rows for which something that was said begins or ceases to
// hold after one moment and up to another, both in seconds.
func (ix *Index) turning(after, upTo int64) []uint32 {
	var rows []uint32
	for i, b := range ix.blocks {
		c := b.consents
		if c == nil {
			continue
		}
		first, _ := slices.BinarySearchFunc(c.expiring, after+1, func(e expiry, t int64) int { return cmp.Compare(int64(e.at), t) })
		for _, e := range c.expiring[first:] {
			if int64(e.at) > upTo {
				break
			}
			rows = append(rows, uint32(i<<16)|uint32(e.row))
		}
		if int64(c.lastAt) <= after {
			continue
		}
		for row := range c.ends {
			from, to := c.span(row)
			if slices.ContainsFunc(c.statements[from:to], func(s spoken) bool { return int64(s.at) > after && int64(s.at) <= upTo }) {
				rows = append(rows, uint32(i<<16|row))
			}
		}
	}
	return rows
}
