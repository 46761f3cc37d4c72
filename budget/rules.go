package budget

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// move is what an entry does to one line: units from a bucket to another.
type move struct {
	line     LineID
	from, to Bucket
	units    int64
}

// routes lists between which buckets an entry of a kind moves money, in the
// direction in which its units are positive.
func routes(k EntryKind) [][2]Bucket {
	switch k {
	case EntryPlan:
		return [][2]Bucket{{PlanSource, Planned}}
	case EntryApprove:
		return [][2]Bucket{{Authority, Available}}
	case EntryReserve:
		return [][2]Bucket{{Available, Committed}}
	case EntryVoid, EntryExpire:
		return [][2]Bucket{{Committed, Available}}
	case EntryPost, EntryCorrect:
		return [][2]Bucket{{Committed, Spent}, {Available, Spent}}
	case EntryReverse:
		return [][2]Bucket{{Spent, Committed}, {Spent, Available}}
	}
	return nil
}

// move reads the postings of the entry as one of its kind's routes.
func (e Entry) move() (move, error) {
	if len(e.Postings) == 2 && e.Postings[0].Line == e.Postings[1].Line {
		a, b := e.Postings[0], e.Postings[1]
		for _, route := range routes(e.Kind) {
			if a.Bucket == route[1] {
				a, b = b, a
			}
			if a.Bucket == route[0] && b.Bucket == route[1] {
				return move{line: a.Line, from: a.Bucket, to: b.Bucket, units: b.Units}, nil
			}
		}
	}
	return move{}, sosyal.FieldError{
		Field: "postings", Rule: "must move money of one line as an entry of this kind does", Value: string(e.Kind),
	}
}

// check holds an entry to the rules of its kind.
func (s *Statement) check(e Entry) (move, error) {
	if err := e.Validate(); err != nil {
		return move{}, err
	}
	m, err := e.move()
	if err != nil {
		return m, err
	}
	for _, p := range e.Postings {
		if _, ok := addUnits(s.balances[p.Account], p.Units); !ok {
			return m, sosyal.FieldError{Field: "postings", Rule: "must leave balances that fit 64 bits"}
		}
	}
	switch e.Kind {
	case EntryPlan:
		return m, least("postings", "must not plan less than nothing", s.balances[Account{m.line, Planned}]+m.units)
	case EntryApprove:
		return m, s.checkApprove(e, m)
	case EntryReserve:
		return m, s.checkReserve(e, m)
	case EntryVoid, EntryExpire:
		return m, s.checkRelease(e, m)
	case EntryPost:
		return m, s.checkPost(e, m)
	case EntryCorrect:
		return m, s.checkCorrect(e, m)
	case EntryReverse:
		return m, s.checkReverse(e, m)
	}
	return m, nil
}

func least(field, rule string, units int64) error {
	if units < 0 {
		return sosyal.FieldError{Field: field, Rule: rule, Value: strconv.FormatInt(units, 10)}
	}
	return nil
}

func (s *Statement) checkApprove(e Entry, m move) error {
	if e.Request == "" {
		return sosyal.FieldError{Field: "request", Rule: "must name the approved request"}
	}
	if m.units >= 0 {
		return nil
	}
	if s.authority[authorityKey{e.Request, m.line}].free()+m.units < 0 {
		return sosyal.FieldError{Field: "postings", Rule: "must not take back money that was used", Value: string(e.Request)}
	}
	return s.needAvailable(m.line, -m.units)
}

func (s *Statement) checkReserve(e Entry, m move) error {
	if m.units <= 0 {
		return sosyal.FieldError{Field: "postings", Rule: "must commit a positive amount", Value: strconv.FormatInt(m.units, 10)}
	}
	if err := s.needAuthority(e.Request, m); err != nil {
		return err
	}
	if !e.Expires.IsZero() && !e.Expires.After(e.At) {
		return sosyal.FieldError{Field: "expires", Rule: "must be later than the reservation", Value: e.Expires.String()}
	}
	return s.needAvailable(m.line, m.units)
}

// needAuthority holds an entry to what its request approved on the line and is
// not used yet.
func (s *Statement) needAuthority(request RequestID, m move) error {
	given := s.authority[authorityKey{request, m.line}]
	if given.approved <= 0 {
		return sosyal.FieldError{
			Field: "request", Rule: "must have approved money on line " + string(m.line), Value: string(request),
		}
	}
	if given.free() < m.units {
		return ShortError{Line: m.line, Available: s.money(given.free()), Needed: s.money(m.units)}
	}
	return nil
}

