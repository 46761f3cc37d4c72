package calendar

import "math"

// assigner solves the assignment problem: every row takes at most one column,
// every column at most one row, and the sum of values is as high as possible; a
// row may stay without a column at value 0. It is the method of shortest
// augmenting paths (Jonker and Volgenant 1987) with, for each row, one more
// column of its own that stands for leaving it out. An assigner may be used again
// and keeps its memory.
type assigner struct {
	rowOf, colOf []int // by column and by row, -1 for none
	u, p         []float64
	dist         []float64
	from         []int  // by column: the row from which it was reached
	done         []bool // by column: in the tree
	tree         []int  // columns in the tree, in order
}

// solve fills rowOf and colOf for a matrix of n rows and m columns, row by row;
// negative infinity closes an entry. It returns the sum of values.
func (a *assigner) solve(w []float64, n, m int) float64 {
	a.reset(n, m)
	a.bid(w, n, m)
	for i := range n {
		if a.colOf[i] >= 0 {
			continue
		}
		_, a.u[i], _ = a.favourite(w, m, i)
		// A row whose best value is not positive is left out at no loss.
		if a.u[i] > 0 {
			a.augment(w, m, i)
		}
	}
	total := 0.0
	for i, j := range a.colOf[:n] {
		if j >= 0 {
			total += w[i*m+j]
		}
	}
	return total
}

// bid assigns most rows cheaply (augmenting row reduction): a row takes its best
// column and raises the price there until its second best is as good, and the row
// that held the column looks again. Every step keeps prices and assignments such
// that augment may go on from them.
func (a *assigner) bid(w []float64, n, m int) {
	steps := bidsPerRow * n
	for i := range n {
		for row := i; row >= 0 && steps > 0; steps-- {
			at, best, second := a.favourite(w, m, row)
			if at < 0 {
				break
			}
			previous := a.rowOf[at]
			if previous >= 0 && best == second {
				break
			}
			a.u[row], a.p[at] = second, a.p[at]+best-second
			a.rowOf[at], a.colOf[row] = row, at
			if previous >= 0 {
				a.colOf[previous] = -1
			}
			row = previous
		}
	}
}

// bidsPerRow bounds the bids, which can go on for long where rows are alike.
const bidsPerRow = 8

// favourite returns the column that is best for a row at the present prices, what
// it brings, and what the second best brings, being left out included; -1 where
// being left out is best.
func (a *assigner) favourite(w []float64, m, row int) (at int, best, second float64) {
	at = -1
	for j, v := range w[row*m : (row+1)*m] {
		switch v -= a.p[j]; {
		case v > best:
			at, best, second = j, v, best
		case v > second:
			second = v
		}
	}
	return at, best, second
}

func (a *assigner) reset(n, m int) {
	if cap(a.u) < n {
		a.u, a.colOf = make([]float64, n), make([]int, n)
	}
	if cap(a.p) < m {
		a.p, a.dist = make([]float64, m), make([]float64, m)
		a.rowOf, a.from, a.done = make([]int, m), make([]int, m), make([]bool, m)
	}
	a.u, a.colOf = a.u[:n], a.colOf[:n]
	a.p, a.dist, a.rowOf, a.from, a.done = a.p[:m], a.dist[:m], a.rowOf[:m], a.from[:m], a.done[:m]
	clear(a.p)
	for i := range a.colOf {
		a.colOf[i] = -1
	}
	for j := range a.rowOf {
		a.rowOf[j] = -1
	}
}

// augment finds a place for one row, moving others along a shortest path of
// slacks u[i] + p[j] - w[i][j], or leaves out the row for which that is cheapest.
func (a *assigner) augment(w []float64, m, start int) {
	for j := range m {
		a.dist[j] = math.Inf(1)
		a.done[j] = false
	}
	a.tree = a.tree[:0]
	row, at := start, 0.0
	out, outDist := start, a.u[start] // the row to leave out, and the length of that path
	end := -1
	for {
		values := w[row*m : (row+1)*m]
		next, nextDist := -1, math.Inf(1)
		base := at + a.u[row]
		for j, v := range values {
			if a.done[j] {
				continue
			}
			if d := base + a.p[j] - v; d < a.dist[j] {
				a.dist[j], a.from[j] = d, row
			}
			if a.dist[j] < nextDist {
				next, nextDist = j, a.dist[j]
			}
		}
		if next < 0 || nextDist >= outDist {
			at = outDist
			break
		}
		at = nextDist
		if a.rowOf[next] < 0 {
			end, out = next, -1
			break
		}
		a.done[next] = true
		a.tree = append(a.tree, next)
		row = a.rowOf[next]
		if d := at + a.u[row]; d < outDist {
			out, outDist = row, d
		}
	}
	a.u[start] -= at
	for _, j := range a.tree {
		a.u[a.rowOf[j]] -= at - a.dist[j]
		a.p[j] += at - a.dist[j]
	}
	if out >= 0 {
		if out == start {
			return
		}
		end = a.colOf[out]
		a.colOf[out] = -1
	}
	for {
		row := a.from[end]
		a.rowOf[end], a.colOf[row], end = row, end, a.colOf[row]
		if row == start {
			return
		}
	}
}
