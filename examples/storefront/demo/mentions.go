package demo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rickb777/date/v2"
)

// rival is a brand that people speak about; the first one is the shop's own.
type rival struct {
	id, name string
	volume   float64 // mentions a day in the mean
	moods    [3]float64
}

const ownBrand = "zerise"

func (w *World) rivals() []rival {
	list := []rival{
		{ownBrand, "Zerişe", 14, [3]float64{0.38, 0.16, 0.46}},
		{"dermavi", "Dermavi", 12, [3]float64{0.34, 0.20, 0.46}},
		{"perihale", "Perihale", 9, [3]float64{0.40, 0.14, 0.46}},
		{"rosalin", "Rosalin", 5, [3]float64{0.30, 0.26, 0.44}},
	}
	for i := range list {
		list[i].volume *= w.options.Scale
	}
	return list
}

// moods name the shares of a rival.
func moods() [3]string { return [3]string{"positive", "negative", "neutral"} }

// wave is a time in which the own brand is spoken of badly: extra mentions that
// rise to a peak within hours and then halve again and again.
type wave struct {
	name       string
	start      seconds
	rise, half float64 // hours
	length     float64 // hours after which it is over
	factor     float64 // extra volume at the peak, in daily means spread over the day
	negative   float64 // share of the extra mentions
}

// waves are the crisis of the history's fourteenth month, or of a later part of
// a shorter history, and the small one on the twentieth day that is played. The
// null world has none.
func (w *World) waves() []wave {
	if w.options.Null {
		return nil
	}
	month := 13
	if w.options.Months < 14 {
		month = w.options.Months * 3 / 4
	}
	crisis := w.options.Start.AddDate(0, month, 0) + 8
	return []wave{
		{"allergy", midnight(crisis) + 10*hour, 8, 16, 72, 9, 0.85},
		{"delivery", midnight(w.end+19) + 13*hour, 5, 10, 36, 5, 0.75},
	}
}

// at is the wave's height at a moment, 1 at the peak.
func (v wave) at(s seconds) float64 {
	h := float64(s-v.start) / float64(hour)
	switch {
	case h < 0 || h >= v.length:
		return 0
	case h < v.rise:
		return h / v.rise
	default:
		return math.Exp2(-(h - v.rise) / v.half)
	}
}

// mentionHours is the daily rhythm of mentions, from midnight; the sum is 24.
func mentionHours() []float64 {
	return []float64{0.6, 0.35, 0.2, 0.12, 0.1, 0.13, 0.25, 0.5, 0.8, 1, 1.15, 1.2, 1.25, 1.2, 1.15, 1.1, 1.1, 1.15, 1.3, 1.6, 1.9, 2.05, 1.8, 2}
}

// waveIntensity is the height of a wave of factor 1, in hourly means.
const waveIntensity = 1.5

// mentionShape is the shape of the gamma mixing of a day's volume: the variance
// of a daily count is mean + mean^2 / shape.
const mentionShape = 5.0

type mention struct {
	id      string
	at      seconds
	network string
	about   string
	author  string
	text    string
	url     string
	mood    string
	wave    string
}

