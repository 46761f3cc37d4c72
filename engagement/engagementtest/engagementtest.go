// Package engagementtest holds implementations of the ports of package
// engagement to their contracts.
package engagementtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/internal/conformancetest"
)

// NewArchive returns an empty archive. It is called once for each case.
type NewArchive func(ctx context.Context) (engagement.Archive, error)

// TestArchive runs the contract of [engagement.Archive] against what open returns, one
// subtest for each case.
func TestArchive(t *testing.T, open NewArchive) {
	t.Helper()
	conformancetest.Test(t, archiveCases(), open)
}

// CheckArchive runs the contract of [engagement.Archive] against what open returns and
// returns what it breaks, each with the name of the case and its explanation.
func CheckArchive(ctx context.Context, open NewArchive) error {
	return conformancetest.Check(ctx, archiveCases(), open)
}

func start() time.Time { return time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC) }

func snapshot(post string, m sosyal.Metric, hours int, value float64) engagement.Snapshot {
	return engagement.Snapshot{
		Post: post, Metric: m, Value: value, At: start().Add(time.Duration(hours) * time.Hour),
		Native: "native_" + string(m), Version: "1",
	}
}

func scan(ctx context.Context, a engagement.Archive, brand sosyal.BrandID, q engagement.Query) ([]engagement.Snapshot, error) {
	var out []engagement.Snapshot
	for s, err := range a.Scan(ctx, brand, q) {
		if err != nil {
			return out, err
		}
		out = append(out, s)
	}
	return out, nil
}

func expect(ctx context.Context, a engagement.Archive, brand sosyal.BrandID, q engagement.Query, want ...engagement.Snapshot) error {
	got, err := scan(ctx, a, brand, q)
	if err != nil {
		return fmt.Errorf("scanning: %w", err)
	}
	same := func(x, y engagement.Snapshot) bool {
		return x.Post == y.Post && x.Metric == y.Metric && x.Value == y.Value && x.At.Equal(y.At) &&
			x.At.Location() == time.UTC && x.Native == y.Native && x.Version == y.Version
	}
	if !slices.EqualFunc(got, want, same) {
		return fmt.Errorf("scan of %q gave %v, want %v", brand, got, want)
	}
	return nil
}

func archiveCases() []conformancetest.Case[engagement.Archive] {
	return []conformancetest.Case[engagement.Archive]{
		conformancetest.Rule("order", "scans are ordered by post, metric, instant and version, whatever the order of appending", checkOrder),
		conformancetest.Rule("again", "appending the same snapshot again changes nothing: imports and collectors repeat", checkAgain),
		conformancetest.Rule("restated", "a later append of another value replaces the earlier", checkRestated),
		conformancetest.Rule("falling", "counters may fall; nothing may be smoothed away", checkFalling),
		conformancetest.Rule("versions", "two definitions of a metric may be captured at one instant", checkVersions),
		conformancetest.Rule("query", "queries select by post, metric and half-open time", checkQuery),
		conformancetest.Rule("tenancy", "brands never meet", checkTenancy),
		conformancetest.Rule("invalid", "bad snapshots and bad brands are refused, and nothing of the batch is stored", checkInvalid),
		conformancetest.Rule("zone", "an instant is the same in any zone and comes back in UTC, cut to the microsecond", checkZone),
		conformancetest.Rule("cancelled", "a cancelled context is an error and changes nothing", checkCancelled),
		conformancetest.Rule("stop", "a scan may be left early and the archive used on", checkStop),
		conformancetest.Rule("concurrent", "concurrent appends are all kept", checkConcurrent),
	}
}

