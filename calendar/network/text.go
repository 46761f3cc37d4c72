package network

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a part of a text, from byte start up to but not including byte end.
type span struct{ start, end int }

// spans yields what a scanner finds from left to right: at reports the end of a
// match that begins at byte i, 0 for none.
func spans(text string, trigger string, at func(i int) span) []span {
	var found []span
	for i := 0; i < len(text); {
		k := strings.IndexAny(text[i:], trigger)
		if k < 0 {
			break
		}
		if s := at(i + k); s.end > 0 && (len(found) == 0 || s.start >= found[len(found)-1].end) {
			found = append(found, s)
			i = s.end
			continue
		}
		i += k + 1
	}
	return found
}

// Hashtags returns the hashtags of a text in order, without the sign: a # that no
// letter, digit or & precedes, followed by letters, digits and underscores that
// are not digits alone.
func Hashtags(text string) []string {
	found := spans(text, "#", func(i int) span {
		end, letters := i+1, false
		for j, r := range text[i+1:] {
			if !wordRune(r) {
				break
			}
			letters = letters || !unicode.IsDigit(r)
			end = i + 1 + j + utf8.RuneLen(r)
		}
		if !letters || precededBy(text, i, func(r rune) bool { return wordRune(r) || r == '&' || r == '#' }) {
			return span{}
		}
		return span{i, end}
	})
	tags := make([]string, len(found))
	for i, s := range found {
		tags[i] = text[s.start+1 : s.end]
	}
	return tags
}

// Mentions returns the accounts that a text mentions, in order, without the sign:
// @name, or @name@server as Mastodon writes it.
func Mentions(text string) []string {
	found := mentionSpans(text)
	names := make([]string, len(found))
	for i, s := range found {
		names[i] = text[s.start+1 : s.end]
	}
	return names
}

func mentionSpans(text string) []span {
	return spans(text, "@", func(i int) span {
		end := nameEnd(text, i+1)
		if end == i+1 || precededBy(text, i, func(r rune) bool { return wordRune(r) || r == '@' || r == '/' }) {
			return span{}
		}
		if end < len(text) && text[end] == '@' {
			if host := nameEnd(text, end+1); strings.Contains(text[end+1:host], ".") {
				end = host
			}
		}
		return span{i, end}
	})
}

// nameEnd is where an account or host name that begins at byte i ends. A dot or
// hyphen at its end is punctuation.
func nameEnd(text string, i int) int {
	end := i
	for j := i; j < len(text); j++ {
		c := text[j]
		if !asciiWord(c) && c != '.' && c != '-' {
			break
		}
		if asciiWord(c) {
			end = j + 1
		}
	}
	return end
}

// Links returns the web addresses of a text in order: with a scheme, and, as X
// and others read it, without one where the last label is a top-level domain in
// wide use.
func Links(text string) []string {
	found := linkSpans(text, true)
	links := make([]string, len(found))
	for i, s := range found {
		links[i] = text[s.start:s.end]
	}
	return links
}

// longestHost bounds what is looked at around a dot (RFC 1035: 253 characters), so
// that a hostile text takes linear time.
const longestHost = 253

// linkSpans finds addresses by the dot that every host name has.
func linkSpans(text string, bare bool) []span {
	return spans(text, ".", func(dot int) span {
		start := dot
		for start > 0 && dot-start < longestHost && (hostByte(text[start-1]) || text[start-1] == '.') {
			start--
		}
		hostEnd := dot
		for hostEnd < len(text) && hostEnd-dot < longestHost && (hostByte(text[hostEnd]) || text[hostEnd] == '.') {
			hostEnd++
		}
		host := strings.TrimRight(text[start:hostEnd], ".-")
		hostEnd = start + len(host)
		last := strings.LastIndexByte(host, '.')
		if last <= 0 || host[0] == '-' || host[0] == '.' || strings.Contains(host, "..") {
			return span{}
		}
		if scheme := schemeStart(text, start); scheme >= 0 {
			if !validTop(host[last+1:], false) {
				return span{}
			}
			return span{scheme, linkEnd(text, hostEnd)}
		}
		if !bare || !validTop(host[last+1:], true) || precededBy(text, start, func(r rune) bool { return wordRune(r) || strings.ContainsRune("@#$/-", r) }) {
			return span{}
		}
		// user@host is an address of another kind.
		if hostEnd < len(text) && text[hostEnd] == '@' {
			return span{}
		}
		return span{start, linkEnd(text, hostEnd)}
	})
}