func (s *Statement) needAvailable(line LineID, units int64) error {
	if free := s.balances[Account{line, Available}]; free < units {
		return ShortError{Line: line, Available: s.money(free), Needed: s.money(units)}
	}
	return nil
}

// openReservation returns the reservation an entry refers to.
func (s *Statement) openReservation(e Entry, line LineID) (*reservation, error) {
	r, ok := s.reservations[e.Refers]
	switch {
	case !ok || r.line != line:
		return nil, sosyal.FieldError{Field: "refers", Rule: "must name a reservation of line " + string(line), Value: e.Refers}
	case r.closed:
		return nil, sosyal.FieldError{Field: "refers", Rule: "must name a reservation that is still open", Value: e.Refers}
	}
	return r, nil
}

func (s *Statement) checkRelease(e Entry, m move) error {
	r, err := s.openReservation(e, m.line)
	if err != nil {
		return err
	}
	if m.units != r.rest {
		return sosyal.FieldError{Field: "postings", Rule: "must return all that is left", Value: strconv.FormatInt(m.units, 10)}
	}
	if e.Kind == EntryExpire && (r.expires.IsZero() || e.At.Before(r.expires)) {
		return sosyal.FieldError{Field: "at", Rule: "must not be before the reservation expires", Value: e.At.String()}
	}
	return nil
}

func (s *Statement) checkPost(e Entry, m move) error {
	if m.units <= 0 {
		return sosyal.FieldError{Field: "postings", Rule: "must spend a positive amount", Value: strconv.FormatInt(m.units, 10)}
	}
	if err := e.checkSource(); err != nil {
		return err
	}
	if m.from == Committed {
		return s.checkDrawn(e, m)
	}
	if e.Source != "" {
		return nil // a fact, even beyond what is available
	}
	if err := s.needAuthority(e.Request, m); err != nil {
		return err
	}
	return s.needAvailable(m.line, m.units)
}

// checkDrawn holds spend to what its reservation has left.
func (s *Statement) checkDrawn(e Entry, m move) error {
	r, err := s.openReservation(e, m.line)
	if err != nil {
		return err
	}
	if !r.expires.IsZero() && !e.At.Before(r.expires) {
		return sosyal.FieldError{Field: "refers", Rule: "must name a reservation that has not expired", Value: e.Refers}
	}
	if m.units > r.rest {
		return ShortError{Line: m.line, Available: s.money(r.rest), Needed: s.money(m.units)}
	}
	return nil
}

// checkSource holds spend to a day, and reported spend to its time of report.
func (e Entry) checkSource() error {
	var p sosyal.Problems
	p.Require(e.Day != 0, "day", "must be set", "")
	p.Require((e.Source == "") == e.Reported.IsZero(), "reported", "must be set where a source reports, and only there", e.Source)
	return p.Err()
}

func (s *Statement) checkCorrect(e Entry, m move) error {
	if e.Source == "" {
		return s.checkRefund(e, m)
	}
	if err := e.checkSource(); err != nil {
		return err
	}
	if m.units > 0 {
		if m.from == Committed {
			return s.checkDrawn(e, m)
		}
		return nil
	}
	if s.spend[spendKey{m.line, e.Day, e.Source}].units+m.units < 0 {
		return sosyal.FieldError{Field: "postings", Rule: "must not take back more than the source reported", Value: strconv.FormatInt(m.units, 10)}
	}
	if m.from == Available {
		return nil
	}
	r, err := s.openReservation(e, m.line)
	if err != nil {
		return err
	}
	return least("postings", "must not return more than sources spent from the reservation", r.reported+m.units)
}

// checkRefund holds a person's correction to the post that it takes back from.
func (s *Statement) checkRefund(e Entry, m move) error {
	p, ok := s.posts[e.Refers]
	switch {
	case !ok || p.line != m.line || p.reversed:
		return sosyal.FieldError{Field: "refers", Rule: "must name spend of the line that is not reversed", Value: e.Refers}
	case m.units > 0:
		return sosyal.FieldError{Field: "postings", Rule: "must lower spend: post more spend instead", Value: strconv.FormatInt(m.units, 10)}
	case p.units+m.units < 0:
		return sosyal.FieldError{Field: "postings", Rule: "must not take back more than was spent", Value: strconv.FormatInt(m.units, 10)}
	case e.Day != p.day:
		return sosyal.FieldError{Field: "day", Rule: "must be the day of the spend", Value: e.Day.String()}
	case m.from != s.returnsTo(p):
		return sosyal.FieldError{Field: "postings", Rule: "must return the money where it came from", Value: string(m.from)}
	}
	return nil
}

