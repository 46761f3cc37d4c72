package audience

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/yukselenler/sosyal"
)

// ReadFrom reads what [Index.WriteTo] wrote into an empty index. A file that is
// torn, that was changed or that goes on after its end is [ErrCorrupt] and leaves
// the index empty. What is read begins a line of versions of its own.
func (ix *Index) ReadFrom(r io.Reader) (int64, error) {
	if ix.chain != nil {
		return 0, sosyal.FieldError{Field: "index", Rule: "must be empty to be read into"}
	}
	f := &fileReader{in: bufio.NewReaderSize(r, 1<<16), sum: sha256.New()}
	read := f.index()
	if f.err != nil {
		return f.n, f.err
	}
	ix.brand, ix.schema, ix.chain, ix.blocks, ix.ids = read.brand, read.schema, read.chain, read.blocks, read.ids
	ix.rows, ix.size, ix.lastEvent = read.rows, read.size, read.lastEvent
	return f.n, nil
}

// fileReader reads what fileWriter wrote. It trusts nothing: lists grow only as
// far as there is data for them, and what does not fit together is an error. The
// first error stays; after it everything reads as nothing.
type fileReader struct {
	in  *bufio.Reader
	sum hash.Hash
	n   int64
	err error
}

// Read passes on what was written, noting it for the checksum.
func (f *fileReader) Read(p []byte) (int, error) {
	n, err := f.in.Read(p)
	f.n += int64(n)
	_, _ = f.sum.Write(p[:n]) // a hash takes everything
	if err != nil && f.err == nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// ReadByte is for reading numbers.
func (f *fileReader) ReadByte() (byte, error) {
	var p [1]byte
	_, err := io.ReadFull(f, p[:])
	return p[0], err
}

// fail notes that something could not be read: the source's own error where there
// was one, else the file is not whole.
func (f *fileReader) fail(err error) { f.require(err == nil) }

func (f *fileReader) require(ok bool) {
	if !ok && f.err == nil {
		f.err = ErrCorrupt
	}
}

// number reads a number of at most most.
func (f *fileReader) number(most uint64) uint64 {
	if f.err != nil {
		return 0
	}
	v, err := binary.ReadUvarint(f)
	f.fail(err)
	f.require(v <= most)
	if f.err != nil {
		return 0
	}
	return v
}

func (f *fileReader) text() string {
	b := readList[uint8](f, maxFileText, 0)
	f.require(utf8.Valid(b))
	return string(b)
}

// maxFileText bounds the texts of a file; the schema is the longest.
const maxFileText = 1 << 24

// readList reads a list of at most most numbers, of exactly n where that is not 0.
func readList[T uint8 | uint16 | uint32 | uint64](f *fileReader, most uint64, n int) []T {
	left := f.number(most)
	f.require(n == 0 || left == uint64(n))
	var out []T
	const atOnce = 1 << 15
	for f.err == nil && left > 0 {
		part := make([]T, min(left, atOnce))
		f.fail(binary.Read(f, binary.LittleEndian, part))
		out = append(out, part...)
		left -= uint64(len(part))
	}
	return slices.Clip(out)
}

// index reads everything and then compares the checksums.
func (f *fileReader) index() *Index {
	magic := make([]byte, len(fileMagic))
	_, err := io.ReadFull(f, magic)
	f.fail(err)
	f.require(string(magic) == fileMagic)
	brand := sosyal.BrandID(f.text())
	var schema Schema
	f.require(json.Unmarshal([]byte(f.text()), &schema) == nil && schema.Validate() == nil && sosyal.CheckBrand(brand) == nil)
	ix := emptyIndex(brand, schema)
	rows := f.number(math.MaxUint32)
	ix.lastEvent = int64(f.number(math.MaxUint64))
	f.dictionaries(ix.chain)
	blocks := f.number((math.MaxUint32 + blockRows) / blockRows)
	for i := uint64(0); i < blocks && f.err == nil; i++ {
		b := f.block(ix)
		f.require(f.err != nil || b.n == blockRows || i == blocks-1)
		ix.blocks = append(ix.blocks, b)
		ix.rows += b.n
		ix.size += b.live.n
	}
	f.require(ix.rows == int(rows))
	f.checksum()
	if f.err == nil {
		f.lookup(ix)
	}
	return ix
}

func (f *fileReader) checksum() {
	if f.err != nil {
		return
	}
	want := f.sum.Sum(nil)
	var got [sha256.Size]byte
	_, err := io.ReadFull(f, got[:])
	f.fail(err)
	f.require(bytes.Equal(want, got[:]))
	if f.err == nil {
		_, err := f.in.ReadByte()
		f.require(errors.Is(err, io.EOF))
	}
}

// lookup makes the table by which ids are found.
func (f *fileReader) lookup(ix *Index) {
	ids := &idTable{}
	for i, b := range ix.blocks {
		for row := range b.n {
			id := b.ids.at(row)
			f.require((id != "") == b.live.has(row))
			if id == "" {
				continue
			}
			same := func(row int) bool { return ix.blocks[row>>16].ids.equal(row&(blockRows-1), id) }
			_, known := ids.add(hashOf(ix.chain.seed, id), i*blockRows+row, same)
			f.require(!known)
		}
	}
	ix.ids = idLevels{}.with(ids)
}

func (f *fileReader) field() field {
	return field{fieldKind(f.number(uint64(consentField))), f.text(), f.text()}
}

func (f *fileReader) dictionaries(c *chain) {
	for n := f.number(math.MaxUint32); n > 0 && f.err == nil; n-- {
		d := c.dictionary(f.field())
		f.require(len(d.texts) == 0)
		for k := f.number(math.MaxUint32); k > 0 && f.err == nil; k-- {
			t := string(readList[uint8](f, math.MaxUint32, 0)) // lists of events have no limit
			if t == erasedText {
				d.texts = append(d.texts, erasedText)
				continue
			}
			before := len(d.texts)
			f.require(utf8.ValidString(t) && d.number(t) == int64(before))
		}
	}
}

// ends reads where the parts of a list of total values end. Rows that came after
// the list was made have no part.
func (f *fileReader) ends(n, total int) []uint32 {
	ends := readList[uint32](f, uint64(n), 0)
	f.require(len(ends) > 0 && slices.IsSorted(ends))
	f.require(f.err != nil || int(ends[len(ends)-1]) == total)
	return ends
}

func (f *fileReader) bitmap(n int) bitmap {
	var w words
	switch members := f.number(uint64(n)); {
	case members == 0 || f.err != nil:
		return bitmap{}
	case members < sparseRows:
		for _, row := range readList[uint16](f, sparseRows, int(members)) {
			f.require(int(row) < n)
			w.set(int(row))
		}
		f.require(w.count() == int(members))
	default:
		copy(w[:], readList[uint64](f, blockWords, blockWords))
		var all words
		all.fill(n)
		for i := range w {
			f.require(w[i]&^all[i] == 0)
		}
		f.require(w.count() == int(members))
	}
	return bitmapOf(&w)
}

// column reads a column of at most n values. texts is how many texts its numbers may
// stand for, -1 where it has none.
func (f *fileReader) column(n, texts int) *column {
	c := &column{base: int64(f.number(math.MaxUint64)), unit: int64(f.number(1_000_000))}
	f.require(slices.Contains([]int64{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}, c.unit))
	most := uint64(n+63) &^ 63
	c.codes.width = int(f.number(8))
	switch c.codes.width {
	case 1:
		c.codes.b1 = readList[uint8](f, most, 0)
	case 2:
		c.codes.b2 = readList[uint16](f, most, 0)
	case 4:
		c.codes.b4 = readList[uint32](f, most, 0)
	case 8:
		c.codes.b8 = readList[uint64](f, most, 0)
	default:
		f.require(false)
	}
	f.require(c.codes.len()%64 == 0)
	for i := range n {
		if texts < 0 || f.err != nil {
			break
		}
		v := c.at(i)
		f.require(v == missing || v >= 0 && v < int64(texts))
	}
	return c
}

// textsIn is how many texts a column of a type has, -1 for types without.
func textsIn(ix *Index, f field, kind PropertyType) int {
	if kind != TextProperty && kind != ListProperty {
		return -1
	}
	return len(ix.chain.dictionary(f).all())
}

func (f *fileReader) block(ix *Index) *block {
	b := &block{n: int(f.number(blockRows)), columns: map[field]*column{}, tags: map[tag]bitmap{}, events: map[string]*eventBlock{}}
	f.require(b.n > 0)
	b.live = f.bitmap(b.n)
	b.ids.text = readList[uint8](f, blockRows*maxText, 0)
	b.ids.ends = f.ends(b.n, len(b.ids.text))
	f.require(len(b.ids.ends) == b.n)
	for k := f.number(math.MaxUint32); k > 0 && f.err == nil; k-- {
		name := f.field()
		f.require(b.columns[name] == nil && name.kind <= predictionField && (name.kind != groupField || name == field{kind: groupField}))
		c := f.column(b.n, textsIn(ix, name, ix.typeOf(name)))
		if f.err == nil && ix.typeOf(name) == TextProperty {
			c.shareCommon(b.n)
		} else if f.err == nil {
			c.ranges = rangesOf(&c.codes, b.n)
		}
		b.columns[name] = c
	}
	for k := f.number(math.MaxUint32); k > 0 && f.err == nil; k-- {
		t := tag{tagList(f.number(uint64(propertyTags))), f.text(), f.text()}
		b.tags[t] = f.bitmap(b.n)
	}
	for k := f.number(math.MaxUint32); k > 0 && f.err == nil; k-- {
		name := f.text()
		_, known := ix.schema.event(name)
		f.require(known && b.events[name] == nil)
		b.events[name] = f.events(ix, name, b.n)
	}
	b.consents = f.consents(ix, b.n)
	return b
}

func (f *fileReader) events(ix *Index, name string, n int) *eventBlock {
	e := &eventBlock{at: readList[uint32](f, math.MaxUint32, 0), columns: map[string]*column{}}
	total := len(e.at)
	e.ends = f.ends(n, total)
	e.adjustments = readList[uint64](f, math.MaxUint32, 0)
	f.require(total > 0 && (len(e.adjustments) == 0 || len(e.adjustments) == (total+63)/64))
	for row := 0; row < n && f.err == nil; row++ {
		from, to := e.span(row)
		f.require(slices.IsSorted(e.at[from:to]) && (from == to || int64(e.at[to-1]) <= ix.lastEvent))
	}
	kind, _ := ix.schema.event(name)
	for k := f.number(math.MaxUint32); k > 0 && f.err == nil; k-- {
		column := f.text()
		t, known := kind.property(column)
		f.require(known && e.columns[column] == nil)
		e.columns[column] = f.column(total, textsIn(ix, field{eventField, name, column}, t))
	}
	if f.err == nil {
		e.summarize(n)
	}
	return e
}

func (f *fileReader) consents(ix *Index, n int) *consentBlock {
	if f.number(1) == 0 {
		return nil
	}
	total := f.number(math.MaxUint32)
	b := &consentBlock{ends: f.ends(n, int(total))}
	keys := uint64(len(ix.chain.dictionary(field{kind: consentField}).all()))
	for i := uint64(0); f.err == nil && i < total; i++ {
		s := spoken{at: uint32(f.number(math.MaxUint32)), expires: uint32(f.number(math.MaxUint32)), key: uint16(f.number(math.MaxUint16))}
		f.require(uint64(s.key) < keys)
		s.status = consentCode(f.number(uint64(refusedConsent)))
		b.statements = append(b.statements, s)
	}
	if f.err != nil {
		return nil
	}
	b.summarize()
	return b
}
