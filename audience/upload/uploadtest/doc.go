// Package uploadtest holds implementations of the ports of package upload to
// their contracts.
package uploadtest
