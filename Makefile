STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
POSTGRES = go run ./internal/db/dbtest/pgserver -- env PROVOST_TEST_DATABASE=postgres

.PHONY: run demo check lint check-postgres check-long test bench docs

# A portal full of people, to sign in to as any of them: http://127.0.0.1:8080
demo:
	go run ./cmd/provost demo

# An empty portal in provost.db
run:
	go run ./cmd/provost serve

# What a change is checked by: the quick tests on SQLite
check: lint
	go test -short ./...

# Format, vet, staticcheck, and whether the generated documents are up to date
lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	@$(MAKE) --no-print-directory docs
	@git diff --exit-code --stat docs/ || { echo "docs/ was out of date: commit what make docs wrote"; exit 1; }

# The same tests on PostgreSQL, on a server that is started for them
check-postgres:
	$(POSTGRES) go test -short ./internal/... ./cmd/...

# The pages in a real browser, the real learners on both databases, faults
check-long:
	go test -timeout 20m ./...
	$(POSTGRES) go test -p 3 -timeout 20m ./internal/... ./cmd/...

# Everything
test: lint check-long

# Speed, as ratios to floors of the same run; writes docs/performance.md
bench:
	go run ./internal/bench

# Writes what is generated in docs/
docs:
	go run ./cmd/provost docs docs
