package audience_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

const productChanges = `changed_at,product_id,name,category,url,image,price,list_price,stock
2026-06-01 00:00:00,p1,Gül Suyu Tonik,cilt bakımı,https://shop.example/p1,p1.jpg,500.00,500.00,10
2026-11-10 00:00:00,p1,Gül Suyu Tonik,cilt bakımı,https://shop.example/p1,p1.jpg,400.00,500.00,
2026-11-11 00:00:00,p1,Gül Suyu Tonik,cilt bakımı,https://shop.example/p1,p1.jpg,400.00,500.00,0
2026-11-11 00:00:00,,Adsız,cilt bakımı,https://shop.example/p2,p2.jpg,400.00,500.00,0
2026-11-11 00:00:00,p3,Krem,cilt bakımı,https://shop.example/p3,p3.jpg,0.00,500.00,0
2026-11-11 00:00:00,p3,Krem,cilt bakımı,https://shop.example/p3,p3.jpg,10.00,500.00,çok
`

// The catalogue's changes become a product whose old price can be proved.
func TestReadProducts(t *testing.T) {
	var p sosyal.Product
	var bad []string
	for c, err := range audience.ReadProducts(strings.NewReader(productChanges), "products.csv", sosyal.Mapping{}) {
		if err != nil {
			bad = append(bad, err.Error())
			continue
		}
		p, err = c.Apply(p)
		require.NoError(t, err)
	}
	require.Len(t, bad, 3)
	assert.Contains(t, bad[0], `products.csv:5: column "product_id"`)
	assert.Contains(t, bad[1], `products.csv:6: column "price"`)
	assert.Contains(t, bad[2], `products.csv:7: column "stock"`)

	require.NoError(t, p.Validate())
	assert.Len(t, p.History, 2, "a change of stock alone is no price")
	assert.False(t, p.InStock())
	old, err := p.OldPrice(time.Date(2026, 11, 12, 0, 0, 0, 0, time.UTC), 30)
	require.NoError(t, err)
	assert.Equal(t, "500.00 TRY", old.String())
}

func TestApplyRefuses(t *testing.T) {
	var changes []audience.ProductChange
	for c, err := range audience.ReadProducts(strings.NewReader(productChanges), "products.csv", sosyal.Mapping{}) {
		if err == nil {
			changes = append(changes, c)
		}
	}
	later, err := changes[1].Apply(sosyal.Product{})
	require.NoError(t, err)
	_, err = changes[0].Apply(later)
	require.ErrorIs(t, err, sosyal.ErrInvalid, "back in time")
	other := changes[2]
	other.Product = "p9"
	_, err = other.Apply(later)
	require.ErrorIs(t, err, sosyal.ErrInvalid, "another product")
}
