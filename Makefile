# make demo   two sample applications, checked; prints where the reports are
# make test   every test
# make lint   formatting, clippy, licences
# make bench  speed, on this machine
# make peers  other readers and ours on FOLDER=, a folder with truth.tsv
#
# Each target sets up what it needs. Only Debian packages and Rust are assumed.

SHELL := /bin/bash
PACKAGES := gcc pkg-config libheif-dev fonts-ocr-b fonts-dejavu-core \
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
DENY := $(CACHE)/bin/cargo-deny
DENY_VERSION := 0.20.2

.PHONY: demo test lint bench peers setup

demo: setup
	cargo build --release --locked -p workers -p fixtures
	rm -rf demo
	$(FIXTURES) applications demo
	@echo
	$(TEKSERU) check --fail-on never --on 2026-01-05 demo/good demo/flawed

test: setup
	cargo test --workspace --locked

lint: setup $(DENY)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	$(DENY) --locked check licenses bans sources

bench: setup
	cargo bench --locked -p benches

peers: setup
	@test -n "$(FOLDER)" || { echo "say which pages: make peers FOLDER=pages"; exit 1; }
	cargo build --release --locked -p benches --bin passport-accuracy
	benches/peers/run.sh $(FOLDER) --ours $(TARGET)/release/passport-accuracy

$(DENY):
	cargo install --locked --root $(CACHE) --version $(DENY_VERSION) cargo-deny

setup:
	@missing=$$(for p in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || printf '%s ' $$p; done); \
	if [ -n "$$missing" ]; then \
	    echo "installing Debian packages: $$missing"; \
	    sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$sudo apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing; \
	fi
	@command -v cargo >/dev/null || { echo "Rust 1.95 or later is missing: see https://rustup.rs"; exit 1; }
