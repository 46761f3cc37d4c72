package calendar_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yukselenler/sosyal"
	"github.com/yukselenler/sosyal/calendar"
	"github.com/yukselenler/sosyal/calendar/network"
)

func onDay(t *testing.T, day, clock string) sosyal.LocalTime {
	t.Helper()
	d, err := sosyal.ParseDate(day)
	require.NoError(t, err)
	w, err := sosyal.ParseWallTime(clock)
	require.NoError(t, err)
	return sosyal.LocalTime{Date: d, Time: w, Zone: "Europe/Istanbul"}
}

func post(t *testing.T, states ...calendar.State) calendar.Item {
	t.Helper()
	it := calendar.Item{ID: "p1", Brand: "lale", Title: "Yeni sezon", Category: "product"}
	for i, s := range states {
		v := calendar.Variant{
			Destination: sosyal.Destination{Brand: "lale", Network: sosyal.Networks()[i], Account: "lale"},
			Format:      sosyal.FormatPhoto, Text: "Merhaba", State: s, At: onDay(t, "2026-11-03", "19:30"),
		}
		if s == calendar.StateHeld {
			v.HeldFrom = calendar.StateApproved
		}
		it.Variants = append(it.Variants, v)
	}
	return it
}

func TestStateOfAnItemFollowsFromItsVariants(t *testing.T) {
	const (
		draft, review, approved = calendar.StateDraft, calendar.StateInReview, calendar.StateApproved
		scheduled, published    = calendar.StateScheduled, calendar.StatePublished
		failed, held, cancelled = calendar.StateFailed, calendar.StateHeld, calendar.StateCancelled
	)
	for _, c := range []struct {
		variants []calendar.State
		want     calendar.State
	}{
		{nil, calendar.StateIdea},
		{[]calendar.State{draft}, draft},
		{[]calendar.State{approved, review, scheduled}, review},
		{[]calendar.State{scheduled, scheduled}, scheduled},
		{[]calendar.State{published, published}, published},
		{[]calendar.State{published, cancelled}, published},
		{[]calendar.State{published, scheduled}, calendar.StatePartlyPublished},
		{[]calendar.State{published, failed}, calendar.StatePartlyPublished},
		{[]calendar.State{scheduled, failed}, failed},
		{[]calendar.State{failed, held}, held},
		{[]calendar.State{calendar.StatePublishing, failed}, calendar.StatePublishing},
		{[]calendar.State{cancelled, cancelled}, cancelled},
		{[]calendar.State{cancelled, draft}, draft},
	} {
		assert.Equal(t, c.want, post(t, c.variants...).State(), c.variants)
	}
}

func TestVariantsMoveOnlyAlongTheTable(t *testing.T) {
	for _, from := range calendar.States() {
		for _, to := range calendar.States() {
			v := post(t, from)
			if from == calendar.StatePartlyPublished {
				continue
			}
			got, err := v.Variants[0].Become(to)
			allowed := slices.Contains(from.Next(), to)
			if from == calendar.StateHeld {
				allowed = to == calendar.StateApproved || to == calendar.StateCancelled
			}
			if !allowed {
				moved, ok := errors.AsType[calendar.TransitionError](err)
				require.True(t, ok, "%s to %s", from, to)
				assert.Equal(t, calendar.TransitionError{From: from, To: to}, moved)
				assert.ErrorIs(t, err, sosyal.ErrInvalid)
				continue
			}
			require.NoError(t, err, "%s to %s", from, to)
			assert.Equal(t, to, got.State)
			assert.Equal(t, to == calendar.StateHeld, got.HeldFrom == from)
		}
	}
	unplanned := post(t, calendar.StateApproved).Variants[0]
	unplanned.At = sosyal.LocalTime{}
	_, err := unplanned.Become(calendar.StateScheduled)
	assert.ErrorIs(t, err, sosyal.ErrInvalid, "scheduling needs a time")
}

