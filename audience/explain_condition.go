package audience

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/yukselenler/sosyal"
)

// grammar is what a phrase is said of: the customer or something of his.
type grammar bool

const (
	himself grammar = false // have at least 3 orders
	hisOwn  grammar = true  // city is “İzmir”
)

func (g grammar) inSentence() string { return map[grammar]string{himself: "who", hisOwn: "whose"}[g] }

func (g grammar) inList() string { return map[grammar]string{himself: "they", hisOwn: "their"}[g] }

// phrase says a condition without parts, or its opposite.
func (e explainer) phrase(c Condition, not bool) phrase {
	no := map[bool]string{true: ".no"}[not]
	who := func(code string, args []sosyal.Arg) phrase {
		return phrase{text: e.say(code+no, args...), subject: himself, plain: true}
	}
	named := func(code, kind string, names []string) phrase {
		return who(code, []sosyal.Arg{sosyal.CountArg("n", len(distinct(names))), sosyal.TextArg("list", e.terms("or", kind, names))})
	}
	switch c := c.(type) {
	case Property:
		kind, _ := Schema{}.property(c.Name)
		return phrase{text: e.filter(c.Filter, kind, not), subject: hisOwn, plain: true}
	case DaysSince:
		is, no := sized(c.Is, not)
		return e.known(not, e.say("is"+no, e.of(c.Name), e.ago(is, c.Value, true)))
	case Anniversary:
		return e.known(not, e.anniversary(c, no))
	case HasInterest:
		return named("interest", "interest", c)
	case OnNetwork:
		return named("network", "network", prefixed("", c))
	case InGroup:
		return named("group", "rfm", c)
	case InSegment:
		return named("segment", "segment", []string{string(c)})
	case Count:
		return e.count(c, not)
	case Sum:
		is, no := sized(c.Is, not)
		return e.events("sum"+no, e.event("sum", c.Of), hisOwn, c.Events, e.size("money", is, e.money(c.Value)))
	case Last:
		return e.time("last", c.Events, c.Is, c.Value, not)
	case First:
		return e.time("first", c.Events, c.Is, c.Value, not)
	case Funnel:
		return e.funnel(c, no)
	case Predicted:
		is, no := sized(c.Is, not)
		of := sosyal.TextArg("of", e.form("prediction", string(c.Name), "of"))
		return e.known(not, e.say("is"+no, of, e.size("number", is, score(c.Name, c.Value))))
	case Consented:
		return who(e.consent(c))
	case Bucket:
		return who(e.bucket(c))
	}
	return phrase{}
}

// known adds to the opposite of what is said of something of the customer that it
// also holds where that is not known.
func (e explainer) known(not bool, text string) phrase {
	if not {
		text = e.say("or_unknown", sosyal.TextArg("what", text))
	}
	return phrase{text: text, subject: hisOwn, plain: true}
}

// filter says a comparison of a property of a type. Of what type a property of the
// host is, is not known here: its words suit texts and lists alike.
func (e explainer) filter(f Filter, kind PropertyType, not bool) string {
	no := map[bool]string{true: ".no"}[not]
	code := "text." + string(f.Is)
	switch {
	case kind == ListProperty:
		code = "list." + string(f.Is)
	case kind == "" && f.Is == OneOf:
		code = "text.match"
	}
	code, value := code+no, sosyal.TextArg("value", e.texts(f.Value.texts()))
	day, noDay := sosyal.ParseDate(f.Value.text)
	switch {
	case f.Is == Missing:
		return e.say(code, e.of(f.Name))
	case f.Value.kind == numberValue:
		is, no := sized(f.Is, not)
		code, value = "is"+no, e.size("number", is, number(f.Value.number))
	case f.Value.kind == flagValue:
		code, value = "text.equals", sosyal.TextArg("value", e.say(map[bool]string{true: "yes", false: "no"}[f.Value.flag != not]))
	case f.Is.ordered() && noDay == nil:
		is, no := sized(f.Is, not)
		code, value = "is"+no, e.size("date", is, sosyal.DateArg("", day))
	}
	return e.known(not, e.say(code, e.of(f.Name), value)).text
}

func (e explainer) anniversary(c Anniversary, no string) string {
	when := e.say("within", sosyal.CountArg("n", c.Within))
	switch c.Within {
	case 0:
		when = e.say("today.equals")
	case 1:
		when = e.say("within.tomorrow")
	}
	if c.Name == "birthday" {
		return e.say("birthday"+no, sosyal.TextArg("is", when))
	}
	name, _ := e.term("property", c.Name)
	return e.say("anniversary"+no, sosyal.TextArg("name", name), sosyal.TextArg("is", when))
}

// consent returns the message of a consent and its arguments.
func (e explainer) consent(c Consented) (string, []sosyal.Arg) {
	purpose, _ := e.term("purpose", string(c.Purpose))
	channel, _ := e.term("channel", string(c.Channel))
	sources := ""
	if len(c.Sources) > 0 {
		sources = e.say("sources", sosyal.TextArg("list", e.terms("and", "source", c.Sources)))
	}
	code := "consent"
	if c.Channel == AnyChannel {
		code = "consent.general"
	}
	return code, []sosyal.Arg{sosyal.TextArg("purpose", purpose), sosyal.TextArg("channel", channel), sosyal.TextArg("sources", sources)}
}

// bucket returns the message of a draw and its arguments; the share is rounded to
// a ten thousandth of a per cent.
func (e explainer) bucket(c Bucket) (string, []sosyal.Arg) {
	n := c.To - c.From
	share := decimal.New(int64(n), 2).DivRound(decimal.New(int64(max(c.Of, 1)), 0), 4)
	buckets := strconv.Itoa(c.From)
	if n > 1 {
		buckets = e.say("range", sosyal.CountArg("from", c.From), sosyal.CountArg("to", c.To-1))
	}
	code := "bucket"
	if c.Salt != "" {
		code = "bucket.salt"
	}
	return code, []sosyal.Arg{
		{Name: "share", Kind: sosyal.KindPercent, Value: share.String()},
		sosyal.TextArg("salt", e.quote(c.Salt)),
		sosyal.CountArg("n", n), sosyal.TextArg("range", buckets), sosyal.CountArg("of", c.Of),
	}
}
