#!/usr/bin/env bash
# Runs every test of the workspace, then prints the ten that took longest. The
# exit status is that of `cargo test`, which gets the arguments too.
#
# The test harness of stable Rust reports times only where RUSTC_BOOTSTRAP is
# set when a test program runs. Cargo therefore runs each program through this
# script: the compiler must not see the variable, or it would build everything
# again.
set -uo pipefail

if [ "${1-}" = --program ]; then
    shift
    case $1 in
        */deps/*) RUSTC_BOOTSTRAP=1 exec "$@" -Zunstable-options --report-time ;;
        *) exec "$@" ;; # a program of a documentation test has no such option
    esac
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
runner="target.\"cfg(all())\".runner = [\"$(realpath "$0")\", \"--program\"]"
cargo test --workspace --locked --no-fail-fast --config "$runner" "$@" | tee "$log"
status=${PIPESTATUS[0]}
echo
echo "Slowest tests:"
sed -nE 's/^test (.*) \.\.\. \S+ <([0-9.]+)s>$/\2 s  \1/p' "$log" | sort -rn | head -n 10
exit "$status"
