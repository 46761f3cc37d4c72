package audience

import (
	"fmt"
	"time"

	"github.com/yukselenler/sosyal"
)

// Dialect is the kind of database that a query is written for.
type Dialect string

// Dialects.
const (
	PostgreSQL Dialect = "postgresql" // 12 or later, with UTF8
	SQLite     Dialect = "sqlite"     // 3.35 or later
	DuckDB     Dialect = "duckdb"     // 1.4 or later
)

// argument is what an argument of a query stands for.
type argument uint8

const (
	keyArgument argument = iota // takes the type of the column that it is compared with
	textArgument
	wholeArgument
	numberArgument // a decimal, written as text
	floatArgument
	flagArgument
	dayArgument
	instantArgument // native
	utcArgument
	listArgument // of texts
)

// syntax is how a dialect says what the others say differently. %s stands for
// an expression, and %[2]s for the argument.
type syntax struct {
	mark         string // before the number of an argument
	maxArguments int
	casts        map[argument]string // how an argument gets its type
	key, text    string              // makes a key or a text compare byte by byte
	oneOf        string
	contains     string
	startsWith   string
	endsWith     string
	monthDay     string // of a native day, as 0229
	seconds      string // of a native instant, cut to whole ones
	textSeconds  string // of an instant in text
	quotient     string // of whole numbers
	// plainTimes says that native days and instants are text, numbers are whole and
	// flags 0 and 1.
	plain bool
}

// syntax returns the dialect's.
func (d Dialect) syntax() (syntax, error) {
	switch d {
	case PostgreSQL:
		return syntax{
			mark: "$", maxArguments: 65_535,
			casts: map[argument]string{
				textArgument: "::text", wholeArgument: "::bigint", numberArgument: "::numeric", floatArgument: "::double precision",
				flagArgument: "::boolean", dayArgument: "::date", instantArgument: "::timestamptz", utcArgument: "::timestamp", listArgument: "::text[]",
			},
			key: `%s`, text: `%s COLLATE "C"`, oneOf: "%s = ANY(%s)",
			contains: "strpos(%s, %s) > 0", startsWith: "starts_with(%s, %s)", endsWith: "right(%s, length(%[2]s)) = %[2]s",
			monthDay: "to_char(%s, 'MMDD')", seconds: "CAST(floor(extract(epoch FROM %s)) AS bigint)",
			textSeconds: "CAST(extract(epoch FROM CAST(left(%s, 19) || 'Z' AS timestamptz)) AS bigint)", quotient: "%s / %d",
		}, nil
	case SQLite:
		return syntax{
			mark: "?", maxArguments: 32_766, plain: true,
			key: "%s COLLATE BINARY", text: "%s COLLATE BINARY", oneOf: "%s IN (SELECT value FROM json_each(%s))",
			contains: "instr(%s, %s) > 0", startsWith: "substr(%s, 1, length(%[2]s)) = %[2]s", endsWith: "substr(%s, -length(%[2]s)) = %[2]s",
			textSeconds: "CAST(strftime('%%s', substr(%s, 1, 19)) AS INTEGER)", quotient: "%s / %d",
		}, nil
	case DuckDB:
		return syntax{
			mark: "$", maxArguments: 65_535,
			casts: map[argument]string{
				textArgument: "::VARCHAR", wholeArgument: "::BIGINT", numberArgument: "::DECIMAL(38, 6)", floatArgument: "::DOUBLE",
				flagArgument: "::BOOLEAN", dayArgument: "::DATE", instantArgument: "::TIMESTAMPTZ", utcArgument: "::TIMESTAMP", listArgument: "::JSON::VARCHAR[]",
			},
			key: "%s", text: "%s COLLATE C", oneOf: "%s IN (SELECT unnest(%s))",
			contains: "contains(%s, %s)", startsWith: "starts_with(%s, %s)", endsWith: "ends_with(%s, %s)",
			monthDay: "strftime(%s, '%%m%%d')", seconds: "CAST(floor(epoch(%s)) AS BIGINT)",
			textSeconds: "CAST(epoch(CAST(left(%s, 19) || 'Z' AS TIMESTAMPTZ)) AS BIGINT)", quotient: "%s // %d",
		}, nil
	}
	return syntax{}, fmt.Errorf("dialect %q: %w", string(d), sosyal.ErrUnsupported)
}

// Forms of instants; those in text leave out the end, so that a bound compares
// with columns that have a zone or a fraction there as well.
const (
	nativeInstant = "2006-01-02 15:04:05+00"
	plainInstant  = "2006-01-02 15:04:05"
	textInstant   = "2006-01-02T15:04:05"
)

// instant writes an instant as a column does, with the type of the argument.
func (g *syntax) instant(c Column, at int64) (argument, any) {
	t := time.Unix(at, 0).UTC()
	switch {
	case c.Encoding == UnitEncoding:
		return wholeArgument, grown(at, c.Scale)
	case c.Encoding == TextEncoding:
		return textArgument, t.Format(textInstant)
	case g.plain:
		return textArgument, t.Format(plainInstant)
	case c.Encoding == UTCEncoding:
		return utcArgument, t.Format(plainInstant)
	}
	return instantArgument, t.Format(nativeInstant)
}

// inText reports whether a column of days or instants is one of text.
func (g *syntax) inText(c Column) bool {
	return c.Encoding == TextEncoding || g.plain && c.Encoding != UnitEncoding
}

// secondsOf cuts an instant to whole seconds.
func (g *syntax) secondsOf(c Column, x string) string {
	switch {
	case g.inText(c):
		return fmt.Sprintf(g.textSeconds, x)
	case c.Encoding != UnitEncoding:
		return fmt.Sprintf(g.seconds, x)
	case c.Scale == 0:
		return x
	}
	return fmt.Sprintf(g.quotient, x, grown(1, c.Scale))
}
