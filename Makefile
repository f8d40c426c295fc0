# All that a person types. What each does is in scripts/; what each needs is installed on the way.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Each step uses every core already.
.NOTPARALLEL:

PORT ?= 8080
CARDS_PORT ?= 8443
INTO ?=
SECONDS ?= 60

.PHONY: help run test check bench fmt setup client build rust-tests api-tests e2e-tests cards fuzz advisories clean

help: ## List these
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: client ## Build everything and serve the demo (PORT=8080 CARDS_PORT=8443)
	@scripts/run.sh $(PORT) $(CARDS_PORT)

test: setup check client ## Install what is missing and run every check and test
	@scripts/test.sh

check: setup ## Format, lints, dependencies, repository: no test is run
	@scripts/check.sh

bench: setup client ## Measure, and print medians and ratios
	@scripts/bench.sh

fmt: ## Format the Rust code
	@cargo fmt --all

setup: ## Install the tools that tests need
	@scripts/setup.sh test

setup-build:
	@scripts/setup.sh build

client: setup-build ## Build the client into dist/
	@scripts/client.sh

build: client ## Build the portique binary for release
	@scripts/build.sh

rust-tests: setup client ## Only the Rust tests, on both databases
	@scripts/test.sh rust

api-tests: setup client ## Only schemathesis over the API
	@scripts/test.sh api

e2e-tests: setup client ## Only the journeys in a browser
	@scripts/test.sh e2e

cards: setup-build ## Write an authority's sample cards to import, into target/cards (INTO=FOLDER)
	@scripts/cards.sh $(INTO)

fuzz: setup-build ## Give changed certificates, lists and answers to every reader for a while (SECONDS=60)
	@scripts/fuzz.sh $(SECONDS)

advisories: setup ## Look the dependencies up in the advisory database (network)
	@. scripts/environment.sh && cargo deny check advisories

clean: ## Remove what was built (tools and caches outside the checkout stay)
	@rm -rf dist target e2e/test-results
