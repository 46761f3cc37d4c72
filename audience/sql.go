package audience

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/yukselenler/sosyal"
)

// Query is a statement for database/sql. Text holds names of the mapped tables
// and columns and numbered arguments, never anything that a rule says.
type Query struct {
	Text string
	Args []any
}

// Count returns the query for how many rows this one has.
func (q Query) Count() Query {
	return Query{Text: "SELECT count(*) AS members FROM (\n" + q.Text + "\n) AS m", Args: q.Args}
}

// SQL writes the rule as a query over [Env.Tables]: one column, id, with the ids
// of the members, each once, in no order. It never looks at rows of another
// brand. The same program gives the same text each time.
//
// What [Schema.Check] would refuse of a customer is not looked for: a database
// whose columns hold what the mapping says gives the members that
// [Program.Matches] picks.
//
// A rule that names what is not mapped is an error that wraps
// [sosyal.ErrUnsupported] and has a [sosyal.FieldError] for each. So is a rule
// compiled without tables, and one that needs more arguments, or in SQLite more
// uses of nested segments within each other, than the database takes.
func (p Program) SQL(d Dialect) (Query, error) {
	g, err := d.syntax()
	if err != nil {
		return Query{}, err
	}
	if p.tables == nil || p.root == nil {
		return Query{}, fmt.Errorf("rule without tables: %w", sosyal.ErrUnsupported)
	}
	w := &sqlWriter{syntax: g, tables: p.tables, brand: string(p.brand), now: p.plan.now}
	for i, s := range p.plan.segments {
		w.with(segmentName(i), w.members(s.root))
	}
	text := w.members(p.root)
	if len(w.parts) > 0 {
		text = "WITH " + strings.Join(w.parts, ",\n") + "\n" + text
	}
	if err := w.problems.Err(); err != nil {
		return Query{}, fmt.Errorf("%w: %w", sosyal.ErrUnsupported, err)
	}
	if n := len(w.args); n > g.maxArguments {
		return Query{}, fmt.Errorf("a query of %d arguments, where %s takes %d: %w", n, d, g.maxArguments, sosyal.ErrUnsupported)
	}
	if d == SQLite && w.uses > maxUses {
		return Query{}, fmt.Errorf("segments that use each other more than %d times over: %w", maxUses, sosyal.ErrUnsupported)
	}
	return Query{Text: text, Args: w.args}, nil
}

// maxUses bounds how often segments are used, those within them counted anew for
// each use, in SQLite: it copies the text of a WITH for each use before it finds
// that it needs its rows only once, and as of version 3.54 refuses 500 copies.
const maxUses = 300

// sqlWriter collects the parts of a query that do not stand in one place.
type sqlWriter struct {
	syntax
	tables   *Tables
	now      int64
	brand    string
	branded  string // the argument of the brand, once there is one
	args     []any
	parts    []string       // of the WITH
	weight   map[string]int // how many uses a part stands for
	uses     int            // of the parts in what is being written
	aliases  int
	problems sosyal.Problems
}

// arg adds an argument and returns what stands for it.
func (w *sqlWriter) arg(kind argument, value any) string {
	w.args = append(w.args, value)
	return w.mark + strconv.Itoa(len(w.args)) + w.casts[kind]
}

// ofBrand compares a column with the brand.
func (w *sqlWriter) ofBrand(column string) string {
	if w.branded == "" {
		w.branded = w.arg(keyArgument, w.brand)
	}
	return w.keyed(column) + " = " + w.branded
}

// list adds a list of texts as one argument.
func (w *sqlWriter) list(texts []string) string {
	var list strings.Builder
	if w.mark == "$" && w.casts[listArgument] == "::text[]" {
		quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
		for _, t := range texts {
			list.WriteString(`,"` + quote.Replace(t) + `"`)
		}
		return w.arg(listArgument, "{"+strings.TrimPrefix(list.String(), ",")+"}")
	}
	data, err := json.Marshal(texts)
	w.problems.Nest("rule", err)
	return w.arg(listArgument, string(data))
}

// with adds a part that later ones may use.
func (w *sqlWriter) with(name, text string) {
	w.parts = append(w.parts, name+" AS MATERIALIZED (\n"+text+"\n)")
	if w.weight == nil {
		w.weight = map[string]int{}
	}
	w.weight[name], w.uses = min(1+w.uses, maxUses+1), 0
}

func segmentName(place int) string { return "s" + strconv.Itoa(place) }

// alias returns a name that the query has not used.
func (w *sqlWriter) alias(prefix string) string {
	w.aliases++
	return prefix + strconv.Itoa(w.aliases)
}

// members writes the query for the customers who meet the condition.
func (w *sqlWriter) members(n node) string {
	t := &w.tables.Customers
	s := w.scope("tables.customers", "c", t.Table, t.ID)
	s.column = s.of(t.Columns, t.Lists)
	return s.selected(n.sql(s))
}

// unmapped reports what the rule names and the tables do not have.
func (w *sqlWriter) unmapped(path string) {
	w.problems.Add(path, "must be mapped: the rule looks at it", "")
}

// keyed and texted make a column compare byte by byte.
func (w *sqlWriter) keyed(x string) string  { return fmt.Sprintf(w.key, x) }
func (w *sqlWriter) texted(x string) string { return fmt.Sprintf(w.text, x) }

// textIn compares a text with texts.
func (w *sqlWriter) textIn(x string, texts []string) string {
	if len(texts) == 1 {
		return w.texted(x) + " = " + w.arg(textArgument, texts[0])
	}
	return fmt.Sprintf(w.oneOf, w.texted(x), w.list(texts))
}

// quoted is a name, with the names before it, in quotes.
func quoted(name string) string {
	return `"` + strings.ReplaceAll(name, ".", `"."`) + `"`
}

// both joins conditions; of none it is true.
func both(conditions ...string) string { return joined(conditions, " AND ", "TRUE") }

// joined joins conditions in groups, because databases bound how deep an
// expression may be and take a chain for a deep one.
func joined(conditions []string, by, none string) string {
	const chain = 8
	switch n := len(conditions); {
	case n == 0:
		return none
	case n == 1:
		return conditions[0]
	case n <= chain:
		return "(" + strings.Join(conditions, by) + ")"
	default:
		return "(" + joined(conditions[:n/2], by, none) + by + joined(conditions[n/2:], by, none) + ")"
	}
}
