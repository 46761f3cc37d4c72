package audience

import (
	"github.com/yukselenler/sosyal"
)

// count says how often something was done. Counts are always known, and the
// smallest ones are said as none and as one at least.
func (e explainer) count(c Count, not bool) phrase {
	is, no := sized(c.Is, not)
	n := c.Value
	switch none := is == Equals && n == 0 || is == AtMost && n == 0 || is == LessThan && n == 1; {
	case none && no == "":
		return e.events("none", e.event("none", c.Of), himself, c.Events)
	case none, is == MoreThan && n == 0:
		is, n, no = AtLeast, 1, ""
	}
	event := e.event("count", c.Of, sosyal.CountArg("n", n))
	return e.events("count"+no, event, himself, c.Events, e.size("count", is, sosyal.CountArg("", n)))
}

// event is the word for an event in its place: after a number, in a sum, with a
// time, where there was none, as the first step of a funnel or the second. Which
// form it takes there is up to the language and stands in a message.
func (e explainer) event(place, name string, args ...sosyal.Arg) string {
	form := e.say("form."+place, args...)
	if word, known := e.term("event", name); known && form == "one" {
		return word
	}
	return e.form("event", name, form)
}

// time says when something was done for the last or the first time, which holds
// of nobody who never did; so the opposite holds of them.
func (e explainer) time(code string, events Events, is Comparison, days int, not bool) phrase {
	is, no := sized(is, not)
	p := e.events(code+no, e.event("time", events.Of), hisOwn, events, e.ago(is, days, false))
	if not {
		p.text = e.say("or_none", sosyal.TextArg("what", p.text))
	}
	return p
}

func (e explainer) funnel(c Funnel, no string) phrase {
	code := "funnel"
	if c.Without {
		code = "funnel.without"
	}
	p := e.events(code+no, e.event("funnel"+no, c.First.Of), himself, c.First,
		sosyal.CountArg("n", c.Hours),
		sosyal.TextArg("then", e.event("then", c.Then.Of)),
		sosyal.TextArg("then_where", e.where(c.Then)))
	p.plain = false
	return p
}

// events says something about events, with their window and filters.
func (e explainer) events(code, event string, g grammar, events Events, args ...sosyal.Arg) phrase {
	args = append(args,
		sosyal.TextArg("event", event),
		sosyal.TextArg("window", e.window("window", events)),
		sosyal.TextArg("window_pause", e.window("window.pause", events)),
		sosyal.TextArg("where", e.where(events.Step)))
	return phrase{text: e.say(code, args...), subject: g, plain: len(events.Where) == 0}
}

// window says the time in which events lie, set into its place by a message;
// nothing of the whole history.
func (e explainer) window(place string, events Events) string {
	if text := e.span(events); text != "" {
		return e.say(place, sosyal.TextArg("window", text))
	}
	return ""
}

func (e explainer) span(events Events) string {
	from, until := sosyal.DateArg("from", events.From), sosyal.DateArg("until", events.Until)
	switch {
	case events.Days == 1:
		return e.say("window.yesterday")
	case events.Days > 0:
		return e.say("window.days", sosyal.CountArg("n", events.Days))
	case events.From != 0 && events.Until == events.From+1:
		return e.say("window.day", from)
	case events.From != 0 && events.Until != 0:
		return e.say("window.between", from, sosyal.DateArg("last", events.Until-1))
	case events.From != 0:
		return e.say("window.from", from)
	case events.Until != 0:
		return e.say("window.until", until)
	}
	return ""
}

// where says what has to hold of events; nothing where nothing has to.
func (e explainer) where(s Step) string {
	if len(s.Where) == 0 {
		return ""
	}
	var filters []string
	for _, f := range s.Where {
		kind, _ := EventType{}.property(f.Name)
		filters = append(filters, e.say("the", sosyal.TextArg("what", e.filter(f, kind, false))))
	}
	return e.say("where", sosyal.TextArg("filters", e.join("and", filters)))
}
