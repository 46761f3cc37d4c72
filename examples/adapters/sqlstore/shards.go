package sqlstore

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/audience"
)

//go:embed shards/shard.sql
var shardFunctions string

//go:embed shards/proxy.sql
var proxyFunctions string

// Shards asks audience rules of customers who are spread over several
// PostgreSQL databases, for shops that have outgrown one machine. A database in
// front of them, with the extension PL/Proxy (Debian: postgresql-15-plproxy),
// hands each query to all shards at once and their answers back.
//
// Every shard has the tables that the rule was compiled for. A customer lies on
// one shard, by a hash of his id or any other way, with all that belongs to him;
// then the members of a segment are those of all shards together, and its size
// is the sum.
//
//	CREATE EXTENSION plproxy;                                  -- on the proxy
//	CREATE SERVER shop FOREIGN DATA WRAPPER plproxy OPTIONS (
//	    modular_mapping '1',                                   -- where it is not 2, 4, 8 ... shards
//	    p0 'host=shard0 dbname=shop', p1 'host=shard1 dbname=shop', p2 'host=shard2 dbname=shop');
//	CREATE USER MAPPING FOR shop_app SERVER shop OPTIONS (user 'shop_reader');
//
// Keys of these tables, which are the columns of brands, ids and constants, must
// be texts.
type Shards struct {
	// Proxy is the database with PL/Proxy.
	Proxy *sql.DB
}

// InstallShard makes the two functions by which the proxy asks a shard, or
// replaces them. Their text, in shards/shard.sql, says to whom to grant them.
func InstallShard(ctx context.Context, shard *sql.DB) error {
	if _, err := shard.ExecContext(ctx, shardFunctions); err != nil {
		return fmt.Errorf("installing functions of a shard: %w", err)
	}
	return nil
}

// Install makes the two functions of the proxy, of shards/proxy.sql, or replaces
// them. The cluster is the name of the foreign server.
func (s Shards) Install(ctx context.Context, cluster string) error {
	if !regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`).MatchString(cluster) {
		return sosyal.FieldError{Field: "cluster", Rule: "must be lower case letters, digits and underscores", Value: cluster}
	}
	if _, err := s.Proxy.ExecContext(ctx, strings.ReplaceAll(proxyFunctions, "{cluster}", cluster)); err != nil {
		return fmt.Errorf("installing functions of the proxy: %w", err)
	}
	return nil
}

// Count returns how many customers the rule picks. Each shard counts its own and
// sends one number.
func (s Shards) Count(ctx context.Context, p audience.Program) (int64, error) {
	query, arguments, err := shipped(p)
	if err != nil {
		return 0, err
	}
	var members int64
	err = s.Proxy.QueryRowContext(ctx, "SELECT coalesce(sum(n), 0)::bigint FROM audience_counts($1::text, $2::text[]) AS n", query, arguments).Scan(&members)
	if err != nil {
		return 0, fmt.Errorf("counting members on shards: %w", err)
	}
	return members, nil
}

// Members streams the ids of the customers whom the rule picks, each once, in no
// order; an error ends the stream. Here one id is held at a time. PL/Proxy holds
// what the shards sent until it has been read, so the proxy needs room for the
// ids of one segment; a host that has not got it asks [audience.Program.SQL] of
// each shard.
func (s Shards) Members(ctx context.Context, p audience.Program) iter.Seq2[sosyal.PersonID, error] {
	return func(yield func(sosyal.PersonID, error) bool) {
		query, arguments, err := shipped(p)
		if err != nil {
			yield("", err)
			return
		}
		rows, err := s.Proxy.QueryContext(ctx, "SELECT audience_members($1::text, $2::text[])", query, arguments)
		if err != nil {
			yield("", fmt.Errorf("asking shards for members: %w", err))
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id sosyal.PersonID
			if err := rows.Scan(&id); err != nil {
				yield("", fmt.Errorf("reading members from shards: %w", err))
				return
			}
			if !yield(id, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield("", fmt.Errorf("reading members from shards: %w", err))
		}
	}
}

// shipped writes the query of a program and its arguments as an array of texts.
func shipped(p audience.Program) (query, arguments string, err error) {
	q, err := p.SQL(audience.PostgreSQL)
	if err != nil {
		return "", "", err
	}
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	list := make([]string, len(q.Args))
	for i, arg := range q.Args {
		text, err := argumentText(arg)
		if err != nil {
			return "", "", err
		}
		list[i] = `"` + quote.Replace(text) + `"`
	}
	return q.Text, "{" + strings.Join(list, ",") + "}", nil
}

// argumentText is an argument as PostgreSQL reads it from a text.
func argumentText(arg any) (string, error) {
	switch a := arg.(type) {
	case string:
		return a, nil
	case int64:
		return strconv.FormatInt(a, 10), nil
	case bool:
		return strconv.FormatBool(a), nil
	case float64:
		return strconv.FormatFloat(a, 'g', -1, 64), nil
	}
	return "", fmt.Errorf("argument of type %T: %w", arg, sosyal.ErrUnsupported)
}
