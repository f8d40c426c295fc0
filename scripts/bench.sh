#!/usr/bin/env bash
# Measures what there is to measure; medians and ratios of one run, since absolute times say little elsewhere.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

if grep -q '"backend/bench"' Cargo.toml; then
    say "Server"
    scripts/with-postgres.sh cargo run --quiet --locked --release -p portique-bench
fi
say "First load of the sign-in page (CPU 4 × slower, 1.6 Mb/s, 150 ms)"
cargo build --quiet --locked --release -p portique-server --bin portique
PORTIQUE_BIN=$CARGO_TARGET_DIR/release/portique scripts/with-demo.sh node e2e/bench/first-load.mjs
