#!/usr/bin/env bash
# Measures what there is to measure; medians and ratios of one run, since absolute times say little elsewhere.
# docs/benchmarks.md says what each figure is.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

release=$CARGO_TARGET_DIR/release
cargo build --quiet --locked --release -p portique-server --bin portique
cargo build --quiet --locked --release -p portique-provisioning --example generate
# By itself: beside others, features that only tests use would end up in the program above.
cargo build --quiet --locked --release -p portique-bench

say "Server"
scripts/with-postgres.sh "$release/portique-bench" all \
    --portique "$release/portique" --generate "$release/examples/generate"
say "First load of the sign-in page (CPU 4 × slower, 1.6 Mb/s, 150 ms)"
PORTIQUE_BIN=$release/portique scripts/with-demo.sh node e2e/bench/first-load.mjs
say "«Je ne suis pas un robot» in the page"
PORTIQUE_BIN=$release/portique scripts/with-demo.sh node e2e/bench/proof.mjs