func checkOrder(ctx context.Context, a engagement.Archive) error {
	s := []engagement.Snapshot{
		snapshot("a", sosyal.Likes, 1, 1), snapshot("a", sosyal.Likes, 24, 5), snapshot("a", sosyal.Reach, 1, 70),
		snapshot("ç", sosyal.Likes, 1, 2), snapshot("ğ😀", sosyal.Likes, 1, 0),
	}
	if err := a.Append(ctx, "brand", s[4], s[1], s[3]); err != nil {
		return err
	}
	if err := a.Append(ctx, "brand", s[2], s[0]); err != nil {
		return err
	}
	return expect(ctx, a, "brand", engagement.Query{}, s...)
}

func checkAgain(ctx context.Context, a engagement.Archive) error {
	s := snapshot("a", sosyal.Likes, 1, 3)
	if err := a.Append(ctx, "brand", s, s); err != nil {
		return fmt.Errorf("a batch with a duplicate: %w", err)
	}
	if err := a.Append(ctx, "brand", s); err != nil {
		return err
	}
	return expect(ctx, a, "brand", engagement.Query{}, s)
}

func checkRestated(ctx context.Context, a engagement.Archive) error {
	first, second := snapshot("a", sosyal.Likes, 1, 3), snapshot("a", sosyal.Likes, 1, 4)
	second.Native = "renamed"
	if err := a.Append(ctx, "brand", first); err != nil {
		return err
	}
	if err := a.Append(ctx, "brand", second); err != nil {
		return err
	}
	return expect(ctx, a, "brand", engagement.Query{}, second)
}

func checkFalling(ctx context.Context, a engagement.Archive) error {
	s := []engagement.Snapshot{snapshot("a", sosyal.Likes, 1, 30), snapshot("a", sosyal.Likes, 2, 28.5), snapshot("a", sosyal.Likes, 3, 0)}
	if err := a.Append(ctx, "brand", s...); err != nil {
		return err
	}
	return expect(ctx, a, "brand", engagement.Query{}, s...)
}

func checkVersions(ctx context.Context, a engagement.Archive) error {
	older, newer := snapshot("a", sosyal.Views, 1, 30), snapshot("a", sosyal.Views, 1, 45)
	newer.Version = "2"
	if err := a.Append(ctx, "brand", newer, older); err != nil {
		return err
	}
	return expect(ctx, a, "brand", engagement.Query{}, older, newer)
}

func checkQuery(ctx context.Context, a engagement.Archive) error {
	s := []engagement.Snapshot{
		snapshot("a", sosyal.Likes, 1, 1), snapshot("a", sosyal.Likes, 2, 2), snapshot("a", sosyal.Reach, 2, 3),
		snapshot("b", sosyal.Likes, 2, 4), snapshot("b", sosyal.Likes, 3, 5),
	}
	if err := a.Append(ctx, "brand", s...); err != nil {
		return err
	}
	at := func(hours int) time.Time { return start().Add(time.Duration(hours) * time.Hour) }
	return errors.Join(
		expect(ctx, a, "brand", engagement.Query{Posts: []string{"b", "none"}}, s[3], s[4]),
		expect(ctx, a, "brand", engagement.Query{Metrics: []sosyal.Metric{sosyal.Reach}}, s[2]),
		expect(ctx, a, "brand", engagement.Query{From: at(2), To: at(3)}, s[1], s[2], s[3]),
		expect(ctx, a, "brand", engagement.Query{From: at(3)}, s[4]),
		expect(ctx, a, "brand", engagement.Query{To: at(2)}, s[0]),
		expect(ctx, a, "brand", engagement.Query{Posts: []string{"a"}, Metrics: []sosyal.Metric{sosyal.Likes, sosyal.Saves}, From: at(2)}, s[1]),
	)
}

func checkTenancy(ctx context.Context, a engagement.Archive) error {
	mine, theirs := snapshot("a", sosyal.Likes, 1, 1), snapshot("a", sosyal.Likes, 1, 2)
	if err := a.Append(ctx, "mine", mine); err != nil {
		return err
	}
	if err := a.Append(ctx, "theirs", theirs); err != nil {
		return err
	}
	return errors.Join(
		expect(ctx, a, "mine", engagement.Query{}, mine),
		expect(ctx, a, "theirs", engagement.Query{Posts: []string{"a"}}, theirs),
		expect(ctx, a, "min", engagement.Query{}),
		expect(ctx, a, "%", engagement.Query{}),
	)
}

