package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
	"github.com/yukselenler/sosyal/audience/audiencetest"
	"github.com/yukselenler/sosyal/examples/adapters/sqlstore"
)

// sharded is a proxy before three servers.
type sharded struct {
	shards []*sql.DB
	sqlstore.Shards
}

// newSharded starts four servers of PostgreSQL that are thrown away.
func newSharded(tb testing.TB) sharded {
	tb.Helper()
	installed, err := filepath.Glob("/usr/lib/postgresql/*/lib/plproxy.so")
	require.NoError(tb, err)
	newest, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	require.NoError(tb, err)
	if len(newest) == 0 || !slices.Contains(installed, filepath.Join(filepath.Dir(slices.Max(newest)), "lib/plproxy.so")) {
		tb.Skip("PL/Proxy is not installed for the PostgreSQL in /usr/lib/postgresql")
	}
	const servers = 4
	var all [servers]*sql.DB
	var hosts [servers]string
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() {
			dsn, stop, err := startPostgres()
			if !assert.NoError(tb, err) {
				return
			}
			tb.Cleanup(stop)
			hosts[i] = dsn
			all[i], err = sql.Open("pgx", dsn)
			assert.NoError(tb, err)
			tb.Cleanup(func() { _ = all[i].Close() })
		})
	}
	wg.Wait()
	require.False(tb, tb.Failed())
	s := sharded{shards: all[1:], Shards: sqlstore.Shards{Proxy: all[0]}}
	cluster := "CREATE EXTENSION plproxy; CREATE SERVER shop FOREIGN DATA WRAPPER plproxy OPTIONS (modular_mapping '1'"
	for i, shard := range s.shards {
		require.NoError(tb, sqlstore.InstallShard(tb.Context(), shard))
		cluster += fmt.Sprintf(", p%d '%s'", i, strings.Replace(hosts[1+i], " user=sosyal", "", 1))
	}
	_, err = s.Proxy.ExecContext(tb.Context(), cluster+"); CREATE USER MAPPING FOR sosyal SERVER shop OPTIONS (user 'sosyal')")
	require.NoError(tb, err)
	require.NoError(tb, s.Install(tb.Context(), "shop"))
	return s
}

// load puts each customer of a world on one shard, by a hash of the id.
func (s sharded) load(ctx context.Context, w audiencetest.World) (audiencetest.Evaluator, error) {
	part := func(customers []audience.Customer, shard int) []audience.Customer {
		return slices.DeleteFunc(slices.Clone(customers), func(c audience.Customer) bool {
			return int(audience.BucketHash(c.ID))%len(s.shards) != shard
		})
	}
	for i, db := range s.shards {
		own := w
		own.Customers, own.OtherCustomers = part(w.Customers, i), part(w.OtherCustomers, i)
		if _, err := (audiencetest.Warehouse{DB: db, Dialect: audience.PostgreSQL}).Load(ctx, own); err != nil {
			return nil, err
		}
	}
	return s.evaluate, nil
}

// evaluate streams the members from the shards; their number is the count.
func (s sharded) evaluate(ctx context.Context, p audience.Program) ([]sosyal.PersonID, error) {
	var ids []sosyal.PersonID
	for id, err := range s.Members(ctx, p) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	n, err := s.Count(ctx, p)
	if err == nil && n != int64(len(ids)) {
		err = fmt.Errorf("%d members are counted as %d", len(ids), n)
	}
	return ids, err
}

// The same rules, compiled once, find the same members on three servers as
// Program.Matches does on all customers.
func TestRulesOverShards(t *testing.T) {
	if os.Getenv(envNoPostgres) != "" {
		t.Skip("no PostgreSQL: " + os.Getenv(envNoPostgres))
	}
	s := newSharded(t)
	tables := func(env *audience.Env) {
		env.Tables = audiencetest.Warehouse{Dialect: audience.PostgreSQL}.Tables(env.Schema)
	}
	t.Run("members and counts", func(t *testing.T) {
		audiencetest.TestEvaluator(t, audiencetest.Options{Worlds: 4, Customers: 60, Rules: 40, Env: tables}, s.load)
	})

	w, err := audiencetest.NewWorld(1, 200)
	require.NoError(t, err)
	tables(&w.Env)
	_, err = s.load(t.Context(), w)
	require.NoError(t, err)
	everybody, err := audience.Rule{Condition: audience.All{}}.Compile(w.Env)
	require.NoError(t, err)

	t.Run("only numbers cross the wire for a count", func(t *testing.T) {
		q, err := everybody.SQL(audience.PostgreSQL)
		require.NoError(t, err)
		rows, err := s.Proxy.QueryContext(t.Context(), "SELECT audience_counts($1, $2::text[])", q.Text, []string{string(w.Env.Brand)})
		require.NoError(t, err)
		defer func() { _ = rows.Close() }()
		var counts []int
		for rows.Next() {
			var n int
			require.NoError(t, rows.Scan(&n))
			counts = append(counts, n)
		}
		require.NoError(t, rows.Err())
		require.Len(t, counts, 3, "one row for each shard")
		var sum int
		for i, n := range counts {
			assert.Positive(t, n, "shard %d has customers", i)
			sum += n
		}
		assert.Equal(t, 200, sum)
	})

	t.Run("members stream", func(t *testing.T) {
		seen := 0
		for _, err := range s.Members(t.Context(), everybody) {
			require.NoError(t, err)
			if seen++; seen == 3 {
				break
			}
		}
		assert.Equal(t, 3, seen)
		assert.Zero(t, s.Proxy.Stats().InUse, "what is left is given up")
	})

	t.Run("a query cannot write", func(t *testing.T) {
		_, err := s.Proxy.ExecContext(t.Context(), "SELECT audience_counts($1, '{}')", "SELECT '' AS id) AS m; DELETE FROM customers; SELECT FROM (SELECT ''")
		assert.ErrorContains(t, err, "DELETE is not allowed")
		n, err := s.Count(t.Context(), everybody)
		require.NoError(t, err)
		assert.EqualValues(t, 200, n)
	})

	t.Run("mistakes are told", func(t *testing.T) {
		assert.ErrorIs(t, s.Install(t.Context(), "shop'; --"), sosyal.ErrInvalid)
		w.Env.Tables = nil
		p, err := audience.Rule{Condition: audience.All{}}.Compile(w.Env)
		require.NoError(t, err)
		_, err = s.Count(t.Context(), p)
		assert.ErrorIs(t, err, sosyal.ErrUnsupported)
		for _, err := range s.Members(t.Context(), p) {
			assert.ErrorIs(t, err, sosyal.ErrUnsupported)
		}
		_, err = s.shards[1].ExecContext(t.Context(), "DROP TABLE customers")
		require.NoError(t, err)
		_, err = s.Count(t.Context(), everybody)
		assert.ErrorContains(t, err, "customers", "a shard that fails is not a shard without members")
		for _, err := range s.Members(t.Context(), everybody) {
			assert.ErrorContains(t, err, "customers")
		}
	})
}
