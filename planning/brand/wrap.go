package brand

import (
	"strings"

	"github.com/rivo/uniseg"
)

// wrap breaks text into lines of at most width pixels, at the opportunities of
// UAX 14. A word wider than a line is broken between grapheme clusters.
func (t *typesetter) wrap(field, text string, s style, width float64) ([]line, error) {
	var lines []line
	for paragraph := range strings.SplitSeq(text, "\n") {
		broken, err := t.wrapParagraph(field, paragraph, s, width)
		if err != nil {
			return nil, err
		}
		lines = append(lines, broken...)
	}
	return lines, nil
}

func (t *typesetter) wrapParagraph(field, text string, s style, width float64) ([]line, error) {
	var lines []line
	var current line
	held := ""
	flush := func() {
		if held != "" {
			lines = append(lines, current)
			held = ""
		}
	}
	state := -1
	for rest := text; rest != ""; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		next, err := t.shape(field, strings.TrimRight(held+segment, " "), s)
		if err != nil {
			return nil, err
		}
		if next.width <= width {
			held, current = held+segment, next
			continue
		}
		flush()
		next, err = t.shape(field, strings.TrimRight(segment, " "), s)
		if err != nil {
			return nil, err
		}
		if next.width <= width {
			held, current = segment, next
			continue
		}
		pieces, err := t.wrapWord(field, strings.TrimRight(segment, " "), s, width)
		if err != nil {
			return nil, err
		}
		for _, piece := range pieces {
			flush()
			if current, err = t.shape(field, piece, s); err != nil {
				return nil, err
			}
			held = piece
		}
		held += " " // what the segment ended with
	}
	flush()
	return lines, nil
}

// wrapWord cuts a word between grapheme clusters. A cluster wider than the line
// stands alone.
func (t *typesetter) wrapWord(field, word string, s style, width float64) ([]string, error) {
	var pieces []string
	held := ""
	state := -1
	for word != "" {
		var cluster string
		cluster, word, _, state = uniseg.FirstGraphemeClusterInString(word, state)
		l, err := t.shape(field, held+cluster, s)
		if err != nil {
			return nil, err
		}
		if l.width > width && held != "" {
			pieces = append(pieces, held)
			held = ""
		}
		held += cluster
	}
	return append(pieces, held), nil
}

// balance sets text in as few lines as wrap, but of similar lengths, so that no
// single word is left on the last line.
func (t *typesetter) balance(field, text string, s style, width float64) ([]line, error) {
	lines, err := t.wrap(field, text, s, width)
	if err != nil || len(lines) < 2 {
		return lines, err
	}
	// No narrower than the longest word, or the balance would cut it.
	word, err := t.longestWord(field, text, s)
	if err != nil {
		return nil, err
	}
	low, high := min(max(width/float64(len(lines)), word), width), width
	for range 8 {
		middle := (low + high) / 2
		tried, err := t.wrap(field, text, s, middle)
		if err != nil {
			return nil, err
		}
		if len(tried) > len(lines) || widest(tried) > middle {
			low = middle
			continue
		}
		high, lines = middle, tried
	}
	return lines, nil
}

func widest(lines []line) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, l.width)
	}
	return w
}

// longestWord is the width of the widest part of text that must not be broken.
func (t *typesetter) longestWord(field, text string, s style) (float64, error) {
	w := 0.0
	state := -1
	for text != "" {
		var segment string
		segment, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		l, err := t.shape(field, strings.TrimRight(segment, " \n"), s)
		if err != nil {
			return 0, err
		}
		w = max(w, l.width)
	}
	return w, nil
}

// ellipsised cuts text after whole words until it fits into the lines, with an
// ellipsis where something was cut.
func (t *typesetter) ellipsised(field, text string, s style, width float64, lines int) ([]line, error) {
	words := strings.Fields(text)
	var best []line
	low, high := 1, len(words)-1
	for low <= high {
		n := (low + high) / 2
		shorter := strings.TrimRight(strings.Join(words[:n], " "), ".,;:!?-–") + "…"
		set, err := t.wrap(field, shorter, s, width)
		if err != nil {
			return nil, err
		}
		if len(set) > lines {
			high = n - 1
			continue
		}
		low, best = n+1, set
	}
	return best, nil
}

// tooLong reports whether text cannot fit into so many lines, whatever the
// breaks: it saves breaking texts that are far too long.
func (t *typesetter) tooLong(field, text string, s style, width float64, lines int) (bool, error) {
	if lines == 0 {
		return false, nil
	}
	one, err := t.shape(field, strings.ReplaceAll(text, "\n", " "), s)
	// The spaces at line ends are not set; none is wider than half a size.
	return one.width-float64(lines)*(0.5+s.tracking)*s.size > width*float64(lines), err
}
