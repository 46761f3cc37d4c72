package audience_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

func dialects() []audience.Dialect {
	return []audience.Dialect{audience.PostgreSQL, audience.SQLite, audience.DuckDB}
}

// shop is a mapping that has everything; numbers and instants of SQLite, which
// has none, are in units and text.
func shop(d audience.Dialect) *audience.Tables {
	table := func(name string) audience.Table { return audience.Table{Name: name, Brand: "brand"} }
	list := func(name, owner string) audience.ListTable {
		return audience.ListTable{Table: table(name), Owner: owner, Value: "value"}
	}
	number := func(name string) audience.Column {
		if d == audience.SQLite {
			return audience.Column{Name: name, Encoding: audience.UnitEncoding, Scale: 2}
		}
		return audience.Column{Name: name}
	}
	column := func(name string) audience.Column { return audience.Column{Name: name} }
	orders := audience.EventTable{
		Table: table("shop.orders"), ID: "id", Customer: "customer", At: column("placed"), Amount: number("total"), Adjustment: column("correction"),
		Columns: map[string]audience.Column{"coupon": column("coupon"), "gift": column("gift"), "items": number("items"), "delivery": column("delivery")},
		Lists:   map[string]audience.ListTable{"categories": list("order_categories", "order_id"), "products": list("order_products", "order_id")},
	}
	views := audience.EventTable{
		Table:    audience.Table{Name: "log", Brand: "brand", Only: []audience.Constant{{Column: "kind", Value: "page view"}}},
		Customer: "customer", At: audience.Column{Name: "seen", Encoding: audience.UnitEncoding, Scale: 3},
	}
	return &audience.Tables{
		Customers: audience.CustomerTable{
			Table: table("customers"), ID: "id", Group: "rfm", Hash: "bucket",
			Columns: map[string]audience.Column{
				"city": column("city"), "country": column("country"), "birthday": column("born"), "since": {Name: "since", Encoding: audience.TextEncoding},
				"points": number("points"), "member": column("member"), "tier": column("tier"),
			},
			Predictions: map[audience.Prediction]string{audience.ProbabilityAlive: "alive"},
			Interests:   list("interests", "customer"), Networks: list("follows", "customer"), Segments: list("segment_members", "customer"),
			Lists: map[string]audience.ListTable{"sizes": list("sizes", "customer")},
		},
		Events: map[string]audience.EventTable{audience.Order: orders, "view": views},
		Consents: audience.ConsentTable{
			Table: table("consents"), Customer: "customer", Purpose: "purpose", Channel: "channel", Source: "source", Status: "status",
			At: column("said"), Expires: column("expires"),
		},
	}
}

func query(tb testing.TB, d audience.Dialect, r audience.Rule) audience.Query {
	tb.Helper()
	e := env(tb)
	e.Tables = shop(d)
	p, err := r.Compile(e)
	require.NoError(tb, err)
	q, err := p.SQL(d)
	require.NoError(tb, err)
	return q
}

// The expected texts lie in testdata/sql, one file for a rule and a dialect.
func TestSQLText(t *testing.T) {
	t.Parallel()
	for name, condition := range map[string]string{
		"everybody": `{"all":[]}`,
		"loyal": `{"all":[{"count":{"of":"order","is":"at_least","value":3}},{"last":{"of":"order","is":"at_most","value":90}},
			{"interest":["skincare"]},{"property":{"name":"country","is":"equals","value":"TR"}},{"not":{"in_group":["dormant","new"]}}]}`,
		"values": `{"any":[{"property":{"name":"city","is":"one_of","value":["İzmir","it's","{a,b}"]}},{"property":{"name":"tier","is":"contains","value":"100%"}},
			{"property":{"name":"tier","is":"ends_with","value":"d"}},{"property":{"name":"points","is":"more_than","value":10.5}},
			{"property":{"name":"member","is":"equals","value":true}},{"property":{"name":"city","is":"missing"}},{"property":{"name":"sizes","is":"missing"}},
			{"anniversary":{"name":"birthday","within":7}},{"days_since":{"name":"since","is":"at_most","value":30}},
			{"predicted":{"name":"probability_alive","is":"at_least","value":0.5}},{"bucket":{"of":10,"from":0,"to":1}}]}`,
		"events": `{"all":[{"sum":{"of":"order","days":365,"is":"less_than","value":{"amount":"250.00","currency":"TRY"}}},{"count":{"of":"view","is":"equals","value":0}},
			{"first":{"of":"order","is":"more_than","value":30,"where":[{"name":"categories","is":"one_of","value":["hair","makeup"]},{"name":"amount","is":"at_least","value":99.5}]}},
			{"funnel":{"first":{"of":"view","days":7},"then":{"of":"order"},"hours":48,"without":true}}]}`,
		"consent":  `{"consented":{"purpose":"marketing","channel":"email","sources":["shop","iys"]}}`,
		"segments": `{"all":[{"in_segment":"regulars"},{"in_segment":"buyers"},{"not":{"in_segment":"press"}},{"in_segment":"rfm-loyal"}]}`,
	} {
		for _, d := range dialects() {
			t.Run(name+" "+string(d), func(t *testing.T) {
				t.Parallel()
				q := query(t, d, rule(t, condition))
				args, err := json.MarshalIndent(q.Args, "", "  ")
				require.NoError(t, err)
				got := q.Text + "\n\n" + string(args) + "\n"
				file := filepath.Join("testdata", "sql", name+"."+string(d)+".txt")
				if *update {
					require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
					require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
				}
				want, err := os.ReadFile(file)
				require.NoError(t, err)
				assert.Equal(t, string(want), got)
				assert.Equal(t, q, query(t, d, rule(t, condition)), "the same text each time")
			})
		}
	}
}

