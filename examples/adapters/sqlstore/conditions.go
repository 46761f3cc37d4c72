package sqlstore

import (
	"encoding/json"
	"time"
)

// conditions collects a WHERE clause and its arguments.
type conditions struct {
	db    *DB
	where string
	args  []any
}

func (c *conditions) add(condition string, args ...any) {
	c.where += " AND " + condition
	c.args = append(c.args, args...)
}

// between asks for an instant in microseconds to lie in a half-open span. What
// is stored is cut to the microsecond and compared as such: it lies before an
// instant that is not whole if it lies at or before its cut.
func (c *conditions) between(column string, from, to time.Time) {
	if !from.IsZero() {
		c.add(column+" >= ?", ceiling(from))
	}
	if !to.IsZero() {
		c.add(column+" < ?", ceiling(to))
	}
}

// anyOf asks for a column to be one of the texts; of none, it asks nothing.
func anyOf[T ~string](c *conditions, column string, texts []T) error {
	if len(texts) == 0 {
		return nil
	}
	list, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	c.add(c.db.in(column), string(list))
	return nil
}

// micros is an instant in microseconds since 1970, cut as time.Time.Truncate
// cuts: towards the past, also before 1970.
func micros(t time.Time) int64 { return t.Truncate(time.Microsecond).UnixMicro() }

// ceiling is an instant in whole microseconds, rounded to the future.
func ceiling(t time.Time) int64 { return micros(t.Add(time.Microsecond - 1)) }
