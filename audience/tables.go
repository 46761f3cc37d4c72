package audience

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Tables says where a host's own database keeps what rules look at, so that
// [Program.SQL] can ask it there. Only what the rules name needs to be mapped.
// Where a host's tables do not fit, because categories hang on the lines of an
// order, interests lie in an array or properties in a second table, a view
// does: its name goes where a table's would.
//
// The columns of keys, which are ids of brands, customers and events and
// constants, are compared as they are, so that their indexes serve; they may be
// whole numbers or UUIDs, and what compares as equal there must be the same. All
// other texts are compared byte by byte whatever the collation of their column
// is; in PostgreSQL an index on them serves where it has the collation "C".
type Tables struct {
	Customers CustomerTable `json:"customers"`
	// Events are the tables of events by the event's name; several may name the
	// same table and tell their rows apart by [Table.Only].
	Events   map[string]EventTable `json:"events,omitempty"`
	Consents ConsentTable          `json:"consents,omitzero"`
}

// Table is a table or view. Its name and those of its columns are letters,
// digits and underscores of ASCII, at most 63, and quoted in the query, so that
// they are the names as the database keeps them: in PostgreSQL those in lower
// case where they were made without quotes. The name of a table may have the
// names of its database and schema before it, with points.
type Table struct {
	Name string `json:"name,omitzero"`
	// Brand is the column with the id of the brand. Rows of other brands are never
	// looked at.
	Brand string `json:"brand,omitzero"`
	// OneBrand says, instead of Brand, that every row belongs to the brand that
	// the rule is compiled for.
	OneBrand bool `json:"one_brand,omitzero"`
	// Only are constants by which the rows are told from others of the table.
	Only []Constant `json:"only,omitempty"`
}

// Constant is a column that must have a value.
type Constant struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// CustomerTable has one row for each customer of a brand. Columns that are null
// are missing.
type CustomerTable struct {
	Table
	ID string `json:"id"`
	// Columns are those of the properties of [Profile] and of the [Schema], by the
	// names of the properties; lists stand in Lists.
	Columns map[string]Column `json:"columns,omitempty"`
	// Group is the column of [Customer.Group].
	Group string `json:"group,omitzero"`
	// Predictions are columns of floating point numbers.
	Predictions map[Prediction]string `json:"predictions,omitempty"`
	// Hash is a column of whole numbers that holds [BucketHash] of the id.
	Hash      string    `json:"hash,omitzero"`
	Interests ListTable `json:"interests,omitzero"`
	Networks  ListTable `json:"networks,omitzero"`
	// Segments are the list segments that customers were put in.
	Segments ListTable `json:"segments,omitzero"`
	// Lists are the list properties of the [Schema].
	Lists map[string]ListTable `json:"lists,omitempty"`
}

// ListTable has a row for each entry of a list: who has it, and what it is.
type ListTable struct {
	Table
	// Owner is the column with the id of the customer or, for lists of events, of
	// the event.
	Owner string `json:"owner,omitzero"`
	Value string `json:"value,omitzero"`
}

// EventTable has a row for each event.
type EventTable struct {
	Table
	// ID is the column of the event's id; only lists need it.
	ID       string `json:"id,omitzero"`
	Customer string `json:"customer"`
	At       Column `json:"at"`
	// Amount is in the currency of the event's type; null is none.
	Amount Column `json:"amount,omitzero"`
	// Adjustment is a flag; where there is no such column, or it is null, nothing
	// is an adjustment.
	Adjustment Column `json:"adjustment,omitzero"`
	// Columns and Lists are the properties of the event's type and "categories".
	Columns map[string]Column    `json:"columns,omitempty"`
	Lists   map[string]ListTable `json:"lists,omitempty"`
}

// ConsentTable has a row for each [Consent].
type ConsentTable struct {
	Table
	Customer string `json:"customer,omitzero"`
	Purpose  string `json:"purpose,omitzero"`
	// Channel is null or empty for all channels.
	Channel string `json:"channel,omitzero"`
	Source  string `json:"source,omitzero"`
	Status  string `json:"status,omitzero"`
	At      Column `json:"at,omitzero"`
	// Expires is null for grants that do not expire.
	Expires Column `json:"expires,omitzero"`
}