// hostile is a text that would be seen if it came into a query, whatever was done
// to it on the way.
func hostile(place int) string {
	return strings.Repeat("\\'\"`; DROP TABLE customers; -- ${1} $1 ?1 {,} xyzzy", 1) + strconv.Itoa(place)
}

// Nothing that a rule says gets into the text, and neither does the brand or a
// constant of the mapping.
func TestSQLTextHoldsNothingOfTheRule(t *testing.T) {
	t.Parallel()
	place := 0
	text := func() string {
		place++
		data, err := json.Marshal(hostile(place))
		require.NoError(t, err)
		return string(data)
	}
	filters := func() string {
		return `[{"name":"coupon","is":"equals","value":` + text() + `},{"name":"coupon","is":"one_of","value":[` + text() + `,` + text() + `]},
			{"name":"coupon","is":"contains","value":` + text() + `},{"name":"products","is":"contains","value":` + text() + `}]`
	}
	condition := `{"all":[{"property":{"name":"city","is":"equals","value":` + text() + `}},{"property":{"name":"tier","is":"starts_with","value":` + text() + `}},
		{"property":{"name":"tier","is":"ends_with","value":` + text() + `}},{"property":{"name":"sizes","is":"one_of","value":[` + text() + `,` + text() + `]}},
		{"interest":[` + text() + `]},{"network":[` + text() + `,` + text() + `]},{"in_group":[` + text() + `]},
		{"count":{"of":"order","is":"at_least","value":7919,"where":` + filters() + `}},
		{"funnel":{"first":{"of":"order","where":` + filters() + `},"then":{"of":"order","where":` + filters() + `},"hours":7919}},
		{"consented":{"purpose":` + text() + `,"channel":` + text() + `,"sources":[` + text() + `,` + text() + `]}},
		{"bucket":{"salt":` + text() + `,"of":7919,"from":7000,"to":7001}},{"property":{"name":"points","is":"at_least","value":79.19}},
		{"predicted":{"name":"probability_alive","is":"at_least","value":0.7919}},{"days_since":{"name":"birthday","is":"at_most","value":7919}}]}`
	for _, d := range dialects() {
		e := env(t)
		e.Brand, e.Tables = sosyal.BrandID(hostile(0)), shop(d)
		e.Tables.Customers.Only = []audience.Constant{{Column: "kind", Value: hostile(place + 1)}}
		p, err := rule(t, condition).Compile(e)
		require.NoError(t, err)
		q, err := p.SQL(d)
		require.NoError(t, err)
		for _, part := range []string{"xyzzy", "DROP", ";", "--", `\`, "`", "{", "7919", "79.19", "'page view'"} {
			assert.NotContains(t, q.Text, part, d)
		}
		for i := range place + 1 {
			found := false
			for _, arg := range q.Args {
				s, isText := arg.(string)
				found = found || isText && strings.Contains(s, "xyzzy"+strconv.Itoa(i))
			}
			salt := strings.Contains(condition, `"salt":"`+strings.Trim(mustJSON(t, hostile(i)), `"`)) // only its hash is asked
			assert.True(t, found || salt, "%s: text %d is an argument", d, i)
		}
		checkPlaceholders(t, d, q)
	}
}

func mustJSON(tb testing.TB, text string) string {
	tb.Helper()
	data, err := json.Marshal(text)
	require.NoError(tb, err)
	return string(data)
}

// checkPlaceholders holds that the numbers of the placeholders are those of the
// arguments, all of them.
func checkPlaceholders(tb testing.TB, d audience.Dialect, q audience.Query) {
	tb.Helper()
	mark := `\$`
	if d == audience.SQLite {
		mark = `\?`
	}
	used := map[int]bool{}
	for _, m := range regexp.MustCompile(mark+`(\d+)`).FindAllStringSubmatch(q.Text, -1) {
		n, err := strconv.Atoi(m[1])
		require.NoError(tb, err)
		used[n] = true
	}
	for i := range q.Args {
		assert.True(tb, used[i+1], "%s: argument %d of %d is used in %s", d, i+1, len(q.Args), q.Text)
	}
	assert.Len(tb, used, len(q.Args), d)
	assert.NotContains(tb, q.Text, "%!", d)
}

// Every table that the query reads is held to the brand.
func TestSQLStaysWithinTheBrand(t *testing.T) {
	t.Parallel()
	const seed = 7
	w, err := audiencetest.NewWorld(seed, 5)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(seed, seed))
	for range 300 {
		made := w.Rule(r)
		for _, d := range dialects() {
			e := w.Env
			e.Tables = audiencetest.Warehouse{Dialect: d}.Tables(e.Schema)
			p, err := made.Compile(e)
			require.NoError(t, err)
			q, err := p.SQL(d)
			require.NoError(t, err)
			checkPlaceholders(t, d, q)
			tables := regexp.MustCompile(`FROM "\w+" AS (\w)\b`).FindAllStringSubmatch(q.Text, -1)
			brands := regexp.MustCompile(`\b(\w)\."brand"( COLLATE \w+)? = .1\b`).FindAllString(q.Text, -1)
			assert.Len(t, brands, len(tables), "%s: %s", d, q.Text)
			assert.Len(t, tables, strings.Count(q.Text, `FROM "`))
		}
	}
}