func (s *Statement) checkReverse(e Entry, m move) error {
	p, ok := s.posts[e.Refers]
	switch {
	case !ok || p.line != m.line:
		return sosyal.FieldError{Field: "refers", Rule: "must name spend that a person posted on the line", Value: e.Refers}
	case p.reversed:
		return sosyal.FieldError{Field: "refers", Rule: "must name spend that is not reversed yet", Value: e.Refers}
	case m.units != p.units:
		return sosyal.FieldError{Field: "postings", Rule: "must take back all that is left of the spend", Value: strconv.FormatInt(m.units, 10)}
	case e.Day != p.day:
		return sosyal.FieldError{Field: "day", Rule: "must be the day of the spend", Value: e.Day.String()}
	case m.to != s.returnsTo(p):
		return sosyal.FieldError{Field: "postings", Rule: "must return the money where it came from", Value: string(m.to)}
	}
	return nil
}

// returnsTo is where money taken back from a post goes: to its reservation while
// that is open, else to what is available.
func (s *Statement) returnsTo(p *post) Bucket {
	if r, ok := s.reservations[p.reservation]; ok && !r.closed {
		return Committed
	}
	return Available
}

// record keeps what later rules need to know of an entry that was accepted.
func (s *Statement) record(e Entry, m move) {
	switch e.Kind {
	case EntryPlan:
	case EntryApprove:
		given := s.authority[authorityKey{e.Request, m.line}]
		given.approved += m.units
		s.authority[authorityKey{e.Request, m.line}] = given
	case EntryReserve:
		s.reservations[e.Key] = &reservation{
			key: e.Key, line: m.line, request: e.Request, expires: e.Expires, amount: m.units, rest: m.units,
		}
		s.open[m.line] = append(s.open[m.line], e.Key)
		s.use(e.Request, m.line, m.units)
	case EntryVoid, EntryExpire:
		r := s.reservations[e.Refers]
		r.rest, r.closed = 0, true
		s.open[m.line] = slices.DeleteFunc(s.open[m.line], func(key string) bool { return key == r.key })
		s.use(r.request, m.line, -m.units)
	case EntryPost:
		s.recordPost(e, m)
	case EntryCorrect:
		if e.Source == "" {
			s.takeBack(s.posts[e.Refers], -m.units, m.from)
		} else if m.from == Committed {
			s.draw(e.Refers, m.units)
			s.reservations[e.Refers].reported += m.units
		}
		s.spent(e, m.line, m.units)
	case EntryReverse:
		p := s.posts[e.Refers]
		s.takeBack(p, m.units, m.to)
		p.reversed = true
		s.spent(e, m.line, -m.units)
	}
}

func (s *Statement) recordPost(e Entry, m move) {
	s.spent(e, m.line, m.units)
	request := e.Request
	if m.from == Committed {
		s.draw(e.Refers, m.units)
		if e.Source != "" {
			s.reservations[e.Refers].reported += m.units
		}
		request = s.reservations[e.Refers].request
	} else {
		s.use(e.Request, m.line, m.units)
	}
	if e.Source == "" {
		s.posts[e.Key] = &post{line: m.line, day: e.Day, reservation: e.Refers, request: request, units: m.units}
	}
}

// takeBack returns units of a post to a bucket.
func (s *Statement) takeBack(p *post, units int64, to Bucket) {
	p.units -= units
	if to == Committed {
		s.draw(p.reservation, -units)
		return
	}
	s.use(p.request, p.line, -units)
}

// use counts units against what a request approved. Spend that a platform
// reports beyond every reservation belongs to no request.
func (s *Statement) use(request RequestID, line LineID, units int64) {
	if request == "" {
		return
	}
	given := s.authority[authorityKey{request, line}]
	given.used += units
	s.authority[authorityKey{request, line}] = given
}

// draw spends units from a reservation, or returns them where negative.
func (s *Statement) draw(key string, units int64) {
	r := s.reservations[key]
	r.rest -= units
	r.posted += units
}

// spent adds to what is known of a day.
func (s *Statement) spent(e Entry, line LineID, units int64) {
	key := spendKey{line, e.Day, e.Source}
	r := s.spend[key]
	r.units += units
	r.at = e.Reported
	r.revisions++
	s.spend[key] = r
}

// ShortError says that a line, or a reservation on it, has too little money
// left.
type ShortError struct {
	Line      LineID
	Available sosyal.Money
	Needed    sosyal.Money
}

// Error names the line and both amounts.
func (e ShortError) Error() string {
	return fmt.Sprintf("line %s has %s left, %s needed", e.Line, e.Available, e.Needed)
}

// Is reports whether target is [sosyal.ErrInvalid].
func (e ShortError) Is(target error) bool { return target == sosyal.ErrInvalid }
