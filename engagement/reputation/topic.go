package reputation

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yukselenler/sosyal"
)

// Topic is a keyword and how many mentions hold it.
type Topic struct {
	// Keyword is in the form it is compared in: small letters without dots and
	// hooks.
	Keyword string `json:"keyword"`
	// Spelling is the keyword as people read it: as it was given, or in the small
	// letters in which most of the mentions write it.
	Spelling string `json:"spelling,omitzero"`
	// Mentions counts each mention once, Negative those in a negative mood.
	Mentions int `json:"mentions"`
	Negative int `json:"negative"`
	// Share is the part of all mentions.
	Share float64 `json:"share"`
}

// TopicOptions say which keywords count. The zero options mean the defaults
// named at each field.
type TopicOptions struct {
	// Keywords limits to these; words that begin with one count for it, so that
	// "kargo" holds "kargom" and "kargonuz". Default: every word of at least four
	// letters, each for itself.
	Keywords []string
	// Ignore are further words to leave out, such as the names of the brands.
	Ignore []string
	// Limit is how many topics are returned. Default 20.
	Limit int
}

// Topics counts what mentions are about, the most frequent first and equal ones
// in alphabetical order. Small words of Turkish and English are left out.
func Topics(mentions iter.Seq2[Mention, error], opt TopicOptions) ([]Topic, error) {
	if opt.Limit == 0 {
		opt.Limit = 20
	}
	if opt.Limit < 0 {
		return nil, sosyal.FieldError{Field: "limit", Rule: "must not be negative", Value: fmt.Sprint(opt.Limit)}
	}
	keywords, ignored := folded(opt.Keywords), folded(opt.Ignore)
	found := map[string]*Topic{}
	spellings := map[string]map[string]int{}
	all := 0
	for m, err := range mentions {
		if err != nil {
			return nil, err
		}
		all++
		for word, written := range topicWords(m.Text, keywords, ignored) {
			if found[word] == nil {
				found[word], spellings[word] = &Topic{Keyword: word}, map[string]int{}
			}
			spellings[word][written]++
			found[word].Mentions++
			if m.Sentiment.Label == Negative {
				found[word].Negative++
			}
		}
	}
	topics := make([]Topic, 0, len(found))
	for _, t := range found {
		t.Share = float64(t.Mentions) / float64(all)
		t.Spelling = commonest(spellings[t.Keyword])
		if i := slices.Index(keywords, t.Keyword); i >= 0 {
			t.Spelling = opt.Keywords[i]
		}
		topics = append(topics, *t)
	}
	slices.SortFunc(topics, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(b.Mentions, a.Mentions), strings.Compare(a.Keyword, b.Keyword))
	})
	return topics[:min(opt.Limit, len(topics))], nil
}

func folded(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fold(w)
	}
	return out
}

// commonest is the spelling that most mentions use; of equal ones the last by
// the alphabet, which puts letters with hooks and dots before those without.
func commonest(spellings map[string]int) string {
	best := ""
	for s, n := range spellings {
		if n > spellings[best] || n == spellings[best] && s > best {
			best = s
		}
	}
	return best
}

// topicWords returns the keywords of a text, each once, with how it is written.
func topicWords(text string, keywords, ignored []string) map[string]string {
	out := map[string]string{}
	small := strings.ToLower
	if languageOf(text, tokens(text)) == sosyal.Turkish {
		small = func(s string) string { return strings.ToLowerSpecial(unicode.TurkishCase, s) }
	}
	for w, written := range words(text) {
		if len(keywords) > 0 {
			at := slices.IndexFunc(keywords, func(k string) bool { return strings.HasPrefix(w, k) })
			if at < 0 {
				continue
			}
			w = keywords[at]
		} else if utf8.RuneCountInString(w) < 4 || smallWord(w) {
			continue
		}
		if _, seen := out[w]; !seen && !slices.Contains(ignored, w) {
			out[w] = small(written)
		}
	}
	return out
}

// smallWord reports words of four letters and more that carry no topic.
func smallWord(w string) bool {
	switch w {
	case "ancak", "artik", "aslinda", "aynen", "bana", "bazen", "belki", "beni", "benim", "bile", "bizim", "boyle", "bunu", "bunun",
		"buna", "cunku", "daha", "degil", "diye", "dedim", "falan", "fakat", "gayet", "gibi", "gore", "hala", "hatta", "hepsi", "icin",
		"kadar", "karsi", "kendi", "lakin", "nasil", "neden", "nerede", "olan", "olarak", "oldu", "oldugu", "olsun", "olur", "once",
		"onun", "oyle", "sadece", "sanki", "sizin", "simdi", "sonra", "soyle", "tabii", "vardi", "varsa", "veya", "yani", "yine", "zaten",
		"about", "after", "again", "also", "been", "because", "before", "being", "could", "does", "doing", "don't", "from", "have",
		"having", "here", "into", "just", "like", "more", "most", "much", "only", "other", "over", "really", "same", "should", "some",
		"such", "than", "that", "their", "them", "then", "there", "these", "they", "this", "those", "very", "want", "were", "what",
		"when", "where", "which", "while", "will", "with", "would", "your":
		return true
	}
	return false
}
