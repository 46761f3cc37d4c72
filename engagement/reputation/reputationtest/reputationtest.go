// Package reputationtest holds implementations of the ports of package
// reputation to their contracts.
package reputationtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// NewMentions returns an empty store of mentions. It is called once for each case.
type NewMentions func(ctx context.Context) (reputation.Mentions, error)

// TestMentions runs the contract of [reputation.Mentions] against what open returns, one
// subtest for each case.
func TestMentions(t *testing.T, open NewMentions) {
	t.Helper()
	conformancetest.Test(t, mentionsCases(), open)
}

// CheckMentions runs the contract of [reputation.Mentions] against what open returns and
// returns what it breaks, each with the name of the case and its explanation.
func CheckMentions(ctx context.Context, open NewMentions) error {
	return conformancetest.Check(ctx, mentionsCases(), open)
}

func mentionsCases() []conformancetest.Case[reputation.Mentions] {
	return []conformancetest.Case[reputation.Mentions]{
		conformancetest.Rule("round trip", "every field comes back, ordered by instant and id", checkRoundTrip),
		conformancetest.Rule("again", "appending the same mention again changes nothing: sources repeat", checkAgain),
		conformancetest.Rule("edited", "a later append of the same id replaces the mention, sentiment and instant included", checkEdited),
		conformancetest.Rule("query", "queries select by brand spoken about, network and half-open time", checkQuery),
		conformancetest.Rule("tenancy", "brands never meet, in any call", checkTenancy),
		conformancetest.Rule("invalid", "bad mentions and bad brands are refused, and nothing of the batch is stored", checkInvalid),
		conformancetest.Rule("forget", "a person's mentions go, others stay, and the record counts them without naming the person", checkForget),
		conformancetest.Rule("forget nobody", "erasing a person of whom nothing is kept is no error; an empty person is", checkForgetNobody),
		conformancetest.Rule("zone", "an instant is the same in any zone and comes back in UTC, cut to the microsecond", checkZone),
		conformancetest.Rule("cancelled", "a cancelled context is an error and changes nothing", checkCancelled),
		conformancetest.Rule("stop", "a scan may be left early and the store used on", checkStop),
		conformancetest.Rule("concurrent", "concurrent appends are all kept", checkConcurrent),
	}
}

func mention(id string, minutes int) reputation.Mention {
	return reputation.Mention{
		ID: id, About: "own", Network: sosyal.X, Author: "person-1",
		At:   time.Date(2026, 11, 3, 9, minutes, 0, 0, time.UTC),
		Text: "kargo çok geç geldi 😡 \"" + id + "\"", URL: "https://x.example/" + id,
		Sentiment: reputation.Sentiment{Label: reputation.Negative, Probability: 0.75, Language: sosyal.Turkish, Model: "test-1"},
	}
}

func scan(ctx context.Context, m reputation.Mentions, brand sosyal.BrandID, q reputation.Query) ([]reputation.Mention, error) {
	var out []reputation.Mention
	for mention, err := range m.Scan(ctx, brand, q) {
		if err != nil {
			return out, err
		}
		out = append(out, mention)
	}
	return out, nil
}

func expect(ctx context.Context, m reputation.Mentions, brand sosyal.BrandID, q reputation.Query, want ...reputation.Mention) error {
	got, err := scan(ctx, m, brand, q)
	if err != nil {
		return fmt.Errorf("scanning: %w", err)
	}
	same := func(x, y reputation.Mention) bool {
		inUTC := x.At.Location() == time.UTC && x.At.Equal(y.At)
		x.At, y.At = time.Time{}, time.Time{}
		return inUTC && x == y
	}
	if !slices.EqualFunc(got, want, same) {
		return fmt.Errorf("scan of %q gave %v, want %v", brand, got, want)
	}
	return nil
}

func checkRoundTrip(ctx context.Context, m reputation.Mentions) error {
	a, b, c, bare := mention("z", 1), mention("a", 2), mention("ğ😀", 2), mention("bare", 3)
	bare.Author, bare.Text, bare.URL, bare.Sentiment = "", "", "", reputation.Sentiment{}
	if err := m.Append(ctx, "brand", c, bare); err != nil {
		return err
	}
	if err := m.Append(ctx, "brand", b, a); err != nil {
		return err
	}
	return expect(ctx, m, "brand", reputation.Query{}, a, b, c, bare)
}