// schemeStart is where http:// or https:// before byte i begins, -1 for none.
func schemeStart(text string, i int) int {
	for _, scheme := range []string{"https://", "http://"} {
		if i >= len(scheme) && strings.EqualFold(text[i-len(scheme):i], scheme) {
			return i - len(scheme)
		}
	}
	return -1
}

// linkEnd is where the address goes on to from the end of its host: port, path,
// query and fragment, without punctuation at the end that belongs to the sentence.
func linkEnd(text string, i int) int {
	end := i
	if end < len(text) && text[end] == ':' {
		for end+1 < len(text) && text[end+1] >= '0' && text[end+1] <= '9' {
			end++
		}
		if text[end] == ':' {
			return i
		}
		end++
		i = end
	}
	if end >= len(text) || !strings.ContainsRune("/?#", rune(text[end])) {
		return i
	}
	for end < len(text) && text[end] > ' ' && text[end] < utf8.RuneSelf && !strings.ContainsRune("<>\"{}|\\^`", rune(text[end])) {
		end++
	}
	unopened := strings.Count(text[i:end], ")") - strings.Count(text[i:end], "(")
	for end > i {
		last := text[end-1]
		if (last != ')' || unopened <= 0) && !strings.ContainsRune(".,:;!?'\"]", rune(last)) {
			break
		}
		if last == ')' {
			unopened--
		}
		end--
	}
	return end
}

// validTop reports whether a label may be a top-level domain: two or more letters,
// and, where no scheme announces an address, a country's two letters or one of
// those that shops and publishers use, so that "end.Then" is not an address.
func validTop(label string, strict bool) bool {
	for _, c := range []byte(label) {
		if !asciiLetter(c) {
			return false
		}
	}
	if len(label) < 2 {
		return false
	}
	if !strict {
		return true
	}
	if len(label) == 2 {
		return strings.Contains(countryDomains, " "+strings.ToLower(label)+" ")
	}
	return strings.Contains(genericDomains, " "+strings.ToLower(label)+" ")
}

const (
	genericDomains = " com org net edu gov mil int info biz name pro mobi jobs travel coop aero museum cat tel asia post xxx" +
		" app dev shop store online site website web blog art tech cloud digital agency studio design media news social" +
		" email space live life world today club fun games game team group company solutions services systems software" +
		" beauty fashion style boutique shoes jewelry clothing fit health care clinic pet pets kids baby toys garden" +
		" market marketing sale deals discount promo gifts gift ltd inc llc xyz top vip icu cyou link click page one ist istanbul" +
		" london berlin paris nyc tokyo moscow academy school university courses guide center city house homes estate" +
		" restaurant bar cafe coffee pizza wine food kitchen recipes hotel tours vacations flights photo photos video film music audio "
	countryDomains = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz" +
		" ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr" +
		" ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp" +
		" ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz" +
		" na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz" +
		" tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw "
)

func precededBy(text string, i int, is func(rune) bool) bool {
	if i == 0 {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return is(r)
}

func wordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func asciiLetter(c byte) bool { return (c|0x20) >= 'a' && (c|0x20) <= 'z' }

func asciiWord(c byte) bool { return asciiLetter(c) || (c >= '0' && c <= '9') || c == '_' }

func hostByte(c byte) bool { return asciiLetter(c) || (c >= '0' && c <= '9') || c == '-' }
