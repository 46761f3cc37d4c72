package upload_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/upload"
)

// shop is an exporter with everything around it, and a clock.
type shop struct {
	*upload.Exporter

	meta    *platform
	state   *upload.MemoryState
	records sosyal.Collection[upload.Export]
	clock   time.Time
	events  []sosyal.Event
	log     bytes.Buffer
}

// platform is an uploader of which answers can be lost.
type platform struct {
	upload.Memory

	repeatable bool
	// next, where set, decides about the next calls, the first one first.
	next  []fault
	calls []upload.Batch
}

type fault int

const (
	none fault = iota
	lostBefore
	lostAfter
	refused
	limited
)

var errTimeout = errors.New("timeout")

func (p *platform) Repeatable() bool { return p.repeatable }

func (p *platform) Add(ctx context.Context, b upload.Batch) (upload.Result, error) {
	return p.take(b, func() (upload.Result, error) { return p.Memory.Add(ctx, b) })
}

func (p *platform) Remove(ctx context.Context, b upload.Batch) (upload.Result, error) {
	return p.take(b, func() (upload.Result, error) { return p.Memory.Remove(ctx, b) })
}

func (p *platform) take(b upload.Batch, call func() (upload.Result, error)) (upload.Result, error) {
	p.calls = append(p.calls, b)
	what := none
	if len(p.next) > 0 {
		what, p.next = p.next[0], p.next[1:]
	}
	switch what {
	case lostBefore:
		return upload.Result{}, errTimeout
	case refused:
		return upload.Result{}, upload.RefusedError{Reason: sosyal.Because("upload.refused.invalid")}
	case limited:
		return upload.Result{}, upload.RefusedError{Reason: sosyal.Because("upload.refused.invalid"), Cause: sosyal.ErrRateLimited}
	case lostAfter:
		if _, err := call(); err != nil {
			return upload.Result{}, err
		}
		return upload.Result{}, errTimeout
	case none:
	}
	return call()
}

// Find hides that of Memory: most platforms have none.
func (p *platform) Find() {}

func newShop(t *testing.T) *shop {
	t.Helper()
	all, err := upload.StandardFacts()
	require.NoError(t, err)
	small := facts(t, upload.Meta).
		WithLimit(upload.Limit{Name: upload.BatchRows, Value: 3, Unit: "people", Source: "test", AsOf: facts(t, upload.Meta).AsOf, Confidence: "G"}).
		WithLimit(upload.Limit{Name: upload.MinimumAudience, Value: 2, Unit: "people", Source: "test", AsOf: facts(t, upload.Meta).AsOf, Confidence: "G"})
	s := &shop{
		meta: &platform{repeatable: true}, state: &upload.MemoryState{},
		records: upload.Exports(&sosyal.MemoryDocuments{}), clock: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC),
	}
	s.Exporter = &upload.Exporter{
		Uploaders: map[upload.Platform]upload.Uploader{upload.Meta: s.meta, upload.Google: &upload.Memory{}},
		State:     s.state, Exports: s.records, Facts: all.With(small), PhoneRegion: "TR",
		Now:     func() time.Time { return s.clock },
		Logger:  slog.New(slog.NewTextHandler(&s.log, nil)),
		Observe: func(_ context.Context, e sosyal.Event) { s.events = append(s.events, e) },
	}
	return s
}

// person is one of the segment, known by a letter, with consent until expires.
func person(name string) upload.Recipient {
	return upload.Recipient{
		Person:      sosyal.PersonID(name),
		Identifiers: upload.Identifiers{Emails: []string{name + "@ornek.com.tr"}},
		Consents:    consents(audience.ConsentGranted),
	}
}

func consents(status audience.ConsentStatus) []audience.Consent {
	at := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	return []audience.Consent{
		{Purpose: audience.AdUserData, Channel: audience.Ads, Status: audience.ConsentGranted, Source: "shop", TextVersion: "1", At: at},
		{Purpose: audience.AdPersonalization, Channel: audience.Ads, Status: status, Source: "shop", TextVersion: "1", At: at},
	}
}