func checkAgain(ctx context.Context, m reputation.Mentions) error {
	a := mention("a", 1)
	if err := m.Append(ctx, "brand", a, a); err != nil {
		return fmt.Errorf("a batch with a duplicate: %w", err)
	}
	if err := m.Append(ctx, "brand", a); err != nil {
		return err
	}
	return expect(ctx, m, "brand", reputation.Query{}, a)
}

func checkEdited(ctx context.Context, m reputation.Mentions) error {
	a, other := mention("a", 1), mention("b", 2)
	if err := m.Append(ctx, "brand", a, other); err != nil {
		return err
	}
	a.Text, a.Sentiment.Label, a.At = "düzeldi", reputation.Neutral, a.At.Add(time.Hour)
	if err := m.Append(ctx, "brand", a); err != nil {
		return err
	}
	return expect(ctx, m, "brand", reputation.Query{}, other, a)
}

func checkQuery(ctx context.Context, m reputation.Mentions) error {
	a, b, c := mention("a", 1), mention("b", 2), mention("c", 3)
	b.About, c.Network = "rival", sosyal.Instagram
	if err := m.Append(ctx, "brand", a, b, c); err != nil {
		return err
	}
	return errors.Join(
		expect(ctx, m, "brand", reputation.Query{About: []reputation.Tracked{"rival", "nobody"}}, b),
		expect(ctx, m, "brand", reputation.Query{Networks: []sosyal.Network{sosyal.Instagram}}, c),
		expect(ctx, m, "brand", reputation.Query{From: a.At, To: c.At}, a, b),
		expect(ctx, m, "brand", reputation.Query{From: c.At}, c),
		expect(ctx, m, "brand", reputation.Query{About: []reputation.Tracked{"own"}, Networks: []sosyal.Network{sosyal.X}, To: c.At}, a),
	)
}

func checkTenancy(ctx context.Context, m reputation.Mentions) error {
	mine, theirs := mention("a", 1), mention("a", 2)
	if err := m.Append(ctx, "mine", mine); err != nil {
		return err
	}
	if err := m.Append(ctx, "theirs", theirs); err != nil {
		return err
	}
	if err := errors.Join(
		expect(ctx, m, "mine", reputation.Query{}, mine),
		expect(ctx, m, "theirs", reputation.Query{About: []reputation.Tracked{"own"}}, theirs),
		expect(ctx, m, "%", reputation.Query{}),
	); err != nil {
		return err
	}
	record, err := m.Forget(ctx, "theirs", "person-1")
	if err != nil {
		return err
	}
	if record.Total() != 1 {
		return fmt.Errorf("forgetting for one brand erased %d mentions, want 1", record.Total())
	}
	return expect(ctx, m, "mine", reputation.Query{}, mine)
}

func checkInvalid(ctx context.Context, m reputation.Mentions) error {
	good := mention("good", 1)
	for what, spoil := range map[string]func(*reputation.Mention){
		"no id":             func(b *reputation.Mention) { b.ID = "" },
		"nobody spoken of":  func(b *reputation.Mention) { b.About = "" },
		"no network":        func(b *reputation.Mention) { b.Network = "" },
		"no instant":        func(b *reputation.Mention) { b.At = time.Time{} },
		"an unknown mood":   func(b *reputation.Mention) { b.Sentiment.Label = "angry" },
		"a probability > 1": func(b *reputation.Mention) { b.Sentiment.Probability = 2 },
	} {
		bad := mention("bad", 2)
		spoil(&bad)
		if err := m.Append(ctx, "brand", good, bad); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("appending a mention with %s gave %v, want ErrInvalid", what, err)
		}
	}
	for _, brand := range []sosyal.BrandID{"", "br\xffand", "br\x00and"} {
		if err := m.Append(ctx, brand, good); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("appending under brand %q gave %v, want ErrInvalid", brand, err)
		}
		if _, err := scan(ctx, m, brand, reputation.Query{}); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("scanning brand %q gave %v, want ErrInvalid", brand, err)
		}
	}
	if err := m.Append(ctx, "brand"); err != nil {
		return fmt.Errorf("appending nothing: %w", err)
	}
	return expect(ctx, m, "brand", reputation.Query{})
}