// Where no table has a brand, the brand is no argument either.
func TestSQLOfOneBrand(t *testing.T) {
	t.Parallel()
	for _, d := range dialects() {
		e := env(t)
		e.Tables = &audience.Tables{Customers: audience.CustomerTable{Table: audience.Table{Name: "c", OneBrand: true}, ID: "id", Group: "g"}}
		p, err := rule(t, `{"in_group":["a"]}`).Compile(e)
		require.NoError(t, err)
		q, err := p.SQL(d)
		require.NoError(t, err)
		assert.Equal(t, []any{"a"}, q.Args)
		checkPlaceholders(t, d, q)
	}
}

func TestSQLReportsWhatIsNotMapped(t *testing.T) {
	t.Parallel()
	for condition, path := range map[string]string{
		`{"property":{"name":"region","is":"equals","value":"Ege"}}`: "tables.customers.columns.region",
		`{"property":{"name":"sizes","is":"missing"}}`:               "tables.customers.lists.sizes",
		`{"interest":["a"]}`:     "tables.customers.interests",
		`{"network":["a"]}`:      "tables.customers.networks",
		`{"in_segment":"press"}`: "tables.customers.segments",
		`{"in_group":["a"]}`:     "tables.customers.group",
		`{"predicted":{"name":"lifetime_value","is":"at_least","value":1}}`:                                                       "tables.customers.predictions.lifetime_value",
		`{"bucket":{"of":2,"from":0,"to":1}}`:                                                                                     "tables.customers.hash",
		`{"count":{"of":"view","is":"at_least","value":1}}`:                                                                       "tables.events.view",
		`{"sum":{"of":"order","is":"at_least","value":{"amount":"1","currency":"TRY"}}}`:                                          "tables.events.order.amount",
		`{"count":{"of":"order","is":"at_least","value":1,"where":[{"name":"coupon","is":"missing"}]}}`:                           "tables.events.order.columns.coupon",
		`{"count":{"of":"order","is":"at_least","value":1,"where":[{"name":"categories","is":"missing"}]}}`:                       "tables.events.order.lists.categories",
		`{"count":{"of":"order","is":"at_least","value":1,"where":[{"name":"amount","is":"at_least","value":1}]}}`:                "tables.events.order.amount",
		`{"consented":{"purpose":"marketing"}}`:                                                                                   "tables.consents",
		`{"not":{"any":[{"all":[]},{"in_segment":"rfm-loyal"}]}}`:                                                                 "tables.customers.group",
		`{"funnel":{"first":{"of":"order"},"then":{"of":"view"},"hours":1}}`:                                                      "tables.events.view",
		`{"count":{"of":"order","is":"at_least","value":0,"where":[{"name":"gift","is":"equals","value":true}]}}`:                 "",
		`{"count":{"of":"order","is":"equals","value":0}}`:                                                                        "",
		`{"property":{"name":"country","is":"equals","value":"TR"}}`:                                                              "",
		`{"all":[{"property":{"name":"region","is":"missing"}},{"property":{"name":"gender","is":"missing"}},{"network":["a"]}]}`: "tables.customers.columns.gender",
	} {
		for _, d := range dialects() {
			e := env(t)
			e.Tables = &audience.Tables{
				Customers: audience.CustomerTable{Table: audience.Table{Name: "c", OneBrand: true}, ID: "id", Columns: map[string]audience.Column{"country": {Name: "country"}}},
				Events:    map[string]audience.EventTable{audience.Order: {Table: audience.Table{Name: "o", OneBrand: true}, Customer: "c", At: audience.Column{Name: "at"}}},
			}
			p, err := rule(t, condition).Compile(e)
			require.NoError(t, err)
			_, err = p.SQL(d)
			if path == "" {
				assert.NoError(t, err, condition)
				continue
			}
			assert.ErrorIs(t, err, sosyal.ErrUnsupported)
			var paths []string
			for _, f := range sosyal.FieldErrors(err) {
				paths = append(paths, f.Field)
			}
			assert.Contains(t, paths, path, condition)
		}
	}
}

