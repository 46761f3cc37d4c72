package audience_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

func TestTablesThatAreRight(t *testing.T) {
	t.Parallel()
	for _, d := range dialects() {
		assert.NoError(t, shop(d).Validate())
	}
	data, err := json.Marshal(shop(audience.SQLite))
	require.NoError(t, err)
	var read audience.Tables
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, *shop(audience.SQLite), read)
}

// Every mistake is reported under its path, and all of them at once.
func TestTablesThatAreWrong(t *testing.T) {
	t.Parallel()
	list := audience.ListTable{Table: audience.Table{Name: "l", Brand: "b"}, Owner: "o", Value: "v"}
	for path, spoil := range map[string]func(*audience.Tables){
		"customers.name":                    func(s *audience.Tables) { s.Customers.Name = `customers" --` },
		"customers.id":                      func(s *audience.Tables) { s.Customers.ID = "" },
		"customers.brand":                   func(s *audience.Tables) { s.Customers.Brand = "" },
		"customers.only[0].column":          func(s *audience.Tables) { s.Customers.Only = []audience.Constant{{Column: "a b", Value: "x"}} },
		"customers.only[0].value":           func(s *audience.Tables) { s.Customers.Only = []audience.Constant{{Column: "a", Value: "\x00"}} },
		"customers.group":                   func(s *audience.Tables) { s.Customers.Group = "größe" },
		"customers.hash":                    func(s *audience.Tables) { s.Customers.Hash = "1a" },
		"customers.columns.city.name":       func(s *audience.Tables) { s.Customers.Columns["city"] = audience.Column{} },
		"customers.columns.city.encoding":   func(s *audience.Tables) { s.Customers.Columns["city"] = audience.Column{Name: "a", Encoding: "units"} },
		"customers.columns.member.encoding": func(s *audience.Tables) { s.Customers.Columns["member"] = audience.Column{Name: "a", Encoding: "text"} },
		"customers.columns.points.scale": func(s *audience.Tables) {
			s.Customers.Columns["points"] = audience.Column{Name: "a", Encoding: "units", Scale: 7}
		},
		"customers.columns.birthday.encoding": func(s *audience.Tables) {
			s.Customers.Columns["birthday"] = audience.Column{Name: "a", Encoding: "utc"}
		},
		"customers.columns.tier.scale":            func(s *audience.Tables) { s.Customers.Columns["tier"] = audience.Column{Name: "a", Scale: 1} },
		"customers.columns.unknown":               func(s *audience.Tables) { s.Customers.Columns["unknown"] = audience.Column{Name: "a"} },
		"customers.columns.sizes":                 func(s *audience.Tables) { s.Customers.Columns["sizes"] = audience.Column{Name: "a"} },
		"customers.lists.city":                    func(s *audience.Tables) { s.Customers.Lists["city"] = list },
		"customers.lists.sizes.owner":             func(s *audience.Tables) { l := list; l.Owner = ""; s.Customers.Lists["sizes"] = l },
		"customers.interests.brand":               func(s *audience.Tables) { s.Customers.Interests.Brand = "" },
		"customers.networks.value":                func(s *audience.Tables) { s.Customers.Networks.Value = "'" },
		"customers.predictions.probability_alive": func(s *audience.Tables) { s.Customers.Predictions[audience.ProbabilityAlive] = "" },
		"events.order.at.name":                    func(s *audience.Tables) { alter(s, func(e *audience.EventTable) { e.At = audience.Column{} }) },
		"events.order.at.scale": func(s *audience.Tables) {
			alter(s, func(e *audience.EventTable) { e.At = audience.Column{Name: "a", Encoding: "units", Scale: 10} })
		},
		"events.order.at.encoding":     func(s *audience.Tables) { alter(s, func(e *audience.EventTable) { e.At.Encoding = "local" }) },
		"events.order.id":              func(s *audience.Tables) { alter(s, func(e *audience.EventTable) { e.ID = "" }) },
		"events.order.customer":        func(s *audience.Tables) { alter(s, func(e *audience.EventTable) { e.Customer = "a.b" }) },
		"events.order.amount.encoding": func(s *audience.Tables) { alter(s, func(e *audience.EventTable) { e.Amount.Encoding = "text" }) },
		"events.order.adjustment.scale": func(s *audience.Tables) {
			alter(s, func(e *audience.EventTable) { e.Adjustment = audience.Column{Name: "a", Encoding: "units", Scale: 1} })
		},
		"events.order.columns.amount": func(s *audience.Tables) {
			alter(s, func(e *audience.EventTable) { e.Columns["amount"] = audience.Column{Name: "a"} })
		},
		"events.order.columns.color": func(s *audience.Tables) {
			alter(s, func(e *audience.EventTable) { e.Columns["color"] = audience.Column{Name: "a"} })
		},
		"events.click":          func(s *audience.Tables) { s.Events["click"] = s.Events["view"] },
		"consents.status":       func(s *audience.Tables) { s.Consents.Status = "" },
		"consents.expires.name": func(s *audience.Tables) { s.Consents.Expires = audience.Column{} },
	} {
		e := env(t)
		e.Tables = shop(audience.PostgreSQL)
		spoil(e.Tables)
		_, err := rule(t, `{"all":[]}`).Compile(e)
		var paths []string
		for _, f := range sosyal.FieldErrors(err) {
			paths = append(paths, f.Field)
		}
		assert.Contains(t, paths, "tables."+path)
	}

	broken := audience.Tables{
		Customers: audience.CustomerTable{Table: audience.Table{Name: "a.b.c.d"}},
		Events:    map[string]audience.EventTable{audience.Order: {}},
		Consents:  audience.ConsentTable{Table: audience.Table{Name: "k", Brand: "b", OneBrand: true}},
	}
	assert.Len(t, sosyal.FieldErrors(broken.Validate()), 3+4+1+7)
}

func alter(s *audience.Tables, change func(*audience.EventTable)) {
	e := s.Events[audience.Order]
	change(&e)
	s.Events[audience.Order] = e
}