// Column is a column and how it writes its values.
type Column struct {
	Name     string   `json:"name"`
	Encoding Encoding `json:"encoding,omitzero"`
	// Scale 2 with [UnitEncoding] means units of a hundredth.
	Scale int `json:"scale,omitzero"`
}

// Encoding is how a column writes numbers, flags, days and instants.
type Encoding string

// Encodings.
const (
	// NativeEncoding is the database's own type: text, numeric or a whole number,
	// never a floating point one, boolean, date, timestamp with time zone. SQLite
	// has none of them but text; there it is whole numbers, 0 and 1, and for days
	// and instants what its functions date and datetime write, the latter in UTC.
	NativeEncoding Encoding = ""
	// TextEncoding writes days as 2026-11-03 and instants as 2026-11-03T10:00:00Z,
	// always in UTC and with Z, with or without a fraction of the second.
	TextEncoding Encoding = "text"
	// UTCEncoding is an instant as a timestamp without time zone that is in UTC.
	UTCEncoding Encoding = "utc"
	// UnitEncoding writes numbers as whole numbers of the unit 10^-Scale, instants
	// as whole numbers of 10^-Scale seconds since 1970, and flags as 0 and 1.
	UnitEncoding Encoding = "units"
)

// Finest units of numbers and instants.
const (
	maxTimeDecimals = 9
	instantColumn   = "instant" // a type of columns only, so no constant of PropertyType
)

// Validate reports names that are no identifiers, tables that say nothing of
// brands, columns that are required, and encodings that do not exist.
func (t Tables) Validate() error {
	var p sosyal.Problems
	p.Nest("customers", t.Customers.validate())
	for _, name := range slices.Sorted(maps.Keys(t.Events)) {
		p.Nest("events."+name, t.Events[name].validate())
	}
	if t.Consents.Name != "" {
		p.Nest("consents", t.Consents.validate())
	}
	return p.Err()
}

func (t CustomerTable) validate() error {
	var p sosyal.Problems
	t.check(&p)
	checkColumn(&p, "id", t.ID)
	checkOptional(&p, "group", t.Group)
	checkOptional(&p, "hash", t.Hash)
	for _, name := range slices.Sorted(maps.Keys(t.Predictions)) {
		checkColumn(&p, "predictions."+string(name), t.Predictions[name])
	}
	checkColumns(&p, t.Columns)
	checkLists(&p, map[string]ListTable{"interests": t.Interests, "networks": t.Networks, "segments": t.Segments}, "")
	checkLists(&p, t.Lists, "lists.")
	return p.Err()
}

func (t EventTable) validate() error {
	var p sosyal.Problems
	t.check(&p)
	checkColumn(&p, "customer", t.Customer)
	t.At.check(&p, "at", instantColumn)
	checkOptional(&p, "id", t.ID)
	for _, list := range slices.Sorted(maps.Keys(t.Lists)) {
		p.Require(t.ID != "", "id", "is required for lists", list)
	}
	if t.Amount != (Column{}) {
		t.Amount.check(&p, amountField, NumberProperty)
	}
	if t.Adjustment != (Column{}) {
		t.Adjustment.check(&p, "adjustment", FlagProperty)
	}
	checkColumns(&p, t.Columns)
	checkLists(&p, t.Lists, "lists.")
	return p.Err()
}

func (t ConsentTable) validate() error {
	var p sosyal.Problems
	t.check(&p)
	checkColumn(&p, "customer", t.Customer)
	checkColumn(&p, "purpose", t.Purpose)
	checkColumn(&p, "channel", t.Channel)
	checkColumn(&p, "source", t.Source)
	checkColumn(&p, "status", t.Status)
	t.At.check(&p, "at", instantColumn)
	t.Expires.check(&p, "expires", instantColumn)
	return p.Err()
}

