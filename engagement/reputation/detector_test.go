package reputation_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement/reputation"
)

// calm is hours of overdispersed talk with a daily rhythm and a share of
// negative mentions that varies too.
func calm(hours int, seed uint64) []reputation.Window {
	r := rand.New(rand.NewPCG(seed, 3))
	var out []reputation.Window
	for h := range hours {
		n := 12 + r.IntN(9) + r.IntN(9)
		if h%24 < 8 {
			n /= 2
		}
		w := reputation.Window{At: monday().Add(time.Duration(h) * time.Hour), Mentions: n}
		p := 0.1 + 0.2*r.Float64()
		for range n {
			if r.Float64() < p {
				w.Negative++
			}
		}
		out = append(out, w)
	}
	return out
}

func observe(t *testing.T, d *reputation.Detector, windows []reputation.Window) []reputation.Alarm {
	t.Helper()
	var raised []reputation.Alarm
	for _, w := range windows {
		a, err := d.Observe(w)
		require.NoError(t, err)
		if a.Raised {
			raised = append(raised, a)
		}
	}
	return raised
}

func TestCalmRaisesNoAlarm(t *testing.T) {
	raised := 0
	for seed := range uint64(20) {
		raised += len(observe(t, new(reputation.Detector), calm(24*30, seed)))
	}
	assert.LessOrEqual(t, raised, 4, "in 20 months")
}

func TestAWaveOfTalkIsOneAlarm(t *testing.T) {
	windows := calm(24*20, 1)
	for h := 24 * 15; h < 24*15+12; h++ {
		windows[h].Mentions *= 12
	}
	raised := observe(t, new(reputation.Detector), windows)
	require.Len(t, raised, 1, "twelve hours of it are one event")
	assert.Equal(t, windows[24*15].At, raised[0].At)
	assert.Equal(t, "reputation.alarm.volume", raised[0].Reasons[0].Code)
	assert.GreaterOrEqual(t, raised[0].Score, 0.5)
}

func TestATurnOfMoodAtUsualVolumeIsAnAlarm(t *testing.T) {
	windows := calm(24*20, 2)
	for h := 24*15 + 10; h < 24*15+14; h++ {
		windows[h].Negative = windows[h].Mentions * 9 / 10
	}
	raised := observe(t, new(reputation.Detector), windows)
	require.Len(t, raised, 1)
	assert.Equal(t, "reputation.alarm.negative", raised[0].Reasons[0].Code)
	assert.InDelta(t, 0.2, raised[0].UsualNegative, 0.03)
}

func TestAlarmsDoNotDependOnWhatFollows(t *testing.T) {
	windows := calm(24*20, 3)
	windows[400].Mentions *= 20
	whole := observe(t, new(reputation.Detector), windows)
	part := observe(t, new(reputation.Detector), windows[:401])
	assert.Equal(t, part, whole[:len(part)])
}

func TestADetectorGoesOnWhereItWasStored(t *testing.T) {
	windows := calm(24*20, 4)
	windows[460].Mentions *= 20
	through := observe(t, new(reputation.Detector), windows)
	require.NotEmpty(t, through)

	before := &reputation.Detector{}
	var after reputation.Detector
	observe(t, before, windows[:450])
	data, err := json.Marshal(before)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &after))
	assert.Equal(t, through, observe(t, &after, windows[450:]))

	again, err := json.Marshal(before)
	require.NoError(t, err)
	assert.Equal(t, string(data), string(again))
	for _, bad := range []string{`{`, `{"schema":9}`, `{"schema":1,"windows":[{"at":"2026-11-03T09:00:00Z","mentions":1,"negative":2}]}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &after), bad)
	}
}

func TestOddWindowsChangeNothing(t *testing.T) {
	d := new(reputation.Detector)
	good := reputation.Window{At: monday(), Mentions: 3, Negative: 1}
	_, err := d.Observe(good)
	require.NoError(t, err)
	before, err := json.Marshal(d)
	require.NoError(t, err)
	for name, w := range map[string]reputation.Window{
		"no instant":             {Mentions: 1},
		"the same instant":       good,
		"an earlier one":         {At: monday().Add(-time.Hour)},
		"fewer than none":        {At: monday().Add(time.Hour), Mentions: -1},
		"more negative than all": {At: monday().Add(time.Hour), Mentions: 1, Negative: 2},
	} {
		_, err := d.Observe(w)
		require.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
	after, err := json.Marshal(d)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

func TestAQuietBrandIsNotAlarmedByAFewMentions(t *testing.T) {
	var windows []reputation.Window
	for h := range 24 * 10 {
		windows = append(windows, reputation.Window{At: monday().Add(time.Duration(h) * time.Hour)})
	}
	windows[200].Mentions, windows[200].Negative = 4, 4
	assert.Empty(t, observe(t, new(reputation.Detector), windows))
	windows[210].Mentions, windows[210].Negative = 40, 30
	assert.Len(t, observe(t, new(reputation.Detector), windows), 1)
}

func TestAGapInTheWindowsIsNoError(t *testing.T) {
	windows := calm(24*10, 5)
	later := windows[len(windows)-1]
	later.At = later.At.AddDate(1, 0, 0)
	assert.Empty(t, observe(t, new(reputation.Detector), append(windows, later)))
}
