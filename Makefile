# Each command sets up what it needs and does nothing twice. `make` lists them.
export PATH := $(CURDIR)/target/tools/bin:$(CURDIR)/target/tools/node/bin:$(HOME)/.cargo/bin:$(PATH)

# How many invented accounts `make run` fills Central with, up to 1000000.
SAMPLE_ACCOUNTS ?= 1000

.PHONY: help run test lint fmt bindings prepare-sql screenshots audit setup setup-run setup-test

help:
	@echo 'make run            Central with sample data, and the desktop application beside it'
	@echo '                    SAMPLE_ACCOUNTS=100000 for more, COUNTERFOIL_DATA=folder for another place'
	@echo 'make test           every check and every layer of tests'
	@echo 'make lint           only the checks'
	@echo 'make fmt            format Rust and the screens'
	@echo 'make bindings       write the files generated from the code (TypeScript types, OpenAPI)'
	@echo 'make prepare-sql    write the checked SQL of each crate, after changing a query or a migration'
	@echo 'make screenshots    take the pictures of docs/ from the real window'
	@echo 'make audit          spelling; licences and advisories of all dependencies'

run: setup-run
	@cargo xtask run --accounts $(SAMPLE_ACCOUNTS)

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

audit: setup-run
	@cargo deny --version >/dev/null 2>&1 || cargo install --quiet --locked --root target/tools --version 0.20.2 cargo-deny
	@typos --version >/dev/null 2>&1 || cargo install --quiet --locked --root target/tools --version 1.52.0 typos-cli
	@typos
	@cargo deny check

setup: setup-test

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test
