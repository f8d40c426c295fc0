#!/usr/bin/env bash
# Builds the client into dist/, unless dist/ was built from these very files.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

# Trunk would compile nothing anew, but it optimises the whole WebAssembly each time.
inputs=$(git ls-files -co --exclude-standard -- Cargo.toml Cargo.lock Trunk.toml index.html rust-toolchain.toml \
    scripts/versions.env scripts/client.sh frontend shared style public |
    while read -r file; do [ ! -f "$file" ] || sha256sum "$file"; done | sha256sum)
# Not in dist/, whose every file the server takes in.
stamp=target/client-inputs
[ -f dist/index.html ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$inputs" ] && exit 0

say "Building the client (the first time some minutes, in silence)"
# CI and NO_COLOR are read by trunk as options of its own, with other words than the usual ones.
CARGO_TERM_QUIET=true env -u NO_COLOR -u CI trunk --log warn build --offline --locked
mkdir -p target
echo "$inputs" >"$stamp"
