package audience

import "strings"

// sqlScope is one SELECT over the rows of a table. Conditions are written on its
// rows, and what they have to belong to, a set of ids, is joined to them: a join
// is fast wherever it stands among the conditions, also below a NOT or an OR,
// where databases run the subquery of an IN again and again.
type sqlScope struct {
	*sqlWriter
	path   string // of the table in the mapping
	row    string // the alias
	id     string // of a row, by which sets are joined
	more   string // columns beside the id
	from   string
	where  []string
	joins  strings.Builder
	sets   map[string]string // the aliases of parts that are joined
	left   int               // how many more sets may be joined
	column func(name string) (c Column, path string)
	lists  func(name string) (l ListTable, path string)
}

// maxJoins bounds the sets of one SELECT: SQLite joins at most 64, and planning
// gets slow long before.
const maxJoins = 16

// scope begins a SELECT over the rows of the brand.
func (w *sqlWriter) scope(path, row string, t Table, id string) *sqlScope {
	s := &sqlScope{sqlWriter: w, path: path, row: row, from: quoted(t.Name) + " AS " + row, left: maxJoins, sets: map[string]string{}}
	if t.Name == "" {
		w.unmapped(path)
	}
	s.id = w.keyed(s.name(id))
	if t.Brand != "" {
		s.where = append(s.where, w.ofBrand(s.name(t.Brand)))
	}
	for _, c := range t.Only {
		s.where = append(s.where, w.keyed(s.name(c.Column))+" = "+w.arg(keyArgument, c.Value))
	}
	return s
}

// name is a column of the row.
func (s *sqlScope) name(column string) string { return s.row + "." + quoted(column) }

// of looks names up in the mapping.
func (s *sqlScope) of(columns map[string]Column, lists map[string]ListTable) func(string) (Column, string) {
	s.lists = func(name string) (ListTable, string) { return lists[name], s.path + ".lists." + name }
	return func(name string) (Column, string) { return columns[name], s.path + ".columns." + name }
}

// selected writes the SELECT of the rows that meet the conditions.
func (s *sqlScope) selected(conditions ...string) string {
	return "SELECT " + s.id + " AS id" + s.more + "\nFROM " + s.from + s.joins.String() + "\nWHERE " + both(append(s.where, conditions...)...)
}

// join joins a set of ids, each once in it, and returns its id: null where the
// row is not in the set.
func (s *sqlScope) join(set string) string {
	s.left--
	j := s.alias("j")
	s.joins.WriteString("\nLEFT JOIN " + set + " AS " + j + " ON " + j + ".id = " + s.id)
	return j + ".id"
}

// joinSelected joins the rows of a SELECT.
func (s *sqlScope) joinSelected(text string) string { return s.join("(\n" + text + "\n)") }

// joinPart joins a part of the WITH, once.
func (s *sqlScope) joinPart(name string) string {
	if _, known := s.sets[name]; !known {
		s.uses += s.weight[name]
		s.sets[name] = s.join(name)
	}
	return s.sets[name]
}

// is and isNot ask whether the row is in a joined set.
func is(id string) string    { return id + " IS NOT NULL" }
func isNot(id string) string { return id + " IS NULL" }

func (n allNode) sql(s *sqlScope) string {
	return s.each(n, " AND ", "TRUE", func(half []node) node { return allNode(half) })
}

func (n anyNode) sql(s *sqlScope) string {
	return s.each(n, " OR ", "FALSE", func(half []node) node { return anyNode(half) })
}

// each writes several conditions. Where they need more joins than the SELECT has
// left, each half becomes a part of its own.
func (s *sqlScope) each(nodes []node, by, none string, group func([]node) node) string {
	needed := 0
	for _, n := range nodes {
		needed += joinsOf(n)
	}
	if half := len(nodes) / 2; half > 0 && needed > s.left {
		halves := []string{s.part(group(nodes[:half])), s.part(group(nodes[half:]))}
		return joined(halves, by, none)
	}
	conditions := make([]string, len(nodes))
	for i, n := range nodes {
		conditions[i] = n.sql(s)
	}
	return joined(conditions, by, none)
}

// part writes a condition as a part of the WITH and joins its members.
func (s *sqlScope) part(n node) string {
	name, outer := s.alias("p"), s.uses
	s.uses = 0
	s.with(name, s.members(n))
	s.uses = outer
	return is(s.joinPart(name))
}

// joinsOf bounds how many sets a condition joins.
func joinsOf(n node) int {
	needed := 0
	switch n := n.(type) {
	case allNode:
		for _, part := range n {
			needed += joinsOf(part)
		}
	case anyNode:
		for _, part := range n {
			needed += joinsOf(part)
		}
	case notNode:
		needed = joinsOf(n.part)
	case valueNode:
		needed = count(n.test.kind == ListProperty)
	case memberNode, eventNode, funnelNode, consentNode, segmentNode:
		needed = 1
	}
	return needed
}

func (n notNode) sql(s *sqlScope) string { return "NOT (" + n.part.sql(s) + ")" }

func (n segmentNode) sql(s *sqlScope) string { return is(s.joinPart(segmentName(n.place))) }