func TestSQLNeedsTablesAndADialect(t *testing.T) {
	t.Parallel()
	p, err := rule(t, `{"all":[]}`).Compile(env(t))
	require.NoError(t, err)
	_, err = p.SQL(audience.SQLite)
	assert.ErrorIs(t, err, sosyal.ErrUnsupported)
	_, err = audience.Program{}.SQL(audience.SQLite)
	assert.ErrorIs(t, err, sosyal.ErrUnsupported)
	e := env(t)
	e.Tables = shop(audience.SQLite)
	p, err = rule(t, `{"all":[]}`).Compile(e)
	require.NoError(t, err)
	_, err = p.SQL("oracle")
	assert.ErrorIs(t, err, sosyal.ErrUnsupported)
	assert.ErrorContains(t, err, "oracle")
}

// What a database could not take is an error before it is asked.
func TestSQLReportsWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	e := env(t)
	e.Tables = shop(audience.SQLite)
	e.Segments = map[sosyal.SegmentID]audience.Definition{}
	add := func(i int, c audience.Condition) {
		id := sosyal.SegmentID(strconv.Itoa(i))
		e.Segments[id] = audience.Definition{ID: id, Name: string(id), Kind: audience.RuleSegment, Rule: &audience.Rule{Condition: c}}
	}
	add(0, audience.InGroup{"a"})
	add(1, audience.InGroup{"b"})
	for i := 2; i < 40; i++ {
		add(i, audience.All{audience.InSegment(strconv.Itoa(i - 1)), audience.Not{Condition: audience.InSegment(strconv.Itoa(i - 2))}})
	}
	p, err := audience.Rule{Condition: audience.InSegment("39")}.Compile(e)
	require.NoError(t, err)
	_, err = p.SQL(audience.SQLite)
	assert.ErrorIs(t, err, sosyal.ErrUnsupported, "39 segments, each of the two before")
	_, err = p.SQL(audience.PostgreSQL)
	assert.NoError(t, err)
	p, err = audience.Rule{Condition: audience.InSegment("11")}.Compile(e)
	require.NoError(t, err)
	_, err = p.SQL(audience.SQLite)
	assert.NoError(t, err)

	many := make(audience.Any, 9000)
	for i := range many {
		many[i] = audience.Bucket{Of: 100, From: i % 100, To: i%100 + 1}
	}
	p, err = audience.Rule{Condition: many}.Compile(e)
	require.NoError(t, err)
	_, err = p.SQL(audience.SQLite)
	assert.ErrorIs(t, err, sosyal.ErrUnsupported, "45,001 arguments")
	_, err = p.SQL(audience.PostgreSQL)
	assert.NoError(t, err)
}

