package audiencetest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// loader writes the statements that make a world.
type loader struct {
	Warehouse
	schema     audience.Schema
	tables     *audience.Tables
	event      int
	rows       map[string][]any // of a table, waiting
	width      map[string]int
	statements []statement
	err        error
}

type statement struct {
	text string
	args []any
}

func (l *loader) add(text string, args ...any) {
	l.statements = append(l.statements, statement{text, args})
}

func (l *loader) run(ctx context.Context) error {
	tx, err := l.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, s := range l.statements {
		if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
			return fmt.Errorf("%w in %s", err, s.text)
		}
	}
	return tx.Commit()
}

func (l *loader) create() {
	key, text, instant := cmp.Or(l.Key, "text"), cmp.Or(l.Text, "text"), l.typeOf(l.instant(""), "")
	var customer, event []string
	for _, name := range names(l.tables.Customers.Columns) {
		kind, c := customerTypes(l.schema)[name], l.tables.Customers.Columns[name]
		customer = append(customer, c.Name+" "+l.typeOf(c, kind))
	}
	for i := range predictions() {
		customer = append(customer, fmt.Sprintf("score%d double precision", i))
	}
	for _, name := range eventNames(l.schema) {
		for _, property := range names(l.tables.Events[name].Columns) {
			c := l.tables.Events[name].Columns[property]
			column := c.Name + " " + l.typeOf(c, eventTypes(l.schema.Events[name])[property])
			if !slices.Contains(event, column) {
				event = append(event, column)
			}
		}
	}
	table := func(name string, columns ...string) {
		l.add("DROP TABLE IF EXISTS " + name)
		l.add("CREATE TABLE " + name + " (brand " + key + ", " + strings.Join(columns, ", ") + ")")
	}
	table("customers", append([]string{"id " + key, "grp " + text, "hash bigint"}, customer...)...)
	table("marks", "kind "+key, "owner "+key, "value "+text)
	table("events", append([]string{
		"kind " + key, "id " + key, "customer " + key, `"select" ` + instant,
		"amount " + l.typeOf(l.column("", audience.NumberProperty), audience.NumberProperty),
		"adjusted " + l.typeOf(l.column("", audience.FlagProperty), audience.FlagProperty),
	}, event...)...)
	table("event_marks", "kind "+key, "owner "+key, "value "+text)
	table("consents", "customer "+key, "purpose "+text, "channel "+text, "source "+text, "status "+text, `"select" `+instant, "expires "+instant)
}

// typeOf is the database's type of a column; kind "" is an instant.
func (l *loader) typeOf(c audience.Column, kind audience.PropertyType) string {
	text := cmp.Or(l.Text, "text")
	switch {
	case c.Encoding == audience.UnitEncoding:
		return "bigint"
	case c.Encoding == audience.TextEncoding:
		return text
	case c.Encoding == audience.UTCEncoding && l.Dialect != audience.SQLite:
		return "timestamp"
	case kind == audience.TextProperty || l.Dialect == audience.SQLite && kind != audience.FlagProperty:
		return text
	}
	return map[audience.PropertyType]string{
		audience.NumberProperty: "decimal(18, 6)", audience.FlagProperty: "boolean", audience.DayProperty: "date", "": "timestamptz",
	}[kind]
}

// row adds a row to a table; many are written at once.
func (l *loader) row(table string, values ...any) {
	l.rows[table], l.width[table] = append(l.rows[table], values...), len(values)
	if len(l.rows[table]) > 2000 {
		l.write(table)
	}
}

func (l *loader) write(table string) {
	var text strings.Builder
	text.WriteString("INSERT INTO " + table + " VALUES ")
	for i := range l.rows[table] {
		switch {
		case i == 0:
			text.WriteString("(")
		case i%l.width[table] == 0:
			text.WriteString("), (")
		default:
			text.WriteString(", ")
		}
		text.WriteString(map[bool]string{true: "?", false: "$"}[l.Dialect == audience.SQLite] + strconv.Itoa(i+1))
	}
	if len(l.rows[table]) > 0 {
		l.add(text.String()+")", l.rows[table]...)
	}
	l.rows[table] = nil
}

