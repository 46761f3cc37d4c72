package reputation

import (
	"bufio"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

//go:embed lexicon/*.tsv
var lexiconFiles embed.FS

// lexicon holds weights by folded entry.
type lexicon struct {
	stems   map[string]float64 // match what begins with them
	words   map[string]float64 // match whole words
	longest int                // bytes of the longest entry
}

// readLexicon reads a table of entries and weights. Stems are the rule where
// prefixes is true; else an entry needs a "*" behind it to be one.
func readLexicon(name string, prefixes bool) (lexicon, error) {
	f, err := lexiconFiles.Open("lexicon/" + name)
	if err != nil {
		return lexicon{}, fmt.Errorf("opening lexicon: %w", err)
	}
	defer func() { _ = f.Close() }() // an embedded file has nothing to lose
	l := lexicon{stems: map[string]float64{}, words: map[string]float64{}}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		entry, weight, found := strings.Cut(line, "\t")
		w, err := strconv.ParseFloat(weight, 64)
		if !found || err != nil || w < -3 || w > 3 {
			return lexicon{}, fmt.Errorf("lexicon %s: line %q is not an entry with a weight from -3 to 3", name, line)
		}
		whole := !prefixes
		if rest, ok := strings.CutPrefix(entry, "="); ok {
			entry, whole = rest, true
		}
		if rest, ok := strings.CutSuffix(entry, "*"); ok {
			entry, whole = rest, false
		}
		entry = fold(entry)
		if whole {
			l.words[entry] = w
		} else {
			l.stems[entry] = w
		}
		l.longest = max(l.longest, len(entry))
	}
	return l, lines.Err()
}

// match returns the longest entry with which the text begins, its weight, and
// how many bytes it covers. A whole word must end where a word ends.
func (l lexicon) match(text string) (weight float64, length int) {
	for n := min(len(text), l.longest); n > 0; n-- {
		prefix := text[:n]
		if w, ok := l.words[prefix]; ok && (n == len(text) || text[n] == ' ') {
			return w, n
		}
		if w, ok := l.stems[prefix]; ok {
			return w, n
		}
	}
	return 0, 0
}

// fold makes texts comparable however they were typed: small letters without
// dots and hooks, and no letter more than twice in a row, so that "ÇOOOK İYİ",
// "çok iyi" and "cok iyi" meet. Stretched letters are shortened to one.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	last, run := rune(0), 0
	for _, r := range s {
		r = foldRune(r)
		if r < 0 {
			continue
		}
		if r == last {
			run++
		} else {
			last, run = r, 1
		}
		if run < 3 {
			b.WriteRune(r)
			continue
		}
		if run == 3 && unicode.IsLetter(r) { // the second was one too many
			text := strings.TrimSuffix(b.String(), string(r))
			b.Reset()
			b.WriteString(text)
		}
	}
	return b.String()
}

// foldRune returns -1 for marks that only change how a letter looks.
func foldRune(r rune) rune {
	switch r {
	case 'İ', 'I', 'ı', 'î', 'Î':
		return 'i'
	case 'ç', 'Ç':
		return 'c'
	case 'ğ', 'Ğ':
		return 'g'
	case 'ö', 'Ö':
		return 'o'
	case 'ş', 'Ş':
		return 's'
	case 'ü', 'Ü', 'û', 'Û':
		return 'u'
	case 'â', 'Â':
		return 'a'
	case '’', '‘', '`', '´':
		return '\''
	case '\u0307', '\u0306', '\u0327', '\u0308', '\u0302', '\ufe0f':
		return -1
	}
	return unicode.ToLower(r)
}