// Whatever is done to a variant, it is published only after it was approved since
// its last edit.
func TestNothingIsPublishedUnapproved(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 3))
		it := post(t, calendar.StateDraft)
		approved := false
		for range 60 {
			if rng.IntN(4) == 0 {
				next, err := it.Revise(func(it *calendar.Item) { it.Variants[0].Text += "!" })
				if err == nil {
					it, approved = next, false
				}
				continue
			}
			to := calendar.States()[rng.IntN(len(calendar.States()))]
			v, err := it.Variants[0].Become(to)
			if err != nil {
				continue
			}
			if it.Variants[0].State == calendar.StateInReview && to == calendar.StateApproved {
				approved = true
			}
			if to == calendar.StatePublished {
				require.True(t, approved, "seed %d", seed)
			}
			it.Variants[0] = v
		}
	}
}

func TestReviseReturnsChangedContentToReview(t *testing.T) {
	it := post(t, calendar.StateApproved, calendar.StateScheduled, calendar.StateDraft)
	edited, err := it.Revise(func(it *calendar.Item) { it.Variants[1].Text = "Başka" })
	require.NoError(t, err)
	assert.Equal(t, calendar.StateApproved, edited.Variants[0].State, "its content did not change")
	assert.Equal(t, calendar.StateInReview, edited.Variants[1].State)
	assert.EqualValues(t, 1, edited.Version)
	assert.Equal(t, "Merhaba", it.Variants[1].Text, "the original stays")

	shared, err := it.Revise(func(it *calendar.Item) { it.Disclosure = calendar.DisclosureAdvertisement })
	require.NoError(t, err)
	assert.Equal(t, calendar.StateInReview, shared.Variants[0].State, "what variants share is content of all")
	assert.Equal(t, calendar.StateDraft, shared.Variants[2].State)

	moved, err := it.Revise(func(it *calendar.Item) {
		it.Variants[1].At = onDay(t, "2026-11-09", "10:00")
		it.Assignee = "ayse"
		it.Variants[0].Text = "Merhaba  "
	})
	require.NoError(t, err)
	assert.Equal(t, calendar.StateScheduled, moved.Variants[1].State, "a time is not content")
	assert.EqualValues(t, 1, moved.Version, "but a move is a new version")
	assert.Equal(t, it.ContentHash(), moved.ContentHash())

	held, err := post(t, calendar.StateHeld).Revise(func(it *calendar.Item) { it.Variants[0].Text = "x" })
	require.NoError(t, err)
	assert.Equal(t, calendar.StateHeld, held.Variants[0].State)
	assert.Equal(t, calendar.StateInReview, held.Variants[0].HeldFrom, "what was approved before the hold no longer is")
}

func TestReviseRefuses(t *testing.T) {
	for name, edit := range map[string]func(*calendar.Item){
		"to change what was published": func(it *calendar.Item) { it.Variants[0].Text = "x" },
		"to remove what was published": func(it *calendar.Item) { it.Variants = it.Variants[1:] },
		"another id":                   func(it *calendar.Item) { it.ID = "p2" },
		"a state":                      func(it *calendar.Item) { it.Variants[1].State = calendar.StateApproved },
		"a new variant past draft": func(it *calendar.Item) {
			v := it.Variants[1]
			v.Destination.Account, v.State = "other", calendar.StateApproved
			it.Variants = append(it.Variants, v)
		},
		"an invalid item": func(it *calendar.Item) { it.Variants[1].Format = "" },
	} {
		_, err := post(t, calendar.StatePublished, calendar.StateDraft).Revise(edit)
		assert.ErrorIs(t, err, sosyal.ErrInvalid, name)
	}
}

