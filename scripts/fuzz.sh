#!/usr/bin/env bash
# Gives certificates, bundles, lists and OCSP answers, changed at random, to every reader: fuzz.sh [SECONDS [SEED]]. Says how many; a
# crash ends it and leaves its bytes in fuzz-crash.der.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

seconds=${1:-60}
seed=${2:-1}
case $seconds$seed in *[!0-9]*) die "expected whole numbers: fuzz.sh [SECONDS [SEED]]" ;; esac
# Debug code: an overflow is a crash there, and wraps in release.
cargo build --quiet --locked -p portique-cards --features test-support --example fuzz
say "Fuzzing the readers for $seconds s"
"$CARGO_TARGET_DIR/debug/examples/fuzz" "$seconds" "$seed"
