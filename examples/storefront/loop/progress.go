package loop

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"
)

// reporter tells the person at the terminal what is going on. That the terminal
// is gone stops nothing.
type reporter struct {
	w        io.Writer
	terminal bool
}

// step announces a part of the loop.
func (r reporter) step(format string, args ...any) {
	_, _ = fmt.Fprintf(r.w, format+"\n", args...)
}

// bar shows the progress of something that takes time: a bar where the line can
// be redrawn, else a line when it is done.
type bar struct {
	reporter
	name  string
	drawn *progressbar.ProgressBar
	total int64
	begun time.Time
}

// bar starts one for a number of units; bytes says what they are.
func (r reporter) bar(name string, total int64, bytes bool) *bar {
	b := &bar{reporter: r, name: name, total: total, begun: time.Now()}
	if r.terminal {
		b.drawn = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(r.w), progressbar.OptionSetDescription(fmt.Sprintf("  %-34s", name)),
			progressbar.OptionShowBytes(bytes), progressbar.OptionSetWidth(28), progressbar.OptionThrottle(80*time.Millisecond),
			progressbar.OptionSetPredictTime(false), progressbar.OptionShowCount())
	}
	return b
}

func (b *bar) set(done int64) {
	if b.drawn != nil {
		_ = b.drawn.Set64(min(done, b.total)) // a bar that cannot be drawn stops nothing
	}
}

func (b *bar) done() {
	if b.drawn != nil {
		_ = b.drawn.Finish()
		_, _ = fmt.Fprintln(b.w)
		return
	}
	_, _ = fmt.Fprintf(b.w, "  %-34s %6.1f s\n", b.name, time.Since(b.begun).Seconds())
}

// counting passes reads through and moves the bar.
type counting struct {
	io.Reader
	bar  *bar
	read int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	c.bar.set(c.read)
	return n, err
}

// counted writes a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
