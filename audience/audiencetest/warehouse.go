package audiencetest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

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
	l := loader{Warehouse: h, schema: w.Env.Schema, tables: h.Tables(w.Env.Schema), rows: map[string][]any{}, width: map[string]int{}}
	l.create()
	for _, brand := range []sosyal.BrandID{w.Env.Brand, w.OtherBrand} {
		l.event = 0
		for _, c := range w.customers(brand) {
			l.customer(brand, c)
		}
	}
	for _, table := range names(l.rows) {
		l.write(table)
	}
	if l.err != nil {
		return nil, l.err
	}
	return h.members, l.run(ctx)
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

// eventNames are the names of a schema's events, orders always among them.
func eventNames(s audience.Schema) []string {
	all := append(names(s.Events), audience.Order)
	slices.Sort(all)
	return slices.Compact(all)
}