func (t Table) check(p *sosyal.Problems) {
	parts := strings.Split(t.Name, ".")
	p.Require(len(parts) <= 3 && !slices.ContainsFunc(parts, func(s string) bool { return !identifier(s) }),
		"name", "must be the name of a table", t.Name)
	p.Require((t.Brand != "") != t.OneBrand, "brand", "is required, or one_brand instead of it", t.Brand)
	checkOptional(p, "brand", t.Brand)
	for i, c := range t.Only {
		path := "only[" + strconv.Itoa(i) + "]"
		checkColumn(p, path+".column", c.Column)
		checkText(p, path+".value", c.Value)
	}
}

// identifier reports whether a name can stand in a query.
func identifier(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return len(name) >= 1 && len(name) <= 63
}

func checkColumn(p *sosyal.Problems, path, name string) {
	p.Require(identifier(name), path, "must be the name of a column", name)
}

func checkOptional(p *sosyal.Problems, path, name string) {
	if name != "" {
		checkColumn(p, path, name)
	}
}

func checkColumns(p *sosyal.Problems, columns map[string]Column) {
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		columns[name].check(p, "columns."+name, "")
	}
}

// checkLists skips lists that are not mapped.
func checkLists(p *sosyal.Problems, lists map[string]ListTable, path string) {
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		if l := lists[name]; l.Name != "" {
			var own sosyal.Problems
			l.check(&own)
			checkColumn(&own, "owner", l.Owner)
			checkColumn(&own, "value", l.Value)
			p.Nest(path+name, own.Err())
		}
	}
}

// check reports an encoding that the type does not have; of type "" nothing is
// known.
func (c Column) check(p *sosyal.Problems, path string, kind PropertyType) {
	checkColumn(p, path+".name", c.Name)
	rule, finest := "", maxDecimals
	switch c.Encoding {
	case NativeEncoding, TextEncoding, UTCEncoding, UnitEncoding:
	default:
		rule = "must be text, utc, units or nothing"
	}
	switch kind {
	case TextProperty, ListProperty:
		rule = onlyFor(rule, c.Encoding)
	case NumberProperty:
		rule = onlyFor(rule, c.Encoding, UnitEncoding)
	case FlagProperty:
		rule, finest = onlyFor(rule, c.Encoding, UnitEncoding), 0
	case DayProperty:
		rule = onlyFor(rule, c.Encoding, TextEncoding)
	case instantColumn, "":
		finest = maxTimeDecimals
	}
	p.Require(rule == "", path+".encoding", rule, string(c.Encoding))
	if c.Encoding != UnitEncoding {
		finest = 0
	}
	checkRange(p, path+".scale", c.Scale, 0, finest)
}

// onlyFor is the rule that is broken where an encoding is neither the native one
// nor the other.
func onlyFor(rule string, e Encoding, other ...Encoding) string {
	if rule != "" || e == NativeEncoding || slices.Contains(other, e) {
		return rule
	}
	return "must suit the type of the property"
}

// check is Validate that also reports what the schema does not have and
// encodings that do not suit its types.
func (t Tables) check(s Schema) error {
	if err := t.Validate(); err != nil {
		return err
	}
	var p sosyal.Problems
	fitProperties(&p, "customers", t.Customers.Columns, t.Customers.Lists, s.property)
	for _, name := range slices.Sorted(maps.Keys(t.Events)) {
		kind, known := s.event(name)
		p.Require(known, "events."+name, "must be an event of the schema", name)
		if known {
			_, again := t.Events[name].Columns[amountField]
			p.Require(!again, "events."+name+".columns."+amountField, "must be mapped as the amount of the event", "")
			fitProperties(&p, "events."+name, t.Events[name].Columns, t.Events[name].Lists, kind.property)
		}
	}
	return p.Err()
}

func fitProperties(p *sosyal.Problems, path string, columns map[string]Column, lists map[string]ListTable, property func(string) (PropertyType, bool)) {
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		kind, known := property(name)
		at := path + ".columns." + name
		p.Require(known && kind != ListProperty, at, "must be a property of the schema that is no list", "")
		if known {
			columns[name].check(p, at, kind)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		kind, known := property(name)
		p.Require(known && kind == ListProperty, path+".lists."+name, "must be a list of the schema", "")
	}
}
