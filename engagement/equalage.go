package engagement

import (
	"iter"
	"time"
)

// AtEqualAge gives every post the counts that it had at one and the same age,
// so that posts of different age can be compared. Posts too young for it, or
// without captures around it, keep their place with no counts; snapshots of
// other posts are passed over. An error among the snapshots ends the work.
func AtEqualAge(posts []Post, snapshots iter.Seq2[Snapshot, error], age time.Duration) ([]Post, error) {
	index := make(map[string]int, len(posts))
	for i, p := range posts {
		index[p.ID] = i
	}
	captured := make([][]Snapshot, len(posts))
	for s, err := range snapshots {
		if err != nil {
			return nil, err
		}
		if i, ok := index[s.Post]; ok {
			captured[i] = append(captured[i], s)
		}
	}
	out := make([]Post, len(posts))
	for i, p := range posts {
		p.Counts, p.Age = AtAge(p.At, captured[i], age), age
		out[i] = p
	}
	return out, nil
}

// Posts yields posts held in memory, in the form that [Summarize] reads.
func Posts(posts []Post) iter.Seq2[Post, error] {
	return func(yield func(Post, error) bool) {
		for _, p := range posts {
			if !yield(p, nil) {
				return
			}
		}
	}
}
