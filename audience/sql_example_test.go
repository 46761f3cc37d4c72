package audience_test

import (
	"fmt"
	"time"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// A rule becomes a query over the shop's own tables. Everything that the rule
// says goes in as an argument.
func ExampleProgram_SQL() {
	rule, err := audience.ParseRule([]byte(`{"version": 1, "rule": {"all": [
		{"property": {"name": "country", "is": "equals", "value": "TR"}},
		{"count": {"of": "order", "days": 365, "is": "at_least", "value": 3}},
		{"not": {"interest": ["outlet"]}}
	]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	zone, err := sosyal.LoadZone("Europe/Istanbul")
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := rule.Compile(audience.Env{
		Brand: "m-1", Now: time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC), Zone: zone,
		Tables: &audience.Tables{
			Customers: audience.CustomerTable{
				Table: audience.Table{Name: "customers", Brand: "shop"}, ID: "id",
				Columns:   map[string]audience.Column{"country": {Name: "country"}},
				Interests: audience.ListTable{Table: audience.Table{Name: "interests", Brand: "shop"}, Owner: "customer_id", Value: "interest"},
			},
			Events: map[string]audience.EventTable{audience.Order: {
				Table:    audience.Table{Name: "orders", Brand: "shop", Only: []audience.Constant{{Column: "status", Value: "paid"}}},
				Customer: "customer_id", At: audience.Column{Name: "placed_at"},
			}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	query, err := program.SQL(audience.PostgreSQL)
	if err != nil {
		fmt.Println(err)
		return
	}
	// rows, err := db.QueryContext(ctx, query.Text, query.Args...)
	// err = db.QueryRowContext(ctx, query.Count().Text, query.Count().Args...).Scan(&members)
	fmt.Println(query.Text)
	fmt.Println(query.Args)
	// Output:
	// SELECT c."id" AS id
	// FROM "customers" AS c
	// LEFT JOIN (
	// SELECT e."customer_id" AS id
	// FROM "orders" AS e
	// WHERE (e."shop" = $1 AND e."status" = $3 AND e."placed_at" >= $4::timestamptz AND e."placed_at" < $5::timestamptz)
	// GROUP BY e."customer_id"
	// HAVING count(*) >= $6::bigint
	// ) AS j1 ON j1.id = c."id"
	// LEFT JOIN (
	// SELECT l."customer_id" AS id
	// FROM "interests" AS l
	// WHERE (l."shop" = $1 AND l."interest" COLLATE "C" = $7::text)
	// GROUP BY l."customer_id"
	// ) AS j2 ON j2.id = c."id"
	// WHERE (c."shop" = $1 AND ((c."country" IS NOT NULL AND c."country" COLLATE "C" = $2::text) AND j1.id IS NOT NULL AND NOT (j2.id IS NOT NULL)))
	// [m-1 TR paid 2025-11-02 21:00:00+00 2026-11-03 21:00:00+00 3 outlet]
}
