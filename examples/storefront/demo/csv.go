package demo

import (
	"strconv"
	"strings"

	"github.com/rickb777/date/v2"
)

// The rows are built by appending: a field writes the comma that precedes it,
// so a row opens with appendTime, appendDay or a plain append.

func appendTime(b []byte, s seconds) []byte {
	return s.clock().AppendFormat(b, "2006-01-02 15:04:05")
}

func appendDay(b []byte, d date.Date) []byte {
	return d.MidnightUTC().AppendFormat(b, "2006-01-02")
}

func appendText(b []byte, fields ...string) []byte {
	for _, f := range fields {
		b = append(b, ',')
		b = appendField(b, f)
	}
	return b
}

// appendField quotes by RFC 4180 where a comma, a quote or a line break asks for it.
func appendField(b []byte, f string) []byte {
	if !strings.ContainsAny(f, ",\"\r\n") {
		return append(b, f...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(f, `"`, `""`)...)
	return append(b, '"')
}

func appendInt(b []byte, n int) []byte {
	b = append(b, ',')
	return strconv.AppendInt(b, int64(n), 10)
}

// appendAmount writes kuruş as lira with two decimals.
func appendAmount(b []byte, kurus int64) []byte {
	b = append(b, ',')
	if kurus < 0 {
		b, kurus = append(b, '-'), -kurus
	}
	b = strconv.AppendInt(b, kurus/100, 10)
	return append(b, '.', byte('0'+kurus/10%10), byte('0'+kurus%10))
}