func (l *loader) customer(brand sosyal.BrandID, c audience.Customer) {
	row := []any{string(brand), string(c.ID), orNull(c.Group), int64(audience.BucketHash(c.ID))}
	for _, name := range names(l.tables.Customers.Columns) {
		column := l.tables.Customers.Columns[name]
		if value, ok := profileValue(c.Profile, name); ok {
			row = append(row, value)
		} else {
			row = append(row, l.value(c.Properties[name], column, customerTypes(l.schema)[name]))
		}
	}
	for _, p := range predictions() {
		if v, ok := c.Predictions[p]; ok {
			row = append(row, v)
		} else {
			row = append(row, nil)
		}
	}
	l.row("customers", row...)
	for _, text := range c.Interests {
		l.row("marks", string(brand), "interests", string(c.ID), text)
	}
	for _, network := range c.Networks {
		l.row("marks", string(brand), "networks", string(c.ID), string(network))
	}
	for _, id := range c.Lists {
		l.row("marks", string(brand), "segments", string(c.ID), string(id))
	}
	for _, name := range names(l.tables.Customers.Lists) {
		for _, text := range texted(c.Properties[name]) {
			l.row("marks", string(brand), name, string(c.ID), text)
		}
	}
	for _, e := range c.Events {
		l.addEvent(brand, c.ID, e)
	}
	for _, k := range c.Consents {
		channel := orNull(string(k.Channel))
		if len(c.ID)%2 == 0 && channel == nil {
			channel = ""
		}
		l.row("consents", string(brand), string(c.ID), string(k.Purpose), channel, k.Source, orNull(string(k.Status)), l.at(k.At), l.at(k.Expires))
	}
}

func (l *loader) addEvent(brand sosyal.BrandID, customer sosyal.PersonID, e audience.Event) {
	id := strconv.Itoa(l.event)
	l.event++
	var amount any
	if e.Amount.Currency() != "" {
		amount = l.number(e.Amount.Amount(), l.column("", audience.NumberProperty))
	}
	row := []any{string(brand), e.Name, id, string(customer), l.at(e.At), amount, l.flag(e.Adjustment, l.column("", audience.FlagProperty))}
	var seen []string
	for _, name := range eventNames(l.schema) {
		for _, property := range names(l.tables.Events[name].Columns) {
			kind, c := eventTypes(l.schema.Events[name])[property], l.tables.Events[name].Columns[property]
			place := slices.Index(seen, c.Name)
			if place < 0 {
				place = len(seen)
				seen, row = append(seen, c.Name), append(row, nil)
			}
			if name == e.Name {
				row[7+place] = l.value(e.Properties[property], c, kind)
			}
		}
	}
	l.row("events", row...)
	for _, text := range e.Categories {
		l.row("event_marks", string(brand), e.Name+".categories", id, text)
	}
	for _, name := range names(l.tables.Events[e.Name].Lists) {
		for _, text := range texted(e.Properties[name]) {
			l.row("event_marks", string(brand), e.Name+"."+name, id, text)
		}
	}
}

// profileValue is a field of the profile; some of the unknown ones are null,
// others empty.
func profileValue(p audience.Profile, name string) (value any, ok bool) {
	day := func(text string, unknown bool) any {
		if unknown {
			return nil
		}
		return text
	}
	switch name {
	case "city":
		return p.City, true
	case "region":
		return orNull(p.Region), true
	case "country":
		return orNull(p.Country), true
	case "language":
		return p.Language, true
	case "gender":
		return orNull(p.Gender), true
	case "birthday":
		return day(p.Birthday.String(), p.Birthday == 0), true
	case "since":
		return p.Since.String(), true // 0001-01-01 where unknown
	}
	return nil, false
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (l *loader) value(v audience.Value, c audience.Column, kind audience.PropertyType) any {
	if v.IsZero() {
		return nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		l.err = err
	}
	switch kind {
	case audience.FlagProperty:
		return l.flag(string(data) == "true", c)
	case audience.NumberProperty:
		n, err := decimal.NewFromString(string(data))
		if err != nil {
			l.err = err
		}
		return l.number(n, c)
	case audience.TextProperty, audience.DayProperty, audience.ListProperty:
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		l.err = err
	}
	return text
}

func texted(v audience.Value) (texts []string) {
	data, err := json.Marshal(v)
	if err != nil || json.Unmarshal(data, &texts) != nil {
		return nil
	}
	return texts
}

func (l *loader) flag(yes bool, c audience.Column) any {
	if c.Encoding == audience.UnitEncoding {
		return int64(count(yes))
	}
	return yes
}

func (l *loader) number(n decimal.Decimal, c audience.Column) any {
	if c.Encoding == audience.UnitEncoding {
		return n.Shift(6).IntPart()
	}
	return n.String()
}

// at writes an instant as finely as the column can, without rounding.
func (l *loader) at(t time.Time) any {
	t = t.UTC()
	switch {
	case t.IsZero():
		return nil
	case l.Style == Coded:
		return t.UnixMilli()
	case l.Style == Written:
		return t.Format(time.RFC3339Nano)
	case l.Dialect == audience.SQLite:
		return t.Format("2006-01-02 15:04:05.999999999")
	case l.Style == Zoneless:
		return t.Truncate(time.Microsecond).Format("2006-01-02 15:04:05.999999")
	}
	return t.Truncate(time.Microsecond).Format("2006-01-02 15:04:05.999999-07")
}
