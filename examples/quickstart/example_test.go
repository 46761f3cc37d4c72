package main_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/rickb777/date/v2"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/value"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
	"github.com/yukselenler/sosyal/planning"
)

// What stands here is what README.md and README.tr.md show; a test holds them
// together.

func Example() {
	orders, err := os.ReadFile("orders.csv") // as the shop's panel exports it
	if err != nil {
		log.Fatal(err)
	}
	book := audience.NewOrderBook(nil)
	for line, err := range audience.ReadOrders(bytes.NewReader(orders), "orders.csv", sosyal.Mapping{}) {
		if err == nil {
			err = book.Add(line)
		}
		if err != nil {
			fmt.Println(err) // names file, line and column; reading goes on
		}
	}
	week := sosyal.Period{From: date.New(2026, time.November, 9), To: date.New(2026, time.November, 16)}
	table, err := value.RFM(book.Customers(), week.From, value.RFMOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Customers, "customers scored, the best cell holds", table.Cells[4][4][4])

	shop := sosyal.Destination{Brand: "lale", Network: sosyal.Instagram, Account: "lale"}
	plan, err := calendar.Programme{
		Brand: "lale", Period: week, Country: "TR", Language: sosyal.English,
		Categories: []calendar.Category{
			{ID: "how-to", Name: "How to", Share: 2},
			{ID: "offers", Name: "Offers", Share: 1, Selling: true, Occasions: []string{"singles_day"}},
		},
		Channels: []calendar.Channel{{Cadence: calendar.Cadence{Destination: shop, Zone: "Europe/Istanbul", PerWeek: 3, PerDay: 1}}},
		Value: func(_ sosyal.Features, at time.Time) float64 { // or engagement.BestTimes.Value
			return map[string]float64{"Tue 20": 5, "Wed 21": 2, "Thu 20": 3, "Sun 12": 4}[at.Format("Mon 15")]
		},
	}.Plan(context.Background(), calendar.Planner{})
	if err != nil {
		log.Fatal(err)
	}
	agenda, err := calendar.Agenda(plan.Items)
	if err != nil {
		log.Fatal(err)
	}
	for _, entry := range agenda {
		fmt.Println(entry.At.Format("Mon 2 January 15:04"), entry.Item.Category)
	}
	// Output:
	// orders.csv:51: column "Sipariş Tarihi": at: must be a day that exists (got "31.09.2026 14:10")
	// 37 customers scored, the best cell holds 3
	// Tue 10 November 20:00 how-to
	// Wed 11 November 21:00 offers
	// Sun 15 November 12:00 how-to
}

// openGoals keeps goals in a SQLite file.
func openGoals(ctx context.Context, db *sql.DB) (goals sosyal.Collection[planning.Goal], err error) {
	store, err := sqlstore.Open(ctx, db, sqlstore.SQLite) // or sqlstore.PostgreSQL
	if err != nil {
		return goals, err
	}
	if err := store.Migrate(ctx); err != nil {
		return goals, err
	}
	return sosyal.Collection[planning.Goal]{Documents: store.Documents(), Kind: "planning.goal", Schema: 1}, nil
}
