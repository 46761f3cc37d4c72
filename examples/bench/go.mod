module github.com/yukselenler/sosyal/examples/bench

go 1.26.0

require (
	github.com/bojanz/currency v1.4.2
	github.com/shopspring/decimal v1.6.0
	github.com/stretchr/testify v1.12.1
	github.com/yukselenler/sosyal v0.0.0
)

require (
	github.com/cockroachdb/apd/v3 v3.2.1 // indirect
	github.com/govalues/decimal v0.1.32 // indirect
	github.com/rickb777/date/v2 v2.1.3 // indirect
	github.com/rickb777/period v1.0.6 // indirect
	github.com/rickb777/plural v1.4.2 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/yukselenler/sosyal => ../../
