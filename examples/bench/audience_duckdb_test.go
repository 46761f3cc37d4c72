package bench_test

import (
	"database/sql"
	"os"
	"strconv"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
)

// The members that DuckDB finds are those that Program.Matches picks.
// SOSYAL_TEST_RULES asks for more rules than the usual ones.
func TestRulesInDuckDBPickTheSameCustomers(t *testing.T) {
	worlds := 2
	if n, err := strconv.Atoi(os.Getenv("SOSYAL_TEST_RULES")); err == nil {
		worlds = max(1, n/60/4)
	}
	for style, name := range []string{"native", "coded", "written", "zoneless"} {
		t.Run(name, func(t *testing.T) {
			db, err := sql.Open("duckdb", "")
			require.NoError(t, err)
			defer func() { _ = db.Close() }()
			h := audiencetest.Warehouse{DB: db, Dialect: audience.DuckDB, Style: audiencetest.Style(style), Key: "VARCHAR COLLATE NOCASE", Text: "VARCHAR COLLATE NOCASE"}
			audiencetest.TestEvaluator(t, audiencetest.Options{
				Worlds: worlds, Customers: 60, Seed: uint64(worlds * style),
				Env: func(env *audience.Env) { env.Tables = h.Tables(env.Schema) },
			}, h.Load)
		})
	}
}
