# Each command sets up what it needs and does nothing twice. `make` lists them.
export PATH := $(CURDIR)/target/tools/bin:$(CURDIR)/target/tools/node/bin:$(HOME)/.cargo/bin:$(PATH)

# How many invented accounts and codes `make run` fills an empty Central with, up to 1000000 each.
SAMPLE_ACCOUNTS ?= 1000
SAMPLE_CODES ?= 60

# `make sim`: the first seed, how many steps, one engine or both, a file for the history, or only the model; SOAK=1 builds with
# optimisation first, which takes half an hour.
SEED ?= 1
STEPS ?= 10000
ENGINE ?=
HISTORY ?=
MODEL ?=
SOAK ?=

.PHONY: help run test sim mutants cuts lint fmt bindings prepare-sql screenshots fuzz audit advisories bench setup setup-run setup-test setup-bench

help:
	@echo 'make run            Central with sample data, and the desktop application beside it'
	@echo '                    SAMPLE_ACCOUNTS=100000 SAMPLE_CODES=100000 for more, COUNTERFOIL_DATA=folder for another place'
	@echo 'make test           every check and every layer of tests'
	@echo 'make sim            the real client and Central, played from a seed beside the reference model, with faults'
	@echo '                    SEED=1 STEPS=10000 ENGINE=sqlite|postgres HISTORY=file, or MODEL=1 for the rules alone;'
	@echo '                    SOAK=1 for a long run: builds with optimisation first, which takes half an hour'
	@echo 'make lint           only the checks'
	@echo 'make fmt            format Rust and the screens'
	@echo 'make bindings       write the files generated from the code (TypeScript types, OpenAPI)'
	@echo 'make prepare-sql    write the checked SQL of each crate, after changing a query or a migration'
	@echo 'make screenshots    take the pictures of docs/ from the real window and a browser'
	@echo 'make mutants        deliberate faults in the real code: each must be caught by a test'
	@echo 'make cuts           the line cut after every byte, a sale ended at every call, Central killed in a loop'
	@echo 'make fuzz           search for bytes that break a parser, FUZZ_SECONDS=60 for each; FUZZ_TARGET=leases for one only'
	@echo 'make bench          what Counterfoil costs beside what anyone can compare it with (docs/BENCH.md);'
	@echo '                    WRITE=1 keeps the table, ROWS="codes-raw ..." takes only these, SECONDS=10 takes longer turns'
	@echo 'make audit          spelling; licences, sources and banned crates of all dependencies'
	@echo 'make advisories     known faults of all dependencies; fetches the RustSec database from GitHub'

run: setup-run
	@cargo xtask run --accounts $(SAMPLE_ACCOUNTS) --codes $(SAMPLE_CODES)

test: setup-test
	@cargo xtask test

sim: setup-test
ifeq ($(MODEL),)
	@TMPDIR=$$(test -d /dev/shm && echo /dev/shm || echo /tmp) cargo xtask postgres -- cargo run --quiet $(if $(SOAK),--profile soak) -p counterfoil-sim -- --seed $(SEED) --steps $(STEPS) \
		$(if $(ENGINE),--engine $(ENGINE)) $(if $(HISTORY),--history $(HISTORY))
else
	@COUNTERFOIL_SEED=$(SEED) COUNTERFOIL_STEPS=$(STEPS) COUNTERFOIL_THREADS=$$(nproc) cargo test --quiet -p counterfoil-domain --release \
		--test offline agree -- --nocapture
endif

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

mutants: setup-test
	@cargo xtask mutants

cuts: setup-test
	@cargo xtask cuts

FUZZ_SECONDS ?= 60

# `make test` runs the same targets over the corpus and some mutations of it.
fuzz: setup-run
	@scripts/setup.sh tool cargo-fuzz 0.13.2
	@cargo xtask fuzz --target '$(FUZZ_TARGET)' --seconds $(FUZZ_SECONDS)

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
	@cargo xtask bench $(if $(WRITE),--write) $(if $(SECONDS),--seconds $(SECONDS)) $(ROWS)

setup: setup-test

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

setup-bench:
	@scripts/setup.sh bench
