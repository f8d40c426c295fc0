# Sourced by every script: where tools and caches live, and how to say things.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/versions.env
. "$root/scripts/versions.env"

export PORTIQUE_CACHE=${PORTIQUE_CACHE:-$HOME/.cache/portique}
tools=$PORTIQUE_CACHE/tools
npm_tools=$PORTIQUE_CACHE/npm
venv=$PORTIQUE_CACHE/venv
export PATH="$tools/bin:$npm_tools/node_modules/.bin:$HOME/.cargo/bin:$PATH"

# A fresh clone is built anew each time: what the dependencies cost is kept outside it. Incremental files
# would only grow there, since the next clone stands elsewhere.
if [ "${CI:-}" = true ]; then
    export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PORTIQUE_CACHE/target}
    export CARGO_INCREMENTAL=0
    export NEXTEST_PROFILE=ci
fi
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

# The binary that the tests and the demo run; built by `cargo build` or by nextest, both in the dev profile.
export PORTIQUE_BIN=${PORTIQUE_BIN:-$CARGO_TARGET_DIR/debug/portique}

# Sample cards, for the demo and the journeys: kept from run to run.
export PORTIQUE_CARDS=${PORTIQUE_CARDS:-$CARGO_TARGET_DIR/cards}

say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }
die() {
    printf '✗ %s\n' "$*" >&2
    exit 1
}
# Whether version $1 is at least version $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
