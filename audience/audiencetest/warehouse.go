package audiencetest

import (
	"cmp"
	"context"
	"database/sql"
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

// Warehouse keeps worlds in the tables of a database, as a host might, and asks
// them with [audience.Program.SQL]. Both brands share the tables, and so do all
// events.
type Warehouse struct {
	DB      *sql.DB
	Dialect audience.Dialect
	// Style is how columns write their values.
	Style Style
	// Key and Text are the types of columns of keys and of other texts; text where
	// they are empty. A collation may stand with them.
	Key, Text string
}

// Style is how the columns of a [Warehouse] write their values.
type Style int

// Styles.
const (
	// Native is the database's own types; in SQLite numbers have units.
	Native Style = iota
	// Coded is units of 10^-6, milliseconds since 1970, 0 and 1, and days in text.
	Coded
	// Written is text for instants and days, and the native types else.
	Written
	// Zoneless is instants without a zone, and the native types else.
	Zoneless
)

// Tables is the mapping of what the warehouse makes for a schema.
func (h Warehouse) Tables(s audience.Schema) *audience.Tables {
	t := audience.Tables{
		Customers: audience.CustomerTable{
			Table: audience.Table{Name: "customers", Brand: "brand"}, ID: "id", Group: "grp", Hash: "hash",
			Columns: map[string]audience.Column{}, Predictions: map[audience.Prediction]string{}, Lists: map[string]audience.ListTable{},
			Interests: list("marks", "interests"), Networks: list("marks", "networks"), Segments: list("marks", "segments"),
		},
		Events: map[string]audience.EventTable{},
		Consents: audience.ConsentTable{
			Table: audience.Table{Name: "consents", Brand: "brand"}, Customer: "customer", Purpose: "purpose", Channel: "channel",
			Source: "source", Status: "status", At: h.instant("select"), Expires: h.instant("expires"),
		},
	}
	for i, p := range predictions() {
		t.Customers.Predictions[p] = "score" + strconv.Itoa(i)
	}
	h.mapTo(t.Customers.Columns, t.Customers.Lists, "marks", "", customerTypes(s))
	for _, name := range eventNames(s) {
		e := audience.EventTable{
			Table: audience.Table{Name: "events", Brand: "brand", Only: []audience.Constant{{Column: "kind", Value: name}}},
			ID:    "id", Customer: "customer", At: h.instant("select"), Amount: h.column("amount", audience.NumberProperty),
			Adjustment: h.column("adjusted", audience.FlagProperty),
			Columns:    map[string]audience.Column{}, Lists: map[string]audience.ListTable{},
		}
		types := eventTypes(s.Events[name])
		delete(types, "amount")
		h.mapTo(e.Columns, e.Lists, "event_marks", name+".", types)
		t.Events[name] = e
	}
	return &t
}

// Load empties the tables and puts a world into them.
func (h Warehouse) Load(ctx context.Context, w World) (Evaluator, error) {
	tx, err := h.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	l := loader{Warehouse: h, ctx: ctx, tx: tx, schema: w.Env.Schema, tables: h.Tables(w.Env.Schema)}
	l.create()
	for _, brand := range []sosyal.BrandID{w.Env.Brand, w.OtherBrand} {
		l.event = 0
		for _, c := range w.customers(brand) {
			l.customer(brand, c)
		}
	}
	l.flush()
	if l.err != nil {
		return nil, l.err
	}
	return h.members, tx.Commit()
}

// members asks for the members.
func (h Warehouse) members(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
	q, err := p.SQL(h.Dialect)
	if err != nil {
		return nil, err
	}
	rows, err := h.DB.QueryContext(ctx, q.Text, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("%w in %s %v", err, q.Text, q.Args)
	}
	defer func() { _ = rows.Close() }()
	var ids []sosyal.PersonID
	for rows.Next() {
		var id sosyal.PersonID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%w in %s %v", err, q.Text, q.Args)
	}
	return ids, nil
}

func list(table, kind string) audience.ListTable {
	return audience.ListTable{
		Table: audience.Table{Name: table, Brand: "brand", Only: []audience.Constant{{Column: "kind", Value: kind}}},
		Owner: "owner", Value: "value",
	}
}

// mapTo maps properties to columns and lists.
func (h Warehouse) mapTo(columns map[string]audience.Column, lists map[string]audience.ListTable, table, prefix string, types map[string]audience.PropertyType) {
	for i, name := range names(types) {
		if types[name] == audience.ListProperty {
			lists[name] = list(table, prefix+name)
		} else {
			columns[name] = h.column("p"+strconv.Itoa(i)+"_"+string(types[name]), types[name])
		}
	}
}

func (h Warehouse) column(name string, kind audience.PropertyType) audience.Column {
	c := audience.Column{Name: name}
	coded := h.Style == Coded
	switch {
	case kind == audience.NumberProperty && (coded || h.Dialect == audience.SQLite):
		c.Encoding, c.Scale = audience.UnitEncoding, 6
	case kind == audience.FlagProperty && coded:
		c.Encoding = audience.UnitEncoding
	case kind == audience.DayProperty && (coded || h.Style == Written):
		c.Encoding = audience.TextEncoding
	}
	return c
}

func (h Warehouse) instant(name string) audience.Column {
	c := audience.Column{Name: name}
	switch h.Style {
	case Coded:
		c.Encoding, c.Scale = audience.UnitEncoding, 3
	case Written:
		c.Encoding = audience.TextEncoding
	case Zoneless:
		c.Encoding = audience.UTCEncoding
	case Native:
	}
	return c
}

// loader writes a world; the first error stops it.
type loader struct {
	Warehouse
	ctx    context.Context //nolint:containedctx // it lives as long as the call
	tx     *sql.Tx
	schema audience.Schema
	tables *audience.Tables
	event  int
	rows   map[string][]any // of a table, waiting
	width  map[string]int
	err    error
}

func (l *loader) exec(text string, args ...any) {
	if l.err == nil {
		if _, err := l.tx.ExecContext(l.ctx, text, args...); err != nil {
			l.err = fmt.Errorf("%w in %s", err, text)
		}
	}
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
		l.exec("DROP TABLE IF EXISTS " + name)
		l.exec("CREATE TABLE " + name + " (brand " + key + ", " + strings.Join(columns, ", ") + ")")
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

// add notes a row of a table and writes many at once.
func (l *loader) add(table string, values ...any) {
	if l.rows == nil {
		l.rows, l.width = map[string][]any{}, map[string]int{}
	}
	l.rows[table], l.width[table] = append(l.rows[table], values...), len(values)
	if len(l.rows[table]) > 2000 {
		l.write(table)
	}
}

func (l *loader) flush() {
	for _, table := range names(l.rows) {
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
		l.exec(text.String()+")", l.rows[table]...)
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
	l.add("customers", row...)
	for _, text := range c.Interests {
		l.add("marks", string(brand), "interests", string(c.ID), text)
	}
	for _, network := range c.Networks {
		l.add("marks", string(brand), "networks", string(c.ID), string(network))
	}
	for _, id := range c.Lists {
		l.add("marks", string(brand), "segments", string(c.ID), string(id))
	}
	for _, name := range names(l.tables.Customers.Lists) {
		for _, text := range texted(c.Properties[name]) {
			l.add("marks", string(brand), name, string(c.ID), text)
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
		l.add("consents", string(brand), string(c.ID), string(k.Purpose), channel, k.Source, orNull(string(k.Status)), l.at(k.At), l.at(k.Expires))
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
	l.add("events", row...)
	for _, text := range e.Categories {
		l.add("event_marks", string(brand), e.Name+".categories", id, text)
	}
	for _, name := range names(l.tables.Events[e.Name].Lists) {
		for _, text := range texted(e.Properties[name]) {
			l.add("event_marks", string(brand), e.Name+"."+name, id, text)
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

// eventNames are the names of a schema's events, orders always among them.
func eventNames(s audience.Schema) []string {
	all := append(names(s.Events), audience.Order)
	slices.Sort(all)
	return slices.Compact(all)
}
