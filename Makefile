# Each command sets up what it needs and does nothing twice. `make` lists them.
export PATH := $(CURDIR)/target/tools/bin:$(CURDIR)/target/tools/node/bin:$(HOME)/.cargo/bin:$(PATH)

# How many invented accounts and codes `make run` fills an empty Central with, up to 1000000 each.
SAMPLE_ACCOUNTS ?= 1000
SAMPLE_CODES ?= 60

.PHONY: help run test lint fmt bindings prepare-sql screenshots audit advisories bench setup setup-run setup-test setup-bench

help:
	@echo 'make run            Central with sample data, and the desktop application beside it'
	@echo '                    SAMPLE_ACCOUNTS=100000 SAMPLE_CODES=100000 for more, COUNTERFOIL_DATA=folder for another place'
	@echo 'make test           every check and every layer of tests'
	@echo 'make lint           only the checks'
	@echo 'make fmt            format Rust and the screens'
	@echo 'make bindings       write the files generated from the code (TypeScript types, OpenAPI)'
	@echo 'make prepare-sql    write the checked SQL of each crate, after changing a query or a migration'
	@echo 'make screenshots    take the pictures of docs/ from the real window'
	@echo 'make bench          what Counterfoil costs beside what anyone can compare it with (docs/BENCH.md);'
	@echo '                    WRITE=1 keeps the table, ROWS="codes-raw ..." takes only these, SECONDS=10 takes longer turns'
	@echo 'make audit          spelling; licences, sources and banned crates of all dependencies'
	@echo 'make advisories     known faults of all dependencies; fetches the RustSec database from GitHub'

run: setup-run
	@cargo xtask run --accounts $(SAMPLE_ACCOUNTS) --codes $(SAMPLE_CODES)

test: setup-test
	@cargo xtask test

lint: setup-test
	@cargo xtask lint

fmt: setup-run
	@cargo fmt --all
	@cd ui && npm run --silent format

bindings: setup-run
	@cargo xtask bindings

prepare-sql: setup-test
	@cargo xtask prepare-sql

screenshots: setup-test
	@cargo xtask screenshots

# Not part of `make lint`: building the two tools takes minutes, what they look at changes seldom.
audit: setup-run
	@scripts/setup.sh tool typos-cli 1.52.0
	@scripts/setup.sh tool cargo-deny 0.20.2
	@typos
	@cargo deny check bans licenses sources

advisories: setup-run
	@scripts/setup.sh tool cargo-deny 0.20.2
	@cargo deny check advisories

bench: setup-bench
	@cargo build --release --package counterfoil-central --package counterfoil-bench
	@cargo xtask postgres -- "$${CARGO_TARGET_DIR:-target}/release/counterfoil-bench" \
		$(if $(WRITE),--write) $(if $(SECONDS),--seconds $(SECONDS)) $(ROWS)

setup: setup-test

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

setup-bench:
	@scripts/setup.sh bench
