package reputation

import (
	"context"
	"errors"
	"iter"
	"math"
	"strings"
	"unicode"

	"github.com/yukselenler/sosyal"
)

// lexiconModel names the default classifier in sentiments.
const lexiconModel = "sosyal-lexicon-1"

// DefaultClassifier returns a classifier for Turkish and English that needs
// nothing but its embedded word lists. It knows negation ("değil", "yok", the
// verb's -me/-ma, the noun's -siz/-sız, "not"), intensifiers, emoji, stretched
// words and texts typed without Turkish letters, and abstains where praise and
// complaint balance each other. It does not know irony, and its probabilities
// only order texts; they are not calibrated. For decisions on single mentions
// plug in a trained model.
func DefaultClassifier() Classifier {
	var c lexiconClassifier
	var errs [3]error
	c.turkish, errs[0] = readLexicon("tr.tsv", true)
	c.english, errs[1] = readLexicon("en.tsv", false)
	c.emoji, errs[2] = readLexicon("emoji.tsv", true)
	c.broken = errors.Join(errs[:]...) // the lists are embedded; a test reads them
	return c
}

type lexiconClassifier struct {
	turkish, english, emoji lexicon
	broken                  error
}

// Classify implements [Classifier].
func (c lexiconClassifier) Classify(ctx context.Context, texts []string) ([]Sentiment, error) {
	if c.broken != nil {
		return nil, c.broken
	}
	out := make([]Sentiment, len(texts))
	for i, text := range texts {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out[i] = c.one(text)
	}
	return out, nil
}

func (c lexiconClassifier) one(text string) Sentiment {
	words := tokens(text)
	language := languageOf(text, words)
	var score tally
	c.scoreEmoji(text, &score)
	switch language {
	case sosyal.Turkish:
		scoreTurkish(c.turkish, words, &score)
	case sosyal.English:
		scoreEnglish(c.english, words, &score)
	default:
		scoreTurkish(c.turkish, words, &score)
		scoreEnglish(c.english, words, &score)
	}
	if strings.Contains(text, "?") {
		score.halve() // a question is mostly no opinion
	}
	s := score.sentiment()
	s.Language = language
	s.Model = lexiconModel
	return s
}

// tally adds up praise and complaint apart.
type tally struct{ praise, complaint float64 }

func (t *tally) add(w float64) {
	if w > 0 {
		t.praise += w
	} else {
		t.complaint -= w
	}
}

func (t *tally) halve() { t.praise, t.complaint = t.praise/2, t.complaint/2 }

// sentiment names the mood. Below a weight of 1 nothing was said; where the
// smaller side has more than half of the larger the text is mixed.
func (t tally) sentiment() Sentiment {
	larger, smaller := max(t.praise, t.complaint), min(t.praise, t.complaint)
	switch {
	case larger < 1:
		return Sentiment{Label: Neutral, Probability: 0.65 - 0.15*larger}
	case smaller > 0.6*larger:
		return Sentiment{Probability: 0.4}
	}
	probability := 1 / (1 + math.Exp(-(0.2 + 0.4*(larger-smaller))))
	if t.praise > t.complaint {
		return Sentiment{Label: Positive, Probability: probability}
	}
	return Sentiment{Label: Negative, Probability: probability}
}

// tokens returns the folded words of a text. Addresses and names of accounts
// are left out; a Turkish ending behind an apostrophe is cut off, the English
// "n't" stays.
func tokens(text string) []string {
	var out []string
	for word := range words(text) {
		out = append(out, word)
	}
	return out
}

// words yields the tokens of a text, each with the way it is written there.
func words(text string) iter.Seq2[string, string] {
	return func(yield func(folded, written string) bool) {
		for field := range strings.FieldsSeq(text) {
			if strings.HasPrefix(field, "@") || strings.Contains(field, "://") || strings.HasPrefix(field, "www.") {
				continue
			}
			for part := range strings.FieldsFuncSeq(field, separates) {
				written := strings.TrimFunc(part, apostrophe)
				if !strings.HasSuffix(fold(written), "n't") {
					if end := strings.IndexFunc(written, apostrophe); end >= 0 {
						written = written[:end]
					}
				}
				if word := fold(written); word != "" && !yield(word, written) {
					return
				}
			}
		}
	}
}

func separates(r rune) bool {
	r = foldRune(r)
	return r >= 0 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
}

func apostrophe(r rune) bool { return foldRune(r) == '\'' }

