#!/usr/bin/env bash
# Everything that can be said of the code without running it. check.sh; no argument.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

say "Repository"
scripts/check-repository.sh
say "Format"
cargo fmt --all --check
say "Dependencies: licences, bans, sources"
cargo deny --log-level error check --hide-inclusion-graph bans licenses sources
say "Browser tests: types"
(cd e2e && npx tsc --noEmit)
say "Lints, native"
cargo clippy --quiet --locked --workspace --all-targets --all-features -- -D warnings
say "Lints, WebAssembly"
cargo clippy --quiet --locked -p portique-frontend --target wasm32-unknown-unknown -- -D warnings
