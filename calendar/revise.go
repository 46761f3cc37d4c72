package calendar

import (
	"slices"
	"strconv"

	"github.com/yukselenler/sosyal"
)

// hashVersion names the lists of fields below. A list may grow at its end; any
// other change takes a new version.
const hashVersion = "v1"

// ContentHash is what an approval of the item binds to: version 1 is title,
// category, occasion, products, disclosure, and of every variant, in the order of
// destinations, the hash of [Item.VariantHash]. Times, states, people and reasons
// are not content.
func (it Item) ContentHash() sosyal.ContentHash {
	variants := slices.SortedFunc(slices.Values(it.Variants), func(a, b Variant) int {
		return compareDestinations(a.Destination, b.Destination)
	})
	hashes := make([]string, len(variants))
	for i, v := range variants {
		hashes[i] = string(it.VariantHash(v))
	}
	return it.shared("item").Texts("variants", hashes...).Sum()
}

// VariantHash is the content of one variant: version 1 is what the item's
// variants share, then brand, network, account, format, template, language,
// title, text, thread, first comment, link, and of every medium reference and
// alt text.
func (it Item) VariantHash(v Variant) sosyal.ContentHash {
	link := ""
	if v.Link != (sosyal.Link{}) {
		link = v.Link.String()
	}
	media := make([]string, 0, 2*len(v.Media))
	for _, m := range v.Media {
		media = append(media, m.Ref, m.AltText)
	}
	d := v.Destination
	return it.shared("variant").
		Code("brand", string(d.Brand)).Code("network", string(d.Network)).Code("account", string(d.Account)).
		Code("format", string(v.Format)).Code("template", string(v.Template)).Code("language", string(v.Language)).
		Text("title", v.Title).Text("text", v.Text).Texts("thread", v.Thread...).
		Text("first_comment", v.FirstComment).Text("link", link).Texts("media", media...).Sum()
}

func (it Item) shared(kind string) *sosyal.ContentHasher {
	products := make([]string, len(it.Products))
	for i, id := range it.Products {
		products[i] = string(id)
	}
	slices.Sort(products)
	return sosyal.NewContentHasher(hashVersion, kind).
		Text("item_title", it.Title).Code("category", string(it.Category)).Text("occasion", it.Occasion).
		Codes("products", products...).Code("disclosure", string(it.Disclosure))
}

// Revise returns the item after an edit. Where the content of a variant changed
// ([Item.VariantHash]), an approved, scheduled, failed or missed variant goes back
// to review and a held one returns to review when the hold ends. The version rises
// by one where content or a time changed. An edit of a variant that is being or was published, and the
// removal of one, are refused: published is history. States are not changed by an
// edit but by [Variant.Become].
func (it Item) Revise(edit func(*Item)) (Item, error) {
	revised := it.Clone()
	edit(&revised)
	var p sosyal.Problems
	p.Require(revised.ID == it.ID, "id", "must not change", string(revised.ID))
	p.Require(revised.Brand == it.Brand, "brand", "must not change", string(revised.Brand))
	for _, before := range it.Variants {
		if _, kept := revised.Variant(before.Destination); !kept && before.State.history() {
			p.Add("variants", "must keep what was published", before.Destination.String())
		}
	}
	for i := range revised.Variants {
		v := &revised.Variants[i]
		at := "variants[" + strconv.Itoa(i) + "]"
		before, existed := it.Variant(v.Destination)
		if !existed {
			p.Require(v.State == StateIdea || v.State == StateDraft, at+".state", "must be idea or draft in a new variant", string(v.State))
			continue
		}
		p.Require(v.State == before.State, at+".state", "must not be changed by an edit", string(v.State))
		if it.VariantHash(before) == revised.VariantHash(*v) {
			continue
		}
		p.Require(!before.State.history(), at, "must not change after publishing began", v.Destination.String())
		v.State, v.HeldFrom = afterEdit(before.State), afterEdit(before.HeldFrom)
	}
	if err := p.Err(); err != nil {
		return it, err
	}
	if revised.ContentHash() != it.ContentHash() || retimed(it, revised) {
		revised.Version = it.Version + 1
	}
	return revised, revised.Validate()
}

// retimed reports whether a variant that had a time has another one or none.
func retimed(before, after Item) bool {
	return slices.ContainsFunc(before.Variants, func(b Variant) bool {
		a, kept := after.Variant(b.Destination)
		return kept && b.At != (sosyal.LocalTime{}) && a.At != b.At
	})
}

func (s State) history() bool { return s == StatePublishing || s == StatePublished }

func afterEdit(s State) State {
	switch s {
	case StateApproved, StateScheduled, StateFailed, StateMissed:
		return StateInReview
	case StateIdea, StateDraft, StateInReview, StatePublishing, StatePublished,
		StatePartlyPublished, StateHeld, StateCancelled:
		return s
	default:
		return s
	}
}
