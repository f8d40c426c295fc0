#!/usr/bin/env bash
# Writes fictitious authorities and sample cards for the demo: cards.sh [FOLDER]. Quick where the keys are there already.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

into=${1:-$PORTIQUE_CARDS}
cargo build --quiet --locked -p portique-test-authority
"$CARGO_TARGET_DIR/debug/portique-test-authority" make --into "$into"
say "Sample cards are in $into: README.md says how to import them"