func people(names ...string) []upload.Recipient {
	var all []upload.Recipient
	for _, n := range names {
		all = append(all, person(n))
	}
	return all
}

func each(all []upload.Recipient) iter.Seq2[upload.Recipient, error] {
	return func(yield func(upload.Recipient, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func vip() upload.Audience {
	return upload.Audience{Brand: "butik", Platform: upload.Meta, Account: "act_1", ID: "vip"}
}

func ask(all []upload.Recipient) upload.Request {
	return upload.Request{
		Audience: vip(), Segment: "vip", By: sosyal.Actor{ID: "deniz", Name: "Deniz Ak", Party: sosyal.PartyClient},
		Attributes: []string{"orders"}, Why: "autumn campaign", Members: each(all),
	}
}

// holds returns which of the letters the platform holds.
func (s *shop) holds(t *testing.T, a upload.Audience, letters string) string {
	t.Helper()
	n := normalizer(t, a.Platform)
	memory, ok := s.Uploaders[a.Platform].(interface {
		Holds(upload.Audience, upload.Key) bool
	})
	require.True(t, ok)
	var held string
	for _, r := range letters {
		key, err := n.Key(upload.KindEmail, string(r)+"@ornek.com.tr")
		require.NoError(t, err)
		if memory.Holds(a, key) {
			held += string(r)
		}
	}
	return held
}

func (s *shop) open(t *testing.T) []upload.Batch {
	t.Helper()
	var all []upload.Batch
	for b, err := range s.state.Batches(t.Context(), "butik", upload.Query{Open: true}) {
		require.NoError(t, err)
		all = append(all, b)
	}
	return all
}

func TestOnlyTheDifferenceIsSent(t *testing.T) {
	s := newShop(t)
	x, err := s.Export(t.Context(), ask(people("a", "b", "c", "d", "e")))
	require.NoError(t, err)
	assert.Equal(t, upload.Tally{Done: 5}, x.Added)
	assert.Equal(t, 2, x.Batches, "three people fit into a call")
	assert.Equal(t, upload.Complete, x.Status)

	x, err = s.Export(t.Context(), ask(people("b", "c", "d", "e", "f")))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1, 4, 5}, []int{x.Added.Done, x.Removed.Done, x.Kept, x.Wanted})
	assert.Equal(t, "bcdef", s.holds(t, vip(), "abcdefg"))

	before := len(s.meta.calls)
	x, err = s.Export(t.Context(), ask(people("f", "e", "d", "c", "b")))
	require.NoError(t, err)
	assert.Zero(t, x.Batches)
	assert.Len(t, s.meta.calls, before, "nothing changed, nothing is sent")

	x, err = s.Export(t.Context(), ask(nil))
	require.NoError(t, err)
	assert.Equal(t, 5, x.Removed.Done)
	assert.Empty(t, s.holds(t, vip(), "abcdefg"))
}

func TestTheRecordSaysWhoWhyWhereAndWhen(t *testing.T) {
	s := newShop(t)
	r := ask(append(people("a", "b", "b"), upload.Recipient{Person: "x", Consents: consents(audience.ConsentGranted)}, upload.Recipient{Person: "y"}))
	x, err := s.Export(t.Context(), r)
	require.NoError(t, err)
	stored, err := s.records.Load(t.Context(), "butik", x.ID)
	require.NoError(t, err)
	assert.Equal(t, x, stored.Value)
	assert.Equal(t, upload.Export{
		ID: x.ID, Audience: vip(), Segment: "vip", Use: upload.Target,
		By: sosyal.Actor{ID: "deniz", Party: sosyal.PartyClient}, Why: "autumn campaign",
		Consent: upload.ConsentRule{Purposes: []audience.Purpose{audience.AdUserData, audience.AdPersonalization}, Channel: audience.Ads},
		Status:  upload.Complete, Started: s.clock, Ended: s.clock,
		Read: 5, Repeated: 1, Withheld: 1, Unusable: 1, Wanted: 2, Added: upload.Tally{Done: 2}, Batches: 1,
		Reasons: []sosyal.Reason{
			sosyal.Because("upload.withheld", sosyal.CountArg("people", 1)),
			sosyal.Because("upload.unusable", sosyal.CountArg("people", 1)),
			sosyal.Because("upload.repeated_people", sosyal.CountArg("people", 1)),
		},
	}, x)
	turkish := sosyal.NewCatalogue(sosyal.Turkish, upload.Messages(sosyal.Turkish))
	assert.Equal(t, "1 kişi onay vermediği için gönderilmedi.", turkish.Text(x.Reasons[0]))
	var kinds []string
	for _, e := range s.events {
		kinds = append(kinds, e.Kind)
		assert.NoError(t, e.Validate())
	}
	assert.Equal(t, []string{"upload.batch.done", "upload.export.complete"}, kinds)
	r.ID = x.ID
	_, err = s.Export(t.Context(), r)
	assert.ErrorIs(t, err, sosyal.ErrConflict, "an id names one export")
}

func TestWithdrawalAndExpiryTakePeopleOut(t *testing.T) {
	s := newShop(t)
	all := people("a", "b", "c", "d")
	all[1].Consents[0].Expires = s.clock.Add(time.Hour)
	_, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, "abcd", s.holds(t, vip(), "abcd"))

	s.clock = s.clock.Add(time.Hour) // b expires at this instant
	all[2].Consents = consents(audience.ConsentWithdrawn)
	x, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, []int{2, 2, 2}, []int{x.Withheld, x.Removed.Done, x.Kept})
	assert.Equal(t, "ad", s.holds(t, vip(), "abcd"))
}

