package network

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"github.com/yukselenler/sosyal"
)

// Unit is what a limit counts.
type Unit string

// Units.
const (
	// Characters are Unicode code points.
	Characters Unit = "characters"
	// Graphemes are user-perceived characters: extended grapheme clusters of UAX 29.
	Graphemes Unit = "graphemes"
	// UTF16 are UTF-16 code units, as JavaScript counts.
	UTF16 Unit = "utf16"
	// Bytes are those of UTF-8, or of a file.
	Bytes Unit = "bytes"
	// XWeight is X's weighted length by version 3 of its published configuration:
	// after NFC, a code point in U+0000–10FF, U+2000–200D, U+2010–201F or
	// U+2032–2037 counts 1 and any other 2, an emoji sequence 2 and an address 23.
	XWeight Unit = "x_weight"
	// MastodonCharacters are graphemes, with an address counting 23 and of a
	// mention on another server only the local part.
	MastodonCharacters Unit = "mastodon_characters"
	// ThreadsCharacters are code points, but an emoji counts its UTF-8 bytes.
	ThreadsCharacters Unit = "threads_characters"
	// EscapedCharacters are code points after LinkedIn's escaping, which puts a
	// backslash before each of | { } @ [ ] ( ) < > # \ * _ ~.
	EscapedCharacters Unit = "escaped_characters"
	// TagCharacters are code points of a list of YouTube tags with its commas and
	// with two quotes for each tag that has a space.
	TagCharacters Unit = "tag_characters"
	// Items are counted one by one.
	Items Unit = "items"
	// Pixels, Seconds and Ratio measure media.
	Pixels  Unit = "pixels"
	Seconds Unit = "seconds"
	Ratio   Unit = "ratio"
)

func (u Unit) known() bool {
	switch u {
	case Characters, Graphemes, UTF16, Bytes, XWeight, MastodonCharacters, ThreadsCharacters,
		EscapedCharacters, TagCharacters, Items, Pixels, Seconds, Ratio:
		return true
	}
	return false
}

// addressLength is what any address counts on X and Mastodon.
const addressLength = 23

// Size is how long a text is in one of the units in which a network limits it.
type Size struct {
	Unit  Unit `json:"unit"`
	N     int  `json:"n"`
	Limit int  `json:"limit"`
	// Formats to which the limit applies, empty for all, and what breaking it
	// means.
	Formats  []sosyal.Format `json:"formats,omitempty"`
	Severity Severity        `json:"severity"`
}

// Count returns the size of a field's text in every unit in which the network
// limits it, in the order of the facts. Fields that count hashtags, mentions,
// links or tags take the text that holds them; tags are separated by commas. A
// network that does not know the field by this name is asked by its main text.
func (r Rules) Count(field Field, text string) []Size {
	field = r.resolve(field)
	var sizes []Size
	for _, f := range r.Facts {
		if f.Field != field || f.Max == 0 {
			continue
		}
		if n, ok := f.Unit.Of(field, text); ok {
			sizes = append(sizes, Size{Unit: f.Unit, N: n, Limit: int(f.Max), Formats: f.Formats, Severity: f.Severity})
		}
	}
	return sizes
}

// resolve maps the names that networks give their main text to each other.
func (r Rules) resolve(field Field) Field {
	if r.has(field) {
		return field
	}
	if field == FieldCaption || field == FieldDescription {
		return FieldText
	}
	return field
}

func (r Rules) has(field Field) bool {
	for _, f := range r.Facts {
		if f.Field == field {
			return true
		}
	}
	return false
}

// Of returns the size of a field's text in the unit, and false where the unit
// does not measure text.
func (u Unit) Of(field Field, text string) (int, bool) {
	switch u {
	case Characters:
		return utf8.RuneCountInString(text), true
	case Graphemes:
		return graphemes(text), true
	case UTF16:
		return utf16Length(text), true
	case Bytes:
		return len(text), true
	case XWeight:
		return xWeight(text), true
	case MastodonCharacters:
		return mastodonLength(text), true
	case ThreadsCharacters:
		return threadsLength(text), true
	case EscapedCharacters:
		return utf8.RuneCountInString(text) + countAny(text, `|{}@[]()<>#\*_~`), true
	case TagCharacters:
		return tagLength(text), true
	case Items:
		return countItems(field, text)
	case Pixels, Seconds, Ratio:
		return 0, false
	default:
		return 0, false
	}
}

