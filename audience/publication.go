package audience

import (
	"fmt"
	"slices"
	"time"

	"github.com/yukselenler/sosyal"
)

// Publication is who belongs to a segment, as it was published: members, version
// and time always go together.
type Publication struct {
	Definition
	// Version counts the publications whose members differ from the one before;
	// the first is 1.
	Version int64
	// ComputedAt is the moment for which the members were worked out.
	ComputedAt time.Time
	Members    *Members
	// Attributes are what the segment and those that it looks at choose people by,
	// as [Program.Attributes] names them.
	Attributes []string
}

// Movement is what a refresh changed about a segment.
type Movement struct {
	Segment sosyal.SegmentID
	Version int64
	// Entered are those who belong to it now and did not before; Left those who did.
	// Left still knows the ids of customers who were taken out of the index.
	Entered, Left *Members
}

// SegmentError says that a segment could not be refreshed. What was published of
// it before stays published, with the version and the time that it had.
type SegmentError struct {
	Segment sosyal.SegmentID
	Err     error
}

// Error names the segment.
func (e *SegmentError) Error() string { return fmt.Sprintf("segment %s: %v", e.Segment, e.Err) }

// Unwrap returns the cause.
func (e *SegmentError) Unwrap() error { return e.Err }

// published is a publication with what it takes to bring it up to date.
type published struct {
	Publication
	blocks []bitmap
	// chain and version are those of the index.
	chain   *chain
	version int64
	// question is the same for the same condition, bound to the same day, with the
	// same nested segments.
	question string
	now      int64
}

// without returns the publication less a person, over the index that it is of,
// which may be an older one than the tracker's, with the person's id erased; over
// has those that were made already.
func (p *published) without(person sosyal.PersonID, over map[*Index]*Index) *published {
	row, known := p.Members.ix.row(person)
	if !known {
		return p
	}
	ix, made := over[p.Members.ix]
	if !made {
		ix = p.Members.ix.lacking(row)
		over[p.Members.ix] = ix
	}
	next := *p
	next.blocks = slices.Clone(p.blocks)
	if i := row >> 16; i < len(next.blocks) && next.blocks[i].has(row&(blockRows-1)) {
		var w words
		next.blocks[i].words(&w)
		w.clear(row & (blockRows - 1))
		next.blocks[i] = bitmapOf(&w)
		next.Version++
	}
	next.Members = newMembers(ix, next.blocks)
	return &next
}