func TestEverySourceMustAgreeWhereTheHostWantsIt(t *testing.T) {
	s := newShop(t)
	s.Consent.Sources = []string{"shop", "iys"}
	all := people("a", "b", "c")
	for i := range 2 {
		for _, c := range consents(audience.ConsentGranted) {
			c.Source = "iys"
			all[i].Consents = append(all[i].Consents, c)
		}
	}
	_, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, "ab", s.holds(t, vip(), "abc"))
	assert.False(t, upload.ConsentRule{}.Granted(consents(audience.ConsentGranted), s.clock), "no purpose is no consent")
}

// A consent that ends while earlier batches are under way is not sent.
func TestConsentIsLookedAtAgainBeforeEachBatch(t *testing.T) {
	s := newShop(t)
	all := people("a", "b", "c", "d", "e", "f")
	until := s.clock.Add(time.Hour)
	for i := range all {
		all[i].Consents[1].Expires = until
	}
	s.Observe = func(_ context.Context, e sosyal.Event) {
		if e.Kind == "upload.batch.done" {
			s.clock = until
		}
	}
	x, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, []int{3, 3, 3}, []int{x.Added.Done, x.Withheld, x.Wanted})
	assert.Len(t, s.meta.calls, 1)
	require.NoError(t, x.Validate())
}

func TestASmallAudienceIsNotSentButStillEmptied(t *testing.T) {
	s := newShop(t)
	_, err := s.Export(t.Context(), ask(people("a", "b", "c")))
	require.NoError(t, err)

	x, err := s.Export(t.Context(), ask(people("d")))
	require.ErrorIs(t, err, sosyal.ErrInsufficientData)
	assert.Equal(t, upload.Partial, x.Status)
	assert.Equal(t, []int{3, 1}, []int{x.Removed.Done, x.Added.Waiting})
	assert.Empty(t, s.holds(t, vip(), "abcd"))
	english := sosyal.NewCatalogue(sosyal.English, upload.Messages(sosyal.English))
	assert.Equal(t, "1 person is fewer than the 2 that Meta asks for; it would discard the audience.", english.Text(x.Reasons[0]))

	s.AllowSmall = true
	x, err = s.Export(t.Context(), ask(people("d")))
	require.NoError(t, err, "then it is a warning")
	assert.Equal(t, "upload.minimum_audience", x.Reasons[0].Code)
	assert.Equal(t, "d", s.holds(t, vip(), "abcd"))
}

