package sosyal

import (
	"strconv"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
	"github.com/shopspring/decimal"
)

// Reason is an explanation as data: a code with arguments. Nothing inside the
// library speaks a language; a [Catalogue] turns reasons into text where people
// read them.
type Reason struct {
	Code string `json:"code"`
	Args []Arg  `json:"args,omitempty"`
}

// Because returns a reason.
func Because(code string, args ...Arg) Reason { return Reason{Code: code, Args: args} }

// Arg returns the argument of that name, the zero Arg where there is none.
func (r Reason) Arg(name string) Arg {
	for _, a := range r.Args {
		if a.Name == name {
			return a
		}
	}
	return Arg{}
}

// ArgKind says how an argument is written in text.
type ArgKind string

// Kinds of arguments.
const (
	KindText    ArgKind = "text"    // as it stands
	KindTerm    ArgKind = "term"    // a code that the catalogue translates, such as a network or objective
	KindNumber  ArgKind = "number"  // a decimal number
	KindPercent ArgKind = "percent" // a share; 0.123 is written 12.3%
	KindMoney   ArgKind = "money"   // an amount with its currency
	KindDate    ArgKind = "date"    // a calendar day
	KindTime    ArgKind = "time"    // a wall time
)

// Arg is a named argument of a [Reason]. Value is its canonical text, from
// which each language makes its own; build it with the functions below.
type Arg struct {
	Name  string  `json:"name"`
	Kind  ArgKind `json:"kind"`
	Value string  `json:"value"`
}

// TextArg is written as it stands.
func TextArg(name, value string) Arg { return Arg{name, KindText, value} }

// TermArg is a code that the catalogue translates: its message is looked up as
// "term." and the code. Codes without a message are written as they stand.
func TermArg[T ~string](name string, code T) Arg { return Arg{name, KindTerm, string(code)} }

// CountArg is a whole number.
func CountArg(name string, n int) Arg { return Arg{name, KindNumber, strconv.Itoa(n)} }

// NumberArg is a number with a fixed number of decimals.
func NumberArg(name string, value float64, decimals int) Arg {
	return Arg{name, KindNumber, strconv.FormatFloat(value, 'f', decimals, 64)}
}

// PercentArg is a share, written in per cent with a fixed number of decimals:
// PercentArg("rate", 0.1234, 1) is 12.3%.
func PercentArg(name string, share float64, decimals int) Arg {
	return Arg{name, KindPercent, strconv.FormatFloat(share*100, 'f', decimals, 64)}
}

// MoneyArg is an amount of money.
func MoneyArg(name string, m Money) Arg { return Arg{name, KindMoney, m.String()} }

// DateArg is a calendar day.
func DateArg(name string, d date.Date) Arg { return Arg{name, KindDate, d.String()} }

// TimeArg is a time of day.
func TimeArg(name string, w WallTime) Arg { return Arg{name, KindTime, w.String()} }

// text writes the argument in a language. A value that does not have the form
// of its kind is written as it stands: an explanation never fails.
func (a Arg) text(l Language, terms map[string]string) string {
	switch a.Kind {
	case KindTerm:
		if t, ok := terms["term."+a.Value]; ok {
			return t
		}
	case KindNumber:
		if d, err := decimal.NewFromString(a.Value); err == nil {
			return FormatDecimal(d, max(0, -d.Exponent()), l.Convention())
		}
	case KindPercent:
		if d, err := decimal.NewFromString(a.Value); err == nil {
			number := FormatDecimal(d, max(0, -d.Exponent()), l.Convention())
			if l == Turkish {
				if rest, negative := strings.CutPrefix(number, "-"); negative {
					return "-%" + rest // the minus stands before the sign, as in CLDR
				}
				return "%" + number
			}
			return number + "%"
		}
	case KindMoney:
		if m, ok := moneyFromText(a.Value); ok {
			return m.Format(l)
		}
	case KindDate:
		if d, err := ParseDate(a.Value); err == nil {
			return FormatDate(d, l)
		}
	case KindText, KindTime:
	}
	return a.Value
}

// moneyFromText reads [Money.String].
func moneyFromText(text string) (Money, bool) {
	if len(text) < 5 || text[len(text)-4] != ' ' {
		return Money{}, false
	}
	amount, err := ParseDecimal(text[:len(text)-4], Plain)
	if err != nil {
		return Money{}, false
	}
	m, err := NewMoney(amount, text[len(text)-3:])
	return m, err == nil
}

// FormatDate writes a day in full: 3 Kasım 2026 in Turkish, 3 November 2026 in
// English.
func FormatDate(d date.Date, l Language) string {
	return strconv.Itoa(d.Day()) + " " + MonthName(d.Month(), l) + " " + strconv.Itoa(d.Year())
}

// MonthName returns the name of the month; English where the language is not
// one of the module's.
func MonthName(m time.Month, l Language) string {
	if l == Turkish && m >= time.January && m <= time.December {
		return [...]string{
			"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran",
			"Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık",
		}[m-1]
	}
	return m.String()
}

// WeekdayName returns the name of the weekday; English where the language is
// not one of the module's.
func WeekdayName(d time.Weekday, l Language) string {
	if l == Turkish && d >= time.Sunday && d <= time.Saturday {
		return [...]string{"Pazar", "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi"}[d]
	}
	return d.String()
}
