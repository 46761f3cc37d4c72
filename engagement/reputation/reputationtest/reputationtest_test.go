package reputationtest_test

import (
	"context"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
	"github.com/yukselenler/sosyal/engagement/reputation/reputationtest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	reputationtest.TestMentions(t, func(context.Context) (reputation.Mentions, error) { return new(reputation.Memory), nil })
}

type broken struct {
	reputation.Memory
	append func(ctx context.Context, brand sosyal.BrandID, m []reputation.Mention) error
	scan   func(ctx context.Context, brand sosyal.BrandID, q reputation.Query) iter.Seq2[reputation.Mention, error]
	forget func(ctx context.Context, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error)
}

func (b *broken) Append(ctx context.Context, brand sosyal.BrandID, m ...reputation.Mention) error {
	if b.append != nil {
		return b.append(ctx, brand, m)
	}
	return b.Memory.Append(ctx, brand, m...)
}

func (b *broken) Scan(ctx context.Context, brand sosyal.BrandID, q reputation.Query) iter.Seq2[reputation.Mention, error] {
	if b.scan != nil {
		return b.scan(ctx, brand, q)
	}
	return b.Memory.Scan(ctx, brand, q)
}

func (b *broken) Forget(ctx context.Context, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
	if b.forget != nil {
		return b.forget(ctx, brand, p)
	}
	return b.Memory.Forget(ctx, brand, p)
}

func TestSuiteFindsDefects(t *testing.T) {
	for name, spoil := range map[string]func(b *broken){
		"appends one by one": func(b *broken) {
			b.append = func(ctx context.Context, brand sosyal.BrandID, m []reputation.Mention) error {
				for _, one := range m {
					if err := b.Memory.Append(ctx, brand, one); err != nil {
						return err
					}
				}
				return b.Memory.Append(ctx, brand)
			}
		},
		"loses sentiment": func(b *broken) {
			b.append = func(ctx context.Context, brand sosyal.BrandID, m []reputation.Mention) error {
				for i := range m {
					if m[i].Sentiment.Validate() == nil {
						m[i].Sentiment.Model = ""
					}
				}
				return b.Memory.Append(ctx, brand, m...)
			}
		},
		"keeps the first": func(b *broken) {
			b.append = func(ctx context.Context, brand sosyal.BrandID, m []reputation.Mention) error {
				fresh := slices.DeleteFunc(slices.Clone(m), func(one reputation.Mention) bool {
					for known, err := range b.Memory.Scan(context.WithoutCancel(ctx), brand, reputation.Query{}) {
						if err == nil && known.ID == one.ID && one.ID != "" {
							return true
						}
					}
					return false
				})
				return b.Memory.Append(ctx, brand, fresh...)
			}
		},
		"one brand for all": func(b *broken) {
			b.append = func(ctx context.Context, brand sosyal.BrandID, m []reputation.Mention) error {
				return b.Memory.Append(ctx, brand[:min(len(brand), 0)]+"all", m...)
			}
			b.scan = func(ctx context.Context, _ sosyal.BrandID, q reputation.Query) iter.Seq2[reputation.Mention, error] {
				return b.Memory.Scan(ctx, "all", q)
			}
		},
		"forgets nothing": func(b *broken) {
			b.forget = func(ctx context.Context, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
				return b.Memory.Forget(ctx, brand, p+"x")
			}
		},
		"forgets for every brand": func(b *broken) {
			b.forget = func(ctx context.Context, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
				for _, other := range []sosyal.BrandID{"mine", "theirs"} {
					if other != brand {
						if _, err := b.Memory.Forget(ctx, other, p); err != nil {
							return sosyal.Erasure{}, err
						}
					}
				}
				return b.Memory.Forget(ctx, brand, p)
			}
		},
		"names the person": func(b *broken) {
			b.forget = func(ctx context.Context, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
				e, err := b.Memory.Forget(ctx, brand, p)
				e.Person = string(p)
				return e, err
			}
		},
		"ignores networks": func(b *broken) {
			b.scan = func(ctx context.Context, brand sosyal.BrandID, q reputation.Query) iter.Seq2[reputation.Mention, error] {
				q.Networks = nil
				return b.Memory.Scan(ctx, brand, q)
			}
		},
		"closed interval": func(b *broken) {
			b.scan = func(ctx context.Context, brand sosyal.BrandID, q reputation.Query) iter.Seq2[reputation.Mention, error] {
				if !q.To.IsZero() {
					q.To = q.To.Add(1)
				}
				return b.Memory.Scan(ctx, brand, q)
			}
		},
		"deaf to cancellation": func(b *broken) {
			b.forget = func(ctx context.Context, brand sosyal.BrandID, p sosyal.PersonID) (sosyal.Erasure, error) {
				return b.Memory.Forget(context.WithoutCancel(ctx), brand, p)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Error(t, reputationtest.CheckMentions(t.Context(), func(context.Context) (reputation.Mentions, error) {
				b := &broken{}
				spoil(b)
				return b, nil
			}))
		})
	}
	require.NoError(t, reputationtest.CheckMentions(t.Context(), func(context.Context) (reputation.Mentions, error) { return &broken{}, nil }))
}
