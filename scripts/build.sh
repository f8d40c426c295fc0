#!/usr/bin/env bash
# Builds the binary that an operator installs.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

say "Building portique for release (the first time a quarter of an hour on two cores)"
cargo build --locked --release -p portique-server --bin portique
ls -lh "$CARGO_TARGET_DIR/release/portique" | awk '{ print $9 ": " $5 }'
