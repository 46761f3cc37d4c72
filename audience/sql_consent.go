package audience

import (
	"slices"
	"strings"
)

// sql joins the customers who may be addressed. Of each source and channel, the
// last that was said counts, as [Granted] tells: of several at the same instant
// a refusal first, then what says neither, then the grant that expires first.
func (n consentNode) sql(s *sqlScope) string {
	if n.sources != nil && len(n.sources) == 0 {
		return "FALSE"
	}
	t := &s.tables.Consents
	k := s.scope("tables.consents", "k", t.Table, t.Customer)
	at, expires := k.exact(t.At), k.exact(t.Expires)
	now := s.exactly(t.At, s.now)
	channel := "coalesce(" + k.name(t.Channel) + ", '')"
	status := k.texted(k.name(t.Status))
	refused := "CASE WHEN " + k.textIn(k.name(t.Status), []string{string(ConsentDenied), string(ConsentWithdrawn)}) + " THEN 1 ELSE 0 END"
	granted := "CASE WHEN " + status + " = " + s.arg(textArgument, string(ConsentGranted)) + " THEN 1 ELSE 0 END"
	channels := []string{string(n.channel), string(AnyChannel)}
	source := k.texted(k.name(t.Source))
	k.more = strings.Join([]string{
		"", source + " AS source", refused + " AS refused", granted + " AS granted", expires + " AS expires",
		"row_number() OVER (PARTITION BY " + k.id + ", " + source + ", " + k.texted(channel) +
			" ORDER BY " + at + " DESC, " + refused + " DESC, " + granted + ", CASE WHEN " + expires + " IS NULL THEN 1 ELSE 0 END, " + expires + ") AS place",
	}, ", ")
	last := k.selected(k.textIn(k.name(t.Purpose), []string{string(n.purpose)}), at+" <= "+now, k.textIn(channel, channels))
	holds := "v.granted = 1 AND (v.expires IS NULL OR v.expires > " + s.exactly(t.Expires, s.now) + ")"
	enough := "max(CASE WHEN " + holds + " THEN 1 ELSE 0 END) = 1"
	if sources := sortedOnce(n.sources); len(sources) > 0 {
		enough = "count(DISTINCT CASE WHEN " + holds + " AND " + s.textIn("v.source", sources) + " THEN v.source END) = " + s.arg(wholeArgument, int64(len(sources)))
	}
	return is(s.joinSelected("SELECT v.id\nFROM (\n" + last + "\n) AS v\nWHERE v.place = 1\nGROUP BY v.id\nHAVING max(v.refused) = 0 AND " + enough))
}

func sortedOnce(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }

// exact is an instant that compares with others of its kind to the fraction of
// a second: in text, zeros at the end and what is not always there are cut off.
func (s *sqlScope) exact(c Column) string {
	if s.inText(c) {
		return s.texted("rtrim(" + s.name(c.Name) + ", '" + cutInstant + "')")
	}
	return s.name(c.Name)
}

// exactly is the argument that compares with [sqlScope.exact].
func (s *sqlScope) exactly(c Column, at int64) string {
	kind, value := s.instant(c, at)
	if text, ok := value.(string); ok && s.inText(c) {
		value = strings.TrimRight(text, cutInstant)
	}
	return s.arg(kind, value)
}

const cutInstant = "Z0."
