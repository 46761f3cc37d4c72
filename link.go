package sosyal

import (
	"net/url"
	"strings"
)

// UTM are the campaign parameters that web analytics read from a link.
type UTM struct {
	Source   string `json:"source,omitzero"`
	Medium   string `json:"medium,omitzero"`
	Campaign string `json:"campaign,omitzero"`
	Term     string `json:"term,omitzero"`
	Content  string `json:"content,omitzero"`
	ID       string `json:"id,omitzero"`
}

// Link is an address with what is needed to know later where a visitor came
// from: campaign parameters and a coupon. [Link.String] builds the address and
// [ParseLink] takes it apart again: for every valid link,
// ParseLink(l.String()) is l.
type Link struct {
	// URL is the destination without the parameters below: absolute, http or
	// https. Other parameters and the fragment stay in it.
	URL string `json:"url"`
	UTM UTM    `json:"utm,omitzero"`
	// Coupon is the code that the shop applies when the link is opened, carried
	// in the parameter "coupon".
	Coupon string `json:"coupon,omitzero"`
}

const couponParameter = "coupon"

// Validate reports an address that is not absolute, carries user names, or
// already carries campaign parameters, and campaign parameters that analytics
// would merge or split (white space at the ends, control characters).
func (l Link) Validate() error {
	var p Problems
	u, err := url.Parse(l.URL)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		p.Add("url", "must be an absolute http or https address", l.URL)
	case u.User != nil:
		p.Add("url", "must not carry a user name", "")
	default:
		for _, part := range splitQuery(u.RawQuery) {
			if l.owns(part.key) != nil {
				p.Add("url", "must not carry the parameter itself: use the link's fields", part.key)
			}
		}
	}
	for _, f := range l.fields() {
		value := *f.value
		clean := strings.TrimSpace(value) == value && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f })
		p.Require(clean, f.field, "must not hold control characters or begin or end with white space", value)
	}
	return p.Err()
}

type linkField struct {
	parameter, field string
	value            *string
}

// fields lists the link's own parameters in the order in which they are written.
func (l *Link) fields() []linkField {
	return []linkField{
		{"utm_source", "utm.source", &l.UTM.Source},
		{"utm_medium", "utm.medium", &l.UTM.Medium},
		{"utm_campaign", "utm.campaign", &l.UTM.Campaign},
		{"utm_term", "utm.term", &l.UTM.Term},
		{"utm_content", "utm.content", &l.UTM.Content},
		{"utm_id", "utm.id", &l.UTM.ID},
		{couponParameter, "coupon", &l.Coupon},
	}
}

// owns returns where the parameter's value belongs, nil for foreign ones.
func (l *Link) owns(parameter string) *string {
	for _, f := range l.fields() {
		if f.parameter == parameter {
			return f.value
		}
	}
	return nil
}

// String builds the address: the destination as it stands, then the link's own
// parameters in a fixed order, then the fragment.
func (l Link) String() string {
	address, fragment, hasFragment := strings.Cut(l.URL, "#")
	var b strings.Builder
	b.WriteString(address)
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	for _, f := range l.fields() {
		if *f.value == "" {
			continue
		}
		b.WriteString(separator + f.parameter + "=" + url.QueryEscape(*f.value))
		separator = "&"
	}
	if hasFragment {
		b.WriteString("#" + fragment)
	}
	return b.String()
}

type queryPart struct{ raw, key, value string }

// splitQuery takes a query apart without losing how it was written.
func splitQuery(query string) []queryPart {
	if query == "" {
		return nil
	}
	var parts []queryPart
	for raw := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(raw, "=")
		k, err := url.QueryUnescape(key)
		if err != nil {
			k = key
		}
		v, err := url.QueryUnescape(value)
		if err != nil {
			v = value
		}
		parts = append(parts, queryPart{raw: raw, key: k, value: v})
	}
	return parts
}

// ParseLink takes an address apart into destination, campaign parameters and
// coupon. Foreign parameters stay in the destination, in their order and
// spelling. A parameter that stands twice counts once, the first time.
func ParseLink(text string) (Link, error) {
	address, fragment, hasFragment := strings.Cut(text, "#")
	base, query, _ := strings.Cut(address, "?")
	var l Link
	seen := map[string]bool{}
	var foreign []string
	for _, part := range splitQuery(query) {
		switch own := l.owns(part.key); {
		case own == nil:
			foreign = append(foreign, part.raw)
		case !seen[part.key]:
			*own = strings.TrimSpace(part.value)
			seen[part.key] = true
		}
	}
	l.URL = base
	if len(foreign) > 0 {
		l.URL += "?" + strings.Join(foreign, "&")
	}
	if hasFragment {
		l.URL += "#" + fragment
	}
	return l, l.Validate()
}
