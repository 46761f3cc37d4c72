package audience

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/yukselenler/sosyal"
)

// fileMagic begins a file and names its form.
const fileMagic = "sosyal audience index 1\n"

// ErrCorrupt says that a file is torn, was changed, or is none of an index. It
// is [sosyal.ErrInvalid].
var ErrCorrupt = fmt.Errorf("%w: not a whole file of an audience index", sosyal.ErrInvalid)

// WriteTo writes the index: what [Index.ReadFrom] reads, with a checksum at the
// end. It holds personal data, and texts that later versions brought in as well:
// write the newest version and keep the file as such. Kept conditions and the
// memory of changes are not written.
func (ix *Index) WriteTo(w io.Writer) (int64, error) {
	if ix.chain == nil {
		return 0, sosyal.FieldError{Field: "index", Rule: "must be one that was built or read"}
	}
	f := &fileWriter{sum: sha256.New()}
	f.out = bufio.NewWriterSize(io.MultiWriter(w, f.sum), 1<<16)
	f.raw([]byte(fileMagic))
	schema, err := json.Marshal(ix.schema)
	if err != nil {
		return 0, fmt.Errorf("writing an audience index: %w", err)
	}
	f.text(string(ix.brand))
	f.text(string(schema))
	f.number(uint64(ix.rows))
	f.number(uint64(ix.lastEvent))
	f.dictionaries(ix)
	f.number(uint64(len(ix.blocks)))
	for _, b := range ix.blocks {
		f.block(b)
	}
	if f.err == nil {
		f.err = f.out.Flush()
	}
	if f.err == nil {
		var n int
		n, f.err = w.Write(f.sum.Sum(nil))
		f.n += int64(n)
	}
	if f.err != nil {
		return f.n, fmt.Errorf("writing an audience index: %w", f.err)
	}
	return f.n, nil
}

// fileWriter writes little-endian numbers; the first error stays.
type fileWriter struct {
	out *bufio.Writer
	sum hash.Hash
	n   int64
	err error
}

func (f *fileWriter) raw(p []byte) {
	if f.err == nil {
		var n int
		n, f.err = f.out.Write(p)
		f.n += int64(n)
	}
}

func (f *fileWriter) number(v uint64) { f.raw(binary.AppendUvarint(nil, v)) }

func (f *fileWriter) text(t string) {
	f.number(uint64(len(t)))
	f.raw([]byte(t))
}

// writeList writes whole numbers of one width with their count.
func writeList[T uint8 | uint16 | uint32 | uint64](f *fileWriter, values []T) {
	f.number(uint64(len(values)))
	if f.err == nil {
		f.err = binary.Write(f.out, binary.LittleEndian, values)
		f.n += int64(binary.Size(values))
	}
}

func (f *fileWriter) field(x field) {
	f.number(uint64(x.kind))
	f.text(x.of)
	f.text(x.name)
}

func compareFields(x, y field) int {
	return strings.Compare(fmt.Sprint(x.kind, "\x00", x.of, "\x00", x.name), fmt.Sprint(y.kind, "\x00", y.of, "\x00", y.name))
}

// dictionaries writes the texts that stand in this version; the numbers of others
// are kept free.
func (f *fileWriter) dictionaries(ix *Index) {
	ix.chain.mu.Lock()
	names := slices.SortedFunc(maps.Keys(ix.chain.dict), compareFields)
	ix.chain.mu.Unlock()
	texts := map[field][]string{}
	for _, name := range names {
		all := slices.Clone(ix.chain.dictionary(name).all())
		for n, used := range ix.used(name, len(all)) {
			if !used {
				all[n] = erasedText
			}
		}
		for len(all) > 0 && all[len(all)-1] == erasedText {
			all = all[:len(all)-1]
		}
		if len(all) > 0 {
			texts[name] = all
		}
	}
	f.number(uint64(len(texts)))
	for _, name := range slices.SortedFunc(maps.Keys(texts), compareFields) {
		f.field(name)
		f.number(uint64(len(texts[name])))
		for _, t := range texts[name] {
			f.text(t)
		}
	}
}

func (f *fileWriter) bitmap(b bitmap) {
	f.number(uint64(b.n))
	switch {
	case b.dense != nil:
		writeList(f, b.dense[:])
	case b.sparse != nil:
		rows := make([]uint16, 0, b.n)
		b.sparse.Iterate(func(row uint32) bool {
			rows = append(rows, uint16(row))
			return true
		})
		writeList(f, rows)
	}
}

func (f *fileWriter) column(c *column) {
	f.number(uint64(c.base))
	f.number(uint64(c.unit))
	f.number(uint64(c.codes.width))
	switch c.codes.width {
	case 1:
		writeList(f, c.codes.b1)
	case 2:
		writeList(f, c.codes.b2)
	case 4:
		writeList(f, c.codes.b4)
	case 8:
		writeList(f, c.codes.b8)
	}
}

func (f *fileWriter) block(b *block) {
	f.number(uint64(b.n))
	f.bitmap(b.live)
	writeList(f, b.ids.text)
	writeList(f, b.ids.ends)
	f.number(uint64(len(b.columns)))
	for _, name := range slices.SortedFunc(maps.Keys(b.columns), compareFields) {
		f.field(name)
		f.column(b.columns[name])
	}
	f.number(uint64(len(b.tags)))
	for _, t := range slices.SortedFunc(maps.Keys(b.tags), compareTags) {
		f.number(uint64(t.list))
		f.text(t.name)
		f.text(t.text)
		f.bitmap(b.tags[t])
	}
	f.number(uint64(len(b.events)))
	for _, name := range slices.Sorted(maps.Keys(b.events)) {
		f.text(name)
		f.events(b.events[name])
	}
	if b.consents == nil {
		f.number(0)
		return
	}
	f.number(1)
	f.number(uint64(len(b.consents.statements)))
	writeList(f, b.consents.ends)
	for _, s := range b.consents.statements {
		f.number(uint64(s.at))
		f.number(uint64(s.expires))
		f.number(uint64(s.key))
		f.number(uint64(s.status))
	}
}

func compareTags(x, y tag) int {
	return strings.Compare(fmt.Sprint(x.list, "\x00", x.name, "\x00", x.text), fmt.Sprint(y.list, "\x00", y.name, "\x00", y.text))
}

func (f *fileWriter) events(e *eventBlock) {
	writeList(f, e.at)
	writeList(f, e.ends)
	writeList(f, e.adjustments)
	f.number(uint64(len(e.columns)))
	for _, name := range slices.Sorted(maps.Keys(e.columns)) {
		f.text(name)
		f.column(e.columns[name])
	}
}
