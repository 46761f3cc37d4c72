package tabular

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// errRecordTooLong guards memory: a quote that never closes would otherwise
// make one record of the rest of the file.
var errRecordTooLong = errors.New("a record is longer than 16 MB: a quotation mark does not close")

const maxRecord = 16 << 20

// decode returns the text of a file as UTF-8 without byte order mark.
func decode(r io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := br.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		unzipped, err := gzip.NewReader(br)
		if err != nil {
			return nil, err
		}
		br = bufio.NewReaderSize(unzipped, 1<<16)
	}
	switch mark, _ := br.Peek(3); {
	case len(mark) == 3 && string(mark) == "\xef\xbb\xbf":
		if _, err := br.Discard(3); err != nil {
			return nil, err
		}
		return br, nil // the mark settles it: what is not UTF-8 below is damage
	case len(mark) >= 2 && (string(mark[:2]) == "\xff\xfe" || string(mark[:2]) == "\xfe\xff"):
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
		return transform.NewReader(br, utf16.NewDecoder()), nil
	}
	return transform.NewReader(br, &turkishFallback{}), nil
}

// turkishFallback passes UTF-8 through. When the first byte that is not ASCII
// is not UTF-8 either, the file was written in windows-1254, the encoding in
// which spreadsheets save CSV on Turkish machines, and is decoded as that from
// there on. Once UTF-8 was seen, other bytes are left as they are: they are
// damage, which the record's check finds.
type turkishFallback struct {
	decided, legacy bool
}

func (f *turkishFallback) Reset() { *f = turkishFallback{} }

// Transform implements transform.Transformer.
func (f *turkishFallback) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		c := src[nSrc]
		switch {
		case c < utf8.RuneSelf || f.decided && !f.legacy:
			if nDst == len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			dst[nDst] = c
			nDst++
		case f.decided:
			if nDst+utf8.UTFMax > len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			nDst += utf8.EncodeRune(dst[nDst:], charmap.Windows1254.DecodeByte(c))
		default:
			if !atEOF && !utf8.FullRune(src[nSrc:]) {
				return nDst, nSrc, transform.ErrShortSrc
			}
			r, size := utf8.DecodeRune(src[nSrc:])
			f.decided, f.legacy = true, r == utf8.RuneError && size == 1
			continue
		}
		nSrc++
	}
	return nDst, nSrc, nil
}

// recordLimit stops the reader under a CSV parser when one record grows without
// end. The parser's owner resets read before each record.
type recordLimit struct {
	r    io.Reader
	read int
}

func (l *recordLimit) Read(p []byte) (int, error) {
	if l.read > maxRecord {
		return 0, errRecordTooLong
	}
	n, err := l.r.Read(p)
	l.read += n
	return n, err
}
