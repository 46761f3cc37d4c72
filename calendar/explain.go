package calendar

import (
	"github.com/yukselenler/sosyal"
)

// report adds a solved model to a schedule.
func (m *model) report(best *plan, bound float64, schedule *Schedule) {
	price := m.problem.Prices.Left
	schedule.Bound += bound - price*float64(len(m.jobs))
	for i, jb := range m.jobs {
		it := m.problem.Items[jb.item]
		j := best.slotOf[i]
		if j < 0 {
			schedule.Value -= price
			schedule.Left = append(schedule.Left, Left{
				Item: it.ID, Destination: m.problem.destination(jb), Reasons: m.whyLeft(best, i),
			})
			continue
		}
		slot := m.problem.Slots[m.openings[j].slot]
		value := m.value(i, j) - price
		schedule.Value += value
		schedule.Assignments = append(schedule.Assignments, Assignment{
			Item: it.ID, Slot: slot, Destination: slot.Destination, Value: value, Reasons: m.whyHere(best, i),
		})
	}
}

// summary says how good the schedule is.
func (s Schedule) summary() []sosyal.Reason {
	placed := len(s.Assignments)
	all := sosyal.Because("calendar.plan.placed", sosyal.CountArg("placed", placed), sosyal.CountArg("all", placed+len(s.Left)))
	if gap := s.Gap(); gap > closed*10 {
		return []sosyal.Reason{all, sosyal.Because("calendar.plan.gap", sosyal.PercentArg("gap", gap, 2))}
	}
	return []sosyal.Reason{all, sosyal.Because("calendar.plan.optimal")}
}

// whyHere explains a placement: where its opening ranks among all in which the
// job may stand, and what keeps it from the best of them.
func (m *model) whyHere(best *plan, i int) []sosyal.Reason {
	jb, here := m.jobs[i], best.slotOf[i]
	local := m.openings[here].local
	weekday := sosyal.TermArg("weekday", weekdayTerm(local))
	at := sosyal.TimeArg("time", local.Time)
	var reasons []sosyal.Reason
	if occasion := m.problem.Items[jb.item].Occasion; occasion != "" {
		reasons = append(reasons, sosyal.Because("calendar.plan.occasion",
			sosyal.TermArg("occasion", occasion), sosyal.DateArg("date", local.Date)))
	}
	possible, above, top := 0, 0, here
	for j := range m.openings {
		if ok, _ := m.problem.admits(jb, m.openings[j]); !ok {
			continue
		}
		possible++
		if m.value(i, j) > m.value(i, here) {
			above++
		}
		if m.value(i, j) > m.value(i, top) {
			top = j
		}
	}
	if above == 0 {
		return append(reasons, sosyal.Because("calendar.plan.best", weekday, at, sosyal.CountArg("slots", possible)))
	}
	price := m.problem.Prices.Left
	ranked := sosyal.Because("calendar.plan.ranked", weekday, at, sosyal.CountArg("rank", above+1), sosyal.CountArg("slots", possible))
	if peak := m.value(i, top) - price; peak > 0 {
		ranked = sosyal.Because("calendar.plan.share", weekday, at,
			sosyal.PercentArg("share", max(0, m.value(i, here)-price)/peak, 0), sosyal.CountArg("slots", possible))
	}
	reasons = append(reasons, ranked)
	there := m.openings[top].local
	day, clock := sosyal.DateArg("date", there.Date), sosyal.TimeArg("time", there.Time)
	if other := best.jobAt[top]; other >= 0 {
		title := m.problem.Items[m.jobs[other].item]
		return append(reasons, sosyal.Because("calendar.plan.taken", day, clock, sosyal.TextArg("item", nameOf(title))))
	}
	best.take(i)
	broken, ok := best.broken(jb.category, top)
	best.put(i, here)
	if ok {
		reasons = append(reasons, sosyal.Because("calendar.plan.closed", day, clock, sosyal.TermArg("rule", string(broken))))
	}
	return reasons
}

func nameOf(it Item) string {
	if it.Title != "" {
		return it.Title
	}
	return string(it.ID)
}

func weekdayTerm(l sosyal.LocalTime) string {
	return [...]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}[l.Date.Weekday()]
}

// whyLeft explains why a job has no opening, and what would make room for it.
func (m *model) whyLeft(best *plan, i int) []sosyal.Reason {
	jb := m.jobs[i]
	possible, taken, worthless := 0, 0, 0
	rules := map[rule]int{}
	var blackout *Blackout
	room := -1 // the opening whose present job is worth least to others
	for j, o := range m.openings {
		ok, black := m.problem.admits(jb, o)
		if !ok {
			if black != nil && blackout == nil {
				blackout = black
			}
			continue
		}
		possible++
		switch other := best.jobAt[j]; {
		case m.value(i, j) < 0:
			worthless++
		case other >= 0:
			taken++
			had := best.take(other)
			if best.fits(jb.category, j) && (room < 0 || m.value(other, had) < best.worth(best.jobAt[room])) {
				room = j
			}
			best.put(other, had)
		default:
			if broken, ok := best.broken(jb.category, j); ok {
				rules[broken]++
			}
		}
	}
	if possible == 0 {
		return noOpening(m.problem.Items[jb.item], blackout)
	}
	if worthless == possible {
		return []sosyal.Reason{sosyal.Because("calendar.left.worthless", sosyal.CountArg("slots", possible))}
	}
	reasons := []sosyal.Reason{sosyal.Because("calendar.left.full", sosyal.CountArg("slots", possible), sosyal.CountArg("taken", taken))}
	for _, r := range []rule{ruleSpacing, ruleCategoryGap, ruleMinGap, rulePerDay, rulePerWeek, ruleCategoryPerDay} {
		if n := rules[r]; n > 0 {
			reasons = append(reasons, sosyal.Because("calendar.left.rule", sosyal.CountArg("slots", n), sosyal.TermArg("rule", string(r))))
		}
	}
	if room >= 0 {
		o := m.openings[room].local
		reasons = append(reasons, sosyal.Because("calendar.left.room",
			sosyal.TextArg("item", nameOf(m.problem.Items[m.jobs[best.jobAt[room]].item])), sosyal.DateArg("date", o.Date), sosyal.TimeArg("time", o.Time)))
	}
	return reasons
}

func noOpening(it Item, blackout *Blackout) []sosyal.Reason {
	var reasons []sosyal.Reason
	if it.Window != (sosyal.Period{}) {
		reasons = append(reasons, sosyal.Because("calendar.left.window",
			sosyal.DateArg("from", it.Window.From), sosyal.DateArg("last", it.Window.To-1)))
	} else {
		reasons = append(reasons, sosyal.Because("calendar.left.no_slot"))
	}
	if blackout != nil {
		reasons = append(reasons, sosyal.Because("calendar.left.blackout",
			sosyal.DateArg("from", blackout.Period.From), sosyal.DateArg("last", blackout.Period.To-1)))
		if blackout.Reason.Code != "" {
			reasons = append(reasons, blackout.Reason)
		}
	}
	return reasons
}
