package engagementtest_test

import (
	"context"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
	"github.com/yukselenler/sosyal/engagement/engagementtest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	engagementtest.TestArchive(t, func(context.Context) (engagement.Archive, error) { return new(engagement.Memory), nil })
}

// broken wraps a good archive with one defect.
type broken struct {
	engagement.Memory
	mu     sync.Mutex
	append func(b *broken, ctx context.Context, brand sosyal.BrandID, s []engagement.Snapshot) error
	scan   func(b *broken, ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error]
}

func (b *broken) Append(ctx context.Context, brand sosyal.BrandID, s ...engagement.Snapshot) error {
	if b.append != nil {
		return b.append(b, ctx, brand, s)
	}
	return b.Memory.Append(ctx, brand, s...)
}

func (b *broken) Scan(ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
	if b.scan != nil {
		return b.scan(b, ctx, brand, q)
	}
	return b.Memory.Scan(ctx, brand, q)
}

func filtered(seq iter.Seq2[engagement.Snapshot, error], change func([]engagement.Snapshot) []engagement.Snapshot) iter.Seq2[engagement.Snapshot, error] {
	return func(yield func(engagement.Snapshot, error) bool) {
		var all []engagement.Snapshot
		for s, err := range seq {
			if err != nil {
				yield(s, err)
				return
			}
			all = append(all, s)
		}
		for _, s := range change(all) {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func TestSuiteFindsDefects(t *testing.T) {
	for name, b := range map[string]func() *broken{
		"brands meet": func() *broken {
			return &broken{append: func(b *broken, ctx context.Context, brand sosyal.BrandID, s []engagement.Snapshot) error {
				if brand != "" {
					brand = "everyone"
				}
				return b.Memory.Append(ctx, brand, s...)
			}, scan: func(b *broken, ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
				if brand != "" {
					brand = "everyone"
				}
				return b.Memory.Scan(ctx, brand, q)
			}}
		},
		"appends one by one": func() *broken {
			return &broken{append: func(b *broken, ctx context.Context, brand sosyal.BrandID, s []engagement.Snapshot) error {
				for _, one := range s {
					if err := b.Memory.Append(ctx, brand, one); err != nil {
						return err
					}
				}
				return ctx.Err()
			}}
		},
		"first value holds": func() *broken {
			return &broken{append: func(b *broken, ctx context.Context, brand sosyal.BrandID, s []engagement.Snapshot) error {
				b.mu.Lock()
				defer b.mu.Unlock()
				for _, one := range s {
					known := false
					for _, err := range b.Memory.Scan(ctx, brand, engagement.Query{Posts: []string{one.Post}, Metrics: []sosyal.Metric{one.Metric}, From: one.At, To: one.At.Add(1)}) {
						known = err == nil
					}
					if !known {
						if err := b.Memory.Append(ctx, brand, one); err != nil {
							return err
						}
					}
				}
				return b.Memory.Append(ctx, brand)
			}}
		},
		"versions joined": func() *broken {
			return &broken{append: func(b *broken, ctx context.Context, brand sosyal.BrandID, s []engagement.Snapshot) error {
				s = slices.Clone(s)
				for i := range s {
					s[i].Version = "1"
				}
				return b.Memory.Append(ctx, brand, s...)
			}}
		},
		"unordered": func() *broken {
			return &broken{scan: func(b *broken, ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
				return filtered(b.Memory.Scan(ctx, brand, q), func(s []engagement.Snapshot) []engagement.Snapshot { slices.Reverse(s); return s })
			}}
		},
		"smoothed": func() *broken {
			return &broken{scan: func(b *broken, ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
				return filtered(b.Memory.Scan(ctx, brand, q), func(s []engagement.Snapshot) []engagement.Snapshot {
					for i := 1; i < len(s); i++ {
						if s[i].Post == s[i-1].Post && s[i].Metric == s[i-1].Metric {
							s[i].Value = max(s[i].Value, s[i-1].Value)
						}
					}
					return s
				})
			}}
		},
		"closed interval": func() *broken {
			return &broken{scan: func(b *broken, ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
				if !q.To.IsZero() {
					q.To = q.To.Add(time.Microsecond)
				}
				return b.Memory.Scan(ctx, brand, q)
			}}
		},
		"ignores metrics": func() *broken {
			return &broken{scan: func(b *broken, ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
				q.Metrics = nil
				return b.Memory.Scan(ctx, brand, q)
			}}
		},
		"deaf to cancellation": func() *broken {
			return &broken{append: func(b *broken, ctx context.Context, brand sosyal.BrandID, s []engagement.Snapshot) error {
				return b.Memory.Append(context.WithoutCancel(ctx), brand, s...)
			}}
		},
		"local time": func() *broken {
			return &broken{scan: func(b *broken, ctx context.Context, brand sosyal.BrandID, q engagement.Query) iter.Seq2[engagement.Snapshot, error] {
				return filtered(b.Memory.Scan(ctx, brand, q), func(s []engagement.Snapshot) []engagement.Snapshot {
					for i := range s {
						s[i].At = s[i].At.In(time.FixedZone("x", 3600))
					}
					return s
				})
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := engagementtest.CheckArchive(t.Context(), func(context.Context) (engagement.Archive, error) { return b(), nil })
			assert.Error(t, err)
		})
	}
	require.NoError(t, engagementtest.CheckArchive(t.Context(), func(context.Context) (engagement.Archive, error) { return &broken{}, nil }))
}
