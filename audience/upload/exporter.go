package upload

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/yukselenler/sosyal"
)

// Exporter keeps custom audiences in step with segments: it sends the people who
// joined, takes out those who left or withdrew, and records it. See the package
// comment for what it does when a call fails.
//
// Uploaders, State and Exports are required. An Exporter is safe for concurrent
// use and must not be copied after its first use. Exports of one audience run
// one after another; of two processes that export the same audience at the same
// time one gets [sosyal.ErrConflict].
type Exporter struct {
	Uploaders map[Platform]Uploader
	State     State
	Exports   sosyal.Store[Export]
	// Facts are the platforms'. Default: [StandardFacts].
	Facts Facts
	// Consent is what each added person must have agreed to. Default: what the
	// platform asks for.
	Consent ConsentRule
	// Sensitive are the attributes that segments must not use. Default:
	// [StandardSensitive].
	Sensitive Sensitive
	// AllowExceptions lets a [Request] use sensitive attributes with a recorded
	// [Exception], except where the platform forbids it. Default: never.
	AllowExceptions bool
	// AllowSmall sends audiences below the platform's minimum, with a warning.
	// Default: nobody is added to them.
	AllowSmall bool
	// PhoneRegion is the country by whose dialling rules phones are written where
	// their identifiers do not say it, such as "TR". Default: none, so that only
	// phones in international form are sent.
	PhoneRegion string
	// RenewDays is how many days before its membership runs out somebody who is
	// still wanted is sent again, on platforms that forget members. Default: 30.
	RenewDays int
	// Program is the actor of what happens by itself, such as erasure. Default:
	// "sosyal".
	Program sosyal.ActorID
	// Now is the clock. Default: time.Now.
	Now func() time.Time
	// Logger receives what went unusually. Default: silent.
	Logger *slog.Logger
	// Observe hears of every batch and every export. It is called synchronously and
	// must not call the exporter.
	Observe func(context.Context, sosyal.Event)

	mu    sync.Mutex
	locks map[Audience]*sync.Mutex
}

// Export brings an audience to hold exactly the people of the request who have
// consented, sending only the difference to what was sent before, and returns
// the record of it. Removals go first and need no consent; additions are checked
// for consent again right before their batch leaves.
//
// The error is [sosyal.ErrInvalid] for a request that is refused, sensitive
// attributes among the reasons, and [sosyal.ErrUnsupported] for a platform
// without facts or uploader; then nothing was sent. Where a record is returned
// with an error, the rest is told by the record: [sosyal.ErrInsufficientData]
// for an audience that is too small to be added to, [RefusedError] for a refused
// batch, [sosyal.ErrUnknownOutcome] where it is not known whether a batch
// arrived, [sosyal.ErrConflict] where another export was faster. Calling again
// goes on from where things stand.
func (e *Exporter) Export(ctx context.Context, r Request) (Export, error) {
	if err := r.Validate(); err != nil {
		return Export{}, err
	}
	p, err := e.platform(r.Audience.Platform)
	if err != nil {
		return Export{}, err
	}
	sensitive, err := e.sensitive()
	if err != nil {
		return Export{}, err
	}
	if err := sensitive.Check(r.Attributes, p.facts, e.AllowExceptions && r.Exception != nil); err != nil {
		return Export{}, err
	}
	unlock := e.lock(r.Audience)
	defer unlock()
	x := e.newExport(r, p.facts)
	if found := sensitive.Find(r.Attributes); len(found) > 0 {
		x.Exception = r.Exception
		x.Reasons = append(x.Reasons, exceptionReason(found, *r.Exception))
	}
	return e.run(ctx, p, x, r.Members)
}

// port is what an export works with on one platform.
type port struct {
	facts      PlatformFacts
	normalizer *Normalizer
	uploader   Uploader
}

func (p port) repeatable() bool {
	r, ok := p.uploader.(Repeatable)
	return ok && r.Repeatable()
}

func (e *Exporter) platform(name Platform) (port, error) {
	var missing sosyal.Problems
	missing.Require(e.State != nil, "state", "must be set", "")
	missing.Require(e.Exports != nil, "exports", "must be set", "")
	if err := missing.Err(); err != nil {
		return port{}, err
	}
	uploader, ok := e.Uploaders[name]
	if !ok {
		return port{}, unsupported(name, "uploading")
	}
	all := e.Facts
	if len(all.platforms) == 0 {
		standard, err := StandardFacts()
		if err != nil {
			return port{}, err
		}
		all = standard
	}
	facts, ok := all.Platform(name)
	if !ok {
		return port{}, unsupported(name, "uploading without facts")
	}
	normalizer, err := facts.Normalizer()
	if err != nil {
		return port{}, err
	}
	return port{facts, normalizer, uploader}, nil
}

func (e *Exporter) sensitive() (Sensitive, error) {
	if len(e.Sensitive.names) > 0 {
		return e.Sensitive, nil
	}
	return StandardSensitive()
}

// newExport returns the record of an export that begins now.
func (e *Exporter) newExport(r Request, facts PlatformFacts) Export {
	now := e.now()
	x := Export{
		ID: r.ID, Audience: r.Audience, Segment: r.Segment, Use: r.Use, Why: r.Why,
		By:      sosyal.Actor{ID: r.By.ID, Roles: r.By.Roles, Party: r.By.Party},
		Consent: e.Consent.on(facts), Status: Running, Started: now,
		Reasons: facts.stale(sosyal.DateOf(now, time.UTC)),
	}
	if x.Use == "" {
		x.Use = Target
	}
	return x
}

// lock keeps exports of one audience apart within the process.
func (e *Exporter) lock(a Audience) func() {
	e.mu.Lock()
	if e.locks == nil {
		e.locks = map[Audience]*sync.Mutex{}
	}
	if e.locks[a] == nil {
		e.locks[a] = new(sync.Mutex)
	}
	own := e.locks[a]
	e.mu.Unlock()
	own.Lock()
	return own.Unlock
}

func (e *Exporter) now() time.Time {
	now := time.Now
	if e.Now != nil {
		now = e.Now
	}
	return now().UTC().Truncate(time.Microsecond)
}

func (e *Exporter) logger() *slog.Logger {
	if e.Logger != nil {
		return e.Logger
	}
	return slog.New(slog.DiscardHandler)
}

// renewAfter is the number of days after which a member is sent again, and false
// where members stay.
func (e *Exporter) renewAfter(facts PlatformFacts) (int, bool) {
	limit, known := facts.Limit(MembershipDays)
	days := 30
	if e.RenewDays > 0 {
		days = e.RenewDays
	}
	return max(0, limit.Value-days), known
}

func (e *Exporter) program() sosyal.ActorID {
	if e.Program != "" {
		return e.Program
	}
	return "sosyal"
}

func (e *Exporter) observe(ctx context.Context, x Export, kind string, reason sosyal.Reason, part string) {
	if e.Observe == nil {
		return
	}
	e.Observe(ctx, sosyal.Event{
		ID: kind + "/" + x.ID + "/" + part, Brand: x.Audience.Brand, Kind: kind,
		Subject: sosyal.Subject{Kind: "upload.export", ID: x.ID},
		At:      e.now(), Actor: x.By.ID, Reason: reason,
	})
}
