package audiencetest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

// DifferenceError is a rule on which an evaluator and the reference do not
// agree, or on which the evaluator failed. World and Rule are made as small as
// the difference allows, and repeat it.
type DifferenceError struct {
	World World
	// Brand is the one of the two brands that was asked about.
	Brand sosyal.BrandID
	Rule  audience.Rule
	// Customer is one about whom the answers differ; only the id is known of
	// somebody whom the brand does not have.
	Customer audience.Customer
	// Want is the reference's answer, Got how often the evaluator picked the
	// customer.
	Want bool
	Got  int
	// Err is what the evaluator failed with.
	Err error
}

// Error gives the seed of the world, the rule and the customer, who is invented,
// as JSON, and the environment that matters.
func (d *DifferenceError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "world %d, brand %q, %s in %s: rule %s", d.World.Seed, d.Brand,
		d.World.Env.Now.Format("2006-01-02T15:04:05.999999999Z07:00"), d.World.Env.Zone, asJSON(d.Rule))
	if d.Err != nil {
		return b.String() + ": " + d.Err.Error()
	}
	fmt.Fprintf(&b, ": picked %d times, want %d: customer %s", d.Got, count(d.Want), asJSON(d.Customer))
	if others := len(d.World.Customers) + len(d.World.OtherCustomers) - 1; others > 0 {
		fmt.Fprintf(&b, ", beside %d customers of the brand's and the other's", others)
	}
	return b.String()
}

// Unwrap returns what the evaluator failed with.
func (d *DifferenceError) Unwrap() error { return d.Err }

func asJSON[T audience.Rule | audience.Customer](v T) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
