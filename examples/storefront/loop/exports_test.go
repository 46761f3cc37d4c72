package loop_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/examples/storefront/loop"
)

// An error is one line, and names the file once.
func TestErrorsAreOneLine(t *testing.T) {
	strict, printed := exportsOf(t, orders()+"x1,2026-10-01 10:00:00,c1,paid,p1,cilt,1,ucuz,TRY,İzmir,,,,\n")
	strict.Strict = true
	header, _ := exportsOf(t, "a,b\n1,2\n")
	taken, _ := exportsOf(t, orders())
	require.NoError(t, os.MkdirAll(filepath.Join(taken.Out, "storefront.db"), 0o700)) // a folder of that name
	for name, o := range map[string]loop.Options{"a bad line": strict, "an unknown header": header, "no database": taken} {
		err := loop.Run(t.Context(), o)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "\n", name)
		assert.LessOrEqual(t, strings.Count(err.Error(), "orders.csv.gz"), 1, err.Error())
	}
	assert.Empty(t, printed.String(), "the bad line is the error")
}

// A shop that has only begun gets its calendar too.
func TestAFirstOrder(t *testing.T) {
	o, _ := exportsOf(t, ordersHead+"o1,2026-10-01 10:00:00,c1,paid,p1,cilt,1,120.00,TRY,İzmir,instagram,social,x,\n")
	require.NoError(t, loop.Run(t.Context(), o))
	assert.Greater(t, strings.Count(read(t, o, "calendar.csv"), "\n"), 3)
	assert.Contains(t, read(t, o, "report.html"), "1 müşteri")
}

// Figures that lack what a network's rate is taken of are compared by how many
// people answered.
func TestFiguresWithoutExposure(t *testing.T) {
	o, _ := exportsOf(t, orders())
	o.Posts = filepath.Join(filepath.Dir(o.Posts), "linkedin.csv")
	var b strings.Builder
	b.WriteString("post_id,network,account,published_at,format,category,reach,likes,comments,shares,saves\n")
	for i := range 120 {
		fmt.Fprintf(&b, "P%d,linkedin,a,2026-%02d-%02d %02d:00,%s,%s,1000,%d,3,2,1\n", i, 7+i/40, 1+i%28, 9+i%9,
			[]string{"photo", "video"}[i%2], []string{"tips", "offer", "story"}[i%3], 40+i*7%30)
	}
	require.NoError(t, os.WriteFile(o.Posts, []byte(b.String()), 0o600))
	require.NoError(t, loop.Run(t.Context(), o))
	assert.Contains(t, read(t, o, "report.html"), "120 gönderi; ölçü: etkileşim sayısı")
}

// What comes from social networks is a part of the revenue, however the last
// month went.
func TestAPartIsNotMoreThanTheWhole(t *testing.T) {
	o, _ := exportsOf(t, orders()) // all orders of three months name a network, most are of the last
	require.NoError(t, loop.Run(t.Context(), o))
	text := read(t, o, "report.html")
	target := func(goal string) string {
		found := regexp.MustCompile(goal + `</td><td class="[a-z ]*"></td><td class="[a-z ]*">₺([0-9.]+),00</td>`).FindStringSubmatch(text)
		require.Len(t, found, 2, goal)
		return found[1]
	}
	assert.Equal(t, target("Ciro"), target("Sosyal ağlardan ciro"))
}

// The demo shop's world begins where its history ends: an earlier month must be
// refused before anything of it is planned and stored.
func TestDemoRefusesAMonthOfItsHistory(t *testing.T) {
	o := small(t)
	o.Month = "2026-05"
	err := loop.Run(t.Context(), o)
	require.ErrorIs(t, err, sosyal.ErrInvalid)
	assert.ErrorContains(t, err, "month: must be 2026-11 or later")
	assert.NotContains(t, strings.Join(contents(t, o)["sosyal_document"], "\n"), "2026-05")
}