// An event may be asked about many lists, each of which is a join.
func TestSQLReportsTooManyListsOfAnEvent(t *testing.T) {
	t.Parallel()
	const most = 32
	filters := func(n int) audience.Rule {
		where := slices.Repeat([]audience.Filter{{Name: "categories", Is: audience.Missing}}, n)
		return audience.Rule{Condition: audience.Count{Events: audience.Events{Step: audience.Step{Of: audience.Order, Where: where}}, Is: audience.AtLeast, Value: 1}}
	}
	for _, d := range dialects() {
		assert.Equal(t, most+1, strings.Count(query(t, d, filters(most)).Text, "LEFT JOIN"))
		e := env(t)
		e.Tables = shop(d)
		p, err := filters(most + 1).Compile(e)
		require.NoError(t, err)
		_, err = p.SQL(d)
		assert.ErrorIs(t, err, sosyal.ErrUnsupported)
		assert.Len(t, sosyal.FieldErrors(err), 1)
	}
}

func TestQueryCount(t *testing.T) {
	t.Parallel()
	q := query(t, audience.SQLite, rule(t, `{"in_group":["a"]}`))
	assert.Equal(t, "SELECT count(*) AS members FROM (\n"+q.Text+"\n) AS m", q.Count().Text)
	assert.Equal(t, q.Args, q.Count().Args)
}

// FuzzSQL holds that every rule that can be read and compiled is written without
// a panic, with all of its arguments, or reported.
func FuzzSQL(f *testing.F) {
	f.Add([]byte(`{"version":1,"rule":{"all":[{"in_segment":"regulars"},{"property":{"name":"points","is":"at_least","value":-0.0000001}}]}}`))
	f.Add([]byte(`{"version":1,"rule":{"any":[{"sum":{"of":"order","is":"more_than","value":{"amount":"99999999999999999999","currency":"TRY"}}},{"days_since":{"name":"birthday","is":"at_least","value":-36525}}]}}`))
	f.Add([]byte(`{"version":1,"rule":{"funnel":{"first":{"of":"order","from":"1990-01-01","until":"2100-12-31"},"then":{"of":"view"},"hours":8784,"without":true}}}`))
	e := env(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := audience.ParseRule(data)
		if err != nil {
			return
		}
		for _, d := range dialects() {
			e.Tables = shop(d)
			e.Now = time.Date(2026, time.November, 2, 21, 30, 0, 0, time.UTC)
			p, err := r.Compile(e)
			if err != nil {
				return
			}
			q, err := p.SQL(d)
			if err != nil {
				assert.ErrorIs(t, err, sosyal.ErrUnsupported)
				continue
			}
			checkPlaceholders(t, d, q)
		}
	})
}

// Bounds that lie between two units of a column are those of the whole units
// that meet the comparison.
func TestSQLNumbersInCoarserUnits(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		`"is":"at_least","value":10.005`:   `>= 1001`,
		`"is":"more_than","value":10.005`:  `>= 1001`,
		`"is":"more_than","value":10.01`:   `>= 1002`,
		`"is":"at_least","value":10.01`:    `>= 1001`,
		`"is":"at_most","value":10.005`:    `<= 1000`,
		`"is":"less_than","value":10.005`:  `<= 1000`,
		`"is":"less_than","value":10`:      `<= 999`,
		`"is":"at_most","value":10`:        `<= 1000`,
		`"is":"equals","value":10.005`:     `>= 1001 <= 1000`, // nothing
		`"is":"equals","value":-10.01`:     `= -1001`,
		`"is":"at_least","value":-10.005`:  `>= -1000`,
		`"is":"at_most","value":-10.005`:   `<= -1001`,
		`"is":"more_than","value":-10`:     `>= -999`,
		`"is":"less_than","value":-0.0001`: `<= -1`,
		`"is":"at_least","value":0.000001`: `>= 1`,
	} {
		q := query(t, audience.SQLite, rule(t, `{"property":{"name":"points",`+condition+`}}`))
		var got []string
		for _, m := range regexp.MustCompile(`"points" (<=|>=|=) \?(\d+)`).FindAllStringSubmatch(q.Text, -1) {
			n, err := strconv.Atoi(m[2])
			require.NoError(t, err)
			got = append(got, m[1]+" "+strconv.FormatInt(q.Args[n-1].(int64), 10))
		}
		assert.Equal(t, want, strings.Join(got, " "), condition)
	}
}