func TestSeedsCarryValuesAndHaveTheirOwnMinimum(t *testing.T) {
	s := newShop(t)
	all := people("a", "b", "c")
	worth, err := sosyal.NewMoney(decimal.NewFromInt(150), "TRY")
	require.NoError(t, err)
	all[0].Value = &worth
	r := ask(all)
	r.Use = upload.Seed
	x, err := s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrInsufficientData, "100 people make a seed")
	assert.Equal(t, "upload.minimum_seed", x.Reasons[0].Code)
	assert.Empty(t, s.meta.calls)

	s.AllowSmall = true
	_, err = s.Export(t.Context(), r)
	require.NoError(t, err)
	var values int
	for _, row := range s.meta.calls[0].Rows {
		if row.Value != nil {
			values++
			assert.True(t, row.Value.Equal(worth))
		}
	}
	assert.Equal(t, 1, values)

	more, err := sosyal.NewMoney(decimal.NewFromInt(151), "TRY")
	require.NoError(t, err)
	all[0].Value = &more
	x, err = s.Export(t.Context(), r)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 0, 2}, []int{x.Added.Done, x.Removed.Done, x.Kept}, "another value is sent again")

	google := r
	google.Audience.Platform = upload.Google
	x, err = s.Export(t.Context(), google)
	require.NoError(t, err)
	for m, err := range s.state.Members(t.Context(), "butik", upload.Query{Platform: upload.Google}) {
		require.NoError(t, err)
		assert.Nil(t, m.Value, "Google has no place for it")
	}
	assert.Equal(t, 3, x.Added.Done)

	r.Use = upload.Target
	_, err = s.Export(t.Context(), r)
	require.NoError(t, err)
	last := s.meta.calls[len(s.meta.calls)-1]
	assert.Nil(t, last.Rows[0].Value, "what somebody is worth is nobody's business elsewhere")

	negative := worth.Neg()
	all[2].Value = &negative
	_, err = s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.Equal(t, "members[2].value", sosyal.FieldErrors(err)[0].Field)
}

func TestChangedIdentifiersReplaceTheOld(t *testing.T) {
	s := newShop(t)
	all := people("a", "b", "c")
	_, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)

	all[0].Identifiers.Phones = []string{"0532 123 45 67"}
	x, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 0, 2}, []int{x.Added.Done, x.Removed.Done, x.Kept}, "one more is added without removing")

	all[0].Identifiers.Emails = []string{"z@ornek.com.tr"}
	x, err = s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1, 2}, []int{x.Added.Done, x.Removed.Done, x.Kept})
	assert.Equal(t, "zbc", s.holds(t, vip(), "azbc"), "the old address must not stay behind")
}

func TestSensitiveSegmentsDoNotLeave(t *testing.T) {
	s := newShop(t)
	r := ask(people("a", "b", "c"))
	r.Attributes = []string{"orders", "mezhep"}
	_, err := s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.Equal(t, "attributes[1]", sosyal.FieldErrors(err)[0].Field)

	r.Exception = &upload.Exception{By: "hukuk", Reason: "association of that faith, members agreed", At: s.clock}
	_, err = s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrInvalid, "the policy allows none")
	assert.Empty(t, s.meta.calls)

	s.AllowExceptions = true
	x, err := s.Export(t.Context(), r)
	require.NoError(t, err)
	assert.Equal(t, r.Exception, x.Exception)
	assert.Equal(t, "upload.exception", x.Reasons[0].Code)

	r.Attributes = []string{"borç"}
	_, err = s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrInvalid, "Meta never takes it")
}

func TestABrokenSegmentSendsNothing(t *testing.T) {
	s := newShop(t)
	_, err := s.Export(t.Context(), ask(people("a", "b", "c")))
	require.NoError(t, err)
	before := len(s.meta.calls)

	r := ask(nil)
	cut := errors.New("connection reset")
	r.Members = func(yield func(upload.Recipient, error) bool) {
		_ = yield(person("a"), nil) && yield(upload.Recipient{}, cut)
	}
	x, err := s.Export(t.Context(), r)
	require.ErrorIs(t, err, cut)
	assert.Equal(t, upload.Partial, x.Status)
	assert.Len(t, s.meta.calls, before, "half a segment must not look like everybody else having left")

	r.Members = each([]upload.Recipient{person("a"), {}})
	_, err = s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.Equal(t, "members[1].person", sosyal.FieldErrors(err)[0].Field)
	assert.Len(t, s.meta.calls, before)
}