// languageOf tells Turkish from English by letters and small words; empty where
// neither shows.
func languageOf(text string, words []string) sosyal.Language {
	turkish, english := 0, 0
	if strings.ContainsAny(text, "çğışöüÇĞİŞÖÜ") {
		turkish += 2
	}
	for _, w := range words {
		switch w {
		case "ve", "bir", "bu", "cok", "icin", "ama", "da", "de", "ile", "mi", "ne", "gibi", "urun", "urunu", "kargo",
			"var", "yok", "daha", "hic", "ben", "bana", "olarak", "degil", "iyi", "guzel":
			turkish++
		case "the", "and", "is", "to", "my", "it", "for", "this", "with", "was", "of", "in", "i", "so", "not",
			"very", "but", "you", "your", "are", "have", "they", "on", "love", "from":
			english++
		}
	}
	switch {
	case turkish > english:
		return sosyal.Turkish
	case english > turkish:
		return sosyal.English
	}
	return ""
}

// scoreEmoji adds each emoji, a repeated one at most twice.
func (c lexiconClassifier) scoreEmoji(text string, score *tally) {
	seen := map[rune]int{}
	for _, r := range text {
		if w, ok := c.emoji.stems[string(r)]; ok && seen[r] < 2 {
			seen[r]++
			score.add(w / float64(seen[r]))
		}
	}
}

// intensity returns the factor that a word puts on the next, 1 for most.
func intensity(word string) float64 {
	switch word {
	case "cok", "asiri", "gercekten", "resmen", "inanilmaz", "kesinlikle", "tam", "bayagi", "hayli",
		"very", "really", "so", "extremely", "absolutely", "totally", "super":
		return 1.5
	case "biraz", "az", "slightly", "somewhat":
		return 0.5
	}
	return 1
}

// clauseWeight is the factor on what follows a "but", which is what the writer
// means.
const clauseWeight = 1.5

// scoreTurkish scores words by the stems they begin with, phrases included.
func scoreTurkish(l lexicon, words []string, score *tally) {
	factor := 1.0
	for i := 0; i < len(words); i++ {
		if w := words[i]; w == "ama" || w == "fakat" || w == "ancak" || w == "lakin" {
			score.halve()
			factor = clauseWeight
			continue
		}
		phrase := strings.Join(words[i:min(i+4, len(words))], " ")
		weight, length := l.match(phrase)
		if length == 0 || weight == 0 {
			continue
		}
		last := i + strings.Count(phrase[:length], " ")
		ending := words[last][min(len(words[last]), length-strings.LastIndexByte(phrase[:length], ' ')-1):]
		if negatingEnding(ending) {
			weight = -weight
		}
		if negatedBehind(l, words[last+1:]) {
			weight *= -0.8
		}
		if i > 0 {
			weight *= intensity(words[i-1])
		}
		score.add(weight * factor)
		i = last
	}
}

// negatingEnding reports whether what follows a stem turns it round: the verb's
// -me/-ma in its negative forms (not the noun in -mek, the duty in -meli or the
// hearsay in -miş), and the noun's -siz.
func negatingEnding(ending string) bool {
	for _, prefix := range []string{
		"med", "mad", "mez", "maz", "mey", "may", "miyo", "muyo", "memi", "mami", "meme", "mama", "siz", "suz",
	} {
		if strings.HasPrefix(ending, prefix) {
			return !strings.HasPrefix(ending, "memek") && !strings.HasPrefix(ending, "mamak")
		}
	}
	return ending == "mem" || ending == "mam" || ending == "me" || ending == "ma"
}

// negatedBehind reports whether one of the next two words denies: "değil",
// "yok", or a verb in the negative, as in "memnun kalmadım". A word with a
// weight of its own begins something new.
func negatedBehind(l lexicon, words []string) bool {
	for i, w := range words[:min(2, len(words))] {
		if strings.HasPrefix(w, "degil") || w == "yok" || w == "yoktu" {
			return true
		}
		if weight, _ := l.match(strings.Join(words[i:min(i+4, len(words))], " ")); weight != 0 {
			return false
		}
		for _, ending := range []string{"madi", "medi", "miyor", "muyor", "maz", "mez", "mamis", "memis"} {
			if at := strings.Index(w, ending); at > 0 {
				return true
			}
		}
		if strings.HasSuffix(w, "mam") || strings.HasSuffix(w, "mem") {
			return true
		}
	}
	return false
}

// scoreEnglish scores whole words, turned round by a negation up to three words
// before.
func scoreEnglish(l lexicon, words []string, score *tally) {
	factor := 1.0
	for i := 0; i < len(words); i++ {
		if words[i] == "but" || words[i] == "however" {
			score.halve()
			factor = clauseWeight
			continue
		}
		phrase := strings.Join(words[i:min(i+3, len(words))], " ")
		weight, length := l.match(phrase)
		if length == 0 || weight == 0 {
			continue
		}
		for _, before := range words[max(0, i-3):i] {
			switch {
			case before == "not", before == "no", before == "never", before == "without", strings.HasSuffix(before, "n't"):
				weight *= -0.8
			}
		}
		if i > 0 {
			weight *= intensity(words[i-1])
		}
		score.add(weight * factor)
		i += strings.Count(phrase[:length], " ")
	}
}