func checkForget(ctx context.Context, m reputation.Mentions) error {
	a, b, c := mention("a", 1), mention("b", 2), mention("c", 3)
	b.Author = "person-2"
	c.Author = ""
	if err := m.Append(ctx, "brand", a, b, c); err != nil {
		return err
	}
	record, err := m.Forget(ctx, "brand", "person-1")
	if err != nil {
		return fmt.Errorf("forgetting: %w", err)
	}
	if record.Records[reputation.ErasedMention] != 1 || record.Brand != "brand" || record.At.IsZero() ||
		record.Person != sosyal.PersonDigest("brand", "person-1") {
		return fmt.Errorf("the record of erasure is %+v", record)
	}
	if err := expect(ctx, m, "brand", reputation.Query{}, b, c); err != nil {
		return err
	}
	record, err = m.Forget(ctx, "brand", "person-1")
	if err != nil || record.Total() != 0 {
		return fmt.Errorf("forgetting again gave %+v, %v; want a record of nothing", record, err)
	}
	return expect(ctx, m, "brand", reputation.Query{}, b, c)
}

func checkForgetNobody(ctx context.Context, m reputation.Mentions) error {
	anonymous := mention("a", 1)
	anonymous.Author = ""
	if err := m.Append(ctx, "brand", anonymous); err != nil {
		return err
	}
	if record, err := m.Forget(ctx, "brand", "stranger"); err != nil || record.Total() != 0 {
		return fmt.Errorf("forgetting a stranger gave %+v, %v; want a record of nothing", record, err)
	}
	if _, err := m.Forget(ctx, "brand", ""); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("forgetting nobody gave %v, want ErrInvalid", err)
	}
	if _, err := m.Forget(ctx, "", "stranger"); !errors.Is(err, sosyal.ErrInvalid) {
		return fmt.Errorf("forgetting without a brand gave %v, want ErrInvalid", err)
	}
	return expect(ctx, m, "brand", reputation.Query{}, anonymous)
}

func checkZone(ctx context.Context, m reputation.Mentions) error {
	utc := mention("a", 1)
	utc.At = utc.At.Add(123456 * time.Microsecond)
	local := utc
	local.At = utc.At.Add(789 * time.Nanosecond).In(time.FixedZone("+03", 3*3600))
	if err := m.Append(ctx, "brand", local); err != nil {
		return err
	}
	return expect(ctx, m, "brand", reputation.Query{}, utc)
}

func checkCancelled(ctx context.Context, m reputation.Mentions) error {
	a := mention("a", 1)
	if err := m.Append(ctx, "brand", a); err != nil {
		return err
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := m.Append(cancelled, "brand", mention("b", 2)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("appending gave %v, want context.Canceled", err)
	}
	if _, err := scan(cancelled, m, "brand", reputation.Query{}); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("scanning gave %v, want context.Canceled", err)
	}
	if _, err := m.Forget(cancelled, "brand", "person-1"); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("forgetting gave %v, want context.Canceled", err)
	}
	return expect(ctx, m, "brand", reputation.Query{}, a)
}

func checkStop(ctx context.Context, m reputation.Mentions) error {
	a, b := mention("a", 1), mention("b", 2)
	if err := m.Append(ctx, "brand", a, b); err != nil {
		return err
	}
	for range 50 { // more than a pool of connections would hold
		for _, err := range m.Scan(ctx, "brand", reputation.Query{}) {
			if err != nil {
				return err
			}
			break
		}
	}
	return expect(ctx, m, "brand", reputation.Query{}, a, b)
}

func checkConcurrent(ctx context.Context, m reputation.Mentions) error {
	const workers, each = 8, 20
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				errs[w] = errors.Join(errs[w], m.Append(ctx, "brand", mention(fmt.Sprintf("%d-%d", w, i), i), mention("shared", 1)))
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("appending at once: %w", err)
	}
	got, err := scan(ctx, m, "brand", reputation.Query{})
	if err != nil {
		return err
	}
	if len(got) != workers*each+1 {
		return fmt.Errorf("%d mentions are left of %d appended at once", len(got), workers*each+1)
	}
	return nil
}