func TestBadRequestsAreRefused(t *testing.T) {
	s := newShop(t)
	_, err := s.Export(t.Context(), upload.Request{Use: "fun", Exception: &upload.Exception{}})
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	var fields []string
	for _, fe := range sosyal.FieldErrors(err) {
		fields = append(fields, fe.Field)
	}
	assert.Equal(t, []string{
		"audience.brand", "audience.platform", "audience.account", "audience.id", "by.id", "by.party", "why", "attributes", "members",
		"use", "exception.by", "exception.reason", "exception.at",
	}, fields)
	r := ask(nil)
	r.Audience.Platform = upload.X
	_, err = s.Export(t.Context(), r)
	require.ErrorIs(t, err, sosyal.ErrUnsupported)
	_, err = (&upload.Exporter{}).Export(t.Context(), ask(nil))
	require.ErrorIs(t, err, sosyal.ErrInvalid)
}

func TestRefusedBatchesAreSentAgainByTheNextExport(t *testing.T) {
	s := newShop(t)
	s.meta.next = []fault{none, limited}
	x, err := s.Export(t.Context(), ask(people("a", "b", "c", "d", "e", "f", "g")))
	require.ErrorIs(t, err, sosyal.ErrRateLimited)
	assert.Equal(t, upload.Tally{Done: 3, Refused: 3, Waiting: 1}, x.Added)
	assert.Empty(t, s.open(t), "a refusal is an end")

	x, err = s.Export(t.Context(), ask(people("a", "b", "c", "d", "e", "f", "g")))
	require.NoError(t, err)
	assert.Equal(t, []int{3, 4}, []int{x.Kept, x.Added.Done})
	assert.Equal(t, "abcdefg", s.holds(t, vip(), "abcdefg"))
}

func TestRejectedRowsAreCounted(t *testing.T) {
	s := newShop(t)
	strict := &rejecting{platform: s.meta}
	s.Uploaders[upload.Meta] = strict
	x, err := s.Export(t.Context(), ask(people("a", "b", "c")))
	require.NoError(t, err)
	assert.Equal(t, upload.Tally{Done: 2, Rejected: 1}, x.Added)
	assert.Equal(t, "upload.rejected", x.Reasons[0].Code)
	x, err = s.Export(t.Context(), ask(people("a", "b", "c")))
	require.NoError(t, err)
	assert.Equal(t, []int{2, 1}, []int{x.Kept, x.Added.Rejected}, "it is tried again")
}

// rejecting rejects the first row of each batch after the platform took the rest.
type rejecting struct{ *platform }

func (r *rejecting) Add(ctx context.Context, b upload.Batch) (upload.Result, error) {
	spoiled := b
	spoiled.Rows = slices.Clone(b.Rows)
	spoiled.Rows[0].Keys = []upload.Key{{Kind: upload.KindEmail, Value: "plain"}}
	return r.platform.Add(ctx, spoiled)
}

// stubborn rejects every removal.
type stubborn struct{ *platform }

func (s stubborn) Remove(_ context.Context, b upload.Batch) (upload.Result, error) {
	var r upload.Result
	for i := range b.Rows {
		r.Rejections = append(r.Rejections, upload.Rejection{Row: i, Reason: sosyal.Because("upload.rejected.key")})
	}
	return r, nil
}

func TestWhoseRemovalWasRejectedIsNotAddedUnderAnotherAddress(t *testing.T) {
	s := newShop(t)
	all := people("a", "b", "c")
	_, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	s.Uploaders[upload.Meta] = stubborn{s.meta}
	all[0].Identifiers.Emails = []string{"z@ornek.com.tr"}
	x, err := s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1}, []int{x.Removed.Rejected, x.Added.Waiting})
	_, err = s.Forget(t.Context(), "butik", "a")
	require.Error(t, err, "he is still there")
	s.Uploaders[upload.Meta] = s.meta
	_, err = s.Export(t.Context(), ask(all))
	require.NoError(t, err)
	assert.Equal(t, "zbc", s.holds(t, vip(), "azbc"), "the state still knew the old address")
}