func TestContentHashIsOfContentAlone(t *testing.T) {
	it := post(t, calendar.StateDraft, calendar.StateDraft)
	require.NoError(t, it.ContentHash().Validate())
	same := it.Clone()
	slices.Reverse(same.Variants)
	same.Variants[0].State, same.Variants[0].Reference, same.Assignee = calendar.StateApproved, "42", "ayse"
	assert.Equal(t, it.ContentHash(), same.ContentHash())
	for name, edit := range map[string]func(*calendar.Item){
		"title":      func(it *calendar.Item) { it.Title = "x" },
		"category":   func(it *calendar.Item) { it.Category = "x" },
		"products":   func(it *calendar.Item) { it.Products = []sosyal.ProductID{"x"} },
		"disclosure": func(it *calendar.Item) { it.Disclosure = calendar.DisclosureGift },
		"text":       func(it *calendar.Item) { it.Variants[0].Text = "x" },
		"format":     func(it *calendar.Item) { it.Variants[0].Format = sosyal.FormatReel },
		"template":   func(it *calendar.Item) { it.Variants[0].Template = "x" },
		"thread":     func(it *calendar.Item) { it.Variants[0].Thread = []string{"x"} },
		"comment":    func(it *calendar.Item) { it.Variants[0].FirstComment = "x" },
		"link":       func(it *calendar.Item) { it.Variants[0].Link = sosyal.Link{URL: "https://lale.example"} },
		"alt text":   func(it *calendar.Item) { it.Variants[0].Media = []network.Media{{AltText: "x"}} },
	} {
		changed := it.Clone()
		edit(&changed)
		assert.NotEqual(t, it.ContentHash(), changed.ContentHash(), name)
	}
}

func TestItemsReadBackAsTheyWereWritten(t *testing.T) {
	it := post(t, calendar.StateScheduled, calendar.StateHeld)
	it.Window = sosyal.Month(2026, 11)
	it.Variants[0].Reasons = []sosyal.Reason{sosyal.Because("calendar.plan.best", sosyal.CountArg("slots", 3))}
	require.NoError(t, it.Validate())
	data, err := json.Marshal(it)
	require.NoError(t, err)
	var read calendar.Item
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, it, read)
}

func TestItemValidateReportsEverything(t *testing.T) {
	it := post(t, calendar.StateDraft, calendar.StateScheduled)
	it.Brand, it.Title, it.Disclosure = "", "", "secret"
	it.Variants[1].At = sosyal.LocalTime{}
	it.Variants[0].At.Zone = "Mars/Olympus"
	var fields []string
	for _, f := range sosyal.FieldErrors(it.Validate()) {
		fields = append(fields, f.Field)
	}
	assert.Equal(t, []string{
		"brand", "title", "disclosure", "variants[0].at.zone", "variants[0].destination.brand",
		"variants[1].at", "variants[1].destination.brand",
	}, fields)
}

func TestCheckAsksForVisibleLabels(t *testing.T) {
	it := post(t, calendar.StateDraft)
	v := it.Variants[0]
	v.Media = []network.Media{{Kind: network.Image, Type: "image/jpeg"}}
	day := onDay(t, "2026-11-03", "10:00").Date
	for _, c := range []struct {
		disclosure calendar.Disclosure
		country    string
		text       string
		want       string
	}{
		{"", "TR", "Merhaba", ""},
		{calendar.DisclosureAdvertisement, "TR", "Merhaba #reklam", ""},
		{calendar.DisclosureCollaboration, "TR", "#İŞBİRLİĞİ merhaba", ""},
		{calendar.DisclosureAdvertisement, "TR", "Merhaba", "calendar.disclosure.missing"},
		{calendar.DisclosureAdvertisement, "TR", "Merhaba #reklamsız", "calendar.disclosure.missing"},
		{calendar.DisclosureAdvertisement, "TR", longText() + " #reklam", "calendar.disclosure.hidden"},
		{calendar.DisclosureAdvertisement, "US", "Hello #ad", ""},
	} {
		it.Disclosure, v.Text = c.disclosure, c.text
		issues, err := calendar.Check(it, v, c.country, day)
		require.NoError(t, err)
		got := ""
		for _, i := range issues {
			got += i.Fix.Code
		}
		assert.Equal(t, c.want, got, c.text)
	}
	v.Destination.Network = "orkut"
	_, err := calendar.Check(it, v, "TR", day)
	assert.ErrorIs(t, err, sosyal.ErrUnsupported)
}

func longText() string {
	text := ""
	for range 30 {
		text += "uzun "
	}
	return text
}
