package engagement_test

import (
	"errors"
	"iter"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/engagement"
)

func published() time.Time { return time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC) }

func captured(m sosyal.Metric, age time.Duration, value float64, version string) engagement.Snapshot {
	return engagement.Snapshot{Post: "p", Metric: m, Value: value, At: published().Add(age), Version: version}
}

func TestValuesAtAnAge(t *testing.T) {
	const day = 24 * time.Hour
	series := []engagement.Snapshot{
		captured(sosyal.Likes, 7*day, 90, "1"), // out of order
		captured(sosyal.Likes, time.Hour, 10, "1"),
		captured(sosyal.Likes, day, 80, "1"),
		captured(sosyal.Likes, 2*day, 60, "1"), // spam removed
		captured(sosyal.Reach, 2*day, 500, "1"),
		captured(sosyal.Views, day, 100, "1"),
		captured(sosyal.Views, 7*day, 900, "2"),
		captured(sosyal.Comments, 0, 3, "1"), // at the instant of publication: no age to place it at
	}
	for _, c := range []struct {
		name string
		age  time.Duration
		want sosyal.Counts
	}{
		{"a captured age", day, sosyal.Counts{sosyal.Likes: 80, sosyal.Views: 100}},
		{"a late capture stands for the age", 23*time.Hour + 30*time.Minute, sosyal.Counts{sosyal.Likes: 80, sosyal.Views: 100}},
		{"a counter that fell", 2 * day, sosyal.Counts{sosyal.Likes: 60, sosyal.Reach: 500}},
		{
			"between captures, linear in the logarithm of the age; never across a definition", 36 * time.Hour,
			sosyal.Counts{sosyal.Likes: 80 - 20*math.Log(1.5)/math.Log(2)},
		},
		{"before the first capture", 30 * time.Minute, sosyal.Counts{}},
		{"after the last capture", 14 * day, sosyal.Counts{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := engagement.AtAge(published(), series, c.age)
			require.Len(t, got, len(c.want))
			for m, v := range c.want {
				assert.InDelta(t, v, got[m], 1e-9, string(m))
			}
		})
	}
	assert.Equal(t, sosyal.Counts{sosyal.Likes: 90, sosyal.Reach: 500, sosyal.Views: 900, sosyal.Comments: 3}, engagement.Latest(series))
}

func TestOfTwoCapturesAtOneInstantTheLaterHolds(t *testing.T) {
	series := []engagement.Snapshot{captured(sosyal.Likes, time.Hour, 10, "1"), captured(sosyal.Likes, time.Hour, 12, "1")}
	assert.Equal(t, sosyal.Counts{sosyal.Likes: 12}, engagement.AtAge(published(), series, time.Hour))
	assert.Equal(t, sosyal.Counts{sosyal.Likes: 12}, engagement.Latest(series))
}

func snapshots(list []engagement.Snapshot, err error) iter.Seq2[engagement.Snapshot, error] {
	return func(yield func(engagement.Snapshot, error) bool) {
		for _, s := range list {
			if !yield(s, nil) {
				return
			}
		}
		if err != nil {
			yield(engagement.Snapshot{}, err)
		}
	}
}

func TestPostsAreComparedAtEqualAge(t *testing.T) {
	older := engagement.Post{ID: "old", At: published(), Counts: sosyal.Counts{sosyal.Likes: 1000}}
	younger := engagement.Post{ID: "young", At: published().Add(6 * 24 * time.Hour), Counts: sosyal.Counts{sosyal.Likes: 50}}
	at := func(id string, at time.Time, v float64) engagement.Snapshot {
		return engagement.Snapshot{Post: id, Metric: sosyal.Likes, Value: v, At: at}
	}
	list := []engagement.Snapshot{
		at("young", younger.At.Add(24*time.Hour), 50),
		at("old", older.At.Add(24*time.Hour), 40), at("old", older.At.Add(28*24*time.Hour), 1000),
		at("stranger", older.At.Add(24*time.Hour), 7),
	}
	got, err := engagement.AtEqualAge([]engagement.Post{older, younger}, snapshots(list, nil), 24*time.Hour)
	require.NoError(t, err)
	assert.Equal(t, sosyal.Counts{sosyal.Likes: 40}, got[0].Counts)
	assert.Equal(t, sosyal.Counts{sosyal.Likes: 50}, got[1].Counts)
	assert.Equal(t, 24*time.Hour, got[0].Age)
	assert.InDelta(t, 1000, older.Counts[sosyal.Likes], 0, "the posts given are left as they are")

	got, err = engagement.AtEqualAge([]engagement.Post{older, younger}, snapshots(list, nil), 28*24*time.Hour)
	require.NoError(t, err)
	assert.Empty(t, got[1].Counts, "too young")

	broken := errors.New("disk")
	_, err = engagement.AtEqualAge(nil, snapshots(list, broken), time.Hour)
	require.ErrorIs(t, err, broken)
}

func TestSnapshotsAreValidated(t *testing.T) {
	err := engagement.Snapshot{Value: math.NaN()}.Validate()
	var fields []string
	for _, f := range sosyal.FieldErrors(err) {
		fields = append(fields, f.Field)
	}
	assert.Equal(t, []string{"post", "metric", "value", "at"}, fields)
	assert.NoError(t, captured(sosyal.Likes, time.Hour, 0, "").Validate())
}
