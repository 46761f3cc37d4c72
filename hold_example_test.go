package sosyal_test

import (
	"fmt"
	"time"

	"github.com/yukselenler/sosyal"
)

// One hold stops posts, ads and replies about a product until it is lifted.
func ExampleHolds_Covers() {
	from := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	hold := sosyal.Hold{
		ID: "1", Brand: "lale", Scope: sosyal.HoldScope{Product: "krem-30"},
		Reason: "batch under examination", By: "ayla", From: from,
	}
	post := sosyal.HoldTarget{
		Destination: sosyal.Destination{Brand: "lale", Network: sosyal.Instagram, Account: "lale.tr"},
		Products:    []sosyal.ProductID{"krem-30", "serum"},
	}
	english := sosyal.NewCatalogue(sosyal.English, sosyal.StandardMessages(sosyal.English))
	if h, stopped := (sosyal.Holds{hold}).Covers(post, from.Add(time.Hour)); stopped {
		fmt.Println(english.Text(h.Because()))
	}
	lifted, err := hold.Lift("mert", "batch is clean", from.Add(2*time.Hour))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, stopped := sosyal.Holds{lifted}.Covers(post, from.Add(3*time.Hour))
	fmt.Println(stopped)
	// Output:
	// On hold until further notice: batch under examination (ayla)
	// false
}