// mentions are those of a day, in order of time. Nothing that the shop does
// changes them.
func (w *World) mentions(d date.Date) []mention {
	var list []mention
	for i, v := range w.rivals() {
		r := w.keyed("mentions", int(d), i)
		level := r.gamma(mentionShape) / mentionShape
		for h, weight := range mentionHours() {
			at := midnight(d) + seconds(h)*hour
			for range r.poisson(v.volume * level * weight / 24) {
				list = append(list, w.mention(&r, v, at, moods()[r.pick(v.moods[:]...)], ""))
			}
			if v.id != ownBrand {
				continue
			}
			for _, wave := range w.waves() {
				for range r.poisson(v.volume * wave.factor * wave.at(at+hour/2) / 24 * waveIntensity) {
					mood := "neutral"
					if r.chance(wave.negative) {
						mood = "negative"
					}
					list = append(list, w.mention(&r, v, at, mood, wave.name))
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b mention) int { return int(a.at - b.at) })
	for i := range list {
		m := &list[i]
		m.id = fmt.Sprintf("M%s-%05d", d.Format("060102"), i+1)
		m.url = "https://" + m.network + ".example/" + strings.TrimPrefix(m.author, "@") + "/" + m.id
	}
	return list
}

func (w *World) mention(r *random, v rival, hourStart seconds, mood, wave string) mention {
	networks := []string{"instagram", "x", "tiktok", "facebook", "youtube"}
	m := mention{
		at:      hourStart + seconds(r.below(3600)),
		network: networks[r.pick(0.33, 0.35, 0.16, 0.1, 0.06)],
		about:   v.id,
		mood:    mood,
		wave:    wave,
	}
	names := []string{"ayse", "zeynep", "elif", "merve", "esra", "busra", "fatma", "selin", "gizem", "deniz", "ece", "melis", "ali", "can", "emre", "burak"}
	m.author = fmt.Sprintf("@%s_%x", names[r.below(len(names))], r.below(1<<16))
	key := mood + "/tr"
	switch {
	case wave == "allergy" && mood == "negative" && r.chance(0.85):
		key = "crisis/tr"
	case r.chance(0.07):
		key = mood + "/en"
	}
	pool := w.texts.mentions[key]
	text := strings.NewReplacer("{marka}", w.spelled(r, v), "{şey}", w.texts.things[r.below(len(w.texts.things))]).
		Replace(pool[r.below(len(pool))].text)
	m.text = roughen(r, text)
	return m
}

// spelled is the brand as people write it.
func (w *World) spelled(r *random, v rival) string {
	switch r.pick(0.6, 0.2, 0.2) {
	case 0:
		return v.name
	case 1:
		return "@" + v.id
	default:
		return lowerTurkish(v.name)
	}
}

// roughen writes as people do on a phone: without Turkish letters, with
// stretched vowels, with a letter lost, or shouting.
func roughen(r *random, text string) string {
	switch r.pick(0.66, 0.14, 0.08, 0.06, 0.06) {
	case 1:
		return strings.NewReplacer("ç", "c", "ğ", "g", "ı", "i", "ö", "o", "ş", "s", "ü", "u",
			"Ç", "C", "Ğ", "G", "İ", "I", "Ö", "O", "Ş", "S", "Ü", "U").Replace(text)
	case 2:
		return strings.Replace(text, "çok", "çoook", 1) + "!!!"
	case 3:
		letters := []rune(text)
		if at := len(letters)/2 + r.below(max(1, len(letters)/3)); letters[at] < 0x250 && letters[at] != ' ' {
			return string(letters[:at]) + string(letters[at+1:])
		}
		return text
	case 4:
		return strings.ToUpper(strings.NewReplacer("i", "İ", "ı", "I").Replace(text))
	default:
		return text
	}
}

func mentionsHeader() string { return "mention_id,at,network,about,author,text,url\n" }

func appendMentions(b []byte, list []mention) []byte {
	for _, m := range list {
		b = append(b, m.id...)
		b = append(b, ',')
		b = appendTime(b, m.at)
		b = appendText(b, m.network, m.about, m.author, m.text, m.url)
		b = append(b, '\n')
	}
	return b
}

func mentionsTruthHeader() string { return "mention_id,sentiment,wave\n" }

func appendMentionsTruth(b []byte, list []mention) []byte {
	for _, m := range list {
		b = append(b, m.id...)
		b = appendText(b, m.mood, m.wave)
		b = append(b, '\n')
	}
	return b
}

func followersHeader() string { return "day,network,followers\n" }

// appendFollowers writes each network's followers at the end of a day.
func (w *World) appendFollowers(b []byte, d date.Date) []byte {
	for i, p := range places() {
		r := w.keyed("followers", int(d), i)
		age := float64(d - w.options.Start)
		swing := 0.004 * math.Sin(2*math.Pi*age/97+float64(i))
		n := p.followers * w.options.Scale * math.Exp(p.growth*age+swing+0.0002*r.normal())
		b = appendDay(b, d)
		b = appendText(b, p.network)
		b = appendInt(b, int(math.Round(n)))
		b = append(b, '\n')
	}
	return b
}

// stamp is a local time as the truth file writes it.
func (s seconds) stamp() string { return s.clock().Format(time.DateTime) }
