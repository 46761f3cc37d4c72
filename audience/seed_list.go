package audience

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/yukselenler/sosyal"
)

// topList keeps the best of the people offered to it, each once: a heap with
// the worst of them on top.
type topList struct {
	size    int
	offered int
	heap    scoreHeap
	at      map[sosyal.PersonID]*scored
}

// scored is a person with a score and a place in the heap.
type scored struct {
	person sosyal.PersonID
	score  float64
	index  int
}

func newTopList(size int) *topList { return &topList{size: size, at: map[sosyal.PersonID]*scored{}} }

// offer takes a person in if the list has room or someone worse.
//
// Whoever fell out scored no more than the worst on the list, so a person who
// comes back with less is refused again, and the list is the best of the people
// by their best scores whatever the order.
func (l *topList) offer(person sosyal.PersonID, score float64) {
	l.offered++
	if len(l.heap) == l.size && !better(person, score, l.heap[0]) {
		return
	}
	if e := l.at[person]; e != nil {
		if score > e.score {
			e.score = score
			heap.Fix(&l.heap, e.index)
		}
		return
	}
	e := &scored{person: person, score: score}
	if len(l.heap) == l.size {
		e = heap.Pop(&l.heap).(*scored)
		delete(l.at, e.person)
		e.person, e.score = person, score
	}
	l.at[person] = e
	heap.Push(&l.heap, e)
}

func better(person sosyal.PersonID, score float64, than *scored) bool {
	return score > than.score || (score == than.score && person < than.person)
}

// sorted returns the list, the best first.
func (l *topList) sorted() []*scored {
	out := slices.Clone(l.heap)
	slices.SortFunc(out, func(x, y *scored) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.person, y.person))
	})
	return out
}

// sum adds up the scores, in an order that does not depend on the stream's.
func (l *topList) sum() float64 {
	sum := 0.0
	for _, e := range l.sorted() {
		sum += e.score
	}
	return sum
}

// scoreHeap implements [heap.Interface] with the worst first.
type scoreHeap []*scored

func (h scoreHeap) Len() int           { return len(h) }
func (h scoreHeap) Less(i, j int) bool { return better(h[j].person, h[j].score, h[i]) }
func (h scoreHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements [heap.Interface].
func (h *scoreHeap) Push(x any) {
	e := x.(*scored)
	e.index = len(*h)
	*h = append(*h, e)
}

// Pop implements [heap.Interface].
func (h *scoreHeap) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}