func TestBrandsNeverMeet(t *testing.T) {
	s := newShop(t)
	mine, theirs := ask(people("a", "b", "c")), ask(people("a", "b"))
	theirs.Audience.Brand = "rakip"
	_, err := s.Export(t.Context(), mine)
	require.NoError(t, err)
	x, err := s.Export(t.Context(), theirs)
	require.NoError(t, err)
	assert.Equal(t, []int{2, 0, 0}, []int{x.Added.Done, x.Kept, x.Removed.Done})
	theirs.Members = each(nil)
	_, err = s.Export(t.Context(), theirs)
	require.NoError(t, err)
	_, err = s.Forget(t.Context(), "rakip", "a")
	require.NoError(t, err)
	assert.Equal(t, "abc", s.holds(t, vip(), "abc"))
	assert.NotEqual(t, s.meta.calls[0].Rows[0].Person, s.meta.calls[1].Rows[0].Person, "one person has no common digest")
}

func TestTheStateHoldsNoClearIdentifier(t *testing.T) {
	s := newShop(t)
	all := people("ayse", "mehmet", "zeynep")
	for i := range all {
		all[i].Identifiers.Phones = []string{"0532 123 45 67"}
		all[i].Identifiers.FirstName, all[i].Identifiers.City = "Ayşe", "İstanbul"
	}
	s.meta.next = []fault{lostAfter}
	_, err := s.Export(t.Context(), ask(all))
	require.ErrorIs(t, err, sosyal.ErrUnknownOutcome)
	var kept any = s.open(t)
	text, jsonErr := json.Marshal(kept)
	require.NoError(t, jsonErr)
	said := string(text) + err.Error() + s.log.String() + fmt.Sprint(s.events)
	for _, clear := range []string{"ayse", "zeynep", "Ayşe", "532", "stanbul", "@", "Deniz"} {
		assert.NotContains(t, said, clear)
	}
	assert.NotEmpty(t, s.log.String())
}

// Google forgets a member after 540 days.
func TestMembershipsAreRenewedBeforeTheyRunOut(t *testing.T) {
	s := newShop(t)
	s.AllowSmall = true
	r := ask(people("a", "b", "c"))
	r.Audience.Platform = upload.Google
	start := s.clock
	_, err := s.Export(t.Context(), r)
	require.NoError(t, err)
	for _, c := range []struct{ days, kept, added int }{{509, 3, 0}, {510, 0, 3}, {511, 3, 0}, {1019, 3, 0}, {1020, 0, 3}} {
		s.clock = start.AddDate(0, 0, c.days)
		x, err := s.Export(t.Context(), r)
		require.NoError(t, err)
		assert.Equal(t, []int{c.kept, c.added}, []int{x.Kept, x.Added.Done}, "after %d days", c.days)
	}
	_, err = s.Export(t.Context(), ask(people("a", "b", "c")))
	require.NoError(t, err)
	s.clock = start.AddDate(9, 0, 0)
	x, err := s.Export(t.Context(), ask(people("a", "b", "c")))
	require.NoError(t, err)
	assert.Equal(t, 3, x.Kept, "of Meta nothing of the kind is known")
}

func TestExportsOfOneAudienceRunOneAfterAnother(t *testing.T) {
	s := newShop(t)
	s.Observe = nil
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		wg.Go(func() {
			if i%3 == 2 {
				_, errs[i] = s.Forget(t.Context(), "butik", "z")
				return
			}
			_, errs[i] = s.Export(t.Context(), ask(people("a", "b", "c", "d", "e")))
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	assert.Equal(t, "abcde", s.holds(t, vip(), "abcde"))
	assert.Len(t, s.meta.calls, 2, "whoever came later had nothing to send")
}