func checkInvalid(ctx context.Context, a engagement.Archive) error {
	good := snapshot("a", sosyal.Likes, 1, 1)
	for what, bad := range map[string]engagement.Snapshot{
		"no post":        snapshot("", sosyal.Likes, 1, 1),
		"no metric":      snapshot("a", "", 1, 1),
		"negative value": snapshot("a", sosyal.Likes, 1, -1),
		"no instant":     {Post: "a", Metric: sosyal.Likes, Value: 1},
	} {
		if err := a.Append(ctx, "brand", good, bad); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("appending a snapshot with %s gave %v, want ErrInvalid", what, err)
		}
	}
	for _, brand := range []sosyal.BrandID{"", "br\xffand", "br\x00and"} {
		if err := a.Append(ctx, brand, good); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("appending under brand %q gave %v, want ErrInvalid", brand, err)
		}
		if _, err := scan(ctx, a, brand, engagement.Query{}); !errors.Is(err, sosyal.ErrInvalid) {
			return fmt.Errorf("scanning brand %q gave %v, want ErrInvalid", brand, err)
		}
	}
	if err := a.Append(ctx, "brand"); err != nil {
		return fmt.Errorf("appending nothing: %w", err)
	}
	return expect(ctx, a, "brand", engagement.Query{})
}

func checkZone(ctx context.Context, a engagement.Archive) error {
	utc := snapshot("a", sosyal.Likes, 1, 1)
	utc.At = utc.At.Add(123456 * time.Microsecond)
	local := utc
	local.At = utc.At.Add(789 * time.Nanosecond).In(time.FixedZone("+03", 3*3600))
	if err := a.Append(ctx, "brand", local); err != nil {
		return err
	}
	if err := a.Append(ctx, "brand", utc); err != nil {
		return err
	}
	return expect(ctx, a, "brand", engagement.Query{}, utc)
}

func checkCancelled(ctx context.Context, a engagement.Archive) error {
	s := snapshot("a", sosyal.Likes, 1, 1)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := a.Append(cancelled, "brand", s); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("appending gave %v, want context.Canceled", err)
	}
	if _, err := scan(cancelled, a, "brand", engagement.Query{}); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("scanning gave %v, want context.Canceled", err)
	}
	return expect(ctx, a, "brand", engagement.Query{})
}

func checkStop(ctx context.Context, a engagement.Archive) error {
	s := []engagement.Snapshot{snapshot("a", sosyal.Likes, 1, 1), snapshot("b", sosyal.Likes, 1, 2), snapshot("c", sosyal.Likes, 1, 3)}
	if err := a.Append(ctx, "brand", s...); err != nil {
		return err
	}
	for range 50 { // more than a pool of connections would hold
		for _, err := range a.Scan(ctx, "brand", engagement.Query{}) {
			if err != nil {
				return err
			}
			break
		}
	}
	return expect(ctx, a, "brand", engagement.Query{}, s...)
}

func checkConcurrent(ctx context.Context, a engagement.Archive) error {
	const workers, each = 8, 20
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				errs[w] = errors.Join(errs[w], a.Append(ctx, "brand",
					snapshot(fmt.Sprintf("p%d", w), sosyal.Likes, i, float64(i)), snapshot("shared", sosyal.Likes, i, float64(i))))
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("appending at once: %w", err)
	}
	got, err := scan(ctx, a, "brand", engagement.Query{})
	if err != nil {
		return err
	}
	if len(got) != (workers+1)*each {
		return fmt.Errorf("%d snapshots are left of %d appended at once", len(got), (workers+1)*each)
	}
	return nil
}
