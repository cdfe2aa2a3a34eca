# make demo   two sample applications, checked; prints where the reports are
# make up     broker, database, store, a worker and maintenance on loopback; submits the samples
# make down   stops them; nothing of them stays
# make test   every test; prints the ten that took longest
# make test-garage  the tests of the store and of the whole cluster, on Garage
# make test-upgrade BASE=COMMIT  an earlier build and this one, side by side on one cluster
# make lint   formatting, clippy, licences
# make bench  speed, on this machine
# make million  fills a registry with APPLICATIONS= (a million), times what is done with it
# make contract  writes the schemas and examples of pipeline/contract from this build
# make docs   make contract, and the picture of the report in the README
# make peers  other readers and ours on FOLDER=, a folder with truth.tsv
#
# Each target sets up what it needs. Only Debian packages and Rust are assumed.

SHELL := /bin/bash
PACKAGES := gcc pkg-config libheif-dev libjpeg-dev libtiff-dev fonts-ocr-b fonts-dejavu-core \
    tesseract-ocr tesseract-ocr-eng tesseract-ocr-rus tesseract-ocr-kaz \
    rabbitmq-server postgresql
CACHE := $(HOME)/.cache/tekseru

# a clean checkout on a build machine need not build every dependency again
ifdef CI
export CARGO_TARGET_DIR := $(CACHE)/target
endif
TARGET := $(or $(CARGO_TARGET_DIR),target)
TEKSERU := $(TARGET)/release/tekseru
FIXTURES := $(TARGET)/release/fixtures
LOCAL := $(TARGET)/local
DENY := $(CACHE)/bin/cargo-deny
DENY_VERSION := 0.20.2
EARLIER := $(CACHE)/earlier
GARAGE := $(CACHE)/bin/garage
GARAGE_VERSION := 2.5.0

# Cargo unites the features of the packages it is asked for. Every target asks for
# the whole workspace and then for single programs, so that nothing is built twice.
BUILD := cargo build --release --locked --workspace

.PHONY: demo up down test test-garage test-upgrade lint bench million contract docs peers setup chromium

demo: setup
	$(BUILD) --bin tekseru --bin fixtures
	rm -rf demo
	$(FIXTURES) applications demo
	@echo
	$(TEKSERU) check --fail-on never --on 2026-01-05 demo/good demo/flawed

up: setup down
	$(BUILD) --bin tekseru --bin fixtures --bin local-cluster
	rm -rf demo $(LOCAL)
	$(FIXTURES) applications demo
	mkdir -p $(LOCAL)
	@TEKSERU_BINARY=$(abspath $(TEKSERU)) setsid $(TARGET)/release/local-cluster $(LOCAL) \
	    > $(LOCAL)/log 2>&1 < /dev/null & echo $$! > $(LOCAL)/pid
	@for i in $$(seq 600); do \
	    [ ! -e $(LOCAL)/ready ] || break; \
	    kill -0 $$(cat $(LOCAL)/pid) 2>/dev/null || { cat $(LOCAL)/log; exit 1; }; \
	    sleep 0.2; \
	done; [ -e $(LOCAL)/ready ] || { cat $(LOCAL)/log; exit 1; }
	@echo
	. $(LOCAL)/portal.env; $(TEKSERU) submit --wait demo/good demo/flawed
	@echo
	. $(LOCAL)/operator.env; $(TEKSERU) status
	@echo
	@echo "The cluster is running. To save a report and open it in a browser:"
	@echo "  . $(LOCAL)/operator.env; $(TEKSERU) verdict GOOD-1 --report GOOD-1.html"
	@echo "With the same settings: $(TEKSERU) status, $(TEKSERU) dead list."
	@echo "To submit: . $(LOCAL)/portal.env; $(TEKSERU) submit --wait FOLDER. To stop: make down."

down:
	@if [ -e $(LOCAL)/pid ]; then \
	    pid=$$(cat $(LOCAL)/pid); kill $$pid 2>/dev/null || true; \
	    for i in $$(seq 300); do kill -0 $$pid 2>/dev/null || break; sleep 0.1; done; \
	    rm -rf $(LOCAL); echo stopped; \
	fi

test: setup
	tests/run.sh

# Garage injects no faults and shows no requests: what needs either is one module
test-garage: setup $(GARAGE)
	TEKSERU_TEST_GARAGE=$(GARAGE) cargo test --workspace --locked --bin tekseru -- \
	    --ignored objects::tests::behaviour::named
	TEKSERU_TEST_GARAGE=$(GARAGE) cargo test --workspace --locked --test cluster -- \
	    --skip in_process_store::

# both are built in one folder, which therefore has every dependency once
test-upgrade: setup
	@test -n "$(BASE)" || { echo "say which commit is upgraded: make test-upgrade BASE=COMMIT"; exit 1; }
	rm -rf $(EARLIER)
	git worktree prune
	git worktree add --detach $(EARLIER)/source $(BASE)
	cd $(EARLIER)/source && CARGO_TARGET_DIR=$(abspath $(TARGET)) \
	    cargo build --locked --workspace --bin tekseru
	cp $(TARGET)/debug/tekseru $(EARLIER)/tekseru
	git worktree remove --force $(EARLIER)/source
	TEKSERU_EARLIER_BINARY=$(EARLIER)/tekseru cargo test --workspace --locked --test upgrade -- \
	    --ignored --nocapture

lint: setup $(DENY)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	$(DENY) --locked check licenses bans sources

bench: setup
	cargo bench --locked --workspace --bench stages

# not part of `make test`: a million take some 16 GB and twenty minutes
million: setup
	$(BUILD) --bin tekseru --bin million
	TEKSERU_BINARY=$(abspath $(TEKSERU)) $(TARGET)/release/million \
	    --applications $(or $(APPLICATIONS),1000000)

# the same tests compare these files with the build when UPDATE_CONTRACT is not set
contract: setup
	UPDATE_CONTRACT=1 cargo test --locked --workspace --lib up_to_date
	UPDATE_CONTRACT=1 cargo test --locked --workspace --test contract

# the picture is not compared: fonts and browsers differ
docs: contract chromium
	$(BUILD) --bin tekseru --bin fixtures
	rm -rf demo
	$(FIXTURES) applications demo
	$(TEKSERU) check --fail-on never --on 2026-01-05 demo/flawed
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1040,1720 \
	    --screenshot=$(abspath docs/report.png) file://$(abspath demo/flawed/verdict/report.html)

peers: setup
	@test -n "$(FOLDER)" || { echo "say which pages: make peers FOLDER=pages"; exit 1; }
	$(BUILD) --bin passport-accuracy
	benches/peers/run.sh $(FOLDER) --ours $(TARGET)/release/passport-accuracy

$(DENY):
	cargo install --locked --root $(CACHE) --version $(DENY_VERSION) cargo-deny

# run by tests, linked to nothing; without debug information it is built in half the space
$(GARAGE):
	CARGO_TARGET_DIR=$(CACHE)/garage CARGO_PROFILE_DEV_DEBUG=0 \
	    cargo install --locked --debug --root $(CACHE) --version $(GARAGE_VERSION) garage
	rm -rf $(CACHE)/garage

chromium: PACKAGES := chromium

setup chromium:
	@missing=$$(for p in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || printf '%s ' $$p; done); \
	if [ -n "$$missing" ]; then \
	    echo "installing Debian packages: $$missing"; \
	    sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$sudo apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing; \
	fi
	@command -v cargo >/dev/null || { echo "Rust 1.95 or later is missing: see https://rustup.rs"; exit 1; }
