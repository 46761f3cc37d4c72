package loop

// WithStop returns options whose run asks stop before each effect.
func (o Options) WithStop(stop func(step string) error) Options {
	o.stop = stop
	return o
}
