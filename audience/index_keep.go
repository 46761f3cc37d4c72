package audience

import (
	"context"
	"fmt"
)

// keptLeaf is a condition whose answer for every customer an index keeps.
type keptLeaf struct {
	node   node
	plan   *plan
	blocks []bitmap
}

// Keep returns the next version of the index, which keeps the answers to the
// conditions of the programs, and to no others: rules made of them are then
// answered by putting bitmaps together. Updates keep the answers true. A
// condition that looks at the calendar is kept for the day of its program.
//
// Each condition takes a bit for each customer.
func (ix *Index) Keep(ctx context.Context, programs ...Program) (*Index, error) {
	next, err := ix.succeed()
	if err != nil {
		return nil, err
	}
	next.version = ix.version // nothing about the customers has changed
	next.kept = map[string]keptLeaf{}
	for _, p := range programs {
		roots := []node{p.root}
		for _, s := range p.plan.segments {
			roots = append(roots, s.root)
		}
		for _, root := range roots {
			for _, n := range simpleNodes(root) {
				blocks, err := Program{brand: p.brand, root: n, plan: p.plan}.evaluate(ctx, ix, nil)
				if err != nil {
					ix.succeeded.Store(false)
					return nil, err
				}
				next.kept[keyOf(n)] = keptLeaf{node: n, plan: &p.plan, blocks: flat(blocks)}
			}
		}
	}
	return next, nil
}

// flat makes all blocks dense: they are what every evaluation goes through.
func flat(blocks []bitmap) []bitmap {
	out := make([]bitmap, len(blocks))
	for i, b := range blocks {
		var w words
		b.words(&w)
		out[i] = denseOf(&w)
	}
	return out
}

// simpleNodes returns the conditions of which a node is made. Those that look at
// the moment are left out: their answers do not keep.
func simpleNodes(n node) []node {
	switch n := n.(type) {
	case allNode:
		return simpleOf(n)
	case anyNode:
		return simpleOf(n)
	case notNode:
		return simpleNodes(n.part)
	case segmentNode, consentNode, nil:
		return nil
	}
	return []node{n}
}

func simpleOf(nodes []node) []node {
	var out []node
	for _, n := range nodes {
		out = append(out, simpleNodes(n)...)
	}
	return out
}

// keyOf is the same for two nodes if, and only if, they ask the same.
func keyOf(n node) string { return fmt.Sprintf("%#v", n) }

// keptBlocks returns the kept answer to a node.
func (ix *Index) keptBlocks(n node) ([]bitmap, bool) {
	if len(ix.kept) == 0 {
		return nil, false
	}
	switch n.(type) {
	case allNode, anyNode, notNode, segmentNode:
		return nil, false
	}
	k, ok := ix.kept[keyOf(n)]
	return k.blocks, ok
}