func countItems(field Field, text string) (int, bool) {
	switch field {
	case FieldHashtags:
		return len(Hashtags(text)), true
	case FieldMentions:
		return len(Mentions(text)), true
	case FieldLinks:
		unique := map[string]bool{}
		for _, l := range Links(text) {
			unique[l] = true
		}
		return len(unique), true
	case FieldTags:
		if strings.TrimSpace(text) == "" {
			return 0, true
		}
		return strings.Count(text, ",") + 1, true
	default:
		return 0, false
	}
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func graphemes(text string) int {
	if ascii(text) {
		// A line end of two characters is the only cluster among them.
		return len(text) - strings.Count(text, "\r\n")
	}
	return uniseg.GraphemeClusterCount(text)
}

func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

func xWeight(text string) int {
	plain := ascii(text)
	if !plain {
		text = norm.NFC.String(text)
	}
	weight, at := 0, 0
	for _, s := range linkSpans(text, true) {
		weight += weightOf(text[at:s.start], plain) + addressLength
		at = s.end
	}
	return weight + weightOf(text[at:], plain)
}

// weightOf is the weight of text without addresses.
func weightOf(text string, plain bool) int {
	if plain {
		return len(text)
	}
	weight, state := 0, -1
	for len(text) > 0 {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		if len(cluster) > 1 && emojiSequence(cluster) {
			weight += 2
			continue
		}
		for _, r := range cluster {
			weight += runeWeight(r)
		}
	}
	return weight
}

func runeWeight(r rune) int {
	switch {
	case r <= 0x10ff, r >= 0x2000 && r <= 0x200d, r >= 0x2010 && r <= 0x201f, r >= 0x2032 && r <= 0x2037:
		return 1
	}
	return 2
}

func mastodonLength(text string) int {
	n, at := 0, 0
	links := linkSpans(text, false)
	mentions := mentionSpans(text)
	for len(links) > 0 || len(mentions) > 0 {
		if len(mentions) == 0 || (len(links) > 0 && links[0].start <= mentions[0].start) {
			s := links[0]
			links = links[1:]
			if s.start >= at {
				n += graphemes(text[at:s.start]) + addressLength
				at = s.end
			}
			continue
		}
		s := mentions[0]
		mentions = mentions[1:]
		if s.start >= at {
			local, _, _ := strings.Cut(text[s.start+1:s.end], "@")
			n += graphemes(text[at:s.start]) + 1 + len(local)
			at = s.end
		}
	}
	return n + graphemes(text[at:])
}

func threadsLength(text string) int {
	if ascii(text) {
		return len(text)
	}
	n, state := 0, -1
	for len(text) > 0 {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		if emojiSequence(cluster) {
			n += len(cluster)
		} else {
			n += utf8.RuneCountInString(cluster)
		}
	}
	return n
}

func tagLength(text string) int {
	if text == "" {
		return 0
	}
	n := -1
	for tag := range strings.SplitSeq(text, ",") {
		tag = strings.TrimSpace(tag)
		n += 1 + utf8.RuneCountInString(tag)
		if strings.Contains(tag, " ") {
			n += 2
		}
	}
	return n
}

func countAny(text, chars string) int {
	n := 0
	for i := range len(text) {
		if strings.IndexByte(chars, text[i]) >= 0 {
			n++
		}
	}
	return n
}

// emojiSequence reports whether a grapheme cluster is shown as an emoji: a flag,
// a keycap, or a pictograph, with what joins and colours it. The copyright and
// registered signs and the trade mark are text unless U+FE0F asks for a picture.
func emojiSequence(cluster string) bool {
	first, size := utf8.DecodeRuneInString(cluster)
	rest := cluster[size:]
	switch {
	case first >= 0x1f1e6 && first <= 0x1f1ff:
		return len(rest) > 0
	case strings.ContainsRune("#*0123456789", first):
		return strings.HasSuffix(rest, "\u20e3")
	case first == 0xa9, first == 0xae, first == 0x2122:
		return strings.HasPrefix(rest, "\ufe0f")
	}
	return pictograph(first) && !strings.HasPrefix(rest, "\ufe0e")
}

// pictograph reports whether a code point may begin an emoji (Extended_Pictographic
// of UTS 51, by block).
func pictograph(r rune) bool {
	switch {
	case r < 0x203c:
		return false
	case r >= 0x1f000:
		return r <= 0x1faff
	case r >= 0x2600 && r <= 0x26ff, r >= 0x23e9 && r <= 0x23fa, r >= 0x2194 && r <= 0x2199:
		return true
	}
	return strings.ContainsRune("‼⁉ℹ↩↪⌚⌛⌨⏏Ⓜ▪▫▶◀◻◼◽◾⤴⤵⬅⬆⬇⬛⬜⭐⭕〰〽㊗㊙"+
		"✂✅✈✉✊✋✌✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓❔❕❗❣❤➕➖➗➡➰➿", r)
}
