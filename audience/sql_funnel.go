package audience

// sql joins the customers whom a first event of theirs puts into the funnel. It
// goes through the events of both steps from the latest to the earliest, so that
// the earliest of the other step met so far is the next one; at the same second
// first events come first, since what follows is later.
func (n funnelNode) sql(s *sqlScope) string {
	first := s.stepSQL(&n.first, "0")
	then := s.stepSQL(&n.then, "1")
	seconds := s.arg(wholeArgument, n.seconds)
	condition := "w.later - w.secs <= " + seconds
	if n.without {
		condition = both("(w.later IS NULL OR w.later - w.secs > "+seconds+")", "w.secs < "+s.arg(wholeArgument, n.before-n.seconds))
	}
	return is(s.joinSelected(`SELECT w.id
FROM (
SELECT u.id, u.step, u.secs, min(CASE WHEN u.step = 1 THEN u.secs END) OVER (PARTITION BY u.id ORDER BY u.secs DESC, u.step ROWS UNBOUNDED PRECEDING) AS later
FROM (
` + first + "\nUNION ALL\n" + then + `
) AS u
) AS w
WHERE ` + both("w.step = 0", condition) + `
GROUP BY w.id`))
}

// stepSQL writes the events of a step: whose they are, which step it is, and
// when, in whole seconds.
func (s *sqlScope) stepSQL(set *eventSet, step string) string {
	e, t := s.eventScope(set)
	e.withoutAdjustments(t)
	e.id = e.keyed(e.name(t.Customer))
	e.more = ", " + step + " AS step, " + e.secondsOf(t.At, e.name(t.At.Name)) + " AS secs"
	return e.selected()
}
