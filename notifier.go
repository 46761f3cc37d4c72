package sosyal

import "context"

// Notifier is the port to whatever tells people: mail, chat, a ticket system.
// It is fed by a [Relay] and may be called more than once with the same event,
// which [Event.ID] reveals. An error means that the event was not delivered and
// shall be offered again later. It must be safe for concurrent use.
type Notifier interface {
	Notify(ctx context.Context, e Event) error
}

// NotifierFunc is a function as a [Notifier].
type NotifierFunc func(ctx context.Context, e Event) error

// Notify calls the function.
func (f NotifierFunc) Notify(ctx context.Context, e Event) error { return f(ctx, e) }
