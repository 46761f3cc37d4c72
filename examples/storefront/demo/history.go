package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Files names the files of a history in the order in which they are renamed.
func Files() []string {
	return []string{
		"products.csv", "orders.csv", "posts.csv", "snapshots.csv", "mentions.csv",
		"mentions_truth.csv", "ads.csv", "followers.csv", "truth.json",
	}
}

// WriteHistory writes the files of Files into the folder dir, which it makes
// when it is missing. Each is written under a temporary name; all are renamed
// when all are complete, so that an error or a cancelled context leaves nothing
// half-written behind. progress, which may be nil, is called after each day of
// the history.
func (w *World) WriteHistory(ctx context.Context, dir string, progress func(done, total int)) error {
	contents, err := w.history(ctx, progress)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make folder of the history: %w", err)
	}
	var written []string
	clean := func(cause error) error {
		for _, name := range written {
			cause = errors.Join(cause, os.Remove(name))
		}
		return cause
	}
	for _, name := range Files() {
		if err := ctx.Err(); err != nil {
			return clean(err)
		}
		temporary, err := writeTemporary(dir, name, contents[name])
		if temporary != "" {
			written = append(written, temporary)
		}
		if err != nil {
			return clean(err)
		}
	}
	for i, name := range Files() {
		if err := os.Rename(written[0], filepath.Join(dir, name)); err != nil {
			return clean(fmt.Errorf("rename file %d of the history: %w", i+1, err))
		}
		written = written[1:]
	}
	return nil
}

// writeTemporary returns the name of the file as soon as there is one.
func writeTemporary(dir, name string, content []byte) (string, error) {
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err != nil {
		return f.Name(), fmt.Errorf("write %s: %w", name, err)
	}
	return f.Name(), nil
}

// history builds every file, day by day.
func (w *World) history(ctx context.Context, progress func(done, total int)) (map[string][]byte, error) {
	products, orders := []byte(productsHeader()), make([]byte, 0, 1<<20)
	orders = append(orders, ordersHeader()...)
	mentions, moods := []byte(mentionsHeader()), []byte(mentionsTruthHeader())
	ads, followers := []byte(adsHeader()), []byte(followersHeader())
	total := int(w.end - w.options.Start)
	var sold [][]order // of the last days, the latest at the end
	before := shelf{}
	for done := range total {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d := w.options.Start + dateOf(done)
		t := w.trade(d, nil)
		list, day := w.historyOrders(t)
		sold = append(sold, list)
		if len(sold) > lastReturn+1 {
			sold = sold[1:]
		}
		today := slices.Clone(list)
		for _, earlier := range sold[:len(sold)-1] {
			today = append(today, w.returnsOn(d, earlier)...)
		}
		orders = w.appendOrders(orders, today)
		products = w.appendProducts(products, d, t.shelf, before)
		before = t.shelf
		ads = w.appendAds(ads, d, day)
		said := w.mentions(d)
		mentions, moods = appendMentions(mentions, said), appendMentionsTruth(moods, said)
		followers = w.appendFollowers(followers, d)
		if progress != nil {
			progress(done+1, total)
		}
	}
	truth, err := w.Truth().json()
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"products.csv": products, "orders.csv": orders, "mentions.csv": mentions, "mentions_truth.csv": moods,
		"ads.csv": ads, "followers.csv": followers, "truth.json": truth,
		"posts.csv":     w.appendPosts([]byte(postsHeader())),
		"snapshots.csv": w.appendSnapshots([]byte(snapshotsHeader()), w.posts, midnight(w.options.Start), midnight(w.end)),
	}, nil
}
