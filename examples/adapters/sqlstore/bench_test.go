package sqlstore_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/budget"
	"github.com/yukselenler/sosyal/engagement"
)

// Each commit is durable on SQLite; the throwaway PostgreSQL runs without fsync.
func BenchmarkWrite(b *testing.B) {
	for _, on := range databases() {
		for _, batch := range []int{1, 100} {
			b.Run(fmt.Sprintf("%s/%d", on.name, batch), func(b *testing.B) {
				_, store := on.empty(b).opened(b)
				docs := store.Documents()
				n := 0
				for b.Loop() {
					changes := make([]sosyal.DocChange, batch)
					for i := range changes {
						changes[i] = note(strconv.Itoa(n), 0, "text")
						changes[i].Events = nil
						n++
					}
					require.NoError(b, docs.Write(b.Context(), "rosa", changes...))
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "docs/s")
			})
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, on := range databases() {
		for _, batch := range []int{1, 100} {
			b.Run(fmt.Sprintf("%s/%d", on.name, batch), func(b *testing.B) {
				_, store := on.empty(b).opened(b)
				ledger := store.Ledger()
				head := budget.Head{Book: "book"}
				n := 0
				for b.Loop() {
					entries := make([]budget.Entry, batch)
					for i := range entries {
						n++
						entries[i] = spend(n)
					}
					out, err := ledger.Append(b.Context(), "rosa", head, entries...)
					require.NoError(b, err)
					head = out.Head
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
			})
		}
	}
}

func BenchmarkSnapshots(b *testing.B) {
	for _, on := range databases() {
		b.Run(on.name, func(b *testing.B) {
			_, store := on.empty(b).opened(b)
			archive := store.Archive()
			n := 0
			for b.Loop() {
				snapshots := make([]engagement.Snapshot, 1000)
				for i := range snapshots {
					snapshots[i] = engagement.Snapshot{
						Post: strconv.Itoa(n / 40), Metric: sosyal.Likes, Value: float64(n), At: time.Unix(int64(n), 0), Version: "1",
					}
					n++
				}
				require.NoError(b, archive.Append(b.Context(), "rosa", snapshots...))
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "snapshots/s")
		})
	}
}
